//! Rubric items for what a patient can tell and no item asks for yet: a teacher's first draft.

use std::collections::BTreeSet;

use knowledge_graph::{Bilingual, Graph, Section, TopicId, TopicKind};

use super::rubric::{GENERAL, about, facet_text};
use crate::format::{Case, Fact, RubricItem};

/// Items that would earn what the facts of `case` answer and no item of its rubric asks for, in the
/// order of the facts. Facets of an accompanying symptom earn the item of that symptom; what every
/// history holds is asked in the words of a generated rubric. Weights are 1: how much an answer
/// separates the diagnoses is for the teacher to say.
pub fn suggested_rubric(case: &Case, graph: &Graph) -> Vec<RubricItem> {
    let asked: BTreeSet<&TopicId> = case.rubric.iter().flat_map(|item| &item.topics).collect();
    let mut ids: BTreeSet<String> = case.rubric.iter().map(|item| item.id.clone()).collect();
    let mut items: Vec<RubricItem> = Vec::new();
    for fact in &case.facts {
        if topics_of(fact).any(|topic| asked.contains(topic) || items.iter().any(|item| item.topics.contains(topic))) {
            continue;
        }
        if let Some(mut item) = item_for(case, fact, graph) {
            let overlaps = |topics: &[TopicId]| topics.iter().any(|topic| item.topics.contains(topic));
            if case.rubric.iter().chain(&items).any(|other| overlaps(&other.topics)) {
                continue;
            }
            item.id = free(&item.id, &ids);
            ids.insert(item.id.clone());
            items.push(item);
        }
    }
    items
}

fn topics_of(fact: &Fact) -> impl Iterator<Item = &TopicId> {
    std::iter::once(&fact.topic).chain(&fact.also)
}

fn item_for(case: &Case, fact: &Fact, graph: &Graph) -> Option<RubricItem> {
    if let Some(item) = general(fact, graph) {
        return Some(item);
    }
    let complaint = fact.topic.node() == case.complaint.node();
    let facet = fact.topic.facet().filter(|_| complaint);
    // Hearing that something hurts and asking where are one thing unless it is the complaint.
    let topic = if complaint { fact.topic.clone() } else { fact.topic.node() };
    let known = graph.topic(&topic)?;
    let name = graph.topic(&topic.node())?.name;
    let text: Bilingual = facet.map_or_else(|| about(&name), |facet| facet_text(facet, &name));
    let mut topics = vec![topic.clone()];
    topics.extend(topics_of(fact).filter(|also| **also != topic).cloned());
    let section = if complaint { Section::PresentIllness } else { known.section? };
    let critical = known.red_flag && topic.kind() == TopicKind::Finding;
    let id = match facet {
        Some(facet) => format!("{}-{facet}", topic.name()),
        None => format!("asks-{}", topic.name()),
    };
    Some(RubricItem { id, text, section, topics, critical, weight: 1.0, why: None })
}

/// The line of every history that this fact answers.
fn general(fact: &Fact, graph: &Graph) -> Option<RubricItem> {
    let (id, section, topics, weight, critical, en, zh) = *GENERAL
        .iter()
        .find(|line| topics_of(fact).any(|topic| line.2.contains(&topic.node().to_string().as_str())))?;
    let topics = topics.iter().filter_map(|text| text.parse().ok()).filter(|topic| graph.topic_exists(topic)).collect();
    let text = Bilingual { en: en.to_owned(), zh: zh.to_owned() };
    Some(RubricItem { id: id.to_owned(), text, section, topics, critical, weight, why: None })
}

/// A rubric's words for asking `topic`: "Asks about fever", "Asks where the headache is". None for a topic that
/// the graph does not have.
pub fn asks_for(topic: &TopicId, graph: &Graph) -> Option<Bilingual> {
    let name = graph.topic(&topic.node())?.name;
    Some(topic.facet().map_or_else(|| about(&name), |facet| facet_text(facet, &name)))
}

/// What every history holds, whatever the complaint, in its order: the first topic of each line.
pub fn every_history(graph: &Graph) -> Vec<TopicId> {
    let topics = GENERAL.iter().filter_map(|line| line.2.first()?.parse().ok());
    topics.filter(|topic| graph.topic_exists(topic)).collect()
}

/// `wanted`, or `wanted-2`, `wanted-3` …: the first that is not taken.
fn free(wanted: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(wanted) {
        return wanted.to_owned();
    }
    (2..=taken.len() + 2).map(|number| format!("{wanted}-{number}")).find(|id| !taken.contains(id)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rubric_taken_from_the_facts_can_be_earned_and_is_not_offered_twice() {
        let graph = Graph::embedded().unwrap_or_else(|problems| panic!("{}", problems[0]));
        for shipped in crate::library().unwrap() {
            let mut case = shipped.clone();
            case.rubric.clear();

            case.rubric = suggested_rubric(&case, graph);

            assert!(case.rubric.len() >= 8, "{}: {}", case.id, case.rubric.len());
            let errors: Vec<String> = crate::check(&case, graph)
                .iter()
                .filter(|problem| problem.path.starts_with("rubric"))
                .map(ToString::to_string)
                .collect();
            assert_eq!(errors, Vec::<String>::new(), "{}", case.id);
            assert_eq!(suggested_rubric(&case, graph), Vec::new(), "{}", case.id);
        }
    }
}
