//! The marks of a class: one sheet a version of a case, one row of marks a consultation.

use std::collections::BTreeMap;

use jiff::Timestamp;
use knowledge_graph::{Section, TopicId};
use uuid::Uuid;

/// How an item came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Asked.
    Asked,
    /// Not asked.
    Missed,
    /// A person has to decide, and has not.
    WithExaminer,
}

impl Verdict {
    /// The letter it is kept as.
    pub const fn letter(self) -> char {
        match self {
            Self::Asked => '+',
            Self::Missed => '-',
            Self::WithExaminer => '?',
        }
    }

    /// The verdict kept as `letter`.
    pub const fn of(letter: u8) -> Option<Self> {
        match letter {
            b'+' => Some(Self::Asked),
            b'-' => Some(Self::Missed),
            b'?' => Some(Self::WithExaminer),
            _ => None,
        }
    }
}

/// An item of a case's rubric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetItem {
    /// Unique within the case.
    pub id: String,
    /// Place of its first topic in [`Cohort::topics`].
    pub topic: usize,
    /// Section it counts in.
    pub section: Section,
    /// Whether missing it fails the station.
    pub critical: bool,
}

/// The rubric of one version of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Case id.
    pub case: String,
    /// Version.
    pub version: u32,
    /// Body system of the patient.
    pub system: String,
    /// Items in the rubric's order.
    pub items: Vec<SheetItem>,
}

/// A finished consultation.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked {
    /// Which.
    pub encounter: Uuid,
    /// Whose: the place in [`Cohort::students`].
    pub student: usize,
    /// The place of its sheet in [`Cohort::sheets`].
    pub sheet: usize,
    /// When it began.
    pub started: Timestamp,
    /// When it was finished.
    pub ended: Timestamp,
    /// Score as it counts, 0–100.
    pub percent: f64,
    /// Whether the whole history was to be taken; a section on its own says nothing of the whole.
    pub is_whole: bool,
    /// A letter an item; see [`Verdict::letter`].
    pub outcomes: String,
}

/// A class with its marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    /// Students, in the order they are listed.
    pub students: Vec<Uuid>,
    /// Topics that the rubrics ask for.
    pub topics: Vec<TopicId>,
    /// Rubrics.
    pub sheets: Vec<Sheet>,
    /// Consultations, oldest first.
    pub marked: Vec<Marked>,
    places: BTreeMap<TopicId, usize>,
}

impl Cohort {
    /// Students without marks.
    pub fn of(students: Vec<Uuid>) -> Self {
        Self { students, ..Self::default() }
    }

    /// The place of `topic`, which is made when absent.
    pub fn place_of(&mut self, topic: &TopicId) -> usize {
        if let Some(place) = self.places.get(topic) {
            return *place;
        }
        self.topics.push(topic.clone());
        self.places.insert(topic.clone(), self.topics.len() - 1);
        self.topics.len() - 1
    }

    /// The place of a topic that some rubric asks for.
    pub fn known_place(&self, topic: &TopicId) -> Option<usize> {
        self.places.get(topic).copied()
    }

    /// Items of a consultation with how they came out.
    pub fn items<'a>(&'a self, marked: &'a Marked) -> impl Iterator<Item = (&'a SheetItem, Verdict)> {
        let items = self.sheets.get(marked.sheet).map_or(&[][..], |sheet| &sheet.items);
        items.iter().zip(marked.outcomes.bytes()).filter_map(|(item, letter)| Some((item, Verdict::of(letter)?)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A class of two, three items on one sheet, and what each consultation's letters are.
    pub fn cohort(rows: &[(usize, &str, &str)]) -> Cohort {
        let mut cohort = Cohort::of(vec![Uuid::from_u128(1), Uuid::from_u128(2)]);
        let topics = ["history:smoking", "history:alcohol", "history:drug-allergy"];
        let sections = [Section::SocialHistory, Section::SocialHistory, Section::Allergies];
        let items = topics.iter().zip(sections).map(|(topic, section)| SheetItem {
            id: (*topic).to_owned(),
            topic: cohort.place_of(&topic.parse().unwrap()),
            section,
            critical: false,
        });
        let items = items.collect();
        cohort.sheets.push(Sheet { case: "one".to_owned(), version: 1, system: "respiratory".to_owned(), items });
        for (place, (student, at, letters)) in rows.iter().enumerate() {
            cohort.marked.push(Marked {
                encounter: Uuid::from_u128(100 + place as u128),
                student: *student,
                sheet: 0,
                started: at.parse().unwrap(),
                ended: at.parse().unwrap(),
                percent: 50.0,
                is_whole: true,
                outcomes: (*letters).to_owned(),
            });
        }
        cohort
    }

    #[test]
    fn letters_are_read_as_they_are_written() {
        for verdict in [Verdict::Asked, Verdict::Missed, Verdict::WithExaminer] {
            assert_eq!(Verdict::of(u8::try_from(verdict.letter()).unwrap()), Some(verdict));
        }
        assert_eq!(Verdict::of(b'x'), None);
    }
}
