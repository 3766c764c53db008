//! Chance, from a seed alone.

use rand_chacha::{
    ChaCha12Rng,
    rand_core::{Rng, SeedableRng},
};
use sha2::{Digest, Sha256};

#[derive(Clone)]
pub(crate) struct Dice(ChaCha12Rng);

impl Dice {
    /// What is drawn for one purpose does not depend on what is drawn for another.
    pub fn new(seed: u64, purpose: &str) -> Self {
        Self(ChaCha12Rng::from_seed(Sha256::digest(format!("{seed}|{purpose}")).into()))
    }

    /// Uniform in 0–1, 1 excluded.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// 64 bits, each a coin.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// An index below `count`; 0 when `count` is 0.
    pub fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.0.next_u64() % (count.max(1) as u64)).unwrap_or(0)
    }

    /// Normal with this mean and spread (Box–Muller).
    pub fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        let (radius, angle) = (1.0 - self.unit(), self.unit());
        mean + sd * (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }
}
