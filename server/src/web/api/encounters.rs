//! Consultations: begin, read, list, leave, notes.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use cases::Case;
use jiff::Timestamp;
use knowledge_graph::{Language, TopicId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath, cases::CaseDetail, orders::OrderResult};
use crate::{
    app::{App, AppState},
    encounter::{practised, sections},
    store::{EncounterRecord, EncounterState, Mode, NewEncounter, TurnRecord, User},
    web::{
        auth::{Student, encounter_for, own_encounter},
        error::{ErrorBody, WebError},
    },
};

/// Longest notes, in characters.
const LONGEST_NOTES: usize = 20_000;

/// A consultation to begin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Begin {
    /// Case id.
    case: String,
    /// `en` or `zh`; the account's language unless given.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "en")]
    language: Option<Language>,
    /// `practice`, `exam`, `self-test` (an exam for the learner's own eyes) or `skill:SECTION` (one section of the
    /// history, such as `skill:past-history`); `practice` unless given.
    #[serde(default = "practice")]
    #[schema(value_type = String, example = "practice")]
    mode: Mode,
}

fn practice() -> Mode {
    Mode::Practice
}

/// A consultation in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct EncounterSummary {
    /// Id.
    pub id: Uuid,
    /// Case id.
    pub case: String,
    /// Version of the case.
    pub case_version: u32,
    /// Language spoken, `en` or `zh`.
    #[schema(value_type = String)]
    pub language: Language,
    /// `practice`, `exam`, `self-test` or `skill:SECTION`.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// `open`, `finished` or `abandoned`.
    pub state: &'static str,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Percent of the possible score, once finished.
    pub percent: Option<f64>,
}

/// A consultation with all that was said and ordered.
#[derive(Serialize, ToSchema)]
pub(super) struct EncounterDetail {
    /// As in the list.
    #[serde(flatten)]
    summary: EncounterSummary,
    /// The case, as its door shows it.
    door: CaseDetail,
    /// What was said, in order.
    turns: Vec<TurnDetail>,
    /// What was examined and tested, in order.
    orders: Vec<OrderResult>,
}

/// One exchange.
#[derive(Serialize, ToSchema)]
struct TurnDetail {
    /// Position, from 0.
    turn: u32,
    /// The key it was sent with.
    key: String,
    /// The student's words.
    text: String,
    /// The patient's words; none until they are spoken. Send the turn again to have it answered.
    reply: Option<String>,
    /// A quiet stage direction.
    cue: Option<String>,
    /// Ids of the facts told.
    facts: Vec<String>,
    /// Topics recognised in the student's words.
    #[schema(value_type = Vec<String>)]
    topics: Vec<TopicId>,
}

impl From<&EncounterRecord> for EncounterSummary {
    fn from(record: &EncounterRecord) -> Self {
        let (state, ended, percent) = match &record.state {
            EncounterState::Open => ("open", None, None),
            EncounterState::Finished { at, report, .. } => {
                ("finished", Some(*at), report.pointer("/score/percent").and_then(serde_json::Value::as_f64))
            }
            EncounterState::Abandoned { at } => ("abandoned", Some(*at), None),
        };
        Self {
            id: record.id,
            case: record.case_id.clone(),
            case_version: record.case_version,
            language: record.language,
            mode: record.mode,
            state,
            started: record.started,
            ended,
            percent,
        }
    }
}

impl From<TurnRecord> for TurnDetail {
    fn from(record: TurnRecord) -> Self {
        let TurnRecord { index, key, said, reply, .. } = record;
        let (reply, cue, facts, topics) = match reply {
            Some(reply) => (Some(reply.text), reply.cue, reply.facts, reply.topics),
            None => (None, None, Vec::new(), Vec::new()),
        };
        Self { turn: index, key, text: said, reply, cue, facts, topics }
    }
}

/// Begin a consultation.
#[utoipa::path(post, path = "/encounters", tag = "consultations", request_body = Begin, responses(
    (status = 201, body = EncounterDetail, description = "Begun; Location names it"),
    (status = 404, body = ErrorBody, description = "`unknown-case`"),
    (status = 422, body = ErrorBody, description = "`one-language`: the case is written in the other language only; `section-empty`"),
))]
pub(super) async fn begin(
    State(app): State<AppState>,
    Student(user): Student,
    ApiJson(begin): ApiJson<Begin>,
) -> Result<(StatusCode, HeaderMap, Json<EncounterDetail>), WebError> {
    let case = app.catalogue.playable_case(&begin.case, user.id).await?.ok_or_else(WebError::unknown_case)?;
    if let (Some(only), Some(wanted)) = (case.only, begin.language)
        && only != wanted
    {
        let message = format!("this case is written in `{only}` only; leave the language out or ask for that one");
        return Err(WebError::unprocessable("one-language", message));
    }
    if begin.mode.section().is_some_and(|section| !sections(&case).contains(&section)) {
        let message = "this case has nothing to ask in that section; choose another";
        return Err(WebError::unprocessable("section-empty", message));
    }
    let new = NewEncounter {
        student: user.id,
        case_id: case.id.clone(),
        case_version: case.version,
        language: case.only.or(begin.language).or(user.language).unwrap_or_default(),
        mode: begin.mode,
        seed: app.seeds.next(),
    };
    let encounter = app.store.create_encounter(new, app.clock.now()).await?;
    app.encounters.make_ready(Arc::clone(&case), encounter.language);
    let location = HeaderValue::try_from(format!("/api/v1/encounters/{}", encounter.id))
        .map_err(|error| WebError::internal(&error))?;
    let headers = HeaderMap::from_iter([(header::LOCATION, location)]);
    Ok((StatusCode::CREATED, headers, Json(detail_of(&app, &encounter).await?)))
}

/// My consultations, newest first.
#[utoipa::path(get, path = "/encounters", tag = "consultations", responses((status = 200, body = [EncounterSummary])))]
pub(super) async fn list(
    State(app): State<AppState>,
    Student(user): Student,
) -> Result<Json<Vec<EncounterSummary>>, WebError> {
    let encounters = app.store.encounters_of(user.id).await?;
    Ok(Json(encounters.iter().map(EncounterSummary::from).collect()))
}

/// One consultation with all that was said and ordered: mine, or any for a teacher.
#[utoipa::path(get, path = "/encounters/{id}", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 200, body = EncounterDetail),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
))]
pub(super) async fn detail(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<EncounterDetail>, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    Ok(Json(detail_of(&app, &encounter).await?))
}

/// Leave a consultation without feedback.
#[utoipa::path(post, path = "/encounters/{id}/abandon", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "Left"),
    (status = 409, body = ErrorBody, description = "`encounter-ended`"),
))]
pub(super) async fn abandon(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<StatusCode, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    app.store.abandon_encounter(encounter.id, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A student's notes.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Notes {
    /// The notes.
    text: String,
}

/// My notes of a consultation.
#[utoipa::path(get, path = "/encounters/{id}/notes", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Notes),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
))]
pub(super) async fn notes(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<Notes>, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    Ok(Json(Notes { text: app.store.notes(encounter.id).await? }))
}

/// Keep my notes of a consultation, in place of those kept before.
#[utoipa::path(put, path = "/encounters/{id}/notes", tag = "consultations", params(("id" = Uuid, Path)),
    request_body = Notes, responses(
    (status = 204, description = "Kept"),
    (status = 422, body = ErrorBody, description = "`notes-too-long`"),
))]
pub(super) async fn keep_notes(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(notes): ApiJson<Notes>,
) -> Result<StatusCode, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    if notes.text.chars().count() > LONGEST_NOTES {
        return Err(WebError::unprocessable(
            "notes-too-long",
            "the notes have more than 20,000 characters; shorten them",
        ));
    }
    app.store.save_notes(encounter.id, notes.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The consultation that this student may change, and its case.
pub(super) async fn own_with_case(app: &App, user: &User, id: Uuid) -> Result<(EncounterRecord, Arc<Case>), WebError> {
    let encounter = own_encounter(app, user, id).await?;
    let case = case_of(app, &encounter).await?;
    Ok((encounter, case))
}

/// The version of the case that was played, as far as its mode practises it.
pub(super) async fn case_of(app: &App, encounter: &EncounterRecord) -> Result<Arc<Case>, WebError> {
    let case = app.catalogue.case(&encounter.case_id, encounter.case_version).await?;
    let case = case.ok_or_else(|| WebError::internal(&"a consultation without its case"))?;
    Ok(practised(case, encounter.mode))
}

async fn detail_of(app: &App, encounter: &EncounterRecord) -> Result<EncounterDetail, WebError> {
    let case = case_of(app, encounter).await?;
    let turns = app.store.turns(encounter.id).await?;
    let orders = app.store.orders(encounter.id).await?;
    Ok(EncounterDetail {
        summary: encounter.into(),
        door: CaseDetail::from(&*case),
        turns: turns.into_iter().map(TurnDetail::from).collect(),
        orders: orders.iter().map(|order| OrderResult::new(app.graph, &case, order, encounter.language)).collect(),
    })
}
