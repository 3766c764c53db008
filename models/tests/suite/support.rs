//! What the tests of the real engine share.

use std::{path::PathBuf, time::Duration};

use models::{
    EngineError, Speech, SpeechEngine, SpeechRequest, WorkerEngine, WorkerOptions,
    weights::{Weights, WeightsStore},
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The small speaker.
pub const SPEAKER: &str = "qwen2.5-coder-0.5b-instruct-q4_k_m";
/// The embedder.
pub const EMBEDDER: &str = "multilingual-e5-small";
/// Loading may be slow on a busy machine; nothing waits this long when all is well.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// Weights from the weights folder; the message says how to get them.
pub fn weights(name: &str) -> Weights {
    let store = WeightsStore::new(WeightsStore::default_folder()).unwrap();
    store.open(name).unwrap_or_else(|error| {
        panic!("{error}\nThe tests of the engine need these weights: `make weights` fetches them, `make test` does it first.")
    })
}

/// Options for the test worker, without models.
pub fn options() -> WorkerOptions {
    WorkerOptions::new(PathBuf::from(env!("CARGO_BIN_EXE_model-worker")), Vec::new())
}

/// A ready engine.
pub fn started(options: WorkerOptions) -> WorkerEngine {
    let engine = WorkerEngine::start(options);
    engine.wait_until_ready(PATIENCE).unwrap();
    engine
}

/// A ready engine that speaks.
pub fn speaker() -> WorkerEngine {
    started(WorkerOptions { speech: Some(weights(SPEAKER)), context_tokens: 2048, ..options() })
}

/// A greedy request of one learner on one case.
pub fn request(prompt: &str, max_tokens: u32) -> SpeechRequest {
    SpeechRequest {
        shared_prefix: "You are Mary, 58, a patient in a clinic. Answer the doctor in one short sentence, \
                        using only the facts that you are given for the question."
            .to_owned(),
        history: Vec::new(),
        prompt: prompt.to_owned(),
        fallback: String::new(),
        max_tokens,
        temperature: 0.0,
        seed: 1,
    }
}

/// Speaks and collects the pieces.
pub async fn speak(engine: &WorkerEngine, request: SpeechRequest) -> (Result<Speech, EngineError>, Vec<String>) {
    let (sender, mut pieces) = mpsc::channel(1024);
    let outcome = engine.speak(request, sender, CancellationToken::new()).await;
    let mut heard = Vec::new();
    while let Ok(piece) = pieces.try_recv() {
        heard.push(piece);
    }
    (outcome, heard)
}
