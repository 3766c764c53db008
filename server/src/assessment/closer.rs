//! A closer look: an item and the turns that most likely ask it are read together.
//!
//! The classifier compares measures of a clause and an item that were each read alone. Near misses ("how long
//! does it last?" for "when it began") look alike to it. Here a model reads both side by side, with the exchange before,
//! and a small regression weighs its verdict against the classifier's.

use models::Pair;
use serde::Deserialize;

use super::{Transcript, rubric::RubricItem};
use crate::{linear::Linear, understanding::Matcher};

/// Names of what is weighed, in order: the classifier's log-odds that the item was asked; the reader's highest
/// and second highest of the item's turns; the reader's of the turn that the classifier likes best;
/// the higher and the lower of classifier and reader; the language.
pub(crate) const CLOSER_FEATURES: [&str; 7] =
    ["odds", "read", "read_next", "read_of_best", "higher", "lower", "chinese"];

/// Turns of an item that are read.
pub(super) const MOST_TURNS: usize = 3;
/// Log-odds beyond which no reading would turn the verdict.
const CERTAIN: f64 = 3.0;
/// What stands for a turn that there is not.
const NOT_ASKED: f64 = -6.0;
/// Log-odds of the reader beyond which it is as sure as it gets.
const SUREST: f64 = 6.0;
/// Longer turns are read as the clause with its neighbours, in bytes.
const LONG_TURN: usize = 240;

/// The weights of the closer look.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Closer {
    asked: Linear,
    /// An item whose more likely verdict is less probable than this goes to an examiner.
    pub review_below: f64,
}

impl Closer {
    /// Whether the weights are for [`CLOSER_FEATURES`].
    pub fn is_sound(&self) -> bool {
        self.asked.features == CLOSER_FEATURES && self.asked.is_sound()
    }

    /// Probability that an item was asked: `odds` are the classifier's log-odds, `read` the reader's of each turn,
    /// the classifier's best turn first.
    pub fn asked(&self, odds: f64, read: &[f64], chinese: bool) -> f64 {
        self.asked.probability(&closer_features(odds, read, chinese))
    }
}

/// The values of [`CLOSER_FEATURES`].
fn closer_features(odds: f64, read: &[f64], chinese: bool) -> [f64; CLOSER_FEATURES.len()] {
    let mut sorted: Vec<f64> = read.iter().map(|odds| odds.clamp(-SUREST, SUREST)).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let at = |place: usize| sorted.get(place).copied().unwrap_or(NOT_ASKED);
    let of_best = read.first().map_or(NOT_ASKED, |odds| odds.clamp(-SUREST, SUREST));
    [odds, at(0), at(1), of_best, odds.max(at(0)), odds.min(at(0)), if chinese { 1.0 } else { 0.0 }]
}

/// Whether reading could turn a verdict with these log-odds.
pub(super) fn is_open(odds: f64) -> bool {
    odds.abs() < CERTAIN
}

/// An item and a turn, to be read together. `clause` is where in the turn it may be asked.
pub(super) fn pair(item: &RubricItem, transcript: &Transcript, turn: usize, clause: &std::ops::Range<usize>) -> Pair {
    let text = &transcript.turns[turn].text;
    let said = if text.len() > LONG_TURN { around(text, clause) } else { text };
    let before = &transcript.turns[turn.saturating_sub(2)..turn];
    let before: Vec<&str> = before.iter().map(|turn| turn.text.as_str()).collect();
    Pair { item: item.text.clone(), said: said.to_owned(), before: before.join(" ") }
}

/// The clause with as much around it as makes up a turn of usual length.
fn around<'t>(text: &'t str, clause: &std::ops::Range<usize>) -> &'t str {
    let room = LONG_TURN.saturating_sub(clause.len()) / 2;
    let start = text.floor_char_boundary(clause.start.saturating_sub(room));
    let end = text.ceil_char_boundary((clause.end + room).min(text.len()));
    &text[start..end]
}

/// Reads the pairs; none without a reader.
pub(super) fn read(matcher: &Matcher, pairs: &[Pair]) -> Option<Vec<f64>> {
    if pairs.is_empty() { Some(Vec::new()) } else { matcher.read_together(pairs) }
}
