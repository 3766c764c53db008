//! Embedding through the worker.

use std::{sync::mpsc, time::Duration};

use super::WorkerEngine;
use crate::engine::{Embedder, EngineError, ModelIdentity};

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
            vectors.extend(self.embed_part(part)?);
        }
        Ok(vectors)
    }

    fn identity(&self) -> ModelIdentity {
        self.embedding.clone()
    }
}

impl WorkerEngine {
    /// Tries once more when the worker died meanwhile: the texts are rarely to blame.
    fn embed_part(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
        match self.embed_once(texts.clone()) {
            Err(EngineError::Unavailable(reason)) => {
                tracing::debug!(reason, "embedding is tried once more");
                self.shared.wait_until_recovered(RESTART)?;
                self.embed_once(texts)
            }
            outcome => outcome,
        }
    }

    fn embed_once(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, EngineError> {
        let (sender, vectors) = mpsc::sync_channel(1);
        self.shared.embed(texts, sender)?;
        // The sender is kept by the pending request until it is answered or the worker ended.
        vectors.recv().unwrap_or_else(|_| Err(EngineError::Unavailable("the engine was stopped".to_owned())))
    }
}
