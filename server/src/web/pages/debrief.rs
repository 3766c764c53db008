//! The debrief of a finished consultation: the student's, and the teacher's report of it.

mod belief;
mod reasoning;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use reasoning::ReasoningView;

use super::{
    comments::Comments,
    decision::DecisionViews,
    frame::{Frame, lang_tag},
    tutor::{self, TutorView},
    view::{self, Entry, OrderView, Suggestion},
};
use crate::{
    app::{App, AppState},
    assessment::{Report, moderated, rubric_of},
    debrief::{Debrief, DebriefSection, Materials, Status, Verdict},
    hints::{self, HintView},
    moderation::{given_report, standing},
    store::{EncounterRecord, EncounterState, User},
    web::{
        auth::{Student, encounter_for, sits_exam},
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
    /// The only section that counts, when it was practised on its own.
    section_only: Option<String>,
    allows_help: bool,
    /// Help that was given.
    hints: Vec<HintView>,
    /// The tutor, for the student whose consultation it is.
    tutor: Option<TutorView>,
    percent: u32,
    asked: usize,
    total: usize,
    critical_missed: usize,
    debrief: Debrief,
    /// None while the reader sits an exam.
    reasoning: Option<ReasoningView>,
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
    Query(begun): Query<tutor::Begun>,
) -> Result<Response, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    let EncounterState::Finished { .. } = encounter.state else {
        return Ok(Redirect::to(&format!("/consultations/{id}")).into_response());
    };
    let mut debrief = page_of(&app, &user, page, &encounter).await?;
    if encounter.student == user.id {
        if debrief.comments.views.iter().any(|comment| comment.is_new) {
            app.store.comments_seen(id, app.clock.now()).await?;
        }
        let case = view::case_of(&app, &encounter).await?;
        debrief.tutor = Some(tutor::of(&app, &debrief.page, &encounter, &case, &begun).await?);
    }
    Ok(debrief.into_response())
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
        orders: &made,
        diagnoses,
        language,
    });
    let debrief = if sits_exam(app, user).await? { debrief.under_exam() } else { debrief };
    let student = student_read_by(app, user, encounter).await?;
    let given_help = app.store.hints(encounter.id).await?;
    let hints: Vec<HintView> =
        given_help.iter().map(|hint| hints::view(&case, app.graph, &turns, hint, language)).collect();
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
        mode: view::mode(&page, encounter.mode),
        section_only: encounter.mode.section().map(|section| page.named("section", section.as_str())),
        allows_help: encounter.mode.allows_help(),
        percent: view::whole_percent(debrief.percent),
        asked: items().filter(|item| item.status == Status::Asked).count(),
        total: items().count(),
        critical_missed: items().filter(|item| item.critical && item.status == Status::Missed).count(),
        orders: made.iter().map(|order| OrderView::new(&page, app.graph, &case, order)).collect(),
        entries: view::with_hints(entries, hints.clone()),
        comments,
        hints,
        tutor: None,
        language_tag: lang_tag(encounter.language),
        stamp: stamp(&page, &report),
        reasoning: debrief.reasoning.as_ref().map(|reasoning| ReasoningView::new(&page, reasoning)),
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
