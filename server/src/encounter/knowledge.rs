//! What one patient knows: the case's facts, found by topic.

use cases::format::{Case, Disclosure, Fact, Sex};
use knowledge_graph::{Bilingual, Graph, Language, Section, TopicId, TopicKind};

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
            if cases::answering_exactly(&facts, &fact.topic).is_empty() {
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
        cases::answering(&self.facts, topic, self.graph)
    }

    /// The facts about this facet of the node, or of what is near it; not of the whole.
    pub fn answering_same_facet(&self, topic: &TopicId) -> Vec<&Fact> {
        let of = |facet| cases::answering_same_facet(&self.facts, topic, facet, self.graph);
        topic.facet().map(of).unwrap_or_default()
    }

    /// The facts about exactly `topic`.
    pub fn exactly(&self, topic: &TopicId) -> Vec<&Fact> {
        cases::answering_exactly(&self.facts, topic)
    }

    /// What people call the node of `topic`, joined.
    pub fn names(&self, topic: &TopicId, language: Language) -> String {
        let Some(info) = self.graph.topic(&topic.node()) else { return String::new() };
        std::iter::once(info.name.get(language))
            .chain(info.lay.get(language).iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" ; ")
    }

    /// The sex that `topic` is confined to, if any.
    pub fn only_sex(&self, topic: &TopicId) -> Option<Sex> {
        cases::only_sex(topic, self.graph)
    }

    /// What the patient has of which `topic` is a kind, told of as a whole.
    pub fn broader(&self, topic: &TopicId) -> Vec<&Fact> {
        let node = topic.node();
        let is_broader = |known: &TopicId| known.facet().is_none() && *known != node && self.graph.is_a(&node, known);
        self.facts.iter().filter(|fact| fact.present && is_broader(&fact.topic)).collect()
    }

    /// The section of the history that `topic` belongs to.
    pub fn section(&self, topic: &TopicId) -> Option<Section> {
        self.graph.topic(&topic.node()).and_then(|info| info.section)
    }

    /// Whether the patient has something of the kind that `topic` names, whatever part is asked.
    pub fn has(&self, topic: &TopicId) -> bool {
        let node = topic.node();
        self.facts.iter().any(|fact| fact.present && self.graph.is_a(&fact.topic.node(), &node))
    }
}

/// Who the patient is, as they say it, or as somebody else says it for them.
fn identity_facts(case: &Case) -> Vec<Fact> {
    let patient = &case.patient;
    let both = |en: String, zh: String| Bilingual { en, zh };
    let (he, ta) = match patient.sex {
        Sex::Female => ("She", "她"),
        Sex::Male => ("He", "他"),
    };
    let (sex, nan) = match patient.sex {
        Sex::Female => ("female", "女"),
        Sex::Male => ("male", "男"),
    };
    let (name, age, work) = (&patient.name, patient.age, &patient.occupation);
    let mut known = if let Some(speaker) = &patient.spokesperson {
        vec![
            ("name", both(format!("{he}'s {}.", name.en), format!("{ta}叫{}。", name.zh))),
            ("age", both(format!("{he}'s {age}."), format!("{ta}{age}岁。"))),
            ("sex", both(format!("{he}'s {sex}."), format!("{ta}是{nan}的。"))),
            ("occupation", both(format!("{he}: {}.", work.en.to_lowercase()), format!("{ta}是{}。", work.zh))),
            (
                "relationship",
                both(format!("I'm the {}.", speaker.en.to_lowercase()), format!("我是{ta}{}。", speaker.zh)),
            ),
        ]
    } else {
        vec![
            ("name", both(format!("I'm {}.", name.en), format!("我叫{}。", name.zh))),
            ("age", both(format!("I'm {age}."), format!("{age}岁。"))),
            ("sex", both(format!("I'm {sex}."), format!("{nan}的。"))),
            ("occupation", both(format!("My work: {}.", work.en), format!("我是{}。", work.zh))),
            ("relationship", both("I'm the patient.".into(), "就是我自己看病。".into())),
        ]
    };
    known
        .drain(..)
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
