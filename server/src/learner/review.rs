//! When what was missed is due again: the spaced repetition of FSRS, with its published parameters.
//!
//! A topic becomes a card when it is missed. Asking it, in a consultation or a drill, is a good
//! answer, missing it again a lapse. The next review is due when the chance of recalling it is
//! expected to have fallen to [`RETENTION`] (Ye, Su & Cao, "A stochastic shortest path algorithm for
//! optimizing spaced repetition scheduling", KDD 2022; crate `fsrs`).

use std::collections::BTreeMap;

use fsrs::{FSRS, MemoryState};
use jiff::{SignedDuration, Timestamp};
use knowledge_graph::{Section, TopicId};
use serde::Serialize;
use uuid::Uuid;

use super::observation::{Placed, Source};

/// Chance of recall at which a topic is due.
const RETENTION: f32 = 0.9;
/// A topic whose next review is farther away than this has been learned.
const LEARNED_AFTER_DAYS: f32 = 120.0;
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A topic to be asked again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Review {
    /// Which topic.
    pub topic: TopicId,
    /// Its section.
    pub section: Section,
    /// Body system it was last missed in.
    pub system: String,
    /// When it is due.
    pub due: Timestamp,
    /// Times missed.
    pub missed: u32,
    /// Occasions it is based on, since it was first missed.
    pub based_on: u32,
    /// The consultation in which it was last missed, unless a drill graded it.
    pub last_missed_in: Option<Uuid>,
}

struct Card {
    review: Review,
    memory: MemoryState,
    last: Timestamp,
    interval: f32,
}

/// What is to be reviewed, soonest first: from all that was graded, oldest first.
pub fn reviews(evidence: &[Placed]) -> Vec<Review> {
    let Ok(schedule) = FSRS::new(&[]) else { return Vec::new() };
    let mut cards: BTreeMap<&TopicId, Card> = BTreeMap::new();
    for placed in evidence {
        match cards.get_mut(&placed.observation.topic) {
            Some(card) => answered(card, &schedule, placed),
            None if !placed.observation.correct => {
                if let Some(card) = begun(&schedule, placed) {
                    cards.insert(&placed.observation.topic, card);
                }
            }
            None => {}
        }
    }
    let learning = cards.into_values().filter(|card| card.interval < LEARNED_AFTER_DAYS);
    let mut reviews: Vec<Review> = learning.map(|card| card.review).collect();
    reviews.sort_by(|a, b| a.due.cmp(&b.due).then_with(|| a.topic.cmp(&b.topic)));
    reviews
}

fn begun(schedule: &FSRS, placed: &Placed) -> Option<Card> {
    let seen = &placed.observation;
    let first = schedule.next_states(None, RETENTION, 0).ok()?.again;
    Some(Card {
        review: Review {
            topic: seen.topic.clone(),
            section: seen.section,
            system: placed.system.clone(),
            due: after(seen.at, first.interval),
            missed: 1,
            based_on: 1,
            last_missed_in: encounter(seen.source),
        },
        memory: first.memory,
        last: seen.at,
        interval: first.interval,
    })
}

fn answered(card: &mut Card, schedule: &FSRS, placed: &Placed) {
    let seen = &placed.observation;
    let elapsed = u32::try_from(seen.at.duration_since(card.last).as_hours() / 24).unwrap_or(0);
    let Ok(next) = schedule.next_states(Some(card.memory), RETENTION, elapsed) else { return };
    let state = if seen.correct { next.good } else { next.again };
    (card.memory, card.interval, card.last) = (state.memory, state.interval, seen.at);
    card.review.due = after(seen.at, state.interval);
    card.review.based_on += 1;
    if !seen.correct {
        card.review.missed += 1;
        card.review.system.clone_from(&placed.system);
        card.review.last_missed_in = encounter(seen.source);
    }
}

fn encounter(source: Source) -> Option<Uuid> {
    match source {
        Source::Encounter(id) => Some(id),
        Source::Drill(_) => None,
    }
}

/// Whole days, at least one: nobody asks twice a day for one's own good.
#[expect(clippy::cast_possible_truncation, reason = "clamped to a year before")]
fn after(at: Timestamp, days: f32) -> Timestamp {
    at.checked_add(DAY * days.round().clamp(1.0, 365.0) as i32).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::{super::Observation, *};

    fn graded(day: i64, correct: bool) -> Placed {
        Placed {
            observation: Observation {
                topic: "history:smoking".parse().unwrap(),
                section: Section::SocialHistory,
                correct,
                guess: 0.0,
                source: Source::Encounter(Uuid::nil()),
                at: Timestamp::from_second(day * 86_400).unwrap(),
            },
            system: "respiratory".into(),
        }
    }

    fn due(evidence: &[Placed]) -> i64 {
        reviews(evidence)[0].due.as_second() / 86_400
    }

    #[test]
    fn only_what_was_missed_is_reviewed() {
        assert!(reviews(&[graded(0, true), graded(5, true)]).is_empty());
        let review = &reviews(&[graded(0, true), graded(5, false)])[0];
        assert_eq!((review.missed, review.based_on), (1, 1));
    }

    #[test]
    fn each_good_answer_moves_the_next_review_farther_away_and_a_lapse_brings_it_back() {
        let mut evidence = vec![graded(0, false)];
        let first = due(&evidence);
        assert!((1..=3).contains(&first), "{first}");
        evidence.push(graded(first, true));
        let second = due(&evidence);
        assert!(second - first >= first, "{first} {second}");
        evidence.push(graded(second, true));
        let third = due(&evidence);
        assert!(third - second > second - first, "{first} {second} {third}");
        evidence.push(graded(third, false));
        assert!(due(&evidence) - third < third - second);
    }

    #[test]
    fn what_is_known_for_good_is_not_reviewed_any_more() {
        let mut evidence = vec![graded(0, false)];
        for _ in 0..30 {
            let Some(review) = reviews(&evidence).pop() else { return };
            evidence.push(graded(review.due.as_second() / 86_400, true));
        }
        panic!("still due after 30 good answers: {:?}", reviews(&evidence));
    }
}
