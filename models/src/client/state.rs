//! What the engine's handles, the supervisor and the writer share.

use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{self, SyncSender},
    },
    time::{Duration, Instant},
};

use tokio::sync::mpsc::UnboundedSender;

use super::WorkerOptions;
use crate::{
    engine::{Choice, EngineError, EngineStatus, Speech, SpeechRequest},
    frames::{FromWorker, RequestId, Texts, ToWorker, WorkerFacts},
};

/// A request is refused when the worker died so often while it was being spoken.
const DEATHS_UNTIL_REFUSED: u32 = 2;
/// So long after its last death a request is tried again: whatever else was being spoken when the
/// worker died is suspected too, and innocent.
const SUSPECTED_FOR: Duration = Duration::from_mins(10);
/// Remembered suspects; beyond, the memory starts anew.
const MOST_SUSPECTS: usize = 1024;
/// Assumed until replies were measured.
const FIRST_GUESS: Duration = Duration::from_secs(4);

/// What a speaking request hears.
pub(super) enum Heard {
    Piece(String),
    Over(Result<(Speech, Vec<Choice>), EngineError>),
}

/// Who waits for a frame.
pub(super) enum Pending {
    Speech { heard: UnboundedSender<Heard>, suspect: u64 },
    Embedding { vectors: SyncSender<Result<Vec<Vec<f32>>, EngineError>> },
}

#[derive(Default)]
pub(super) struct State {
    /// To the writer of the running worker; `None` while there is none.
    outbox: Option<mpsc::Sender<ToWorker>>,
    pending: HashMap<RequestId, Pending>,
    next_id: RequestId,
    facts: Option<WorkerFacts>,
    process: Option<u32>,
    /// Why the last start failed, until one succeeds.
    failure: Option<String>,
    restarts: u32,
    stopping: bool,
    suspects: HashMap<u64, Suspicion>,
    mean_reply: Option<Duration>,
    /// Whether the running worker has finished anything.
    served: bool,
    /// What a worker measured at its start; the next need not measure again.
    step_costs: Vec<f32>,
    last_sign: Option<Instant>,
}

/// During how many deaths of the worker a request was being spoken, and when the last one was.
struct Suspicion {
    deaths: u32,
    last: Instant,
}

/// Shared by handles and threads.
pub(super) struct Shared {
    pub options: WorkerOptions,
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    pub(super) fn new(options: WorkerOptions) -> Self {
        Self { options, state: Mutex::default(), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        state.outbox = None;
        self.changed.notify_all();
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.lock().stopping
    }

    pub(super) fn process(&self) -> Option<u32> {
        self.lock().process
    }

    /// Waits, or less when the engine is dropped meanwhile.
    pub(super) fn pause(&self, duration: Duration) {
        let state = self.lock();
        let waiting = self.changed.wait_timeout_while(state, duration, |state| !state.stopping);
        drop(waiting.unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn wait_until_ready(&self, most: Duration) -> Result<EngineStatus, EngineError> {
        let undecided = |state: &mut State| state.facts.is_none() && state.failure.is_none() && !state.stopping;
        let waiting = self.changed.wait_timeout_while(self.lock(), most, undecided);
        let (state, _) = waiting.unwrap_or_else(PoisonError::into_inner);
        let ready = state.facts.is_some();
        drop(state);
        if ready { Ok(self.status()) } else { Err(self.unavailable()) }
    }

    /// Waits for the next worker whatever became of the last.
    pub(super) fn wait_until_recovered(&self, most: Duration) -> Result<(), EngineError> {
        let absent = |state: &mut State| state.facts.is_none() && !state.stopping;
        let waiting = self.changed.wait_timeout_while(self.lock(), most, absent);
        let (state, _) = waiting.unwrap_or_else(PoisonError::into_inner);
        let ready = state.facts.is_some();
        drop(state);
        if ready { Ok(()) } else { Err(self.unavailable()) }
    }

    /// What an earlier worker measured.
    pub(super) fn step_costs(&self) -> Vec<f32> {
        self.lock().step_costs.clone()
    }

    pub(super) fn forget_outbox(&self) {
        self.lock().outbox = None;
    }

    pub(super) fn status(&self) -> EngineStatus {
        let state = self.lock();
        let facts = state.facts.clone().unwrap_or_default();
        EngineStatus {
            ready: state.facts.is_some(),
            in_flight: u32::try_from(state.pending.len()).unwrap_or(u32::MAX),
            restarts: state.restarts,
            context_tokens: facts.context_tokens,
            threads: self.options.threads,
            cpu_features: facts.cpu_features,
            draft_tokens: facts.draft_tokens,
            endpoints: None,
        }
    }

    fn unavailable(&self) -> EngineError {
        let state = self.lock();
        let reason = state.failure.clone().unwrap_or_else(|| "the model is being loaded".to_owned());
        EngineError::Unavailable(reason)
    }

    /// Sends a speaking request if there is a place for it.
    pub(super) fn speak(
        &self,
        request: SpeechRequest,
        trace: bool,
        heard: UnboundedSender<Heard>,
    ) -> Result<RequestId, EngineError> {
        let suspect = fingerprint(&request);
        let mut state = self.lock();
        if state.suspects.get(&suspect).is_some_and(Suspicion::is_grave) {
            return Err(EngineError::Refused("the model worker ended each time it was tried".to_owned()));
        }
        let speaking = state.pending.values().filter(|pending| matches!(pending, Pending::Speech { .. })).count();
        let places = self.options.most_speaking.max(1) as usize;
        if speaking >= places + self.options.most_waiting as usize {
            let rounds = u32::try_from(speaking / places).unwrap_or(u32::MAX);
            let retry_after = state.mean_reply.unwrap_or(FIRST_GUESS).saturating_mul(rounds.max(1));
            return Err(EngineError::Busy { retry_after: retry_after.max(Duration::from_secs(1)) });
        }
        let pending = Pending::Speech { heard, suspect };
        let sent = state.send(pending, |id| ToWorker::Speak { id, request, trace });
        drop(state);
        sent.ok_or_else(|| self.unavailable())
    }

    pub(super) fn embed(
        &self,
        texts: Texts,
        vectors: SyncSender<Result<Vec<Vec<f32>>, EngineError>>,
    ) -> Result<RequestId, EngineError> {
        let sent = self.lock().send(Pending::Embedding { vectors }, |id| ToWorker::Embed { id, texts });
        sent.ok_or_else(|| self.unavailable())
    }

    /// Tells the worker to stop; what it still says is dropped when `forget`.
    pub(super) fn cancel(&self, id: RequestId, forget: bool) {
        let mut state = self.lock();
        let known = if forget { state.pending.remove(&id).is_some() } else { state.pending.contains_key(&id) };
        if let Some(outbox) = state.outbox.as_ref().filter(|_| known) {
            // A worker that is gone has stopped already.
            let _ = outbox.send(ToWorker::Cancel { id });
        }
    }

    /// A worker runs; requests are taken once it says it is ready.
    pub(super) fn started(&self, process: u32) {
        let mut state = self.lock();
        state.process = Some(process);
        state.last_sign = Some(Instant::now());
    }

    /// Takes a frame in. `outbox` leads to the worker that sent it.
    pub(super) fn hear(&self, frame: FromWorker, outbox: &mpsc::Sender<ToWorker>) {
        let mut state = self.lock();
        state.last_sign = Some(Instant::now());
        match frame {
            FromWorker::Ready(facts) => {
                state.step_costs.clone_from(&facts.step_costs);
                state.facts = Some(facts);
                state.failure = None;
                state.outbox = Some(outbox.clone()).filter(|_| !state.stopping);
                self.changed.notify_all();
            }
            FromWorker::Failed(message) => state.failure = Some(message),
            FromWorker::Piece { id, text } => {
                if let Some(Pending::Speech { heard, .. }) = state.pending.get(&id) {
                    let _ = heard.send(Heard::Piece(text));
                }
            }
            FromWorker::Spoken { id, speech, trace } => state.spoken(id, speech, trace),
            FromWorker::Refused { id, error } => state.finish(id, Err(error)),
            FromWorker::Embedded { id, vectors } => {
                state.served = true;
                if let Some(Pending::Embedding { vectors: waiting }) = state.pending.remove(&id) {
                    let _ = waiting.send(Ok(vectors));
                }
            }
        }
    }

    /// The worker ended: everyone who waits is told, and who was being served is remembered.
    /// Returns whether it had finished anything.
    pub(super) fn ended(&self, reason: &str) -> bool {
        let mut state = self.lock();
        state.facts = None;
        let served = std::mem::take(&mut state.served);
        state.outbox = None;
        state.process = None;
        if state.suspects.len() >= MOST_SUSPECTS {
            state.suspects.clear();
        }
        let ids: Vec<RequestId> = state.pending.keys().copied().collect();
        for id in ids {
            if let Some(Pending::Speech { suspect, .. }) = state.pending.get(&id) {
                let suspect = *suspect;
                let suspicion = state.suspects.entry(suspect).or_insert(Suspicion { deaths: 0, last: Instant::now() });
                suspicion.deaths += 1;
                suspicion.last = Instant::now();
            }
            state.finish(id, Err(EngineError::Unavailable(reason.to_owned())));
        }
        if !state.stopping {
            state.restarts += 1;
            state.failure.get_or_insert_with(|| reason.to_owned());
        }
        self.changed.notify_all();
        served
    }

    /// Whether the worker owes an answer and has said nothing for too long.
    pub(super) fn is_stalled(&self) -> bool {
        let state = self.lock();
        let silent = state.last_sign.is_some_and(|sign| sign.elapsed() > self.options.stalled_after);
        silent && !state.pending.is_empty()
    }
}

impl State {
    fn send(&mut self, pending: Pending, frame: impl FnOnce(RequestId) -> ToWorker) -> Option<RequestId> {
        let outbox = self.outbox.as_ref()?;
        self.next_id += 1;
        let id = self.next_id;
        outbox.send(frame(id)).ok()?;
        if self.pending.is_empty() {
            // Silence counts from the first thing that is owed.
            self.last_sign = Some(Instant::now());
        }
        self.pending.insert(id, pending);
        Some(id)
    }

    fn spoken(&mut self, id: RequestId, speech: Speech, trace: Vec<Choice>) {
        self.served = true;
        if let Some(Pending::Speech { suspect, .. }) = self.pending.get(&id) {
            self.suspects.remove(suspect);
        }
        let total = speech.timing.total;
        self.mean_reply = Some(self.mean_reply.map_or(total, |mean| (mean * 7 + total) / 8));
        self.finish(id, Ok((speech, trace)));
    }

    fn finish(&mut self, id: RequestId, outcome: Result<(Speech, Vec<Choice>), EngineError>) {
        // Who no longer listens needs no answer.
        match self.pending.remove(&id) {
            Some(Pending::Speech { heard, .. }) => {
                let _ = heard.send(Heard::Over(outcome));
            }
            Some(Pending::Embedding { vectors }) => {
                let _ = vectors.send(outcome.map(|_| Vec::new()));
            }
            None => {}
        }
    }
}

impl Suspicion {
    fn is_grave(&self) -> bool {
        self.deaths >= DEATHS_UNTIL_REFUSED && self.last.elapsed() < SUSPECTED_FOR
    }
}

/// The same words give the same number.
fn fingerprint(request: &SpeechRequest) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&request.shared_prefix, &request.history, &request.prompt).hash(&mut hasher);
    hasher.finish()
}
