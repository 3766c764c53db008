//! The state of one consultation: disclosure, dialogue, speaking, checking.
//!
//! `service` runs a turn: `understanding` says what was asked, `policy` decides what the patient
//! does with it, `wording` and `prompt` put that into words, `speaking` has the model phrase the
//! facts and `check` every sentence.

mod aim;
pub mod check;
mod deed;
pub mod knowledge;
pub mod policy;
mod practised;
pub mod prompt;
pub mod question;
mod refine;
mod replying;
pub mod service;
pub mod speaking;
pub mod state;
mod utterance;
mod warming;
pub mod wording;

pub use aim::AIM_FEATURES;
pub use policy::{Cause, Felt};
pub use practised::{practised, sections};
pub use replying::{Answered, Exchange, Signs};
pub use service::{EncounterError, LONGEST_TURN, Parts, PhrasingMode, Service, TurnEvent, TurnOutcome};
pub use warming::keep_warm;
