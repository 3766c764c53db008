//! How fast patients answer on this machine: simulated students play shipped cases at once, with no
//! time to think, through the same service, database and engine as real ones.

pub mod class;
mod machine;
mod opponent;
mod tally;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cases::Case;
use knowledge_graph::{Graph, Language};
use models::{SpeechEngine, WorkerEngine};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::{
    catalogue::{Catalogue, CatalogueError},
    clock::Clock,
    encounter::{EncounterError, Parts, PhrasingMode, Service, TurnEvent},
    engine::{ledger, percentile},
    store::{EncounterRecord, Mode, NewEncounter, NewUser, Role, Store, StoreError},
    understanding::Matcher,
};
use machine::{Killer, Neighbour, peak_memory};
pub use opponent::{Opponent, Running};
use tally::{Sum, Tally};

/// After this long the facts' own sentences answer; as when serving.
pub const LONGEST_WAIT: Duration = Duration::from_secs(20);

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
    /// How much the model says.
    pub phrasing: PhrasingMode,
    /// How often the worker is killed meanwhile; the students go on until it is done.
    pub kills: u32,
    /// After this long the facts' own sentences answer.
    pub deadline: Duration,
}

/// What was measured. Times in seconds.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// What was measured, in a word.
    pub row: String,
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
    /// Share of drafted tokens that were right; none when nothing was drafted.
    pub accepted_share: Option<f64>,
    /// Share of replies wanted from the model that had been said before; none when none was wanted.
    pub hit_share: Option<f64>,
    /// How often the worker was killed.
    pub kills: u32,
    /// Requests that the engine did not answer; the facts' own sentences did.
    pub unanswered_by_model: u32,
    /// Accepted turns that have no reply, or were stored more than once. Must be 0.
    pub lost_or_doubled: usize,
    /// Most memory this process and its engine ever held, in MiB; none where the system does not say.
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
    /// The worker that may be killed.
    pub worker: Option<Arc<WorkerEngine>>,
    /// The processes whose memory is counted.
    pub processes: Vec<u32>,
}

impl Bench {
    /// Plays `load` and measures it. `answered` is called after every turn.
    pub async fn run(&self, load: Load, answered: impl Fn() + Send + Sync + 'static) -> Result<Figures, BenchError> {
        let tally = Arc::new(Tally::new(Arc::clone(&self.engine)));
        let service = Service::new(Parts {
            graph: self.graph,
            store: self.store.clone(),
            matcher: Arc::clone(&self.matcher),
            engine: Arc::clone(&tally) as Arc<dyn SpeechEngine>,
            clock: Arc::clone(&self.clock),
            places: load.learners,
            phrasing: load.phrasing,
            deadline: load.deadline,
        });
        let consultations = self.consultations(load).await?;
        // A server has done so since its start.
        for (encounter, case) in &consultations {
            service.make_ready(Arc::clone(case), encounter.language).await.ok();
        }
        let _neighbour = load.neighbour.then(Neighbour::move_in);
        let killer = self.worker.clone().filter(|_| load.kills > 0);
        let killer = Arc::new(killer.map(|worker| Killer::new(worker, load.kills, 1)));
        let answered = Arc::new(answered);
        let before = ledger().standing();
        let begun = Instant::now();
        let mut students = JoinSet::new();
        for (seat, (encounter, case)) in consultations.iter().cloned().enumerate() {
            let (service, answered, killer) = (service.clone(), Arc::clone(&answered), Arc::clone(&killer));
            students.spawn(async move {
                let pace = Pace { seat, turns: load.turns, killer: killer.as_ref().as_ref() };
                student(&service, &encounter, &case, &pace, &*answered).await
            });
        }
        let mut waits = Vec::new();
        for done in students.join_all().await {
            waits.extend(done?);
        }
        let elapsed = begun.elapsed();
        let after = ledger().standing();
        let wrong = self.lost_or_doubled(&consultations, waits.len()).await?;
        let cache = (after.hits - before.hits, after.misses - before.misses);
        Ok(Figures {
            lost_or_doubled: wrong,
            hit_share: share(cache.0, cache.0 + cache.1),
            peak_mib: peak_memory(&self.processes),
            ..figures(load, &waits, elapsed, tally.sum())
        })
    }

    /// Accepted turns without a reply, and turns stored that nobody said.
    async fn lost_or_doubled(
        &self,
        consultations: &[(EncounterRecord, Arc<Case>)],
        said: usize,
    ) -> Result<usize, BenchError> {
        let (mut stored, mut unanswered) = (0, 0);
        for (encounter, _) in consultations {
            let turns = self.store.turns(encounter.id).await?;
            stored += turns.len();
            unanswered += turns.iter().filter(|turn| turn.reply.is_none()).count();
        }
        Ok(unanswered + stored.abs_diff(said))
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
                seed: u64::try_from(before + seat).unwrap_or_default(),
            };
            let encounter = self.store.create_encounter(new, self.clock.now()).await?;
            all.push((encounter, Arc::new(case.clone())));
        }
        Ok(all)
    }
}

/// How long a student goes on.
struct Pace<'a> {
    seat: usize,
    turns: usize,
    killer: Option<&'a Killer>,
}

impl Pace<'_> {
    async fn goes_on(&self, turn: usize) -> bool {
        let is_killed = self.killer.is_some_and(Killer::is_at_work);
        if is_killed {
            tokio::time::sleep(machine::THINKING).await;
        }
        turn < self.turns || is_killed
    }
}

/// How long a student waited in one turn.
struct Wait {
    first: Duration,
    reply: Duration,
}

/// Asks at `pace`, beginning with the opening and then with another one at every seat.
async fn student(
    service: &Service,
    encounter: &EncounterRecord,
    case: &Arc<Case>,
    pace: &Pace<'_>,
    answered: &(impl Fn() + Sync),
) -> Result<Vec<Wait>, BenchError> {
    let questions = QUESTIONS[usize::from(encounter.language == Language::Zh)];
    let mut waits = Vec::new();
    let mut turn = 0;
    while pace.goes_on(turn).await {
        let question = if turn == 0 { questions[0] } else { questions[1 + (pace.seat + turn) % (questions.len() - 1)] };
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
        turn += 1;
    }
    Ok(waits)
}

fn figures(load: Load, waits: &[Wait], elapsed: Duration, sum: Sum) -> Figures {
    let turns = waits.len().max(1) as f64;
    let first: Vec<f64> = waits.iter().map(|wait| wait.first.as_secs_f64()).collect();
    let reply: Vec<f64> = waits.iter().map(|wait| wait.reply.as_secs_f64()).collect();
    Figures {
        row: String::new(),
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
        accepted_share: share(sum.accepted, sum.drafted),
        hit_share: None,
        kills: load.kills,
        unanswered_by_model: sum.failures,
        lost_or_doubled: 0,
        peak_mib: None,
    }
}

/// The share of `part` in `whole`; none of nothing.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use models::ScriptedEngine;

    use super::*;
    use crate::clock::SystemClock;

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
            worker: None,
            processes: vec![std::process::id()],
        };
        let phrasing = PhrasingMode::Everything;
        let (language, deadline) = (Language::Zh, LONGEST_WAIT);
        let load = Load { learners: 3, cases: 2, turns: 4, language, neighbour: false, phrasing, kills: 0, deadline };

        let figures = bench.run(load, || ()).await.unwrap();

        assert_eq!((figures.turns, figures.lost_or_doubled), (12, 0));
        assert!(figures.spoken_share > 0.5, "the model phrases whatever is told: {figures:?}");
        assert!(figures.turns_per_minute > 0.0 && figures.reply_p95 >= figures.reply_p50, "{figures:?}");
    }
}
