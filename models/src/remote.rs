//! Speaking through servers that know the `OpenAI` chat API: llama-server, vLLM, `SGLang` and others.
//!
//! A case stays with one server, whose prompt cache then holds its persona (rendezvous hashing: when
//! a server goes, only its own cases move). A server that fails before the first word is left alone
//! for a while, longer after each failure, and the next one is asked; a server that breaks off later
//! ends the request, for its words may have been heard.

mod connection;
mod endpoint;
mod stream;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::{
    EngineError, EngineFuture, EngineStatus, FinishReason, ModelIdentity, Speech, SpeechEngine, SpeechRequest, Timing,
};
use endpoint::{Endpoint, Place};
use stream::{Event, Transcript};

/// How often servers that are down are looked at again.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Which servers speak.
#[derive(Clone, Debug)]
pub struct RemoteOptions {
    /// Their addresses, such as `http://10.0.0.5:8000`; a path ends before `/v1`.
    pub addresses: Vec<String>,
    /// The key they want, if any.
    pub key: Option<String>,
    /// Requests at one server at once.
    pub most_at_one: u32,
    /// A server that owes an answer and says nothing for so long has failed.
    pub stalled_after: Duration,
}

impl RemoteOptions {
    /// Defaults for servers at these addresses.
    pub fn new(addresses: Vec<String>) -> Self {
        Self { addresses, key: None, most_at_one: 16, stalled_after: Duration::from_secs(30) }
    }
}

/// Speaks through one of several servers.
pub struct RemoteEngine {
    endpoints: Vec<Arc<Endpoint>>,
    identity: ModelIdentity,
    stalled_after: Duration,
}

/// Why a request failed at one server.
enum Failure {
    /// Nothing was said; another server may be asked.
    Before(EngineError),
    /// It ends here.
    Final(EngineError),
}

impl RemoteEngine {
    /// Asks every server for its model and looks after those that are down, for as long as the engine
    /// lives.
    ///
    /// # Errors
    /// When an address is not one, or no server answers.
    pub async fn start(options: RemoteOptions) -> Result<Self, EngineError> {
        let mut endpoints = Vec::with_capacity(options.addresses.len());
        for address in &options.addresses {
            let endpoint = Endpoint::new(address, options.key.clone(), options.most_at_one);
            endpoints.push(Arc::new(endpoint.map_err(EngineError::Refused)?));
        }
        let mut model = None;
        let mut problem = "no server is set".to_owned();
        for endpoint in &endpoints {
            match endpoint.look().await {
                Ok(name) => model = model.or(Some(name)),
                Err(error) => problem = error,
            }
        }
        let Some(name) = model else { return Err(EngineError::Unavailable(problem)) };
        for endpoint in &endpoints {
            tokio::spawn(look_after(Arc::downgrade(endpoint)));
        }
        Ok(Self {
            endpoints,
            identity: ModelIdentity { name, sha256: String::new() },
            stalled_after: options.stalled_after,
        })
    }

    /// All servers, the one that should have this case's persona in its cache first.
    fn by_affinity(&self, shared_prefix: &str) -> Vec<&Arc<Endpoint>> {
        let weight = |endpoint: &Endpoint| {
            let mut hasher = DefaultHasher::new();
            (shared_prefix, endpoint.address()).hash(&mut hasher);
            hasher.finish()
        };
        let mut endpoints: Vec<&Arc<Endpoint>> = self.endpoints.iter().collect();
        endpoints.sort_by_key(|endpoint| std::cmp::Reverse(weight(endpoint)));
        endpoints
    }

    async fn speak_at(
        &self,
        place: &Place<'_>,
        request: &SpeechRequest,
        pieces: &mpsc::Sender<String>,
        cancel: &CancellationToken,
    ) -> Result<Speech, Failure> {
        let begun = Instant::now();
        let mut words = place.endpoint().ask(request, self.stalled_after).await.map_err(Failure::Before)?;
        let mut transcript = Transcript::default();
        let mut first_token = None;
        let finish = loop {
            let next = tokio::select! {
                biased;
                () = cancel.cancelled() => break FinishReason::Cancelled,
                () = pieces.closed() => break FinishReason::Cancelled,
                next = tokio::time::timeout(self.stalled_after, words.next()) => next,
            };
            let broken = |why: String| {
                let error = EngineError::Unavailable(format!("{}: {why}", place.endpoint().address()));
                if first_token.is_some() { Failure::Final(error) } else { Failure::Before(error) }
            };
            match next {
                Ok(Ok(Some(Event::Words(text)))) => {
                    first_token.get_or_insert_with(|| begun.elapsed());
                    let shown = transcript.push(&text);
                    if !shown.is_empty() && pieces.send(shown).await.is_err() {
                        break FinishReason::Cancelled;
                    }
                }
                Ok(Ok(Some(Event::Counts(counts)))) => transcript.counts = counts,
                Ok(Ok(Some(Event::Finish(finish)))) => transcript.finish = Some(finish),
                // A stream that ends without saying why was cut off.
                Ok(Ok(None)) => match transcript.finish {
                    Some(finish) => break finish,
                    None => return Err(broken("the answer broke off".to_owned())),
                },
                Ok(Err(why)) => return Err(broken(why)),
                Err(_) => return Err(broken("it says nothing any more".to_owned())),
            }
        };
        let rest = transcript.end();
        if !rest.is_empty() && finish != FinishReason::Cancelled {
            let _gone = pieces.send(rest).await;
        }
        let total = begun.elapsed();
        let timing = Timing { first_token: first_token.unwrap_or(total), total, ..transcript.counts };
        Ok(Speech { text: transcript.text.trim_end().to_owned(), finish, timing })
    }
}

impl SpeechEngine for RemoteEngine {
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech> {
        Box::pin(async move {
            let mut last = EngineError::Unavailable("no server can be reached".to_owned());
            for endpoint in self.by_affinity(&request.shared_prefix) {
                let place = match endpoint.admit() {
                    Ok(place) => place,
                    Err(error) => {
                        last = error;
                        continue;
                    }
                };
                match self.speak_at(&place, &request, &pieces, &cancel).await {
                    Ok(speech) => {
                        endpoint.succeeded();
                        return Ok(speech);
                    }
                    Err(Failure::Final(error)) => {
                        endpoint.failed(&error);
                        return Err(error);
                    }
                    Err(Failure::Before(error)) => {
                        // What one server refuses, another with the same model refuses too.
                        if matches!(error, EngineError::Refused(_)) {
                            return Err(error);
                        }
                        endpoint.failed(&error);
                        last = error;
                    }
                }
            }
            Err(last)
        })
    }

    fn identity(&self) -> ModelIdentity {
        self.identity.clone()
    }

    fn status(&self) -> EngineStatus {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let up = self.endpoints.iter().filter(|endpoint| endpoint.is_up()).count();
        EngineStatus {
            ready: up > 0,
            in_flight: self.endpoints.iter().map(|endpoint| endpoint.in_flight()).sum(),
            endpoints: Some((count(up), count(self.endpoints.len()))),
            ..EngineStatus::default()
        }
    }
}

/// Looks at a server that is down now and then, until the engine is dropped.
async fn look_after(endpoint: std::sync::Weak<Endpoint>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(endpoint) = endpoint.upgrade() else { return };
        if !endpoint.is_up() && endpoint.look().await.is_ok() {
            endpoint.succeeded();
        }
    }
}
