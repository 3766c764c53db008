//! A student's groups: join by a code, leave, come back; and what home shows of assignments and comments.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    class::assignment,
    frame::{Frame, Notice, Place},
    zone::Zone,
};
use crate::{
    app::{App, AppState},
    classroom,
    cohort::typed_code,
    store::{CommentRecord, Ending, Entity, Mode, Role, StoreError, User},
    web::{
        auth::{ClientAddress, Student},
        error::WebError,
    },
};

/// Comments at a glance.
const MOST_COMMENTS: u32 = 4;
/// Letters of a comment at a glance.
const GLANCE: usize = 120;

#[derive(Template, WebTemplate)]
#[template(path = "pages/my_groups.html")]
pub(super) struct MyGroups {
    page: Frame,
    groups: Vec<GroupView>,
    /// Groups left, to come back to.
    left: Vec<GroupView>,
    due: Vec<DueView>,
    zone: String,
    code: String,
    error: Option<String>,
}

struct GroupView {
    id: Uuid,
    name: String,
    teacher: String,
    since: String,
}

/// Something to do.
pub(super) struct DueView {
    pub(super) title: String,
    pub(super) due: String,
    pub(super) state: &'static str,
    pub(super) mode: String,
    /// Address and title of each case to be played.
    pub(super) cases: Vec<(String, String)>,
    /// The list to choose from, where any case of a system will do.
    pub(super) choose: Option<(String, String)>,
}

/// A comment at a glance.
pub(super) struct CommentGlance {
    pub(super) href: String,
    pub(super) who: String,
    pub(super) words: String,
    pub(super) when: String,
    pub(super) is_new: bool,
}

/// What a student's home shows of teachers.
pub(super) struct FromTeachers {
    pub(super) due: Vec<DueView>,
    pub(super) comments: Vec<CommentGlance>,
    pub(super) in_groups: bool,
}

impl FromTeachers {
    pub(super) async fn of(app: &App, page: &Frame, user: &User, zone: &Zone) -> Result<Self, WebError> {
        let mut due = due(app, page, user, zone).await?;
        due.retain(|one| one.state == "open" || one.state == "overdue");
        let comments = app.store.comments_to(user.id, MOST_COMMENTS).await?;
        let groups = app.store.groups_of(user.id).await?;
        Ok(Self {
            due,
            comments: comments.iter().map(|comment| glance(page, comment)).collect(),
            in_groups: groups.iter().any(|(_, place)| place.ended.is_none()),
        })
    }
}

fn glance(page: &Frame, comment: &CommentRecord) -> CommentGlance {
    let mut words: String = comment.text.chars().take(GLANCE).collect();
    if words.len() < comment.text.len() {
        words.push('…');
    }
    CommentGlance {
        href: format!("/consultations/{}/debrief#comments", comment.encounter),
        who: comment.author_name.clone().unwrap_or_else(|| page.t("decide-somebody")),
        words,
        when: page.day(comment.at),
        is_new: comment.seen.is_none(),
    }
}

/// What the student is to do, soonest due first.
async fn due(app: &App, page: &Frame, user: &User, zone: &Zone) -> Result<Vec<DueView>, WebError> {
    let now = app.clock.now();
    let assignments = app.store.assignments_for(user.id, now).await?;
    if assignments.is_empty() {
        return Ok(Vec::new());
    }
    let results = app.store.results_of(user.id).await?;
    let mut views = Vec::new();
    for one in assignments {
        let homework = classroom::homework(&app.catalogue, &one, &results).await?;
        let progress = homework.progress(&results, now);
        let query = if one.mode == Mode::Exam { "?mode=exam" } else { "" };
        let mut cases = Vec::new();
        if one.system.is_none() {
            for id in &progress.open {
                cases.push((format!("/cases/{id}{query}"), assignment::title(app, page, id).await?));
            }
        }
        let choose = one.system.as_ref().filter(|_| progress.done.is_none()).map(|system| {
            let name = page.say("due-choose").with("system", page.named("system", system)).to_string();
            (format!("/cases?system={system}"), name)
        });
        views.push(DueView {
            title: one.title.clone(),
            due: zone.moment(page, one.due),
            state: assignment::state(&progress),
            mode: page.t(if one.mode == Mode::Exam { "mode-exam" } else { "mode-practice" }),
            cases,
            choose,
        });
    }
    Ok(views)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    mut page: Frame,
    zone: Zone,
    Query(done): Query<Done>,
) -> Result<MyGroups, WebError> {
    page.notice = match done.done.as_str() {
        "joined" => Some(Notice::good(page.t("my-groups-joined"))),
        "left" => Some(Notice::good(page.t("my-groups-left-now"))),
        _ => None,
    };
    show(&app, &user, page, &zone, (String::new(), None)).await
}

async fn show(
    app: &App,
    user: &User,
    page: Frame,
    zone: &Zone,
    (code, error): (String, Option<String>),
) -> Result<MyGroups, WebError> {
    let page = page.at(Place::Home);
    let (mut groups, mut left) = (Vec::new(), Vec::new());
    for (group, place) in app.store.groups_of(user.id).await? {
        let view = GroupView {
            id: group.id,
            name: group.name,
            teacher: group.teacher_name.unwrap_or_else(|| page.t("decide-somebody")),
            since: page.day(place.ended.unwrap_or(place.joined)),
        };
        match place.ended {
            None => groups.push(view),
            Some(_) if !place.removed => left.push(view),
            Some(_) => {}
        }
    }
    let due = due(app, &page, user, zone).await?;
    Ok(MyGroups { groups, left, due, zone: zone.name(app.clock.now()), code, error, page })
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
}

/// Joins the group of a code.
pub(super) async fn join(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    zone: Zone,
    from: ClientAddress,
    Form(form): Form<Code>,
) -> Result<Response, WebError> {
    // Codes are short: guessing one is slowed down as guessing a password is.
    let guesser = format!("join {}", user.id);
    app.sign_in_limits.admit(&guesser, from.0).map_err(|wait| {
        WebError::busy("too-many-attempts", "too many attempts to join; wait a moment and try again", wait)
    })?;
    let joined = match typed_code(&form.code) {
        _ if user.role != Role::Student => Err("my-groups-teacher"),
        None => Err("my-groups-no-code"),
        Some(code) => match app.store.join_group(code, user.id, app.clock.now()).await {
            Ok(group) => Ok(group),
            Err(StoreError::NotFound(Entity::Group)) => Err("my-groups-unknown"),
            Err(error) => return Err(error.into()),
        },
    };
    match joined {
        Ok(group) => {
            app.sign_in_limits.forget(&guesser, from.0);
            app.store.record(Some(user.id), "group-joined", &format!("group:{group}"), app.clock.now()).await?;
            Ok(Redirect::to("/groups?done=joined").into_response())
        }
        Err(key) => {
            let error = Some(page.t(key));
            let shown = show(&app, &user, page, &zone, (form.code, error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
    }
}

/// Leaves a group.
pub(super) async fn leave(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
) -> Result<Redirect, WebError> {
    app.store.end_membership(id, user.id, Ending::Left, app.clock.now()).await?;
    Ok(Redirect::to("/groups?done=left"))
}

/// Comes back to a group that was left.
pub(super) async fn come_back(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
) -> Result<Redirect, WebError> {
    app.store.resume_membership(id, user.id, true).await?;
    Ok(Redirect::to("/groups?done=joined"))
}
