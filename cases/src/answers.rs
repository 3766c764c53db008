//! Which facts answer which questions. The patient's answers and the check that a rubric can be
//! earned both ask here, so that they cannot disagree.

use knowledge_graph::{Facet, Graph, TopicId, TopicKind};

use crate::format::Fact;

/// Facets that answer each other when the asked one has no fact of its own.
const NEAR_FACETS: [(Facet, Facet); 7] = [
    (Facet::Duration, Facet::Onset),
    (Facet::Onset, Facet::Duration),
    (Facet::Frequency, Facet::TimeCourse),
    (Facet::TimeCourse, Facet::Frequency),
    (Facet::TimeCourse, Facet::Duration),
    (Facet::Amount, Facet::Severity),
    (Facet::Trigger, Facet::Onset),
];

/// The facts among `facts` that answer a question about `asked`, most direct first; empty when
/// they have nothing to say about it.
pub fn answering<'f>(facts: &'f [Fact], asked: &TopicId, graph: &Graph) -> Vec<&'f Fact> {
    let exact = answering_exactly(facts, asked);
    if !exact.is_empty() {
        return exact;
    }
    // "Do you smoke?" is asked of a risk factor and answered under its history topic.
    let asked_as = graph.risk_factor(asked.name()).and_then(|factor| factor.asked_as.clone());
    if let (TopicKind::RiskFactor, Some(history)) = (asked.kind(), asked_as) {
        return answering(facts, &history, graph);
    }
    match asked.facet() {
        Some(facet) => answering_facet(facts, asked, facet, graph),
        None => answering_node(facts, asked, graph),
    }
}

/// The facts about exactly `asked`.
pub fn answering_exactly<'f>(facts: &'f [Fact], asked: &TopicId) -> Vec<&'f Fact> {
    about(facts, |known| known == asked)
}

/// The facts about this facet of the asked node, of a near facet, or of a node narrower or broader;
/// never what is known of the node as a whole.
pub fn answering_same_facet<'f>(facts: &'f [Fact], asked: &TopicId, facet: Facet, graph: &Graph) -> Vec<&'f Fact> {
    let node = asked.node();
    let near = NEAR_FACETS.iter().filter(|(asked, _)| *asked == facet).map(|(_, near)| *near);
    for facet in std::iter::once(facet).chain(near) {
        let found = answering_exactly(facts, &node.with_facet(facet));
        if !found.is_empty() {
            return found;
        }
    }
    let narrower = about(facts, |known| known.facet() == Some(facet) && graph.is_a(&known.node(), &node));
    if !narrower.is_empty() {
        return narrower;
    }
    about(facts, |known| known.facet() == Some(facet) && graph.is_a(&node, &known.node()))
}

fn answering_facet<'f>(facts: &'f [Fact], asked: &TopicId, facet: Facet, graph: &Graph) -> Vec<&'f Fact> {
    let found = answering_same_facet(facts, asked, facet, graph);
    if !found.is_empty() {
        return found;
    }
    // "When did the fever start?" to a patient without fever, "how much?" to one who smokes: what
    // is known of the whole answers it.
    let node = asked.node();
    match node.kind() {
        TopicKind::Finding => answering_exactly(facts, &node),
        _ => answering_node(facts, &node, graph),
    }
}

fn answering_node<'f>(facts: &'f [Fact], node: &TopicId, graph: &Graph) -> Vec<&'f Fact> {
    let narrower = about(facts, |known| known.facet().is_none() && graph.is_a(known, node));
    if !narrower.is_empty() {
        return prefer_present(narrower);
    }
    let facets = about(facts, |known| known.node() == *node);
    if let Some(first) = facets.first() {
        return vec![first];
    }
    // A broader fact answers a narrower question when it denies the whole ("no long-term illness"
    // for diabetes) or was written about the whole ("high blood pressure, otherwise healthy"); one
    // that only touches the whole says nothing of its other parts: asthma is no answer to diabetes.
    let broader = facts.iter().filter(|fact| {
        let topics = std::iter::once(&fact.topic).chain(fact.also.iter().filter(|_| !fact.present));
        topics.into_iter().any(|known| {
            graph.is_a(node, &known.node())
                && match (node.kind(), known.facet()) {
                    (TopicKind::Finding, None) => !fact.present,
                    (_, None | Some(Facet::Site)) => true,
                    _ => false,
                }
        })
    });
    broader.take(1).collect()
}

fn about(facts: &[Fact], matches: impl Fn(&TopicId) -> bool) -> Vec<&Fact> {
    facts.iter().filter(|fact| matches(&fact.topic) || fact.also.iter().any(&matches)).collect()
}

/// Keeps what the patient has; what they deny only when there is nothing else.
fn prefer_present(facts: Vec<&Fact>) -> Vec<&Fact> {
    if facts.iter().any(|fact| fact.present) { facts.into_iter().filter(|fact| fact.present).collect() } else { facts }
}
