//! The knowledge graph of diseases: topics, findings, diseases and the edges between them.
//!
//! Pure: no async, no database, no web, no model. Content is read from bilingual TOML under
//! `data/`, checked on load, and embedded in the binary.
//!
//! The one vocabulary the whole product shares is the [`TopicId`]: a graph node or a universal
//! history topic, plus an optional [`Facet`].

mod citation;
mod diagnosis_text;
mod fit;
pub mod format;
mod graph;
pub mod hpo;
mod lexicon;
pub mod literature;
mod load;
mod mentions;
mod normalise;
mod problem;
pub mod query;
mod search;
mod stats;
mod text;
mod topic;
mod topic_info;

#[cfg(test)]
mod embedded_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod lookup_tests;

pub use diagnosis_text::DiseaseMatch;
pub use graph::{Graph, Node, Relation};
pub use lexicon::{Phrase, PhraseKind, PhraseTarget};
pub use load::OverlayFile;
pub use mentions::{Mention, Mentions, is_negated};
pub use normalise::{is_han, normalise};
pub use problem::{Problem, Severity};
pub use stats::Stats;
pub use text::{Bilingual, BilingualList, Language};
pub use topic::{Facet, Section, TopicId, TopicIdError, TopicKind};
pub use topic_info::{TopicInfo, lower_first, within_sentence};
