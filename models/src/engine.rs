//! What the rest of the product sees of a model, whichever engine runs it.

use std::{future::Future, pin::Pin, time::Duration};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::reader::Pair;

/// One utterance to be spoken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SpeechRequest {
    /// The part shared by everyone on one case (persona, manner): evaluated once and kept.
    pub shared_prefix: String,
    /// Earlier exchanges as (said to the patient, said by the patient), oldest first.
    pub history: Vec<(String, String)>,
    /// What is new: the doctor's words and the facts that may be told now.
    pub prompt: String,
    /// What to say when no model speaks: the facts' own sentences. The `scripted` engine says
    /// exactly this; the others ignore it.
    #[serde(default)]
    pub fallback: String,
    /// Most tokens to speak.
    pub max_tokens: u32,
    /// 0 is greedy.
    pub temperature: f32,
    /// Seed of the sampler.
    pub seed: u64,
}

/// What was spoken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Speech {
    /// The whole text, thinking removed.
    pub text: String,
    /// Why it ended.
    pub finish: FinishReason,
    /// How long it took.
    pub timing: Timing,
}

/// Why speech ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FinishReason {
    /// The model ended its turn.
    Stop,
    /// `max_tokens` was reached.
    Length,
    /// Cancelled by the caller.
    Cancelled,
}

/// Measured on the engine's side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Waiting before work began.
    pub queued: Duration,
    /// From start of work to the first token.
    pub first_token: Duration,
    /// From start of work to the end.
    pub total: Duration,
    /// Prompt tokens evaluated anew.
    pub prompt_tokens: u32,
    /// Prompt tokens found in the cache.
    pub cached_tokens: u32,
    /// Tokens spoken.
    pub spoken_tokens: u32,
    /// Tokens proposed from the prompt.
    pub drafted_tokens: u32,
    /// Of these, tokens that were spoken.
    pub accepted_tokens: u32,
}

/// Whether tokens that stood in the prompt are proposed and verified in one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Drafting {
    /// Where a measurement at start-up and the replies so far say that it pays.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// One token of a traced reply.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The token chosen.
    pub token: i32,
    /// The second best.
    pub runner_up: i32,
    /// How far the best logit lies above the second best. Near 0 the choice hangs on rounding.
    pub margin: f32,
}

/// Which weights answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelIdentity {
    /// Manifest name, file name, or `scripted`.
    pub name: String,
    /// SHA-256 of the weights in lower-case hex; empty for `scripted`.
    pub sha256: String,
}

/// For the start-up banner and the administrator's page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EngineStatus {
    /// Whether it can speak now.
    pub ready: bool,
    /// Requests being worked on or waiting.
    pub in_flight: u32,
    /// Worker restarts since start.
    pub restarts: u32,
    /// Context in tokens.
    pub context_tokens: u32,
    /// Threads.
    pub threads: u32,
    /// CPU features in use, such as `AVX2`.
    pub cpu_features: Vec<String>,
    /// Tokens drafted for a reply that is spoken alone, as decided at start-up; 0 when drafting
    /// does not pay here.
    pub draft_tokens: u32,
    /// Servers that speak and can be reached, of all that are set; none where a worker speaks.
    pub endpoints: Option<(u32, u32)>,
}

/// Why an engine did not answer.
#[derive(Clone, Debug, Error, Serialize, Deserialize)]
pub enum EngineError {
    /// The queue is full; try again after the given time.
    #[error("the engine is busy; try again in {} s", retry_after.as_secs().max(1))]
    Busy {
        /// When a place is likely.
        retry_after: Duration,
    },
    /// The worker is down or being restarted.
    #[error("the engine is not available: {0}")]
    Unavailable(String),
    /// The request cannot be served (too long, no such capability).
    #[error("the engine refused the request: {0}")]
    Refused(String),
    /// The caller gave up.
    #[error("cancelled")]
    Cancelled,
}

/// A future that an engine returns.
pub type EngineFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// Something that speaks.
pub trait SpeechEngine: Send + Sync {
    /// Speaks; sends each piece of text as it comes. A closed `pieces` receiver or a cancelled
    /// token stops the work and frees its place.
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech>;

    /// Which weights speak.
    fn identity(&self) -> ModelIdentity;

    /// How it is doing.
    fn status(&self) -> EngineStatus;
}

/// Something that turns texts into vectors of one length, L2-normalised.
pub trait Embedder: Send + Sync {
    /// Embeds each text. Blocking: call it off the async threads. Texts longer than the model's
    /// window are cut, never an error.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EngineError>;

    /// Log-odds, for each pair, that what is said asks what the item says. Blocking. Refused by
    /// embedders that cannot read pairs.
    fn read(&self, pairs: &[Pair]) -> Result<Vec<f32>, EngineError> {
        let _ = pairs;
        Err(EngineError::Refused("this embedder cannot read pairs".to_owned()))
    }

    /// Which weights embed.
    fn identity(&self) -> ModelIdentity;
}
