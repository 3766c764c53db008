//! Drills for learners: items made ahead, the next one for a learner, answers graded and taken in.
//!
//! Items are made in the background ([`keep_stocked`]), so that nobody waits for one. An answer is kept
//! first and then taken in as evidence; one that was not (the program stopped in between) is taken in when
//! its student comes back.

mod evidence;
mod wording;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use knowledge_graph::{Graph, TopicId};
use thiserror::Error;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use evidence::observations;
pub use wording::{Fault, FaultKind, LONGEST, Part, faults, reworded, texts};

use crate::{
    app::AppState,
    learner::{
        DrillCandidate, Figure, Source as Evidence, Suggestion, choose_drill,
        drills::{Answer, DrillKind, Item, Source, guess, score},
        system_of,
    },
    learning::{Known, Learning, LearningError},
    store::{DrillAnswerRecord, DrillRecord, NewDrillAnswer, Role, Store, StoreError, User},
};

/// An item is not given again so soon.
const REST: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Items of each kind made ahead.
const AHEAD: u32 = 10;
/// With fewer left for a learner, more of the kind are made.
const FEW: u32 = 5;
/// Items of a kind beyond which none are made: the oldest come round again before.
const MOST: u32 = 500;
/// Seeds tried for one item: of the rarest kind one in thirty leads to one.
const TRIES: u32 = 400;
/// Kinds remembered, so that they take turns.
const LAST: u32 = 4;
/// After a patient, a short question comes before the next one for so long.
const LATELY: SignedDuration = SignedDuration::from_hours(12);
/// A topic known so well needs no drill.
const GOOD_ENOUGH: f64 = 0.8;

/// Why a drill cannot be given or graded.
#[derive(Debug, Error)]
pub enum DrillError {
    /// There is no such item, or it was taken out.
    #[error("there is no drill of that id; ask for the next one")]
    Unknown,
    /// The answer is no answer to this item.
    #[error("the answer does not fit the item: {0}")]
    Unfit(&'static str),
    /// What is known of the learner cannot be read or kept.
    #[error(transparent)]
    Learning(#[from] LearningError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a learner wants to practise; nothing means whatever is worth most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Only this kind.
    pub kind: Option<DrillKind>,
    /// Only items about this topic.
    pub topic: Option<TopicId>,
}

impl Wish {
    fn admits(&self, candidate: &DrillCandidate) -> bool {
        self.kind.is_none_or(|kind| kind == candidate.kind)
            && self.topic.as_ref().is_none_or(|topic| candidate.topics.contains(&topic.node()))
    }
}

/// An answer with the item it answers.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The item, as learners see it.
    pub item: Item,
    /// The answer and its credit.
    pub kept: DrillAnswerRecord,
}

/// Makes items; what all of them are made from is got ready once.
struct Maker {
    graph: &'static Graph,
    source: OnceLock<Source<'static>>,
}

/// Gives drills.
pub struct Drilling {
    store: Store,
    maker: Arc<Maker>,
    /// Items of each kind to be had; [`AHEAD`] where nothing is said.
    wanted: Mutex<BTreeMap<DrillKind, u32>>,
    short: Notify,
}

impl Drilling {
    /// For the learners of `store`.
    pub fn new(store: Store, graph: &'static Graph) -> Self {
        let maker = Arc::new(Maker { graph, source: OnceLock::new() });
        Self { store, maker, wanted: Mutex::default(), short: Notify::new() }
    }

    fn graph(&self) -> &'static Graph {
        self.maker.graph
    }

    /// The id of the next item for a learner; `None` while there is none, more being made.
    pub async fn next(&self, (student, known): (Uuid, &Known), wish: &Wish) -> Result<Option<String>, DrillError> {
        let mut candidates = self.candidates(student, known.now).await?;
        self.ask_for_more(&candidates).await?;
        candidates.retain(|candidate| wish.admits(candidate));
        let learner = self.store.drill_ability(student).await?;
        let last = if wish.kind.is_some() { Vec::new() } else { self.store.last_drill_kinds(student, LAST).await? };
        let mut standing = known.standing();
        let lacking = |topic: &TopicId| {
            let section = self.graph().topic(topic).and_then(|known| known.section);
            // What is examined or measured, not asked, is nothing the model knows of.
            section.map_or(0.5, |section| {
                1.0 - standing.figure(topic, section, &system_of(self.graph(), topic)).estimate.value
            })
        };
        Ok(choose_drill(&candidates, learner, lacking, &last).map(|chosen| chosen.id.clone()))
    }

    /// How many items of each kind wait for a learner; more are made where there are few.
    pub async fn waiting(&self, student: Uuid, now: Timestamp) -> Result<BTreeMap<DrillKind, u32>, DrillError> {
        let candidates = self.candidates(student, now).await?;
        self.ask_for_more(&candidates).await?;
        Ok(by_kind(&candidates))
    }

    /// The topics that an item waits for a learner about.
    pub async fn topics(&self, student: Uuid, now: Timestamp) -> Result<BTreeSet<TopicId>, DrillError> {
        Ok(self.candidates(student, now).await?.into_iter().flat_map(|one| one.topics).collect())
    }

    /// Of the topics that were graded before, the one a learner knows least that an item waits about.
    pub async fn weakest(&self, student: Uuid, known: &Known) -> Result<Option<(TopicId, Figure)>, DrillError> {
        let mut standing = known.standing();
        let mut weakest: Option<(TopicId, Figure)> = None;
        for topic in self.topics(student, known.now).await? {
            let Some(section) = self.graph().topic(&topic).and_then(|known| known.section) else { continue };
            let figure = standing.figure(&topic, section, &system_of(self.graph(), &topic));
            let weaker = weakest.as_ref().is_none_or(|(_, least)| figure.estimate.value < least.estimate.value);
            if figure.based_on > 0 && figure.estimate.value < GOOD_ENOUGH && weaker {
                weakest = Some((topic, figure));
            }
        }
        Ok(weakest)
    }

    /// Puts a short question among what could be next: first when a patient was seen lately, else second.
    pub async fn suggest(
        &self,
        (student, known): (Uuid, &Known),
        next: &mut Vec<Suggestion>,
        declined: &[String],
    ) -> Result<(), DrillError> {
        let Some((topic, figure)) = self.weakest(student, known).await? else { return Ok(()) };
        let item = Suggestion::Item { topic, figure };
        if declined.contains(&item.key()) {
            return Ok(());
        }
        let lately = known.now.checked_sub(LATELY).unwrap_or(Timestamp::MIN);
        let seen_one = known
            .evidence
            .iter()
            .any(|one| matches!(one.observation.source, Evidence::Encounter(_)) && one.observation.at > lately);
        next.insert(usize::from(!seen_one).min(next.len()), item);
        Ok(())
    }

    async fn candidates(&self, student: Uuid, now: Timestamp) -> Result<Vec<DrillCandidate>, StoreError> {
        self.store.drill_candidates(student, self.graph().content_hash(), since(now)).await
    }

    /// An item that is offered.
    pub async fn offered(&self, id: &str) -> Result<DrillRecord, DrillError> {
        let record = self.store.drill(id).await?.ok_or(DrillError::Unknown)?;
        if record.state == crate::store::DrillState::Retired { Err(DrillError::Unknown) } else { Ok(record) }
    }

    /// Grades an answer, keeps it and takes it in. The same `attempt` again gives what was kept.
    pub async fn answer(
        &self,
        learning: &Learning,
        user: &User,
        (attempt, id, answer): (Uuid, &str, Answer),
        now: Timestamp,
    ) -> Result<Graded, DrillError> {
        let item = self.offered(id).await?.item().clone();
        let points = score(&item, &answer).ok_or(DrillError::Unfit(shape(&item)))?;
        let floor = if answer == Answer::Unknown { 0.0 } else { guess(&item) };
        let new = NewDrillAnswer {
            id: attempt,
            student: user.id,
            drill: item.id.clone(),
            answer,
            points,
            floor,
            counts: user.role == Role::Student,
            since: since(now),
        };
        let kept = self.store.keep_drill_answer(new, now).await?;
        self.take_in(learning, user.id, now).await?;
        Ok(Graded { item, kept })
    }

    /// Takes in what was answered and not yet taken in.
    pub async fn take_in(&self, learning: &Learning, student: Uuid, now: Timestamp) -> Result<(), DrillError> {
        for kept in self.store.unobserved_drill_answers(student).await? {
            if let Some(record) = self.store.drill(&kept.drill).await? {
                let seen = observations(self.graph(), &record.made, &kept);
                learning.observe(student, seen, now).await?;
            }
            self.store.drill_answer_observed(kept.id).await?;
        }
        Ok(())
    }

    /// An answer of this student, with its item.
    pub async fn graded(&self, attempt: Uuid, student: Uuid) -> Result<Graded, DrillError> {
        let kept = self.store.drill_answer(attempt, student).await?.ok_or(DrillError::Unknown)?;
        let record = self.store.drill(&kept.drill).await?.ok_or(DrillError::Unknown)?;
        Ok(Graded { item: record.item().clone(), kept })
    }

    /// Makes a new item and keeps it; `None` when no seed that was tried led to one.
    pub async fn make(&self, kind: DrillKind, now: Timestamp) -> Result<Option<Item>, StoreError> {
        for _ in 0..TRIES {
            let seed = self.store.claim_drill_seed(kind).await?;
            if let Some(item) = self.generated(kind, seed).await?
                && self.store.keep_drill(item.clone(), now).await?
            {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    async fn generated(&self, kind: DrillKind, seed: u64) -> Result<Option<Item>, StoreError> {
        let maker = Arc::clone(&self.maker);
        let made = tokio::task::spawn_blocking(move || {
            maker.source.get_or_init(|| Source::new(maker.graph)).generate(kind, seed)
        });
        made.await.map_err(|error| StoreError::Interrupted(error.to_string()))
    }

    /// Makes the items of an older graph again. The same question comes out wherever the graph did not
    /// change, and keeps its figures; gives how many are offered again.
    pub async fn renew(&self, now: Timestamp, closing: &CancellationToken) -> Result<usize, StoreError> {
        let mut renewed = 0;
        for old in self.store.outdated_drills(self.graph().content_hash()).await? {
            if closing.is_cancelled() {
                break;
            }
            if let Some(item) = self.generated(old.kind, old.seed).await? {
                renewed += usize::from(item.id == old.id);
                self.store.keep_drill(item, now).await?;
            }
        }
        Ok(renewed)
    }

    /// Makes what is missing of each kind, one of each in turn. Gives how many were made.
    pub async fn stock(&self, now: Timestamp, closing: &CancellationToken) -> Result<usize, StoreError> {
        let mut missing = self.missing().await?;
        let mut made = 0;
        while !missing.is_empty() && !closing.is_cancelled() {
            let mut left = Vec::new();
            for (kind, count) in missing {
                // A kind of which no seed leads to an item is given up until somebody asks again.
                if self.make(kind, now).await?.is_some() {
                    made += 1;
                    left.extend((count > 1).then_some((kind, count - 1)));
                }
            }
            missing = left;
        }
        Ok(made)
    }

    async fn missing(&self) -> Result<Vec<(DrillKind, u32)>, StoreError> {
        let offered = self.store.drills_offered(self.graph().content_hash()).await?;
        let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = DrillKind::ALL.into_iter().map(|kind| {
            let wanted = wanted.get(&kind).copied().unwrap_or(AHEAD);
            (kind, wanted.saturating_sub(offered.get(&kind).copied().unwrap_or_default()))
        });
        Ok(missing.filter(|(_, count)| *count > 0).collect())
    }

    /// Has more made of each kind of which few are left to a learner.
    async fn ask_for_more(&self, left: &[DrillCandidate]) -> Result<(), StoreError> {
        let left = by_kind(left);
        let few = |kind: &DrillKind| left.get(kind).copied().unwrap_or_default() < FEW;
        let few: Vec<DrillKind> = DrillKind::ALL.into_iter().filter(few).collect();
        if few.is_empty() {
            return Ok(());
        }
        let offered = self.store.drills_offered(self.graph().content_hash()).await?;
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        for kind in few {
            let more = offered.get(&kind).copied().unwrap_or_default().saturating_add(FEW).clamp(AHEAD, MOST);
            wanted.insert(kind, more);
        }
        drop(wanted);
        self.short.notify_one();
        Ok(())
    }
}

fn by_kind(candidates: &[DrillCandidate]) -> BTreeMap<DrillKind, u32> {
    let mut counts = BTreeMap::new();
    for one in candidates {
        *counts.entry(one.kind).or_default() += 1;
    }
    counts
}

/// Answered after this, an item is not given again.
fn since(now: Timestamp) -> Timestamp {
    now.checked_sub(REST).unwrap_or(Timestamp::MIN)
}

/// The answer an item takes, for whoever sent another.
fn shape(item: &Item) -> &'static str {
    match &item.key {
        crate::learner::drills::Key::One(_) => "send the index of one choice, as {\"one\": 0}",
        crate::learner::drills::Key::Pairs(_) => {
            "send for each prompt the index of a choice or null, as {\"pairs\": [2, null]}"
        }
        crate::learner::drills::Key::Order(_) => "send every choice once, the first first, as {\"order\": [2, 0, 1]}",
    }
}

/// Makes items ahead from the start on, and more when a learner runs short, until the server closes.
pub async fn keep_stocked(app: AppState, closing: CancellationToken) {
    match app.drilling.renew(app.clock.now(), &closing).await {
        Ok(0) => {}
        Ok(renewed) => tracing::info!(renewed, "drills of an older graph hold in this one, too"),
        Err(error) => tracing::error!(%error, "drills of an older graph cannot be made again"),
    }
    loop {
        match app.drilling.stock(app.clock.now(), &closing).await {
            Ok(0) => {}
            Ok(made) => tracing::info!(made, "drills were made ahead"),
            Err(error) => tracing::error!(%error, "drills cannot be made ahead"),
        }
        if closing.run_until_cancelled(app.drilling.short.notified()).await.is_none() {
            return;
        }
    }
}
