//! Speaking through the worker.

use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio_util::sync::CancellationToken;

use super::{
    WorkerEngine,
    state::{Heard, Shared},
};
use crate::{
    engine::{Choice, EngineError, EngineFuture, EngineStatus, ModelIdentity, Speech, SpeechEngine, SpeechRequest},
    frames::RequestId,
};

impl SpeechEngine for WorkerEngine {
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech> {
        Box::pin(async move {
            let (sender, heard) = mpsc::unbounded_channel();
            let id = self.shared.speak(request, false, sender)?;
            // Dropped when the caller drops this future: the worker is told to stop.
            let _guard = Guard { shared: &self.shared, id };
            listen(&self.shared, id, heard, &pieces, &cancel).await.map(|(speech, _)| speech)
        })
    }

    fn identity(&self) -> ModelIdentity {
        self.speech.clone()
    }

    fn status(&self) -> EngineStatus {
        self.shared.status()
    }
}

/// Speaks `request` and tells every token's choice.
pub(super) async fn traced(shared: &Shared, request: SpeechRequest) -> Result<(Speech, Vec<Choice>), EngineError> {
    let (sender, mut heard) = mpsc::unbounded_channel();
    let id = shared.speak(request, true, sender)?;
    let _guard = Guard { shared, id };
    loop {
        match heard.recv().await {
            Some(Heard::Piece(_)) => {}
            Some(Heard::Over(outcome)) => return outcome,
            None => return Err(EngineError::Unavailable("the engine was stopped".to_owned())),
        }
    }
}

struct Guard<'a> {
    shared: &'a Shared,
    id: RequestId,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.shared.cancel(self.id, true);
    }
}

async fn listen(
    shared: &Shared,
    id: RequestId,
    mut heard: UnboundedReceiver<Heard>,
    pieces: &mpsc::Sender<String>,
    cancel: &CancellationToken,
) -> Result<(Speech, Vec<Choice>), EngineError> {
    let mut stopped = false;
    loop {
        tokio::select! {
            biased;
            () = cancel.cancelled(), if !stopped => stopped = true,
            () = pieces.closed(), if !stopped => stopped = true,
            next = heard.recv() => match next {
                Some(Heard::Piece(text)) if !stopped => {
                    stopped = !deliver(pieces, text, cancel).await;
                }
                Some(Heard::Piece(_)) => continue,
                Some(Heard::Over(outcome)) => return outcome,
                None => return Err(EngineError::Unavailable("the engine was stopped".to_owned())),
            },
        }
        if stopped {
            shared.cancel(id, false);
        }
    }
}

/// Hands a piece on; false when nobody wants more.
async fn deliver(pieces: &mpsc::Sender<String>, text: String, cancel: &CancellationToken) -> bool {
    tokio::select! {
        biased;
        () = cancel.cancelled() => false,
        sent = pieces.send(text) => sent.is_ok(),
    }
}
