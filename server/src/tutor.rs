//! A tutor to talk to after the debrief.
//!
//! `reading` understands a question by rules and the graph's words; `answering` composes the answer
//! from the graph, the case and this report, and from nothing else. What none of them holds is
//! declined in words that say why and what can be asked instead. No model takes part.

mod answering;
mod figures;
mod reading;
mod rules;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use cases::Case;
use knowledge_graph::{Graph, Language, TopicId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{assessment::Report, store::TurnRecord, understanding::Phrasebook};

/// What kind of answer was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Why something should be asked.
    Why,
    /// What a finding, a history or another disease means for a disease.
    Meaning,
    /// What separates two diseases.
    Separates,
    /// How sure one could be.
    HowSure,
    /// A way to ask something.
    HowToAsk,
    /// What was missed.
    Missed,
    /// What a disease is.
    WhatIs,
    /// Which tests help.
    Tests,
    /// How it is treated, as far as the graph says.
    Treatments,
    /// What makes it more likely to come about.
    Risks,
    /// Not answered, with the reason.
    Declined,
}

/// An answer, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// What kind.
    pub kind: Kind,
    /// Its paragraphs.
    pub text: Vec<String>,
    /// Ids of the sources that it rests on.
    pub sources: Vec<String>,
    /// What it is about, most important first: what "it" means in the next question.
    #[schema(value_type = Vec<String>)]
    pub topics: Vec<TopicId>,
    /// The rubric item it is about.
    pub item: Option<String>,
}

/// The consultation that is talked about.
#[derive(Clone, Copy)]
pub struct Consultation<'a> {
    /// The case that was played.
    pub case: &'a Case,
    /// The report as it counts.
    pub report: &'a Report,
    /// The exchanges.
    pub turns: &'a [TurnRecord],
}

/// A question to the tutor.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The learner's words.
    pub text: &'a str,
    /// The learner's language; a question in Chinese is answered in Chinese all the same.
    pub language: Language,
    /// The rubric item it was asked from, if any.
    pub item: Option<&'a str>,
    /// The answer before this question.
    pub last: Option<&'a Answer>,
}

/// What a phrase names.
type Named = knowledge_graph::PhraseTarget;

/// Answers questions about finished consultations.
pub struct Tutor {
    graph: &'static Graph,
    book: OnceLock<Phrasebook<Named>>,
}

impl Tutor {
    /// A tutor that knows `graph`; its words are read when the first question comes.
    pub const fn new(graph: &'static Graph) -> Self {
        Self { graph, book: OnceLock::new() }
    }

    /// The answer to `question` about `consultation`.
    pub fn answer(&self, consultation: &Consultation<'_>, question: &Question<'_>) -> Answer {
        let reading = reading::read(self.graph, self.book(), consultation, question);
        answering::answer(self.graph, consultation, &reading)
    }

    fn book(&self) -> &Phrasebook<Named> {
        self.book.get_or_init(|| reading::book(self.graph))
    }
}
