//! This week: what the class misses most, a patient to play together, whether the last focus helped.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Redirect,
};
use jiff::{SignedDuration, Timestamp};
use knowledge_graph::TopicId;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        frame::{Frame, Notice, Place, lang_tag},
        view,
    },
    bar::Bar,
    told, topic_name,
};
use crate::{
    app::{App, AppState},
    classroom,
    cohort::{Change, Cohort, Missed, Share, Verdict, effect, most_missed, suggested},
    store::{FocusRecord, Role, User},
    web::{auth::Teacher, error::WebError},
};

/// Topics named.
const MOST: usize = 5;
/// Examples of each.
const EXAMPLES: usize = 2;
/// What counts as this week.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Marks older than this are not shown any more.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(28 * 24);

#[derive(Template, WebTemplate)]
#[template(path = "pages/class_week.html")]
pub(in super::super) struct WeekPage {
    page: Frame,
    bar: Bar,
    since: String,
    consultations: usize,
    missed: Vec<MissedView>,
    together: Option<TogetherView>,
    focuses: Vec<FocusView>,
    /// A mark just taken away, to put it back.
    undo: Option<Uuid>,
}

struct MissedView {
    topic: TopicId,
    name: String,
    told: String,
    students: u32,
    question: Option<String>,
    examples: Vec<ExampleView>,
    /// Whether it is a focus already.
    marked: bool,
}

/// What was asked where it was missed.
struct ExampleView {
    language: &'static str,
    quotes: Vec<String>,
}

struct TogetherView {
    id: String,
    title: String,
    topics: Vec<String>,
    reason: String,
}

struct FocusView {
    id: Uuid,
    name: String,
    since: String,
    before: String,
    after: String,
    verdict: String,
    good: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Which {
    group: String,
    done: String,
    undo: Option<Uuid>,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Query(which): Query<Which>,
) -> Result<WeekPage, WebError> {
    let mut page = page.at(Place::Class);
    page.notice = match which.done.as_str() {
        "marked" => Some(Notice::good(page.t("focus-marked"))),
        "withdrawn" => Some(Notice::good(page.t("focus-withdrawn"))),
        _ => None,
    };
    let (bar, scope) = Bar::of(&app, &page, &user, &which.group).await?;
    let now = app.clock.now();
    let (since, remembered) = (before(now, WEEK), before(now, REMEMBERED + REMEMBERED));
    let cohort = classroom::cohort(&app.store, &app.catalogue, scope, Some(remembered)).await?;
    let found = most_missed(&cohort, since, MOST);
    let marks = app.store.focuses(group_of(&bar)).await?;
    let mut missed = Vec::new();
    for one in &found {
        missed.push(missed_view(&app, &page, &cohort, (one, since, &marks)).await?);
    }
    let recent = marks.iter().filter(|mark| mark.marked >= before(now, REMEMBERED));
    Ok(WeekPage {
        since: page.day(since),
        consultations: cohort.marked.iter().filter(|marked| marked.ended >= since).count(),
        together: together(&app, &page, &cohort, &found).await?,
        focuses: recent.map(|mark| focus_view(&app, &page, &cohort, mark)).collect(),
        undo: which.undo.filter(|_| which.done == "withdrawn"),
        missed,
        bar,
        page,
    })
}

fn before(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_sub(span).unwrap_or(Timestamp::MIN)
}

fn group_of(bar: &Bar) -> Option<Uuid> {
    bar.group.parse().ok()
}

async fn missed_view(
    app: &App,
    page: &Frame,
    cohort: &Cohort,
    (one, since, marks): (&Missed, Timestamp, &[FocusRecord]),
) -> Result<MissedView, WebError> {
    let known = app.graph.topic(&one.topic);
    Ok(MissedView {
        name: topic_name(app, page, &one.topic),
        told: told(page, one.tally.missed),
        students: one.tally.students,
        question: known.and_then(|known| known.questions.get(page.language).first().cloned()),
        examples: examples(app, page, cohort, (&one.topic, since)).await?,
        marked: marks.iter().any(|mark| mark.topic == one.topic),
        topic: one.topic.clone(),
    })
}

/// What was asked in the latest consultations that missed the topic, first such in the reader's language;
/// nobody is named.
async fn examples(
    app: &App,
    page: &Frame,
    cohort: &Cohort,
    (topic, since): (&TopicId, Timestamp),
) -> Result<Vec<ExampleView>, WebError> {
    let Some(place) = cohort.known_place(topic) else { return Ok(Vec::new()) };
    let missed = cohort.marked.iter().rev().filter(|marked| {
        marked.ended >= since && cohort.items(marked).any(|(item, is)| item.topic == place && is == Verdict::Missed)
    });
    let mut found = Vec::new();
    for marked in missed.take(2 * EXAMPLES) {
        let around = classroom::around(&app.store, &app.catalogue, marked.encounter, topic).await?;
        found.extend(around.filter(|around| !around.asked));
    }
    found.sort_by_key(|around| (around.language != page.language, around.quotes.is_empty()));
    let example = |around: classroom::Around| ExampleView {
        language: lang_tag(around.language),
        quotes: around.quotes.into_iter().map(|quote| quote.words).collect(),
    };
    Ok(found.into_iter().take(EXAMPLES).map(example).collect())
}

async fn together(
    app: &App,
    page: &Frame,
    cohort: &Cohort,
    found: &[Missed],
) -> Result<Option<TogetherView>, WebError> {
    let topics: Vec<TopicId> = found.iter().map(|one| one.topic.clone()).collect();
    let published = app.catalogue.published().await?;
    let Some(case) = suggested(cohort, &topics, published.iter().map(AsRef::as_ref)) else { return Ok(None) };
    let title = published.iter().find(|one| one.id == case.case).map(|one| one.title.get(page.language).to_owned());
    let reason = page
        .say("week-together-why")
        .with("n", case.topics.len())
        .with("of", topics.len())
        .with("played", case.played_by)
        .with("students", cohort.students.len());
    Ok(Some(TogetherView {
        title: title.unwrap_or_else(|| case.case.clone()),
        topics: case.topics.iter().map(|topic| topic_name(app, page, topic)).collect(),
        reason: reason.to_string(),
        id: case.case,
    }))
}

fn focus_view(app: &App, page: &Frame, cohort: &Cohort, mark: &FocusRecord) -> FocusView {
    let found = effect(cohort, &mark.topic, mark.marked);
    let points = |value: f64| view::whole_percent(100.0 * value.abs());
    let key = match found.change {
        Change::TooFew => "focus-too-few",
        Change::Unclear => "focus-unclear",
        Change::Better => "focus-better",
        Change::Worse => "focus-worse",
    };
    let (least, most) = if found.difference.value < 0.0 {
        (-found.difference.high, -found.difference.low)
    } else {
        (found.difference.low, found.difference.high)
    };
    let share = |share: Share| if share.of == 0 { page.t("focus-nothing") } else { told(page, share) };
    FocusView {
        id: mark.id,
        name: topic_name(app, page, &mark.topic),
        since: page.day(mark.marked),
        before: share(found.before),
        after: share(found.after),
        verdict: page
            .say(key)
            .with("points", points(found.difference.value))
            .with("least", points(least))
            .with("most", points(most))
            .with("fewer", points(found.difference.low.min(0.0)))
            .with("more", points(found.difference.high.max(0.0)))
            .to_string(),
        good: found.change == Change::Better,
    }
}

/// The topic to work on.
#[derive(Deserialize)]
pub(in super::super) struct Mark {
    topic: String,
    #[serde(default)]
    group: String,
}

/// Marks a topic as this week's focus.
pub(super) async fn mark(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Form(form): Form<Mark>,
) -> Result<Redirect, WebError> {
    let topic: TopicId = form.topic.parse().map_err(|_| WebError::malformed("`topic` is no topic"))?;
    let group = own_group(&app, &user, &form.group).await?;
    app.store.mark_focus(group, topic, user.id, app.clock.now()).await?;
    Ok(Redirect::to(&format!("/class/week?group={}&done=marked#focus", form.group)))
}

/// The group named in a form, when it is this teacher's; none for everyone, which needs an administrator as
/// soon as there are groups.
async fn own_group(app: &App, user: &User, group: &str) -> Result<Option<Uuid>, WebError> {
    let view = classroom::view(&app.store, user, group).await?;
    if view.group.is_none() && user.role != Role::Admin && app.store.has_groups().await? {
        return Err(WebError::unprocessable("choose-group", "choose one of your groups first"));
    }
    Ok(view.group.map(|group| group.id))
}

/// What is to become of a mark.
#[derive(Deserialize)]
pub(in super::super) struct Undo {
    #[serde(default)]
    group: String,
    #[serde(default)]
    restore: bool,
}

/// Takes a mark away, or puts it back.
pub(super) async fn withdraw(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path(id): Path<Uuid>,
    Form(form): Form<Undo>,
) -> Result<Redirect, WebError> {
    let group = own_group(&app, &user, &form.group).await?;
    let at = (!form.restore).then(|| app.clock.now());
    app.store.withdraw_focus(id, group, at).await?;
    let done = if form.restore { "done=marked".to_owned() } else { format!("done=withdrawn&undo={id}") };
    Ok(Redirect::to(&format!("/class/week?group={}&{done}#focus", form.group)))
}
