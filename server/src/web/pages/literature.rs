//! Keeping the graph current: the texts, the cases to look at again, and bringing in a text.

use std::{collections::HashSet, sync::Arc};

use ::cases::Case;
use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Multipart, Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use knowledge_graph::format::Evidence;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, Notice, Place};
use crate::{
    app::{App, AppState},
    literature::{AffectedCase, LiteratureError, NewDocument, exported},
    store::{CaseReview, ListedDocument, ProposalRecord},
    web::{auth::Teacher, error::WebError},
};

/// The grades a text can have; `ontology` and `unverified` are for no text somebody read.
const GRADES: [Evidence; 4] = [Evidence::SystematicReview, Evidence::Study, Evidence::Guideline, Evidence::Textbook];

#[derive(Template, WebTemplate)]
#[template(path = "pages/literature.html")]
pub(super) struct LiteraturePage {
    page: Frame,
    documents: Vec<DocumentView>,
    cases: Vec<AffectedView>,
    accepted: usize,
    waiting: usize,
    refused: Vec<RefusedView>,
}

struct DocumentView {
    id: Uuid,
    title: String,
    cited: String,
    progress: String,
    done: bool,
    accepted: u32,
    added: String,
}

/// A case to look at again.
pub(super) struct AffectedView {
    pub(super) id: String,
    pub(super) version: u32,
    pub(super) title: String,
    pub(super) document: Uuid,
    pub(super) position: u32,
    pub(super) parts: String,
    /// Whether it is the first of its case, to which links lead.
    pub(super) first: bool,
}

struct RefusedView {
    document: Uuid,
    position: u32,
    why: String,
}

/// The cases to look at again, as they are listed.
pub(super) async fn affected_views(app: &App, page: &Frame) -> Result<Vec<AffectedView>, WebError> {
    let affected = app.literature.affected_cases(&app.catalogue).await?;
    let mut seen = HashSet::new();
    let view = |(case, one): (Arc<Case>, AffectedCase)| {
        let first = seen.insert((one.review.case_id.clone(), one.review.version));
        let parts = page.say("literature-case-parts").with("facts", one.facts.len()).with("items", one.items.len());
        AffectedView {
            id: one.review.case_id,
            version: one.review.version,
            title: case.title.get(page.language).to_owned(),
            document: one.review.document,
            position: one.review.position + 1,
            parts: parts.to_string(),
            first,
        }
    };
    Ok(affected.into_iter().map(view).collect())
}

#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Query(done): Query<Done>,
) -> Result<LiteraturePage, WebError> {
    let mut page = page.at(Place::Manage);
    if done.done == "reviewed" {
        page.notice = Some(Notice::good(page.t("literature-case-reviewed")));
    }
    let all = app.store.accepted_proposals().await?;
    let cases = affected_views(&app, &page).await?;
    let documents = app.store.documents().await?.into_iter().map(|one| document_view(&page, one)).collect();
    let later = |one: &&ProposalRecord| one.decision.as_ref().is_some_and(|decision| decision.at > app.started);
    let waiting = all.iter().filter(later).count();
    let refused = all.iter().filter_map(|one| {
        Some(RefusedView { document: one.document, position: one.position + 1, why: one.refused.clone()? })
    });
    let (accepted, refused) = (all.len(), refused.collect());
    Ok(LiteraturePage { page, documents, cases, accepted, waiting, refused })
}

fn document_view(page: &Frame, listed: ListedDocument) -> DocumentView {
    let ListedDocument { document, proposals, decided, accepted } = listed;
    DocumentView {
        id: document.id,
        cited: format!("{}, {}", document.source.authors, document.source.year),
        title: document.source.title,
        progress: progress(page, decided, proposals),
        done: decided == proposals,
        accepted,
        added: page.day(document.created),
    }
}

/// "7 of 12 decided".
pub(super) fn progress(page: &Frame, decided: u32, all: u32) -> String {
    match all {
        0 => page.t("literature-nothing-found"),
        _ => page.say("literature-progress").with("decided", decided).with("all", all).to_string(),
    }
}

/// All accepted changes as TOML.
pub(super) async fn changes(State(app): State<AppState>, _: Teacher) -> Result<Response, WebError> {
    let text = exported(&app.store.accepted_proposals().await?, &app.literature.sources().await?);
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"graph-changes.toml\""),
    ];
    Ok((headers, text).into_response())
}

#[derive(Deserialize)]
pub(super) struct Reviewed {
    document: Uuid,
    /// From 1, as people count.
    position: u32,
}

/// Notes that somebody looked at the case.
pub(super) async fn reviewed(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path((case_id, version)): Path<(String, u32)>,
    Form(seen): Form<Reviewed>,
) -> Result<Redirect, WebError> {
    let review = CaseReview { case_id, version, document: seen.document, position: seen.position.saturating_sub(1) };
    app.literature.case_reviewed(review, user.id, app.clock.now()).await?;
    Ok(Redirect::to("/manage/graph?done=reviewed"))
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/literature_new.html")]
pub(super) struct NewPage {
    page: Frame,
    error: Option<String>,
    form: NewForm,
    grades: Vec<GradeView>,
}

#[derive(Default)]
struct NewForm {
    title: String,
    authors: String,
    year: String,
    identifier: String,
    evidence: String,
    text: String,
}

struct GradeView {
    value: &'static str,
    label: String,
    chosen: bool,
}

impl NewPage {
    fn new(page: Frame, form: NewForm, error: Option<&LiteratureError>) -> Self {
        let page = page.at(Place::Manage);
        let grades = GRADES.iter().map(|grade| GradeView {
            value: grade.as_str(),
            label: page.named("literature-grade", grade.as_str()),
            chosen: form.evidence == grade.as_str(),
        });
        let (grades, error) = (grades.collect(), error.map(|error| explained(&page, error)));
        Self { page, error, form, grades }
    }
}

/// A refusal in the reader's language, the loader's own words added.
pub(super) fn explained(page: &Frame, error: &LiteratureError) -> String {
    let said = crate::i18n::optional(page.language, &format!("{}-error", error.code()));
    let said = said.unwrap_or_else(|| error.to_string());
    match error {
        LiteratureError::Refused(why) => format!("{said} {}", why.join("; ")),
        LiteratureError::Number(what) => format!("{said} “{what}”"),
        _ => said,
    }
}

pub(super) async fn new(Teacher(_): Teacher, page: Frame) -> NewPage {
    NewPage::new(page, NewForm { evidence: Evidence::Study.as_str().to_owned(), ..NewForm::default() }, None)
}

/// Reads the text and shows what it proposes, or says what is wrong and gives the form back.
pub(super) async fn add(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    form: Multipart,
) -> Result<Response, WebError> {
    let (form, unread) = read(form).await?;
    let added = match unread {
        Some(error) => Err(error),
        None => app.literature.add(document_of(&form), user.id, app.clock.now()).await,
    };
    match added {
        Ok(id) => Ok(Redirect::to(&format!("/manage/graph/documents/{id}")).into_response()),
        Err(LiteratureError::Store(error)) => Err(error.into()),
        Err(error) => Ok((StatusCode::UNPROCESSABLE_ENTITY, NewPage::new(page, form, Some(&error))).into_response()),
    }
}

fn document_of(form: &NewForm) -> NewDocument {
    NewDocument {
        title: form.title.clone(),
        authors: form.authors.clone(),
        year: form.year.trim().parse().unwrap_or_default(),
        identifier: form.identifier.clone(),
        evidence: GRADES.into_iter().find(|grade| grade.as_str() == form.evidence).unwrap_or(Evidence::Study),
        text: form.text.clone(),
    }
}

/// The form, a chosen file in place of the pasted text; and what is wrong with the file.
async fn read(mut fields: Multipart) -> Result<(NewForm, Option<LiteratureError>), WebError> {
    let (mut form, mut file, mut error) = (NewForm::default(), None, None);
    while let Some(field) = fields.next_field().await.map_err(|error| WebError::malformed(error.body_text()))? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "the file is too large; send at most 1 MB")
            }
            _ => WebError::malformed(error.body_text()),
        })?;
        let Ok(text) = String::from_utf8(bytes.to_vec()) else {
            error = Some(if bytes.starts_with(b"%PDF") { LiteratureError::Pdf } else { LiteratureError::NotUtf8 });
            continue;
        };
        match name.as_str() {
            "title" => form.title = text,
            "authors" => form.authors = text,
            "year" => form.year = text,
            "identifier" => form.identifier = text,
            "evidence" => form.evidence = text,
            "text" => form.text = text.replace("\r\n", "\n"),
            "file" if !text.is_empty() => file = Some(text),
            _ => {}
        }
    }
    if let Some(text) = file {
        form.text = text;
    }
    Ok((form, error))
}
