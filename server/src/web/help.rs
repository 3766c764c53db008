//! What pages and API share of help: who may have it, and giving it.

use cases::Case;
use serde::Deserialize;
use utoipa::ToSchema;

use super::error::WebError;
use crate::{
    app::App,
    hints,
    store::{EncounterRecord, EncounterState, Help, HintRecord},
};

/// Which help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A hint at something not yet asked; asked for again, a stronger one.
    Nudge,
    /// What an expert would ask now.
    Expert,
}

/// Refuses help where the mode has none.
fn require_help(encounter: &EncounterRecord) -> Result<(), WebError> {
    if !matches!(encounter.state, EncounterState::Open) {
        return Err(WebError::conflict("encounter-ended", "this consultation has ended"));
    }
    if encounter.mode.allows_help() {
        return Ok(());
    }
    let message = "there are no hints and no pauses under exam conditions; practise the case to have them";
    Err(WebError::conflict("no-help", message))
}

/// Gives help and keeps that it was given; `None` when there is nothing left to hint at.
///
/// # Errors
/// 409 `no-help` under exam conditions, `encounter-ended`.
pub async fn give(
    app: &App,
    encounter: &EncounterRecord,
    case: &Case,
    kind: Kind,
) -> Result<Option<HintRecord>, WebError> {
    require_help(encounter)?;
    let turns = app.store.turns(encounter.id).await?;
    let given = app.store.hints(encounter.id).await?;
    let help = match kind {
        Kind::Nudge => hints::next(case, app.graph, &turns, &given),
        Kind::Expert => Some(Help::Expert { topics: hints::expert(case, app.graph, &turns) }),
    };
    let Some(help) = help else { return Ok(None) };
    let after_turn = u32::try_from(turns.len()).unwrap_or(u32::MAX);
    // The same again, with nothing said between, is the same help.
    if let Some(last) = given.last().filter(|last| last.after_turn == after_turn && last.help == help) {
        return Ok(Some(last.clone()));
    }
    let hint = HintRecord { after_turn, help, at: app.clock.now() };
    app.store.add_hint(encounter.id, &hint).await?;
    Ok(Some(hint))
}

/// Stops the clock.
///
/// # Errors
/// As [`give`].
pub async fn pause(app: &App, encounter: &EncounterRecord) -> Result<(), WebError> {
    require_help(encounter)?;
    Ok(app.store.pause(encounter.id, app.clock.now()).await?)
}
