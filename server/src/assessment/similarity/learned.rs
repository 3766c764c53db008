//! A linear map over the embedder's vectors that brings a rubric item near the questions that ask it.
//!
//! `server/training/train_map.py` learns it from rubric items with questions that ask them and questions
//! that do not (`paraphrases-*.txt` there). The file holds rows of 384 numbers (bfloat16, little-endian):
//! the means of items in English and Chinese, the means of clauses in both, the map of items (384
//! rows), the map of clauses (384 rows).

use std::sync::LazyLock;

use knowledge_graph::Language;

const FILE: &[u8] = include_bytes!("map.bf16");
/// Length of the embedder's vectors.
const WIDTH: usize = 384;

static MAP: LazyLock<LearnedMap> = LazyLock::new(|| LearnedMap::read(FILE));

/// The map, ready to be used.
pub(super) struct LearnedMap {
    rows: Vec<f32>,
}

/// First rows of the parts of the file.
const MEANS_OF_ITEMS: usize = 0;
const MEANS_OF_CLAUSES: usize = 2;
const ITEMS: usize = 4;
const CLAUSES: usize = ITEMS + WIDTH;

impl LearnedMap {
    /// The map that is part of the program.
    pub fn embedded() -> &'static Self {
        &MAP
    }

    fn read(file: &[u8]) -> Self {
        let number = |bytes: &[u8; 2]| f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16);
        Self { rows: file.as_chunks::<2>().0.iter().map(number).collect() }
    }

    /// Where an item's vector comes to lie; of length one. A vector of another length than the map's comes
    /// to lie nowhere: all zero.
    pub fn item(&self, vector: &[f32], language: Language) -> Vec<f32> {
        self.apply(vector, MEANS_OF_ITEMS + row_of(language), ITEMS)
    }

    /// Where a clause's vector comes to lie.
    pub fn clause(&self, vector: &[f32], language: Language) -> Vec<f32> {
        self.apply(vector, MEANS_OF_CLAUSES + row_of(language), CLAUSES)
    }

    fn row(&self, at: usize) -> &[f32] {
        self.rows.get(at * WIDTH..(at + 1) * WIDTH).unwrap_or_default()
    }

    fn apply(&self, vector: &[f32], mean: usize, map: usize) -> Vec<f32> {
        let mut mapped = vec![0.0; WIDTH];
        if vector.len() != WIDTH {
            return mapped;
        }
        for (at, (x, mean)) in vector.iter().zip(self.row(mean)).enumerate() {
            for (sum, weight) in mapped.iter_mut().zip(self.row(map + at)) {
                *sum += (x - mean) * weight;
            }
        }
        let length = mapped.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for x in &mut mapped {
            *x /= length;
        }
        mapped
    }
}

fn row_of(language: Language) -> usize {
    match language {
        Language::En => 0,
        Language::Zh => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole_and_what_it_maps_has_length_one() {
        let map = LearnedMap::embedded();
        assert_eq!(map.rows.len(), (CLAUSES + WIDTH) * WIDTH);
        let vector: Vec<f32> = (0..WIDTH).map(|at| ((at * 37 % 11) as f32 - 5.0) / 60.0).collect();
        for language in Language::ALL {
            for mapped in [map.item(&vector, language), map.clause(&vector, language)] {
                assert!((mapped.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn a_vector_of_another_embedder_lies_nowhere() {
        assert!(LearnedMap::embedded().item(&[0.5; 8], Language::En).iter().all(|x| *x == 0.0));
    }
}
