//! An id that the graph does not have: what may have been meant, and where to search.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use knowledge_graph::TopicId;

use super::words::href;
use crate::{
    app::App,
    explore::AskedError,
    web::{error::WebError, pages::frame::Frame},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/graph_unknown.html")]
struct Unknown {
    page: Frame,
    asked: String,
    near: Vec<Link>,
    /// Whether it would take the rare layer, which is not installed.
    no_layer: bool,
}

/// A node by its name and page.
pub(super) struct Link {
    pub(super) name: String,
    pub(super) href: String,
}

/// Links to those of `topics` that have pages.
pub(super) fn links(app: &App, page: &Frame, topics: &[TopicId]) -> Vec<Link> {
    let link = |topic: &TopicId| {
        let name = app.graph.topic(topic)?.name.get(page.language).to_owned();
        Some(Link { name, href: href(topic)? })
    };
    topics.iter().filter_map(link).collect()
}

/// The page, with status 404; other errors stay what they are.
pub(super) fn respond(app: &App, page: Frame, asked: &str, error: AskedError) -> Response {
    let (near, no_layer) = match error {
        AskedError::Unknown { near, .. } => (links(app, &page, &near), false),
        AskedError::NotInRelease { .. } => (Vec::new(), false),
        AskedError::NoLayer => (Vec::new(), true),
        other => return WebError::from(other).into_response(),
    };
    (StatusCode::NOT_FOUND, Unknown { page, asked: asked.to_owned(), near, no_layer }).into_response()
}
