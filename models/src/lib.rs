//! Language models: weights, engines, embeddings. Knows nothing of medicine.
//!
//! - [`weights`]: the folder with the weights: fetching, verifying, allowing.
//! - [`manifest`]: the weights this product knows.
//! - [`gguf`], [`e5`]: the file format, and the conversion of the embedding model into it.
//! - [`Pair`]: a question read beside a rubric item.
//! - [`worker`]: the process in which native code runs; [`WorkerEngine`] is the server's side of it.
//! - [`memory`]: what weights need, before they are loaded.
//! - [`RemoteEngine`]: speaks through servers that know the `OpenAI` API.
//! - [`ScriptedEngine`]: speaks without a model.

mod banner;
pub mod chat;
mod client;
pub mod e5;
mod engine;
mod frames;
pub mod gguf;
pub mod manifest;
pub mod memory;
mod native;
mod reader;
mod remote;
mod scripted;
pub mod weights;
pub mod worker;

pub use banner::{slow_cpu_warning, start_up_line};
pub use client::{QUERY_PREFIX, WorkerEngine, WorkerOptions, default_threads};
pub use engine::{
    Choice, Drafting, Embedder, EngineError, EngineFuture, EngineStatus, FinishReason, ModelIdentity, Speech,
    SpeechEngine, SpeechRequest, Timing,
};
pub use reader::Pair;
pub use remote::{RemoteEngine, RemoteOptions};
pub use scripted::ScriptedEngine;
