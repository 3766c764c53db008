//! How belief moved with each exchange.

use std::collections::BTreeMap;

use knowledge_graph::query::{Differential, Presence};
use serde::Serialize;
use utoipa::ToSchema;

use super::Scene;

/// Diseases followed by name; the others are summed.
const FOLLOWED: usize = 4;
/// A disease that never reached this share of belief is not followed, unless it is the diagnosis.
const LEAST: f64 = 0.03;

/// How belief moved.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Course {
    /// The leading diseases, most probable at the end first; at most four.
    pub leading: Vec<Leading>,
    /// The door note, then every exchange and every order that showed something.
    pub steps: Vec<Step>,
}

/// One disease that is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Leading {
    /// Name part of its id.
    pub disease: String,
    /// Its name.
    pub name: String,
    /// Whether it is what the patient has.
    pub diagnosis: bool,
    /// Whether missing it endangers life or function.
    pub dangerous: bool,
}

/// Belief after one exchange.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Step {
    /// The exchange; none for the door note and for tests ordered.
    pub turn: Option<u32>,
    /// The student's words, or the names of the tests; empty for the door note.
    pub said: String,
    /// What came to light.
    pub learned: Vec<Learned>,
    /// Belief in each of `leading`, in that order, 0–1.
    pub beliefs: Vec<f64>,
    /// Belief in all other diseases together, 0–1.
    pub others: f64,
    /// Share of belief that this exchange moved between diseases, 0–1.
    pub moved: f64,
}

/// A finding or risk factor that came to light.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Learned {
    /// Its name.
    pub name: String,
    /// Whether the patient has it.
    pub present: bool,
}

/// Belief in one disease, now and with an answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Belief {
    /// Its name.
    pub name: String,
    /// Probability before, 0–1.
    pub before: f64,
    /// Probability after, 0–1.
    pub after: f64,
}

/// The differential after every exchange.
pub(super) struct Followed {
    after: Vec<BTreeMap<String, f64>>,
    last: Differential,
}

impl Followed {
    pub(super) fn new(scene: &Scene<'_>) -> Self {
        let mut known = Vec::new();
        let mut last = scene.differential(&known);
        let mut after = Vec::new();
        for exchange in &scene.exchanges {
            if exchange.learned.iter().any(|one| !known.contains(one)) {
                known.extend(exchange.learned.iter().cloned());
                last = scene.differential(&known);
            }
            after.push(last.posteriors.iter().map(|one| (one.disease.clone(), one.probability)).collect());
        }
        Self { after, last }
    }

    /// Belief at the end.
    pub(super) fn now(&self, disease: &str) -> Option<f64> {
        Some(self.last.of(disease)?.probability)
    }

    /// Belief after the exchange at this position; the door note is 0.
    pub(super) fn at(&self, position: usize, disease: &str) -> f64 {
        self.after.get(position).and_then(|beliefs| beliefs.get(disease)).copied().unwrap_or(0.0)
    }

    /// Place, from 1, at the end.
    pub(super) fn place(&self, disease: &str) -> Option<usize> {
        Some(self.last.posteriors.iter().position(|one| one.disease == disease)? + 1)
    }

    pub(super) fn shown(&self, scene: &Scene<'_>) -> Course {
        let leading = self.leading(scene);
        let mut steps = Vec::new();
        for (position, exchange) in scene.exchanges.iter().enumerate() {
            let beliefs: Vec<f64> = leading.iter().map(|one| self.at(position, &one.disease)).collect();
            let learned = exchange
                .learned
                .iter()
                .map(|(topic, presence)| Learned { name: scene.name(topic), present: *presence == Presence::Present });
            let mut distinct: Vec<Learned> = Vec::new();
            learned.for_each(|one| {
                if !distinct.contains(&one) {
                    distinct.push(one);
                }
            });
            steps.push(Step {
                turn: exchange.turn,
                said: exchange.said.clone(),
                learned: distinct,
                others: (1.0 - beliefs.iter().sum::<f64>()).max(0.0),
                moved: self.moved(position),
                beliefs,
            });
        }
        Course { leading, steps }
    }

    /// Half the sum of all changes against the step before (total variation distance).
    fn moved(&self, position: usize) -> f64 {
        let Some(before) = position.checked_sub(1).and_then(|before| self.after.get(before)) else { return 0.0 };
        let Some(now) = self.after.get(position) else { return 0.0 };
        let named: f64 = now.iter().map(|(id, belief)| (belief - before.get(id).copied().unwrap_or(0.0)).abs()).sum();
        let rest = |all: &BTreeMap<String, f64>| 1.0 - all.values().sum::<f64>();
        f64::midpoint(named, (rest(now) - rest(before)).abs())
    }

    fn leading(&self, scene: &Scene<'_>) -> Vec<Leading> {
        let diagnosis = scene.case().diagnosis.disease.as_deref();
        let peak = |id: &str| self.after.iter().filter_map(|step| step.get(id)).copied().fold(0.0, f64::max);
        let mut all: Vec<(&str, f64, f64)> = self
            .last
            .posteriors
            .iter()
            .map(|one| (one.disease.as_str(), peak(&one.disease), one.probability))
            .collect();
        let is_diagnosis = |id: &str| diagnosis == Some(id);
        all.retain(|(id, peak, _)| *peak >= LEAST || is_diagnosis(id));
        all.sort_by(|a, b| is_diagnosis(b.0).cmp(&is_diagnosis(a.0)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(b.0)));
        all.truncate(FOLLOWED);
        all.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(b.0)));
        all.into_iter()
            .map(|(id, _, _)| Leading {
                disease: id.to_owned(),
                name: scene.disease_name(id),
                diagnosis: is_diagnosis(id),
                dangerous: scene.graph().disease(id).is_some_and(|disease| disease.dangerous),
            })
            .collect()
    }
}
