//! How the speech engine is doing. `static/js/engine.js` reads the page again every few seconds.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use models::EngineStatus;

use super::frame::{Frame, Place};
use crate::{
    app::{App, AppState},
    config::SCRIPTED,
    engine::{Standing, ledger},
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
    groups: Vec<Group>,
}

/// Figures that belong together.
struct Group {
    heading: String,
    pairs: Vec<Pair>,
}

struct Pair {
    label: String,
    value: String,
}

pub(super) async fn get(State(app): State<AppState>, Admin(_): Admin, page: Frame) -> Result<Engine, WebError> {
    let page = page.at(Place::Engine);
    let status = app.speech.status();
    let scripted = app.config.speech == SCRIPTED;
    let (tone, icon, headline, explanation) = match (scripted, status.ready) {
        (true, _) => ("attention", "info", page.t("engine-down"), page.t("engine-down-text")),
        (false, true) => ("good", "circle-check", page.t("engine-up"), page.t("engine-up-text")),
        (false, false) => ("wrong", "circle-alert", page.t("engine-trouble"), page.t("engine-trouble-text")),
    };
    let mut groups = Vec::new();
    if !scripted {
        let standing = ledger().standing();
        groups.push(now(&page, &status, &standing));
        groups.push(since_start(&page, &standing, app.store.count_speech().await?));
    }
    groups.push(machine(&page, &app, &status));
    Ok(Engine { page, tone, icon, headline, explanation, groups })
}

fn now(page: &Frame, status: &EngineStatus, standing: &Standing) -> Group {
    let seconds = |[median, slow]: [f64; 2]| format!("{median:.2} s · {slow:.2} s");
    let mut pairs = vec![
        pair(page, "engine-in-flight", &status.in_flight),
        pair(page, "engine-queue", &seconds(standing.queued)),
        pair(page, "engine-first-token", &seconds(standing.first_token)),
        pair(page, "engine-rate", &format!("{:.1}", standing.rate)),
    ];
    if let Some((up, all)) = status.endpoints {
        pairs.push(pair(page, "engine-servers", &format!("{up} / {all}")));
    }
    Group { heading: page.t("engine-now"), pairs }
}

fn since_start(page: &Frame, standing: &Standing, kept: u32) -> Group {
    let &Standing { hits, misses, hopeless, evaluated, shared, drafted, accepted, .. } = standing;
    let pairs = vec![
        pair(page, "engine-spoken", &standing.spoken),
        pair(page, "engine-said-again", &of(hits, hits + misses + hopeless)),
        pair(page, "engine-hopeless", &hopeless),
        pair(page, "engine-prepared", &standing.warmed),
        pair(page, "engine-kept", &kept),
        pair(page, "engine-shared", &of(shared, shared + evaluated)),
        pair(page, "engine-drafts", &of(accepted, drafted)),
        pair(page, "engine-busy", &standing.busy),
        pair(page, "engine-failed", &standing.failed),
    ];
    Group { heading: page.t("engine-since-start"), pairs }
}

fn machine(page: &Frame, app: &App, status: &EngineStatus) -> Group {
    let identity = app.speech.identity();
    let mut pairs = vec![
        pair(page, "engine-version", &env!("CARGO_PKG_VERSION")),
        pair(page, "engine-model", &identity.name),
        pair(page, "engine-restarts", &status.restarts),
    ];
    if !identity.sha256.is_empty() {
        pairs.extend([
            pair(page, "engine-hash", &identity.sha256),
            pair(page, "engine-context", &status.context_tokens),
            pair(page, "engine-threads", &status.threads),
            pair(page, "engine-draft-length", &status.draft_tokens),
            pair(page, "engine-cpu", &status.cpu_features.join(" ")),
        ]);
    }
    Group { heading: page.t("engine-machine"), pairs }
}

fn pair(page: &Frame, label: &str, value: &dyn ToString) -> Pair {
    Pair { label: page.t(label), value: value.to_string() }
}

/// A part with its share of the whole.
fn of(part: u64, whole: u64) -> String {
    if whole == 0 {
        "–".to_owned()
    } else {
        format!("{part} / {whole} ({:.0} %)", part as f64 / whole as f64 * 100.0)
    }
}
