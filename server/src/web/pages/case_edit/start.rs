//! How to begin: from a disease, from a case there is, or from nothing.

use ::cases::{Case, Request, format::Level};
use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    app::AppState,
    authoring::{blank, field::topic},
    web::{
        auth::Teacher,
        error::WebError,
        pages::frame::{Frame, Place},
    },
};

/// Numbers that tell new cases apart stay short.
const NUMBERS: u64 = 1_000_000;

#[derive(Template, WebTemplate)]
#[template(path = "pages/case_edit_start.html")]
pub(super) struct Start {
    page: Frame,
    error: Option<String>,
    diseases: Vec<(String, String)>,
    cases: Vec<(String, String)>,
    drafts: Vec<(String, String, String)>,
}

/// The choice: exactly one of the three ways is filled in by its own form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Beginning {
    way: String,
    disease: String,
    case: String,
    complaint: String,
}

pub(super) async fn get(State(app): State<AppState>, Teacher(user): Teacher, page: Frame) -> Result<Start, WebError> {
    start(&app, user.id, page, None).await
}

async fn start(app: &AppState, owner: uuid::Uuid, page: Frame, error: Option<String>) -> Result<Start, WebError> {
    let page = page.at(Place::Manage);
    let language = page.language;
    let mut diseases: Vec<(String, String)> =
        app.graph.diseases().map(|one| (one.id.clone(), one.name.get(language).to_owned())).collect();
    diseases.sort_by(|a, b| a.1.cmp(&b.1));
    let mut cases: Vec<(String, String)> = Vec::new();
    for record in app.store.all_cases().await? {
        if cases.last().is_none_or(|(id, _)| *id != record.id) {
            cases.push((record.id.clone(), app.catalogue.parsed(&record)?.title.get(language).to_owned()));
        }
    }
    let drafts = app.store.drafts_of(owner).await?;
    let drafts = drafts.into_iter().map(|draft| {
        let title = super::parsed(&draft.toml).map(|case| case.title.get(language).to_owned()).unwrap_or_default();
        let title = if title.is_empty() { page.t("author-untitled") } else { title };
        (draft.id, title, page.moment(draft.made))
    });
    Ok(Start { error, diseases, cases, drafts: drafts.collect(), page })
}

pub(super) async fn post(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Form(wanted): Form<Beginning>,
) -> Result<Response, WebError> {
    let number = app.seeds.next() % NUMBERS;
    let made = match wanted.way.as_str() {
        "disease" => generated(&app, &page, &wanted.disease, number),
        "case" => copied(&app, &wanted.case, number).await?.ok_or_else(|| page.t("author-choose-case")),
        _ => from_nothing(&app, &page, &user.name, &wanted.complaint, number),
    };
    match made {
        Ok(mut case) => {
            if app.store.latest_case(&case.id).await?.is_some() || app.store.draft(user.id, &case.id).await?.is_some() {
                case.id = format!("{}-{number}", case.id);
            }
            app.store.begin_draft(user.id, &case.id, ::cases::to_toml(&case), app.clock.now()).await?;
            Ok(Redirect::to(&format!("/manage/cases/{}/edit", case.id)).into_response())
        }
        Err(error) => {
            let start = start(&app, user.id, page, Some(error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, start).into_response())
        }
    }
}

fn generated(app: &AppState, page: &Frame, disease: &str, seed: u64) -> Result<Case, String> {
    let request = Request {
        disease: disease.to_owned(),
        comorbidities: Vec::new(),
        age: None,
        sex: None,
        level: Level::Intermediate,
        style: None,
        language: Some(page.language),
        seed,
    };
    ::cases::generate(app.graph, &request).map_err(|_| page.t("generate-no-disease"))
}

async fn copied(app: &AppState, id: &str, number: u64) -> Result<Option<Case>, WebError> {
    let Some(record) = app.store.latest_case(id).await? else { return Ok(None) };
    let case = app.catalogue.parsed(&record)?;
    Ok(Some(Case { id: format!("{}-{number}", case.id), version: 1, ..(*case).clone() }))
}

fn from_nothing(app: &AppState, page: &Frame, author: &str, complaint: &str, number: u64) -> Result<Case, String> {
    let complaint = topic(complaint.trim(), app.graph).map_err(|why| why.get(page.language).to_owned())?;
    let id = format!("{}-{number}", complaint.name());
    let mut case = blank(&id, author)?;
    case.complaint = complaint.clone();
    crate::authoring::growth::add_fact(&mut case, &complaint, app.graph);
    Ok(case)
}
