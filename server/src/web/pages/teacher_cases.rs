//! All cases with their status.

use std::collections::HashSet;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::frame::{Frame, Notice, Place};
use crate::{
    app::{App, AppState},
    store::{CaseRecord, CaseStatus},
    web::{auth::Teacher, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/teacher_cases.html")]
pub(super) struct TeacherCases {
    page: Frame,
    cases: Vec<ManagedCase>,
}

struct ManagedCase {
    id: String,
    version: u32,
    title: String,
    diagnosis: String,
    status: StatusView,
    published: bool,
    /// Whether an edge of the graph it rests on changed since somebody last looked.
    edge_changed: bool,
}

/// A status in word, shape and colour.
pub(super) struct StatusView {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) label: String,
}

impl StatusView {
    pub(super) fn new(page: &Frame, status: CaseStatus) -> Self {
        let (tone, icon, label) = match status {
            CaseStatus::Draft => ("attention", "pencil", page.t("status-draft")),
            CaseStatus::Reviewed => ("", "check", page.t("status-reviewed")),
            CaseStatus::Published => ("good", "eye", page.t("status-published")),
            CaseStatus::Retired => ("", "circle-minus", page.t("status-retired")),
        };
        Self { tone, icon, label }
    }
}

/// What was just done, to say so.
#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
    #[serde(default)]
    case: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Query(done): Query<Done>,
) -> Result<TeacherCases, WebError> {
    let mut page = page.at(Place::Manage);
    let records = app.store.all_cases().await?;
    let changed: HashSet<(String, u32)> = app
        .literature
        .affected_cases(&app.catalogue)
        .await?
        .into_iter()
        .map(|(_, one)| (one.review.case_id, one.review.version))
        .collect();
    let cases = records.iter().map(|record| managed(&app, &page, record, &changed)).collect::<Result<Vec<_>, _>>()?;
    page.notice = notice(&page, &done, &cases);
    Ok(TeacherCases { page, cases })
}

fn managed(
    app: &App,
    page: &Frame,
    record: &CaseRecord,
    changed: &HashSet<(String, u32)>,
) -> Result<ManagedCase, WebError> {
    let case = app.catalogue.parsed(record)?;
    Ok(ManagedCase {
        id: record.id.clone(),
        version: record.version,
        title: case.title.get(page.language).to_owned(),
        diagnosis: case.diagnosis.name.get(page.language).to_owned(),
        status: StatusView::new(page, record.status),
        published: record.status == CaseStatus::Published,
        edge_changed: changed.contains(&(record.id.clone(), record.version)),
    })
}

fn notice(page: &Frame, done: &Done, cases: &[ManagedCase]) -> Option<Notice> {
    let title = &cases.iter().find(|case| case.id == done.case)?.title;
    let text = match done.done.as_str() {
        "published" => page.say("manage-published"),
        "reviewed" => page.say("manage-reviewed"),
        "retired" => page.say("manage-withdrawn"),
        _ => return None,
    };
    Some(Notice::good(text.with("title", title).to_string()))
}
