//! What pages and API share of the tutor: who may ask, and keeping what was answered.

use knowledge_graph::Language;

use super::error::WebError;
use crate::{
    app::App,
    assessment::{Report, moderated, rubric_of},
    encounter::practised,
    moderation::{given_report, standing},
    store::{EncounterRecord, EncounterState, TutorTurn},
    tutor::{Consultation, Question},
};

/// Longest question, in characters.
pub const LONGEST_QUESTION: usize = 500;

/// Answers `text` about a finished consultation and keeps both.
///
/// # Errors
/// 409 `not-finished`; 422 `question-empty`, `question-too-long`.
pub async fn ask(
    app: &App,
    encounter: &EncounterRecord,
    text: &str,
    language: Language,
    item: Option<&str>,
) -> Result<TutorTurn, WebError> {
    if !matches!(encounter.state, EncounterState::Finished { .. }) {
        return Err(WebError::conflict("not-finished", "the tutor answers once the consultation is finished"));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(WebError::unprocessable("question-empty", "the question is empty; type what you want to know"));
    }
    if text.chars().count() > LONGEST_QUESTION {
        let message = format!("the question has more than {LONGEST_QUESTION} characters; shorten it");
        return Err(WebError::unprocessable("question-too-long", message));
    }
    let case = app.catalogue.case(&encounter.case_id, encounter.case_version).await?;
    let case = practised(case.ok_or_else(WebError::unknown_case)?, encounter.mode);
    let decisions = standing(&app.store.overrides(encounter.id).await?);
    let report: Report = moderated(&given_report(encounter)?, &decisions, &rubric_of(&case, encounter.language));
    let turns = app.store.turns(encounter.id).await?;
    let earlier = app.store.tutor_turns(encounter.id).await?;
    let question = Question { text, language, item, last: earlier.last().map(|turn| &turn.answer) };
    let answer = app.tutor.answer(&Consultation { case: &case, report: &report, turns: &turns }, &question);
    let turn = TutorTurn { question: text.to_owned(), answer, at: app.clock.now() };
    app.store.add_tutor_turn(encounter.id, &turn).await?;
    Ok(turn)
}
