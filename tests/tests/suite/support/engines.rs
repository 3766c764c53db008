//! Engines that misbehave.

use models::{EngineError, EngineStatus, FinishReason, ModelIdentity, Speech, SpeechEngine, SpeechRequest, Timing};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

fn identity(name: &str) -> ModelIdentity {
    ModelIdentity { name: name.to_owned(), sha256: "00".repeat(32) }
}

/// Never available.
pub struct Silent;

impl SpeechEngine for Silent {
    fn speak(
        &self,
        _request: SpeechRequest,
        _pieces: mpsc::Sender<String>,
        _cancel: CancellationToken,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Speech, EngineError>> + Send + '_>> {
        Box::pin(async { Err(EngineError::Unavailable("the worker is gone".to_owned())) })
    }

    fn identity(&self) -> ModelIdentity {
        identity("silent")
    }

    fn status(&self) -> EngineStatus {
        EngineStatus::default()
    }
}

/// Says the facts' own sentences, but not before it is opened.
pub struct Gate {
    reached: Semaphore,
    passage: Semaphore,
}

impl Default for Gate {
    fn default() -> Self {
        Self { reached: Semaphore::new(0), passage: Semaphore::new(0) }
    }
}

impl Gate {
    /// Waits until a request stands before the gate.
    pub async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    /// Lets all through, now and later.
    pub fn open(&self) {
        self.passage.add_permits(Semaphore::MAX_PERMITS / 2);
    }
}

impl SpeechEngine for Gate {
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        _cancel: CancellationToken,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Speech, EngineError>> + Send + '_>> {
        Box::pin(async move {
            self.reached.add_permits(1);
            self.passage.acquire().await.unwrap().forget();
            let text = request.fallback;
            let _gone = pieces.send(text.clone()).await;
            Ok(Speech { text, finish: FinishReason::Stop, timing: Timing::default() })
        })
    }

    fn identity(&self) -> ModelIdentity {
        identity("gate")
    }

    fn status(&self) -> EngineStatus {
        EngineStatus::default()
    }
}

/// Says the same to every request, whatever may be told.
pub struct Hostile(pub &'static str);

impl SpeechEngine for Hostile {
    fn speak(
        &self,
        _request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        _cancel: CancellationToken,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Speech, EngineError>> + Send + '_>> {
        Box::pin(async move {
            let _gone = pieces.send(self.0.to_owned()).await;
            Ok(Speech { text: self.0.to_owned(), finish: FinishReason::Stop, timing: Timing::default() })
        })
    }

    fn identity(&self) -> ModelIdentity {
        identity("hostile")
    }

    fn status(&self) -> EngineStatus {
        EngineStatus::default()
    }
}
