//! The debrief of a finished consultation: the student's, and the teacher's report of it.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{
    comments::Comments,
    decision::DecisionViews,
    frame::{Frame, lang_tag},
    view::{self, Entry, OrderView, Suggestion},
};
use crate::{
    app::{App, AppState},
    assessment::{Report, moderated, rubric_of},
    debrief::{Debrief, DebriefSection, Materials, Status, Verdict},
    moderation::{given_report, standing},
    store::{EncounterRecord, EncounterState, Mode, User},
    web::{
        auth::{Student, encounter_for},
        error::WebError,
    },
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/debrief.html")]
pub(super) struct DebriefPage {
    page: Frame,
    id: Uuid,
    case_id: String,
    /// The student's name, when a teacher reads.
    student: Option<String>,
    title: String,
    patient_name: String,
    /// The diagnosis in the disease graph, when it is there.
    disease: Option<String>,
    /// What the student is called in the transcript.
    speaker: String,
    when: String,
    mode: String,
    percent: u32,
    asked: usize,
    total: usize,
    critical_missed: usize,
    debrief: Debrief,
    suggestion: Option<Suggestion>,
    /// For the teacher only.
    teaching_note: Option<String>,
    orders: Vec<OrderView>,
    entries: Vec<Entry>,
    language_tag: &'static str,
    stamp: String,
    /// The marks as examiners made them; shown to teachers.
    decisions: DecisionViews,
    /// What teachers wrote about it.
    comments: Comments,
}

/// The student's own debrief, or for a teacher the report of anyone's.
pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Path(id): Path<Uuid>,
) -> Result<Response, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    let EncounterState::Finished { .. } = encounter.state else {
        return Ok(Redirect::to(&format!("/consultations/{id}")).into_response());
    };
    let shown = page_of(&app, &user, page, &encounter).await?;
    if encounter.student == user.id && shown.comments.views.iter().any(|comment| comment.is_new) {
        app.store.comments_seen(id, app.clock.now()).await?;
    }
    Ok(shown.into_response())
}

/// The page of a finished consultation as `user` sees it.
pub(super) async fn page_of(
    app: &App,
    user: &User,
    page: Frame,
    encounter: &EncounterRecord,
) -> Result<DebriefPage, WebError> {
    let given = given_report(encounter)?;
    let case = view::case_of(app, encounter).await?;
    let records = app.store.overrides(encounter.id).await?;
    let decisions = standing(&records);
    let report = moderated(&given, &decisions, &rubric_of(&case, encounter.language));
    let turns = app.store.turns(encounter.id).await?;
    let made = app.store.orders(encounter.id).await?;
    let EncounterState::Finished { diagnoses, .. } = &encounter.state else { return Err(WebError::not_found()) };
    let language = page.language;
    let debrief = Debrief::new(&Materials {
        case: &case,
        graph: app.graph,
        report: &report,
        decisions: &decisions,
        turns: &turns,
        diagnoses,
        language,
    });
    let student = student_read_by(app, user, encounter).await?;
    let entries = view::entries(&page, app.graph, &case, &turns, &made);
    let comments = Comments::of(app, &page, (user, encounter.id), &entries).await?;
    let items = || debrief.sections.iter().flat_map(|section| &section.items);
    Ok(DebriefPage {
        id: encounter.id,
        case_id: encounter.case_id.clone(),
        suggestion: if student.is_none() { suggestion(app, &page, user).await? } else { None },
        teaching_note: student.is_some().then(|| case.teaching_note.get(language).to_owned()),
        speaker: student.clone().unwrap_or_else(|| page.t("speaker-you")),
        student,
        title: case.title.get(language).to_owned(),
        disease: case.diagnosis.disease.clone(),
        patient_name: case.patient.name.get(encounter.language).to_owned(),
        when: page.moment(encounter.started),
        mode: mode(&page, encounter.mode),
        percent: view::whole_percent(debrief.percent),
        asked: items().filter(|item| item.status == Status::Asked).count(),
        total: items().count(),
        critical_missed: items().filter(|item| item.critical && item.status == Status::Missed).count(),
        orders: made.iter().map(|order| OrderView::new(&page, app.graph, &case, order)).collect(),
        entries,
        comments,
        language_tag: lang_tag(encounter.language),
        stamp: stamp(&page, &report),
        decisions: DecisionViews::new(&page, &given, &records),
        debrief,
        page,
    })
}

async fn student_read_by(app: &App, user: &User, encounter: &EncounterRecord) -> Result<Option<String>, WebError> {
    if encounter.student == user.id {
        return Ok(None);
    }
    Ok(app.store.user(encounter.student).await?.map(|student| student.name))
}

async fn suggestion(app: &App, page: &Frame, user: &User) -> Result<Option<Suggestion>, WebError> {
    let encounters = app.store.encounters_of(user.id).await?;
    let known = app.learning.known(&app.catalogue, user.id, app.clock.now()).await?;
    view::suggest(app, page, &encounters, &known).await
}

fn mode(page: &Frame, mode: Mode) -> String {
    match mode {
        Mode::Practice => page.t("mode-practice"),
        Mode::Exam => page.t("mode-exam"),
    }
}

fn stamp(page: &Frame, report: &Report) -> String {
    let engine = &report.engine;
    page.say("debrief-graded-by").with("version", &engine.version).with("matcher", &engine.matcher).to_string()
}

impl DebriefPage {
    /// How many items of a section were asked.
    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn asked_in(&self, section: &DebriefSection) -> usize {
        section.items.iter().filter(|item| item.status == Status::Asked).count()
    }
}
