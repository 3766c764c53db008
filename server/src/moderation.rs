//! Appeal: examiners' decisions beside the machine's marks, and reports made again by a newer version.
//!
//! The report that a consultation ended with is never changed. What counts is that report with the
//! standing decisions laid over it; what a newer version would say is kept beside it.

mod counting;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use cases::Case;
use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;

use crate::{
    assessment::{
        Comparison, Decision, Grader, Report,
        agreement::{Agreement, Mark, Marks, compare},
        compared, moderated, rubric_of,
    },
    catalogue::CatalogueError,
    debrief::transcript,
    store::{EncounterRecord, EncounterState, NewOverride, OverrideRecord, Store, StoreError},
};

pub use counting::{Counting, Decided, counting_percent};

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;

/// Why a decision was not kept, or a consultation not graded again.
#[derive(Debug, Error)]
pub enum ModerationError {
    /// There is no report yet.
    #[error("this consultation has not been finished; there is no report yet")]
    NotFinished,
    /// The report has no such item.
    #[error("the report has no item `{0}`; take an id from its `items`")]
    UnknownItem(String),
    /// A mark was to be changed without saying why.
    #[error("say why the mark changes: the reason is kept beside it")]
    NoReason,
    /// The reason is too long.
    #[error("the reason has more than 1,000 characters; shorten it")]
    ReasonTooLong,
    /// The stored report cannot be read.
    #[error("the stored report cannot be read: {0}")]
    Report(#[from] serde_json::Error),
    /// Grading stopped unexpectedly.
    #[error("grading stopped unexpectedly; nothing was stored, try again")]
    Grading,
    /// The case of a consultation cannot be read.
    #[error(transparent)]
    Case(#[from] CatalogueError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The report that a consultation ended with.
///
/// # Errors
/// [`ModerationError::NotFinished`], [`ModerationError::Report`].
pub fn given_report(encounter: &EncounterRecord) -> Result<Report, ModerationError> {
    match &encounter.state {
        EncounterState::Finished { report, .. } => Ok(serde_json::from_value(report.clone())?),
        EncounterState::Open | EncounterState::Abandoned { .. } => Err(ModerationError::NotFinished),
    }
}

/// The decisions that stand, of all that were made.
pub fn standing(records: &[OverrideRecord]) -> Vec<Decision> {
    let stand = records.iter().filter(|record| record.undone.is_none());
    let decision = |record: &OverrideRecord| Decision {
        item: record.item.clone(),
        asked: record.asked,
        reason: record.reason.clone(),
    };
    stand.map(decision).collect()
}

/// The items and the score as they count: the report given, with the examiners' decisions. For a scheme's
/// points see [`Counting`].
///
/// # Errors
/// As [`given_report`], and what the database refuses.
pub async fn counting_report(
    store: &Store,
    encounter: &EncounterRecord,
    case: &Case,
) -> Result<(Report, Vec<Decision>), ModerationError> {
    let given = given_report(encounter)?;
    let decisions = standing(&store.overrides(encounter.id).await?);
    Ok((moderated(&given, &decisions, &rubric_of(case, encounter.language)), decisions))
}

/// Keeps an examiner's decision. Agreeing with the machine needs no reason, changing its mark does.
///
/// # Errors
/// Every [`ModerationError`] but those of grading; then nothing is kept.
pub async fn decide(
    store: &Store,
    encounter: &EncounterRecord,
    decision: Decision,
    examiner: Uuid,
    now: Timestamp,
) -> Result<(), ModerationError> {
    let given = given_report(encounter)?;
    let Some(item) = given.items.iter().find(|item| item.id == decision.item) else {
        return Err(ModerationError::UnknownItem(decision.item));
    };
    let reason = decision.reason.trim().to_owned();
    if reason.is_empty() && item.asked != decision.asked {
        return Err(ModerationError::NoReason);
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(ModerationError::ReasonTooLong);
    }
    let (item, asked) = (decision.item, decision.asked);
    store.override_item(NewOverride { encounter: encounter.id, item, asked, reason, examiner }, now).await?;
    store.record(Some(examiner), "item-decided", &format!("encounter:{}", encounter.id), now).await?;
    Ok(())
}

/// Takes back the decision that stands on an item.
///
/// # Errors
/// [`StoreError::NotFound`] when none stands.
pub async fn take_back(
    store: &Store,
    encounter: Uuid,
    item: String,
    examiner: Uuid,
    now: Timestamp,
) -> Result<(), ModerationError> {
    store.undo_override(encounter, item, examiner, now).await?;
    store.record(Some(examiner), "item-decision-undone", &format!("encounter:{encounter}"), now).await?;
    Ok(())
}

/// Grades a finished consultation again: the new report, and where it differs from the one given.
/// The items are marked, not a scheme's points. Nothing is stored, and decisions stay as they are.
///
/// # Errors
/// As [`given_report`], [`ModerationError::Grading`], and what the database refuses.
pub async fn grade_again(
    store: &Store,
    grader: &Arc<Grader>,
    encounter: &EncounterRecord,
    case: &Case,
) -> Result<(Report, Comparison), ModerationError> {
    let given = given_report(encounter)?;
    let transcript = transcript(encounter, &store.turns(encounter.id).await?);
    let rubric = rubric_of(case, encounter.language);
    let grader = Arc::clone(grader);
    let report = tokio::task::spawn_blocking(move || grader.grade(&transcript, &rubric))
        .await
        .map_err(|_| ModerationError::Grading)?;
    let comparison = compared(&given, &report);
    Ok((report, comparison))
}

/// What stands between a case and an item in the name of a unit of agreement.
const OF: char = '/';

/// The case and the item of a unit of agreement.
pub fn case_and_item(unit: &str) -> Option<(&str, &str)> {
    unit.split_once(OF)
}

/// How far machine and examiners agree on the items that examiners decided. Ids of items belong to
/// their case, so units are named `case/item`. Examiners look where the machine is unsure first: this
/// is no estimate for the items nobody looked at.
///
/// # Errors
/// What the database refuses, and reports that cannot be read.
pub async fn agreement(store: &Store) -> Result<Agreement, ModerationError> {
    let mut reports: BTreeMap<Uuid, (String, Report)> = BTreeMap::new();
    let mut humans: BTreeMap<String, Vec<Marks>> = BTreeMap::new();
    for decided in store.standing_overrides().await? {
        let (case, _) = match reports.entry(decided.encounter) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let Some(encounter) = store.encounter(decided.encounter).await? else { continue };
                place.insert((encounter.case_id.clone(), given_report(&encounter)?))
            }
        };
        let examiner = decided.examiner_name.clone().unwrap_or_else(|| "–".to_owned());
        let mark = Mark {
            id: format!("{case}{OF}{}", decided.item),
            asked: decided.asked,
            confidence: None,
            needs_review: false,
        };
        let marks = Marks { rater: None, transcript: decided.encounter.to_string(), items: vec![mark] };
        humans.entry(examiner).or_default().push(marks);
    }
    let machine: Vec<Marks> = reports.iter().map(|(id, (case, report))| machine_marks(*id, case, report)).collect();
    Ok(compare(&machine, &humans))
}

fn machine_marks(encounter: Uuid, case: &str, report: &Report) -> Marks {
    let mark = |item: &crate::assessment::ItemReport| Mark {
        id: format!("{case}{OF}{}", item.id),
        asked: item.asked,
        confidence: Some(item.confidence),
        needs_review: item.needs_review,
    };
    Marks { rater: None, transcript: encounter.to_string(), items: report.items.iter().map(mark).collect() }
}
