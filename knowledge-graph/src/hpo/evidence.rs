//! What is known of a patient, for the core and for the layer.

use std::collections::BTreeMap;

use super::{Join, TermId, profile::Probe};
use crate::{
    TopicId, TopicKind,
    query::{Patient, Presence, likelihood::reference},
};

/// One piece of evidence for the layer.
pub(super) struct Item<'a> {
    /// As it was given: core topic or HPO term.
    pub(super) label: String,
    pub(super) term: u16,
    pub(super) presence: Presence,
    /// How common it is among those the ratio compares with.
    pub(super) rate: f64,
    /// How common it is taken to be in a disease that does not mention it.
    pub(super) silent: f64,
    pub(super) probe: Probe<'a>,
}

impl Item<'_> {
    /// What it does to a disease that does not mention it.
    pub(super) fn silence_log10(&self) -> f64 {
        match self.presence {
            Presence::Present => (self.silent / self.rate).log10(),
            Presence::Absent => ((1.0 - self.silent) / (1.0 - self.rate)).log10(),
        }
    }
}

/// All that is known, once for either side.
pub(super) struct Known<'a> {
    /// For the core: topics as given, and findings that follow from terms.
    pub(super) topics: Vec<(TopicId, Presence)>,
    /// For the layer: terms as given, and terms that findings are. What follows from another is
    /// left out.
    pub(super) items: Vec<Item<'a>>,
}

impl<'a> Known<'a> {
    pub(super) fn new(
        join: &Join<'a>,
        topics: &[(TopicId, Presence)],
        terms: &[(TermId, Presence)],
        patient: Option<Patient>,
    ) -> Self {
        let mut for_core: BTreeMap<TopicId, Presence> = BTreeMap::new();
        let mut for_layer: BTreeMap<u16, (Presence, String)> = BTreeMap::new();
        for (id, presence) in terms {
            let Some(place) = join.layer.place(*id) else { continue };
            for finding in core_findings(join, place, *presence) {
                for_core.insert(TopicId::new(TopicKind::Finding, finding), *presence);
            }
            for_layer.insert(place, (*presence, id.to_string()));
        }
        for (topic, presence) in topics {
            for_core.insert(topic.clone(), *presence);
            if let Some(place) = layer_term(join, topic, *presence) {
                for_layer.insert(place, (*presence, topic.to_string()));
            }
        }
        let sex = patient.map(|patient| patient.sex);
        let said: Vec<(u16, Presence)> = for_layer.iter().map(|(at, (presence, _))| (*at, *presence)).collect();
        let items = for_layer
            .into_iter()
            .filter(|(term, (presence, _))| !follows(join, *term, *presence, &said))
            .map(|(term, (presence, label))| {
                let (rate, silent) = rates(join, term);
                Item { label, term, presence, rate, silent, probe: Probe::new(join.layer, term, sex) }
            })
            .collect();
        Self { topics: for_core.into_iter().collect(), items }
    }
}

/// How common a term is among those a ratio compares with, and in a disease that is silent.
pub(super) fn rates(join: &Join<'_>, term: u16) -> (f64, f64) {
    if let Some(finding) = join.findings.get(&term).and_then(|findings| findings.first()) {
        let reference = reference(join.graph, finding);
        return (reference.rate, reference.silent);
    }
    let background = join.layer.profiles().background(term);
    (background, background)
}

/// Core findings that follow from a term: of one that is present, those that are it or the nearest
/// broader; of one that is absent, those that are it or narrower.
pub(super) fn core_findings<'a>(join: &Join<'a>, term: u16, presence: Presence) -> Vec<&'a str> {
    let layer = join.layer;
    if presence == Presence::Absent {
        let narrower = layer.closure(term, &layer.children);
        return narrower.iter().filter_map(|at| join.findings.get(at)).flatten().copied().collect();
    }
    let mut level = vec![term];
    while !level.is_empty() {
        let here: Vec<&str> = level.iter().filter_map(|at| join.findings.get(at)).flatten().copied().collect();
        if !here.is_empty() {
            return here;
        }
        level = level.iter().flat_map(|at| layer.parents.of(usize::from(*at))).copied().collect();
        level.sort_unstable();
        level.dedup();
    }
    Vec::new()
}

/// The term of a core finding; of one that is present and has none, that of the nearest broader.
fn layer_term(join: &Join<'_>, topic: &TopicId, presence: Presence) -> Option<u16> {
    if topic.kind() != TopicKind::Finding || topic.facet().is_some() {
        return None;
    }
    let own = join.places.get(topic.name()).copied();
    let broader = || join.graph.ancestors(topic).iter().find_map(|broader| join.places.get(broader.name()).copied());
    own.or_else(|| (presence == Presence::Present).then(broader).flatten())
}

/// Whether a term says nothing more beside another that is narrower and present, or broader and
/// absent.
fn follows(join: &Join<'_>, term: u16, presence: Presence, said: &[(u16, Presence)]) -> bool {
    let layer = join.layer;
    let steps = if presence == Presence::Present { &layer.children } else { &layer.parents };
    let implying = layer.closure(term, steps);
    said.iter().any(|(other, also)| *other != term && *also == presence && implying.contains(other))
}
