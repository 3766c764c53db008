//! The calibrated classifier: features → probability. Its weights are made by
//! `server/training/train.py` from the consultations beside it.
//!
//! Whether a clause asks an item is a logistic regression. Whether an item was asked anywhere is the mean of
//! two log-odds: a logistic regression over the best clause, and boosted trees over the best clause and the
//! highest value of every feature in the whole consultation.

mod trees;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use self::trees::Trees;
use super::{GraderError, closer::Closer, features::PAIR_FEATURES};
use crate::linear::Linear;

const SOURCE: &str = include_str!("weights.json");
const TREES: &str = include_str!("trees.json");
const CLOSER: &str = include_str!("closer.json");

/// Names of the features of an item over the whole transcript, in order; those of its best clause
/// ([`OF_BEST`]) follow.
pub(crate) const ITEM_FEATURES: [&str; 8] =
    ["best", "second", "rivals", "lead", "told_own", "told_context", "chinese", "asking"];

/// Features of the item's best clause that are weighed once more for the item: how it asks, and how
/// far it is from asking something else.
pub(crate) const OF_BEST: [&str; 31] = [
    "recall_own",
    "recall_turn",
    "precision",
    "alternative_own",
    "matched_strong",
    "topic_same",
    "topic_other",
    "facet_same",
    "facet_other",
    "facet_missing",
    "asks_by_form",
    "checks",
    "advice",
    "other_act",
    "similarity",
    "similarity_of_clause",
    "similarity_to_best_clause",
    "share",
    "joined",
    "answer_recall",
    "clause_length",
    "item_size",
    "advice_near",
    "lead_recall",
    "lead_precision",
    "kin_item_only",
    "kin_clause_only",
    "past_item_only",
    "conditional",
    "uncontested",
    "named_whole",
];

/// Names of the features that say whether the patient gave an item, in order.
pub(crate) const TELL_FEATURES: [&str; 7] =
    ["asked", "answered", "answer_length", "answer_unknown", "told_own", "told_context", "chinese"];

/// Log-odds beyond which either judge of an item counts as certain.
const SUREST: f64 = 9.0;

/// The weights for one way of reading.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Judge {
    /// Does this clause ask this item?
    pair: Linear,
    /// Was this item asked anywhere?
    item: Linear,
    /// The same, by trees.
    #[serde(skip)]
    item_trees: Trees,
    /// Did the patient give it?
    told: Linear,
    /// An item whose more likely verdict is less probable than this goes to an examiner.
    pub review_below: f64,
}

/// All weights: words without vectors are another matter than words with them, so each has its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Classifier {
    with_vectors: Judge,
    words_alone: Judge,
    #[serde(skip)]
    pub(super) closer: Closer,
    /// SHA-256 of the three files of weights, in lower-case hex.
    #[serde(skip)]
    pub sha256: String,
}

/// The trees of both.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AllTrees {
    with_vectors: Trees,
    words_alone: Trees,
}

impl Classifier {
    /// Reads the weights that are part of the program.
    pub fn embedded() -> Result<Self, GraderError> {
        let unreadable = |error: serde_json::Error| GraderError::Weights(error.to_string());
        let mut classifier: Self = serde_json::from_str(SOURCE).map_err(unreadable)?;
        let trees: AllTrees = serde_json::from_str(TREES).map_err(unreadable)?;
        let digest = Sha256::new().chain_update(SOURCE).chain_update(TREES).chain_update(CLOSER);
        classifier.sha256 = in_hex(&digest.finalize());
        classifier.closer = serde_json::from_str(CLOSER).map_err(unreadable)?;
        classifier.with_vectors.item_trees = trees.with_vectors;
        classifier.words_alone.item_trees = trees.words_alone;
        if ![&classifier.with_vectors, &classifier.words_alone].iter().all(|judge| judge.is_sound())
            || !classifier.closer.is_sound()
        {
            return Err(GraderError::Weights("made for other features; run server/training/train.py".to_owned()));
        }
        Ok(classifier)
    }

    /// Who judges a consultation that was, or was not, read with vectors.
    pub fn judge(&self, embedded: bool) -> &Judge {
        if embedded { &self.with_vectors } else { &self.words_alone }
    }
}

impl Judge {
    fn is_sound(&self) -> bool {
        let of_trees = ITEM_FEATURES.iter().chain(&PAIR_FEATURES).chain(&PAIR_FEATURES);
        self.pair.features == PAIR_FEATURES
            && self.item.features.iter().eq(ITEM_FEATURES.iter().chain(&OF_BEST))
            && self.told.features == TELL_FEATURES
            && self.item_trees.features.iter().eq(of_trees)
            && [&self.pair, &self.item, &self.told].iter().all(|model| model.is_sound())
            && self.item_trees.is_sound()
    }

    /// Log-odds that a clause asks an item.
    pub fn pair(&self, features: &[f32]) -> f64 {
        let features: Vec<f64> = features.iter().map(|feature| f64::from(*feature)).collect();
        self.pair.log_odds(&features)
    }

    /// Probability that an item was asked. `of_item` are its [`ITEM_FEATURES`], `best` the features of its best
    /// clause, `highest` the highest of each feature among all clauses.
    pub fn item(&self, of_item: &[f64], best: &[f32], highest: &[f32]) -> f64 {
        let value = |name: &str| PAIR_FEATURES.iter().position(|other| *other == name).and_then(|at| best.get(at));
        let of_best = OF_BEST.iter().map(|name| value(name).copied().map_or(0.0, f64::from));
        let regressed = self.item.log_odds(&of_item.iter().copied().chain(of_best).collect::<Vec<f64>>());
        let all = best.iter().chain(highest).map(|value| f64::from(*value));
        let grown = self.item_trees.log_odds(&of_item.iter().copied().chain(all).collect::<Vec<f64>>());
        let odds = f64::midpoint(regressed.clamp(-SUREST, SUREST), grown.clamp(-SUREST, SUREST));
        1.0 / (1.0 + (-odds).exp())
    }

    /// Probability that the patient gave an item.
    pub fn told(&self, features: &[f64]) -> f64 {
        self.told.probability(features)
    }
}

fn in_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
