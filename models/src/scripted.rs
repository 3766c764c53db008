//! The engine without a model: it says the facts' own sentences.

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::{
    EngineFuture, EngineStatus, FinishReason, ModelIdentity, Speech, SpeechEngine, SpeechRequest, Timing,
};

/// Says exactly the `fallback` of each request, at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptedEngine;

impl SpeechEngine for ScriptedEngine {
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        _cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech> {
        Box::pin(async move {
            let text = request.fallback;
            let _listener_gone = pieces.send(text.clone()).await;
            Ok(Speech { text, finish: FinishReason::Stop, timing: Timing::default() })
        })
    }

    fn identity(&self) -> ModelIdentity {
        ModelIdentity { name: "scripted".to_owned(), sha256: String::new() }
    }

    fn status(&self) -> EngineStatus {
        EngineStatus { ready: true, ..EngineStatus::default() }
    }
}
