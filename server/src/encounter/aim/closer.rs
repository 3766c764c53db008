//! A closer look: the question is read together with each of the facts it most likely aims at.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use cases::{asks_for, format::Case};
use knowledge_graph::{Graph, Language};
use models::Pair;

use super::Aim;
use crate::{
    encounter::{knowledge::Knowledge, state::State},
    linear::Linear,
    understanding::Matcher,
};

/// Names of what is weighed, in order: the log-odds before; the reader's; how far the reader's are ahead of
/// all others'; how many are ahead of them; the higher and the lower of the two; the language.
const FEATURES: [&str; 7] = ["odds", "read", "read_lead", "read_rank", "higher", "lower", "chinese"];

/// Facts that are read together with a question.
const MOST_READ: usize = 5;
/// Something so likely needs no second look…
const CLEAR: f64 = 0.9;
/// …when everything else is less likely than this.
const UNLIKELY: f64 = 0.1;
/// Most that a fact which was not read is given.
const NOT_READ: f64 = 0.02;
/// Log-odds of the reader beyond which it is as sure as it gets.
const SUREST: f64 = 6.0;
/// Questions shorter than this, in characters of English and Chinese, may lean on the exchange before.
const SHORT: [usize; 2] = [40, 14];

/// Questions of a case whose readings are kept: a class asks much the same.
const MOST_KEPT: usize = 1000;

/// What was read of a case. A reading is kept whole, for pairs read in other company differ in their last digits.
#[derive(Default)]
pub(super) struct Readings(Mutex<HashMap<Vec<Pair>, Arc<Place>>>);

/// Filled by who asks first; who asks the same meanwhile waits for it.
type Place = Mutex<Option<Vec<f64>>>;

impl Readings {
    fn of(&self, pairs: &[Pair], matcher: &Matcher) -> Option<Vec<f64>> {
        let place = self.place(pairs);
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_none() {
            *place = matcher.read_together(pairs);
        }
        place.clone()
    }

    fn place(&self, pairs: &[Pair]) -> Arc<Place> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(pairs) {
            return Arc::clone(known);
        }
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        Arc::clone(kept.entry(pairs.to_vec()).or_default())
    }
}

static WEIGHTS: LazyLock<Option<Linear>> = LazyLock::new(|| {
    let weights: Result<Linear, _> = serde_json::from_str(include_str!("closer.json"));
    weights.ok().filter(|weights| weights.is_sound() && weights.features == FEATURES)
});

/// What stands for each fact: what asks for it, and what the patient would say.
pub(super) fn items(case: &Case, graph: &Graph, language: Language) -> Vec<Arc<str>> {
    let knowledge = Knowledge::new(case, graph);
    let item = |fact: &cases::format::Fact| {
        let asks = asks_for(&fact.topic, graph).map(|text| text.get(language).to_owned()).unwrap_or_default();
        Arc::from(format!("{asks} — {}", fact.tells.get(language)))
    };
    knowledge.facts().iter().map(item).collect()
}

/// Corrects `aims`. Left as they are where nothing can be read.
pub(super) fn look(
    (aims, readings): (&mut [Aim], &Readings),
    (said, state): (&str, &State),
    (matcher, language): (&Matcher, Language),
) {
    let Some(weights) = WEIGHTS.as_ref() else { return };
    let likeliest = likeliest(aims);
    let before = before(said, state, language);
    let pair = |at: &usize| Pair { item: aims[*at].item.to_string(), said: said.to_owned(), before: before.clone() };
    let pairs: Vec<Pair> = likeliest.iter().map(pair).collect();
    if pairs.is_empty() {
        return;
    }
    let Some(read) = readings.of(&pairs, matcher) else { return };
    let read: Vec<f64> = read.iter().map(|odds| odds.clamp(-SUREST, SUREST)).collect();
    let weighed: Vec<f64> = (0..read.len())
        .map(|at| weights.probability(&features(log_odds(aims[likeliest[at]].probability), &read, at, language)))
        .collect();
    for (at, aim) in aims.iter_mut().enumerate() {
        match likeliest.iter().position(|other| *other == at) {
            Some(place) => {
                aim.read = Some(read[place]);
                aim.probability = weighed[place];
            }
            None => aim.probability = aim.probability.min(NOT_READ),
        }
    }
}

/// Which facts are read; none where the question is clear.
fn likeliest(aims: &[Aim]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..aims.len()).collect();
    order.sort_by(|a, b| aims[*b].probability.total_cmp(&aims[*a].probability).then(a.cmp(b)));
    let likely = |place: usize| order.get(place).map_or(0.0, |at| aims[*at].probability);
    if likely(0) >= CLEAR && likely(1) < UNLIKELY {
        return Vec::new();
    }
    order.truncate(MOST_READ);
    order
}

/// The exchange before a question too short to stand alone.
fn before(said: &str, state: &State, language: Language) -> String {
    if said.chars().count() >= SHORT[usize::from(language == Language::Zh)] {
        return String::new();
    }
    let context = &state.context;
    let parts = [&context.previous_question, &context.previous_reply];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The values of [`FEATURES`].
fn features(odds: f64, read: &[f64], at: usize, language: Language) -> [f64; FEATURES.len()] {
    let others = || read.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, odds)| *odds);
    let lead = read[at] - others().fold(-SUREST, f64::max);
    let rank = others().filter(|other| *other > read[at]).count() as f64;
    let chinese = if language == Language::Zh { 1.0 } else { 0.0 };
    [odds, read[at], lead, rank, odds.max(read[at]), odds.min(read[at]), chinese]
}

fn log_odds(probability: f64) -> f64 {
    let within = probability.clamp(1e-6, 1.0 - 1e-6);
    (within / (1.0 - within)).ln()
}
