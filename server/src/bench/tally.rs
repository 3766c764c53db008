//! Sums what an engine does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use models::{EngineFuture, EngineStatus, ModelIdentity, Speech, SpeechEngine, SpeechRequest, Timing};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What an engine was asked, summed.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) requests: u32,
    pub(super) failures: u32,
    pub(super) evaluated: u64,
    pub(super) spoken: u64,
    pub(super) drafted: u64,
    pub(super) accepted: u64,
}

/// An engine whose work is summed.
pub(super) struct Tally {
    engine: Arc<dyn SpeechEngine>,
    sum: Mutex<Sum>,
}

impl Tally {
    pub(super) fn new(engine: Arc<dyn SpeechEngine>) -> Self {
        Self { engine, sum: Mutex::default() }
    }

    pub(super) fn sum(&self) -> Sum {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Sum> {
        self.sum.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SpeechEngine for Tally {
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech> {
        let speaking = self.engine.speak(request, pieces, cancel);
        // Whoever waits in vain drops the future, so requests are counted here.
        self.lock().requests += 1;
        Box::pin(async move {
            let result = speaking.await;
            let timing: Timing = result.as_ref().map(|speech| speech.timing).unwrap_or_default();
            let mut sum = self.lock();
            sum.failures += u32::from(result.is_err());
            sum.evaluated += u64::from(timing.prompt_tokens);
            sum.spoken += u64::from(timing.spoken_tokens);
            sum.drafted += u64::from(timing.drafted_tokens);
            sum.accepted += u64::from(timing.accepted_tokens);
            drop(sum);
            result
        })
    }

    fn identity(&self) -> ModelIdentity {
        self.engine.identity()
    }

    fn status(&self) -> EngineStatus {
        self.engine.status()
    }
}
