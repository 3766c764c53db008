//! Rubric × transcript → report. Pure and deterministic.

mod report;
mod rubric;
mod transcript;

pub use report::{EngineStamp, Evidence, Flag, FlagKind, ItemReport, ModelStamp, Report, Score};
pub use rubric::{Rubric, RubricItem};
pub use transcript::{Speaker, Transcript, Turn};
