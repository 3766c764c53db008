//! The student's differential beside the case's.

use cases::Case;
use knowledge_graph::{Bilingual, Graph, Language};
use serde::Serialize;
use utoipa::ToSchema;

use super::Materials;
use crate::store::Diagnosis;

/// Least similarity at which free text counts as a disease's name.
const SAME_DISEASE: f64 = 0.75;

/// The two differentials side by side.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    /// What is wrong with the patient.
    pub diagnosis: String,
    /// What the student offered, most likely first.
    pub offered: Vec<Offered>,
    /// What was worth considering, most important first.
    pub expected: Vec<Expected>,
}

/// One diagnosis the student offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offered {
    /// The student's words.
    pub name: String,
    /// The student's reason.
    pub reason: String,
    /// How it compares.
    pub verdict: Verdict,
}

/// How an offered diagnosis compares with the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is what the patient has.
    Correct,
    /// It was worth considering.
    WorthConsidering,
    /// The case does not list it.
    NotListed,
}

/// One diagnosis worth considering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Expected {
    /// Name.
    pub name: String,
    /// What in this patient argues for or against it.
    pub reason: String,
    /// Whether missing it is dangerous.
    pub dangerous: bool,
    /// Whether the student offered it.
    pub offered: bool,
}

pub(super) fn compare(materials: &Materials<'_>) -> Comparison {
    let diagnosis = &materials.case.diagnosis;
    let language = materials.language;
    let names =
        |text: &str, disease: Option<&str>, name: &Bilingual| same((materials.graph, language), text, disease, name);
    let offered = compare_diagnoses(materials.case, materials.graph, materials.diagnoses, language);
    let expected = diagnosis
        .differential
        .iter()
        .map(|listed| Expected {
            name: listed.name.get(language).to_owned(),
            reason: listed.reason.get(language).to_owned(),
            dangerous: listed.dangerous,
            offered: materials
                .diagnoses
                .iter()
                .any(|offer| names(&offer.name, listed.disease.as_deref(), &listed.name)),
        })
        .collect();
    Comparison { diagnosis: diagnosis.name.get(language).to_owned(), offered, expected }
}

/// Each diagnosis the student offered, and how it compares with the case.
pub(super) fn compare_diagnoses(case: &Case, graph: &Graph, given: &[Diagnosis], language: Language) -> Vec<Offered> {
    let diagnosis = &case.diagnosis;
    let names = |text: &str, disease: Option<&str>, name: &Bilingual| same((graph, language), text, disease, name);
    given
        .iter()
        .map(|offer| {
            let correct = names(&offer.name, diagnosis.disease.as_deref(), &diagnosis.name);
            let listed =
                diagnosis.differential.iter().any(|listed| names(&offer.name, listed.disease.as_deref(), &listed.name));
            let verdict = match (correct, listed) {
                (true, _) => Verdict::Correct,
                (false, true) => Verdict::WorthConsidering,
                (false, false) => Verdict::NotListed,
            };
            Offered { name: offer.name.clone(), reason: offer.reason.clone(), verdict }
        })
        .collect()
}

/// Whether free text names a diagnosis: by the graph, or letter by letter.
fn same((graph, language): (&Graph, Language), text: &str, disease: Option<&str>, name: &Bilingual) -> bool {
    let typed = text.trim().to_lowercase();
    if typed.is_empty() {
        return false;
    }
    let written = [name.en.to_lowercase(), name.zh.to_lowercase()];
    if written.contains(&typed) {
        return true;
    }
    let Some(disease) = disease else { return false };
    graph
        .disease_by_text(text, language)
        .first()
        .is_some_and(|best| best.disease.id == disease && best.score >= SAME_DISEASE)
}
