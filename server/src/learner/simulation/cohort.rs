//! Who the simulated learners are and what happens to them in a consultation.

use std::collections::HashMap;

use cases::Case;
use jiff::{SignedDuration, Timestamp};
use knowledge_graph::{Facet, Section, TopicId};
use uuid::Uuid;

use super::dice::Dice;
use crate::learner::{Candidate, GUESS_IN_CONSULTATION, Observation, Placed, Source, Wanted, model::sigmoid};

/// A patient that can be seen: a case of the library.
pub type Patient = Candidate;

/// The cases as patients, in the order of `cases`.
pub fn patients<'c>(cases: impl IntoIterator<Item = &'c Case>) -> Vec<Patient> {
    cases.into_iter().map(|case| Candidate::of(case, 0)).collect()
}

/// Spread of true abilities over learners, in logits.
const ABILITY: (f64, f64) = (-0.7, 0.6);
const SECTION_SD: f64 = 0.6;
const SYSTEM_SD: f64 = 0.35;
const FACET_SD: f64 = 0.5;
const TOPIC_SD: f64 = 0.7;
/// Spread of true difficulties, the same for all learners of all cohorts.
const SECTION_DIFFICULTY_SD: f64 = 0.6;
const TOPIC_DIFFICULTY_SD: f64 = 0.6;
/// What everybody leaves out now and then, and what nobody asks by habit.
const SLIP: f64 = 0.04;
/// How much is learned from a debriefed miss, in logits: middle, and spread of its logarithm.
const LEARNED: (f64, f64) = (0.7, 0.35);
/// Share of it that is learned when the question was asked.
const LEARNED_WHEN_ASKED: f64 = 0.3;
/// Share of it that passes to the same facet elsewhere and to the section.
const PASSED_ON: f64 = 0.03;
/// Days in which what was practised once is half forgotten, and by what that grows with each time.
const HALF_LIFE: (f64, f64) = (20.0, 1.7);
/// How often the grader errs, and how often it leaves an item to an examiner.
const GRADER_ERRS: f64 = 0.04;
const GRADER_ABSTAINS: f64 = 0.08;
/// Difficulties belong to the questions, not to a cohort.
const WORLD: u64 = 0;
/// Hours between two consultations.
const HOURS_BETWEEN: i64 = 48;

/// When the first consultation takes place; any instant would do.
const START: i64 = 1_800_000_000;

#[derive(Clone, Copy, Default)]
struct Practice {
    strength: f64,
    times: i32,
    day: f64,
}

/// A simulated learner, whose true state is known.
#[derive(Clone)]
pub struct Simulated {
    ability: f64,
    rate: f64,
    seed: u64,
    sections: HashMap<Section, f64>,
    systems: HashMap<String, f64>,
    facets: HashMap<Option<Facet>, f64>,
    topics: HashMap<TopicId, f64>,
    practice: HashMap<TopicId, Practice>,
    dice: Dice,
}

/// Simulated learners from one seed.
pub struct Cohort(pub Vec<Simulated>);

impl Cohort {
    /// `size` learners. The same seed gives the same cohort.
    pub fn new(seed: u64, size: usize) -> Self {
        Self((0..size).map(|at| Simulated::new(seed.wrapping_mul(1_000_003).wrapping_add(at as u64))).collect())
    }
}

/// The moment of a learner's `nth` consultation, from 0.
pub fn moment(nth: usize) -> Timestamp {
    let hours = HOURS_BETWEEN * i64::try_from(nth).unwrap_or(0);
    let start = Timestamp::from_second(START).unwrap_or(Timestamp::UNIX_EPOCH);
    start.checked_add(SignedDuration::from_hours(hours)).unwrap_or(start)
}

impl Simulated {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "person");
        Self {
            ability: dice.normal(ABILITY.0, ABILITY.1),
            rate: LEARNED.0 * dice.normal(0.0, LEARNED.1).exp(),
            seed,
            sections: HashMap::new(),
            systems: HashMap::new(),
            facets: HashMap::new(),
            topics: HashMap::new(),
            practice: HashMap::new(),
            dice: Dice::new(seed, "events"),
        }
    }

    /// The true probability of asking, on `day`.
    pub fn truth(&mut self, wanted: &Wanted, day: f64) -> f64 {
        let bent = self.bent(wanted);
        let practised = self.practice.get(&wanted.topic).map_or(0.0, |one| one.now(day));
        SLIP / 2.0 + (1.0 - SLIP) * sigmoid(bent + practised - difficulty(wanted))
    }

    /// One consultation: what the grader reports of it. The learner reads the debrief and learns.
    pub fn consult(&mut self, patient: &Patient, nth: usize) -> Vec<Placed> {
        let (at, day) = (moment(nth), crate::learner::standing::day_of(moment(nth)));
        let mut graded = Vec::new();
        let asked: Vec<bool> = patient
            .wanted
            .iter()
            .map(|wanted| {
                let truth = self.truth(wanted, day);
                self.dice.chance(truth)
            })
            .collect();
        for (wanted, asked) in patient.wanted.iter().zip(asked) {
            self.learn(wanted, asked, day);
            let (abstains, errs) = (self.dice.chance(GRADER_ABSTAINS), self.dice.chance(GRADER_ERRS));
            if !abstains {
                graded.push(placed(wanted, asked != errs, nth, at));
            }
        }
        graded
    }

    fn learn(&mut self, wanted: &Wanted, asked: bool, day: f64) {
        let known = self.truth(wanted, day);
        let gain = self.rate * if asked { LEARNED_WHEN_ASKED } else { 1.0 } * (1.0 - known);
        let practice = self.practice.entry(wanted.topic.clone()).or_default();
        *practice = Practice { strength: practice.now(day) + gain, times: practice.times + 1, day };
        *self.sections.entry(wanted.section).or_default() += gain * PASSED_ON;
        if wanted.topic.facet().is_some() {
            *self.facets.entry(wanted.topic.facet()).or_default() += gain * PASSED_ON;
        }
    }

    /// Ability and bents; each is drawn when it is first needed, from its own dice.
    fn bent(&mut self, wanted: &Wanted) -> f64 {
        let seed = self.seed;
        let drawn = |name: String, sd: f64| Dice::new(seed, &name).normal(0.0, sd);
        let section = self
            .sections
            .entry(wanted.section)
            .or_insert_with(|| drawn(format!("section {}", wanted.section), SECTION_SD));
        let mut bent = self.ability + *section;
        if !self.systems.contains_key(&wanted.system) {
            self.systems.insert(wanted.system.clone(), drawn(format!("system {}", wanted.system), SYSTEM_SD));
        }
        bent += self.systems.get(&wanted.system).copied().unwrap_or(0.0);
        let facet = wanted.topic.facet();
        bent += *self.facets.entry(facet).or_insert_with(|| drawn(format!("facet {facet:?}"), FACET_SD));
        if !self.topics.contains_key(&wanted.topic) {
            self.topics.insert(wanted.topic.clone(), drawn(format!("topic {}", wanted.topic), TOPIC_SD));
        }
        bent + self.topics.get(&wanted.topic).copied().unwrap_or(0.0)
    }
}

impl Practice {
    fn now(&self, day: f64) -> f64 {
        let half_life = HALF_LIFE.0 * HALF_LIFE.1.powi(self.times - 1);
        self.strength * 0.5_f64.powf((day - self.day).max(0.0) / half_life)
    }
}

thread_local! {
    /// Difficulties drawn so far: drawing costs a hash each.
    static DIFFICULTIES: std::cell::RefCell<HashMap<(TopicId, Section), f64>> = std::cell::RefCell::default();
}

fn difficulty(wanted: &Wanted) -> f64 {
    DIFFICULTIES.with_borrow_mut(|drawn| {
        *drawn.entry((wanted.topic.clone(), wanted.section)).or_insert_with(|| {
            Dice::new(WORLD, &format!("section {}", wanted.section)).normal(0.0, SECTION_DIFFICULTY_SD)
                + Dice::new(WORLD, &format!("topic {}", wanted.topic)).normal(0.0, TOPIC_DIFFICULTY_SD)
        })
    })
}

fn placed(wanted: &Wanted, correct: bool, nth: usize, at: Timestamp) -> Placed {
    Placed {
        observation: Observation {
            topic: wanted.topic.clone(),
            section: wanted.section,
            correct,
            guess: GUESS_IN_CONSULTATION,
            source: Source::Encounter(Uuid::from_u128(nth as u128)),
            at,
        },
        system: wanted.system.clone(),
    }
}
