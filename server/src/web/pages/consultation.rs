//! The consultation: door note, conversation, examination, tests, notes, differential.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    finish::{DifferentialSlot, empty_slots},
    frame::{Frame, lang_tag},
    help::{self, HelpView},
    view::{self, BodyView, Entry, OrderGroup, OrderView, PatientView},
};
use crate::{
    app::{App, AppState},
    encounter::{EncounterError, LONGEST_TURN},
    store::{EncounterRecord, OrderKind, Role, User},
    web::{
        auth::{Student, own_encounter},
        error::WebError,
    },
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/consultation.html")]
pub(super) struct Consultation {
    page: Frame,
    id: Uuid,
    title: String,
    place: String,
    leave: &'static str,
    language_tag: &'static str,
    /// Instants as RFC 3339, for the clock of the page.
    started: String,
    now: String,
    minutes: Option<u16>,
    clock: String,
    patient: PatientView,
    patient_name: String,
    /// What the student is called in the transcript.
    speaker: String,
    talks: Vec<String>,
    /// Help that can be asked for; none under exam conditions.
    help: Option<HelpView>,
    entries: Vec<Entry>,
    unanswered: Option<Unanswered>,
    key: Uuid,
    longest: usize,
    draft: String,
    error: Option<String>,
    examined: Vec<OrderView>,
    tested: Vec<OrderView>,
    body: BodyView,
    tests: Vec<OrderGroup>,
    notes: String,
    differential: Vec<DifferentialSlot>,
}

struct Unanswered {
    key: String,
}

#[derive(Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    text: String,
    key: String,
    /// Key of a turn that was stored but never answered.
    #[serde(default)]
    again: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Order {
    kind: OrderKind,
    test: String,
}

#[derive(Deserialize)]
pub(super) struct Notes {
    text: String,
}

/// The page as things stand; a finished consultation leads to its debrief.
pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Path(id): Path<Uuid>,
) -> Result<Response, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    if let Some(elsewhere) = view::when_ended(&encounter) {
        return Ok(elsewhere.into_response());
    }
    show(&app, &user, page, &encounter, Slip::default()).await
}

/// What went wrong with the last turn, and the words to give back.
#[derive(Default)]
struct Slip {
    status: StatusCode,
    error: Option<String>,
    draft: String,
}

async fn show(
    app: &App,
    user: &User,
    page: Frame,
    encounter: &EncounterRecord,
    slip: Slip,
) -> Result<Response, WebError> {
    let case = view::case_of(app, encounter).await?;
    let turns = app.store.turns(encounter.id).await?;
    let orders = app.store.orders(encounter.id).await?;
    let now = app.clock.now();
    let of_kind = |kind: OrderKind| -> Vec<OrderView> {
        let made = orders.iter().rev().filter(|order| order.kind == kind);
        made.map(|order| OrderView::new(&page, app.graph, &case, order)).collect()
    };
    let minutes = encounter.mode.is_timed().then_some(case.minutes);
    let paused = app.store.paused(encounter.id).await?;
    let title = case.title.get(page.language);
    if let Some(still) = help::when_paused(&page, encounter, title, paused, |passed| clock(passed, minutes)) {
        return Ok(still.into_response());
    }
    let help = help::of(app, &page, encounter, &turns).await?;
    let mode = view::mode(&page, encounter.mode);
    let entries = view::entries(&page, app.graph, &case, &turns, &orders);
    let given = help.as_ref().map(|help| help.given.clone()).unwrap_or_default();
    let place = page.say("consult-place").with("setting", view::setting(&page, case.setting)).with("mode", mode);
    let consultation = Consultation {
        id: encounter.id,
        title: title.to_owned(),
        place: place.to_string(),
        leave: if user.role == Role::Student { "/home" } else { "/manage/cases" },
        language_tag: lang_tag(encounter.language),
        started: (encounter.started + paused.total).to_string(),
        now: now.to_string(),
        minutes,
        clock: clock(paused.elapsed(encounter.started, now).as_secs(), minutes),
        patient: PatientView::new(&page, &case, page.language),
        patient_name: case.patient.name.get(encounter.language).to_owned(),
        speaker: page.t("speaker-you"),
        talks: view::how_talks(&page, &case, Some(encounter.mode)),
        entries: view::with_hints(entries, given),
        help,
        unanswered: turns.iter().find(|turn| turn.reply.is_none()).map(|turn| Unanswered { key: turn.key.clone() }),
        key: Uuid::now_v7(),
        longest: LONGEST_TURN,
        draft: slip.draft,
        error: slip.error,
        examined: of_kind(OrderKind::Examination),
        tested: of_kind(OrderKind::Test),
        body: view::body(&page, app.graph, &case, &orders),
        tests: view::tests(&page, app.graph, &orders),
        notes: app.store.notes(encounter.id).await?,
        differential: empty_slots(),
        page,
    };
    Ok((slip.status, consultation).into_response())
}

/// "4:05": what is left of `minutes`, else what has passed.
fn clock(passed: i64, minutes: Option<u16>) -> String {
    let shown = minutes.map_or(passed, |minutes| i64::from(minutes) * 60 - passed).max(0);
    format!("{}:{:02}", shown / 60, shown % 60)
}

/// A turn without scripts: says it, waits for the answer and comes back to the page.
pub(super) async fn turn(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Path(id): Path<Uuid>,
    Form(said): Form<Said>,
) -> Result<Response, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    let case = view::case_of(&app, &encounter).await?;
    // Who speaks goes on.
    app.store.go_on(encounter.id, app.clock.now()).await?;
    if said.again.is_some() {
        app.encounters.resume(&encounter, case.clone()).await?;
        if said.text.trim().is_empty() {
            return Ok(back(id));
        }
    }
    match app.encounters.take_turn(&encounter, case, &said.text, &said.key).await {
        Ok(mut events) => {
            while events.recv().await.is_some() {}
            Ok(back(id))
        }
        Err(error) => {
            let slip = slip(&page, error, said.text)?;
            show(&app, &user, page, &encounter, slip).await
        }
    }
}

fn back(id: Uuid) -> Response {
    Redirect::to(&format!("/consultations/{id}#end")).into_response()
}

/// What can be said in place; everything else is a page of its own.
fn slip(page: &Frame, error: EncounterError, draft: String) -> Result<Slip, WebError> {
    let (status, text) = match &error {
        EncounterError::Empty => (StatusCode::UNPROCESSABLE_ENTITY, page.t("turn-empty")),
        EncounterError::TooLong { length } => {
            let text = page.say("turn-too-long").with("length", *length).with("longest", LONGEST_TURN);
            (StatusCode::UNPROCESSABLE_ENTITY, text.to_string())
        }
        EncounterError::Busy { .. } | EncounterError::TurnInProgress => {
            (StatusCode::TOO_MANY_REQUESTS, page.t("turn-busy-here"))
        }
        _ => return Err(error.into()),
    };
    Ok(Slip { status, error: Some(text), draft })
}

/// Examines or tests and comes back to the panel that shows the result.
pub(super) async fn order(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
    Form(order): Form<Order>,
) -> Result<Redirect, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    let case = view::case_of(&app, &encounter).await?;
    let made = app.encounters.order(&encounter, &case, order.kind, &order.test).await?;
    let panel = match made.kind {
        OrderKind::Examination => "examination",
        OrderKind::Test => "tests",
    };
    Ok(Redirect::to(&format!("/consultations/{id}#{panel}")))
}

/// Saves the student's notes.
pub(super) async fn notes(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
    Form(notes): Form<Notes>,
) -> Result<Redirect, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    app.store.save_notes(encounter.id, notes.text).await?;
    Ok(Redirect::to(&format!("/consultations/{id}#notes")))
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn the_clock_counts_up_without_a_limit_and_down_to_nothing_with_one() {
        assert_eq!(clock(245, None), "4:05");
        assert_eq!(clock(245, Some(11)), "6:55");
        assert_eq!(clock(10_000, Some(11)), "0:00");
    }
}
