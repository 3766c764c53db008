//! Finding topics, phrases and diseases in the graph.

use rstest::rstest;

use crate::{Language, PhraseKind, PhraseTarget, Section, TopicId, fixture::graph};

fn topic(id: &str) -> TopicId {
    id.parse().unwrap()
}

#[rstest]
#[case("finding:chest-pain", true)]
#[case("finding:chest-pain/onset", true)]
#[case("history:smoking/amount", true)]
#[case("disease:infarction", true)]
#[case("finding:smoking", false)]
#[case("history:chest-pain/onset", false)]
fn a_topic_exists_when_its_node_does(#[case] id: &str, #[case] exists: bool) {
    assert_eq!(graph().topic_exists(&topic(id)), exists);
    assert_eq!(graph().topic(&topic(id)).is_some(), exists);
}

#[test]
fn a_facet_topic_combines_the_nodes_words_and_the_facets() {
    let info = graph().topic(&topic("finding:chest-pain/onset")).unwrap();

    assert_eq!(info.name.en, "Chest pain: onset en");
    assert_eq!(info.questions.en, ["onset of the pain in the chest?", "onset of the chest pain?"]);
    assert_eq!(info.questions.zh, ["胸口痛的onset？", "胸痛的onset？"]);
    assert_eq!(info.cues.en, ["cue onset"]);
    assert_eq!(info.section, Some(Section::PresentIllness));
    assert!(info.red_flag);
}

#[test]
fn topics_lists_nodes_and_their_facets_once() {
    let ids: Vec<String> = graph().topics().map(|info| info.id.to_string()).collect();

    let mut unique = ids.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
    assert!(ids.contains(&"finding:chest-pain/radiation".to_owned()));
    assert!(!ids.contains(&"finding:chest-pain/severity".to_owned()));
}

#[test]
fn narrower_topics_know_their_broader_ones() {
    let graph = graph();
    let (narrow, broad) = (topic("finding:tearing-pain"), topic("finding:chest-pain"));

    assert_eq!(graph.parent(&narrow), Some(broad.clone()));
    assert_eq!(graph.children(&broad), std::slice::from_ref(&narrow));
    assert!(graph.is_a(&narrow, &broad));
    assert!(!graph.is_a(&broad, &narrow));
    assert!(graph.is_a(&topic("finding:tearing-pain/onset"), &topic("finding:chest-pain/onset")));
    assert!(!graph.is_a(&topic("finding:tearing-pain/onset"), &topic("finding:chest-pain/site")));
}

#[test]
fn the_lexicon_holds_names_lay_words_synonyms_and_cues() {
    let graph = graph();
    let kind_of = |text: &str| {
        let phrase = graph.lexicon().find(|phrase| phrase.text == text);
        phrase.map(|phrase| (phrase.language, phrase.kind, phrase.target))
    };

    let infarction = PhraseTarget::Topic(topic("disease:infarction"));
    assert_eq!(kind_of("心梗"), Some((Language::Zh, PhraseKind::Synonym, infarction.clone())));
    assert_eq!(kind_of("heart attack"), Some((Language::En, PhraseKind::Lay, infarction)));
    let smoking = PhraseTarget::Topic(topic("history:smoking"));
    assert_eq!(kind_of("抽烟"), Some((Language::Zh, PhraseKind::Lay, smoking)));
    assert_eq!(kind_of("cue dose").map(|found| found.1), Some(PhraseKind::FacetCue));
}

#[test]
fn statistics_count_what_is_there() {
    let stats = graph().stats();

    assert_eq!(stats.nodes["disease"], 2);
    assert_eq!(stats.nodes["finding"], 5);
    assert_eq!(stats.edges["presents-with"], 7);
    assert_eq!(stats.edges["complicates"], 1);
    assert_eq!(stats.evidence["unverified"], 1);
    assert!((stats.with_frequency - 1.0).abs() < 1e-9);
    assert!((stats.with_likelihood_ratio - 3.0 / 7.0).abs() < 1e-9);
    assert!((stats.symptoms_with_lay_words - 1.0).abs() < 1e-9);
}

#[rstest]
#[case::exact_name("Myocardial Infarction", Language::En, Some("infarction"))]
#[case::abbreviation("mi", Language::En, Some("infarction"))]
#[case::lay("a heart attack", Language::En, Some("infarction"))]
#[case::longer("acute inferior myocardial infarction", Language::En, Some("infarction"))]
#[case::misspelt("aortic disection", Language::En, Some("dissection"))]
#[case::chinese("急性心肌梗死", Language::Zh, Some("infarction"))]
#[case::chinese_synonym("心梗", Language::Zh, Some("infarction"))]
#[case::english_in_chinese("STEMI", Language::Zh, Some("infarction"))]
#[case::chinese_slip("急性心肌埂死", Language::Zh, Some("infarction"))]
#[case::full_width("ＳＴＥＭＩ", Language::Zh, Some("infarction"))]
#[case::no_letters_shared("pneumonia", Language::En, None)]
#[case::part_of_a_word("migraine", Language::En, None)]
#[case::negated("not myocardial infarction", Language::En, None)]
#[case::empty("  ?", Language::En, None)]
fn free_text_names_a_disease(#[case] text: &str, #[case] language: Language, #[case] expected: Option<&str>) {
    let graph = graph();

    let found = graph.disease_by_text(text, language);

    assert_eq!(found.first().map(|found| found.disease.id.as_str()), expected, "{found:?}");
}

#[test]
fn an_exact_name_scores_one() {
    let graph = graph();

    let found = graph.disease_by_text("主动脉夹层", Language::Zh);

    assert!((found[0].score - 1.0).abs() < 1e-9);
}
