use std::collections::BTreeSet;

use knowledge_graph::{Graph, Language};
use proptest::prelude::*;

use super::*;

fn source() -> Source<'static> {
    Source::new(Graph::embedded().unwrap())
}

fn some(kind: DrillKind, count: usize) -> Vec<Item> {
    let source = source();
    (0..200).filter_map(|seed| source.generate(kind, seed)).take(count).collect()
}

#[test]
fn every_kind_is_made_and_the_same_seed_makes_the_same_item() {
    for kind in DrillKind::ALL {
        let (first, again) = (some(kind, 3), some(kind, 3));
        assert_eq!(first.len(), 3, "{kind}");
        assert_eq!(first, again);
        let ids: BTreeSet<&str> = first.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), 3);
    }
}

#[test]
fn every_item_is_whole_in_both_languages_and_rests_on_a_known_source() {
    let graph = Graph::embedded().unwrap();
    for item in DrillKind::ALL.into_iter().flat_map(|kind| some(kind, 5)) {
        assert!(!item.sources.is_empty() && !item.topics.is_empty(), "{item:?}");
        for source in &item.sources {
            let source = graph.source(source).unwrap();
            assert_ne!(source.evidence, knowledge_graph::format::Evidence::Unverified);
        }
        for language in Language::ALL {
            let mut texts = BTreeSet::new();
            assert!(!item.stem.get(language).is_empty() && !item.explanation.get(language).is_empty());
            for choice in &item.choices {
                assert!(texts.insert(choice.text.get(language)), "twice: {item:?}");
            }
        }
    }
}

#[test]
fn every_wrong_finding_speaks_for_somebody() {
    for choice in some(DrillKind::Discriminate, 20).into_iter().flat_map(|item| item.choices) {
        assert!(!choice.why.en.ends_with("for ") && !choice.why.zh.ends_with("支持"), "{choice:?}");
    }
}

#[test]
fn the_key_earns_everything_and_not_knowing_nothing() {
    for item in DrillKind::ALL.into_iter().flat_map(|kind| some(kind, 2)) {
        let right = match item.key.clone() {
            Key::One(key) => Answer::One(key),
            Key::Pairs(key) => Answer::Pairs(key.into_iter().map(Some).collect()),
            Key::Order(key) => Answer::Order(key),
        };
        assert_eq!(score(&item, &right), Some(1.0));
        assert_eq!(score(&item, &Answer::Unknown), Some(0.0));
        assert_eq!(score(&item, &Answer::One(99)), None);
    }
}

#[test]
fn a_ranking_with_neighbours_swapped_loses_one_pair() {
    let item = some(DrillKind::Order, 1).remove(0);
    let Key::Order(mut key) = item.key.clone() else { panic!("an order") };
    let pairs = (key.len() * (key.len() - 1) / 2) as f64;
    key.swap(0, 1);
    assert!((score(&item, &Answer::Order(key.clone())).unwrap() - (pairs - 1.0) / pairs).abs() < 1e-9);
    key.swap(0, 1);
    key.reverse();
    assert_eq!(score(&item, &Answer::Order(key.clone())), Some(0.0));
    assert_eq!(score(&item, &Answer::Order(vec![0; key.len()])), None);
}

#[test]
fn discrimination_needs_answers_and_tells_good_items_from_bad() {
    let good: Vec<(f64, f64)> = (0..30).map(|n| (f64::from(n / 15), f64::from(n) / 30.0)).collect();
    let bad: Vec<(f64, f64)> = (0..30).map(|n| (f64::from(n % 2), f64::from(n / 2) / 15.0)).collect();
    assert!(discrimination(&good).unwrap() > 0.8);
    assert!(discrimination(&bad).unwrap().abs() < WEAK_DISCRIMINATION);
    assert_eq!(discrimination(&good[..29]), None);
    assert_eq!(discrimination(&[(1.0, 0.5); 30]), Some(0.0));
}

proptest! {
    #[test]
    fn a_right_answer_never_lowers_the_learner_and_a_wrong_one_never_raises(
        ability in -6.0..6.0_f64, difficulty in -6.0..6.0_f64, answers in 0_u32..1000, floor in 0.0..0.6_f64,
    ) {
        let (learner, item) = (Rating { logits: ability, answers }, Rating { logits: difficulty, answers });
        let (up, easier) = rated(learner, item, 1.0, floor);
        let (down, harder) = rated(learner, item, 0.0, floor);
        prop_assert!(up.logits >= ability && easier.logits <= difficulty);
        prop_assert!(down.logits <= ability && harder.logits >= difficulty);
        prop_assert!((-6.0..=6.0).contains(&up.logits) && (-6.0..=6.0).contains(&down.logits));
        prop_assert_eq!(up.answers, answers + 1);
        let sure = expected(learner, item, floor);
        prop_assert!((floor..=1.0).contains(&sure));
    }
}

#[test]
fn difficulties_are_recovered_from_answers() {
    // Learners of ability −2 … 2 answer an easy and a hard item by the model itself, evenly spread.
    let (mut easy, mut hard) = (Rating::default(), Rating::default());
    for n in 0..400_u32 {
        let learner = Rating { logits: f64::from(n % 5) - 2.0, answers: 0 };
        let draw = f64::from(n.wrapping_mul(7919) % 400) / 400.0;
        let credit = |truth: f64| {
            let sure = expected(learner, Rating { logits: truth, answers: 0 }, 0.25);
            f64::from(u8::from(draw < sure))
        };
        easy = rated(learner, easy, credit(-1.5), 0.25).1;
        hard = rated(learner, hard, credit(1.5), 0.25).1;
    }
    assert!((easy.logits + 1.5).abs() < 0.8 && (hard.logits - 1.5).abs() < 0.8, "{easy:?} {hard:?}");
}
