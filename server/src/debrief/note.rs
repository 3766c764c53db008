//! The note written after a consultation, as a scheme can mark it: up to three diagnoses with what
//! supports them (the patient note of US pattern examinations).

use cases::Case;
use knowledge_graph::{Graph, Language};

use super::differential::{Verdict, compare_diagnoses};
use crate::{
    assessment::conduct::{Area, Judgement},
    store::Diagnosis,
};

/// Diagnoses of a note; what is offered beyond them counts for nothing.
const MOST: usize = 3;
/// Letters, or Chinese characters, that a reason must have to say something.
const SAYS_SOMETHING: usize = 4;

/// Judgements of the note; none when no diagnosis was given.
pub(crate) fn judgements(case: &Case, graph: &Graph, given: &[Diagnosis], language: Language) -> Vec<Judgement> {
    if given.is_empty() {
        return Vec::new();
    }
    let offered = compare_diagnoses(case, graph, &given[..given.len().min(MOST)], language);
    let correct = offered.iter().any(|one| one.verdict == Verdict::Correct);
    let others = offered.iter().filter(|one| one.verdict == Verdict::WorthConsidering).count();
    let supported = offered
        .iter()
        .filter(|one| one.verdict != Verdict::NotListed && one.reason.trim().chars().count() >= SAYS_SOMETHING)
        .count();
    let considered = offered.iter().filter(|one| one.verdict != Verdict::NotListed).count();
    let support = match supported {
        0 => 0,
        all if all == considered => 2,
        _ => 1,
    };
    vec![
        judgement("note-diagnosis", u8::from(correct), 1, (usize::from(correct), 1)),
        judgement("note-differential", u8::try_from(others.min(2)).unwrap_or(2), 2, (others, MOST - 1)),
        judgement("note-support", support, 2, (supported, considered)),
    ]
}

fn judgement(id: &str, level: u8, most: u8, (count, of): (usize, usize)) -> Judgement {
    Judgement {
        id: id.to_owned(),
        area: Area::Note,
        level: Some(level),
        most,
        anchor: String::new(),
        count: Some(count),
        of: Some(of),
        evidence: Vec::new(),
        moments: Vec::new(),
    }
}
