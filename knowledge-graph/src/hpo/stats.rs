//! How much is in the layer.

use serde::Serialize;

use super::{RareLayer, Release};

/// Counts over the layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RareStats {
    /// The release.
    pub release: Release,
    /// Credit to be shown.
    pub credit: String,
    /// Diseases.
    pub diseases: usize,
    /// Diseases whose name another catalogue also has.
    pub cross_listed: usize,
    /// Rows.
    pub annotations: usize,
    /// Rows with a frequency.
    pub with_frequency: usize,
    /// Rows that cite PubMed.
    pub with_pubmed: usize,
    /// Rows that say `NOT`.
    pub excluded: usize,
    /// Live terms.
    pub terms: usize,
    /// Terms with a Chinese name.
    pub terms_in_chinese: usize,
    /// Lay synonyms, English.
    pub lay_words: usize,
}

impl RareLayer {
    /// Counts over the layer.
    pub fn stats(&self) -> RareStats {
        let rows = &self.rows.values;
        RareStats {
            release: self.release.clone(),
            credit: self.release.credit(),
            diseases: self.diseases.len(),
            cross_listed: self.listings().iter().filter(|listings| **listings > 1).count(),
            annotations: rows.len(),
            with_frequency: rows.iter().filter(|row| row.frequency > 0).count(),
            with_pubmed: rows.iter().filter(|row| self.texts.get(row.reference).contains("PMID:")).count(),
            excluded: rows.iter().filter(|row| row.excluded()).count(),
            terms: self.terms.len(),
            terms_in_chinese: self.chinese.iter().filter(|name| **name > 0).count(),
            lay_words: self.synonyms.values.iter().filter(|(kind, _)| *kind == 1).count(),
        }
    }
}
