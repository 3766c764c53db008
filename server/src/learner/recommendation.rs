//! Which case next, and why.

use std::collections::HashMap;

use knowledge_graph::TopicId;
use serde::Serialize;

use super::mastery::KNOWN_AT_FIRST;
use crate::store::MasteryRecord;

/// Share of its worth that a case already played keeps.
const REPEAT_WORTH: f64 = 0.35;
/// Topics named in the reason.
const MOST_REASONS: usize = 3;

/// A case that could be next.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Case id.
    pub case_id: String,
    /// The topics its rubric asks for, with their weights.
    pub topics: Vec<(TopicId, f64)>,
    /// How often the learner has finished it.
    pub finished: u32,
}

/// The case to play next.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recommendation {
    /// Which case.
    pub case_id: String,
    /// The missed topics it practises, weakest first; empty when there is no evidence yet.
    pub practises: Vec<TopicId>,
    /// Whether the learner has not finished it before.
    pub new: bool,
}

/// The candidate that asks most for what the learner leaves out; ties go to the first id.
pub fn recommend(records: &[MasteryRecord], candidates: &[Candidate]) -> Option<Recommendation> {
    let known: HashMap<&TopicId, &MasteryRecord> = records.iter().map(|record| (&record.topic, record)).collect();
    let best = candidates
        .iter()
        .map(|candidate| (worth(candidate, &known), candidate))
        .max_by(|(a, first), (b, second)| a.total_cmp(b).then_with(|| second.case_id.cmp(&first.case_id)))?
        .1;
    let mut missed: Vec<&MasteryRecord> = best
        .topics
        .iter()
        .filter_map(|(topic, _)| known.get(topic).copied())
        .filter(|record| record.missed > 0 && record.mastery < f64::midpoint(KNOWN_AT_FIRST, 1.0))
        .collect();
    missed.sort_by(|a, b| a.mastery.total_cmp(&b.mastery));
    missed.dedup_by(|a, b| a.topic == b.topic);
    Some(Recommendation {
        case_id: best.case_id.clone(),
        practises: missed.into_iter().take(MOST_REASONS).map(|record| record.topic.clone()).collect(),
        new: best.finished == 0,
    })
}

/// Mean weighted lack of mastery over the case's topics.
fn worth(candidate: &Candidate, known: &HashMap<&TopicId, &MasteryRecord>) -> f64 {
    let total: f64 = candidate.topics.iter().map(|(_, weight)| weight).sum();
    if total <= 0.0 {
        return 0.0;
    }
    let lacking: f64 = candidate
        .topics
        .iter()
        .map(|(topic, weight)| weight * (1.0 - known.get(topic).map_or(KNOWN_AT_FIRST, |record| record.mastery)))
        .sum();
    lacking / total * if candidate.finished == 0 { 1.0 } else { REPEAT_WORTH }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn missed(topic: &str, mastery: f64) -> MasteryRecord {
        MasteryRecord {
            topic: topic.parse().unwrap(),
            section: "social-history".into(),
            mastery,
            asked: 0,
            missed: 1,
            last: Timestamp::UNIX_EPOCH,
            last_missed_in: None,
        }
    }

    fn candidate(id: &str, topics: &[&str], finished: u32) -> Candidate {
        Candidate {
            case_id: id.into(),
            topics: topics.iter().map(|topic| (topic.parse().unwrap(), 1.0)).collect(),
            finished,
        }
    }

    #[test]
    fn proposes_the_case_that_asks_for_what_was_missed() {
        let records = [missed("history:smoking", 0.1), missed("history:travel", 0.95)];
        let cases = [candidate("a", &["history:travel"], 0), candidate("b", &["history:smoking"], 0)];

        let next = recommend(&records, &cases).unwrap();

        assert_eq!(next.case_id, "b");
        assert_eq!(next.practises, vec!["history:smoking".parse().unwrap()]);
        assert!(next.new);
    }

    #[test]
    fn prefers_a_new_case_over_the_same_one_again() {
        let cases = [candidate("a", &["history:smoking"], 1), candidate("b", &["history:smoking"], 0)];

        assert_eq!(recommend(&[], &cases).unwrap().case_id, "b");
    }

    #[test]
    fn proposes_nothing_without_cases() {
        assert_eq!(recommend(&[], &[]), None);
    }
}
