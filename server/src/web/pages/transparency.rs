//! How patients, marks and recommendations are made, what is kept, and what was measured.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::frame::Frame;
use crate::{
    app::AppState,
    measured::{Figure, figures},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/transparency.html")]
pub(super) struct Transparency {
    page: Frame,
    /// After how long somebody has to sign in again.
    session: String,
    /// What grades on this server.
    matcher: String,
    version: &'static str,
    figures: Vec<FigureView>,
}

struct FigureView {
    what: String,
    value: String,
    basis: String,
    date: String,
    command: Option<String>,
}

pub(super) async fn get(State(app): State<AppState>, page: Frame) -> Transparency {
    Transparency {
        session: session(&page, app.config.session_lifetime.as_hours()),
        matcher: app.grader.stamp().matcher,
        version: env!("CARGO_PKG_VERSION"),
        figures: figures().iter().map(|figure| view(&page, figure)).collect(),
        page,
    }
}

fn session(page: &Frame, hours: i64) -> String {
    let (key, n) = if hours < 48 { ("open-kept-session-hours", hours) } else { ("open-kept-session-days", hours / 24) };
    page.say(key).with("n", n).to_string()
}

fn view(page: &Frame, figure: &Figure) -> FigureView {
    let midnight = figure.date.to_zoned(TimeZone::system()).map(|day| day.timestamp());
    FigureView {
        what: figure.what.get(page.language).to_owned(),
        value: figure.value.clone(),
        basis: figure.basis.get(page.language).to_owned(),
        date: page.day(midnight.unwrap_or(Timestamp::UNIX_EPOCH)),
        command: figure.command.clone(),
    }
}
