//! Refusals as pages: what happened, what it means for you, what to do.

use std::fmt::Display;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{FromRequestParts as _, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use super::frame::Frame;
use crate::{
    app::AppState,
    web::{auth::EXAM_RUNNING, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/error.html")]
struct ErrorPage {
    page: Frame,
    title: String,
    what: String,
    mend: String,
    links: Vec<ErrorLink>,
    detail: String,
}

struct ErrorLink {
    href: &'static str,
    label: String,
}

/// Answers an address that nothing else answers.
pub(super) async fn nothing_here() -> WebError {
    WebError::not_found()
}

/// Turns a refusal of any page into a page in the reader's language; someone who is not signed in
/// is sent to sign in and back.
pub(super) async fn explain(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(frame) = Frame::from_request_parts(&mut parts, &app).await;
    let method = parts.method.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    match refusal(&response) {
        None => response,
        Some(error) if error.code == "signed-out" => {
            let back = if method == Method::GET { frame.path.as_str() } else { "/" };
            Redirect::to(&format!("/sign-in?next={}", encoded(back))).into_response()
        }
        Some(error) => page(frame, &error, &response).into_response(),
    }
}

/// The refusal a response carries, or one made from its status when the framework refused.
fn refusal(response: &Response) -> Option<WebError> {
    if let Some(error) = response.extensions().get::<WebError>() {
        return Some(error.clone());
    }
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let has_page = response
            .headers()
            .get(axum::http::header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        return (!has_page).then(|| WebError::new(status, "refused", ""));
    }
    None
}

fn page(frame: Frame, error: &WebError, response: &Response) -> Response {
    let texts = texts(&frame, error);
    let mut links = vec![ErrorLink { href: "/", label: frame.t("error-go-home") }];
    if error.status == StatusCode::FORBIDDEN && error.code != EXAM_RUNNING {
        links.push(ErrorLink { href: "/sign-in", label: frame.t("error-go-sign-in") });
    }
    let id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let detail = match (error.status.is_server_error(), id) {
        (true, id) if !id.is_empty() => frame.say("error-reference").with("id", id).to_string(),
        _ => String::new(),
    };
    let [title, what, mend] = texts;
    let body = ErrorPage { page: frame, title, what, mend, links, detail };
    let mut answer = (error.status, body).into_response();
    if let Some(wait) = response.headers().get(axum::http::header::RETRY_AFTER) {
        answer.headers_mut().insert(axum::http::header::RETRY_AFTER, wait.clone());
    }
    answer
}

/// Title, what it means, what to do.
fn texts(frame: &Frame, error: &WebError) -> [String; 3] {
    match error.status {
        _ if error.code == EXAM_RUNNING && frame.path.starts_with("/drills") => {
            [frame.t("drills-exam-title"), frame.t("drills-exam-what"), frame.t("graph-exam-mend")]
        }
        _ if error.code == EXAM_RUNNING => {
            [frame.t("graph-exam-title"), frame.t("graph-exam-what"), frame.t("graph-exam-mend")]
        }
        StatusCode::NOT_FOUND => {
            [frame.t("error-not-found"), frame.t("error-not-found-what"), frame.t("error-not-found-mend")]
        }
        StatusCode::FORBIDDEN => {
            [frame.t("error-forbidden"), frame.t("error-forbidden-what"), frame.t("error-forbidden-mend")]
        }
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            let seconds = error.retry_after.map_or(3, |wait| wait.as_secs().max(1));
            let mend = frame.say("error-busy-mend").with("seconds", seconds).to_string();
            [frame.t("error-busy"), frame.t("error-busy-what"), mend]
        }
        StatusCode::CONFLICT => {
            [frame.t("error-conflict"), error.message.clone().into_owned(), frame.t("error-conflict-mend")]
        }
        status if status.is_client_error() => {
            [frame.t("error-bad-request"), error.message.clone().into_owned(), frame.t("error-bad-request-mend")]
        }
        _ => [frame.t("error-internal"), frame.t("error-internal-what"), frame.t("error-internal-mend")],
    }
}

/// `path` as the value of a query parameter.
fn encoded(path: impl Display) -> String {
    path.to_string().bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _infallible = std::fmt::Write::write_fmt(&mut text, format_args!("%{byte:02X}"));
        }
        text
    })
}
