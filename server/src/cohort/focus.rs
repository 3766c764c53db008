//! Whether working on a topic helped.

use jiff::{SignedDuration, Timestamp};
use knowledge_graph::TopicId;

use super::{Cohort, Difference, Share, by_topic};

/// How long before and after the mark consultations are compared.
const WINDOW: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Fewer judged occasions on either side than this are too few to compare.
const FEWEST: u32 = 20;

/// What can be said of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Too few occasions before or after.
    TooFew,
    /// The interval of the difference holds no change, too.
    Unclear,
    /// It is missed less.
    Better,
    /// It is missed more.
    Worse,
}

/// Before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Missed in the fortnight before the mark.
    pub before: Share,
    /// Missed in the fortnight from the mark on.
    pub after: Share,
    /// After minus before.
    pub difference: Difference,
    /// What can be said of it.
    pub change: Change,
}

/// Misses of `topic` in the fortnights before and after `marked`.
pub fn effect(cohort: &Cohort, topic: &TopicId, marked: Timestamp) -> Effect {
    let share = |from: Option<Timestamp>, to: Option<Timestamp>| {
        let place = cohort.known_place(topic)?;
        let within = |at: Timestamp| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to);
        by_topic(cohort, |consultation| within(consultation.started)).get(place).map(|tally| tally.missed)
    };
    let before = share(marked.checked_sub(WINDOW).ok(), Some(marked)).unwrap_or_default();
    let after = share(Some(marked), marked.checked_add(WINDOW).ok()).unwrap_or_default();
    let difference = after.minus(before);
    let change = match difference {
        _ if before.of < FEWEST || after.of < FEWEST => Change::TooFew,
        Difference { high, .. } if high < 0.0 => Change::Better,
        Difference { low, .. } if low > 0.0 => Change::Worse,
        _ => Change::Unclear,
    };
    Effect { before, after, difference, change }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::sheet::tests::cohort;

    fn found(before: &str, after: &str, times: usize) -> Effect {
        let mut rows = vec![(0, "2026-03-01T12:00:00Z", before); times];
        rows.extend(vec![(1, "2026-03-05T12:00:00Z", after); times]);
        rows.push((0, "2026-01-01T12:00:00Z", "---"));
        effect(&cohort(&rows), &"history:smoking".parse().unwrap(), "2026-03-03T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_clear_change_is_called_one_and_little_evidence_is_not() {
        for (before, after, times, change) in [
            ("-++", "+++", 30, Change::Better),
            ("+++", "-++", 30, Change::Worse),
            ("-++", "-++", 30, Change::Unclear),
            ("-++", "+++", 19, Change::TooFew),
        ] {
            assert_eq!(found(before, after, times).change, change, "{before} {after} {times}");
        }
    }

    #[test]
    fn only_the_fortnights_count() {
        let effect = found("-++", "+++", 30);

        assert_eq!((effect.before, effect.after), (Share { count: 30, of: 30 }, Share { count: 0, of: 30 }));
    }
}
