//! One item, for teachers: both languages side by side, its figures, what was reported, and what to do.

use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use knowledge_graph::Language;
use serde::Deserialize;

use super::{
    super::frame::{Frame, Notice, Place},
    manage::{StateView, difficulty, discrimination, is_weak, title},
    share,
};
use crate::{
    app::{App, AppState},
    drilling::{DrillError, Fault, FaultKind, LONGEST, Part, faults, reworded, texts},
    explore::{SourceView, sources},
    learner::drills::{Item, Key},
    store::{DrillRecord, DrillState},
    web::{auth::Teacher, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/manage_drill.html")]
pub(in super::super) struct ManageItemPage {
    page: Frame,
    id: String,
    title: String,
    kind: String,
    state: StateView,
    made: String,
    share: String,
    difficulty: String,
    discrimination: String,
    /// What a teacher should know before anything else.
    warnings: Vec<String>,
    retired: bool,
    edited: bool,
    key: String,
    topics: Vec<String>,
    reports: Vec<ReportView>,
    open_reports: bool,
    parts: Vec<PartView>,
    problems: Vec<ProblemView>,
    sources: Vec<SourceView>,
}

struct ReportView {
    reason: String,
    day: String,
    open: bool,
}

/// A text in both languages.
struct PartView {
    name: String,
    /// Lines shown of it.
    rows: u8,
    right: bool,
    texts: [TextView; 2],
}

struct TextView {
    field: String,
    tag: &'static str,
    language: &'static str,
    text: String,
    wrong: bool,
    /// As it was made, where a teacher worded it otherwise.
    before: Option<String>,
}

struct ProblemView {
    field: String,
    message: String,
}

/// What was just done.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Done {
    done: String,
}

pub(in super::super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    mut page: Frame,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<ManageItemPage, WebError> {
    page.notice = match done.done.as_str() {
        "made" => Some(Notice::good(page.t("manage-drill-made"))),
        "saved" => Some(Notice::good(page.t("manage-drill-saved"))),
        "retired" => Some(Notice::good(page.t("manage-drill-retired"))),
        "back" => Some(Notice::good(page.t("manage-drill-back"))),
        "settled" => Some(Notice::good(page.t("manage-drill-settled"))),
        "original" => Some(Notice::good(page.t("manage-drill-original"))),
        _ => None,
    };
    let record = app.store.drill(&id).await?.ok_or(DrillError::Unknown)?;
    let item = record.item().clone();
    shown(&app, page, &record, (&item, &[])).await
}

async fn shown(
    app: &App,
    page: Frame,
    record: &DrillRecord,
    (item, found): (&Item, &[Fault]),
) -> Result<ManageItemPage, WebError> {
    let page = page.at(Place::Manage);
    let report = |one: crate::store::DrillReport| ReportView {
        reason: one.reason,
        day: page.day(one.at),
        open: one.settled.is_none(),
    };
    let topic = |topic| app.graph.topic(topic).map(|known| known.name.get(page.language).to_owned());
    Ok(ManageItemPage {
        id: item.id.clone(),
        title: title(&page, record),
        kind: page.named("drill-kind", item.kind.as_str()),
        state: StateView::new(&page, record.state),
        made: page.day(record.at),
        share: share(&page, record.points, record.rating.answers),
        difficulty: difficulty(&page, record),
        discrimination: discrimination(&page, record),
        warnings: warnings(&page, record, app.graph.content_hash()),
        retired: record.state == DrillState::Retired,
        edited: record.edit.is_some(),
        key: key(&page, item),
        topics: item.topics.iter().filter_map(topic).collect(),
        reports: app.store.drill_reports(&item.id).await?.into_iter().map(report).collect(),
        open_reports: record.reports > 0,
        parts: parts(&page, record, item, found),
        problems: found.iter().map(|fault| problem(&page, fault)).collect(),
        sources: sources(app.graph, item.sources.iter().map(String::as_str)),
        page,
    })
}

fn warnings(page: &Frame, record: &DrillRecord, graph: &str) -> Vec<String> {
    let outdated = record.state == DrillState::Offered && record.made.graph != graph;
    let outdated = outdated.then(|| page.t("manage-drill-outdated-text"));
    outdated.into_iter().chain(is_weak(record).then(|| page.t("manage-drill-weak"))).collect()
}

/// The key in words: numbers of the options.
fn key(page: &Frame, item: &Item) -> String {
    let numbered = |choices: &[usize]| choices.iter().map(|at| (at + 1).to_string()).collect::<Vec<_>>();
    match &item.key {
        Key::One(at) => page.say("manage-drill-key-one").with("n", at + 1).to_string(),
        Key::Order(order) => page.say("manage-drill-key-order").with("order", numbered(order).join(" → ")).to_string(),
        Key::Pairs(pairs) => {
            let each: Vec<String> =
                numbered(pairs).iter().enumerate().map(|(at, choice)| format!("{} = {choice}", at + 1)).collect();
            page.say("manage-drill-key-pairs").with("pairs", each.join(", ")).to_string()
        }
    }
}

fn name(page: &Frame, part: Part) -> String {
    let name = page.named("drill-part", part.word());
    part.number().map_or_else(|| name.clone(), |number| format!("{name} {number}"))
}

fn parts(page: &Frame, record: &DrillRecord, item: &Item, found: &[Fault]) -> Vec<PartView> {
    let made = texts(&record.made);
    let part = |(part, text): (Part, &knowledge_graph::Bilingual)| {
        let view = |language: Language, tag, language_name| {
            let before = made.iter().find(|(of, _)| *of == part).map(|(_, text)| text.get(language));
            TextView {
                field: part.field(language),
                tag,
                language: language_name,
                text: text.get(language).to_owned(),
                wrong: found.iter().any(|fault| fault.part == part && fault.language == language),
                before: before.filter(|before| *before != text.get(language)).map(str::to_owned),
            }
        };
        PartView {
            name: name(page, part),
            rows: match part {
                Part::Question | Part::Prompt(_) | Part::Choice(_) => 2,
                Part::Stem | Part::Why(_) => 4,
                Part::Explanation => 9,
            },
            right: matches!(part, Part::Choice(at) if item.key == Key::One(at)),
            texts: [view(Language::En, "en", "English"), view(Language::Zh, "zh-CN", "中文")],
        }
    };
    texts(item).into_iter().map(part).collect()
}

fn problem(page: &Frame, fault: &Fault) -> ProblemView {
    let key = match fault.kind {
        FaultKind::Empty => "manage-drill-empty",
        FaultKind::TooLong => "manage-drill-long",
        FaultKind::Twice => "manage-drill-twice",
        FaultKind::Key => "manage-drill-key-broken",
    };
    let language = match fault.language {
        Language::En => "English",
        Language::Zh => "中文",
    };
    let phrase = page.say(key).with("part", name(page, fault.part)).with("language", language).with("most", LONGEST);
    ProblemView { field: fault.part.field(fault.language), message: phrase.to_string() }
}

/// Words the item anew, or says what is missing and gives the texts back.
pub(in super::super) async fn reword(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path(id): Path<String>,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let record = app.store.drill(&id).await?.ok_or(DrillError::Unknown)?;
    let edit = reworded(record.item(), &fields);
    let found = faults(&edit);
    if !found.is_empty() {
        let again = shown(&app, page, &record, (&edit, &found)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    app.store.word_drill(&id, Some(edit), user.id, app.clock.now()).await?;
    Ok(Redirect::to(&format!("/manage/drills/{id}?done=saved")).into_response())
}

/// What is to happen with the item.
#[derive(Deserialize)]
pub(in super::super) struct Decision {
    #[serde(rename = "do")]
    act: String,
}

/// Retires it, brings it back, goes back to its first words, or settles its reports.
pub(in super::super) async fn decide(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path(id): Path<String>,
    Form(decision): Form<Decision>,
) -> Result<Redirect, WebError> {
    let now = app.clock.now();
    let done = match decision.act.as_str() {
        "retire" => {
            app.store.retire_drill(&id, true, user.id, now).await?;
            "retired"
        }
        "bring-back" => {
            app.store.retire_drill(&id, false, user.id, now).await?;
            "back"
        }
        "original" => {
            app.store.word_drill(&id, None, user.id, now).await?;
            "original"
        }
        "settle" => {
            app.store.settle_drill_reports(&id, now).await?;
            "settled"
        }
        other => {
            return Err(WebError::unprocessable("unknown-decision", format!("`{other}` cannot be done to a drill")));
        }
    };
    Ok(Redirect::to(&format!("/manage/drills/{id}?done={done}")))
}
