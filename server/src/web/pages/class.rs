//! The class: who needs help, each student, every consultation with its report. Its other pages stand in
//! the folder of this name.

pub(super) mod assignment;
mod bar;
mod export;
mod groups;
mod items;
mod map;
mod student;
mod topic;
mod week;

use std::collections::HashMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Router,
    extract::{Query, State},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use self::bar::Bar;
use super::{
    frame::{Frame, Place},
    view,
};
use crate::{
    app::{App, AppState},
    classroom,
    cohort::{Cohort, Marked, Verdict},
    store::{Consultation, Page, User},
    web::{auth::Teacher, error::WebError},
};

/// Consultations listed on one page.
const A_PAGE: u32 = 50;
/// Latest finished consultations that say how someone is doing.
const LATELY: usize = 3;
/// Below this mean percentage a student is listed as needing help.
const LOW: f64 = 50.0;
/// What stands where there is no figure.
const NONE: &str = "–";

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/class", get(overview))
        .route("/class/map", get(map::get))
        .route("/class/items", get(items::get))
        .route("/class/topic", get(topic::get))
        .route("/class/students/{id}", get(student::get))
        .route("/class/export/{file}", get(export::get))
        .route("/class/week", get(week::get))
        .route("/class/groups", get(groups::list).post(groups::create))
        .route("/class/groups/{id}", get(groups::get))
        .route("/class/groups/{id}/code", post(groups::code))
        .route("/class/groups/{id}/members/{student}", post(groups::member))
        .route("/class/groups/{id}/assignments", post(groups::assign))
        .route("/class/assignments/{id}", get(assignment::get).post(assignment::post))
        .route("/class/focus", post(week::mark))
        .route("/class/focus/{id}", post(week::withdraw))
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/class.html")]
pub(super) struct Class {
    page: Frame,
    bar: Bar,
    students: Vec<StudentView>,
    needs_help: Vec<NeedsHelp>,
    consultations: u32,
    recent: Vec<ConsultationView>,
    number: u32,
    pages: u32,
}

struct StudentView {
    id: Uuid,
    name: String,
    finished: usize,
    mean: String,
    weakest: String,
    last: String,
}

struct NeedsHelp {
    id: Uuid,
    name: String,
    reason: String,
}

struct ConsultationView {
    id: Uuid,
    student: String,
    title: String,
    when: String,
    state: String,
    finished: bool,
    percent: String,
    review: usize,
}

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    page: u32,
    #[serde(default)]
    group: String,
}

pub(super) async fn overview(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Query(which): Query<Which>,
) -> Result<Class, WebError> {
    let page = page.at(Place::Class);
    let (bar, scope) = Bar::of(&app, &page, &user, &which.group).await?;
    app.learning.catch_up_class(&app.catalogue, app.clock.now()).await?;
    let cohort = classroom::cohort(&app.store, &app.catalogue, scope, None).await?;
    let accounts = app.store.students(scope).await?;
    let weakest: HashMap<Uuid, String> = app.store.weakest_sections(scope).await?.into_iter().collect();
    let practised = app.store.last_practised(scope).await?;
    let last: HashMap<Uuid, Timestamp> = practised.iter().map(|(student, _, at)| (*student, *at)).collect();
    let consultations: u32 = practised.iter().map(|(_, begun, _)| begun).sum();
    let (mut students, mut needs_help) = (Vec::new(), Vec::new());
    for (student, standing) in accounts.iter().zip(standings(&cohort)) {
        if let Some(reason) = standing.reason_for_help(&page) {
            needs_help.push(NeedsHelp { id: student.id, name: student.name.clone(), reason });
        }
        let weakest = weakest.get(&student.id).map_or_else(|| NONE.to_owned(), |one| page.named("section", one));
        let last = last.get(&student.id).map_or_else(|| page.t("class-never"), |at| page.day(*at));
        students.push(student_view(student, &standing, weakest, last));
    }
    let pages = consultations.div_ceil(A_PAGE).max(1);
    let number = which.page.clamp(1, pages);
    let stretch = Page { offset: (number - 1) * A_PAGE, limit: A_PAGE };
    let mut recent = Vec::new();
    for one in app.store.consultations(scope, stretch).await? {
        recent.push(consultation_view(&app, &page, one).await?);
    }
    Ok(Class { page, bar, students, needs_help, consultations, recent, number, pages })
}

/// How one student is doing.
#[derive(Clone, Default)]
struct Standing {
    finished: usize,
    /// Percent of each finished consultation of a whole history, latest last.
    percents: Vec<f64>,
    critical_missed_last: usize,
}

/// How each student of the class is doing, in its order.
fn standings(cohort: &Cohort) -> Vec<Standing> {
    let mut found = vec![Standing::default(); cohort.students.len()];
    for marked in &cohort.marked {
        let standing = &mut found[marked.student];
        standing.finished += 1;
        if !marked.is_whole {
            continue;
        }
        standing.percents.push(marked.percent);
        standing.critical_missed_last = critical_missed(cohort, marked);
    }
    found
}

fn critical_missed(cohort: &Cohort, marked: &Marked) -> usize {
    cohort.items(marked).filter(|(item, verdict)| item.critical && *verdict == Verdict::Missed).count()
}

impl Standing {
    fn reason_for_help(&self, page: &Frame) -> Option<String> {
        let lately = &self.percents[self.percents.len().saturating_sub(LATELY)..];
        let Some(mean) = mean(lately) else { return (self.finished == 0).then(|| page.t("class-help-idle")) };
        if mean < LOW {
            let percent = view::whole_percent(mean);
            return Some(page.say("class-help-low").with("percent", percent).to_string());
        }
        (self.critical_missed_last > 0)
            .then(|| page.say("class-help-critical").with("n", self.critical_missed_last).to_string())
    }
}

fn student_view(student: &User, standing: &Standing, weakest: String, last: String) -> StudentView {
    StudentView {
        id: student.id,
        name: student.name.clone(),
        finished: standing.finished,
        mean: mean(&standing.percents).map_or_else(|| NONE.to_owned(), shown_percent),
        weakest,
        last,
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn shown_percent(percent: f64) -> String {
    format!("{}%", view::whole_percent(percent))
}

async fn consultation_view(app: &App, page: &Frame, one: Consultation) -> Result<ConsultationView, WebError> {
    let case = app.catalogue.case(&one.case_id, one.case_version).await?.ok_or_else(WebError::unknown_case)?;
    let with_examiner = char::from(Verdict::WithExaminer.letter() as u8);
    Ok(ConsultationView {
        id: one.id,
        student: one.student_name,
        title: case.title.get(page.language).to_owned(),
        when: page.moment(one.started),
        finished: one.state == "finished",
        state: page.named("state", &one.state),
        percent: one.result.as_ref().map_or_else(|| NONE.to_owned(), |(percent, _)| shown_percent(*percent)),
        review: one.result.map_or(0, |(_, outcomes)| outcomes.matches(with_examiner).count()),
    })
}

/// A topic's name in the reader's language.
fn topic_name(app: &App, page: &Frame, topic: &knowledge_graph::TopicId) -> String {
    let known = app.graph.topic(topic);
    known.map_or_else(|| topic.to_string(), |known| known.name.get(page.language).to_owned())
}

/// A share with its interval: "62% (48–74%) of 21".
fn told(page: &Frame, share: crate::cohort::Share) -> String {
    let (low, high) = share.interval();
    page.say("class-share")
        .with("percent", view::whole_percent(100.0 * share.value()))
        .with("low", view::whole_percent(100.0 * low))
        .with("high", view::whole_percent(100.0 * high))
        .with("count", share.count)
        .with("of", share.of)
        .to_string()
}
