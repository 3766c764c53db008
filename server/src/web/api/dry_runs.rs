//! Dry runs of cases, for teachers.

use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::ApiPath;
use crate::{
    app::AppState,
    dry_run::{DryRun, Progress},
    web::{
        auth::Teacher,
        dry_runs,
        error::{ErrorBody, WebError},
    },
};

/// How far a dry run is, and what the newest one found.
#[derive(Serialize, ToSchema)]
pub(super) struct DryRunState {
    /// Consultations held so far, while one goes on.
    done: Option<usize>,
    /// Consultations in all, while one goes on.
    total: Option<usize>,
    /// Whether the last one stopped before its end; start it again.
    stopped: bool,
    /// What the newest one found; none before the first.
    found: Option<DryRun>,
}

/// Have simulated students play a version and be graded by its rubric.
#[utoipa::path(post, path = "/cases/{id}/versions/{version}/dry-run", tag = "teaching",
    params(("id" = String, Path), ("version" = u32, Path)), responses(
    (status = 202, description = "Started, or going on already"),
    (status = 404, body = ErrorBody, description = "`unknown-case`"),
))]
pub(super) async fn start(
    State(app): State<AppState>,
    _: Teacher,
    ApiPath((id, version)): ApiPath<(String, u32)>,
) -> Result<StatusCode, WebError> {
    let case = app.catalogue.case(&id, version).await?.ok_or_else(WebError::unknown_case)?;
    dry_runs::start(&app, case);
    Ok(StatusCode::ACCEPTED)
}

/// How far the dry run of a version is, and what the newest one found.
#[utoipa::path(get, path = "/cases/{id}/versions/{version}/dry-run", tag = "teaching",
    params(("id" = String, Path), ("version" = u32, Path)), responses(
    (status = 200, body = DryRunState),
    (status = 404, body = ErrorBody, description = "`unknown-case`"),
))]
pub(super) async fn state(
    State(app): State<AppState>,
    _: Teacher,
    ApiPath((id, version)): ApiPath<(String, u32)>,
) -> Result<Json<DryRunState>, WebError> {
    app.catalogue.case(&id, version).await?.ok_or_else(WebError::unknown_case)?;
    let progress = app.dry_runs.progress(&id, version);
    let (done, total) = match progress {
        Some(Progress::Playing { done, total }) => (Some(done), Some(total)),
        _ => (None, None),
    };
    let found = dry_runs::found(&app, &id, version).await?;
    Ok(Json(DryRunState { done, total, stopped: progress == Some(Progress::Stopped), found }))
}
