//! What an item is.

use std::{collections::BTreeSet, fmt, str::FromStr};

use knowledge_graph::{Bilingual, Graph, TopicId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::wording::noted;

/// A kind of drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrillKind {
    /// Which question to ask next, by expected information gain.
    NextQuestion,
    /// Which finding separates diseases.
    Discriminate,
    /// Which term a patient's words mean.
    LayWords,
    /// A differential in its order.
    Order,
    /// What a likelihood ratio does to a probability.
    Ratio,
    /// The single best diagnosis.
    BestAnswer,
}

impl DrillKind {
    /// Every kind, in the order they are listed.
    pub const ALL: [Self; 6] =
        [Self::NextQuestion, Self::Discriminate, Self::LayWords, Self::Order, Self::Ratio, Self::BestAnswer];

    /// The written form, such as `next-question`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NextQuestion => "next-question",
            Self::Discriminate => "discriminate",
            Self::LayWords => "lay-words",
            Self::Order => "order",
            Self::Ratio => "ratio",
            Self::BestAnswer => "best-answer",
        }
    }
}

impl fmt::Display for DrillKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DrillKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = || Self::ALL.map(Self::as_str).join(", ");
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no kind of drill; use one of {}", known()))
    }
}

/// One option, or one thing to match or to put in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What it says.
    pub text: Bilingual,
    /// Why it is right or wrong, shown after the answer.
    pub why: Bilingual,
}

/// What is right. Numbers are indexes into [`Item::choices`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// This choice.
    One(usize),
    /// For each of [`Item::prompts`] its choice.
    Pairs(Vec<usize>),
    /// The choices, the first first.
    Order(Vec<usize>),
}

/// An item. Both languages say the same and have the same key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Sixteen hexadecimal digits, from what is asked: kind, stem, question, prompts, options and key, in
    /// whatever order prompts and options stand.
    /// The same question keeps its id, and what is known of it, when the graph changes elsewhere; figures
    /// in the reasons may move.
    pub id: String,
    /// Its kind.
    pub kind: DrillKind,
    /// The seed it was made with.
    pub seed: u64,
    /// The graph's version.
    pub graph: String,
    /// The situation.
    pub stem: Bilingual,
    /// What is asked.
    pub question: Bilingual,
    /// What is to be matched; empty for other kinds.
    pub prompts: Vec<Bilingual>,
    /// The options, in the order they are shown.
    pub choices: Vec<Choice>,
    /// What is right.
    pub key: Key,
    /// Why it is right.
    pub explanation: Bilingual,
    /// Ids of the sources that the key rests on.
    pub sources: Vec<String>,
    /// The findings that a right answer shows knowledge of.
    pub topics: Vec<TopicId>,
}

/// An item before it has its identity.
pub(super) struct Draft {
    pub(super) stem: Bilingual,
    pub(super) question: Bilingual,
    pub(super) prompts: Vec<Bilingual>,
    pub(super) choices: Vec<Choice>,
    pub(super) key: Key,
    pub(super) explanation: Bilingual,
    pub(super) sources: BTreeSet<String>,
    pub(super) topics: Vec<TopicId>,
}

impl Draft {
    pub(super) fn into_item(self, graph: &Graph, kind: DrillKind, seed: u64) -> Item {
        Item {
            id: self.identity(kind),
            kind,
            seed,
            graph: graph.content_hash().to_owned(),
            stem: self.stem,
            question: self.question,
            prompts: self.prompts,
            key: self.key,
            explanation: noted(self.explanation, &self.choices),
            choices: self.choices,
            sources: self.sources.into_iter().collect(),
            topics: self.topics,
        }
    }

    fn identity(&self, kind: DrillKind) -> String {
        let mut digest = Sha256::new_with_prefix(kind.as_str());
        // The order in which options and prompts happen to stand is no part of what is asked.
        let mut offered: Vec<String> = self.prompts.iter().map(written).collect();
        offered.extend(self.choices.iter().map(|choice| written(&choice.text)));
        offered.sort();
        for text in
            [written(&ageless(&self.stem)), written(&self.question)].into_iter().chain(offered).chain(self.right())
        {
            digest.update(text);
        }
        let digest = digest.finalize();
        let first = digest.first_chunk().copied().unwrap_or_default();
        format!("{:016x}", u64::from_be_bytes(first))
    }

    /// What is right, in words: pairs in any order, a ranking in its own.
    fn right(&self) -> Vec<String> {
        let choice = |at: &usize| self.choices.get(*at).map(|choice| written(&choice.text)).unwrap_or_default();
        match &self.key {
            Key::One(at) => vec![choice(at)],
            Key::Order(order) => order.iter().map(choice).collect(),
            Key::Pairs(pairs) => {
                let of = self.prompts.iter().zip(pairs);
                let mut pairs: Vec<String> = of.map(|(prompt, at)| written(prompt) + &choice(at)).collect();
                pairs.sort();
                pairs
            }
        }
    }
}

/// A description without its patient's age: the same findings a year later ask the same.
fn ageless(stem: &Bilingual) -> Bilingual {
    let after = |text: &str, age: &str| text.split_once(age).map_or(text, |(_, rest)| rest).to_owned();
    both(after(&stem.en, "-year-old "), after(&stem.zh, "岁。"))
}

/// Both languages, set off by what no text holds, so that neighbours stay apart.
fn written(text: &Bilingual) -> String {
    format!("\0{}\0{}", text.en, text.zh)
}

/// A text in both languages.
pub(super) fn both(en: impl Into<String>, zh: impl Into<String>) -> Bilingual {
    Bilingual { en: en.into(), zh: zh.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(stem: &str, why: &str) -> Draft {
        Draft {
            stem: both(stem, "题干"),
            question: both("Which?", "哪一项？"),
            prompts: Vec::new(),
            choices: vec![Choice { text: both("One", "一"), why: both(why, why) }],
            key: Key::One(0),
            explanation: both("Because.", "因为。"),
            sources: BTreeSet::new(),
            topics: Vec::new(),
        }
    }

    #[test]
    fn options_in_another_order_make_no_other_item() {
        let choice = |text: &str| Choice { text: both(text, text), why: both("", "") };
        let of = |choices: [&str; 2], key| {
            Draft { choices: choices.map(choice).into(), key, ..draft("A stem", "") }.identity(DrillKind::BestAnswer)
        };

        assert_eq!(of(["One", "Two"], Key::One(0)), of(["Two", "One"], Key::One(1)));
        assert_ne!(of(["One", "Two"], Key::One(0)), of(["One", "Two"], Key::One(1)));
        assert_eq!(of(["One", "Two"], Key::Order(vec![0, 1])), of(["Two", "One"], Key::Order(vec![1, 0])));
        assert_ne!(of(["One", "Two"], Key::Order(vec![0, 1])), of(["One", "Two"], Key::Order(vec![1, 0])));
    }

    #[test]
    fn an_item_is_what_is_asked_not_the_figures_in_its_reasons() {
        let id = |draft: Draft, kind| draft.identity(kind);
        let aged = |age: u8| id(draft(&format!("A {age}-year-old man coughs."), ""), DrillKind::Order);
        let first = id(draft("A stem", "9%"), DrillKind::BestAnswer);

        assert_eq!(first.len(), 16);
        assert_eq!(aged(36), aged(37));
        assert_eq!(first, id(draft("A stem", "8%"), DrillKind::BestAnswer));
        assert_ne!(first, id(draft("Another stem", "9%"), DrillKind::BestAnswer));
        assert_ne!(first, id(draft("A stem", "9%"), DrillKind::Order));
    }
}
