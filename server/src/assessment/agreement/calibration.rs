//! Whether the machine is right as often as it says.

use serde::Serialize;

/// Verdicts of about the same confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Lowest confidence of the bin; the bins are a tenth wide.
    pub from: f64,
    /// How many verdicts.
    pub count: usize,
    /// What they said on average.
    pub confidence: f64,
    /// Share that were right.
    pub right: f64,
}

/// A reliability diagram in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// From the least to the most confident; empty bins are left out.
    pub bins: Vec<Bin>,
    /// Expected calibration error: the mean distance between said and right, weighted by count
    /// (Naeini et al. 2015, AAAI 29:2901–2907).
    pub error: f64,
}

/// Of verdicts with their confidence (0–1) and whether they were right.
pub fn calibration(verdicts: &[(f64, bool)]) -> Calibration {
    const BINS: usize = 10;
    let place = |confidence: f64| (1..BINS).take_while(|edge| confidence >= *edge as f64 / BINS as f64).count();
    let bin = |at: usize| {
        let inside: Vec<&(f64, bool)> = verdicts.iter().filter(|(confidence, _)| place(*confidence) == at).collect();
        let count = inside.len();
        (count > 0).then(|| Bin {
            from: at as f64 / BINS as f64,
            count,
            confidence: inside.iter().map(|(confidence, _)| confidence).sum::<f64>() / count as f64,
            right: inside.iter().filter(|(_, right)| *right).count() as f64 / count as f64,
        })
    };
    let bins: Vec<Bin> = (0..BINS).filter_map(bin).collect();
    let distance = |bin: &Bin| bin.count as f64 * (bin.confidence - bin.right).abs();
    let error = bins.iter().map(distance).sum::<f64>() / verdicts.len().max(1) as f64;
    Calibration { bins, error }
}
