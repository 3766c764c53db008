//! Starts what speaks and what embeds, as the settings say.

mod ledger;
mod measured;
mod yielding;

use std::{path::PathBuf, sync::Arc, time::Duration};

use knowledge_graph::Graph;
use models::{
    Embedder, EngineError, RemoteEngine, RemoteOptions, ScriptedEngine, SpeechEngine, WorkerEngine, WorkerOptions,
    memory::{self, MemoryError},
    weights::{Weights, WeightsError, WeightsStore},
};
use thiserror::Error;

use crate::{
    config::{Config, DEFAULT_EMBEDDING, NONE, SCRIPTED},
    understanding::{Matcher, MatcherError},
};

pub use ledger::{Ledger, Standing, ledger, percentile};
pub use measured::Measured;
pub use yielding::{Yielding, quiet};

/// How long loading the weights may take.
const LOADING: Duration = Duration::from_mins(5);
/// Turns that speak at once in the worker; more wait.
const MOST_SPEAKING: u32 = 8;

/// Why there is no engine.
#[derive(Debug, Error)]
pub enum EngineStartError {
    /// The weights cannot be used.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// This program does not know where it is, and cannot start its worker.
    #[error("cannot find this program to start its worker: {0}")]
    Executable(std::io::Error),
    /// The worker did not load the weights.
    #[error("the model worker did not start: {0}")]
    Worker(#[from] EngineError),
    /// The weights do not fit into the memory.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The words of the graph cannot be read.
    #[error(transparent)]
    Matcher(#[from] MatcherError),
}

/// What speaks and what understands.
pub struct Engines {
    /// Speaks for the patients.
    pub speech: Arc<dyn SpeechEngine>,
    /// Understands what is said.
    pub matcher: Arc<Matcher>,
    /// The worker, where there is one.
    pub worker: Option<Arc<WorkerEngine>>,
}

impl Engines {
    /// Starts the worker when any weights are wanted, waits until it is ready, and embeds the
    /// graph's words. Blocking, for seconds.
    pub fn start(config: &Config, graph: &Graph) -> Result<Self, EngineStartError> {
        let weights = WeightsStore::new(&config.models)?;
        let remote = remote(config)?;
        let is_local = remote.is_none() && config.speech != SCRIPTED;
        let speech = if is_local { Some(weights.open(&config.speech)?) } else { None };
        let embedding = embedding(config, &weights)?;
        let worker = worker(config, speech.clone(), embedding.clone())?;
        let embedder =
            worker.as_ref().filter(|_| embedding.is_some()).map(|worker| Arc::clone(worker) as Arc<dyn Embedder>);
        let kept = embedder.is_some().then(|| vectors(config));
        let matcher = Arc::new(Matcher::new(graph, embedder, kept.as_deref())?);
        let local = worker.clone().filter(|_| is_local).map(|worker| worker as Arc<dyn SpeechEngine>);
        let speech: Arc<dyn SpeechEngine> = match remote.or(local) {
            Some(engine) => Arc::new(Measured(engine)),
            None => Arc::new(ScriptedEngine),
        };
        Ok(Self { speech, matcher, worker })
    }

    /// Only what understands, for grading from the command line. Blocking.
    pub fn matcher(config: &Config, graph: &Graph) -> Result<Arc<Matcher>, EngineStartError> {
        let silent = Config { speech: SCRIPTED.to_owned(), ..config.clone() };
        Ok(Self::start(&silent, graph)?.matcher)
    }
}

/// The embedding weights. The default ones may be absent: the words alone decide then.
fn embedding(config: &Config, weights: &WeightsStore) -> Result<Option<Weights>, WeightsError> {
    if config.embedding == NONE {
        return Ok(None);
    }
    match weights.open(&config.embedding) {
        Ok(weights) => Ok(Some(weights)),
        Err(missing @ WeightsError::Missing { .. }) if config.embedding == DEFAULT_EMBEDDING => {
            tracing::warn!("{missing}; until then only known words are understood");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn worker(
    config: &Config,
    speech: Option<Weights>,
    embedding: Option<Weights>,
) -> Result<Option<Arc<WorkerEngine>>, EngineStartError> {
    if speech.is_none() && embedding.is_none() {
        return Ok(None);
    }
    let named = speech.as_ref().or(embedding.as_ref()).map_or("", |weights| weights.identity.name.as_str()).to_owned();
    let executable = std::env::current_exe().map_err(EngineStartError::Executable)?;
    let options = WorkerOptions {
        speech,
        embedding,
        context_tokens: config.context_tokens,
        threads: config.threads,
        most_speaking: MOST_SPEAKING,
        most_waiting: config.max_queue,
        drafting: config.drafting,
        ..WorkerOptions::new(executable, vec!["model-worker".to_owned()])
    };
    fits(&options, &named)?;
    let worker = WorkerEngine::start(options);
    worker.wait_until_ready(LOADING)?;
    Ok(Some(Arc::new(worker)))
}

/// Says what the models will take, and refuses what does not fit.
fn fits(options: &WorkerOptions, named: &str) -> Result<(), MemoryError> {
    let (need, free) = (options.need(), memory::free());
    let mib = |bytes: u64| bytes >> 20;
    let free_mib = free.map_or_else(|| "an unknown amount".to_owned(), |free| format!("{} MiB", mib(free)));
    tracing::info!(
        "{named} needs about {} MiB of memory (weights {}, context of {} tokens {}, work {}); {free_mib} free",
        mib(need.total()),
        mib(need.weights),
        options.context_tokens,
        mib(need.context),
        mib(need.work),
    );
    need.check(&format!("{named} with a context of {} tokens", options.context_tokens), free)
}

/// The servers that speak, where the settings name any.
fn remote(config: &Config) -> Result<Option<Arc<dyn SpeechEngine>>, EngineStartError> {
    let addresses = config.servers();
    if addresses.is_empty() {
        return Ok(None);
    }
    let options = RemoteOptions {
        key: config.speech_key.clone(),
        most_at_one: config.max_queue,
        ..RemoteOptions::new(addresses)
    };
    let runtime = tokio::runtime::Handle::try_current().map_err(|error| EngineError::Unavailable(error.to_string()))?;
    let engine = runtime.block_on(RemoteEngine::start(options))?;
    Ok(Some(Arc::new(engine)))
}

/// Where the vectors of the graph's words are kept, beside the weights that made them.
fn vectors(config: &Config) -> PathBuf {
    config.models.join("topic-vectors.bin")
}
