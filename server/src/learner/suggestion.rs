//! What to do next, with alternatives: a patient, a fresh patient, a drill or a review.

use jiff::Timestamp;
use knowledge_graph::{Section, TopicId};
use serde::Serialize;

use super::{
    map::{Cell, Map},
    recommendation::{Candidate, Recommendation, recommend},
    review::Review,
    standing::Standing,
};

/// Patients of the library offered as alternatives.
const MOST_CASES: usize = 5;
/// From so many due reviews on, they come before a patient.
const REVIEWS_FIRST: usize = 5;
/// Below so many graded occasions a place on the map is not called weak.
const LEAST_EVIDENCE: u32 = 3;
/// From this probability on a place needs no practice.
const GOOD_ENOUGH: f64 = 0.8;

/// Something to do next, with the figures that speak for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Suggestion {
    /// A patient of the library.
    Case(Recommendation),
    /// A patient made for this learner, where the library has nothing new for a weak place.
    Fresh(Cell),
    /// Asking about one section at a glance.
    Drill {
        /// The section.
        section: Section,
        /// What speaks for it.
        #[serde(flatten)]
        cell: super::Figure,
    },
    /// A short question about a topic that is asked least surely of what was met.
    Item {
        /// The topic.
        topic: TopicId,
        /// What speaks for it.
        #[serde(flatten)]
        figure: super::Figure,
    },
    /// What was missed and is due again.
    Review {
        /// Topics due.
        due: usize,
    },
}

impl Suggestion {
    /// The name by which it is declined.
    pub fn key(&self) -> String {
        match self {
            Self::Case(next) => format!("case:{}", next.case_id),
            Self::Fresh(cell) => format!("fresh:{}/{}", cell.system, cell.section),
            Self::Drill { section, .. } => format!("drill:{section}"),
            Self::Item { topic, .. } => format!("item:{topic}"),
            Self::Review { .. } => "review".to_owned(),
        }
    }
}

/// What to do next, the best first, without what was declined.
pub fn suggestions(
    standing: &mut Standing<'_>,
    (candidates, map, reviews): (&[Candidate], &Map, &[Review]),
    declined: &[String],
    now: Timestamp,
) -> Vec<Suggestion> {
    let wanted = |one: &Suggestion| !declined.contains(&one.key());
    let mut cases: Vec<Suggestion> =
        recommend(standing, candidates, candidates.len()).into_iter().map(Suggestion::Case).filter(wanted).collect();
    cases.truncate(MOST_CASES);
    let due = reviews.iter().filter(|review| review.due <= now).count();
    let review = (due > 0).then_some(Suggestion::Review { due }).filter(wanted);
    let drill = weakest(map.sections.iter().map(|(section, figure)| (*figure, 1.0 - figure.estimate.value, *section)))
        .map(|(cell, section)| Suggestion::Drill { section, cell })
        .filter(wanted);
    let cells = map.cells.iter().filter(|cell| wanted(&Suggestion::Fresh((*cell).clone())));
    let fresh =
        weakest(cells.map(|cell| (cell.figure, cell.lacking, cell))).map(|(_, cell)| Suggestion::Fresh(cell.clone()));
    let nothing_new = !cases.iter().any(|one| matches!(one, Suggestion::Case(next) if next.new));
    let mut first = Vec::new();
    let mut later = Vec::new();
    if due >= REVIEWS_FIRST {
        first.extend(review);
    } else {
        later.extend(review);
    }
    if nothing_new {
        first.extend(fresh);
    } else {
        later.extend(fresh);
    }
    let mut cases = cases.into_iter();
    first.extend(cases.next());
    first.extend(later);
    first.extend(drill);
    first.extend(cases);
    first
}

/// Of the places with evidence that are not good enough, the one where most is lacking.
fn weakest<T>(places: impl Iterator<Item = (super::Figure, f64, T)>) -> Option<(super::Figure, T)> {
    places
        .filter(|(figure, _, _)| figure.based_on >= LEAST_EVIDENCE && figure.estimate.value < GOOD_ENOUGH)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(figure, _, place)| (figure, place))
}
