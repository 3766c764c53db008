//! From what a test typically shows in a disease to what it shows in this patient.

use knowledge_graph::{
    Bilingual,
    format::{Test, TestedBy},
};

use crate::problem::both;

/// Words of a result that holds for some patients only, or says when the test is done. Such a patient
/// is taken to be one of the others.
const FOR_SOME: [&str; 18] = [
    "in some",
    "in about",
    "in a third",
    "in half",
    "in many",
    "may ",
    " if ",
    "when ",
    "not needed",
    "not used",
    "unless",
    "or normal",
    "normal or",
    "normal,",
    "usually normal",
    "often normal",
    "often raised",
    "points to",
];

/// The report in words: the first statement of the graph's text, which may go on to say when the test
/// is done or what others show; the normal report where even that is not of every patient.
pub(super) fn in_words(edge: &TestedBy, test: &Test) -> Bilingual {
    let en = edge.result.en.split_once(';').map_or(edge.result.en.as_str(), |(first, _)| first);
    if is_for_some(en) {
        return test.normal.clone();
    }
    if !edge.result.en.split(';').skip(1).any(is_aside) {
        return edge.result.clone();
    }
    let zh = edge.result.zh.split(['；', '，', '。']).next().unwrap_or_default();
    both(format!("{}.", en.trim_end_matches('.')), format!("{zh}。"))
}

/// What most patients show is shown here.
fn is_for_some(text: &str) -> bool {
    let text = text.to_lowercase();
    FOR_SOME.iter().any(|word| text.contains(word)) && !text.contains("most")
}

/// Whether a statement is about the test or about other patients.
fn is_aside(text: &str) -> bool {
    let text = text.to_lowercase();
    let general =
        ["needed", "done ", "must ", "often", "means", "makes ", "calls for", "excludes", "exclude ", "absent in"];
    FOR_SOME.iter().chain(&general).any(|word| text.contains(word)) || text.contains("only ")
}

#[cfg(test)]
mod tests {
    use knowledge_graph::Graph;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("stroke", "ecg", "Sinus rhythm, normal axis, no ST or T changes.", "窦性心律，电轴正常，ST-T无异常。")]
    #[case("stroke", "ct-head", "No bleeding.", "无出血。")]
    #[case("pelvic-inflammatory-disease", "urine-pregnancy-test", "Negative.", "阴性。")]
    #[case(
        "pyelonephritis",
        "urinalysis",
        "Leucocytes and nitrite positive, often blood.",
        "白细胞、亚硝酸盐阳性，常有潜血。"
    )]
    fn a_result_is_of_this_patient(#[case] disease: &str, #[case] test: &str, #[case] en: &str, #[case] zh: &str) {
        let graph = Graph::embedded().unwrap();
        let edge = graph.disease(disease).unwrap().tested_by.iter().find(|edge| edge.test == test).unwrap();

        let report = in_words(edge, graph.test(test).unwrap());

        assert_eq!((report.en.as_str(), report.zh.as_str()), (en, zh));
    }
}
