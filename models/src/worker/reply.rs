//! One reply while it is being spoken.

use std::time::{Duration, Instant};

use llama_cpp_2::{context::LlamaContext, sampling::LlamaSampler, token::LlamaToken, vocab::LlamaVocab};

use super::{
    sequences::{Plan, SequenceId, Token},
    text::{ThinkFilter, Utf8Joiner, is_think_mark},
};
use crate::{
    engine::{FinishReason, Speech, Timing},
    frames::RequestId,
};

/// What a step brought.
pub(super) enum Progress {
    /// Nothing to show yet.
    Silent,
    /// Text to show.
    Text(String),
    /// The last text to show, and why it is over.
    Over(String, FinishReason),
}

/// A prompt being read, then its reply being spoken.
pub(super) struct Reply {
    pub id: RequestId,
    pub sequence: SequenceId,
    /// The trunk to be filled from this conversation; taken when it is.
    pub new_trunk: Option<SequenceId>,
    /// Length of the shared part of the prompt.
    pub shared: usize,
    /// The prompt and what was spoken; all but the last spoken token are evaluated.
    tokens: Vec<Token>,
    prompt_length: usize,
    cached: usize,
    evaluated: usize,
    pending: usize,
    sampled: Option<LlamaToken>,
    sampler: LlamaSampler,
    joiner: Utf8Joiner,
    filter: ThinkFilter,
    text: String,
    most_spoken: usize,
    queued: Duration,
    began: Instant,
    first_token: Option<Duration>,
}

impl Reply {
    pub(super) fn new(id: RequestId, plan: &Plan, prompt: Vec<Token>, shared: usize, sampler: LlamaSampler) -> Self {
        Self {
            id,
            sequence: plan.sequence,
            new_trunk: plan.new_trunk,
            shared,
            prompt_length: prompt.len(),
            tokens: prompt,
            cached: plan.cached,
            evaluated: plan.cached,
            pending: 0,
            sampled: None,
            sampler,
            joiner: Utf8Joiner::default(),
            filter: ThinkFilter::default(),
            text: String::new(),
            most_spoken: 0,
            queued: Duration::ZERO,
            began: Instant::now(),
            first_token: None,
        }
    }

    /// Sets how much may be spoken and since when it waited.
    pub(super) fn with_limits(mut self, most_spoken: u32, since: Instant) -> Self {
        self.most_spoken = most_spoken as usize;
        self.queued = self.began - since;
        self
    }

    /// Whether the prompt is not yet evaluated.
    pub(super) fn is_reading(&self) -> bool {
        self.evaluated < self.prompt_length
    }

    pub(super) fn evaluated(&self) -> usize {
        self.evaluated
    }

    /// Up to `most` tokens that are to be evaluated next.
    pub(super) fn next_tokens(&self, most: usize) -> Vec<Token> {
        self.tokens[self.evaluated..].iter().take(most).copied().collect()
    }

    /// Whether the token `offset` behind the evaluated ones is the last known: its logits give the
    /// next.
    pub(super) fn wants_logits_after(&self, offset: usize) -> bool {
        self.evaluated + offset + 1 == self.tokens.len()
    }

    pub(super) fn set_pending(&mut self, count: usize) {
        self.pending = count;
    }

    /// The tokens that the last batch evaluated.
    pub(super) fn take_pending(&mut self) -> &[Token] {
        let start = self.evaluated;
        self.evaluated += std::mem::take(&mut self.pending);
        &self.tokens[start..self.evaluated]
    }

    /// The trunk to fill, once the shared part is evaluated.
    pub(super) fn filled_trunk(&mut self) -> Option<SequenceId> {
        if self.evaluated >= self.shared { self.new_trunk.take() } else { None }
    }

    /// Chooses the next token from the logits at `output`. The sampler accepts it itself.
    pub(super) fn sample(&mut self, context: &LlamaContext<'_>, output: i32) {
        self.sampled = Some(self.sampler.sample(context, output));
        self.first_token.get_or_insert_with(|| self.began.elapsed());
    }

    /// Turns the sampled token into text.
    pub(super) fn progress(&mut self, vocabulary: &LlamaVocab<'_>) -> Progress {
        let Some(token) = self.sampled.take() else { return Progress::Silent };
        if vocabulary.is_eog(token) {
            return Progress::Over(self.last_text(), FinishReason::Stop);
        }
        self.tokens.push(token.0);
        let shown = self.filter.push(&self.joiner.push(&bytes_of(token, vocabulary)));
        self.text.push_str(&shown);
        if self.spoken() >= self.most_spoken {
            let rest = shown + &self.last_text();
            return Progress::Over(rest, FinishReason::Length);
        }
        if shown.is_empty() { Progress::Silent } else { Progress::Text(shown) }
    }

    /// The finished speech.
    pub(super) fn end(self, finish: FinishReason) -> Speech {
        let count = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let total = self.began.elapsed();
        let timing = Timing {
            queued: self.queued,
            first_token: self.first_token.unwrap_or(total),
            total,
            prompt_tokens: count(self.prompt_length - self.cached),
            cached_tokens: count(self.cached),
            spoken_tokens: count(self.spoken()),
        };
        Speech { text: self.text.trim_end().to_owned(), finish, timing }
    }

    fn spoken(&self) -> usize {
        self.tokens.len() - self.prompt_length
    }

    fn last_text(&mut self) -> String {
        let rest = self.filter.finish();
        self.text.push_str(&rest);
        rest
    }
}

/// Control tokens have no text, except the marks around a thought, which the filter must see
/// whichever way a file classifies them.
fn bytes_of(token: LlamaToken, vocabulary: &LlamaVocab<'_>) -> Vec<u8> {
    let is_control = vocabulary.is_control(token);
    let bytes = vocabulary.token_to_piece(token, is_control, None);
    if is_control && !is_think_mark(&bytes) { Vec::new() } else { bytes }
}
