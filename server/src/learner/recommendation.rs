//! What next, and why: the patient from whom this learner is expected to learn most.

use std::collections::{BTreeMap, HashMap};

use cases::{Case, format::RubricItem};
use knowledge_graph::{Section, TopicId};
use serde::Serialize;

use super::standing::{Standing, Wanted};

/// Share of its worth that a case already played keeps: the learner knows how it ends.
const REPEAT_WORTH: f64 = 0.35;
/// Topics named in the reason.
const MOST_REASONS: usize = 3;

/// A case that could be next.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Case id.
    pub case_id: String,
    /// What its rubric asks for.
    pub wanted: Vec<Wanted>,
    /// How often the learner has finished it.
    pub finished: u32,
}

impl Candidate {
    /// The case as a candidate for a learner who has finished it so often. An item asks for its first
    /// topic; the others are ways to ask the same.
    pub fn of(case: &Case, finished: u32) -> Self {
        let wanted = |item: &RubricItem| {
            Some(Wanted {
                topic: item.topics.first()?.clone(),
                section: item.section,
                system: case.system.clone(),
                weight: item.weight,
            })
        };
        Self { case_id: case.id.clone(), wanted: case.rubric.iter().filter_map(wanted).collect(), finished }
    }
}

/// The case to play next.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recommendation {
    /// Which case.
    pub case_id: String,
    /// The missed topics it practises, from which most is to be gained first; empty when there is no
    /// evidence yet.
    pub practises: Vec<TopicId>,
    /// Whether the learner has not finished it before.
    pub new: bool,
    /// The section of the history in which most is to be gained.
    pub section: Option<Section>,
    /// Questions more that the learner is expected to ask of all the patients there are, each once: the
    /// sum of gained probabilities by the weight of the items.
    pub gain: f64,
}

/// The candidates with what is expected to be gained of each, most first; ties go to the first id.
pub fn ranked<'c>(standing: &mut Standing<'_>, candidates: &'c [Candidate]) -> Vec<(f64, &'c Candidate)> {
    let demand = demand(candidates);
    let mut worth: Vec<(f64, &Candidate)> =
        candidates.iter().map(|candidate| (worth(standing, candidate, &demand), candidate)).collect();
    worth.sort_by(|(a, first), (b, second)| b.total_cmp(a).then_with(|| first.case_id.cmp(&second.case_id)));
    worth
}

/// The best `most` of the candidates, each with its reason.
pub fn recommend(standing: &mut Standing<'_>, candidates: &[Candidate], most: usize) -> Vec<Recommendation> {
    let ranked = ranked(standing, candidates);
    ranked.into_iter().take(most).map(|(gain, candidate)| recommendation(standing, candidate, gain)).collect()
}

/// How much every topic is asked for by all of the patients together: what is learned from one of them
/// is of use with the others.
fn demand(candidates: &[Candidate]) -> HashMap<&TopicId, f64> {
    let mut demand = HashMap::new();
    for one in candidates.iter().flat_map(|candidate| &candidate.wanted) {
        *demand.entry(&one.topic).or_default() += one.weight;
    }
    demand
}

fn worth(standing: &mut Standing<'_>, candidate: &Candidate, demand: &HashMap<&TopicId, f64>) -> f64 {
    let of = |one: &Wanted| demand.get(&one.topic).copied().unwrap_or(one.weight);
    let gain: f64 = candidate.wanted.iter().map(|one| of(one) * standing.expected_gain(one)).sum();
    gain * if candidate.finished == 0 { 1.0 } else { REPEAT_WORTH }
}

fn recommendation(standing: &mut Standing<'_>, candidate: &Candidate, gain: f64) -> Recommendation {
    let mut by_section: BTreeMap<Section, f64> = BTreeMap::new();
    let mut missed: Vec<(f64, &TopicId)> = Vec::new();
    for one in &candidate.wanted {
        let gained = one.weight * standing.expected_gain(one);
        *by_section.entry(one.section).or_default() += gained;
        let (asked, total) = standing.count(&one.topic, None);
        if asked < total && !missed.iter().any(|(_, topic)| *topic == &one.topic) {
            missed.push((gained, &one.topic));
        }
    }
    missed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    Recommendation {
        case_id: candidate.case_id.clone(),
        practises: missed.into_iter().take(MOST_REASONS).map(|(_, topic)| topic.clone()).collect(),
        new: candidate.finished == 0,
        section: by_section.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(section, _)| section),
        gain,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::{
        super::{Difficulties, Observation, Parameters, Placed, Source},
        *,
    };

    fn graded(topic: &str, correct: bool) -> Placed {
        Placed {
            observation: Observation {
                topic: topic.parse().unwrap(),
                section: Section::SocialHistory,
                correct,
                guess: 0.0,
                source: Source::Encounter(Uuid::nil()),
                at: Timestamp::UNIX_EPOCH,
            },
            system: "respiratory".into(),
        }
    }

    fn candidate(id: &str, topics: &[&str], finished: u32) -> Candidate {
        let wanted = |topic: &&str| Wanted {
            topic: topic.parse().unwrap(),
            section: Section::SocialHistory,
            system: "respiratory".into(),
            weight: 1.0,
        };
        Candidate { case_id: id.into(), wanted: topics.iter().map(wanted).collect(), finished }
    }

    fn first(evidence: &[Placed], cases: &[Candidate]) -> Option<Recommendation> {
        let (parameters, difficulties) = (Parameters::default(), Difficulties::default());
        let mut standing = Standing::new(evidence, (&parameters, &difficulties), Timestamp::UNIX_EPOCH);
        recommend(&mut standing, cases, 1).pop()
    }

    #[test]
    fn proposes_the_case_that_asks_for_what_was_missed() {
        let mut evidence = vec![graded("history:smoking", false), graded("history:smoking", false)];
        evidence.extend((0..6).map(|_| graded("history:travel", true)));
        let cases = [candidate("a", &["history:travel"], 0), candidate("b", &["history:smoking"], 0)];

        let next = first(&evidence, &cases).unwrap();

        assert_eq!(next.case_id, "b");
        assert_eq!(next.practises, vec!["history:smoking".parse().unwrap()]);
        assert!(next.new && next.gain > 0.0);
    }

    #[test]
    fn prefers_a_new_case_over_the_same_one_again() {
        let cases = [candidate("a", &["history:smoking"], 1), candidate("b", &["history:smoking"], 0)];

        assert_eq!(first(&[], &cases).unwrap().case_id, "b");
    }

    #[test]
    fn proposes_nothing_without_cases() {
        assert_eq!(first(&[], &[]), None);
    }
}
