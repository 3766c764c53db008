//! What the rules look for in words beyond what every clause is read for.

use std::{collections::BTreeMap, ops::Range};

use knowledge_graph::BilingualList;

use crate::{
    assessment::GraderError,
    understanding::{Phrasebook, Reading},
};

const SOURCE: &str = include_str!("words.toml");

/// What a phrase is a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Sign {
    Feeling,
    NoFeeling,
    Explains,
    Introduces,
    Greets,
    Leaves,
    Plan,
    Understood,
    SafetyNet,
    FalseReassurance,
    Grave,
    Warning,
    Dismisses,
}

const NAMES: [(&str, Sign); 13] = [
    ("feeling", Sign::Feeling),
    ("no_feeling", Sign::NoFeeling),
    ("explains", Sign::Explains),
    ("introduces", Sign::Introduces),
    ("greets", Sign::Greets),
    ("leaves", Sign::Leaves),
    ("plan", Sign::Plan),
    ("understood", Sign::Understood),
    ("safety_net", Sign::SafetyNet),
    ("false_reassurance", Sign::FalseReassurance),
    ("grave", Sign::Grave),
    ("warning", Sign::Warning),
    ("dismisses", Sign::Dismisses),
];

/// The phrases of all signs.
#[derive(Debug)]
pub(crate) struct ConductWords {
    book: Phrasebook<Sign>,
}

/// The signs in one turn, with the words that show them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signs(Vec<(Sign, Range<usize>)>);

impl ConductWords {
    /// Reads the phrases that are part of the program.
    pub fn embedded() -> Result<Self, GraderError> {
        let wrong = |problem: String| GraderError::Content { file: "words.toml", problem };
        let file: BTreeMap<String, BilingualList> = toml::from_str(SOURCE).map_err(|error| wrong(error.to_string()))?;
        let mut phrases = Vec::new();
        for (name, sign) in NAMES {
            let both = file.get(name).ok_or_else(|| wrong(format!("the table `{name}` is missing")))?;
            phrases.extend(both.en.iter().chain(&both.zh).map(|phrase| (phrase.as_str(), sign)));
        }
        Ok(Self { book: Phrasebook::new(phrases).map_err(|error| wrong(error.to_string()))? })
    }

    /// The signs in a turn.
    pub fn find(&self, reading: &Reading) -> Signs {
        let found = self.book.find_all(&reading.words.stems());
        Signs(found.iter().flat_map(|f| f.meanings.iter().map(|sign| (*sign, f.words.clone()))).collect())
    }
}

impl Signs {
    /// Whether `sign` occurs within `words`.
    pub fn within(&self, sign: Sign, words: &Range<usize>) -> bool {
        self.0.iter().any(|(found, at)| *found == sign && words.start <= at.start && at.end <= words.end)
    }

    /// Whether `sign` occurs.
    pub fn has(&self, sign: Sign) -> bool {
        self.0.iter().any(|(found, _)| *found == sign)
    }

    /// The words of the first `sign` that no `other` overlaps.
    pub fn first_without(&self, sign: Sign, other: Sign) -> Option<&Range<usize>> {
        let clashes = |words: &Range<usize>| {
            self.0.iter().any(|(found, at)| *found == other && at.start < words.end && words.start < at.end)
        };
        self.0.iter().filter(|(found, _)| *found == sign).map(|(_, words)| words).find(|words| !clashes(words))
    }
}
