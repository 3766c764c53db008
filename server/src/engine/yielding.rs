//! An engine for what nobody waits for: it speaks while no student is being answered, and stops
//! when one comes.

use std::{sync::Arc, time::Duration};

use models::{EngineError, EngineFuture, EngineStatus, ModelIdentity, Speech, SpeechEngine, SpeechRequest};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How often it looks whether somebody waits; a step of the engine takes about as long.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Pieces of text that are held until the reply is whole.
const PIECES_HELD: usize = 1024;

/// Gives way to every other user of the engine.
pub struct Yielding(pub Arc<dyn SpeechEngine>);

/// Waits until nobody speaks; an engine that is not there waits for nobody.
pub async fn quiet(engine: &dyn SpeechEngine) {
    while engine.status().in_flight > 0 {
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

impl Yielding {
    /// Returns once somebody else wants to speak.
    async fn wanted(&self) {
        while self.0.status().in_flight <= 1 {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

impl SpeechEngine for Yielding {
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech> {
        Box::pin(async move {
            loop {
                tokio::select! {
                    () = quiet(self.0.as_ref()) => {}
                    () = cancel.cancelled() => return Err(EngineError::Cancelled),
                }
                let (sender, mut held) = mpsc::channel(PIECES_HELD);
                let speech = tokio::select! {
                    speech = self.0.speak(request.clone(), sender, cancel.child_token()) => speech?,
                    // Dropping the request frees its place.
                    () = self.wanted() => continue,
                };
                while let Some(piece) = held.recv().await {
                    let _listener_gone = pieces.send(piece).await;
                }
                return Ok(speech);
            }
        })
    }

    fn identity(&self) -> ModelIdentity {
        self.0.identity()
    }

    fn status(&self) -> EngineStatus {
        self.0.status()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use models::{FinishReason, Timing};
    use tokio::sync::Semaphore;

    use super::*;

    /// Speaks once it is let, and says how many speak.
    struct Shared {
        in_flight: AtomicU32,
        begun: Semaphore,
        passage: Semaphore,
    }

    impl SpeechEngine for Shared {
        fn speak(
            &self,
            request: SpeechRequest,
            _: mpsc::Sender<String>,
            _: CancellationToken,
        ) -> EngineFuture<'_, Speech> {
            Box::pin(async move {
                self.in_flight.fetch_add(1, Ordering::Relaxed);
                let _place = Leaving(&self.in_flight);
                self.begun.add_permits(1);
                let passage = self.passage.acquire().await;
                passage.map_err(|_| EngineError::Cancelled)?.forget();
                Ok(Speech { text: request.prompt, finish: FinishReason::Stop, timing: Timing::default() })
            })
        }

        fn identity(&self) -> ModelIdentity {
            ModelIdentity { name: "shared".into(), sha256: String::new() }
        }

        fn status(&self) -> EngineStatus {
            EngineStatus { in_flight: self.in_flight.load(Ordering::Relaxed), ..EngineStatus::default() }
        }
    }

    struct Leaving<'a>(&'a AtomicU32);

    impl Drop for Leaving<'_> {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn say(words: &str) -> SpeechRequest {
        SpeechRequest {
            shared_prefix: String::new(),
            history: Vec::new(),
            prompt: words.to_owned(),
            fallback: String::new(),
            max_tokens: 8,
            temperature: 0.0,
            seed: 1,
        }
    }

    #[tokio::test]
    async fn what_nobody_waits_for_stops_for_a_student_and_begins_again() {
        let shared =
            Arc::new(Shared { in_flight: AtomicU32::new(0), begun: Semaphore::new(0), passage: Semaphore::new(0) });
        let background = Yielding(Arc::clone(&shared) as Arc<dyn SpeechEngine>);
        let prepared = tokio::spawn(async move {
            let (pieces, _heard) = mpsc::channel(8);
            background.speak(say("prepared"), pieces, CancellationToken::new()).await.unwrap().text
        });
        shared.begun.acquire().await.unwrap().forget();

        let student = Arc::clone(&shared);
        let asked = tokio::spawn(async move {
            let (pieces, _heard) = mpsc::channel(8);
            student.speak(say("asked"), pieces, CancellationToken::new()).await.unwrap().text
        });
        shared.begun.acquire().await.unwrap().forget();
        // Only the student is being answered then.
        while shared.in_flight.load(Ordering::Relaxed) > 1 {
            tokio::task::yield_now().await;
        }
        shared.passage.add_permits(1);
        assert_eq!(asked.await.unwrap(), "asked");
        shared.begun.acquire().await.unwrap().forget();
        shared.passage.add_permits(1);

        assert_eq!(prepared.await.unwrap(), "prepared");
    }
}
