//! A review: a patient comes back to mind, and the student writes what they would ask now.
//!
//! What is written is graded like a consultation, against the patient's own checklist of that section.

use std::sync::Arc;

use ::cases::{Case, format::RubricItem};
use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Query, State},
};
use knowledge_graph::{Section, TopicId};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        frame::{Frame, Place},
        view,
    },
    Path, path_of,
};
use crate::{
    app::{App, AppState},
    assessment::{ItemReport, Speaker, Transcript, Turn, rubric_of},
    learner::{GUESS_IN_CONSULTATION, Observation, Placed, Review, Source},
    web::{auth::Explorer, error::WebError},
};

/// Questions read of one answer, and their length in characters.
const MOST_QUESTIONS: usize = 12;
const LONGEST: usize = 200;

#[derive(Template, WebTemplate)]
#[template(path = "pages/review.html")]
pub(super) struct ReviewPage {
    page: Frame,
    /// Due now, this one included.
    due: usize,
    prompt: Option<Prompt>,
    outcome: Option<Outcome>,
}

struct Prompt {
    case: String,
    version: u32,
    section: &'static str,
    drill: String,
    section_name: String,
    who: String,
    title: String,
    door_note: String,
    /// Topics asked for.
    wanted: usize,
    when: String,
}

struct Outcome {
    title: String,
    section_name: String,
    questions: Vec<String>,
    items: Vec<ItemView>,
    right: usize,
}

struct ItemView {
    text: String,
    /// "asked", "missed" or "unsure".
    state: &'static str,
    example: Option<String>,
    why: Option<String>,
}

/// What to review: a topic, a section, or whatever is due first.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    topic: String,
    section: String,
    system: String,
}

/// An answer.
#[derive(Deserialize)]
pub(in super::super) struct Answer {
    case: String,
    version: u32,
    section: Section,
    drill: Uuid,
    questions: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    page: Frame,
    Query(asked): Query<Asked>,
) -> Result<ReviewPage, WebError> {
    let page = page.at(Place::Progress);
    let path = path_of(&app, &user).await?;
    let prompt = match chosen(&path.picture.reviews, &asked) {
        Some(review) => prompt(&app, &page, &path, review).await?,
        None => None,
    };
    Ok(ReviewPage { due: due(&path), prompt, outcome: None, page })
}

fn due(path: &Path) -> usize {
    path.picture.reviews.iter().filter(|review| review.due <= path.known.now).count()
}

/// What was asked for, else what is due first. Only what a consultation missed has a patient.
fn chosen<'r>(reviews: &'r [Review], asked: &Asked) -> Option<&'r Review> {
    let mut with_patient = reviews.iter().filter(|review| review.last_missed_in.is_some());
    let topic: Option<TopicId> = asked.topic.parse().ok();
    let section: Option<Section> = asked.section.parse().ok();
    with_patient.find(|review| {
        topic.as_ref().is_none_or(|topic| *topic == review.topic)
            && section.is_none_or(|section| section == review.section)
            && (asked.system.is_empty() || asked.system == review.system)
    })
}

async fn prompt(app: &App, page: &Frame, path: &Path, review: &Review) -> Result<Option<Prompt>, WebError> {
    let Some(encounter) = path.encounters.iter().find(|one| Some(one.id) == review.last_missed_in) else {
        return Ok(None);
    };
    let case = view::case_of(app, encounter).await?;
    Ok(Some(Prompt {
        case: case.id.clone(),
        version: case.version,
        section: review.section.as_str(),
        drill: Uuid::from_u64_pair(app.seeds.next(), app.seeds.next()).to_string(),
        section_name: page.named("section", review.section.as_str()),
        who: view::who(page, &case),
        title: case.title.get(page.language).to_owned(),
        door_note: case.door_note.get(page.language).to_owned(),
        wanted: of_section(&case, review.section).count(),
        when: page.day(encounter.started),
    }))
}

fn of_section(case: &Case, section: Section) -> impl Iterator<Item = &RubricItem> {
    case.rubric.iter().filter(move |item| item.section == section)
}

/// Grades the answer, keeps it, and says what was left out.
pub(super) async fn post(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    page: Frame,
    Form(answer): Form<Answer>,
) -> Result<ReviewPage, WebError> {
    let page = page.at(Place::Progress);
    let encounters = app.store.encounters_of(user.id).await?;
    // Only a patient the student has met: the checklist of another would give it away.
    let met = encounters
        .iter()
        .find(|one| one.case_id == answer.case && one.case_version == answer.version && view::report_of(one).is_some());
    let case = view::case_of(&app, met.ok_or_else(WebError::unknown_case)?).await?;
    let cut = |line: &str| line.trim().chars().take(LONGEST).collect::<String>();
    let questions: Vec<String> =
        answer.questions.lines().map(cut).filter(|line| !line.is_empty()).take(MOST_QUESTIONS).collect();
    let graded = graded(&app, &page, &case, (&answer, &questions)).await?;
    keep(&app, user.id, &case, (&answer, &graded)).await?;
    let path = path_of(&app, &user).await?;
    let items: Vec<ItemView> = graded.iter().filter_map(|one| item_view(&app, &page, &case, one)).collect();
    let outcome = Outcome {
        title: case.title.get(page.language).to_owned(),
        section_name: page.named("section", answer.section.as_str()),
        questions,
        right: items.iter().filter(|item| item.state == "asked").count(),
        items,
    };
    Ok(ReviewPage { due: due(&path), prompt: None, outcome: Some(outcome), page })
}

async fn graded(
    app: &App,
    page: &Frame,
    case: &Arc<Case>,
    (answer, questions): (&Answer, &[String]),
) -> Result<Vec<ItemReport>, WebError> {
    let language = case.only.unwrap_or(page.language);
    let said = |text: &String| Turn { speaker: Speaker::Student, text: text.clone() };
    let transcript = Transcript { id: answer.drill.to_string(), language, turns: questions.iter().map(said).collect() };
    let mut rubric = rubric_of(case, language);
    rubric.items.retain(|item| of_section(case, answer.section).any(|wanted| wanted.id == item.id));
    let grader = Arc::clone(&app.grader);
    let graded = tokio::task::spawn_blocking(move || grader.grade(&transcript, &rubric)).await;
    Ok(graded.map_err(|error| WebError::internal(&error))?.items)
}

async fn keep(
    app: &App,
    student: Uuid,
    case: &Case,
    (answer, graded): (&Answer, &[ItemReport]),
) -> Result<(), WebError> {
    let now = app.clock.now();
    let placed = |one: &ItemReport| {
        let item = case.rubric.iter().find(|item| item.id == one.id)?;
        let observation = Observation {
            topic: item.topics.first()?.clone(),
            section: item.section,
            correct: one.asked,
            guess: GUESS_IN_CONSULTATION,
            source: Source::Drill(answer.drill),
            at: now,
        };
        Some(Placed { observation, system: case.system.clone() })
    };
    let sure = graded.iter().filter(|one| !one.needs_review);
    Ok(app.learning.observe_placed(student, sure.filter_map(placed).collect(), now).await?)
}

fn item_view(app: &App, page: &Frame, case: &Case, graded: &ItemReport) -> Option<ItemView> {
    let item = case.rubric.iter().find(|item| item.id == graded.id)?;
    let topic = item.topics.first().and_then(|topic| app.graph.topic(topic));
    let state = match (graded.needs_review, graded.asked) {
        (true, _) => "unsure",
        (false, true) => "asked",
        (false, false) => "missed",
    };
    Some(ItemView {
        text: item.text.get(page.language).to_owned(),
        state,
        example: topic.and_then(|topic| topic.questions.get(page.language).first().cloned()),
        why: item.why.as_ref().map(|why| why.get(page.language).to_owned()),
    })
}
