//! The one place that throws dice for consultations; everything else is handed a seed.

use std::sync::atomic::{AtomicU64, Ordering};

/// Gives seeds.
pub trait Seeds: Send + Sync {
    /// A fresh seed.
    fn next(&self) -> u64;
}

/// The machine's dice. When the operating system has none to give, a counter: seeds vary a
/// patient's wording and need not be secret.
#[derive(Debug, Default)]
pub struct SystemSeeds(CountedSeeds);

impl Seeds for SystemSeeds {
    fn next(&self) -> u64 {
        getrandom::u64().unwrap_or_else(|_| self.0.next())
    }
}

/// Seeds for tests: 0, 1, 2 …
#[derive(Debug, Default)]
pub struct CountedSeeds(AtomicU64);

impl Seeds for CountedSeeds {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}
