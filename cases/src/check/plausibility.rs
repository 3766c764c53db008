//! What a body can show, and what belongs to which sex and age.

use std::ops::RangeInclusive;

use knowledge_graph::{Graph, TopicId, TopicKind};

use crate::{
    format::{Case, Sex, Vitals},
    problem::{Problem, both},
};

/// Topics that concern only women.
const FEMALE_TOPICS: [&str; 6] = [
    "history:lmp",
    "history:menstrual-cycle",
    "history:pregnancy-possible",
    "history:obstetric-history",
    "history:menopause",
    "history:cervical-screening",
];
/// Gynaecological findings that men may have too.
const SHARED_FINDINGS: [&str; 2] = ["hot-flushes", "shoulder-tip-pain"];
/// Words in the ids of findings and tests that concern only men.
const MALE_WORDS: [&str; 4] = ["testicular", "testis", "scrotal", "prostate"];
/// Words in the ids of tests that concern only women.
const FEMALE_TESTS: [&str; 7] = [
    "pregnancy",
    "transvaginal",
    "pelvic-examination",
    "cervical-smear",
    "obstetric",
    "cardiotocography",
    "placental-growth-factor",
];

pub(super) fn check(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    vitals(&case.vitals, problems);
    patient(case, problems);
    for (index, fact) in case.facts.iter().enumerate() {
        for topic in std::iter::once(&fact.topic).chain(&fact.also) {
            belongs(&format!("fact[{index}].topic"), topic, case.patient.sex, graph, problems);
        }
    }
    for (index, item) in case.rubric.iter().enumerate() {
        for topic in &item.topics {
            belongs(&format!("rubric[{index}].topics"), topic, case.patient.sex, graph, problems);
        }
    }
    let examined = case.examinations.iter().enumerate().map(|(i, e)| (format!("examination[{i}].test"), &e.test));
    let tested = case.results.iter().enumerate().map(|(i, r)| (format!("result[{i}].test"), &r.test));
    for (path, test) in examined.chain(tested) {
        belongs(&path, &TopicId::new(TopicKind::Test, test), case.patient.sex, graph, problems);
    }
}

fn vitals(vitals: &Vitals, problems: &mut Vec<Problem>) {
    within("temperature_c", vitals.temperature_c, 30.0..=43.0, problems);
    within("pulse_per_min", f64::from(vitals.pulse_per_min), 20.0..=250.0, problems);
    within("systolic_mmhg", f64::from(vitals.systolic_mmhg), 50.0..=280.0, problems);
    within("diastolic_mmhg", f64::from(vitals.diastolic_mmhg), 20.0..=170.0, problems);
    within("respiratory_rate_per_min", f64::from(vitals.respiratory_rate_per_min), 4.0..=80.0, problems);
    within("spo2_percent", f64::from(vitals.spo2_percent), 50.0..=100.0, problems);
    if vitals.diastolic_mmhg >= vitals.systolic_mmhg {
        problems.push(Problem::error(
            "vitals.diastolic_mmhg",
            both("the diastolic pressure is not below the systolic", "舒张压不低于收缩压"),
            both("Swap or correct them", "请对调或更正"),
        ));
    }
}

fn within(key: &str, value: f64, range: RangeInclusive<f64>, problems: &mut Vec<Problem>) {
    if range.contains(&value) {
        return;
    }
    let (low, high) = (range.start(), range.end());
    problems.push(Problem::error(
        format!("vitals.{key}"),
        both(format!("{value} is not possible in a living patient"), format!("{value} 在生理上不可能")),
        both(format!("Write {low} to {high}"), format!("请写 {low} 到 {high}")),
    ));
}

fn patient(case: &Case, problems: &mut Vec<Problem>) {
    if case.patient.age > 115 {
        problems.push(Problem::error(
            "patient.age",
            both(format!("nobody is {} years old", case.patient.age), format!("年龄 {} 岁不合理", case.patient.age)),
            both("Write the age in years", "请写周岁年龄"),
        ));
    }
    if case.patient.age < 8 && case.patient.spokesperson.is_none() {
        problems.push(Problem::warning(
            "patient.spokesperson",
            both("a child this young does not give the history", "如此年幼的孩子无法自己陈述病史"),
            both("Say who speaks, such as the mother", "请写明陈述者，例如母亲"),
        ));
    }
    if !(2..=180).contains(&case.minutes) {
        problems.push(Problem::error(
            "minutes",
            both(
                format!("{} minutes is no length for a station", case.minutes),
                format!("考站时长 {} 分钟不合理", case.minutes),
            ),
            both("Write 5 to 20 as a rule, 2 to 180 at the limits", "通常 5 到 20 分钟，最少 2，最多 180"),
        ));
    }
}

fn belongs(path: &str, topic: &TopicId, sex: Sex, graph: &Graph, problems: &mut Vec<Problem>) {
    let only = only_sex(topic, graph);
    if only.is_none_or(|only| only == sex) {
        return;
    }
    let (en, zh) = if sex == Sex::Male { ("a man", "男性") } else { ("a woman", "女性") };
    problems.push(Problem::error(
        path,
        both(format!("`{topic}` does not apply to {en}"), format!("`{topic}` 不适用于{zh}患者")),
        both("Remove it, or correct the patient's sex", "请删除，或更正患者性别"),
    ));
}

/// The sex a topic is confined to, if any.
pub fn only_sex(topic: &TopicId, graph: &Graph) -> Option<Sex> {
    let name = topic.name();
    if MALE_WORDS.iter().any(|word| name.contains(word)) {
        return Some(Sex::Male);
    }
    let female = match topic.kind() {
        TopicKind::History => FEMALE_TOPICS.contains(&topic.node().to_string().as_str()),
        TopicKind::Test => FEMALE_TESTS.iter().any(|word| name.contains(word)),
        TopicKind::Finding => {
            !SHARED_FINDINGS.contains(&name)
                && graph.finding(name).is_some_and(|finding| finding.system == "gynaecological")
        }
        _ => false,
    };
    female.then_some(Sex::Female)
}
