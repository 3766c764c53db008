//! Chance, from a seed alone.

use rand_chacha::{
    ChaCha12Rng,
    rand_core::{Rng, SeedableRng},
};
use sha2::{Digest, Sha256};

/// Dice of one seed.
pub(crate) struct Dice(ChaCha12Rng);

impl Dice {
    /// Transcript and group belong to the seed: adding one changes nothing for the others.
    pub fn new(seed: u64, transcript: &str, group: &str) -> Self {
        Self(ChaCha12Rng::from_seed(Sha256::digest(format!("{seed}|{transcript}|{group}")).into()))
    }

    /// A whole number below `count`; 0 when `count` is 0.
    pub fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.0.next_u64() % (count.max(1) as u64)).unwrap_or(0)
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.index(times) == 0
    }

    /// One of `choices`.
    pub fn pick<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        choices.get(self.index(choices.len())).copied().unwrap_or_default()
    }
}
