//! Language models: weights, engines, embeddings. Knows nothing of medicine.

pub mod chat;
pub mod e5;
mod engine;
pub mod gguf;
pub mod manifest;
mod scripted;
pub mod weights;

pub use engine::{
    Embedder, EngineError, EngineFuture, EngineStatus, FinishReason, ModelIdentity, Speech, SpeechEngine,
    SpeechRequest, Timing,
};
pub use scripted::Scripted;
