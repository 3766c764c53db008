//! Many conversations in one context: each step evaluates a piece of every prompt and one token of
//! every reply.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use llama_cpp_2::{
    DecodeError,
    context::{LlamaContext, params::LlamaContextParams},
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::LlamaModel,
    token::LlamaToken,
};

use super::{
    drafting::{Drafter, LONGEST_DRAFT, MEASURED_SIZES},
    reply::{Progress, Reply},
    sampling::{check_marks, sampler},
    sequences::{Hindrance, Plan, Sequences, Token},
};
use crate::{
    chat::{PromptPiece, TemplateFamily},
    engine::{Choice, Drafting, EngineError, FinishReason, Speech, SpeechRequest},
    frames::{Configuration, RequestId},
};

/// Tokens of prompts evaluated in one step: about half a second on two quiet cores with the default
/// weights. It bounds how long others wait for their next token or vector.
const CHUNK_TOKENS: u32 = 32;
/// Sequences beyond those that speak: idle conversations and trunks.
const IDLE_SEQUENCES: u32 = 40;
/// A long consultation lets its oldest exchanges go so many at a time: what remains then begins the
/// same for many turns and is found in the context again.
const FORGOTTEN_AT_ONCE: usize = 8;
/// Each size of batch is tried so often at start-up; the quickest counts.
const TRIALS: usize = 2;

/// What happened to a request.
pub(super) enum Event {
    /// Text to show.
    Piece(RequestId, String),
    /// It is over.
    Spoken(RequestId, Speech, Vec<Choice>),
    /// It never began or broke off.
    Refused(RequestId, EngineError),
}

struct Waiting {
    id: RequestId,
    request: SpeechRequest,
    prompt: Vec<Token>,
    shared: usize,
    trace: bool,
    since: Instant,
}

/// Where a reply's logits lie in a batch.
struct Output {
    place: usize,
    first: i32,
}

/// The speaking model, its conversations and what waits for a place.
pub(super) struct Speaker<'m> {
    model: &'m LlamaModel,
    template: TemplateFamily,
    context: LlamaContext<'m>,
    sequences: Sequences,
    most_speaking: usize,
    longest: usize,
    waiting: Vec<Waiting>,
    speaking: Vec<Reply>,
    batch: LlamaBatch<'static>,
    drafter: Drafter,
}

impl<'m> Speaker<'m> {
    pub(super) fn new(
        backend: &LlamaBackend,
        model: &'m LlamaModel,
        template: TemplateFamily,
        configuration: &Configuration,
    ) -> Result<Self, String> {
        check_marks(model, template)?;
        let threads = i32::try_from(configuration.threads).unwrap_or(1);
        let sequences = configuration.most_speaking + IDLE_SEQUENCES;
        // llama.cpp aborts when a batch cannot hold one output of every sequence.
        let drafted = configuration.most_speaking * (1 + u32::try_from(LONGEST_DRAFT).unwrap_or(0));
        let batch_tokens = (CHUNK_TOKENS + drafted).max(sequences);
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(configuration.context_tokens))
            .with_n_batch(batch_tokens)
            .with_n_ubatch(batch_tokens)
            .with_n_seq_max(sequences)
            .with_kv_unified(true)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        let context = model.new_context(backend, parameters).map_err(|error| error.to_string())?;
        let cells = context.n_ctx() as usize;
        let mut speaker = Self {
            model,
            template,
            sequences: Sequences::new(sequences as usize, cells),
            most_speaking: configuration.most_speaking as usize,
            longest: cells.min(model.n_ctx_train() as usize),
            context,
            waiting: Vec::new(),
            speaking: Vec::new(),
            batch: LlamaBatch::new(batch_tokens as usize, 1),
            drafter: Drafter::new(configuration.drafting, configuration.step_costs.clone()),
        };
        speaker.warm_up()?;
        if configuration.drafting == Drafting::Auto && configuration.step_costs.is_empty() {
            speaker.drafter = Drafter::new(Drafting::Auto, speaker.measure_costs()?);
        }
        Ok(speaker)
    }

    pub(super) fn context_tokens(&self) -> u32 {
        self.context.n_ctx()
    }

    /// Seconds that batches took at start-up; empty when nothing was measured.
    pub(super) fn step_costs(&self) -> &[f32] {
        self.drafter.costs()
    }

    /// Tokens drafted for a reply that is spoken alone.
    pub(super) fn draft_tokens(&self) -> u32 {
        u32::try_from(self.drafter.length(1)).unwrap_or(0)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.speaking.is_empty()
    }

    /// Takes a request in; it begins when there is room.
    pub(super) fn push(&mut self, id: RequestId, request: SpeechRequest, trace: bool) -> Option<Event> {
        match self.prompt(&request) {
            Ok((prompt, shared)) => {
                self.waiting.push(Waiting { id, request, prompt, shared, trace, since: Instant::now() });
                None
            }
            Err(why) => Some(Event::Refused(id, EngineError::Refused(why))),
        }
    }

    /// The prompt and the length of its shared part. The oldest exchanges are left out while the
    /// consultation would take more than half of the context: others speak too.
    fn prompt(&self, request: &SpeechRequest) -> Result<(Vec<Token>, usize), String> {
        let mut forgotten = 0;
        loop {
            let history = &request.history[forgotten..];
            let prompt = self.template.render(&request.shared_prefix, history, &request.prompt);
            let Some(prompt) = prompt else { return Err("this model cannot hold a conversation".to_owned()) };
            let mut tokens = self.tokens(&prompt.shared);
            let shared = tokens.len();
            tokens.extend(self.tokens(&prompt.own));
            let longest = tokens.len() + request.max_tokens as usize;
            if longest * 2 > self.longest && !history.is_empty() {
                forgotten = (forgotten + FORGOTTEN_AT_ONCE).min(request.history.len());
            } else if longest > self.longest {
                return Err(format!("it needs {longest} tokens, the context has {}", self.longest));
            } else {
                return Ok((tokens, shared));
            }
        }
    }

    /// Stops a request and frees its place at once.
    pub(super) fn cancel(&mut self, id: RequestId) -> Option<Event> {
        if let Some(place) = self.waiting.iter().position(|waiting| waiting.id == id) {
            self.waiting.remove(place);
            return Some(Event::Refused(id, EngineError::Cancelled));
        }
        let place = self.speaking.iter().position(|reply| reply.id == id)?;
        let reply = self.speaking.remove(place);
        self.sequences.end(reply.sequence, reply.new_trunk);
        let (speech, trace) = reply.end(FinishReason::Cancelled);
        Some(Event::Spoken(id, speech, trace))
    }

    /// Begins what can begin and evaluates one batch.
    pub(super) fn step(&mut self) -> Vec<Event> {
        let mut events = self.admit();
        let outputs = self.fill_batch();
        if self.batch.n_tokens() == 0 {
            return events;
        }
        if let Err(error) = self.decode() {
            events.extend(self.give_up(&error));
            return events;
        }
        self.sample(&outputs);
        self.note_evaluated();
        self.collect(&mut events);
        events
    }

    fn admit(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        let mut place = 0;
        while place < self.waiting.len() && self.speaking.len() < self.most_speaking {
            let waiting = &self.waiting[place];
            let longest = waiting.prompt.len() + waiting.request.max_tokens as usize;
            match self.sequences.begin(&waiting.prompt, waiting.shared, longest) {
                Err(Hindrance::Wait) => place += 1,
                Err(Hindrance::TooLong) => {
                    let waiting = self.waiting.remove(place);
                    let why = EngineError::Refused("it is longer than the context".to_owned());
                    events.push(Event::Refused(waiting.id, why));
                }
                Ok(plan) => {
                    let waiting = self.waiting.remove(place);
                    events.extend(self.begin(waiting, &plan));
                }
            }
        }
        events
    }

    fn begin(&mut self, waiting: Waiting, plan: &Plan) -> Option<Event> {
        let id = waiting.id;
        if let Err(error) = self.prepare(plan) {
            self.sequences.end(plan.sequence, plan.new_trunk);
            return Some(Event::Refused(id, EngineError::Unavailable(error)));
        }
        let reply = Reply::new(id, plan, waiting.prompt, waiting.shared, sampler(&waiting.request))
            .with_limits(waiting.request.max_tokens, waiting.since)
            .with_trace(waiting.trace);
        self.speaking.push(reply);
        None
    }

    /// Makes the context hold exactly the tokens that the plan found.
    fn prepare(&mut self, plan: &Plan) -> Result<(), String> {
        let remove = |context: &mut LlamaContext<'_>, sequence: usize, from: usize| {
            context.kv_cache_seq_rm(number(sequence), Some(number(from).unsigned_abs()), None)
        };
        let mut act = || {
            for &sequence in &plan.evict {
                remove(&mut self.context, sequence, 0)?;
            }
            if let Some((source, length)) = plan.copy {
                remove(&mut self.context, plan.sequence, 0)?;
                let end = Some(number(length).unsigned_abs());
                return self.context.kv_cache_seq_cp(number(source), number(plan.sequence), Some(0), end);
            }
            remove(&mut self.context, plan.sequence, plan.cached)
        };
        act().map_err(|error| error.to_string())
    }

    /// One token of every reply with what is drafted behind it, then pieces of prompts. Returns where
    /// the logits will lie.
    fn fill_batch(&mut self) -> Vec<Output> {
        self.batch.clear();
        let mut outputs = Vec::new();
        let mut left = CHUNK_TOKENS as usize;
        let mut reading = self.speaking.iter().filter(|reply| reply.is_reading()).count();
        let draft = self.drafter.length(self.speaking.len() - reading);
        let mut places: Vec<usize> = (0..self.speaking.len()).collect();
        // Prompts share a step evenly, and what a short one leaves goes to the longer ones: a long
        // prompt keeps nobody from the first word.
        places.sort_by_key(|&place| self.speaking[place].left_to_read());
        for place in places {
            let reply = &mut self.speaking[place];
            let chunk = if reply.is_reading() {
                let chunk = reply.next_tokens(left.div_ceil(reading));
                left -= chunk.len();
                reading -= 1;
                chunk
            } else {
                reply.drafted(draft)
            };
            for (offset, &token) in chunk.iter().enumerate() {
                let wanted = reply.wants_logits_after(offset);
                let position = number(reply.evaluated() + offset);
                // The batch has room for every reply's token and draft and a whole chunk.
                let _ = self.batch.add(LlamaToken::new(token), position, &[number(reply.sequence)], wanted);
                if wanted && outputs.last().is_none_or(|output: &Output| output.place != place) {
                    outputs.push(Output { place, first: self.batch.n_tokens() - 1 });
                }
            }
            reply.set_pending(chunk.len());
        }
        outputs
    }

    /// Chooses the next tokens of every reply and takes wrong drafts out of the context.
    fn sample(&mut self, outputs: &[Output]) {
        let vocabulary = self.model.vocab();
        for output in outputs {
            let reply = &mut self.speaking[output.place];
            let (offered, accepted) = reply.sample(&self.context, &vocabulary, output.first);
            if offered > 0 {
                self.drafter.note(offered, accepted);
            }
            if offered > accepted {
                let from = number(reply.evaluated() + 1 + accepted).unsigned_abs();
                // Taking cells from one's own end cannot fail in a context without recurrent state.
                let _ = self.context.kv_cache_seq_rm(number(reply.sequence), Some(from), None);
            }
        }
    }

    fn decode(&mut self) -> Result<(), DecodeError> {
        match self.context.decode(&mut self.batch) {
            Err(DecodeError::NoKvCacheSlot) => {
                // The bookkeeping keeps this from happening; forgetting idle conversations is the cure.
                tracing::warn!("no free cell in the context; idle conversations are forgotten");
                for sequence in self.sequences.drop_idle() {
                    let _ = self.context.clear_kv_cache_seq(Some(number(sequence).unsigned_abs()), None, None);
                }
                self.context.decode(&mut self.batch)
            }
            outcome => outcome,
        }
    }

    /// Breaks every reply off and forgets everything, after the context failed.
    fn give_up(&mut self, error: &DecodeError) -> Vec<Event> {
        tracing::error!(%error, "evaluation failed");
        self.context.clear_kv_cache();
        self.sequences = Sequences::new(self.most_speaking + IDLE_SEQUENCES as usize, self.context.n_ctx() as usize);
        let why = || EngineError::Unavailable("evaluation failed".to_owned());
        self.speaking.drain(..).map(|reply| Event::Refused(reply.id, why())).collect()
    }

    fn note_evaluated(&mut self) {
        for reply in &mut self.speaking {
            self.sequences.evaluated(reply.sequence, reply.take_pending());
            if let Some(trunk) = reply.filled_trunk() {
                let (from, end) = (number(reply.sequence), number(reply.shared).unsigned_abs());
                if self.context.kv_cache_seq_cp(from, number(trunk), Some(0), Some(end)).is_ok() {
                    self.sequences.trunk_ready(trunk);
                }
            }
        }
    }

    fn collect(&mut self, events: &mut Vec<Event>) {
        let vocabulary = self.model.vocab();
        let mut still = Vec::with_capacity(self.speaking.len());
        for mut reply in self.speaking.drain(..) {
            match reply.progress(&vocabulary) {
                Progress::Silent => still.push(reply),
                Progress::Text(text) => {
                    events.push(Event::Piece(reply.id, text));
                    still.push(reply);
                }
                Progress::Over(rest, finish) => {
                    if !rest.is_empty() {
                        events.push(Event::Piece(reply.id, rest));
                    }
                    self.sequences.end(reply.sequence, reply.new_trunk);
                    let id = reply.id;
                    let (speech, trace) = reply.end(finish);
                    events.push(Event::Spoken(id, speech, trace));
                }
            }
        }
        self.speaking = still;
    }

    /// Special tokens for the template's marks, plain ones for everything else, so that marks a
    /// person typed stay text.
    fn tokens(&self, pieces: &[PromptPiece]) -> Vec<Token> {
        let vocabulary = self.model.vocab();
        let tokens = |piece: &PromptPiece| match piece {
            PromptPiece::Mark(mark) => vocabulary.tokenize(mark.as_bytes(), false, true),
            PromptPiece::Plain(text) => vocabulary.tokenize(text.as_bytes(), false, false),
        };
        pieces.iter().flat_map(tokens).map(|token| token.0).collect()
    }

    /// Touches all weights once, so that the first learner does not wait for the disk.
    fn warm_up(&mut self) -> Result<(), String> {
        let first = LlamaToken::new(0);
        self.batch.add(first, 0, &[0], true).map_err(|error| error.to_string())?;
        self.context.decode(&mut self.batch).map_err(|error| error.to_string())?;
        self.context.clear_kv_cache();
        Ok(())
    }
}

impl Speaker<'_> {
    /// How long each of [`MEASURED_SIZES`] takes, in seconds.
    fn measure_costs(&mut self) -> Result<Vec<f32>, String> {
        let mut costs = Vec::with_capacity(MEASURED_SIZES.len());
        for size in MEASURED_SIZES {
            let mut quickest = Duration::MAX;
            for _ in 0..TRIALS {
                self.batch.clear();
                for position in 0..size {
                    // Which token it is makes no difference to the time.
                    let added = self.batch.add(LlamaToken::new(0), number(position), &[0], true);
                    added.map_err(|error| error.to_string())?;
                }
                let begun = Instant::now();
                self.context.decode(&mut self.batch).map_err(|error| error.to_string())?;
                self.context.synchronize();
                quickest = quickest.min(begun.elapsed());
                self.context.clear_kv_cache();
            }
            costs.push(quickest.as_secs_f32());
        }
        Ok(costs)
    }
}

/// Sequences and positions are bounded by the context, far below `i32::MAX`.
fn number(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
