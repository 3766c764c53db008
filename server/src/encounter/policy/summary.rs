//! A summary offered for confirmation: right, or to be corrected.

use cases::format::{Disclosure, Fact};
use knowledge_graph::{Language, TopicKind};

use super::{Decision, Denial, Heard, Policy};
use crate::{
    encounter::{
        check::quantities,
        knowledge::Knowledge,
        state::{State, TRUST_TO_CONFIDE},
    },
    understanding::TopicHit,
};

/// Confirms what is right; corrects what the facts contradict.
pub(super) fn confirm(knowledge: &Knowledge<'_>, state: &State, asked: &[&TopicHit], heard: &Heard<'_>) -> Decision {
    let mut decision = Decision::new(Policy::Correct, state);
    let mut held_back = !asked.is_empty();
    for hit in asked {
        let open = |fact: &&Fact| fact.disclosure != Disclosure::NeedsTrust || state.trust >= TRUST_TO_CONFIDE;
        let (facts, closed): (Vec<&Fact>, Vec<&Fact>) = knowledge.answering(&hit.topic).into_iter().partition(open);
        held_back &= closed.iter().any(|fact| !state.told.contains(&fact.id));
        let about_it = hit.topic.facet().is_none()
            && matches!(hit.topic.kind(), TopicKind::Finding | TopicKind::History | TopicKind::RiskFactor);
        let denied = heard.denies(hit);
        let wrong_way = about_it && !facts.is_empty() && facts.iter().all(|fact| fact.present == denied);
        let wrong_number =
            facts.iter().find(|fact| numbers_differ(knowledge, fact, heard.clause_of(hit), heard.language));
        match (facts.first(), wrong_number) {
            (_, Some(fact)) => decision.correct_with(fact),
            (Some(fact), None) if wrong_way => {
                decision.denial = if denied { Denial::Affirmed } else { decision.denial };
                decision.correct_with(fact);
            }
            (None, _) if about_it && !denied && hit.topic.kind() == TopicKind::Finding => {
                decision.absent.push(hit.topic.clone());
            }
            _ => {}
        }
    }
    if !decision.tellings.is_empty() {
        decision.absent.clear();
    } else if decision.absent.is_empty() {
        // Nobody says "yes, exactly" to what they are not telling the whole of.
        decision.policy = if held_back { Policy::Guarded } else { Policy::Confirm };
        // "Yes" to "you haven't any pain, have you?" would say that there is.
        if !asked.is_empty() && asked.iter().all(|hit| heard.denies(hit)) {
            decision.denial = Denial::Agreed;
        }
    }
    decision
}

/// Whether `clause` has a number that nothing known of the same thing has, where `fact` has another.
fn numbers_differ(knowledge: &Knowledge<'_>, fact: &Fact, clause: &str, language: Language) -> bool {
    let said = quantities(clause, language);
    if said.is_empty() || quantities(fact.tells.get(language), language).is_empty() {
        return false;
    }
    let same_thing = knowledge.facts().iter().filter(|known| known.topic.node() == fact.topic.node());
    let known: Vec<String> = same_thing.flat_map(|fact| quantities(fact.tells.get(language), language)).collect();
    said.iter().any(|number| !known.contains(number))
}
