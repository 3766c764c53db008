//! Embedding a dialogue and a rubric, and comparing them: as the embedder sees them, and through a map
//! that was taught which questions ask which items ([`learned`]).

mod learned;

use knowledge_graph::Language;

use self::learned::LearnedMap;
use super::{
    dialogue::Dialogue,
    features::{Learned, Similarity},
};
use crate::understanding::DialogueAct;

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
/// Least deviation that similarities are divided by.
const NARROWEST: f32 = 0.005;
/// The same two for similarities through the learned map, which spread over −1 to 1.
const TEMPERATURE_LEARNED: f32 = 0.07;
const NARROWEST_LEARNED: f32 = 0.03;

/// Turns texts into one vector each; none when it cannot.
pub(crate) type Embed<'e> = &'e dyn Fn(&[&str]) -> Option<Vec<Vec<f32>>>;

/// The vectors of a rubric's items, in their order.
pub(crate) struct ItemVectors {
    /// As the embedder sees them.
    pub raw: Vec<Vec<f32>>,
    /// Through the learned map.
    mapped: Vec<Vec<f32>>,
}

impl ItemVectors {
    /// The items with the vectors `raw` of their subjects, written in `language`.
    pub fn new(raw: Vec<Vec<f32>>, language: Language) -> Self {
        let map = LearnedMap::embedded();
        Self { mapped: raw.iter().map(|item| map.item(item, language)).collect(), raw }
    }
}

impl Similarities {
    /// Compares every clause that may ask with each of `items` items. Without vectors all are zero.
    pub fn new(
        dialogue: &Dialogue,
        texts: &[&str],
        (items, vectors): (usize, Option<&ItemVectors>),
        (embed, language): (Embed<'_>, Language),
    ) -> Self {
        let none = || Self { table: vec![vec![Similarity::default(); items]; dialogue.student.len()], embedded: false };
        let Some(ItemVectors { raw: items, mapped }) = vectors else { return none() };
        let wanted: Vec<usize> =
            (0..dialogue.student.len()).filter(|at| may_ask(dialogue, *at)).take(MOST_CLAUSES).collect();
        let joined: Vec<usize> = wanted.iter().copied().filter(|at| dialogue.student[*at].joined.is_some()).collect();
        let mut all: Vec<&str> = wanted.iter().map(|at| texts[*at]).collect();
        all.extend(joined.iter().filter_map(|at| dialogue.student[*at].joined.as_deref()));
        let Some(found) = embed(&all) else { return none() };
        let (own, of_joined) = found.split_at(wanted.len());
        let mut table = none().table;
        let map = LearnedMap::embedded();
        for (at, vector) in wanted.iter().zip(own) {
            fill(&mut table[*at], vector, items);
            fill_learned(&mut table[*at], &map.clause(vector, language), mapped);
        }
        for (at, vector) in joined.iter().zip(of_joined) {
            let scores = standardised(&cosines(vector, items), NARROWEST);
            let learned = standardised(&cosines(&map.clause(vector, language), mapped), NARROWEST_LEARNED);
            for ((cell, score), learned) in table[*at].iter_mut().zip(scores).zip(learned) {
                cell.joined = score;
                cell.learned.joined = learned;
            }
        }
        compare_with_others(&mut table);
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

fn standardised(values: &[f32], narrowest: f32) -> Vec<f32> {
    let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len().max(1) as f32;
    let deviation = variance.sqrt().max(narrowest);
    values.iter().map(|v| (v - mean) / deviation).collect()
}

fn shares(values: &[f32], temperature: f32) -> Vec<f32> {
    let highest = values.iter().copied().fold(f32::MIN, f32::max);
    let weights: Vec<f32> = values.iter().map(|v| ((v - highest) / temperature).exp()).collect();
    let total: f32 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

fn fill(row: &mut [Similarity], vector: &[f32], items: &[Vec<f32>]) {
    let raw = cosines(vector, items);
    let (scores, shares) = (standardised(&raw, NARROWEST), shares(&raw, TEMPERATURE));
    for (at, cell) in row.iter_mut().enumerate() {
        *cell = Similarity {
            embedded: true,
            raw: (raw[at] - CENTRE) * SCALE,
            of_clause: scores[at],
            share: shares[at],
            joined: scores[at],
            ..Similarity::default()
        };
    }
}

fn fill_learned(row: &mut [Similarity], vector: &[f32], items: &[Vec<f32>]) {
    let raw = cosines(vector, items);
    let (scores, shares) = (standardised(&raw, NARROWEST_LEARNED), shares(&raw, TEMPERATURE_LEARNED));
    for (at, cell) in row.iter_mut().enumerate() {
        cell.learned = Learned {
            raw: raw[at],
            of_clause: scores[at],
            share: shares[at],
            joined: scores[at],
            ..Learned::default()
        };
    }
}

/// How each clause compares with the others for the same item.
fn compare_with_others(table: &mut [Vec<Similarity>]) {
    let items = table.first().map_or(0, Vec::len);
    for item in 0..items {
        let rows: Vec<usize> = (0..table.len()).filter(|row| table[*row][item].embedded).collect();
        let best = rows.iter().map(|row| table[*row][item].raw).fold(f32::MIN, f32::max);
        let learned: Vec<f32> = rows.iter().map(|row| table[*row][item].learned.raw).collect();
        let best_learned = learned.iter().copied().fold(f32::MIN, f32::max);
        for (row, standing) in rows.iter().zip(standardised(&learned, NARROWEST_LEARNED)) {
            let cell = &mut table[*row][item];
            cell.to_best = cell.raw - best;
            cell.learned.to_best = cell.learned.raw - best_learned;
            cell.learned.of_item = standing;
        }
    }
}
