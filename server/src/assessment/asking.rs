//! Which of some items a question asks, by the measures that marks are given with: a patient that hears with
//! the examiner's ears answers what earns the mark.

use std::sync::{Arc, LazyLock};

use knowledge_graph::Language;

use super::{
    RubricItem, Transcript,
    classifier::Classifier,
    features::PAIR_FEATURES,
    item::{ItemReading, read_items},
    similarity::{Embed, ItemVectors},
    study::Study,
};
use crate::understanding::Matcher;

static CLASSIFIER: LazyLock<Option<Classifier>> = LazyLock::new(|| Classifier::embedded().ok());

/// Items as read, ready for many questions.
pub(crate) struct Asking {
    items: Arc<Vec<ItemReading>>,
    vectors: ItemVectors,
}

/// How one clause of a question fits one item.
pub(crate) struct ItemFit {
    /// Log-odds that the clause asks it.
    pub odds: f64,
    /// The features behind them, at the places that [`feature`] names.
    pub features: Vec<f32>,
}

/// How one clause fits each item, in their order.
pub(crate) type Fits = Vec<ItemFit>;

impl Asking {
    /// Reads `items`, texts in `language`.
    pub fn new(items: &[RubricItem], matcher: &Matcher, language: Language) -> Option<Self> {
        let items = read_items(items, matcher);
        let subjects: Vec<&str> = items.iter().map(|item| item.subject.as_str()).collect();
        let vectors = matcher.embed_kept(&subjects)?.iter().map(|vector| vector.to_vec()).collect();
        Some(Self { items: Arc::new(items), vectors: ItemVectors::new(vectors, language) })
    }

    /// How each clause of the last turn of `transcript` fits each item.
    pub fn fits(&self, transcript: &Transcript, matcher: &Matcher, embed: Embed<'_>) -> Vec<Fits> {
        let Some(classifier) = CLASSIFIER.as_ref() else { return Vec::new() };
        let study = Study::new(transcript, Arc::clone(&self.items), (Some(&self.vectors), embed), (matcher, &[]));
        let judge = classifier.judge(study.embedded);
        let last = transcript.turns.len().saturating_sub(1);
        let clauses = study.dialogue.student.iter().enumerate().filter(|(_, clause)| clause.turn == last);
        let fit = |clause: usize, item: usize| {
            let features = study.pair(clause, item);
            ItemFit { odds: judge.pair(&features), features }
        };
        clauses.map(|(clause, _)| (0..self.items.len()).map(|item| fit(clause, item)).collect()).collect()
    }
}

/// Where a feature stands among those of a fit; beyond them when there is none of that name.
pub(crate) fn feature(name: &str) -> usize {
    PAIR_FEATURES.iter().position(|known| *known == name).unwrap_or(PAIR_FEATURES.len())
}
