//! Reads a question and a rubric item together and says whether the one asks the other.
//!
//! Two vectors, made apart, lie near each other when two texts are about the same thing; whether "how long
//! does each bout last?" asks "when the pain started" only shows when they are read side by side. The reader is the
//! embedding model with low-rank changes to its layers (`LoRA`; Hu et al. 2021) and a small head,
//! trained as a cross-encoder by `server/training/train_reader.py`. It costs no second model: llama.cpp
//! adds the changes while it computes.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::gguf::{TensorData, TensorType, Writer};

/// Everything learned: for each layer and product the two factors of its change, then the head;
/// bfloat16, little-endian, rows in order.
const FILE: &[u8] = include_bytes!("reader/adapter.bf16");

const LAYERS: usize = 12;
const WIDTH: usize = 384;
const WIDE: usize = 1536;
const RANK: usize = 16;
/// Numbers between the mean over the tokens and the score.
const HIDDEN: usize = 64;
/// Products of a layer, with how many numbers go in and come out.
const PRODUCTS: [(&str, usize, usize); 6] = [
    ("attn_q", WIDTH, WIDTH),
    ("attn_k", WIDTH, WIDTH),
    ("attn_v", WIDTH, WIDTH),
    ("attn_output", WIDTH, WIDTH),
    ("ffn_up", WIDTH, WIDE),
    ("ffn_down", WIDE, WIDTH),
];
/// Means over the tokens are small; the head was taught on them times this.
const SPREAD: f32 = 3.0;

/// A rubric item and what was said, to be read together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pair {
    /// What might be asked, such as "Asks when the pain started."; of a patient's fact also its answer.
    pub item: String,
    /// What the student said.
    pub said: String,
    /// The exchange before it; may be empty.
    pub before: String,
}

/// The head: from the mean over the tokens to log-odds.
pub(crate) struct Head {
    weights: Vec<f32>,
}

impl Head {
    pub(crate) fn embedded() -> Self {
        let length = HIDDEN * WIDTH + HIDDEN + HIDDEN + 1;
        let numbers = numbers();
        Self { weights: numbers[numbers.len().saturating_sub(length)..].to_vec() }
    }

    /// Log-odds that the question asks the item, from the mean over the tokens of both.
    pub(crate) fn log_odds(&self, mean: &[f32]) -> f32 {
        let (products, rest) = self.weights.split_at(HIDDEN * WIDTH);
        let (biases, rest) = rest.split_at(HIDDEN);
        let hidden = products.chunks_exact(WIDTH).zip(biases).map(|(row, bias)| {
            let sum: f32 = row.iter().zip(mean).map(|(weight, value)| weight * value * SPREAD).sum();
            (sum + bias).tanh()
        });
        hidden.zip(rest).map(|(value, weight)| value * weight).sum::<f32>() + rest[HIDDEN]
    }
}

/// Writes the changes as the adapter file that llama.cpp loads.
pub(crate) fn write_adapter(output: &mut impl Write) -> io::Result<()> {
    let numbers = numbers();
    let mut rest = numbers.as_slice();
    let mut writer = Writer::default();
    writer
        .text("general.architecture", "bert")
        .text("general.type", "adapter")
        .text("adapter.type", "lora")
        .f32("adapter.lora.alpha", RANK as f32);
    let mut factor = |name: String, inputs: usize, outputs: usize| {
        let (mine, others) = rest.split_at(inputs * outputs);
        rest = others;
        let data = mine.iter().flat_map(|value| value.to_le_bytes()).collect();
        TensorData { name, dimensions: vec![inputs as u64, outputs as u64], kind: TensorType::F32, data }
    };
    for layer in 0..LAYERS {
        for (name, inputs, outputs) in PRODUCTS {
            writer.tensor(factor(format!("blk.{layer}.{name}.weight.lora_a"), inputs, RANK)).tensor(factor(
                format!("blk.{layer}.{name}.weight.lora_b"),
                RANK,
                outputs,
            ));
        }
    }
    writer.write(output)
}

fn numbers() -> Vec<f32> {
    let number = |bytes: &[u8; 2]| f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16);
    FILE.as_chunks::<2>().0.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_the_changes_and_the_head_and_nothing_else() {
        let changes: usize = PRODUCTS.iter().map(|(_, inputs, outputs)| (inputs + outputs) * RANK).sum();
        let head = HIDDEN * WIDTH + HIDDEN + HIDDEN + 1;

        assert_eq!(numbers().len(), LAYERS * changes + head);
        assert!(numbers().iter().all(|number| number.is_finite()));
        assert!(Head::embedded().log_odds(&[0.01; WIDTH]).is_finite());
    }

    #[test]
    fn the_adapter_is_a_sound_file_with_two_factors_for_every_product() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write_adapter(&mut file).unwrap();

        let header = crate::gguf::check(file.path()).unwrap();

        assert_eq!(header.tensors.len(), LAYERS * PRODUCTS.len() * 2);
        assert_eq!(header.text("adapter.type"), Some("lora"));
    }
}
