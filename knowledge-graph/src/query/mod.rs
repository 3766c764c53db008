//! Questions to the graph: what could it be, what to ask next, why ask it.
//!
//! # How the differential is computed
//!
//! Every modelled disease starts from a **prior**: its incidence × the share of its patients in
//! this patient's age band × the share of this patient's sex, normalised, with a fixed share kept
//! for *something else* (a disease that is not in the graph). Each piece of evidence multiplies
//! a disease's odds by a **likelihood ratio**:
//!
//! 1. For a finding that **brings patients** (some disease lists it as presenting) the ratio is
//!    derived: its frequency in the disease ÷ its `background` in everybody. Published ratios of a
//!    complaint compare patients who all have something like it, so they cannot tell a headache
//!    from a sore knee.
//! 2. For any **other finding** it is the ratio as published on the edge, when there is one; else
//!    the frequency in the disease ÷ the frequency in the patients of the studies that published
//!    one for another disease (their sensitivity ÷ LR+), so that published and derived ratios of a
//!    finding refer to the same patients; else ÷ `background`. For absence, one minus each.
//! 3. A disease that **does not mention** the finding is taken to have it as often as everybody
//!    has; where the reference are studied patients and the finding has no broader one that they
//!    share, half-way between them and everybody ([`Reference::silent`]).
//!
//! A finding present implies its broader ones (tearing chest pain is chest pain); a finding absent
//! implies that its narrower ones are absent. A finding and its broader finding count **once**, the
//! stronger, when both are absent, or when both are present and the narrower is compared with
//! everybody. Where it is compared with studied patients both count: they were recruited for the
//! broader complaint, so the ratio takes that for given. Findings of one `cluster` of a disease are
//! not independent: the strongest counts fully, the others with half their logarithm.
//!
//! Ratios are kept between 1/1000 and 1000. Claims graded `unverified` count only when
//! [`Options::unverified`] says so, and frequencies that are their author's estimate only while
//! [`Options::estimates`] does; a contribution that rests on either is itself `unverified`. The result is for teaching, not for patients.

mod comorbid;
mod compare;
pub(crate) mod differential;
pub(crate) mod information;
pub(crate) mod likelihood;
mod movers;
mod path;
mod sentences;
mod why;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use comorbid::{Change, Composition, comorbid};
pub use compare::{Comparison, Separation, Side, Told, compare};
pub use differential::{Differential, Posterior, differential};
pub use information::{NextQuestion, next_questions};
pub use likelihood::{Contribution, Reference, reference};
pub use movers::{Belief, Mover, Shift, movers, tried};
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
    /// Whether frequencies count that are their author's estimate, on an edge with a source.
    pub estimates: bool,
    /// Prior share of diseases that are not in the graph, 0–1 (exclusive).
    pub something_else: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { unverified: false, estimates: true, something_else: 0.1 }
    }
}
