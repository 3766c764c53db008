//! Many phrases looked for at once, whole words only, the longest first.

use std::{collections::BTreeMap, ops::Range};

use aho_corasick::AhoCorasick;

use super::{MatcherError, words::Words};

const EDGE: char = '\u{1}';

/// Phrases, each with what it stands for.
#[derive(Debug)]
pub(crate) struct Phrasebook<T> {
    /// None without phrases.
    automaton: Option<AhoCorasick>,
    meanings: Vec<Vec<T>>,
}

/// A phrase found.
#[derive(Debug)]
pub(crate) struct Found<'a, T> {
    /// Which words it covers.
    pub words: Range<usize>,
    /// What it stands for.
    pub meanings: &'a [T],
}

impl<T: Clone + PartialEq> Phrasebook<T> {
    /// Makes a book of `phrases`. A phrase may have several meanings.
    pub fn new<'p>(phrases: impl IntoIterator<Item = (&'p str, T)>) -> Result<Self, MatcherError> {
        let mut book: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for (phrase, meaning) in phrases {
            let key = key_of(&Words::read(phrase).stems());
            let meanings = book.entry(key).or_default();
            if !meanings.contains(&meaning) {
                meanings.push(meaning);
            }
        }
        book.remove(&EDGE.to_string());
        let automaton = AhoCorasick::new(book.keys()).map_err(|error| MatcherError::Phrases(error.to_string()))?;
        Ok(Self { automaton: Some(automaton), meanings: book.into_values().collect() })
    }

    /// A book without phrases.
    pub fn empty() -> Self {
        Self { automaton: None, meanings: Vec::new() }
    }

    /// The phrases in `stems`, none overlapping another, longest first where they compete, in order.
    pub fn find(&self, stems: &[&str]) -> Vec<Found<'_, T>> {
        let mut found = self.find_all(stems);
        found.sort_by_key(|f| (std::cmp::Reverse(f.words.len()), f.words.start));
        let mut taken = vec![false; stems.len()];
        found.retain(|f| {
            let free = !taken[f.words.clone()].iter().any(|taken| *taken);
            if free {
                taken[f.words.clone()].fill(true);
            }
            free
        });
        found.sort_by_key(|f| f.words.start);
        found
    }

    /// Every phrase in `stems`, overlapping ones included.
    pub fn find_all(&self, stems: &[&str]) -> Vec<Found<'_, T>> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let text = key_of(stems);
        let mut word_at = vec![0_usize; text.len() + 1];
        let mut word = 0;
        for (at, c) in text.char_indices() {
            word_at[at] = word;
            word += usize::from(c == EDGE);
        }
        automaton
            .find_overlapping_iter(&text)
            .map(|hit| Found {
                words: word_at[hit.start()]..word_at[hit.end() - 1],
                meanings: &self.meanings[hit.pattern().as_usize()],
            })
            .collect()
    }
}

fn key_of(stems: &[&str]) -> String {
    let mut key = String::from(EDGE);
    for stem in stems {
        key.push_str(stem);
        key.push(EDGE);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> Phrasebook<&'static str> {
        Phrasebook::new([("chest pain", "chest"), ("pain", "pain"), ("胸口疼", "chest"), ("ear", "ear")]).unwrap()
    }

    #[test]
    fn the_longest_phrase_wins() {
        let words = Words::read("Any chest pains? Other pain?");
        let stems = words.stems();
        let book = book();
        let found: Vec<_> = book.find(&stems).into_iter().map(|f| (f.words, f.meanings[0])).collect();
        assert_eq!(found, [(1..3, "chest"), (4..5, "pain")]);
    }

    #[test]
    fn a_phrase_inside_another_word_is_not_found() {
        let words = Words::read("Did you hear that?");
        assert!(book().find(&words.stems()).is_empty());
    }

    #[test]
    fn chinese_phrases_need_no_spaces() {
        let words = Words::read("您胸口疼不疼");
        let book = book();
        assert_eq!(book.find(&words.stems())[0].words, 1..4);
    }
}
