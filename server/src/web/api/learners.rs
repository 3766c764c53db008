//! Learners: progress, what to practise next, their own data.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ApiPath;
use crate::{
    app::{App, AppState},
    learner::{self, Progress, Recommendation},
    web::{
        auth::{Student, Teacher},
        error::{ErrorBody, WebError},
    },
};

/// What a learner can do so far, and what to practise next.
#[derive(Serialize, ToSchema)]
pub(super) struct ProgressReport {
    /// `sections` with mastery 0–1 and the counts behind it; `weak` topics, weakest first, each with
    /// the consultation in which it was last missed.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    progress: Progress,
    /// The case to play next, and the missed topics it practises.
    #[schema(value_type = Option<Object>)]
    next: Option<Recommendation>,
}

/// My progress.
#[utoipa::path(get, path = "/learners/me/progress", tag = "learners", responses((status = 200, body = ProgressReport)))]
pub(super) async fn mine(
    State(app): State<AppState>,
    Student(user): Student,
) -> Result<Json<ProgressReport>, WebError> {
    Ok(Json(report(&app, user.id).await?))
}

/// A learner's progress, for teachers.
#[utoipa::path(get, path = "/learners/{id}/progress", tag = "teaching", params(("id" = Uuid, Path)), responses(
    (status = 200, body = ProgressReport),
    (status = 404, body = ErrorBody, description = "`not-found`"),
))]
pub(super) async fn of_learner(
    State(app): State<AppState>,
    _: Teacher,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<ProgressReport>, WebError> {
    let learner = app.store.user(id).await?.ok_or_else(WebError::not_found)?;
    Ok(Json(report(&app, learner.id).await?))
}

/// Everything stored of me.
#[utoipa::path(get, path = "/learners/me/data", tag = "learners", responses((status = 200, body = Object)))]
pub(super) async fn my_data(
    State(app): State<AppState>,
    Student(user): Student,
) -> Result<Json<serde_json::Value>, WebError> {
    Ok(Json(app.store.export(&user).await?))
}

async fn report(app: &App, learner: Uuid) -> Result<ProgressReport, WebError> {
    let records = app.store.mastery(learner).await?;
    let candidates = app.catalogue.candidates(&app.store.encounters_of(learner).await?).await?;
    let next = learner::recommend(&records, &candidates);
    Ok(ProgressReport { progress: learner::progress(&records), next })
}
