//! What the graph says matters for the diagnosis of a case and no fact of it answers.

use std::collections::BTreeSet;

use cases::{Case, answering, every_history, only_sex};
use knowledge_graph::{
    Graph, TopicId, TopicKind,
    format::FindingKind,
    query::{Reason, why},
};

/// A topic to add, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// The topic.
    pub topic: TopicId,
    /// Why it matters for this diagnosis, with its sources.
    pub reason: Reason,
}

/// Topics that matter and that the case says nothing of: what the diagnosis often shows and alarm
/// symptoms first, then the particulars of the complaint and what tells the diagnosis from those it
/// is confused with, then what every history holds. Empty while the graph does not have the
/// diagnosis. What a patient of the other sex would be asked is left out.
pub fn missing(case: &Case, graph: &Graph) -> Vec<Missing> {
    let Some(disease) = case.diagnosis.disease.as_deref().and_then(|id| graph.disease(id)) else { return Vec::new() };
    let mut shown: Vec<_> = disease
        .presents_with
        .iter()
        .filter(|edge| !edge.excluded && edge.sex.as_deref().is_none_or(|sex| sex == sex_of(case)))
        .filter_map(|edge| Some((edge, graph.finding(&edge.finding)?)))
        .filter(|(_, finding)| finding.kind == FindingKind::Symptom)
        .collect();
    let share = |edge: &knowledge_graph::format::PresentsWith| {
        edge.frequency.as_ref().and_then(knowledge_graph::format::Frequency::proportion).unwrap_or_default()
    };
    shown.sort_by(|a, b| b.1.red_flag.cmp(&a.1.red_flag).then(share(b.0).total_cmp(&share(a.0))));
    let findings = shown.iter().map(|(_, finding)| TopicId::new(TopicKind::Finding, &finding.id));
    let facets = graph.topic(&case.complaint).map(|info| info.facets).unwrap_or_default();
    let particulars = facets.into_iter().map(|facet| case.complaint.with_facet(facet));
    let separating = disease.differential.iter().flat_map(|edge| &edge.topics).cloned();
    let candidates = std::iter::once(case.complaint.clone())
        .chain(findings)
        .chain(particulars)
        .chain(separating)
        .chain(every_history(graph));
    let mut seen = BTreeSet::new();
    candidates
        .filter(|topic| seen.insert(topic.clone()) && applies(case, topic, graph))
        .filter(|topic| answering(&case.facts, topic, graph).is_empty())
        .filter_map(|topic| Some(Missing { reason: why(graph, &topic, &disease.id)?, topic }))
        .collect()
}

fn sex_of(case: &Case) -> &'static str {
    knowledge_graph::query::Sex::from(case.patient.sex).as_str()
}

/// Whether a person of the patient's sex can be asked it.
fn applies(case: &Case, topic: &TopicId, graph: &Graph) -> bool {
    only_sex(topic, graph).is_none_or(|sex| sex == case.patient.sex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authoring::{blank, growth::add_fact};

    #[test]
    fn what_is_added_is_no_longer_missing_and_every_reason_is_said() {
        let graph = Graph::embedded().unwrap_or_else(|problems| panic!("{}", problems[0]));
        let mut case = blank("a-case", "Somebody").unwrap();
        assert_eq!(missing(&case, graph), [], "without a diagnosis nothing is expected");
        case.diagnosis.disease = Some("pneumonia".to_owned());
        case.complaint = "finding:cough".parse().unwrap();

        let before = missing(&case, graph);
        for one in &before {
            add_fact(&mut case, &one.topic, graph);
        }

        assert_eq!(before[0].topic, case.complaint, "the complaint comes first");
        assert!(before.len() > 15, "{}", before.len());
        assert!(before.iter().all(|one| !one.reason.sentence.en.is_empty() && !one.reason.sentence.zh.is_empty()));
        assert_eq!(missing(&case, graph), []);
    }
}
