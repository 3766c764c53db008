//! The flat profile: `caseTitle` is the diagnosis, `patientProfile` has one text a section.

use serde_json::Value;

use super::external::{External, Part, Passage, age_in, language_of, leaves, sex_in};

/// Keys that are not prose for a fact: read apart, or nothing a patient tells.
const APART: [&str; 12] = [
    "name",
    "age_value",
    "age_unit",
    "gender",
    "basic_info",
    "occupation",
    "chief_complaint",
    "hospital_department_name",
    "marital_status",
    "address",
    "caseTitle",
    "caseDescription",
];
/// What a profile writes where there is nothing to say.
const NOTHING: [&str; 8] = ["无", "none", "-", "×××", "xxx", "n/a", "不详", "无特殊"];

pub(super) fn read(record: &Value, number: usize) -> External {
    let profile = record.get("patientProfile").unwrap_or(record);
    let text = |value: &Value, key: &str| {
        let value = value.get(key).unwrap_or(&Value::Null);
        let text = value.as_str().map_or_else(|| value.as_u64().map(|n| n.to_string()), |text| Some(text.to_owned()));
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty() && !is_nothing(text))
    };
    let mut told = Vec::new();
    leaves(profile, "patientProfile", &mut told);
    let age =
        format!("{} {}", text(profile, "age_value").unwrap_or_default(), text(profile, "age_unit").unwrap_or_default());
    let description = text(record, "caseDescription").unwrap_or_default();
    External {
        id: text(record, "caseId").unwrap_or_else(|| format!("profile-{number}")),
        language: language_of(told.iter().filter(|(path, _)| !path.ends_with("_unit")).map(|(_, text)| text.as_str())),
        diagnosis: text(record, "caseTitle").or_else(|| text(profile, "diagnosis")).unwrap_or_default(),
        age: age_in(&age).or_else(|| age_in(&description)),
        sex: text(profile, "gender").and_then(|gender| sex_in(&gender)).or_else(|| sex_in(&description)),
        name: text(profile, "name"),
        occupation: text(profile, "occupation"),
        complaint: text(profile, "chief_complaint").map(|text| Passage {
            part: Part::Symptom,
            path: "patientProfile/chief_complaint".to_owned(),
            text,
        }),
        passages: told
            .iter()
            .filter(|(path, text)| !is_nothing(text) && !APART.contains(&last(path)))
            .map(|(path, text)| Passage { part: part(last(path)), path: path.clone(), text: text.clone() })
            .collect(),
        vitals: Vec::new(),
        examinations: Vec::new(),
        tests: Vec::new(),
    }
}

fn is_nothing(text: &str) -> bool {
    NOTHING.contains(&text.trim().trim_end_matches(['.', '。']).to_lowercase().as_str())
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn part(key: &str) -> Part {
    match key {
        "idea" => Part::Idea,
        "concern" => Part::Concern,
        "expectation" => Part::Expectation,
        "present_illness_history" => Part::Illness,
        "social_background" => Part::Social,
        other => Part::of(other),
    }
}
