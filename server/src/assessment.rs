//! Rubric × transcript → report. Pure and deterministic.
//!
//! Every student clause is compared with every rubric item: shared topics, facets and words, in
//! the clause itself and in its context, and nearness in meaning. A small classifier trained on
//! consultations written for the purpose (`server/training`) turns that into a probability, and
//! a second one decides per item. Quotes are the clauses themselves.

pub mod agreement;
mod asking;
mod case_rubric;
mod classifier;
mod closer;
pub mod conduct;
mod dialogue;
mod error;
pub mod fairness;
mod features;
mod grader;
mod guard;
mod input;
mod item;
mod marking_talk;
mod moderation;
mod report;
mod rubric;
pub mod scheme;
mod similarity;
mod study;
mod telling;
mod transcript;

pub(crate) use asking::{Asking, Fits, ItemFit, feature};
pub use case_rubric::rubric_of;
pub use conduct::Conduct;
pub use error::GraderError;
pub(crate) use fairness::Dice;
pub use grader::{Grader, grading_features};
pub use input::{InputError, LONGEST_TURN, check_rubric, check_transcript, parse_json, text_of};
pub use moderation::{BY_EXAMINER, Comparison, Decision, Difference, Verdict, compared, moderated};
pub use report::{EngineStamp, Evidence, Flag, FlagKind, ItemReport, ModelStamp, Report, Score, Thresholds};
pub use rubric::{Rubric, RubricItem};
pub use scheme::SchemeResult;
pub(crate) use similarity::Embed;
pub use transcript::{Speaker, Transcript, Turn};
