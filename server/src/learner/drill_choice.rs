//! Which drill next: about what the learner lacks, neither too easy nor too hard, of varied kinds.

use knowledge_graph::TopicId;

use super::drills::{DrillKind, Rating, expected};

/// Credit that an item should be expected to bring: hard enough to teach, easy enough to go on.
/// Pelánek (Computers & Education 98, 2016, 169–179) reports practice systems aiming at 65–80 %.
const AIM: f64 = 0.7;
/// Worth that remains of a kind for each time it came among the last.
const AGAIN: f64 = 0.7;

/// An item that could be next.
#[derive(Clone, Debug, PartialEq)]
pub struct DrillCandidate {
    /// The item's id.
    pub id: String,
    /// Its kind.
    pub kind: DrillKind,
    /// What a right answer shows knowledge of.
    pub topics: Vec<TopicId>,
    /// Its difficulty.
    pub rating: Rating,
    /// Credit 0–1 of a blind guess.
    pub guess: f64,
}

/// The item that is worth most to a learner of this ability. `lacking` says of a topic how much of it
/// the learner lacks, 0–1; `last` are the kinds that came last. Of equals the first.
pub fn choose_drill<'c>(
    candidates: &'c [DrillCandidate],
    learner: Rating,
    mut lacking: impl FnMut(&TopicId) -> f64,
    last: &[DrillKind],
) -> Option<&'c DrillCandidate> {
    let mut best: Option<(f64, &DrillCandidate)> = None;
    for candidate in candidates {
        let topics = candidate.topics.len().max(1) as f64;
        let need = candidate.topics.iter().map(&mut lacking).sum::<f64>() / topics;
        let fit = 1.0 - (expected(learner, candidate.rating, candidate.guess) - AIM).abs();
        let repeated = last.iter().filter(|kind| **kind == candidate.kind).count();
        let worth = need * fit * AGAIN.powi(i32::try_from(repeated).unwrap_or(i32::MAX));
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: &str, kind: DrillKind, difficulty: f64) -> DrillCandidate {
        DrillCandidate {
            id: id.to_owned(),
            kind,
            topics: vec![format!("finding:{id}").parse().unwrap()],
            rating: Rating { logits: difficulty, answers: 40 },
            guess: 0.25,
        }
    }

    fn chosen(candidates: &[DrillCandidate], lacks: &str, last: &[DrillKind]) -> String {
        let lacking = |topic: &TopicId| if topic.name() == lacks { 0.9 } else { 0.3 };
        choose_drill(candidates, Rating::default(), lacking, last).unwrap().id.clone()
    }

    #[test]
    fn what_the_learner_lacks_comes_first() {
        let all = [candidate("cough", DrillKind::Ratio, 0.0), candidate("fever", DrillKind::Ratio, 0.0)];
        assert_eq!(chosen(&all, "fever", &[]), "fever");
        assert_eq!(chosen(&all, "cough", &[]), "cough");
    }

    #[test]
    fn neither_what_nobody_gets_nor_what_everybody_gets() {
        let all = [
            candidate("cough", DrillKind::Ratio, 5.0),
            candidate("fever", DrillKind::Ratio, -5.0),
            candidate("rash", DrillKind::Ratio, 0.0),
        ];
        assert_eq!(chosen(&all, "none", &[]), "rash");
    }

    #[test]
    fn kinds_take_turns() {
        let all = [candidate("cough", DrillKind::Ratio, 0.0), candidate("fever", DrillKind::Order, 0.0)];
        assert_eq!(chosen(&all, "none", &[DrillKind::Ratio]), "fever");
        assert_eq!(chosen(&all, "none", &[DrillKind::Order]), "cough");
    }

    #[test]
    fn of_nothing_there_is_nothing() {
        assert_eq!(choose_drill(&[], Rating::default(), |_| 1.0, &[]), None);
    }
}
