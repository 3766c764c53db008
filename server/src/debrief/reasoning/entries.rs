//! The student's differential, read: which disease each line means, and what the graph makes of it.

use knowledge_graph::{DiseaseMatch, Graph, Language, format::Disease};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Scene,
    cited::{self, Cited},
    course::Followed,
    elicited::{language_of, mentions},
};
use crate::store::Diagnosis;

/// From this score on a text is a disease's name, synonym or lay word.
const NAME: f64 = 0.94;
/// From this score on a text means a disease, with a slip or among other words; the same that
/// decides [`super::super::Verdict`].
const LIKELY: f64 = 0.75;
/// Two diseases nearer in score than this are equally meant.
const MARGIN: f64 = 0.02;
/// Diseases offered for a text that may mean several.
const PERHAPS: usize = 3;
/// Least share of a disease's patients of one sex for the text to be able to mean it in this one.
const OF_SEX: f64 = 0.005;

/// How one line of the differential was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Understood {
    /// A name, an abbreviation or a lay word of one disease.
    Named,
    /// One disease, misspelt or among other words.
    Likely,
    /// Several diseases, or none clearly: see `perhaps`.
    Ambiguous,
    /// A symptom or risk factor, not a diagnosis.
    Symptom,
    /// Not in the graph.
    Unknown,
}

/// One line of the student's differential.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Entry {
    /// The student's words.
    pub words: String,
    /// How they were understood.
    pub understood: Understood,
    /// Name part of the disease meant.
    pub disease: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Names of the diseases that may be meant.
    pub perhaps: Vec<String>,
    /// The graph's belief in it by what was elicited, 0–1.
    pub probability: Option<f64>,
    /// Its place, from 1, among all diseases by what was elicited.
    pub graph_place: Option<usize>,
    /// Whether missing it endangers life or function.
    pub dangerous: bool,
    /// The student's reasons, piece by piece.
    pub cited: Vec<Cited>,
}

pub(super) fn read(scene: &Scene<'_>, course: &Followed) -> Vec<Entry> {
    scene.materials.diagnoses.iter().map(|offer| entry(scene, course, offer)).collect()
}

fn entry(scene: &Scene<'_>, course: &Followed, offer: &Diagnosis) -> Entry {
    let (understood, diseases) = meant(scene, &offer.name);
    let one = diseases.first().filter(|_| matches!(understood, Understood::Named | Understood::Likely));
    let name = |disease: &&Disease| disease.name.get(scene.language()).to_owned();
    Entry {
        words: offer.name.clone(),
        understood,
        disease: one.map(|disease| disease.id.clone()),
        name: one.map(name),
        perhaps: if one.is_some() { Vec::new() } else { diseases.iter().map(name).collect() },
        probability: one.and_then(|disease| course.now(&disease.id)),
        graph_place: one.and_then(|disease| course.place(&disease.id)),
        dangerous: one.is_some_and(|disease| disease.dangerous),
        cited: cited::cited(scene, &offer.reason, one.map(|disease| disease.id.as_str())),
    }
}

fn meant<'a>(scene: &Scene<'a>, text: &str) -> (Understood, Vec<&'a Disease>) {
    let found: Vec<DiseaseMatch<'a>> = in_patient(scene, text).into_iter().take(PERHAPS).collect();
    let Some(best) = found.first() else { return (not_a_disease(scene.graph(), text), Vec::new()) };
    let rival = found.get(1).is_some_and(|second| best.score - second.score < MARGIN && second.score >= LIKELY);
    let understood = match best.score {
        _ if rival => Understood::Ambiguous,
        score if score >= NAME => Understood::Named,
        score if score >= LIKELY => Understood::Likely,
        _ => Understood::Ambiguous,
    };
    (understood, found.into_iter().map(|found| found.disease).collect())
}

/// Diseases the text may name that a patient of this sex can have: "PE" is no pre-eclampsia in a man.
fn in_patient<'a>(scene: &Scene<'a>, text: &str) -> Vec<DiseaseMatch<'a>> {
    let of_sex = |disease: &Disease| match scene.patient.sex {
        knowledge_graph::query::Sex::Female => disease.epidemiology.female,
        knowledge_graph::query::Sex::Male => 1.0 - disease.epidemiology.female,
    };
    let mut found = scene.graph().disease_by_text(text, scene.language());
    found.retain(|found| of_sex(found.disease) >= OF_SEX);
    found
}

fn not_a_disease(graph: &Graph, text: &str) -> Understood {
    let mentions = mentions(graph);
    let languages = [language_of(text), Language::En];
    let names = languages.iter().any(|language| !mentions.in_text(text, *language).is_empty());
    if names { Understood::Symptom } else { Understood::Unknown }
}
