//! How the server is doing, for machines.

use std::time::Instant;

use axum::{
    extract::{FromRequestParts as _, MatchedPath, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::{
    auth::{Admin, ClientAddress},
    error::WebError,
};
use crate::app::AppState;

/// What was counted and measured.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Records what the whole process counts from now on.
    ///
    /// # Errors
    /// When something else in this process records already.
    pub fn install() -> Result<Self, String> {
        PrometheusBuilder::new().install_recorder().map(Self).map_err(|error| error.to_string())
    }

    /// Records nothing: for tests, of which many run in one process.
    pub fn detached() -> Self {
        Self(PrometheusBuilder::new().build_recorder().handle())
    }

    /// Folds what was gathered. Call regularly: nobody may ever ask for the text.
    pub fn fold(&self) {
        self.0.run_upkeep();
    }
}

/// Alive, and the database answers.
pub async fn health(State(app): State<AppState>) -> Result<&'static str, WebError> {
    app.store.count_encounters().await?;
    Ok("ok\n")
}

/// Prometheus text, for administrators and for programs on this machine that come without a proxy.
pub async fn metrics(
    State(app): State<AppState>,
    ClientAddress(from): ClientAddress,
    request: Request,
) -> Result<Response, WebError> {
    let (mut parts, _) = request.into_parts();
    if !(from.is_loopback() && comes_directly(&parts.headers)) {
        Admin::from_request_parts(&mut parts, &app).await?;
    }
    let status = app.speech.status();
    ::metrics::gauge!("anamnesis_engine_in_flight").set(f64::from(status.in_flight));
    ::metrics::gauge!("anamnesis_engine_restarts").set(f64::from(status.restarts));
    ::metrics::gauge!("anamnesis_engine_ready").set(f64::from(u8::from(status.ready)));
    let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((text, app.metrics.0.render()).into_response())
}

/// A proxy on this machine would make every stranger look local.
fn comes_directly(headers: &HeaderMap) -> bool {
    ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().all(|name| !headers.contains_key(*name))
}

/// Counts requests and their time by route, never by address or person.
pub(super) async fn count(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().as_str().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    ::metrics::counter!("anamnesis_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    ::metrics::histogram!("anamnesis_http_request_seconds", "route" => route).record(begun.elapsed().as_secs_f64());
    response
}
