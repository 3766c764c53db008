//! Intraclass correlation of scores.

use super::Table;

/// Intraclass correlations of single ratings, two-way (`McGraw` & Wong 1996, Psychol Methods 1:30–46).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Icc {
    /// Units that all raters judged.
    pub units: usize,
    /// ICC(A,1): a rater who always gives five points more disagrees.
    pub agreement: f64,
    /// ICC(C,1): only the order and the distances count.
    pub consistency: f64,
}

/// Over the rows without a gap. None with fewer than two such rows or two raters, or without any
/// variance.
pub fn icc(table: &Table) -> Option<Icc> {
    let rows: Vec<Vec<f64>> = table.iter().filter_map(|row| row.iter().copied().collect()).collect();
    let (n, k) = (rows.len(), rows.first()?.len());
    if n < 2 || k < 2 {
        return None;
    }
    let (units, raters) = (n as f64, k as f64);
    let mean = rows.iter().flatten().sum::<f64>() / (units * raters);
    let square = |value: f64| (value - mean).powi(2);
    let between_units: f64 = rows.iter().map(|row| square(row.iter().sum::<f64>() / raters)).sum::<f64>() * raters;
    let column = |at: usize| rows.iter().map(|row| row[at]).sum::<f64>() / units;
    let between_raters: f64 = (0..k).map(|at| square(column(at))).sum::<f64>() * units;
    let total: f64 = rows.iter().flatten().map(|value| square(*value)).sum();
    let error = (total - between_units - between_raters).max(0.0) / ((units - 1.0) * (raters - 1.0));
    let (unit, rater) = (between_units / (units - 1.0), between_raters / (raters - 1.0));
    let consistent = unit + (raters - 1.0) * error;
    let absolute = consistent + raters * (rater - error) / units;
    (consistent > 0.0 && absolute > 0.0).then(|| Icc {
        units: n,
        agreement: (unit - error) / absolute,
        consistency: (unit - error) / consistent,
    })
}
