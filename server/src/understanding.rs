//! Utterance → topics with scores, and what kind of thing was said.
//!
//! One implementation serves the patient (what may be told now) and the grader (what was asked).
//! An utterance becomes words, clauses, concepts (the thesaurus) and named topics (the graph's
//! lexicon); a clause that names nothing is looked up by meaning, when an embedder is there, or
//! joined to what was being talked about.

mod acts;
mod clauses;
mod cues;
mod error;
mod homophones;
mod injection;
mod kept;
mod lexicon;
mod matcher;
mod meaning;
mod phrasebook;
mod reading;
mod spelling;
mod thesaurus;
mod types;
mod words;

pub use error::MatcherError;
pub use matcher::{MATCHER_VERSION, Matcher};
pub use types::{Clause, Context, DialogueAct, MatchMethod, TopicHit, Understood};

pub(crate) use homophones::sounding_like;
pub(crate) use meaning::cosine;
pub(crate) use phrasebook::Phrasebook;
pub(crate) use reading::{ClauseReading, Reading};
pub(crate) use thesaurus::Concept;
pub(crate) use words::Words;
