//! What an expert would ask now: the questions that would tell most, given what was told.

use cases::Case;
use knowledge_graph::{
    Graph, Language, TopicId, TopicKind,
    query::{Differential, NextQuestion, Options, Patient, Presence, differential, next_questions},
};

use super::next::fits;
use crate::{
    encounter::knowledge::Knowledge,
    i18n::{self, Phrase},
    store::TurnRecord,
};

/// Questions named at once.
const NAMED: usize = 3;
/// Diseases less probable than this do not shape the reason.
const WORTH_NAMING: f64 = 0.02;
/// Belief in a body system that must move, 0–1, to be spoken of.
const MOVES: f64 = 0.05;

/// A question an expert would ask, and why. Names no disease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpertQuestion {
    /// What is asked for.
    pub topic: TopicId,
    /// Its name.
    pub name: String,
    /// A way to ask it.
    pub question: Option<String>,
    /// Why it tells much now.
    pub reason: String,
}

/// The topics nobody asked for that promise the most information, the most telling first, at most
/// three; where one section is practised, of that section alone.
pub fn expert(case: &Case, graph: &Graph, turns: &[TurnRecord]) -> Vec<TopicId> {
    let evidence = evidence(case, graph, turns);
    let asked = asked(turns);
    let sections: Vec<_> = case.rubric.iter().map(|item| item.section).collect();
    let unasked = |question: &NextQuestion| !asked.iter().any(|one| fits(graph, one, &question.topic));
    let practised = |question: &NextQuestion| {
        graph.topic(&question.topic).and_then(|info| info.section).is_some_and(|section| sections.contains(&section))
    };
    next_questions(graph, &evidence, Some(patient(case)), &Options::default())
        .into_iter()
        .filter(|question| unasked(question) && practised(question))
        .map(|question| question.topic)
        .take(NAMED)
        .collect()
}

/// Why each of `topics` told much after `turns`, in words that name no disease.
pub fn reasons(
    case: &Case,
    graph: &Graph,
    turns: &[TurnRecord],
    topics: &[TopicId],
    language: Language,
) -> Vec<ExpertQuestion> {
    let evidence = evidence(case, graph, turns);
    let weigh =
        |evidence: &[(TopicId, Presence)]| differential(graph, evidence, Some(patient(case)), &Options::default());
    let now = weigh(&evidence);
    let with = |topic: &TopicId, presence| {
        weigh(&evidence.iter().cloned().chain([(topic.clone(), presence)]).collect::<Vec<_>>())
    };
    let described = |topic: &TopicId| {
        let info = graph.topic(topic)?;
        let if_so = with(topic, Presence::Present);
        let mut reason = spread(graph, &now, topic, language);
        if let Some(moved) = moved_system(graph, &now, &if_so, language) {
            reason.push(moved);
        }
        if info.red_flag {
            reason.push(i18n::text(language, "expert-danger"));
        }
        if reason.is_empty() {
            reason.push(i18n::text(language, "expert-generic"));
        }
        Some(ExpertQuestion {
            topic: topic.clone(),
            name: info.name.get(language).to_owned(),
            question: info.questions.get(language).first().cloned(),
            reason: reason.join(if language == Language::En { " " } else { "" }),
        })
    };
    topics.iter().filter_map(described).collect()
}

fn patient(case: &Case) -> Patient {
    Patient { age: case.patient.age, sex: case.patient.sex.into() }
}

fn asked(turns: &[TurnRecord]) -> Vec<TopicId> {
    turns.iter().filter_map(|turn| turn.reply.as_ref()).flat_map(|reply| reply.topics.clone()).collect()
}

/// What was told: the complaint on the door, facts that were told, and what was denied because the
/// patient does not have it.
pub(crate) fn evidence(case: &Case, graph: &Graph, turns: &[TurnRecord]) -> Vec<(TopicId, Presence)> {
    let knowledge = Knowledge::new(case, graph);
    let weighs = |topic: &TopicId| matches!(topic.kind(), TopicKind::Finding | TopicKind::RiskFactor);
    let mut evidence = vec![(case.complaint.node(), Presence::Present)];
    for reply in turns.iter().filter_map(|turn| turn.reply.as_ref()) {
        for fact in reply.facts.iter().filter_map(|id| knowledge.fact(id)) {
            let presence = if fact.present { Presence::Present } else { Presence::Absent };
            let topics = std::iter::once(&fact.topic).chain(&fact.also);
            evidence.extend(topics.map(TopicId::node).filter(weighs).map(|topic| (topic, presence)));
        }
        if reply.policy == "answer" {
            let denied = reply.topics.iter().filter(|topic| topic.facet().is_none() && weighs(topic));
            let denied = denied.filter(|topic| knowledge.answering(topic).is_empty() && !knowledge.has(topic));
            evidence.extend(denied.map(|topic| (topic.clone(), Presence::Absent)));
        }
    }
    evidence
}

/// How often the causes that fit now bring it, where they differ.
fn spread(graph: &Graph, now: &Differential, topic: &TopicId, language: Language) -> Vec<String> {
    let likely: Vec<&str> = now
        .posteriors
        .iter()
        .filter(|posterior| posterior.probability >= WORTH_NAMING)
        .map(|posterior| posterior.disease.as_str())
        .collect();
    let rates: Vec<f64> = graph
        .diseases_with(topic.name())
        .filter(|(disease, edge)| likely.contains(&disease.id.as_str()) && !edge.excluded)
        .filter_map(|(_, edge)| edge.frequency.as_ref()?.proportion())
        .collect();
    let silent = likely.len().saturating_sub(rates.len());
    let (low, high) = rates.iter().fold((1.0_f64, 0.0_f64), |(low, high), rate| (low.min(*rate), high.max(*rate)));
    if rates.is_empty() {
        return Vec::new();
    }
    let phrase = if silent > 0 {
        Phrase::new(language, "expert-some").with("high", percent(high))
    } else {
        Phrase::new(language, "expert-spread").with("high", percent(high)).with("low", percent(low))
    };
    vec![phrase.to_string()]
}

/// The body system in whose causes belief would rise most if the patient has it.
fn moved_system(graph: &Graph, now: &Differential, then: &Differential, language: Language) -> Option<String> {
    let belief = |differential: &Differential, system: &str| -> f64 {
        let of_system = |id: &str| graph.disease(id).is_some_and(|disease| disease.system == system);
        differential.posteriors.iter().filter(|one| of_system(&one.disease)).map(|one| one.probability).sum()
    };
    let systems: std::collections::BTreeSet<&str> = graph.diseases().map(|disease| disease.system.as_str()).collect();
    let (system, before, after) = systems
        .into_iter()
        .map(|system| (system, belief(now, system), belief(then, system)))
        .max_by(|a, b| (a.2 - a.1).total_cmp(&(b.2 - b.1)))?;
    if after - before < MOVES {
        return None;
    }
    let name = i18n::optional(language, &format!("system-{system}"))?;
    let phrase = Phrase::new(language, "expert-moves").with("system", name);
    Some(phrase.with("before", percent(before)).with("after", percent(after)).to_string())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability is 0–1")]
fn percent(probability: f64) -> u32 {
    (100.0 * probability).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expert_names_questions_with_reasons_and_never_a_disease() {
        let graph = Graph::embedded().unwrap();
        for case in cases::library().unwrap() {
            let topics = expert(case, graph, &[]);
            assert!(!topics.is_empty(), "{}", case.id);
            for language in Language::ALL {
                for question in reasons(case, graph, &[], &topics, language) {
                    assert!(!question.reason.is_empty(), "{}: {question:?}", case.id);
                    let said = question.reason.to_lowercase();
                    for disease in graph.diseases() {
                        let name = disease.name.get(language).to_lowercase();
                        assert!(!said.contains(&name), "{}: {name} in {said}", case.id);
                    }
                }
            }
        }
    }
}
