//! The shipped content: no errors, and textbook pictures lead to their disease.

use rstest::rstest;

use crate::{
    Graph, TopicId,
    query::{Options, Patient, Presence, Sex, differential, next_questions, why},
};

fn graph() -> &'static Graph {
    Graph::embedded().unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("the content has problems:\n{}", lines.join("\n"))
    })
}

#[test]
fn the_shipped_content_has_no_errors() {
    assert!(graph().diseases().count() >= 12);
}

#[test]
fn what_a_disease_asks_about_has_a_reason_in_both_languages() {
    let graph = graph();
    for disease in graph.diseases() {
        for topic in disease.differential.iter().flat_map(|edge| &edge.topics) {
            let reason = why(graph, topic, &disease.id);
            let sentence = reason.unwrap_or_else(|| panic!("{topic} for {}", disease.id)).sentence;
            assert!(!sentence.en.is_empty() && !sentence.zh.is_empty());
            assert!(!sentence.en.contains("..") && !sentence.zh.contains("。。"), "{sentence:?}");
        }
    }
}

/// A textbook picture must put its disease first, or among the first few where others share it.
#[rstest]
#[case::infarction("acute-coronary-syndrome", 62, Sex::Male, "chest-pain,radiation-arm,sweating", "", 2)]
fn a_textbook_picture_leads_to_its_disease(
    #[case] disease: &str,
    #[case] age: u8,
    #[case] sex: Sex,
    #[case] present: &str,
    #[case] absent: &str,
    #[case] within: usize,
) {
    let graph = graph();
    let evidence = [(present, Presence::Present), (absent, Presence::Absent)];
    let evidence: Vec<(TopicId, Presence)> = evidence
        .into_iter()
        .flat_map(|(names, presence)| names.split(',').filter(|name| !name.is_empty()).map(move |name| (name, presence)))
        .map(|(name, presence)| (format!("finding:{name}").parse().unwrap(), presence))
        .collect();
    assert!(evidence.iter().all(|(topic, _)| graph.topic_exists(topic)), "{evidence:?}");

    let result = differential(graph, &evidence, Some(Patient { age, sex }), &Options::default());

    let first: Vec<(&str, f64)> =
        result.posteriors.iter().take(within.max(5)).map(|one| (one.disease.as_str(), one.probability)).collect();
    assert!(first.iter().take(within).any(|(name, _)| *name == disease), "{first:?}");
}
