//! What gives a consultation its structure: summaries, signposts, its end, and what comes after.

use std::collections::BTreeSet;

use knowledge_graph::{TopicId, TopicKind};

use super::{
    Found,
    interview::{Interview, Said},
    words::Sign,
};
use crate::{
    assessment::Evidence,
    understanding::{ClauseReading, Concept, DialogueAct},
};

/// Student turns from which a summary can be expected.
const WORTH_SUMMARISING: usize = 6;
/// Things brought up before that a summary restates.
const RESTATED: usize = 2;
/// Student turns in which an ending is looked for.
const ENDING: usize = 3;

pub(super) fn summary(interview: &Interview<'_>) -> Found {
    if interview.student.len() < WORTH_SUMMARISING {
        return Found::not_judged();
    }
    let mut best: Option<(u8, Evidence)> = None;
    for (at, said) in interview.student.iter().enumerate() {
        let Some(clause) = said.clause_doing(DialogueAct::Summary) else { continue };
        if restated(interview, said) < RESTATED {
            continue;
        }
        let asks = |said: &Said<'_>| {
            said.reading.clauses.iter().any(|c| c.act == DialogueAct::Summary && (c.mood.check || c.mood.question))
        };
        let checks =
            asks(said) || interview.student.get(at + 1).is_some_and(|next| next.turn <= said.turn + 2 && asks(next));
        let level = if checks { 2 } else { 1 };
        if best.as_ref().is_none_or(|(seen, _)| level > *seen) {
            best = Some((level, said.quote(&clause.span)));
        }
    }
    best.map_or_else(|| Found::level(0), |(level, quote)| Found::level(level).showing([quote]))
}

/// How many things of the turn had been brought up before it.
fn restated(interview: &Interview<'_>, said: &Said<'_>) -> usize {
    let before: Vec<&Concept> = interview
        .patient
        .iter()
        .chain(&interview.student)
        .filter(|earlier| earlier.turn < said.turn)
        .flat_map(|earlier| earlier.reading.clauses.iter().flat_map(|clause| &clause.concepts))
        .filter(|concept| concept.known)
        .collect();
    let mut counted: BTreeSet<String> = BTreeSet::new();
    for concept in said.reading.clauses.iter().flat_map(|clause| &clause.concepts).filter(|concept| concept.known) {
        if before.iter().any(|earlier| concept.meets(earlier)) {
            counted.extend(concept.names.first().map(ToString::to_string));
        }
    }
    counted.len()
}

pub(super) fn signposting(interview: &Interview<'_>) -> Found {
    let parts: BTreeSet<_> = interview.questions.iter().filter_map(|question| question.part).collect();
    if parts.len() < 2 {
        return Found::not_judged();
    }
    let mut spent: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut quotes = Vec::new();
    for (at, said) in interview.student.iter().enumerate() {
        let Some(clause) = said.reading.clauses.iter().find(|clause| announces(clause)) else { continue };
        let asks = interview.questions.iter().any(|question| question.of == at || question.of == at + 1);
        let stems = &said.reading.words.list[clause.words.clone()];
        if asks && spent.insert(stems.iter().map(|word| word.stem.clone()).collect()) {
            quotes.push(said.quote(&clause.span));
        }
    }
    let level = u8::try_from(quotes.len().min(2)).unwrap_or(2);
    let count = quotes.len();
    let mut found = Found::level(level).showing(quotes);
    found.count = Some(count);
    found
}

fn announces(clause: &ClauseReading) -> bool {
    clause.named.topics.iter().any(|named| named.topic == TopicId::new(TopicKind::Consultation, "signpost"))
}

pub(super) fn closing(interview: &Interview<'_>) -> Found {
    let Some(from) = interview.student.len().checked_sub(1) else { return Found::not_judged() };
    let last = &interview.student[from.saturating_sub(ENDING - 1)..];
    // "Thank you" in the middle of the questions is no leave-taking: the very last turns only.
    let leaves =
        last.iter().rev().take(2).find(|said| said.signs.has(Sign::Leaves) && !asks_of_illness(interview, said));
    let rounds_off = last.iter().find(|said| {
        said.signs.has(Sign::Plan)
            || said.signs.has(Sign::Understood)
            || said
                .clause_doing(DialogueAct::Closing)
                .is_some_and(|clause| !said.signs.within(Sign::Leaves, &clause.words))
            || said.clause_doing(DialogueAct::Vague).is_some()
    });
    let level = u8::from(leaves.is_some()) + u8::from(rounds_off.is_some());
    let whole = |said: &Said<'_>| Evidence { turn: said.turn, quote: said.text.trim().to_owned() };
    Found::level(level).showing(rounds_off.map(whole).into_iter().chain(leaves.map(|said| said.quote_of(Sign::Leaves))))
}

fn asks_of_illness(interview: &Interview<'_>, said: &Said<'_>) -> bool {
    interview.questions.iter().any(|question| !question.open && interview.turn_of(question) == said.turn)
}

/// The student's turns that give a plan or advice, with the clause that does.
fn plans<'i>(interview: &'i Interview<'_>) -> impl Iterator<Item = (&'i Said<'i>, &'i ClauseReading)> {
    interview.student.iter().filter_map(|said| {
        let states = |clause: &&ClauseReading| !clause.mood.question && clause.act != DialogueAct::Specific;
        let planned = said.clause_with(Sign::Plan).filter(states);
        let advised = || {
            let acts = [DialogueAct::Order, DialogueAct::Advice];
            said.reading.clauses.iter().find(|clause| acts.contains(&clause.act) && !clause.mood.question)
        };
        Some((said, planned.or_else(advised)?))
    })
}

pub(super) fn next_step(interview: &Interview<'_>) -> Found {
    if interview.student.is_empty() {
        return Found::not_judged();
    }
    let shown: Vec<Evidence> = plans(interview).map(|(said, clause)| said.quote(&clause.span)).collect();
    Found::yes(!shown.is_empty()).showing(shown)
}

pub(super) fn checks_understanding(interview: &Interview<'_>) -> Found {
    after_a_plan(interview, Sign::Understood)
}

pub(super) fn safety_net(interview: &Interview<'_>) -> Found {
    after_a_plan(interview, Sign::SafetyNet)
}

/// Whether `sign` comes with or after the first plan or advice.
fn after_a_plan(interview: &Interview<'_>, sign: Sign) -> Found {
    let Some((first, _)) = plans(interview).next() else { return Found::not_judged() };
    let found = interview.student.iter().find(|said| said.turn >= first.turn && said.signs.has(sign));
    Found::yes(found.is_some()).showing(found.map(|said| said.quote_of(sign)))
}
