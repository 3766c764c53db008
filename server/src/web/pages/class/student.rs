//! One student, for a teacher: sections, and the questions missed with the consultation of each.

use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Query, State};
use knowledge_graph::{Section, TopicId};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::frame::{Frame, Place},
    bar::Bar,
    shown_percent, told, topic_name,
};
use crate::{
    app::AppState,
    classroom,
    cohort::{Cohort, Share, Verdict, by_student_and_section},
    web::{auth::Teacher, error::WebError},
};

/// Consultations listed of one missed question.
const MOST_LINKS: usize = 5;

#[derive(Template, WebTemplate)]
#[template(path = "pages/class_student.html")]
pub(in super::super) struct StudentPage {
    page: Frame,
    bar: Bar,
    id: Uuid,
    name: String,
    finished: usize,
    sections: Vec<SectionView>,
    /// The chosen section's name.
    chosen: Option<String>,
    missed: Vec<MissedView>,
    consultations: Vec<(Uuid, String, String, String)>,
}

struct SectionView {
    id: &'static str,
    name: String,
    told: String,
    current: bool,
}

struct MissedView {
    name: String,
    topic: String,
    count: String,
    /// Address and name of consultations, the latest first.
    links: Vec<(String, String)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Which {
    group: String,
    section: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path(id): Path<Uuid>,
    Query(which): Query<Which>,
) -> Result<StudentPage, WebError> {
    let page = page.at(Place::Class);
    let (bar, _) = Bar::of(&app, &page, &user, &which.group).await?;
    if !classroom::may_read(&app.store, &user, id).await? {
        return Err(WebError::not_found());
    }
    let student = app.store.user(id).await?.ok_or_else(WebError::not_found)?;
    let results = app.store.results_of(id).await?;
    let cohort = classroom::laid_out(&app.catalogue, std::slice::from_ref(&student), results).await?;
    let section: Option<Section> = which.section.parse().ok();
    let shares = by_student_and_section(&cohort).pop().unwrap_or_default();
    let section_view = |(one, share): (&Section, &Share)| SectionView {
        id: one.as_str(),
        name: page.named("section", one.as_str()),
        told: told(&page, *share),
        current: section == Some(*one),
    };
    let mut consultations = Vec::new();
    for marked in cohort.marked.iter().rev() {
        let title = title(&app, &page, &cohort, marked.sheet).await?;
        consultations.push((marked.encounter, title, page.moment(marked.started), shown_percent(marked.percent)));
    }
    Ok(StudentPage {
        id,
        name: student.name,
        finished: cohort.marked.len(),
        sections: shares.iter().map(section_view).collect(),
        chosen: section.map(|section| page.named("section", section.as_str())),
        missed: missed(&app, &page, &cohort, section),
        consultations,
        bar,
        page,
    })
}

async fn title(app: &AppState, page: &Frame, cohort: &Cohort, sheet: usize) -> Result<String, WebError> {
    let Some(sheet) = cohort.sheets.get(sheet) else { return Ok(String::new()) };
    let case = app.catalogue.case(&sheet.case, sheet.version).await?;
    Ok(case.map_or_else(|| sheet.case.clone(), |case| case.title.get(page.language).to_owned()))
}

/// How often a topic was missed, and where: link and day.
type Misses = (Share, Vec<(String, String)>);

/// What was missed, the most often missed first.
fn missed(app: &AppState, page: &Frame, cohort: &Cohort, section: Option<Section>) -> Vec<MissedView> {
    let mut by_topic: BTreeMap<&TopicId, Misses> = BTreeMap::new();
    for marked in cohort.marked.iter().rev() {
        for (item, verdict) in cohort.items(marked) {
            if section.is_some_and(|section| item.section != section) || verdict == Verdict::WithExaminer {
                continue;
            }
            let Some(topic) = cohort.topics.get(item.topic) else { continue };
            let (share, links) = by_topic.entry(topic).or_default();
            share.of += 1;
            if verdict == Verdict::Missed {
                share.count += 1;
                let href = format!("/consultations/{}/debrief#item-{}", marked.encounter, item.id);
                links.push((href, page.day(marked.started)));
            }
        }
    }
    let mut found: Vec<_> = by_topic.into_iter().filter(|(_, (share, _))| share.count > 0).collect();
    found.sort_by(|a, b| b.1.0.count.cmp(&a.1.0.count).then(a.0.cmp(b.0)));
    let missed_view = |(topic, (share, links)): (&TopicId, Misses)| MissedView {
        name: topic_name(app, page, topic),
        topic: topic.to_string(),
        count: page.say("class-missed-of").with("count", share.count).with("of", share.of).to_string(),
        links: links.into_iter().take(MOST_LINKS).collect(),
    };
    found.into_iter().map(missed_view).collect()
}

impl StudentPage {
    /// Whether anything can be said.
    fn is_empty(&self) -> bool {
        self.consultations.is_empty()
    }
}
