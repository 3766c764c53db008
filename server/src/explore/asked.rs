//! What somebody asks about: topics, diseases and terms by id, with the nearest where there is none.

use knowledge_graph::{
    Graph, Language, TopicId, TopicKind,
    hpo::{RareLayer, TermId},
    normalise,
    query::Presence,
};
use thiserror::Error;

/// How many ids are offered in place of one that does not exist.
const OFFERED: usize = 3;

/// Why something asked about is not in the graph.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AskedError {
    /// Not an id at all.
    #[error("{0}")]
    Malformed(String),
    /// No such node.
    #[error("there is no {what} `{id}`{}", offer(.near))]
    Unknown {
        /// `topic`, `disease`, …
        what: &'static str,
        /// What was asked for.
        id: String,
        /// What may have been meant, nearest first.
        near: Vec<TopicId>,
    },
    /// A term of the rare layer where only the core is asked.
    #[error("`{0}` is an HPO term; it counts only when rare diseases take part (--rare, rare=true)")]
    Term(String),
    /// A term or disease that the imported release does not have.
    #[error("release {release} of the rare diseases does not have `{id}`; search by name")]
    NotInRelease {
        /// What was asked for.
        id: String,
        /// The release.
        release: String,
    },
    /// No rare layer.
    #[error("no rare diseases are imported; fetch and import them: make rare")]
    NoLayer,
    /// Age without sex or sex without age.
    #[error("give age (in years, at most 120) and sex (`female` or `male`) together, or neither")]
    HalfAPatient,
    /// Nothing asked.
    #[error("{0}")]
    Nothing(&'static str),
    /// Two nodes that nothing joins.
    #[error("nothing joins `{0}` and `{1}`; choose others")]
    Unjoined(TopicId, TopicId),
    /// A topic that no patient is asked about.
    #[error("`{0}` is not asked of a patient, so there is no reason to ask it")]
    NeverAsked(TopicId),
}

fn offer(near: &[TopicId]) -> String {
    let ids: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    if ids.is_empty() { "; search by name".to_owned() } else { format!("; near to it: {}", ids.join(", ")) }
}

/// Whether a text is meant to be an HPO term.
fn is_term(text: &str) -> bool {
    text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("hp:"))
}

/// A topic that exists; a bare name is a finding.
///
/// # Errors
/// [`AskedError::Malformed`], [`AskedError::Unknown`], [`AskedError::Term`].
pub fn topic(graph: &Graph, text: &str) -> Result<TopicId, AskedError> {
    if is_term(text) {
        return Err(AskedError::Term(text.to_owned()));
    }
    let full = if text.contains(':') { text.to_owned() } else { format!("finding:{text}") };
    let id: TopicId = full.parse().map_err(|error| AskedError::Malformed(format!("{error}")))?;
    if graph.topic_exists(&id) {
        return Ok(id);
    }
    let near = graph.near(id.name(), id.kind(), OFFERED);
    Err(AskedError::Unknown { what: "topic", id: id.to_string(), near })
}

/// The disease with this id, written with or without `disease:`.
///
/// # Errors
/// [`AskedError::Unknown`].
pub fn disease_id<'a>(graph: &Graph, text: &'a str) -> Result<&'a str, AskedError> {
    let id = text.strip_prefix("disease:").unwrap_or(text);
    if graph.disease(id).is_some() {
        return Ok(id);
    }
    let near = graph.near(id, TopicKind::Disease, OFFERED);
    Err(AskedError::Unknown { what: "disease", id: id.to_owned(), near })
}

/// The node of `kind` with this id (name part).
///
/// # Errors
/// [`AskedError::Unknown`].
pub fn named(graph: &Graph, kind: TopicKind, id: &str) -> Result<TopicId, AskedError> {
    let topic = TopicId::new(kind, id);
    if graph.topic_exists(&topic) {
        return Ok(topic);
    }
    Err(AskedError::Unknown { what: kind.as_str(), id: id.to_owned(), near: graph.near(id, kind, OFFERED) })
}

/// What somebody meant by a text written in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// This node.
    One(TopicId),
    /// One of these, or none when there is nothing like it.
    Perhaps(Vec<TopicId>),
}

/// What is meant by an id, a name or a lay word, among the nodes that `admits` takes. A text that
/// is a name of the first that is found means it; anything else is to be chosen from.
pub fn meant(graph: &Graph, text: &str, admits: fn(TopicKind) -> bool) -> Meant {
    let found: Vec<TopicId> = graph.search(text).into_iter().filter(|id| admits(id.kind())).collect();
    let wanted = normalise(text);
    let is_name = |id: &TopicId| {
        graph.topic(id).is_some_and(|info| {
            let words = Language::ALL.into_iter().flat_map(|language| info.lay.get(language));
            let names = [&info.name.en, &info.name.zh].into_iter().chain(words);
            id.to_string() == text || names.into_iter().any(|name| normalise(name) == wanted)
        })
    };
    match found.first() {
        Some(first) if found.len() == 1 || is_name(first) => Meant::One(first.clone()),
        _ => Meant::Perhaps(found),
    }
}

/// Evidence for the core, and for the rare diseases.
pub type BothEvidence = (Vec<(TopicId, Presence)>, Vec<(TermId, Presence)>);

fn with_presence<'a>(present: &'a [String], absent: &'a [String]) -> impl Iterator<Item = (&'a str, Presence)> {
    let present = present.iter().map(|text| (text.as_str(), Presence::Present));
    present.chain(absent.iter().map(|text| (text.as_str(), Presence::Absent)))
}

/// What the patient has and has not, as topics.
///
/// # Errors
/// As [`topic`], for the first that is wrong.
pub fn evidence(graph: &Graph, present: &[String], absent: &[String]) -> Result<Vec<(TopicId, Presence)>, AskedError> {
    with_presence(present, absent).map(|(text, presence)| Ok((topic(graph, text)?, presence))).collect()
}

/// What the patient has and has not, as topics and as HPO terms that the layer has.
///
/// # Errors
/// As [`topic`], and [`AskedError::NotInRelease`], for the first that is wrong.
pub fn evidence_with_terms(
    graph: &Graph,
    layer: &RareLayer,
    present: &[String],
    absent: &[String],
) -> Result<BothEvidence, AskedError> {
    let (mut topics, mut terms) = (Vec::new(), Vec::new());
    for (text, presence) in with_presence(present, absent) {
        if is_term(text) {
            let id: TermId = text.parse().map_err(AskedError::Malformed)?;
            let release = || layer.release().ontology.clone();
            let unknown = || AskedError::NotInRelease { id: id.to_string(), release: release() };
            terms.push((layer.term(id).ok_or_else(unknown)?.id(), presence));
        } else {
            topics.push((topic(graph, text)?, presence));
        }
    }
    Ok((topics, terms))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> &'static Graph {
        Graph::embedded().unwrap_or_else(|problems| panic!("{}", problems[0]))
    }

    #[test]
    fn a_bare_name_is_a_finding_and_a_facet_is_kept() {
        assert_eq!(topic(graph(), "chest-pain").unwrap().to_string(), "finding:chest-pain");
        assert_eq!(topic(graph(), "finding:chest-pain/onset").unwrap().to_string(), "finding:chest-pain/onset");
        assert_eq!(disease_id(graph(), "disease:pulmonary-embolism").unwrap(), "pulmonary-embolism");
    }

    #[test]
    fn an_unknown_id_is_refused_with_the_nearest() {
        let wrong_topic = topic(graph(), "chestpain").unwrap_err().to_string();
        let wrong_disease = disease_id(graph(), "pulmonary-embolsm").unwrap_err().to_string();

        assert!(wrong_topic.contains("`finding:chest-pain`"), "{wrong_topic}");
        assert!(wrong_disease.contains("`disease:pulmonary-embolism`"), "{wrong_disease}");
    }

    #[test]
    fn a_name_in_either_language_means_its_node_and_a_vague_word_is_to_be_chosen_from() {
        let of = |text| meant(graph(), text, |kind| kind == TopicKind::Finding);

        for text in ["Chest pain", "胸痛", "finding:chest-pain"] {
            assert_eq!(of(text), Meant::One(TopicId::new(TopicKind::Finding, "chest-pain")), "{text}");
        }
        assert!(matches!(of("pain"), Meant::Perhaps(many) if many.len() > 3));
        assert_eq!(of("zebra"), Meant::Perhaps(Vec::new()));
    }

    #[test]
    fn a_term_of_the_rare_layer_is_no_topic_and_says_what_it_needs() {
        let refused = topic(graph(), "hp:0000873").unwrap_err().to_string();
        assert!(refused.contains("rare"), "{refused}");
    }
}
