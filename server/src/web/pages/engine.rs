//! How the speech engine is doing.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;

use super::frame::{Frame, Place};
use crate::{
    app::AppState,
    config::SCRIPTED,
    web::{auth::Admin, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/engine.html")]
pub(super) struct Engine {
    page: Frame,
    tone: &'static str,
    icon: &'static str,
    headline: String,
    explanation: String,
    pairs: Vec<Pair>,
}

struct Pair {
    label: String,
    value: String,
}

pub(super) async fn get(State(app): State<AppState>, Admin(_): Admin, page: Frame) -> Result<Engine, WebError> {
    let page = page.at(Place::Engine);
    let status = app.speech.status();
    let identity = app.speech.identity();
    let scripted = app.config.speech == SCRIPTED;
    let (tone, icon, headline, explanation) = match (scripted, status.ready) {
        (true, _) => ("attention", "info", page.t("engine-down"), page.t("engine-down-text")),
        (false, true) => ("good", "circle-check", page.t("engine-up"), page.t("engine-up-text")),
        (false, false) => ("wrong", "circle-alert", page.t("engine-trouble"), page.t("engine-trouble-text")),
    };
    let mut pairs = vec![
        Pair { label: page.t("engine-version"), value: env!("CARGO_PKG_VERSION").to_owned() },
        Pair { label: page.t("engine-model"), value: identity.name },
    ];
    if !scripted {
        pairs.extend([
            Pair { label: page.t("engine-hash"), value: identity.sha256 },
            Pair { label: page.t("engine-context"), value: status.context_tokens.to_string() },
            Pair { label: page.t("engine-threads"), value: status.threads.to_string() },
            Pair { label: page.t("engine-in-flight"), value: status.in_flight.to_string() },
            Pair { label: page.t("engine-restarts"), value: status.restarts.to_string() },
            Pair { label: page.t("engine-cpu"), value: status.cpu_features.join(" ") },
        ]);
    }
    Ok(Engine { page, tone, icon, headline, explanation, pairs })
}
