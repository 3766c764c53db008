//! Which findings would change one's mind, and how far.

use serde::Serialize;

use super::{
    Differential, Options, Patient, Presence,
    differential::differential,
    information::{NextQuestion, ranked},
};
use crate::{Graph, TopicId};

/// A finding not yet known, and what knowing it would do.
#[derive(Clone, Debug, Serialize)]
pub struct Mover {
    /// The finding.
    pub topic: TopicId,
    /// Probability that the patient has it.
    pub expected_present: f64,
    /// Expected drop of uncertainty about the diagnosis, in bits.
    pub information_gain_bits: f64,
    /// If the patient has it.
    pub present: Shift,
    /// If the patient does not have it.
    pub absent: Shift,
}

/// How belief would shift.
#[derive(Clone, Debug, Serialize)]
pub struct Shift {
    /// Share of belief that would move from some diseases to others, 0–1 (total variation distance).
    pub moved: f64,
    /// The diseases whose probability would change most, at most `NAMED`.
    pub beliefs: Vec<Belief>,
}

/// Belief in one disease.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Belief {
    /// Name part of the disease's id.
    pub disease: String,
    /// Probability now.
    pub before: f64,
    /// Probability with the answer.
    pub after: f64,
}

/// Diseases named for each answer.
pub const NAMED: usize = 3;
/// Of the most informative findings this many times as many are tried out as are wanted: the most
/// informative on average is not always what moves belief furthest.
const TRIED: usize = 3;

/// At most `count` findings of any kind, symptoms, signs and results alike, that would move belief
/// most: by the expected share of belief moved over both answers.
pub fn movers(
    graph: &Graph,
    evidence: &[(TopicId, Presence)],
    patient: Option<Patient>,
    options: &Options,
    count: usize,
) -> Vec<Mover> {
    let mut candidates = ranked(graph, evidence, patient, options, |_| true);
    candidates.truncate(count.saturating_mul(TRIED));
    let mut movers = tried(graph, evidence, patient, options, candidates);
    movers.truncate(count);
    movers
}

/// What each of `questions` would do, what would move belief most first.
pub fn tried(
    graph: &Graph,
    evidence: &[(TopicId, Presence)],
    patient: Option<Patient>,
    options: &Options,
    questions: Vec<NextQuestion>,
) -> Vec<Mover> {
    let now = differential(graph, evidence, patient, options);
    let with = |topic: &TopicId, presence| {
        let more: Vec<_> = evidence.iter().cloned().chain([(topic.clone(), presence)]).collect();
        shift(&now, &differential(graph, &more, patient, options))
    };
    let mut movers: Vec<Mover> = questions
        .into_iter()
        .map(|question| Mover {
            present: with(&question.topic, Presence::Present),
            absent: with(&question.topic, Presence::Absent),
            topic: question.topic,
            expected_present: question.expected_present,
            information_gain_bits: question.information_gain_bits,
        })
        .collect();
    movers.sort_by(|a, b| b.expected().total_cmp(&a.expected()).then_with(|| a.topic.cmp(&b.topic)));
    movers
}

impl Mover {
    /// Share of belief that the answer is expected to move, 0–1.
    pub fn expected(&self) -> f64 {
        self.expected_present.mul_add(self.present.moved, (1.0 - self.expected_present) * self.absent.moved)
    }
}

fn shift(now: &Differential, then: &Differential) -> Shift {
    let mut beliefs: Vec<Belief> = now
        .posteriors
        .iter()
        .map(|posterior| Belief {
            disease: posterior.disease.clone(),
            before: posterior.probability,
            after: then.of(&posterior.disease).map_or(0.0, |after| after.probability),
        })
        .collect();
    let change = |belief: &Belief| (belief.after - belief.before).abs();
    let moved = beliefs.iter().map(change).sum::<f64>() + (then.something_else - now.something_else).abs();
    beliefs.sort_by(|a, b| change(b).total_cmp(&change(a)).then_with(|| a.disease.cmp(&b.disease)));
    beliefs.truncate(NAMED);
    Shift { moved: moved / 2.0, beliefs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::graph;

    fn known() -> Vec<(TopicId, Presence)> {
        vec![("finding:chest-pain".parse().unwrap(), Presence::Present)]
    }

    fn all() -> Vec<Mover> {
        movers(&graph(), &known(), None, &Options::default(), 10)
    }

    #[test]
    fn findings_of_every_kind_move_belief_and_what_is_known_does_not() {
        let topics: Vec<String> = all().iter().map(|mover| mover.topic.to_string()).collect();

        assert!(topics.contains(&"finding:pulse-difference".to_owned()), "{topics:?}");
        assert!(!topics.contains(&"finding:chest-pain".to_owned()), "{topics:?}");
    }

    #[test]
    fn a_shift_is_what_the_differential_says_with_the_answer() {
        let graph = graph();
        let mover = all().into_iter().find(|mover| mover.topic.name() == "pulse-difference").unwrap();
        let mut evidence = known();
        evidence.push((mover.topic.clone(), Presence::Present));

        let then = differential(&graph, &evidence, None, &Options::default());

        for belief in &mover.present.beliefs {
            assert!((belief.after - then.of(&belief.disease).unwrap().probability).abs() < 1e-12);
        }
        assert!((0.0..=1.0).contains(&mover.present.moved));
        let dissection = mover.present.beliefs.iter().find(|belief| belief.disease == "dissection").unwrap();
        assert!(dissection.after > dissection.before);
    }

    #[test]
    fn the_order_is_by_the_belief_that_is_expected_to_move() {
        let expected: Vec<f64> = all().iter().map(Mover::expected).collect();

        assert!(expected.len() > 2);
        assert!(expected.is_sorted_by(|a, b| a >= b), "{expected:?}");
    }
}
