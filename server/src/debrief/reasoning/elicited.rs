//! What each exchange brought to light, in the graph's terms.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use knowledge_graph::{Graph, Language, Mentions, TopicId, TopicKind, format::FindingKind, query::Presence};

use super::super::{Materials, Quote};
use crate::{encounter::policy::Policy, store::TurnRecord};

/// One exchange, or what was known before the first.
pub(super) struct Exchange {
    /// Position in the consultation; none for the door note.
    pub(super) turn: Option<u32>,
    /// The student's words.
    pub(super) said: String,
    /// The patient's words.
    pub(super) reply: String,
    /// Topics recognised in the student's words.
    pub(super) asked: Vec<TopicId>,
    /// What came to light, results of tests ordered right after included.
    pub(super) learned: Vec<(TopicId, Presence)>,
}

impl Exchange {
    /// Whether the student asked about `topic`, or about something narrower or broader.
    pub(super) fn touches(&self, graph: &Graph, topic: &TopicId) -> bool {
        self.asked.iter().map(TopicId::node).any(|asked| graph.is_a(&asked, topic) || graph.is_a(topic, &asked))
    }

    /// Whether it asks about a finding or a risk factor, rather than of everybody.
    pub(super) fn is_directed(&self) -> bool {
        self.asked.iter().any(|topic| matches!(topic.kind(), TopicKind::Finding | TopicKind::RiskFactor))
    }

    pub(super) fn question(&self) -> Option<Quote> {
        Some(Quote { turn: self.turn?, words: self.said.clone() })
    }

    pub(super) fn answer(&self) -> Option<Quote> {
        Some(Quote { turn: self.turn?, words: self.reply.clone() })
    }
}

/// The door note, which says why the patient came, then every exchange in order.
pub(super) fn exchanges(materials: &Materials<'_>) -> Vec<Exchange> {
    let door = Exchange {
        turn: None,
        said: String::new(),
        reply: String::new(),
        asked: Vec::new(),
        learned: std::iter::once((materials.case.complaint.node(), Presence::Present))
            .filter(|(topic, _)| topic.kind() == TopicKind::Finding)
            .chain(ordered(materials, 0))
            .collect(),
    };
    let mentions = mentions(materials.graph);
    let spoken = materials.turns.iter().map(|turn| Exchange {
        turn: Some(turn.index),
        said: turn.said.clone(),
        reply: turn.reply.as_ref().map(|reply| reply.text.clone()).unwrap_or_default(),
        asked: turn.reply.as_ref().map(|reply| reply.topics.clone()).unwrap_or_default(),
        learned: told(materials, turn)
            .into_iter()
            .chain(denied(materials, turn, &mentions))
            .chain(ordered(materials, turn.index + 1))
            .collect(),
    });
    std::iter::once(door).chain(spoken).collect()
}

fn told(materials: &Materials<'_>, turn: &TurnRecord) -> Vec<(TopicId, Presence)> {
    let ids = turn.reply.iter().flat_map(|reply| &reply.facts);
    let facts = ids.filter_map(|id| materials.case.facts.iter().find(|fact| fact.id == *id));
    facts.flat_map(cases::evidence_of_fact).collect()
}

/// Symptoms asked about on which the case has nothing: the patient said no. Where the reply tells
/// other things as well, only those it denies by name.
fn denied(materials: &Materials<'_>, turn: &TurnRecord, mentions: &Mentions) -> Vec<(TopicId, Presence)> {
    let Some(reply) = turn.reply.as_ref().filter(|reply| reply.policy == Policy::Answer.as_str()) else {
        return Vec::new();
    };
    let named = |topic: &TopicId| {
        let found = mentions.in_text(&reply.text, language_of(&reply.text));
        found.iter().any(|mention| mention.topic == *topic && mention.negated)
    };
    let unknown = |topic: &&TopicId| {
        let is_symptom = materials.graph.finding(topic.name()).is_some_and(|node| node.kind == FindingKind::Symptom);
        topic.kind() == TopicKind::Finding
            && topic.facet().is_none()
            && is_symptom
            && cases::answering(&materials.case.facts, topic, materials.graph).is_empty()
            && (reply.facts.is_empty() || named(topic))
    };
    reply.topics.iter().filter(unknown).map(|topic| (topic.clone(), Presence::Absent)).collect()
}

fn ordered(materials: &Materials<'_>, after: u32) -> Vec<(TopicId, Presence)> {
    let orders = materials.orders.iter().filter(|order| order.after_turn == after);
    orders.flat_map(|order| cases::evidence_of_test(materials.case, &order.test)).collect()
}

/// The language a text is written in, by its letters.
pub(super) fn language_of(text: &str) -> Language {
    if text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) { Language::Zh } else { Language::En }
}

/// The graph's words, read once for each version of the graph: that takes longer than a page may.
pub(super) fn mentions(graph: &Graph) -> Arc<Mentions> {
    static READ: LazyLock<Mutex<Option<(String, Arc<Mentions>)>>> = LazyLock::new(|| Mutex::new(None));
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((hash, mentions)) = read.as_ref()
        && hash == graph.content_hash()
    {
        return Arc::clone(mentions);
    }
    let mentions = Arc::new(Mentions::new(graph));
    *read = Some((graph.content_hash().to_owned(), Arc::clone(&mentions)));
    mentions
}
