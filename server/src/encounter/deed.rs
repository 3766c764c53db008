//! What a student does with an utterance as a whole: asks for something, begins an examination, comforts…
//!
//! The words of one clause often do not tell. "Could you hold your arms out?" examines, "Could you hold
//! your arms up this morning?" asks. A multinomial logistic regression tells them apart: over what the
//! clauses seem to do, short runs of words (English) or characters (Chinese), and the vector of the whole.
//! `server/training/deeds.py` makes its weights from labelled utterances.

use std::{collections::HashMap, sync::LazyLock};

use knowledge_graph::Language;
use serde::Deserialize;

use crate::understanding::DialogueAct;

/// From this probability on the deed decides, whatever single words seem to do.
const SURE: f64 = 0.75;
/// The same for what would offend.
const SURE_OF_BLAME: f64 = 0.9;
/// How much the vector weighs beside the runs.
const OF_VECTOR: f64 = 3.0;
/// Words or characters in the longest run.
const LONGEST_RUN: usize = 3;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Asks for something particular.
    Ask,
    /// Invites the story, or asks for the main trouble in general.
    Open,
    /// Begins an examination, test or treatment, or asks leave for it.
    Order,
    /// Shows feeling, comforts, praises, apologises.
    Empathy,
    /// Explains, advises, says what comes next.
    Explain,
    /// Says back what was heard.
    Summary,
    /// Asks leave to talk or to ask; promises to keep it to themselves.
    Leave,
    /// Greets.
    Greet,
    /// Ends the talk, or offers to answer questions.
    Close,
    /// Belittles, suspects or insults.
    Blame,
}

impl Deed {
    /// The act of clauses that take part in the deed; none where their own words decide.
    pub const fn act(self) -> Option<DialogueAct> {
        match self {
            Self::Open => Some(DialogueAct::OpenQuestion),
            Self::Order => Some(DialogueAct::Order),
            Self::Empathy => Some(DialogueAct::Empathy),
            Self::Explain => Some(DialogueAct::Advice),
            Self::Summary => Some(DialogueAct::Summary),
            Self::Blame => Some(DialogueAct::Rude),
            Self::Ask | Self::Leave | Self::Greet | Self::Close => None,
        }
    }
}

/// Weights of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    deeds: Vec<Deed>,
    bias: Vec<f64>,
    runs: HashMap<String, Vec<f64>>,
    mean: Vec<f32>,
    vector: Vec<Vec<f64>>,
}

/// What is known of an utterance.
pub(super) struct Seen<'a> {
    /// Its words.
    pub said: &'a str,
    /// Its language.
    pub language: Language,
    /// What each clause seems to do.
    pub acts: &'a [DialogueAct],
    /// The vector of the whole.
    pub vector: &'a [f32],
}

static WEIGHTS: LazyLock<HashMap<Language, Weights>> = LazyLock::new(|| {
    let read: Result<HashMap<Language, Weights>, _> = serde_json::from_str(include_str!("deed/weights.json"));
    let mut weights = read.unwrap_or_default();
    weights.retain(|_, weights| {
        let count = weights.deeds.len();
        weights.bias.len() == count
            && weights.runs.values().chain(&weights.vector).all(|row| row.len() == count)
            && weights.vector.len() == weights.mean.len()
    });
    weights
});

/// What an utterance does, where that is sure.
pub(super) fn deed(seen: &Seen<'_>) -> Option<Deed> {
    let (deed, probability) = likeliest(seen)?;
    let sure = if deed == Deed::Blame { SURE_OF_BLAME } else { SURE };
    (probability >= sure).then_some(deed)
}

fn likeliest(seen: &Seen<'_>) -> Option<(Deed, f64)> {
    let weights = WEIGHTS.get(&seen.language)?;
    if seen.vector.len() != weights.mean.len() {
        return None;
    }
    let mut scores = weights.bias.clone();
    let mut add = |row: &[f64], by: f64| scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * by);
    let runs = runs(seen.said, seen.language);
    // Long turns have more runs than short ones, not more to say.
    let share = 1.0 / (runs.len().max(1) as f64).sqrt();
    for row in runs.iter().filter_map(|run| weights.runs.get(run)) {
        add(row, share);
    }
    let mut acts: Vec<String> = seen.acts.iter().map(|act| format!("<{}>", act.as_str())).collect();
    acts.sort_unstable();
    acts.dedup();
    for row in acts.iter().filter_map(|act| weights.runs.get(act)) {
        add(row, 1.0);
    }
    let centred: Vec<f64> = seen.vector.iter().zip(&weights.mean).map(|(x, mean)| f64::from(x - mean)).collect();
    let length = centred.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-6);
    for (x, row) in centred.iter().zip(&weights.vector) {
        add(row, OF_VECTOR * x / length);
    }
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let sum: f64 = scores.iter().map(|score| (score - most).exp()).sum();
    let best = scores.iter().position(|score| *score >= most)?;
    Some((*weights.deeds.get(best)?, 1.0 / sum))
}

/// The different runs of one to three words (characters in Chinese), beginning and end marked.
fn runs(said: &str, language: Language) -> Vec<String> {
    let lower = said.to_lowercase().replace('’', "'").replace('？', "?").replace('，', ",");
    let mut tokens = vec!["^".to_owned()];
    match language {
        Language::En => {
            let mut word = String::new();
            for character in lower.chars() {
                if character.is_ascii_alphanumeric() || character == '\'' {
                    word.push(character);
                    continue;
                }
                tokens.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                tokens.extend((character == '?').then(|| "?".to_owned()));
            }
            tokens.extend((!word.is_empty()).then_some(word));
        }
        Language::Zh => {
            let told = |c: &char| matches!(c, '?' | ',') || c.is_alphanumeric();
            tokens.extend(lower.chars().filter(told).map(String::from));
        }
    }
    tokens.push("$".to_owned());
    let between = if language == Language::En { " " } else { "" };
    let mut runs: Vec<String> =
        (1..=LONGEST_RUN).flat_map(|length| tokens.windows(length).map(|run| run.join(between))).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_both_languages_are_sound() {
        for language in Language::ALL {
            let weights = &WEIGHTS[&language];
            assert!(weights.deeds.contains(&Deed::Ask) && weights.deeds.contains(&Deed::Order));
            assert!(!weights.runs.is_empty());
        }
    }

    #[test]
    fn runs_are_of_words_in_english_and_of_characters_in_chinese() {
        assert_eq!(runs("Any pain?", Language::En).len(), 12);
        assert!(runs("Let’s see", Language::En).contains(&"^ let's see".to_owned()));
        assert!(runs("疼吗？", Language::Zh).contains(&"吗?$".to_owned()));
    }

    #[test]
    fn without_a_vector_nothing_is_sure() {
        let seen = Seen { said: "I'd like to listen to your chest.", language: Language::En, acts: &[], vector: &[] };

        assert_eq!(deed(&seen), None);
    }
}
