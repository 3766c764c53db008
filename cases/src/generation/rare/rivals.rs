//! What a student must tell a rare disease from: diseases of the core that explain the same
//! findings, and the nearest rare ones.

use knowledge_graph::{
    Bilingual, Graph, Language, TopicId, TopicKind,
    format::{Disease, Evidence, FindingKind, Mimics, Provenance},
    hpo::{Candidate, Join, RareDisease, RareOptions, rare_differential},
    lower_first,
    query::{Options, Patient, Presence},
};

use super::super::person::{Person, confined_to};
use crate::{format::Differential, problem::both};

/// Diseases of the core in the differential at most, and rare ones.
const MOST: (usize, usize) = (4, 2);
/// Candidates looked through.
const CANDIDATES: usize = 60;
/// The most frequent findings: what others must explain.
const TYPICAL: usize = 8;
/// Findings named in a reason at most.
const NAMED: usize = 3;

/// The differential of a rare disease.
pub(super) struct Rivals {
    /// Diseases of the core, as edges.
    pub(super) core: Vec<Mimics>,
    /// Other rare diseases.
    pub(super) rare: Vec<Differential>,
}

pub(super) fn rivals(join: &Join<'_>, rare: RareDisease<'_>, disease: &Disease, person: &Person) -> Rivals {
    let graph = join.graph();
    let typical: Vec<&str> = disease.presents_with.iter().take(TYPICAL).map(|edge| edge.finding.as_str()).collect();
    let topics: Vec<(TopicId, Presence)> =
        typical.iter().map(|id| (TopicId::new(TopicKind::Finding, *id), Presence::Present)).collect();
    let patient = Patient { age: person.age, sex: person.sex.into() };
    let core = Options { unverified: true, ..Options::default() };
    let options = RareOptions { core, top: CANDIDATES, ..RareOptions::default() };
    let candidates = rare_differential(join, &topics, &[], Some(patient), &options).candidates;
    let mut rivals = Rivals { core: Vec::new(), rare: Vec::new() };
    for candidate in candidates {
        match candidate {
            Candidate::Core { disease: id, .. } if rivals.core.len() < MOST.0 => {
                let other = graph.disease(&id);
                let possible = other.filter(|other| confined_to(other).is_none_or(|only| only == person.sex));
                rivals.core.extend(possible.map(|other| mimic(graph, other, &typical)));
            }
            Candidate::Hpo { disease: id, name, also_listed, .. }
                if rivals.rare.len() < MOST.1 && id != rare.id() && !also_listed.contains(&rare.id()) =>
            {
                rivals.rare.push(listed(&format!("{name} ({id})")));
            }
            _ => {}
        }
    }
    rivals
}

/// What it shares with the patient, and what it leaves unexplained.
fn mimic(graph: &Graph, other: &Disease, typical: &[&str]) -> Mimics {
    let explains = |id: &&&str| other.presents_with.iter().any(|edge| edge.finding == **id && !edge.excluded);
    let (shared, left): (Vec<&str>, Vec<&str>) = typical.iter().partition(|id| explains(id));
    let separates = match (shared.is_empty(), left.is_empty()) {
        (false, false) => both(
            format!("May show {} too; does not explain {}.", named(graph, &shared).en, named(graph, &left).en),
            format!("也可有{}；但不能解释{}。", named(graph, &shared).zh, named(graph, &left).zh),
        ),
        (false, true) => both(
            format!("Shows {} as well and is more common: exclude it first.", named(graph, &shared).en),
            format!("同样可有{}，且更常见，应先排除。", named(graph, &shared).zh),
        ),
        _ => both(
            format!("Common at this age; does not explain {}.", named(graph, &left).en),
            format!("该年龄常见；但不能解释{}。", named(graph, &left).zh),
        ),
    };
    let told = |id: &&&str| graph.finding(id).is_some_and(|finding| finding.kind == FindingKind::Symptom);
    Mimics {
        disease: other.id.clone(),
        separates,
        topics: left.iter().filter(told).map(|id| TopicId::new(TopicKind::Finding, *id)).collect(),
        provenance: Provenance { source: None, evidence: Some(Evidence::Unverified) },
    }
}

fn named(graph: &Graph, findings: &[&str]) -> Bilingual {
    let names: Vec<&Bilingual> =
        findings.iter().take(NAMED).filter_map(|id| graph.finding(id)).map(|finding| &finding.name).collect();
    let en: Vec<String> = names.iter().map(|name| lower_first(name.get(Language::En))).collect();
    let zh: Vec<&str> = names.iter().map(|name| name.get(Language::Zh)).collect();
    both(en.join(", "), zh.join("、"))
}

fn listed(name: &str) -> Differential {
    Differential {
        disease: None,
        name: both(name, format!("{name}（HPO只有英文名）")),
        reason: both(
            "Another rare disease whose annotated findings overlap; tests, not the history, tell them apart.",
            "另一种罕见病，所注释的表现有重叠；靠检查而非病史区分。",
        ),
        dangerous: false,
    }
}
