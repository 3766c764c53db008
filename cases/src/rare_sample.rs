//! Cases of many rare diseases at once: how many the annotations suffice for, and how much of them
//! has a place.

use std::collections::BTreeMap;

use knowledge_graph::hpo::{Chance, Join, RareDisease};
use serde::Serialize;

use crate::{
    format::Level,
    generation::{GenerateError, RareCase, Request, generate_rare},
};

/// What came of many requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RareSample {
    /// Diseases of the layer with at least as many joined findings of known frequency as asked for.
    pub eligible: usize,
    /// Cases made; each passed the checks.
    pub made: usize,
    /// Requests that made none, by reason.
    pub refused: BTreeMap<&'static str, usize>,
    /// What did not pass the checks, each with its disease.
    pub unsound: Vec<String>,
    /// Cases in English only, for want of Chinese names.
    pub only_english: usize,
    /// Findings of the disease with a place, for each case made, least first.
    pub placed: Vec<usize>,
    /// Findings without one, for each case made, least first.
    pub unplaced: Vec<usize>,
    /// Facts, examinations and results that rest on an annotation, for each case made, least first.
    pub annotated: Vec<usize>,
}

/// Makes one case each of `count` diseases with at least `joined` findings that the core has and
/// whose frequency is known, spread evenly over the layer; seeds count up from `seed`.
pub fn sample_rare(join: &Join<'_>, count: usize, joined: usize, seed: u64) -> RareSample {
    let eligible: Vec<RareDisease<'_>> =
        join.layer().diseases().filter(|rare| joined_findings(join, *rare) >= joined).collect();
    let mut sample = RareSample { eligible: eligible.len(), ..RareSample::default() };
    for index in 0..count.min(eligible.len()) {
        let rare = eligible[index * eligible.len() / count.min(eligible.len())];
        let number = u64::try_from(index).unwrap_or(u64::MAX);
        let request = Request {
            disease: rare.id().to_string(),
            comorbidities: Vec::new(),
            age: None,
            sex: None,
            level: [Level::Introductory, Level::Intermediate, Level::Advanced][index % 3],
            style: None,
            language: None,
            seed: seed.wrapping_add(number) % crate::MAX_SEED,
        };
        sample.count(rare, generate_rare(join, &request));
    }
    for counts in [&mut sample.placed, &mut sample.unplaced, &mut sample.annotated] {
        counts.sort_unstable();
    }
    sample
}

fn joined_findings(join: &Join<'_>, rare: RareDisease<'_>) -> usize {
    let known = rare.findings().filter(|finding| matches!(finding.chance, Chance::Known(_)));
    known.filter(|finding| !join.findings_of(finding.term).is_empty()).count()
}

impl RareSample {
    fn count(&mut self, rare: RareDisease<'_>, made: Result<RareCase, GenerateError>) {
        let made = match made {
            Ok(made) => made,
            Err(GenerateError::Unsound(problems)) => {
                let first = problems.first().map(ToString::to_string).unwrap_or_default();
                return self.unsound.push(format!("{}: {first}", rare.id()));
            }
            Err(error) => return *self.refused.entry(reason(&error)).or_default() += 1,
        };
        let case = &made.case;
        let sources = case.facts.iter().map(|one| &one.source);
        let sources = sources.chain(case.examinations.iter().map(|one| &one.source));
        let sources = sources.chain(case.results.iter().map(|one| &one.source));
        self.made += 1;
        self.only_english += usize::from(case.only.is_some());
        self.placed.push(made.placed);
        self.unplaced.push(made.unplaced.len());
        self.annotated.push(sources.filter(|source| source.starts_with("hpo:")).count());
    }
}

fn reason(error: &GenerateError) -> &'static str {
    match error {
        GenerateError::InTheCore { .. } => "the core has it",
        GenerateError::NotOwnVoice(_) => "patients do not tell their own history",
        GenerateError::TooLittle { .. } => "too little annotated",
        GenerateError::NoComplaint(_) => "no complaint at this age and sex",
        _ => "another reason",
    }
}
