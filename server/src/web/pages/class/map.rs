//! Where the class misses what: students × sections, and the topics ranked.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use knowledge_graph::{Section, TopicId};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        frame::{Frame, Place},
        view,
    },
    bar::Bar,
    told, topic_name,
};
use crate::{
    app::{App, AppState},
    classroom,
    cohort::{Cohort, Share, by_section, by_student_and_section, by_topic},
    store::User,
    web::{auth::Teacher, error::WebError},
};

/// Students on one page: a table of two hundred rows is read by nobody.
const A_PAGE: usize = 40;
/// Topics ranked.
const MOST_TOPICS: usize = 30;
/// Fewer judged occasions than this leave a field or a topic open.
const EVIDENT: u32 = 5;

#[derive(Template, WebTemplate)]
#[template(path = "pages/class_map.html")]
pub(in super::super) struct MapPage {
    page: Frame,
    bar: Bar,
    students: usize,
    sections: Vec<String>,
    total: Vec<CellView>,
    rows: Vec<RowView>,
    number: usize,
    pages: usize,
    topics: Vec<TopicView>,
    /// Topics with too few occasions to be ranked.
    unranked: usize,
}

struct RowView {
    id: Uuid,
    name: String,
    cells: Vec<CellView>,
}

/// Misses of one student, or all, in one section.
struct CellView {
    section: &'static str,
    /// Percent missed; none where nothing was judged.
    percent: Option<u32>,
    count: u32,
    of: u32,
    level: &'static str,
}

struct TopicView {
    topic: TopicId,
    name: String,
    told: String,
    percent: u32,
    level: &'static str,
    students: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Which {
    group: String,
    page: usize,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Query(which): Query<Which>,
) -> Result<MapPage, WebError> {
    let page = page.at(Place::Class);
    let (bar, scope) = Bar::of(&app, &page, &user, &which.group).await?;
    let cohort = classroom::cohort(&app.store, &app.catalogue, scope, None).await?;
    let accounts = app.store.students(scope).await?;
    let all = by_section(&cohort);
    let sections: Vec<Section> = all.keys().copied().collect();
    let pages = accounts.len().div_ceil(A_PAGE).max(1);
    let number = which.page.clamp(1, pages);
    let (topics, unranked) = topics(&app, &page, &cohort);
    let cell = |section: &Section, share: Option<&Share>| cell_view(*section, share.copied().unwrap_or_default());
    let found = by_student_and_section(&cohort);
    let row = |(student, shares): (&User, &std::collections::BTreeMap<Section, Share>)| RowView {
        id: student.id,
        name: student.name.clone(),
        cells: sections.iter().map(|section| cell(section, shares.get(section))).collect(),
    };
    Ok(MapPage {
        students: accounts.len(),
        sections: sections.iter().map(|section| page.named("section", section.as_str())).collect(),
        total: sections.iter().map(|section| cell(section, all.get(section))).collect(),
        rows: accounts.iter().zip(&found).skip((number - 1) * A_PAGE).take(A_PAGE).map(row).collect(),
        number,
        pages,
        topics,
        unranked,
        bar,
        page,
    })
}

fn cell_view(section: Section, share: Share) -> CellView {
    CellView {
        section: section.as_str(),
        percent: (share.of > 0).then(|| view::whole_percent(100.0 * share.value())),
        count: share.count,
        of: share.of,
        level: level(share),
    }
}

/// How bad it is; open where there is too little to say.
fn level(share: Share) -> &'static str {
    match share.value() {
        _ if share.of < EVIDENT => "open",
        missed if missed > 0.5 => "weak",
        missed if missed > 0.25 => "fair",
        _ => "good",
    }
}

fn topics(app: &App, page: &Frame, cohort: &Cohort) -> (Vec<TopicView>, usize) {
    let tallies = by_topic(cohort, |_| true);
    let mut ranked: Vec<_> =
        cohort.topics.iter().zip(tallies).filter(|(_, tally)| tally.missed.of >= EVIDENT).collect();
    let unranked = cohort.topics.len() - ranked.len();
    let low = |share: Share| share.interval().0;
    ranked.sort_by(|a, b| low(b.1.missed).total_cmp(&low(a.1.missed)).then_with(|| a.0.cmp(b.0)));
    let topic_view = |(topic, tally): (&TopicId, crate::cohort::Tally)| TopicView {
        topic: topic.clone(),
        name: topic_name(app, page, topic),
        told: told(page, tally.missed),
        percent: view::whole_percent(100.0 * tally.missed.value()),
        level: level(tally.missed),
        students: tally.students,
    };
    (ranked.into_iter().take(MOST_TOPICS).map(topic_view).collect(), unranked)
}
