//! Case to text: one fixed layout, so that two equal cases are equal files and a diff is readable.

use std::{collections::BTreeMap, fmt::Write as _};

use knowledge_graph::{Bilingual, BilingualList};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::format::{
    Case, Diagnosis, Differential, Examination, Fact, Generated, Literacy, Patient, Persona, RubricItem, TestResult,
    Vitals,
};

/// Writes a case in its fixed layout; [`crate::parse`] reads it back unchanged.
pub fn to_toml(case: &Case) -> String {
    let mut page = Page::default();
    page.case(case);
    page.text
}

/// SHA-256, in lower-case hex, of the case's fixed layout: equal for equal content however the
/// author's file is laid out.
pub fn content_hash(case: &Case) -> String {
    Sha256::digest(to_toml(case)).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn key(&mut self, key: &str, value: &str) {
        self.text.push_str(key);
        self.text.push_str(" = ");
        self.text.push_str(value);
        self.text.push('\n');
    }

    fn header(&mut self, header: &str) {
        self.text.push('\n');
        self.text.push_str(header);
        self.text.push('\n');
    }

    fn string(&mut self, key: &str, value: &str) {
        self.key(key, &quoted(value));
    }

    /// An enum or an id: anything serde writes as one string or number.
    fn plain(&mut self, key: &str, value: &impl Serialize) {
        if let Ok(value) = toml::Value::try_from(value) {
            self.key(key, &value.to_string());
        }
    }

    /// Both languages, on one line each when they are long.
    fn bilingual(&mut self, key: &str, value: &Bilingual) {
        self.key(key, &inline(value));
    }

    fn optional(&mut self, key: &str, value: Option<&Bilingual>) {
        if let Some(value) = value {
            self.bilingual(key, value);
        }
    }

    fn strings<T: ToString>(&mut self, key: &str, values: &[T]) {
        self.key(key, &array(values));
    }

    fn case(&mut self, case: &Case) {
        // Named one by one: a field added to the format does not compile until it is written here.
        let Case {
            format,
            only,
            id,
            version,
            title,
            author,
            licence,
            system,
            complaint,
            level,
            setting,
            minutes,
            scheme,
            generated,
            diagnosis,
            patient,
            persona,
            door_note,
            appearance,
            vitals,
            opening,
            facts,
            examinations,
            results,
            rubric,
            teaching_note,
        } = case;
        self.plain("format", format);
        if let Some(only) = only {
            self.plain("only", only);
        }
        self.string("id", id);
        self.plain("version", version);
        self.bilingual("title", title);
        self.string("author", author);
        self.string("licence", licence);
        self.string("system", system);
        self.plain("complaint", complaint);
        self.plain("level", level);
        self.plain("setting", setting);
        self.plain("minutes", minutes);
        if let Some(scheme) = scheme {
            self.string("scheme", scheme);
        }
        self.bilingual("door_note", door_note);
        self.bilingual("appearance", appearance);
        self.bilingual("opening", opening);
        self.bilingual("teaching_note", teaching_note);
        if facts.is_empty() {
            self.key("fact", "[]");
        }
        if rubric.is_empty() {
            self.key("rubric", "[]");
        }
        if let Some(Generated { seed, graph }) = generated {
            self.header("[generated]");
            self.plain("seed", seed);
            self.string("graph", graph);
        }
        self.diagnosis(diagnosis);
        self.patient(patient);
        self.persona(persona);
        self.vitals(vitals);
        for fact in facts {
            self.fact(fact);
        }
        for examination in examinations {
            self.examination(examination);
        }
        for result in results {
            self.result(result);
        }
        for item in rubric {
            self.rubric_item(item);
        }
    }

    fn diagnosis(&mut self, diagnosis: &Diagnosis) {
        let Diagnosis { disease, name, comorbidities, differential } = diagnosis;
        self.header("[diagnosis]");
        if let Some(disease) = disease {
            self.string("disease", disease);
        }
        self.bilingual("name", name);
        if !comorbidities.is_empty() {
            self.strings("comorbidities", comorbidities);
        }
        for Differential { disease, name, reason, dangerous } in differential {
            self.header("[[diagnosis.differential]]");
            if let Some(disease) = disease {
                self.string("disease", disease);
            }
            self.bilingual("name", name);
            self.bilingual("reason", reason);
            if *dangerous {
                self.plain("dangerous", dangerous);
            }
        }
    }

    fn patient(&mut self, patient: &Patient) {
        let Patient { name, age, sex, occupation, spokesperson } = patient;
        self.header("[patient]");
        self.bilingual("name", name);
        self.plain("age", age);
        self.plain("sex", sex);
        self.bilingual("occupation", occupation);
        self.optional("spokesperson", spokesperson.as_ref());
    }

    fn persona(&mut self, persona: &Persona) {
        let Persona { style, mood, voice, understands, literacy, dialect } = persona;
        self.header("[persona]");
        self.plain("style", style);
        self.plain("mood", mood);
        self.bilingual("voice", voice);
        if !understands.is_empty() {
            self.strings("understands", understands);
        }
        if *literacy != Literacy::default() {
            self.plain("literacy", literacy);
        }
        if let Some(dialect) = dialect {
            self.plain("dialect", dialect);
        }
    }

    fn vitals(&mut self, vitals: &Vitals) {
        let Vitals {
            temperature_c,
            pulse_per_min,
            systolic_mmhg,
            diastolic_mmhg,
            respiratory_rate_per_min,
            spo2_percent,
        } = vitals;
        self.header("[vitals]");
        self.plain("temperature_c", temperature_c);
        self.plain("pulse_per_min", pulse_per_min);
        self.plain("systolic_mmhg", systolic_mmhg);
        self.plain("diastolic_mmhg", diastolic_mmhg);
        self.plain("respiratory_rate_per_min", respiratory_rate_per_min);
        self.plain("spo2_percent", spo2_percent);
    }

    fn fact(&mut self, fact: &Fact) {
        let Fact { id, topic, also, present, disclosure, bother, tells, brief, variants, source } = fact;
        self.header("[[fact]]");
        self.string("id", id);
        self.plain("topic", topic);
        if !also.is_empty() {
            self.strings("also", also);
        }
        if !present {
            self.plain("present", present);
        }
        self.plain("disclosure", disclosure);
        self.plain("bother", bother);
        self.bilingual("tells", tells);
        self.optional("brief", brief.as_ref());
        self.variants(variants);
        self.string("source", source);
    }

    fn variants(&mut self, variants: &BilingualList) {
        if !variants.is_empty() {
            let line = format!("{{ en = {}, zh = {} }}", array(&variants.en), array(&variants.zh));
            self.key("variants", &line);
        }
    }

    fn examination(&mut self, examination: &Examination) {
        let Examination { test, finding, source } = examination;
        self.header("[[examination]]");
        self.string("test", test);
        self.bilingual("finding", finding);
        self.string("source", source);
    }

    fn result(&mut self, result: &TestResult) {
        let TestResult { test, report, values, series, source } = result;
        self.header("[[result]]");
        self.string("test", test);
        self.bilingual("report", report);
        if !values.is_empty() {
            self.key("values", &numbers(values));
        }
        if !series.is_empty() {
            let readings: Vec<String> = series
                .iter()
                .map(|one| {
                    format!("{{ hours = {}, values = {} }}", toml::Value::Float(one.hours), numbers(&one.values))
                })
                .collect();
            self.key("series", &format!("[{}]", readings.join(", ")));
        }
        self.string("source", source);
    }

    fn rubric_item(&mut self, item: &RubricItem) {
        let RubricItem { id, text, section, topics, critical, weight, why } = item;
        self.header("[[rubric]]");
        self.string("id", id);
        self.bilingual("text", text);
        self.plain("section", section);
        self.strings("topics", topics);
        if *critical {
            self.plain("critical", critical);
        }
        self.plain("weight", weight);
        self.optional("why", why.as_ref());
    }
}

/// A TOML string on one line.
fn quoted(text: &str) -> String {
    let mut line = String::with_capacity(text.len() + 2);
    line.push('"');
    for character in text.chars() {
        match character {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(line, "\\u{:04X}", u32::from(control));
            }
            other => line.push(other),
        }
    }
    line.push('"');
    line
}

fn inline(text: &Bilingual) -> String {
    format!("{{ en = {}, zh = {} }}", quoted(&text.en), quoted(&text.zh))
}

fn array<T: ToString>(values: &[T]) -> String {
    format!("[{}]", values.iter().map(|value| quoted(&value.to_string())).collect::<Vec<_>>().join(", "))
}

fn numbers(values: &BTreeMap<String, f64>) -> String {
    let pairs: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{} = {}", bare_or_quoted(name), toml::Value::Float(*value)))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

fn bare_or_quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { key.to_owned() } else { quoted(key) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture, parse};

    #[test]
    fn a_written_case_is_read_back_unchanged() {
        let case = fixture::case();
        assert_eq!(parse(&to_toml(&case), "a.toml").unwrap(), case);
    }

    #[test]
    fn a_file_in_the_fixed_layout_is_written_as_it_was() {
        assert_eq!(to_toml(&fixture::case()), fixture::text());
    }

    #[test]
    fn control_characters_and_quotes_survive() {
        let mut case = fixture::case();
        case.author = "a\"b\\c\u{1}\u{7f}\u{85}\r\n\t'''".to_owned();
        assert_eq!(parse(&to_toml(&case), "a.toml").unwrap().author, case.author);
    }

    #[test]
    fn the_hash_follows_the_content_and_not_the_layout() {
        let mut case = fixture::case();
        let hash = content_hash(&case);
        assert_eq!(hash.len(), 64);
        let loose = fixture::text().replace("id = \"smoking\"", "# a comment\nid   =   'smoking'");
        assert_eq!(content_hash(&parse(&loose, "a.toml").unwrap()), hash);
        case.version += 1;
        assert_ne!(content_hash(&case), hash);
    }
}
