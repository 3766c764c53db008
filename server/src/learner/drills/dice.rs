//! Chance, from graph, kind and seed alone.

use rand_chacha::{
    ChaCha12Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use sha2::{Digest as _, Sha256};

use super::DrillKind;

pub(super) struct Dice(ChaCha12Rng);

impl Dice {
    pub(super) fn new(graph: &str, kind: DrillKind, seed: u64) -> Self {
        Self(ChaCha12Rng::from_seed(Sha256::digest(format!("{graph}|{kind}|{seed}")).into()))
    }

    /// An index below `count`; 0 when `count` is 0.
    pub(super) fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.0.next_u64() % (count.max(1) as u64)).unwrap_or(0)
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
