//! Drills: choosing a kind, one item a page, what was right and why; and for teachers, the items.

mod item;
mod manage;
mod manage_item;
mod outcome;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Router,
    extract::{Query, State},
    response::Redirect,
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    frame::{Frame, Notice, Place},
    view,
};
use crate::{
    app::AppState,
    drilling::Wish,
    learner::drills::DrillKind,
    web::{auth::Explorer, error::WebError},
};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/drills", get(start))
        .route("/drills/next", get(next))
        .route("/drills/{id}", get(item::get).post(item::post))
        .route("/drills/{id}/report", post(outcome::report))
        .route("/drills/answers/{id}", get(outcome::get))
        .route("/manage/drills", get(manage::get).post(manage::make))
        .route("/manage/drills/{id}", get(manage_item::get).post(manage_item::reword))
        .route("/manage/drills/{id}/state", post(manage_item::decide))
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/drills.html")]
struct DrillsPage {
    page: Frame,
    kinds: Vec<KindView>,
    /// Answers of all kinds.
    answers: u32,
    /// Whether any item waits.
    ready: bool,
}

struct KindView {
    id: &'static str,
    name: String,
    about: String,
    done: String,
    ready: bool,
}

/// What a learner wants to practise, as it stands in addresses.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    kind: String,
    topic: String,
    done: String,
}

impl Wanted {
    /// What cannot be read limits nothing.
    fn wish(&self) -> Wish {
        Wish { kind: self.kind.parse().ok(), topic: self.topic.parse().ok() }
    }

    /// The query that keeps the wish from page to page, such as `?kind=ratio`.
    fn query(&self) -> String {
        let Wish { kind, topic } = self.wish();
        match (kind, topic) {
            (None, None) => String::new(),
            (Some(kind), None) => format!("?kind={kind}"),
            (None, Some(topic)) => format!("?topic={topic}"),
            (Some(kind), Some(topic)) => format!("?kind={kind}&topic={topic}"),
        }
    }
}

async fn start(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    page: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<DrillsPage, WebError> {
    let mut page = page.at(Place::Progress);
    page.notice = match wanted.done.as_str() {
        "none" => Some(Notice { tone: "attention", text: page.t("drills-none-now") }),
        "gone" => Some(Notice { tone: "attention", text: page.t("drills-gone") }),
        _ => None,
    };
    let now = app.clock.now();
    app.drilling.take_in(&app.learning, user.id, now).await?;
    let (tallies, waiting) = (app.store.drill_tallies(user.id).await?, app.drilling.waiting(user.id, now).await?);
    let kinds = DrillKind::ALL.into_iter().map(|kind| {
        let done = tallies.get(&kind).copied().unwrap_or_default();
        KindView {
            id: kind.as_str(),
            name: page.named("drill-kind", kind.as_str()),
            about: page.named("drill-about", kind.as_str()),
            done: share(&page, done.points, done.answers),
            ready: waiting.contains_key(&kind),
        }
    });
    Ok(DrillsPage {
        kinds: kinds.collect(),
        answers: tallies.values().map(|done| done.answers).sum(),
        ready: !waiting.is_empty(),
        page,
    })
}

/// "72 % right, based on 14 answers".
fn share(page: &Frame, points: f64, answers: u32) -> String {
    if answers == 0 {
        return page.t("drills-none-yet");
    }
    let percent = view::whole_percent(100.0 * points / f64::from(answers));
    page.say("drills-share").with("percent", percent).with("n", answers).to_string()
}

/// Leads to the next item, or says that there is none yet.
async fn next(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    Query(wanted): Query<Wanted>,
) -> Result<Redirect, WebError> {
    let now = app.clock.now();
    app.drilling.take_in(&app.learning, user.id, now).await?;
    let known = app.learning.known(&app.catalogue, user.id, now).await?;
    Ok(match app.drilling.next((user.id, &known), &wanted.wish()).await? {
        Some(id) => Redirect::to(&format!("/drills/{id}{}", wanted.query())),
        None => Redirect::to("/drills?done=none"),
    })
}
