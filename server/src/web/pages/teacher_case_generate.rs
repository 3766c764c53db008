//! Making a case from the graph: choose a disease, and what the patient should be like.

use ::cases::{GenerateError, Request, format::Level};
use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use knowledge_graph::{Graph, hpo::RareId};
use serde::{Deserialize, de::DeserializeOwned};

use super::frame::{Frame, Place};
use crate::{
    app::AppState,
    catalogue::CatalogueError,
    rare,
    web::{auth::Teacher, error::WebError},
};

/// Other diseases a patient can be given here.
const COMORBIDITIES: usize = 2;
/// Thrown seeds stay short enough to copy by hand.
const THROWN: u64 = 1_000_000;
const LEVELS: [&str; 3] = ["introductory", "intermediate", "advanced"];
const SEXES: [&str; 2] = ["female", "male"];
const STYLES: [&str; 6] = ["plain", "talkative", "terse", "anxious", "distrustful", "hard-of-hearing"];

#[derive(Template, WebTemplate)]
#[template(path = "pages/teacher_case_generate.html")]
pub(super) struct TeacherCaseGenerate {
    page: Frame,
    /// Why nothing was made.
    error: Option<String>,
    age: String,
    seed: String,
    /// The rare disease as typed; none where no rare diseases are imported.
    rare: Option<String>,
    diseases: Vec<SystemView>,
    /// One choice of all diseases per comorbidity.
    comorbidities: Vec<Vec<SystemView>>,
    levels: Vec<Choice>,
    sexes: Vec<Choice>,
    styles: Vec<Choice>,
}

/// The diseases of a body system.
struct SystemView {
    name: String,
    diseases: Vec<Choice>,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// The form. Everything but the disease may be left to chance.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    disease: String,
    rare: String,
    first: String,
    second: String,
    age: String,
    sex: String,
    level: String,
    style: String,
    seed: String,
}

impl Wanted {
    fn comorbidities(&self) -> [&str; COMORBIDITIES] {
        [&self.first, &self.second]
    }

    /// What the generator is asked, or the key of what is wrong.
    fn request(&self, thrown: u64, page: &Frame) -> Result<Request, &'static str> {
        let rare = self.rare.trim();
        if self.disease.is_empty() && rare.is_empty() {
            return Err("generate-no-disease");
        }
        if !rare.is_empty() && rare.parse::<RareId>().is_err() {
            return Err("generate-rare-hint");
        }
        Ok(Request {
            disease: if rare.is_empty() { self.disease.clone() } else { rare.to_uppercase() },
            comorbidities: self.comorbidities().into_iter().filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            age: number(&self.age).map_err(|_| "generate-age-invalid")?,
            sex: named(&self.sex),
            level: named(&self.level).unwrap_or(Level::Intermediate),
            style: named(&self.style),
            language: Some(page.language),
            seed: number(&self.seed).map_err(|_| "generate-seed-invalid")?.unwrap_or(thrown % THROWN),
        })
    }
}

/// None for an empty field.
fn number<N: std::str::FromStr>(field: &str) -> Result<Option<N>, N::Err> {
    let field = field.trim();
    if field.is_empty() { Ok(None) } else { field.parse().map(Some) }
}

/// A value by the name it has in a case file.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}

/// The form; a link may fill it in, such as from a weak area.
pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Query(wanted): Query<Wanted>,
) -> TeacherCaseGenerate {
    form(page, &app, &wanted, None)
}

/// Makes the case and shows it as a draft, or says what cannot be met.
pub(super) async fn post(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Form(wanted): Form<Wanted>,
) -> Result<Response, WebError> {
    let error = match wanted.request(app.seeds.next(), &page) {
        Err(key) => page.t(key),
        Ok(request) => {
            match app.catalogue.make(&request, (app.graph, &rare::file(&app.config)), user.id, app.clock.now()).await {
                Ok(case) => {
                    let to = format!("/manage/cases/{}/{}?done=made&seed={}", case.id, case.version, request.seed);
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(CatalogueError::NoRareDiseases) => page.t("generate-rare-missing"),
                Err(CatalogueError::CannotBeMade(error)) => explained(&page, app.graph, &error)?,
                Err(error) => return Err(error.into()),
            }
        }
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, form(page, &app, &wanted, Some(error))).into_response())
}

/// What cannot be met, in the reader's language.
fn explained(page: &Frame, graph: &Graph, error: &GenerateError) -> Result<String, WebError> {
    let name = |id: &str| graph.disease(id).map_or_else(|| id.to_owned(), |one| one.name.get(page.language).to_owned());
    Ok(match error {
        GenerateError::UnknownDisease(_) => page.t("generate-no-disease"),
        GenerateError::SameDisease(id) => page.say("generate-same").with("disease", name(id)).to_string(),
        GenerateError::WrongSex { disease, .. } => {
            page.say("generate-wrong-sex").with("disease", name(disease)).to_string()
        }
        GenerateError::Age(_) => page.t("generate-age-invalid"),
        GenerateError::NoComplaint(id) => page.say("generate-no-complaint").with("disease", name(id)).to_string(),
        GenerateError::ChildAge { disease, first, last, .. } => page
            .say("generate-child-age")
            .with("disease", name(disease))
            .with("first", u32::from(*first))
            .with("last", u32::from(*last))
            .to_string(),
        GenerateError::UnknownRare(id, _) => page.say("generate-rare-unknown").with("disease", id.clone()).to_string(),
        GenerateError::InTheCore { core, .. } => page.say("generate-rare-core").with("disease", name(core)).to_string(),
        GenerateError::NotOwnVoice(_) => page.t("generate-rare-voice"),
        GenerateError::TooLittle { .. } => page.t("generate-rare-little"),
        GenerateError::BeforeOnset { onset, .. } => {
            page.say("generate-rare-onset").with("age", u32::from(*onset)).to_string()
        }
        GenerateError::Seed(_) => page.t("generate-seed-invalid"),
        GenerateError::Unsound(_) => return Err(WebError::internal(error)),
    })
}

fn form(page: Frame, app: &AppState, wanted: &Wanted, error: Option<String>) -> TeacherCaseGenerate {
    let graph = app.graph;
    let page = page.at(Place::Manage);
    let choices = |prefix: &str, values: &[&str], chosen: &str| -> Vec<Choice> {
        let choice = |value: &&str| Choice {
            value: (*value).to_owned(),
            label: page.named(prefix, value),
            chosen: *value == chosen,
        };
        values.iter().map(choice).collect()
    };
    let level = if wanted.level.is_empty() { "intermediate" } else { &wanted.level };
    TeacherCaseGenerate {
        error,
        age: wanted.age.clone(),
        seed: wanted.seed.clone(),
        rare: rare::file(&app.config).exists().then(|| wanted.rare.clone()),
        diseases: by_system(&page, graph, &wanted.disease),
        comorbidities: wanted.comorbidities().map(|id| by_system(&page, graph, id)).into(),
        levels: choices("level", &LEVELS, level),
        sexes: choices("sex", &SEXES, &wanted.sex),
        styles: choices("style", &STYLES, &wanted.style),
        page,
    }
}

/// All diseases under their systems, by name.
fn by_system(page: &Frame, graph: &Graph, chosen: &str) -> Vec<SystemView> {
    let mut systems: Vec<SystemView> = Vec::new();
    for disease in graph.diseases() {
        let name = page.named("system", &disease.system);
        let choice = Choice {
            value: disease.id.clone(),
            label: disease.name.get(page.language).to_owned(),
            chosen: disease.id == chosen,
        };
        match systems.iter_mut().find(|system| system.name == name) {
            Some(system) => system.diseases.push(choice),
            None => systems.push(SystemView { name, diseases: vec![choice] }),
        }
    }
    for system in &mut systems {
        system.diseases.sort_by(|a, b| a.label.cmp(&b.label));
    }
    systems.sort_by(|a, b| a.name.cmp(&b.name));
    systems
}

#[cfg(test)]
mod tests {
    use ::cases::format::{Sex, Style};

    use super::*;

    #[test]
    fn an_empty_field_is_left_to_chance_and_nonsense_is_not() {
        assert_eq!(number::<u8>(" "), Ok(None));
        assert_eq!(number::<u8>(" 42 "), Ok(Some(42)));
        for wrong in ["-1", "4.5", "300", "old"] {
            assert!(number::<u8>(wrong).is_err(), "{wrong}");
        }
        assert_eq!(named::<Sex>(""), None);
        assert_eq!(named::<Style>("hard-of-hearing"), Some(Style::HardOfHearing));
    }
}
