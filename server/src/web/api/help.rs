//! Help during a consultation: hints, what an expert would ask, stopping the clock.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ApiJson, ApiPath,
    encounters::{case_of, own_with_case},
};
use crate::{
    app::AppState,
    hints::{self, HintView},
    web::{
        auth::{Student, encounter_for, own_encounter},
        error::{ErrorBody, WebError},
        help::{self, Kind},
    },
};

/// Help asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// `nudge` or `expert`.
    kind: Kind,
}

/// Help that was given.
#[derive(Serialize, ToSchema)]
pub(super) struct Given {
    /// The hint; none when nothing is left to hint at.
    hint: Option<HintView>,
}

/// Ask for help: a `nudge` at something not yet asked (asked for again, a stronger one), or what an
/// `expert` would ask now. Neither names the diagnosis.
#[utoipa::path(post, path = "/encounters/{id}/hints", tag = "consultations", params(("id" = Uuid, Path)),
    request_body = Asked, responses(
    (status = 200, body = Given),
    (status = 409, body = ErrorBody, description = "`no-help` under exam conditions; `encounter-ended`"),
))]
pub(super) async fn ask(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(asked): ApiJson<Asked>,
) -> Result<Json<Given>, WebError> {
    let (encounter, case) = own_with_case(&app, &user, id).await?;
    let hint = help::give(&app, &encounter, &case, asked.kind).await?;
    let turns = app.store.turns(id).await?;
    let hint = hint.map(|hint| hints::view(&case, app.graph, &turns, &hint, encounter.language));
    Ok(Json(Given { hint }))
}

/// Help that was given in a consultation, in order: mine, or any for a teacher.
#[utoipa::path(get, path = "/encounters/{id}/hints", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 200, body = [HintView]),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
))]
pub(super) async fn given(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<Vec<HintView>>, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    let case = case_of(&app, &encounter).await?;
    let turns = app.store.turns(id).await?;
    let given = app.store.hints(id).await?;
    let view = |hint| hints::view(&case, app.graph, &turns, hint, encounter.language);
    Ok(Json(given.iter().map(view).collect()))
}

/// Stop the clock. Speaking lets it go on.
#[utoipa::path(post, path = "/encounters/{id}/pause", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "It stands still"),
    (status = 409, body = ErrorBody, description = "`no-help` under exam conditions; `encounter-ended`"),
))]
pub(super) async fn pause(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<StatusCode, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    help::pause(&app, &encounter).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let the clock go on.
#[utoipa::path(post, path = "/encounters/{id}/resume", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "It runs"),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
))]
pub(super) async fn resume(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<StatusCode, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    app.store.go_on(encounter.id, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
