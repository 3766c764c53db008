//! The student's differential, read: which disease each line means, and what the graph makes of it.

use knowledge_graph::format::Disease;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Scene,
    cited::{self, Cited},
    course::Followed,
    reading::{self, Read},
};
use crate::store::Diagnosis;

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
    /// A symptom or sign, not a diagnosis.
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

/// The diagnoses of every line; a line that names several gives several, with the same reasons.
pub(super) fn read(scene: &Scene<'_>, course: &Followed) -> Vec<Entry> {
    let lines = scene.materials.diagnoses.iter();
    let read = lines.flat_map(|offer| {
        let of_line = reading::read(scene.graph(), scene.patient.sex, &offer.name, scene.language());
        of_line.into_iter().map(move |read| (read, offer))
    });
    read.map(|(read, offer)| entry(scene, course, &read, offer)).collect()
}

fn entry(scene: &Scene<'_>, course: &Followed, read: &Read<'_>, offer: &Diagnosis) -> Entry {
    let one = read.disease();
    let name = |disease: &Disease| disease.name.get(scene.language()).to_owned();
    let perhaps = read.diseases.iter().filter(|_| one.is_none());
    Entry {
        words: read.words.clone(),
        understood: read.understood,
        disease: one.map(|disease| disease.id.clone()),
        name: one.map(name),
        perhaps: perhaps.map(|disease| name(disease)).collect(),
        probability: one.and_then(|disease| course.now(&disease.id)),
        graph_place: one.and_then(|disease| course.place(&disease.id)),
        dangerous: one.is_some_and(|disease| disease.dangerous),
        cited: cited::cited(scene, &offer.reason, one.map(|disease| disease.id.as_str())),
    }
}
