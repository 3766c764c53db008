//! The knowledge graph of diseases: topics, findings, diseases and the edges between them.
//!
//! Pure: no async, no database, no web, no model. Content is read from bilingual TOML under
//! `data/`, checked on load, and embedded in the binary.
//!
//! The one vocabulary the whole product shares is the [`TopicId`]: a graph node or a universal
//! history topic, plus an optional [`Facet`].

pub mod format;
mod text;
mod topic;

pub use text::{Bilingual, BilingualList, Language};
pub use topic::{Facet, Section, TopicId, TopicIdError, TopicKind};
