//! Parameters of the model, and how difficult topics are for this class.

use std::collections::HashMap;

use knowledge_graph::{Section, TopicId};
use serde::Serialize;

use super::model::logit;

/// Parameters of the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameters {
    /// Logit of the usual learner on the usual topic.
    pub base: f64,
    /// Spread of the traits over learners, in logits: overall, section, system, facet, topic.
    pub prior_sd: [f64; 5],
    /// What a topic gains, in logits, when it was missed and debriefed and nothing of it was known.
    pub learn_missed: f64,
    /// The same when it was asked.
    pub learn_asked: f64,
    /// Share of that gain that passes to the section.
    pub transfer: f64,
    /// Days in which what is known of a topic fades by half.
    pub half_life_days: f64,
    /// How much wider intervals are than the filter alone makes them: it treats traits as independent,
    /// which they are not once they were observed together.
    pub interval_scale: f64,
}

impl Default for Parameters {
    /// What `anamnesis learner simulate` fits on its first simulated cohort, rounded, but for two that
    /// such a cohort says little of: ability in everything, which the bent for topics without a facet
    /// stands in for, and forgetting, of which seven weeks show little. They are not fitted to people;
    /// that needs learners' own data.
    fn default() -> Self {
        Self {
            base: -0.4,
            prior_sd: [0.3, 0.45, 0.3, 0.5, 0.55],
            learn_missed: 0.42,
            learn_asked: 0.12,
            transfer: 0.05,
            half_life_days: 180.0,
            interval_scale: 1.25,
        }
    }
}

/// Occasions that the class's own mean weighs against a section's.
const SECTION_PRIOR: f64 = 20.0;
/// Occasions that a section's mean weighs against a topic's.
const TOPIC_PRIOR: f64 = 10.0;
/// Below so many occasions in all a class says nothing of difficulty.
const LEAST: u32 = 100;

/// How often the class asked a topic when it mattered.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Which topic.
    pub topic: TopicId,
    /// Its section.
    pub section: Section,
    /// Times asked.
    pub asked: u32,
    /// Occasions.
    pub total: u32,
}

/// Difficulty of topics in logits, 0 for the usual: from how often the class asks them, drawn
/// towards the section's and the whole class's mean where there is little of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difficulties {
    sections: HashMap<Section, f64>,
    topics: HashMap<TopicId, f64>,
}

impl Difficulties {
    /// From the counts of a class.
    pub fn of_class(tallies: &[Tally]) -> Self {
        let (asked, total) = sum(tallies.iter());
        if total < f64::from(LEAST) {
            return Self::default();
        }
        let (class, mut found) = (asked / total, Self::default());
        let mut by_section: HashMap<Section, Vec<&Tally>> = HashMap::new();
        for tally in tallies {
            by_section.entry(tally.section).or_default().push(tally);
        }
        for (section, tallies) in by_section {
            let (asked, total) = sum(tallies.iter().copied());
            let share = (asked + SECTION_PRIOR * class) / (total + SECTION_PRIOR);
            found.sections.insert(section, logit(class) - logit(share));
            for tally in tallies {
                let own = (f64::from(tally.asked) + TOPIC_PRIOR * share) / (f64::from(tally.total) + TOPIC_PRIOR);
                found.topics.insert(tally.topic.clone(), logit(class) - logit(own));
            }
        }
        found
    }

    /// Difficulty of `topic` asked in `section`.
    pub fn of(&self, topic: &TopicId, section: Section) -> f64 {
        self.topics.get(topic).or_else(|| self.sections.get(&section)).copied().unwrap_or(0.0)
    }
}

fn sum<'t>(tallies: impl Iterator<Item = &'t Tally>) -> (f64, f64) {
    tallies.fold((0.0, 0.0), |(asked, total), one| (asked + f64::from(one.asked), total + f64::from(one.total)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(topic: &str, section: Section, asked: u32, total: u32) -> Tally {
        Tally { topic: topic.parse().unwrap(), section, asked, total }
    }

    #[test]
    fn what_few_ask_is_difficult_and_little_evidence_stays_near_the_section() {
        let class = [
            tally("history:smoking", Section::SocialHistory, 90, 100),
            tally("history:travel", Section::SocialHistory, 10, 100),
            tally("history:pets", Section::SocialHistory, 0, 1),
        ];
        let difficulties = Difficulties::of_class(&class);
        let of = |topic: &str| difficulties.of(&topic.parse().unwrap(), Section::SocialHistory);
        assert!(of("history:smoking") < 0.0 && of("history:travel") > 1.0);
        assert!(of("history:pets") < of("history:travel") / 2.0);
        assert!((of("history:unheard-of") - difficulties.sections[&Section::SocialHistory]).abs() < 1e-12);
    }

    #[test]
    fn a_class_of_a_few_occasions_says_nothing() {
        assert_eq!(
            Difficulties::of_class(&[tally("history:smoking", Section::SocialHistory, 0, 9)]),
            Difficulties::default()
        );
    }
}
