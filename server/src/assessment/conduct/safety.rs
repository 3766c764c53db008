//! Whether the red flags were asked, and when.

use super::{Found, Moment, interview::Interview};
use crate::assessment::{Evidence, ItemReport};

/// Student turns from which it can be said what is early and what is late.
const LONG_ENOUGH: usize = 6;

pub(super) fn asked(interview: &Interview<'_>) -> Found {
    let flags = red_flags(interview);
    if flags.is_empty() {
        return Found::not_judged();
    }
    let (asked, all) = (flags.iter().filter(|item| item.asked).count(), flags.len());
    let level = match asked {
        count if count == all => 2,
        count if 2 * count >= all => 1,
        _ => 0,
    };
    let mut found = Found::level(level).counted(asked, all).showing(flags.iter().filter_map(|item| first_quote(item)));
    found.moments = flags.iter().map(|item| moment(interview, item)).collect();
    found
}

pub(super) fn in_time(interview: &Interview<'_>) -> Found {
    let flags = red_flags(interview);
    let turns: Vec<&Evidence> = flags.iter().filter_map(|item| item.evidence.first()).collect();
    if turns.is_empty() || interview.student.len() < LONG_ENOUGH {
        return Found::not_judged();
    }
    let late: Vec<&&Evidence> =
        turns.iter().filter(|quote| 3 * over_before(interview, quote.turn) >= 2 * interview.student.len()).collect();
    let level = match late.len() {
        0 => 2,
        count if 2 * count <= turns.len() => 1,
        _ => 0,
    };
    Found::level(level)
        .counted(turns.len() - late.len(), turns.len())
        .showing(late.into_iter().map(|quote| (*quote).clone()))
}

fn red_flags<'i>(interview: &'i Interview<'_>) -> Vec<&'i ItemReport> {
    let items = interview.subject.items.iter();
    items.filter(|item| interview.red_flags.contains(&item.id.as_str())).collect()
}

fn first_quote(item: &ItemReport) -> Option<Evidence> {
    item.evidence.first().cloned()
}

/// How many of the student's turns were over when turn `turn` began.
fn over_before(interview: &Interview<'_>, turn: usize) -> usize {
    interview.student.iter().filter(|said| said.turn < turn).count()
}

fn moment(interview: &Interview<'_>, item: &ItemReport) -> Moment {
    let turn = item.evidence.first().map(|quote| quote.turn);
    let share = |turn| over_before(interview, turn) as f64 / interview.student.len().max(1) as f64;
    Moment { item: item.id.clone(), turn, through: turn.map(|turn| (share(turn) * 100.0).round() / 100.0) }
}
