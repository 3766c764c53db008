//! Drills: the next item, answering it, and for teachers the items themselves.

use axum::{Json, extract::State, http::StatusCode};
use jiff::Timestamp;
use knowledge_graph::{Bilingual, TopicId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath, ApiQuery};
use crate::{
    app::AppState,
    drilling::{DrillError, Graded, Wish},
    explore::{self, SourceView},
    i18n::Text,
    learner::drills::{Answer, Choice, DrillKind, Item, Key, WEAK_DISCRIMINATION},
    store::{DrillRecord, DrillState},
    web::{
        auth::{Explorer, Teacher},
        error::{ErrorBody, WebError},
    },
};

/// What to practise; nothing means whatever is worth most.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `next-question`, `discriminate`, `lay-words`, `order`, `ratio` or `best-answer`.
    #[param(value_type = Option<String>)]
    kind: Option<DrillKind>,
    /// A topic, such as `finding:cough`.
    #[param(value_type = Option<String>)]
    topic: Option<TopicId>,
}

/// An item to be answered.
#[derive(Serialize, ToSchema)]
pub(super) struct DrillQuestion {
    /// Id.
    #[schema(example = "1f0c6a52e3b49d87")]
    id: String,
    /// Its kind.
    #[schema(value_type = String)]
    kind: DrillKind,
    /// The situation.
    #[schema(value_type = Text)]
    stem: Bilingual,
    /// What is asked.
    #[schema(value_type = Text)]
    question: Bilingual,
    /// What is to be matched; empty for other kinds.
    #[schema(value_type = Vec<Text>)]
    prompts: Vec<Bilingual>,
    /// The options; answers name them by their index.
    #[schema(value_type = Vec<Text>)]
    choices: Vec<Bilingual>,
    /// The member of `answer` that is wanted: `one`, `pairs` or `order`.
    answer: &'static str,
}

impl From<Item> for DrillQuestion {
    fn from(item: Item) -> Self {
        Self {
            answer: match item.key {
                Key::One(_) => "one",
                Key::Pairs(_) => "pairs",
                Key::Order(_) => "order",
            },
            id: item.id,
            kind: item.kind,
            stem: item.stem,
            question: item.question,
            prompts: item.prompts,
            choices: item.choices.into_iter().map(|choice| choice.text).collect(),
        }
    }
}

/// The next item for me: about what I lack, about as hard as I can manage, not answered in the last two
/// weeks.
#[utoipa::path(get, path = "/drills/next", tag = "learners", params(Wanted), responses(
    (status = 200, body = DrillQuestion),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`no-drill`: none waits; more are being made"),
))]
pub(super) async fn next(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    ApiQuery(wanted): ApiQuery<Wanted>,
) -> Result<Json<DrillQuestion>, WebError> {
    let now = app.clock.now();
    app.drilling.take_in(&app.learning, user.id, now).await?;
    let known = app.learning.known(&app.catalogue, user.id, now).await?;
    let wish = Wish { kind: wanted.kind, topic: wanted.topic };
    let id = app.drilling.next((user.id, &known), &wish).await?;
    let none = || {
        let said = "no drill of that kind waits for you; more are being made: ask again in half a minute";
        WebError::new(StatusCode::NOT_FOUND, "no-drill", said)
    };
    let record = app.drilling.offered(&id.ok_or_else(none)?).await?;
    Ok(Json(record.item().clone().into()))
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DrillAttempt {
    /// Made by you; the same again is graded once and gives the same.
    attempt: Uuid,
    /// `{"one": 2}`, `{"pairs": [4, null, 0, 1]}`, `{"order": [2, 0, 3, 1]}` (the first first) or
    /// `"unknown"`.
    #[schema(value_type = Object)]
    answer: Answer,
}

/// What was right.
#[derive(Serialize, ToSchema)]
pub(super) struct DrillOutcome {
    /// Credit 0–1.
    points: f64,
    /// Whether it is evidence of what you know: not when you had answered it in the last two weeks.
    counted: bool,
    /// What is right, written as an answer.
    #[schema(value_type = Object)]
    key: Key,
    /// Every option with `why` it is right or wrong.
    #[schema(value_type = Vec<Object>)]
    choices: Vec<Choice>,
    /// Why the key is right.
    #[schema(value_type = Text)]
    explanation: Bilingual,
    /// What the key rests on.
    sources: Vec<SourceView>,
}

/// Answer an item. It is graded at once and moves my progress.
#[utoipa::path(post, path = "/drills/{id}/answers", tag = "learners", params(("id" = String, Path)),
    request_body = DrillAttempt, responses(
    (status = 200, body = DrillOutcome),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-drill`: there is none, or it was taken out"),
    (status = 409, body = ErrorBody, description = "`key-reused`: another answer has this `attempt`"),
    (status = 422, body = ErrorBody, description = "`answer-unfit`: it does not fit the item"),
))]
pub(super) async fn answer(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    ApiPath(id): ApiPath<String>,
    ApiJson(sent): ApiJson<DrillAttempt>,
) -> Result<Json<DrillOutcome>, WebError> {
    let given = (sent.attempt, id.as_str(), sent.answer);
    let Graded { item, kept } = app.drilling.answer(&app.learning, &user, given, app.clock.now()).await?;
    Ok(Json(DrillOutcome {
        points: kept.points,
        counted: kept.fresh,
        sources: explore::sources(app.graph, item.sources.iter().map(String::as_str)),
        key: item.key,
        choices: item.choices,
        explanation: item.explanation,
    }))
}

/// An item with its figures.
#[derive(Serialize, ToSchema)]
pub(super) struct ManagedDrill {
    /// The item as learners see it, `key` included.
    #[schema(value_type = Object)]
    item: Item,
    /// Whether it is offered.
    state: DrillState,
    /// Whether it was made from the graph in use; else it is offered only once a teacher worded it.
    current: bool,
    /// When it was made.
    #[schema(value_type = String)]
    made: Timestamp,
    /// Answers that count: students' first ones since its words last changed.
    answers: u32,
    /// Their mean credit 0–1.
    share: Option<f64>,
    /// In logits, 0 at first.
    difficulty: f64,
    /// Corrected item–total correlation, from 30 answers on; below 0.2 it tells little.
    discrimination: Option<f64>,
    /// Reports of learners that no teacher has looked at.
    reports: u32,
}

impl ManagedDrill {
    fn new(record: DrillRecord, graph: &str) -> Self {
        let share = record.share();
        Self {
            state: record.state,
            current: record.made.graph == graph,
            made: record.at,
            answers: record.rating.answers,
            share,
            difficulty: record.rating.logits,
            discrimination: record.discrimination,
            reports: record.reports,
            item: record.edit.unwrap_or(record.made),
        }
    }
}

/// Every item: those reported first, then those that discriminate too little, then the newest.
#[utoipa::path(get, path = "/drills", tag = "teaching", responses((status = 200, body = Vec<ManagedDrill>)))]
pub(super) async fn list(State(app): State<AppState>, _: Teacher) -> Result<Json<Vec<ManagedDrill>>, WebError> {
    let records = app.store.drills(WEAK_DISCRIMINATION).await?;
    let graph = app.graph.content_hash();
    Ok(Json(records.into_iter().map(|record| ManagedDrill::new(record, graph)).collect()))
}

/// Whether an item is to be offered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DrillRetired {
    /// True takes it out, false brings it back.
    retired: bool,
}

/// Take an item out, or bring it back.
#[utoipa::path(put, path = "/drills/{id}/retired", tag = "teaching", params(("id" = String, Path)),
    request_body = DrillRetired, responses(
    (status = 204, description = "Done"),
    (status = 404, body = ErrorBody, description = "`unknown-drill`"),
))]
pub(super) async fn retire(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath(id): ApiPath<String>,
    ApiJson(wanted): ApiJson<DrillRetired>,
) -> Result<StatusCode, WebError> {
    let done = app.store.retire_drill(&id, wanted.retired, user.id, app.clock.now()).await;
    done.map_err(DrillError::from)?;
    Ok(StatusCode::NO_CONTENT)
}
