//! How the graph judges a case from what the case itself says.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual, Graph, TopicId, TopicKind,
    query::{self, Differential, Options, Patient, Presence},
};
use serde::Serialize;

use crate::{
    check::check,
    format::{Case, Fact},
    problem::{Problem, both},
};

/// Findings named for a rival.
const REASONS: usize = 3;

/// Where the case's own diagnosis stands among all diseases, given everything the case says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The diagnosis, name part of a graph node.
    pub disease: String,
    /// Its place, from 1; the patient's other diseases are not counted.
    pub rank: usize,
    /// Its probability.
    pub probability: f64,
    /// The disease that comes first instead.
    pub rival: Option<Rival>,
}

/// A disease that explains a case better than its diagnosis does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rival {
    /// Name part of the disease's id.
    pub disease: String,
    /// Its probability.
    pub probability: f64,
    /// What speaks most for it and against the diagnosis, strongest first.
    pub because: Vec<TopicId>,
}

/// Where the diagnosis of `case` stands; none when the graph does not have it.
pub fn standing(case: &Case, graph: &Graph) -> Option<Standing> {
    standing_by(case, graph, &evidence(case))
}

/// Where the diagnosis of `case` stands by `known` alone.
pub(crate) fn standing_by(case: &Case, graph: &Graph, known: &[(TopicId, Presence)]) -> Option<Standing> {
    let disease = case.diagnosis.disease.as_deref().filter(|id| graph.disease(id).is_some())?;
    let differential = query::differential(graph, known, Some(patient(case)), &options());
    let others = other_diseases(case, disease);
    let mut ranked = differential.posteriors.iter().filter(|one| !others.contains(one.disease.as_str()));
    let rank = ranked.clone().position(|one| one.disease == disease)? + 1;
    let first = ranked.next()?;
    Some(Standing {
        disease: disease.to_owned(),
        rank,
        probability: differential.of(disease)?.probability,
        rival: (rank > 1).then(|| Rival {
            disease: first.disease.clone(),
            probability: first.probability,
            because: because(&differential, &first.disease, disease),
        }),
    })
}

/// Age and sex, as far as they make a disease likely.
pub fn patient(case: &Case) -> Patient {
    Patient { age: case.patient.age, sex: case.patient.sex.into() }
}

/// A practice patient may rest on estimates; nothing is graded here.
pub(crate) fn options() -> Options {
    Options { unverified: true, ..Options::default() }
}

/// What the case says of findings and risk factors: its facts, and what examining and testing show.
pub(crate) fn evidence(case: &Case) -> Vec<(TopicId, Presence)> {
    let tests = case.examinations.iter().map(|one| &one.test).chain(case.results.iter().map(|one| &one.test));
    let shown = tests.flat_map(|test| evidence_of_test(case, test));
    case.facts.iter().flat_map(evidence_of_fact).chain(shown).collect()
}

/// What telling `fact` says of findings and risk factors.
pub fn evidence_of_fact(fact: &Fact) -> Vec<(TopicId, Presence)> {
    let presence = if fact.present { Presence::Present } else { Presence::Absent };
    let topics = std::iter::once(&fact.topic).chain(&fact.also).filter(|topic| topic.facet().is_none()).cloned();
    topics.chain(edge_target(&fact.source)).filter(counts).map(|topic| (topic, presence)).collect()
}

/// What ordering `test` (name part of a `test:` node) shows in `case` of findings.
pub fn evidence_of_test(case: &Case, test: &str) -> Vec<(TopicId, Presence)> {
    let examined = case.examinations.iter().filter(|one| one.test == test).map(|one| &one.source);
    let measured = case.results.iter().filter(|one| one.test == test).map(|one| &one.source);
    let targets = examined.chain(measured).filter_map(|source| edge_target(source));
    targets.filter(counts).map(|topic| (topic, Presence::Present)).collect()
}

fn counts(topic: &TopicId) -> bool {
    matches!(topic.kind(), TopicKind::Finding | TopicKind::RiskFactor)
}

/// What the edge `graph:FROM->TO` points to.
fn edge_target(source: &str) -> Option<TopicId> {
    source.strip_prefix("graph:")?.split_once("->")?.1.parse().ok()
}

/// The patient's other diseases: those whose edges tell what the patient has.
fn other_diseases<'c>(case: &'c Case, disease: &str) -> BTreeSet<&'c str> {
    let present = case.facts.iter().filter(|fact| fact.present);
    let from = present.filter_map(|fact| {
        let from = fact.source.strip_prefix("graph:disease:")?;
        Some(from.split_once("->").map_or(from, |(from, _)| from))
    });
    from.filter(|id| *id != disease).collect()
}

fn because(differential: &Differential, rival: &str, disease: &str) -> Vec<TopicId> {
    let gains = |id: &str| {
        let found = differential.of(id);
        found.map(|one| one.contributions.as_slice()).unwrap_or_default()
    };
    let against = |topic: &TopicId| gains(disease).iter().find(|one| one.topic == *topic).map_or(0.0, |one| one.log10);
    let mut reasons: Vec<(f64, &TopicId)> =
        gains(rival).iter().map(|one| (one.log10 - against(&one.topic), &one.topic)).collect();
    let only_against = gains(disease).iter().filter(|one| gains(rival).iter().all(|other| other.topic != one.topic));
    reasons.extend(only_against.map(|one| (-one.log10, &one.topic)));
    reasons.retain(|(gain, _)| *gain > 0.0);
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
    reasons.into_iter().take(REASONS).map(|(_, topic)| topic.clone()).collect()
}

/// Everything a teacher should know before using a case: [`check`], and a warning when the case's
/// own findings point to another disease.
pub fn review(case: &Case, graph: &Graph) -> Vec<Problem> {
    let mut problems = check(case, graph);
    if let Some(Standing { disease, rank, probability, rival: Some(rival) }) = standing(case, graph) {
        problems.push(second_choice(graph, &disease, rank, probability, &rival));
    }
    problems
}

fn second_choice(graph: &Graph, disease: &str, rank: usize, probability: f64, rival: &Rival) -> Problem {
    let name =
        |id: &str| graph.disease(id).map_or_else(|| both(id.to_owned(), id.to_owned()), |disease| disease.name.clone());
    let topic =
        |id: &TopicId| graph.topic(id).map_or_else(|| both(id.to_string(), id.to_string()), |topic| topic.name.clone());
    let reasons: Vec<Bilingual> = rival.because.iter().map(topic).collect();
    let list = |separator: &str, pick: fn(&Bilingual) -> &String| {
        reasons.iter().map(|reason| pick(reason).clone()).collect::<Vec<_>>().join(separator)
    };
    let (diagnosis, first) = (name(disease), name(&rival.disease));
    let (percent, most) = (probability * 100.0, rival.probability * 100.0);
    Problem::warning(
        "diagnosis.disease",
        both(
            format!(
                "From its own findings the graph puts {} first ({most:.0} %) and {} in place {rank} ({percent:.0} %); \
                 what decides: {}",
                first.en,
                diagnosis.en,
                list(", ", |text| &text.en),
            ),
            format!(
                "仅凭病例自身的表现，图谱把{}排第一（{most:.0}%），{}排第 {rank}（{percent:.0}%）；起决定作用的是：{}",
                first.zh,
                diagnosis.zh,
                list("、", |text| &text.zh),
            ),
        ),
        both(
            "Give the diagnosis a finding of its own or deny one of the other's, or leave it as an atypical case on purpose",
            "可为本诊断增加特征性表现，或否认另一疾病的表现；若有意设计为不典型病例，也可保留",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Request, format::Level, generate};

    fn generated(disease: &str) -> Case {
        let request = Request {
            disease: disease.to_owned(),
            comorbidities: Vec::new(),
            age: None,
            sex: None,
            level: Level::Introductory,
            style: None,
            language: None,
            seed: 4,
        };
        generate(Graph::embedded().unwrap(), &request).unwrap()
    }

    #[test]
    fn a_textbook_picture_points_to_its_disease() {
        let graph = Graph::embedded().unwrap();

        let standing = standing(&generated("renal-colic"), graph).unwrap();

        assert_eq!((standing.rank, standing.rival), (1, None));
        assert!(standing.probability > 0.5, "{}", standing.probability);
    }

    #[test]
    fn a_case_under_the_wrong_name_is_found_out() {
        let graph = Graph::embedded().unwrap();
        let case = generated("renal-colic");
        let mut wrong = case.clone();
        wrong.diagnosis.disease = Some("migraine".to_owned());

        let problems = review(&wrong, graph);

        let warning = problems.iter().find(|problem| problem.path == "diagnosis.disease").unwrap();
        assert!(!warning.is_error() && warning.message.en.contains("Migraine in place"), "{warning}");
        assert!(review(&case, graph).iter().all(|problem| problem.path != "diagnosis.disease"));
    }
}
