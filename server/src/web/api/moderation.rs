//! For teachers and exam offices: deciding items, grading again, and how far machine and examiners agree.

use axum::{Json, extract::State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath, encounters::case_of};
use crate::{
    app::{App, AppState},
    assessment::{Comparison, Decision, Report, agreement::Agreement},
    moderation::{self, given_report},
    store::{EncounterRecord, OverrideRecord, User},
    web::{
        auth::{Teacher, encounter_for},
        error::{ErrorBody, WebError},
    },
};

/// A consultation's marks: the machine's, and what examiners made of them.
#[derive(Serialize, ToSchema)]
pub(super) struct ModeratedMarks {
    /// The report as the consultation ended with it.
    #[schema(value_type = Object)]
    given: Report,
    /// The report as it counts, with the standing decisions; the points of its scheme follow them.
    #[schema(value_type = Object)]
    counts: Report,
    /// Every decision, oldest first, those taken back included.
    decisions: Vec<ExaminersDecision>,
}

/// What an examiner decided of an item.
#[derive(Serialize, ToSchema)]
pub(super) struct ExaminersDecision {
    /// The item's id.
    item: String,
    /// Whether the student asked it.
    asked: bool,
    /// Why.
    reason: String,
    /// Who; none when the account is gone.
    examiner: Option<Uuid>,
    /// The examiner's name.
    examiner_name: Option<String>,
    /// When.
    at: Timestamp,
    /// When it was taken back or replaced; none while it stands.
    undone: Option<Timestamp>,
}

impl From<OverrideRecord> for ExaminersDecision {
    fn from(record: OverrideRecord) -> Self {
        let OverrideRecord { item, asked, reason, examiner, examiner_name, at, undone, .. } = record;
        Self { item, asked, reason, examiner, examiner_name, at, undone }
    }
}

/// The marks of a finished consultation: the machine's, the examiners' decisions, and what counts.
#[utoipa::path(get, path = "/encounters/{id}/marks", tag = "moderation", params(("id" = Uuid, Path)), responses(
    (status = 200, body = ModeratedMarks),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
    (status = 409, body = ErrorBody, description = "`not-finished`"),
))]
pub(super) async fn marks(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<ModeratedMarks>, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    Ok(Json(marks_of(&app, &encounter).await?))
}

async fn marks_of(app: &App, encounter: &EncounterRecord) -> Result<ModeratedMarks, WebError> {
    let given = given_report(encounter)?;
    let case = case_of(app, encounter).await?;
    let (counts, _) = app.counting().report(encounter, &case).await?;
    let decisions = app.store.overrides(encounter.id).await?.into_iter().map(ExaminersDecision::from).collect();
    Ok(ModeratedMarks { given, counts, decisions })
}

/// A decision on one item.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDecision {
    /// Whether the student asked it.
    asked: bool,
    /// Why, at most 1,000 characters; may be left out only where the machine says the same.
    #[serde(default)]
    reason: String,
}

/// Decide an item. The machine's mark stays beside it; the decision that stood before is kept as taken
/// back.
#[utoipa::path(put, path = "/encounters/{id}/items/{item}/decision", tag = "moderation",
    params(("id" = Uuid, Path), ("item" = String, Path)), request_body = NewDecision, responses(
    (status = 200, body = ModeratedMarks),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`, `unknown-item`"),
    (status = 409, body = ErrorBody, description = "`not-finished`"),
    (status = 422, body = ErrorBody, description = "`reason-missing`, `reason-too-long`"),
))]
pub(super) async fn decide(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath((id, item)): ApiPath<(Uuid, String)>,
    ApiJson(new): ApiJson<NewDecision>,
) -> Result<Json<ModeratedMarks>, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    let decision = Decision { item, asked: new.asked, reason: new.reason };
    moderation::decide(&app.store, &encounter, decision, user.id, app.clock.now()).await?;
    Ok(Json(marks_of(&app, &encounter).await?))
}

/// Take back the decision on an item: the machine's mark counts again.
#[utoipa::path(delete, path = "/encounters/{id}/items/{item}/decision", tag = "moderation",
    params(("id" = Uuid, Path), ("item" = String, Path)), responses(
    (status = 200, body = ModeratedMarks),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`, `no-decision`"),
    (status = 409, body = ErrorBody, description = "`not-finished`"),
))]
pub(super) async fn take_back(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath((id, item)): ApiPath<(Uuid, String)>,
) -> Result<Json<ModeratedMarks>, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    given_report(&encounter)?;
    moderation::take_back(&app.store, id, item, user.id, app.clock.now()).await?;
    Ok(Json(marks_of(&app, &encounter).await?))
}

/// How to grade again.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct GradingAgain {
    /// Whether to keep the new report beside the one that was given.
    keep: bool,
}

/// A consultation graded again.
#[derive(Serialize, ToSchema)]
pub(super) struct GradedAgain {
    /// Where the new report differs from the one that was given.
    #[schema(value_type = Object)]
    differs: Comparison,
    /// The new report.
    #[schema(value_type = Object)]
    report: Report,
}

/// Grade a finished consultation with this version. The mark that was given stays, and so do decisions.
#[utoipa::path(post, path = "/encounters/{id}/grade-again", tag = "moderation", params(("id" = Uuid, Path)),
    request_body = GradingAgain, responses(
    (status = 200, body = GradedAgain),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
    (status = 409, body = ErrorBody, description = "`not-finished`"),
))]
pub(super) async fn grade_again(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(how): ApiJson<GradingAgain>,
) -> Result<Json<GradedAgain>, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    let (report, differs) = graded_again(&app, &user, &encounter, how.keep).await?;
    Ok(Json(GradedAgain { differs, report }))
}

async fn graded_again(
    app: &App,
    user: &User,
    encounter: &EncounterRecord,
    keep: bool,
) -> Result<(Report, Comparison), WebError> {
    let case = case_of(app, encounter).await?;
    let graded = moderation::grade_again(&app.store, &app.grader, encounter, &case).await?;
    if keep {
        let report = serde_json::to_value(&graded.0).map_err(|error| WebError::internal(&error))?;
        app.store.keep_regrading(encounter.id, report, Some(user.id), app.clock.now()).await?;
    }
    Ok(graded)
}

/// How far machine and examiners agree on the items that examiners decided, item by item.
#[utoipa::path(get, path = "/class/agreement", tag = "moderation", responses(
    (status = 200, body = Object, description = "Kappa, AC1 and alpha, as `anamnesis grade agreement --json` gives them; items are named `case/item`"),
))]
pub(super) async fn agreement(State(app): State<AppState>, _: Teacher) -> Result<Json<Agreement>, WebError> {
    Ok(Json(moderation::agreement(&app.store).await?))
}
