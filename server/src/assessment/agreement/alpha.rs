//! Krippendorff's α: any number of raters, missing judgements, several levels of measurement.

use super::{Table, categories};

/// What a difference between two values means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Equal or not.
    Nominal,
    /// Ranked.
    Ordinal,
    /// Distances count.
    Interval,
}

/// Krippendorff's α (Krippendorff 2011, *Computing Krippendorff's Alpha-Reliability*). None when
/// no unit was judged twice, or all judgements are the same.
pub fn krippendorff_alpha(table: &Table, level: Level) -> Option<f64> {
    let rows: Vec<Vec<f64>> = table.iter().map(|row| row.iter().flatten().copied().collect()).collect();
    let rows: Vec<Vec<f64>> = rows.into_iter().filter(|row: &Vec<f64>| row.len() > 1).collect();
    let values = categories(rows.iter().flatten().copied());
    let coincidences = coincidences(&rows, &values);
    let totals: Vec<f64> = coincidences.iter().map(|row| row.iter().sum()).collect();
    let all: f64 = totals.iter().sum();
    let (mut observed, mut expected) = (0.0, 0.0);
    for a in 0..values.len() {
        for b in 0..values.len() {
            let distance = distance(level, &values, &totals, a, b);
            observed += coincidences[a][b] * distance;
            expected += totals[a] * totals[b] * distance;
        }
    }
    (expected > 0.0).then(|| 1.0 - (all - 1.0) * observed / expected)
}

/// How often two values stand side by side in a unit, each unit weighing as much as it has judgements.
fn coincidences(rows: &[Vec<f64>], values: &[f64]) -> Vec<Vec<f64>> {
    let mut table = vec![vec![0.0; values.len()]; values.len()];
    let place = |value: f64| values.iter().position(|other| other.total_cmp(&value).is_eq()).unwrap_or_default();
    for row in rows {
        for (at, a) in row.iter().enumerate() {
            for (_, b) in row.iter().enumerate().filter(|(other, _)| *other != at) {
                table[place(*a)][place(*b)] += 1.0 / (row.len() - 1) as f64;
            }
        }
    }
    table
}

fn distance(level: Level, values: &[f64], totals: &[f64], a: usize, b: usize) -> f64 {
    match level {
        Level::Nominal => f64::from(u8::from(a != b)),
        Level::Interval => (values[a] - values[b]).powi(2),
        Level::Ordinal => {
            let (low, high) = (a.min(b), a.max(b));
            let between: f64 = totals[low..=high].iter().sum();
            (between - f64::midpoint(totals[low], totals[high])).powi(2)
        }
    }
}
