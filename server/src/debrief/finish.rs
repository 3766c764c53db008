//! Ends a consultation: grade, store, learn. Exactly once.

use std::sync::Arc;

use cases::format::Case;
use knowledge_graph::Graph;
use thiserror::Error;

use super::{Debrief, Materials, note};
use crate::{
    assessment::{
        Grader, Report, Speaker, Transcript, Turn, rubric_of,
        scheme::{Extras, graph_weights, mark},
    },
    clock::Clock,
    learner::{Graded, Parameters, updated},
    moderation::{ModerationError, counting_report},
    schemes::{SchemeError, Schemes},
    store::{Diagnosis, EncounterRecord, EncounterState, MasteryRecord, Store, StoreError, TurnRecord},
};

/// Why a consultation could not be finished.
#[derive(Debug, Error)]
pub enum FinishError {
    /// It was left without finishing.
    #[error("this consultation was left and cannot be finished")]
    Abandoned,
    /// The stored report cannot be read.
    #[error("the stored report cannot be read: {0}")]
    Report(#[from] serde_json::Error),
    /// Grading stopped unexpectedly; nothing was stored.
    #[error("grading stopped unexpectedly; nothing was stored, try again")]
    Grading,
    /// The scheme chosen cannot be had.
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    /// The stored report or the decisions on it cannot be read.
    #[error(transparent)]
    Moderation(#[from] ModerationError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What finishing needs.
pub struct Desk<'a> {
    /// The database.
    pub store: &'a Store,
    /// Says which scheme marks.
    pub schemes: &'a Schemes,
    /// Grades.
    pub grader: Arc<Grader>,
    /// The knowledge graph.
    pub graph: &'static Graph,
    /// Tells the time.
    pub clock: &'a dyn Clock,
}

/// Grades and closes `encounter`; finishing twice gives the first debrief again.
pub async fn finish(
    desk: &Desk<'_>,
    encounter: &EncounterRecord,
    case: &Arc<Case>,
    diagnoses: Vec<Diagnosis>,
) -> Result<Debrief, FinishError> {
    let turns = desk.store.turns(encounter.id).await?;
    let ((report, decisions), diagnoses) = match &encounter.state {
        EncounterState::Abandoned { .. } => return Err(FinishError::Abandoned),
        EncounterState::Finished { diagnoses, .. } => {
            (counting_report(desk.store, encounter, case).await?, diagnoses.clone())
        }
        EncounterState::Open => ((close(desk, encounter, case, &turns, &diagnoses).await?, Vec::new()), diagnoses),
    };
    let orders = desk.store.orders(encounter.id).await?;
    Ok(Debrief::new(&Materials {
        case,
        graph: desk.graph,
        report: &report,
        decisions: &decisions,
        turns: &turns,
        orders: &orders,
        diagnoses: &diagnoses,
        language: encounter.language,
    }))
}

async fn close(
    desk: &Desk<'_>,
    encounter: &EncounterRecord,
    case: &Arc<Case>,
    turns: &[TurnRecord],
    diagnoses: &[Diagnosis],
) -> Result<Report, FinishError> {
    let transcript = transcript(encounter, turns);
    let rubric = rubric_of(case, encounter.language);
    let scheme = desk.schemes.of_consultation(case, encounter.mode).await?;
    let grader = Arc::clone(&desk.grader);
    let (case_graded, graph) = (Arc::clone(case), desk.graph);
    let (given, language) = (diagnoses.to_vec(), encounter.language);
    let report = tokio::task::spawn_blocking(move || {
        let mut report = grader.grade(&transcript, &rubric);
        let note = note::judgements(&case_graded, graph, &given, language);
        let weights = graph_weights(&case_graded, graph);
        let extras = Extras { graph_weights: weights.as_ref(), note: &note };
        report.scheme = Some(mark((&scheme.scheme, &scheme.sha256), &rubric, &report, extras));
        report
    })
    .await
    .map_err(|_| FinishError::Grading)?;
    let now = desk.clock.now();
    let ending = (encounter.id, diagnoses.to_vec(), serde_json::to_value(&report)?);
    let outcome = (encounter.clone(), Arc::clone(case), report.clone());
    let learn = move |known: &[MasteryRecord]| {
        let (encounter, case, report) = &outcome;
        learned(encounter, case, report, known, now)
    };
    desk.store.finish_and_learn(ending, now, learn).await?;
    Ok(report)
}

/// The learner's records after `report`. Items sent to an examiner teach nothing yet.
fn learned(
    encounter: &EncounterRecord,
    case: &Case,
    report: &Report,
    known: &[MasteryRecord],
    now: jiff::Timestamp,
) -> Vec<MasteryRecord> {
    let mut records: Vec<MasteryRecord> = Vec::new();
    for graded in report.items.iter().filter(|item| !item.needs_review) {
        let Some(item) = case.rubric.iter().find(|item| item.id == graded.id) else { continue };
        let Some(topic) = item.topics.first() else { continue };
        let observation =
            Graded { topic: topic.clone(), section: item.section.as_str().to_owned(), asked: graded.asked };
        let earlier = records.iter().position(|record| record.topic == *topic);
        let before = earlier.map(|at| &records[at]).or_else(|| known.iter().find(|record| record.topic == *topic));
        let record = updated(before, &observation, encounter.id, now, &Parameters::default());
        match earlier {
            Some(at) => records[at] = record,
            None => records.push(record),
        }
    }
    records
}

/// The consultation as the grader reads it.
pub fn transcript(encounter: &EncounterRecord, turns: &[TurnRecord]) -> Transcript {
    let spoken = turns.iter().flat_map(|turn| {
        let said = Turn { speaker: Speaker::Student, text: turn.said.clone() };
        let reply = turn.reply.as_ref().map(|reply| Turn { speaker: Speaker::Patient, text: reply.text.clone() });
        std::iter::once(said).chain(reply)
    });
    Transcript { id: encounter.id.to_string(), language: encounter.language, turns: spoken.collect() }
}

/// For each turn of [`transcript`], the exchange it belongs to.
pub(super) fn exchange_of_turn(turns: &[TurnRecord]) -> Vec<u32> {
    turns.iter().flat_map(|turn| std::iter::repeat_n(turn.index, 1 + usize::from(turn.reply.is_some()))).collect()
}
