//! How much memory weights will take, told before they are loaded: a machine that swaps answers
//! nobody, and a killed worker says nothing.

use std::{fs, path::Path};

use thiserror::Error;

use crate::gguf::{self, GgufError, Header, MetadataValue};

/// llama.cpp's own tables, the program and its threads, in bytes.
const OVERHEAD: u64 = 192 << 20;
/// Tokens of one batch, for which there is working memory.
const BATCH_TOKENS: u64 = 96;
/// Bytes of a key's or value's number in the context.
const BYTES_OF_A_CELL: u64 = 2;
const BYTES_OF_A_FLOAT: u64 = 4;

/// What weights need, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Need {
    /// The weights themselves.
    pub weights: u64,
    /// Keys and values of the context.
    pub context: u64,
    /// Working memory of one batch, and what does not depend on the model.
    pub work: u64,
}

/// Why weights are not loaded.
#[derive(Debug, Error)]
pub enum MemoryError {
    /// They do not fit.
    #[error(
        "{what} would need about {} MiB of memory and {} MiB are free: choose smaller weights \
         (`anamnesis model list`), a smaller --context, or close other programs",
        .needed >> 20, .free >> 20
    )]
    DoesNotFit {
        /// Which weights, with the length of their context.
        what: String,
        /// Bytes needed.
        needed: u64,
        /// Bytes free.
        free: u64,
    },
    /// The file is not usable.
    #[error("{file}: {error}")]
    Unreadable {
        /// The file.
        file: String,
        /// What is wrong with it.
        error: GgufError,
    },
}

impl Need {
    /// What the file at `path` needs with a context of `context_tokens`.
    pub fn of(path: &Path, context_tokens: u32) -> Result<Self, MemoryError> {
        let header =
            gguf::check(path).map_err(|error| MemoryError::Unreadable { file: path.display().to_string(), error })?;
        Ok(Self::of_header(&header, context_tokens))
    }

    /// What weights with this header need with a context of `context_tokens`.
    pub fn of_header(header: &Header, context_tokens: u32) -> Self {
        let weights = header.tensors.iter().fold(0_u64, |sum, tensor| sum.saturating_add(tensor.bytes));
        let architecture = header.text("general.architecture").unwrap_or_default();
        let number = |key: &str| match header.get(&format!("{architecture}.{key}")) {
            Some(MetadataValue::Integer(value)) => u64::try_from(*value).ok(),
            _ => None,
        };
        let width = number("embedding_length").unwrap_or_default();
        let heads = number("attention.head_count").unwrap_or(1).max(1);
        // Models without grouped queries name no number of their own for keys and values.
        let pairs = number("attention.head_count_kv").unwrap_or(heads);
        let key = number("attention.key_length").unwrap_or(width / heads);
        let value = number("attention.value_length").unwrap_or(width / heads);
        let cells = u64::from(context_tokens).saturating_mul(number("block_count").unwrap_or_default());
        let vocabulary = match header.get("tokenizer.ggml.tokens") {
            Some(MetadataValue::Array(_, count)) => *count,
            _ => 0,
        };
        let outputs = vocabulary.saturating_add(number("feed_forward_length").unwrap_or_default());
        let attention = heads.saturating_mul(context_tokens.into());
        let work = BATCH_TOKENS * BYTES_OF_A_FLOAT;
        Self {
            weights,
            context: cells
                .saturating_mul(pairs)
                .saturating_mul(key.saturating_add(value))
                .saturating_mul(BYTES_OF_A_CELL),
            work: outputs.saturating_add(attention).saturating_mul(work).saturating_add(OVERHEAD),
        }
    }

    /// All of it.
    pub fn total(&self) -> u64 {
        self.weights.saturating_add(self.context).saturating_add(self.work)
    }

    /// Refuses what does not fit into `free` bytes; `what` names it.
    pub fn check(&self, what: &str, free: Option<u64>) -> Result<(), MemoryError> {
        match free {
            Some(free) if self.total() > free => {
                Err(MemoryError::DoesNotFit { what: what.to_owned(), needed: self.total(), free })
            }
            _ => Ok(()),
        }
    }
}

/// Memory that can be had without swapping, in bytes: what the machine has free, or less where a
/// container allows less. None where the system does not say.
pub fn free() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| field(&text, "MemAvailable:"))? << 10;
    Some(container().map_or(machine, |container| container.min(machine)))
}

/// What control group 2 leaves this container.
fn container() -> Option<u64> {
    let read = |name: &str| fs::read_to_string(Path::new("/sys/fs/cgroup").join(name)).ok();
    let most: u64 = read("memory.max")?.trim().parse().ok()?;
    let used: u64 = read("memory.current")?.trim().parse().ok()?;
    // Pages of files are given back when they are needed.
    let reclaimable = read("memory.stat").and_then(|text| field(&text, "inactive_file")).unwrap_or_default();
    Some(most.saturating_sub(used.saturating_sub(reclaimable)))
}

/// The number behind `name` in lines of names and numbers.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_is_counted_in_grouped_keys_and_values() {
        let mut writer = gguf::Writer::default();
        writer
            .text("general.architecture", "qwen2")
            .u32("qwen2.block_count", 28)
            .u32("qwen2.embedding_length", 1536)
            .u32("qwen2.attention.head_count", 12)
            .u32("qwen2.attention.head_count_kv", 2);
        let mut bytes = Vec::new();
        writer.write(&mut bytes).unwrap();
        let header = Header::read(&mut bytes.as_slice(), bytes.len() as u64).unwrap();

        let need = Need::of_header(&header, 8192);

        // 28 layers × 8192 tokens × 2 heads × (128 + 128) numbers × 2 bytes = 224 MiB.
        assert_eq!(need.context >> 20, 224);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_both_numbers() {
        let need = Need { weights: 1 << 30, context: 0, work: 0 };

        let message = need.check("big.gguf with a context of 8192 tokens", Some(512 << 20)).unwrap_err().to_string();

        assert!(
            message.contains("1024 MiB") && message.contains("512 MiB") && message.contains("--context"),
            "{message}"
        );
        assert!(need.check("big.gguf", Some(2 << 30)).is_ok());
        assert!(need.check("big.gguf", None).is_ok(), "a system that does not say refuses nothing");
    }

    #[test]
    fn numbers_are_found_behind_their_names() {
        assert_eq!(field("MemTotal: 8 kB\nMemAvailable:    4096 kB\n", "MemAvailable:"), Some(4096));
        assert_eq!(field("", "MemAvailable:"), None);
    }
}
