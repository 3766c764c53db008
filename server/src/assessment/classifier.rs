//! The calibrated classifier: features → probability. Its weights are made by
//! `server/training/train.py` from the consultations beside it.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{GraderError, features::PAIR_FEATURES};
use crate::linear::Linear;

const SOURCE: &str = include_str!("weights.json");

/// Names of the features of an item over the whole transcript, in order; those of its best clause
/// ([`OF_BEST`]) follow.
pub(crate) const ITEM_FEATURES: [&str; 7] = ["best", "second", "rivals", "lead", "told_own", "told_context", "chinese"];

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

/// All weights.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Classifier {
    /// Does this clause ask this item?
    pair: Linear,
    /// Was this item asked anywhere?
    item: Linear,
    /// Did the patient give it?
    told: Linear,
    /// An item whose more likely verdict is less probable than this goes to an examiner.
    pub review_below: f64,
    /// SHA-256 of the weights' file, in lower-case hex.
    #[serde(skip)]
    pub sha256: String,
}

impl Classifier {
    /// Reads the weights that are part of the program.
    pub fn embedded() -> Result<Self, GraderError> {
        let mut classifier: Self =
            serde_json::from_str(SOURCE).map_err(|error| GraderError::Weights(error.to_string()))?;
        classifier.sha256 = in_hex(&Sha256::digest(SOURCE));
        let checks = [
            classifier.pair.features == PAIR_FEATURES,
            classifier.item.features.iter().eq(ITEM_FEATURES.iter().chain(&OF_BEST)),
            classifier.told.features == TELL_FEATURES,
            classifier.pair.is_sound() && classifier.item.is_sound() && classifier.told.is_sound(),
        ];
        if checks.contains(&false) {
            return Err(GraderError::Weights("made for other features; run server/training/train.py".to_owned()));
        }
        Ok(classifier)
    }

    /// Log-odds that a clause asks an item.
    pub fn pair(&self, features: &[f32]) -> f64 {
        let features: Vec<f64> = features.iter().map(|feature| f64::from(*feature)).collect();
        self.pair.log_odds(&features)
    }

    /// Probability that an item was asked.
    pub fn item(&self, features: &[f64]) -> f64 {
        self.item.probability(features)
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
