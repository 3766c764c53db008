//! Help during a consultation: hints, what an expert would ask, and stopping the clock.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, State},
    response::Redirect,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{frame::Frame, view};
use crate::{
    app::{App, AppState},
    hints,
    store::{EncounterRecord, Help, Paused, Strength, TurnRecord},
    web::{
        auth::{Student, own_encounter},
        error::WebError,
        help,
    },
};

/// The consultation while its clock stands still: nothing of it is shown.
#[derive(Template, WebTemplate)]
#[template(path = "pages/paused.html")]
pub(super) struct PausedPage {
    page: Frame,
    id: Uuid,
    title: String,
    clock: String,
}

/// The page of a consultation that is paused, if it is.
pub(super) fn when_paused(
    page: &Frame,
    encounter: &EncounterRecord,
    title: &str,
    paused: Paused,
    clock: impl FnOnce(i64) -> String,
) -> Option<PausedPage> {
    let since = paused.since?;
    let passed = paused.elapsed(encounter.started, since).as_secs();
    Some(PausedPage { page: page.clone(), id: encounter.id, title: title.to_owned(), clock: clock(passed) })
}

/// What can be asked for now.
pub(super) struct HelpView {
    /// Hints given so far, as entries of the conversation show them.
    pub(super) given: Vec<hints::HintView>,
    /// Whether the next hint is a stronger one at the same item.
    pub(super) stronger: bool,
    /// Whether anything is left to hint at.
    pub(super) any_left: bool,
}

/// The help of a consultation, in the language of the page; none where the mode allows none.
pub(super) async fn of(
    app: &App,
    page: &Frame,
    encounter: &EncounterRecord,
    turns: &[TurnRecord],
) -> Result<Option<HelpView>, WebError> {
    if !encounter.mode.allows_help() {
        return Ok(None);
    }
    let case = view::case_of(app, encounter).await?;
    let given = app.store.hints(encounter.id).await?;
    let coming = hints::next(&case, app.graph, turns, &given);
    Ok(Some(HelpView {
        given: given.iter().map(|hint| hints::view(&case, app.graph, turns, hint, page.language)).collect(),
        stronger: matches!(coming, Some(Help::Nudge { strength, .. }) if strength > Strength::Area),
        any_left: coming.is_some(),
    }))
}

#[derive(Deserialize)]
pub(super) struct Asked {
    kind: help::Kind,
}

/// Gives help and comes back to it.
pub(super) async fn hint(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
    Form(asked): Form<Asked>,
) -> Result<Redirect, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    let case = view::case_of(&app, &encounter).await?;
    help::give(&app, &encounter, &case, asked.kind).await?;
    Ok(Redirect::to(&format!("/consultations/{id}#end")))
}

/// Stops the clock.
pub(super) async fn pause(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
) -> Result<Redirect, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    help::pause(&app, &encounter).await?;
    Ok(Redirect::to(&format!("/consultations/{id}")))
}

/// Lets the clock go on.
pub(super) async fn resume(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
) -> Result<Redirect, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    app.store.go_on(encounter.id, app.clock.now()).await?;
    Ok(Redirect::to(&format!("/consultations/{id}#end")))
}
