//! Signing in and out.

use axum::{Json, extract::State, http::StatusCode};
use axum_extra::extract::CookieJar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ApiJson;
use crate::{
    app::AppState,
    store::User,
    web::{
        auth::{self, ClientAddress, Student},
        error::{ErrorBody, WebError},
    },
};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    /// Login.
    login: String,
    /// Password.
    password: String,
}

/// The account that calls.
#[derive(Serialize, ToSchema)]
pub(super) struct Account {
    /// Id.
    id: Uuid,
    /// Login.
    login: String,
    /// Name shown.
    name: String,
    /// `student`, `teacher` or `admin`.
    #[schema(value_type = String, example = "student")]
    role: crate::store::Role,
    /// Language of the interface, `en` or `zh`, when chosen.
    #[schema(value_type = Option<String>, example = "en")]
    language: Option<knowledge_graph::Language>,
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self { id: user.id, login: user.login, name: user.name, role: user.role, language: user.language }
    }
}

/// Who am I?
#[utoipa::path(get, path = "/session", tag = "session", responses(
    (status = 200, body = Account),
    (status = 401, body = ErrorBody, description = "`signed-out`"),
))]
pub(super) async fn who(Student(user): Student) -> Json<Account> {
    Json(user.into())
}

/// Sign in with login and password; the answer sets the session cookie.
#[utoipa::path(post, path = "/session", tag = "session", request_body = Credentials, security(()), responses(
    (status = 200, body = Account),
    (status = 401, body = ErrorBody, description = "`wrong-password`"),
    (status = 429, body = ErrorBody, description = "`too-many-attempts`, with Retry-After"),
))]
pub(super) async fn sign_in(
    State(app): State<AppState>,
    from: ClientAddress,
    jar: CookieJar,
    ApiJson(credentials): ApiJson<Credentials>,
) -> Result<(CookieJar, Json<Account>), WebError> {
    let (user, cookie) = auth::sign_in(&app, &credentials.login, &credentials.password, from).await?;
    Ok((jar.add(cookie), Json(user.into())))
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "Signed out")))]
pub(super) async fn sign_out(State(app): State<AppState>, jar: CookieJar) -> Result<(StatusCode, CookieJar), WebError> {
    Ok((StatusCode::NO_CONTENT, auth::sign_out(&app, jar).await?))
}
