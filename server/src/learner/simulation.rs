//! Simulated cohorts with known abilities: does the model find them, and does the recommender help?
//!
//! Nothing here is a measurement of people. Learners are drawn from a process that the model does
//! not share in full: people learn at different speed, forget more slowly what they met more often,
//! slip, and the grader errs and abstains. They see the patients of the real library, through their
//! real rubrics, chosen by the real recommender.

mod cohort;
mod dice;
mod fit;
mod measures;
mod policy;
mod tracing;

pub use cohort::{Cohort, Patient, Simulated, patients};
pub(crate) use dice::Dice;
pub use fit::{Fitted, fit};
pub use measures::{Bin, Recovery, calibrated, histories, recovery};
pub use policy::{Choice, Race, race};
