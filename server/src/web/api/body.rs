//! Reading bodies and addresses, with the API's own errors.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::JsonRejection},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::web::error::WebError;

/// A JSON body. Refuses with 400 `malformed` what is not JSON or not UTF-8, 413 `too-large`,
/// 415 `not-json` without `Content-Type: application/json`, and 422 `invalid` JSON of another shape.
#[derive(Clone, Debug)]
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiJson<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &JsonRejection) -> WebError {
    match rejection {
        JsonRejection::JsonDataError(error) => WebError::unprocessable("invalid", error.body_text()),
        JsonRejection::JsonSyntaxError(error) => WebError::malformed(error.body_text()),
        JsonRejection::MissingJsonContentType(_) => WebError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-json",
            "send JSON, with `Content-Type: application/json`",
        ),
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            WebError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "the request is too large; send less at once")
        }
        other => WebError::malformed(other.body_text()),
    }
}

/// What stands in the address. What cannot be read there names nothing: 404.
#[derive(Clone, Debug)]
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for ApiPath<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(WebError::not_found()),
        }
    }
}

/// The query of the address. Refuses with 400 `malformed` what cannot be read.
#[derive(Clone, Debug)]
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(WebError::malformed(rejection.body_text())),
        }
    }
}
