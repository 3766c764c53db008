//! The tutor at the end of a debrief.

use ::cases::Case;
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
    explore::{self, SourceView},
    store::EncounterRecord,
    web::{
        auth::{Explorer, own_encounter},
        error::WebError,
        tutor::{self, LONGEST_QUESTION},
    },
};

/// The conversation so far, and the question that the box begins with.
pub(super) struct TutorView {
    pub(super) turns: Vec<TutorTurnView>,
    pub(super) draft: String,
    pub(super) item: String,
    pub(super) longest: usize,
}

pub(super) struct TutorTurnView {
    pub(super) question: String,
    pub(super) text: Vec<String>,
    pub(super) sources: Vec<SourceView>,
}

/// Why the box is not empty: the item a link named, or what was wrong with the last question.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Begun {
    /// A rubric item's id.
    #[serde(default)]
    ask: Option<String>,
}

/// The tutor's part of the debrief of `encounter`.
pub(super) async fn of(
    app: &App,
    page: &Frame,
    encounter: &EncounterRecord,
    case: &Case,
    begun: &Begun,
) -> Result<TutorView, WebError> {
    let turns = app.store.tutor_turns(encounter.id).await?;
    let item = begun.ask.as_ref().and_then(|id| case.rubric.iter().find(|item| item.id == *id));
    Ok(TutorView {
        turns: turns
            .into_iter()
            .map(|turn| TutorTurnView {
                sources: explore::sources(app.graph, turn.answer.sources.iter().map(String::as_str)),
                question: turn.question,
                text: turn.answer.text,
            })
            .collect(),
        draft: item.map_or_else(String::new, |item| {
            page.say("tutor-why-question").with("item", item.text.get(page.language)).to_string()
        }),
        item: item.map_or_else(String::new, |item| item.id.clone()),
        longest: LONGEST_QUESTION,
    })
}

#[derive(Deserialize)]
pub(super) struct Asked {
    question: String,
    /// The rubric item it was asked from; empty when none.
    #[serde(default)]
    item: String,
}

/// Answers a question and comes back to the conversation.
pub(super) async fn ask(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    page: Frame,
    Path(id): Path<Uuid>,
    Form(asked): Form<Asked>,
) -> Result<Redirect, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    if let Some(elsewhere) = view::when_open(&encounter) {
        return Ok(elsewhere);
    }
    let item = Some(asked.item.as_str()).filter(|item| !item.is_empty());
    tutor::ask(&app, &encounter, &asked.question, page.language, item).await?;
    Ok(Redirect::to(&format!("/consultations/{id}/debrief#tutor-end")))
}
