//! What several pages show: patients, orders, transcripts, suggestions.

mod body;
mod entry;
mod mode;
mod order;
mod patient;
mod suggestion;
mod trend;

pub(super) use body::{BodyView, body};
pub(super) use entry::{Entry, entries, with_hints};
pub(super) use mode::{how_talks, mode, rules};
pub(super) use order::{OrderChoice, OrderGroup, OrderView, reference, tests};
pub(super) use patient::{PatientView, case_tags, setting, who};
pub(super) use suggestion::{Suggestion, finished_by_case, suggest};

use std::sync::Arc;

use ::cases::Case;
use axum::response::Redirect;

use crate::{
    app::App,
    assessment::Report,
    encounter::practised,
    store::{EncounterRecord, EncounterState},
    web::error::WebError,
};

/// The version of the case that `encounter` plays, as far as its mode practises it.
pub(super) async fn case_of(app: &App, encounter: &EncounterRecord) -> Result<Arc<Case>, WebError> {
    let case = app.catalogue.case(&encounter.case_id, encounter.case_version).await?;
    case.map(|case| practised(case, encounter.mode)).ok_or_else(WebError::unknown_case)
}

/// The stored report of a finished consultation, if it can be read.
pub(super) fn report_of(encounter: &EncounterRecord) -> Option<Report> {
    match &encounter.state {
        EncounterState::Finished { report, .. } => serde_json::from_value(report.clone()).ok(),
        EncounterState::Open | EncounterState::Abandoned { .. } => None,
    }
}

/// A percentage as shown: whole numbers, never rounded up to 100.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–100 before")]
pub(super) fn whole_percent(percent: f64) -> u32 {
    let clamped = percent.clamp(0.0, 100.0);
    if clamped > 99.0 && clamped < 100.0 { 99 } else { clamped.round() as u32 }
}

/// Where a consultation that is not finished leads; none once there is a debrief.
pub(super) fn when_open(encounter: &EncounterRecord) -> Option<Redirect> {
    match encounter.state {
        EncounterState::Finished { .. } => None,
        EncounterState::Open | EncounterState::Abandoned { .. } => {
            Some(Redirect::to(&format!("/consultations/{}", encounter.id)))
        }
    }
}

/// Where a consultation that is no longer open leads; none while it is open.
pub(super) fn when_ended(encounter: &EncounterRecord) -> Option<Redirect> {
    match encounter.state {
        EncounterState::Open => None,
        EncounterState::Finished { .. } => Some(Redirect::to(&format!("/consultations/{}/debrief", encounter.id))),
        EncounterState::Abandoned { .. } => Some(Redirect::to("/home?done=left")),
    }
}
