//! What is told in answer to a question, and what is denied.

use std::ops::Range;

use cases::format::{Case, Disclosure, Fact};
use knowledge_graph::{Facet, Language, Section, TopicId, TopicKind};

use super::{Decision, Denial, Heard, Length, MOST_FACTS_A_PART, Policy, Telling, unfamiliar_word};
use crate::{
    encounter::{
        check::quantities,
        knowledge::Knowledge,
        question::{Form, is_about_normality, is_told},
        state::{State, TRUST_TO_CONFIDE},
    },
    understanding::{MatchMethod, TopicHit},
};

/// Stands for every treatment in [`NEAR_TOPICS`].
const ANY_TREATMENT: &str = "treatment";
/// What answers a question about something on which the case has nothing.
const NEAR_TOPICS: [(&str, &str); 17] = [
    (ANY_TREATMENT, "course:previous-treatment"),
    (ANY_TREATMENT, "history:current-drugs"),
    ("finding:urinary-frequency", "finding:polyuria"),
    ("finding:polyuria", "finding:urinary-frequency"),
    ("finding:dizziness", "finding:vertigo"),
    ("finding:fatigue", "history:energy"),
    ("history:energy", "finding:fatigue"),
    ("history:family-similar-illness", "history:family-history"),
    ("course:self-medication", "course:previous-treatment"),
    ("course:treatment-effect", "course:previous-treatment"),
    ("course:previous-diagnosis", "course:previous-consultation"),
    ("identity:occupation", "history:occupation"),
    ("identity:marital-status", "history:living-situation"),
    ("history:daily-function", "finding:exertional-dyspnoea"),
    ("history:daily-function", "perspective:impact"),
    ("perspective:coping", "perspective:impact"),
    ("perspective:impact-daily-life", "perspective:impact"),
];

/// Answers what was asked in words this patient knows, and asks back about the first word they
/// do not know.
pub(super) fn answer_known_words(
    case: &Case,
    knowledge: &Knowledge<'_>,
    state: &State,
    asked: &[&TopicHit],
    heard: &Heard<'_>,
) -> Decision {
    let Some(word) = unfamiliar_word(case, heard.said) else { return answer(knowledge, state, asked, heard) };
    let is_in_word = |hit: &&&TopicHit| {
        heard.said.jargon.iter().any(|word| {
            heard
                .text
                .match_indices(word.as_str())
                .any(|(at, word)| at < hit.quote.end && hit.quote.start < at + word.len())
        })
    };
    let plain: Vec<&TopicHit> = asked.iter().filter(|hit| !is_in_word(hit)).copied().collect();
    if plain.is_empty() {
        return Decision { jargon: Some(word), ..Decision::new(Policy::AskMeaning, state) };
    }
    let explained = asked.iter().filter(is_in_word).all(|hit| plain.iter().any(|other| other.topic == hit.topic));
    let jargon = if explained { None } else { Some(word) };
    Decision { jargon, ..answer(knowledge, state, &plain, heard) }
}

/// Tells what was asked for and nothing else; denies what the case does not have.
pub(super) fn answer(knowledge: &Knowledge<'_>, state: &State, asked: &[&TopicHit], heard: &Heard<'_>) -> Decision {
    let mut decision = Decision::new(Policy::Answer, state);
    let mut held_back = false;
    let (mut guesses, mut absent_by) = (Vec::new(), Vec::new());
    for hit in asked {
        if is_covered(knowledge, asked, hit, heard) {
            continue;
        }
        let found = found_for(knowledge, state, hit, heard);
        let (open, closed): (Vec<&Fact>, Vec<&Fact>) = found
            .into_iter()
            .partition(|fact| fact.disclosure != Disclosure::NeedsTrust || state.trust >= TRUST_TO_CONFIDE);
        held_back |= open.is_empty() && !closed.is_empty();
        let form = heard.form_of(hit);
        if open.is_empty() && closed.is_empty() {
            if hit.method == MatchMethod::Embedding && form == Form::Open {
                continue; // Near in meaning only: "what is it like?" is better asked back.
            }
            if absent_by.iter().any(|quote: &Range<usize>| quote.start < hit.quote.end && hit.quote.start < quote.end) {
                continue;
            }
            absent_by.push(hit.quote.clone());
            let list = if can_be_denied(knowledge, hit) { &mut decision.absent } else { &mut decision.unknown };
            list.push(hit.topic.clone());
            if form != Form::Open && is_about_normality(heard.clause_of(hit), heard.language) {
                decision.denial = Denial::Normal;
            } else if form != Form::Closed && decision.denial == Denial::Bare && hit.method != MatchMethod::Embedding {
                decision.denial = Denial::Named;
            }
            if hit.method == MatchMethod::Embedding {
                guesses.push(hit.topic.clone());
            }
        }
        for fact in open.into_iter().take(MOST_FACTS_A_PART) {
            if !decision.tellings.iter().any(|told| told.fact.topic == fact.topic || told.fact.id == fact.id) {
                decision.tellings.push(telling(fact, knowledge.section(&fact.topic), state, hit, heard));
            }
        }
    }
    // "Yes, a bit" says nothing of which of several things was meant, nor "twenty a day" for how long.
    let parts = |told: &Telling| asked.iter().filter(|hit| hit.topic.node() == told.fact.topic.node()).count();
    if decision.tellings.len() + decision.absent.len() > 1 || decision.tellings.iter().any(|told| parts(told) > 1) {
        decision.tellings.iter_mut().for_each(|telling| telling.length = Length::Full);
    }
    // A denial by name is for what was named.
    if !decision.tellings.is_empty() {
        decision.absent.retain(|topic| !guesses.contains(topic));
    }
    // What is told to the patient in passing is no question to say "no" to.
    if decision.tellings.is_empty() && !held_back && is_told(heard.text, heard.language) {
        return Decision::new(Policy::React, state);
    }
    // A part the patient cannot speak to is passed over when the rest of the question is answered.
    if !decision.tellings.is_empty() {
        decision.unknown.clear();
    }
    if held_back && decision.tellings.is_empty() {
        decision.policy = Policy::Guarded;
    } else if decision.tellings.is_empty() && decision.absent.is_empty() && decision.unknown.is_empty() {
        decision.policy = Policy::NotUnderstood;
    }
    decision
}

/// Who has no rash cannot say where it is: that is a "no", not a "don't know". Nobody says "no" to
/// who they are or what they fear.
fn can_be_denied(knowledge: &Knowledge<'_>, hit: &TopicHit) -> bool {
    let has_it = hit.topic.facet().is_some() && knowledge.has(&hit.topic);
    !has_it && !matches!(hit.topic.kind(), TopicKind::Perspective | TopicKind::Identity)
}

/// The facts for one part of the question.
fn found_for<'k>(knowledge: &'k Knowledge<'_>, state: &State, hit: &TopicHit, heard: &Heard<'_>) -> Vec<&'k Fact> {
    // What was said of the whole does not answer a question about a part of it twice.
    let said_before = |fact: &&Fact| {
        hit.topic.facet().is_some()
            && fact.topic.facet().is_none()
            && fact.topic.kind() == TopicKind::Finding
            && fact.present
            && state.told.contains(&fact.id)
            && !speaks_of(fact, hit.topic.facet())
    };
    let direct: Vec<&Fact> = knowledge.answering(&hit.topic).into_iter().filter(|fact| !said_before(fact)).collect();
    if direct.is_empty() && !knowledge.has(&hit.topic) {
        // "Have you tried antacids?" is answered by what was tried.
        let asked = match hit.topic.kind() {
            TopicKind::Treatment => ANY_TREATMENT.to_owned(),
            _ => hit.topic.node().to_string(),
        };
        let near = NEAR_TOPICS.iter().filter(|(of, _)| *of == asked);
        let mut found = near.filter_map(|(_, near)| near.parse().ok()).map(|near: TopicId| knowledge.answering(&near));
        if let Some(near) = found.find(|facts| !facts.is_empty()) {
            return near;
        }
    }
    // "Is it sudden weakness, or did it come slowly?" asks of what brought them, whatever it is called.
    let of_it = hit.method == MatchMethod::Context
        || direct.is_empty() && !knowledge.has(&hit.topic) && heard.offers_a_choice(hit);
    let (Some(facet), true) = (hit.topic.facet(), of_it) else { return direct };
    if hit.topic.kind() != TopicKind::Finding || !knowledge.answering_same_facet(&hit.topic).is_empty() {
        return direct;
    }
    // "What makes it worse?" after a word on the cough is still asked of what brought them here.
    let others = state.context.focus.iter().filter(|topic| topic.kind() == TopicKind::Finding);
    let others = others.map(|topic| knowledge.answering_same_facet(&topic.node().with_facet(facet)));
    others.into_iter().find(|found| !found.is_empty()).unwrap_or(direct)
}

/// Whether the sentence on the whole says when, how long or how much as well: "Yes, since Friday."
fn speaks_of(fact: &Fact, facet: Option<Facet>) -> bool {
    const TIMES_EN: [&str; 14] = [
        "since",
        "ago",
        "yesterday",
        "last",
        "morning",
        "night",
        "today",
        "week",
        "month",
        "year",
        "day",
        "hour",
        "minute",
        "after",
    ];
    const TIMES_ZH: [&str; 12] = ["昨", "今", "前", "起", "天", "周", "月", "年", "点", "小时", "礼拜", "分钟"];
    let (en, zh) = (fact.tells.en.to_lowercase(), &fact.tells.zh);
    match facet {
        Some(Facet::Onset | Facet::Duration) => {
            TIMES_EN.iter().any(|time| en.contains(time)) || TIMES_ZH.iter().any(|time| zh.contains(time))
        }
        Some(Facet::Amount | Facet::Severity | Facet::Frequency) => !quantities(&en, Language::En).is_empty(),
        _ => false,
    }
}

/// How `fact` answers `hit`: a few words to a closed question it was written for; in full when the
/// few words have been given already. A denial is always whole: "No" alone to "is your weight
/// steady?" would say the opposite of what the fact says.
fn telling(fact: &Fact, section: Option<Section>, state: &State, hit: &TopicHit, heard: &Heard<'_>) -> Telling {
    let exact = fact.topic == hit.topic || fact.also.contains(&hit.topic);
    let known = state.told.contains(&fact.id);
    let cut_short = state.told_briefly.contains(&fact.id);
    // Nor does 对，胸口 answer 您没有胸痛吧: to a question that denies, "yes" says two things.
    let closed = heard.form_of(hit) == Form::Closed
        && !heard.denies(hit)
        && !is_about_normality(heard.clause_of(hit), heard.language);
    // Nobody asked for a list gives a summary; and how somebody sleeps or eats is asked in so many
    // ways that "not at all" answers few of them.
    let listed =
        matches!(fact.topic.name(), "current-drugs" | "past-conditions") || section == Some(Section::GeneralCondition);
    let named = hit.method != MatchMethod::Embedding && fact.topic.kind() != TopicKind::Perspective && !listed;
    let may_be_short = fact.topic == hit.topic && closed && named && fact.present && !cut_short;
    let length = if may_be_short { Length::Brief } else { Length::Full };
    Telling { fact: fact.clone(), length, again: known && !cut_short, exact }
}

/// Whether another part of the question speaks of the same thing and has the better fact for it; a
/// risk, an illness or a treatment named in passing ("the tablets for malaria") is covered by
/// whatever else in its clause is known.
fn is_covered(knowledge: &Knowledge<'_>, asked: &[&TopicHit], hit: &TopicHit, heard: &Heard<'_>) -> bool {
    let same_words = |other: &TopicHit| other.quote.start < hit.quote.end && hit.quote.start < other.quote.end;
    let same_clause = |other: &TopicHit| heard.clause_of(other) == heard.clause_of(hit);
    let in_passing = matches!(hit.topic.kind(), TopicKind::RiskFactor | TopicKind::Disease | TopicKind::Treatment);
    let unknown = knowledge.answering(&hit.topic).is_empty();
    knowledge.exactly(&hit.topic).is_empty()
        && asked.iter().any(|other| {
            let exact = !knowledge.exactly(&other.topic).is_empty();
            let known = exact || unknown && !knowledge.answering(&other.topic).is_empty();
            other.topic != hit.topic
                && ((other.topic.node() == hit.topic.node() || same_words(other)) && known
                    || in_passing && exact && same_clause(other))
        })
}
