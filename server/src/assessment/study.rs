//! A transcript and a rubric, read against each other: what clauses and items have in common.

use std::sync::Arc;

use knowledge_graph::TopicId;

use super::{
    Flag, Transcript,
    dialogue::{Dialogue, StudentClause},
    features::{Fit, pair_features, rivals},
    item::ItemReading,
    similarity::{Embed, ItemVectors, Similarities},
    telling::Telling,
};
use crate::understanding::{Concept, DialogueAct, Matcher};

/// A transcript and a rubric, read against each other.
pub(super) struct Study<'m> {
    matcher: &'m Matcher,
    pub dialogue: Dialogue,
    pub items: Arc<Vec<ItemReading>>,
    similarities: Similarities,
    answers: Vec<Vec<Concept>>,
    rivals: Vec<Vec<Fit>>,
    pub tellings: Vec<Telling>,
    pub chinese: bool,
    /// Whether the embedder took part.
    pub embedded: bool,
}

impl<'m> Study<'m> {
    /// Reads `transcript` against `items`; turns that are flagged are not believed. `embed` turns texts into
    /// vectors and is asked only where there are vectors of the items.
    pub fn new(
        transcript: &Transcript,
        items: Arc<Vec<ItemReading>>,
        (vectors, embed): (Option<&ItemVectors>, Embed<'_>),
        (matcher, flags): (&'m Matcher, &[Flag]),
    ) -> Self {
        let dialogue = Dialogue::read(transcript, matcher, |turn| flags.iter().any(|flag| flag.turn == turn));
        let text = |clause: &StudentClause| &transcript.turns[clause.turn].text[clause.span.clone()];
        let texts: Vec<&str> = dialogue.student.iter().map(text).collect();
        let similarities = Similarities::new(&dialogue, &texts, (items.len(), vectors), (embed, transcript.language));
        let answers = dialogue.student.iter().map(|clause| dialogue.said_in(&clause.answers)).collect();
        let rivals = rivals(&dialogue.student, &items);
        let tellings = items.iter().map(|item| Telling::of(item, &dialogue)).collect();
        let chinese = transcript.language == knowledge_graph::Language::Zh;
        let embedded = vectors.is_some() && similarities.embedded;
        Self { matcher, dialogue, items, similarities, answers, rivals, tellings, chinese, embedded }
    }

    /// The features of a clause and an item, in the order of `PAIR_FEATURES`.
    pub fn pair(&self, clause: usize, item: usize) -> Vec<f32> {
        let similarity = self.similarities.get(clause, item);
        let said = &self.dialogue.student[clause];
        pair_features(
            said,
            &self.items[item],
            similarity,
            &self.answers[clause],
            self.rivals[clause][item],
            (self.matcher, self.chinese),
        )
    }

    /// Whether the clause is about relatives and the item is not.
    pub fn asks_of_relatives_only(&self, clause: usize, item: usize) -> bool {
        self.dialogue.student[clause].reading.kin && !self.items[item].kin
    }

    /// The first question that names a topic given with the item, with its facet if it has one.
    pub fn naming(&self, item: usize) -> Option<usize> {
        let wanted = &self.items[item];
        let names = |clause: &StudentClause| {
            let reading = &clause.reading;
            let has = |topic: &TopicId| {
                reading.named.topics.iter().any(|named| named.topic == topic.node())
                    && topic.facet().is_none_or(|facet| reading.facets.iter().any(|(asked, _)| *asked == facet))
            };
            reading.act == DialogueAct::Specific && reading.kin == wanted.kin && wanted.topics.iter().any(has)
        };
        self.dialogue.student.iter().position(names).filter(|_| wanted.declared)
    }

    /// What the patient told of an item that `clause` asks, if any.
    pub fn telling(&self, item: usize, clause: Option<usize>) -> Telling {
        self.tellings[item].answered(clause.map(|clause| &self.dialogue.student[clause]), &self.dialogue)
    }

    /// What the answer to each clause is like.
    pub fn answers_by_clause(&self) -> Vec<[f64; 3]> {
        let all = self.dialogue.student.iter();
        all.map(|clause| Telling::default().answered(Some(clause), &self.dialogue).answer()).collect()
    }
}
