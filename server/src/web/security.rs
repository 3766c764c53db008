//! The protections around every route, outermost first: panics caught, a request id, a log line
//! without persons, security headers, a body limit, the cross-site check.

use std::{any::Any, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{CsrfLayer, ProtectionError},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::RequestBodyTimeoutLayer,
    trace::TraceLayer,
};

use super::{auth, error::WebError, metrics};
use crate::app::AppState;

/// Largest request body in bytes, unless a route says otherwise.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// Longest silence in the middle of a request body: whoever sends a byte a minute holds nothing open.
const BODY_SILENCE: Duration = Duration::from_secs(20);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Nothing from elsewhere, nothing inline, nobody frames us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

const PERMISSIONS_POLICY: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

/// Wraps `routes` in the protections.
pub fn protect(routes: Router<AppState>, state: &AppState) -> Router<AppState> {
    let header =
        |name: HeaderName, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(header(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY))
        .layer(header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(exempt_tokens))
        .layer(CsrfLayer::new().with_rejection_response(cross_site));
    let routes = routes
        .layer(RequestBodyTimeoutLayer::new(BODY_SILENCE))
        .layer(layers)
        .layer(middleware::from_fn(metrics::count));
    if state.config.secure_cookies {
        routes.layer(header(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
    } else {
        routes
    }
}

/// Method, route and request id: no query, no address, no account.
fn span(request: &Request) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or("");
    let route = request.extensions().get::<axum::extract::MatchedPath>().map_or("unmatched", |path| path.as_str());
    tracing::info_span!("request", method = %request.method(), route, id)
}

/// A browser never sends a bearer token by itself, so a request with one cannot be forged across
/// sites; and `auth` looks at no cookie when one is there. Taking the origin away lets it pass
/// the check below.
async fn exempt_tokens(mut request: Request, next: Next) -> Response {
    if auth::bearer(request.headers()).is_some() {
        request.headers_mut().remove(header::ORIGIN);
        request.headers_mut().remove(HeaderName::from_static("sec-fetch-site"));
    }
    next.run(request).await
}

fn cross_site(_error: ProtectionError) -> Response {
    let message = "this request came from another site; open Anamnesis in its own tab and try again";
    WebError::new(axum::http::StatusCode::FORBIDDEN, "cross-site", message).into_response()
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is tower-http's")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    WebError::internal(&what).into_response()
}
