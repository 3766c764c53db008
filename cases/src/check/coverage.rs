//! The facts and the rubric must fit each other.

use std::collections::BTreeMap;

use knowledge_graph::{Graph, TopicId, TopicKind};

use crate::{
    answers::answering,
    format::{Case, Disclosure},
    orders::unrecorded,
    problem::{Problem, both},
};

/// Facts volunteered at most: a patient who says everything at once leaves nothing to ask.
const MOST_VOLUNTEERED: usize = 4;

pub(super) fn check(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    complaint(case, graph, problems);
    volunteered(case, problems);
    contradictions(case, graph, problems);
    rubric(case, graph, problems);
    results(case, graph, problems);
    for (index, fact) in case.facts.iter().enumerate().filter(|(_, fact)| !(1..=5).contains(&fact.bother)) {
        problems.push(Problem::error(
            format!("fact[{index}].bother"),
            both(format!("{} is not a degree of bother", fact.bother), format!("困扰程度不能为 {}", fact.bother)),
            both("Write 1 (hardly) to 5 (most)", "请写 1（几乎不）到 5（最严重）"),
        ));
    }
}

fn complaint(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    if !answering(&case.facts, &case.complaint, graph).iter().any(|fact| fact.present) {
        problems.push(Problem::error(
            "complaint",
            both(
                format!("no fact answers the complaint `{}`", case.complaint),
                format!("没有事实回答主诉 `{}`", case.complaint),
            ),
            both("Add a fact with that topic", "请添加以其为主题的事实"),
        ));
    }
}

fn volunteered(case: &Case, problems: &mut Vec<Problem>) {
    let count = case.facts.iter().filter(|fact| fact.disclosure == Disclosure::Volunteered).count();
    if count == 0 {
        problems.push(Problem::error(
            "fact",
            both("no fact is volunteered, so the patient has nothing to say first", "没有主动诉说的事实，患者无从开口"),
            both("Make the complaint `volunteered`", "请把主诉设为 `volunteered`"),
        ));
    }
    if count > MOST_VOLUNTEERED {
        problems.push(Problem::warning(
            "fact",
            both(format!("{count} facts are volunteered"), format!("主动诉说的事实有 {count} 条")),
            both("One to three leave the student something to ask", "一至三条为宜，其余留给考生询问"),
        ));
    }
}

/// The same topic present and absent, or a finding absent whose narrower form is present.
fn contradictions(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    let mut present: BTreeMap<&TopicId, usize> = BTreeMap::new();
    for (index, fact) in case.facts.iter().enumerate().filter(|(_, fact)| fact.present) {
        for topic in std::iter::once(&fact.topic).chain(&fact.also) {
            present.entry(topic).or_insert(index);
        }
    }
    for (index, fact) in case.facts.iter().enumerate().filter(|(_, fact)| !fact.present) {
        let clash = std::iter::once(&fact.topic).chain(&fact.also).find_map(|absent| {
            let (topic, other) = present.iter().find(|(topic, _)| {
                **topic == absent || absent.kind() == TopicKind::Finding && graph.is_a(topic, absent)
            })?;
            Some((absent, (*topic).clone(), *other))
        });
        if let Some((absent, topic, other)) = clash {
            problems.push(Problem::error(
                format!("fact[{index}]"),
                both(
                    format!("`{absent}` is absent here, but fact[{other}] says `{topic}` is present"),
                    format!("此处 `{absent}` 为无，但 fact[{other}] 说 `{topic}` 为有"),
                ),
                both("Decide which is true, or ask about different facets", "请确定哪条属实，或改为不同方面"),
            ));
        }
    }
}

/// Tests the diagnosis or a comorbidity would change, yet the case says nothing of.
fn results(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    let missing = unrecorded(case, graph);
    if missing.is_empty() {
        return;
    }
    let listed = missing.iter().map(|test| format!("`{}`", test.id)).collect::<Vec<_>>().join(", ");
    problems.push(Problem::warning(
        "result",
        both(
            format!("what this patient has would change {listed}, which the case does not record"),
            format!("该患者所患疾病会影响 {listed}，而病例没有记录"),
        ),
        both(
            "Add an `[[examination]]` or `[[result]]`; until then a student who orders it is told there is none",
            "请添加 `[[examination]]` 或 `[[result]]`；否则学生申请时会被告知没有结果",
        ),
    ));
}

fn rubric(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    if case.rubric.is_empty() {
        problems.push(Problem::error(
            "rubric",
            both("the rubric is empty", "评分表为空"),
            both("Say what the student should ask", "请写明考生应询问的内容"),
        ));
        return;
    }
    if !case.rubric.iter().any(|item| item.critical) {
        problems.push(Problem::warning(
            "rubric",
            both("no item is critical", "没有关键项"),
            both("Mark what must not be missed", "请标出不可遗漏的项目"),
        ));
    }
    for (index, item) in case.rubric.iter().enumerate() {
        if !(item.weight.is_finite() && item.weight > 0.0) {
            problems.push(Problem::error(
                format!("rubric[{index}].weight"),
                both("the weight is not above zero", "权重必须大于零"),
                both("Write 1 for an ordinary item", "普通项目请写 1"),
            ));
        }
        if item.topics.is_empty() {
            problems.push(Problem::error(
                format!("rubric[{index}].topics"),
                both(
                    format!("`{}` has no topic that could earn it", item.id),
                    format!("`{}` 没有可得分的主题", item.id),
                ),
                both("Name at least one topic", "请至少写一个主题"),
            ));
        }
        // A move of the consultation is earned by the student's words; no fact answers it.
        let asked: Vec<&TopicId> = item.topics.iter().filter(|t| t.kind() != TopicKind::Consultation).collect();
        let answered = |topic: &&TopicId| !answering(&case.facts, topic, graph).is_empty();
        if !asked.is_empty() && !asked.iter().any(answered) {
            problems.push(Problem::warning(
                format!("rubric[{index}].topics"),
                both(
                    format!("no fact answers `{}`, so the patient will say they have not noticed", item.id),
                    format!("没有事实回答 `{}`，患者只会说“没注意”", item.id),
                ),
                both("Add a fact, an absent one if need be", "请添加事实，必要时写为“无”"),
            ));
        }
    }
}
