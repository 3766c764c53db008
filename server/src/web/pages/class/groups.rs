//! A teacher's groups: the list, a new one, and one of them with its students and assignments.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        frame::{Frame, Notice, Place},
        zone::Zone,
    },
    assignment::{AssignmentForm, AssignmentView, FormView, listed},
    bar::Bar,
};
use crate::{
    app::{App, AppState},
    cohort::join_code,
    store::{Ending, GroupRecord, Membership, Role, StoreError, User},
    web::{auth::Teacher, error::WebError},
};

/// Longest name of a group or an assignment, in characters.
pub(super) const LONGEST_NAME: usize = 80;
/// Codes drawn before giving up on finding a free one.
const DRAWS: usize = 8;

#[derive(Template, WebTemplate)]
#[template(path = "pages/class_groups.html")]
pub(in super::super) struct GroupsPage {
    page: Frame,
    bar: Bar,
    groups: Vec<GroupRecord>,
    name: String,
    error: Option<String>,
    /// Whether the groups of every teacher are shown.
    everyones: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Done {
    done: String,
    /// Whom or what it was done to.
    of: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
) -> Result<GroupsPage, WebError> {
    show_list(&app, &user, page, (String::new(), None)).await
}

async fn show_list(
    app: &App,
    user: &User,
    page: Frame,
    (name, error): (String, Option<String>),
) -> Result<GroupsPage, WebError> {
    let page = page.at(Place::Class);
    let everyones = user.role == Role::Admin;
    let groups = app.store.groups((!everyones).then_some(user.id)).await?;
    let (mut bar, _) = Bar::of(app, &page, user, "").await?;
    bar.groups.clear();
    Ok(GroupsPage { page, bar, groups, name, error, everyones })
}

#[derive(Deserialize)]
pub(in super::super) struct NewGroup {
    name: String,
}

/// Makes a group with a code.
pub(super) async fn create(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Form(form): Form<NewGroup>,
) -> Result<Response, WebError> {
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        let error = Some(page.say("group-name-invalid").with("most", LONGEST_NAME).to_string());
        let shown = show_list(&app, &user, page, (form.name, error)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let now = app.clock.now();
    for _ in 0..DRAWS {
        match app.store.create_group(name.clone(), user.id, draw()?, now).await {
            Ok(id) => {
                app.store.record(Some(user.id), "group-made", &format!("group:{id}"), now).await?;
                return Ok(Redirect::to(&format!("/class/groups/{id}?done=made")).into_response());
            }
            Err(StoreError::CodeTaken) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::CodeTaken.into())
}

/// A fresh code. It lets strangers in, so the machine's own dice throw it.
fn draw() -> Result<String, WebError> {
    Ok(join_code(getrandom::u64().map_err(|error| WebError::internal(&error))?))
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/class_group.html")]
pub(in super::super) struct GroupPage {
    page: Frame,
    bar: Bar,
    group: GroupRecord,
    members: Vec<MemberView>,
    former: Vec<MemberView>,
    /// A member just taken out, to take back.
    undo: Option<(Uuid, String)>,
    assignments: Vec<AssignmentView>,
    form: FormView,
}

struct MemberView {
    id: Uuid,
    name: String,
    joined: String,
    ended: String,
    removed: bool,
}

impl MemberView {
    fn new(page: &Frame, one: &Membership) -> Self {
        Self {
            id: one.student,
            name: one.name.clone(),
            joined: page.day(one.joined),
            ended: one.ended.map(|at| page.day(at)).unwrap_or_default(),
            removed: one.removed,
        }
    }
}

/// The group, when `user` teaches it or is an administrator.
pub(super) async fn own(app: &App, user: &User, id: Uuid) -> Result<GroupRecord, WebError> {
    let group = app.store.group(id).await?.ok_or_else(WebError::not_found)?;
    let own = user.role == Role::Admin || group.teacher == Some(user.id);
    if own { Ok(group) } else { Err(WebError::not_found()) }
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    mut page: Frame,
    zone: Zone,
    Path(id): Path<Uuid>,
    Query(done): Query<Done>,
) -> Result<GroupPage, WebError> {
    page.notice = match done.done.as_str() {
        "made" => Some("group-made"),
        "renewed" => Some("group-renewed"),
        "closed" => Some("group-closed"),
        "removed" => Some("group-removed"),
        "restored" => Some("group-restored"),
        "assigned" => Some("assignment-made"),
        _ => None,
    }
    .map(|key| Notice::good(page.t(key)));
    let removed = done.of.filter(|_| done.done == "removed");
    let group = own(&app, &user, id).await?;
    let form = FormView::empty(&app, &page, &zone).await?;
    show(&app, &user, page, (group, zone), (removed, form)).await
}

/// The page of a group with a form as typed.
pub(super) async fn show(
    app: &App,
    user: &User,
    page: Frame,
    (group, zone): (GroupRecord, Zone),
    (removed, form): (Option<Uuid>, FormView),
) -> Result<GroupPage, WebError> {
    let page = page.at(Place::Class);
    let (mut bar, _) = Bar::of(app, &page, user, &group.id.to_string()).await?;
    bar.groups.clear();
    let all = app.store.members(group.id).await?;
    let view = |one: &Membership| MemberView::new(&page, one);
    let undo = removed.and_then(|id| all.iter().find(|one| one.student == id && one.ended.is_some()));
    Ok(GroupPage {
        members: all.iter().filter(|one| one.ended.is_none()).map(view).collect(),
        former: all.iter().filter(|one| one.ended.is_some()).map(view).collect(),
        undo: undo.map(|one| (one.student, one.name.clone())),
        assignments: listed(app, &page, &zone, group.id).await?,
        bar,
        group,
        form,
        page,
    })
}

/// What is to become of something.
#[derive(Deserialize)]
pub(in super::super) struct Deed {
    action: String,
}

impl Deed {
    /// Its word.
    pub(super) fn action(&self) -> &str {
        &self.action
    }
}

/// Renews the code or closes the group.
pub(super) async fn code(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path(id): Path<Uuid>,
    Form(deed): Form<Deed>,
) -> Result<Redirect, WebError> {
    let group = own(&app, &user, id).await?;
    let done = match deed.action.as_str() {
        "renew" => {
            app.store.set_group_code(group.id, Some(draw()?)).await?;
            "renewed"
        }
        "close" => {
            app.store.set_group_code(group.id, None).await?;
            "closed"
        }
        _ => return Err(WebError::malformed("action is renew or close")),
    };
    app.store.record(Some(user.id), &format!("group-code-{done}"), &format!("group:{id}"), app.clock.now()).await?;
    Ok(Redirect::to(&format!("/class/groups/{id}?done={done}")))
}

/// Takes a student out, or back in.
pub(super) async fn member(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path((id, student)): Path<(Uuid, Uuid)>,
    Form(deed): Form<Deed>,
) -> Result<Redirect, WebError> {
    let group = own(&app, &user, id).await?;
    let now: Timestamp = app.clock.now();
    let done = match deed.action.as_str() {
        "remove" => {
            app.store.end_membership(group.id, student, Ending::RemovedBy(user.id), now).await?;
            format!("removed&of={student}")
        }
        "restore" => {
            app.store.resume_membership(group.id, student, false).await?;
            "restored".to_owned()
        }
        _ => return Err(WebError::malformed("action is remove or restore")),
    };
    app.store.record(Some(user.id), &format!("group-member-{}", deed.action), &format!("group:{id}"), now).await?;
    Ok(Redirect::to(&format!("/class/groups/{id}?done={done}#members")))
}

/// Sets an assignment.
pub(super) async fn assign(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    zone: Zone,
    Path(id): Path<Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let group = own(&app, &user, id).await?;
    let now = app.clock.now();
    let typed = AssignmentForm::read(&fields);
    match typed.check(&app, &page, (group.id, &zone)).await? {
        Ok(new) => {
            let made = app.store.assign(new, now).await?;
            app.store.record(Some(user.id), "assignment-made", &format!("assignment:{made}"), now).await?;
            Ok(Redirect::to(&format!("/class/groups/{id}?done=assigned#assignments")).into_response())
        }
        Err(error) => {
            let form = FormView::of(&app, &page, &zone, (typed, Some(error))).await?;
            let shown = show(&app, &user, page, (group, zone), (None, form)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
    }
}
