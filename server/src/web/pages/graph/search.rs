//! Where the explorer begins: what it is, a search, and all diseases by system.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use knowledge_graph::{
    Stats, TopicId, TopicKind,
    hpo::{Hit, RareLayer},
    normalise,
};
use serde::Deserialize;

use super::{
    unknown::{Link, links},
    words::{href, percent},
};
use crate::{
    app::{App, AppState},
    web::{
        auth::Explorer,
        error::WebError,
        pages::frame::{Frame, Place},
        work::apart,
    },
};

/// Hits of each kind on the page.
const SHOWN: usize = 30;

#[derive(Template, WebTemplate)]
#[template(path = "pages/graph.html")]
pub(super) struct SearchPage {
    page: Frame,
    q: String,
    searched: bool,
    groups: Vec<Group>,
    rare: Vec<Hits>,
    /// Rare hits beyond those shown.
    more_rare: usize,
    /// Credit of the rare layer, when it is installed.
    credit: Option<String>,
    systems: Vec<System>,
    facts: Facts,
}

/// Hits of one kind.
struct Group {
    title: String,
    hits: Vec<Link>,
}

/// A rare disease or term.
struct Hits {
    id: String,
    name: String,
    chinese: Option<String>,
}

struct System {
    name: String,
    diseases: Vec<Link>,
}

struct Facts {
    diseases: usize,
    findings: usize,
    claims: usize,
    sourced: String,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    _: Explorer,
    page: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<SearchPage, WebError> {
    apart(move || {
        let page = page.at(Place::Graph);
        let layer = app.rare.layer()?;
        let searched = !normalise(&wanted.q).is_empty();
        let found = if searched { app.graph.search(&wanted.q) } else { Vec::new() };
        let (rare, more_rare) = rare(layer.as_ref(), &wanted.q);
        Ok(SearchPage {
            groups: groups(&app, &page, &found),
            rare,
            more_rare,
            credit: layer.map(|layer| layer.release().credit()),
            systems: if searched { Vec::new() } else { systems(&app, &page) },
            facts: facts(&app.graph.stats()),
            q: wanted.q,
            searched,
            page,
        })
    })
    .await
}

fn groups(app: &App, page: &Frame, found: &[TopicId]) -> Vec<Group> {
    let kinds = [
        (TopicKind::Disease, "graph-diseases"),
        (TopicKind::Finding, "graph-findings"),
        (TopicKind::RiskFactor, "graph-risk-factors"),
        (TopicKind::Test, "graph-tests"),
        (TopicKind::Treatment, "graph-treatments"),
    ];
    let group = |(kind, title): (TopicKind, &str)| {
        let of_kind: Vec<TopicId> = found.iter().filter(|id| id.kind() == kind).take(SHOWN).cloned().collect();
        Group { title: page.t(title), hits: links(app, page, &of_kind) }
    };
    kinds.into_iter().map(group).filter(|group| !group.hits.is_empty()).collect()
}

fn rare(layer: Option<&Arc<RareLayer>>, text: &str) -> (Vec<Hits>, usize) {
    let hits = layer.map(|layer| layer.search(text)).unwrap_or_default();
    let shown = hits.iter().take(SHOWN).map(|hit| match hit {
        Hit::Disease(disease) => Hits { id: disease.id().to_string(), name: disease.name().to_owned(), chinese: None },
        Hit::Term(term) => {
            let chinese = term.chinese().map(str::to_owned);
            Hits { id: term.id().to_string(), name: term.name().to_owned(), chinese }
        }
    });
    (shown.collect(), hits.len().saturating_sub(SHOWN))
}

/// All diseases, by the name of their system and their own.
fn systems(app: &App, page: &Frame) -> Vec<System> {
    let mut systems: BTreeMap<String, Vec<Link>> = BTreeMap::new();
    for disease in app.graph.diseases() {
        let topic = TopicId::new(TopicKind::Disease, &disease.id);
        let name = disease.name.get(page.language).to_owned();
        let link = Link { name, href: href(&topic).unwrap_or_default() };
        systems.entry(page.named("system", &disease.system)).or_default().push(link);
    }
    let sorted = |mut diseases: Vec<Link>| {
        diseases.sort_by_cached_key(|link| link.name.to_lowercase());
        diseases
    };
    systems.into_iter().map(|(name, diseases)| System { name, diseases: sorted(diseases) }).collect()
}

fn facts(stats: &Stats) -> Facts {
    let nodes = |kind| stats.nodes.get(kind).copied().unwrap_or_default();
    Facts {
        diseases: nodes("disease"),
        findings: nodes("finding"),
        claims: stats.evidence.values().sum(),
        sourced: percent(stats.with_source),
    }
}
