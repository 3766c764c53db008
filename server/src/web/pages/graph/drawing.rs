//! What of a disease's neighbourhood is drawn.

use super::{
    layout::{Branch, Drawing, Leaf, narrow, wide},
    words::{href, share},
};
use crate::{
    explore::{DiseaseView, Edge},
    web::pages::frame::Frame,
};

/// How many neighbours of a kind are drawn, wide and narrow; the tables below have all.
struct Kind<'a> {
    title: &'static str,
    class: &'static str,
    edges: &'a [Edge],
    wide: usize,
    narrow: usize,
}

/// The neighbourhood of a disease, for wide and for narrow windows.
pub(super) fn neighbourhood(page: &Frame, disease: &DiseaseView) -> [Drawing; 2] {
    let kind = |title, class, edges, wide, narrow| Kind { title, class, edges, wide, narrow };
    let right = [
        kind("graph-presents-with", "findings", disease.findings.as_slice(), 9, 6),
        kind("graph-tested-by", "tests", &disease.tests, 4, 2),
        kind("graph-treated-by", "treatments", &disease.treatments, 3, 2),
    ];
    let left = [
        kind("graph-risk-for", "risk-factors", disease.risk_factors.as_slice(), 4, 3),
        kind("graph-mimics", "differentials", &disease.differentials, 5, 3),
        kind("graph-comorbid-with", "comorbidities", &disease.comorbidities, 3, 2),
        kind("graph-complicates", "complications", &disease.complications, 3, 2),
    ];
    let branches = |kinds: &[Kind<'_>], count: fn(&Kind<'_>) -> usize| -> Vec<Branch> {
        let drawn = kinds.iter().filter(|kind| !kind.edges.is_empty());
        drawn.map(|kind| branch(page, kind, count(kind))).collect()
    };
    let name = disease.name.get(page.language);
    let below: Vec<Branch> =
        branches(&right[..1], |kind| kind.narrow).into_iter().chain(branches(&left, |kind| kind.narrow)).collect();
    let below: Vec<Branch> = below.into_iter().chain(branches(&right[1..], |kind| kind.narrow)).collect();
    [wide(name, &branches(&left, |kind| kind.wide), &branches(&right, |kind| kind.wide)), narrow(name, &below)]
}

fn branch(page: &Frame, kind: &Kind<'_>, count: usize) -> Branch {
    let more = kind.edges.len().saturating_sub(count);
    Branch {
        title: page.t(kind.title),
        kind: kind.class,
        leaves: kind.edges.iter().take(count).map(|edge| leaf(page, edge)).collect(),
        more: if more == 0 { String::new() } else { page.say("graph-more").with("n", more).to_string() },
    }
}

fn leaf(page: &Frame, edge: &Edge) -> Leaf {
    let name = edge.name.get(page.language);
    let unverified = edge.evidence == knowledge_graph::format::Evidence::Unverified;
    let parts = [
        Some(name.to_owned()),
        edge.frequency.as_ref().map(|one| page.say("graph-of-patients").with("share", share(page, one)).to_string()),
        edge.excluded.then(|| page.t("graph-excluded")),
        unverified.then(|| page.named("evidence", edge.evidence.as_str())),
    ];
    Leaf {
        label: name.to_owned(),
        told: parts.into_iter().flatten().collect::<Vec<_>>().join(page.t("graph-comma").as_str()),
        href: edge.topic.as_ref().and_then(href),
        share: edge.frequency.as_ref().map(|one| one.proportion),
        unverified,
    }
}
