//! Suggestions in words, and putting them off.

use axum::{Form, extract::State, response::Redirect};
use jiff::SignedDuration;
use serde::Deserialize;

use super::{
    super::{frame::Frame, view},
    Path, told,
};
use crate::{
    app::{App, AppState},
    learner::{Recommendation, Suggestion},
    web::{auth::Student, error::WebError},
};

/// "Not now" holds for so long.
const NOT_NOW: SignedDuration = SignedDuration::from_hours(20);

/// Something to do next.
pub(in super::super) struct NextView {
    /// The name by which it is put off.
    pub(in super::super) key: String,
    pub(in super::super) title: String,
    pub(in super::super) tags: Vec<String>,
    pub(in super::super) reason: String,
    pub(in super::super) action: String,
    /// Where it leads; with a place, a patient is made for it first.
    pub(in super::super) href: String,
    pub(in super::super) place: Option<(String, String)>,
}

/// The `nth` thing to do next, beginning again after the last, in words.
pub(in super::super) async fn next_view(
    app: &App,
    page: &Frame,
    path: &Path,
    nth: usize,
) -> Result<Option<NextView>, WebError> {
    let all = &path.picture.next;
    let Some(suggestion) = all.get(nth % all.len().max(1)) else { return Ok(None) };
    let section = |of: knowledge_graph::Section| page.named("section", of.as_str());
    Ok(Some(match suggestion {
        Suggestion::Case(next) => return case_view(app, page, suggestion, next).await,
        Suggestion::Fresh(cell) => NextView {
            key: suggestion.key(),
            title: page.t("next-fresh"),
            tags: vec![page.named("system", &cell.system), section(cell.section)],
            reason: page.say("next-fresh-why").with("figure", told(page, &cell.figure)).to_string(),
            action: page.t("next-fresh-action"),
            href: "/practice-patients".to_owned(),
            place: Some((cell.system.clone(), cell.section.as_str().to_owned())),
        },
        Suggestion::Drill { section: of, cell } => NextView {
            key: suggestion.key(),
            title: page.say("next-drill").with("section", section(*of)).to_string(),
            tags: vec![section(*of)],
            reason: page.say("next-drill-why").with("figure", told(page, cell)).to_string(),
            action: page.t("next-drill-action"),
            href: format!("/review?section={of}"),
            place: None,
        },
        Suggestion::Item { topic, figure } => {
            let info = app.graph.topic(topic);
            let name =
                info.as_ref().map_or_else(|| topic.to_string(), |known| known.name.get(page.language).to_owned());
            NextView {
                key: suggestion.key(),
                title: page.say("next-item").with("topic", name).to_string(),
                tags: info.and_then(|known| known.section).map(section).into_iter().collect(),
                reason: page.say("next-item-why").with("figure", told(page, figure)).to_string(),
                action: page.t("next-item-action"),
                href: format!("/drills/next?topic={topic}"),
                place: None,
            }
        }
        Suggestion::Review { due } => NextView {
            key: suggestion.key(),
            title: page.say("next-review").with("n", *due).to_string(),
            tags: Vec::new(),
            reason: page.t("next-review-why"),
            action: page.t("next-review-action"),
            href: "/review".to_owned(),
            place: None,
        },
    }))
}

async fn case_view(
    app: &App,
    page: &Frame,
    suggestion: &Suggestion,
    next: &Recommendation,
) -> Result<Option<NextView>, WebError> {
    let Some(case) = app.catalogue.published_case(&next.case_id).await? else { return Ok(None) };
    Ok(Some(NextView {
        key: suggestion.key(),
        title: case.title.get(page.language).to_owned(),
        tags: view::case_tags(page, app.graph, &case),
        reason: case_reason(app, page, next),
        action: page.t("case-read-door-note"),
        href: format!("/cases/{}", case.id),
        place: None,
    }))
}

fn case_reason(app: &App, page: &Frame, next: &Recommendation) -> String {
    let named = next.practises.iter().filter_map(|topic| app.graph.topic(topic));
    let topics: Vec<String> = named.map(|topic| topic.name.get(page.language).to_owned()).collect();
    match (topics.is_empty(), next.section) {
        (false, _) => page.say("suggest-weak").with("topics", topics.join(" · ")).to_string(),
        (true, Some(section)) if next.new => {
            page.say("next-case-section").with("section", page.named("section", section.as_str())).to_string()
        }
        (true, _) => page.t(if next.new { "suggest-new" } else { "suggest-again" }),
    }
}

/// Which suggestion.
#[derive(Deserialize)]
pub(in super::super) struct Which {
    key: String,
}

/// Not now: it is not suggested for the rest of the day.
pub(super) async fn decline(
    State(app): State<AppState>,
    Student(user): Student,
    Form(which): Form<Which>,
) -> Result<Redirect, WebError> {
    let now = app.clock.now();
    let key: String = which.key.chars().take(200).collect();
    app.store.decline(user.id, key, now.checked_add(NOT_NOW).unwrap_or(now)).await?;
    Ok(Redirect::to("/home?done=declined"))
}

/// Everything is suggested again.
pub(super) async fn restore(State(app): State<AppState>, Student(user): Student) -> Result<Redirect, WebError> {
    app.store.forget_declined(user.id).await?;
    Ok(Redirect::to("/home"))
}
