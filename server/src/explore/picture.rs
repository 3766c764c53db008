//! What is known of a patient, as an address or a form says it.

use knowledge_graph::{
    Graph, TopicId,
    hpo::{FLAT_PRIOR, RareLayer, RareOptions},
    query::{Options, Patient, Presence, Sex},
};
use serde::Deserialize;

use super::{AskedError, BothEvidence, evidence, evidence_with_terms};

/// How many diseases or questions are given unless said.
const TOP: usize = 10;
/// The most that are given.
const MOST: usize = 200;
/// Oldest age taken.
const OLDEST: u8 = 120;

/// What is known of a patient, and what may count.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Picture {
    /// What the patient has: topics separated by commas; a bare name is a finding.
    #[param(example = "finding:chest-pain,risk-factor:smoking")]
    pub present: String,
    /// What the patient does not have.
    pub absent: String,
    /// Age in years, with `sex`.
    pub age: Option<u8>,
    /// `female` or `male`, with `age`.
    #[param(value_type = Option<String>)]
    pub sex: Option<Sex>,
    /// Whether claims count that nobody has verified.
    pub unverified: bool,
    /// Whether frequencies are left out that are their author's estimate.
    pub no_estimates: bool,
    /// Whether imported rare diseases take part; findings may then also be HPO terms.
    pub rare: bool,
    /// Cases of every rare disease per 100,000 people, 1 unless given; their source gives none.
    pub rare_prior: Option<f64>,
    /// How many diseases or questions to give; 10 unless given, at most 200.
    pub top: Option<usize>,
}

/// The parts of a list separated by commas.
pub fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

impl Picture {
    /// Topics with their presence.
    ///
    /// # Errors
    /// As [`evidence`].
    pub fn evidence(&self, graph: &Graph) -> Result<Vec<(TopicId, Presence)>, AskedError> {
        evidence(graph, &listed(&self.present), &listed(&self.absent))
    }

    /// Topics and HPO terms with their presence.
    ///
    /// # Errors
    /// As [`evidence_with_terms`].
    pub fn evidence_with_terms(&self, graph: &Graph, layer: &RareLayer) -> Result<BothEvidence, AskedError> {
        evidence_with_terms(graph, layer, &listed(&self.present), &listed(&self.absent))
    }

    /// Who is asked about.
    ///
    /// # Errors
    /// [`AskedError::HalfAPatient`].
    pub fn patient(&self) -> Result<Option<Patient>, AskedError> {
        match (self.age, self.sex) {
            (None, None) => Ok(None),
            (Some(age), Some(sex)) if age <= OLDEST => Ok(Some(Patient { age, sex })),
            _ => Err(AskedError::HalfAPatient),
        }
    }

    /// What may count.
    pub fn options(&self) -> Options {
        Options { unverified: self.unverified, estimates: !self.no_estimates, ..Options::default() }
    }

    /// What may count when rare diseases take part.
    pub fn rare_options(&self) -> RareOptions {
        let cases = self.rare_prior.filter(|cases| cases.is_finite()).unwrap_or(FLAT_PRIOR).clamp(0.0, 100_000.0);
        RareOptions { core: self.options(), cases_per_100_000: cases, top: self.top() }
    }

    /// How many to give.
    pub fn top(&self) -> usize {
        self.top.unwrap_or(TOP).clamp(1, MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_has_both_age_and_sex_or_neither() {
        let of = |age, sex| Picture { age, sex, ..Picture::default() }.patient();

        assert_eq!(of(None, None), Ok(None));
        assert_eq!(of(Some(60), Some(Sex::Male)), Ok(Some(Patient { age: 60, sex: Sex::Male })));
        for half in [of(Some(60), None), of(None, Some(Sex::Female)), of(Some(121), Some(Sex::Female))] {
            assert_eq!(half, Err(AskedError::HalfAPatient));
        }
    }

    #[test]
    fn lists_are_separated_by_commas_and_spaces_do_not_count() {
        assert_eq!(listed(" a, b ,,c"), ["a", "b", "c"]);
        assert!(listed("").is_empty());
    }
}
