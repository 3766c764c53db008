//! Consultations on a real model whose worker dies.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anamnesis::{
    bench::{Bench, LONGEST_WAIT, Load},
    clock::FixedClock,
    encounter::PhrasingMode,
    engine::Measured,
    store::Store,
};
use knowledge_graph::Language;
use models::{SpeechEngine, WorkerEngine, WorkerOptions, weights::WeightsStore};

use crate::support::{graph, matcher, noon};

fn worker() -> WorkerEngine {
    let weights = WeightsStore::new(WeightsStore::default_folder()).unwrap();
    let speech = weights.open("qwen2.5-coder-0.5b-instruct-q4_k_m").unwrap_or_else(|error| {
        panic!("{error}\nThis test needs these weights: `make weights` fetches them, `make test` does it first.")
    });
    let executable = PathBuf::from(env!("CARGO_BIN_EXE_test-model-worker"));
    let worker = WorkerEngine::start(WorkerOptions {
        speech: Some(speech),
        context_tokens: 2048,
        ..WorkerOptions::new(executable, Vec::new())
    });
    worker.wait_until_ready(Duration::from_mins(2)).unwrap();
    worker
}

#[tokio::test(flavor = "multi_thread")]
async fn every_accepted_turn_is_answered_once_however_often_the_worker_dies() {
    let folder = tempfile::tempdir().unwrap();
    let worker = Arc::new(worker());
    let bench = Bench {
        graph: graph(),
        cases: cases::library().unwrap(),
        store: Store::open(&folder.path().join("bench.db")).await.unwrap(),
        matcher: matcher(),
        engine: Arc::new(Measured(Arc::clone(&worker) as Arc<dyn SpeechEngine>)),
        clock: Arc::new(FixedClock::new(noon())),
        worker: Some(Arc::clone(&worker)),
        processes: Vec::new(),
    };
    let load = Load {
        learners: 3,
        cases: 2,
        turns: 2,
        language: Language::En,
        neighbour: false,
        phrasing: PhrasingMode::Everything,
        kills: 4,
        deadline: LONGEST_WAIT,
    };

    let figures = bench.run(load, || ()).await.unwrap();

    assert_eq!(figures.lost_or_doubled, 0, "{figures:?}");
    assert!(worker.status().restarts >= 4, "{:?}", worker.status());
    assert!(figures.turns >= 6);
}
