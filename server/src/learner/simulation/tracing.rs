//! Bayesian knowledge tracing, what the model is compared with.
//!
//! Corbett & Anderson, "Knowledge tracing: modeling the acquisition of procedural knowledge", User
//! Modeling and User-Adapted Interaction 4 (1995) 253–278. Each topic by itself: part of the
//! learner's routine or not. Here with forgetting by half every 60 days, and an unseen topic at the
//! prior.

use std::collections::HashMap;

use knowledge_graph::TopicId;

use crate::learner::{Placed, standing::day_of};

const KNOWN_AT_FIRST: f64 = 0.4;
const SLIP: f64 = 0.15;
const GUESS: f64 = 0.25;
const LEARN: f64 = 0.1;
const HALF_LIFE_DAYS: f64 = 60.0;

/// A learner traced topic by topic.
#[derive(Default)]
pub(super) struct Traced(HashMap<TopicId, (f64, f64)>);

impl Traced {
    /// Takes in one graded occasion.
    pub fn observe(&mut self, placed: &Placed) {
        let (seen, day) = (&placed.observation, day_of(placed.observation.at));
        let prior = self.known(&seen.topic, day);
        let (if_known, if_not) = if seen.correct { (1.0 - SLIP, GUESS) } else { (SLIP, 1.0 - GUESS) };
        let posterior = prior * if_known / (prior * if_known + (1.0 - prior) * if_not);
        self.0.insert(seen.topic.clone(), (posterior + (1.0 - posterior) * LEARN, day));
    }

    /// The probability that it is asked next time.
    pub fn probability(&self, topic: &TopicId, day: f64) -> f64 {
        let known = self.known(topic, day);
        known * (1.0 - SLIP) + (1.0 - known) * GUESS
    }

    fn known(&self, topic: &TopicId, day: f64) -> f64 {
        let Some((known, since)) = self.0.get(topic) else { return KNOWN_AT_FIRST };
        let kept = 0.5_f64.powf((day - since).max(0.0) / HALF_LIFE_DAYS);
        KNOWN_AT_FIRST + (known - KNOWN_AT_FIRST) * kept
    }
}
