//! Topics, diseases, tests and sources must exist in the graph.

use knowledge_graph::{
    Graph, TopicId, TopicKind,
    hpo::{RareId, TermId},
};

use crate::{
    format::Case,
    problem::{Problem, both},
};

/// The source of what a person wrote.
pub(crate) const AUTHOR: &str = "author";

pub(super) fn check(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    topics(case, graph, problems);
    diseases(case, graph, problems);
    tests(case, graph, problems);
    let facts = case.facts.iter().enumerate().map(|(i, fact)| (format!("fact[{i}].source"), &fact.source));
    let shown = case.examinations.iter().enumerate().map(|(i, e)| (format!("examination[{i}].source"), &e.source));
    let results = case.results.iter().enumerate().map(|(i, r)| (format!("result[{i}].source"), &r.source));
    for (path, source) in facts.chain(shown).chain(results) {
        source_resolves(path, source, graph, problems);
    }
}

fn topics(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    let mut named = vec![("complaint".to_owned(), &case.complaint)];
    for (index, fact) in case.facts.iter().enumerate() {
        named.push((format!("fact[{index}].topic"), &fact.topic));
        named.extend(fact.also.iter().enumerate().map(|(i, topic)| (format!("fact[{index}].also[{i}]"), topic)));
    }
    for (index, item) in case.rubric.iter().enumerate() {
        named.extend(item.topics.iter().enumerate().map(|(i, topic)| (format!("rubric[{index}].topics[{i}]"), topic)));
    }
    for (path, topic) in named {
        if !graph.topic_exists(topic) {
            problems.push(Problem::error(
                path,
                both(format!("the graph has no topic `{topic}`"), format!("知识图谱中没有主题 `{topic}`")),
                mend_unknown(&topic.node().to_string(), nearest_topic(topic, graph).as_deref()),
            ));
        }
    }
}

fn nearest_topic(topic: &TopicId, graph: &Graph) -> Option<String> {
    let wanted = topic.node().to_string();
    let nodes = graph.topics().filter(|info| info.id.facet().is_none()).map(|info| info.id.to_string());
    nearest(&wanted, nodes)
}

fn nearest(wanted: &str, names: impl Iterator<Item = String>) -> Option<String> {
    names
        .map(|name| (strsim::jaro_winkler(wanted, &name), name))
        .filter(|(likeness, _)| *likeness > 0.9)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

fn mend_unknown(name: &str, near: Option<&str>) -> knowledge_graph::Bilingual {
    match near {
        Some(near) => both(format!("Did you mean `{near}`?"), format!("是否应为 `{near}`？")),
        None => both(
            format!("Use an id that `anamnesis graph search` finds, or add `{name}` to the graph"),
            format!("请用 `anamnesis graph search` 查到的编号，或把 `{name}` 加入图谱"),
        ),
    }
}

fn diseases(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    let diagnosis = &case.diagnosis;
    let main = diagnosis.disease.iter().map(|id| ("diagnosis.disease".to_owned(), id));
    let others = diagnosis.comorbidities.iter().enumerate();
    let others = others.map(|(i, id)| (format!("diagnosis.comorbidities[{i}]"), id));
    let ranked = diagnosis.differential.iter().enumerate();
    let ranked =
        ranked.filter_map(|(i, d)| Some((format!("diagnosis.differential[{i}].disease"), d.disease.as_ref()?)));
    for (path, id) in main.chain(others).chain(ranked) {
        if graph.disease(id).is_none() {
            let near = nearest(id, graph.diseases().map(|disease| disease.id.clone()));
            problems.push(Problem::error(
                path,
                both(format!("the graph has no disease `{id}`"), format!("知识图谱中没有疾病 `{id}`")),
                mend_unknown(id, near.as_deref()),
            ));
        }
    }
}

fn tests(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    let examinations = case.examinations.iter().enumerate().map(|(i, e)| (format!("examination[{i}].test"), &e.test));
    let results = case.results.iter().enumerate().map(|(i, r)| (format!("result[{i}].test"), &r.test));
    for (path, id) in examinations.chain(results) {
        if graph.test(id).is_none() {
            let near = nearest(id, graph.tests().map(|test| test.id.clone()));
            problems.push(Problem::error(
                path,
                both(format!("the graph has no test `{id}`"), format!("知识图谱中没有检查 `{id}`")),
                mend_unknown(id, near.as_deref()),
            ));
        }
    }
    for (index, result) in case.results.iter().enumerate() {
        let Some(test) = graph.test(&result.test) else { continue };
        let again = result.series.iter().enumerate().flat_map(|(at, reading)| {
            reading.values.iter().map(move |value| (format!("result[{index}].series[{at}].values"), value))
        });
        let first = result.values.iter().map(|value| (format!("result[{index}].values"), value));
        for (place, (quantity, value)) in first.chain(again) {
            let path = format!("{place}.{quantity}");
            let Some(known) = test.quantities.iter().find(|known| known.id == *quantity) else {
                let names: Vec<&str> = test.quantities.iter().map(|known| known.id.as_str()).collect();
                problems.push(Problem::error(
                    path,
                    both(
                        format!("`{}` does not report `{quantity}`", test.id),
                        format!("`{}` 不报告 `{quantity}`", test.id),
                    ),
                    both(format!("It reports: {}", names.join(", ")), format!("可用的量：{}", names.join(", "))),
                ));
                continue;
            };
            if *value < 0.0 && known.low.is_none_or(|low| low >= 0.0) {
                problems.push(Problem::error(
                    path,
                    both("the value cannot be negative", "数值不能为负"),
                    both(format!("Give it in {}", known.unit), format!("请以 {} 为单位填写", known.unit)),
                ));
            }
        }
    }
}

fn source_resolves(path: String, source: &str, graph: &Graph, problems: &mut Vec<Problem>) {
    let in_graph = || source.strip_prefix("graph:").is_some_and(|edge| edge_exists(edge, graph));
    if source == AUTHOR || in_graph() || source.strip_prefix("hpo:").is_some_and(is_annotation) {
        return;
    }
    problems.push(Problem::error(
        path,
        both(format!("the source `{source}` is not in the graph"), format!("知识图谱中没有来源 `{source}`")),
        both(
            "Write `graph:disease:ID->finding:ID` for an edge that exists, `graph:TOPIC` for a node, \
             `hpo:ORPHA:NUMBER/HP:NUMBER` for an annotation, or `author`",
            "请写存在的边 `graph:disease:ID->finding:ID`、节点 `graph:主题`、注释 `hpo:ORPHA:编号/HP:编号`，或 `author`",
        ),
    ));
}

/// Whether it names a rare disease and a term, such as `ORPHA:905/HP:0001337`. Which annotations
/// there are depends on the release that is installed, so only the form is checked.
fn is_annotation(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(disease, term)| disease.parse::<RareId>().is_ok() && term.parse::<TermId>().is_ok())
}

fn edge_exists(edge: &str, graph: &Graph) -> bool {
    let exists = |text: &str| text.parse::<TopicId>().ok().filter(|topic| graph.topic_exists(topic));
    match edge.split_once("->") {
        None => exists(edge).is_some(),
        Some((from, to)) => exists(from).zip(exists(to)).is_some_and(|(from, to)| {
            let differential = from.kind() == TopicKind::Disease && to.kind() == TopicKind::Disease;
            graph.relations(&from, &to).next().is_some()
                || (differential || to.kind() == TopicKind::Disease) && graph.relations(&to, &from).next().is_some()
        }),
    }
}
