//! The class: who needs help, each student, every consultation with its report.

use std::collections::HashMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    frame::{Frame, Place},
    view,
};
use crate::{
    app::{App, AppState},
    learner,
    store::{ClassEncounter, EncounterRecord, EncounterState, Page, Role, User},
    web::{auth::Teacher, error::WebError},
};

/// Consultations listed on one page.
const A_PAGE: u32 = 50;
/// Latest finished consultations that say how someone is doing.
const LATELY: usize = 3;
/// Below this mean percentage a student is listed as needing help.
const LOW: f64 = 50.0;

#[derive(Template, WebTemplate)]
#[template(path = "pages/class.html")]
pub(super) struct Class {
    page: Frame,
    students: Vec<StudentView>,
    needs_help: Vec<NeedsHelp>,
    consultations: u32,
    recent: Vec<ConsultationView>,
    number: u32,
    pages: u32,
}

struct StudentView {
    name: String,
    finished: usize,
    mean: String,
    weakest: String,
    last: String,
}

struct NeedsHelp {
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
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Query(which): Query<Which>,
) -> Result<Class, WebError> {
    let page = page.at(Place::Class);
    app.learning.catch_up_class(&app.catalogue, app.clock.now()).await?;
    let mut students = Vec::new();
    let mut needs_help = Vec::new();
    for student in app.store.users().await?.into_iter().filter(|user| user.role == Role::Student) {
        let standing = Standing::of(&app, &student).await?;
        if let Some(reason) = standing.reason_for_help(&page) {
            needs_help.push(NeedsHelp { name: student.name.clone(), reason });
        }
        students.push(standing.view(&app, &page, &student).await?);
    }
    let consultations = app.store.count_encounters().await?;
    let pages = consultations.div_ceil(A_PAGE).max(1);
    let number = which.page.clamp(1, pages);
    let listed = app.store.encounters(Page { offset: (number - 1) * A_PAGE, limit: A_PAGE }).await?;
    let mut recent = Vec::new();
    for one in &listed {
        recent.push(consultation_view(&app, &page, one).await?);
    }
    Ok(Class { page, students, needs_help, consultations, recent, number, pages })
}

/// How one student is doing.
struct Standing {
    /// Percent of each finished consultation, latest first.
    percents: Vec<f64>,
    critical_missed_last: usize,
    last: Option<Timestamp>,
}

impl Standing {
    async fn of(app: &App, student: &User) -> Result<Self, WebError> {
        let encounters = app.store.encounters_of(student.id).await?;
        let finished: Vec<(&EncounterRecord, crate::assessment::Report)> =
            encounters.iter().filter_map(|one| Some((one, view::report_of(one)?))).collect();
        let critical_missed_last = match finished.first() {
            Some((encounter, report)) => critical_missed(app, encounter, report).await?,
            None => 0,
        };
        Ok(Self {
            percents: finished.iter().map(|(_, report)| report.score.percent).collect(),
            critical_missed_last,
            last: encounters.first().map(|one| one.started),
        })
    }

    fn reason_for_help(&self, page: &Frame) -> Option<String> {
        let lately = &self.percents[..self.percents.len().min(LATELY)];
        let Some(mean) = mean(lately) else { return Some(page.t("class-help-idle")) };
        if mean < LOW {
            let percent = view::whole_percent(mean);
            return Some(page.say("class-help-low").with("percent", percent).to_string());
        }
        (self.critical_missed_last > 0)
            .then(|| page.say("class-help-critical").with("n", self.critical_missed_last).to_string())
    }

    async fn view(&self, app: &App, page: &Frame, student: &User) -> Result<StudentView, WebError> {
        let mastery = app.store.mastery(student.id).await?;
        let weakest = learner::progress(&mastery)
            .sections
            .into_iter()
            .filter(|section| section.missed > 0)
            .min_by(|a, b| a.mastery.total_cmp(&b.mastery));
        Ok(StudentView {
            name: student.name.clone(),
            finished: self.percents.len(),
            mean: mean(&self.percents).map_or_else(|| "–".to_owned(), |mean| format!("{}%", view::whole_percent(mean))),
            weakest: weakest.map_or_else(|| "–".to_owned(), |section| page.named("section", section.section.as_str())),
            last: self.last.map_or_else(|| page.t("class-never"), |at| page.day(at)),
        })
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

async fn critical_missed(
    app: &App,
    encounter: &EncounterRecord,
    report: &crate::assessment::Report,
) -> Result<usize, WebError> {
    let case = view::case_of(app, encounter).await?;
    let critical: HashMap<&str, bool> = case.rubric.iter().map(|item| (item.id.as_str(), item.critical)).collect();
    let missed = report.items.iter().filter(|item| !item.asked && !item.needs_review);
    Ok(missed.filter(|item| critical.get(item.id.as_str()) == Some(&true)).count())
}

async fn consultation_view(app: &App, page: &Frame, one: &ClassEncounter) -> Result<ConsultationView, WebError> {
    let ClassEncounter { encounter, student_name, .. } = one;
    let report = view::report_of(encounter);
    Ok(ConsultationView {
        id: encounter.id,
        student: student_name.clone(),
        title: view::case_of(app, encounter).await?.title.get(page.language).to_owned(),
        when: page.moment(encounter.started),
        state: match encounter.state {
            EncounterState::Open => page.t("state-open"),
            EncounterState::Finished { .. } => page.t("state-finished"),
            EncounterState::Abandoned { .. } => page.t("state-abandoned"),
        },
        finished: report.is_some(),
        percent: report
            .as_ref()
            .map_or_else(|| "–".to_owned(), |report| format!("{}%", view::whole_percent(report.score.percent))),
        review: report.map_or(0, |report| report.items.iter().filter(|item| item.needs_review).count()),
    })
}
