//! Adding to a case and taking away from it.

use std::collections::BTreeMap;

use cases::{
    Case,
    format::{Differential, Disclosure, Examination, Fact, RubricItem, TestResult},
    suggested_rubric,
};
use knowledge_graph::{Bilingual, BilingualList, Graph, Section, TopicId, TopicKind};

/// How much a new fact bothers the patient: the middle of 1–5.
const MIDDLING: u8 = 3;

/// Where a fact of the teacher's own comes from.
const AUTHOR: &str = "author";

/// Adds a fact about `topic` and gives its position. When the case's disease has it in the graph, the
/// fact has the graph's lay sentences and cites the edge; otherwise the sentences are to be written.
/// The complaint is volunteered, everything else is told when asked.
pub fn add_fact(case: &mut Case, topic: &TopicId, graph: &Graph) -> usize {
    let edge = case.diagnosis.disease.as_deref().and_then(|id| graph.disease(id)).and_then(|disease| {
        let mut edges = disease.presents_with.iter();
        let edge = edges.find(|edge| topic.kind() == TopicKind::Finding && edge.finding == topic.name())?;
        Some((disease, edge))
    });
    let first = |list: &BilingualList| Bilingual {
        en: list.en.first().cloned().unwrap_or_default(),
        zh: list.zh.first().cloned().unwrap_or_default(),
    };
    let words = edge.and_then(|(_, edge)| match topic.facet() {
        None => Some(first(&edge.tells)),
        Some(facet) => edge.facets.get(&facet).map(first),
    });
    let source = edge.filter(|_| words.is_some()).map_or_else(
        || AUTHOR.to_owned(),
        |(disease, edge)| format!("graph:disease:{}->finding:{}", disease.id, edge.finding),
    );
    let id = match topic.facet() {
        Some(facet) => format!("{}-{facet}", topic.name()),
        None => topic.name().to_owned(),
    };
    let id = free(&id, |id| case.facts.iter().any(|fact| fact.id == id));
    let complaint = *topic == case.complaint;
    case.facts.push(Fact {
        id,
        topic: topic.clone(),
        also: Vec::new(),
        present: true,
        disclosure: if complaint { Disclosure::Volunteered } else { Disclosure::Asked },
        bother: if complaint { 5 } else { MIDDLING },
        tells: words.unwrap_or_default(),
        brief: None,
        variants: BilingualList::default(),
        source,
    });
    case.facts.len() - 1
}

/// Adds a rubric item that `topic` earns, in words of the graph; its position.
pub fn add_item(case: &mut Case, topic: &TopicId, graph: &Graph) -> usize {
    let info = graph.topic(topic);
    let name = info.as_ref().map(|info| info.name.clone()).unwrap_or_default();
    case.rubric.push(RubricItem {
        id: free(&format!("asks-{}", topic.name()), |id| case.rubric.iter().any(|item| item.id == id)),
        text: Bilingual {
            en: format!("Asks about {}", knowledge_graph::lower_first(&name.en)),
            zh: format!("询问{}", name.zh),
        },
        section: info.and_then(|info| info.section).unwrap_or(Section::PresentIllness),
        topics: vec![topic.clone()],
        critical: false,
        weight: 1.0,
        why: None,
    });
    case.rubric.len() - 1
}

/// Adds an item for whatever the patient can tell and no item asks for; how many there were.
pub fn add_suggested_items(case: &mut Case, graph: &Graph) -> usize {
    let items = suggested_rubric(case, graph);
    let added = items.len();
    case.rubric.extend(items);
    added
}

/// Adds what an examination or a test shows, beginning with the normal finding; where it stands, as
/// the path of the new item.
pub fn add_test(case: &mut Case, test: &TopicId, graph: &Graph) -> Option<String> {
    let known = graph.test(test.name())?;
    let (test, source) = (known.id.clone(), AUTHOR.to_owned());
    if known.kind == knowledge_graph::format::TestKind::Examination {
        case.examinations.push(Examination { test, finding: known.normal.clone(), source });
        return Some(format!("examination[{}]", case.examinations.len() - 1));
    }
    case.results.push(TestResult {
        test,
        report: known.normal.clone(),
        values: BTreeMap::new(),
        series: Vec::new(),
        source,
    });
    Some(format!("result[{}]", case.results.len() - 1))
}

/// Adds a diagnosis worth considering; its position. The reason is for the teacher to write.
pub fn add_differential(case: &mut Case, disease: &str, graph: &Graph) -> usize {
    let known = graph.disease(disease);
    let edge = case.diagnosis.disease.as_deref().and_then(|id| graph.disease(id)).and_then(|own| {
        let mut edges = own.differential.iter();
        edges.find(|edge| edge.disease == disease)
    });
    case.diagnosis.differential.push(Differential {
        disease: known.map(|known| known.id.clone()),
        name: known.map(|known| known.name.clone()).unwrap_or_default(),
        reason: edge.map(|edge| edge.separates.clone()).unwrap_or_default(),
        dangerous: known.is_some_and(|known| known.dangerous),
    });
    case.diagnosis.differential.len() - 1
}

/// The diagnosis by a node of the graph: its name is written in where none stands yet.
pub fn name_diagnosis(case: &mut Case, graph: &Graph) {
    let Some(known) = case.diagnosis.disease.as_deref().and_then(|id| graph.disease(id)) else { return };
    let name = &mut case.diagnosis.name;
    if name.en.is_empty() && name.zh.is_empty() {
        name.clone_from(&known.name);
        known.system.clone_into(&mut case.system);
    }
}

/// Takes away the item at `path`, such as `fact[3]`; whether there was one.
pub fn remove(case: &mut Case, path: &str) -> bool {
    let Some((list, index)) = path.strip_suffix(']').and_then(|path| path.split_once('[')) else { return false };
    let Ok(index) = index.parse::<usize>() else { return false };
    match list {
        "fact" => take(&mut case.facts, index),
        "examination" => take(&mut case.examinations, index),
        "result" => take(&mut case.results, index),
        "rubric" => take(&mut case.rubric, index),
        "diagnosis.differential" => take(&mut case.diagnosis.differential, index),
        _ => false,
    }
}

fn free(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{wanted}-{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|id| !taken(id)).unwrap_or_default()
}

/// Removes the entry at `index`; whether there was one.
fn take<T>(list: &mut Vec<T>, index: usize) -> bool {
    let there = index < list.len();
    if there {
        list.remove(index);
    }
    there
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authoring::blank;

    #[test]
    fn a_fact_of_the_disease_comes_with_its_words_and_source_and_another_is_to_be_written() {
        let graph = Graph::embedded().unwrap_or_else(|problems| panic!("{}", problems[0]));
        let mut case = blank("a-case", "Somebody").unwrap();
        case.diagnosis.disease = Some("pneumonia".to_owned());

        for topic in ["finding:cough", "finding:cough", "history:smoking"] {
            add_fact(&mut case, &topic.parse().unwrap(), graph);
        }

        let facts = &case.facts;
        assert_eq!(facts.iter().map(|fact| fact.id.as_str()).collect::<Vec<_>>(), ["cough", "cough-2", "smoking"]);
        assert_eq!(facts[0].source, "graph:disease:pneumonia->finding:cough");
        assert!(!facts[0].tells.en.is_empty() && !facts[0].tells.zh.is_empty());
        assert_eq!((facts[2].source.as_str(), facts[2].tells.en.as_str()), ("author", ""));
        assert!(remove(&mut case, "fact[1]") && !remove(&mut case, "fact[7]") && !remove(&mut case, "patient"));
        assert_eq!(case.facts.len(), 2);
    }
}
