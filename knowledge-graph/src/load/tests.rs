//! Every check says what is wrong, on which line, and how to mend it.

use rstest::rstest;

use crate::{
    Graph, Severity,
    fixture::{files, graph, problems_after},
};

const DISSECTION: &str = "diseases/cardiovascular/dissection.toml";
const INFARCTION: &str = "diseases/cardiovascular/infarction.toml";
/// The dissection's differential back to the infarction.
const RETURN: &str = r#"[[differential]]
disease = "infarction"
separates = { en = "Sudden tearing pain that moves.", zh = "突发撕裂样、移动的疼痛。" }
topics = ["finding:chest-pain/onset", "finding:tearing-pain"]
source = "book"
"#;
const FINDINGS: &str = "findings/cardiovascular.toml";
const TESTS: &str = "tests/all.toml";

#[test]
fn a_correct_graph_has_no_problems() {
    assert_eq!(graph().warnings(), []);
}

#[rstest]
#[case::unknown_key(
    FINDINGS,
    "red_flag = true\n\n[[finding]]\nid = \"sweating\"",
    "redflag = true\n\n[[finding]]\nid = \"sweating\"",
    "findings/cardiovascular.toml:18: error: unknown key `redflag`; remove it or use one of `id`,"
)]
#[case::unknown_edge_key(
    DISSECTION,
    "lr_positive = 10.8",
    "lr_plus = 10.8",
    "diseases/cardiovascular/dissection.toml:23: error: unknown key `lr_plus`; remove it or correct its spelling"
)]
#[case::unknown_table(
    FINDINGS,
    "[[finding]]",
    "[[findings]]",
    "findings/cardiovascular.toml:1: error: unknown key `findings`; a content file holds"
)]
#[case::missing_key(
    FINDINGS,
    "kind = \"symptom\"\nname = { en = \"Sweating\"",
    "name = { en = \"Sweating\"",
    "findings/cardiovascular.toml:20: error: `kind` is missing; add it"
)]
#[case::not_toml(
    FINDINGS,
    "id = \"sweating\"",
    "id = sweating",
    "findings/cardiovascular.toml:21: error: not valid TOML:"
)]
#[case::one_language_missing(
    FINDINGS,
    "zh = \"出汗\"",
    "zh = \"  \"",
    "findings/cardiovascular.toml:23: error: the `zh` text is empty; write it or remove it"
)]
#[case::lay_words_in_one_language(
    FINDINGS,
    "zh = [\"冒汗\"]",
    "zh = []",
    "findings/cardiovascular.toml:24: warning: words in `en` only; add the `zh` ones"
)]
#[case::dangling_finding(
    INFARCTION,
    "finding = \"nausea\"",
    "finding = \"nausae\"",
    "diseases/cardiovascular/infarction.toml:30: error: there is no finding `nausae`; did you mean `nausea`? otherwise add the finding"
)]
#[case::dangling_topic(
    INFARCTION,
    "finding:chest-pain/radiation",
    "history:occupation/detail",
    "diseases/cardiovascular/infarction.toml:56: error: there is no history `occupation`; add the history or correct the id"
)]
#[case::unknown_facet(
    INFARCTION,
    "finding:chest-pain/radiation",
    "finding:chest-pain/flavour",
    "diseases/cardiovascular/infarction.toml:56: error: `flavour` is not a known kind, facet or section; correct the value"
)]
#[case::missing_source(
    DISSECTION,
    "cluster = \"pain\"\nsource = \"review\"",
    "cluster = \"pain\"",
    "diseases/cardiovascular/dissection.toml:20: error: no source; add `source = \"…\"` or, if none can be named for sure, `evidence = \"unverified\"`"
)]
#[case::unknown_source(
    DISSECTION,
    "female = 0.35\nsource = \"book\"",
    "female = 0.35\nsource = \"bok\"",
    "diseases/cardiovascular/dissection.toml:12: error: there is no source `bok`; did you mean `book`? otherwise add it under sources/"
)]
#[case::frequency_outside(
    DISSECTION,
    "frequency = 0.9",
    "frequency = 90",
    "diseases/cardiovascular/dissection.toml:16: error: frequency 90 is outside 0–1; write a proportion, such as 0.4 for 40 %"
)]
#[case::frequency_reversed(
    DISSECTION,
    "[0.4, 0.6]",
    "[0.6, 0.4]",
    "diseases/cardiovascular/dissection.toml:22: error: frequency [0.6, 0.4] is reversed; write the lower end first"
)]
#[case::frequency_not_a_count(
    DISSECTION,
    "31/100",
    "131/100",
    "diseases/cardiovascular/dissection.toml:30: error: frequency \"131/100\" is not a count; write cases over patients, such as \"73/100\""
)]
#[case::frequency_of_another_type(
    DISSECTION,
    "frequency = 0.9",
    "frequency = true",
    "diseases/cardiovascular/dissection.toml:16: error: a frequency is a proportion (0.4), a range ([0.3, 0.5]) or a count (\"73/100\"); correct the value"
)]
#[case::ratio_not_positive(
    DISSECTION,
    "lr_positive = 10.8",
    "lr_positive = 0",
    "diseases/cardiovascular/dissection.toml:23: error: lr_positive 0 is not above 0; write the ratio as published or remove it"
)]
#[case::ratios_on_one_side(
    DISSECTION,
    "lr_negative = 0.4",
    "lr_negative = 4.0",
    "diseases/cardiovascular/dissection.toml:24: warning: LR+ 10.8 and LR− 4 lie on the same side of 1; look both up again"
)]
#[case::ratio_against(
    DISSECTION,
    "lr_positive = 5.7\nlr_negative = 0.7",
    "lr_positive = 0.5",
    "diseases/cardiovascular/dissection.toml:31: warning: LR+ below 1 means its presence argues the disease away;"
)]
#[case::duplicate_id(
    FINDINGS,
    "id = \"nausea\"",
    "id = \"sweating\"",
    "findings/cardiovascular.toml:29: error: id `finding:sweating` is already used at findings/cardiovascular.toml:21; choose another or merge the two"
)]
#[case::duplicate_name(
    FINDINGS,
    "zh = \"恶心\"",
    "zh = \"出汗\"",
    "findings/cardiovascular.toml:31: error: the name \"出汗\" is already that of `finding:sweating` (findings/cardiovascular.toml:20); rename one or merge them"
)]
#[case::duplicate_lay_word(
    FINDINGS,
    "[\"feeling sick\"]",
    "[\"Sweaty \"]",
    "findings/cardiovascular.toml:32: warning: \"Sweaty \" also means `finding:sweating` (findings/cardiovascular.toml:20); keep it where it fits best"
)]
#[case::id_is_not_file_name(
    DISSECTION,
    "id = \"dissection\"",
    "id = \"aortic-dissection\"",
    "diseases/cardiovascular/dissection.toml:1: error: the id `aortic-dissection` is not the file's name; make both `dissection`"
)]
#[case::system_is_not_folder(
    DISSECTION,
    "system = \"cardiovascular\"",
    "system = \"heart\"",
    "diseases/cardiovascular/dissection.toml:4: error: the system `heart` is not the folder's name; make both `cardiovascular`"
)]
#[case::age_shares(
    DISSECTION,
    "\"80+\" = 0.1",
    "\"80+\" = 0.4",
    "diseases/cardiovascular/dissection.toml:10: error: the age shares sum to 1.30; make them sum to 1"
)]
#[case::age_band(
    DISSECTION,
    "\"80+\"",
    "\"80-99\"",
    "diseases/cardiovascular/dissection.toml:10: error: `80-99` is not an age band; use 0-17, 18-39, 40-59, 60-79, 80+"
)]
#[case::female_share(
    DISSECTION,
    "female = 0.35",
    "female = 35",
    "diseases/cardiovascular/dissection.toml:11: error: female 35 is outside 0–1; write a proportion, such as 0.05 for 5 %"
)]
#[case::nothing_presents(
    DISSECTION,
    "presenting = true",
    "presenting = false",
    "diseases/cardiovascular/dissection.toml:1: error: no finding brings the patient; set `presenting = true` on at least one [[presents_with]]"
)]
#[case::facet_phrases_missing(
    "facets.toml",
    "id = \"reaction\"",
    "id = \"dose\"",
    "facets.toml:1: error: no phrases for the facet `reaction`; add a [[facet]] with id = \"reaction\""
)]
#[case::not_reciprocal(
    DISSECTION,
    RETURN,
    "[[comorbidity]]\ndisease = \"infarction\"\nsource = \"book\"\n",
    "diseases/cardiovascular/infarction.toml:54: warning: `dissection` does not list `infarction` in return; add the differential there too"
)]
#[case::circle_of_parents(
    FINDINGS,
    "section = \"presenting-complaint\"",
    "parent = \"tearing-pain\"",
    "findings/cardiovascular.toml:7: error: parents run in a circle (finding:chest-pain → finding:tearing-pain → finding:chest-pain); remove one of these parents"
)]
#[case::unknown_quantity(
    INFARCTION,
    "troponin-t = [400, 200]",
    "ck = [400, 200]",
    "diseases/cardiovascular/infarction.toml:49: error: the test `troponin` reports no `ck`; it reports troponin-t"
)]
#[case::one_sex_only(
    TESTS,
    "high = 14.0",
    "high = 14.0, female = { high = 9.0 }",
    "tests/all.toml:13: error: `troponin-t` has a reference range for one sex only; give `female` and `male` or neither"
)]
#[case::range_of_a_sex_reversed(
    TESTS,
    "high = 14.0",
    "high = 14.0, female = { high = 9.0 }, male = { low = 16.0, high = 2.0 }",
    "tests/all.toml:13: error: reference range 16–2 is reversed; put the lower end in `low`"
)]
#[case::role(
    INFARCTION,
    "role = \"acute\"",
    "role = \"always\"",
    "diseases/cardiovascular/infarction.toml:67: error: role `always` is not known; use first-line, acute, long-term, definitive"
)]
fn a_mistake_is_reported_with_its_line_and_mend(
    #[case] file: &str,
    #[case] old: &str,
    #[case] new: &str,
    #[case] expected: &str,
) {
    let problems = problems_after(file, old, new);

    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(shown.iter().any(|problem| problem.starts_with(expected)), "{shown:#?}");
}

#[test]
fn all_problems_are_reported_at_once() {
    let mut files = files();
    for (_, text) in &mut files {
        *text = text.replace("frequency = 0.9", "frequency = 9").replace("kind = \"laboratory\"", "kind = \"lab\"");
    }

    let problems = Graph::load(files).unwrap_err();

    let lines: Vec<(String, usize)> =
        problems.iter().filter(|p| p.severity == Severity::Error).map(|p| (p.file.clone(), p.line)).collect();
    assert!(lines.contains(&(DISSECTION.to_owned(), 16)), "{problems:#?}");
    assert!(lines.contains(&("tests/all.toml".to_owned(), 9)), "{problems:#?}");
}

#[test]
fn warnings_alone_do_not_stop_the_graph() {
    let mut files = files();
    for (_, text) in &mut files {
        *text = text.replace("zh = [\"冒汗\"]", "zh = []");
    }

    let graph = Graph::load(files).unwrap();

    assert_eq!(graph.warnings().len(), 1);
    assert_eq!(graph.warnings()[0].severity, Severity::Warning);
}

#[test]
fn the_hash_follows_the_content_not_the_order_or_line_ends() {
    let mut reversed = files();
    reversed.reverse();
    for (_, text) in &mut reversed {
        *text = text.replace('\n', "\r\n");
    }
    let mut changed = files();
    changed[0].1 = changed[0].1.replace("2015", "2016");

    let hash = graph().content_hash().to_owned();

    assert_eq!(hash.len(), 64);
    assert_eq!(Graph::load(reversed).unwrap().content_hash(), hash);
    assert_ne!(Graph::load(changed).unwrap().content_hash(), hash);
}
