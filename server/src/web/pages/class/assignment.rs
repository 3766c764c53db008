//! Assignments: the form, the list of a group, and one of them with who has done what.

use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Redirect,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        frame::{Frame, Notice, Place},
        zone::Zone,
    },
    groups::{self, Deed, LONGEST_NAME},
};
use crate::{
    app::{App, AppState},
    classroom,
    cohort::Progress,
    store::{AssignmentRecord, Mode, ResultRecord, Scope},
    web::{auth::Teacher, error::WebError},
};

/// How long an assignment runs unless said otherwise.
const USUAL: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Most cases of one assignment.
const MOST_CASES: usize = 20;

/// The form as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct AssignmentForm {
    title: String,
    mode: String,
    system: String,
    cases: Vec<String>,
    opens: String,
    due: String,
}

impl AssignmentForm {
    /// The fields of a sent form; a case comes once for each tick.
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        let one = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        Self {
            title: one("title").unwrap_or_default(),
            mode: one("mode").unwrap_or_default(),
            system: one("system").unwrap_or_default(),
            cases: fields.iter().filter(|(key, _)| key == "case").map(|(_, value)| value.clone()).collect(),
            opens: one("opens").unwrap_or_default(),
            due: one("due").unwrap_or_default(),
        }
    }

    /// The assignment, or what is wrong in the reader's words.
    pub(super) async fn check(
        &self,
        app: &App,
        page: &Frame,
        (group, zone): (Uuid, &Zone),
    ) -> Result<Result<AssignmentRecord, String>, WebError> {
        let title = self.title.trim();
        if title.is_empty() || title.chars().count() > LONGEST_NAME {
            return Ok(Err(page.say("assignment-title-invalid").with("most", LONGEST_NAME).to_string()));
        }
        let Some((opens, due)) = zone.of_form(&self.opens).zip(zone.of_form(&self.due)) else {
            return Ok(Err(page.t("assignment-dates-invalid")));
        };
        if due <= opens {
            return Ok(Err(page.t("assignment-due-early")));
        }
        let published = app.catalogue.published().await?;
        let system = (!self.system.is_empty()).then(|| self.system.clone());
        let known = if let Some(system) = &system {
            published.iter().any(|case| case.system == *system)
        } else {
            let known = |id: &String| published.iter().any(|case| case.id == *id);
            (1..=MOST_CASES).contains(&self.cases.len()) && self.cases.iter().all(known)
        };
        if !known {
            return Ok(Err(page.say("assignment-cases-invalid").with("most", MOST_CASES).to_string()));
        }
        Ok(Ok(AssignmentRecord {
            id: Uuid::nil(),
            group,
            title: title.to_owned(),
            mode: if self.mode == "exam" { Mode::Exam } else { Mode::Practice },
            cases: if system.is_some() { Vec::new() } else { self.cases.clone() },
            system,
            opens,
            due,
            withdrawn: None,
        }))
    }
}

/// The form as shown.
pub(in super::super) struct FormView {
    pub(in super::super) title: String,
    pub(in super::super) exam: bool,
    pub(in super::super) opens: String,
    pub(in super::super) due: String,
    pub(in super::super) zone: String,
    /// Value, name, chosen.
    pub(in super::super) systems: Vec<(String, String, bool)>,
    /// Id, title, chosen.
    pub(in super::super) cases: Vec<(String, String, bool)>,
    pub(in super::super) error: Option<String>,
}

impl FormView {
    /// A form from now until a week from now.
    pub(super) async fn empty(app: &App, page: &Frame, zone: &Zone) -> Result<Self, WebError> {
        let now = app.clock.now();
        let due = now.checked_add(USUAL).unwrap_or(now);
        let form = AssignmentForm { opens: zone.in_form(now), due: zone.in_form(due), ..AssignmentForm::default() };
        Self::of(app, page, zone, (form, None)).await
    }

    /// The form as typed, with what is wrong.
    pub(super) async fn of(
        app: &App,
        page: &Frame,
        zone: &Zone,
        (form, error): (AssignmentForm, Option<String>),
    ) -> Result<Self, WebError> {
        let published = app.catalogue.published().await?;
        let systems: BTreeMap<&str, String> =
            published.iter().map(|case| (case.system.as_str(), page.named("system", &case.system))).collect();
        let case = |case: &std::sync::Arc<cases::Case>| {
            (case.id.clone(), case.title.get(page.language).to_owned(), form.cases.contains(&case.id))
        };
        Ok(Self {
            exam: form.mode == "exam",
            zone: zone.name(app.clock.now()),
            systems: systems.into_iter().map(|(id, name)| (id.to_owned(), name, form.system == id)).collect(),
            cases: published.iter().map(case).collect(),
            title: form.title,
            opens: form.opens,
            due: form.due,
            error,
        })
    }
}

/// An assignment in a list.
pub(in super::super) struct AssignmentView {
    pub(in super::super) id: Uuid,
    pub(in super::super) title: String,
    pub(in super::super) what: String,
    pub(in super::super) when: String,
    pub(in super::super) withdrawn: bool,
    /// "12 of 20 have done it, 2 of them late".
    pub(in super::super) done: String,
}

/// The assignments of a group, those due last first.
pub(super) async fn listed(app: &App, page: &Frame, zone: &Zone, group: Uuid) -> Result<Vec<AssignmentView>, WebError> {
    let mut views = Vec::new();
    let results = app.store.results(Scope::Group(group), None).await?;
    for one in app.store.assignments(group).await? {
        let all = everyones(app, &one, &results).await?;
        let done = all.iter().filter(|(_, _, progress)| progress.done.is_some());
        views.push(AssignmentView {
            id: one.id,
            what: what(app, page, &one).await?,
            when: when(page, zone, &one),
            withdrawn: one.withdrawn.is_some(),
            done: page
                .say("assignment-done")
                .with("done", done.clone().count())
                .with("of", all.len())
                .with("late", done.filter(|(_, _, progress)| progress.late).count())
                .to_string(),
            title: one.title,
        });
    }
    Ok(views)
}

fn when(page: &Frame, zone: &Zone, one: &AssignmentRecord) -> String {
    let said = page.say("assignment-when").with("opens", zone.moment(page, one.opens));
    said.with("due", zone.moment(page, one.due)).to_string()
}

/// What is to be done, in words.
pub(in super::super) async fn what(app: &App, page: &Frame, one: &AssignmentRecord) -> Result<String, WebError> {
    let mode = page.t(if one.mode == Mode::Exam { "mode-exam" } else { "mode-practice" });
    let said = if let Some(system) = &one.system {
        page.say("assignment-any").with("system", page.named("system", system)).with("mode", mode).to_string()
    } else {
        let mut titles = Vec::new();
        for id in &one.cases {
            titles.push(title(app, page, id).await?);
        }
        let join = if page.is_english() { "; " } else { "；" };
        page.say("assignment-cases").with("cases", titles.join(join)).with("mode", mode).to_string()
    };
    Ok(said)
}

/// The title of the newest version of a case.
pub(in super::super) async fn title(app: &App, page: &Frame, id: &str) -> Result<String, WebError> {
    let newest = app.store.latest_case(id).await?;
    let case = newest.map(|record| app.catalogue.parsed(&record)).transpose()?;
    Ok(case.map_or_else(|| id.to_owned(), |case| case.title.get(page.language).to_owned()))
}

/// How far each member is: id, name, progress.
async fn everyones(
    app: &App,
    one: &AssignmentRecord,
    results: &[ResultRecord],
) -> Result<Vec<(Uuid, String, Progress)>, WebError> {
    let homework = classroom::homework(&app.catalogue, one, results).await?;
    let mut by_student: BTreeMap<Uuid, Vec<&ResultRecord>> = BTreeMap::new();
    for result in results {
        by_student.entry(result.student).or_default().push(result);
    }
    let now = app.clock.now();
    let members = app.store.members(one.group).await?.into_iter().filter(|member| member.ended.is_none());
    let progress = |student: &Uuid| {
        let own = by_student.get(student).map_or(&[][..], Vec::as_slice);
        homework.progress(own.iter().copied(), now)
    };
    Ok(members.map(|member| (member.student, member.name, progress(&member.student))).collect())
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/class_assignment.html")]
pub(in super::super) struct AssignmentPage {
    page: Frame,
    id: Uuid,
    group: Uuid,
    group_name: String,
    title: String,
    what: String,
    when: String,
    zone: String,
    withdrawn: bool,
    wanted: usize,
    rows: Vec<RowView>,
}

struct RowView {
    id: Uuid,
    name: String,
    state: &'static str,
    finished: usize,
    done: String,
    encounters: Vec<Uuid>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Done {
    done: String,
}

/// The word of how far somebody is.
pub(in super::super) const fn state(progress: &Progress) -> &'static str {
    match (progress.done.is_some(), progress.late) {
        (true, false) => "done",
        (true, true) => "done-late",
        (false, false) => "open",
        (false, true) => "overdue",
    }
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    zone: Zone,
    Path(id): Path<Uuid>,
    Query(done): Query<Done>,
) -> Result<AssignmentPage, WebError> {
    let mut page = page.at(Place::Class);
    page.notice = match done.done.as_str() {
        "withdraw" => Some(Notice::good(page.t("assignment-withdrawn"))),
        "restore" => Some(Notice::good(page.t("assignment-restored"))),
        _ => None,
    };
    let one = app.store.assignment(id).await?.ok_or_else(WebError::not_found)?;
    let group = groups::own(&app, &user, one.group).await?;
    classroom::catch_up(&app.store, &app.catalogue, 100).await?;
    let results = app.store.results(Scope::Group(group.id), None).await?;
    let row = |(id, name, progress): (Uuid, String, Progress)| RowView {
        id,
        name,
        state: state(&progress),
        finished: progress.finished,
        done: progress.done.map(|at| zone.moment(&page, at)).unwrap_or_default(),
        encounters: progress.encounters,
    };
    Ok(AssignmentPage {
        id,
        group: group.id,
        group_name: group.name,
        what: what(&app, &page, &one).await?,
        when: when(&page, &zone, &one),
        zone: zone.name(app.clock.now()),
        withdrawn: one.withdrawn.is_some(),
        wanted: if one.system.is_some() { 1 } else { one.cases.len() },
        rows: everyones(&app, &one, &results).await?.into_iter().map(row).collect(),
        title: one.title,
        page,
    })
}

/// Withdraws an assignment, or lets it stand again.
pub(super) async fn post(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path(id): Path<Uuid>,
    Form(deed): Form<Deed>,
) -> Result<Redirect, WebError> {
    let one = app.store.assignment(id).await?.ok_or_else(WebError::not_found)?;
    groups::own(&app, &user, one.group).await?;
    let now: Timestamp = app.clock.now();
    let at = match deed.action() {
        "withdraw" => Some(now),
        "restore" => None,
        _ => return Err(WebError::malformed("action is withdraw or restore")),
    };
    app.store.withdraw_assignment(id, at).await?;
    let deed = deed.action();
    app.store.record(Some(user.id), &format!("assignment-{deed}"), &format!("assignment:{id}"), now).await?;
    Ok(Redirect::to(&format!("/class/assignments/{id}?done={deed}")))
}
