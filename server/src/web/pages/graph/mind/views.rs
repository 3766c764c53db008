//! What the page shows of the patient, the differential and what would move it.

use knowledge_graph::{
    Graph, TopicId, TopicKind,
    format::Evidence,
    hpo::{Candidate, RareContribution, RareLayer, Term, TermId},
    query::{Contribution, Mover, Posterior, Presence, Shift},
};

use super::address::Address;
use crate::{
    app::App,
    explore::listed,
    web::pages::{
        frame::Frame,
        graph::words::{finding_kind, href, percent, ratio},
    },
};

/// Findings to begin with, when nothing is known yet.
const EXAMPLES: [&str; 4] = ["chest-pain", "dyspnoea", "headache", "fever"];

/// Something known, with what can be done about it.
pub(super) struct Chip {
    pub(super) name: String,
    pub(super) href: Option<String>,
    pub(super) present: bool,
    /// The address with the opposite answer, and without it.
    pub(super) flip: String,
    pub(super) remove: String,
}

/// A finding that can be said to be present or absent.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) present: String,
    pub(super) absent: String,
}

/// A disease with its probability and what counted.
pub(super) struct CandidateView {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) rare: bool,
    pub(super) shown: String,
    pub(super) percent: f64,
    /// Probability before any finding, when it is known.
    pub(super) prior: Option<String>,
    pub(super) counted: Vec<Counted>,
}

/// What one piece of evidence did.
pub(super) struct Counted {
    pub(super) present: bool,
    pub(super) name: String,
    pub(super) factor: String,
    pub(super) how: String,
    pub(super) unverified: bool,
    pub(super) citation: Option<String>,
    pub(super) link: Option<String>,
}

/// A finding that would move belief.
pub(super) struct MoverView {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) kind: String,
    pub(super) likely: String,
    pub(super) present: Moved,
    pub(super) absent: Moved,
}

/// What one answer would do.
pub(super) struct Moved {
    pub(super) shown: String,
    pub(super) percent: f64,
    pub(super) beliefs: Vec<BeliefView>,
    /// The page with this answer.
    pub(super) address: String,
}

pub(super) struct BeliefView {
    pub(super) name: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) rises: bool,
}

fn name(graph: &Graph, page: &Frame, topic: &TopicId) -> String {
    graph.topic(topic).map_or_else(|| topic.to_string(), |info| info.name.get(page.language).to_owned())
}

fn disease_name(graph: &Graph, page: &Frame, id: &str) -> String {
    name(graph, page, &TopicId::new(TopicKind::Disease, id))
}

pub(super) fn chips(app: &App, page: &Frame, known: &Address, layer: Option<&RareLayer>) -> Vec<Chip> {
    let present = listed(&known.present).into_iter().map(|id| (id, Presence::Present));
    let all = present.chain(listed(&known.absent).into_iter().map(|id| (id, Presence::Absent)));
    all.map(|(id, presence)| {
        let opposite = if presence == Presence::Present { Presence::Absent } else { Presence::Present };
        let (name, href) = called(app, page, &id, layer);
        Chip {
            name,
            href,
            present: presence == Presence::Present,
            flip: known.with(&id, opposite).to_string(),
            remove: known.without(&id).to_string(),
        }
    })
    .collect()
}

/// Name and page of a topic or a term.
fn called(app: &App, page: &Frame, id: &str, layer: Option<&RareLayer>) -> (String, Option<String>) {
    if let Ok(term) = id.parse::<TermId>() {
        let term = layer.and_then(|layer| layer.term(term));
        let chinese = term.and_then(Term::chinese).filter(|_| !page.is_english());
        let name = chinese.or_else(|| term.map(Term::name)).unwrap_or(id);
        return (name.to_owned(), Some(format!("/graph/rare/{id}")));
    }
    match crate::explore::topic(app.graph, id) {
        Ok(topic) => (name(app.graph, page, &topic), href(&topic)),
        Err(_) => (id.to_owned(), None),
    }
}

pub(super) fn choice(app: &App, page: &Frame, known: &Address, topic: &TopicId) -> Option<Choice> {
    let id = topic.to_string();
    Some(Choice {
        name: app.graph.topic(topic)?.name.get(page.language).to_owned(),
        present: known.with(&id, Presence::Present).to_string(),
        absent: known.with(&id, Presence::Absent).to_string(),
    })
}

pub(super) fn examples(app: &App, page: &Frame, known: &Address) -> Vec<Choice> {
    if !known.is_empty() {
        return Vec::new();
    }
    let topics = EXAMPLES.map(|id| TopicId::new(TopicKind::Finding, id));
    topics.iter().filter_map(|topic| choice(app, page, known, topic)).collect()
}

pub(super) fn core(app: &App, page: &Frame, posterior: &Posterior) -> CandidateView {
    let prior = Some(percent(posterior.prior));
    CandidateView { prior, ..of_core(app, page, &posterior.disease, posterior.probability, &posterior.contributions) }
}

fn of_core(app: &App, page: &Frame, id: &str, probability: f64, contributions: &[Contribution]) -> CandidateView {
    CandidateView {
        name: disease_name(app.graph, page, id),
        href: format!("/graph/diseases/{id}"),
        rare: false,
        shown: percent(probability),
        percent: probability * 100.0,
        prior: None,
        counted: contributions.iter().map(|one| counted(app, page, one)).collect(),
    }
}

pub(super) fn either(app: &App, page: &Frame, candidate: &Candidate) -> CandidateView {
    match candidate {
        Candidate::Core { disease, probability, contributions } => {
            of_core(app, page, disease, *probability, contributions)
        }
        Candidate::Hpo { disease, name, probability, contributions, .. } => CandidateView {
            name: name.clone(),
            href: format!("/graph/rare/{disease}"),
            rare: true,
            shown: percent(*probability),
            percent: probability * 100.0,
            prior: None,
            counted: contributions.iter().map(|one| counted_rare(app, page, one)).collect(),
        },
    }
}

fn factor(page: &Frame, lr: f64) -> String {
    page.say("graph-factor").with("factor", ratio(lr)).to_string()
}

fn counted(app: &App, page: &Frame, one: &Contribution) -> Counted {
    let source = one.source.as_deref().and_then(|id| app.graph.source(id));
    let how = match (one.silent, one.derived) {
        (true, _) => page.t("graph-mind-silent"),
        (false, true) => page.t("graph-mind-derived"),
        (false, false) => page.t("graph-mind-published"),
    };
    let half = if one.weight < 1.0 { page.t("graph-mind-half") } else { String::new() };
    Counted {
        present: one.presence == Presence::Present,
        name: name(app.graph, page, &one.topic),
        factor: factor(page, one.lr),
        how: how + &half,
        unverified: one.evidence == Evidence::Unverified && !one.silent,
        citation: source.map(knowledge_graph::format::Source::citation),
        link: source.and_then(knowledge_graph::format::Source::link),
    }
}

fn counted_rare(app: &App, page: &Frame, one: &RareContribution) -> Counted {
    let (name, _) = called(app, page, &one.evidence, None);
    Counted {
        present: one.presence == Presence::Present,
        name,
        factor: factor(page, one.lr),
        how: if one.term.is_some() { page.t("graph-mind-annotated") } else { page.t("graph-mind-silent") },
        unverified: false,
        citation: (!one.rows.is_empty()).then(|| one.rows.join("; ")),
        link: None,
    }
}

pub(super) fn mover(app: &App, page: &Frame, known: &Address, mover: &Mover) -> Option<MoverView> {
    let id = mover.topic.to_string();
    let kind = finding_kind(app.graph.finding(mover.topic.name())?.kind);
    let moved = |shift: &Shift, presence| Moved {
        shown: percent(shift.moved),
        percent: shift.moved * 100.0,
        beliefs: shift
            .beliefs
            .iter()
            .map(|belief| BeliefView {
                name: disease_name(app.graph, page, &belief.disease),
                before: percent(belief.before),
                after: percent(belief.after),
                rises: belief.after > belief.before,
            })
            .collect(),
        address: known.with(&id, presence).to_string(),
    };
    Some(MoverView {
        name: name(app.graph, page, &mover.topic),
        href: href(&mover.topic)?,
        kind: page.named("graph-kind", kind),
        likely: percent(mover.expected_present),
        present: moved(&mover.present, Presence::Present),
        absent: moved(&mover.absent, Presence::Absent),
    })
}
