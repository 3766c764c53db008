//! Every phrase the graph knows, for matching utterances.

use crate::{BilingualList, Facet, Graph, Language, Node, TopicId};

/// What a phrase is to its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PhraseKind {
    /// The medical name.
    Name,
    /// Another name or abbreviation of a disease.
    Synonym,
    /// What lay people say.
    Lay,
    /// A cue for a facet, whatever the finding.
    FacetCue,
}

/// What a phrase points to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PhraseTarget {
    /// A topic without a facet.
    Topic(TopicId),
    /// A facet of whatever is being talked about.
    Facet(Facet),
}

/// One phrase, as written in the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase<'a> {
    /// The text.
    pub text: &'a str,
    /// Its language.
    pub language: Language,
    /// What it means.
    pub target: PhraseTarget,
    /// How it means it.
    pub kind: PhraseKind,
}

impl Graph {
    /// Every name, synonym, lay word and facet cue, in both languages; order is stable.
    pub fn lexicon(&self) -> impl Iterator<Item = Phrase<'_>> {
        let topics = self.topics.iter().flat_map(move |(id, index)| {
            Language::ALL.into_iter().flat_map(move |language| {
                let phrases = phrases_of(&self.petgraph[*index], language);
                phrases.into_iter().map(move |(text, kind)| Phrase {
                    text,
                    language,
                    target: PhraseTarget::Topic(id.clone()),
                    kind,
                })
            })
        });
        let cues = self.facets.values().flat_map(move |facet| {
            Language::ALL.into_iter().flat_map(move |language| {
                facet.cues.get(language).iter().map(move |text| Phrase {
                    text,
                    language,
                    target: PhraseTarget::Facet(facet.id),
                    kind: PhraseKind::FacetCue,
                })
            })
        });
        topics.chain(cues)
    }
}

fn phrases_of(topic: &Node, language: Language) -> Vec<(&str, PhraseKind)> {
    let no_synonyms: &[String] = &[];
    let (name, synonyms, lay): (_, _, &BilingualList) = match topic {
        Node::Disease(node) => (&node.name, node.synonyms.get(language), &node.lay),
        Node::Finding(node) => (&node.name, no_synonyms, &node.lay),
        Node::RiskFactor(node) => (&node.name, no_synonyms, &node.lay),
        Node::Test(node) => (&node.name, no_synonyms, &node.lay),
        Node::Treatment(node) => (&node.name, no_synonyms, &node.lay),
        Node::HistoryTopic(node) => (&node.name, no_synonyms, &node.lay),
        Node::Anatomy(_) | Node::Source(_) => return Vec::new(),
    };
    std::iter::once((name.get(language), PhraseKind::Name))
        .chain(synonyms.iter().map(|text| (text.as_str(), PhraseKind::Synonym)))
        .chain(lay.get(language).iter().map(|text| (text.as_str(), PhraseKind::Lay)))
        .collect()
}
