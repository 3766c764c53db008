use std::sync::Mutex;

use models::{EngineError, EngineFuture, EngineStatus, FinishReason, ModelIdentity, Speech, Timing};
use rstest::rstest;

use super::*;

/// Says each of its lines in turn, a few letters at a time; then fails, or never ends.
struct Actor {
    lines: Mutex<Vec<&'static str>>,
    hangs: bool,
}

impl Actor {
    fn saying(lines: &[&'static str]) -> Self {
        Self { lines: Mutex::new(lines.iter().rev().copied().collect()), hangs: false }
    }
}

impl SpeechEngine for Actor {
    fn speak(
        &self,
        _: SpeechRequest,
        pieces: mpsc::Sender<String>,
        cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech> {
        Box::pin(async move {
            if self.hangs {
                cancel.cancelled().await;
                return Err(EngineError::Cancelled);
            }
            let line = self.lines.lock().unwrap().pop().ok_or_else(|| EngineError::Unavailable("gone".into()))?;
            for piece in line.chars().collect::<Vec<_>>().chunks(3) {
                let _gone = pieces.send(piece.iter().collect()).await;
            }
            Ok(Speech { text: line.into(), finish: FinishReason::Stop, timing: Timing::default() })
        })
    }

    fn identity(&self) -> ModelIdentity {
        ModelIdentity { name: "actor".into(), sha256: "00".into() }
    }

    fn status(&self) -> EngineStatus {
        EngineStatus::default()
    }
}

const FACTS: [&str; 2] = ["It started two hours ago.", "It goes into my left arm."];

async fn speak(actor: Actor, deadline: Duration) -> (Spoken, String) {
    let graph = Graph::embedded().unwrap();
    let speaker = Speaker { engine: Arc::new(actor), checker: Checker::new(graph), deadline, cache: None };
    let facts: Vec<String> = FACTS.iter().map(ToString::to_string).collect();
    let script = Script { before: String::new(), facts, after: "No fever.".into() };
    let request = SpeechRequest {
        shared_prefix: String::new(),
        history: Vec::new(),
        prompt: String::new(),
        max_tokens: 50,
        temperature: 0.0,
        seed: 1,
        fallback: String::new(),
    };
    let utterance = Utterance {
        script: &script,
        request: Some(request),
        known: &[],
        echoed: "When did it start and where does it go?",
        language: Language::En,
        occasion: None,
        spoken: &[],
        anew: false,
    };
    let (listener, mut heard) = mpsc::channel(100);
    let spoken = speaker.speak(graph, &utterance, &listener).await;
    drop(listener);
    let mut shown = String::new();
    while let Some(piece) = heard.recv().await {
        shown.push_str(&piece);
    }
    (spoken, shown)
}

#[rstest]
#[case::words_that_pass(&["It began two hours ago, and it goes into my left arm."], CheckOutcome::Passed,
    "It began two hours ago, and it goes into my left arm. No fever.")]
#[case::an_invention_is_retried(&["It started three hours ago.", "It started two hours ago and goes into my left arm."],
    CheckOutcome::Retried, "It started two hours ago and goes into my left arm. No fever.")]
#[case::two_inventions_are_replaced(&["It started three hours ago.", "I am an AI assistant."], CheckOutcome::Replaced,
    "It started two hours ago. It goes into my left arm. No fever.")]
#[case::a_fact_left_out_is_added(&["It started two hours ago."], CheckOutcome::Completed,
    "It started two hours ago. It goes into my left arm. No fever.")]
#[case::an_invention_after_good_words_spoils_them(&["It started two hours ago. I have a fever."], CheckOutcome::Replaced,
    "It started two hours ago. It goes into my left arm. No fever.")]
#[case::a_fact_in_part_is_replaced(&["It started two hours ago and goes into my left."], CheckOutcome::Replaced,
    "It started two hours ago. It goes into my left arm. No fever.")]
#[case::an_example_is_replaced(&["It started two hours ago and goes into my left arm, and I nap on the tram."],
    CheckOutcome::Replaced, "It started two hours ago. It goes into my left arm. No fever.")]
#[case::a_dead_engine_is_replaced(&[], CheckOutcome::Replaced,
    "It started two hours ago. It goes into my left arm. No fever.")]
#[tokio::test]
async fn only_checked_words_are_shown(
    #[case] lines: &[&'static str],
    #[case] check: CheckOutcome,
    #[case] expected: &str,
) {
    let (spoken, shown) = speak(Actor::saying(lines), Duration::from_secs(60)).await;

    assert_eq!((spoken.check, spoken.text.as_str()), (check, expected));
    assert_eq!(shown, expected, "the browser sees what is stored");
}

#[tokio::test]
async fn a_model_that_never_answers_is_replaced_at_the_deadline() {
    let actor = Actor { lines: Mutex::default(), hangs: true };

    let (spoken, _) = speak(actor, Duration::from_millis(5)).await;

    assert_eq!(spoken.check, CheckOutcome::Replaced);
    assert_eq!(spoken.text, "It started two hours ago. It goes into my left arm. No fever.");
}
