//! What one patient knows: the case's facts, found by topic.

use cases::format::{Case, Disclosure, Fact, Sex};
use knowledge_graph::{Bilingual, Facet, Graph, TopicId, TopicKind};

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

/// The facts of a case, with who the patient is added to them.
pub struct Knowledge<'a> {
    graph: &'a Graph,
    facts: Vec<Fact>,
}

impl<'a> Knowledge<'a> {
    /// The facts of `case`; name, age and occupation are added where the case has no fact for them.
    pub fn new(case: &Case, graph: &'a Graph) -> Self {
        let mut facts = case.facts.clone();
        for fact in identity_facts(case) {
            if !facts.iter().any(|known| known.topic == fact.topic) {
                facts.push(fact);
            }
        }
        Self { graph, facts }
    }

    /// Every fact.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The fact with this id.
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// The facts that answer a question about `topic`, most direct first; empty when the patient
    /// has nothing to say about it.
    pub fn answering(&self, topic: &TopicId) -> Vec<&Fact> {
        let exact = self.exactly(topic);
        if !exact.is_empty() {
            return exact;
        }
        // "Do you smoke?" is asked of a risk factor and answered under its history topic.
        let asked_as = self.graph.risk_factor(topic.name()).and_then(|factor| factor.asked_as.clone());
        if let (TopicKind::RiskFactor, Some(history)) = (topic.kind(), asked_as) {
            return self.answering(&history);
        }
        match topic.facet() {
            Some(facet) => self.answering_facet(topic, facet),
            None => self.answering_node(topic),
        }
    }

    /// The facts about exactly `topic`.
    pub fn exactly(&self, topic: &TopicId) -> Vec<&Fact> {
        self.about(|known| known == topic)
    }

    fn answering_facet(&self, topic: &TopicId, facet: Facet) -> Vec<&Fact> {
        let node = topic.node();
        for (_, near) in NEAR_FACETS.iter().filter(|(asked, _)| *asked == facet) {
            let found = self.about(|known| *known == node.with_facet(*near));
            if !found.is_empty() {
                return found;
            }
        }
        let narrower = self.about(|known| known.facet() == Some(facet) && self.graph.is_a(&known.node(), &node));
        if !narrower.is_empty() {
            return narrower;
        }
        let broader = self.about(|known| known.facet() == Some(facet) && self.graph.is_a(&node, &known.node()));
        if !broader.is_empty() {
            return broader;
        }
        // "When did the fever start?" to a patient without fever, "how much?" to one who smokes: what
        // is known of the whole answers it.
        match node.kind() {
            TopicKind::Finding => self.exactly(&node),
            _ => self.answering_node(&node),
        }
    }

    fn answering_node(&self, node: &TopicId) -> Vec<&Fact> {
        let narrower = self.about(|known| known.facet().is_none() && self.graph.is_a(known, node));
        if !narrower.is_empty() {
            return prefer_present(narrower);
        }
        let facets = self.about(|known| known.node() == *node);
        if let Some(first) = facets.first() {
            return vec![first];
        }
        let broader = self
            .about(|known| self.graph.is_a(node, &known.node()) && matches!(known.facet(), None | Some(Facet::Site)));
        match node.kind() {
            TopicKind::Finding => broader
                .into_iter()
                .filter(|fact| !fact.present || fact.topic.facet() == Some(Facet::Site))
                .take(1)
                .collect(),
            _ => broader.into_iter().take(1).collect(),
        }
    }

    fn about(&self, matches: impl Fn(&TopicId) -> bool) -> Vec<&Fact> {
        self.facts.iter().filter(|fact| matches(&fact.topic) || fact.also.iter().any(&matches)).collect()
    }
}

/// Keeps what the patient has; what they deny only when there is nothing else.
fn prefer_present(facts: Vec<&Fact>) -> Vec<&Fact> {
    if facts.iter().any(|fact| fact.present) { facts.into_iter().filter(|fact| fact.present).collect() } else { facts }
}

fn identity_facts(case: &Case) -> Vec<Fact> {
    let patient = &case.patient;
    let sex = match patient.sex {
        Sex::Female => Bilingual { en: "I'm female.".into(), zh: "女的。".into() },
        Sex::Male => Bilingual { en: "I'm male.".into(), zh: "男的。".into() },
    };
    let name = Bilingual { en: format!("I'm {}.", patient.name.en), zh: format!("我叫{}。", patient.name.zh) };
    let age = Bilingual { en: format!("I'm {}.", patient.age), zh: format!("{}岁。", patient.age) };
    let work = Bilingual {
        en: format!("My work: {}.", patient.occupation.en),
        zh: format!("我是{}。", patient.occupation.zh),
    };
    [("name", name), ("age", age), ("sex", sex), ("occupation", work)]
        .into_iter()
        .map(|(what, tells)| Fact {
            id: format!("identity-{what}"),
            topic: TopicId::new(TopicKind::Identity, what),
            also: Vec::new(),
            present: true,
            disclosure: Disclosure::Asked,
            bother: 1,
            tells,
            brief: None,
            variants: knowledge_graph::BilingualList::default(),
            source: "author".into(),
        })
        .collect()
}
