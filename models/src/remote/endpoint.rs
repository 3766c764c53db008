//! One server: how it is doing, and asking it.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use serde::Deserialize;
use serde_json::json;

use super::{
    connection::{Address, whole},
    stream::Words,
};
use crate::engine::{EngineError, SpeechRequest};

const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A list of models takes no thought.
const LOOKING: Duration = Duration::from_secs(5);
/// Tried again after so long when a server is full and does not say.
const FULL_FOR: Duration = Duration::from_secs(3);

#[derive(Default)]
struct Health {
    model: Option<String>,
    /// Not asked before then.
    down_until: Option<Instant>,
    pause: Duration,
}

/// One server.
pub(super) struct Endpoint {
    written: String,
    address: Address,
    key: Option<String>,
    most: u32,
    in_flight: AtomicU32,
    health: Mutex<Health>,
}

/// A place at a server, given back when dropped.
pub(super) struct Place<'a>(&'a Endpoint);

impl Place<'_> {
    pub(super) fn endpoint(&self) -> &Endpoint {
        self.0
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Deserialize)]
struct Models {
    data: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    id: String,
}

impl Endpoint {
    pub(super) fn new(address: &str, key: Option<String>, most: u32) -> Result<Self, String> {
        Ok(Self {
            written: address.trim().to_owned(),
            address: Address::parse(address)?,
            key,
            most: most.max(1),
            in_flight: AtomicU32::new(0),
            health: Mutex::default(),
        })
    }

    /// As it was written.
    pub(super) fn address(&self) -> &str {
        &self.written
    }

    pub(super) fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }

    pub(super) fn is_up(&self) -> bool {
        let health = self.health();
        health.model.is_some() && health.down_until.is_none()
    }

    /// A place, unless the server is full or being left alone.
    pub(super) fn admit(&self) -> Result<Place<'_>, EngineError> {
        let left_alone = self.health().down_until.is_some_and(|until| until > Instant::now());
        if left_alone {
            return Err(EngineError::Unavailable(format!("{} is not available", self.written)));
        }
        let taken = self.in_flight.fetch_add(1, Ordering::Relaxed);
        let place = Place(self);
        if taken >= self.most { Err(EngineError::Busy { retry_after: FULL_FOR }) } else { Ok(place) }
    }

    pub(super) fn succeeded(&self) {
        let mut health = self.health();
        health.down_until = None;
        health.pause = Duration::ZERO;
    }

    /// Leaves the server alone for a while, longer after each failure; a full one is only full.
    pub(super) fn failed(&self, error: &EngineError) {
        if matches!(error, EngineError::Busy { .. }) {
            return;
        }
        tracing::warn!(server = self.written, %error, "a model server failed");
        let mut health = self.health();
        health.pause = (health.pause * 2).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        health.down_until = Some(Instant::now() + health.pause);
    }

    /// Asks the server which model it has.
    pub(super) async fn look(&self) -> Result<String, String> {
        let named = |why: String| format!("{}: {why}", self.written);
        let answer = self.address.send("/v1/models", self.key.as_deref(), None, LOOKING).await.map_err(named)?;
        let status = answer.status();
        let body = tokio::time::timeout(LOOKING, whole(answer.into_body())).await;
        let body = body.map_err(|_| named("it does not answer".to_owned()))?.map_err(named)?;
        if !status.is_success() {
            return Err(named(format!("it answers {status} to /v1/models")));
        }
        let models: Models =
            serde_json::from_slice(&body).map_err(|_| named("/v1/models is not a list of models".to_owned()))?;
        let model = models.data.into_iter().next().ok_or_else(|| named("it has no model".to_owned()))?;
        self.health().model = Some(model.id.clone());
        Ok(model.id)
    }

    /// Sends a request and gives the words as they come.
    pub(super) async fn ask(&self, request: &SpeechRequest, patience: Duration) -> Result<Words, EngineError> {
        let unavailable = |why: String| EngineError::Unavailable(format!("{}: {why}", self.written));
        let known = self.health().model.clone();
        let model = match known {
            Some(model) => model,
            None => self.look().await.map_err(EngineError::Unavailable)?,
        };
        let body = body(&model, request).to_string();
        let sent = self.address.send("/v1/chat/completions", self.key.as_deref(), Some(body), patience).await;
        let answer = sent.map_err(unavailable)?;
        let status = answer.status();
        match status.as_u16() {
            200 => Ok(Words::new(answer.into_body())),
            429 | 503 => {
                let seconds = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
                Err(EngineError::Busy { retry_after: seconds.map_or(FULL_FOR, Duration::from_secs) })
            }
            400 | 413 | 422 => Err(EngineError::Refused(format!("{} answers {status}", self.written))),
            _ => Err(unavailable(format!("it answers {status}"))),
        }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The request as the chat API writes it.
fn body(model: &str, request: &SpeechRequest) -> serde_json::Value {
    let message = |role: &str, content: &str| json!({"role": role, "content": content});
    let mut messages = vec![message("system", &request.shared_prefix)];
    for (said, answered) in &request.history {
        messages.extend([message("user", said), message("assistant", answered)]);
    }
    messages.push(message("user", &request.prompt));
    json!({
        "model": model,
        "messages": messages,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        // Servers take signed 32-bit seeds at least.
        "seed": request.seed & 0x7FFF_FFFF,
        "stream": true,
        "stream_options": {"include_usage": true},
    })
}
