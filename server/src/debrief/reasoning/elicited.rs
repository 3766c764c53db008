//! What each exchange brought to light, in the graph's terms.

use std::sync::{Arc, Mutex, PoisonError};

use cases::format::Fact;
use knowledge_graph::{Graph, Language, Mention, Mentions, TopicId, TopicKind, format::FindingKind, query::Presence};

use super::super::{Materials, Quote};
use crate::{encounter::policy::Policy, store::TurnRecord};

/// One exchange, tests ordered between two, or what was known before the first.
pub(super) struct Exchange {
    /// Position in the consultation; none for the door note and for tests.
    pub(super) turn: Option<u32>,
    /// The student's words, or the names of tests ordered.
    pub(super) said: String,
    /// The patient's words.
    pub(super) reply: String,
    /// Topics recognised in the student's words.
    pub(super) asked: Vec<TopicId>,
    /// What came to light.
    pub(super) learned: Vec<(TopicId, Presence)>,
}

impl Exchange {
    /// Whether the student asked about `topic`, or about something narrower or broader.
    pub(super) fn touches(&self, graph: &Graph, topic: &TopicId) -> bool {
        self.asked.iter().map(TopicId::node).any(|asked| graph.is_a(&asked, topic) || graph.is_a(topic, &asked))
    }

    /// Whether it asks about a finding other than the complaint, or a risk factor, rather than of everybody.
    pub(super) fn is_directed(&self, complaint: &TopicId) -> bool {
        let about = |topic: &TopicId| matches!(topic.kind(), TopicKind::Finding | TopicKind::RiskFactor);
        self.asked.iter().any(|topic| about(topic) && topic.node() != *complaint)
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
            .collect(),
    };
    let mentions = mentions(materials.graph);
    let spoken = materials.turns.iter().map(|turn| Exchange {
        turn: Some(turn.index),
        said: turn.said.clone(),
        reply: turn.reply.as_ref().map(|reply| reply.text.clone()).unwrap_or_default(),
        asked: turn.reply.as_ref().map(|reply| reply.topics.clone()).unwrap_or_default(),
        learned: told(materials, turn).into_iter().chain(denied(materials, turn, &mentions)).collect(),
    });
    let spoken = spoken.flat_map(|said| {
        let after = said.turn.map_or(0, |turn| turn + 1);
        std::iter::once(said).chain(ordered(materials, after))
    });
    std::iter::once(door).chain(ordered(materials, 0)).chain(spoken).collect()
}

fn told(materials: &Materials<'_>, turn: &TurnRecord) -> Vec<(TopicId, Presence)> {
    let ids = turn.reply.iter().flat_map(|reply| &reply.facts);
    let facts = ids.filter_map(|id| materials.case.facts.iter().find(|fact| fact.id == *id));
    facts.flat_map(|fact| cases::evidence_of_fact(fact).into_iter().chain(background(materials, fact))).collect()
}

/// Risk factors that an answer about the history tells of, where they are asked as its topic: the
/// one the topic is named after, as the answer says; any that the sentence names; and all of a
/// class of diseases or drugs that is denied. No other answer says enough: "I sleep badly" is no
/// sleep deprivation, and a lost kilogram no obesity.
fn background(materials: &Materials<'_>, fact: &Fact) -> Vec<(TopicId, Presence)> {
    let presence = |present: bool| if present { Presence::Present } else { Presence::Absent };
    let named: Vec<Mention> = Language::ALL
        .iter()
        .flat_map(|language| mentions(materials.graph).in_text(fact.tells.get(*language), *language))
        .collect();
    let topics = || std::iter::once(&fact.topic).chain(&fact.also).filter(|topic| topic.facet().is_none());
    let told = materials.graph.risk_factors().filter_map(|factor| {
        let history = factor.asked_as.as_ref().filter(|history| topics().any(|topic| topic == *history))?;
        let itself = TopicId::new(TopicKind::RiskFactor, &factor.id);
        let said = named.iter().find(|mention| mention.topic == itself);
        let present = match said {
            Some(mention) => !mention.negated && fact.present,
            None if history.name() == factor.id => fact.present,
            None if !fact.present && CLASSES.contains(&history.name()) => false,
            None => return None,
        };
        Some((itself, presence(present)))
    });
    told.filter(|(topic, _)| topics().all(|stated| stated != topic)).collect()
}

/// Who denies one of these has none of the risk factors that are asked as it.
const CLASSES: [&str; 10] = [
    "heart-disease",
    "lung-disease",
    "liver-disease",
    "stroke",
    "cancer",
    "thrombosis",
    "high-cholesterol",
    "diabetes",
    "recreational-drugs",
    "pregnancy-possible",
];

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

/// The tests ordered after so many exchanges, where they showed something. A step of their own: no
/// question moved belief by them.
fn ordered(materials: &Materials<'_>, after: u32) -> Option<Exchange> {
    let orders = || materials.orders.iter().filter(|order| order.after_turn == after);
    let name = |test: &str| {
        let info = materials.graph.topic(&TopicId::new(TopicKind::Test, test));
        info.map_or_else(|| test.to_owned(), |info| info.name.get(materials.language).to_owned())
    };
    let learned: Vec<_> = orders().flat_map(|order| cases::evidence_of_test(materials.case, &order.test)).collect();
    let names: Vec<String> = orders().map(|order| name(&order.test)).collect();
    let between = if materials.language == Language::En { ", " } else { "、" };
    let said = names.join(between);
    (!learned.is_empty()).then_some(Exchange { turn: None, said, reply: String::new(), asked: Vec::new(), learned })
}

/// The language a text is written in, by its letters.
pub(super) fn language_of(text: &str) -> Language {
    if text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) { Language::Zh } else { Language::En }
}

/// The content hash of a graph, and its words.
type Read = (String, Arc<Mentions>);

/// The graph's words, read once for each version of the graph: that takes longer than a page may.
pub(super) fn mentions(graph: &Graph) -> Arc<Mentions> {
    static READ: Mutex<Option<Read>> = Mutex::new(None);
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
