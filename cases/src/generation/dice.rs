//! Chance, from a seed alone: no call depends on the machine, the clock or a library's version.

use knowledge_graph::{Bilingual, BilingualList};
use rand_chacha::{
    ChaCha12Rng,
    rand_core::{Rng, SeedableRng},
};
use sha2::{Digest, Sha256};

use super::Request;

pub(super) struct Dice {
    rng: ChaCha12Rng,
}

impl Dice {
    /// The whole request is the seed, so that two diseases with the same number still differ.
    pub(super) fn new(request: &Request) -> Self {
        let words = format!(
            "{}|{}|{}|{:?}|{:?}|{:?}|{:?}|{:?}",
            request.seed,
            request.disease,
            request.comorbidities.join(","),
            request.age,
            request.sex,
            request.level,
            request.style,
            request.language,
        );
        Self { rng: ChaCha12Rng::from_seed(Sha256::digest(words).into()) }
    }

    /// Uniform in 0–1, 1 excluded.
    pub(super) fn unit(&mut self) -> f64 {
        (self.rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u16, high: u16) -> u16 {
        low + self.index(usize::from(high.saturating_sub(low)) + 1).try_into().unwrap_or(0)
    }

    /// An index below `count`; 0 when `count` is 0.
    pub(super) fn index(&mut self, count: usize) -> usize {
        let drawn = self.rng.next_u64() % (count.max(1) as u64);
        usize::try_from(drawn).unwrap_or(0)
    }

    /// One of `choices`.
    pub(super) fn pick<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        choices.get(self.index(choices.len()))
    }

    /// The index of one of `weights`, in proportion; `None` when none is above zero.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        let mut left = self.unit() * total;
        let last = weights.iter().rposition(|weight| *weight > 0.0)?;
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return Some(index);
            }
            left -= weight;
        }
        Some(last)
    }

    /// A draw from a normal distribution, never more than 1.5 deviations from the mean: a teaching
    /// case shows typical values. (Sum of twelve uniforms, Irwin–Hall.)
    pub(super) fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let sum: f64 = (0..12).map(|_| self.unit()).sum();
        mean + (sum - 6.0).clamp(-1.5, 1.5) * deviation
    }
}

/// The texts numbered `index` of both lists, counted round, as sentences. Lists of one length are
/// taken as pairs.
pub(super) fn variant(list: &BilingualList, index: usize) -> Option<Bilingual> {
    let at = |texts: &[String]| texts.get(index % texts.len().max(1)).cloned();
    let (en, zh) = (at(&list.en)?, at(&list.zh)?);
    let is_open = |text: &str| !text.trim_end().ends_with(['.', '!', '?', '。', '！', '？', '…', '”', '"']);
    Some(Bilingual {
        en: if is_open(&en) { format!("{}.", capital(en.trim())) } else { capital(&en) },
        zh: if is_open(&zh) { format!("{}。", zh.trim()) } else { zh },
    })
}

/// The text with its first letter in upper case.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
