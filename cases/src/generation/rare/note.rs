//! What the teacher is told of a case from annotations: where everything comes from, what is not
//! known, and what has no place in the case.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual, Graph,
    hpo::{Aspect, Join, RareDisease, Term},
};

use super::bridge::Bridge;
use crate::problem::both;

/// References named.
const REFERENCES: usize = 8;
/// Findings without a place that are named; the rest is counted.
const NAMED: usize = 12;

/// The disease in short, its source and its limits.
pub(super) fn summary(join: &Join<'_>, rare: RareDisease<'_>, bridge: &Bridge<'_>) -> Bilingual {
    let release = join.layer().release();
    let (inherited, course) = (terms(rare, Aspect::Inheritance), terms(rare, Aspect::Course));
    let runs = |terms: &[Term<'_>]| both(names(terms).en, names(terms).zh);
    let mut en = vec![format!("{} ({}).", rare.name(), rare.id())];
    let mut zh = vec![format!("{}（{}）。", rare.name(), rare.id())];
    for (terms, title_en, title_zh) in
        [(&inherited, "Inheritance", "遗传方式"), (&course, "Onset and course", "起病与病程")]
    {
        if !terms.is_empty() {
            let text = runs(terms);
            en.push(format!("{title_en}: {}.", text.en));
            zh.push(format!("{title_zh}：{}。", text.zh));
        }
    }
    let references = references(rare);
    en.push(format!(
        "Findings, frequencies, onset and sex are annotations of the {}; references: {references}. How common the \
         disease is, HPO does not say.",
        release.credit()
    ));
    zh.push(format!(
        "表现、频率、起病年龄与性别均取自 {} 的注释；文献：{references}。HPO不提供患病率。",
        release.credit()
    ));
    if let Some(text) = left_out(bridge) {
        en.push(text.en);
        zh.push(text.zh);
    }
    both(en.join(" "), zh.concat())
}

/// What the case does not show and why, so that nothing is dropped in silence.
fn left_out(bridge: &Bridge<'_>) -> Option<Bilingual> {
    if bridge.nowhere.is_empty() {
        return None;
    }
    let terms: Vec<Term<'_>> = bridge.nowhere.iter().map(|(finding, _)| finding.term).collect();
    let shown = names(&terms[..terms.len().min(NAMED)]);
    let more = terms.len().saturating_sub(NAMED);
    let (more_en, more_zh) = match more {
        0 => (String::new(), String::new()),
        _ => (format!(" and {more} more"), format!("，另有{more}项")),
    };
    Some(both(
        format!(
            "Annotated, but in this case neither told nor shown, as the core has no words or test for it: {}{more_en}.",
            shown.en
        ),
        format!("另有注释但本病例未体现（核心图谱无相应用语或检查）：{}{more_zh}。", shown.zh),
    ))
}

fn terms(rare: RareDisease<'_>, aspect: Aspect) -> Vec<Term<'_>> {
    let mut seen = BTreeSet::new();
    let rows = rare.annotations().filter(|row| row.aspect == aspect && !row.excluded);
    rows.map(|row| row.term).filter(|term| seen.insert(term.id())).collect()
}

/// Names in both languages; the English one where there is no Chinese.
fn names(terms: &[Term<'_>]) -> Bilingual {
    let en: Vec<&str> = terms.iter().map(|term| term.name()).collect();
    let zh: Vec<&str> = terms.iter().map(|term| term.chinese().unwrap_or_else(|| term.name())).collect();
    both(en.join("; "), zh.join("、"))
}

/// References of the rows, the most cited first.
fn references(rare: RareDisease<'_>) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for row in rare.annotations() {
        match counts.iter_mut().find(|(known, _)| *known == row.reference) {
            Some((_, count)) => *count += 1,
            None => counts.push((row.reference, 1)),
        }
    }
    counts.sort_by_key(|(reference, count)| (std::cmp::Reverse(*count), *reference));
    let named: Vec<&str> = counts.iter().take(REFERENCES).map(|(reference, _)| *reference).collect();
    named.join(", ")
}

/// Symptoms that are present but were one too many for the patient to tell.
pub(super) fn untold(graph: &Graph, findings: &[&str]) -> Option<Bilingual> {
    let names: Vec<&Bilingual> = findings.iter().filter_map(|id| graph.finding(id)).map(|one| &one.name).collect();
    let list = |pick: fn(&Bilingual) -> &str, separator: &str| {
        names.iter().map(|name| pick(name)).collect::<Vec<_>>().join(separator)
    };
    (!names.is_empty()).then(|| {
        both(
            format!(" Frequent in the disease, not in this patient: {}.", list(|name| &name.en, "; ")),
            format!("本病常见而此患者未出现：{}。", list(|name| &name.zh, "、")),
        )
    })
}
