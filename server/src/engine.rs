//! Starts what speaks and what embeds, as the settings say.

mod measured;

use std::{path::PathBuf, sync::Arc, time::Duration};

use knowledge_graph::Graph;
use models::{
    Embedder, EngineError, ScriptedEngine, SpeechEngine, WorkerEngine, WorkerOptions,
    weights::{Weights, WeightsError, WeightsStore},
};
use thiserror::Error;

use crate::{
    config::{Config, DEFAULT_EMBEDDING, NONE, SCRIPTED},
    understanding::{Matcher, MatcherError},
};

pub use measured::Measured;

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
}

impl Engines {
    /// Starts the worker when any weights are wanted, waits until it is ready, and embeds the
    /// graph's words. Blocking, for seconds.
    pub fn start(config: &Config, graph: &Graph) -> Result<Self, EngineStartError> {
        let weights = WeightsStore::new(&config.models)?;
        let speech = if config.speech == SCRIPTED { None } else { Some(weights.open(&config.speech)?) };
        let embedding = embedding(config, &weights)?;
        let Some(worker) = worker(config, speech.clone(), embedding.clone())? else {
            return Ok(Self { speech: Arc::new(ScriptedEngine), matcher: Arc::new(Matcher::new(graph, None, None)?) });
        };
        let embedder = embedding.is_some().then(|| Arc::clone(&worker) as Arc<dyn Embedder>);
        let matcher = Matcher::new(graph, embedder, Some(&vectors(config)))?;
        let speech: Arc<dyn SpeechEngine> =
            if speech.is_some() { Arc::new(Measured(worker)) } else { Arc::new(ScriptedEngine) };
        Ok(Self { speech, matcher: Arc::new(matcher) })
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
    let executable = std::env::current_exe().map_err(EngineStartError::Executable)?;
    let worker = WorkerEngine::start(WorkerOptions {
        speech,
        embedding,
        context_tokens: config.context_tokens,
        threads: config.threads,
        most_speaking: MOST_SPEAKING,
        most_waiting: config.max_queue,
        ..WorkerOptions::new(executable, vec!["model-worker".to_owned()])
    });
    worker.wait_until_ready(LOADING)?;
    Ok(Some(Arc::new(worker)))
}

/// Where the vectors of the graph's words are kept, beside the weights that made them.
fn vectors(config: &Config) -> PathBuf {
    config.models.join("topic-vectors.bin")
}
