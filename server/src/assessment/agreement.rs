//! How far raters agree beyond chance: examiner with examiner, machine with examiner.
//!
//! A table holds units (an item of a transcript, or a transcript) in rows and raters in columns; a
//! missing judgement is `None`. Every statistic is `None` where it is not defined, such as κ of two
//! raters who never met or who both always say the same.

mod alpha;
mod calibration;
mod chance;
mod icc;
mod marks;

pub use alpha::{Level, krippendorff_alpha};
pub use calibration::{Bin, Calibration, calibration};
pub use chance::{Interval, cohen_kappa, cohen_kappa_interval, gwet_ac1, observed_agreement};
pub use icc::{Icc, icc};
pub use marks::{Agreement, ItemAgreement, Mark, Marks, PairAgreement, compare};

/// Judgements: one row a unit, one column a rater.
pub type Table = Vec<Vec<Option<f64>>>;

/// The rows that both of two raters judged, as pairs.
pub fn pairs(table: &Table, first: usize, second: usize) -> Vec<(f64, f64)> {
    table.iter().filter_map(|row| Some(((*row.get(first)?)?, (*row.get(second)?)?))).collect()
}

/// The distinct values in order.
fn categories(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut found: Vec<f64> = values.collect();
    found.sort_by(f64::total_cmp);
    found.dedup();
    found
}

#[cfg(test)]
mod tests;
