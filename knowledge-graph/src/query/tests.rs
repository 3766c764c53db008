//! The differential, what to ask next, and why.

use proptest::prelude::*;
use rstest::rstest;

use super::{
    Contribution, Differential, Options, Patient, Posterior, Presence, Sex, comorbid, differential, next_questions,
    path, reference, why,
};
use crate::{
    Graph, TopicId,
    fixture::{files, graph},
    format::Evidence,
};

const OLD_MAN: Option<Patient> = Some(Patient { age: 65, sex: Sex::Male });

fn topic(id: &str) -> TopicId {
    id.parse().unwrap()
}

fn present(id: &str) -> (TopicId, Presence) {
    (topic(id), Presence::Present)
}

fn absent(id: &str) -> (TopicId, Presence) {
    (topic(id), Presence::Absent)
}

fn probability(graph: &Graph, disease: &str, evidence: &[(TopicId, Presence)]) -> f64 {
    let differential = differential(graph, evidence, OLD_MAN, &Options::default());
    differential.of(disease).unwrap().probability
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn without_evidence_the_prior_is_incidence_by_age_and_sex() {
    let graph = graph();

    let dissection = probability(&graph, "dissection", &[]);
    let infarction = probability(&graph, "infarction", &[]);

    // 5 × 0.5 × 0.65 against 200 × 0.45 × 0.65, with a tenth left for something else.
    assert!(close(dissection / infarction, (5.0 * 0.5) / (200.0 * 0.45)));
    assert!(close(dissection + infarction, 0.9));
}

/// Odds of the dissection against the infarction, with and without the evidence.
fn odds_gain(evidence: (TopicId, Presence)) -> f64 {
    let graph = graph();
    let odds =
        |evidence: &[_]| probability(&graph, "dissection", evidence) / probability(&graph, "infarction", evidence);
    odds(&[evidence]) / odds(&[])
}

#[test]
fn a_published_ratio_multiplies_the_odds_against_a_disease_with_the_same_complaint() {
    assert!(close(odds_gain(absent("finding:tearing-pain")), 0.4));
}

#[test]
fn a_disease_that_does_not_mention_a_finding_is_half_way_between_everybody_and_the_studied() {
    // Sensitivity 0.3 / (1 − 0.7 / 5.7) at LR+ 5.7 among the studied; background 0.01.
    let studied = 0.3 / (1.0 - 0.7 / 5.7) / 5.7;
    let half_way = (studied * 0.01_f64).sqrt();

    let present = odds_gain(present("finding:pulse-difference"));
    let absent = odds_gain(absent("finding:pulse-difference"));

    assert!(close(present, 5.7 * studied / half_way));
    assert!(close(absent, 0.7 * (1.0 - studied) / (1.0 - half_way)));
}

#[test]
fn published_and_derived_ratios_are_told_apart() {
    let graph = graph();
    let evidence = [present("finding:tearing-pain"), present("finding:chest-pain")];

    let result = differential(&graph, &evidence, OLD_MAN, &Options::default());

    let used = &result.of("dissection").unwrap().contributions;
    assert_eq!(shown(used), [("chest-pain", true), ("tearing-pain", false)]);
    assert!(close(used[0].lr, 0.9 / 0.05) && close(used[1].lr, 10.8));
    assert_eq!(used[1].evidence, Evidence::SystematicReview);
    let other = &result.of("infarction").unwrap().contributions;
    assert_eq!(shown(other), [("chest-pain", true)]);
    assert_eq!(other[0].source.as_deref(), Some("book"));
}

#[test]
fn a_complaint_is_compared_with_everybody_even_when_a_ratio_is_published() {
    let mut files = files();
    for (_, text) in &mut files {
        *text = text.replacen("frequency = 0.9\n", "frequency = 0.9\nlr_positive = 1.1\n", 1);
    }
    let graph = Graph::load(files).unwrap();
    let evidence = [present("finding:chest-pain")];

    let result = differential(&graph, &evidence, OLD_MAN, &Options::default());

    let used = &result.of("dissection").unwrap().contributions;
    assert!(used[0].derived && close(used[0].lr, 0.9 / 0.05), "{used:#?}");
}

#[test]
fn an_estimated_frequency_counts_unless_forbidden_and_is_graded_as_such() {
    let mut files = files();
    for (_, text) in &mut files {
        let estimated = "frequency = 0.9\nfrequency_evidence = \"unverified\"\n";
        *text = text.replacen("frequency = 0.9\n", estimated, 1);
    }
    let graph = Graph::load(files).unwrap();
    let used = |estimates| {
        let options = Options { estimates, ..Options::default() };
        let result = differential(&graph, &[present("finding:chest-pain")], OLD_MAN, &options);
        result.of("dissection").unwrap().contributions[0].clone()
    };

    assert!(close(used(true).lr, 0.9 / 0.05));
    assert_eq!(used(true).evidence, Evidence::Unverified);
    assert!(close(used(false).lr, 0.25 / 0.05));
}

fn shown(contributions: &[Contribution]) -> Vec<(&str, bool)> {
    contributions.iter().map(|one| (one.topic.name(), one.derived)).collect()
}

#[test]
fn a_narrower_finding_implies_its_broader_one() {
    let graph = graph();
    let broader = present("finding:chest-pain");

    let one = probability(&graph, "dissection", &[present("finding:tearing-pain")]);
    let both = probability(&graph, "dissection", &[present("finding:tearing-pain"), broader]);

    assert!(close(one, both));
}

#[test]
fn a_narrower_finding_without_published_ratios_counts_once_with_its_broader_one() {
    let mut files = files();
    for (_, text) in &mut files {
        *text = text.replace("lr_positive = 10.8\nlr_negative = 0.4\n", "");
    }
    let graph = Graph::load(files).unwrap();
    let evidence = [present("finding:tearing-pain")];

    let result = differential(&graph, &evidence, OLD_MAN, &Options::default());

    assert_eq!(shown(&result.of("dissection").unwrap().contributions), [("chest-pain", true)]);
}

#[test]
fn further_findings_of_a_cluster_count_by_half() {
    let graph = graph();
    let both = [present("finding:sweating"), present("finding:nausea")];

    let result = differential(&graph, &both, OLD_MAN, &Options::default());

    let used = &result.of("infarction").unwrap().contributions;
    assert_eq!(shown(used), [("nausea", true), ("sweating", false)], "the stronger first");
    assert!(close(used[0].log10, used[0].lr.log10()));
    assert!(close(used[1].log10, 2.0_f64.log10() / 2.0));
}

#[test]
fn the_reference_is_what_published_ratios_imply() {
    let graph = graph();

    // LR+ 2.0 and LR− 0.7 mean sensitivity 0.3 / 0.65 and a rate of half that in the others.
    let sweating = reference(&graph, "sweating");
    assert!(close(sweating.rate, 0.3 / 0.65 / 2.0) && sweating.studied);
    let nausea = reference(&graph, "nausea");
    assert!(close(nausea.rate, 0.08) && !nausea.studied);
}

#[test]
fn a_broader_finding_absent_takes_its_narrower_ones_away() {
    let mut files = files();
    for (path, text) in &mut files {
        if path.ends_with("dissection.toml") {
            *text = text.replacen("finding = \"chest-pain\"", "finding = \"nausea\"", 1);
        }
    }
    let graph = Graph::load(files).unwrap();
    let evidence = [absent("finding:chest-pain")];

    let result = differential(&graph, &evidence, OLD_MAN, &Options::default());

    let used = &result.of("dissection").unwrap().contributions;
    assert_eq!(shown(used), [("tearing-pain", false)]);
    assert!(close(used[0].lr, 0.4));
}

#[test]
fn unverified_edges_count_only_when_allowed() {
    let graph = graph();
    let evidence = [present("finding:tearing-pain")];
    let counted = |unverified| {
        let options = Options { unverified, ..Options::default() };
        let result = differential(&graph, &evidence, OLD_MAN, &options);
        result.of("infarction").unwrap().contributions.len()
    };

    assert_eq!(counted(false), 1, "only the chest pain it implies");
    assert_eq!(counted(true), 2);
}

#[test]
fn a_risk_factor_raises_its_disease() {
    let graph = graph();

    let with = probability(&graph, "infarction", &[present("risk-factor:smoking")]);
    let without = probability(&graph, "infarction", &[absent("risk-factor:smoking")]);

    assert!(without < probability(&graph, "infarction", &[]));
    assert!(with > probability(&graph, "infarction", &[]));
}

#[test]
fn the_most_telling_question_separates_the_likely_diseases() {
    let graph = graph();
    let evidence = [present("finding:chest-pain")];
    let options = Options { unverified: true, ..Options::default() };

    let questions = next_questions(&graph, &evidence, OLD_MAN, &options);

    let topics: Vec<String> = questions.iter().map(|question| question.topic.to_string()).collect();
    assert!(topics.contains(&"finding:sweating".to_owned()), "{topics:?}");
    assert!(!topics.contains(&"finding:chest-pain".to_owned()), "already known");
    assert!(!topics.contains(&"finding:pulse-difference".to_owned()), "a sign is not asked");
    assert!(questions.is_sorted_by(|a, b| a.information_gain_bits >= b.information_gain_bits));
}

#[test]
fn what_is_partly_known_through_its_cluster_tells_less() {
    let mut files = files();
    for (_, text) in &mut files {
        *text = text.replace("cluster = \"autonomic\"\n", "");
    }
    let (clustered, independent) = (graph(), Graph::load(files).unwrap());
    let gain = |graph: &Graph| {
        let evidence = [present("finding:nausea")];
        let questions = next_questions(graph, &evidence, OLD_MAN, &Options::default());
        let sweating = questions.iter().find(|question| question.topic.name() == "sweating");
        sweating.map_or(0.0, |question| question.information_gain_bits)
    };

    assert!(gain(&clustered) > 0.0);
    assert!(gain(&clustered) < gain(&independent));
}

#[rstest]
#[case::finding(
    "finding:tearing-pain",
    "dissection",
    "presents-with",
    "Tearing chest pain is found in 40–60% of patients with aortic dissection, but in about 5% of those with myocardial infarction; its presence multiplies the odds by 10.8, its absence by 0.4 (Someone, 2015).",
    "主动脉夹层患者中约 40–60%有撕裂样胸痛，而心肌梗死中约 5%；有此表现时主动脉夹层的可能性比数乘以 10.8，没有时乘以 0.4（Someone，2015）。"
)]
#[case::counted(
    "finding:pulse-difference",
    "dissection",
    "presents-with",
    "Pulse difference between the arms is found in 31% (31 of 100) of patients",
    "31%（31/100）"
)]
#[case::elsewhere(
    "finding:sweating",
    "dissection",
    "mimics",
    "Sweating would point to myocardial infarction rather than aortic dissection, where it is found in about 40% (Someone, 2015).",
    "若有出汗，则更支持心肌梗死（其中约 40%有此表现）而不是主动脉夹层（Someone，2015）。"
)]
#[case::facet(
    "finding:chest-pain/radiation",
    "infarction",
    "presents-with",
    "It separates myocardial infarction from aortic dissection: heavy pain that builds up (Someone else, 2020).",
    "它有助于鉴别心肌梗死与主动脉夹层：逐渐加重的压榨样疼痛（Someone else，2020）。"
)]
#[case::plain_facet(
    "finding:chest-pain/severity",
    "infarction",
    "presents-with",
    "The severity en of chest pain helps to tell myocardial infarction from what resembles it.",
    "有助于把心肌梗死与相似疾病区分开"
)]
#[case::risk(
    "risk-factor:smoking",
    "infarction",
    "risk-for",
    "Smoking multiplies the risk of myocardial infarction by about 2.9; about 50% of its patients have it (Someone, 2015).",
    "吸烟使心肌梗死的风险增至约 2.9 倍；约 50% 的患者有此因素（Someone，2015）。"
)]
#[case::test(
    "test:troponin",
    "infarction",
    "tested-by",
    "Troponin decides on myocardial infarction; it typically shows: Raised (Someone else, 2020).",
    "典型结果：升高"
)]
#[case::treatment(
    "treatment:aspirin",
    "infarction",
    "treated-by",
    "Aspirin is acute treatment of myocardial infarction (Someone, 2015).",
    "阿司匹林是心肌梗死的急性期治疗"
)]
#[case::comorbidity(
    "disease:dissection",
    "infarction",
    "comorbid-with",
    "Aortic dissection often occurs together with myocardial infarction",
    "出汗更多"
)]
fn a_reason_is_given_in_both_languages(
    #[case] id: &str,
    #[case] disease: &str,
    #[case] relation: &str,
    #[case] english: &str,
    #[case] chinese: &str,
) {
    let reason = why(&graph(), &topic(id), disease).unwrap();

    assert!(reason.sentence.en.starts_with(english), "{}", reason.sentence.en);
    assert!(reason.sentence.zh.contains(chinese), "{}", reason.sentence.zh);
    assert_eq!(reason.path[0].relation, Some(relation));
    assert!(!reason.sources.is_empty());
}

#[test]
fn a_history_topic_matters_through_the_risk_factor_asked_under_it() {
    let graph = graph();

    let smoking = why(&graph, &topic("history:smoking/amount"), "infarction").unwrap();
    let broader = why(&graph, &topic("history:substances"), "infarction").unwrap();
    let allergy = why(&graph, &topic("history:drug-allergy"), "infarction").unwrap();
    let unrelated = why(&graph, &topic("history:smoking"), "dissection").unwrap();

    assert_eq!(smoking.path.len(), 3);
    assert!(broader.sentence.en.starts_with("Smoking multiplies"));
    assert_eq!(allergy.sentence.en, "An allergy decides which drugs are safe.");
    assert_eq!(allergy.evidence, None);
    assert!(unrelated.sentence.en.starts_with("Habits, work and home"));
}

#[test]
fn an_unknown_topic_or_disease_has_no_reason() {
    let graph = graph();

    assert_eq!(why(&graph, &topic("finding:hiccups"), "infarction"), None);
    assert_eq!(why(&graph, &topic("finding:nausea"), "hiccups"), None);
}

#[test]
fn a_comorbidity_alters_findings_and_brings_its_own() {
    let graph = graph();

    let composition = comorbid(&graph, "infarction", &["dissection"]).unwrap();

    let sweating = &composition.changes[0];
    assert_eq!(sweating.finding, "sweating");
    assert!(close(sweating.after.unwrap(), 0.6));
    let added: Vec<&str> = composition.added.iter().map(|(_, edge)| edge.finding.as_str()).collect();
    assert_eq!(added, ["pulse-difference"]);
    assert!(comorbid(&graph, "infarction", &["hiccups"]).is_none());
}

#[test]
fn a_path_names_nodes_and_relations() {
    let graph = graph();

    let steps = path(&graph, &topic("history:smoking"), &topic("finding:sweating")).unwrap();

    let shown: Vec<(String, Option<&str>, bool)> =
        steps.iter().map(|step| (step.topic.to_string(), step.relation, step.reversed)).collect();
    assert_eq!(
        shown,
        [
            ("history:smoking".to_owned(), Some("asked-as"), true),
            ("risk-factor:smoking".to_owned(), Some("risk-for"), false),
            ("disease:infarction".to_owned(), Some("presents-with"), false),
            ("finding:sweating".to_owned(), None, false),
        ]
    );
    assert_eq!(path(&graph, &topic("history:drug-allergy"), &topic("finding:sweating")), None);
}

fn some_evidence() -> impl Strategy<Value = Vec<(TopicId, Presence)>> {
    let topics: Vec<TopicId> = graph().topics().map(|info| info.id).collect();
    let answer = prop_oneof![Just(Presence::Present), Just(Presence::Absent)];
    let one = (proptest::sample::select(topics), answer);
    // One answer for each topic: with two, the last counts and the order would matter.
    proptest::collection::btree_map(any::<u8>(), one, 0..12).prop_map(|answers| {
        let mut seen = std::collections::BTreeSet::new();
        answers.into_values().filter(|(topic, _)| seen.insert(topic.clone())).collect()
    })
}

fn some_patient() -> impl Strategy<Value = Option<Patient>> {
    let sex = prop_oneof![Just(Sex::Female), Just(Sex::Male)];
    proptest::option::of((0_u8..110, sex).prop_map(|(age, sex)| Patient { age, sex }))
}

proptest! {
    #[test]
    fn probabilities_sum_to_one(
        evidence in some_evidence(), patient in some_patient(), unverified: bool
    ) {
        let graph = graph();
        let options = Options { unverified, ..Options::default() };

        let result = differential(&graph, &evidence, patient, &options);

        let sum: f64 = result.posteriors.iter().map(|posterior| posterior.probability).sum();
        prop_assert!(close(sum + result.something_else, 1.0));
        prop_assert!(result.posteriors.iter().all(|one| (0.0..=1.0).contains(&one.probability)));
    }

    #[test]
    fn the_order_of_evidence_is_irrelevant(evidence in some_evidence(), patient in some_patient()) {
        let graph = graph();
        let mut reversed = evidence.clone();
        reversed.reverse();

        let one = differential(&graph, &evidence, patient, &Options::default());
        let other = differential(&graph, &reversed, patient, &Options::default());

        for (a, b) in one.posteriors.iter().zip(&other.posteriors) {
            prop_assert_eq!(&a.disease, &b.disease);
            prop_assert!(close(a.probability, b.probability));
        }
    }

    #[test]
    fn odds_between_diseases_follow_their_contributions(
        evidence in some_evidence(), patient in some_patient()
    ) {
        let graph = graph();
        let options = Options::default();

        let result = differential(&graph, &evidence, patient, &options);

        let weight = |one: &Posterior| {
            one.prior * 10_f64.powf(one.contributions.iter().map(|one| one.log10).sum())
        };
        let (a, b) = (&result.posteriors[0], &result.posteriors[1]);
        prop_assert!((a.probability / b.probability / (weight(a) / weight(b)) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_finding_that_argues_for_a_disease_raises_its_odds(
        evidence in some_evidence(), patient in some_patient()
    ) {
        let graph = graph();
        let options = Options::default();
        let odds = |result: &Differential, disease: &str| {
            result.of(disease).unwrap().probability / result.something_else
        };

        let result = differential(&graph, &evidence, patient, &options);

        for posterior in &result.posteriors {
            for one in posterior.contributions.iter().filter(|one| one.lr > 1.0 && !one.silent) {
                let without: Vec<_> =
                    evidence.iter().filter(|(topic, _)| *topic != one.topic).cloned().collect();
                let less = differential(&graph, &without, patient, &options);
                // A correlated finding may take its place, but never a stronger one.
                let disease = &posterior.disease;
                prop_assert!(odds(&less, disease) <= odds(&result, disease) * (1.0 + 1e-9));
            }
        }
    }

    #[test]
    fn information_gain_is_a_share_of_one_bit(
        evidence in some_evidence(), patient in some_patient(), unverified: bool
    ) {
        let graph = graph();
        let options = Options { unverified, ..Options::default() };

        for question in next_questions(&graph, &evidence, patient, &options) {
            prop_assert!(question.information_gain_bits > 0.0);
            prop_assert!(question.information_gain_bits <= 1.0);
            prop_assert!((0.0..=1.0).contains(&question.expected_present));
        }
    }
}
