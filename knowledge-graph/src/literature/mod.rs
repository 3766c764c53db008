//! What a guideline or an abstract says, as proposals for the graph.
//!
//! Code reads the text: sentences, the graph's own words in them, and patterns of the few ways in
//! which such texts state a frequency, a likelihood ratio, a risk, a treatment, a differential or a
//! complication. Nothing here changes the graph. A person decides on each [`Proposal`]; what is
//! accepted becomes an [`OverlayFile`](crate::OverlayFile) by [`Entry`], and [`verify`] has made
//! sure that its quotation stands in the text.
//!
//! | module | does |
//! |---|---|
//! | `clean` | one form of the text, each byte knowing where it was pasted |
//! | `sentences` | sentences, headings |
//! | `terms` | the graph's words in a sentence |
//! | `amounts` | "34/120 (28 %)", "30–50 %" |
//! | `rules`, `english`, `chinese` | the patterns |
//! | `accuracy` | sensitivity, specificity, likelihood and odds ratios |
//! | `extract` | from patterns to claims |
//! | `compare` | new, confirmed or different from what the graph says |
//! | `entry` | from an accepted claim to content |

mod accuracy;
mod amounts;
mod chinese;
mod claim;
mod clean;
mod compare;
mod english;
mod entry;
mod extract;
mod masked;
mod ratios;
mod rules;
mod sentences;
mod terms;
#[cfg(test)]
mod tests;

pub use claim::{Assumption, Claim, Confidence, End, LinkKind, Proposal, Quotation, Standing, Values};
pub use entry::{Completion, Entry, EntryError, NewFinding, source_file};
pub use extract::Extractor;

/// Whether `quotation` is exactly what `text` says at its place.
pub fn verify(quotation: &Quotation, text: &str) -> bool {
    !quotation.text.trim().is_empty() && text.get(quotation.start..quotation.end) == Some(quotation.text.as_str())
}
