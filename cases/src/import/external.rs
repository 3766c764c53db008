//! A record of another collection in neutral form.

use knowledge_graph::{Language, is_han};
use serde_json::Value;

use crate::format::Sex;

/// A record, still in its own words.
pub(super) struct External {
    /// Its number or name in the collection.
    pub(super) id: String,
    pub(super) language: Language,
    pub(super) diagnosis: String,
    pub(super) age: Option<Age>,
    pub(super) sex: Option<Sex>,
    pub(super) name: Option<String>,
    pub(super) occupation: Option<String>,
    /// The main symptom, as a noun or a sentence.
    pub(super) complaint: Option<Passage>,
    pub(super) passages: Vec<Passage>,
    pub(super) vitals: Vec<Passage>,
    /// Findings on examination: the path names what was examined.
    pub(super) examinations: Vec<Passage>,
    pub(super) tests: Vec<Passage>,
}

/// An age with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Age {
    /// In completed years.
    pub(super) years: u8,
}

/// A piece of prose and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    pub(super) part: Part,
    /// Keys from the outside in, joined by `/`.
    pub(super) path: String,
    pub(super) text: String,
}

/// What a piece of prose is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Illness,
    Symptom,
    Past,
    Surgery,
    Drugs,
    Allergy,
    Family,
    Social,
    Review,
    Menstrual,
    Obstetric,
    Transfusion,
    Infection,
    Idea,
    Concern,
    Expectation,
    Workup,
}

impl Part {
    /// What a key of a record is about, by its words.
    pub(super) fn of(key: &str) -> Self {
        const KEYS: [(&str, Part); 34] = [
            ("allerg", Part::Allergy),
            ("过敏", Part::Allergy),
            ("family", Part::Family),
            ("家族", Part::Family),
            ("surg", Part::Surgery),
            ("手术", Part::Surgery),
            ("外伤", Part::Surgery),
            ("transfus", Part::Transfusion),
            ("输血", Part::Transfusion),
            ("infect", Part::Infection),
            ("传染", Part::Infection),
            ("medication", Part::Drugs),
            ("drugs", Part::Drugs),
            ("用药", Part::Drugs),
            ("menstr", Part::Menstrual),
            ("gynec", Part::Menstrual),
            ("gynaec", Part::Menstrual),
            ("月经", Part::Menstrual),
            ("obstet", Part::Obstetric),
            ("reproductive", Part::Obstetric),
            ("birth", Part::Obstetric),
            ("婚育", Part::Obstetric),
            ("生育", Part::Obstetric),
            ("review", Part::Review),
            ("系统回顾", Part::Review),
            ("social", Part::Social),
            ("personal", Part::Social),
            ("个人", Part::Social),
            ("past", Part::Past),
            ("other_medical", Part::Past),
            ("既往", Part::Past),
            ("symptom", Part::Symptom),
            ("症状", Part::Symptom),
            ("medical_history", Part::Past),
        ];
        let key = key.to_lowercase();
        KEYS.iter().find(|(word, _)| key.contains(word)).map_or(Self::Illness, |(_, part)| *part)
    }
}

/// Every text below `value` with its path. A list's entries share the path.
pub(super) fn leaves(value: &Value, path: &str, out: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) if !text.trim().is_empty() => out.push((path.to_owned(), text.trim().to_owned())),
        Value::Number(number) => out.push((path.to_owned(), number.to_string())),
        Value::Bool(truth) => out.push((path.to_owned(), truth.to_string())),
        Value::Array(entries) => entries.iter().for_each(|entry| leaves(entry, path, out)),
        Value::Object(entries) => {
            for (key, entry) in entries {
                let below = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
                leaves(entry, &below, out);
            }
        }
        _ => {}
    }
}

/// The language most of `texts` is in.
pub(super) fn language_of<'t>(texts: impl Iterator<Item = &'t str>) -> Language {
    let (mut han, mut latin) = (0_usize, 0_usize);
    for letter in texts.flat_map(str::chars) {
        han += usize::from(is_han(letter));
        latin += usize::from(letter.is_ascii_alphabetic());
    }
    // A Chinese character says about as much as three letters.
    if han * 3 > latin { Language::Zh } else { Language::En }
}

/// The sex that `text` names, by its first telling word.
pub(super) fn sex_in(text: &str) -> Option<Sex> {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    for word in words {
        match word {
            "woman" | "female" | "girl" | "lady" | "she" | "her" | "f" => return Some(Sex::Female),
            "man" | "male" | "boy" | "gentleman" | "he" | "his" | "him" | "m" => return Some(Sex::Male),
            _ => {}
        }
    }
    let first = |words: [char; 2], sex| text.find(words).map(|at| (at, sex));
    let named = [first(['女', '她'], Sex::Female), first(['男', '他'], Sex::Male)];
    named.into_iter().flatten().min_by_key(|(at, _)| *at).map(|(_, sex)| sex)
}

/// The age that `text` names: the first number with its unit, years unless said.
pub(super) fn age_in(text: &str) -> Option<Age> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let digits: String = text[start..].chars().take_while(char::is_ascii_digit).collect();
    let number: u16 = digits.parse().ok()?;
    let unit: String = text[start + digits.len()..].trim_start_matches(['-', ' ']).chars().take(6).collect();
    let unit = unit.to_lowercase();
    let young = ["month", "week", "day", "hour", "个月", "月", "周", "天", "日"];
    let years = if young.iter().any(|word| unit.starts_with(word)) { number_of_years(number, &unit) } else { number };
    u8::try_from(years).ok().filter(|years| *years <= 120).map(|years| Age { years })
}

/// Completed years of an age in months or less.
fn number_of_years(number: u16, unit: &str) -> u16 {
    if unit.starts_with("month") || unit.starts_with("个月") || unit.starts_with('月') { number / 12 } else { 0 }
}
