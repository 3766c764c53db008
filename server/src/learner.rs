//! What a learner can do: mastery per topic, weak areas, what to practise next. Pure.

pub mod drills;
mod mastery;
mod progress;
mod recommendation;

pub use mastery::{Graded, KNOWN_AT_FIRST, Parameters, updated};
pub use progress::{Progress, SectionProgress, WeakTopic, progress};
pub use recommendation::{Candidate, Recommendation, recommend};
