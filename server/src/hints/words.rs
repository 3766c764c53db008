//! Hints in words.

use cases::{Case, format::RubricItem};
use knowledge_graph::{Bilingual, Facet, Graph, Language, TopicId, TopicKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::expert::{ExpertQuestion, reasons};
use crate::{
    i18n::{self, Phrase},
    store::{Help, HintRecord, Strength, TurnRecord},
};

/// Help as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HintView {
    /// `area`, `direction`, `full` or `expert`.
    pub strength: &'static str,
    /// After how many turns it was given.
    pub after_turn: u32,
    /// What is said.
    pub text: String,
    /// A way to ask it, once the hint is full.
    pub question: Option<String>,
    /// What an expert would ask now, each with its reason.
    pub expert: Vec<ExpertView>,
}

/// One question of an expert's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExpertView {
    /// Topic id.
    pub topic: String,
    /// Its name.
    pub name: String,
    /// A way to ask it.
    pub question: Option<String>,
    /// Why it tells much now; names no disease.
    pub reason: String,
}

impl From<ExpertQuestion> for ExpertView {
    fn from(question: ExpertQuestion) -> Self {
        let ExpertQuestion { topic, name, question, reason } = question;
        Self { topic: topic.to_string(), name, question, reason }
    }
}

/// `hint` in words, as things stood when it was given.
pub fn view(case: &Case, graph: &Graph, turns: &[TurnRecord], hint: &HintRecord, language: Language) -> HintView {
    let base = HintView {
        strength: "expert",
        after_turn: hint.after_turn,
        text: String::new(),
        question: None,
        expert: Vec::new(),
    };
    match &hint.help {
        Help::Expert { topics } => {
            let then = turns.get(..hint.after_turn as usize).unwrap_or(turns);
            let expert: Vec<ExpertView> =
                reasons(case, graph, then, topics, language).into_iter().map(ExpertView::from).collect();
            let key = if expert.is_empty() { "expert-nothing" } else { "expert-lead" };
            HintView { text: i18n::text(language, key), expert, ..base }
        }
        Help::Nudge { item, strength } => {
            let Some(item) = case.rubric.iter().find(|one| one.id == *item) else {
                return HintView { strength: strength.as_str(), text: i18n::text(language, "hint-gone"), ..base };
            };
            let question = (*strength == Strength::Full).then(|| example(graph, item, language)).flatten();
            HintView { strength: strength.as_str(), text: nudge(graph, item, *strength, language), question, ..base }
        }
    }
}

fn example(graph: &Graph, item: &RubricItem, language: Language) -> Option<String> {
    item.topics.iter().find_map(|topic| graph.topic(topic)?.questions.get(language).first().cloned())
}

fn nudge(graph: &Graph, item: &RubricItem, strength: Strength, language: Language) -> String {
    match strength {
        Strength::Area => i18n::text(language, &format!("hint-area-{}", item.section.as_str())),
        Strength::Direction => direction(graph, item, language),
        Strength::Full => Phrase::new(language, "hint-full").with("item", item.text.get(language)).to_string(),
    }
}

/// What kind of thing is meant, without naming it.
fn direction(graph: &Graph, item: &RubricItem, language: Language) -> String {
    let Some(topic) = item.topics.first() else { return i18n::text(language, "hint-kind-other") };
    let text = match (topic.kind(), topic.facet()) {
        (TopicKind::Finding, Some(facet)) => of_a_symptom(graph, topic, facet, language),
        (TopicKind::Finding, None) => symptom(graph, topic, language),
        _ => background(graph, topic, item, language),
    };
    if !item.critical {
        return text;
    }
    let join = if language == Language::En { " " } else { "" };
    format!("{text}{join}{}", i18n::text(language, "hint-critical"))
}

fn of_a_symptom(graph: &Graph, topic: &TopicId, facet: Facet, language: Language) -> String {
    let key = match facet {
        Facet::Onset | Facet::Duration | Facet::TimeCourse | Facet::Frequency => "hint-kind-time",
        Facet::Site | Facet::Radiation => "hint-kind-place",
        Facet::Aggravating | Facet::Relieving | Facet::Trigger => "hint-kind-changes",
        _ => "hint-kind-quality",
    };
    let name = graph.topic(&topic.node()).map_or_else(String::new, |info| match language {
        Language::En => knowledge_graph::lower_first(&info.name.en),
        Language::Zh => info.name.zh,
    });
    Phrase::new(language, key).with("finding", name).to_string()
}

fn symptom(graph: &Graph, topic: &TopicId, language: Language) -> String {
    let system = graph.finding(topic.name()).map_or("general", |finding| finding.system.as_str());
    let name = i18n::optional(language, &format!("system-{system}")).unwrap_or_else(|| system.to_owned());
    Phrase::new(language, "hint-kind-symptom").with("system", name).to_string()
}

/// The reason for which it is asked of everybody; it names no disease.
fn background(graph: &Graph, topic: &TopicId, item: &RubricItem, language: Language) -> String {
    let lineage = std::iter::once(topic.node()).chain(graph.ancestors(&topic.node()));
    let why = lineage.into_iter().find_map(|topic| graph.history_topic(&topic)?.why.clone());
    let names_a_disease = |why: &Bilingual| {
        let said = why.get(language).to_lowercase();
        graph.diseases().any(|disease| said.contains(&disease.name.get(language).to_lowercase()))
    };
    if let Some(why) = why.filter(|why| !names_a_disease(why)) {
        return Phrase::new(language, "hint-kind-why").with("why", why.get(language)).to_string();
    }
    let section = i18n::text(language, &format!("section-{}", item.section.as_str()));
    Phrase::new(language, "hint-kind-background").with("section", section).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_hints_give_neither_item_nor_diagnosis_away() {
        let graph = Graph::embedded().unwrap();
        for case in cases::library().unwrap() {
            for (item, language) in case.rubric.iter().flat_map(|item| Language::ALL.map(|language| (item, language))) {
                for strength in [Strength::Area, Strength::Direction] {
                    let text = nudge(graph, item, strength, language);
                    assert!(!text.is_empty() && !text.contains("hint-"), "{}/{}: {text}", case.id, item.id);
                    assert!(!text.contains(item.text.get(language)), "{text}");
                    let diagnosis = case.diagnosis.disease.as_deref().and_then(|id| graph.disease(id));
                    if let Some(disease) = diagnosis {
                        let name = disease.name.get(language).to_lowercase();
                        assert!(!text.to_lowercase().contains(&name), "{}: {text}", case.id);
                    }
                }
            }
        }
    }
}
