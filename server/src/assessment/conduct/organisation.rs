//! In what order it was asked, and at what cost.

use std::collections::BTreeSet;

use super::{
    Found,
    communication::is_chinese,
    interview::{Asked, Interview, Part, Question},
};
use crate::assessment::Evidence;

/// Questions about the complaint that make it explored.
const EXPLORED: usize = 3;
/// Student turns between a question and the same asked again, for it to be a repetition.
const APART: usize = 2;
/// Fewest asking turns from which what they bring is judged.
const WORTH_COUNTING: usize = 5;
/// Fewest questions from which duplicates are judged.
const QUESTIONS: usize = 3;
/// Words, and Chinese characters, of a question that can be a duplicate.
const SAID_AGAIN: (usize, usize) = (3, 5);

pub(super) fn complaint_first(interview: &Interview<'_>) -> Found {
    let parts: Vec<(&Question, Part)> =
        interview.pointed().filter_map(|question| Some((question, question.part?))).collect();
    let illness = parts.iter().filter(|(_, part)| *part == Part::Illness).count();
    let background = parts.iter().position(|(_, part)| *part != Part::Illness);
    let (Some(background), true) = (background, illness > 0) else { return Found::not_judged() };
    // Questions that name only an attribute ("since when?") are about the complaint as well.
    let begun = interview.turn_of(parts[background].0);
    let attributes = interview.pointed().filter(|question| {
        interview.turn_of(question) < begun && question.part.is_none() && !question.asked.facets.is_empty()
    });
    let explored = background + attributes.count();
    let first = explored >= EXPLORED || background >= illness;
    Found::yes(first).counted(explored, illness).showing([interview.quote(parts[background].0)])
}

pub(super) fn kept_together(interview: &Interview<'_>) -> Found {
    let visited = interview.pointed().filter_map(|question| Some((question, question.part?)));
    let mut left: BTreeSet<Part> = BTreeSet::new();
    let mut here: Option<Part> = None;
    let mut returns: Vec<&Question> = Vec::new();
    for (question, part) in visited {
        if here == Some(part) {
            continue;
        }
        if left.contains(&part) {
            returns.push(question);
        }
        left.extend(here);
        here = Some(part);
    }
    if left.is_empty() {
        return Found::not_judged();
    }
    let level = match returns.len() {
        0 | 1 => 2,
        2 | 3 => 1,
        _ => 0,
    };
    let mut found = Found::level(level).showing(returns.iter().map(|question| interview.quote(question)));
    found.count = Some(returns.len());
    found
}

pub(super) fn no_repetition(interview: &Interview<'_>) -> Found {
    let named: Vec<&Question> = interview.pointed().filter(|question| !question.asked.topics.is_empty()).collect();
    if named.len() < QUESTIONS {
        return Found::not_judged();
    }
    let mut again: Vec<&Question> = Vec::new();
    let mut seen: BTreeSet<&Asked> = BTreeSet::new();
    for (at, question) in named.iter().enumerate() {
        let before = named[..at].iter().any(|earlier| {
            earlier.asked == question.asked && earlier.of + APART <= question.of && was_answered(interview, earlier.of)
        });
        // Asked a third time it is the same repetition still.
        if before && seen.insert(&question.asked) {
            again.push(question);
        }
    }
    let level = match again.len() {
        0 => 2,
        1 | 2 => 1,
        _ => 0,
    };
    Found::level(level)
        .counted(again.len(), named.len())
        .showing(again.into_iter().map(|question| interview.quote(question)))
}

/// Whether the patient said more than "I don't know".
fn was_answered(interview: &Interview<'_>, of: usize) -> bool {
    interview.answer_to(of).any(|said| said.reading.clauses.iter().any(|clause| !clause.unknown))
}

pub(super) fn questions_that_pay(interview: &Interview<'_>) -> Found {
    let turns = interview.asking_turns().len();
    if turns < WORTH_COUNTING || interview.subject.items.is_empty() {
        return Found::not_judged();
    }
    let elicited = interview.subject.items.iter().filter(|item| item.asked).count();
    let level = match elicited {
        0 => 0,
        items if turns <= 2 * items => 2,
        items if turns <= 4 * items => 1,
        _ => 0,
    };
    Found::level(level).counted(elicited, turns)
}

pub(super) fn no_duplicates(interview: &Interview<'_>) -> Found {
    let questions: Vec<&Question> = interview.pointed().collect();
    if questions.len() < QUESTIONS {
        return Found::not_judged();
    }
    let shortest = if is_chinese(interview) { SAID_AGAIN.1 } else { SAID_AGAIN.0 };
    let mut said: BTreeSet<Vec<&str>> = BTreeSet::new();
    let mut again: Vec<Evidence> = Vec::new();
    for question in &questions {
        let words = &interview.student[question.of].reading.words.list[question.words.clone()];
        let stems: Vec<&str> = words.iter().map(|word| word.stem.as_str()).collect();
        if stems.len() >= shortest && !said.insert(stems) {
            again.push(interview.quote(question));
        }
    }
    Found::yes(again.is_empty()).counted(again.len(), questions.len()).showing(again)
}
