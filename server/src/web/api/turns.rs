//! Taking a turn: the student's words are stored, then the patient's are streamed.

use std::convert::Infallible;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath, encounters::own_with_case};
use crate::{
    app::AppState,
    encounter::{TurnEvent, TurnOutcome},
    web::{
        auth::Student,
        error::{ErrorBody, WebError},
    },
};

/// Longest idempotency key, in bytes.
const LONGEST_KEY: usize = 128;

/// What the student says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Say {
    /// The words; at most 4,000 characters.
    text: String,
    /// Idempotency key: the same key with the same words gives the same turn. A fresh one is made
    /// unless given.
    #[serde(default)]
    key: Option<String>,
}

/// An answered turn; also the data of the `done` event.
#[derive(Serialize, ToSchema)]
pub(super) struct Answered {
    /// Position in the consultation, from 0.
    turn: u32,
    /// What the patient said.
    reply: String,
    /// A quiet stage direction.
    cue: Option<String>,
    /// Ids of the facts told.
    facts: Vec<String>,
    /// Topics recognised in the student's words.
    topics: Vec<String>,
    /// Examinations and tests that the words ordered.
    orders: Vec<serde_json::Value>,
}

/// Say something to the patient.
///
/// Answers with server-sent events: `token` `{"text"}` for each checked piece of the reply, then
/// `done` with the whole turn, or `error` in the API's error shape. With `Accept: application/json`
/// it waits and answers with one JSON object, that of `done`. The words are stored before anything
/// else: after a broken connection send the same key again.
#[utoipa::path(post, path = "/encounters/{id}/turns", tag = "consultations", params(("id" = Uuid, Path)),
    request_body = Say, responses(
    (status = 200, body = Answered),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
    (status = 409, body = ErrorBody, description = "`encounter-ended`, `key-reused`, `turn-in-progress`"),
    (status = 422, body = ErrorBody, description = "`turn-empty`, `turn-too-long`, `bad-key`"),
    (status = 429, body = ErrorBody, description = "`busy`, with Retry-After"),
))]
pub(super) async fn say(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
    headers: HeaderMap,
    ApiJson(say): ApiJson<Say>,
) -> Result<Response, WebError> {
    let key = say.key.unwrap_or_else(|| format!("{:016x}", app.seeds.next()));
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(WebError::unprocessable("bad-key", "the key must have 1 to 128 bytes; a UUID does"));
    }
    let (encounter, case) = own_with_case(&app, &user, id).await?;
    // Who speaks goes on.
    app.store.go_on(encounter.id, app.clock.now()).await?;
    let events = app.encounters.take_turn(&encounter, case, &say.text, &key).await?;
    if wants_json(&headers) {
        return Ok(Json(whole(events).await?).into_response());
    }
    let stream = Sse::new(events_until(events, app.closing.clone())).keep_alive(KeepAlive::default());
    Ok(stream.into_response())
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/event-stream")
}

async fn whole(mut events: mpsc::Receiver<TurnEvent>) -> Result<TurnOutcome, WebError> {
    while let Some(event) = events.recv().await {
        match event {
            TurnEvent::Token { .. } => {}
            TurnEvent::Done(outcome) => return Ok(outcome),
            TurnEvent::Failed { message } => return Err(WebError::internal(&message)),
        }
    }
    Err(WebError::internal(&"a turn ended without an answer"))
}

/// The events as they are sent. The turn is answered and stored even when nobody listens.
fn events_until(
    events: mpsc::Receiver<TurnEvent>,
    closing: CancellationToken,
) -> impl Stream<Item = Result<Event, Infallible>> {
    ReceiverStream::new(events).take_until(closing.cancelled_owned()).map(|event| Ok(sent(&event)))
}

fn sent(event: &TurnEvent) -> Event {
    let (name, data) = match event {
        TurnEvent::Token { text } => ("token", Ok(json!({ "text": text }))),
        TurnEvent::Done(outcome) => ("done", serde_json::to_value(outcome)),
        TurnEvent::Failed { message } => {
            let error = WebError::internal(message);
            ("error", Ok(json!({ "error": { "code": error.code, "message": error.message } })))
        }
    };
    let data = data.unwrap_or_else(|error| {
        tracing::error!(%error, "a turn cannot be written as JSON");
        json!({})
    });
    Event::default().event(name).data(data.to_string())
}
