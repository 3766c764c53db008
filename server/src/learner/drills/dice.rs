//! Chance, from kind and seed alone: an edit of the graph moves only the items it touches.

use rand_chacha::{
    ChaCha12Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use sha2::{Digest as _, Sha256};

use super::DrillKind;

pub(super) struct Dice(ChaCha12Rng);

impl Dice {
    /// Dice of their own for each purpose and its number.
    pub(super) fn new(kind: DrillKind, seed: u64, purpose: &str, number: u32) -> Self {
        Self(ChaCha12Rng::from_seed(Sha256::digest(format!("{kind}|{seed}|{purpose}|{number}")).into()))
    }

    /// An index below `count`; 0 when `count` is 0.
    pub(super) fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.0.next_u64() % (count.max(1) as u64)).unwrap_or(0)
    }

    /// An index, as often as its weight says; 0 when there are none.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().sum();
        let mut left = self.unit() * total;
        weights
            .iter()
            .position(|weight| {
                left -= weight;
                left < 0.0
            })
            .unwrap_or(0)
    }

    /// From 0 up to, not including, 1.
    fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn pick<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        choices.get(self.index(choices.len()))
    }

    /// Fisher and Yates' shuffle.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.index(end + 1));
        }
    }
}
