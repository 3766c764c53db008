//! Sentences with what is to be proposed of each, and what holds of every text.

use std::{fmt::Write as _, sync::LazyLock};

use proptest::prelude::*;

use super::{
    Assumption, Claim, Completion, Confidence, End, Entry, EntryError, Extractor, LinkKind, NewFinding, Proposal,
    Standing, Values, source_file, verify,
};
use crate::{
    Bilingual, BilingualList, Graph, OverlayFile, TopicId,
    format::{Evidence, FindingKind, Frequency, Source},
};

fn graph() -> &'static Graph {
    Graph::embedded().unwrap()
}

fn extractor() -> &'static Extractor<'static> {
    static EXTRACTOR: LazyLock<Extractor<'static>> = LazyLock::new(|| Extractor::new(graph()));
    &EXTRACTOR
}

/// "presents-with gout finding:fever f=0.34", as in the tables.
fn written(claim: &Claim) -> String {
    let mut text = format!("{} {} ", claim.link.as_str(), claim.disease);
    match &claim.other {
        End::Known(topic) => text.push_str(&topic.to_string()),
        End::Unknown(words) => write!(text, "\"{words}\"").unwrap(),
    }
    let values = &claim.values;
    match &values.frequency {
        Some(Frequency::Point(value)) => write!(text, " f={value}").unwrap(),
        Some(Frequency::Range([low, high])) => write!(text, " f={low}..{high}").unwrap(),
        Some(Frequency::Count(count)) => write!(text, " f={count}").unwrap(),
        None => {}
    }
    let numbers = [
        ("se", values.sensitivity),
        ("sp", values.specificity),
        ("lr+", values.lr_positive),
        ("lr-", values.lr_negative),
        ("rr", values.strength),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            write!(text, " {name}={value}").unwrap();
        }
    }
    if let Some(role) = &values.role {
        write!(text, " role={role}").unwrap();
    }
    text
}

/// One line of a table: title, text, what is to be proposed.
fn lines(table: &str) -> Vec<(String, String, Vec<String>)> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (text, expected) = line.split_once(" => ").unwrap_or_else(|| panic!("no `=>` in {line}"));
            let (title, text) = match text.strip_prefix(['[', '【']) {
                Some(rest) => rest.split_once([']', '】']).unwrap(),
                None => ("", text),
            };
            let expected = expected.split("; ").filter(|claim| *claim != "-").map(str::to_owned).collect();
            (title.to_owned(), text.trim().replace("\\n", "\n"), expected)
        })
        .collect()
}

fn proposed(title: &str, text: &str) -> Vec<String> {
    let mut claims: Vec<String> = extractor().extract(title, text).iter().map(|one| written(&one.claim)).collect();
    claims.sort();
    claims
}

/// Every line that is read otherwise than the table says.
fn misread(table: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (title, text, mut expected) in lines(table) {
        expected.sort();
        let found = proposed(&title, &text);
        if found != expected {
            wrong.push(format!("{text}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    wrong
}

#[test]
fn english_sentences_are_read_as_the_table_says() {
    let table = include_str!("sentences.en.txt");
    assert!(lines(table).len() >= 60);
    let wrong = misread(table);
    assert!(wrong.is_empty(), "{} misread:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn chinese_sentences_are_read_as_the_table_says() {
    let table = include_str!("sentences.zh.txt");
    assert!(lines(table).len() >= 60);
    let wrong = misread(table);
    assert!(wrong.is_empty(), "{} misread:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_document_is_read_with_its_headings_and_broken_lines() {
    let text = "Features of acute cholecystitis\n\nFever was pre-\nsent in 35/100\n(35 %). Vomiting was reported by 60–70 % of\n\
                7\nthe patients.\n\n# Gout\n\nTophi were seen in 12% of patients.\n";

    let proposals = extractor().extract("A short review", text);

    let claims: Vec<String> = proposals.iter().map(|one| written(&one.claim)).collect();
    assert_eq!(
        claims,
        [
            "presents-with cholecystitis finding:fever f=35/100",
            "presents-with cholecystitis finding:vomiting f=0.6..0.7",
            "presents-with gout finding:tophi f=0.12",
        ]
    );
    assert_eq!(proposals[0].quotation.text, "Fever was pre-\nsent in 35/100\n(35 %).");
    assert!(proposals.iter().all(|one| one.assumptions == [Assumption::DiseaseFromContext]));
    assert!(proposals.iter().all(|one| one.confidence == Confidence::Medium));
}

#[test]
fn what_the_graph_says_already_is_told_from_what_is_new_and_what_differs() {
    let standing = |text: &str| extractor().extract("", text).remove(0).standing.as_str();
    assert_eq!(standing("Of patients with pulmonary embolism, 75% had dyspnoea."), "confirms");
    assert_eq!(standing("Of patients with pulmonary embolism, 20% had dyspnoea."), "differs");
    assert_eq!(standing("Of patients with pulmonary embolism, 20% had constipation."), "new");
}

#[test]
fn a_text_without_such_sentences_proposes_nothing() {
    assert_eq!(extractor().extract("", "Ethics approval was granted. The authors declare no conflict."), []);
    assert_eq!(extractor().extract("", ""), []);
}

fn source() -> Source {
    Source {
        id: "lit-doe-2024".to_owned(),
        title: "A study".to_owned(),
        authors: "Doe J, Roe R".to_owned(),
        year: 2024,
        pmid: None,
        locator: Some("doi:10.1000/none".to_owned()),
        evidence: Evidence::Study,
    }
}

/// The overlay of an accepted proposal.
fn overlay(claim: &Claim, completion: &Completion) -> Result<Vec<OverlayFile>, EntryError> {
    let entry = Entry::of(graph(), claim, completion, &source().id)?;
    let cited = ("sources/literature.toml".to_owned(), source_file(&source()));
    let files = std::iter::once(cited).chain(entry.files);
    Ok(files.map(|(path, text)| OverlayFile { label: format!("proposal 1 ({path})"), path, text }).collect())
}

fn first(text: &str) -> Proposal {
    extractor().extract("", text).remove(0)
}

#[test]
fn an_accepted_frequency_takes_the_place_of_the_old_and_cites_its_source() {
    let claim = first("Of patients with pulmonary embolism, 20% had dyspnoea.").claim;

    let laid = Graph::embedded_with_overlay(&overlay(&claim, &Completion::default()).unwrap()).unwrap();

    let edge_of = |graph: &Graph| {
        let disease = graph.disease("pulmonary-embolism").unwrap();
        disease.presents_with.iter().find(|edge| edge.finding == "dyspnoea").unwrap().clone()
    };
    let (old, new) = (edge_of(graph()), edge_of(&laid));
    assert_eq!(new.frequency, Some(Frequency::Point(0.2)));
    assert_eq!(new.frequency_provenance().source.as_deref(), Some("lit-doe-2024"));
    assert_eq!((&new.tells, new.presenting), (&old.tells, old.presenting), "the patient's words stay");
    assert_ne!(laid.content_hash(), graph().content_hash());
}

#[test]
fn an_accepted_ratio_leaves_the_frequency_with_its_own_source() {
    let claim = first("For pulmonary embolism, dyspnoea had a positive likelihood ratio of 1.4.").claim;

    let laid = Graph::embedded_with_overlay(&overlay(&claim, &Completion::default()).unwrap()).unwrap();

    let disease = laid.disease("pulmonary-embolism").unwrap();
    let edge = disease.presents_with.iter().find(|edge| edge.finding == "dyspnoea").unwrap();
    assert_eq!((edge.lr_positive, edge.provenance.source.as_deref()), (Some(1.4), Some("lit-doe-2024")));
    assert_eq!(edge.frequency_provenance().source.as_deref(), Some("stein-2007"));
}

#[test]
fn words_the_graph_does_not_know_need_a_name_in_both_languages() {
    let claim = first("Patients with Guillain-Barre syndrome presented with an unusual metallic taste.").claim;
    assert_eq!(overlay(&claim, &Completion::default()).unwrap_err().code(), "name-missing");

    let name = Bilingual { en: "Metallic taste".to_owned(), zh: "口腔金属味".to_owned() };
    let lay = BilingualList { en: vec!["metallic taste".to_owned()], zh: vec!["嘴里有金属味".to_owned()] };
    let finding = NewFinding { kind: FindingKind::Symptom, system: "neurological".to_owned(), lay };
    let completion = Completion { name: Some(name), finding: Some(finding), ..Completion::default() };
    let laid = Graph::embedded_with_overlay(&overlay(&claim, &completion).unwrap()).unwrap();

    assert!(laid.finding("metallic-taste").is_some());
    assert_eq!(laid.diseases_with("metallic-taste").count(), 1);
}

#[test]
fn a_differential_needs_what_separates_and_what_to_ask() {
    let claim = first("Panic disorder may be mistaken for appendicitis.").claim;
    assert_eq!(overlay(&claim, &Completion::default()).unwrap_err(), EntryError::SeparatesMissing);
    let separates =
        Some(Bilingual { en: "Tenderness means the appendix.".to_owned(), zh: "压痛提示阑尾。".to_owned() });
    let without = Completion { separates, ..Completion::default() };
    assert_eq!(overlay(&claim, &without).unwrap_err(), EntryError::TopicsMissing);
    let topics: Vec<TopicId> = vec!["finding:fever".parse().unwrap()];

    let whole = Completion { topics, ..without };

    assert!(Graph::embedded_with_overlay(&overlay(&claim, &whole).unwrap()).is_ok());
}

#[test]
fn impossible_values_are_refused() {
    let claim = |values: Values| Claim { values, ..first("Obesity increases the risk of cellulitis.").claim };
    let refused = |values| overlay(&claim(values), &Completion::default()).unwrap_err();
    let ratios =
        |positive, negative| Values { lr_positive: Some(positive), lr_negative: Some(negative), ..Values::default() };
    let frequency = Some(Frequency::Range([0.5, 0.3]));
    assert_eq!(refused(Values { frequency, ..Values::default() }), EntryError::FrequencyOutOfRange);
    assert_eq!(refused(Values { strength: Some(0.0), ..Values::default() }), EntryError::RatioOutOfRange);
    assert_eq!(refused(Values { strength: Some(f64::NAN), ..Values::default() }), EntryError::RatioOutOfRange);
    assert_eq!(refused(ratios(2.0, 3.0)), EntryError::RatiosContradict);
}

#[test]
fn a_bad_overlay_is_refused_by_its_own_name() {
    let file = OverlayFile {
        label: "proposal 7".to_owned(),
        path: "diseases/endocrine/gout.toml".to_owned(),
        text: "id = \"gout\"\n[[presents_with]]\nfinding = \"nothing-known\"\nsource = \"nobody\"\n".to_owned(),
    };

    let problems = Graph::embedded_with_overlay(&[file]).unwrap_err();

    let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == crate::Severity::Error).collect();
    assert_eq!(errors.len(), 2);
    assert!(errors.iter().all(|problem| problem.file == "proposal 7"), "{errors:?}");
}

#[test]
fn every_kind_of_edge_can_enter_the_graph() {
    let separates = Some(Bilingual { en: "One is slow.".to_owned(), zh: "前者起病缓。".to_owned() });
    let completion = Completion {
        separates,
        topics: vec!["finding:fever".parse().unwrap()],
        result: Some(Bilingual { en: "Abnormal.".to_owned(), zh: "异常。".to_owned() }),
        name: Some(Bilingual { en: "Splenic rupture in malaria".to_owned(), zh: "疟疾脾破裂".to_owned() }),
        ..Completion::default()
    };
    let texts = [
        (LinkKind::PresentsWith, "Of patients with gout, 20% had constipation."),
        (LinkKind::RiskFor, "Travel increases the risk of gout."),
        (LinkKind::TreatedBy, "First-line therapy for gout includes statins."),
        (LinkKind::Mimics, "Gout may be mistaken for appendicitis."),
        (LinkKind::Complicates, "Malaria is rarely complicated by spleen rupture."),
        (LinkKind::TestedBy, "Gout is diagnosed by electrocardiogram."),
    ];
    for (link, text) in texts {
        let proposals = extractor().extract("", text);
        let claim = &proposals.first().unwrap_or_else(|| panic!("nothing in {text}")).claim;
        assert_eq!(claim.link, link, "{text}");
        let files = overlay(claim, &completion).unwrap();
        let laid = Graph::embedded_with_overlay(&files);
        assert!(laid.is_ok(), "{text}: {:?}", laid.err());
        if let End::Known(_) = claim.other {
            let laid = laid.unwrap();
            let again = Extractor::new(&laid).extract("", text);
            assert!(matches!(again[0].standing, Standing::Confirms { .. }), "{text}: {:?}", again[0].standing);
        }
    }
}

proptest! {
    /// Whatever is pasted, each quotation stands in it exactly where it says.
    #[test]
    fn every_quotation_stands_in_the_text(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("Fever was pre-\nsent in 34/120 (28 %) of patients with appendicitis. ".to_owned()),
                Just("发热见于６８％的流行性感冒患者。".to_owned()),
                Just("ﬁrst\u{ad}-line therapy for gout includes colchicine.\n\n".to_owned()),
                Just("12\n".to_owned()),
                Just("\r\n# Stroke\n".to_owned()),
                ".{0,40}",
            ],
            0..12,
        )
    ) {
        let text = pieces.concat();
        for proposal in extractor().extract("", &text) {
            prop_assert!(verify(&proposal.quotation, &text), "{:?}", proposal.quotation);
        }
    }
}

/// How well the rules read sentences that they were not made for. The figures are printed, and
/// kept from falling; the sentences are never used to change a rule.
#[test]
fn sentences_the_rules_were_not_made_for_are_mostly_read_right() {
    let (mut right, mut found, mut expected) = (0_u32, 0_u32, 0_u32);
    let mut missed = String::new();
    for (title, text, wanted) in lines(include_str!("held_out.txt")) {
        let claims = proposed(&title, &text);
        right += u32::try_from(claims.iter().filter(|claim| wanted.contains(claim)).count()).unwrap();
        found += u32::try_from(claims.len()).unwrap();
        expected += u32::try_from(wanted.len()).unwrap();
        if claims.iter().any(|claim| !wanted.contains(claim)) || wanted.iter().any(|one| !claims.contains(one)) {
            writeln!(missed, "{text}\n  wanted {wanted:?}\n  found  {claims:?}").unwrap();
        }
    }
    let (precision, recall) = (f64::from(right) / f64::from(found), f64::from(right) / f64::from(expected));
    assert!(precision >= 0.8 && recall >= 0.6, "precision {precision:.2}, recall {recall:.2}:\n{missed}");
    println!("{missed}precision {right}/{found} = {precision:.2}, recall {right}/{expected} = {recall:.2}");
}

#[test]
fn a_hedge_is_not_lost_when_the_sentence_has_a_number() {
    let text = "Smoking may be associated with a higher risk of pulmonary embolism (odds ratio 1.8).";
    let proposals = extractor().extract("", text);
    assert_eq!(proposals.len(), 1);
    assert_eq!((&proposals[0].assumptions[..], proposals[0].confidence), (&[Assumption::Hedged][..], Confidence::Low));
}
