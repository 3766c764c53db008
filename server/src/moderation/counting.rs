//! What counts after examiners decided: the score, and the points of the marking scheme made anew from
//! the decided items. The machine's own totals stay in the report as it was stored.

use cases::Case;
use knowledge_graph::Graph;
use serde::Serialize;
use serde_json::Value;

use super::{ModerationError, given_report, standing};
use crate::{
    assessment::{
        Decision, Report, Score, moderated, rubric_of,
        scheme::{Extras, SchemeResult, graph_weights, mark},
    },
    catalogue::Catalogue,
    debrief::note_judgements,
    encounter::practised,
    schemes::{SchemeError, Schemes},
    store::{EncounterRecord, EncounterState, Store, User},
};

/// What it takes to say how a report counts.
pub struct Counting<'a> {
    /// The database.
    pub store: &'a Store,
    /// Marking schemes, older versions included.
    pub schemes: &'a Schemes,
    /// The knowledge graph.
    pub graph: &'a Graph,
}

/// The totals after examiners decided, to stand beside the machine's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decided {
    /// Items with a decision that stands, in the order of the report.
    pub items: Vec<String>,
    /// The weighted score.
    pub score: Score,
    /// The points of the scheme, where the report has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<SchemeResult>,
}

/// The percentage that counts of a finished consultation; none while it is open or when it was left.
///
/// # Errors
/// What the database refuses, and cases and reports that cannot be read.
pub async fn counting_percent(
    store: &Store,
    catalogue: &Catalogue,
    encounter: &EncounterRecord,
) -> Result<Option<f64>, ModerationError> {
    let EncounterState::Finished { report, .. } = &encounter.state else { return Ok(None) };
    let decisions = standing(&store.overrides(encounter.id).await?);
    if decisions.is_empty() {
        return Ok(report.pointer("/score/percent").and_then(Value::as_f64));
    }
    let Some(case) = catalogue.case(&encounter.case_id, encounter.case_version).await? else { return Ok(None) };
    let rubric = rubric_of(&practised(case, encounter.mode), encounter.language);
    Ok(Some(moderated(&given_report(encounter)?, &decisions, &rubric).score.percent))
}

impl Counting<'_> {
    /// The report of `encounter` as it counts, points included, and the decisions that stand.
    ///
    /// # Errors
    /// As [`given_report`], and what the database refuses.
    pub async fn report(
        &self,
        encounter: &EncounterRecord,
        case: &Case,
    ) -> Result<(Report, Vec<Decision>), ModerationError> {
        let given = given_report(encounter)?;
        let decisions = standing(&self.store.overrides(encounter.id).await?);
        Ok((self.laid_over(encounter, case, &given, &decisions).await?, decisions))
    }

    /// `given` with `decisions` laid over it.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn laid_over(
        &self,
        encounter: &EncounterRecord,
        case: &Case,
        given: &Report,
        decisions: &[Decision],
    ) -> Result<Report, ModerationError> {
        if decisions.is_empty() {
            return Ok(given.clone());
        }
        let mut report = moderated(given, decisions, &rubric_of(case, encounter.language));
        report.scheme = match &given.scheme {
            Some(points) => self.points(encounter, case, &report, points).await?,
            None => None,
        };
        Ok(report)
    }

    /// The totals as they count; none while no decision stands.
    ///
    /// # Errors
    /// As [`Self::report`].
    pub async fn decided(&self, encounter: &EncounterRecord, case: &Case) -> Result<Option<Decided>, ModerationError> {
        let (report, decisions) = self.report(encounter, case).await?;
        let is_decided = |id: &str| decisions.iter().any(|decision| decision.item == id);
        let items = report.items.iter().filter(|item| is_decided(&item.id)).map(|item| item.id.clone()).collect();
        Ok((!decisions.is_empty()).then_some(Decided { items, score: report.score, scheme: report.scheme }))
    }

    /// The points of `report` under the version of the scheme that marked it first. A version that this
    /// program no longer has is stood in for by its newest, and a person is asked to look.
    async fn points(
        &self,
        encounter: &EncounterRecord,
        case: &Case,
        report: &Report,
        first: &SchemeResult,
    ) -> Result<Option<SchemeResult>, ModerationError> {
        let scheme = match self.schemes.that_marked(first).await {
            Ok(scheme) => scheme,
            Err(SchemeError::Store(error)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(encounter = %encounter.id, %error, "decided items were given no points");
                return Ok(None);
            }
        };
        let EncounterState::Finished { diagnoses, .. } = &encounter.state else {
            return Err(ModerationError::NotFinished);
        };
        let note = note_judgements(case, self.graph, diagnoses, encounter.language);
        let weights = graph_weights(case, self.graph);
        let extras = Extras { graph_weights: weights.as_ref(), note: &note };
        let named = (&scheme.scheme, scheme.sha256.as_str());
        let mut points = mark(named, &rubric_of(case, encounter.language), report, extras);
        points.needs_person |= points.sha256 != first.sha256;
        Ok(Some(points))
    }

    /// Everything stored of `user`, with the decided totals beside each report that has some.
    ///
    /// # Errors
    /// What the database refuses, and cases and reports that cannot be read.
    pub async fn export(&self, catalogue: &Catalogue, user: &User) -> Result<Value, ModerationError> {
        let mut everything = self.store.export(user).await?;
        let encounters = self.store.encounters_of(user.id).await?;
        let Some(entries) = everything.get_mut("encounters").and_then(Value::as_array_mut) else {
            return Ok(everything);
        };
        for (entry, encounter) in entries.iter_mut().zip(encounters) {
            if !matches!(encounter.state, EncounterState::Finished { .. }) {
                continue;
            }
            let Some(case) = catalogue.case(&encounter.case_id, encounter.case_version).await? else { continue };
            let decided = self.decided(&encounter, &practised(case, encounter.mode)).await?;
            if let (Some(decided), Some(entry)) = (decided, entry.as_object_mut()) {
                entry.insert("decided".to_owned(), serde_json::to_value(decided)?);
            }
        }
        Ok(everything)
    }
}
