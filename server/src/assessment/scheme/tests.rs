use std::collections::BTreeMap;

use knowledge_graph::{Graph, Language};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::{
    sub_items::{Criterion, earned, groups, shared},
    *,
};
use crate::assessment::{
    Conduct, EngineStamp, Evidence, ItemReport, Report, Rubric, Score,
    conduct::{HarmfulAct, Judgement, Rules},
    rubric_of,
};

const CASE: &str = "chest-tightness-lin-58";

fn case() -> cases::Case {
    cases::library().unwrap().iter().find(|case| case.id == CASE).unwrap().clone()
}

/// A report of `rubric` in which `asked` says what was asked, and every judgement reaches `level`
/// (none: not judged).
fn report(rubric: &Rubric, asked: impl Fn(usize) -> bool, level: Option<u8>) -> Report {
    let item = |(at, item): (usize, &crate::assessment::RubricItem)| ItemReport {
        id: item.id.clone(),
        asked: asked(at),
        elicited: asked(at),
        credit: f64::from(u8::from(asked(at))),
        confidence: 0.99,
        needs_review: false,
        evidence: if asked(at) { vec![Evidence { turn: at, quote: "?".to_owned() }] } else { vec![] },
        method: "lexicon".to_owned(),
    };
    let judgement = |rule: &crate::assessment::conduct::Rule| Judgement {
        id: rule.id.clone(),
        area: rule.area,
        level: level.map(|level| level.min(rule.most())),
        most: rule.most(),
        anchor: String::new(),
        count: None,
        of: None,
        evidence: vec![],
        moments: vec![],
    };
    Report {
        transcript: "t".to_owned(),
        rubric: rubric.id.clone(),
        score: Score { earned: 0.0, possible: 0.0, percent: 0.0 },
        items: rubric.items.iter().enumerate().map(item).collect(),
        flags: vec![],
        conduct: Conduct {
            judgements: Rules::embedded().unwrap().all().iter().map(judgement).collect(),
            harms: vec![],
        },
        scheme: None,
        engine: EngineStamp {
            version: String::new(),
            matcher: String::new(),
            models: vec![],
            classifier: None,
            thresholds: None,
        },
    }
}

fn marked(scheme: &Scheme, rubric: &Rubric, report: &Report) -> SchemeResult {
    mark((scheme, "hash"), rubric, report, Extras::default())
}

fn own(text: &str) -> Scheme {
    parse(text, "own.toml").unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn every_shipped_scheme_reads_and_so_does_the_example() {
    let ids: Vec<&str> = shipped().iter().map(|shipped| shipped.scheme.id.as_str()).collect();
    assert_eq!(
        ids,
        ["checklist", "cn-nmle-history-15", "cn-nmle-history-15-written", "uk-domains-12", "us-data-gathering"]
    );
    assert!(shipped_scheme(DEFAULT).is_some());
    own(EXAMPLE);
}

#[rstest]
#[case("cn-nmle-history-15", &[("present-illness", 10.0), ("related-history", 3.0), ("technique", 2.0)])]
#[case("cn-nmle-history-15-written", &[("present-illness", 10.0), ("related-history", 3.0), ("technique", 2.0)])]
#[case("uk-domains-12", &[("data-gathering", 4.0), ("clinical-management", 4.0), ("interpersonal", 4.0)])]
fn every_shipped_case_sums_to_the_published_sections(#[case] id: &str, #[case] published: &[(&str, f64)]) {
    let scheme = &shipped_scheme(id).unwrap().scheme;
    for case in cases::library().unwrap() {
        let rubric = rubric_of(case, Language::Zh);
        let result = marked(scheme, &rubric, &report(&rubric, |_| true, Some(2)));
        let found: Vec<(&str, f64)> =
            result.domains.iter().map(|domain| (domain.id.as_str(), domain.possible.value())).collect();
        assert_eq!(found, published, "{}", case.id);
        assert_eq!((result.earned, result.percent), (result.possible, 100.0), "{}: all asked", case.id);
        assert!(result.parts.iter().all(|part| part.possible.is_whole(scheme.step)));
    }
}

#[test]
fn half_points_go_to_sub_items_of_the_case_with_their_evidence() {
    let scheme = &shipped_scheme("cn-nmle-history-15").unwrap().scheme;
    let rubric = rubric_of(&case(), Language::Zh);
    let trigger = rubric.items.iter().position(|item| item.id == "trigger").unwrap();

    let result = marked(scheme, &rubric, &report(&rubric, |at| at == trigger, None));

    let part = result.parts.iter().find(|part| part.id == "trigger").unwrap();
    assert_eq!((part.earned.value(), part.possible.value()), (1.0, 1.0));
    assert_eq!(part.sub_items[0].evidence[0].turn, trigger);
    assert_eq!(result.earned, Points::hundredths(100));
    assert_eq!(result.possible, Points::hundredths(1300), "what is not judged is not counted");
    assert!(result.not_judged.contains(&"yield".to_owned()));
}

#[test]
fn an_absent_part_passes_its_points_on_within_its_group_first() {
    let scheme = &shipped_scheme("cn-nmle-history-15").unwrap().scheme;
    let rubric: Rubric = serde_json::from_value(json!({"id": "r", "items": [
        {"id": "treatment", "text": "Asks what was taken", "domain": "course-of-care", "topics": ["course:previous-treatment"]},
        {"id": "site", "text": "Asks where it hurts", "domain": "present-illness", "topics": ["finding:chest-pain/site"]},
    ]}))
    .unwrap();

    let result = marked(scheme, &rubric, &report(&rubric, |_| true, None));

    let points: BTreeMap<&str, f64> =
        result.parts.iter().map(|part| (part.id.as_str(), part.possible.value())).collect();
    assert_eq!((points["previous-treatment"], points["main-symptom"], points["trigger"]), (2.0, 8.0, 0.0));
}

const SMALL: &str = r#"
format = 1
id = "small"
version = 1
title = { en = "Small", zh = "小" }
about = { en = "For a test", zh = "测试用" }
step = 0.5
CRITICAL
[[domain]]
id = "all"
title = { en = "All", zh = "全部" }
points = 10.0
[[part]]
id = "items"
domain = "all"
title = { en = "Items", zh = "条目" }
points = 10.0
rest = true
[[penalty]]
harm = "rude"
points = 1.0
most = 2.0
"#;

fn small(critical: &str) -> Scheme {
    own(&SMALL.replace("CRITICAL", critical))
}

#[rstest]
#[case("", None, 9.5)]
#[case("critical = { rule = \"fail\" }", Some(false), 9.5)]
#[case("critical = { rule = \"cap\", at_most_percent = 50 }\npass = { percent = 60.0 }", Some(false), 5.0)]
fn missing_a_critical_item_does_what_the_scheme_says_and_says_so(
    #[case] critical: &str,
    #[case] passed: Option<bool>,
    #[case] points: f64,
) {
    let item = |id: usize| json!({"id": format!("i{id}"), "text": "Asks", "critical": id == 0});
    let rubric: Rubric =
        serde_json::from_value(json!({"id": "r", "items": (0..20).map(item).collect::<Vec<_>>()})).unwrap();

    let result = marked(&small(critical), &rubric, &report(&rubric, |at| at > 0, None));

    assert_eq!((result.earned.value(), result.passed), (points, passed));
    assert_eq!(result.critical.missed, ["i0"]);
    assert_eq!(result.needs_person, passed == Some(false), "who fails is confirmed by a person");
    assert!((result.critical.taken.value() - (9.5 - points)).abs() < 1e-9);
}

#[test]
fn a_critical_item_that_is_unsure_waits_for_an_examiner() {
    let rubric: Rubric =
        serde_json::from_value(json!({"id": "r", "items": [{"id": "a", "text": "Asks", "critical": true}]})).unwrap();
    let mut unsure = report(&rubric, |_| false, None);
    unsure.items[0].needs_review = true;

    let result = marked(&small("critical = { rule = \"fail\" }"), &rubric, &unsure);

    assert_eq!((result.passed, result.needs_person, result.for_examiner.value()), (None, true, 10.0));
    assert_eq!((result.critical.missed.len(), result.critical.unsure.len()), (0, 1));
}

#[test]
fn harmful_acts_cost_points_up_to_their_most_and_never_below_nothing() {
    let rubric: Rubric = serde_json::from_value(json!({"id": "r", "items": [{"id": "a", "text": "Asks"}]})).unwrap();
    let mut rude = report(&rubric, |_| true, None);
    let act = |turn| HarmfulAct { kind: "rude".to_owned(), evidence: Evidence { turn, quote: "shut up".to_owned() } };
    rude.conduct.harms = (0..5).map(act).collect();

    let result = marked(&small(""), &rubric, &rude);
    assert_eq!((result.earned.value(), result.penalties[0].points.value()), (8.0, 2.0));
    assert_eq!(result.penalties[0].evidence.len(), 5);

    rude.items[0].asked = false;
    assert_eq!(marked(&small(""), &rubric, &rude).earned, Points::ZERO);
}

#[test]
fn weights_come_from_the_graph_when_the_scheme_says_so() {
    let case = case();
    let weights = graph_weights(&case, Graph::embedded().unwrap()).unwrap();
    assert_eq!(weights.len(), case.rubric.len());
    assert!(weights.values().all(|weight| (0.5..=2.5).contains(weight)));
    assert!(weights.values().any(|weight| *weight > 1.5), "{weights:?}");

    let rubric = rubric_of(&case, Language::En);
    let mut scheme = own(EXAMPLE);
    scheme.step = Points::hundredths(1);
    let all = report(&rubric, |_| true, Some(2));
    let by_graph = mark((&scheme, ""), &rubric, &all, Extras { graph_weights: Some(&weights), note: &[] });
    let without = marked(&scheme, &rubric, &all);
    assert_eq!((by_graph.weights, without.weights), (Weights::Graph, Weights::Rubric));
    assert_ne!(by_graph.parts, without.parts);
}

#[rstest]
#[case("points = 10.0\nrest", "points = 9.0\nrest", "domain[0].points", "sum to 9")]
#[case("step = 0.5", "step = 0.3", "part[0].points", "no multiple")]
#[case("rest = true", "conduct = [\"charm\"]", "part[0].conduct", "no judgement `charm`")]
#[case("rest = true", "topics = [\"chest\"]", "part[0].topics", "neither a topic")]
#[case("rest = true", "", "part[0]", "takes either")]
#[case("domain = \"all\"", "domain = \"none\"", "part[0].domain", "no domain `none`")]
#[case("harm = \"rude\"", "harm = \"ugly\"", "penalty[0].harm", "no harmful act `ugly`")]
#[case("id = \"small\"", "id = \"Small one\"", "id", "is no id")]
#[case("CRITICAL", "critical = { rule = \"cap\" }", "critical", "belong together")]
#[case("zh = \"小\"", "zh = \"\"", "title", "empty in one language")]
fn what_is_wrong_is_named_with_file_line_place_and_mend(
    #[case] from: &str,
    #[case] to: &str,
    #[case] path: &str,
    #[case] says: &str,
) {
    let text = SMALL.replacen(from, to, 1).replace("CRITICAL", "");
    let problems = parse(&text, "own.toml").unwrap_err();
    let found = problems.iter().find(|problem| problem.path == path).unwrap_or_else(|| panic!("{problems:?}"));
    let shown = found.to_string();
    assert!(shown.starts_with("own.toml:") && shown.contains(says), "{shown}");
    assert!(found.line.is_some() && !found.mend.zh.is_empty() && !found.message.zh.is_empty());
}

#[rstest]
#[case("weights = \"luck\"\n", "unknown variant", 2)]
#[case("colour = 1\n", "unknown field", 2)]
#[case("pass = \n", "no scheme", 2)]
fn what_cannot_be_read_is_named_with_its_line(#[case] line: &str, #[case] says: &str, #[case] at: usize) {
    let text = format!("format = 1\n{line}{}", SMALL.replace("format = 1\n", "").replace("CRITICAL", ""));
    let problems = parse(&text, "own.toml").unwrap_err();
    let shown = problems[0].to_string();
    assert!(shown.contains(says), "{shown}");
    assert!(problems[0].line.is_some_and(|line| line.abs_diff(at) <= 1), "{shown}");
}

/// A rubric of items with any section, weight and topics.
fn any_rubric() -> impl Strategy<Value = Rubric> {
    let sections = [
        "present-illness",
        "associated-symptoms",
        "allergies",
        "past-history",
        "course-of-care",
        "perspective",
        "general-condition",
        "Something else",
        "",
    ];
    let topics = ["finding:chest-pain/trigger", "finding:fever", "history:drug-allergy", "course:previous-tests"];
    let item = (0..sections.len(), 0..topics.len(), any::<bool>(), 1_u32..400);
    prop::collection::vec(item, 1..40).prop_map(move |items| {
        let item = |(at, (section, topic, critical, weight)): (usize, (usize, usize, bool, u32))| {
            json!({"id": format!("i{at}"), "text": "Asks", "domain": sections[section], "critical": critical,
                "weight": f64::from(weight) / 100.0, "topics": [topics[topic]]})
        };
        serde_json::from_value(json!({"id": "r", "items": items.into_iter().enumerate().map(item).collect::<Vec<_>>()}))
            .unwrap()
    })
}

fn any_scheme() -> impl Strategy<Value = Scheme> {
    let all: Vec<Scheme> = shipped().iter().map(|one| one.scheme.clone()).chain([own(EXAMPLE)]).collect();
    prop::sample::select(all)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn points_never_exceed_their_maxima_and_parts_sum_to_the_total(
        scheme in any_scheme(), rubric in any_rubric(), asked in any::<u64>(), level in prop::option::of(0_u8..3),
    ) {
        let result = marked(&scheme, &rubric, &report(&rubric, |at| asked >> (at % 64) & 1 == 1, level));

        let sum: Points = result.parts.iter().map(|part| part.earned).sum();
        let possible: Points = result.parts.iter().map(|part| part.possible).sum();
        let of_domains: Points = result.domains.iter().map(|domain| domain.earned).sum();
        prop_assert_eq!(sum.less(result.critical.taken), result.earned);
        prop_assert_eq!((possible, of_domains), (result.possible, sum));
        prop_assert!(possible <= scheme.parts.iter().map(|part| part.points).sum());
        for part in &result.parts {
            let subs: Points = part.sub_items.iter().map(|sub| sub.earned).sum();
            let most: Points = part.sub_items.iter().map(|sub| sub.possible).sum();
            prop_assert_eq!((subs, most), (part.earned, part.possible));
            for sub in &part.sub_items {
                prop_assert!(sub.earned <= sub.possible && sub.earned.is_whole(scheme.step));
            }
        }
        prop_assert!((0.0..=100.0).contains(&result.percent));
        let mut items: Vec<&String> =
            result.parts.iter().flat_map(|part| &part.sub_items).flat_map(|sub| &sub.items).chain(&result.unmapped).collect();
        items.sort_unstable();
        items.dedup();
        prop_assert_eq!(items.len(), rubric.items.len(), "every item counts in one place or is named as unmapped");
    }

    #[test]
    fn asking_one_more_item_never_lowers_the_points(
        scheme in any_scheme(), rubric in any_rubric(), asked in any::<u64>(), one in 0_usize..40,
    ) {
        let was = |at: usize| asked >> (at % 64) & 1 == 1;
        let before = marked(&scheme, &rubric, &report(&rubric, was, Some(1)));
        let after = marked(&scheme, &rubric, &report(&rubric, |at| was(at) || at == one, Some(1)));

        prop_assert!(after.earned >= before.earned);
        prop_assert!(before.passed != Some(true) || after.passed == Some(true));
    }

    #[test]
    fn shares_are_whole_and_sum(steps in 0_u64..20_000, weights in prop::collection::vec(1_u64..100_000, 1..60)) {
        prop_assert_eq!(shared(steps, &weights).iter().sum::<u64>(), steps);
        let criteria: Vec<Criterion> = weights.iter().map(|weight| Criterion { weight: *weight, halves: 2 }).collect();
        let groups = groups(steps, &criteria);
        prop_assert_eq!(groups.iter().map(|(_, steps)| steps).sum::<u64>(), steps);
        let covered: usize = groups.iter().map(|(range, _)| range.len()).sum();
        prop_assert!(steps == 0 || covered == criteria.len());
        for (range, steps) in groups {
            prop_assert!(!range.is_empty());
            prop_assert_eq!(earned(steps, &criteria[range], Rounding::Down), steps);
        }
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let rubric = rubric_of(&case(), Language::En);
    let result = || {
        let scheme = &shipped_scheme("us-data-gathering").unwrap().scheme;
        serde_json::to_string(&marked(scheme, &rubric, &report(&rubric, |at| at % 3 == 0, Some(1)))).unwrap()
    };
    assert_eq!(result(), result());
    let read: SchemeResult = serde_json::from_str(&result()).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), result());
}

#[test]
fn points_follow_an_examiners_decision_and_sum_as_before() {
    use crate::assessment::{Decision, moderated};

    let rubric = rubric_of(&case(), Language::En);
    let machine = report(&rubric, |at| at % 2 == 0, Some(2));
    let decisions: Vec<Decision> = machine
        .items
        .iter()
        .filter(|item| !item.asked)
        .map(|item| Decision { item: item.id.clone(), asked: true, reason: "heard it".to_owned() })
        .collect();
    for shipped in shipped() {
        let before = Report { scheme: Some(marked(&shipped.scheme, &rubric, &machine)), ..machine.clone() };

        let counts = moderated(&before, &decisions, &rubric);

        assert_eq!(counts.scheme, None, "the machine's points are not passed off as what counts");
        let points = marked(&shipped.scheme, &rubric, &counts);
        let first = before.scheme.as_ref().unwrap();
        assert!(points.earned > first.earned, "{}: {} ≤ {}", shipped.scheme.id, points.earned, first.earned);
        assert_eq!(points.possible, first.possible);
        let of_domains: Points = points.domains.iter().map(|domain| domain.earned).sum();
        assert_eq!(of_domains, points.parts.iter().map(|part| part.earned).sum());
        assert_eq!(moderated(&before, &[], &rubric).scheme, before.scheme);
    }
}
