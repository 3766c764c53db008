//! Switching the language.

use axum::{Form, extract::State, response::Redirect};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use knowledge_graph::Language;
use serde::Deserialize;

use super::sign_in::local;
use crate::{
    app::AppState,
    i18n::LANGUAGE_COOKIE,
    web::{auth::Viewer, error::WebError},
};

#[derive(Deserialize)]
pub(super) struct Switch {
    language: Language,
    #[serde(default)]
    next: String,
}

/// Remembers the language with the account and in a cookie, and goes back.
pub(super) async fn post(
    State(app): State<AppState>,
    Viewer(user): Viewer,
    jar: CookieJar,
    Form(switch): Form<Switch>,
) -> Result<(CookieJar, Redirect), WebError> {
    if let Some(user) = user {
        app.store.set_language(user.id, switch.language).await?;
    }
    let cookie = Cookie::build((LANGUAGE_COOKIE, switch.language.tag()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.secure_cookies)
        .permanent()
        .build();
    Ok((jar.add(cookie), Redirect::to(local(&switch.next))))
}
