//! Grading a transcript that was made elsewhere.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ApiJson;
use crate::{
    app::{App, AppState},
    assessment::{Report, Rubric, Transcript, check_rubric, check_transcript, rubric_of},
    store::{Role, User},
    web::{
        auth::Student,
        error::{ErrorBody, WebError},
    },
};

/// What to grade, and against what: exactly one of `rubric` and `case`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Grading {
    /// `{"id","items":[{"id","text","domain","critical","weight","topics"}]}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    rubric: Option<Rubric>,
    /// Id of a case, for its rubric; for teachers.
    #[serde(default)]
    case: Option<String>,
    /// `{"id","language","turns":[{"speaker","text"}]}`.
    #[schema(value_type = Object)]
    transcript: Transcript,
}

/// Grade a transcript. The same input gives the same report.
#[utoipa::path(post, path = "/grade", tag = "grading", request_body = Grading, responses(
    (status = 200, body = Object, description = "The report: score, items with evidence, flags, engine"),
    (status = 403, body = ErrorBody, description = "`forbidden`: the rubrics of cases are for teachers"),
    (status = 404, body = ErrorBody, description = "`unknown-case`"),
    (status = 422, body = ErrorBody, description = "`rubric-or-case`, `bad-rubric`, `bad-transcript`, `invalid`"),
))]
pub(super) async fn grade(
    State(app): State<AppState>,
    Student(user): Student,
    ApiJson(grading): ApiJson<Grading>,
) -> Result<Json<Report>, WebError> {
    let Grading { rubric, case, transcript } = grading;
    let rubric = match (rubric, case) {
        (Some(rubric), None) => rubric,
        (None, Some(case)) => rubric_of_case(&app, &user, &case, &transcript).await?,
        _ => return Err(WebError::unprocessable("rubric-or-case", "send either `rubric` or `case`, and not both")),
    };
    check(&rubric, &transcript)?;
    let grader = Arc::clone(&app.grader);
    let report = tokio::task::spawn_blocking(move || grader.grade(&transcript, &rubric)).await;
    report.map(Json).map_err(|error| WebError::internal(&error))
}

async fn rubric_of_case(app: &App, user: &User, case: &str, transcript: &Transcript) -> Result<Rubric, WebError> {
    if user.role < Role::Teacher {
        return Err(WebError::forbidden());
    }
    let record = app.store.latest_case(case).await?.ok_or_else(WebError::unknown_case)?;
    Ok(rubric_of(&*app.catalogue.parsed(&record)?, transcript.language))
}

fn check(rubric: &Rubric, transcript: &Transcript) -> Result<(), WebError> {
    check_rubric(rubric).map_err(|error| WebError::unprocessable("bad-rubric", error.to_string()))?;
    check_transcript(transcript).map_err(|error| WebError::unprocessable("bad-transcript", error.to_string()))
}
