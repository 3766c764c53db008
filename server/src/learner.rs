//! What a learner can do: mastery per topic, weak areas, what to practise next. Pure.

mod drill_choice;
pub mod drills;
mod map;
mod model;
mod observation;
mod parameters;
mod plan;
mod progress;
mod recall;
mod recommendation;
mod review;
pub mod simulation;
mod skills;
mod standing;
mod suggestion;

pub use drill_choice::{DrillCandidate, choose_drill};
pub use map::{Cell, Map, Trend, map, trend};
pub use model::Estimate;
pub use observation::{GENERAL, GUESS_IN_CONSULTATION, Observation, Placed, SkillObservation, Source, system_of};
pub use parameters::{Difficulties, Parameters, Tally};
pub use plan::{Need, Purpose, Week, plan};
pub use progress::{Progress, SectionProgress, WeakTopic, progress};
pub use recall::shows_recall;
pub use recommendation::{Candidate, Recommendation, recommend};
pub use review::{Review, reviews};
pub use skills::{Skill, skills};
pub use standing::{Figure, Standing, Wanted};
pub use suggestion::{Suggestion, suggestions};
