//! Weak areas: body systems × sections of the history, the trend, the questions missed, and practice
//! for each of them.

use std::collections::BTreeSet;

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use knowledge_graph::{Section, TopicId};
use serde::Deserialize;

use super::{
    super::{
        frame::{Frame, Notice, Place},
        view,
    },
    Path, path_of, percent, range, told,
};
use crate::{
    app::{App, AppState},
    assessment::conduct::Rules,
    learner::{Cell, Figure, Review, Skill, Trend, system_of, trend},
    web::{auth::Student, error::WebError},
};

/// Missed questions shown before the rest is folded away.
const AT_ONCE: usize = 8;
/// Fewer graded questions than this leave a place open: its figure is mostly borrowed.
const EVIDENT: u32 = 3;

#[derive(Template, WebTemplate)]
#[template(path = "pages/weak.html")]
pub(super) struct Weak {
    page: Frame,
    /// Graded questions.
    based_on: usize,
    systems: Vec<String>,
    rows: Vec<RowView>,
    chosen: Option<Chosen>,
    missed: Vec<MissedView>,
    more: Vec<MissedView>,
    skills: Vec<SkillView>,
}

/// One section of the history: how it stands, then its places on the map.
struct RowView {
    id: &'static str,
    name: String,
    figure: String,
    trend: String,
    trend_icon: &'static str,
    cells: Vec<Option<CellView>>,
}

struct CellView {
    href: String,
    percent: u32,
    level: &'static str,
    /// All of it in words.
    told: String,
    based_on: u32,
    current: bool,
}

/// The place to practise.
struct Chosen {
    title: String,
    told: String,
    system: String,
    section: &'static str,
    /// A patient of the library that asks most for it.
    case: Option<(String, String)>,
    /// Whether something missed there waits for review.
    review: bool,
    /// A topic of that place that a drill waits about.
    drill: Option<String>,
}

struct MissedView {
    text: String,
    topic: String,
    section: String,
    counted: String,
    due: String,
    /// The topic of a drill about it.
    drill: Option<String>,
    debrief: Option<(String, String)>,
}

struct SkillView {
    name: String,
    percent: u32,
    range: String,
    based_on: u32,
    rules: Vec<SkillView>,
    debrief: Option<String>,
}

/// The place chosen on the map, and what was just done.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    system: String,
    section: String,
    done: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Query(query): Query<Asked>,
) -> Result<Weak, WebError> {
    let mut page = page.at(Place::Progress);
    page.notice = (query.done == "waiting").then(|| Notice::wrong(page.t("own-waiting")));
    let path = path_of(&app, &user).await?;
    let drills = app.drilling.topics(user.id, path.known.now).await?;
    let mut missed = Vec::new();
    for review in &path.picture.reviews {
        missed.push(missed_view(&app, &page, (&path, &drills), review).await?);
    }
    let more = missed.split_off(missed.len().min(AT_ONCE));
    Ok(Weak {
        based_on: path.known.evidence.len(),
        systems: path.picture.map.systems.iter().map(|(system, _)| page.named("system", system)).collect(),
        rows: path
            .picture
            .map
            .sections
            .iter()
            .map(|(section, figure)| row(&page, &path, (*section, figure), &query))
            .collect(),
        chosen: chosen(&app, &page, (&path, &drills), &query).await?,
        missed,
        more,
        skills: skills(&page, &path.picture.skills),
        page,
    })
}

fn row(page: &Frame, path: &Path, (section, figure): (Section, &Figure), query: &Asked) -> RowView {
    let map = &path.picture.map;
    let of_section = path.known.evidence.iter().filter(|one| one.observation.section == section);
    let (trend, trend_icon) = match trend(of_section) {
        Trend::Better => (page.t("trend-better"), "chevron-up"),
        Trend::Worse => (page.t("trend-worse"), "chevron-down"),
        Trend::Steady => (page.t("trend-steady"), "arrow-right"),
        Trend::TooFew => (page.t("trend-too-few"), "circle-minus"),
    };
    let cell = |system: &str| map.cells.iter().find(|cell| cell.section == section && cell.system == system);
    RowView {
        id: section.as_str(),
        name: page.named("section", section.as_str()),
        figure: told(page, figure),
        trend,
        trend_icon,
        cells: map.systems.iter().map(|(system, _)| cell(system).map(|cell| cell_view(page, cell, query))).collect(),
    }
}

fn cell_view(page: &Frame, cell: &Cell, query: &Asked) -> CellView {
    let value = cell.figure.estimate.value;
    let level = match value {
        _ if cell.figure.based_on < EVIDENT => "open",
        _ if value < 0.5 => "weak",
        _ if value < 0.75 => "fair",
        _ => "good",
    };
    CellView {
        href: format!("/weak?system={}&section={}#practise", cell.system, cell.section),
        percent: percent(value),
        level,
        told: page
            .say("map-cell")
            .with("system", page.named("system", &cell.system))
            .with("section", page.named("section", cell.section.as_str()))
            .with("level", page.named("map", level))
            .with("figure", told(page, &cell.figure))
            .to_string(),
        based_on: cell.figure.based_on,
        current: query.system == cell.system && query.section == cell.section.as_str(),
    }
}

async fn chosen(
    app: &App,
    page: &Frame,
    (path, drills): (&Path, &BTreeSet<TopicId>),
    query: &Asked,
) -> Result<Option<Chosen>, WebError> {
    let cells = &path.picture.map.cells;
    let found = cells.iter().find(|cell| cell.system == query.system && cell.section.as_str() == query.section);
    let Some(cell) = found else { return Ok(None) };
    let candidates = app.catalogue.candidates(&path.encounters).await?;
    let here: Vec<_> = candidates
        .into_iter()
        .filter(|one| one.wanted.iter().any(|one| one.system == cell.system && one.section == cell.section))
        .collect();
    let best = crate::learner::recommend(&mut path.known.standing(), &here, 1).pop();
    let case = match best {
        Some(next) => app.catalogue.published_case(&next.case_id).await?,
        None => None,
    };
    let in_cell = |topic: &TopicId| {
        let section = app.graph.topic(topic).and_then(|known| known.section);
        section == Some(cell.section) && system_of(app.graph, topic) == cell.system
    };
    let system = page.named("system", &cell.system);
    Ok(Some(Chosen {
        title: format!("{system} × {}", page.named("section", cell.section.as_str())),
        told: told(page, &cell.figure),
        system: cell.system.clone(),
        section: cell.section.as_str(),
        case: case.map(|case| (case.id.clone(), case.title.get(page.language).to_owned())),
        review: path.picture.reviews.iter().any(|one| one.section == cell.section && one.system == cell.system),
        drill: drills.iter().find(|topic| in_cell(topic)).map(ToString::to_string),
    }))
}

async fn missed_view(
    app: &App,
    page: &Frame,
    (path, drills): (&Path, &BTreeSet<TopicId>),
    review: &Review,
) -> Result<MissedView, WebError> {
    let encounter = path.encounters.iter().find(|one| Some(one.id) == review.last_missed_in);
    let (mut text, mut debrief) = (None, None);
    if let Some(encounter) = encounter {
        let case = view::case_of(app, encounter).await?;
        let item = case.rubric.iter().find(|item| item.topics.first() == Some(&review.topic));
        text = item.map(|item| item.text.get(page.language).to_owned());
        let when = format!("{}, {}", case.title.get(page.language), page.day(encounter.started));
        debrief = Some((format!("/consultations/{}/debrief#checklist", encounter.id), when));
    }
    let named = || app.graph.topic(&review.topic).map(|topic| topic.name.get(page.language).to_owned());
    let due = if review.due <= path.known.now {
        page.t("review-due-now")
    } else {
        page.say("review-due-on").with("day", page.day(review.due)).to_string()
    };
    Ok(MissedView {
        text: text.or_else(named).unwrap_or_else(|| review.topic.to_string()),
        topic: review.topic.to_string(),
        section: page.named("section", review.section.as_str()),
        counted: page.say("missed-of").with("missed", review.missed).with("n", review.based_on).to_string(),
        due,
        drill: Some(review.topic.node()).filter(|topic| drills.contains(topic)).map(|topic| topic.to_string()),
        debrief,
    })
}

/// Areas with their rules folded below them.
fn skills(page: &Frame, skills: &[Skill]) -> Vec<SkillView> {
    let rules = Rules::embedded().ok();
    let view = |skill: &Skill| SkillView {
        name: match &skill.rule {
            None => page.named("skill", &skill.area),
            Some(rule) => rules
                .and_then(|rules| rules.rule(rule))
                .map_or_else(|| page.named("skill", rule), |rule| rule.title.get(page.language).to_owned()),
        },
        percent: percent(skill.estimate.value),
        range: range(&skill.estimate),
        based_on: skill.based_on,
        rules: Vec::new(),
        debrief: skill.last_below.map(|id| format!("/consultations/{id}/debrief")),
    };
    let mut areas: Vec<SkillView> = Vec::new();
    for skill in skills {
        match (&skill.rule, areas.last_mut()) {
            (Some(_), Some(area)) => area.rules.push(view(skill)),
            _ => areas.push(view(skill)),
        }
    }
    areas
}
