//! One topic in a class: each consultation in which it mattered, with the words around it.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use knowledge_graph::TopicId;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::frame::{Frame, Place, lang_tag},
    bar::Bar,
    told, topic_name,
};
use crate::{
    app::{App, AppState},
    classroom::{self, Around},
    cohort::{Cohort, Marked, Tally, Verdict, by_topic},
    web::{auth::Teacher, error::WebError},
};

/// Consultations on one page: each one's report is read.
const A_PAGE: usize = 10;

#[derive(Template, WebTemplate)]
#[template(path = "pages/class_topic.html")]
pub(in super::super) struct TopicPage {
    page: Frame,
    bar: Bar,
    topic: String,
    name: String,
    question: Option<String>,
    told: String,
    students: u32,
    only: &'static str,
    rows: Vec<TurnView>,
    found: usize,
    number: usize,
    pages: usize,
}

/// One consultation.
struct TurnView {
    id: Uuid,
    student: String,
    when: String,
    item: String,
    verdict: &'static str,
    language: &'static str,
    /// Exchange and words.
    quotes: Vec<(u32, String)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Which {
    group: String,
    topic: String,
    only: String,
    page: usize,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Query(which): Query<Which>,
) -> Result<TopicPage, WebError> {
    let page = page.at(Place::Class);
    let topic: TopicId = which.topic.parse().map_err(|_| WebError::not_found())?;
    let (bar, scope) = Bar::of(&app, &page, &user, &which.group).await?;
    let cohort = classroom::cohort(&app.store, &app.catalogue, scope, None).await?;
    let tally = tally(&cohort, &topic);
    let only = match which.only.as_str() {
        "asked" => Some(Verdict::Asked),
        "examiner" => Some(Verdict::WithExaminer),
        "all" => None,
        _ => Some(Verdict::Missed),
    };
    let wanted = consultations(&cohort, &topic, only);
    let pages = wanted.len().div_ceil(A_PAGE).max(1);
    let number = which.page.clamp(1, pages);
    let mut rows = Vec::new();
    for marked in wanted.iter().skip((number - 1) * A_PAGE).take(A_PAGE) {
        rows.extend(row(&app, &page, (&cohort, marked), &topic).await?);
    }
    let known = app.graph.topic(&topic);
    Ok(TopicPage {
        name: topic_name(&app, &page, &topic),
        question: known.and_then(|known| known.questions.get(page.language).first().cloned()),
        topic: topic.to_string(),
        told: told(&page, tally.missed),
        students: tally.students,
        only: only.map_or("all", word),
        rows,
        found: wanted.len(),
        number,
        pages,
        bar,
        page,
    })
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Asked => "asked",
        Verdict::Missed => "missed",
        Verdict::WithExaminer => "examiner",
    }
}

fn tally(cohort: &Cohort, topic: &TopicId) -> Tally {
    let all = by_topic(cohort, |_| true);
    cohort.known_place(topic).and_then(|place| all.get(place).copied()).unwrap_or_default()
}

/// The consultations in which the topic came out so, the latest first.
fn consultations<'a>(cohort: &'a Cohort, topic: &TopicId, only: Option<Verdict>) -> Vec<&'a Marked> {
    let Some(place) = cohort.known_place(topic) else { return Vec::new() };
    let fits = |marked: &&Marked| {
        let found = cohort.items(marked).find(|(item, _)| item.topic == place);
        found.is_some_and(|(_, verdict)| only.is_none_or(|only| only == verdict))
    };
    cohort.marked.iter().rev().filter(fits).collect()
}

async fn row(
    app: &App,
    page: &Frame,
    (cohort, marked): (&Cohort, &Marked),
    topic: &TopicId,
) -> Result<Option<TurnView>, WebError> {
    let found = classroom::around(&app.store, &app.catalogue, marked.encounter, topic).await?;
    let Some(Around { encounter, item, asked, with_examiner, quotes, language }) = found else { return Ok(None) };
    let Some(id) = cohort.students.get(marked.student) else { return Ok(None) };
    let verdict = match (with_examiner, asked) {
        (true, _) => Verdict::WithExaminer,
        (false, true) => Verdict::Asked,
        (false, false) => Verdict::Missed,
    };
    Ok(Some(TurnView {
        id: encounter,
        student: app.store.user(*id).await?.map(|student| student.name).unwrap_or_default(),
        when: page.moment(marked.started),
        item,
        verdict: word(verdict),
        language: lang_tag(language),
        quotes: quotes.into_iter().map(|quote| (quote.turn, quote.words)).collect(),
    }))
}
