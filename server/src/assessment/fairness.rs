//! Ways of speaking that must not move a mark, and what they do to it.
//!
//! A counterfactual pair is a transcript and the same transcript said otherwise: politer, with slips of
//! somebody who learnt the language late, as a recording was transcribed, in the other language. The
//! questions are the same, so the marks must be. Everything is drawn from a seed.

mod chinese;
mod consultations;
mod dice;
mod english;
mod noise;
mod outcome;

use std::fmt;

use knowledge_graph::Language;
use serde::Serialize;

pub use consultations::{Told, built_in};
pub use outcome::{Fairness, GroupOutcome, Moved, fairness};

use super::{Speaker, Transcript, Turn};
pub(crate) use dice::Dice;

/// A way of speaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// With many courtesies.
    Polite,
    /// With none.
    Blunt,
    /// Words of a region.
    Dialect,
    /// Slips of who learnt the language late: articles and tenses; 了, 的 and 过.
    SecondLanguage,
    /// Letters swapped, left out or doubled; characters that sound the same.
    Typos,
    /// "Um", "you know", 嗯, 那个.
    Fillers,
    /// As a recogniser of speech writes: no punctuation, no capitals.
    Transcription,
    /// Full-width letters, or half-width punctuation.
    Width,
    /// The same consultation and rubric in the other language.
    OtherLanguage,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 9] = [
        Self::Polite,
        Self::Blunt,
        Self::Dialect,
        Self::SecondLanguage,
        Self::Typos,
        Self::Fillers,
        Self::Transcription,
        Self::Width,
        Self::OtherLanguage,
    ];

    /// The group in one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Polite => "polite",
            Self::Blunt => "blunt",
            Self::Dialect => "dialect",
            Self::SecondLanguage => "second-language",
            Self::Typos => "typos",
            Self::Fillers => "fillers",
            Self::Transcription => "transcription",
            Self::Width => "width",
            Self::OtherLanguage => "other-language",
        }
    }

    /// Whether a recording would change the patient's words too.
    fn concerns_everybody(self) -> bool {
        matches!(self, Self::Transcription | Self::Width)
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `transcript` as somebody of `group` would say it; none when that changes nothing, and for
/// [`Group::OtherLanguage`], which needs a translation.
pub fn varied(transcript: &Transcript, group: Group, seed: u64) -> Option<Transcript> {
    let mut dice = Dice::new(seed, &transcript.id, group.as_str());
    let turn = |turn: &Turn| {
        let said = turn.speaker == Speaker::Student || group.concerns_everybody();
        let text = if said { said_by(group, transcript.language, &turn.text, &mut dice) } else { turn.text.clone() };
        Turn { speaker: turn.speaker, text }
    };
    let turns: Vec<Turn> = transcript.turns.iter().map(turn).collect();
    (turns != transcript.turns).then(|| Transcript { id: transcript.id.clone(), language: transcript.language, turns })
}

fn said_by(group: Group, language: Language, text: &str, dice: &mut Dice) -> String {
    match (group, language) {
        (Group::Transcription, _) => noise::transcribed(text),
        (Group::Width, Language::En) => noise::full_width(text),
        (Group::Width, Language::Zh) => noise::half_width(text),
        (Group::OtherLanguage, _) => text.to_owned(),
        (_, Language::En) => english::said_by(group, text, dice),
        (_, Language::Zh) => chinese::said_by(group, text, dice),
    }
}

#[cfg(test)]
mod tests;
