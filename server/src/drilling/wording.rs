//! The words of an item: editing them, and what must hold afterwards. Pure.

use std::collections::{BTreeMap, BTreeSet};

use knowledge_graph::{Bilingual, Language};

use crate::learner::drills::{Item, Key};

/// Characters that one text may have.
pub const LONGEST: usize = 1500;

/// A text of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The situation.
    Stem,
    /// What is asked.
    Question,
    /// Something to be matched, counted from 0.
    Prompt(usize),
    /// An option, counted from 0.
    Choice(usize),
    /// Why the option is right or wrong.
    Why(usize),
    /// Why the key is right.
    Explanation,
}

impl Part {
    /// The word for it, without its number.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stem => "stem",
            Self::Question => "question",
            Self::Prompt(_) => "prompt",
            Self::Choice(_) => "choice",
            Self::Why(_) => "why",
            Self::Explanation => "explanation",
        }
    }

    /// Its number from 1, if there are several.
    pub const fn number(self) -> Option<usize> {
        match self {
            Self::Prompt(at) | Self::Choice(at) | Self::Why(at) => Some(at + 1),
            Self::Stem | Self::Question | Self::Explanation => None,
        }
    }

    /// The name of its field in a form, such as `choice-2-en`.
    pub fn field(self, language: Language) -> String {
        let number = self.number().map(|number| format!("-{number}")).unwrap_or_default();
        format!("{}{number}-{}", self.word(), language.tag())
    }
}

/// What is wrong with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub part: Part,
    /// In which language.
    pub language: Language,
    /// What.
    pub kind: FaultKind,
}

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// There is no text.
    Empty,
    /// It has more than [`LONGEST`] characters.
    TooLong,
    /// Another option or prompt says the same.
    Twice,
    /// The key points to it and it does not exist.
    Key,
}

/// Every text of an item, in the order it is read.
pub fn texts(item: &Item) -> Vec<(Part, &Bilingual)> {
    let mut all = vec![(Part::Stem, &item.stem), (Part::Question, &item.question)];
    all.extend(item.prompts.iter().enumerate().map(|(at, text)| (Part::Prompt(at), text)));
    for (at, choice) in item.choices.iter().enumerate() {
        all.extend([(Part::Choice(at), &choice.text), (Part::Why(at), &choice.why)]);
    }
    all.push((Part::Explanation, &item.explanation));
    all
}

fn texts_mut(item: &mut Item) -> Vec<(Part, &mut Bilingual)> {
    let mut all = vec![(Part::Stem, &mut item.stem), (Part::Question, &mut item.question)];
    all.extend(item.prompts.iter_mut().enumerate().map(|(at, text)| (Part::Prompt(at), text)));
    for (at, choice) in item.choices.iter_mut().enumerate() {
        all.push((Part::Choice(at), &mut choice.text));
        all.push((Part::Why(at), &mut choice.why));
    }
    all.push((Part::Explanation, &mut item.explanation));
    all
}

/// The item with what was typed, by the names of the fields; what was not typed stays.
pub fn reworded(item: &Item, typed: &BTreeMap<String, String>) -> Item {
    let mut item = item.clone();
    for (part, text) in texts_mut(&mut item) {
        for (language, words) in [(Language::En, &mut text.en), (Language::Zh, &mut text.zh)] {
            if let Some(typed) = typed.get(&part.field(language)) {
                typed.trim().replace("\r\n", "\n").clone_into(words);
            }
        }
    }
    item
}

/// What keeps an item from being given: an empty or overlong text, two options that say the same, a key
/// that points to nothing.
pub fn faults(item: &Item) -> Vec<Fault> {
    let mut found = Vec::new();
    for language in Language::ALL {
        let mut said = BTreeSet::new();
        for (part, text) in texts(item) {
            let words = text.get(language);
            let compared = matches!(part, Part::Choice(_) | Part::Prompt(_));
            let kind = if words.is_empty() {
                FaultKind::Empty
            } else if words.chars().count() > LONGEST {
                FaultKind::TooLong
            } else if compared && !said.insert((part.word(), words.to_lowercase())) {
                FaultKind::Twice
            } else {
                continue;
            };
            found.push(Fault { part, language, kind });
        }
    }
    if !key_holds(item) {
        found.push(Fault { part: Part::Choice(0), language: Language::En, kind: FaultKind::Key });
    }
    found
}

fn key_holds(item: &Item) -> bool {
    let exists = |choice: &usize| *choice < item.choices.len();
    match &item.key {
        Key::One(choice) => exists(choice),
        Key::Pairs(choices) => choices.len() == item.prompts.len() && choices.iter().all(exists),
        Key::Order(choices) => {
            let each: BTreeSet<_> = choices.iter().collect();
            each.len() == item.choices.len() && choices.len() == each.len() && choices.iter().all(exists)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::drills::{Choice, DrillKind};

    fn both(text: &str) -> Bilingual {
        Bilingual { en: text.to_owned(), zh: format!("{text}（中）") }
    }

    fn item() -> Item {
        let choice = |text| Choice { text: both(text), why: both("because") };
        Item {
            id: "0".repeat(16),
            kind: DrillKind::BestAnswer,
            seed: 0,
            graph: "g".to_owned(),
            stem: both("a man"),
            question: both("what is it"),
            prompts: Vec::new(),
            choices: vec![choice("flu"), choice("cold")],
            key: Key::One(1),
            explanation: both("so it is"),
            sources: Vec::new(),
            topics: Vec::new(),
        }
    }

    #[test]
    fn what_is_typed_replaces_the_words_and_nothing_else() {
        let typed = BTreeMap::from([
            ("stem-en".to_owned(), " A woman\r\ncomes. ".to_owned()),
            ("choice-2-zh".to_owned(), "感冒".to_owned()),
            ("key".to_owned(), "0".to_owned()),
        ]);
        let edited = reworded(&item(), &typed);
        assert_eq!(edited.stem, Bilingual { en: "A woman\ncomes.".to_owned(), zh: "a man（中）".to_owned() });
        assert_eq!(edited.choices[1].text, Bilingual { en: "cold".to_owned(), zh: "感冒".to_owned() });
        assert_eq!(edited.key, Key::One(1));
        assert_eq!(faults(&edited), []);
    }

    #[test]
    fn an_empty_text_and_an_option_said_twice_are_found_where_they_stand() {
        let mut bad = item();
        bad.explanation.zh.clear();
        "FLU".clone_into(&mut bad.choices[1].text.en);
        let found = faults(&bad);
        assert_eq!(
            found,
            [
                Fault { part: Part::Choice(1), language: Language::En, kind: FaultKind::Twice },
                Fault { part: Part::Explanation, language: Language::Zh, kind: FaultKind::Empty },
            ]
        );
        assert_eq!(Part::Choice(1).field(Language::Zh), "choice-2-zh");
    }

    #[test]
    fn a_key_that_points_to_nothing_is_found() {
        for key in [Key::One(2), Key::Pairs(vec![0]), Key::Order(vec![0, 0]), Key::Order(vec![0])] {
            assert_eq!(faults(&Item { key, ..item() }).len(), 1);
        }
    }
}
