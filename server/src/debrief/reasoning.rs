//! How the student reasoned: the differential read, weighed by the graph, and the order of questions.
//!
//! All of it is for learning; nothing here changes a mark. Belief is the graph's posterior
//! ([`knowledge_graph::query`]) over what the consultation elicited, claims graded `unverified`
//! left out. It starts from the door note: age, sex and why the patient came.

mod cited;
mod course;
mod elicited;
mod entries;
mod patterns;
mod reading;
mod unasked;

use std::collections::BTreeSet;

use cases::format::Case;
use knowledge_graph::{
    Graph, Language, TopicId, TopicKind,
    query::{self, Options, Patient, Presence},
};
use serde::Serialize;
use utoipa::ToSchema;

pub use cited::{Cited, Weighs};
pub use course::{Belief, Course, Leading, Learned, Step};
pub use entries::{Entry, Understood};
pub use patterns::{Dangerous, Pattern, PatternKind};
pub use unasked::{Ratio, Unasked};

use super::{Materials, Quote};
use elicited::Exchange;
pub(super) use reading::bare;

/// How the student reasoned.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Reasoning {
    /// The student's diagnoses as they were read, in the student's order; none is left out.
    pub entries: Vec<Entry>,
    /// The place, from 1, of what the patient has among them.
    pub diagnosis_place: Option<usize>,
    /// The place, from 1, the graph gives it by what was elicited; none when the graph lacks it.
    pub graph_place: Option<usize>,
    /// Share of belief, 0–1, on what the student named.
    pub belief_named: f64,
    /// What must not be missed in somebody with this complaint, most probable at the door first.
    pub dangerous: Vec<Dangerous>,
    /// What the order of the questions shows.
    pub patterns: Vec<Pattern>,
    /// How belief moved with each question.
    pub course: Course,
    /// Questions that were not asked, by the belief they were expected to move.
    pub unasked: Vec<Unasked>,
}

/// What all parts look at.
struct Scene<'a> {
    materials: &'a Materials<'a>,
    exchanges: Vec<Exchange>,
    /// All that was elicited, in order.
    evidence: Vec<(TopicId, Presence)>,
    patient: Patient,
    options: Options,
}

impl<'a> Scene<'a> {
    fn new(materials: &'a Materials<'a>) -> Self {
        let exchanges = elicited::exchanges(materials);
        let evidence = exchanges.iter().flat_map(|exchange| exchange.learned.iter().cloned()).collect();
        let patient = cases::patient(materials.case);
        Self { materials, exchanges, evidence, patient, options: Options::default() }
    }

    fn graph(&self) -> &'a Graph {
        self.materials.graph
    }

    fn case(&self) -> &'a Case {
        self.materials.case
    }

    fn language(&self) -> Language {
        self.materials.language
    }

    /// What was known before the first question.
    fn door(&self) -> impl Iterator<Item = (TopicId, Presence)> {
        self.exchanges.first().into_iter().flat_map(|door| door.learned.iter().cloned())
    }

    fn differential(&self, evidence: &[(TopicId, Presence)]) -> query::Differential {
        query::differential(self.graph(), evidence, Some(self.patient), &self.options)
    }

    /// What this single piece of evidence does to the disease; none when the graph says nothing.
    fn contribution(&self, disease: &str, topic: &TopicId, presence: Presence) -> Option<query::Contribution> {
        let alone = self.differential(&[(topic.clone(), presence)]);
        let found = alone.of(disease)?.contributions.iter().find(|one| one.topic == *topic)?.clone();
        (!found.silent).then_some(found)
    }

    fn disease_name(&self, id: &str) -> String {
        self.name(&TopicId::new(TopicKind::Disease, id))
    }

    fn name(&self, topic: &TopicId) -> String {
        let info = self.graph().topic(topic);
        info.map_or_else(|| topic.to_string(), |info| info.name.get(self.language()).to_owned())
    }

    /// A way to ask about `topic`, as the graph has it.
    fn question(&self, topic: &TopicId) -> Option<String> {
        self.graph().topic(topic)?.questions.get(self.language()).first().cloned()
    }

    /// Whether the student asked about the topic, or about something narrower or broader.
    fn asked(&self, topic: &TopicId) -> bool {
        self.exchanges.iter().any(|exchange| exchange.touches(self.graph(), topic))
    }
}

impl Reasoning {
    pub(super) fn new(materials: &Materials<'_>) -> Self {
        let scene = Scene::new(materials);
        let course = course::Followed::new(&scene);
        let entries = entries::read(&scene, &course);
        let diagnosis = materials.case.diagnosis.disease.as_deref();
        let is_diagnosis = |entry: &Entry| entry.disease.is_some() && entry.disease.as_deref() == diagnosis;
        let named = |entry: &Entry, earlier: &[Entry]| match &entry.disease {
            Some(id) if earlier.iter().all(|other| other.disease.as_ref() != Some(id)) => entry.probability,
            _ => None,
        };
        let watched = patterns::dangerous(&scene, &course, &entries);
        let listed = materials.case.diagnosis.differential.iter().filter_map(|one| one.disease.as_deref());
        let offered = entries.iter().filter_map(|entry| entry.disease.as_deref());
        let dangerous = watched.iter().map(|one| one.disease.as_str());
        let thought_of: BTreeSet<&str> = diagnosis.into_iter().chain(listed).chain(offered).chain(dangerous).collect();
        Self {
            diagnosis_place: entries.iter().position(is_diagnosis).map(|at| at + 1),
            graph_place: diagnosis.and_then(|id| course.place(id)),
            belief_named: entries.iter().enumerate().filter_map(|(at, entry)| named(entry, &entries[..at])).sum(),
            patterns: patterns::seen(&scene, &course, &entries, &watched),
            unasked: unasked::unasked(&scene, &thought_of),
            course: course.shown(&scene),
            dangerous: watched,
            entries,
        }
    }
}
