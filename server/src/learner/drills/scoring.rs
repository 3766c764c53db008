//! What an answer is worth.

use serde::{Deserialize, Serialize};

use super::{Item, Key};

/// An answer. Numbers are indexes into the item's choices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// One choice.
    One(usize),
    /// For each prompt a choice, or none.
    Pairs(Vec<Option<usize>>),
    /// Choices, the first first.
    Order(Vec<usize>),
    /// Said not to know: wrong, and nothing was guessed.
    Unknown,
}

/// Credit 0–1: all or nothing for one choice, the share of right pairs, the share of pairs of a
/// ranking in the right order (Kendall's concordance). `None` when the answer does not fit the item.
pub fn score(item: &Item, answer: &Answer) -> Option<f64> {
    match (&item.key, answer) {
        (_, Answer::Unknown) => Some(0.0),
        (Key::One(key), Answer::One(choice)) if *choice < item.choices.len() => {
            Some(f64::from(u8::from(key == choice)))
        }
        (Key::Pairs(key), Answer::Pairs(given)) if key.len() == given.len() => {
            let right = key.iter().zip(given).filter(|(key, given)| Some(**key) == **given).count();
            Some(right as f64 / key.len().max(1) as f64)
        }
        (Key::Order(key), Answer::Order(given)) => concordance(key, given),
        _ => None,
    }
}

fn concordance(key: &[usize], given: &[usize]) -> Option<f64> {
    let place = |choice: &usize| given.iter().position(|one| one == choice);
    let places: Option<Vec<usize>> = key.iter().map(place).collect();
    let places = places.filter(|_| key.len() == given.len())?;
    let pairs = places.len() * places.len().saturating_sub(1) / 2;
    let agreeing: usize = places
        .iter()
        .enumerate()
        .map(|(at, first)| places[at + 1..].iter().filter(|later| *later > first).count())
        .sum();
    Some(agreeing as f64 / pairs.max(1) as f64)
}

/// Credit that blind guessing earns on average.
pub fn guess(item: &Item) -> f64 {
    match &item.key {
        Key::One(_) | Key::Pairs(_) => 1.0 / item.choices.len().max(1) as f64,
        Key::Order(_) => 0.5,
    }
}
