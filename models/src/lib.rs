//! Language models: weights, engines, embeddings. Knows nothing of medicine.

mod engine;

pub use engine::{
    Embedder, EngineError, EngineStatus, FinishReason, ModelIdentity, Speech, SpeechEngine, SpeechRequest, Timing,
};
