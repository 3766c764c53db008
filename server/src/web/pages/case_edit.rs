//! Writing a case in a form: it is kept as a draft with every step, checked beside each field, and
//! can be tried as a student before it is saved as a version.

mod act;
mod start;
mod view;

use ::cases::{Case, Problem};
use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form, Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use knowledge_graph::{Graph, TopicId};
use serde::{Deserialize, Serialize};

use self::{
    act::{Acted, Deed},
    view::{Control, Said, View},
};
use super::{
    frame::{Frame, Notice, Place},
    teacher_case_new::{ProblemView, problem_view},
};
use crate::{
    app::AppState,
    authoring::field::Refused,
    catalogue::CatalogueError,
    store::{DraftRecord, User},
    web::{auth::Teacher, error::WebError},
};

/// Topics offered while a word is typed.
const OFFERED: usize = 30;

/// What is typed: field and value, in the order of the form.
type Fields = Vec<(String, String)>;

#[derive(Template, WebTemplate)]
#[template(path = "pages/case_edit.html")]
struct CaseEdit {
    page: Frame,
    view: View,
    refused: Vec<Said>,
}

/// What stands beside the form, made anew after every change.
#[derive(Template)]
#[template(path = "partials/case_edit/beside.html")]
struct Beside<'a> {
    page: &'a Frame,
    view: &'a View,
}

/// The conversation with the patient as written.
#[derive(Template)]
#[template(path = "partials/case_edit/talk.html")]
struct Talk<'a> {
    page: &'a Frame,
    view: &'a View,
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/case_edit_text.html")]
struct CaseEditText {
    page: Frame,
    id: String,
    text: String,
    problems: Vec<ProblemView>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

/// What a script is told after a change.
#[derive(Serialize)]
struct Live {
    step: i64,
    undo: bool,
    redo: bool,
    findings: Vec<Said>,
    refused: Vec<Said>,
    beside: String,
    talk: String,
}

#[derive(Deserialize)]
struct Wanted {
    q: String,
}

#[derive(Serialize)]
struct Offered {
    id: String,
    name: String,
}

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/manage/cases/write", get(start::get).post(start::post))
        .route("/manage/cases/{id}/edit", get(form).post(post))
        .route("/manage/cases/{id}/edit/live", axum::routing::post(live))
        .route("/manage/cases/{id}/edit/topics", get(topics))
        .route("/manage/cases/{id}/edit/text", get(text).post(save_text))
}

/// The draft of `user`, begun from the newest version where there is none yet.
async fn draft(app: &AppState, user: &User, id: &str) -> Result<DraftRecord, WebError> {
    if let Some(draft) = app.store.draft(user.id, id).await? {
        return Ok(draft);
    }
    let newest = app.store.latest_case(id).await?.ok_or_else(WebError::unknown_case)?;
    let case = app.catalogue.parsed(&newest)?;
    app.store.begin_draft(user.id, id, ::cases::to_toml(&case), app.clock.now()).await?;
    app.store.draft(user.id, id).await?.ok_or_else(WebError::unknown_case)
}

fn parsed(toml: &str) -> Result<Case, WebError> {
    ::cases::parse(toml, "draft.toml")
        .map_err(|problems| WebError::internal(&problems.first().map(ToString::to_string).unwrap_or_default()))
}

async fn form(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<CaseEdit, WebError> {
    let draft = draft(&app, &user, &id).await?;
    let mut page = page.at(Place::Manage);
    page.notice = match done.done.as_str() {
        "unready" => Some(Notice::wrong(page.t("author-unready"))),
        "discarded" => Some(Notice::good(page.t("author-discarded"))),
        "text" => Some(Notice::good(page.t("author-text-taken"))),
        _ => None,
    };
    let case = parsed(&draft.toml)?;
    let view = View::new(&page, app.graph, &case, &draft);
    Ok(CaseEdit { page, view, refused: Vec::new() })
}

/// Keeps what was typed and does what was asked for; then shows the form again where it was.
async fn post(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    let page = page.at(Place::Manage);
    let acted = act::act(&app, &user, &page, &id, &fields).await?;
    if acted.refused.is_empty() {
        let to = match acted.deed {
            Deed::Shown(anchor) => format!("/manage/cases/{id}/edit#{anchor}"),
            Deed::Elsewhere(to) => to,
        };
        return Ok(Redirect::to(&to).into_response());
    }
    let draft = draft(&app, &user, &id).await?;
    let case = parsed(&draft.toml)?;
    let view = View::new(&page, app.graph, &case, &draft);
    let refused = said(&page, &acted.refused);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, CaseEdit { page, view, refused }).into_response())
}

fn said(page: &Frame, refused: &[Refused]) -> Vec<Said> {
    refused.iter().map(|one| Said::refused(page, one)).collect()
}

/// As [`post`], for scripts: what was typed is kept while typing goes on.
async fn live(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Json<Live>, WebError> {
    let Acted { refused, .. } = act::act(&app, &user, &page, &id, &fields).await?;
    let draft = draft(&app, &user, &id).await?;
    let case = parsed(&draft.toml)?;
    let view = View::new(&page, app.graph, &case, &draft);
    let render = |result: Result<String, askama::Error>| result.map_err(|error| WebError::internal(&error));
    Ok(Json(Live {
        step: draft.step,
        undo: view.undo,
        redo: view.redo,
        refused: said(&page, &refused),
        beside: render(Beside { page: &page, view: &view }.render())?,
        talk: render(Talk { page: &page, view: &view }.render())?,
        findings: view.findings,
    }))
}

/// Topics of the shared vocabulary that a word may mean, each with its particulars.
async fn topics(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Query(wanted): Query<Wanted>,
) -> Json<Vec<Offered>> {
    let offered = |id: TopicId| {
        let name = name_of(&page, app.graph, &id);
        Offered { id: id.to_string(), name }
    };
    let found = app.graph.search(&wanted.q).into_iter().take(OFFERED / 2);
    let with_facets = found.enumerate().flat_map(|(place, id)| {
        let facets = app.graph.topic(&id).map(|info| info.facets).unwrap_or_default();
        let facets: Vec<TopicId> = facets.into_iter().map(|facet| id.with_facet(facet)).collect();
        std::iter::once(id).chain(facets.into_iter().filter(move |_| place < 2))
    });
    Json(with_facets.take(OFFERED).map(offered).collect())
}

fn name_of(page: &Frame, graph: &Graph, topic: &TopicId) -> String {
    graph.topic(topic).map_or_else(|| topic.to_string(), |known| known.name.get(page.language).to_owned())
}

async fn text(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path(id): Path<String>,
) -> Result<CaseEditText, WebError> {
    let draft = draft(&app, &user, &id).await?;
    Ok(CaseEditText { page: page.at(Place::Manage), id, text: draft.toml, problems: Vec::new() })
}

/// Takes a text that has the shape of a case as the next step; its checks are shown in the form.
async fn save_text(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, WebError> {
    draft(&app, &user, &id).await?;
    let text = fields.into_iter().find(|(name, _)| name == "text").map(|(_, text)| text).unwrap_or_default();
    let text = text.replace("\r\n", "\n");
    match ::cases::parse(&text, "case.toml") {
        Ok(case) => {
            // A draft belongs to its case: another id would be another case.
            let case = Case { id: id.clone(), ..case };
            app.store.add_draft_step(user.id, &id, ::cases::to_toml(&case), app.clock.now()).await?;
            Ok(Redirect::to(&format!("/manage/cases/{id}/edit?done=text")).into_response())
        }
        Err(problems) => {
            let page = page.at(Place::Manage);
            let problems = problems.iter().map(|problem: &Problem| problem_view(&page, problem)).collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, CaseEditText { page, id, text, problems }).into_response())
        }
    }
}

/// Whether a catalogue refused because the case has errors.
fn is_unready(error: &CatalogueError) -> bool {
    matches!(error, CatalogueError::Invalid(_))
}
