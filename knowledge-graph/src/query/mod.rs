//! Questions to the graph: what could it be, what to ask next, why ask it.
//!
//! # How the differential is computed
//!
//! Every modelled disease starts from a **prior**: its incidence × the share of its patients in
//! this patient's age band × the share of this patient's sex, normalised, with a fixed share kept
//! for *something else* (a disease that is not in the graph). Each piece of evidence multiplies
//! a disease's odds by a **likelihood ratio**:
//!
//! 1. the ratio as **published** on the edge, when there is one;
//! 2. else a **derived** one: the finding's frequency in the disease ÷ its frequency in comparable
//!    patients without it (for absence, one minus each). Comparable patients are those of the
//!    studies that published a ratio for this finding in any disease (their rate is sensitivity ÷
//!    LR+); without such a study, the finding's own `background`. So published and derived ratios
//!    of one finding refer to the same patients;
//! 3. else 1: a disease that does not mention a finding neither gains nor loses by it.
//!
//! A finding present implies its broader ones (tearing chest pain is chest pain); a finding absent
//! implies that its narrower ones are absent. Findings are not independent: within one disease,
//! those of one `cluster` count **once**, the strongest. So do a finding and its broader finding
//! when both are absent, or when both are present and the narrower has no published ratio in any
//! disease. Where it has one, both count: such studies recruit patients who have the broader
//! complaint, so their ratio already takes it for given.
//!
//! Ratios are kept between 1/100 and 100, so no single finding decides. What is graded `unverified`
//! counts only when [`Options::unverified`] says so. The result is for teaching, not for patients.

mod comorbid;
mod differential;
mod information;
mod likelihood;
mod path;
mod sentences;
mod why;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use comorbid::{Change, Composition, comorbid};
pub use differential::{Differential, Posterior, differential};
pub use information::{NextQuestion, next_questions};
pub use likelihood::{Contribution, baseline};
pub use path::{Step, path};
pub use why::{Reason, why};

/// Whether the patient has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// The patient has it.
    Present,
    /// The patient was asked or examined and does not have it.
    Absent,
}

/// Sex, as far as it changes how likely a disease is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// The written form, `female` or `male`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// Who is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// Age in years.
    pub age: u8,
    /// Sex.
    pub sex: Sex,
}

/// What may count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Whether claims graded `unverified` count. Never for a grade.
    pub unverified: bool,
    /// Prior share of diseases that are not in the graph, 0–1 (exclusive).
    pub something_else: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { unverified: false, something_else: 0.1 }
    }
}
