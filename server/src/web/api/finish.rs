//! Finishing a consultation, and what comes of it.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ApiJson, ApiPath,
    encounters::{case_of, own_with_case},
};
use crate::{
    app::AppState,
    debrief::{self, Debrief},
    store::{Diagnosis, EncounterState},
    web::{
        auth::{Student, encounter_for, sits_exam},
        error::{ErrorBody, WebError},
    },
};

/// Most diagnoses offered.
const MOST_DIAGNOSES: usize = 20;
/// Longest name of a diagnosis, in characters.
const LONGEST_NAME: usize = 200;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 2_000;

/// The student's differential.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Finish {
    /// Most likely first; may be empty.
    #[serde(default)]
    diagnoses: Vec<OfferedDiagnosis>,
}

/// One diagnosis: its name alone, or with a reason.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum OfferedDiagnosis {
    /// Its name.
    Name(String),
    /// Its name and what argues for it.
    Reasoned {
        /// In the student's words.
        name: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
}

impl From<OfferedDiagnosis> for Diagnosis {
    fn from(offered: OfferedDiagnosis) -> Self {
        let (name, reason) = match offered {
            OfferedDiagnosis::Name(name) => (name, String::new()),
            OfferedDiagnosis::Reasoned { name, reason } => (name, reason),
        };
        Self { name: name.trim().to_owned(), reason: reason.trim().to_owned() }
    }
}

/// Finish a consultation: it is graded, the learner's mastery is updated, and the debrief comes
/// back. Finishing again gives the first debrief again.
#[utoipa::path(post, path = "/encounters/{id}/finish", tag = "consultations", params(("id" = Uuid, Path)),
    request_body = Finish, responses(
    (status = 200, body = Debrief),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
    (status = 409, body = ErrorBody, description = "`encounter-ended`: it was left without finishing"),
    (status = 422, body = ErrorBody, description = "`bad-diagnoses`"),
))]
pub(super) async fn finish(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(finish): ApiJson<Finish>,
) -> Result<Json<Debrief>, WebError> {
    let diagnoses = offered(finish)?;
    let (encounter, case) = own_with_case(&app, &user, id).await?;
    let debrief = debrief::finish(&app.desk(), &encounter, &case, diagnoses).await?;
    Ok(Json(if sits_exam(&app, &user).await? { debrief.under_exam() } else { debrief }))
}

/// The debrief of a finished consultation.
#[utoipa::path(get, path = "/encounters/{id}/debrief", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Debrief),
    (status = 409, body = ErrorBody, description = "`not-finished`"),
))]
pub(super) async fn read_debrief(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<Debrief>, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    if !matches!(encounter.state, EncounterState::Finished { .. }) {
        return Err(not_finished());
    }
    let case = case_of(&app, &encounter).await?;
    let debrief = debrief::finish(&app.desk(), &encounter, &case, Vec::new()).await?;
    Ok(Json(if sits_exam(&app, &user).await? { debrief.under_exam() } else { debrief }))
}

/// The report of a finished consultation: every item with its evidence.
#[utoipa::path(get, path = "/encounters/{id}/report", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Object, description = "A report, as `POST /grade` gives it"),
    (status = 409, body = ErrorBody, description = "`not-finished`"),
))]
pub(super) async fn report(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<serde_json::Value>, WebError> {
    match encounter_for(&app, &user, id).await?.state {
        EncounterState::Finished { report, .. } => Ok(Json(report)),
        EncounterState::Open | EncounterState::Abandoned { .. } => Err(not_finished()),
    }
}

fn not_finished() -> WebError {
    WebError::conflict("not-finished", "this consultation has not been finished; there is no report yet")
}

fn offered(finish: Finish) -> Result<Vec<Diagnosis>, WebError> {
    let diagnoses: Vec<Diagnosis> = finish.diagnoses.into_iter().map(Diagnosis::from).collect();
    let fits = |diagnosis: &Diagnosis| {
        !diagnosis.name.is_empty()
            && diagnosis.name.chars().count() <= LONGEST_NAME
            && diagnosis.reason.chars().count() <= LONGEST_REASON
    };
    if diagnoses.len() <= MOST_DIAGNOSES && diagnoses.iter().all(fits) {
        Ok(diagnoses)
    } else {
        let message =
            "give at most 20 diagnoses, each with a name of 1 to 200 characters and a reason of at most 2,000";
        Err(WebError::unprocessable("bad-diagnoses", message))
    }
}
