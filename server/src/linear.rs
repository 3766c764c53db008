//! Logistic regression: the small classifiers whose weights are part of the program.

use serde::Deserialize;

/// Weights for named features; the weighted sum is a log-odds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Linear {
    /// Names of the features, in order.
    pub features: Vec<String>,
    bias: f64,
    weights: Vec<f64>,
}

impl Linear {
    /// Whether there is a finite weight for every feature.
    pub fn is_sound(&self) -> bool {
        self.weights.len() == self.features.len() && self.weights.iter().all(|weight| weight.is_finite())
    }

    /// The weighted sum of `features`.
    pub fn log_odds(&self, features: &[f64]) -> f64 {
        self.bias + self.weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum::<f64>()
    }

    /// Probability 0–1.
    pub fn probability(&self, features: &[f64]) -> f64 {
        1.0 / (1.0 + (-self.log_odds(features)).exp())
    }
}
