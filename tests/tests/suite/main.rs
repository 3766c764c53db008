//! The public surface of Anamnesis, tested as its users meet it.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

mod accounts;
mod attacks;
mod command_line;
mod consultations;
mod drills;
mod engine;
mod finishing;
mod grading;
mod graph;
mod literature;
mod moderating;
mod modes;
mod openapi;
mod path;
mod provenance;
mod schemes;
mod security;
mod store;
mod support;
mod teaching;
mod understanding;
