//! What the patient does with an utterance: which facts may be told now, and in what manner.
//!
//! Code decides here; the model only phrases what this module allows. Published virtual patients
//! handle vague questions properly in 37.5 % of cases without routing by question type and in 99 %
//! with it.

mod answers;
mod feeling;
mod finding_facts;
mod following_up;
mod hard_words;
mod heard;
mod recalling;
mod summary;

use answers::{answer, answer_known_words};
use cases::format::{Case, Disclosure, Fact, Mood, Style};
use feeling::feel;
pub use feeling::{Cause, Felt};
use following_up::follow_up;
use hard_words::unfamiliar_word;
pub use heard::Heard;
use knowledge_graph::{Facet, TopicId, TopicKind};
use summary::confirm;

use super::{
    deed::Deed,
    knowledge::Knowledge,
    question::{Form, announces, form, is_told, takes_leave},
    state::{State, TRUST_TO_CONFIDE},
};
use crate::understanding::{Clause, DialogueAct, MatchMethod, TopicHit, Understood};

/// A topic scored below this is not answered.
const ASKED_THRESHOLD: f64 = 0.5;
/// Parts of a compound question that are answered in one turn.
const MOST_PARTS: usize = 5;
/// Facts told in answer to one part.
const MOST_FACTS_A_PART: usize = 2;

/// What the patient does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Policy {
    /// Greets back.
    Greet,
    /// Says why they came.
    Opening,
    /// Volunteers one more thing.
    Volunteer,
    /// Has nothing more to volunteer.
    NothingMore,
    /// Answers with facts, and denies what is not there.
    Answer,
    /// Holds back.
    Guarded,
    /// Asks what a technical word means.
    AskMeaning,
    /// Is asked whether there is anything to ask.
    Wonder,
    /// Confirms a summary.
    Confirm,
    /// Corrects a summary.
    Correct,
    /// Reacts to advice or explanation as a person.
    React,
    /// Is comforted.
    Comforted,
    /// Agrees to an examination or test.
    Comply,
    /// Has no objection to being asked, or says that they can hear.
    Agree,
    /// Steers back from what has nothing to do with the visit.
    Deflect,
    /// Takes offence.
    Offended,
    /// Does not understand what the machine was told.
    Puzzled,
    /// Takes leave.
    Farewell,
    /// Listens.
    Listen,
    /// Did not understand the question.
    NotUnderstood,
    /// Did not understand it, and has asked back often enough.
    Unsure,
}

impl Policy {
    /// The written form, stored with a turn.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Greet => "greet",
            Self::Opening => "opening",
            Self::Volunteer => "volunteer",
            Self::NothingMore => "nothing-more",
            Self::Answer => "answer",
            Self::Guarded => "guarded",
            Self::AskMeaning => "ask-meaning",
            Self::Wonder => "wonder",
            Self::Confirm => "confirm",
            Self::Correct => "correct",
            Self::React => "react",
            Self::Comforted => "comforted",
            Self::Comply => "comply",
            Self::Agree => "agree",
            Self::Deflect => "deflect",
            Self::Offended => "offended",
            Self::Puzzled => "puzzled",
            Self::Farewell => "farewell",
            Self::Listen => "listen",
            Self::NotUnderstood => "not-understood",
            Self::Unsure => "unsure",
        }
    }
}

/// How much of a fact is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Its few words, where it has them.
    Brief,
    /// Its whole sentence.
    Full,
}

/// How a patient denies what the case does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// "No."
    Bare,
    /// "No rash.": the question was not one of yes or no.
    Named,
    /// "Actually, I have.": what the patient has was denied for them.
    Affirmed,
    /// "No, that's right.": it was denied for them, rightly.
    Agreed,
    /// "That's been normal.": the question was whether it is as it should be.
    Normal,
}

/// What is said before a fact that was written for another question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// "Not that I know of.": asked of one illness, the fact tells of another.
    NotThatKnown,
    /// "Yes.": the fact tells of what was asked among others.
    Yes,
    /// "Not exactly.": the fact tells of something broader.
    NotExactly,
}

/// One fact, and in what manner it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// What is told.
    pub fact: Fact,
    /// How much of it.
    pub length: Length,
    /// Whether the patient has said it before, in full.
    pub again: bool,
    /// Whether the author wrote it for exactly the topic asked.
    pub exact: bool,
}

/// What may be said in this turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// In what manner.
    pub policy: Policy,
    /// The facts told, in the order they are asked.
    pub tellings: Vec<Telling>,
    /// Asked for, not in the case: denied.
    pub absent: Vec<TopicId>,
    /// Asked for, and the patient cannot say.
    pub unknown: Vec<TopicId>,
    /// The technical word asked back about.
    pub jargon: Option<String>,
    /// Whether the student greeted as well.
    pub greeted: bool,
    /// Tests and examinations ordered (name parts of `test:` nodes).
    pub orders: Vec<String>,
    /// How what is absent is denied.
    pub denial: Denial,
    /// What is said before the facts.
    pub lead: Option<Lead>,
    /// What in the student's words moved the patient.
    pub felt: Vec<Felt>,
    /// Mood afterwards.
    pub mood: Mood,
    /// Trust afterwards, 0–100.
    pub trust: u8,
}

impl Decision {
    fn new(policy: Policy, state: &State) -> Self {
        Self {
            policy,
            tellings: Vec::new(),
            absent: Vec::new(),
            unknown: Vec::new(),
            jargon: None,
            greeted: false,
            orders: Vec::new(),
            denial: Denial::Bare,
            lead: None,
            felt: Vec::new(),
            mood: state.mood,
            trust: state.trust,
        }
    }

    /// The ids of the facts told.
    pub fn fact_ids(&self) -> impl Iterator<Item = &str> {
        self.tellings.iter().map(|telling| telling.fact.id.as_str())
    }

    fn correct_with(&mut self, fact: &Fact) {
        if self.tellings.len() < MOST_FACTS_A_PART && !self.fact_ids().any(|id| id == fact.id) {
            self.tellings.push(Telling { fact: fact.clone(), length: Length::Full, again: false, exact: true });
        }
    }
}

/// Decides what the patient does with what was heard.
pub fn decide(case: &Case, knowledge: &Knowledge<'_>, state: &State, heard: &Heard<'_>) -> Decision {
    let said = heard.said;
    // Who weighed every fact has nothing to add from words that happen to be shared.
    let reminded = if heard.aimed { Vec::new() } else { recalling::recalled(knowledge, state, heard) };
    let mut asked = asked_topics(said, &reminded);
    asked.retain(|hit| !is_of_another(knowledge, hit, said));
    // "How old was your father when he died?" asks nobody's own age.
    if asked.iter().any(|hit| hit.topic.kind() == TopicKind::History && hit.topic.name().starts_with("family-")) {
        asked.retain(|hit| hit.topic != TopicId::new(TopicKind::Identity, "age"));
    }
    let done = by_deed(knowledge, state, heard);
    let mut decision = match said.act {
        DialogueAct::Injection => Decision::new(Policy::Puzzled, state),
        DialogueAct::Rude => Decision::new(Policy::Offended, state),
        _ if done.is_some() => done.unwrap_or_else(|| Decision::new(Policy::Listen, state)),
        _ if asked.is_empty() && heard.orders_only() => Decision::new(Policy::Comply, state),
        _ if announces(heard.text, heard.language) => Decision::new(Policy::Comply, state),
        _ if heard.asks_to_talk() && asked.iter().all(|hit| is_no_question(knowledge, hit)) => {
            Decision::new(Policy::Agree, state)
        }
        DialogueAct::Closing if asked.is_empty() && heard.invites_questions() => Decision::new(Policy::Wonder, state),
        DialogueAct::Closing if asked.is_empty() => Decision::new(Policy::Farewell, state),
        _ if asked.is_empty() && heard.asks_leave() => leave(knowledge, state, heard),
        _ if heard.asks_for_more(&asked) => more(case, knowledge, state, &asked, heard),
        DialogueAct::OpenQuestion | DialogueAct::Vague => open(case, knowledge, state, &asked, heard),
        // Before anything was told there is nothing to sum up.
        DialogueAct::Summary if asked.is_empty() && !state.begun => open(case, knowledge, state, &asked, heard),
        // "When did it start, did you say?" asks; it offers nothing to confirm.
        DialogueAct::Summary if asked.is_empty() || heard.offers_to_confirm() || heard.deed == Some(Deed::Summary) => {
            confirm(knowledge, state, &claimed(said, &asked), heard)
        }
        // Comfort that names a feeling asks nothing.
        _ if is_told(heard.text, heard.language) && (heard.heard(DialogueAct::Empathy) || is_feeling(&asked)) => {
            Decision::new(Policy::Comforted, state)
        }
        _ if !asked.is_empty() => answer_known_words(case, knowledge, state, &asked, heard),
        _ if unfamiliar_word(case, state, heard).is_some() => {
            Decision { jargon: unfamiliar_word(case, state, heard), ..Decision::new(Policy::AskMeaning, state) }
        }
        DialogueAct::Order => Decision::new(Policy::Comply, state),
        _ if state.begun && parts_with(heard) => Decision::new(Policy::Farewell, state),
        DialogueAct::Empathy => Decision::new(Policy::Comforted, state),
        DialogueAct::Advice => Decision::new(Policy::React, state),
        DialogueAct::Greeting => Decision::new(Policy::Greet, state),
        // What is said, not asked, is listened to.
        DialogueAct::OffTopic if form(heard.text, heard.language) == Form::Statement => {
            Decision::new(Policy::Listen, state)
        }
        DialogueAct::OffTopic => Decision::new(Policy::Deflect, state),
        DialogueAct::Backchannel => Decision::new(Policy::Listen, state),
        DialogueAct::Specific | DialogueAct::Closing | DialogueAct::Summary => {
            Decision::new(Policy::NotUnderstood, state)
        }
    };
    if matches!(decision.policy, Policy::NotUnderstood | Policy::Deflect)
        && let Some(followed) = follow_up(knowledge, state, heard)
    {
        decision = followed;
    }
    if matches!(decision.policy, Policy::NotUnderstood | Policy::Deflect) && state.begun {
        // "I think it's your heart. Shall we ring anybody?": who is told something answers to that.
        let told = [
            (DialogueAct::Order, Policy::Comply),
            (DialogueAct::Advice, Policy::React),
            (DialogueAct::Empathy, Policy::Comforted),
        ];
        let answer = told.into_iter().find(|(act, _)| heard.heard(*act)).map(|(_, policy)| policy);
        decision.policy = answer.unwrap_or(decision.policy);
    }
    // Who has been answered for a while asks "what happened then?" of what was said, not why they came.
    if !state.is_underway() && decision.policy == Policy::Answer && heard.heard(DialogueAct::OpenQuestion) {
        // "What's your name, and what brings you in?"
        decision.policy = Policy::Opening;
        decision.tellings.extend(opening(case, knowledge));
    }
    if !state.begun && !state.opened && matches!(decision.policy, Policy::NotUnderstood | Policy::Deflect) {
        // Whatever the first words were, who is spoken to for the first time says why they came.
        decision = Decision { tellings: opening(case, knowledge), ..Decision::new(Policy::Opening, state) };
    }
    decision.greeted = !state.begun && said.clauses.iter().any(|c| c.act == DialogueAct::Greeting);
    decision.orders = orders(case, said);
    if decision.policy == Policy::NotUnderstood && !may_ask_back(case, state, heard) {
        decision.policy = Policy::Unsure;
    }
    feel(&mut decision, state, heard);
    decision
}

/// What the patient does with an utterance that as a whole asks for nothing.
fn by_deed(knowledge: &Knowledge<'_>, state: &State, heard: &Heard<'_>) -> Option<Decision> {
    let policy = match heard.deed? {
        Deed::Order => Policy::Comply,
        Deed::Empathy => Policy::Comforted,
        Deed::Explain => Policy::React,
        Deed::Leave => return Some(leave(knowledge, state, heard)),
        Deed::Close if heard.invites_questions() || heard.text.contains(['?', '？']) => Policy::Wonder,
        Deed::Close => Policy::Farewell,
        Deed::Ask | Deed::Open | Deed::Summary | Deed::Greet | Deed::Blame => return None,
    };
    Some(Decision::new(policy, state))
}

/// Whether the patient asks back once more: not twice in a row, not at the same words again, and who
/// hears badly not all the time.
fn may_ask_back(case: &Case, state: &State, heard: &Heard<'_>) -> bool {
    const MOST_HARD_OF_HEARING: usize = 3;
    let often = case.persona.style == Style::HardOfHearing && state.asked_back >= MOST_HARD_OF_HEARING;
    !often && !state.asked_back_last && !state.has_heard(heard.text)
}

/// Leave to ask is given, but not to ask what the patient does not want to speak of yet.
fn leave(knowledge: &Knowledge<'_>, state: &State, heard: &Heard<'_>) -> Decision {
    let closed = |topic: &TopicId| {
        let facts = knowledge.answering(topic);
        !facts.is_empty() && facts.iter().all(|fact| !is_open(fact, state))
    };
    let named = heard.said.topics().into_iter().any(|hit| closed(&hit.topic));
    Decision::new(if named { Policy::Guarded } else { Policy::Agree }, state)
}

/// Whether `fact` may be told to who asks for it now.
fn is_open(fact: &Fact, state: &State) -> bool {
    fact.disclosure != Disclosure::NeedsTrust || state.trust >= TRUST_TO_CONFIDE
}

/// The topics that were asked for sure enough to be answered, best first.
pub fn recognised(said: &Understood) -> impl Iterator<Item = &TopicHit> {
    said.topics().into_iter().filter(|hit| hit.score >= ASKED_THRESHOLD || hit.topic.kind() == TopicKind::Consultation)
}

/// Whether somebody takes leave and asks nothing.
fn parts_with(heard: &Heard<'_>) -> bool {
    takes_leave(heard.text, heard.language) && form(heard.text, heard.language) == Form::Statement
}

/// Whether the words that ask leave to talk are only near to `hit`, or name an ear that hears well.
fn is_no_question(knowledge: &Knowledge<'_>, hit: &TopicHit) -> bool {
    hit.method == MatchMethod::Embedding || knowledge.answering(&hit.topic).is_empty()
}

/// From this score on what is only stated was named outright.
const STATED: f64 = 0.18;

/// What a summary claims: also what stands in the sentences before "Is that right?".
fn claimed<'a>(said: &'a Understood, asked: &[&'a TopicHit]) -> Vec<&'a TopicHit> {
    let stated = |clause: &&Clause| clause.act == DialogueAct::Advice;
    let named = |hit: &&TopicHit| {
        hit.method == MatchMethod::Lexicon
            && hit.score >= STATED
            && !matches!(hit.topic.kind(), TopicKind::Consultation | TopicKind::Test)
    };
    let beside = said.clauses.iter().filter(stated).flat_map(|clause| &clause.topics).filter(named);
    let mut claims = asked.to_vec();
    claims.extend(beside.filter(|hit| asked.iter().all(|other| other.topic != hit.topic)));
    claims.sort_by_key(|hit| hit.quote.start);
    claims
}

fn is_feeling(asked: &[&TopicHit]) -> bool {
    !asked.is_empty() && asked.iter().all(|hit| hit.topic.kind() == TopicKind::Perspective)
}

/// "The worst you've *ever* had?" carries over how bad it is; earlier times are not asked for besides.
fn is_in_passing(hit: &TopicHit, said: &Understood) -> bool {
    let earlier = |hit: &TopicHit| hit.topic.facet() == Some(Facet::Previous) || hit.topic.name() == "similar-episode";
    let beside = |other: &TopicHit| {
        other.method == MatchMethod::Context
            && other.quote == hit.quote
            && !earlier(other)
            && other.topic.facet().is_some()
    };
    hit.method == MatchMethod::Context
        && earlier(hit)
        && said.clauses.iter().flat_map(|clause| &clause.topics).any(beside)
}

/// "Have you taken anything before?" carries over earlier episodes only if it asks of what the patient
/// has.
fn is_of_another(knowledge: &Knowledge<'_>, hit: &TopicHit, said: &Understood) -> bool {
    let same_words = |other: &&TopicHit| {
        other.quote == hit.quote && other.topic != hit.topic && other.topic.facet() == Some(Facet::Previous)
    };
    let mut beside = said.clauses.iter().flat_map(|clause| &clause.topics).filter(same_words).peekable();
    hit.method == MatchMethod::Context
        && hit.topic.name() == "similar-episode"
        && beside.peek().is_some()
        && beside.all(|other| !knowledge.has(&other.topic))
}

/// What is asked, with what the patient was `reminded` of in place of what tells nothing there.
fn asked_topics<'a>(said: &'a Understood, reminded: &'a [TopicHit]) -> Vec<&'a TopicHit> {
    let replaced = |hit: &&TopicHit| !reminded.iter().any(|other| other.quote.contains(&hit.quote.start));
    // In the order they were asked, so that the answers come in that order too.
    let mut hits: Vec<&TopicHit> = recognised(said)
        .filter(|hit| !matches!(hit.topic.kind(), TopicKind::Consultation | TopicKind::Test))
        .filter(replaced)
        .filter(|hit| !is_in_passing(hit, said))
        .take(MOST_PARTS)
        .chain(reminded)
        .collect();
    hits.sort_by_key(|hit| hit.quote.start);
    hits
}

fn orders(case: &Case, said: &Understood) -> Vec<String> {
    if !said.clauses.iter().any(|clause| clause.act == DialogueAct::Order) {
        return Vec::new();
    }
    said.topics()
        .into_iter()
        .filter(|hit| hit.topic.kind() == TopicKind::Test && hit.score >= ASKED_THRESHOLD)
        .map(|hit| hit.topic.name().to_owned())
        .filter(|test| {
            case.examinations.iter().any(|e| e.test == *test) || case.results.iter().any(|r| r.test == *test)
        })
        .collect()
}

/// The opening first; then one thing at a time, in order of how much it bothers the patient.
fn open(case: &Case, knowledge: &Knowledge<'_>, state: &State, asked: &[&TopicHit], heard: &Heard<'_>) -> Decision {
    if !state.opened {
        return Decision { tellings: opening(case, knowledge), ..Decision::new(Policy::Opening, state) };
    }
    let on_topic = |fact: &&Fact| {
        asked.iter().any(|hit| {
            fact.topic.node() == hit.topic.node() || fact.also.iter().any(|also| also.node() == hit.topic.node())
        })
    };
    let mut untold: Vec<&Fact> = knowledge
        .facts()
        .iter()
        .filter(|fact| fact.disclosure <= Disclosure::OpenQuestion && !state.told.contains(&fact.id))
        .collect();
    untold.sort_by_key(|fact| (!on_topic(fact), fact.disclosure, std::cmp::Reverse(fact.bother)));
    let next: Vec<Telling> = match untold.first() {
        Some(first) if asked.is_empty() || on_topic(first) => vec![unasked(first)],
        _ if !asked.is_empty() => return answer(knowledge, state, asked, heard),
        _ => Vec::new(),
    };
    if next.is_empty() && heard.said.act == DialogueAct::OpenQuestion {
        // Asked again what brought them, nobody says "that's all".
        let again = |telling: Telling| Telling { again: true, ..telling };
        let tellings = opening(case, knowledge).into_iter().map(again).collect();
        return Decision { tellings, ..Decision::new(Policy::Answer, state) };
    }
    let policy = if next.is_empty() { Policy::NothingMore } else { Policy::Volunteer };
    Decision { tellings: next, ..Decision::new(policy, state) }
}

/// What the patient says of why they came.
fn opening(case: &Case, knowledge: &Knowledge<'_>) -> Vec<Telling> {
    let said = |fact: &&Fact| fact.topic == case.complaint && fact.disclosure == Disclosure::Volunteered;
    knowledge.facts().iter().filter(said).map(unasked).collect()
}

fn unasked(fact: &Fact) -> Telling {
    Telling { fact: fact.clone(), length: Length::Full, again: false, exact: false }
}

/// "Any other symptoms?": the next thing the patient would mention, then what the author wrote for
/// this very question; "no" only when all of it is told.
fn more(case: &Case, knowledge: &Knowledge<'_>, state: &State, asked: &[&TopicHit], heard: &Heard<'_>) -> Decision {
    let decision = open(case, knowledge, state, &[], heard);
    if decision.policy != Policy::NothingMore {
        return decision;
    }
    let written_for_it = asked
        .iter()
        .filter(|hit| is_other_symptoms(hit))
        .flat_map(|hit| knowledge.exactly(&hit.topic))
        .find(|fact| fact.disclosure != Disclosure::NeedsTrust && !state.told.contains(&fact.id));
    match written_for_it {
        Some(fact) => Decision { tellings: vec![unasked(fact)], ..Decision::new(Policy::Volunteer, state) },
        None => decision,
    }
}

fn is_other_symptoms(hit: &TopicHit) -> bool {
    hit.topic.kind() == TopicKind::History && hit.topic.name() == "other-symptoms"
}

#[cfg(test)]
mod tests;
