//! What the consultations say of each item, and why an item may tell nobody apart.

use cases::{
    Case,
    format::{Disclosure, RubricItem},
};
use knowledge_graph::{Language, Section, TopicKind};

use super::{Cell, Held, InLanguage, Item, Kind, Mark, Reason, Rehearsal, Shown, Standing, student::phrasings};
use crate::{assessment::ItemReport, store::TurnRecord};

/// Topics of an item that are tried, and ways to ask each.
const TRIED: (usize, usize) = (3, 3);
/// Items that one question must earn to say that they come together.
const TOGETHER: usize = 3;
/// Turns shown of an item that everybody gets.
const MOST_SHOWN: usize = 3;

pub(super) async fn of_language(rehearsal: &Rehearsal, case: &Case, language: Language, held: &[Held]) -> InLanguage {
    let mut items = Vec::new();
    for (at, item) in case.rubric.iter().enumerate() {
        let cells: Vec<Cell> = Kind::ALL.iter().map(|kind| cell(held, *kind, at)).collect();
        let mark = mark(&cells);
        let (reason, shown) = match mark {
            Some(Mark::Nobody) => why_nobody(rehearsal, case, language, item, at, held).await,
            Some(Mark::Everybody) => why_everybody(case, item, at, held),
            None => (None, Vec::new()),
        };
        let text = item.text.get(language).to_owned();
        items.push(Item { id: item.id.clone(), text, critical: item.critical, cells, mark, reason, shown });
    }
    InLanguage { language, students: Kind::ALL.iter().map(|kind| standing(held, *kind)).collect(), items }
}

fn of_kind(held: &[Held], kind: Kind) -> impl Iterator<Item = &Held> {
    held.iter().filter(move |one| one.kind == kind)
}

fn standing(held: &[Held], kind: Kind) -> Standing {
    let runs = of_kind(held, kind).count().max(1) as f64;
    let mean = |value: fn(&Held) -> f64| of_kind(held, kind).map(value).sum::<f64>() / runs;
    Standing {
        student: kind,
        questions: mean(|one| one.turns.len() as f64),
        percent: mean(|one| one.report.score.percent),
    }
}

fn cell(held: &[Held], kind: Kind, at: usize) -> Cell {
    let count = |counts: fn(&ItemReport) -> bool| {
        of_kind(held, kind).filter(|one| one.report.items.get(at).is_some_and(counts)).count()
    };
    Cell {
        student: kind,
        asked: count(|item| item.asked),
        told: count(|item| item.elicited),
        runs: of_kind(held, kind).count(),
    }
}

fn mark(cells: &[Cell]) -> Option<Mark> {
    if cells.iter().all(|cell| cell.asked == 0) {
        return Some(Mark::Nobody);
    }
    cells.iter().all(|cell| cell.asked == cell.runs).then_some(Mark::Everybody)
}

/// Facts that give what `item` asks for.
fn answers<'c>(case: &'c Case, item: &RubricItem) -> impl Iterator<Item = &'c cases::format::Fact> {
    let topics = item.topics.clone();
    case.facts
        .iter()
        .filter(move |fact| std::iter::once(&fact.topic).chain(&fact.also).any(|topic| topics.contains(topic)))
}

async fn why_nobody(
    rehearsal: &Rehearsal,
    case: &Case,
    language: Language,
    item: &RubricItem,
    at: usize,
    held: &[Held],
) -> (Option<Reason>, Vec<Shown>) {
    if item.topics.is_empty() {
        return (Some(Reason::NoTopic), Vec::new());
    }
    let (earned, missed) = try_out(rehearsal, case, language, item, at).await;
    let told = held.iter().find_map(|one| told_in(case, item, one));
    match (earned.is_empty(), missed.is_empty(), told) {
        (true, true, _) => (Some(Reason::NoWording), Vec::new()),
        (true, false, _) => (Some(Reason::NotUnderstood), missed),
        (false, _, Some(told)) if volunteered(case, item) => (Some(Reason::Volunteered), vec![told]),
        (false, _, _) => (Some(Reason::NotThoughtOf), earned.into_iter().take(1).collect()),
    }
}

/// Asks for the item directly, in the graph's own words, each way of a consultation's own: the
/// questions that earned it and those that did not.
async fn try_out(
    rehearsal: &Rehearsal,
    case: &Case,
    language: Language,
    item: &RubricItem,
    at: usize,
) -> (Vec<Shown>, Vec<Shown>) {
    let (mut earned, mut missed) = (Vec::new(), Vec::new());
    for topic in item.topics.iter().take(TRIED.0) {
        let ways = phrasings(rehearsal.graph, topic, language);
        for said in ways.into_iter().take(TRIED.1) {
            let mut turns = Vec::new();
            for words in opening(rehearsal, language).into_iter().chain([said]) {
                rehearsal.say(case, language, 0, &mut turns, words).await;
            }
            let report = rehearsal.grade(case, language, &turns).await;
            let asked = report.items.get(at).is_some_and(|item| item.asked);
            let shown = turns.last().map(|turn| shown(None, 0, turn));
            if asked {
                earned.extend(shown);
                return (earned, missed);
            }
            missed.extend(shown);
        }
    }
    (earned, missed)
}

/// How a consultation opens before the item is tried.
fn opening(rehearsal: &Rehearsal, language: Language) -> Option<String> {
    let invitation = knowledge_graph::TopicId::new(TopicKind::Consultation, "open-invitation");
    phrasings(rehearsal.graph, &invitation, language).into_iter().next()
}

fn volunteered(case: &Case, item: &RubricItem) -> bool {
    answers(case, item).any(|fact| matches!(fact.disclosure, Disclosure::Volunteered | Disclosure::OpenQuestion))
}

/// The first exchange in which the patient told what `item` asks for.
fn told_in(case: &Case, item: &RubricItem, held: &Held) -> Option<Shown> {
    let wanted: Vec<&str> = answers(case, item).map(|fact| fact.id.as_str()).collect();
    let tells = |turn: &&TurnRecord| {
        turn.reply.as_ref().is_some_and(|reply| reply.facts.iter().any(|fact| wanted.contains(&fact.as_str())))
    };
    held.turns.iter().find(tells).map(|turn| shown(Some(held.kind), held.seed, turn))
}

fn why_everybody(case: &Case, item: &RubricItem, at: usize, held: &[Held]) -> (Option<Reason>, Vec<Shown>) {
    let every = item.section == Section::Opening
        || item.section == Section::Closing
        || item.topics.iter().all(|topic| topic.kind() == TopicKind::Consultation);
    let reason = if every {
        Reason::EveryConsultation
    } else if held.iter().all(|one| together(one, at) >= TOGETHER) {
        Reason::EarnedTogether
    } else if answers(case, item).any(|fact| fact.disclosure == Disclosure::Volunteered) {
        Reason::Volunteered
    } else {
        Reason::EverybodyAsks
    };
    let turns = Kind::ALL.iter().filter_map(|kind| {
        let one = of_kind(held, *kind).next()?;
        let turn = first_turn(one, at)?;
        Some(shown(Some(*kind), one.seed, one.turns.get(turn / 2)?))
    });
    (Some(reason), turns.take(MOST_SHOWN).collect())
}

/// The turn of the transcript in which the item was earned first.
fn first_turn(held: &Held, at: usize) -> Option<usize> {
    held.report.items.get(at)?.evidence.first().map(|evidence| evidence.turn)
}

/// Items that were earned first by the very turn that earned this one, itself included.
fn together(held: &Held, at: usize) -> usize {
    let turn = first_turn(held, at);
    (0..held.report.items.len()).filter(|other| turn.is_some() && first_turn(held, *other) == turn).count()
}

fn shown(student: Option<Kind>, seed: u64, turn: &TurnRecord) -> Shown {
    Shown {
        student,
        seed,
        exchange: usize::try_from(turn.index).unwrap_or_default() + 1,
        said: turn.said.clone(),
        reply: turn.reply.as_ref().map(|reply| reply.text.clone()).unwrap_or_default(),
    }
}
