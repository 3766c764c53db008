//! A student's home: continue, today's suggestion, due reviews, weak areas at a glance.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Query, State},
    response::Redirect,
};
use serde::Deserialize;

use super::{
    frame::{Frame, Notice, Place},
    my_groups::FromTeachers,
    path::{self, NextView},
    view::{self, Suggestion},
    zone::Zone,
};
use crate::{
    app::{App, AppState},
    learner::{self, WeakTopic},
    store::{EncounterRecord, EncounterState, Role},
    web::{
        auth::{Student, Viewer},
        error::WebError,
    },
};

/// Weak areas and recent consultations shown.
const AT_A_GLANCE: usize = 4;

#[derive(Template, WebTemplate)]
#[template(path = "pages/home.html")]
pub(super) struct Home {
    page: Frame,
    name: String,
    open: Vec<OpenView>,
    /// For the first time.
    suggestion: Option<Suggestion>,
    next: Option<NextView>,
    /// The number of the suggestion after this one.
    other: usize,
    /// Whether anything was put off.
    declined: bool,
    /// Missed questions due for review.
    due: usize,
    /// Whether no consultation was finished yet.
    first_time: bool,
    weak: Vec<WeakView>,
    recent: Vec<RecentView>,
    /// What teachers gave to do, and wrote.
    from_teachers: FromTeachers,
}

struct OpenView {
    id: String,
    title: String,
    started: String,
    turns: usize,
}

struct WeakView {
    name: String,
    asked: u32,
    total: u32,
}

struct RecentView {
    id: String,
    title: String,
    when: String,
    percent: u32,
}

/// The front door leads everyone where their work is.
pub(super) async fn front(Viewer(user): Viewer) -> Redirect {
    Redirect::to(match user.map(|user| user.role) {
        None => "/sign-in",
        Some(Role::Student) => "/home",
        Some(Role::Teacher | Role::Admin) => "/class",
    })
}

/// What was just done, to say so.
#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
    /// Which suggestion, from 0.
    #[serde(default)]
    other: usize,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    zone: Zone,
    Query(done): Query<Done>,
) -> Result<Home, WebError> {
    let mut page = page.at(Place::Home);
    page.notice = match done.done.as_str() {
        "left" => Some(Notice::good(page.t("home-left"))),
        "declined" => Some(Notice::good(page.t("home-declined"))),
        _ => None,
    };
    let path = path::path_of(&app, &user).await?;
    let encounters = &path.encounters;
    let mastery = app.store.mastery(user.id).await?;
    let from_teachers = FromTeachers::of(&app, &page, &user, &zone).await?;
    let first_time = view::finished_by_case(encounters).is_empty();
    let suggestion = if first_time { view::suggest(&app, &page, encounters, &path.known).await? } else { None };
    let next = if first_time { None } else { path::next_view(&app, &page, &path, done.other).await? };
    Ok(Home {
        name: user.name,
        open: open(&app, &page, encounters).await?,
        suggestion,
        next,
        other: done.other.saturating_add(1),
        declined: !path.declined.is_empty(),
        due: path.picture.reviews.iter().filter(|review| review.due <= path.known.now).count(),
        first_time,
        from_teachers,
        weak: learner::progress(&mastery).weak.iter().take(AT_A_GLANCE).map(|topic| weak(&app, &page, topic)).collect(),
        recent: recent(&app, &page, encounters).await?,
        page,
    })
}

async fn open(app: &App, page: &Frame, encounters: &[EncounterRecord]) -> Result<Vec<OpenView>, WebError> {
    let mut views = Vec::new();
    for encounter in encounters.iter().filter(|one| matches!(one.state, EncounterState::Open)) {
        let case = view::case_of(app, encounter).await?;
        views.push(OpenView {
            id: encounter.id.to_string(),
            title: case.title.get(page.language).to_owned(),
            started: page.moment(encounter.started),
            turns: app.store.turns(encounter.id).await?.len(),
        });
    }
    Ok(views)
}

fn weak(app: &App, page: &Frame, topic: &WeakTopic) -> WeakView {
    let name = app.graph.topic(&topic.topic).map(|known| known.name.get(page.language).to_owned());
    WeakView {
        name: name.unwrap_or_else(|| topic.topic.to_string()),
        asked: topic.asked,
        total: topic.asked + topic.missed,
    }
}

async fn recent(app: &App, page: &Frame, encounters: &[EncounterRecord]) -> Result<Vec<RecentView>, WebError> {
    let mut views = Vec::new();
    let finished = encounters.iter().filter_map(|one| Some((one, view::report_of(one)?)));
    for (encounter, report) in finished.take(AT_A_GLANCE) {
        views.push(RecentView {
            id: encounter.id.to_string(),
            title: view::case_of(app, encounter).await?.title.get(page.language).to_owned(),
            when: page.day(encounter.started),
            percent: view::whole_percent(report.score.percent),
        });
    }
    Ok(views)
}
