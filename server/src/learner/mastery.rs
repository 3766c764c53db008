//! Mastery of a topic by Bayesian knowledge tracing.
//!
//! Corbett & Anderson, "Knowledge tracing: modeling the acquisition of procedural knowledge", User
//! Modeling and User-Adapted Interaction 4 (1995) 253–278. A topic is either part of the learner's
//! routine or not; a graded consultation shows whether it was asked when it mattered; each debrief
//! is an occasion to learn it. Between consultations mastery decays towards its prior, by half
//! every [`Parameters::half_life_days`].

use jiff::Timestamp;
use knowledge_graph::TopicId;
use uuid::Uuid;

use crate::store::MasteryRecord;

/// Parameters of the model. All but the half-life are probabilities 0–1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// That a topic is routine before any evidence.
    pub known_at_first: f64,
    /// That a routine topic is left out all the same.
    pub slip: f64,
    /// That a topic is asked though it is not routine.
    pub guess: f64,
    /// That a debrief makes it routine.
    pub learn: f64,
    /// Days in which the evidence loses half its weight.
    pub half_life_days: f64,
}

/// Before any evidence.
pub const KNOWN_AT_FIRST: f64 = 0.4;

impl Default for Parameters {
    /// Chosen by hand, not yet fitted to learners: three consultations in a row with the topic
    /// asked give 0.97, three misses 0.28.
    fn default() -> Self {
        Self { known_at_first: KNOWN_AT_FIRST, slip: 0.15, guess: 0.25, learn: 0.1, half_life_days: 60.0 }
    }
}

/// One graded observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Graded {
    /// Which topic mattered.
    pub topic: TopicId,
    /// The section it was graded in.
    pub section: String,
    /// Whether it was asked.
    pub asked: bool,
}

/// Mastery of the topic after `graded`, in the consultation `encounter` at `now`.
pub fn updated(
    before: Option<&MasteryRecord>,
    graded: &Graded,
    encounter: Uuid,
    now: Timestamp,
    parameters: &Parameters,
) -> MasteryRecord {
    let prior = before.map_or(parameters.known_at_first, |record| decayed(record, now, parameters));
    let posterior = posterior(prior, graded.asked, parameters);
    let mastery = posterior + (1.0 - posterior) * parameters.learn;
    MasteryRecord {
        topic: graded.topic.clone(),
        section: graded.section.clone(),
        mastery,
        asked: before.map_or(0, |record| record.asked) + u32::from(graded.asked),
        missed: before.map_or(0, |record| record.missed) + u32::from(!graded.asked),
        last: now,
        last_missed_in: if graded.asked { before.and_then(|record| record.last_missed_in) } else { Some(encounter) },
    }
}

/// Bayes' rule with slip and guess.
fn posterior(prior: f64, asked: bool, p: &Parameters) -> f64 {
    let (if_known, if_not) = if asked { (1.0 - p.slip, p.guess) } else { (p.slip, 1.0 - p.guess) };
    let known = prior * if_known;
    known / (known + (1.0 - prior) * if_not)
}

/// Mastery as it stands at `now`, evidence fading towards the prior.
fn decayed(record: &MasteryRecord, now: Timestamp, p: &Parameters) -> f64 {
    let days = (now.duration_since(record.last).as_secs_f64() / 86_400.0).max(0.0);
    let kept = 0.5_f64.powf(days / p.half_life_days);
    p.known_at_first + (record.mastery - p.known_at_first) * kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graded(asked: bool) -> Graded {
        Graded { topic: "history:smoking".parse().unwrap(), section: "social-history".into(), asked }
    }

    fn after(outcomes: &[bool]) -> MasteryRecord {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let mut record = None;
        for asked in outcomes {
            record = Some(updated(record.as_ref(), &graded(*asked), Uuid::nil(), now, &Parameters::default()));
        }
        record.unwrap()
    }

    #[test]
    fn asking_raises_and_missing_lowers_mastery() {
        assert!(after(&[true]).mastery > KNOWN_AT_FIRST);
        assert!(after(&[false]).mastery < KNOWN_AT_FIRST);
        assert!(after(&[true, true, true]).mastery > 0.95);
        assert!(after(&[false, false, false]).mastery < 0.3);
    }

    #[test]
    fn mastery_stays_a_probability_whatever_comes() {
        for pattern in 0..256_u32 {
            let outcomes: Vec<bool> = (0..8).map(|bit| pattern & (1 << bit) != 0).collect();
            let record = after(&outcomes);
            assert!((0.0..=1.0).contains(&record.mastery), "{record:?}");
            assert_eq!(record.asked + record.missed, 8);
        }
    }

    #[test]
    fn evidence_fades_by_half_in_a_half_life() {
        let record = after(&[true, true]);
        let later = Timestamp::from_second(1_700_000_000 + 60 * 86_400).unwrap();
        let faded = decayed(&record, later, &Parameters::default());
        assert!((faded - f64::midpoint(KNOWN_AT_FIRST, record.mastery)).abs() < 1e-9);
    }
}
