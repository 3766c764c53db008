//! Where a learner stands: the model after all that was graded, and the counts behind every figure.

use std::collections::BTreeMap;

use jiff::Timestamp;
use knowledge_graph::{Section, TopicId};
use serde::Serialize;

use super::{
    model::{Estimate, Item, Learner, TraitNumbers},
    observation::Placed,
    parameters::{Difficulties, Parameters},
};

/// Something that patients ask for: an item of a rubric in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The topic.
    pub topic: TopicId,
    /// Its section.
    pub section: Section,
    /// Body system of the patient.
    pub system: String,
    /// Weight in the rubric.
    pub weight: f64,
}

/// A figure with what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Probability 0–1 of asking when it matters, with its 90 % interval.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// Graded occasions it is based on; with none it is borrowed from the section and the system.
    pub based_on: u32,
    /// Of these, asked or right.
    pub asked: u32,
}

/// A learner at one moment.
#[derive(Clone, Debug)]
pub struct Standing<'p> {
    learner: Learner<'p>,
    numbers: TraitNumbers,
    difficulties: &'p Difficulties,
    counts: BTreeMap<(TopicId, String), (u32, u32)>,
    day: f64,
}

/// Days since 1970.
pub fn day_of(at: Timestamp) -> f64 {
    at.as_second() as f64 / 86_400.0
}

impl<'p> Standing<'p> {
    /// After everything graded, oldest first, as it stands at `now`.
    pub fn new(evidence: &[Placed], class: (&'p Parameters, &'p Difficulties), now: Timestamp) -> Self {
        let (parameters, difficulties) = class;
        let (learner, numbers, counts) = (Learner::new(parameters), TraitNumbers::default(), BTreeMap::new());
        let mut standing = Self { learner, numbers, difficulties, counts, day: day_of(now) };
        for one in evidence {
            standing.observe(one);
        }
        standing
    }

    /// Takes in one more graded occasion.
    pub fn observe(&mut self, placed: &Placed) {
        let seen = &placed.observation;
        let item = self.item(&seen.topic, seen.section, &placed.system);
        self.learner.observe(&item, f64::from(u8::from(seen.correct)), seen.guess, day_of(seen.at));
        let count = self.counts.entry((seen.topic.clone(), placed.system.clone())).or_default();
        count.0 += u32::from(seen.correct);
        count.1 += 1;
    }

    /// The topic in its place.
    pub fn figure(&mut self, topic: &TopicId, section: Section, system: &str) -> Figure {
        let item = self.item(topic, section, system);
        let (asked, based_on) = self.count(topic, None);
        Figure { estimate: self.learner.estimate(&item, self.day), based_on, asked }
    }

    /// The mean over what is wanted, by weight; none when nothing is wanted. Based on what was graded
    /// of these topics: in `system`, or anywhere.
    pub fn mean(&mut self, wanted: &[&Wanted], system: Option<&str>) -> Option<Figure> {
        let items: Vec<(Item, f64)> =
            wanted.iter().map(|one| (self.item(&one.topic, one.section, &one.system), one.weight)).collect();
        let estimate = self.learner.mean(&items, self.day)?;
        let mut topics: Vec<&TopicId> = wanted.iter().map(|one| &one.topic).collect();
        topics.sort();
        topics.dedup();
        let (asked, based_on) = topics
            .into_iter()
            .map(|topic| self.count(topic, system))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Some(Figure { estimate, based_on, asked })
    }

    /// What one debriefed occasion is expected to add to the probability of asking.
    pub fn expected_gain(&mut self, wanted: &Wanted) -> f64 {
        let item = self.item(&wanted.topic, wanted.section, &wanted.system);
        self.learner.expected_gain(&item, self.day)
    }

    /// The probability of asking.
    pub fn probability(&mut self, wanted: &Wanted) -> f64 {
        let item = self.item(&wanted.topic, wanted.section, &wanted.system);
        self.learner.probability(&item, self.day)
    }

    /// Times the topic was asked, and occasions: in `system`, or anywhere.
    pub fn count(&self, topic: &TopicId, system: Option<&str>) -> (u32, u32) {
        let of_topic = self.counts.range((topic.clone(), String::new())..).take_while(|((of, _), _)| of == topic);
        of_topic
            .filter(|((_, of), _)| system.is_none_or(|system| system == of))
            .fold((0, 0), |sum, (_, one)| (sum.0 + one.0, sum.1 + one.1))
    }

    /// Moves on to another moment.
    pub fn at(&mut self, now: Timestamp) {
        self.day = day_of(now);
    }

    fn item(&mut self, topic: &TopicId, section: Section, system: &str) -> Item {
        Item { slots: self.numbers.slots(topic, section, system), difficulty: self.difficulties.of(topic, section) }
    }
}
