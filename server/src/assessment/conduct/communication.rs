//! How it was asked, and how the patient was met.

use std::collections::BTreeSet;

use knowledge_graph::{Language, TopicKind};

use super::{
    Found,
    interview::{Interview, Question, Said},
    words::Sign,
};
use crate::{assessment::Evidence, understanding::DialogueAct};

/// Student turns in which an opening is looked for.
const OPENING: usize = 3;
/// Questions within which a second open prompt must follow the first.
const CONE: usize = 5;
/// Fewest asking turns, or questions, from which a habit is judged.
const HABIT: usize = 3;
/// Things listed in one question from which it counts as several.
const LISTED: usize = 4;

pub(super) fn opening(interview: &Interview<'_>) -> Found {
    if interview.student.is_empty() {
        return Found::not_judged();
    }
    let first = || interview.student.iter().take(OPENING);
    let greets = first().find(|said| said.signs.has(Sign::Greets));
    let introduces = first().find(|said| introduces(said));
    let level = u8::from(greets.is_some()) + u8::from(introduces.is_some());
    let quotes = greets.map(|said| said.quote_of(Sign::Greets)).into_iter();
    Found::level(level).showing(quotes.chain(introduces.map(|said| said.quote_of(Sign::Introduces))))
}

/// "我是不是该问…" asks; it introduces nobody.
fn introduces(said: &Said<'_>) -> bool {
    said.clause_with(Sign::Introduces).is_some_and(|clause| {
        !clause.asks() || said.text[clause.span.clone()].contains(['医', '姓', '叫']) || !clause.mood.questioned
    })
}

pub(super) fn open_to_closed(interview: &Interview<'_>) -> Found {
    let Some(first) = interview.questions.first() else { return Found::not_judged() };
    if !first.open {
        return Found::level(0).showing([interview.quote(first)]);
    }
    let again = interview.questions.iter().skip(1).take(CONE).find(|question| question.open && question.of != first.of);
    let level = if again.is_some() { 2 } else { 1 };
    Found::level(level).showing(std::iter::once(first).chain(again).map(|question| interview.quote(question)))
}

pub(super) fn one_at_a_time(interview: &Interview<'_>) -> Found {
    let turns = interview.asking_turns();
    if turns.len() < HABIT {
        return Found::not_judged();
    }
    let several: Vec<usize> = turns.iter().copied().filter(|of| asks_several(interview, *of)).collect();
    let level = match 100 * several.len() / turns.len() {
        _ if several.is_empty() => 2,
        share if share <= 10 => 2,
        share if share <= 30 => 1,
        _ => 0,
    };
    let whole = |of: &usize| {
        let said = &interview.student[*of];
        Evidence { turn: said.turn, quote: said.text.trim().to_owned() }
    };
    Found::level(level).counted(several.len(), turns.len()).showing(several.iter().map(whole))
}

/// Two questions for different things, or one that lists many. "Did it come on suddenly, or bit by
/// bit?" asks one thing.
fn asks_several(interview: &Interview<'_>, of: usize) -> bool {
    let here = || interview.questions.iter().filter(move |question| question.of == of);
    let different: BTreeSet<_> = here()
        .map(|question| &question.asked)
        .filter(|asked| !asked.topics.is_empty() || !asked.facets.is_empty())
        .collect();
    different.len() > 1 || here().any(|question| question.asked.topics.len() >= LISTED)
}

pub(super) fn plain_words(interview: &Interview<'_>) -> Found {
    if interview.questions.is_empty() {
        return Found::not_judged();
    }
    let mut unexplained: Vec<(String, Evidence)> = Vec::new();
    for (at, said) in interview.student.iter().enumerate() {
        let explained = said.signs.has(Sign::Explains)
            || interview
                .student
                .get(at + 1)
                .is_some_and(|next| next.signs.has(Sign::Explains) && said.jargon.iter().any(|word| says(next, word)));
        for word in said.jargon.iter().filter(|_| !explained) {
            let folded = word.to_lowercase();
            let heard = interview.patient.iter().any(|patient| patient.turn < said.turn && says(patient, word));
            if !heard && !unexplained.iter().any(|(seen, _)| *seen == folded) {
                unexplained.push((folded, Evidence { turn: said.turn, quote: word.clone() }));
            }
        }
    }
    let level = 2 - u8::try_from(unexplained.len().min(2)).unwrap_or(2);
    let count = unexplained.len();
    let mut found = Found::level(level).showing(unexplained.into_iter().map(|(_, quote)| quote));
    found.count = Some(count);
    found
}

fn says(said: &Said<'_>, word: &str) -> bool {
    said.text.to_lowercase().contains(&word.to_lowercase())
}

pub(super) fn neutral_questions(interview: &Interview<'_>) -> Found {
    let asked: Vec<&Question> = interview.pointed().collect();
    if asked.len() < HABIT {
        return Found::not_judged();
    }
    let leading: Vec<&&Question> = asked.iter().filter(|question| question.leading).collect();
    let level = 2 - u8::try_from(leading.len().min(2)).unwrap_or(2);
    Found::level(level)
        .counted(leading.len(), asked.len())
        .showing(leading.into_iter().map(|question| interview.quote(question)))
}

pub(super) fn empathy(interview: &Interview<'_>) -> Found {
    let cues: Vec<&Said<'_>> = interview
        .patient
        .iter()
        .filter(|said| said.signs.first_without(Sign::Feeling, Sign::NoFeeling).is_some())
        .collect();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut spent: BTreeSet<Vec<String>> = BTreeSet::new();
    let (mut occasions, mut answers) = (0, Vec::new());
    for cue in cues {
        let Some(reply) = interview.reply_to(cue.turn) else { continue };
        // Two feelings voiced before the student speaks are one occasion.
        if !used.insert(reply.turn) {
            continue;
        }
        occasions += 1;
        let Some(clause) = reply.clause_doing(DialogueAct::Empathy) else { continue };
        let stems = &reply.reading.words.list[clause.words.clone()];
        if spent.insert(stems.iter().map(|word| word.stem.clone()).collect()) {
            answers.push(reply.quote(&clause.span));
        }
    }
    if occasions == 0 {
        return Found::not_judged();
    }
    let level = match answers.len() {
        0 => 0,
        all if all == occasions => 2,
        _ => 1,
    };
    Found::level(level).counted(answers.len(), occasions).showing(answers)
}

pub(super) fn perspective(interview: &Interview<'_>) -> Found {
    let asked_before = interview.questions.is_empty();
    if asked_before {
        return Found::not_judged();
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut quotes = Vec::new();
    for question in interview.pointed() {
        for topic in question.asked.topics.iter().filter(|topic| topic.kind() == TopicKind::Perspective) {
            // Work, daily life and family are one impact.
            let name = topic.name().split('-').next().unwrap_or_default();
            if seen.insert(name) {
                quotes.push(interview.quote(question));
            }
        }
    }
    let level = u8::try_from(seen.len().min(2)).unwrap_or(2);
    let count = seen.len().min(4);
    Found::level(level).counted(count, 4).showing(quotes)
}

/// Whether the transcript is in Chinese, where words are counted by characters.
pub(super) fn is_chinese(interview: &Interview<'_>) -> bool {
    interview.subject.transcript.language == Language::Zh
}
