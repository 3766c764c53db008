//! A case of a rare disease, from the annotations of the Human Phenotype Ontology.
//!
//! The annotations give which findings, how often, from when and in which sex. Findings that join
//! the core are told and shown in the core's words; the others go to the patient's lay words or to
//! an examination or test of the core, and what has no place is told to the teacher. The source of
//! each such fact is the annotation, `hpo:ORPHA:905/HP:0001337`.

mod bridge;
mod finish;
mod note;
mod placing;
mod rivals;
#[cfg(test)]
mod tests;

use knowledge_graph::{
    Bilingual,
    format::Disease,
    hpo::{Aspect, Chance, Join, RareDisease, RareFinding, RareId, TermId},
};

use super::{GenerateError, MAX_SEED, Request, comorbidities, compose, dice::Dice, person::Person, picture::Picture};
use crate::{check::check, format::Case, problem::Problem};
use bridge::Bridge;

/// Findings that must have a place, signs included.
const LEAST_PLACED: usize = 4;
/// Symptoms the patient must be able to tell.
const LEAST_TOLD: usize = 2;
/// Pictures drawn before too few findings are taken to be too rare.
const DRAWS: usize = 40;
/// Terms for patients who die before they could tell: stillbirth, neonatal death, death in infancy,
/// death in childhood, prenatal death.
const EARLY_DEATH: [&str; 5] = ["HP:0003826", "HP:0003811", "HP:0001522", "HP:0003819", "HP:0034241"];
/// Findings with which nobody gives a history: absent speech, severe and profound intellectual
/// disability.
const SPEECHLESS: [&str; 3] = ["HP:0001344", "HP:0010864", "HP:0002187"];

/// A case of a rare disease.
#[derive(Clone, Debug, PartialEq)]
pub struct RareCase {
    /// The case; its teaching note says all that follows too.
    pub case: Case,
    /// Findings of the disease that have a place in such a case.
    pub placed: usize,
    /// Findings of the disease without a place.
    pub unplaced: Vec<NotPlaced>,
}

/// An annotated finding that a case cannot show.
#[derive(Clone, Debug, PartialEq)]
pub struct NotPlaced {
    /// Its term.
    pub term: TermId,
    /// English name.
    pub name: String,
    /// Why.
    pub why: Bilingual,
}

/// Makes a case of the rare disease whose id is `request.disease`, such as `ORPHA:905`.
///
/// # Errors
/// [`GenerateError`] names what cannot be met.
pub fn generate_rare(join: &Join<'_>, request: &Request) -> Result<RareCase, GenerateError> {
    if request.seed > MAX_SEED {
        return Err(GenerateError::Seed(request.seed));
    }
    let rare = known(join, &request.disease)?;
    can_tell(rare)?;
    let others = comorbidities(join.graph(), request)?;
    let mut dice = Dice::new(request);
    let mut bridge = Bridge::new(join, rare);
    bridge.is_enough()?;
    let person = person(&bridge, request, &others, &mut dice)?;
    let years_ago = bridge.began(&person, &mut dice);
    bridge.tell_onset(&person, years_ago);
    let rivals = rivals::rivals(join, rare, &bridge.disease, &person);
    bridge.disease.differential.clone_from(&rivals.core);
    bridge.disease.summary = note::summary(join, rare, &bridge);
    let picture = picture(join, &bridge, &others, &person, request, &mut dice)?;
    let case = compose(join.graph(), request, &person, &picture, &mut dice);
    let case = finish::finish(finish::Parts { join, rare, bridge: &bridge, rivals, person: &person }, case, &mut dice);
    let problems: Vec<Problem> = check(&case, join.graph()).into_iter().filter(Problem::is_error).collect();
    if !problems.is_empty() {
        return Err(GenerateError::Unsound(problems));
    }
    Ok(RareCase { case, placed: bridge.placed(), unplaced: bridge.nowhere.iter().map(not_placed).collect() })
}

fn not_placed((finding, why): &(RareFinding<'_>, Bilingual)) -> NotPlaced {
    NotPlaced { term: finding.term.id(), name: finding.term.name().to_owned(), why: why.clone() }
}

fn known<'a>(join: &Join<'a>, id: &str) -> Result<RareDisease<'a>, GenerateError> {
    let unknown = || GenerateError::UnknownRare(id.to_owned(), join.layer().release().annotations.clone());
    let rare = id.parse::<RareId>().ok().and_then(|id| join.layer().disease(id)).ok_or_else(unknown)?;
    match join.modelled_by(rare) {
        Some(core) => Err(GenerateError::InTheCore { rare: id.to_owned(), core: core.to_owned() }),
        None => Ok(rare),
    }
}

/// Refuses a disease whose patients mostly die as children or do not speak.
fn can_tell(rare: RareDisease<'_>) -> Result<(), GenerateError> {
    let is_one = |term: TermId, list: &[&str]| list.iter().any(|id| id.parse() == Ok(term));
    let silent = || GenerateError::NotOwnVoice(rare.id().to_string());
    let course = rare.annotations().filter(|row| row.aspect == Aspect::Course && !row.excluded);
    let named: Vec<TermId> = course.map(|row| row.term.id()).collect();
    let early = named.iter().any(|term| is_one(*term, &EARLY_DEATH));
    // A disease that may also begin late has patients who live to tell.
    let late = rare.annotations().filter_map(|row| row.term.onset_years()).any(|(low, _)| low >= super::YOUNGEST);
    let speechless = rare.findings().any(|finding| {
        is_one(finding.term.id(), &SPEECHLESS) && matches!(finding.chance, Chance::Known(share) if share >= 0.5)
    });
    if early && !late || speechless { Err(silent()) } else { Ok(()) }
}

impl Bridge<'_> {
    fn is_enough(&self) -> Result<(), GenerateError> {
        let complaint = self.disease.presents_with.iter().any(|edge| edge.presenting);
        if complaint && self.sayable() >= LEAST_TOLD && self.placed() >= LEAST_PLACED {
            return Ok(());
        }
        Err(self.too_little())
    }

    fn sayable(&self) -> usize {
        self.disease.presents_with.iter().filter(|edge| !edge.tells.is_empty()).count()
    }

    fn placed(&self) -> usize {
        self.terms.len() + self.told.len() + self.shown.len()
    }

    fn too_little(&self) -> GenerateError {
        GenerateError::TooLittle { rare: self.rare.to_string(), told: self.sayable(), placed: self.placed() }
    }
}

/// A picture with enough in it to think of the disease: drawn again while too little is present, as
/// nobody makes a case of a patient who has next to nothing.
fn picture<'p>(
    join: &Join<'p>,
    bridge: &'p Bridge<'_>,
    others: &[&'p Disease],
    person: &Person,
    request: &Request,
    dice: &mut Dice,
) -> Result<Picture<'p>, GenerateError> {
    for _ in 0..DRAWS {
        let drawn = Picture::draw(join.graph(), &bridge.disease, others, person, request.level, dice)?;
        if 1 + drawn.symptoms.len() + drawn.signs.len() >= LEAST_PLACED && !drawn.symptoms.is_empty() {
            return Ok(drawn);
        }
    }
    Err(bridge.too_little())
}

/// The patient; never younger than the disease begins.
fn person(
    bridge: &Bridge<'_>,
    request: &Request,
    others: &[&Disease],
    dice: &mut Dice,
) -> Result<Person, GenerateError> {
    let mut person = Person::draw(&bridge.disease, others, request, dice)?;
    let Some((_, first, _)) = bridge.onset else { return Ok(person) };
    match request.age {
        Some(age) if age < first => {
            Err(GenerateError::BeforeOnset { rare: request.disease.clone(), age, onset: first })
        }
        _ => {
            person.age = person.age.max(first);
            Ok(person)
        }
    }
}
