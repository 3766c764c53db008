//! What the layer says and how it joins the core.

use rstest::rstest;

use super::{
    Annotation, Candidate, Hit, Join, RareDifferential, RareLayer, RareOptions, TermId, fixture::layer, profile::Probe,
    profile::Said, rare_differential, rare_next_questions,
};
use crate::{
    Graph, TopicId,
    fixture::files,
    query::{Options, Patient, Presence, Sex, differential},
};

/// The small core, its chest pain being HP:0000014.
fn core() -> Graph {
    let mut files = files();
    let (_, findings) = files.iter_mut().find(|(path, _)| path.starts_with("findings/")).unwrap();
    *findings = findings.replacen("id = \"chest-pain\"", "id = \"chest-pain\"\nhpo = \"HP:0000014\"", 1);
    Graph::load(files).unwrap()
}

fn term(id: &str) -> TermId {
    id.parse().unwrap()
}

fn ask(terms: &[(&str, Presence)], patient: Option<Patient>) -> RareDifferential {
    let (graph, layer) = (core(), layer());
    let terms: Vec<(TermId, Presence)> = terms.iter().map(|(id, presence)| (term(id), *presence)).collect();
    let options = RareOptions { top: 100, ..RareOptions::default() };
    rare_differential(&Join::new(&graph, &layer), &[], &terms, patient, &options)
}

fn probability(result: &RareDifferential, id: &str) -> f64 {
    let found = result.candidates.iter().find(|candidate| match candidate {
        Candidate::Core { disease, .. } => disease == id,
        Candidate::Hpo { disease, .. } => disease.to_string() == id,
    });
    found.map_or(0.0, Candidate::probability)
}

fn said(layer: &RareLayer, about: &str, disease: &str, sex: Option<Sex>) -> Said {
    let at = layer.place(term(about)).unwrap();
    let disease = layer.disease(disease.parse().unwrap()).unwrap().at;
    Probe::new(layer, at, sex).ask(at, disease)
}

/// The share of a known chance.
fn known(said: Said) -> f64 {
    match said {
        Said::Itself(_, super::Chance::Known(share)) => share,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_keep_what_the_file_says() {
    let layer = layer();

    let rows: Vec<String> =
        layer.disease("ORPHA:905".parse().unwrap()).unwrap().annotations().map(Annotation::summary).collect();

    assert_eq!(rows, ["very frequent (80-99%), ORPHA:905 (PCS)", "3/4, PMID:11 (PCS)", "5/6, PMID:12 (PCS)"]);
    assert_eq!(layer.release().credit(), "Human Phenotype Ontology, release 2030-01-01 (hpo.jax.org)");
}

#[test]
fn counts_of_several_studies_are_pooled_by_the_rule_of_succession() {
    let share = known(said(&layer(), "HP:0000013", "ORPHA:905", None));

    assert!((share - 9.0 / 12.0).abs() < 1e-12, "{share}");
}

#[test]
fn a_class_counts_as_its_middle_and_a_percentage_as_itself() {
    assert!((known(said(&layer(), "HP:0000011", "ORPHA:905", None)) - 0.895).abs() < 1e-12);
    assert!((known(said(&layer(), "HP:0000011", "OMIM:1", None)) - 0.17).abs() < 1e-12);
}

#[test]
fn a_specific_row_satisfies_a_general_question() {
    let share = known(said(&layer(), "HP:0000012", "ORPHA:905", None));

    assert!((share - 0.75).abs() < 1e-12, "{share}");
}

#[test]
fn a_patient_with_a_specific_finding_satisfies_a_general_row() {
    let said = said(&layer(), "HP:0000013", "OMIM:4", None);

    assert!(matches!(said, Said::Broader(_, ratio) if ratio > 1.0), "{said:?}");
}

#[test]
fn a_denied_finding_is_denied_with_all_that_is_narrower_but_not_what_is_broader() {
    let layer = layer();

    assert!(matches!(said(&layer, "HP:0000013", "OMIM:1", None), Said::Itself(_, super::Chance::Excluded)));
    assert!(known(said(&layer, "HP:0000118", "OMIM:1", None)) > 0.0);
}

#[test]
fn a_row_for_one_sex_says_nothing_of_the_other() {
    let layer = layer();

    assert!(known(said(&layer, "HP:0000012", "OMIM:3", Some(Sex::Male))) > 0.8);
    assert_eq!(said(&layer, "HP:0000012", "OMIM:3", Some(Sex::Female)), Said::Nothing);
}

#[rstest]
#[case("copper", "ORPHA:905")]
#[case("orphanet:905", "ORPHA:905")]
#[case("omim:277900", "OMIM:277900")]
#[case("shaky hands", "HP:0000013")]
#[case("震颤", "HP:0000012")]
#[case("HP:0000099", "HP:0000011")]
#[case("HP:0000015", "HP:0000012")]
#[case("liver inflammation", "HP:0000011")]
fn text_and_ids_find_diseases_and_terms(#[case] text: &str, #[case] wanted: &str) {
    let layer = layer();

    let found: Vec<String> = layer
        .search(text)
        .into_iter()
        .map(|hit| match hit {
            Hit::Disease(disease) => disease.id().to_string(),
            Hit::Term(term) => term.id().to_string(),
        })
        .collect();

    assert!(found.contains(&wanted.to_owned()), "{found:?}");
}

#[test]
fn what_is_listed_in_two_catalogues_is_kept_twice_and_said_so() {
    let layer = layer();
    let disease = layer.disease("ORPHA:905".parse().unwrap()).unwrap();

    assert_eq!(layer.also_listed(disease), ["OMIM:277900".parse().unwrap()]);
    assert_eq!(layer.stats().cross_listed, 2);
}

#[test]
fn core_and_rare_sum_to_one_and_share_evidence() {
    let result = ask(&[("HP:0000014", Presence::Present)], None);

    let sum: f64 = result.candidates.iter().map(Candidate::probability).sum::<f64>() + result.something_else;
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    let without = ask(&[], None);
    assert!(probability(&result, "infarction") > probability(&without, "infarction"));
    assert!(probability(&result, "DECIPHER:7") > probability(&without, "DECIPHER:7"));
}

#[test]
fn without_a_rare_prior_the_core_is_as_it_was() {
    let (graph, layer) = (core(), layer());
    let options = RareOptions { cases_per_100_000: 0.0, ..RareOptions::default() };
    let evidence: [(TopicId, Presence); 1] = [("finding:chest-pain".parse().unwrap(), Presence::Present)];

    let joint = rare_differential(&Join::new(&graph, &layer), &evidence, &[], None, &options);
    let alone = differential(&graph, &evidence, None, &Options::default());

    let of_core = alone.of("infarction").unwrap().probability;
    assert!((probability(&joint, "infarction") - of_core).abs() < 1e-12);
}

#[test]
fn every_rare_disease_starts_alike_and_two_listings_share() {
    let result = ask(&[], None);

    // The core's two diseases have 205 cases per 100,000 together, with a tenth left for others.
    let (alone, shared) = (probability(&result, "OMIM:1"), probability(&result, "ORPHA:905"));
    assert!((alone / probability(&result, "infarction") - 1.0 / 200.0).abs() < 1e-9);
    assert!((shared / alone - 0.5).abs() < 1e-9);
}

#[test]
fn a_listed_finding_raises_a_disease_and_a_denied_one_lowers_it() {
    let (before, with) = (ask(&[], None), ask(&[("HP:0000013", Presence::Present)], None));

    assert!(probability(&with, "ORPHA:905") > probability(&before, "ORPHA:905"));
    assert!(probability(&with, "OMIM:1") < probability(&before, "OMIM:1"));
}

#[test]
fn absence_argues_only_where_a_frequency_is_known() {
    let (before, without) = (ask(&[], None), ask(&[("HP:0000010", Presence::Absent)], None));
    let fall = |id| probability(&without, id) / probability(&before, id);

    assert!(fall("ORPHA:905") < 0.5 * fall("OMIM:277900"), "{} {}", fall("ORPHA:905"), fall("OMIM:277900"));
}

#[test]
fn a_broader_finding_beside_a_narrower_one_counts_once() {
    let narrow = ask(&[("HP:0000013", Presence::Present)], None);
    let both = ask(&[("HP:0000013", Presence::Present), ("HP:0000012", Presence::Present)], None);

    assert!((probability(&narrow, "ORPHA:905") - probability(&both, "ORPHA:905")).abs() < 1e-12);
}

#[test]
fn a_disease_of_the_old_is_last_for_the_young() {
    let of_age = |age| probability(&ask(&[], Some(Patient { age, sex: Sex::Male })), "OMIM:2");

    assert!(of_age(30) < of_age(70) / 10.0);
}

#[test]
fn a_disease_that_the_core_models_is_left_to_the_core() {
    let (graph, layer) = (core(), layer());
    let join = Join::new(&graph, &layer);
    let rare = layer.disease("OMIM:5".parse().unwrap()).unwrap();

    assert_eq!(join.modelled_by(rare), Some("infarction"));
    assert!(probability(&ask(&[], None), "OMIM:5") <= 0.0);
}

#[test]
fn contributions_name_their_rows() {
    let result = ask(&[("HP:0000012", Presence::Present)], None);

    let rows = result.candidates.iter().find_map(|candidate| match candidate {
        Candidate::Hpo { disease, contributions, .. } if disease.to_string() == "ORPHA:905" => Some(contributions),
        _ => None,
    });
    let contribution = &rows.unwrap()[0];
    assert_eq!(contribution.term, Some(term("HP:0000013")));
    assert_eq!(contribution.rows, ["3/4, PMID:11 (PCS)", "5/6, PMID:12 (PCS)"]);
}

#[test]
fn what_separates_rare_diseases_is_worth_asking_and_what_is_known_is_not() {
    let (graph, layer) = (core(), layer());
    let join = Join::new(&graph, &layer);
    let options = RareOptions { cases_per_100_000: 100.0, ..RareOptions::default() };

    let before = rare_next_questions(&join, &[], &[], None, &options);
    let after = rare_next_questions(&join, &[], &[(term("HP:0000016"), Presence::Present)], None, &options);

    let about = |questions: &[super::RareQuestion], id| questions.iter().any(|one| one.term == Some(term(id)));
    assert!(about(&before, "HP:0000014") && about(&before, "HP:0000016"), "{before:?}");
    assert!(!about(&after, "HP:0000014") && !about(&after, "HP:0000016"), "{after:?}");
    assert!(!about(&before, "HP:0000011"), "nobody can be asked for a liver's inflammation: {before:?}");
}

#[test]
fn a_very_general_row_argues_hardly_at_all() {
    let layer = layer();

    // Half of the diseases have something of the liver, so that the general row says little.
    let said = said(&layer, "HP:0000011", "OMIM:277900", None);

    assert!(matches!(said, Said::Broader(_, ratio) if ratio < 2.0), "{said:?}");
}
