//! The map of weak areas: body systems × sections of the history, and how things are going.

use std::collections::{BTreeMap, BTreeSet};

use knowledge_graph::Section;
use serde::Serialize;

use super::{
    observation::Placed,
    standing::{Figure, Standing, Wanted},
};

/// One place on the map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// Body system of the patients.
    pub system: String,
    /// Section of the history.
    pub section: Section,
    /// Likely to be asked there, on the average of what such patients ask for.
    #[serde(flatten)]
    pub figure: Figure,
    /// Different topics that the published patients ask for there.
    pub topics: u32,
    /// Weighted number of questions expected to be left out there in one patient.
    pub lacking: f64,
}

/// Everything that the published patients ask for, with what is known of the learner there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Map {
    /// Places with anything to ask, by system and then section.
    pub cells: Vec<Cell>,
    /// By system.
    pub systems: Vec<(String, Figure)>,
    /// By section, in the order a history is taken.
    pub sections: Vec<(Section, Figure)>,
}

/// Draws the map from what each of `patients` asks for.
pub fn map(standing: &mut Standing<'_>, patients: &[Vec<Wanted>]) -> Map {
    let mut places: BTreeMap<(&str, Section), Vec<&Wanted>> = BTreeMap::new();
    let mut patients_of: BTreeMap<&str, u32> = BTreeMap::new();
    for patient in patients {
        patient.first().into_iter().for_each(|one| *patients_of.entry(&one.system).or_default() += 1);
        for one in patient {
            places.entry((&one.system, one.section)).or_default().push(one);
        }
    }
    let mut cells = Vec::new();
    for ((system, section), wanted) in &places {
        let Some(figure) = standing.mean(wanted, Some(system)) else { continue };
        let topics: BTreeSet<_> = wanted.iter().map(|one| &one.topic).collect();
        let lacking: f64 = wanted.iter().map(|one| one.weight * (1.0 - standing.probability(one))).sum();
        cells.push(Cell {
            system: (*system).to_owned(),
            section: *section,
            figure,
            topics: u32::try_from(topics.len()).unwrap_or(u32::MAX),
            lacking: lacking / f64::from(patients_of.get(system).copied().unwrap_or(1).max(1)),
        });
    }
    let systems = patients_of.keys().filter_map(|system| {
        let wanted = gathered(&places, |of, _| of == *system);
        Some(((*system).to_owned(), standing.mean(&wanted, Some(system))?))
    });
    let systems = systems.collect();
    let sections = Section::ALL.iter().filter_map(|section| {
        let wanted = gathered(&places, |_, of| of == *section);
        Some((*section, standing.mean(&wanted, None)?))
    });
    Map { sections: sections.collect(), systems, cells }
}

fn gathered<'w>(
    places: &BTreeMap<(&str, Section), Vec<&'w Wanted>>,
    belongs: impl Fn(&str, Section) -> bool,
) -> Vec<&'w Wanted> {
    places.iter().filter(|((system, section), _)| belongs(system, *section)).flat_map(|(_, all)| all.clone()).collect()
}

/// How the last occasions compare with those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trend {
    /// More is asked than before.
    Better,
    /// Less is asked than before.
    Worse,
    /// No difference beyond chance.
    Steady,
    /// Too few occasions to say.
    TooFew,
}

/// Occasions compared with as many before them.
const COMPARED: usize = 10;
/// Fewer occasions on either side say nothing.
const LEAST: usize = 6;

/// The trend over occasions, oldest first: two proportions, different when their difference is more
/// than 1.645 standard errors.
pub fn trend<'o>(occasions: impl Iterator<Item = &'o Placed>) -> Trend {
    let right: Vec<bool> = occasions.map(|one| one.observation.correct).collect();
    let lately = &right[right.len().saturating_sub(COMPARED)..];
    let earlier = &right[..right.len() - lately.len()];
    let before = &earlier[earlier.len().saturating_sub(COMPARED)..];
    if before.len() < LEAST {
        return Trend::TooFew;
    }
    let share = |all: &[bool]| all.iter().filter(|right| **right).count() as f64 / all.len() as f64;
    let pooled = share(&right[right.len() - lately.len() - before.len()..]);
    let error = (pooled * (1.0 - pooled) * (1.0 / lately.len() as f64 + 1.0 / before.len() as f64)).sqrt();
    let change = share(lately) - share(before);
    match change.abs() > 1.645 * error {
        true if change > 0.0 => Trend::Better,
        true if change < 0.0 => Trend::Worse,
        _ => Trend::Steady,
    }
}
