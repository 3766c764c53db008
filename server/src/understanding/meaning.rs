//! The ways doctors ask each topic, as vectors: which topic is nearest in meaning.

use std::{collections::HashMap, fs, io::Write as _, path::Path};

use knowledge_graph::{Graph, Language, TopicId, TopicKind};
use models::Embedder;
use sha2::{Digest, Sha256};

use super::{MatcherError, lexicon::Lexicon};

/// Texts embedded in one call: few, since memory grows with the tokens of a batch.
pub(crate) const BATCH: usize = 8;
const MAGIC: &[u8; 8] = b"anamvec1";
const HASH: usize = 32;

/// Phrases of topics with their vectors.
pub(crate) struct TopicMeanings {
    phrases: Vec<(TopicId, Language)>,
    vectors: Vec<f32>,
    dimensions: usize,
}

/// A topic near in meaning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Near {
    /// Which.
    pub topic: TopicId,
    /// Cosine similarity of its nearest phrase.
    pub similarity: f32,
    /// How far above the mean of the topics that follow it.
    pub margin: f32,
}

/// Embeds texts in small batches.
pub(crate) fn embed_all(embedder: &dyn Embedder, texts: &[&str]) -> Result<Vec<Vec<f32>>, MatcherError> {
    let mut vectors = Vec::with_capacity(texts.len());
    for batch in texts.chunks(BATCH) {
        vectors.extend(embedder.embed(batch)?);
    }
    Ok(vectors)
}

/// The cosine of two vectors of length one.
pub(crate) fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl TopicMeanings {
    /// Embeds the questions of every topic a patient can be asked, taking those already in
    /// `cache` from there.
    pub fn new(
        graph: &Graph,
        lexicon: &Lexicon,
        embedder: &dyn Embedder,
        cache: Option<&Path>,
    ) -> Result<Self, MatcherError> {
        let asked = questions(graph, lexicon);
        let weights = embedder.identity().sha256;
        let keys: Vec<[u8; HASH]> = asked.iter().map(|(_, _, text)| key(&weights, text)).collect();
        let mut known = cache.map(read_cache).unwrap_or_default();
        let missing: Vec<usize> = (0..asked.len()).filter(|at| !known.contains_key(&keys[*at])).collect();
        let texts: Vec<&str> = missing.iter().map(|at| asked[*at].2.as_str()).collect();
        for (at, vector) in missing.iter().zip(embed_all(embedder, &texts)?) {
            known.insert(keys[*at], vector);
        }
        if let Some(path) = cache.filter(|_| !missing.is_empty())
            && let Err(error) = write_cache(path, &known)
        {
            tracing::warn!(path = %path.display(), %error, "the topic vectors could not be kept; the next start embeds them again");
        }
        let dimensions = known.values().next().map_or(0, Vec::len);
        let vectors = keys.iter().filter_map(|key| known.get(key)).flatten().copied().collect();
        Ok(Self {
            phrases: asked.into_iter().map(|(topic, language, _)| (topic, language)).collect(),
            vectors,
            dimensions,
        })
    }

    /// The topics nearest to `vector`, nearest first, at most `most`.
    pub fn nearest(&self, vector: &[f32], language: Language, most: usize) -> Vec<Near> {
        if vector.len() != self.dimensions || self.dimensions == 0 {
            return Vec::new();
        }
        let mut best: HashMap<&TopicId, f32> = HashMap::new();
        for ((topic, spoken), row) in self.phrases.iter().zip(self.vectors.chunks_exact(self.dimensions)) {
            if *spoken == language {
                let similarity = cosine(row, vector);
                let entry = best.entry(topic).or_insert(similarity);
                *entry = entry.max(similarity);
            }
        }
        let mut ranked: Vec<(&TopicId, f32)> = best.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let followers = |from: usize| {
            let rest = &ranked[(from + 1).min(ranked.len())..(from + 9).min(ranked.len())];
            if rest.is_empty() { 0.0 } else { rest.iter().map(|(_, s)| s).sum::<f32>() / rest.len() as f32 }
        };
        let near = |(at, (topic, similarity)): (usize, &(&TopicId, f32))| Near {
            topic: (*topic).clone(),
            similarity: *similarity,
            margin: similarity - followers(at),
        };
        ranked.iter().enumerate().take(most).map(near).collect()
    }
}

/// How each topic is asked, in both languages; a stable order.
fn questions(graph: &Graph, lexicon: &Lexicon) -> Vec<(TopicId, Language, String)> {
    let mut asked = Vec::new();
    for info in graph.topics().filter(|info| info.id.facet().is_none()) {
        let askable = lexicon.facts(&info.id).is_some_and(|facts| facts.askable);
        if !askable || matches!(info.id.kind(), TopicKind::Consultation | TopicKind::Treatment | TopicKind::Disease) {
            continue;
        }
        for language in Language::ALL {
            asked.extend(info.questions.get(language).iter().map(|text| (info.id.clone(), language, text.clone())));
        }
    }
    asked
}

fn key(weights: &str, text: &str) -> [u8; HASH] {
    Sha256::new().chain_update(weights).chain_update([0]).chain_update(text).finalize().into()
}

/// The vectors in a cache file; none when it is missing or damaged.
fn read_cache(path: &Path) -> HashMap<[u8; HASH], Vec<f32>> {
    let parse = |bytes: Vec<u8>| -> Option<HashMap<[u8; HASH], Vec<f32>>> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (dimensions, entries) = rest.split_first_chunk::<4>()?;
        let dimensions = u32::from_le_bytes(*dimensions) as usize;
        let size = HASH.checked_add(dimensions.checked_mul(4)?)?;
        let mut known = HashMap::new();
        for entry in entries.chunks_exact(size) {
            let (key, floats) = entry.split_first_chunk::<HASH>()?;
            let vector = floats.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            known.insert(*key, vector);
        }
        Some(known)
    };
    fs::read(path).ok().and_then(parse).unwrap_or_default()
}

fn write_cache(path: &Path, known: &HashMap<[u8; HASH], Vec<f32>>) -> std::io::Result<()> {
    let dimensions = known.values().next().map_or(0, Vec::len);
    let mut bytes = MAGIC.to_vec();
    bytes.extend(u32::try_from(dimensions).unwrap_or_default().to_le_bytes());
    let mut entries: Vec<_> = known.iter().collect();
    entries.sort_by_key(|(key, _)| **key);
    for (key, vector) in entries {
        bytes.extend(key);
        bytes.extend(vector.iter().flat_map(|x| x.to_le_bytes()));
    }
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let partial = path.with_extension("partial");
    fs::File::create(&partial)?.write_all(&bytes)?;
    fs::rename(partial, path)
}
