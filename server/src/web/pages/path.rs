//! The learner's path: the map of weak areas, practising one of them, reviews, the plan.

mod own_patient;
mod plan;
mod review;
mod suggestion;
mod weak;

use axum::{
    Router,
    routing::{get, post},
};

pub(super) use suggestion::{NextView, next_view};

use crate::{
    app::{App, AppState},
    learner::{Estimate, Figure},
    learning::{Known, Picture},
    store::{EncounterRecord, User},
    web::error::WebError,
};

use super::{frame::Frame, view};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/weak", get(weak::get))
        .route("/plan", get(plan::get).post(plan::post))
        .route("/plan/undo", post(plan::undo))
        .route("/review", get(review::get).post(review::post))
        .route("/practice-patients", post(own_patient::post))
        .route("/suggestions/decline", post(suggestion::decline))
        .route("/suggestions/restore", post(suggestion::restore))
}

/// A learner at this moment, with what the pages of the path are made from.
pub(super) struct Path {
    pub(super) encounters: Vec<EncounterRecord>,
    pub(super) known: Known,
    pub(super) picture: Picture,
    /// What was put off.
    pub(super) declined: Vec<String>,
}

pub(super) async fn path_of(app: &App, user: &User) -> Result<Path, WebError> {
    let now = app.clock.now();
    app.drilling.take_in(&app.learning, user.id, now).await?;
    let known = app.learning.known(&app.catalogue, user.id, now).await?;
    let encounters = app.store.encounters_of(user.id).await?;
    let candidates = app.catalogue.candidates(&encounters).await?;
    let declined = app.store.declined(user.id, now).await?;
    let mut picture = known.picture(&candidates, &declined);
    app.drilling.suggest((user.id, &known), &mut picture.next, &declined).await?;
    Ok(Path { encounters, known, picture, declined })
}

/// A figure in words: "62 % (48–74 %), based on 12 questions".
fn told(page: &Frame, figure: &Figure) -> String {
    if figure.based_on == 0 {
        return page.say("path-borrowed").with("percent", percent(figure.estimate.value)).to_string();
    }
    page.say("path-figure")
        .with("percent", percent(figure.estimate.value))
        .with("range", range(&figure.estimate))
        .with("n", figure.based_on)
        .to_string()
}

fn range(estimate: &Estimate) -> String {
    format!("{}–{}%", percent(estimate.low), percent(estimate.high))
}

fn percent(share: f64) -> u32 {
    view::whole_percent(100.0 * share)
}
