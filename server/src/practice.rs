//! Patients made for one student, from the weak part of the map.

use std::sync::Arc;

use cases::{Case, Request, format::Level};
use knowledge_graph::{Graph, Section};
use thiserror::Error;

use crate::{
    app::App,
    catalogue::CatalogueError,
    learner::{Candidate, Standing},
    learning::LearningError,
    store::{EncounterState, StoreError, User},
};

/// Patients made, of whom the one from whom most is to be learned is kept.
const DRAWN: usize = 6;
/// Patients that may wait unseen.
const MOST_WAITING: usize = 10;
/// What is gained in the section that needs practice counts this much more.
const SECTION_WORTH: f64 = 3.0;

/// Why no patient was made.
#[derive(Debug, Error)]
pub enum PracticeError {
    /// The graph has no disease of that body system that could be played.
    #[error("no patient can be made for the body system `{0}`; take one from the map of weak areas")]
    NoneOfSystem(String),
    /// Enough were made that nobody has seen.
    #[error("you have {MOST_WAITING} patients of your own waiting; see one of them first")]
    TooManyWaiting,
    /// The case cannot be kept.
    #[error(transparent)]
    Case(#[from] CatalogueError),
    /// What is known of the learner cannot be read.
    #[error(transparent)]
    Learning(#[from] LearningError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a patient with a disease of `system` for `student`, kept as theirs alone. Of several, it is
/// the one from whom the student is expected to learn most, in `section` above all.
///
/// # Errors
/// Every [`PracticeError`]; nothing is kept then.
pub async fn patient_for(
    app: &App,
    student: &User,
    system: &str,
    section: Option<Section>,
) -> Result<Arc<Case>, PracticeError> {
    let encounters = app.store.encounters_of(student.id).await?;
    let own = app.store.own_patients(student.id).await?;
    let seen = |id: &str| encounters.iter().any(|one| one.case_id == id && !matches!(one.state, EncounterState::Open));
    if own.iter().filter(|case| !seen(&case.id)).count() >= MOST_WAITING {
        return Err(PracticeError::TooManyWaiting);
    }
    let now = app.clock.now();
    let known = app.learning.known(&app.catalogue, student.id, now).await?;
    let (graph, seed, wanted) = (app.graph, spread(app.seeds.next()), system.to_owned());
    let made = tokio::task::spawn_blocking(move || best(graph, &mut known.standing(), (&wanted, section), seed));
    let case = made.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    let case = case.ok_or_else(|| PracticeError::NoneOfSystem(system.to_owned()))?;
    Ok(app.catalogue.keep_own(case, student.id, now).await?)
}

/// Neighbouring seeds are drawn from together, so two requests must not be neighbours: Fibonacci
/// hashing, to 32 bits that can still be read in an id (Knuth, The Art of Computer Programming 3, 6.4).
fn spread(seed: u64) -> u64 {
    seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}

fn best(
    graph: &Graph,
    standing: &mut Standing<'_>,
    (system, section): (&str, Option<Section>),
    seed: u64,
) -> Option<Case> {
    let diseases: Vec<&str> =
        graph.diseases().filter(|disease| disease.system == system).map(|disease| disease.id.as_str()).collect();
    let drawn = (0..DRAWN as u64).filter_map(|nth| {
        let at = usize::try_from((seed + nth) % diseases.len().max(1) as u64).unwrap_or(0);
        cases::generate(graph, &request((*diseases.get(at)?).to_owned(), seed + nth)).ok()
    });
    let worth = |case: &Case, standing: &mut Standing<'_>| -> f64 {
        // A complaint of another system would be practice elsewhere.
        let here = if case.system == system { 1.0 } else { 0.25 };
        let wanted = Candidate::of(case, 0).wanted;
        let gain = wanted.iter().map(|one| {
            one.weight * standing.expected_gain(one) * if Some(one.section) == section { SECTION_WORTH } else { 1.0 }
        });
        here * gain.sum::<f64>()
    };
    let valued: Vec<(f64, Case)> = drawn.map(|case| (worth(&case, standing), case)).collect();
    valued.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, case)| case)
}

fn request(disease: String, seed: u64) -> Request {
    Request {
        disease,
        comorbidities: Vec::new(),
        age: None,
        sex: None,
        level: Level::Intermediate,
        style: None,
        language: None,
        seed,
    }
}
