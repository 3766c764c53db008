//! The dry run of a case: simulated students play it and the real grader marks them, before any
//! human meets the patient.
//!
//! A *strong*, an *average* and a *hasty* student ask in the graph's own phrasings (`student`);
//! none of them knows the diagnosis or the rubric. An item that nobody or that everybody gets tells
//! nobody apart, so both are marked (`verdict`), with a likely reason and the turns that show it.
//! The same case, seeds, graph and matcher give the same result.

mod running;
mod student;
mod verdict;

use std::{sync::Arc, time::Duration};

use cases::Case;
use knowledge_graph::{Graph, Language};
use models::ScriptedEngine;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::{
    assessment::{Grader, Report, Rubric, Speaker, Transcript, Turn, rubric_of},
    clock::Clock,
    encounter::{Exchange, Parts, PhrasingMode, Service},
    store::{Store, TurnRecord},
    understanding::Matcher,
};
pub use running::{Progress, Running};
use student::Student;

/// Seeds of the consultations unless others are asked for.
pub const SEEDS: [u64; 3] = [1, 2, 3];
/// Nothing is waited for: the patient speaks the case's own sentences.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How a simulated student takes a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DryRunStudent)]
pub enum Kind {
    /// Asks what tells most, follows up, joins questions, sums up.
    Strong,
    /// Goes section by section and leaves gaps.
    Average,
    /// A few closed and leading questions, then a diagnosis.
    Hasty,
}

impl Kind {
    /// All, from the most to the least careful.
    pub const ALL: [Self; 3] = [Self::Strong, Self::Average, Self::Hasty];

    /// The name as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Average => "average",
            Self::Hasty => "hasty",
        }
    }
}

/// An item that tells nobody apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// No student got it in any consultation.
    Nobody,
    /// Every student got it in every consultation.
    Everybody,
}

/// Why nobody or everybody may get an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = DryRunReason)]
pub enum Reason {
    /// The item names no topic: only its own words can earn it.
    NoTopic,
    /// The graph has no way to ask any of its topics.
    NoWording,
    /// Asked in the graph's own words, it is not credited.
    NotUnderstood,
    /// The patient tells it before anybody asks.
    Volunteered,
    /// It can be asked, and is credited then, but no general way of taking a history leads there.
    NotThoughtOf,
    /// It belongs to any consultation, whatever the illness.
    EveryConsultation,
    /// One question earns it together with others.
    EarnedTogether,
    /// Even the hasty student asks it.
    EverybodyAsks,
}

impl Reason {
    /// The name as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoTopic => "no-topic",
            Self::NoWording => "no-wording",
            Self::NotUnderstood => "not-understood",
            Self::Volunteered => "volunteered",
            Self::NotThoughtOf => "not-thought-of",
            Self::EveryConsultation => "every-consultation",
            Self::EarnedTogether => "earned-together",
            Self::EverybodyAsks => "everybody-asks",
        }
    }
}

/// A question and its answer that show why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shown {
    /// Who asked; none when the question was put to the patient directly to try it.
    pub student: Option<Kind>,
    /// Seed of the consultation.
    pub seed: u64,
    /// Place of the exchange in the consultation, from 1.
    pub exchange: usize,
    /// The student's words.
    pub said: String,
    /// The patient's.
    pub reply: String,
}

/// How often one student got an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cell {
    /// Which student.
    pub student: Kind,
    /// Consultations in which it was asked.
    pub asked: usize,
    /// Consultations in which the patient told it, asked or not.
    pub told: usize,
    /// Consultations.
    pub runs: usize,
}

/// One rubric item in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// The item's id.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Whether missing it fails the station.
    pub critical: bool,
    /// One cell a student, in the order of [`Kind::ALL`].
    pub cells: Vec<Cell>,
    /// Whether it tells nobody apart.
    pub mark: Option<Mark>,
    /// Why that may be.
    pub reason: Option<Reason>,
    /// The turns that show it.
    pub shown: Vec<Shown>,
}

/// What one student reached in one language, over all seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    /// Which student.
    pub student: Kind,
    /// Mean number of questions.
    pub questions: f64,
    /// Mean score in percent.
    pub percent: f64,
}

/// The dry run in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InLanguage {
    /// Language spoken.
    #[schema(value_type = String, example = "en")]
    pub language: Language,
    /// One entry a student.
    pub students: Vec<Standing>,
    /// One entry a rubric item, in its order.
    pub items: Vec<Item>,
}

/// What a dry run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DryRun {
    /// Case id.
    pub case: String,
    /// Version.
    pub version: u32,
    /// SHA-256 of the case's content.
    pub hash: String,
    /// Seeds of the consultations.
    pub seeds: Vec<u64>,
    /// One entry a language.
    pub languages: Vec<InLanguage>,
}

impl DryRun {
    /// Items that carry this mark, over all languages.
    pub fn marked(&self, mark: Mark) -> impl Iterator<Item = (Language, &Item)> {
        let items = self.languages.iter().flat_map(|one| one.items.iter().map(|item| (one.language, item)));
        items.filter(move |(_, item)| item.mark == Some(mark))
    }
}

/// What a dry run needs.
pub struct Rehearsal {
    graph: &'static Graph,
    service: Service,
    grader: Arc<Grader>,
}

/// One consultation that was held and graded.
struct Held {
    kind: Kind,
    seed: u64,
    turns: Vec<TurnRecord>,
    report: Report,
}

impl Rehearsal {
    /// A place to rehearse in. Whatever speaks on this server, the patient speaks the case's own
    /// sentences here; nothing is stored.
    pub fn new(
        graph: &'static Graph,
        store: Store,
        matcher: Arc<Matcher>,
        grader: Arc<Grader>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let service = Service::new(Parts {
            graph,
            store,
            matcher,
            engine: Arc::new(ScriptedEngine),
            clock,
            places: 1,
            phrasing: PhrasingMode::Uncached,
            deadline: LONGEST_WAIT,
        });
        Self { graph, service, grader }
    }

    /// Plays `case` with every student and seed in each of `languages`. `tell` hears how many of how
    /// many consultations are done.
    pub async fn run(
        &self,
        case: &Arc<Case>,
        languages: &[Language],
        seeds: &[u64],
        tell: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> DryRun {
        let total = languages.len() * seeds.len() * Kind::ALL.len();
        let mut found = Vec::new();
        let mut done = 0;
        for language in languages {
            let mut held = Vec::new();
            for kind in Kind::ALL {
                for seed in seeds {
                    held.push(self.hold(case, *language, kind, *seed).await);
                    done += 1;
                    tell(done, total);
                }
            }
            found.push(verdict::of_language(self, case, *language, &held).await);
        }
        DryRun {
            case: case.id.clone(),
            version: case.version,
            hash: cases::content_hash(case),
            seeds: seeds.to_vec(),
            languages: found,
        }
    }

    /// One consultation, from the greeting to the last word, and its grade.
    async fn hold(&self, case: &Arc<Case>, language: Language, kind: Kind, seed: u64) -> Held {
        let mut student = Student::new(self.graph, case, language, kind, seed);
        let mut turns: Vec<TurnRecord> = Vec::new();
        while let Some(said) = student.next_words() {
            let told = self.say(case, language, seed, &mut turns, said).await;
            student.hear(&told);
        }
        let report = self.grade(case, language, &turns).await;
        Held { kind, seed, turns, report }
    }

    /// Says `said` to the patient, remembers the exchange and gives the facts that were told.
    async fn say(
        &self,
        case: &Case,
        language: Language,
        seed: u64,
        turns: &mut Vec<TurnRecord>,
        said: String,
    ) -> Vec<String> {
        let (nobody, unheard) = mpsc::channel(1);
        drop(unheard);
        let exchange = Exchange { case, language, seed, earlier: turns, said: &said };
        let reply = self.service.reply(&exchange, &nobody).await.reply;
        let facts = reply.facts.clone();
        let index = u32::try_from(turns.len()).unwrap_or(u32::MAX);
        turns.push(TurnRecord { index, key: index.to_string(), said, said_at: reply.at, reply: Some(reply) });
        facts
    }

    async fn grade(&self, case: &Case, language: Language, turns: &[TurnRecord]) -> Report {
        let rubric: Rubric = rubric_of(case, language);
        let transcript = Transcript { id: case.id.clone(), language, turns: spoken(turns) };
        let grader = Arc::clone(&self.grader);
        let graded = tokio::task::spawn_blocking(move || grader.grade(&transcript, &rubric));
        graded.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}

/// The exchanges as the grader reads them: the student's turn at 2 × index, the patient's after it.
fn spoken(turns: &[TurnRecord]) -> Vec<Turn> {
    let both = turns.iter().flat_map(|turn| {
        let reply = turn.reply.as_ref().map(|reply| reply.text.clone()).unwrap_or_default();
        [Turn { speaker: Speaker::Student, text: turn.said.clone() }, Turn { speaker: Speaker::Patient, text: reply }]
    });
    both.collect()
}
