//! A learner's progress: each section and the topics missed, with the evidence behind every number.

use std::collections::BTreeMap;

use knowledge_graph::{Section, TopicId};
use serde::Serialize;
use uuid::Uuid;

use crate::store::MasteryRecord;

/// Weak topics shown.
const MOST_WEAK: usize = 12;
/// A topic missed before is weak below this probability of asking it.
const WEAK_BELOW: f64 = 0.7;

/// What a learner can do so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// Sections with evidence, in the order a history is taken.
    pub sections: Vec<SectionProgress>,
    /// Topics missed, weakest first.
    pub weak: Vec<WeakTopic>,
}

/// One section of the history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionProgress {
    /// Which section.
    pub section: Section,
    /// Mean mastery of its topics, 0–1.
    pub mastery: f64,
    /// Topics with evidence.
    pub topics: u32,
    /// Times a topic of it was asked when it mattered.
    pub asked: u32,
    /// Times one was missed.
    pub missed: u32,
}

/// A topic that was missed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeakTopic {
    /// Which topic.
    pub topic: TopicId,
    /// Its section.
    pub section: String,
    /// Mastery 0–1.
    pub mastery: f64,
    /// Times asked when it mattered.
    pub asked: u32,
    /// Times missed.
    pub missed: u32,
    /// The consultation in which it was last missed.
    pub last_missed_in: Option<Uuid>,
}

/// Sums up a learner's records.
pub fn progress(records: &[MasteryRecord]) -> Progress {
    let mut by_section: BTreeMap<Section, Vec<&MasteryRecord>> = BTreeMap::new();
    for record in records {
        if let Ok(section) = record.section.parse() {
            by_section.entry(section).or_default().push(record);
        }
    }
    let sections = by_section
        .into_iter()
        .map(|(section, records)| SectionProgress {
            section,
            mastery: records.iter().map(|record| record.mastery).sum::<f64>() / records.len() as f64,
            topics: u32::try_from(records.len()).unwrap_or(u32::MAX),
            asked: records.iter().map(|record| record.asked).sum(),
            missed: records.iter().map(|record| record.missed).sum(),
        })
        .collect();
    let mut weak: Vec<WeakTopic> = records
        .iter()
        .filter(|record| record.missed > 0 && record.mastery < WEAK_BELOW)
        .map(|record| WeakTopic {
            topic: record.topic.clone(),
            section: record.section.clone(),
            mastery: record.mastery,
            asked: record.asked,
            missed: record.missed,
            last_missed_in: record.last_missed_in,
        })
        .collect();
    weak.sort_by(|a, b| a.mastery.total_cmp(&b.mastery).then_with(|| a.topic.cmp(&b.topic)));
    weak.truncate(MOST_WEAK);
    Progress { sections, weak }
}
