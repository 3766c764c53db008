//! Texts to vectors, in small batches between the speaker's steps.

use std::num::NonZeroU32;

use llama_cpp_2::{
    context::{LlamaContext, params::LlamaContextParams},
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::LlamaModel,
    token::LlamaToken,
};

use crate::frames::{Configuration, RequestId};

/// llama.cpp aborts the process when a text is longer than the model's window.
const WINDOW_TOKENS: u16 = 512;
/// Bigger batches were measured to be slower, and each token of a batch takes as many bytes as
/// four times the vocabulary.
const BATCH_TEXTS: u16 = 8;

struct Request {
    id: RequestId,
    texts: Vec<String>,
    vectors: Vec<Vec<f32>>,
}

/// The embedding model and what waits for it.
pub(super) struct Embedding<'m> {
    model: &'m LlamaModel,
    context: LlamaContext<'m>,
    waiting: Vec<Request>,
}

/// A request that is done, or why it failed.
pub(super) type Outcome = (RequestId, Result<Vec<Vec<f32>>, String>);

impl<'m> Embedding<'m> {
    pub(super) fn new(
        backend: &LlamaBackend,
        model: &'m LlamaModel,
        configuration: &Configuration,
    ) -> Result<Self, String> {
        let threads = i32::try_from(configuration.threads).unwrap_or(1);
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(WINDOW_TOKENS.into()))
            .with_n_batch(WINDOW_TOKENS.into())
            .with_n_ubatch(WINDOW_TOKENS.into())
            .with_n_seq_max(BATCH_TEXTS.into())
            .with_kv_unified(true)
            .with_n_threads(threads)
            .with_n_threads_batch(threads)
            .with_embeddings(true);
        let context = model.new_context(backend, parameters).map_err(|error| error.to_string())?;
        let mut embedding = Self { model, context, waiting: Vec::new() };
        // The first call is slow: it touches the weights.
        embedding.vectors(&["query: pain".to_owned()])?;
        Ok(embedding)
    }

    pub(super) fn push(&mut self, id: RequestId, texts: Vec<String>) {
        self.waiting.push(Request { id, texts, vectors: Vec::new() });
    }

    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Embeds one batch of the request with the fewest texts to go, so that a question is not kept
    /// behind a whole vocabulary.
    pub(super) fn step(&mut self) -> Option<Outcome> {
        let left = |request: &Request| request.texts.len() - request.vectors.len();
        let place = (0..self.waiting.len()).min_by_key(|&place| left(&self.waiting[place]))?;
        let start = self.waiting[place].vectors.len();
        let texts = std::mem::take(&mut self.waiting[place].texts);
        let outcome = self.vectors(&texts[start..]);
        let request = &mut self.waiting[place];
        request.texts = texts;
        match outcome {
            Ok(vectors) => request.vectors.extend(vectors),
            Err(error) => {
                let request = self.waiting.swap_remove(place);
                return Some((request.id, Err(error)));
            }
        }
        (left(request) == 0).then(|| {
            let request = self.waiting.swap_remove(place);
            (request.id, Ok(request.vectors))
        })
    }

    /// Vectors of as many texts as fit one batch; at least one.
    fn vectors(&mut self, texts: &[String]) -> Result<Vec<Vec<f32>>, String> {
        let mut batch = LlamaBatch::new(WINDOW_TOKENS.into(), 1);
        let mut sequences = 0;
        for text in texts.iter().take(BATCH_TEXTS.into()) {
            let tokens = self.tokens(text);
            if batch.n_tokens().unsigned_abs() as usize + tokens.len() > usize::from(WINDOW_TOKENS) {
                break;
            }
            for (position, token) in (0..).zip(tokens) {
                batch.add(token, position, &[sequences], true).map_err(|error| error.to_string())?;
            }
            sequences += 1;
        }
        if sequences == 0 {
            return Ok(Vec::new());
        }
        self.context.encode(&mut batch).map_err(|error| error.to_string())?;
        (0..sequences)
            .map(|sequence| {
                let vector = self.context.embeddings_seq_ith(sequence).map_err(|error| error.to_string())?;
                Ok(normalised(vector))
            })
            .collect()
    }

    /// Tokens with the model's own begin and end, cut to its window.
    fn tokens(&self, text: &str) -> Vec<LlamaToken> {
        let mut tokens = self.model.vocab().tokenize(text.as_bytes(), true, false);
        let window = usize::from(WINDOW_TOKENS);
        if tokens.len() > window {
            tokens.truncate(window - 1);
            tokens.push(self.model.vocab().eos());
        }
        tokens
    }
}

fn normalised(vector: &[f32]) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    vector.iter().map(|value| value * scale).collect()
}
