//! Rare diseases, from the Human Phenotype Ontology (HPO) and its disease annotations.
//!
//! The layer stands **beside** the hand-written core, never in it: nothing here decides a grade or
//! changes a core edge. It is read from the files of one HPO release (`hp.obo`, `phenotype.hpoa`,
//! and Chinese names when they are given), kept as one compact file, and credited wherever it is
//! shown ([`Release::credit`]). HPO is free to use with citation of the release, unaltered: rows
//! are kept as they are, sums over them are made when asked.
//!
//! # How often a disease has a finding
//!
//! Counts of several studies are pooled, then (n + 1) / (m + 2) as in the core; else a percentage;
//! else the middle of the frequency class. A row without a frequency ([`Chance::Unknown`]) argues
//! weakly when the finding is present and not at all when it is absent. `NOT` and the class
//! *excluded* argue against the disease ([`Chance::Excluded`]).
//!
//! # Findings are inherited
//!
//! A disease that lists a specific finding also has every broader one, at least as often: its
//! chance is the greatest among the narrower rows. A patient with a finding narrower than a
//! listed one has the listed one: the ratio is then that of the listed one. `NOT` passes down, not
//! up.
//!
//! # Likelihood ratios and priors
//!
//! The ratio is the chance in the disease ÷ the finding's rate among everybody: that of the core
//! finding which is the same HPO term, when there is one; else the mean chance over all annotated
//! diseases, as in LIRICAL (Robinson et al., *Am J Hum Genet* 2020;107:403–417), never below
//! 1/1000. That mean is of rare diseases and so mostly above the rate among everybody: it keeps
//! ratios low rather than high. Findings are taken to be independent in a disease, which they are
//! not; probabilities are surer than they should be, their order less so.
//!
//! HPO has no prevalences, so every rare disease starts from the same **1 case in 100,000**
//! ([`FLAT_PRIOR`]), shared among entries with the same name in several catalogues. Most rare
//! diseases are rarer, so this favours them; the figure is an assumption, not a source.

mod annotation_table;
mod build;
mod differential;
mod evidence;
mod frequency;
mod id;
mod join;
mod layer;
mod next;
mod obo;
mod onset;
mod profile;
mod search;
mod stats;
mod stored;
mod translation;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod stored_tests;
#[cfg(test)]
mod tests;

pub use build::{Files, SourceFile};
pub use differential::{Candidate, FLAT_PRIOR, RareContribution, RareDifferential, RareOptions, rare_differential};
pub use frequency::{Frequency, FrequencyClass};
pub use id::{Catalogue, RareId, TermId};
pub use join::Join;
pub use layer::{Annotation, Aspect, RareDisease, RareLayer, Release, Synonym, Term};
pub use next::{RareQuestion, rare_next_questions};
pub use profile::{Chance, RareFinding};
pub use search::Hit;
pub use stats::RareStats;
pub use stored::StoredError;
