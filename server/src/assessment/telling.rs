//! Whether the patient gave an item, asked or not.

use super::{
    dialogue::{Dialogue, StudentClause},
    item::ItemReading,
};
use crate::understanding::Concept;

/// How far the patient's words cover an item.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Telling {
    /// Best share of the item covered by one patient turn alone.
    pub own: f64,
    /// The same, joined with what was asked and said around it.
    pub context: f64,
    answered: f64,
    answer_length: f64,
    answer_unknown: f64,
}

impl Telling {
    /// Looks for `item` in everything the patient says.
    pub fn of(item: &ItemReading, dialogue: &Dialogue) -> Self {
        let mut telling = Self::default();
        let mut before: Vec<Concept> = Vec::new();
        for (_, reading) in &dialogue.patient {
            let said: Vec<Concept> = reading.clauses.iter().flat_map(|clause| clause.concepts.clone()).collect();
            telling.own = telling.own.max(share(&item.concepts, &[&said]));
            if share(&item.concepts, &[&said]) > 0.0 {
                telling.context = telling.context.max(share(&item.concepts, &[&said, &before]));
            }
            before = said;
        }
        telling
    }

    /// Adds what the patient answered to `clause`.
    pub fn answered(mut self, clause: Option<&StudentClause>, dialogue: &Dialogue) -> Self {
        let Some(clause) = clause else { return self };
        let answers = dialogue.patient.iter().filter(|(turn, _)| clause.answers.contains(turn));
        let clauses: Vec<_> = answers.flat_map(|(_, reading)| &reading.clauses).collect();
        let words: usize = clauses.iter().map(|clause| clause.words.len()).sum();
        self.answered = if words > 0 { 1.0 } else { 0.0 };
        self.answer_length = (words as f64).min(20.0) / 10.0;
        self.answer_unknown = if clauses.iter().any(|clause| clause.unknown) { 1.0 } else { 0.0 };
        self
    }

    /// The parts that describe the answer.
    pub fn answer(&self) -> [f64; 3] {
        [self.answered, self.answer_length, self.answer_unknown]
    }

    /// The parts that do not depend on the answer.
    pub fn values(&self) -> [f64; 2] {
        [self.own, self.context]
    }
}

/// The features in the order of `TELL_FEATURES`.
pub(crate) fn told_features(telling: Telling, asked: f64, chinese: bool) -> [f64; 7] {
    let [answered, length, unknown] = telling.answer();
    [asked, asked * answered, length, unknown, telling.own, telling.context, if chinese { 1.0 } else { 0.0 }]
}

fn share(item: &[Concept], said: &[&[Concept]]) -> f64 {
    let total: f32 = item.iter().map(|concept| concept.weight).sum();
    let met = item.iter().filter(|concept| said.iter().any(|said| said.iter().any(|other| concept.meets(other))));
    let found: f32 = met.map(|concept| concept.weight).sum();
    if total > 0.0 { f64::from(found / total) } else { 0.0 }
}
