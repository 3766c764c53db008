//! One reply while it is being spoken.

use std::time::{Duration, Instant};

use llama_cpp_2::{context::LlamaContext, sampling::LlamaSampler, token::LlamaToken, vocab::LlamaVocab};

use super::{
    drafting::propose,
    sequences::{Plan, SequenceId, Token},
    text::{ThinkFilter, Utf8Joiner, is_think_mark},
};
use crate::{
    engine::{Choice, FinishReason, Speech, Timing},
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
    /// Tokens proposed in the batch that is being evaluated.
    draft: Vec<Token>,
    /// Chosen and not yet turned into text; all but the last are evaluated.
    sampled: Vec<LlamaToken>,
    drafted: usize,
    accepted: usize,
    trace: Option<Vec<Choice>>,
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
            draft: Vec::new(),
            sampled: Vec::new(),
            drafted: 0,
            accepted: 0,
            trace: None,
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

    /// Keeps the choice of every token.
    pub(super) fn with_trace(mut self, wanted: bool) -> Self {
        self.trace = wanted.then(Vec::new);
        self
    }

    /// Whether the prompt is not yet evaluated.
    pub(super) fn is_reading(&self) -> bool {
        self.evaluated < self.prompt_length
    }

    /// Tokens of the prompt that are not yet evaluated.
    pub(super) fn left_to_read(&self) -> usize {
        self.prompt_length.saturating_sub(self.evaluated)
    }

    pub(super) fn evaluated(&self) -> usize {
        self.evaluated
    }

    /// Up to `most` tokens that are to be evaluated next.
    pub(super) fn next_tokens(&self, most: usize) -> Vec<Token> {
        self.tokens[self.evaluated..].iter().take(most).copied().collect()
    }

    /// The last spoken token and up to `most` tokens that may follow it.
    pub(super) fn drafted(&mut self, most: usize) -> Vec<Token> {
        // One token is always sampled behind the draft.
        let most = most.min((self.most_spoken - self.spoken().min(self.most_spoken)).saturating_sub(1));
        self.draft = if most == 0 { Vec::new() } else { propose(&self.tokens, self.shared, most) };
        let mut chunk = self.next_tokens(1);
        chunk.extend(&self.draft);
        chunk
    }

    /// Whether the token `offset` behind the evaluated ones is the last known or a drafted one: its
    /// logits give the next.
    pub(super) fn wants_logits_after(&self, offset: usize) -> bool {
        self.evaluated + offset + 1 >= self.tokens.len()
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

    /// Chooses the next tokens from the logits that begin at `output`: one, and another for every
    /// drafted one that was chosen as well. Returns how many were drafted and how many chosen. The
    /// sampler accepts each token itself.
    pub(super) fn sample(
        &mut self,
        context: &LlamaContext<'_>,
        vocabulary: &LlamaVocab<'_>,
        output: i32,
    ) -> (usize, usize) {
        let draft = std::mem::take(&mut self.draft);
        for place in 0..=draft.len() {
            let output = output + i32::try_from(place).unwrap_or(i32::MAX);
            let token = self.sampler.sample(context, output);
            if let Some(trace) = &mut self.trace {
                trace.push(choice(context.get_logits_ith(output), token.0));
            }
            self.sampled.push(token);
            if draft.get(place) != Some(&token.0) || vocabulary.is_eog(token) {
                break;
            }
        }
        let accepted = self.sampled.len() - 1;
        self.tokens.extend(&draft[..accepted]);
        self.pending -= draft.len() - accepted;
        self.drafted += draft.len();
        self.accepted += accepted;
        self.first_token.get_or_insert_with(|| self.began.elapsed());
        (draft.len(), accepted)
    }

    /// Turns the sampled tokens into text.
    pub(super) fn progress(&mut self, vocabulary: &LlamaVocab<'_>) -> Progress {
        let Some(last) = self.sampled.pop() else { return Progress::Silent };
        let accepted = std::mem::take(&mut self.sampled);
        let mut shown: String = accepted.into_iter().map(|token| self.shown(token, vocabulary)).collect();
        if vocabulary.is_eog(last) {
            let rest = shown + &self.last_text();
            return Progress::Over(rest, FinishReason::Stop);
        }
        self.tokens.push(last.0);
        shown.push_str(&self.shown(last, vocabulary));
        if self.spoken() >= self.most_spoken {
            let rest = shown + &self.last_text();
            return Progress::Over(rest, FinishReason::Length);
        }
        if shown.is_empty() { Progress::Silent } else { Progress::Text(shown) }
    }

    /// The finished speech.
    pub(super) fn end(self, finish: FinishReason) -> (Speech, Vec<Choice>) {
        let count = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let total = self.began.elapsed();
        let timing = Timing {
            queued: self.queued,
            first_token: self.first_token.unwrap_or(total),
            total,
            prompt_tokens: count(self.prompt_length - self.cached),
            cached_tokens: count(self.cached),
            spoken_tokens: count(self.spoken()),
            drafted_tokens: count(self.drafted),
            accepted_tokens: count(self.accepted),
        };
        let speech = Speech { text: self.text.trim_end().to_owned(), finish, timing };
        (speech, self.trace.unwrap_or_default())
    }

    /// The text of a token that may be shown.
    fn shown(&mut self, token: LlamaToken, vocabulary: &LlamaVocab<'_>) -> String {
        let shown = self.filter.push(&self.joiner.push(&bytes_of(token, vocabulary)));
        self.text.push_str(&shown);
        shown
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

/// The chosen token, the best of the others, and how far apart their logits are.
fn choice(logits: &[f32], token: Token) -> Choice {
    let own = usize::try_from(token).ok().and_then(|token| logits.get(token)).copied().unwrap_or_default();
    let others = (0..).zip(logits).filter(|&(other, _)| other != token);
    let (runner_up, best) = others.max_by(|left, right| left.1.total_cmp(right.1)).unwrap_or((token, &own));
    Choice { token, runner_up, margin: own - best }
}

/// Control tokens have no text, except the marks around a thought, which the filter must see
/// whichever way a file classifies them.
fn bytes_of(token: LlamaToken, vocabulary: &LlamaVocab<'_>) -> Vec<u8> {
    let is_control = vocabulary.is_control(token);
    let bytes = vocabulary.token_to_piece(token, is_control, None);
    if is_control && !is_think_mark(&bytes) { Vec::new() } else { bytes }
}
