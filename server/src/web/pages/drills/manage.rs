//! All items, for teachers: what was reported and what does not discriminate comes first.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Query, State},
    response::Redirect,
};
use serde::Deserialize;

use super::{
    super::frame::{Frame, Notice, Place},
    share,
};
use crate::{
    app::AppState,
    learner::drills::{DrillKind, WEAK_DISCRIMINATION},
    store::{DrillRecord, DrillState},
    web::{auth::Teacher, error::WebError},
};

/// Items on a page.
const AT_ONCE: usize = 25;

#[derive(Template, WebTemplate)]
#[template(path = "pages/manage_drills.html")]
pub(in super::super) struct ManagePage {
    page: Frame,
    kinds: Vec<Filter>,
    states: Vec<Filter>,
    /// Whether only those that need a look are shown.
    bad: bool,
    /// How many need a look.
    bad_count: usize,
    total: usize,
    found: usize,
    rows: Vec<RowView>,
    /// Where the items before and after these are listed.
    before: Option<String>,
    after: Option<String>,
}

struct Filter {
    value: &'static str,
    name: String,
    chosen: bool,
}

struct RowView {
    id: String,
    title: String,
    kind: String,
    state: StateView,
    share: String,
    difficulty: String,
    discrimination: String,
    weak: bool,
    reports: u32,
    /// Whether it was made from another graph, so that nobody is given it.
    outdated: bool,
}

/// A state in word, shape and colour.
pub(super) struct StateView {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) label: String,
}

impl StateView {
    pub(super) fn new(page: &Frame, state: DrillState) -> Self {
        let (tone, icon) = match state {
            DrillState::Offered => ("good", "eye"),
            DrillState::Edited => ("good", "pencil"),
            DrillState::Retired => ("", "circle-minus"),
        };
        Self { tone, icon, label: page.named("drill-state", state.as_str()) }
    }
}

/// What is to be listed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    kind: String,
    state: String,
    bad: String,
    done: String,
    /// Items before those shown.
    from: usize,
}

impl Asked {
    /// The same list from another item on.
    fn page(&self, from: usize) -> String {
        let kind = self.kind.parse::<DrillKind>().map_or("", DrillKind::as_str);
        let state = DrillState::ALL.into_iter().find(|state| state.as_str() == self.state);
        let bad = if self.bad.is_empty() { "" } else { "1" };
        format!("/manage/drills?kind={kind}&state={}&bad={bad}&from={from}", state.map_or("", DrillState::as_str))
    }

    fn admits(&self, record: &DrillRecord) -> bool {
        let kind = self.kind.parse::<DrillKind>().ok();
        let state = DrillState::ALL.into_iter().find(|state| state.as_str() == self.state);
        kind.is_none_or(|kind| kind == record.made.kind)
            && state.is_none_or(|state| state == record.state)
            && (self.bad.is_empty() || needs_a_look(record))
    }
}

/// Whether somebody reported it, or it is offered and does not tell the able from the others.
fn needs_a_look(record: &DrillRecord) -> bool {
    record.reports > 0 || (record.state != DrillState::Retired && is_weak(record))
}

/// Whether it discriminates too little.
pub(super) fn is_weak(record: &DrillRecord) -> bool {
    record.discrimination.is_some_and(|separates| separates < WEAK_DISCRIMINATION)
}

pub(in super::super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Query(asked): Query<Asked>,
) -> Result<ManagePage, WebError> {
    let mut page = page.at(Place::Manage);
    page.notice = (asked.done == "none").then(|| Notice::wrong(page.t("manage-drills-none-made")));
    let records = app.store.drills(WEAK_DISCRIMINATION).await?;
    let found: Vec<&DrillRecord> = records.iter().filter(|record| asked.admits(record)).collect();
    let graph = app.graph.content_hash();
    let from = asked.from.min(found.len());
    Ok(ManagePage {
        before: (from > 0).then(|| asked.page(from.saturating_sub(AT_ONCE))),
        after: (from + AT_ONCE < found.len()).then(|| asked.page(from + AT_ONCE)),
        kinds: DrillKind::ALL
            .into_iter()
            .map(|kind| Filter {
                value: kind.as_str(),
                name: page.named("drill-kind", kind.as_str()),
                chosen: asked.kind == kind.as_str(),
            })
            .collect(),
        states: DrillState::ALL
            .into_iter()
            .map(|state| Filter {
                value: state.as_str(),
                name: page.named("drill-state", state.as_str()),
                chosen: asked.state == state.as_str(),
            })
            .collect(),
        bad: !asked.bad.is_empty(),
        bad_count: records.iter().filter(|record| needs_a_look(record)).count(),
        total: records.len(),
        found: found.len(),
        rows: found.into_iter().skip(from).take(AT_ONCE).map(|record| row(&page, record, graph)).collect(),
        page,
    })
}

fn row(page: &Frame, record: &DrillRecord, graph: &str) -> RowView {
    let item = record.item();
    RowView {
        id: item.id.clone(),
        title: title(page, record),
        kind: page.named("drill-kind", item.kind.as_str()),
        state: StateView::new(page, record.state),
        share: share(page, record.points, record.rating.answers),
        difficulty: difficulty(page, record),
        discrimination: discrimination(page, record),
        weak: is_weak(record),
        reports: record.reports,
        outdated: record.state == DrillState::Offered && item.graph != graph,
    }
}

/// The situation, or where all items of a kind have the same, what is matched.
pub(super) fn title(page: &Frame, record: &DrillRecord) -> String {
    let item = record.item();
    item.prompts.first().unwrap_or(&item.stem).get(page.language).to_owned()
}

/// In logits, with its sign; nothing before the first answer.
pub(super) fn difficulty(page: &Frame, record: &DrillRecord) -> String {
    if record.rating.answers == 0 {
        return page.t("drill-not-known");
    }
    format!("{:+.1}", record.rating.logits).replace('-', "−")
}

pub(super) fn discrimination(page: &Frame, record: &DrillRecord) -> String {
    record.discrimination.map_or_else(
        || page.say("drill-too-few").with("n", crate::learner::drills::MIN_ANSWERS).to_string(),
        |separates| format!("{separates:.2}").replace('-', "−"),
    )
}

/// What kind to make one of.
#[derive(Deserialize)]
pub(in super::super) struct Wanted {
    kind: String,
}

/// Makes a new item and shows it.
pub(in super::super) async fn make(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    Form(wanted): Form<Wanted>,
) -> Result<Redirect, WebError> {
    let kind: DrillKind =
        wanted.kind.parse().map_err(|error: String| WebError::unprocessable("unknown-kind", error))?;
    Ok(match app.drilling.make(kind, app.clock.now()).await? {
        Some(item) => Redirect::to(&format!("/manage/drills/{}?done=made", item.id)),
        None => Redirect::to("/manage/drills?done=none"),
    })
}
