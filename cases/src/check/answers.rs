//! Which facts answer which questions.

use knowledge_graph::{Graph, TopicId, TopicKind};

use crate::format::Fact;

/// Whether `fact` answers a question about `asked`: the same topic; a facet of it when no facet is
/// asked; a narrower topic (right-sided pain for abdominal pain); or a broader one (no long-term
/// illness for diabetes).
pub fn fact_answers(fact: &Fact, asked: &TopicId, graph: &Graph) -> bool {
    std::iter::once(&fact.topic).chain(&fact.also).any(|known| topic_answers(known, asked, graph))
}

fn topic_answers(known: &TopicId, asked: &TopicId, graph: &Graph) -> bool {
    if known == asked || graph.is_a(known, asked) || graph.is_a(asked, known) {
        return true;
    }
    if asked.facet().is_none() && graph.is_a(&known.node(), asked) {
        return true;
    }
    if asked.kind() != TopicKind::RiskFactor {
        return false;
    }
    let asked_as = graph.risk_factor(asked.name()).and_then(|factor| factor.asked_as.as_ref());
    asked_as.is_some_and(|topic| topic_answers(known, topic, graph))
}
