//! The tutor: questions about a finished consultation.

use axum::{Json, extract::State};
use jiff::Timestamp;
use knowledge_graph::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath};
use crate::{
    app::{App, AppState},
    explore::{self, SourceView},
    store::TutorTurn,
    tutor::Kind,
    web::{
        auth::{Explorer, Student, encounter_for, own_encounter},
        error::{ErrorBody, WebError},
        tutor,
    },
};

/// A question to the tutor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// The question; at most 500 characters.
    #[schema(example = "Why should I have asked about smoking?")]
    question: String,
    /// `en` or `zh`; the account's language unless given. A question in Chinese is answered in Chinese.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
    /// The rubric item it is asked from, so that "why?" is enough.
    #[serde(default)]
    item: Option<String>,
}

/// A question and its answer.
#[derive(Serialize, ToSchema)]
pub(super) struct TutorAnswer {
    /// The learner's words.
    question: String,
    /// What kind of answer it is; `declined` when the graph and the report do not hold it.
    kind: Kind,
    /// Its paragraphs.
    text: Vec<String>,
    /// What it rests on.
    sources: Vec<SourceView>,
    /// What it is about.
    topics: Vec<String>,
    /// The rubric item it is about.
    item: Option<String>,
    /// When.
    at: Timestamp,
}

impl TutorAnswer {
    fn new(app: &App, turn: TutorTurn) -> Self {
        let TutorTurn { question, answer, at } = turn;
        Self {
            question,
            kind: answer.kind,
            sources: explore::sources(app.graph, answer.sources.iter().map(String::as_str)),
            text: answer.text,
            topics: answer.topics.iter().map(ToString::to_string).collect(),
            item: answer.item,
            at,
        }
    }
}

/// Ask the tutor about my finished consultation. It answers from the graph and the report alone and
/// says so when they do not hold the answer; both are kept with the consultation.
#[utoipa::path(post, path = "/encounters/{id}/tutor", tag = "consultations", params(("id" = Uuid, Path)),
    request_body = Ask, responses(
    (status = 200, body = TutorAnswer),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
    (status = 409, body = ErrorBody, description = "`not-finished`"),
    (status = 422, body = ErrorBody, description = "`question-empty`, `question-too-long`"),
))]
pub(super) async fn ask(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(ask): ApiJson<Ask>,
) -> Result<Json<TutorAnswer>, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    let language = ask.language.or(user.language).unwrap_or(encounter.language);
    let turn = tutor::ask(&app, &encounter, &ask.question, language, ask.item.as_deref()).await?;
    Ok(Json(TutorAnswer::new(&app, turn)))
}

/// The conversation with the tutor about a consultation, oldest first: mine, or any for a teacher.
#[utoipa::path(get, path = "/encounters/{id}/tutor", tag = "consultations", params(("id" = Uuid, Path)), responses(
    (status = 200, body = [TutorAnswer]),
    (status = 404, body = ErrorBody, description = "`unknown-encounter`"),
))]
pub(super) async fn conversation(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
) -> Result<Json<Vec<TutorAnswer>>, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    let turns = app.store.tutor_turns(encounter.id).await?;
    Ok(Json(turns.into_iter().map(|turn| TutorAnswer::new(&app, turn)).collect()))
}
