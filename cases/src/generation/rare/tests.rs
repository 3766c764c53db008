use std::fmt::Write as _;

use knowledge_graph::{
    Graph,
    hpo::{Files, Join, RareLayer, SourceFile},
};

use super::*;
use crate::{
    check::check,
    format::{Disclosure, Level, Sex},
    parse, to_toml,
};

/// Terms of the core and a few it does not have, in the form of a release.
const TERMS: [(&str, &str, &str, &str, &str); 13] = [
    ("HP:0000118", "Phenotypic abnormality", "", "", ""),
    ("HP:0001337", "Tremor", "HP:0000118", "Shakes", "震颤"),
    ("HP:0012378", "Fatigue", "HP:0000118", "Tired", "疲劳"),
    ("HP:0000716", "Depression", "HP:0000118", "", "抑郁"),
    ("HP:0001260", "Dysarthria", "HP:0000118", "", "构音障碍"),
    ("HP:0000952", "Jaundice", "HP:0000118", "Yellow skin", "黄疸"),
    ("HP:0025031", "Abnormality of the digestive system", "HP:0000118", "", ""),
    ("HP:0002014", "Diarrhea", "HP:0025031", "Watery stool", "腹泻"),
    ("HP:0005200", "Odd gut", "HP:0025031", "Rumbling gut", "肠鸣"),
    ("HP:0012443", "Abnormality of brain morphology", "HP:0000118", "", ""),
    ("HP:0002134", "Abnormal basal ganglia", "HP:0012443", "", "基底节异常"),
    ("HP:0000924", "Abnormality of the skeletal system", "HP:0000118", "", "骨骼异常"),
    ("HP:0003581", "Adult onset", "HP:0000118", "", ""),
];

/// Disease, name, term, reference, frequency, sex, aspect.
const ROWS: [[&str; 7]; 17] = [
    ["ORPHA:1", "Shaking disease", "HP:0001337", "PMID:11", "19/20", "", "P"],
    ["ORPHA:1", "Shaking disease", "HP:0012378", "PMID:11", "19/20", "", "P"],
    ["ORPHA:1", "Shaking disease", "HP:0001260", "PMID:12", "18/20", "", "P"],
    ["ORPHA:1", "Shaking disease", "HP:0000952", "PMID:12", "HP:0040280", "", "P"],
    ["ORPHA:1", "Shaking disease", "HP:0005200", "PMID:12", "HP:0040280", "", "P"],
    ["ORPHA:1", "Shaking disease", "HP:0002134", "PMID:12", "HP:0040280", "", "P"],
    ["ORPHA:1", "Shaking disease", "HP:0000924", "PMID:12", "HP:0040280", "", "P"],
    ["ORPHA:1", "Shaking disease", "HP:0003581", "PMID:12", "", "", "C"],
    ["ORPHA:2", "Thin disease", "HP:0000924", "PMID:13", "HP:0040280", "", "P"],
    ["ORPHA:3", "Migraine", "HP:0012378", "PMID:14", "HP:0040280", "", "P"],
    ["ORPHA:4", "Boys' disease", "HP:0001337", "PMID:15", "HP:0040280", "MALE", "P"],
    ["ORPHA:4", "Boys' disease", "HP:0012378", "PMID:15", "HP:0040280", "MALE", "P"],
    ["ORPHA:4", "Boys' disease", "HP:0001260", "PMID:15", "HP:0040280", "MALE", "P"],
    ["ORPHA:4", "Boys' disease", "HP:0002014", "PMID:15", "HP:0040280", "MALE", "P"],
    ["ORPHA:5", "Cradle disease", "HP:0001337", "PMID:16", "HP:0040280", "", "P"],
    ["ORPHA:5", "Cradle disease", "HP:0012378", "PMID:16", "HP:0040280", "", "P"],
    ["ORPHA:5", "Cradle disease", "HP:0001522", "PMID:16", "", "", "C"],
];

fn layer(chinese: bool) -> RareLayer {
    let mut ontology = "format-version: 1.2\ndata-version: hp/releases/2030-01-01\n".to_owned();
    let mut names =
        "source_language\ttranslation_language\tsubject_id\tpredicate_id\tsource_value\ttranslation_value\ttranslation_status\n"
            .to_owned();
    let death = ("HP:0001522", "Death in infancy", "HP:0000118", "", "");
    for (id, name, parent, lay, zh) in TERMS.into_iter().chain([death]) {
        let _ = writeln!(ontology, "\n[Term]\nid: {id}\nname: {name}");
        if !lay.is_empty() {
            let _ = writeln!(ontology, "synonym: \"{lay}\" EXACT layperson []");
        }
        if !parent.is_empty() {
            let _ = writeln!(ontology, "is_a: {parent} ! parent");
        }
        if !zh.is_empty() {
            let _ = writeln!(names, "en\tzh\t{id}\trdfs:label\t{name}\t{zh}\tOFFICIAL");
        }
    }
    let mut annotations = "#version: 2030-01-01\ndatabase_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\tmodifier\taspect\tbiocuration\n".to_owned();
    for [disease, name, term, reference, frequency, sex, aspect] in ROWS {
        let _ = writeln!(
            annotations,
            "{disease}\t{name}\t\t{term}\t{reference}\tPCS\t\t{frequency}\t{sex}\t\t{aspect}\tHPO:me"
        );
    }
    let files = Files {
        ontology: SourceFile { name: "hp.obo", text: &ontology },
        annotations: SourceFile { name: "phenotype.hpoa", text: &annotations },
        chinese: chinese.then_some(SourceFile { name: "zh.tsv", text: &names }),
    };
    RareLayer::import(files).unwrap().0
}

fn request(disease: &str, seed: u64) -> Request {
    Request {
        disease: disease.to_owned(),
        comorbidities: Vec::new(),
        age: None,
        sex: None,
        level: Level::Intermediate,
        style: None,
        language: None,
        seed,
    }
}

fn made(layer: &RareLayer, disease: &str, seed: u64) -> Result<RareCase, GenerateError> {
    let graph = Graph::embedded().unwrap();
    generate_rare(&Join::new(graph, layer), &request(disease, seed))
}

#[test]
fn annotations_become_a_sound_case_in_both_languages() {
    let layer = layer(true);

    let case = made(&layer, "ORPHA:1", 1).unwrap().case;

    assert_eq!(check(&case, Graph::embedded().unwrap()), Vec::new());
    assert_eq!((case.only, case.diagnosis.disease.as_deref()), (None, None));
    assert!(case.patient.age >= 16, "{}", case.patient.age);
    let tremor = case.facts.iter().find(|fact| fact.topic.to_string() == "finding:tremor").unwrap();
    assert_eq!((tremor.tells.en.as_str(), tremor.tells.zh.as_str()), ("My hands shake.", "手抖。"));
    assert_eq!(tremor.source, "hpo:ORPHA:1/HP:0001337");
    let onset = case.facts.iter().find(|fact| fact.topic.to_string().ends_with("/onset")).unwrap();
    assert_eq!(onset.source, "hpo:ORPHA:1/HP:0003581");
    assert_eq!(parse(&to_toml(&case), "a.toml").unwrap(), case);
}

#[test]
fn what_the_core_does_not_have_is_told_shown_or_said_to_the_teacher() {
    let layer = layer(true);

    let made = made(&layer, "ORPHA:1", 2).unwrap();

    let told = made.case.facts.iter().find(|fact| fact.source.ends_with("HP:0005200")).unwrap();
    assert_eq!(told.tells.en, "There's something else: rumbling gut.");
    assert_eq!((told.tells.zh.as_str(), told.disclosure), ("还有个情况：肠鸣。", Disclosure::Asked));
    let scan = made.case.results.iter().find(|result| result.test == "mri-brain").unwrap();
    assert_eq!(scan.report.en, "Abnormal basal ganglia.");
    assert_eq!(
        made.unplaced.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["Abnormality of the skeletal system"]
    );
    assert!(
        made.case.teaching_note.en.contains("Abnormality of the skeletal system"),
        "{}",
        made.case.teaching_note.en
    );
    assert!(made.case.teaching_note.zh.contains("骨骼异常"), "{}", made.case.teaching_note.zh);
}

#[test]
fn the_note_credits_release_and_references_and_says_what_is_not_known() {
    let note = made(&layer(true), "ORPHA:1", 3).unwrap().case.teaching_note;

    for part in [
        "Human Phenotype Ontology, release 2030-01-01",
        "PMID:12, PMID:11",
        "How common the disease is, HPO does not say",
    ] {
        assert!(note.en.contains(part), "{}", note.en);
    }
}

#[test]
fn common_diseases_with_the_same_findings_are_to_be_excluded() {
    let case = made(&layer(true), "ORPHA:1", 4).unwrap().case;

    let core = case.diagnosis.differential.iter().filter(|one| one.disease.is_some()).count();
    let denied = case.facts.iter().filter(|fact| !fact.present && fact.source.contains("->finding:")).count();
    assert!(core >= 3, "{:?}", case.diagnosis.differential);
    assert!(denied >= 8, "{denied}");
}

#[test]
fn without_chinese_names_the_case_is_in_english_only() {
    let case = made(&layer(false), "ORPHA:1", 1).unwrap().case;

    assert_eq!(case.only, Some(knowledge_graph::Language::En));
    assert_eq!(case.opening.en, case.opening.zh);
}

#[test]
fn the_same_request_makes_the_same_case() {
    let layer = layer(true);
    assert_eq!(made(&layer, "ORPHA:1", 9), made(&layer, "ORPHA:1", 9));
    assert_ne!(made(&layer, "ORPHA:1", 9), made(&layer, "ORPHA:1", 10));
}

#[test]
fn a_disease_annotated_in_one_sex_is_of_that_sex() {
    let layer = layer(true);
    for seed in 0..20 {
        assert_eq!(made(&layer, "ORPHA:4", seed).unwrap().case.patient.sex, Sex::Male);
    }
}

#[test]
fn what_cannot_be_met_is_refused_with_its_reason() {
    let layer = layer(true);
    let young = Request { age: Some(10), ..request("ORPHA:1", 1) };
    let graph = Graph::embedded().unwrap();

    for (disease, message) in [
        ("ORPHA:99", "release 2030-01-01 of the Human Phenotype Ontology has no disease `ORPHA:99`"),
        ("ORPHA:2", "too little is annotated of `ORPHA:2`"),
        ("ORPHA:3", "the core describes `ORPHA:3` itself"),
        ("ORPHA:5", "patients with `ORPHA:5` mostly do not live"),
    ] {
        let error = made(&layer, disease, 1).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    let error = generate_rare(&Join::new(graph, &layer), &young).unwrap_err().to_string();
    assert!(error.starts_with("`ORPHA:1` begins at 16 or later"), "{error}");
}
