//! A case from the graph: the same request, seed and graph always make the same case.
//!
//! The order is that of a life: who the patient is, what the disease does to them, what they know
//! of it, what examining and testing would show, and at last what a student should ask.

mod background;
mod carer;
mod covering;
mod dice;
mod names;
mod person;
mod picture;
mod rare;
mod reports;
mod rubric;
mod symptoms;
mod universal;
mod vitals;
mod words;
mod workup;

#[cfg(test)]
mod tests;

use knowledge_graph::{Graph, Language, TopicId, TopicKind, format::Disease};
use thiserror::Error;

use crate::{
    check::check,
    format::{Case, Diagnosis, Differential, FORMAT, Generated, Level, Patient, Sex, Style},
    problem::Problem,
};
pub(crate) use background::is_lasting;
pub(crate) use carer::NOT_IN_CHILDREN;
pub use covering::{asks_for, every_history, suggested_rubric};
use dice::Dice;
pub(crate) use dice::capital;
use person::Person;
use picture::Picture;
pub use rare::{NotPlaced, RareCase, generate_rare};

/// Largest seed: a TOML integer is a signed 64-bit number.
pub const MAX_SEED: u64 = i64::MAX as u64;
/// Youngest patient who gives the history in their own words.
pub const YOUNGEST: u8 = 8;
/// Diagnoses listed in the differential at most, the true one included.
const DIFFERENTIAL: usize = 6;

/// What case is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The disease: name part of a graph node.
    pub disease: String,
    /// Other conditions the patient has: name parts of graph nodes.
    pub comorbidities: Vec<String>,
    /// Age in years, 8 to 110; from the disease's epidemiology when not said.
    pub age: Option<u8>,
    /// Sex; from the disease's epidemiology when not said.
    pub sex: Option<Sex>,
    /// How hard.
    pub level: Level,
    /// Manner of speaking; fitting the level when not said.
    pub style: Option<Style>,
    /// Language of the class, which decides where names come from; a mixture when not said. The
    /// case is in both languages in any event.
    pub language: Option<Language>,
    /// Seed, at most [`MAX_SEED`].
    pub seed: u64,
}

/// Why no case can be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GenerateError {
    /// The graph has no such disease.
    #[error("the graph has no disease `{0}`; `anamnesis graph search` finds their ids")]
    UnknownDisease(String),
    /// The disease was also asked for as a comorbidity.
    #[error("`{0}` cannot accompany itself; remove it from the comorbidities")]
    SameDisease(String),
    /// The disease does not occur in that sex.
    #[error("`{disease}` does not occur in {sex} patients; leave the sex out")]
    WrongSex {
        /// The disease.
        disease: String,
        /// The sex asked for.
        sex: &'static str,
    },
    /// The age is outside what can be generated.
    #[error(
        "age {0} cannot be generated; choose {YOUNGEST} to 110; the graph has a carer's words only for diseases of small children"
    )]
    Age(u8),
    /// A disease of small children was asked for at another age.
    #[error("`{disease}` is a disease of children from {first} to {last} years, not of {age}; leave the age out")]
    ChildAge {
        /// The disease.
        disease: String,
        /// The age asked for, in years.
        age: u8,
        /// The least and the greatest age it is made for, in years.
        first: u8,
        /// See `first`.
        last: u8,
    },
    /// The graph does not say why anyone would come with it.
    #[error(
        "the graph knows no complaint with which patients of this age and sex come because of `{0}`; add a finding with `presenting = true` and `tells`"
    )]
    NoComplaint(String),
    /// The release has no such rare disease.
    #[error(
        "release {1} of the Human Phenotype Ontology has no disease `{0}`; `anamnesis graph search` finds their ids"
    )]
    UnknownRare(String, String),
    /// The core describes it itself.
    #[error("the core describes `{rare}` itself, with its own sources; make a case of `{core}` instead")]
    InTheCore {
        /// The rare disease.
        rare: String,
        /// The core's own.
        core: String,
    },
    /// Its patients cannot tell their history.
    #[error(
        "patients with `{0}` mostly do not live or learn to tell their own history; write the case by hand with a spokesperson"
    )]
    NotOwnVoice(String),
    /// The annotations give no patient who could be played.
    #[error(
        "too little is annotated of `{rare}` to make a patient: {told} symptoms that the core has words for and {placed} findings with a place; a patient needs 2 and 4 of them often enough to meet together, and one to come with; choose another disease"
    )]
    TooLittle {
        /// The rare disease.
        rare: String,
        /// Symptoms with words.
        told: usize,
        /// Findings with a place.
        placed: usize,
    },
    /// It has not begun at that age.
    #[error("`{rare}` begins at {onset} or later, so nobody of {age} has it; choose a greater age or leave it out")]
    BeforeOnset {
        /// The rare disease.
        rare: String,
        /// The age asked for.
        age: u8,
        /// Least age of onset, in years.
        onset: u8,
    },
    /// The seed does not fit a TOML integer.
    #[error("the seed {0} is too large; choose one up to {MAX_SEED}")]
    Seed(u64),
    /// What came out does not pass the checks: the graph's texts need mending.
    #[error("the generated case does not pass its checks: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unsound(Vec<Problem>),
}

/// Makes a case.
///
/// # Errors
/// [`GenerateError`] names what cannot be met.
pub fn generate(graph: &Graph, request: &Request) -> Result<Case, GenerateError> {
    if request.seed > MAX_SEED {
        return Err(GenerateError::Seed(request.seed));
    }
    let disease = known_disease(graph, &request.disease)?;
    let comorbidities = comorbidities(graph, request)?;
    let mut dice = Dice::new(request);
    let person = Person::draw(disease, &comorbidities, request, &mut dice)?;
    let picture = Picture::draw(graph, disease, &comorbidities, &person, request.level, &mut dice)?;
    let case = compose(graph, request, &person, &picture, &mut dice);
    let problems: Vec<Problem> = check(&case, graph).into_iter().filter(Problem::is_error).collect();
    if problems.is_empty() { Ok(case) } else { Err(GenerateError::Unsound(problems)) }
}

fn known_disease<'g>(graph: &'g Graph, id: &str) -> Result<&'g Disease, GenerateError> {
    graph.disease(id).ok_or_else(|| GenerateError::UnknownDisease(id.to_owned()))
}

fn comorbidities<'g>(graph: &'g Graph, request: &Request) -> Result<Vec<&'g Disease>, GenerateError> {
    let mut found: Vec<&Disease> = Vec::new();
    for id in &request.comorbidities {
        if *id == request.disease {
            return Err(GenerateError::SameDisease(id.clone()));
        }
        let disease = known_disease(graph, id)?;
        if found.iter().all(|other| other.id != disease.id) {
            found.push(disease);
        }
    }
    Ok(found)
}

fn compose(graph: &Graph, request: &Request, person: &Person, picture: &Picture<'_>, dice: &mut Dice) -> Case {
    let vitals = vitals::draw(picture, person, dice);
    let mut facts = symptoms::present(picture, dice);
    let history = background::facts(picture, person, &mut facts, dice);
    let room = symptoms::MOST_FACTS.saturating_sub(facts.len() + history.len());
    facts.extend(symptoms::absent(picture, room));
    facts.extend(history);
    if let Some(carer) = &person.carer {
        for fact in &mut facts {
            carer.voice(fact);
        }
    }
    let persona = words::persona(request, picture, person, dice);
    let setting = words::setting(picture);
    Case {
        format: FORMAT,
        only: None,
        id: words::id(picture, person, request.seed),
        version: 1,
        title: words::title(picture, person),
        author: "anamnesis case new".to_owned(),
        licence: "CC-BY-4.0".to_owned(),
        system: picture.complaint.finding.system.clone(),
        complaint: picture.complaint_topic(),
        level: request.level,
        setting,
        minutes: words::minutes(request.level),
        scheme: None,
        generated: Some(Generated { seed: request.seed, graph: graph.content_hash().to_owned() }),
        diagnosis: diagnosis(picture),
        door_note: words::door_note(picture, person, setting),
        appearance: words::appearance(picture, person, &vitals, persona.mood),
        opening: facts.first().map(|fact| fact.tells.clone()).unwrap_or_default(),
        teaching_note: words::teaching_note(picture),
        examinations: workup::examinations(picture, &vitals),
        results: workup::results(picture, &vitals, &facts, dice),
        rubric: rubric::items(picture, &facts),
        patient: Patient {
            name: person.name.clone(),
            age: person.age,
            sex: person.sex,
            occupation: person.occupation.clone(),
            spokesperson: person.carer.as_ref().map(|carer| carer.who.clone()),
        },
        persona,
        vitals,
        facts,
    }
}

fn diagnosis(picture: &Picture<'_>) -> Diagnosis {
    let disease = picture.disease;
    let itself = Differential {
        disease: Some(disease.id.clone()),
        name: disease.name.clone(),
        reason: disease.summary.clone(),
        dangerous: disease.dangerous,
    };
    let mimics = picture.differential().map(|(edge, other)| Differential {
        disease: Some(other.id.clone()),
        name: other.name.clone(),
        reason: edge.separates.clone(),
        dangerous: other.dangerous,
    });
    Diagnosis {
        disease: Some(disease.id.clone()),
        name: disease.name.clone(),
        comorbidities: picture.comorbidities.iter().map(|other| other.id.clone()).collect(),
        differential: std::iter::once(itself).chain(mimics).take(DIFFERENTIAL).collect(),
    }
}

/// The source that names an edge of the graph.
fn edge(from: &TopicId, to: &TopicId) -> String {
    format!("graph:{from}->{to}")
}

/// The source that names the edge from `disease` to the node `name`.
fn disease_edge(disease: &Disease, kind: TopicKind, name: &str) -> String {
    edge(&TopicId::new(TopicKind::Disease, &disease.id), &TopicId::new(kind, name))
}
