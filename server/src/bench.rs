//! How fast patients answer on this machine: simulated students play shipped cases at once, with no
//! time to think, through the same service, database and engine as real ones.

use std::{
    fs,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use cases::Case;
use knowledge_graph::{Graph, Language};
use models::{EngineFuture, EngineStatus, ModelIdentity, Speech, SpeechEngine, SpeechRequest, Timing};
use serde::Serialize;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    catalogue::{Catalogue, CatalogueError},
    clock::Clock,
    encounter::{EncounterError, Parts, Service, TurnEvent},
    store::{EncounterRecord, Mode, NewEncounter, NewUser, Role, Store, StoreError},
    understanding::Matcher,
};

/// After this long the facts' own sentences answer; as when serving.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What students commonly ask, most of it answered by a fact of any case.
const QUESTIONS: [[&str; 12]; 2] = [
    [
        "What brings you in today?",
        "When did it start?",
        "What does it feel like?",
        "Does anything make it worse?",
        "Does anything make it better?",
        "How bad is it, from one to ten?",
        "Do you have any other medical conditions?",
        "Do you take any medicines?",
        "Do you smoke?",
        "Does anything run in your family?",
        "What do you do for a living?",
        "What worries you most about it?",
    ],
    [
        "您今天哪里不舒服？",
        "什么时候开始的？",
        "是什么样的感觉？",
        "什么情况下会加重？",
        "怎么能缓解一点？",
        "一到十分，有多难受？",
        "以前得过什么病吗？",
        "平时吃什么药？",
        "您抽烟吗？",
        "家里人有什么病吗？",
        "您做什么工作？",
        "您最担心什么？",
    ],
];

/// Who asks how much.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Students at once.
    pub learners: usize,
    /// Cases they are spread over.
    pub cases: usize,
    /// Turns of each student.
    pub turns: usize,
    /// Language spoken.
    pub language: Language,
    /// Whether another program keeps one core busy meanwhile.
    pub neighbour: bool,
}

/// What was measured. Times in seconds.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// Students at once.
    pub learners: usize,
    /// Cases they were spread over.
    pub cases: usize,
    /// Turns answered.
    pub turns: usize,
    /// Whether another program kept one core busy.
    pub neighbour: bool,
    /// Turns answered a minute, all students together.
    pub turns_per_minute: f64,
    /// From sending a turn to the first shown sentence: median.
    pub first_p50: f64,
    /// The same, 95th percentile.
    pub first_p95: f64,
    /// From sending a turn to the stored reply: median.
    pub reply_p50: f64,
    /// The same, 95th percentile.
    pub reply_p95: f64,
    /// Share of turns the model was asked to phrase.
    pub spoken_share: f64,
    /// Prompt tokens evaluated per turn, found in no cache.
    pub evaluated_per_turn: f64,
    /// Tokens spoken per turn.
    pub spoken_per_turn: f64,
    /// Most memory this process and its worker ever held, in MiB; none where the system does not say.
    pub peak_mib: Option<u64>,
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The shipped cases were not stored.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A turn was refused.
    #[error(transparent)]
    Encounter(#[from] EncounterError),
    /// A turn was not answered.
    #[error("a turn was not answered: {0}")]
    Unanswered(String),
}

/// What is measured with.
#[derive(Clone)]
pub struct Bench {
    /// The knowledge graph.
    pub graph: &'static Graph,
    /// The shipped cases.
    pub cases: &'static [Case],
    /// An empty database.
    pub store: Store,
    /// Understands what is asked.
    pub matcher: Arc<Matcher>,
    /// Speaks.
    pub engine: Arc<dyn SpeechEngine>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Bench {
    /// Plays `load` and measures it. `answered` is called after every turn.
    pub async fn run(&self, load: Load, answered: impl Fn() + Send + Sync + 'static) -> Result<Figures, BenchError> {
        let tally = Arc::new(Tally { engine: Arc::clone(&self.engine), sum: Mutex::default() });
        let service = Service::new(Parts {
            graph: self.graph,
            store: self.store.clone(),
            matcher: Arc::clone(&self.matcher),
            engine: Arc::clone(&tally) as Arc<dyn SpeechEngine>,
            clock: Arc::clone(&self.clock),
            places: load.learners,
            deadline: LONGEST_WAIT,
        });
        let consultations = self.consultations(load).await?;
        let _neighbour = load.neighbour.then(Neighbour::move_in);
        let answered = Arc::new(answered);
        let begun = Instant::now();
        let mut students = JoinSet::new();
        for (seat, (encounter, case)) in consultations.into_iter().enumerate() {
            let (service, answered) = (service.clone(), Arc::clone(&answered));
            students.spawn(async move { student(&service, &encounter, &case, (seat, load.turns), &*answered).await });
        }
        let mut waits = Vec::new();
        for done in students.join_all().await {
            waits.extend(done?);
        }
        let elapsed = begun.elapsed();
        let sum = *tally.sum.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(figures(load, &waits, elapsed, sum))
    }

    async fn consultations(&self, load: Load) -> Result<Vec<(EncounterRecord, Arc<Case>)>, BenchError> {
        Catalogue::new(self.store.clone()).stock(self.cases, self.clock.now()).await?;
        let before = self.store.users().await?.len();
        let mut all = Vec::new();
        for seat in 0..load.learners {
            let login = format!("bench-{}", before + seat);
            let new = NewUser {
                login: login.clone(),
                name: login,
                role: Role::Student,
                password_hash: String::new(),
                language: None,
            };
            let student = self.store.create_user(new, self.clock.now()).await?;
            let case = &self.cases[seat % load.cases.clamp(1, self.cases.len())];
            let new = NewEncounter {
                student: student.id,
                case_id: case.id.clone(),
                case_version: case.version,
                language: load.language,
                mode: Mode::Practice,
                seed: u64::try_from(seat).unwrap_or_default(),
            };
            let encounter = self.store.create_encounter(new, self.clock.now()).await?;
            all.push((encounter, Arc::new(case.clone())));
        }
        Ok(all)
    }
}

/// How long a student waited in one turn.
struct Wait {
    first: Duration,
    reply: Duration,
}

/// Asks `turns` questions, beginning with the opening and then with another one at every seat.
async fn student(
    service: &Service,
    encounter: &EncounterRecord,
    case: &Arc<Case>,
    (seat, turns): (usize, usize),
    answered: &(impl Fn() + Sync),
) -> Result<Vec<Wait>, BenchError> {
    let questions = QUESTIONS[usize::from(encounter.language == Language::Zh)];
    let mut waits = Vec::new();
    for turn in 0..turns {
        let question = if turn == 0 { questions[0] } else { questions[1 + (seat + turn) % (questions.len() - 1)] };
        let begun = Instant::now();
        let mut first = None;
        let mut events = service.take_turn(encounter, Arc::clone(case), question, &format!("turn-{turn}")).await?;
        loop {
            match events.recv().await {
                Some(TurnEvent::Token { .. }) => {
                    first.get_or_insert_with(|| begun.elapsed());
                }
                Some(TurnEvent::Done(_)) => break,
                Some(TurnEvent::Failed { message }) => return Err(BenchError::Unanswered(message)),
                None => return Err(BenchError::Unanswered("the events ended early".to_owned())),
            }
        }
        let reply = begun.elapsed();
        waits.push(Wait { first: first.unwrap_or(reply), reply });
        answered();
    }
    Ok(waits)
}

/// What the engine was asked, summed.
#[derive(Clone, Copy, Default)]
struct Sum {
    requests: u32,
    evaluated: u64,
    spoken: u64,
}

/// Sums what an engine does.
struct Tally {
    engine: Arc<dyn SpeechEngine>,
    sum: Mutex<Sum>,
}

impl SpeechEngine for Tally {
    fn speak(
        &self,
        request: SpeechRequest,
        pieces: mpsc::Sender<String>,
        cancel: CancellationToken,
    ) -> EngineFuture<'_, Speech> {
        let speaking = self.engine.speak(request, pieces, cancel);
        Box::pin(async move {
            let result = speaking.await;
            let Timing { prompt_tokens, spoken_tokens, .. } =
                result.as_ref().map(|speech| speech.timing).unwrap_or_default();
            let mut sum = self.sum.lock().unwrap_or_else(PoisonError::into_inner);
            sum.requests += 1;
            sum.evaluated += u64::from(prompt_tokens);
            sum.spoken += u64::from(spoken_tokens);
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

/// A program that keeps one core busy until it is dropped.
struct Neighbour(Arc<AtomicBool>);

impl Neighbour {
    fn move_in() -> Self {
        let gone = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&gone);
        thread::spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
        });
        Self(gone)
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn figures(load: Load, waits: &[Wait], elapsed: Duration, sum: Sum) -> Figures {
    let turns = waits.len().max(1) as f64;
    let first: Vec<Duration> = waits.iter().map(|wait| wait.first).collect();
    let reply: Vec<Duration> = waits.iter().map(|wait| wait.reply).collect();
    Figures {
        learners: load.learners,
        cases: load.cases,
        turns: waits.len(),
        neighbour: load.neighbour,
        turns_per_minute: turns / elapsed.as_secs_f64() * 60.0,
        first_p50: percentile(&first, 0.5),
        first_p95: percentile(&first, 0.95),
        reply_p50: percentile(&reply, 0.5),
        reply_p95: percentile(&reply, 0.95),
        spoken_share: f64::from(sum.requests) / turns,
        evaluated_per_turn: sum.evaluated as f64 / turns,
        spoken_per_turn: sum.spoken as f64 / turns,
        peak_mib: peak_memory(),
    }
}

/// The nearest-rank percentile, in seconds; 0 of nothing.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rank within a short list"
)]
fn percentile(waits: &[Duration], share: f64) -> f64 {
    let mut ranked = waits.to_vec();
    ranked.sort_unstable();
    let rank = (share * ranked.len() as f64).ceil() as usize;
    ranked.get(rank.saturating_sub(1)).map_or(0.0, Duration::as_secs_f64)
}

/// Most memory this process and its children ever held, in MiB.
fn peak_memory() -> Option<u64> {
    let mut total = resident_peak("self")?;
    for task in fs::read_dir("/proc/self/task").ok()?.flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        total += children.split_whitespace().filter_map(resident_peak).sum::<u64>();
    }
    Some(total / 1024)
}

/// Peak resident memory of a process, in KiB.
fn resident_peak(process: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use models::ScriptedEngine;

    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let waits: Vec<Duration> = (1..=20).map(Duration::from_secs).collect();
        assert!((percentile(&waits, 0.5) - 10.0).abs() < 1e-9);
        assert!((percentile(&waits, 0.95) - 19.0).abs() < 1e-9);
        assert!(percentile(&[], 0.5).abs() < 1e-9);
    }

    #[tokio::test]
    async fn every_student_gets_every_answer() {
        let graph = Graph::embedded().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let bench = Bench {
            graph,
            cases: cases::library().unwrap(),
            store: Store::open(&folder.path().join("bench.db")).await.unwrap(),
            matcher: Arc::new(Matcher::new(graph, None, None).unwrap()),
            engine: Arc::new(ScriptedEngine),
            clock: Arc::new(SystemClock),
        };
        let load = Load { learners: 3, cases: 2, turns: 4, language: Language::Zh, neighbour: false };

        let figures = bench.run(load, || ()).await.unwrap();

        assert_eq!(figures.turns, 12);
        assert!(figures.turns_per_minute > 0.0 && figures.reply_p95 >= figures.reply_p50, "{figures:?}");
    }
}
