//! Ends a consultation: grade, store, learn. Exactly once.

use std::sync::Arc;

use cases::format::Case;
use knowledge_graph::Graph;
use thiserror::Error;
use uuid::Uuid;

use super::{Debrief, Materials, note};
use crate::{
    assessment::{
        Grader, Report, Speaker, Transcript, Turn,
        conduct::Conduct,
        rubric_of,
        scheme::{Extras, graph_weights, mark},
    },
    classroom,
    clock::Clock,
    learning::Learning,
    moderation::{ModerationError, counting_report},
    schemes::{SchemeError, Schemes},
    store::{Diagnosis, EncounterRecord, EncounterState, Store, StoreError, TurnRecord},
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
    /// Takes in what was graded.
    pub learning: &'a Learning,
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
    let (given, language, section) = (diagnoses.to_vec(), encounter.language, encounter.mode.section());
    let report = tokio::task::spawn_blocking(move || {
        let mut report = grader.grade(&transcript, &rubric);
        if section.is_some() {
            // How a whole consultation is held cannot be told from one section of it.
            report.conduct = Conduct::default();
            return report;
        }
        let note = note::judgements(&case_graded, graph, &given, language);
        let weights = graph_weights(&case_graded, graph);
        let extras = Extras { graph_weights: weights.as_ref(), note: &note };
        report.scheme = Some(mark((&scheme.scheme, &scheme.sha256), &rubric, &report, extras));
        report
    })
    .await
    .map_err(|_| FinishError::Grading)?;
    let now = desk.clock.now();
    desk.store.finish_encounter(encounter.id, diagnoses.to_vec(), serde_json::to_value(&report)?, now).await?;
    take_in(desk, encounter.id, case, now).await;
    Ok(report)
}

/// The report stands whatever becomes of this: what is not taken in now is when its student is next
/// looked at.
async fn take_in(desk: &Desk<'_>, encounter: Uuid, case: &Case, now: jiff::Timestamp) {
    let outcome = match desk.store.encounter(encounter).await {
        Ok(Some(finished)) => {
            if let Err(error) = classroom::take_in(desk.store, &finished, case).await {
                tracing::warn!(%encounter, %error, "a finished consultation was not counted in its class yet");
            }
            desk.learning.take_in(&finished, case, now).await
        }
        Ok(None) => Ok(()),
        Err(error) => Err(error.into()),
    };
    if let Err(error) = outcome {
        tracing::warn!(%encounter, %error, "a finished consultation was not taken into its student's figures yet");
    }
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
pub(crate) fn exchange_of_turn(turns: &[TurnRecord]) -> Vec<u32> {
    turns.iter().flat_map(|turn| std::iter::repeat_n(turn.index, 1 + usize::from(turn.reply.is_some()))).collect()
}
