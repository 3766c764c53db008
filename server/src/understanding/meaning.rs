//! The ways doctors ask each topic, as vectors: which topic is nearest in meaning.

use std::collections::HashMap;

use knowledge_graph::{Graph, Language, TopicId, TopicKind};
use models::Embedder;

use super::{MatcherError, kept::KeptVectors, lexicon::Lexicon};

/// Texts embedded in one call: few, since memory grows with the tokens of a batch.
pub(crate) const BATCH: usize = 8;

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
    /// Embeds the questions of every topic a patient can be asked, those of earlier starts excepted.
    pub fn new(graph: &Graph, lexicon: &Lexicon, kept: &KeptVectors) -> Result<Self, MatcherError> {
        let asked = questions(graph, lexicon);
        let texts: Vec<&str> = asked.iter().map(|(_, _, text)| text.as_str()).collect();
        let vectors = kept.of(&texts)?;
        Ok(Self {
            dimensions: vectors.first().map_or(0, |vector| vector.len()),
            vectors: vectors.iter().flat_map(|vector| vector.iter().copied()).collect(),
            phrases: asked.into_iter().map(|(topic, language, _)| (topic, language)).collect(),
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
