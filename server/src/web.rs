//! Pages and the JSON API.

pub mod api;
pub mod auth;
mod dry_runs;
pub mod error;
pub mod help;
pub mod metrics;
pub mod pages;
pub mod security;
pub mod spreadsheet;
pub mod tutor;
mod work;

use axum::{Router, routing::get};

use crate::app::AppState;

/// Everything the server answers, with all its protections.
pub fn router(state: AppState) -> Router {
    let routes = Router::new()
        .nest("/api/v1", api::router())
        .merge(pages::router(&state))
        .route("/healthz", get(metrics::health))
        .route("/metrics", get(metrics::metrics));
    security::protect(routes, &state).with_state(state)
}
