//! The model behind every estimate: a Rasch model whose person traits are layered and drift.
//!
//! `P(right) = g + (1 − g) · σ(b + Σ traits − d)`: g is luck, b the usual logit, d the topic's
//! difficulty in this class, and the traits are the learner's ability, their bent for the section,
//! the body system and the facet, and what they have of the very topic. Each trait is a normal
//! distribution, so an unseen topic borrows from its section and system with the width that
//! ignorance has, and every figure has an interval.
//!
//! - Luck: Birnbaum, in Lord & Novick, "Statistical theories of mental test scores" (1968), the
//!   three-parameter logistic model with the guessing parameter given, not estimated.
//! - Updating: assumed-density filtering with a diagonal covariance, one Newton step an
//!   observation, as in Glickman, "Parameter estimation in large dynamic paired comparison
//!   experiments", Applied Statistics 48 (1999) 377–394; the factor √(1 + πV/8) for averaging a
//!   logistic over a normal is from Neural Computation 4 (1992) 720–736.
//! - Learning: after each occasion the topic gains, more when it was missed and debriefed, less
//!   the better it was known; a share of it passes to the section.
//! - Forgetting: a topic's mean falls back by half, and every variance grows back towards its
//!   prior, with the half-life.

use std::collections::{BTreeMap, HashMap};

use knowledge_graph::{Facet, Section, TopicId};

use super::parameters::Parameters;

/// A trait of a learner. The order is that of [`Slots`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Trait {
    /// Ability in everything.
    Overall,
    /// Bent for a section of the history.
    Section(Section),
    /// Bent for a body system.
    System(String),
    /// Bent for asking a facet, whatever the finding.
    Facet(Option<Facet>),
    /// The very topic.
    Topic(TopicId),
}

/// Traits of one item by number: overall, section, system, facet, topic.
pub type Slots = [usize; 5];
/// Where the topic stands in [`Slots`].
const TOPIC: usize = 4;
/// Where the section stands in [`Slots`].
const SECTION: usize = 1;
/// A broad trait keeps what was learned about it this many half-lives of a topic.
const BROAD_HALF_LIVES: f64 = 4.0;
/// Standard normal quantile of 95 %: bounds of a 90 % interval.
const Z90: f64 = 1.645;

/// Numbers the traits; shared by all learners of a run.
#[derive(Clone, Debug, Default)]
pub struct TraitNumbers {
    numbers: HashMap<Trait, usize>,
    /// What was asked for before: a topic has few places.
    places: HashMap<TopicId, Vec<(Section, String, Slots)>>,
}

impl TraitNumbers {
    /// The numbers of the traits that decide about this topic in this place.
    pub fn slots(&mut self, topic: &TopicId, section: Section, system: &str) -> Slots {
        let places = self.places.get(topic);
        let known = places.and_then(|all| all.iter().find(|(of, at, _)| *of == section && at == system));
        if let Some((_, _, slots)) = known {
            return *slots;
        }
        let traits = [
            Trait::Overall,
            Trait::Section(section),
            Trait::System(system.to_owned()),
            Trait::Facet(topic.facet()),
            Trait::Topic(topic.clone()),
        ];
        let slots = traits.map(|one| {
            let next = self.numbers.len();
            *self.numbers.entry(one).or_insert(next)
        });
        self.places.entry(topic.clone()).or_default().push((section, system.to_owned(), slots));
        slots
    }
}

/// What is believed of one trait: a normal distribution on the logit scale.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Belief {
    mean: f64,
    variance: f64,
    /// Day since the epoch it was last looked at.
    day: f64,
}

/// An item as the model sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// Its traits.
    pub slots: Slots,
    /// Difficulty in logits, 0 for the usual.
    pub difficulty: f64,
}

/// A figure with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// Probability 0–1.
    pub value: f64,
    /// Lower bound of the 90 % interval.
    pub low: f64,
    /// Upper bound of the 90 % interval.
    pub high: f64,
}

/// What is believed of one learner.
#[derive(Clone, Debug)]
pub struct Learner<'p> {
    parameters: &'p Parameters,
    beliefs: Vec<Option<Belief>>,
}

impl<'p> Learner<'p> {
    /// A learner of whom nothing is known.
    pub fn new(parameters: &'p Parameters) -> Self {
        Self { parameters, beliefs: Vec::new() }
    }

    /// Takes in one graded occasion on `day`: `share` of what could be right was, 0–1.
    pub fn observe(&mut self, item: &Item, share: f64, guess: f64, day: f64) {
        let p = self.parameters;
        let now = item.slots.into_iter().enumerate();
        let beliefs: Vec<(usize, Belief)> = now.map(|(layer, slot)| (slot, self.belief(layer, slot, day))).collect();
        let variance: f64 = beliefs.iter().map(|(_, belief)| belief.variance).sum();
        let mean = p.base - item.difficulty + beliefs.iter().map(|(_, belief)| belief.mean).sum::<f64>();
        let shrink = shrink(variance);
        let known = sigmoid(mean * shrink);
        let right = guess + (1.0 - guess) * known;
        let slope = known * (1.0 - known) * shrink;
        let gradient = share * (1.0 - guess) * slope / right - (1.0 - share) * known * shrink;
        let information = ((1.0 - guess) * slope).powi(2) / (right * (1.0 - right)).max(1e-9);
        let whole = 1.0 + variance * information;
        let gain = (share * p.learn_asked + (1.0 - share) * p.learn_missed) * (1.0 - known);
        for (layer, (slot, mut belief)) in beliefs.into_iter().enumerate() {
            belief.mean += belief.variance * gradient / whole;
            belief.variance -= belief.variance.powi(2) * information / whole;
            if layer == TOPIC {
                belief.mean += gain;
            } else if layer == SECTION {
                belief.mean += gain * p.transfer;
            }
            self.put(slot, belief);
        }
    }

    /// The probability that the learner asks it when it matters, on `day`.
    pub fn estimate(&self, item: &Item, day: f64) -> Estimate {
        let (mean, variance) = self.logit(item, day);
        let width = Z90 * self.parameters.interval_scale * variance.sqrt();
        Estimate { value: sigmoid(mean * shrink(variance)), low: sigmoid(mean - width), high: sigmoid(mean + width) }
    }

    /// The probability alone.
    pub fn probability(&self, item: &Item, day: f64) -> f64 {
        let (mean, variance) = self.logit(item, day);
        sigmoid(mean * shrink(variance))
    }

    /// What one more debriefed occasion is expected to add to that probability.
    pub fn expected_gain(&self, item: &Item, day: f64) -> f64 {
        let known = self.probability(item, day);
        let p = self.parameters;
        let step = (known * p.learn_asked + (1.0 - known) * p.learn_missed) * (1.0 - known);
        let (mean, variance) = self.logit(item, day);
        sigmoid((mean + step) * shrink(variance)) - known
    }

    /// Mean probability over `items` and the interval of that mean: traits that items share do not
    /// average out, those of single topics do.
    pub fn mean(&self, items: &[(Item, f64)], day: f64) -> Option<Estimate> {
        let weight: f64 = items.iter().map(|(_, weight)| weight).sum();
        if weight <= 0.0 {
            return None;
        }
        let value = items.iter().map(|(item, of)| of * self.probability(item, day)).sum::<f64>() / weight;
        let mut loads: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for (item, of) in items {
            for (layer, slot) in item.slots.into_iter().enumerate() {
                *loads.entry((layer, slot)).or_default() += of / weight;
            }
        }
        let variance: f64 =
            loads.into_iter().map(|((layer, slot), load)| load * load * self.belief(layer, slot, day).variance).sum();
        let (centre, width) = (logit(value), Z90 * self.parameters.interval_scale * variance.sqrt());
        Some(Estimate { value, low: sigmoid(centre - width), high: sigmoid(centre + width) })
    }

    fn logit(&self, item: &Item, day: f64) -> (f64, f64) {
        let start = (self.parameters.base - item.difficulty, 0.0);
        item.slots.into_iter().enumerate().fold(start, |(mean, variance), (layer, slot)| {
            let belief = self.belief(layer, slot, day);
            (mean + belief.mean, variance + belief.variance)
        })
    }

    /// The belief as it stands on `day`, faded since it was last looked at.
    fn belief(&self, layer: usize, slot: usize, day: f64) -> Belief {
        let prior = self.parameters.prior_sd[layer].powi(2);
        let Some(Some(belief)) = self.beliefs.get(slot) else { return Belief { mean: 0.0, variance: prior, day } };
        let half_life = self.parameters.half_life_days * if layer == TOPIC { 1.0 } else { BROAD_HALF_LIVES };
        let kept = 0.5_f64.powf((day - belief.day).max(0.0) / half_life);
        let mean = if layer == TOPIC { belief.mean * kept } else { belief.mean };
        Belief { mean, variance: prior + (belief.variance - prior) * kept, day: day.max(belief.day) }
    }

    fn put(&mut self, slot: usize, belief: Belief) {
        if self.beliefs.len() <= slot {
            self.beliefs.resize(slot + 1, None);
        }
        self.beliefs[slot] = Some(belief);
    }
}

/// A logistic averaged over a normal of this variance is about this much flatter.
fn shrink(variance: f64) -> f64 {
    1.0 / (1.0 + std::f64::consts::PI * variance / 8.0).sqrt()
}

/// The logistic function.
pub fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

/// Its inverse, bounded for shares of 0 and 1.
pub fn logit(share: f64) -> f64 {
    let share = share.clamp(1e-4, 1.0 - 1e-4);
    (share / (1.0 - share)).ln()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn item(numbers: &mut TraitNumbers, topic: &str) -> Item {
        Item { slots: numbers.slots(&topic.parse().unwrap(), Section::SocialHistory, "respiratory"), difficulty: 0.0 }
    }

    proptest! {
        #[test]
        fn figures_stay_probabilities_and_intervals_hold_them(
            outcomes in prop::collection::vec((0.0..=1.0_f64, 0.0..0.9_f64, 0.0..40.0_f64), 1..60),
            difficulty in -4.0..4.0_f64,
        ) {
            let (parameters, mut numbers) = (Parameters::default(), TraitNumbers::default());
            let item = Item { difficulty, ..item(&mut numbers, "history:smoking") };
            let mut learner = Learner::new(&parameters);
            let mut day = 0.0;
            for (share, guess, gap) in outcomes {
                day += gap;
                learner.observe(&item, share, guess, day);
                let estimate = learner.estimate(&item, day);
                prop_assert!(0.0 <= estimate.low && estimate.low <= estimate.value, "{estimate:?}");
                prop_assert!(estimate.value <= estimate.high && estimate.high <= 1.0, "{estimate:?}");
                prop_assert!(learner.expected_gain(&item, day) >= 0.0);
            }
        }

        #[test]
        fn right_never_tells_less_of_a_learner_than_wrong(
            before in prop::collection::vec(any::<bool>(), 0..20),
            guess in 0.0..0.6_f64,
        ) {
            // Without learning, which rewards a debriefed miss, only the evidence is left.
            let parameters = Parameters { learn_asked: 0.0, learn_missed: 0.0, ..Parameters::default() };
            let mut numbers = TraitNumbers::default();
            let item = item(&mut numbers, "history:smoking");
            let after = |last: f64| {
                let mut learner = Learner::new(&parameters);
                for right in &before {
                    learner.observe(&item, f64::from(u8::from(*right)), guess, 0.0);
                }
                learner.observe(&item, last, guess, 0.0);
                learner.probability(&item, 0.0)
            };
            prop_assert!(after(1.0) > after(0.0));
        }
    }

    #[test]
    fn an_unseen_topic_borrows_from_its_section_and_knows_less_of_it() {
        let (parameters, mut numbers) = (Parameters::default(), TraitNumbers::default());
        let (seen, unseen) = (item(&mut numbers, "history:smoking"), item(&mut numbers, "history:alcohol"));
        let mut learner = Learner::new(&parameters);
        let before = learner.estimate(&unseen, 0.0);

        for _ in 0..6 {
            learner.observe(&seen, 0.0, 0.0, 0.0);
        }

        let (after, evident) = (learner.estimate(&unseen, 0.0), learner.estimate(&seen, 0.0));
        assert!(after.value < before.value, "{before:?} {after:?}");
        // On the logit scale: near 0 a probability's interval is short whatever is known.
        let width = |one: &Estimate| logit(one.high) - logit(one.low);
        assert!(width(&after) > width(&evident), "{after:?} {evident:?}");
    }

    #[test]
    fn what_was_right_by_luck_counts_for_less() {
        let (parameters, mut numbers) = (Parameters::default(), TraitNumbers::default());
        let item = item(&mut numbers, "history:smoking");
        let after = |guess: f64| {
            let mut learner = Learner::new(&parameters);
            learner.observe(&item, 1.0, guess, 0.0);
            learner.probability(&item, 0.0)
        };
        assert!(after(0.5) < after(0.0));
    }

    #[test]
    fn evidence_fades_and_the_interval_widens() {
        let (parameters, mut numbers) = (Parameters::default(), TraitNumbers::default());
        let item = item(&mut numbers, "history:smoking");
        let mut learner = Learner::new(&parameters);
        for _ in 0..5 {
            learner.observe(&item, 1.0, 0.0, 0.0);
        }
        let (fresh, later) = (learner.estimate(&item, 0.0), learner.estimate(&item, 200.0));
        assert!(later.value < fresh.value);
        assert!(logit(later.high) - logit(later.low) > logit(fresh.high) - logit(fresh.low));
    }
}
