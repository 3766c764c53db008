//! Signing in and out, and the extractors that say who may call a handler.
//!
//! A browser has a session cookie, a program sends `Authorization: Bearer`. When both come, the
//! token alone counts: that is what lets `security` exempt token requests from the cross-site check.

mod exam;
mod objects;
mod passwords;
mod rate;

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

pub use exam::{EXAM_RUNNING, Explorer, sits_exam};
pub use objects::{encounter_for, own_encounter};
pub use passwords::{PasswordError, Passwords};
pub use rate::SignInLimits;

use super::error::WebError;
use crate::{
    app::{App, AppState},
    config::Config,
    store::{ApiToken, Role, SessionToken, User},
};

/// Whoever calls: an account, or nobody.
#[derive(Clone, Debug)]
pub struct Viewer(pub Option<User>);

/// Any account: all may practise.
#[derive(Clone, Debug)]
pub struct Student(pub User);

/// A teacher or administrator.
#[derive(Clone, Debug)]
pub struct Teacher(pub User);

/// An administrator.
#[derive(Clone, Debug)]
pub struct Admin(pub User);

impl FromRequestParts<AppState> for Viewer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let viewer = Self(identify(&parts.headers, state).await?);
        parts.extensions.insert(viewer.clone());
        Ok(viewer)
    }
}

async fn with_role(parts: &mut Parts, state: &AppState, least: Role) -> Result<User, WebError> {
    let Viewer(user) = Viewer::from_request_parts(parts, state).await?;
    let user = user.ok_or_else(WebError::signed_out)?;
    if user.role >= least { Ok(user) } else { Err(WebError::forbidden()) }
}

macro_rules! extract_role {
    ($name:ident, $least:expr) => {
        impl FromRequestParts<AppState> for $name {
            type Rejection = WebError;

            async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
                with_role(parts, state, $least).await.map(Self)
            }
        }
    };
}

extract_role!(Student, Role::Student);
extract_role!(Teacher, Role::Teacher);
extract_role!(Admin, Role::Admin);

async fn identify(headers: &HeaderMap, app: &App) -> Result<Option<User>, WebError> {
    if headers.contains_key(header::AUTHORIZATION) {
        let token = bearer(headers).ok_or_else(WebError::signed_out)?;
        let user = app.store.token_user(&ApiToken::from(token)).await?;
        return user.map(Some).ok_or_else(WebError::signed_out);
    }
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(cookie_name(&app.config)) else { return Ok(None) };
    Ok(app.store.session_user(&SessionToken::from(cookie.value()), app.clock.now()).await?)
}

/// The bearer token of a request, if that is how it authenticates.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The caller's address; this machine's own when it is not known (tests).
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(connection.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip())))
    }
}

/// Checks login and password and begins a session. Add the cookie to the response.
///
/// # Errors
/// 401 `wrong-password` for an unknown login as for a wrong password, after the same time;
/// 429 `too-many-attempts`.
pub async fn sign_in(
    app: &App,
    login: &str,
    password: &str,
    from: ClientAddress,
) -> Result<(User, Cookie<'static>), WebError> {
    app.sign_in_limits.admit(login, from.0).map_err(|wait| {
        WebError::busy("too-many-attempts", "too many attempts to sign in; wait a moment and try again", wait)
    })?;
    let (user, hash) = match app.store.user_by_login(login).await? {
        Some((user, hash)) => (Some(user), Some(hash)),
        None => (None, None),
    };
    let right = app.passwords.verify(password.to_owned(), hash).await.map_err(|error| WebError::internal(&error))?;
    let (true, Some(user)) = (right, user) else {
        tracing::info!(address = %from.0, "a sign-in was refused");
        return Err(WebError::new(
            axum::http::StatusCode::UNAUTHORIZED,
            "wrong-password",
            "login or password is wrong",
        ));
    };
    app.sign_in_limits.forget(login, from.0);
    let token = app.store.create_session(user.id, app.clock.now(), app.config.session_lifetime).await?;
    app.store.record(Some(user.id), "signed-in", &format!("user:{}", user.id), app.clock.now()).await?;
    Ok((user, session_cookie(&app.config, token.as_str().to_owned())))
}

/// Ends the session of `jar`, if any, and takes its cookie away.
pub async fn sign_out(app: &App, jar: CookieJar) -> Result<CookieJar, WebError> {
    if let Some(cookie) = jar.get(cookie_name(&app.config)) {
        app.store.delete_session(&SessionToken::from(cookie.value())).await?;
    }
    Ok(jar.remove(session_cookie(&app.config, String::new())))
}

/// `__Host-` binds a cookie to this host, path `/` and HTTPS; browsers take it over HTTPS only.
fn cookie_name(config: &Config) -> &'static str {
    if config.secure_cookies { "__Host-anamnesis" } else { "anamnesis" }
}

fn session_cookie(config: &Config, value: String) -> Cookie<'static> {
    Cookie::build((cookie_name(config), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.secure_cookies)
        .max_age(config.session_lifetime.unsigned_abs().try_into().unwrap_or_default())
        .build()
}
