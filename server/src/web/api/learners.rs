//! Learners: progress, what to practise next, their own data.

use axum::{Json, extract::State, http::StatusCode};
use knowledge_graph::Section;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath, cases::CaseSummary};
use crate::{
    app::{App, AppState},
    learner::{self, Map, Progress, Recommendation, Review, Skill, Suggestion},
    practice,
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
    /// Graded occasions everything here is based on.
    based_on: usize,
    /// `cells`, `systems` and `sections`: each with `value` (probability of asking when it matters),
    /// the 90 % interval `low`–`high`, and the `based_on` graded occasions; with none it is borrowed
    /// from section and system.
    #[schema(value_type = Object)]
    map: Map,
    /// Communication, organisation, efficiency, safety and `note` (reasoning), each followed by its
    /// rules; `value`, `low`, `high` and `based_on` as in the map.
    #[schema(value_type = Vec<Object>)]
    skills: Vec<Skill>,
    /// Missed topics to be asked again, soonest `due` first.
    #[schema(value_type = Vec<Object>)]
    reviews: Vec<Review>,
    /// What to do next, the best first; `kind` is `case`, `fresh`, `drill` (one section at a
    /// glance), `item` (a short question about `topic`, `GET /drills/next`) or `review`.
    #[schema(value_type = Vec<Object>)]
    suggestions: Vec<Suggestion>,
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

/// What a patient of one's own should be practice for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedPatient {
    /// A body system of `map`, such as `respiratory`.
    system: String,
    /// The section that needs practice most, such as `social-history`.
    #[schema(value_type = Option<String>)]
    section: Option<Section>,
}

/// Make a fresh patient for my own practice. Nobody else can play it, and nothing tells its diagnosis
/// before the debrief. Begin with `POST /encounters`.
#[utoipa::path(post, path = "/learners/me/patients", tag = "learners", request_body = WantedPatient, responses(
    (status = 201, body = CaseSummary),
    (status = 409, body = ErrorBody, description = "`patients-waiting`: ten of your own have not been seen"),
    (status = 422, body = ErrorBody, description = "`no-patient`: no such body system"),
))]
pub(super) async fn fresh_patient(
    State(app): State<AppState>,
    Student(user): Student,
    ApiJson(wanted): ApiJson<WantedPatient>,
) -> Result<(StatusCode, Json<CaseSummary>), WebError> {
    let case = practice::patient_for(&app, &user, &wanted.system, wanted.section).await?;
    Ok((StatusCode::CREATED, Json(CaseSummary::from(&*case))))
}

/// Everything stored of me.
#[utoipa::path(get, path = "/learners/me/data", tag = "learners", responses((status = 200, body = Object)))]
pub(super) async fn my_data(
    State(app): State<AppState>,
    Student(user): Student,
) -> Result<Json<serde_json::Value>, WebError> {
    Ok(Json(app.counting().export(&app.catalogue, &user).await?))
}

async fn report(app: &App, learner: Uuid) -> Result<ProgressReport, WebError> {
    let now = app.clock.now();
    let known = app.learning.known(&app.catalogue, learner, now).await?;
    let candidates = app.catalogue.candidates(&app.store.encounters_of(learner).await?).await?;
    let declined = app.store.declined(learner, now).await?;
    let mut picture = known.picture(&candidates, &declined);
    app.drilling.suggest((learner, &known), &mut picture.next, &declined).await?;
    let best = |one: &Suggestion| match one {
        Suggestion::Case(next) => Some(next.clone()),
        _ => None,
    };
    Ok(ProgressReport {
        progress: learner::progress(&app.store.mastery(learner).await?),
        next: picture.next.iter().find_map(best),
        based_on: known.evidence.len(),
        map: picture.map,
        skills: picture.skills,
        reviews: picture.reviews,
        suggestions: picture.next,
    })
}
