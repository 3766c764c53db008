//! What was right, with the reason for every option, and saying that an item is bad.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Redirect,
};
use knowledge_graph::Language;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        frame::{Frame, Notice, Place},
        view,
    },
    Wanted,
};
use crate::{
    app::AppState,
    drilling::Graded,
    explore::{SourceView, sources},
    learner::drills::{Answer, Item, Key},
    web::{auth::Explorer, error::WebError},
};

/// Characters kept of what is said to be wrong.
const LONGEST_REASON: usize = 500;
/// From so much credit on an answer is wholly right.
const WHOLLY: f64 = 0.999;

#[derive(Template, WebTemplate)]
#[template(path = "pages/drill_outcome.html")]
pub(in super::super) struct OutcomePage {
    page: Frame,
    id: String,
    attempt: String,
    query: String,
    stem: String,
    question: String,
    verdict: &'static str,
    title: String,
    pairs: Vec<PairView>,
    /// Whether the options stand in their right order.
    ordered: bool,
    options: Vec<OptionView>,
    explanation: String,
    sources: Vec<SourceView>,
    /// Whether the answer counts as evidence.
    fresh: bool,
}

struct PairView {
    prompt: String,
    right: String,
    /// None when left open.
    given: Option<String>,
    correct: bool,
}

struct OptionView {
    text: String,
    why: String,
    right: bool,
    chosen: bool,
    /// Where the learner put it.
    given_place: Option<usize>,
}

pub(in super::super) async fn get(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    page: Frame,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<OutcomePage, WebError> {
    let mut page = page.at(Place::Progress);
    page.notice = (wanted.done == "reported").then(|| Notice::good(page.t("drill-reported")));
    let Graded { item, kept } = app.drilling.graded(id, user.id).await?;
    let (verdict, title) = match &kept.answer {
        _ if kept.points >= WHOLLY => ("right", page.t("drill-right")),
        Answer::Unknown => ("unknown", page.t("drill-unknown")),
        _ if kept.points > 0.0 && !matches!(item.key, Key::One(_)) => {
            let percent = view::whole_percent(100.0 * kept.points);
            ("partly", page.say("drill-partly").with("percent", percent).to_string())
        }
        _ => ("wrong", page.t("drill-wrong")),
    };
    let language = page.language;
    Ok(OutcomePage {
        id: item.id.clone(),
        attempt: id.to_string(),
        query: wanted.query(),
        stem: item.stem.get(language).to_owned(),
        question: item.question.get(language).to_owned(),
        verdict,
        title,
        pairs: pairs(&item, &kept.answer, language),
        ordered: matches!(item.key, Key::Order(_)),
        options: options(&item, &kept.answer, language),
        explanation: item.explanation.get(language).to_owned(),
        sources: sources(app.graph, item.sources.iter().map(String::as_str)),
        fresh: kept.fresh,
        page,
    })
}

fn pairs(item: &Item, answer: &Answer, language: Language) -> Vec<PairView> {
    let Key::Pairs(key) = &item.key else { return Vec::new() };
    let term = |at: usize| item.choices.get(at).map(|choice| choice.text.get(language).to_owned());
    let given = |place: usize| match answer {
        Answer::Pairs(given) => given.get(place).copied().flatten(),
        _ => None,
    };
    let pair = |(place, (prompt, right)): (usize, (&knowledge_graph::Bilingual, &usize))| PairView {
        prompt: prompt.get(language).to_owned(),
        right: term(*right).unwrap_or_default(),
        given: given(place).and_then(term),
        correct: given(place) == Some(*right),
    };
    item.prompts.iter().zip(key).enumerate().map(pair).collect()
}

/// Every option with its reason; those to be ordered in their right order.
fn options(item: &Item, answer: &Answer, language: Language) -> Vec<OptionView> {
    let order: Vec<usize> = match &item.key {
        Key::Order(key) => key.clone(),
        Key::One(_) | Key::Pairs(_) => (0..item.choices.len()).collect(),
    };
    let place = |at: usize| match answer {
        Answer::Order(given) => given.iter().position(|one| *one == at).map(|place| place + 1),
        _ => None,
    };
    let option = |at: usize| {
        let choice = item.choices.get(at)?;
        Some(OptionView {
            text: choice.text.get(language).to_owned(),
            why: choice.why.get(language).to_owned(),
            right: item.key == Key::One(at),
            chosen: *answer == Answer::One(at),
            given_place: place(at),
        })
    };
    order.into_iter().filter_map(option).collect()
}

/// What is wrong with the item.
#[derive(Deserialize)]
pub(in super::super) struct Report {
    attempt: Uuid,
    #[serde(default)]
    reason: String,
}

/// Tells the teachers that an item is bad. Only whoever answered it may.
pub(in super::super) async fn report(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    Path(id): Path<String>,
    Form(report): Form<Report>,
) -> Result<Redirect, WebError> {
    let Graded { item, .. } = app.drilling.graded(report.attempt, user.id).await?;
    if item.id != id {
        return Err(WebError::not_found());
    }
    let reason: String = report.reason.trim().chars().take(LONGEST_REASON).collect();
    let done = if reason.is_empty() {
        "unsaid"
    } else {
        app.store.report_drill(&id, user.id, reason, app.clock.now()).await?;
        "reported"
    };
    Ok(Redirect::to(&format!("/drills/answers/{}?done={done}", report.attempt)))
}
