//! Two diseases side by side: what separates them most comes first.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use knowledge_graph::{
    TopicId, TopicKind,
    query::{self, Comparison, Options, Separation, Side},
};
use serde::Deserialize;

use super::{
    unknown::{Link, links},
    words::{Grade, href, percent, ratio},
};
use crate::{
    app::{App, AppState},
    explore::{self, Meant, SourceView, sources},
    web::{
        auth::Explorer,
        pages::frame::{Frame, Place},
    },
};

/// Choices offered for a name that is not clear.
const OFFERED: usize = 8;
/// A ratio between this and its inverse tells the two apart hardly at all.
const LITTLE: f64 = 1.25;

#[derive(Template, WebTemplate)]
#[template(path = "pages/graph_compare.html")]
pub(super) struct ComparePage {
    page: Frame,
    a: Slot,
    b: Slot,
    result: Option<ResultView>,
    /// Whether both are the same disease.
    same: bool,
}

/// One of the two diseases, as far as it is known.
struct Slot {
    text: String,
    /// Its id, when it is clear.
    id: Option<String>,
    /// Links that make it clear.
    choices: Vec<Link>,
    /// Whether something was written that names no disease.
    nothing: bool,
}

struct ResultView {
    a: Link,
    b: Link,
    /// How common the one is beside the other.
    prior: String,
    told: Vec<ToldView>,
    rows: Vec<Row>,
    sources: Vec<SourceView>,
}

struct ToldView {
    text: String,
    grade: Grade,
}

struct Row {
    name: String,
    href: String,
    a: SideView,
    b: SideView,
    present: Outcome,
    absent: Outcome,
}

/// What one disease says of a finding.
struct SideView {
    /// "67%", or that it does not mention it.
    text: String,
    percent: Option<f64>,
    marks: Vec<String>,
    unverified: bool,
    source: Option<usize>,
}

/// What an answer does between the two.
struct Outcome {
    text: String,
    strong: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pair {
    a: String,
    b: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    _: Explorer,
    page: Frame,
    Query(pair): Query<Pair>,
) -> ComparePage {
    let page = page.at(Place::Graph);
    let a = slot(&app, &page, &pair.a, |id| format!("/graph/compare?a={id}&b={}", of(&app, &pair.b)));
    let b = slot(&app, &page, &pair.b, |id| format!("/graph/compare?a={}&b={id}", of(&app, &pair.a)));
    let same = a.id.is_some() && a.id == b.id;
    let compared = a.id.as_deref().zip(b.id.as_deref()).filter(|_| !same);
    let comparison = compared.and_then(|(a, b)| query::compare(app.graph, a, b, None, &Options::default()));
    let result = comparison.and_then(|comparison| result(&app, &page, &comparison));
    ComparePage { page, a, b, result, same }
}

impl ComparePage {
    fn slots(&self) -> [&Slot; 2] {
        [&self.a, &self.b]
    }
}

const fn is_disease(kind: TopicKind) -> bool {
    matches!(kind, TopicKind::Disease)
}

/// The id that a text means, or nothing: for an address in which the other is still to be chosen.
fn of(app: &App, text: &str) -> String {
    match explore::meant(app.graph, text, is_disease) {
        Meant::One(id) => id.name().to_owned(),
        Meant::Perhaps(_) => String::new(),
    }
}

fn slot(app: &App, page: &Frame, text: &str, address: impl Fn(&str) -> String) -> Slot {
    let empty = Slot { text: text.to_owned(), id: None, choices: Vec::new(), nothing: false };
    if text.trim().is_empty() {
        return empty;
    }
    match explore::meant(app.graph, text, is_disease) {
        Meant::One(id) => {
            let name = app.graph.topic(&id).map(|info| info.name.get(page.language).to_owned());
            Slot { text: name.unwrap_or_default(), id: Some(id.name().to_owned()), ..empty }
        }
        Meant::Perhaps(found) => {
            let choice = |id: &TopicId| {
                let name = app.graph.topic(id)?.name.get(page.language).to_owned();
                Some(Link { name, href: address(id.name()) })
            };
            let choices: Vec<Link> = found.iter().take(OFFERED).filter_map(choice).collect();
            Slot { nothing: choices.is_empty(), choices, ..empty }
        }
    }
}

fn result(app: &App, page: &Frame, comparison: &Comparison) -> Option<ResultView> {
    let told = comparison.told.iter().filter_map(|one| one.source.as_deref());
    let sides = comparison.findings.iter().flat_map(|one| one.a.iter().chain(&one.b));
    let sources = sources(app.graph, told.chain(sides.filter_map(|side| side.source.as_deref())));
    let topic = |id: &str| TopicId::new(TopicKind::Disease, id);
    let mut both = links(app, page, &[topic(&comparison.a), topic(&comparison.b)]).into_iter();
    let (a, b) = both.next().zip(both.next())?;
    let told = comparison.told.iter().map(|one| ToldView {
        text: one.separates.get(page.language).to_owned(),
        grade: Grade::new(page, one.evidence, one.source.as_deref(), &sources),
    });
    Some(ResultView {
        prior: favours(page, comparison.prior_ratio, [&a.name, &b.name], ["graph-commoner-than", "graph-as-common"])
            .text,
        told: told.collect(),
        rows: comparison.findings.iter().filter_map(|one| row(app, page, one, [&a.name, &b.name], &sources)).collect(),
        sources,
        a,
        b,
    })
}

fn row(app: &App, page: &Frame, one: &Separation, names: [&str; 2], sources: &[SourceView]) -> Option<Row> {
    let topic = TopicId::new(TopicKind::Finding, &one.finding);
    Some(Row {
        name: app.graph.topic(&topic)?.name.get(page.language).to_owned(),
        href: href(&topic)?,
        a: side(page, one.a.as_ref(), sources),
        b: side(page, one.b.as_ref(), sources),
        present: favours(page, one.present, names, ["graph-favours", "graph-favours-neither"]),
        absent: favours(page, one.absent, names, ["graph-favours", "graph-favours-neither"]),
    })
}

fn side(page: &Frame, side: Option<&Side>, sources: &[SourceView]) -> SideView {
    let Some(side) = side else {
        let text = page.t("graph-not-mentioned");
        return SideView { text, percent: None, marks: Vec::new(), unverified: false, source: None };
    };
    let marks = [side.excluded.then(|| page.t("graph-excluded")), side.estimate.then(|| page.t("graph-estimate"))];
    SideView {
        text: side.frequency.map_or_else(|| page.t("graph-unknown-frequency"), percent),
        percent: side.frequency.map(|share| share * 100.0),
        marks: marks.into_iter().flatten().collect(),
        unverified: side.unverified,
        source: side.source.as_ref().and_then(|id| sources.iter().position(|one| one.id == *id)).map(|at| at + 1),
    }
}

/// Which of the two a ratio favours, by the first key, or neither, by the second.
fn favours(page: &Frame, value: f64, [a, b]: [&str; 2], [key, neither]: [&str; 2]) -> Outcome {
    let (name, times) = if value >= 1.0 { (a, value) } else { (b, 1.0 / value) };
    if times < LITTLE {
        return Outcome { text: page.t(neither), strong: false };
    }
    let text = page.say(key).with("name", name).with("times", ratio(times)).to_string();
    Outcome { text, strong: times >= 3.0 }
}
