//! The OSCE examination object: `Patient_Actor` with demographics, history, symptoms, past and
//! social history, review of systems; `Physical_Examination_Findings`; `Test_Results`;
//! `Correct_Diagnosis`. Sections are strings, lists or objects; keys vary from case to case.

use serde_json::Value;

use super::external::{External, Part, Passage, age_in, language_of, leaves, sex_in};

pub(super) fn read(examination: &Value, number: usize) -> External {
    let text = |key: &str| examination.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let patient = examination.get("Patient_Actor").unwrap_or(&Value::Null);
    let mut told = Vec::new();
    leaves(patient, "Patient_Actor", &mut told);
    let demographics = told.iter().filter(|(path, _)| path.contains("Demographics")).map(|(_, text)| text.as_str());
    let demographics = demographics.collect::<Vec<_>>().join(", ");
    let history = told.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ");
    let complaint = told.iter().find(|(path, _)| path.contains("Primary")).cloned();
    let passages = told.iter().filter(|(path, _)| !path.contains("Demographics") && !path.contains("Primary"));
    let (vitals, examinations) = physical(examination);
    External {
        id: format!("osce-{number}"),
        language: language_of(told.iter().map(|(_, text)| text.as_str())),
        diagnosis: text("Correct_Diagnosis"),
        age: age_in(&demographics),
        sex: sex_in(&demographics).or_else(|| sex_in(&history)),
        name: None,
        occupation: None,
        complaint: complaint.map(|(path, text)| Passage { part: Part::Symptom, path, text }),
        passages: passages.map(|(path, text)| passage(path, text)).collect(),
        vitals,
        examinations,
        tests: below(examination, "Test_Results"),
    }
}

/// A passage of the patient's part; the innermost telling key decides what it is about.
fn passage(path: &str, text: &str) -> Passage {
    let keys = path.rsplit('/').take_while(|key| *key != "Patient_Actor");
    let part = keys.map(Part::of).find(|part| *part != Part::Illness).unwrap_or(Part::Illness);
    Passage { part, path: path.to_owned(), text: text.to_owned() }
}

fn below(examination: &Value, key: &str) -> Vec<Passage> {
    let mut found = Vec::new();
    leaves(examination.get(key).unwrap_or(&Value::Null), key, &mut found);
    found.into_iter().map(|(path, text)| Passage { part: Part::Workup, path, text }).collect()
}

fn physical(examination: &Value) -> (Vec<Passage>, Vec<Passage>) {
    let all = below(examination, "Physical_Examination_Findings");
    all.into_iter().partition(|passage| passage.path.to_lowercase().contains("vital"))
}
