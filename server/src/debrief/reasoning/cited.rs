//! The reasons a student gives for a diagnosis, each checked against what was elicited.

use knowledge_graph::{Language, Mention, TopicId, TopicKind, query::Presence};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Quote, Scene,
    elicited::{Exchange, language_of, mentions},
};

/// A ratio this far from 1 speaks for a diagnosis, its inverse against.
const SPEAKS: f64 = 1.25;

/// One piece of a reason.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Cited {
    /// The student's words, an exact part of the reason.
    pub words: String,
    /// The finding or risk factor meant; none when it was not recognised.
    #[schema(value_type = Option<String>)]
    pub topic: Option<TopicId>,
    /// Its name.
    pub name: Option<String>,
    /// What it does for the diagnosis.
    pub weighs: Weighs,
    /// Likelihood ratio reckoned with.
    pub ratio: Option<f64>,
    /// Where in the consultation it was elicited: the patient's words.
    pub elicited: Option<Quote>,
}

/// What a cited reason does for a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weighs {
    /// Elicited, and it makes the diagnosis more likely.
    Supports,
    /// Elicited, and it makes the diagnosis less likely.
    Against,
    /// Elicited, and the graph gives it no weight either way.
    Neutral,
    /// Elicited; which diagnosis it is given for is not clear.
    Elicited,
    /// The patient said the opposite.
    Contradicted,
    /// It did not come up in the consultation.
    NotElicited,
    /// Not recognised as a finding or risk factor; a person has to judge it.
    Unrecognised,
}

/// The pieces of `reason` in order; each is judged for `disease` (name part), if that is known.
pub(super) fn cited(scene: &Scene<'_>, reason: &str, disease: Option<&str>) -> Vec<Cited> {
    let mentions = mentions(scene.graph());
    let mut all = Vec::new();
    for piece in pieces(reason) {
        let mut found = mentions.in_text(piece, language_of(piece));
        if language_of(piece) == Language::Zh {
            found.extend(mentions.in_text(piece, Language::En));
        }
        found.retain(|mention| matches!(mention.topic.kind(), TopicKind::Finding | TopicKind::RiskFactor));
        if found.is_empty() {
            found.extend(by_term(scene, piece));
        }
        if found.is_empty() {
            all.push(unrecognised(piece));
        }
        all.extend(found.iter().map(|mention| judged(scene, piece, mention, disease)));
    }
    all
}

/// The finding whose medical term is the piece: the graph names "haemoptysis" as patients do.
fn by_term(scene: &Scene<'_>, piece: &str) -> Option<Mention> {
    let lower = piece.to_lowercase();
    let denied = ["no ", "without "].iter().find_map(|word| lower.strip_prefix(word));
    let term = denied.unwrap_or(&lower).trim();
    let topic = TopicId::new(TopicKind::Finding, term.replace(' ', "-"));
    let known = scene.graph().finding(topic.name()).is_some();
    known.then(|| Mention { topic, phrase: term.to_owned(), negated: denied.is_some() })
}

/// The parts between commas, semicolons, full stops and "and".
fn pieces(reason: &str) -> impl Iterator<Item = &str> {
    let marks = [',', ';', '\n', '，', '、', '；', '。', '+'];
    let parts = reason.split(marks).flat_map(|part| part.split(". ")).flat_map(|part| part.split(" and "));
    parts.map(|part| part.trim().trim_end_matches('.')).filter(|part| !part.is_empty())
}

fn unrecognised(piece: &str) -> Cited {
    let words = piece.to_owned();
    Cited { words, topic: None, name: None, weighs: Weighs::Unrecognised, ratio: None, elicited: None }
}

fn judged(scene: &Scene<'_>, piece: &str, mention: &Mention, disease: Option<&str>) -> Cited {
    let claimed = if mention.negated { Presence::Absent } else { Presence::Present };
    let known = elicited(scene, &mention.topic);
    let ratio = || Some(scene.contribution(disease?, &mention.topic, claimed)?.lr);
    let (weighs, ratio) = match &known {
        None => (Weighs::NotElicited, None),
        Some((_, presence)) if *presence != claimed => (Weighs::Contradicted, None),
        Some(_) if disease.is_none() => (Weighs::Elicited, None),
        Some(_) => match ratio() {
            Some(lr) if lr >= SPEAKS => (Weighs::Supports, Some(lr)),
            Some(lr) if lr <= 1.0 / SPEAKS => (Weighs::Against, Some(lr)),
            other => (Weighs::Neutral, other),
        },
    };
    Cited {
        words: piece.to_owned(),
        topic: Some(mention.topic.clone()),
        name: Some(scene.name(&mention.topic)),
        weighs,
        ratio,
        elicited: known.and_then(|(exchange, _)| exchange.answer()),
    }
}

/// What the consultation says of `topic`: itself, a narrower one present, or a broader one absent.
fn elicited<'s>(scene: &'s Scene<'_>, topic: &TopicId) -> Option<(&'s Exchange, Presence)> {
    let graph = scene.graph();
    let says = |known: &TopicId, presence: Presence| {
        known == topic
            || match presence {
                Presence::Present => graph.is_a(known, topic),
                Presence::Absent => graph.is_a(topic, known),
            }
    };
    let all = scene.exchanges.iter().flat_map(|exchange| {
        let learned = exchange.learned.iter();
        learned.filter(|(known, presence)| says(known, *presence)).map(move |(_, presence)| (exchange, *presence))
    });
    // What the patient said is a better quotation than the door note.
    let mut found: Vec<(&Exchange, Presence)> = all.collect();
    found.sort_by_key(|(exchange, _)| exchange.turn.is_none());
    found.into_iter().next()
}
