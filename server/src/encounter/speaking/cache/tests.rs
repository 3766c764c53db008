use std::time::Duration;

use models::{EngineError, EngineFuture, EngineStatus, FinishReason, Speech, SpeechEngine, Timing};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    clock::FixedClock,
    encounter::{check::Checker, wording::Script},
    store::{CaseStatus, MOST_VARIANTS},
};

const FACTS: [&str; 2] = ["It started two hours ago.", "It goes into my left arm."];
/// Ways to say both facts that pass the check.
const WAYS: [&str; 5] = [
    "It started two hours ago, and it goes into my left arm.",
    "It started two hours ago and goes into my left arm.",
    "Well, it started two hours ago, and it goes into my left arm.",
    "Well, it started two hours ago and it goes into my left arm.",
    "It started two hours ago and it goes into my left arm.",
];

/// Says the next of its lines to every request, and counts the requests.
struct Speaks {
    lines: Vec<&'static str>,
    asked: Mutex<usize>,
}

impl SpeechEngine for Speaks {
    fn speak(&self, _: SpeechRequest, pieces: mpsc::Sender<String>, _: CancellationToken) -> EngineFuture<'_, Speech> {
        Box::pin(async move {
            // Others may come meanwhile.
            tokio::task::yield_now().await;
            let line = {
                let mut asked = self.asked.lock().unwrap();
                *asked += 1;
                self.lines[(*asked - 1) % self.lines.len()]
            };
            pieces.send(line.to_owned()).await.map_err(|_| EngineError::Cancelled)?;
            Ok(Speech { text: line.to_owned(), finish: FinishReason::Stop, timing: Timing::default() })
        })
    }

    fn identity(&self) -> ModelIdentity {
        ModelIdentity { name: "speaks".into(), sha256: "00".into() }
    }

    fn status(&self) -> EngineStatus {
        EngineStatus::default()
    }
}

/// A class before one patient.
struct Class {
    speaker: Speaker,
    engine: Arc<Speaks>,
    store: Store,
    case: Arc<cases::Case>,
    graph: &'static Graph,
    _folder: tempfile::TempDir,
}

async fn class(lines: &[&'static str]) -> Class {
    let graph = Graph::embedded().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("speech.db")).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::new("2026-03-02T12:00:00Z".parse().unwrap()));
    let catalogue = crate::catalogue::Catalogue::new(store.clone());
    catalogue.stock(&cases::library().unwrap()[..1], clock.now()).await.unwrap();
    let case = catalogue.published().await.unwrap().remove(0);
    let engine = Arc::new(Speaks { lines: lines.to_vec(), asked: Mutex::new(0) });
    let speaker = Speaker {
        engine: Arc::clone(&engine) as Arc<dyn SpeechEngine>,
        checker: Checker::new(graph),
        deadline: Duration::from_mins(1),
        cache: Some(Arc::new(SpeechCache::new(store.clone(), clock))),
    };
    Class { speaker, engine, store, case, graph, _folder: folder }
}

impl Class {
    /// What the patient says when asked `question`, having said `spoken` in this consultation.
    async fn ask(&self, question: &str, spoken: &[String], seed: u64) -> (String, CheckOutcome) {
        let facts = FACTS.iter().map(ToString::to_string).collect();
        let script = Script { before: String::new(), facts, after: String::new() };
        let request = SpeechRequest {
            shared_prefix: String::new(),
            history: Vec::new(),
            prompt: question.to_owned(),
            fallback: String::new(),
            max_tokens: 50,
            temperature: 0.5,
            seed,
        };
        let utterance = Utterance {
            script: &script,
            request: Some(request),
            known: &[],
            echoed: question,
            language: Language::En,
            occasion: Some(Occasion {
                case_id: &self.case.id,
                case_version: self.case.version,
                mood: Mood::Calm,
                policy: Policy::Answer,
                form: Form::Open,
            }),
            spoken,
            anew: false,
        };
        let (listener, mut unheard) = mpsc::channel(64);
        unheard.close();
        let spoken = self.speaker.speak(self.graph, &utterance, &listener).await;
        (spoken.text, spoken.check)
    }

    fn asked(&self) -> usize {
        *self.engine.asked.lock().unwrap()
    }
}

#[tokio::test]
async fn what_one_student_heard_is_said_again_to_another() {
    let class = class(&WAYS).await;

    let first = class.ask("When did it start and where does it go?", &[], 1).await;
    let second = class.ask("Since when, and does it spread?", &[], 2).await;

    assert_eq!(first, (WAYS[0].to_owned(), CheckOutcome::Passed));
    assert_eq!(second, (WAYS[0].to_owned(), CheckOutcome::Recalled));
    assert_eq!(class.asked(), 1);
}

#[tokio::test]
async fn nobody_hears_the_same_twice_and_four_variants_are_kept() {
    let class = class(&WAYS).await;
    let mut heard = Vec::new();
    for (turn, way) in (0..).zip(WAYS) {
        let (text, check) = class.ask("When did it start and where does it go?", &heard, turn).await;
        assert_eq!((text.as_str(), check), (way, CheckOutcome::Passed), "all that was said before was heard already");
        heard.push(text);
    }
    assert_eq!(class.store.count_speech().await.unwrap() as usize, MOST_VARIANTS);

    let mut others = HashMap::new();
    for seed in 0..32 {
        let (text, check) = class.ask("When did it start and where does it go?", &[], seed).await;
        assert_eq!(check, CheckOutcome::Recalled);
        others.insert(text, seed);
    }

    assert_eq!(others.len(), MOST_VARIANTS, "the seed draws among the variants");
    assert_eq!(class.asked(), WAYS.len());
}

#[tokio::test]
async fn students_who_ask_at_once_share_one_reply() {
    let class = Arc::new(class(&WAYS).await);
    let mut students = tokio::task::JoinSet::new();
    for seed in 0..8 {
        let class = Arc::clone(&class);
        students.spawn(async move { class.ask("When did it start and where does it go?", &[], seed).await.0 });
    }

    let heard = students.join_all().await;

    assert!(heard.iter().all(|text| text == WAYS[0]), "{heard:?}");
    assert_eq!(class.asked(), 1);
}

#[tokio::test]
async fn words_that_only_the_question_allowed_are_not_kept() {
    let class = class(&["It started two hours ago in the garden, and it goes into my left arm."]).await;

    let (text, check) = class.ask("Did it start in the garden, and where does it go?", &[], 1).await;

    assert!(check == CheckOutcome::Passed && text.contains("garden"), "the student's own words may be echoed: {text}");
    assert_eq!(class.store.count_speech().await.unwrap(), 0);
}

#[tokio::test]
async fn a_model_that_never_gets_it_right_is_not_asked_for_ever() {
    let class = class(&["I am an AI assistant."]).await;

    for seed in 0..10 {
        let (text, check) = class.ask("When did it start and where does it go?", &[], seed).await;
        assert_eq!(
            (text.as_str(), check),
            ("It started two hours ago. It goes into my left arm.", CheckOutcome::Replaced)
        );
    }

    assert_eq!(class.asked(), 2 * usize::from(HOPELESS_AFTER), "two attempts of each student");
}

#[tokio::test]
async fn what_was_said_goes_when_the_case_is_withdrawn() {
    let class = class(&WAYS).await;
    class.ask("When did it start and where does it go?", &[], 1).await;
    assert_eq!(class.store.count_speech().await.unwrap(), 1);

    class.store.set_case_status(&class.case.id, class.case.version, CaseStatus::Retired).await.unwrap();

    assert_eq!(class.store.count_speech().await.unwrap(), 0);
}
