//! What a question to the tutor asks for, and of what.

use std::collections::HashSet;

use cases::format::RubricItem;
use knowledge_graph::{Facet, Graph, Language, PhraseTarget, TopicId, TopicKind, is_han};

use super::{
    Consultation, Kind, Named, Question,
    rules::{CHINESE_FILLERS, FILLERS, INTENTS, Intent, PRONOUNS, REFUSED, Refusal, THE_DIAGNOSIS},
};
use crate::{
    hints::fits,
    understanding::{Phrasebook, Words},
};

/// A question as it was understood.
pub(super) struct Reading {
    /// Language to answer in.
    pub(super) language: Language,
    /// What is asked, or why it is not answered.
    pub(super) intent: Result<Intent, Refusal>,
    /// Everything named but diseases, in order.
    pub(super) topics: Vec<TopicId>,
    /// Diseases named (name parts), in order.
    pub(super) diseases: Vec<String>,
    /// The rubric item that is meant.
    pub(super) item: Option<RubricItem>,
    /// Whether a disease stands in the question itself, not only a word for one.
    pub(super) names_disease: bool,
    /// Whether something is named that nothing here knows.
    pub(super) names_unknown: bool,
}

/// The graph's phrases and what they name.
pub(super) fn book(graph: &Graph) -> Phrasebook<Named> {
    // Students write ids' words as well: "gerd", "haemoptysis".
    let ids = graph
        .topics()
        .filter(|info| info.id.facet().is_none())
        .map(|info| (info.id.name().replace('-', " "), PhraseTarget::Topic(info.id)));
    let words = graph.lexicon().map(|phrase| (phrase.text.to_owned(), phrase.target));
    let phrases: Vec<(String, PhraseTarget)> = words.chain(ids).collect();
    Phrasebook::new(phrases.iter().map(|(text, target)| (text.as_str(), target.clone()))).unwrap_or_else(|error| {
        tracing::error!(%error, "the tutor cannot read the graph's words");
        Phrasebook::empty()
    })
}

/// Reads `question`.
pub(super) fn read(
    graph: &Graph,
    book: &Phrasebook<Named>,
    about: &Consultation<'_>,
    question: &Question<'_>,
) -> Reading {
    let quoted = quoted_item(about, question);
    let rest = quoted.map_or_else(|| question.text.to_owned(), |item| without(question.text, item));
    let text = format!(" {} ", rest.to_lowercase().replace('’', "'"));
    let language = language_of(&text, question.language);
    let words = Words::read(&text);
    let asks_of_a_disease = cued(&text)
        .is_some_and(|intent| !matches!(intent, Intent::Why | Intent::Meaning | Intent::HowToAsk | Intent::Missed));
    let found = named(graph, book, about, &words, asks_of_a_disease);
    let mut reading = Reading {
        language,
        intent: Err(Refusal::Unknown),
        topics: found.topics,
        item: quoted.cloned(),
        names_disease: !found.diseases.is_empty(),
        diseases: found.diseases,
        names_unknown: unknown_words(&words, &found.covered),
    };
    reading.refer_back(about, question, &text);
    reading.intent = intent(&text, question, &reading);
    if reading.item.is_none() {
        let earns = |item: &&RubricItem| {
            reading.topics.iter().any(|topic| item.topics.iter().any(|wanted| fits(graph, topic, wanted)))
        };
        reading.item = about.case.rubric.iter().find(earns).cloned();
    }
    reading
}

/// The item the question was asked from, or whose text it quotes.
fn quoted_item<'c>(about: &Consultation<'c>, question: &Question<'_>) -> Option<&'c RubricItem> {
    let quotes =
        |item: &&RubricItem| [&item.text.en, &item.text.zh].into_iter().any(|text| question.text.contains(text));
    let rubric = &about.case.rubric;
    let asked_from = || rubric.iter().find(|item| question.item == Some(item.id.as_str()));
    rubric.iter().filter(quotes).max_by_key(|item| item.text.en.len()).or_else(asked_from)
}

fn without(text: &str, item: &RubricItem) -> String {
    text.replace(item.text.get(Language::En), " ").replace(item.text.get(Language::Zh), " ")
}

/// The language the question is written in, where its letters show it.
fn language_of(text: &str, learners: Language) -> Language {
    if text.chars().any(is_han) {
        return Language::Zh;
    }
    let english = text.split_whitespace().filter(|word| word.chars().all(|c| c.is_ascii_alphabetic())).count();
    if english > 1 { Language::En } else { learners }
}

struct Found {
    topics: Vec<TopicId>,
    diseases: Vec<String>,
    covered: Vec<bool>,
}

/// What the words name. A facet belongs to the finding named with it, else to the complaint.
fn named(
    graph: &Graph,
    book: &Phrasebook<Named>,
    about: &Consultation<'_>,
    words: &Words,
    asks_of_a_disease: bool,
) -> Found {
    let mut found = Found { topics: Vec::new(), diseases: Vec::new(), covered: vec![false; words.list.len()] };
    let mut facets: Vec<Facet> = Vec::new();
    for phrase in book.find(&words.stems()) {
        let said: Vec<&str> = words.list[phrase.words.clone()].iter().map(|word| word.folded.as_str()).collect();
        if is_filler(&said) {
            continue;
        }
        let topics = phrase.meanings.iter().filter_map(|meaning| match meaning {
            PhraseTarget::Topic(topic) => Some(topic),
            PhraseTarget::Facet(_) => None,
        });
        let best = topics.min_by_key(|topic| {
            let is_disease = asks_of_a_disease && topic.kind() == TopicKind::Disease;
            (!is_disease, distance(graph, about, topic))
        });
        match best {
            Some(topic) if topic.kind() == TopicKind::Disease => push(&mut found.diseases, topic.name().to_owned()),
            Some(topic) => push(&mut found.topics, topic.clone()),
            None => facets.extend(phrase.meanings.iter().filter_map(|meaning| match meaning {
                PhraseTarget::Facet(facet) => Some(*facet),
                PhraseTarget::Topic(_) => None,
            })),
        }
        found.covered[phrase.words].fill(true);
    }
    if let Some(facet) = facets.first()
        && found.diseases.is_empty()
    {
        let complaint = about.case.complaint.node();
        let whole = found.topics.iter().position(|topic| topic.kind() == TopicKind::Finding);
        let faceted = whole.map_or(&complaint, |at| &found.topics[at]).node().with_facet(*facet);
        if graph.topic_exists(&faceted) {
            match whole {
                Some(at) => found.topics[at] = faceted,
                None if found.topics.is_empty() => found.topics.push(faceted),
                None => {}
            }
        }
    }
    found
}

fn push<T: PartialEq>(list: &mut Vec<T>, one: T) {
    if !list.contains(&one) {
        list.push(one);
    }
}

/// How far a topic is from this case: what its rubric asks for first, then what its diagnosis
/// mentions, then diseases, findings and the rest.
fn distance(graph: &Graph, about: &Consultation<'_>, topic: &TopicId) -> (u8, u8) {
    let asked = about.case.rubric.iter().flat_map(|item| &item.topics).any(|wanted| wanted.node() == *topic);
    let disease = about.case.diagnosis.disease.as_deref().and_then(|id| graph.disease(id));
    let mentioned = disease.is_some_and(|disease| {
        let name = topic.name();
        match topic.kind() {
            TopicKind::Finding => disease.presents_with.iter().any(|edge| edge.finding == name),
            TopicKind::RiskFactor => disease.risk_factor.iter().any(|edge| edge.factor == name),
            TopicKind::Test => disease.tested_by.iter().any(|edge| edge.test == name),
            TopicKind::Treatment => disease.treated_by.iter().any(|edge| edge.treatment == name),
            _ => false,
        }
    });
    let near = if asked { 0 } else { 1 + u8::from(!mentioned) };
    let kind = match topic.kind() {
        TopicKind::Disease => 0,
        TopicKind::Finding => 1,
        TopicKind::RiskFactor => 2,
        TopicKind::Test => 4,
        TopicKind::Treatment => 5,
        _ => 3,
    };
    (near, kind)
}

/// Whether every word is a filler: "chance" and "history" name nothing in a question to the tutor.
fn is_filler(said: &[&str]) -> bool {
    let english: HashSet<&str> = FILLERS.split_whitespace().collect();
    let whole = said.concat();
    said.iter().all(|word| english.contains(word)) || CHINESE_FILLERS.split_whitespace().any(|filler| filler == whole)
}

/// Whether a word names something that nothing here knows.
fn unknown_words(words: &Words, covered: &[bool]) -> bool {
    let english: HashSet<&str> = FILLERS.split_whitespace().collect();
    let mut chinese = String::new();
    let mut after_covered = false;
    for (word, covered) in words.list.iter().zip(covered) {
        // 鹦鹉 is a bird, 鹦鹉热 an illness: the name goes on after what was known of it.
        if after_covered && !covered && "症炎癌瘤热".contains(&*word.folded) {
            return true;
        }
        after_covered = *covered;
        let is_chinese = word.folded.chars().all(is_han);
        if is_chinese {
            chinese.push_str(if *covered { " " } else { &word.folded });
        } else if !covered && word.folded.chars().count() > 2 && !english.contains(word.folded.as_str()) {
            return true;
        } else {
            chinese.push(' ');
        }
    }
    for filler in CHINESE_FILLERS.split_whitespace() {
        chinese = chinese.replace(filler, " ");
    }
    chinese.split_whitespace().map(|rest| rest.chars().count()).sum::<usize>() > 1
}

/// Whether `text`, in lower case between spaces, holds `cue`: as whole words in English.
pub(super) fn holds(text: &str, cue: &str) -> bool {
    if cue.chars().any(is_han) {
        return text.contains(cue);
    }
    text.match_indices(cue).any(|(at, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '\'');
        edge(text[..at].chars().next_back()) && edge(text[at + cue.len()..].chars().next())
    })
}

fn holds_any(text: &str, cues: &str) -> bool {
    cues.split('|').any(|cue| holds(text, cue))
}

impl Reading {
    /// What a pronoun stands for: the item it was asked from, else what the last answer was about.
    /// A question that names nothing and nobody is about the same.
    fn refer_back(&mut self, about: &Consultation<'_>, question: &Question<'_>, text: &str) {
        if holds_any(text, THE_DIAGNOSIS) && self.diseases.is_empty() {
            self.diseases.extend(about.case.diagnosis.disease.clone());
        }
        if let Some(item) = &self.item {
            if self.topics.is_empty() {
                self.topics.clone_from(&item.topics);
            }
            return;
        }
        let bare = self.topics.is_empty() && self.diseases.is_empty() && !self.names_unknown;
        let Some(last) = question.last.filter(|_| bare || (self.topics.is_empty() && holds_any(text, PRONOUNS))) else {
            return;
        };
        for topic in &last.topics {
            if topic.kind() == TopicKind::Disease {
                push(&mut self.diseases, topic.name().to_owned());
            } else {
                push(&mut self.topics, topic.clone());
            }
        }
        self.item = about.case.rubric.iter().find(|item| last.item.as_deref() == Some(&item.id)).cloned();
    }
}

/// What the cues say is asked for.
fn cued(text: &str) -> Option<Intent> {
    INTENTS.iter().find(|(_, cues)| holds_any(text, cues)).map(|(intent, _)| *intent)
}

/// What is asked. Without any cue a question that names something asks the same as the last one.
fn intent(text: &str, question: &Question<'_>, reading: &Reading) -> Result<Intent, Refusal> {
    if let Some((refusal, _)) = REFUSED.iter().find(|(_, cues)| holds_any(text, cues)) {
        return Err(*refusal);
    }
    if let Some(intent) = cued(text) {
        return Ok(intent);
    }
    let names = !reading.topics.is_empty() || !reading.diseases.is_empty();
    // "How is it done?" is no question about a consultation.
    let asks_how = question.last.is_none() && holds_any(text, "how|怎么|如何|怎样");
    if !names || reading.names_unknown || asks_how {
        return Err(Refusal::Unknown);
    }
    Ok(match question.last.map(|last| last.kind) {
        Some(Kind::Meaning) => Intent::Meaning,
        Some(Kind::Separates) => Intent::Separates,
        Some(Kind::HowSure) => Intent::HowSure,
        Some(Kind::HowToAsk) => Intent::HowToAsk,
        Some(Kind::Tests) => Intent::Tests,
        Some(Kind::Treatments) => Intent::Treatments,
        Some(Kind::Risks) => Intent::Risks,
        _ if reading.topics.is_empty() => Intent::WhatIs,
        _ => Intent::Why,
    })
}
