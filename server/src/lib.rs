//! Anamnesis: an offline tutor for clinical history-taking.
//!
//! A turn flows from `web` through `encounter` (which asks `understanding` what was said, decides
//! what may be told, and has `models` phrase it) into `store`. A grade flows from a transcript
//! through `understanding` and `assessment`; `learner` turns reports into mastery.

pub mod app;
pub mod assessment;
pub mod authoring;
pub mod bench;
pub mod catalogue;
pub mod chance;
pub mod classroom;
pub mod cli;
pub mod clock;
pub mod cohort;
pub mod config;
pub mod debrief;
pub mod demo;
pub mod drilling;
pub mod dry_run;
pub mod encounter;
pub mod engine;
pub mod explore;
pub mod hints;
pub mod i18n;
pub mod learner;
pub mod learning;
mod linear;
pub mod literature;
pub mod measured;
pub mod moderation;
pub mod practice;
pub mod rare;
pub mod schemes;
pub mod store;
pub mod tutor;
pub mod understanding;
pub mod web;
