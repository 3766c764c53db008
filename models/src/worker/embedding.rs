//! Texts to vectors, and questions read beside rubric items, in small batches between the speaker's steps.

use std::{io::Write as _, num::NonZeroU32};

use llama_cpp_2::{
    context::{LlamaContext, params::LlamaContextParams},
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::{LlamaLoraAdapter, LlamaModel},
    token::LlamaToken,
};

use crate::{
    frames::{Configuration, RequestId, Texts},
    reader::{self, Head, Pair},
};

/// llama.cpp aborts the process when a text is longer than the model's window.
const WINDOW_TOKENS: u16 = 512;
/// Bigger batches were measured to be slower, and each token of a batch takes as many bytes as
/// four times the vocabulary.
const BATCH_TEXTS: u16 = 8;

/// Pairs are longer than single texts.
const BATCH_PAIRS: usize = 5;
/// Most tokens of an item and of what was said; of the exchange before, the last so many.
const MOST_OF_PART: usize = 60;
const MOST_BEFORE: usize = 50;

struct Request {
    id: RequestId,
    texts: Texts,
    vectors: Vec<Vec<f32>>,
}

impl Request {
    fn left(&self) -> usize {
        self.texts.len() - self.vectors.len()
    }
}

/// The embedding model and what waits for it.
pub(super) struct Embedding<'m> {
    model: &'m LlamaModel,
    context: LlamaContext<'m>,
    reader: Option<Reader>,
    waiting: Vec<Request>,
}

/// The changes that make the model read pairs.
pub(super) struct Reader {
    adapter: LlamaLoraAdapter,
    head: Head,
    /// Whether the context computes with them now.
    on: bool,
}

/// A request that is done, or why it failed.
pub(super) type Outcome = (RequestId, Result<Vec<Vec<f32>>, String>);

impl<'m> Embedding<'m> {
    pub(super) fn new(
        backend: &LlamaBackend,
        (model, reader): (&'m LlamaModel, Option<Reader>),
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
        let mut embedding = Self { model, context, reader, waiting: Vec::new() };
        // The first call is slow: it touches the weights.
        embedding.vectors(&["query: pain".to_owned()])?;
        Ok(embedding)
    }

    pub(super) fn push(&mut self, id: RequestId, texts: Texts) {
        self.waiting.push(Request { id, texts, vectors: Vec::new() });
    }

    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Embeds one batch of the request that came first; a question is not kept behind a whole vocabulary,
    /// nor behind the shorter questions that go on arriving.
    pub(super) fn step(&mut self) -> Option<Outcome> {
        let is_long = |&place: &usize| self.waiting[place].left() > BATCH_TEXTS.into();
        let place = (0..self.waiting.len()).min_by_key(is_long)?;
        let mut request = self.waiting.remove(place);
        let start = request.vectors.len();
        let outcome = match &request.texts {
            Texts::Single(texts) => self.vectors(&texts[start..]),
            Texts::Pairs(pairs) => self.read(&pairs[start..]),
        };
        match outcome {
            Ok(vectors) => request.vectors.extend(vectors),
            Err(error) => return Some((request.id, Err(error))),
        }
        if request.left() == 0 {
            return Some((request.id, Ok(request.vectors)));
        }
        self.waiting.insert(place, request);
        None
    }

    /// Vectors of as many texts as fit one batch; at least one.
    fn vectors(&mut self, texts: &[String]) -> Result<Vec<Vec<f32>>, String> {
        self.use_reader(false)?;
        let tokens = texts.iter().take(BATCH_TEXTS.into()).map(|text| self.tokens(text)).collect();
        let means = self.means(tokens)?;
        Ok(means.iter().map(|mean| normalised(mean)).collect())
    }

    /// Log-odds, one a pair, of as many pairs as fit one batch; at least one.
    fn read(&mut self, pairs: &[Pair]) -> Result<Vec<Vec<f32>>, String> {
        self.use_reader(true)?;
        let tokens = pairs.iter().take(BATCH_PAIRS).map(|pair| self.tokens_of_pair(pair)).collect();
        let means = self.means(tokens)?;
        let reader = self.reader.as_ref().ok_or("no reader is loaded")?;
        Ok(means.iter().map(|mean| vec![reader.head.log_odds(mean)]).collect())
    }

    /// Lets the model embed, or read pairs.
    fn use_reader(&mut self, on: bool) -> Result<(), String> {
        match &mut self.reader {
            Some(reader) if reader.on != on => {
                if on {
                    let set = self.context.lora_adapter_set(&mut reader.adapter, 1.0);
                    set.map_err(|error| error.to_string())?;
                } else {
                    let removed = self.context.lora_adapter_remove(&mut reader.adapter);
                    removed.map_err(|error| error.to_string())?;
                }
                reader.on = on;
                Ok(())
            }
            None if on => Err("this embedding model cannot read pairs: it is not multilingual-e5-small".to_owned()),
            _ => Ok(()),
        }
    }

    /// Means over the tokens of as many sequences as fit one batch.
    fn means(&mut self, tokens: Vec<Vec<LlamaToken>>) -> Result<Vec<Vec<f32>>, String> {
        let mut batch = LlamaBatch::new(WINDOW_TOKENS.into(), 1);
        let mut sequences = 0;
        for tokens in tokens {
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
                let mean = self.context.embeddings_seq_ith(sequence).map_err(|error| error.to_string())?;
                Ok(mean.to_vec())
            })
            .collect()
    }

    /// Item, what was said and what was before it, each with an end of its own.
    fn tokens_of_pair(&self, pair: &Pair) -> Vec<LlamaToken> {
        let vocabulary = self.model.vocab();
        let part = |text: &str| vocabulary.tokenize(text.as_bytes(), false, false);
        let mut tokens = vec![vocabulary.bos()];
        for text in [&pair.item, &pair.said] {
            tokens.extend(part(text).into_iter().take(MOST_OF_PART));
            tokens.push(vocabulary.eos());
        }
        let before = part(&pair.before);
        if !before.is_empty() {
            tokens.extend_from_slice(&before[before.len().saturating_sub(MOST_BEFORE)..]);
            tokens.push(vocabulary.eos());
        }
        tokens
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

impl Reader {
    /// Loads the changes; none for another model than they were made for.
    pub(super) fn new(model: &mut LlamaModel) -> Option<Self> {
        let mut load = || {
            let mut file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
            reader::write_adapter(&mut file).and_then(|()| file.flush()).map_err(|error| error.to_string())?;
            model.lora_adapter_init(file.path()).map_err(|error| error.to_string())
        };
        let adapter = load().inspect_err(|error| tracing::warn!(error, "questions are not read beside items")).ok()?;
        Some(Self { adapter, head: Head::embedded(), on: false })
    }
}

fn normalised(vector: &[f32]) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    let scale = if length > 0.0 { 1.0 / length } else { 0.0 };
    vector.iter().map(|value| value * scale).collect()
}
