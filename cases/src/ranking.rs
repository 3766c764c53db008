//! Where the graph puts the diagnosis of a case that others wrote, given nothing but its findings.

use knowledge_graph::{
    DiseaseMatch, Graph, Language, Mentions, TopicId, TopicKind,
    hpo::{Candidate, Hit, Join, RareDisease, RareOptions, rare_differential},
    query::Presence,
};
use serde::Serialize;

use crate::{
    check::AUTHOR,
    format::Case,
    standing::{Standing, evidence, options, patient, standing_by},
};

/// Least score at which the text of a diagnosis is taken for a disease of the graph: its name, a
/// synonym or a lay name, or one of them within a longer text.
const LEAST_MATCH: f64 = 0.7;
/// Candidates among which a rare diagnosis is looked for.
const CANDIDATES: usize = 20_000;

/// A case and where its diagnosis stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// The case's id.
    pub case: String,
    /// Its diagnosis as written.
    pub diagnosis: String,
    /// Findings and risk factors it tells, present or absent.
    pub findings: usize,
    /// What came of it.
    #[serde(flatten)]
    pub place: Place,
}

/// Where a diagnosis stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "among", rename_all = "lowercase")]
pub enum Place {
    /// Among the diseases of the core.
    Core(Standing),
    /// Among core and rare diseases together, the core not having it.
    Rare {
        /// Its id in the layer.
        disease: String,
        /// Its place, from 1.
        rank: usize,
        /// Its probability.
        probability: f64,
        /// What comes first instead.
        rival: Option<String>,
    },
    /// Neither the core nor the layer, if one was given, has the disease.
    Unknown,
}

impl Place {
    /// The place, from 1.
    pub const fn rank(&self) -> Option<usize> {
        match self {
            Self::Core(Standing { rank, .. }) | Self::Rare { rank, .. } => Some(*rank),
            Self::Unknown => None,
        }
    }
}

/// Ranks the diagnosis of `case` by its findings, those that `mentions` finds in what its author wrote
/// of examinations and results included, among the diseases of `graph`, or with the rare
/// ones of `join` where the core does not have it.
pub fn rank(case: &Case, graph: &Graph, mentions: &Mentions, join: Option<&Join<'_>>) -> Ranked {
    let known: Vec<(TopicId, Presence)> = [written(case, mentions), evidence(case)].concat();
    let core = core_disease(case, graph).and_then(|disease| {
        let mut named = case.clone();
        named.diagnosis.disease = Some(disease);
        standing_by(&named, graph, &known)
    });
    let place = core.map(Place::Core).or_else(|| join.and_then(|join| rare(case, join, &known)));
    Ranked {
        case: case.id.clone(),
        diagnosis: case.diagnosis.name.en.clone(),
        findings: known.len(),
        place: place.unwrap_or(Place::Unknown),
    }
}

/// Findings that the author's own texts of examinations and results name; nothing says there which
/// finding of the graph each of them is.
fn written(case: &Case, mentions: &Mentions) -> Vec<(TopicId, Presence)> {
    let language = case.only.unwrap_or(Language::En);
    let examined = case.examinations.iter().filter(|one| one.source == AUTHOR).map(|one| &one.finding);
    let tested = case.results.iter().filter(|one| one.source == AUTHOR).map(|one| &one.report);
    let found = examined.chain(tested).flat_map(|text| mentions.in_text(text.get(language), language));
    found
        .filter(|mention| mention.topic.kind() == TopicKind::Finding)
        .map(|mention| (mention.topic, if mention.negated { Presence::Absent } else { Presence::Present }))
        .collect()
}

/// The disease the case names by id, else the one its diagnosis names in words.
fn core_disease(case: &Case, graph: &Graph) -> Option<String> {
    let by_id = case.diagnosis.disease.clone().filter(|id| graph.disease(id).is_some());
    by_id.or_else(|| {
        let language = case.only.unwrap_or(Language::En);
        let best = graph.disease_by_text(case.diagnosis.name.get(language), language).into_iter().next();
        best.filter(|found: &DiseaseMatch<'_>| found.score >= LEAST_MATCH).map(|found| found.disease.id.clone())
    })
}

fn rare(case: &Case, join: &Join<'_>, known: &[(TopicId, Presence)]) -> Option<Place> {
    let wanted = rare_disease(case, join)?;
    let options = RareOptions { core: options(), top: CANDIDATES, ..RareOptions::default() };
    let candidates = rare_differential(join, known, &[], Some(patient(case)), &options).candidates;
    let also = join.layer().also_listed(wanted);
    let is_it = |one: &Candidate| matches!(one, Candidate::Hpo { disease, .. } if *disease == wanted.id() || also.contains(disease));
    let at = candidates.iter().position(is_it)?;
    let first = candidates.first().filter(|_| at > 0).map(|first| match first {
        Candidate::Core { disease, .. } => disease.clone(),
        Candidate::Hpo { name, .. } => name.clone(),
    });
    Some(Place::Rare {
        disease: wanted.id().to_string(),
        rank: at + 1,
        probability: candidates[at].probability(),
        rival: first,
    })
}

/// The disease of the layer with that name, its case and punctuation aside.
fn rare_disease<'a>(case: &Case, join: &Join<'a>) -> Option<RareDisease<'a>> {
    let name = &case.diagnosis.name.en;
    let wanted = knowledge_graph::normalise(name);
    join.layer().search(name).into_iter().find_map(|hit| match hit {
        Hit::Disease(disease) if disease.names().any(|name| knowledge_graph::normalise(name) == wanted) => {
            Some(disease)
        }
        _ => None,
    })
}

/// Counts over many cases.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Cases with a rank.
    pub ranked: usize,
    /// Diagnosis in the first place.
    pub first: usize,
    /// Among the first three.
    pub in_first_three: usize,
    /// Median rank; none without cases.
    pub median: Option<usize>,
}

impl Tally {
    /// Of these ranks, each from 1.
    pub fn of(ranks: impl IntoIterator<Item = usize>) -> Self {
        let mut ranks: Vec<usize> = ranks.into_iter().collect();
        ranks.sort_unstable();
        let within = |most: usize| ranks.iter().filter(|rank| **rank <= most).count();
        Self {
            ranked: ranks.len(),
            first: within(1),
            in_first_three: within(3),
            median: ranks.get(ranks.len().saturating_sub(1) / 2).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[test]
    fn a_diagnosis_in_words_is_ranked_like_one_by_id() {
        let graph = Graph::embedded().unwrap();
        let case = library().unwrap().iter().find(|case| case.diagnosis.disease.is_some()).unwrap();
        let id = case.diagnosis.disease.clone().unwrap();
        let mut in_words = case.clone();
        in_words.diagnosis.disease = None;
        in_words.diagnosis.name = graph.disease(&id).unwrap().name.clone();

        let mentions = Mentions::new(graph);
        let place = |case: &Case| rank(case, graph, &mentions, None).place;
        assert_eq!(place(case), place(&in_words));
    }

    #[test]
    fn what_nobody_has_is_counted_apart() {
        let graph = Graph::embedded().unwrap();
        let mut case = library().unwrap()[0].clone();
        case.diagnosis.disease = None;
        case.diagnosis.name.en = "Quokka bite fever".to_owned();

        assert_eq!(rank(&case, graph, &Mentions::new(graph), None).place, Place::Unknown);
    }

    #[test]
    fn a_tally_counts_places() {
        let tally = Tally::of([4, 1, 2, 1]);

        assert_eq!(tally, Tally { ranked: 4, first: 2, in_first_three: 3, median: Some(1) });
        assert_eq!(Tally::of([]).median, None);
    }
}
