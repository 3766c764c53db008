//! How much of a case is written in both languages, part by part.

use cases::Case;
use knowledge_graph::{Bilingual, Language};

/// One part of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name, which is also its anchor: `about`, `patient`, `door`, `facts`, …
    pub name: &'static str,
    /// Texts that both languages have.
    pub both: usize,
    /// Texts there are or should be.
    pub all: usize,
    /// Texts that one language has and the other lacks: the field that lacks it.
    pub lacking: Vec<(String, Language)>,
}

/// Counts the texts of `case`, part by part in the order of the form.
pub fn parts(case: &Case) -> Vec<Part> {
    let patient = &case.patient;
    let mut about = Counter::new("about");
    about.add("title", &case.title);
    about.add("teaching_note", &case.teaching_note);
    let mut who = Counter::new("patient");
    who.add("patient.name", &patient.name);
    who.add("patient.occupation", &patient.occupation);
    who.add("persona.voice", &case.persona.voice);
    who.maybe("patient.spokesperson", patient.spokesperson.as_ref());
    let mut door = Counter::new("door");
    door.add("door_note", &case.door_note);
    door.add("appearance", &case.appearance);
    door.add("opening", &case.opening);
    let mut facts = Counter::new("facts");
    for (index, fact) in case.facts.iter().enumerate() {
        facts.add(format!("fact[{index}].tells"), &fact.tells);
        facts.maybe(format!("fact[{index}].brief"), fact.brief.as_ref());
    }
    let mut tests = Counter::new("tests");
    for (index, one) in case.examinations.iter().enumerate() {
        tests.add(format!("examination[{index}].finding"), &one.finding);
    }
    for (index, one) in case.results.iter().enumerate() {
        tests.add(format!("result[{index}].report"), &one.report);
    }
    let mut diagnosis = Counter::new("diagnosis");
    diagnosis.add("diagnosis.name", &case.diagnosis.name);
    for (index, one) in case.diagnosis.differential.iter().enumerate() {
        diagnosis.add(format!("diagnosis.differential[{index}].name"), &one.name);
        diagnosis.add(format!("diagnosis.differential[{index}].reason"), &one.reason);
    }
    let mut rubric = Counter::new("rubric");
    for (index, item) in case.rubric.iter().enumerate() {
        rubric.add(format!("rubric[{index}].text"), &item.text);
        rubric.maybe(format!("rubric[{index}].why"), item.why.as_ref());
    }
    [about, who, door, diagnosis, facts, tests, rubric].map(|counter| counter.0).into()
}

struct Counter(Part);

impl Counter {
    fn new(name: &'static str) -> Self {
        Self(Part { name, both: 0, all: 0, lacking: Vec::new() })
    }

    fn maybe(&mut self, path: impl Into<String>, text: Option<&Bilingual>) {
        if let Some(text) = text {
            self.add(path, text);
        }
    }

    fn add(&mut self, path: impl Into<String>, text: &Bilingual) {
        self.0.all += 1;
        let path = path.into();
        match (text.en.trim().is_empty(), text.zh.trim().is_empty()) {
            (false, false) => self.0.both += 1,
            (true, false) => self.0.lacking.push((format!("{path}.en"), Language::En)),
            (false, true) => self.0.lacking.push((format!("{path}.zh"), Language::Zh)),
            (true, true) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_one_language_is_named_and_shipped_cases_lack_none() {
        let mut case = cases::library().unwrap()[0].clone();
        let lacking = |case: &Case| parts(case).into_iter().flat_map(|part| part.lacking).collect::<Vec<_>>();
        assert_eq!(lacking(&case), []);
        case.facts[1].tells.zh.clear();
        assert_eq!(lacking(&case), [("fact[1].tells.zh".to_owned(), Language::Zh)]);
    }
}
