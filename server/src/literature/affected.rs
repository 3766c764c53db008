//! Cases that rest on an edge which changed.

use std::collections::BTreeSet;

use cases::Case;
use knowledge_graph::{
    TopicId, TopicKind,
    literature::{Claim, End, LinkKind, Standing},
};

use crate::store::{CaseReview, ProposalRecord};

/// A version of a case and a change it was made before.
#[derive(Clone, Debug)]
pub struct AffectedCase {
    /// The version and the change.
    pub review: CaseReview,
    /// The facts that came from the edge.
    pub facts: Vec<String>,
    /// The rubric items that rest on it.
    pub items: Vec<String>,
}

/// What of `case` rests on the edges that `accepted` changed and nobody has looked at since. A new
/// edge changes no case.
pub fn affected(case: &Case, accepted: &[ProposalRecord], reviewed: &BTreeSet<CaseReview>) -> Vec<AffectedCase> {
    accepted.iter().filter_map(|change| of_change(case, change)).filter(|one| !reviewed.contains(&one.review)).collect()
}

fn of_change(case: &Case, change: &ProposalRecord) -> Option<AffectedCase> {
    let decision = change.decision.as_ref().filter(|decision| !decision.files.is_empty())?;
    let claim = decision.claim.as_ref()?;
    if matches!(change.proposal.standing, Standing::New) {
        return None;
    }
    let (edge, topic) = edge_of(claim)?;
    let facts: Vec<String> = case.facts.iter().filter(|fact| fact.source == edge).map(|fact| fact.id.clone()).collect();
    let shown = case.examinations.iter().map(|one| (&one.test, &one.source));
    let shown = shown.chain(case.results.iter().map(|one| (&one.test, &one.source)));
    let tests = shown.filter(|(_, source)| **source == edge).map(|(test, _)| test.clone());
    let of_disease = case.diagnosis.disease.as_deref() == Some(claim.disease.as_str());
    let asks = |topics: &[TopicId]| topics.iter().any(|asked| asked.node() == topic);
    let items: Vec<String> =
        case.rubric.iter().filter(|item| of_disease && asks(&item.topics)).map(|item| item.id.clone()).collect();
    let facts: Vec<String> = facts.into_iter().chain(tests).collect();
    let review = CaseReview {
        case_id: case.id.clone(),
        version: case.version,
        document: change.document,
        position: change.position,
    };
    (!facts.is_empty() || !items.is_empty()).then_some(AffectedCase { review, facts, items })
}

/// How a case's fact names the edge, and the topic at its other end.
fn edge_of(claim: &Claim) -> Option<(String, TopicId)> {
    let End::Known(topic) = &claim.other else { return None };
    let disease = TopicId::new(TopicKind::Disease, &claim.disease);
    let edge = match claim.link {
        LinkKind::RiskFor => format!("graph:{topic}->{disease}"),
        _ => format!("graph:{disease}->{topic}"),
    };
    Some((edge, topic.clone()))
}
