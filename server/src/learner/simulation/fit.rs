//! Parameters fitted to what a cohort did.

use std::collections::BTreeMap;

use knowledge_graph::{Section, TopicId};

use crate::learner::{
    Difficulties, Parameters, Placed, Tally,
    model::{Item, Learner, TraitNumbers, logit},
    standing::day_of,
};

/// Rounds over all parameters at most.
const MOST_ROUNDS: usize = 12;
/// First step, as a factor; halved (in its logarithm) when no step helps.
const FIRST_STEP: f64 = 1.4;
const LAST_STEP: f64 = 1.04;
/// Spreads stay above this, so that a learner unlike the others can still be told from them.
const LEAST_SPREAD: f64 = 0.15;

/// What came of a fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The parameters.
    pub parameters: Parameters,
    /// Difficulties of the topics, from the same cohort.
    pub difficulties: Difficulties,
    /// Mean log loss of predicting each occasion from those before it, in nats: with the parameters
    /// that the fit began with, and with the fitted ones.
    pub log_loss: (f64, f64),
    /// Occasions.
    pub occasions: usize,
}

struct Seen {
    item: Item,
    right: bool,
    guess: f64,
    day: f64,
}

/// Fits the parameters to histories, one a learner and oldest first, by coordinate descent on the
/// logarithm of each. Deterministic.
pub fn fit(histories: &[Vec<Placed>]) -> Fitted {
    let difficulties = Difficulties::of_class(&tallies(histories));
    let (asked, total) = histories
        .iter()
        .flatten()
        .fold((0.0, 0.0), |(asked, total), one| (asked + f64::from(u8::from(one.observation.correct)), total + 1.0));
    let share: f64 = if total > 0.0 { asked / total } else { 0.5 };
    let seen = prepared(histories, &difficulties);
    let mut best = Parameters { base: logit(share), ..Parameters::default() };
    let first = loss(&seen, &best);
    let (mut lowest, mut step) = (first, FIRST_STEP);
    for _ in 0..MOST_ROUNDS {
        let before = lowest;
        for at in 0..COORDINATES {
            for factor in [step, 1.0 / step] {
                let tried = moved(&best, at, factor);
                let loss = loss(&seen, &tried);
                if loss < lowest {
                    (best, lowest) = (tried, loss);
                    break;
                }
            }
        }
        if before - lowest < 1e-6 {
            if step <= LAST_STEP {
                break;
            }
            step = step.sqrt();
        }
    }
    Fitted { parameters: best, difficulties, log_loss: (first, lowest), occasions: seen.iter().map(Vec::len).sum() }
}

const COORDINATES: usize = 10;

/// The parameters with one of them moved: the base by the step's logarithm, the others by the factor.
fn moved(from: &Parameters, at: usize, factor: f64) -> Parameters {
    let mut to = from.clone();
    match at {
        0 => to.base += factor.ln(),
        1..=5 => to.prior_sd[at - 1] = (to.prior_sd[at - 1] * factor).max(LEAST_SPREAD),
        6 => to.learn_missed *= factor,
        7 => to.learn_asked *= factor,
        8 => to.transfer *= factor,
        _ => to.half_life_days *= factor,
    }
    to
}

fn prepared(histories: &[Vec<Placed>], difficulties: &Difficulties) -> Vec<Vec<Seen>> {
    let mut numbers = TraitNumbers::default();
    let mut seen = |placed: &Placed| {
        let one = &placed.observation;
        let slots = numbers.slots(&one.topic, one.section, &placed.system);
        let item = Item { slots, difficulty: difficulties.of(&one.topic, one.section) };
        Seen { item, right: one.correct, guess: one.guess, day: day_of(one.at) }
    };
    histories.iter().map(|history| history.iter().map(&mut seen).collect()).collect()
}

/// Mean log loss of predicting each occasion from those before it. The occasions of one consultation
/// are predicted before any of them is taken in.
fn loss(histories: &[Vec<Seen>], parameters: &Parameters) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u32);
    for history in histories {
        let mut learner = Learner::new(parameters);
        for together in history.chunk_by(|a, b| a.day.total_cmp(&b.day).is_eq()) {
            for one in together {
                let right = one.guess + (1.0 - one.guess) * learner.probability(&one.item, one.day);
                sum -= if one.right { right } else { 1.0 - right }.max(1e-9).ln();
                count += 1;
            }
            for one in together {
                learner.observe(&one.item, f64::from(u8::from(one.right)), one.guess, one.day);
            }
        }
    }
    sum / f64::from(count.max(1))
}

/// How often each topic was asked.
pub(super) fn tallies(histories: &[Vec<Placed>]) -> Vec<Tally> {
    let mut counts: BTreeMap<(&TopicId, Section), (u32, u32)> = BTreeMap::new();
    for one in histories.iter().flatten() {
        let count = counts.entry((&one.observation.topic, one.observation.section)).or_default();
        count.0 += u32::from(one.observation.correct);
        count.1 += 1;
    }
    let tally = |((topic, section), (asked, total)): ((&TopicId, Section), (u32, u32))| Tally {
        topic: topic.clone(),
        section,
        asked,
        total,
    };
    counts.into_iter().map(tally).collect()
}
