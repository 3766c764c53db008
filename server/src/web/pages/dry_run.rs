//! The dry run of a case: started here, watched here, read here.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, Query, State},
    response::Redirect,
};
use serde::Deserialize;

use super::frame::{Frame, Place};
use crate::{
    app::{App, AppState},
    dry_run::{DryRun, InLanguage, Item, Mark, Progress, Shown},
    store::CaseRecord,
    web::{auth::Teacher, dry_runs, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/dry_run.html")]
pub(super) struct DryRunPage {
    page: Frame,
    id: String,
    version: u32,
    title: String,
    /// Done and all, while it plays.
    playing: Option<(usize, usize)>,
    playing_text: String,
    stopped: bool,
    summary: String,
    tables: Vec<TableView>,
}

struct TableView {
    /// Language of the items and of what was said.
    language: &'static str,
    heading: String,
    students: Vec<StudentView>,
    items: Vec<ItemView>,
}

struct StudentView {
    name: String,
    questions: String,
    percent: String,
}

struct ItemView {
    text: String,
    critical: bool,
    cells: Vec<(String, String)>,
    /// Tone, icon and words.
    mark: Option<(&'static str, &'static str, String)>,
    reason: String,
    shown: Vec<ShownView>,
}

struct ShownView {
    place: String,
    said: String,
    reply: String,
}

#[derive(Default, Deserialize)]
pub(super) struct Which {
    /// The newest version unless said.
    version: Option<u32>,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<DryRunPage, WebError> {
    let page = page.at(Place::Manage);
    let record = record(&app, &id, which.version).await?;
    let title = app.catalogue.parsed(&record)?.title.get(page.language).to_owned();
    let progress = app.dry_runs.progress(&id, record.version);
    let found = dry_runs::found(&app, &id, record.version).await?;
    let playing = match progress {
        Some(Progress::Playing { done, total }) => Some((done, total)),
        _ => None,
    };
    let playing_text = playing.map_or_else(String::new, |(done, total)| {
        page.say("dry-running").with("done", done).with("total", total).to_string()
    });
    Ok(DryRunPage {
        summary: found.as_ref().map(|found| summary(&page, found)).unwrap_or_default(),
        tables: found.iter().flat_map(|found| &found.languages).map(|one| table(&page, one)).collect(),
        id,
        version: record.version,
        title,
        playing,
        playing_text,
        stopped: progress == Some(Progress::Stopped),
        page,
    })
}

pub(super) async fn post(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Redirect, WebError> {
    let record = record(&app, &id, which.version).await?;
    dry_runs::start(&app, app.catalogue.parsed(&record)?);
    Ok(Redirect::to(&format!("/manage/cases/{id}/dry-run?version={}", record.version)))
}

async fn record(app: &App, id: &str, version: Option<u32>) -> Result<CaseRecord, WebError> {
    let found = match version {
        Some(version) => app.store.case(id, version).await?,
        None => app.store.latest_case(id).await?,
    };
    found.ok_or_else(WebError::unknown_case)
}

fn summary(page: &Frame, found: &DryRun) -> String {
    let items: usize = found.languages.iter().map(|one| one.items.len()).sum();
    page.say("dry-summary")
        .with("nobody", found.marked(Mark::Nobody).count())
        .with("everybody", found.marked(Mark::Everybody).count())
        .with("items", items)
        .to_string()
}

fn table(page: &Frame, one: &InLanguage) -> TableView {
    let students = one.students.iter().map(|standing| StudentView {
        name: page.named("dry", standing.student.as_str()),
        questions: format!("{:.0}", standing.questions),
        percent: format!("{:.0} %", standing.percent),
    });
    TableView {
        language: one.language.tag(),
        heading: page.named("dry-language", one.language.tag()),
        students: students.collect(),
        items: one.items.iter().map(|item| view(page, item)).collect(),
    }
}

fn view(page: &Frame, item: &Item) -> ItemView {
    let cell = |cell: &crate::dry_run::Cell| {
        (page.named("dry", cell.student.as_str()), format!("{}/{}", cell.asked, cell.runs))
    };
    ItemView {
        text: item.text.clone(),
        critical: item.critical,
        cells: item.cells.iter().map(cell).collect(),
        mark: item.mark.map(|mark| match mark {
            Mark::Nobody => ("attention", "circle-alert", page.t("dry-nobody")),
            Mark::Everybody => ("", "users", page.t("dry-everybody")),
        }),
        reason: item.reason.map(|reason| page.named("dry-reason", reason.as_str())).unwrap_or_default(),
        shown: item.shown.iter().map(|shown| shown_view(page, shown)).collect(),
    }
}

fn shown_view(page: &Frame, shown: &Shown) -> ShownView {
    let place = match shown.student {
        None => page.t("dry-tried"),
        Some(student) => page
            .say("dry-turn")
            .with("who", page.named("dry", student.as_str()))
            .with("seed", shown.seed.to_string())
            .with("exchange", shown.exchange)
            .to_string(),
    };
    ShownView { place, said: shown.said.clone(), reply: shown.reply.clone() }
}
