//! The history of a case: its versions, who did what with them, what differs, and an older one taken
//! up again.

use ::cases::{Change, ChangeKind};
use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, State},
    response::Redirect,
};

use super::{
    frame::{Frame, Place},
    teacher_cases::StatusView,
};
use crate::{
    app::AppState,
    store::CaseRecord,
    web::{auth::Teacher, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/versions.html")]
pub(super) struct Versions {
    page: Frame,
    id: String,
    title: String,
    versions: Vec<VersionView>,
    deeds: Vec<DeedView>,
}

struct VersionView {
    version: u32,
    status: StatusView,
    author: String,
    licence: String,
    hash: String,
    created: String,
    newest: bool,
    /// The version before it, to compare with.
    before: Option<u32>,
}

struct DeedView {
    when: String,
    who: String,
    what: String,
    version: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Path(id): Path<String>,
) -> Result<Versions, WebError> {
    let page = page.at(Place::Manage);
    let records = app.store.versions(&id).await?;
    let newest = records.first().ok_or_else(WebError::unknown_case)?;
    let title = app.catalogue.parsed(newest)?.title.get(page.language).to_owned();
    let mut versions = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let case = app.catalogue.parsed(record)?;
        versions.push(VersionView {
            version: record.version,
            status: StatusView::new(&page, record.status),
            author: case.author.clone(),
            licence: case.licence.clone(),
            hash: record.hash.clone(),
            created: page.moment(record.created),
            newest: at == 0,
            before: records.get(at + 1).map(|record| record.version),
        });
    }
    let deeds = app.store.case_deeds(&id).await?.into_iter().map(|deed| DeedView {
        when: page.moment(deed.at),
        who: deed.actor.unwrap_or_else(|| page.t("version-nobody")),
        what: page.named("deed", &deed.action),
        version: deed.subject.rsplit('@').next().unwrap_or_default().to_owned(),
    });
    Ok(Versions { deeds: deeds.collect(), page, id, title, versions })
}

/// Stores an older version as a new draft: what came after it stays.
pub(super) async fn restore(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path((id, version)): Path<(String, u32)>,
) -> Result<Redirect, WebError> {
    let record = app.store.case(&id, version).await?.ok_or_else(WebError::unknown_case)?;
    let newest = app.store.latest_case(&id).await?.map_or(version, |newest| newest.version);
    let mut case = app.catalogue.parsed(&record)?.as_ref().clone();
    case.version = newest + 1;
    app.catalogue.bring_in(&::cases::to_toml(&case), app.graph, user.id, app.clock.now()).await?;
    Ok(Redirect::to(&format!("/manage/cases/{id}/{}?done=saved", case.version)))
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/version_diff.html")]
pub(super) struct Difference {
    page: Frame,
    id: String,
    title: String,
    older: u32,
    newer: u32,
    parts: Vec<PartView>,
}

struct PartView {
    heading: String,
    changes: Vec<ChangeView>,
}

struct ChangeView {
    tone: &'static str,
    kind: String,
    place: String,
    before: String,
    after: String,
}

pub(super) async fn compare(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Path((id, older, newer)): Path<(String, u32, u32)>,
) -> Result<Difference, WebError> {
    let page = page.at(Place::Manage);
    let read = async |version| -> Result<CaseRecord, WebError> {
        app.store.case(&id, version).await?.ok_or_else(WebError::unknown_case)
    };
    let before = app.catalogue.parsed(&read(older).await?)?;
    let after = app.catalogue.parsed(&read(newer).await?)?;
    let changes = ::cases::diff(&before, &after).map_err(|error| WebError::internal(&error))?;
    let parts = changes.chunk_by(|a, b| a.part == b.part).map(|changes| PartView {
        heading: changes.first().map(|change| page.named("part", &change.part)).unwrap_or_default(),
        changes: changes.iter().map(|change| view(&page, change)).collect(),
    });
    let title = after.title.get(page.language).to_owned();
    Ok(Difference { parts: parts.collect(), title, id, older, newer, page })
}

fn view(page: &Frame, change: &Change) -> ChangeView {
    let (tone, kind) = match change.kind {
        ChangeKind::Added => ("good", "change-added"),
        ChangeKind::Removed => ("attention", "change-removed"),
        ChangeKind::Changed => ("", "change-changed"),
    };
    let place: Vec<&str> =
        [change.entry.as_str(), change.field.as_str()].into_iter().filter(|s| !s.is_empty()).collect();
    ChangeView {
        tone,
        kind: page.t(kind),
        place: place.join(" · "),
        before: change.before.clone(),
        after: change.after.clone(),
    }
}
