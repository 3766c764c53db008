//! Embedding through the worker.

use std::{sync::mpsc, time::Duration};

use super::WorkerEngine;
use crate::{
    engine::{Embedder, EngineError, ModelIdentity},
    frames::Texts,
    reader::Pair,
};

/// Texts per frame: keeps frames small and lets questions in between.
const TEXTS_AT_ONCE: usize = 256;
/// How long to wait for a restarted worker before giving up.
const RESTART: Duration = Duration::from_secs(20);

/// What multilingual-e5-small wants before a question or a phrase that is compared with others of
/// its kind ("Multilingual E5 Text Embeddings", 2024).
pub const QUERY_PREFIX: &str = "query: ";

impl Embedder for WorkerEngine {
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EngineError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for part in texts.chunks(TEXTS_AT_ONCE) {
            let part: Vec<String> = part.iter().map(|text| (*text).to_owned()).collect();
            vectors.extend(self.embed_part(Texts::Single(part))?);
        }
        Ok(vectors)
    }

    fn read(&self, pairs: &[Pair]) -> Result<Vec<f32>, EngineError> {
        let mut odds = Vec::with_capacity(pairs.len());
        for part in pairs.chunks(TEXTS_AT_ONCE) {
            odds.extend(self.embed_part(Texts::Pairs(part.to_vec()))?.into_iter().flatten());
        }
        Ok(odds)
    }

    fn identity(&self) -> ModelIdentity {
        self.embedding.clone()
    }
}

impl WorkerEngine {
    /// Tries once more when the worker died meanwhile: the texts are rarely to blame.
    fn embed_part(&self, texts: Texts) -> Result<Vec<Vec<f32>>, EngineError> {
        match self.embed_once(texts.clone()) {
            Err(EngineError::Unavailable(reason)) => {
                tracing::debug!(reason, "embedding is tried once more");
                self.shared.wait_until_recovered(RESTART)?;
                self.embed_once(texts)
            }
            outcome => outcome,
        }
    }

    fn embed_once(&self, texts: Texts) -> Result<Vec<Vec<f32>>, EngineError> {
        let (sender, vectors) = mpsc::sync_channel(1);
        self.shared.embed(texts, sender)?;
        // The sender is kept by the pending request until it is answered or the worker ended.
        vectors.recv().unwrap_or_else(|_| Err(EngineError::Unavailable("the engine was stopped".to_owned())))
    }
}
