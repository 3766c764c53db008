//! Nothing may be listed twice.

use std::collections::BTreeMap;

use crate::{
    format::Case,
    problem::{Problem, both},
};

pub(super) fn check(case: &Case, problems: &mut Vec<Problem>) {
    let facts = case.facts.iter().map(|fact| fact.id.as_str());
    unique(facts, "fact", "id", problems);
    unique(case.rubric.iter().map(|item| item.id.as_str()), "rubric", "id", problems);
    unique(case.examinations.iter().map(|shown| shown.test.as_str()), "examination", "test", problems);
    unique(case.results.iter().map(|shown| shown.test.as_str()), "result", "test", problems);
}

fn unique<'c>(names: impl Iterator<Item = &'c str>, list: &str, key: &str, problems: &mut Vec<Problem>) {
    let mut first_at = BTreeMap::new();
    for (index, name) in names.enumerate() {
        let first = *first_at.entry(name).or_insert(index);
        if first == index {
            continue;
        }
        problems.push(Problem::error(
            format!("{list}[{index}].{key}"),
            both(format!("`{name}` is already used by {list}[{first}]"), format!("`{name}` 已被 {list}[{first}] 使用")),
            both("Give each its own, or merge the two", "请改用不同名称，或合并两项"),
        ));
    }
}
