//! All bilingual texts of a case, with their key paths and who reads them.

use knowledge_graph::Bilingual;

use crate::format::Case;

/// Who meets a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The student, before or during the consultation: nothing here may name the diagnosis.
    Student,
    /// The student hears it as the fact with this index.
    Fact(usize),
    /// The student sees it after examining or testing; it may be diagnostic.
    Workup,
    /// The teacher, and the student in the debrief.
    Teacher,
}

/// One text of a case.
pub(super) struct CaseText<'c> {
    pub(super) path: String,
    pub(super) text: &'c Bilingual,
    pub(super) reader: Reader,
}

pub(super) fn all(case: &Case) -> Vec<CaseText<'_>> {
    let mut list = List(Vec::new());
    list.add("title", &case.title, Reader::Student);
    list.add("door_note", &case.door_note, Reader::Student);
    list.add("appearance", &case.appearance, Reader::Student);
    list.add("opening", &case.opening, Reader::Student);
    list.add("teaching_note", &case.teaching_note, Reader::Teacher);
    list.add("diagnosis.name", &case.diagnosis.name, Reader::Teacher);
    for (index, other) in case.diagnosis.differential.iter().enumerate() {
        list.add(format!("diagnosis.differential[{index}].name"), &other.name, Reader::Teacher);
        list.add(format!("diagnosis.differential[{index}].reason"), &other.reason, Reader::Teacher);
    }
    list.add("patient.name", &case.patient.name, Reader::Student);
    list.add("patient.occupation", &case.patient.occupation, Reader::Student);
    if let Some(spokesperson) = &case.patient.spokesperson {
        list.add("patient.spokesperson", spokesperson, Reader::Student);
    }
    list.add("persona.voice", &case.persona.voice, Reader::Student);
    for (index, fact) in case.facts.iter().enumerate() {
        list.add(format!("fact[{index}].tells"), &fact.tells, Reader::Fact(index));
        if let Some(brief) = &fact.brief {
            list.add(format!("fact[{index}].brief"), brief, Reader::Fact(index));
        }
    }
    for (index, shown) in case.examinations.iter().enumerate() {
        list.add(format!("examination[{index}].finding"), &shown.finding, Reader::Workup);
    }
    for (index, shown) in case.results.iter().enumerate() {
        list.add(format!("result[{index}].report"), &shown.report, Reader::Workup);
    }
    for (index, item) in case.rubric.iter().enumerate() {
        list.add(format!("rubric[{index}].text"), &item.text, Reader::Teacher);
        if let Some(why) = &item.why {
            list.add(format!("rubric[{index}].why"), why, Reader::Teacher);
        }
    }
    list.0
}

struct List<'c>(Vec<CaseText<'c>>);

impl<'c> List<'c> {
    fn add(&mut self, path: impl Into<String>, text: &'c Bilingual, reader: Reader) {
        self.0.push(CaseText { path: path.into(), text, reader });
    }
}
