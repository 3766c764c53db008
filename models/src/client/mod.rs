//! The server's side of the model worker: an engine that outlives the process it speaks to.
//!
//! A supervisor thread starts the worker, reads what it says and starts it again when it ends,
//! waiting longer after each failure. Requests in flight then end with
//! [`EngineError::Unavailable`]; later ones are served by the new worker. A request during which
//! the worker died twice is refused from then on.

mod embed;
mod speak;
mod state;
mod supervisor;

use std::{path::PathBuf, sync::Arc, thread, time::Duration};

use crate::{
    engine::{Choice, Drafting, EngineError, EngineStatus, ModelIdentity, Speech, SpeechRequest},
    frames::{Configuration, SpeechModel},
    memory::Need,
    weights::Weights,
};
pub use embed::QUERY_PREFIX;
use state::Shared;

/// Context that holds a case's prefix, some dozen exchanges and several learners at once.
const CONTEXT_TOKENS: u32 = 8192;
/// Replies spoken at once: on few cores more only makes each slower.
const MOST_SPEAKING: u32 = 8;
/// Requests that may wait for a place before others are turned away.
const MOST_WAITING: u32 = 24;
/// A worker that owes an answer and says nothing for so long is killed.
const STALLED_AFTER: Duration = Duration::from_mins(1);

/// How a worker is started and how much it may use.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    /// The program, usually this one.
    pub executable: PathBuf,
    /// Its arguments, such as `model-worker`.
    pub arguments: Vec<String>,
    /// Weights that speak.
    pub speech: Option<Weights>,
    /// Weights that embed.
    pub embedding: Option<Weights>,
    /// Tokens of context for all conversations together.
    pub context_tokens: u32,
    /// Threads that compute.
    pub threads: u32,
    /// Replies spoken at once.
    pub most_speaking: u32,
    /// Requests that may wait for a place.
    pub most_waiting: u32,
    /// A worker that owes an answer and says nothing for so long is killed.
    pub stalled_after: Duration,
    /// Whether tokens are drafted from the prompt.
    pub drafting: Drafting,
}

impl WorkerOptions {
    /// Defaults for this machine, without models.
    pub fn new(executable: PathBuf, arguments: Vec<String>) -> Self {
        Self {
            executable,
            arguments,
            speech: None,
            embedding: None,
            context_tokens: CONTEXT_TOKENS,
            threads: default_threads(),
            most_speaking: MOST_SPEAKING,
            most_waiting: MOST_WAITING,
            stalled_after: STALLED_AFTER,
            drafting: Drafting::Off,
        }
    }

    /// What a worker loads; `step_costs` are those that an earlier one measured.
    fn configuration(&self, step_costs: Vec<f32>) -> Configuration {
        let speech = self.speech.as_ref();
        Configuration {
            speech: speech.map(|weights| SpeechModel { path: weights.path.clone(), template: weights.template }),
            embedding: self.embedding.as_ref().map(|weights| weights.path.clone()),
            context_tokens: self.context_tokens,
            threads: self.threads,
            most_speaking: self.most_speaking.max(1),
            drafting: self.drafting,
            step_costs,
            most_memory: self.most_memory(),
        }
    }
}

impl WorkerOptions {
    /// What the models need; a file that cannot be read needs nothing, the worker says why.
    pub fn need(&self) -> Need {
        let of = |weights: &Option<Weights>, tokens: u32| {
            weights.as_ref().and_then(|weights| Need::of(&weights.path, tokens).ok()).unwrap_or_default()
        };
        let (speech, embedding) = (of(&self.speech, self.context_tokens), of(&self.embedding, 0));
        Need {
            weights: speech.weights + embedding.weights,
            context: speech.context,
            work: speech.work + embedding.work,
        }
    }

    /// The most that a worker may allocate: weights may be rewritten in another order for this
    /// processor, and every thread has a stack.
    fn most_memory(&self) -> Option<u64> {
        let threads = u64::from(self.threads).saturating_mul(64 << 20);
        self.need().total().checked_mul(2)?.checked_add(threads)?.checked_add(1 << 30)
    }
}

/// All cores when there are one or two, else one is left to the server.
pub fn default_threads() -> u32 {
    let cores = thread::available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
    if cores > 2 { cores - 1 } else { cores }
}

/// Speaks and embeds through a supervised worker process.
pub struct WorkerEngine {
    shared: Arc<Shared>,
    speech: ModelIdentity,
    embedding: ModelIdentity,
}

impl WorkerEngine {
    /// Starts the worker and returns at once; [`WorkerEngine::wait_until_ready`] waits for it.
    pub fn start(options: WorkerOptions) -> Self {
        let identity = |weights: &Option<Weights>| {
            let none = || ModelIdentity { name: "none".to_owned(), sha256: String::new() };
            weights.as_ref().map_or_else(none, |weights| weights.identity.clone())
        };
        let (speech, embedding) = (identity(&options.speech), identity(&options.embedding));
        let shared = Arc::new(Shared::new(options));
        let supervised = Arc::clone(&shared);
        thread::spawn(move || supervisor::supervise(&supervised));
        Self { shared, speech, embedding }
    }

    /// Waits until the worker has loaded its models; says why when it cannot, or not in time.
    pub fn wait_until_ready(&self, most: Duration) -> Result<EngineStatus, EngineError> {
        self.shared.wait_until_ready(most)
    }

    /// Waits until there is a ready worker, whatever became of the one before.
    pub fn wait_until_recovered(&self, most: Duration) -> Result<(), EngineError> {
        self.shared.wait_until_recovered(most)
    }

    /// Speaks without streaming and tells every token's choice: for proving that what is batched,
    /// shared, cached or drafted is what is spoken plainly.
    pub async fn speak_traced(&self, request: SpeechRequest) -> Result<(Speech, Vec<Choice>), EngineError> {
        speak::traced(&self.shared, request).await
    }

    /// Ends the worker as a crash would, for tests and measurements; false when there is none.
    pub fn kill(&self) -> bool {
        let Some(process) = self.shared.process() else { return false };
        supervisor::kill_worker(process);
        true
    }

    /// The worker's process number while it runs.
    pub fn worker_process(&self) -> Option<u32> {
        self.shared.process()
    }
}

impl Drop for WorkerEngine {
    fn drop(&mut self) {
        self.shared.stop();
    }
}
