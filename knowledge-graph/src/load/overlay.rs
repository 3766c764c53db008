//! Changes accepted from the literature, laid over the content.

use super::{
    content::{Content, DiseaseFile, Edges, Located},
    read,
};
use crate::{
    format::{Evidence, PresentsWith, RiskFor},
    problem::Problems,
};

/// One file of an overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlayFile {
    /// How problems name it, such as the proposal it comes from.
    pub label: String,
    /// Where it would stand in the content folder, such as `diseases/cardiovascular/gout.toml`.
    pub path: String,
    /// Its text: as in the content folder, but a disease has its `id` and changed edges only.
    pub text: String,
}

/// Lays one file over `content`.
pub(super) fn lay(file: &OverlayFile, content: &mut Content, problems: &mut Problems) {
    let Some((id, edges, place)) = read::read_overlay(file, content, problems) else { return };
    match content.diseases.iter_mut().find(|disease| disease.disease.id == id) {
        Some(disease) => merge(disease, edges),
        None => problems.error(&place, "id", format!("there is no disease `{id}`; correct the id")),
    }
}

/// Changed edges take the place of those with the same ends, new ones come last.
fn merge(file: &mut DiseaseFile, edges: Edges) {
    let own = &mut file.edges;
    for edge in edges.presents_with {
        let same = |old: &&mut Located<PresentsWith>| {
            let (old, new) = (&old.value, &edge.value);
            (&old.finding, &old.sex, old.min_age, old.max_age) == (&new.finding, &new.sex, new.min_age, new.max_age)
        };
        match own.presents_with.iter_mut().find(same) {
            Some(old) => change_presents_with(old, edge),
            None => own.presents_with.push(edge),
        }
    }
    for edge in edges.risk_factor {
        match own.risk_factor.iter_mut().find(|old| old.value.factor == edge.value.factor) {
            Some(old) => change_risk(old, edge),
            None => own.risk_factor.push(edge),
        }
    }
    macro_rules! replace {
        ($list:ident, $($key:ident),+) => {
            for edge in edges.$list {
                match own.$list.iter_mut().find(|old| $(old.value.$key == edge.value.$key)&&+) {
                    Some(old) => *old = edge,
                    None => own.$list.push(edge),
                }
            }
        };
    }
    replace!(tested_by, test);
    replace!(differential, disease);
    replace!(complication, disease, name);
    replace!(comorbidity, disease);
    replace!(treated_by, treatment);
}

/// The patient's words stay. A new frequency or new ratios take the place of the old; the two
/// ratios are one pair, so that no edge mixes those of two studies. Whatever stays keeps the source
/// it had.
fn change_presents_with(old: &mut Located<PresentsWith>, new: Located<PresentsWith>) {
    let edge = &mut old.value;
    let has_ratios = |edge: &PresentsWith| edge.lr_positive.is_some() || edge.lr_negative.is_some();
    let (new_ratios, new_frequency) = (has_ratios(&new.value), new.value.frequency.is_some());
    let old_source = edge.frequency_source.take().or_else(|| edge.provenance.source.clone());
    if new_frequency {
        edge.frequency = new.value.frequency;
        edge.frequency_evidence = new.value.frequency_evidence;
        edge.frequency_source = new.value.frequency_source.or_else(|| new.value.provenance.source.clone());
    } else {
        let vouched = old_source.is_some() && edge.provenance.evidence != Some(Evidence::Unverified);
        if edge.frequency.is_some() && !vouched {
            edge.frequency_evidence = Some(Evidence::Unverified);
        }
        edge.frequency_source = old_source;
    }
    if new_ratios {
        edge.lr_positive = new.value.lr_positive;
        edge.lr_negative = new.value.lr_negative;
        edge.lr_derived = new.value.lr_derived;
        edge.lr_of.clone_from(&new.value.lr_of);
        edge.excluded = new.value.excluded;
    }
    if new_ratios || !has_ratios(edge) {
        edge.provenance = new.value.provenance;
    }
    if edge.frequency.is_none() || edge.frequency_source == edge.provenance.source {
        edge.frequency_source = None;
    }
    old.place = new.place;
}

fn change_risk(old: &mut Located<RiskFor>, new: Located<RiskFor>) {
    let edge = &mut old.value;
    edge.strength = new.value.strength.or(edge.strength);
    if new.value.prevalence.is_some() {
        edge.prevalence = new.value.prevalence;
        edge.prevalence_evidence = new.value.prevalence_evidence;
    } else if edge.prevalence.is_some() {
        // One edge cites one source, and the new one does not give this share.
        edge.prevalence_evidence = Some(Evidence::Unverified);
    }
    edge.provenance = new.value.provenance;
    old.place = new.place;
}
