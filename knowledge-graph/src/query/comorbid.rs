//! What other diseases of the patient change about one.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    Bilingual, Graph,
    format::{Evidence, PresentsWith},
};

/// A finding that becomes more or less common.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Name part of the finding's id.
    pub finding: String,
    /// The comorbidities that change it (name parts).
    pub because_of: Vec<String>,
    /// Factor on its frequency: the product over comorbidities.
    pub factor: f64,
    /// Frequency without them, when the disease gives one.
    pub before: Option<f64>,
    /// Frequency with them, at most 0.99.
    pub after: Option<f64>,
}

/// A disease together with others.
#[derive(Clone, Debug, Default)]
pub struct Composition<'a> {
    /// Findings of the disease that change, by id.
    pub changes: Vec<Change>,
    /// Findings the comorbidities bring that the disease itself does not, with whose they are.
    pub added: Vec<(&'a str, &'a PresentsWith)>,
    /// What is said about the changes, with its grade.
    pub notes: Vec<(Bilingual, Evidence)>,
}

/// What `comorbidities` (name parts) change about `disease`. Pairs without an edge change nothing
/// but still bring their own findings. `None` when a disease is not in the graph.
pub fn comorbid<'a>(graph: &'a Graph, disease: &str, comorbidities: &[&str]) -> Option<Composition<'a>> {
    let disease = graph.disease(disease)?;
    let mut composition = Composition::default();
    let mut altered: BTreeMap<&str, (Vec<String>, f64)> = BTreeMap::new();
    for id in comorbidities {
        let other = graph.disease(id)?;
        for edge in disease.comorbidity.iter().filter(|edge| edge.disease == *id) {
            for (finding, factor) in &edge.alters {
                let entry = altered.entry(finding).or_insert_with(|| (Vec::new(), 1.0));
                entry.0.push(edge.disease.clone());
                entry.1 *= factor;
            }
            let grade = graph.evidence(&edge.provenance);
            composition.notes.extend(edge.note.clone().map(|note| (note, grade)));
        }
        for edge in &other.presents_with {
            let own = disease.presents_with.iter().any(|mine| mine.finding == edge.finding);
            let twice = composition.added.iter().any(|(_, known)| known.finding == edge.finding);
            if !own && !twice && !edge.excluded {
                composition.added.push((&other.id, edge));
            }
        }
    }
    composition.changes = altered
        .into_iter()
        .map(|(finding, (because_of, factor))| {
            let edge = disease.presents_with.iter().find(|edge| edge.finding == finding);
            let before = edge.and_then(|edge| edge.frequency.as_ref()?.proportion());
            let after = before.map(|rate| (rate * factor).min(0.99));
            Change { finding: finding.to_owned(), because_of, factor, before, after }
        })
        .collect();
    Some(composition)
}
