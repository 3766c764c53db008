//! How hard an item is and how able a learner, learned from answers.
//!
//! One-parameter logistic model with a guessing floor, updated after each answer in the manner of
//! Elo: Pelánek, "Applications of the Elo rating system in adaptive educational systems", Computers &
//! Education 98 (2016) 169–179. Both are in logits, 0 at first. The step falls with the number of
//! answers, so that early answers place an item quickly and late ones move it little.

use serde::{Deserialize, Serialize};

/// Step of the first answer, in logits for a wholly unexpected one.
const FIRST_STEP: f64 = 1.0;
/// How fast steps fall: the step of answer n is `FIRST_STEP / (1 + FALL · n)`.
const FALL: f64 = 0.05;
/// Ratings stay within ± this many logits.
const MOST: f64 = 6.0;
/// Answers from which an item's discrimination is judged.
pub const MIN_ANSWERS: u32 = 30;
/// An item that discriminates less is shown to teachers: below 0.2 items are conventionally rejected
/// or rewritten (Ebel & Frisbie, "Essentials of educational measurement", 5th ed., 1991).
pub const WEAK_DISCRIMINATION: f64 = 0.2;

/// A difficulty or an ability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// In logits.
    pub logits: f64,
    /// Answers it rests on.
    pub answers: u32,
}

impl Rating {
    fn moved(self, by: f64) -> Self {
        let step = FIRST_STEP / FALL.mul_add(f64::from(self.answers), 1.0);
        Self { logits: step.mul_add(by, self.logits).clamp(-MOST, MOST), answers: self.answers.saturating_add(1) }
    }
}

/// Expected credit 0–1 of a learner on an item whose blind guess earns `floor`.
pub fn expected(learner: Rating, item: Rating, floor: f64) -> f64 {
    floor + (1.0 - floor) / (1.0 + (item.logits - learner.logits).exp())
}

/// Learner and item after an answer that earned `credit` (0–1). Who says not to know did not guess:
/// give a `floor` of 0.
pub fn rated(learner: Rating, item: Rating, credit: f64, floor: f64) -> (Rating, Rating) {
    let surprise = credit - expected(learner, item, floor);
    (learner.moved(surprise), item.moved(-surprise))
}

/// Discrimination: Pearson's correlation of the credit on the item with each learner's mean credit on
/// all other items (corrected item–total correlation). `None` with fewer than [`MIN_ANSWERS`] pairs;
/// 0 when either does not vary.
pub fn discrimination(pairs: &[(f64, f64)]) -> Option<f64> {
    let enough = usize::try_from(MIN_ANSWERS).is_ok_and(|least| pairs.len() >= least);
    if !enough {
        return None;
    }
    let count = pairs.len() as f64;
    let mean_item = pairs.iter().map(|(item, _)| item).sum::<f64>() / count;
    let mean_rest = pairs.iter().map(|(_, rest)| rest).sum::<f64>() / count;
    let both: f64 = pairs.iter().map(|(item, rest)| (item - mean_item) * (rest - mean_rest)).sum();
    let item: f64 = pairs.iter().map(|(item, _)| (item - mean_item).powi(2)).sum();
    let rest: f64 = pairs.iter().map(|(_, rest)| (rest - mean_rest).powi(2)).sum();
    let scale = (item * rest).sqrt();
    Some(if scale < 1e-12 { 0.0 } else { both / scale })
}
