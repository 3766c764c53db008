//! What an answer says of what its student knows.

use knowledge_graph::Graph;

use crate::{
    learner::{
        Observation, Source,
        drills::{Answer, Item, Key, guess},
    },
    store::DrillAnswerRecord,
};

/// Less than this is not wholly right.
const WHOLLY: f64 = 0.999;

/// One observation for each topic of the item that is asked for in a history. Where terms are matched,
/// each prompt is its own occasion; of everything else only a wholly right answer shows the knowledge.
pub fn observations(graph: &Graph, item: &Item, kept: &DrillAnswerRecord) -> Vec<Observation> {
    let correct = |place: usize| match (&item.key, &kept.answer) {
        (Key::Pairs(key), Answer::Pairs(given)) if key.len() == item.topics.len() => {
            given.get(place).copied().flatten().is_some_and(|choice| key.get(place) == Some(&choice))
        }
        _ => kept.points >= WHOLLY,
    };
    let observation = |(place, topic): (usize, &knowledge_graph::TopicId)| {
        Some(Observation {
            topic: topic.clone(),
            // What is examined or measured belongs to no section.
            section: graph.topic(topic)?.section?,
            correct: correct(place),
            guess: luck(item),
            source: Source::Drill(kept.id),
            at: kept.at,
        })
    };
    item.topics.iter().enumerate().filter_map(observation).collect()
}

/// Chance of being wholly right by luck.
fn luck(item: &Item) -> f64 {
    match &item.key {
        Key::One(_) | Key::Pairs(_) => guess(item),
        Key::Order(key) => 1.0 / (1..=key.len()).map(|n| n as f64).product::<f64>(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use knowledge_graph::Bilingual;
    use uuid::Uuid;

    use super::*;
    use crate::learner::drills::{Choice, DrillKind, score};

    fn item(key: Key, choices: usize, topics: &[&str]) -> Item {
        let prompts = if matches!(key, Key::Pairs(_)) { topics.len() } else { 0 };
        Item {
            id: "0".repeat(16),
            kind: DrillKind::LayWords,
            seed: 0,
            graph: "g".to_owned(),
            stem: Bilingual::default(),
            question: Bilingual::default(),
            prompts: vec![Bilingual::default(); prompts],
            choices: vec![Choice { text: Bilingual::default(), why: Bilingual::default() }; choices],
            key,
            explanation: Bilingual::default(),
            sources: Vec::new(),
            topics: topics.iter().map(|topic| topic.parse().unwrap()).collect(),
        }
    }

    fn seen(item: &Item, answer: Answer) -> Vec<(String, bool, f64)> {
        let kept = DrillAnswerRecord {
            id: Uuid::nil(),
            student: Uuid::nil(),
            drill: item.id.clone(),
            points: score(item, &answer).unwrap(),
            answer,
            fresh: true,
            at: Timestamp::UNIX_EPOCH,
        };
        let all = observations(Graph::embedded().unwrap(), item, &kept);
        all.into_iter().map(|one| (one.topic.to_string(), one.correct, one.guess)).collect()
    }

    #[test]
    fn each_pair_is_its_own_occasion() {
        let item = item(Key::Pairs(vec![1, 0]), 4, &["finding:cough", "finding:fever"]);
        let right_and_none = seen(&item, Answer::Pairs(vec![Some(1), None]));
        assert_eq!(
            right_and_none,
            [("finding:cough".to_owned(), true, 0.25), ("finding:fever".to_owned(), false, 0.25)]
        );
        assert!(seen(&item, Answer::Unknown).iter().all(|(_, correct, _)| !correct));
    }

    #[test]
    fn an_order_counts_when_it_is_wholly_right_and_is_hard_to_guess() {
        let item = item(Key::Order(vec![2, 0, 3, 1]), 4, &["finding:cough"]);
        assert!(seen(&item, Answer::Order(vec![2, 0, 3, 1]))[0].1);
        assert!(!seen(&item, Answer::Order(vec![2, 0, 1, 3]))[0].1);
        assert!((seen(&item, Answer::Unknown)[0].2 - 1.0 / 24.0).abs() < 1e-12);
    }
}
