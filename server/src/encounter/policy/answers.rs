//! What is told in answer to a question, and what is denied.

use std::ops::Range;

use cases::format::{Case, Fact};
use knowledge_graph::{Facet, Section, TopicKind};

use super::{
    Decision, Denial, Heard, Lead, Length, MOST_FACTS_A_PART, Policy, Telling, finding_facts::found_for,
    hard_words::unfamiliar_words, is_open,
};
use crate::{
    encounter::{
        knowledge::Knowledge,
        question::{Form, is_about_normality, is_told},
        state::State,
    },
    understanding::{MatchMethod, TopicHit},
};

/// Facts told in answer to a part that asks for all there are ("what tablets?").
const MOST_OF_A_LIST: usize = 6;

/// Answers what was asked in words this patient knows, and asks back about the first word they
/// do not know.
pub(super) fn answer_known_words(
    case: &Case,
    knowledge: &Knowledge<'_>,
    state: &State,
    asked: &[&TopicHit],
    heard: &Heard<'_>,
) -> Decision {
    let words = unfamiliar_words(case, state, heard);
    let Some(word) = words.first().cloned() else { return answer(knowledge, state, asked, heard) };
    let is_in_word = |hit: &&&TopicHit| {
        words.iter().any(|word| {
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
    let (mut guesses, mut absent_by, mut carried) = (Vec::new(), Vec::new(), Vec::new());
    for hit in asked {
        if is_covered(knowledge, asked, hit, heard) || is_named_again(knowledge, state, asked, hit) {
            continue;
        }
        // What is only carried over from before is one thing, however many it could be.
        if carried.contains(&hit.quote) && hit.topic.facet().is_none() {
            continue;
        }
        let mut found = found_for(knowledge, state, hit, heard);
        if found.is_empty() {
            found = qualified(knowledge, state, hit, &mut decision);
        }
        let (open, closed): (Vec<&Fact>, Vec<&Fact>) = found.into_iter().partition(|fact| is_open(fact, state));
        held_back |= open.is_empty() && !closed.is_empty();
        if hit.method == MatchMethod::Context && !open.is_empty() {
            carried.push(hit.quote.clone());
        }
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
            // "You look worn out. Who helps you at home?" asks nothing of the tiredness.
            if hit.method == MatchMethod::Embedding || form == Form::Statement {
                guesses.push(hit.topic.clone());
            }
        }
        for fact in open.into_iter().take(most_facts(knowledge, hit)) {
            if !decision.tellings.iter().any(|told| told.fact.id == fact.id) {
                decision.lead = decision.lead.or_else(|| of_relatives(hit, fact).filter(|_| form != Form::Open));
                decision.tellings.push(telling(fact, knowledge.section(&fact.topic), state, hit, heard));
            }
        }
    }
    // "Yes, a bit" says nothing of which of several things was meant, nor "twenty a day" for how long.
    let parts = |told: &Telling| asked.iter().filter(|hit| hit.topic.node() == told.fact.topic.node()).count();
    if decision.tellings.len() + decision.absent.len() > 1 || decision.tellings.iter().any(|told| parts(told) > 1) {
        decision.tellings.iter_mut().for_each(|telling| telling.length = Length::Full);
    }
    // "Not that I know of" is the answer to one question only.
    if decision.tellings.len() + decision.absent.len() > 1 {
        decision.lead = None;
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

/// Facts told in answer to `hit`: all there are to one that asks for a list.
fn most_facts(knowledge: &Knowledge<'_>, hit: &TopicHit) -> usize {
    let lists = matches!(
        knowledge.section(&hit.topic),
        Some(Section::PastHistory | Section::Drugs | Section::Allergies | Section::FamilyHistory)
    );
    if lists && hit.topic.facet().is_none() { MOST_OF_A_LIST } else { MOST_FACTS_A_PART }
}

/// "Your legs are swollen: how far up?" names the swelling again only to ask something of it.
fn is_named_again(knowledge: &Knowledge<'_>, state: &State, asked: &[&TopicHit], hit: &TopicHit) -> bool {
    let facts = knowledge.answering(&hit.topic);
    let told = |fact: &&Fact| fact.present && state.told.contains(&fact.id);
    // Why they came stands on the door; what is carried over, or a way of life, is asked for its part.
    let in_passing =
        hit.method == MatchMethod::Context || hit.topic.kind() == TopicKind::History || state.is_complaint(&hit.topic);
    let known = !facts.is_empty() && (in_passing || facts.iter().all(told));
    let asks_of_it = |other: &&&TopicHit| {
        other.topic.facet().is_some()
            && other.topic.node() == hit.topic.node()
            && !knowledge.answering_same_facet(&other.topic).is_empty()
    };
    hit.topic.facet().is_none() && known && asked.iter().any(|other| asks_of_it(&other))
}

/// What is broader than what was asked and has not been told: nobody who sweats at night says that
/// they do not sweat.
fn qualified<'k>(
    knowledge: &'k Knowledge<'_>,
    state: &State,
    hit: &TopicHit,
    decision: &mut Decision,
) -> Vec<&'k Fact> {
    if hit.topic.kind() != TopicKind::Finding || hit.method != MatchMethod::Lexicon || knowledge.has(&hit.topic) {
        return Vec::new();
    }
    let untold = |fact: &&Fact| !state.told.contains(&fact.id) && is_open(fact, state);
    let broader: Vec<&Fact> = knowledge.broader(&hit.topic).into_iter().filter(untold).take(1).collect();
    if !broader.is_empty() {
        decision.lead = Some(Lead::NotExactly);
    }
    broader
}

/// Asked of one illness in the family, a fact of the family in general answers with yes or no first.
fn of_relatives(hit: &TopicHit, fact: &Fact) -> Option<Lead> {
    /// Words for an illness that names of relatives' topics do not have.
    const ALSO: [(&str, &[&str]); 6] = [
        ("heart", &["heart", "coronary", "angina", "stent", "bypass", "心"]),
        ("cancer", &["cancer", "tumour", "growth", "leuk", "癌", "瘤"]),
        ("diabetes", &["diabet", "sugar", "糖"]),
        ("stroke", &["stroke", "脑", "中风"]),
        ("hypertension", &["pressure", "hypertens", "血压"]),
        ("death", &["dead", "died", "death", "没了", "走的", "走了", "去世"]),
    ];
    let illness = hit.topic.name().strip_prefix("family-").filter(|_| hit.topic.kind() == TopicKind::History)?;
    let general = fact.topic.name() == "family-history" && !fact.also.contains(&hit.topic) && fact.present;
    if !general || matches!(illness, "history" | "similar-illness") || hit.topic.name() == fact.topic.name() {
        return None;
    }
    let (en, zh) = (fact.tells.en.to_lowercase(), &fact.tells.zh);
    let told_by = |word: &str| en.contains(word) || zh.contains(word);
    let listed = ALSO.iter().filter(|(of, _)| illness.contains(of)).flat_map(|(_, words)| words.iter().copied());
    let named = listed.chain(illness.split('-').filter(|part| !matches!(*part, "disease" | "illness"))).any(told_by);
    let says_no = ["No", "Nobody", "None", "没", "都没"]
        .iter()
        .any(|no| fact.tells.en.starts_with(no) || fact.tells.zh.starts_with(no));
    (!says_no).then_some(if named { Lead::Yes } else { Lead::NotThatKnown })
}

/// Who has no rash cannot say where it is: that is a "no", not a "don't know". Nobody says "no" to
/// who they are or what they fear.
fn can_be_denied(knowledge: &Knowledge<'_>, hit: &TopicHit) -> bool {
    let has_it = hit.topic.facet().is_some() && knowledge.has(&hit.topic);
    !has_it && !matches!(hit.topic.kind(), TopicKind::Perspective | TopicKind::Identity)
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
        && heard.asks_one_thing(hit)
        && !heard.denies(hit)
        && !is_about_normality(heard.clause_of(hit), heard.language);
    // Nobody asked for a list gives a summary; and how somebody sleeps or eats is asked in so many
    // ways that "not at all" answers few of them.
    let listed =
        matches!(fact.topic.name(), "current-drugs" | "past-conditions") || section == Some(Section::GeneralCondition);
    let named = hit.method != MatchMethod::Embedding && fact.topic.kind() != TopicKind::Perspective && !listed;
    // "Streaks." answers when, where or how much, not whether there is blood in it.
    let stands_alone = !matches!(
        fact.topic.facet(),
        Some(
            Facet::Character
                | Facet::Appearance
                | Facet::Detail
                | Facet::TimeCourse
                | Facet::Trigger
                | Facet::Aggravating
                | Facet::Relieving
        )
    );
    let may_be_short = fact.topic == hit.topic && closed && named && fact.present && !cut_short && stands_alone;
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
