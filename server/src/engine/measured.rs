//! Counts what an engine does, for `/metrics`.

use std::sync::Arc;

use models::{
    EngineError, EngineFuture, EngineStatus, FinishReason, ModelIdentity, Speech, SpeechEngine, SpeechRequest,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::ledger::{ledger, rate};

/// An engine whose outcomes and times are recorded; never what was said.
pub struct Measured(pub Arc<dyn SpeechEngine>);

impl SpeechEngine for Measured {
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech> {
        let speaking = self.0.speak(request, pieces, cancel);
        Box::pin(async move {
            let result = speaking.await;
            metrics::counter!("anamnesis_speech_total", "outcome" => outcome(&result)).increment(1);
            match &result {
                Ok(speech) => record(speech),
                Err(EngineError::Busy { .. }) => ledger().busy(),
                Err(EngineError::Cancelled) => {}
                Err(_) => ledger().failed(),
            }
            result
        })
    }

    fn identity(&self) -> ModelIdentity {
        self.0.identity()
    }

    fn status(&self) -> EngineStatus {
        self.0.status()
    }
}

fn outcome(result: &Result<Speech, EngineError>) -> &'static str {
    match result {
        Ok(Speech { finish: FinishReason::Stop, .. }) => "stop",
        Ok(Speech { finish: FinishReason::Length, .. }) => "length",
        Ok(Speech { finish: FinishReason::Cancelled, .. }) | Err(EngineError::Cancelled) => "cancelled",
        Err(EngineError::Busy { .. }) => "busy",
        Err(EngineError::Unavailable(_)) => "unavailable",
        Err(EngineError::Refused(_)) => "refused",
    }
}

fn record(speech: &Speech) {
    let timing = &speech.timing;
    metrics::histogram!("anamnesis_speech_queue_seconds").record(timing.queued.as_secs_f64());
    metrics::histogram!("anamnesis_speech_first_token_seconds").record(timing.first_token.as_secs_f64());
    metrics::histogram!("anamnesis_speech_seconds").record(timing.total.as_secs_f64());
    metrics::counter!("anamnesis_speech_prompt_tokens_total").increment(timing.prompt_tokens.into());
    metrics::counter!("anamnesis_speech_cached_tokens_total").increment(timing.cached_tokens.into());
    metrics::counter!("anamnesis_speech_spoken_tokens_total").increment(timing.spoken_tokens.into());
    metrics::counter!("anamnesis_speech_drafted_tokens_total").increment(timing.drafted_tokens.into());
    metrics::counter!("anamnesis_speech_accepted_tokens_total").increment(timing.accepted_tokens.into());
    ledger().spoken(timing);
    if let Some(rate) = rate(timing) {
        metrics::histogram!("anamnesis_speech_tokens_per_second").record(rate);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use metrics_exporter_prometheus::PrometheusBuilder;
    use models::ScriptedEngine;

    use super::*;

    #[test]
    fn outcomes_and_times_are_recorded_and_words_are_not() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let request = SpeechRequest {
            shared_prefix: String::new(),
            history: Vec::new(),
            prompt: String::new(),
            fallback: "It hurts here.".to_owned(),
            max_tokens: 8,
            temperature: 0.0,
            seed: 1,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();

        metrics::with_local_recorder(&recorder, || {
            let (pieces, _heard) = mpsc::channel(8);
            let engine = Measured(Arc::new(ScriptedEngine));
            runtime.block_on(engine.speak(request, pieces, CancellationToken::new())).unwrap();
        });

        let text = recorder.handle().render();
        assert!(text.contains("anamnesis_speech_total{outcome=\"stop\"} 1"), "{text}");
        assert!(text.contains("anamnesis_speech_first_token_seconds"), "{text}");
        assert!(!text.contains("hurts"), "{text}");
        let busy = Err(EngineError::Busy { retry_after: Duration::ZERO });
        assert_eq!(outcome(&busy), "busy");
    }
}
