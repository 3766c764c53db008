//! Two raters and categories: observed agreement, Cohen's κ, Gwet's AC1.

use super::categories;

/// 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Shares of each pair of categories, and of each category by rater.
struct Shares {
    both: Vec<Vec<f64>>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Shares {
    fn of(pairs: &[(f64, f64)]) -> Option<Self> {
        if pairs.is_empty() {
            return None;
        }
        let known = categories(pairs.iter().flat_map(|(a, b)| [*a, *b]));
        let place = |value: f64| known.iter().position(|category| category.total_cmp(&value).is_eq());
        let mut both = vec![vec![0.0; known.len()]; known.len()];
        for (a, b) in pairs {
            both[place(*a)?][place(*b)?] += 1.0 / pairs.len() as f64;
        }
        let first = both.iter().map(|row| row.iter().sum()).collect();
        let second = (0..known.len()).map(|column| both.iter().map(|row| row[column]).sum()).collect();
        Some(Self { both, first, second })
    }

    fn agreed(&self) -> f64 {
        (0..self.both.len()).map(|at| self.both[at][at]).sum()
    }

    /// Agreement expected of raters who keep their own rates.
    fn expected(&self) -> f64 {
        self.first.iter().zip(&self.second).map(|(a, b)| a * b).sum()
    }
}

/// Share of pairs that are equal.
pub fn observed_agreement(pairs: &[(f64, f64)]) -> Option<f64> {
    Some(Shares::of(pairs)?.agreed())
}

/// Cohen's κ (Cohen 1960, Educ Psychol Meas 20:37–46); none when chance alone would always agree.
pub fn cohen_kappa(pairs: &[(f64, f64)]) -> Option<f64> {
    let shares = Shares::of(pairs)?;
    let expected = shares.expected();
    (expected < 1.0).then(|| (shares.agreed() - expected) / (1.0 - expected))
}

/// 95 % interval of κ by its large-sample standard error (Fleiss, Cohen & Everitt 1969, Psychol
/// Bull 72:323–327).
pub fn cohen_kappa_interval(pairs: &[(f64, f64)]) -> Option<Interval> {
    const Z: f64 = 1.959_964;
    let shares = Shares::of(pairs)?;
    let (kappa, expected) = (cohen_kappa(pairs)?, shares.expected());
    let (mut agreeing, mut differing) = (0.0, 0.0);
    for (row, shared) in shares.both.iter().enumerate() {
        for (column, share) in shared.iter().enumerate() {
            if row == column {
                agreeing += share * (1.0 - (shares.first[row] + shares.second[row]) * (1.0 - kappa)).powi(2);
            } else {
                differing += share * (shares.second[row] + shares.first[column]).powi(2);
            }
        }
    }
    let correction = (kappa - expected * (1.0 - kappa)).powi(2);
    let variance =
        (agreeing + (1.0 - kappa).powi(2) * differing - correction) / (pairs.len() as f64 * (1.0 - expected).powi(2));
    let half = Z * variance.max(0.0).sqrt();
    Some(Interval { low: (kappa - half).max(-1.0), high: (kappa + half).min(1.0) })
}

/// Gwet's AC1 (Gwet 2008, Br J Math Stat Psychol 61:29–48): stays meaningful where nearly all
/// judgements fall into one category. None with one category only.
pub fn gwet_ac1(pairs: &[(f64, f64)]) -> Option<f64> {
    let shares = Shares::of(pairs)?;
    let kinds = shares.both.len();
    let spread: f64 =
        shares.first.iter().zip(&shares.second).map(|(a, b)| f64::midpoint(*a, *b)).map(|p| p * (1.0 - p)).sum();
    let expected = spread / (kinds.checked_sub(1).filter(|rest| *rest > 0)? as f64);
    (expected < 1.0).then(|| (shares.agreed() - expected) / (1.0 - expected))
}
