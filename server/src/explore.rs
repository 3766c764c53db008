//! The disease graph as people and programs read it: the shapes that the command line, the API and
//! the pages of the explorer share, and how what they are asked for is understood.

mod asked;
mod disease;
mod edge;
mod node;
mod picture;
mod rare;
mod source;

pub use asked::{AskedError, BothEvidence, Meant, disease_id, evidence, evidence_with_terms, meant, named, topic};
pub use disease::{DiseaseView, EpidemiologyView, disease};
pub use edge::{Alteration, Edge, Share};
pub use node::{NodeView, QuantityView, TestView, node};
pub use picture::{Picture, listed};
pub use rare::{RareDiseaseView, RareName, RareRow, RareTermView, rare_disease, rare_term};
pub use source::{SourceView, sources};

/// The most findings tried out for how far they would move belief: each takes two differentials.
pub const MOST_MOVERS: usize = 20;
