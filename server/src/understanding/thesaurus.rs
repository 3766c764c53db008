//! Which words mean the same in a consultation: the level below topics.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use knowledge_graph::Facet;
use serde::Deserialize;

use super::{
    MatcherError,
    phrasebook::Phrasebook,
    words::{Words, is_ideograph},
};

const SOURCE: &str = include_str!("thesaurus.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    concept: BTreeMap<String, String>,
    compound: BTreeMap<String, String>,
    facet: BTreeMap<String, String>,
    weak: Names,
    circumstance: Names,
    body: Names,
    generic: Generic,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    concepts: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Generic {
    words: String,
}

/// What a phrase of the thesaurus stands for: one concept, several at once, or nothing of note.
#[derive(Clone, Debug, PartialEq)]
struct Sense(Vec<Arc<str>>);

/// A stretch of an utterance and what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Concept {
    /// Names it goes by; any one in common makes two concepts meet.
    pub names: Vec<Arc<str>>,
    /// How much sharing it says: 1 for a thing asked about, less for common or unknown words.
    pub weight: f32,
    /// Whether the thesaurus knows it; else it is a word that stands for itself.
    pub known: bool,
    /// Which words.
    pub words: Range<usize>,
}

impl Concept {
    /// Whether the two share a name.
    pub fn meets(&self, other: &Self) -> bool {
        self.names.iter().any(|name| other.names.contains(name))
    }
}

/// The thesaurus.
#[derive(Debug)]
pub(crate) struct Thesaurus {
    book: Phrasebook<Sense>,
    weak: Vec<Arc<str>>,
    circumstances: Vec<Arc<str>>,
    body: Vec<Arc<str>>,
    facets: Vec<(Facet, Vec<Arc<str>>)>,
    words: Vec<String>,
}

const WEIGHT_WEAK: f32 = 0.45;
const WEIGHT_UNKNOWN_WORD: f32 = 0.8;
const WEIGHT_UNKNOWN_CHARACTER: f32 = 0.3;

impl Thesaurus {
    /// Reads the thesaurus that is part of the program.
    pub fn embedded() -> Result<Self, MatcherError> {
        let file: File = toml::from_str(SOURCE)
            .map_err(|error| MatcherError::Content { file: "thesaurus.toml", problem: error.to_string() })?;
        let mut phrases: Vec<(&str, Sense)> = Vec::new();
        for (name, words) in &file.concept {
            let sense = Sense(vec![Arc::from(name.as_str())]);
            phrases.extend(listed(words).map(|phrase| (phrase, sense.clone())));
        }
        for (names, words) in &file.compound {
            let sense = Sense(names.split(' ').map(Arc::from).collect());
            phrases.extend(listed(words).map(|phrase| (phrase, sense.clone())));
        }
        phrases.extend(listed(&file.generic.words).map(|phrase| (phrase, Sense(Vec::new()))));
        let names = |table: &Names| table.concepts.split(", ").map(Arc::from).collect();
        let facets = Facet::ALL
            .iter()
            .filter_map(|facet| {
                let names = file.facet.get(facet.as_str())?;
                Some((*facet, names.split(' ').map(Arc::from).collect()))
            })
            .collect();
        let words = phrases.iter().flat_map(|(phrase, _)| phrase.split(' ')).map(str::to_owned).collect();
        Ok(Self {
            book: Phrasebook::new(phrases)?,
            weak: names(&file.weak),
            circumstances: names(&file.circumstance),
            body: names(&file.body),
            facets,
            words,
        })
    }

    /// What `words` are about, in order.
    pub fn concepts(&self, words: &Words) -> Vec<Concept> {
        self.concepts_of(&words.stems())
    }

    /// What words with these stems are about, in order.
    pub fn concepts_of(&self, stems: &[&str]) -> Vec<Concept> {
        let mut concepts = Vec::new();
        let mut known = vec![false; stems.len()];
        for found in self.book.find(stems) {
            known[found.words.clone()].fill(true);
            let mut single: Vec<Arc<str>> = Vec::new();
            for sense in found.meanings {
                match sense.0.as_slice() {
                    [] => {}
                    [name] => single.push(name.clone()),
                    names => concepts.extend(names.iter().map(|name| self.concept(vec![name.clone()], &found.words))),
                }
            }
            if !single.is_empty() {
                concepts.push(self.concept(single, &found.words));
            }
        }
        for (at, stem) in stems.iter().enumerate().filter(|(at, _)| !known[*at]) {
            let weight = if stem.chars().all(is_ideograph) {
                WEIGHT_UNKNOWN_CHARACTER
            } else if stem.chars().count() < 3 || stem.chars().all(|c| c.is_ascii_digit()) {
                continue;
            } else {
                WEIGHT_UNKNOWN_WORD
            };
            concepts.push(Concept { names: vec![Arc::from(*stem)], weight, known: false, words: at..at + 1 });
        }
        concepts.sort_by_key(|concept| concept.words.start);
        concepts
    }

    fn concept(&self, names: Vec<Arc<str>>, words: &Range<usize>) -> Concept {
        let weak = names.iter().all(|name| self.weak.contains(name));
        Concept { names, weight: if weak { WEIGHT_WEAK } else { 1.0 }, known: true, words: words.clone() }
    }

    /// Whether a concept that goes by these names is part of what a phrase is about: weak ones are
    /// not, except sides and the morning ("stiff in the morning").
    pub fn names_something(&self, names: &[Arc<str>]) -> bool {
        names.iter().any(|name| !self.weak.contains(name) || matches!(&**name, "left" | "right" | "both" | "morning"))
    }

    /// Whether a concept says in what circumstances something comes or changes: lying, walking, eating.
    pub fn is_circumstance(&self, concept: &Concept) -> bool {
        concept.known && concept.names.iter().all(|name| self.circumstances.contains(name))
    }

    /// Whether a concept is a part of the body.
    pub fn is_body_part(&self, concept: &Concept) -> bool {
        concept.known && concept.names.iter().any(|name| self.body.contains(name))
    }

    /// The facets that these concepts ask for, with the words that do.
    pub fn facets(&self, concepts: &[Concept]) -> Vec<(Facet, Range<usize>)> {
        let asking = |names: &Vec<Arc<str>>| {
            let asks = |concept: &&Concept| concept.names.iter().any(|name| names.contains(name));
            concepts.iter().find(asks).map(|concept| concept.words.clone())
        };
        self.facets.iter().filter_map(|(facet, names)| Some((*facet, asking(names)?))).collect()
    }

    /// Every English word it knows, folded.
    pub fn words(&self) -> impl Iterator<Item = String> + '_ {
        self.words.iter().cloned()
    }
}

fn listed(words: &str) -> impl Iterator<Item = &str> {
    words.split(" | ").flat_map(|language| language.split(", ")).map(str::trim).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let thesaurus = Thesaurus::embedded().unwrap();
        let words = Words::read(text);
        thesaurus.concepts(&words).iter().map(|concept| concept.names.join("+")).collect()
    }

    #[test]
    fn the_two_languages_share_concepts() {
        assert_eq!(names("Does your tummy hurt?"), ["abdomen", "pain"]);
        assert_eq!(names("肚子痛"), ["abdomen", "pain"]);
    }

    #[test]
    fn a_compound_means_all_its_parts() {
        assert_eq!(names("有没有咯血"), ["cough", "bleed"]);
        assert_eq!(names("Any blood in your urine?"), ["urine", "bleed"]);
    }

    #[test]
    fn an_unknown_word_stands_for_itself() {
        assert_eq!(names("Do you play the trombone?"), ["play", "trombon"]);
    }
}
