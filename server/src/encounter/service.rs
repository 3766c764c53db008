//! A consultation from beginning to end: begin, turns, orders, finish.
//!
//! The student's words are committed before anything else happens; whatever becomes of the model,
//! the browser or this process, a committed turn is answered and nothing is lost or doubled.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use cases::format::Case;
use knowledge_graph::{Graph, TopicId};
use models::SpeechEngine;
use serde::Serialize;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use uuid::Uuid;

use super::{
    aim::AimsOfCases,
    check::Checker,
    replying::Exchange,
    speaking::{Speaker, SpeechCache},
};
use crate::{
    clock::Clock,
    store::{
        BegunTurn, EncounterRecord, EncounterState, OrderKind, OrderRecord, Store, StoreError, TurnRecord, TurnReply,
    },
    understanding::Matcher,
};

/// Longest turn, in characters.
pub const LONGEST_TURN: usize = 4_000;
/// Events a slow listener may be behind.
pub(super) const EVENTS_AHEAD: usize = 64;

/// Why a turn, an order or a finish was refused.
#[derive(Debug, Error)]
pub enum EncounterError {
    /// Nothing was said.
    #[error("the turn is empty; type what you want to ask")]
    Empty,
    /// Too much was said.
    #[error("the turn has {length} characters; the most is {LONGEST_TURN}")]
    TooLong {
        /// Characters in it.
        length: usize,
    },
    /// The consultation has ended.
    #[error("this consultation has ended")]
    NotOpen,
    /// The patient is still answering.
    #[error("the patient is still answering the last turn")]
    TurnInProgress,
    /// Too many consultations speak at once.
    #[error("the patient is busy; try again in {} s", retry_after.as_secs())]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The case has no result for this order.
    #[error("`{0}` is not an examination or test that can be ordered")]
    UnknownOrder(String),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What happens while a turn is answered.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum TurnEvent {
    /// A checked piece of the reply.
    Token {
        /// The words.
        text: String,
    },
    /// The reply is complete and committed.
    Done(TurnOutcome),
    /// The reply could not be stored; the student's words are.
    Failed {
        /// What to tell the student.
        message: String,
    },
}

/// An answered turn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TurnOutcome {
    /// Position in the consultation, from 0.
    pub turn: u32,
    /// What the patient said.
    pub reply: String,
    /// A quiet stage direction.
    pub cue: Option<String>,
    /// Ids of the facts told.
    pub facts: Vec<String>,
    /// Topics recognised in the student's words.
    pub topics: Vec<TopicId>,
    /// Examinations and tests that the words ordered.
    pub orders: Vec<OrderRecord>,
}

/// Runs consultations.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    graph: &'static Graph,
    store: Store,
    matcher: Arc<Matcher>,
    speaker: Speaker,
    clock: Arc<dyn Clock>,
    places: Arc<Semaphore>,
    phrases_everything: bool,
    aims: AimsOfCases,
    /// Consultations whose last turn is being answered now.
    speaking: Mutex<HashSet<Uuid>>,
}

/// How much the model says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhrasingMode {
    /// What authored sentences and earlier replies do not answer.
    #[default]
    AsNeeded,
    /// As needed, and each time anew.
    Uncached,
    /// Every reply that tells anything, each time anew: for measuring engines.
    Everything,
}

/// What a service is made of.
pub struct Parts {
    /// The knowledge graph.
    pub graph: &'static Graph,
    /// The database.
    pub store: Store,
    /// Understands what is said.
    pub matcher: Arc<Matcher>,
    /// Phrases what may be told.
    pub engine: Arc<dyn SpeechEngine>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Turns answered at once, across all consultations.
    pub places: usize,
    /// How much the model says.
    pub phrasing: PhrasingMode,
    /// After this long the facts' own sentences answer.
    pub deadline: Duration,
}

impl Service {
    /// A service made of `parts`.
    pub fn new(parts: Parts) -> Self {
        let cached = parts.phrasing == PhrasingMode::AsNeeded;
        let cache = cached.then(|| Arc::new(SpeechCache::new(parts.store.clone(), Arc::clone(&parts.clock))));
        let (engine, deadline) = (parts.engine, parts.deadline);
        let speaker = Speaker { engine, checker: Checker::new(parts.graph), deadline, cache };
        Self(Arc::new(Inner {
            graph: parts.graph,
            store: parts.store,
            matcher: parts.matcher,
            speaker,
            clock: parts.clock,
            places: Arc::new(Semaphore::new(parts.places)),
            phrases_everything: parts.phrasing == PhrasingMode::Everything,
            aims: AimsOfCases::default(),
            speaking: Mutex::new(HashSet::new()),
        }))
    }

    /// Commits what the student said and answers it. The same `key` again gives the same answer.
    ///
    /// The answer goes on when the receiver is dropped, so that a refresh finds it stored.
    pub async fn take_turn(
        &self,
        encounter: &EncounterRecord,
        case: Arc<Case>,
        said: &str,
        key: &str,
    ) -> Result<mpsc::Receiver<TurnEvent>, EncounterError> {
        let said = said.trim();
        let length = said.chars().count();
        if said.is_empty() {
            return Err(EncounterError::Empty);
        }
        if length > LONGEST_TURN {
            return Err(EncounterError::TooLong { length });
        }
        if !matches!(encounter.state, EncounterState::Open) {
            return Err(EncounterError::NotOpen);
        }
        let place = self.admit()?;
        let guard = self.hold(encounter.id)?;
        let turn = match self.0.store.begin_turn(encounter.id, key, said, self.0.clock.now()).await? {
            BegunTurn::New(turn) | BegunTurn::Replay(turn) => turn,
        };
        Ok(self.answer_in_background(encounter.clone(), case, turn, (place, guard)))
    }

    /// Answers the last turn if a crash left it without a reply; true when there was one.
    pub async fn resume(&self, encounter: &EncounterRecord, case: Arc<Case>) -> Result<bool, EncounterError> {
        if !matches!(encounter.state, EncounterState::Open) {
            return Ok(false);
        }
        let turns = self.0.store.turns(encounter.id).await?;
        let Some(pending) = turns.into_iter().find(|turn| turn.reply.is_none()) else { return Ok(false) };
        let (Ok(place), Ok(guard)) = (self.admit(), self.hold(encounter.id)) else { return Ok(true) };
        let mut events = self.answer_in_background(encounter.clone(), case, pending, (place, guard));
        while events.recv().await.is_some() {}
        Ok(true)
    }

    /// Examines or tests; idempotent.
    pub async fn order(
        &self,
        encounter: &EncounterRecord,
        case: &Case,
        kind: OrderKind,
        test: &str,
    ) -> Result<OrderRecord, EncounterError> {
        if !matches!(encounter.state, EncounterState::Open) {
            return Err(EncounterError::NotOpen);
        }
        if self.0.graph.test(test).is_none() {
            return Err(EncounterError::UnknownOrder(test.to_owned()));
        }
        let known = self.0.store.orders(encounter.id).await?;
        if let Some(order) = known.into_iter().find(|order| order.test == test) {
            return Ok(order);
        }
        let turns = self.0.store.turns(encounter.id).await?;
        let after_turn = u32::try_from(turns.len()).unwrap_or(u32::MAX);
        let kind = if case.examinations.iter().any(|e| e.test == test) { OrderKind::Examination } else { kind };
        let order = OrderRecord { kind, test: test.to_owned(), after_turn, at: self.0.clock.now() };
        self.0.store.add_order(encounter.id, &order).await?;
        Ok(order)
    }

    fn admit(&self) -> Result<OwnedSemaphorePermit, EncounterError> {
        Arc::clone(&self.0.places)
            .try_acquire_owned()
            .map_err(|_| EncounterError::Busy { retry_after: Duration::from_secs(3) })
    }

    fn hold(&self, encounter: Uuid) -> Result<Holding, EncounterError> {
        let mut speaking = self.0.speaking.lock().unwrap_or_else(PoisonError::into_inner);
        if !speaking.insert(encounter) {
            return Err(EncounterError::TurnInProgress);
        }
        Ok(Holding { service: self.clone(), encounter })
    }

    fn answer_in_background(
        &self,
        encounter: EncounterRecord,
        case: Arc<Case>,
        turn: TurnRecord,
        held: (OwnedSemaphorePermit, Holding),
    ) -> mpsc::Receiver<TurnEvent> {
        let (events, receiver) = mpsc::channel(EVENTS_AHEAD);
        let service = self.clone();
        tokio::spawn(async move {
            let last = match service.answer(&encounter, &case, turn, &events).await {
                Ok(outcome) => TurnEvent::Done(outcome),
                Err(error) => {
                    tracing::error!(encounter = %encounter.id, %error, "a turn could not be answered");
                    TurnEvent::Failed { message: error.to_string() }
                }
            };
            drop(held);
            let _gone = events.send(last).await;
        });
        receiver
    }

    async fn answer(
        &self,
        encounter: &EncounterRecord,
        case: &Arc<Case>,
        turn: TurnRecord,
        events: &mpsc::Sender<TurnEvent>,
    ) -> Result<TurnOutcome, EncounterError> {
        if let Some(reply) = turn.reply {
            let _gone = events.send(TurnEvent::Token { text: reply.text.clone() }).await;
            return Ok(outcome_of(turn.index, reply, Vec::new()));
        }
        let stored = self.0.store.turns(encounter.id).await?;
        let earlier = stored.get(..turn.index as usize).unwrap_or(&stored);
        let (language, seed) = (encounter.language, encounter.seed);
        let answered = self.reply(&Exchange { case, language, seed, earlier, said: &turn.said }, events).await;
        let orders = self.order_all(encounter, case, &answered.orders).await?;
        let reply = answered.reply;
        match self.0.store.finish_turn(encounter.id, turn.index, &reply).await {
            // The student finished while the patient was speaking: the report is made and nothing
            // may change any more. The words are lost, and nobody is waiting for them.
            Err(StoreError::NotOpen) => tracing::info!(encounter = %encounter.id, "a reply came after the end"),
            stored => stored?,
        }
        Ok(outcome_of(turn.index, reply, orders))
    }

    async fn order_all(
        &self,
        encounter: &EncounterRecord,
        case: &Case,
        tests: &[String],
    ) -> Result<Vec<OrderRecord>, EncounterError> {
        let mut orders = Vec::new();
        for test in tests {
            match self.order(encounter, case, OrderKind::Test, test).await {
                Ok(order) => orders.push(order),
                // Finished meanwhile: there is nothing left to examine.
                Err(EncounterError::NotOpen | EncounterError::Store(StoreError::NotOpen)) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(orders)
    }
}

impl Service {
    pub(super) fn phrases_everything(&self) -> bool {
        self.0.phrases_everything
    }

    pub(super) fn speaker(&self) -> &Speaker {
        &self.0.speaker
    }

    pub(super) fn graph(&self) -> &'static Graph {
        self.0.graph
    }

    pub(super) fn matcher(&self) -> &Arc<Matcher> {
        &self.0.matcher
    }

    pub(super) fn aims_of_cases(&self) -> &AimsOfCases {
        &self.0.aims
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }
}

/// Marks a consultation as being answered for as long as it lives.
struct Holding {
    service: Service,
    encounter: Uuid,
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.service.0.speaking.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.encounter);
    }
}

fn outcome_of(turn: u32, reply: TurnReply, orders: Vec<OrderRecord>) -> TurnOutcome {
    TurnOutcome { turn, reply: reply.text, cue: reply.cue, facts: reply.facts, topics: reply.topics, orders }
}
