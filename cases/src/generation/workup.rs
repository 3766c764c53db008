//! What examining and testing would show.

use std::collections::{BTreeMap, BTreeSet};

use knowledge_graph::{
    Bilingual, TopicId, TopicKind,
    format::{Disease, FindingKind, Quantity, ReferenceRange, Test, TestKind, TestedBy},
    lower_first,
};

use super::{
    background::is_lasting,
    carer::NOT_IN_CHILDREN,
    dice::Dice,
    disease_edge,
    person::confined_to,
    picture::{Picture, Shown},
    reports,
};
use crate::{
    check::only_sex,
    format::{Examination, Fact, Sex, TestResult, Vitals},
    problem::both,
};

/// Examinations and results listed at most.
const MOST: usize = 12;
/// Looked at in everyone.
const ALWAYS_EXAMINED: [&str; 6] = [
    "general-inspection",
    "hands-and-pulse",
    "cardiac-auscultation",
    "lung-auscultation",
    "abdominal-palpation",
    "leg-examination",
];
/// Ordered in almost everyone.
const ALWAYS_TESTED: [&str; 6] = ["full-blood-count", "urea-and-electrolytes", "crp", "glucose", "urinalysis", "ecg"];

/// Ordered in most small children who are ill.
const TESTED_IN_CHILDREN: [&str; 4] = ["full-blood-count", "crp", "glucose", "urinalysis"];

/// What examination shows: the signs present, else normal; pulse and breathing as measured.
pub(super) fn examinations(picture: &Picture<'_>, vitals: &Vitals) -> Vec<Examination> {
    let mut shown: BTreeMap<&str, Vec<&Shown<'_>>> = BTreeMap::new();
    for sign in picture.present().chain(&picture.signs) {
        if let Some(test) = sign.finding.test.as_deref() {
            shown.entry(test).or_default().push(sign);
        }
    }
    for (test, symptom) in seen(picture) {
        shown.entry(test).or_insert_with(|| vec![symptom]);
    }
    examined(picture)
        .into_iter()
        .filter_map(|test| {
            if let Some(signs) = shown.get(test.id.as_str()) {
                let source = disease_edge(picture.disease, TopicKind::Finding, &signs[0].finding.id);
                return Some(Examination { test: test.id.clone(), finding: listed(signs), source });
            }
            let unremarkable = || Examination {
                test: test.id.clone(),
                finding: unremarkable(test, picture, vitals),
                source: node(test),
            };
            let normal = may_be_normal(picture, &test.id);
            typical_finding(picture, test).or_else(|| normal.then(unremarkable))
        })
        .collect()
}

/// Symptoms that are there to be seen, with the examination that shows them. The last word says
/// whether they stay; others show only in a disease whose signs the same examination finds.
const SEEN: [(&str, &str, bool); 13] = [
    ("leg-swelling", "leg-examination", true),
    ("joint-swelling", "joint-examination", true),
    ("rash", "skin-inspection", true),
    ("facial-rash", "skin-inspection", true),
    ("neck-swelling", "thyroid-examination", true),
    ("tremor", "hands-and-pulse", true),
    ("jaundice", "general-inspection", true),
    ("abdominal-swelling", "abdominal-inspection", true),
    ("limb-weakness", "neurological-screening", false),
    ("facial-weakness", "cranial-nerves", false),
    ("slurred-speech", "neurological-screening", false),
    ("unsteadiness", "gait-and-coordination", false),
    ("wheeze", "lung-auscultation", false),
];

/// Examinations that show a symptom itself.
fn seen<'p, 'g>(picture: &'p Picture<'g>) -> impl Iterator<Item = (&'static str, &'p Shown<'g>)> {
    picture.present().filter_map(|shown| {
        let (_, test, stays) = SEEN.iter().find(|(id, ..)| *id == shown.finding.id)?;
        let of_it = |id: &str| picture.graph.finding(id).is_some_and(|finding| finding.test.as_deref() == Some(test));
        let found = *stays || picture.disease.presents_with.iter().any(|edge| of_it(&edge.finding));
        found.then_some((*test, shown))
    })
}

/// Normal, except that the text never contradicts the vital signs.
fn unremarkable(test: &Test, picture: &Picture<'_>, vitals: &Vitals) -> Bilingual {
    let pulse = vitals.pulse_per_min;
    match test.id.as_str() {
        "hands-and-pulse" => both(
            format!("Pulse {pulse} a minute and regular; no clubbing, no tremor."),
            format!("脉搏{pulse}次/分，律齐；无杵状指及震颤。"),
        ),
        "cardiac-auscultation" => both(
            format!("Regular, {pulse} a minute; normal heart sounds, no murmur or rub."),
            format!("心率{pulse}次/分，律齐，心音正常，无杂音及心包摩擦音。"),
        ),
        "blood-pressure-both-arms" => {
            let (high, low) = (vitals.systolic_mmhg, vitals.diastolic_mmhg);
            both(
                format!("Right {high}/{low} mmHg, left about the same; all pulses present and equal."),
                format!("右上肢{high}/{low} mmHg，左上肢相近；四肢脉搏对称。"),
            )
        }
        "general-inspection" if vitals.respiratory_rate_per_min >= 22 || vitals.systolic_mmhg < 100 => both(
            format!("Alert, unwell; breathing {} a minute.", vitals.respiratory_rate_per_min),
            format!("神志清，急性病容，呼吸{}次/分。", vitals.respiratory_rate_per_min),
        ),
        "general-inspection" if picture.suffers() => both(
            "Alert, in evident discomfort; well perfused, no pallor, jaundice or cyanosis.",
            "神志清，痛苦面容；末梢循环好，无苍白、黄疸及紫绀。",
        ),
        _ => test.normal.clone(),
    }
}

/// Examinations that show something here, or that the patient's own diseases may change, whatever
/// their number; then those that a disease it is confused with would change.
fn examined<'g>(picture: &Picture<'g>) -> Vec<&'g Test> {
    let graph = picture.graph;
    let examining = |finding: &str| graph.finding(finding)?.test.as_deref();
    let here = picture.signs.iter().filter_map(|sign| sign.finding.test.as_deref());
    let told = seen(picture).map(|(test, _)| test);
    let own = lasting(picture).flat_map(|disease| {
        let signs = disease.presents_with.iter().filter_map(|edge| examining(&edge.finding));
        signs.chain(disease.tested_by.iter().map(|edge| edge.test.as_str()))
    });
    let needed: BTreeSet<&str> = here.chain(told).chain(own).chain(ALWAYS_EXAMINED).collect();
    let there = picture.mimics().flat_map(|disease| &disease.presents_with).filter_map(|edge| examining(&edge.finding));
    let mut known = BTreeSet::new();
    let all = needed.iter().copied().chain(there).filter(|id| known.insert(*id)).filter_map(|id| usable(picture, id));
    let examinations = all.filter(|test| test.kind == TestKind::Examination && test.id != "vital-signs");
    let (first, rest): (Vec<_>, Vec<_>) = examinations.partition(|test| needed.contains(test.id.as_str()));
    let room = MOST.saturating_sub(first.len());
    first.into_iter().chain(rest.into_iter().take(room)).collect()
}

/// What the patient has now: an illness that is over shows no more.
fn lasting<'p, 'g>(picture: &'p Picture<'g>) -> impl Iterator<Item = &'g Disease> + use<'p, 'g> {
    std::iter::once(picture.disease).chain(picture.comorbidities.iter().copied().filter(|disease| is_lasting(disease)))
}

/// What examination typically shows in what the patient has, in words of its own.
fn typical_finding(picture: &Picture<'_>, test: &Test) -> Option<Examination> {
    lasting(picture).find_map(|disease| {
        let edge = disease.tested_by.iter().find(|edge| edge.test == test.id)?;
        Some(Examination {
            test: test.id.clone(),
            finding: reports::in_words(edge, test),
            source: disease_edge(disease, TopicKind::Test, &test.id),
        })
    })
}

fn listed(signs: &[&Shown<'_>]) -> Bilingual {
    let en: Vec<String> = signs.iter().map(|sign| lower_first(&sign.finding.name.en)).collect();
    let zh: Vec<&str> = signs.iter().map(|sign| sign.finding.name.zh.as_str()).collect();
    let mut en = en.join("; ");
    if let Some(first) = en.get(..1).map(str::to_uppercase) {
        en.replace_range(..1, &first);
    }
    both(format!("{en}."), format!("{}。", zh.join("；")))
}

/// What tests show: the disease's own, its comorbidities', then normal ones.
///
/// `vitals` and `facts` are what the results must agree with.
pub(super) fn results(picture: &Picture<'_>, vitals: &Vitals, facts: &[Fact], dice: &mut Dice) -> Vec<TestResult> {
    let mut results: Vec<TestResult> = Vec::new();
    for disease in lasting(picture) {
        for edge in &disease.tested_by {
            if let Some(test) = usable(picture, &edge.test).filter(|test| test.kind != TestKind::Examination) {
                push(&mut results, typical(disease, edge, test, picture, dice));
            }
        }
    }
    for result in seen_on_tests(picture) {
        push(&mut results, result);
    }
    for test in tests_of_signs(picture) {
        push(&mut results, as_the_patient_is(test, picture).unwrap_or_else(|| normal(test, picture, dice)));
    }
    let needed = results.len();
    let elsewhere = picture.mimics().flat_map(|disease| &disease.tested_by).filter(|edge| edge.decisive);
    let always: &[&str] = if picture.by_carer() { &TESTED_IN_CHILDREN } else { &ALWAYS_TESTED };
    for id in always.iter().copied().chain(elsewhere.map(|edge| edge.test.as_str())) {
        let test = usable(picture, id).filter(|test| !matches!(test.kind, TestKind::Examination | TestKind::Procedure));
        let test = test.filter(|test| may_be_normal(picture, &test.id));
        if let Some(test) = test.filter(|test| !(is_diabetic(facts) && SUGAR.contains(&test.id.as_str()))) {
            push(&mut results, normal(test, picture, dice));
        }
    }
    for result in results.iter_mut().filter(|result| result.test == "pulse-oximetry") {
        agree_on_saturation(result, vitals.spo2_percent);
    }
    results.truncate(MOST.max(needed));
    results
}

/// Share of the white cells that are neutrophils, lymphocytes or eosinophils; the rest are monocytes
/// and basophils.
const COUNTED: f64 = 0.93;

/// Tests that cannot be normal beside a finding that is present.
const NOT_NORMAL: [(&str, &[&str]); 5] = [
    ("confusion-assessment-method", &["confusion", "drowsiness", "fluctuating-alertness", "agitation"]),
    ("cognitive-screening", &["confusion", "memory-loss", "drowsiness", "poor-concentration"]),
    ("mental-state-examination", &["low-mood", "anxiety", "confusion", "hallucinations", "agitation"]),
    ("gad-7", &["anxiety", "worry", "restlessness"]),
    ("visual-acuity", &["blurred-vision", "visual-loss"]),
];

/// Whether `test` may come out normal in this patient.
fn may_be_normal(picture: &Picture<'_>, test: &str) -> bool {
    NOT_NORMAL.iter().all(|(id, present)| *id != test || !picture.has(present))
}

/// Tests that are not normal in diabetes.
const SUGAR: [&str; 3] = ["glucose", "hba1c", "urinalysis"];

fn is_diabetic(facts: &[Fact]) -> bool {
    let topics =
        facts.iter().filter(|fact| fact.present).flat_map(|fact| std::iter::once(&fact.topic).chain(&fact.also));
    topics.into_iter().any(|topic| topic.name() == "diabetes")
}

fn agree_on_saturation(result: &mut TestResult, percent: u8) {
    for value in result.values.values_mut() {
        *value = f64::from(percent);
    }
    result.report = both(format!("Oxygen saturation {percent} %."), format!("血氧饱和度 {percent} %。"));
}

fn push(results: &mut Vec<TestResult>, result: TestResult) {
    if results.iter().all(|other| other.test != result.test) {
        results.push(result);
    }
}

fn usable<'g>(picture: &Picture<'g>, id: &str) -> Option<&'g Test> {
    let sex = picture.sex();
    let only = only_sex(&TopicId::new(TopicKind::Test, id), picture.graph);
    let possible = !(picture.by_carer() && NOT_IN_CHILDREN.contains(&id));
    picture.graph.test(id).filter(|_| possible && only.is_none_or(|only| only == sex))
}

fn typical(disease: &Disease, edge: &TestedBy, test: &Test, picture: &Picture<'_>, dice: &mut Dice) -> TestResult {
    let sex = picture.sex();
    let mut values = BTreeMap::new();
    for quantity in &test.quantities {
        let drawn = match edge.values.get(&quantity.id) {
            Some([mean, deviation]) => Some(dice.normal(*mean, *deviation) * against_own_range(disease, quantity, sex)),
            // What the disease leaves alone is normal, but a test with no numbers given stays words.
            None if edge.values.is_empty() || is_linked(test, quantity) => None,
            // The reference ranges are of adults.
            None if picture.by_carer() => None,
            None => within_range(quantity.range(sex.into()), dice),
        };
        values.extend(drawn.map(|value| (quantity.id.clone(), printed(quantity, value))));
    }
    TestResult {
        test: test.id.clone(),
        report: if values.is_empty() { reports::in_words(edge, test) } else { in_numbers(test, &values) },
        values,
        series: Vec::new(),
        source: disease_edge(disease, TopicKind::Test, &test.id),
    }
}

/// How a typical value, which a disease of both sexes states against the range of all adults, moves
/// with the patient's own range: a creatinine normal in men is raised in women.
fn against_own_range(disease: &Disease, quantity: &Quantity, sex: Sex) -> f64 {
    if confined_to(disease).is_some() {
        return 1.0;
    }
    let middles = quantity.range(sex.into()).middle().zip(quantity.adult_range().middle());
    middles.filter(|(_, everybody)| *everybody > 0.0).map_or(1.0, |(own, everybody)| own / everybody)
}

/// Whether a quantity hangs together with those the disease changes, so that a normal value beside
/// them would not add up.
fn is_linked(test: &Test, quantity: &Quantity) -> bool {
    test.id == "arterial-blood-gas" || matches!(quantity.id.as_str(), "neutrophils" | "lymphocytes" | "eosinophils")
}

/// "Haemoglobin 114 g/L; platelets 250 10^9/L."
fn in_numbers(test: &Test, values: &BTreeMap<String, f64>) -> Bilingual {
    let measured = test.quantities.iter().filter_map(|quantity| Some((quantity, values.get(&quantity.id)?)));
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    for (quantity, value) in measured {
        let unit = quantity.unit.replace("10^9", "×10⁹").replace("10^6", "×10⁶").replace("10^3", "×10³");
        // A ratio and a pH have no unit to print.
        let unit = if matches!(unit.as_str(), "ratio" | "pH") { String::new() } else { format!(" {unit}") };
        let number = format!("{value:.*}{unit}", usize::from(quantity.decimals));
        en.push(format!("{} {number}", quantity.name.en));
        zh.push(format!("{} {number}", quantity.name.zh));
    }
    both(format!("{}.", en.join("; ")), format!("{}。", zh.join("；")))
}

/// Findings of laboratory and imaging that are present though the disease lists no such test.
fn seen_on_tests(picture: &Picture<'_>) -> Vec<TestResult> {
    let mut shown: BTreeMap<&str, Vec<&Shown<'_>>> = BTreeMap::new();
    let seen = picture.signs.iter().filter(|sign| sign.finding.kind != FindingKind::Sign);
    for sign in seen {
        if let Some(test) = sign.finding.test.as_deref().filter(|id| usable(picture, id).is_some()) {
            shown.entry(test).or_default().push(sign);
        }
    }
    shown
        .into_iter()
        .map(|(test, signs)| TestResult {
            test: test.to_owned(),
            report: listed(&signs),
            values: BTreeMap::new(),
            series: Vec::new(),
            source: disease_edge(picture.disease, TopicKind::Finding, &signs[0].finding.id),
        })
        .collect()
}

/// Tests other than examinations that find something the patient's diseases often show.
fn tests_of_signs<'g>(picture: &Picture<'g>) -> impl Iterator<Item = &'g Test> {
    let found = lasting(picture).flat_map(|disease| &disease.presents_with).filter(|edge| !edge.excluded);
    let tests = found.filter_map(|edge| usable(picture, picture.graph.finding(&edge.finding)?.test.as_deref()?));
    tests.filter(|test| !matches!(test.kind, TestKind::Examination) && test.id != "pulse-oximetry")
}

/// What a test that may not be normal shows: what is present.
fn as_the_patient_is(test: &Test, picture: &Picture<'_>) -> Option<TestResult> {
    let (_, findings) = NOT_NORMAL.iter().find(|(id, _)| *id == test.id)?;
    let present: Vec<&Shown<'_>> =
        picture.present().filter(|shown| findings.contains(&shown.finding.id.as_str())).collect();
    let first = present.first()?;
    Some(TestResult {
        test: test.id.clone(),
        report: listed(&present),
        values: BTreeMap::new(),
        series: Vec::new(),
        source: disease_edge(picture.disease, TopicKind::Finding, &first.finding.id),
    })
}

/// A normal result: values in the middle of the reference range of the patient's sex.
///
/// A small child's is normal in words: the graph's ranges are of adults.
fn normal(test: &Test, picture: &Picture<'_>, dice: &mut Dice) -> TestResult {
    let sex = picture.sex();
    let measured = test.quantities.iter().filter(|_| !picture.by_carer());
    let values: BTreeMap<String, f64> = measured
        .filter_map(|quantity| {
            let value = within_range(quantity.range(sex.into()), dice)?;
            Some((quantity.id.clone(), printed(quantity, value)))
        })
        .collect();
    let values = added_up(values);
    let report = if values.is_empty() { test.normal.clone() } else { in_numbers(test, &values) };
    TestResult { test: test.id.clone(), report, values, series: Vec::new(), source: node(test) }
}

/// The kinds of white cells are parts of the whole: drawn one by one they may exceed it.
fn added_up(mut values: BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    let kinds = ["neutrophils", "lymphocytes", "eosinophils"];
    let Some(all) = values.get("white-cells").copied() else { return values };
    let sum: f64 = kinds.iter().filter_map(|kind| values.get(*kind)).sum();
    let most = all * COUNTED;
    for kind in kinds.into_iter().filter(|_| sum > most) {
        if let Some(value) = values.get_mut(kind) {
            *value = (*value * most / sum * 100.0).round() / 100.0;
        }
    }
    values
}

fn within_range(range: ReferenceRange, dice: &mut Dice) -> Option<f64> {
    let (low, high) = match (range.low, range.high) {
        (Some(low), Some(high)) => (low, high),
        (None, Some(high)) => (0.0, high),
        (Some(low), None) => (low, low * 1.4),
        (None, None) => return None,
    };
    Some(dice.normal(f64::midpoint(low, high), (high - low) / 8.0))
}

/// Rounded to the decimals the laboratory prints; never negative unless the range is.
fn printed(quantity: &Quantity, value: f64) -> f64 {
    let scale = 10_f64.powi(i32::from(quantity.decimals));
    let least = if quantity.low.is_some_and(|low| low < 0.0) { f64::NEG_INFINITY } else { 1.0 / scale };
    ((value * scale).round() / scale).max(least)
}

fn node(test: &Test) -> String {
    format!("graph:{}", TopicId::new(TopicKind::Test, &test.id))
}
