//! Embedding a dialogue and a rubric, and comparing them.

use super::{dialogue::Dialogue, features::Similarity, item::ItemReading};
use crate::understanding::{DialogueAct, Matcher};

/// Vectors of clauses and items, and all their similarities.
pub(crate) struct Similarities {
    /// By clause (row) and item (column).
    table: Vec<Vec<Similarity>>,
    /// Whether the embedder answered.
    pub embedded: bool,
}

/// Most clauses embedded of one transcript; the rest are compared by words alone.
const MOST_CLAUSES: usize = 160;
/// Cosines of this model bunch up around this value; see the model's own documentation.
const CENTRE: f32 = 0.84;
const SCALE: f32 = 20.0;
const TEMPERATURE: f32 = 0.015;

impl Similarities {
    /// Compares every clause that may ask with every item. Without an embedder all are zero.
    pub fn new(
        dialogue: &Dialogue,
        texts: &[&str],
        items: &[ItemReading],
        vectors: Option<&[Vec<f32>]>,
        matcher: &Matcher,
    ) -> Self {
        let none =
            || Self { table: vec![vec![Similarity::default(); items.len()]; dialogue.student.len()], embedded: false };
        let Some(items) = vectors else { return none() };
        let wanted: Vec<usize> =
            (0..dialogue.student.len()).filter(|at| may_ask(dialogue, *at)).take(MOST_CLAUSES).collect();
        let joined: Vec<usize> = wanted.iter().copied().filter(|at| dialogue.student[*at].joined.is_some()).collect();
        let mut all: Vec<&str> = wanted.iter().map(|at| texts[*at]).collect();
        all.extend(joined.iter().filter_map(|at| dialogue.student[*at].joined.as_deref()));
        let Some(found) = matcher.embed(&all) else { return none() };
        let (own, of_joined) = found.split_at(wanted.len());
        let mut table = none().table;
        for (at, vector) in wanted.iter().zip(own) {
            fill(&mut table[*at], vector, items);
        }
        for (at, vector) in joined.iter().zip(of_joined) {
            let scores = standardised(&cosines(vector, items));
            for (cell, score) in table[*at].iter_mut().zip(scores) {
                cell.joined = score;
            }
        }
        set_distance_to_best(&mut table);
        Self { table, embedded: true }
    }

    /// The similarity of a clause to an item.
    pub fn get(&self, clause: usize, item: usize) -> Similarity {
        self.table[clause][item]
    }
}

/// Whether a clause could ask anything: acknowledgements and greetings are not worth a vector.
fn may_ask(dialogue: &Dialogue, at: usize) -> bool {
    let reading = &dialogue.student[at].reading;
    let mute = matches!(reading.act, DialogueAct::Backchannel | DialogueAct::Greeting | DialogueAct::Closing);
    !mute && (reading.mood.question || reading.act != DialogueAct::Advice) && reading.words.len() >= 2
}

fn cosines(vector: &[f32], items: &[Vec<f32>]) -> Vec<f32> {
    items.iter().map(|item| item.iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
}

fn standardised(values: &[f32]) -> Vec<f32> {
    let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len().max(1) as f32;
    let deviation = variance.sqrt().max(0.005);
    values.iter().map(|v| (v - mean) / deviation).collect()
}

fn fill(row: &mut [Similarity], vector: &[f32], items: &[Vec<f32>]) {
    let raw = cosines(vector, items);
    let scores = standardised(&raw);
    let highest = raw.iter().copied().fold(f32::MIN, f32::max);
    let weights: Vec<f32> = raw.iter().map(|v| ((v - highest) / TEMPERATURE).exp()).collect();
    let total: f32 = weights.iter().sum();
    for (at, cell) in row.iter_mut().enumerate() {
        *cell = Similarity {
            embedded: true,
            raw: (raw[at] - CENTRE) * SCALE,
            of_clause: scores[at],
            to_best: 0.0,
            share: weights[at] / total,
            joined: scores[at],
        };
    }
}

fn set_distance_to_best(table: &mut [Vec<Similarity>]) {
    let items = table.first().map_or(0, Vec::len);
    for item in 0..items {
        let best = table.iter().filter(|row| row[item].embedded).map(|row| row[item].raw).fold(f32::MIN, f32::max);
        for row in table.iter_mut().filter(|row| row[item].embedded) {
            row[item].to_best = row[item].raw - best;
        }
    }
}
