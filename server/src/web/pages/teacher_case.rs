//! One version of a case in full: to read, try, publish or withdraw.

use ::cases::{
    Case,
    format::{Disclosure, Fact},
};
use std::sync::Arc;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Redirect,
};
use knowledge_graph::{Graph, TopicId, TopicKind};
use serde::Deserialize;

use super::{
    frame::{Frame, Notice, Place},
    teacher_cases::StatusView,
    view::{self, PatientView},
};
use crate::{
    app::AppState,
    catalogue::CatalogueError,
    store::{CaseRecord, CaseStatus, Mode, NewEncounter},
    web::{auth::Teacher, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/teacher_case.html")]
pub(super) struct TeacherCase {
    page: Frame,
    id: String,
    version: u32,
    title: String,
    state: StatusView,
    published: bool,
    draft: bool,
    author: String,
    licence: String,
    hash: String,
    tags: Vec<String>,
    patient: PatientView,
    opening: String,
    diagnosis: String,
    differential: Vec<DifferentialView>,
    teaching_note: String,
    facts: Vec<FactView>,
    findings: Vec<FindingView>,
    rubric: Vec<RubricView>,
    warnings: Vec<String>,
    toml: String,
}

struct DifferentialView {
    name: String,
    reason: String,
}

struct FactView {
    topic: String,
    tells: String,
    disclosure: String,
}

struct FindingView {
    name: String,
    text: String,
}

struct RubricView {
    text: String,
    section: String,
    weight: f64,
    critical: bool,
}

#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
    /// What the case was made with.
    seed: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct NewStatus {
    status: CaseStatus,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Path((id, version)): Path<(String, u32)>,
    Query(done): Query<Done>,
) -> Result<TeacherCase, WebError> {
    let mut page = page.at(Place::Manage);
    let record = app.store.case(&id, version).await?.ok_or_else(WebError::unknown_case)?;
    let case = app.catalogue.parsed(&record)?;
    let title = case.title.get(page.language).to_owned();
    page.notice = match done.done.as_str() {
        "saved" => Some(Notice::good(page.say("manage-saved").with("title", &title).to_string())),
        "made" => {
            let made =
                page.say("manage-made").with("title", &title).with("seed", done.seed.unwrap_or_default().to_string());
            Some(Notice::good(made.to_string()))
        }
        "own-draft" => Some(Notice::wrong(page.t("manage-own-draft"))),
        "invalid" => Some(Notice::wrong(page.t("manage-invalid"))),
        _ => None,
    };
    let warnings =
        ::cases::review(&case, app.graph).into_iter().map(|problem| problem.in_language(page.language)).collect();
    Ok(full(page, app.graph, &case, record, warnings))
}

fn full(page: Frame, graph: &Graph, case: &Case, record: CaseRecord, warnings: Vec<String>) -> TeacherCase {
    let language = page.language;
    TeacherCase {
        id: record.id,
        version: record.version,
        title: case.title.get(language).to_owned(),
        state: StatusView::new(&page, record.status),
        published: record.status == CaseStatus::Published,
        draft: record.status == CaseStatus::Draft,
        author: case.author.clone(),
        licence: case.licence.clone(),
        hash: record.hash,
        tags: view::case_tags(&page, graph, case),
        patient: PatientView::new(&page, case, language),
        opening: case.opening.get(language).to_owned(),
        diagnosis: case.diagnosis.name.get(language).to_owned(),
        differential: case
            .diagnosis
            .differential
            .iter()
            .map(|one| DifferentialView {
                name: one.name.get(language).to_owned(),
                reason: one.reason.get(language).to_owned(),
            })
            .collect(),
        teaching_note: case.teaching_note.get(language).to_owned(),
        facts: case.facts.iter().map(|fact| fact_view(&page, graph, fact)).collect(),
        findings: findings(&page, graph, case),
        rubric: case
            .rubric
            .iter()
            .map(|item| RubricView {
                text: item.text.get(language).to_owned(),
                section: page.named("section", item.section.as_str()),
                weight: item.weight,
                critical: item.critical,
            })
            .collect(),
        warnings,
        toml: record.toml,
        page,
    }
}

fn fact_view(page: &Frame, graph: &Graph, fact: &Fact) -> FactView {
    FactView {
        topic: topic_name(page, graph, &fact.topic),
        tells: fact.tells.get(page.language).to_owned(),
        disclosure: match fact.disclosure {
            Disclosure::Volunteered => page.t("disclosure-volunteered"),
            Disclosure::OpenQuestion => page.t("disclosure-open-question"),
            Disclosure::Asked => page.t("disclosure-asked"),
            Disclosure::NeedsTrust => page.t("disclosure-needs-trust"),
        },
    }
}

fn topic_name(page: &Frame, graph: &Graph, topic: &TopicId) -> String {
    graph.topic(topic).map_or_else(|| topic.to_string(), |known| known.name.get(page.language).to_owned())
}

fn findings(page: &Frame, graph: &Graph, case: &Case) -> Vec<FindingView> {
    let view = |test: &str, text: &knowledge_graph::Bilingual| FindingView {
        name: topic_name(page, graph, &TopicId::new(TopicKind::Test, test)),
        text: text.get(page.language).to_owned(),
    };
    let examined = case.examinations.iter().map(|examination| view(&examination.test, &examination.finding));
    let tested = case.results.iter().map(|result| view(&result.test, &result.report));
    examined.chain(tested).collect()
}

/// Publishes or withdraws. Publishing one version withdraws no other: the newest published one is played.
pub(super) async fn status(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path((id, version)): Path<(String, u32)>,
    Form(new): Form<NewStatus>,
) -> Result<Redirect, WebError> {
    let done = match new.status {
        CaseStatus::Draft => return Err(WebError::malformed("a case cannot become a draft again")),
        CaseStatus::Reviewed => "reviewed",
        CaseStatus::Published => "published",
        CaseStatus::Retired => "retired",
    };
    let to = match app.catalogue.set_status((&id, version), new.status, app.graph, user.id, app.clock.now()).await {
        Ok(()) => format!("/manage/cases?done={done}&case={id}"),
        Err(CatalogueError::Invalid(_)) => format!("/manage/cases/{id}/{version}?done=invalid"),
        Err(CatalogueError::OwnDraft) => format!("/manage/cases/{id}/{version}?done=own-draft"),
        Err(error) => return Err(error.into()),
    };
    Ok(Redirect::to(&to))
}

/// Begins a consultation of the teacher's own with this version, published or not.
pub(super) async fn preview(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path((id, version)): Path<(String, u32)>,
) -> Result<Redirect, WebError> {
    let case = app.catalogue.case(&id, version).await?.ok_or_else(WebError::unknown_case)?;
    let new = NewEncounter {
        student: user.id,
        case_id: case.id.clone(),
        case_version: case.version,
        language: case.only.unwrap_or(page.language),
        mode: Mode::Practice,
        seed: app.seeds.next(),
    };
    let encounter = app.store.create_encounter(new, app.clock.now()).await?;
    app.encounters.make_ready(Arc::clone(&case), encounter.language);
    Ok(Redirect::to(&format!("/consultations/{}", encounter.id)))
}
