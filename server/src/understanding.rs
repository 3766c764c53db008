//! Utterance → topics with scores, and what kind of thing was said.
//!
//! One implementation serves the patient (what may be told now) and the grader (what was asked).

mod types;

pub use types::{Clause, Context, DialogueAct, MatchMethod, TopicHit, Understood};
