//! Grading a transcript that was made elsewhere.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ApiJson;
use crate::{
    app::{App, AppState},
    assessment::{
        Report, Rubric, Transcript, check_rubric, check_transcript, rubric_of,
        scheme::{Extras, graph_weights, mark},
    },
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
    /// Id of a marking scheme; see `GET /schemes`. Without one the case's own is used, when it names one.
    #[serde(default)]
    scheme: Option<String>,
    /// `{"id","language","turns":[{"speaker","text"}]}`.
    #[schema(value_type = Object)]
    transcript: Transcript,
}

/// Grade a transcript. The same input gives the same report.
#[utoipa::path(post, path = "/grade", tag = "grading", request_body = Grading, responses(
    (status = 200, body = Object, description = "The report: score, items with evidence, conduct, the scheme's points, flags, engine"),
    (status = 403, body = ErrorBody, description = "`forbidden`: the rubrics of cases are for teachers"),
    (status = 404, body = ErrorBody, description = "`unknown-case`, `unknown-scheme`"),
    (status = 422, body = ErrorBody, description = "`rubric-or-case`, `bad-rubric`, `bad-transcript`, `invalid`"),
))]
pub(super) async fn grade(
    State(app): State<AppState>,
    Student(user): Student,
    ApiJson(grading): ApiJson<Grading>,
) -> Result<Json<Report>, WebError> {
    let Grading { rubric, case, scheme, transcript } = grading;
    let (rubric, case) = match (rubric, case) {
        (Some(rubric), None) => (rubric, None),
        (None, Some(case)) => {
            let case = case_for(&app, &user, &case).await?;
            (rubric_of(&case, transcript.language), Some(case))
        }
        _ => return Err(WebError::unprocessable("rubric-or-case", "send either `rubric` or `case`, and not both")),
    };
    check(&rubric, &transcript)?;
    let scheme = scheme.or_else(|| case.as_ref()?.scheme.clone());
    let scheme = match scheme {
        Some(id) => Some(app.schemes.named(&id).await?),
        None => None,
    };
    let (grader, graph) = (Arc::clone(&app.grader), app.graph);
    let report = tokio::task::spawn_blocking(move || {
        let mut report = grader.grade(&transcript, &rubric);
        report.scheme = scheme.map(|named| {
            let weights = case.as_ref().and_then(|case| graph_weights(case, graph));
            let extras = Extras { graph_weights: weights.as_ref(), note: &[] };
            mark((&named.scheme, &named.sha256), &rubric, &report, extras)
        });
        report
    })
    .await;
    report.map(Json).map_err(|error| WebError::internal(&error))
}

async fn case_for(app: &App, user: &User, case: &str) -> Result<Arc<cases::Case>, WebError> {
    if user.role < Role::Teacher {
        return Err(WebError::forbidden());
    }
    let record = app.store.latest_case(case).await?.ok_or_else(WebError::unknown_case)?;
    Ok(app.catalogue.parsed(&record)?)
}

fn check(rubric: &Rubric, transcript: &Transcript) -> Result<(), WebError> {
    check_rubric(rubric).map_err(|error| WebError::unprocessable("bad-rubric", error.to_string()))?;
    check_transcript(transcript).map_err(|error| WebError::unprocessable("bad-transcript", error.to_string()))
}
