//! What a student reads after a consultation: the report joined with the case and the graph.
//!
//! Written by code from findings; no model speaks here.

mod differential;
mod feedback;
mod feelings;
mod finish;
mod items;
mod manner;
mod marks;
mod note;
#[cfg(test)]
mod reading_tests;
mod reasoning;
#[cfg(test)]
mod tests;

use knowledge_graph::{Language, Section};
use serde::Serialize;
use utoipa::ToSchema;

pub use differential::{Comparison, Expected, Offered, Verdict};
pub use feedback::{Advice, Feedback, Praise};
pub use feelings::{Feelings, Moved};
pub(crate) use finish::exchange_of_turn;
pub use finish::{Desk, FinishError, finish, transcript};
pub use items::{DebriefItem, Quote, Reason, SourceNote, Status};
pub use manner::{MannerArea, MannerItem};
pub use marks::{MarkedPart, Marks, Taken};
pub(crate) use note::judgements as note_judgements;
pub use reasoning::{
    Belief, Cited, Course, Dangerous, Entry, Leading, Learned, Pattern, PatternKind, Ratio, Reasoning, Step, Unasked,
    Understood, Weighs,
};

use crate::{
    assessment::{Decision, Report},
    store::{Diagnosis, OrderRecord, TurnRecord},
};

/// What a student reads after a consultation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Debrief {
    /// Percent of the possible score.
    pub percent: f64,
    /// Items that a person has to decide.
    pub for_examiner: usize,
    /// What went well, most important first; at most three.
    pub went_well: Vec<DebriefItem>,
    /// What to do next time, most important first; at most three.
    pub next_time: Vec<DebriefItem>,
    /// The whole checklist by section, in the order a history is taken.
    pub sections: Vec<DebriefSection>,
    /// How the consultation was held, by area; empty for reports made before this was judged.
    pub manner: Vec<MannerArea>,
    /// Harmful acts, in the student's words.
    pub harms: Vec<Taken>,
    /// The points under the marking scheme, when the report has them.
    pub marks: Option<Marks>,
    /// The student's differential beside the case's.
    pub differential: Comparison,
    /// What to say of it on the first screen: at most three points each way.
    pub feedback: Feedback,
    /// How the student reasoned. None while the reader sits an exam: it names what to ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Reasoning>,
    /// How the patient's trust and mood moved, and because of which words.
    pub feelings: Feelings,
}

/// One section of the checklist.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DebriefSection {
    /// Which.
    #[schema(value_type = String)]
    pub section: Section,
    /// Its items.
    pub items: Vec<DebriefItem>,
}

/// What a debrief is made from.
pub struct Materials<'a> {
    /// The case that was played.
    pub case: &'a cases::format::Case,
    /// The knowledge graph.
    pub graph: &'a knowledge_graph::Graph,
    /// The report as it counts: what examiners decided is laid over it.
    pub report: &'a Report,
    /// What examiners decided.
    pub decisions: &'a [Decision],
    /// The exchanges.
    pub turns: &'a [TurnRecord],
    /// Examinations made and tests ordered.
    pub orders: &'a [OrderRecord],
    /// The student's differential.
    pub diagnoses: &'a [Diagnosis],
    /// Language to write in.
    pub language: Language,
}

impl Debrief {
    /// Joins report, case and graph.
    pub fn new(materials: &Materials<'_>) -> Self {
        let all = items::items(materials);
        let reasoning = Reasoning::new(materials);
        let feedback = feedback::choose(materials, &all, &reasoning);
        let named = |ids: Vec<&str>| -> Vec<DebriefItem> {
            let item = |id: &str| all.iter().find(|(_, _, item)| item.id == id).map(|(_, _, item)| item.clone());
            ids.into_iter().filter_map(item).collect()
        };
        let sections = Section::ALL
            .iter()
            .map(|section| DebriefSection {
                section: *section,
                items: all.iter().filter(|(_, of, _)| of == section).map(|(_, _, item)| item.clone()).collect(),
            })
            .filter(|section| !section.items.is_empty())
            .collect();
        Self {
            percent: materials.report.score.percent,
            for_examiner: all.iter().filter(|(_, _, item)| item.status == Status::ForExaminer).count(),
            went_well: named(feedback.done_well.iter().map(|point| point.item.as_str()).collect()),
            next_time: named(feedback.work_on.iter().filter_map(|point| point.item.as_deref()).collect()),
            sections,
            manner: manner::areas(materials),
            harms: manner::harms(materials),
            marks: marks::marks(materials),
            differential: differential::compare(materials),
            feedback,
            reasoning: Some(reasoning),
            feelings: feelings::feelings(materials),
        }
    }

    /// The same without what the graph would have asked, for somebody who sits an exam now.
    #[must_use]
    pub fn under_exam(self) -> Self {
        Self { reasoning: None, ..self }
    }
}
