//! The student's differential beside the case's.

use cases::Case;
use knowledge_graph::{Bilingual, Graph, Language};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Materials, reasoning::bare};
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
    let typed = typed(materials.graph, materials.diagnoses, language);
    let expected = diagnosis
        .differential
        .iter()
        .map(|listed| Expected {
            name: listed.name.get(language).to_owned(),
            reason: listed.reason.get(language).to_owned(),
            dangerous: listed.dangerous,
            offered: typed.iter().any(|typed| typed.names(listed.disease.as_deref(), &listed.name)),
        })
        .collect();
    let offered = judged(materials.case, &typed, materials.diagnoses);
    Comparison { diagnosis: diagnosis.name.get(language).to_owned(), offered, expected }
}

/// Each diagnosis the student offered, and how it compares with the case.
pub(super) fn compare_diagnoses(case: &Case, graph: &Graph, given: &[Diagnosis], language: Language) -> Vec<Offered> {
    judged(case, &typed(graph, given, language), given)
}

fn judged(case: &Case, typed: &[Typed], given: &[Diagnosis]) -> Vec<Offered> {
    let diagnosis = &case.diagnosis;
    let verdict = |typed: &Typed| {
        let mut listed = diagnosis.differential.iter();
        if typed.names(diagnosis.disease.as_deref(), &diagnosis.name) {
            Verdict::Correct
        } else if listed.any(|listed| typed.names(listed.disease.as_deref(), &listed.name)) {
            Verdict::WorthConsidering
        } else {
            Verdict::NotListed
        }
    };
    let offered = typed.iter().zip(given);
    offered
        .map(|(typed, offer)| Offered {
            name: offer.name.clone(),
            reason: offer.reason.clone(),
            verdict: verdict(typed),
        })
        .collect()
}

/// A diagnosis as it was typed, read once: looking through the graph takes time.
struct Typed {
    /// In small letters, without words of doubt.
    text: String,
    /// The disease of the graph it names best, when that is like enough.
    disease: Option<String>,
}

fn typed(graph: &Graph, given: &[Diagnosis], language: Language) -> Vec<Typed> {
    let read = |offer: &Diagnosis| {
        let text = bare(&offer.name);
        let best = graph.disease_by_text(text, language).into_iter().next();
        let disease = best.filter(|best| best.score >= SAME_DISEASE).map(|best| best.disease.id.clone());
        Typed { text: text.to_lowercase(), disease }
    };
    given.iter().map(read).collect()
}

impl Typed {
    /// Whether it names a diagnosis: by the graph, or letter by letter.
    fn names(&self, disease: Option<&str>, name: &Bilingual) -> bool {
        if self.text.is_empty() {
            return false;
        }
        let written = [&name.en, &name.zh].iter().any(|name| name.to_lowercase() == self.text);
        written || (disease.is_some() && self.disease.as_deref() == disease)
    }
}
