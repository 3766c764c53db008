//! Dry runs that are going on, for whoever waits for them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How far a dry run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Going on.
    Playing {
        /// Consultations held.
        done: usize,
        /// Consultations in all; 0 before the first is known.
        total: usize,
    },
    /// It stopped before its end.
    Stopped,
}

/// The dry runs of this server that are going on, or stopped, by case and version.
#[derive(Default)]
pub struct Running(Mutex<HashMap<(String, u32), Progress>>);

impl Running {
    /// Begins one; false when the same is going on already.
    pub fn begin(&self, id: &str, version: u32) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (id.to_owned(), version);
        if matches!(all.get(&key), Some(Progress::Playing { .. })) {
            return false;
        }
        all.insert(key, Progress::Playing { done: 0, total: 0 });
        true
    }

    /// Says how far it is.
    pub fn tell(&self, id: &str, version: u32, progress: Progress) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert((id.to_owned(), version), progress);
    }

    /// Ends one that found its result.
    pub fn end(&self, id: &str, version: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(id.to_owned(), version));
    }

    /// How far it is; none when nothing goes on.
    pub fn progress(&self, id: &str, version: u32) -> Option<Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(id.to_owned(), version)).copied()
    }
}
