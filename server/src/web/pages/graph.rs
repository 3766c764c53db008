//! The disease graph for people: search, each node with its edges and sources, two diseases side by
//! side, and what would change one's mind.

mod compare;
mod disease;
mod drawing;
mod layout;
mod mind;
mod node;
mod rare;
mod search;
mod unknown;
mod words;

use axum::{Router, routing::get};

pub(super) use words::{percent, ratio};

use crate::app::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/graph", get(search::get))
        .route("/graph/mind", get(mind::get))
        .route("/graph/compare", get(compare::get))
        .route("/graph/diseases/{id}", get(disease::get))
        .route("/graph/rare/{id}", get(rare::get))
        .route("/graph/{kind}/{id}", get(node::get))
}
