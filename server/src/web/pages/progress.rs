//! What a learner can do so far: by section and topic, with the evidence behind every number.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use super::{
    frame::{Frame, Place},
    view::{self, Suggestion},
};
use crate::{
    app::{App, AppState},
    learner::{self, SectionProgress, WeakTopic},
    store::{EncounterRecord, EncounterState, MasteryRecord},
    web::{auth::Student, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/progress.html")]
pub(super) struct Progress {
    page: Frame,
    /// Finished consultations.
    consultations: usize,
    weak: Vec<WeakView>,
    section_rows: Vec<Row>,
    topic_rows: Vec<Row>,
    suggestion: Option<Suggestion>,
    past: Vec<PastView>,
}

struct WeakView {
    name: String,
    section: String,
    asked: u32,
    total: u32,
    missed: Option<MissedView>,
}

/// The question that was left out last.
struct MissedView {
    text: String,
    consultation: String,
    case: String,
    when: String,
}

struct Row {
    name: String,
    percent: u32,
    asked: u32,
    total: u32,
}

struct PastView {
    id: String,
    title: String,
    when: String,
    finished: bool,
    percent: u32,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
) -> Result<Progress, WebError> {
    let page = page.at(Place::Progress);
    let encounters = app.store.encounters_of(user.id).await?;
    let known = app.learning.known(&app.catalogue, user.id, app.clock.now()).await?;
    let mastery = app.store.mastery(user.id).await?;
    let progress = learner::progress(&mastery);
    let mut weak = Vec::new();
    for topic in &progress.weak {
        weak.push(weak_view(&app, &page, &encounters, topic).await?);
    }
    Ok(Progress {
        consultations: encounters.iter().filter(|one| matches!(one.state, EncounterState::Finished { .. })).count(),
        weak,
        section_rows: progress.sections.iter().map(|section| section_row(&page, section)).collect(),
        topic_rows: topic_rows(&app, &page, &mastery),
        suggestion: view::suggest(&app, &page, &encounters, &known).await?,
        past: past(&app, &page, &encounters).await?,
        page,
    })
}

async fn weak_view(
    app: &App,
    page: &Frame,
    encounters: &[EncounterRecord],
    weak: &WeakTopic,
) -> Result<WeakView, WebError> {
    let name = app.graph.topic(&weak.topic).map(|topic| topic.name.get(page.language).to_owned());
    let missed_in = encounters.iter().find(|one| Some(one.id) == weak.last_missed_in);
    let missed = match missed_in {
        Some(encounter) => missed_view(app, page, encounter, weak).await?,
        None => None,
    };
    Ok(WeakView {
        name: name.unwrap_or_else(|| weak.topic.to_string()),
        section: page.named("section", &weak.section),
        asked: weak.asked,
        total: weak.asked + weak.missed,
        missed,
    })
}

async fn missed_view(
    app: &App,
    page: &Frame,
    encounter: &EncounterRecord,
    weak: &WeakTopic,
) -> Result<Option<MissedView>, WebError> {
    let case = view::case_of(app, encounter).await?;
    let item = case.rubric.iter().find(|item| item.topics.first() == Some(&weak.topic));
    Ok(item.map(|item| MissedView {
        text: item.text.get(page.language).to_owned(),
        consultation: encounter.id.to_string(),
        case: case.title.get(page.language).to_owned(),
        when: page.day(encounter.started),
    }))
}

fn section_row(page: &Frame, section: &SectionProgress) -> Row {
    let total = section.asked + section.missed;
    let share = if total == 0 { 0.0 } else { f64::from(section.asked) / f64::from(total) };
    Row {
        name: page.named("section", section.section.as_str()),
        percent: view::whole_percent(100.0 * share),
        asked: section.asked,
        total,
    }
}

/// Every topic with evidence, least likely to be asked first.
fn topic_rows(app: &App, page: &Frame, mastery: &[MasteryRecord]) -> Vec<Row> {
    let mut records: Vec<&MasteryRecord> = mastery.iter().collect();
    records.sort_by(|a, b| a.mastery.total_cmp(&b.mastery));
    records
        .into_iter()
        .map(|record| Row {
            name: app
                .graph
                .topic(&record.topic)
                .map_or_else(|| record.topic.to_string(), |topic| topic.name.get(page.language).to_owned()),
            percent: view::whole_percent(100.0 * record.mastery),
            asked: record.asked,
            total: record.asked + record.missed,
        })
        .collect()
}

async fn past(app: &App, page: &Frame, encounters: &[EncounterRecord]) -> Result<Vec<PastView>, WebError> {
    let mut views = Vec::new();
    for encounter in encounters.iter().filter(|one| !matches!(one.state, EncounterState::Abandoned { .. })) {
        let report = view::report_of(encounter);
        views.push(PastView {
            id: encounter.id.to_string(),
            title: view::case_of(app, encounter).await?.title.get(page.language).to_owned(),
            when: page.day(encounter.started),
            finished: report.is_some(),
            percent: report.map_or(0, |report| view::whole_percent(report.score.percent)),
        });
    }
    Ok(views)
}
