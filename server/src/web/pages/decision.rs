//! An examiner's decisions on the items of a report: how they are shown, and the form that makes them.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    debrief,
    frame::{Frame, Notice},
};
use crate::{
    app::AppState,
    assessment::{Decision, Report},
    moderation::{self, ModerationError},
    store::OverrideRecord,
    web::{
        auth::{Teacher, encounter_for},
        error::WebError,
    },
};

/// What is known of the marks of one report, for an examiner.
pub(super) struct DecisionViews {
    /// Item, what the program says of it, and what was decided, oldest first.
    items: Vec<ItemDecisions>,
}

/// One item's marks.
pub(super) struct ItemDecisions {
    id: String,
    /// What the program says.
    pub machine: String,
    /// What was decided.
    pub history: Vec<DecisionView>,
}

/// One decision.
pub(super) struct DecisionView {
    /// Who, when and what.
    pub said: String,
    /// Why.
    pub reason: String,
    /// Whether it counts.
    pub stands: bool,
}

impl ItemDecisions {
    /// Whether a decision counts.
    pub fn is_decided(&self) -> bool {
        self.history.iter().any(|one| one.stands)
    }
}

impl DecisionViews {
    pub fn new(page: &Frame, given: &Report, records: &[OverrideRecord]) -> Self {
        let items = given.items.iter().map(|item| {
            let key = if item.needs_review { "decide-machine-review" } else { "decide-machine" };
            let percent = super::view::whole_percent(100.0 * item.confidence);
            let of_item = records.iter().filter(|record| record.item == item.id);
            ItemDecisions {
                id: item.id.clone(),
                machine: page.say(key).with("mark", mark(page, item.asked)).with("confidence", percent).to_string(),
                history: of_item.map(|record| decision_view(page, record)).collect(),
            }
        });
        Self { items: items.collect() }
    }

    /// The marks of an item.
    pub fn of(&self, item: &str) -> Option<&ItemDecisions> {
        self.items.iter().find(|one| one.id == item)
    }
}

fn decision_view(page: &Frame, record: &OverrideRecord) -> DecisionView {
    let stands = record.undone.is_none();
    let who = record.examiner_name.clone().unwrap_or_else(|| page.t("decide-somebody"));
    let said = page.say(if stands { "decide-by" } else { "decide-by-undone" }).with("who", who);
    let said = said.with("when", page.moment(record.at)).with("mark", mark(page, record.asked)).to_string();
    DecisionView { said, reason: record.reason.clone(), stands }
}

fn mark(page: &Frame, asked: bool) -> String {
    page.t(if asked { "marks-mark-asked" } else { "marks-mark-missed" })
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct DecisionForm {
    /// `asked`, `missed` or `undo`.
    decision: String,
    #[serde(default)]
    reason: String,
}

/// Decides an item, or takes the decision back.
pub(super) async fn post(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    mut page: Frame,
    Path((id, item)): Path<(Uuid, String)>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    let now = app.clock.now();
    let place = format!("/consultations/{id}/debrief#item-{item}");
    let done = match form.decision.as_str() {
        "asked" | "missed" => {
            let decision = Decision { item, asked: form.decision == "asked", reason: form.reason };
            moderation::decide(&app.store, &encounter, decision, user.id, now).await
        }
        "undo" => moderation::take_back(&app.store, id, item, user.id, now).await,
        _ => return Err(WebError::malformed("decision is asked, missed or undo")),
    };
    let refusal = match done {
        Ok(()) => return Ok(Redirect::to(&place).into_response()),
        Err(ModerationError::NoReason) => "decide-no-reason",
        Err(ModerationError::ReasonTooLong) => "decide-too-long",
        Err(error) => return Err(error.into()),
    };
    page.notice = Some(Notice::wrong(page.t(refusal)));
    let shown = debrief::page_of(&app, &user, page, &encounter).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}
