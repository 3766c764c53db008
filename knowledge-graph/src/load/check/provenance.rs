//! Every edge says where it comes from.

use crate::{
    format::{Evidence, Provenance},
    load::content::{Content, DiseaseFile, Ids, Located},
    problem::{Place, Problems},
};

pub(super) fn check(content: &Content, ids: &Ids, problems: &mut Problems) {
    for file in &content.diseases {
        for (provenance, place) in all(file) {
            check_one(provenance, place, ids, problems);
        }
        for Located { value, place } in &file.edges.presents_with {
            if let Some(source) = &value.frequency_source {
                check_source(source, "frequency_source", place, ids, problems);
            }
        }
    }
}

fn all(file: &DiseaseFile) -> Vec<(&Provenance, &Place)> {
    macro_rules! of {
        ($list:ident) => {
            file.edges.$list.iter().map(|Located { value, place }| (&value.provenance, place))
        };
    }
    std::iter::once((&file.disease.epidemiology.provenance, &file.epidemiology_place))
        .chain(of!(presents_with))
        .chain(of!(risk_factor))
        .chain(of!(tested_by))
        .chain(of!(differential))
        .chain(of!(complication))
        .chain(of!(comorbidity))
        .chain(of!(treated_by))
        .collect()
}

fn check_one(provenance: &Provenance, place: &Place, ids: &Ids, problems: &mut Problems) {
    match (&provenance.source, provenance.evidence) {
        (None, Some(Evidence::Unverified)) => {}
        (None, _) => problems.error(
            place,
            "",
            "no source; add `source = \"…\"` or, if none can be named for sure, \
             `evidence = \"unverified\"`",
        ),
        (Some(source), _) => check_source(source, "source", place, ids, problems),
    }
}

fn check_source(source: &String, key: &str, place: &Place, ids: &Ids, problems: &mut Problems) {
    if ids.sources.contains(source) {
        return;
    }
    let mend = match ids.nearest_source(source) {
        Some(near) => format!("did you mean `{near}`? otherwise add it under sources/"),
        None => "add it under sources/ or correct the id".to_owned(),
    };
    problems.error(place, key, format!("there is no source `{source}`; {mend}"));
}
