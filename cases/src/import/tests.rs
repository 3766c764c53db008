use knowledge_graph::{Graph, Language};

use super::*;
use crate::{Problem, check, format::Sex};

const OSCE: &str = r#"{"OSCE_Examination": {
 "Objective_for_Doctor": "Assess a woman with chest pain.",
 "Patient_Actor": {
  "Demographics": "52-year-old woman",
  "History": "The patient reports that the chest pain started two hours ago. She denies fever, cough or vomiting.",
  "Symptoms": {"Primary_Symptom": "Crushing chest pain", "Secondary_Symptoms": ["Nausea", "Sweating"]},
  "Past_Medical_History": ["Hypertension"], "Current_Medications": ["Amlodipine"],
  "Social_History": "Smokes ten cigarettes a day. Works as a teacher.",
  "Review_of_Systems": "Collects stamps of the Azores."},
 "Physical_Examination_Findings": {
  "Vital_Signs": {"Temperature": "98.6°F (37°C)", "Blood_Pressure": "150/90 mmHg", "Heart_Rate": "104 bpm"},
  "Abdominal_Examination": {"Inspection": "Flat", "Palpation": "Soft"}},
 "Test_Results": {"ECG": {"Findings": "ST elevation in II, III, aVF"}, "Tea_Leaves": "A tall stranger"},
 "Correct_Diagnosis": "Acute coronary syndrome"}}"#;

const PROFILE: &str = r#"[{"caseId": "A7", "caseTitle": "肺炎", "patientProfile": {
 "name": "×××", "age_value": 45, "age_unit": "岁", "gender": "男性", "occupation": "司机",
 "chief_complaint": "咳嗽伴发热3天。",
 "present_illness_history": "3天前受凉后开始咳嗽，咳黄痰，体温38.9℃。无胸痛、咯血。",
 "past_medical_history": "否认高血压、糖尿病。", "allergy_history": "否认药物过敏。",
 "transfusion_history": "无", "personal_history": "吸烟20年，每天一包。", "concern": "担心是肺癌。"}}]"#;

fn imported(text: &str) -> Imported {
    let credit = Credit { author: "A collection".to_owned(), licence: "MIT".to_owned() };
    let mut all = import(text, Graph::embedded().unwrap(), &credit).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0).unwrap()
}

fn topics(imported: &Imported, present: bool) -> Vec<String> {
    let facts = imported.case.facts.iter().filter(|fact| fact.present == present);
    facts.flat_map(|fact| std::iter::once(&fact.topic).chain(&fact.also)).map(ToString::to_string).collect()
}

#[test]
fn an_osce_object_becomes_a_playable_case() {
    let imported = imported(OSCE);

    let case = &imported.case;
    assert_eq!((case.patient.age, case.patient.sex, case.only), (52, Sex::Female, Some(Language::En)));
    assert_eq!(case.diagnosis.disease.as_deref(), Some("acute-coronary-syndrome"));
    assert_eq!((case.vitals.systolic_mmhg, case.vitals.pulse_per_min), (150, 104));
    assert!((case.vitals.temperature_c - 37.0).abs() < 0.01);
    let (has, denies) = (topics(&imported, true), topics(&imported, false));
    for topic in
        ["finding:nausea", "history:past-conditions", "history:current-drugs", "history:smoking", "history:occupation"]
    {
        assert!(has.iter().any(|one| one == topic), "{topic}: {has:?}");
    }
    assert!(has.iter().any(|topic| topic.ends_with("/onset")), "{has:?}");
    for topic in ["finding:fever", "finding:cough", "finding:vomiting"] {
        assert!(denies.iter().any(|one| one == topic), "{topic}: {denies:?}");
    }
    assert!(case.results.iter().any(|result| result.test == "ecg" && result.report.en.contains("ST elevation")));
    let problems: Vec<_> = check(case, Graph::embedded().unwrap()).into_iter().filter(Problem::is_error).collect();
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn what_finds_no_place_is_said() {
    let imported = imported(OSCE);

    let texts: Vec<&str> = imported.unplaced.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(texts, ["Collects stamps of the Azores", "A tall stranger"]);
    assert!(imported.assumed.iter().any(|what| what.contains("respiratory rate")), "{:?}", imported.assumed);
}

#[test]
fn a_flat_profile_is_read_in_chinese() {
    let imported = imported(PROFILE);

    let case = &imported.case;
    assert_eq!((case.patient.age, case.patient.sex, case.only), (45, Sex::Male, Some(Language::Zh)));
    assert_eq!(case.diagnosis.disease.as_deref(), Some("pneumonia"));
    let (has, denies) = (topics(&imported, true), topics(&imported, false));
    for topic in ["finding:cough", "history:smoking", "perspective:concern"] {
        assert!(has.iter().any(|one| one == topic), "{topic}: {has:?}");
    }
    for topic in ["finding:haemoptysis", "history:drug-allergy", "history:past-conditions"] {
        assert!(denies.iter().any(|one| one == topic), "{topic}: {denies:?}");
    }
    assert!(!has.iter().any(|topic| topic == "history:transfusion"), "nothing to say is no fact");
}

#[test]
fn what_is_no_case_is_refused_in_its_place() {
    let graph = Graph::embedded().unwrap();
    let credit = Credit { author: String::new(), licence: String::new() };

    let broken = import("{\"a\": 1}\n{\"b\": ", graph, &credit).unwrap_err();
    let unknown = import(&format!("{}\n{{\"a\": 1}}", OSCE.replace('\n', " ")), graph, &credit).unwrap();

    assert!(matches!(broken, ImportError::NotJson { line: 2, .. }), "{broken:?}");
    assert!(unknown[0].is_ok());
    assert_eq!(unknown[1], Err(ImportError::UnknownFormat { record: 2 }));
}
