//! Virtual-patient cases: the format, its checks, generation from the graph, the shipped library.
//!
//! A case is a set of *facts*. Each fact answers a topic, has a sentence the patient would say in
//! both languages, a disclosure level and a source. The diagnosis and the rubric stand beside the
//! facts and never reach a prompt.
//!
//! [`parse()`] reads a file and names every problem of shape with its line; [`check()`] looks at the
//! meaning, against the graph; [`to_toml`] writes the one fixed layout, whose SHA-256 is the
//! [`content_hash`] an encounter keeps.

mod answers;
mod case_id;
mod check;
mod diff;
#[cfg(test)]
mod fixture;
pub mod format;
mod generation;
mod import;
mod library;
mod lines;
mod orders;
mod parse;
mod problem;
mod ranking;
mod rare_sample;
mod sample;
mod schema;
mod shape;
mod standing;
mod write;

pub use answers::{answering, answering_exactly, answering_same_facet};
pub use case_id::{CaseId, CaseIdError};
pub use check::{check, only_sex, parse_and_check};
pub use diff::{Change, ChangeKind, diff};
pub use format::{Case, Disclosure};
pub use generation::{
    GenerateError, MAX_SEED, NotPlaced, RareCase, Request, YOUNGEST, asks_for, every_history, generate, generate_rare,
    suggested_rubric,
};
pub use import::{Credit, ImportError, Imported, Unplaced, import};
pub use library::{library, library_files};
pub use lines::Lines;
pub use orders::shown;
pub use parse::{MAX_BYTES, parse};
pub use problem::{Problem, Severity};
pub use ranking::{Place, Ranked, Tally, rank};
pub use rare_sample::{RareSample, sample_rare};
pub use sample::{Sample, sample};
pub use schema::schema;
pub use standing::{Rival, Standing, evidence_of_fact, evidence_of_test, patient, review, standing};
pub use write::{content_hash, to_toml};
