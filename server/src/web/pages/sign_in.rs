//! Signing in and out.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::frame::{Frame, Notice};
use crate::{
    app::{App, AppState},
    store::Role,
    web::{
        auth::{self, ClientAddress},
        error::WebError,
    },
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/sign_in.html")]
pub(super) struct SignIn {
    page: Frame,
    error: Option<String>,
    login: String,
    next: String,
    demo: Vec<DemoAccount>,
}

struct DemoAccount {
    login: &'static str,
    password: &'static str,
    icon: &'static str,
    label: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
    #[serde(default)]
    done: String,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn get(State(app): State<AppState>, mut page: Frame, Query(asked): Query<Asked>) -> Response {
    page.notice = match asked.done.as_str() {
        "signed-out" => Some(Notice::good(page.t("signed-out"))),
        "erased" => Some(Notice::good(page.t("account-erased"))),
        _ => None,
    };
    let demo = demo_accounts(&app, &page);
    SignIn { page, error: None, login: String::new(), next: local(&asked.next).to_owned(), demo }.into_response()
}

/// Signs in and goes where the person wanted to go, or says in place what is wrong.
pub(super) async fn post(
    State(app): State<AppState>,
    page: Frame,
    from: ClientAddress,
    jar: CookieJar,
    Form(credentials): Form<Credentials>,
) -> Result<Response, WebError> {
    let Credentials { login, password, next } = credentials;
    let error = match auth::sign_in(&app, &login, &password, from).await {
        Ok((_, cookie)) => return Ok((jar.add(cookie), Redirect::to(local(&next))).into_response()),
        Err(error) => error,
    };
    let text = match error.status {
        StatusCode::UNAUTHORIZED => page.t("sign-in-wrong"),
        StatusCode::TOO_MANY_REQUESTS => page.t("sign-in-busy"),
        _ => return Err(error),
    };
    let demo = demo_accounts(&app, &page);
    Ok((error.status, SignIn { page, error: Some(text), login, next, demo }).into_response())
}

pub(super) async fn sign_out(State(app): State<AppState>, jar: CookieJar) -> Result<(CookieJar, Redirect), WebError> {
    Ok((auth::sign_out(&app, jar).await?, Redirect::to("/sign-in?done=signed-out")))
}

fn demo_accounts(app: &App, page: &Frame) -> Vec<DemoAccount> {
    if !app.demo {
        return Vec::new();
    }
    let wanted = [
        (Role::Student, "user", page.t("demo-as-student")),
        (Role::Teacher, "users", page.t("demo-as-teacher")),
        (Role::Admin, "key-round", page.t("demo-as-admin")),
    ];
    wanted
        .into_iter()
        .filter_map(|(role, icon, label)| {
            let account = crate::demo::ACCOUNTS.iter().find(|account| account.role == role)?;
            Some(DemoAccount { login: account.login, password: account.password, icon, label })
        })
        .collect()
}

/// `next` when it is a path on this server, else the front page: nobody is sent elsewhere.
pub(super) fn local(next: &str) -> &str {
    let on_this_server =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.chars().any(char::is_control);
    if on_this_server { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn goes_back_to_a_page_of_this_server_only() {
        assert_eq!(local("/cases?system=respiratory"), "/cases?system=respiratory");
        for elsewhere in ["", "https://elsewhere", "//elsewhere", "/\\elsewhere", "cases", "/a\r\nb", "javascript:1"] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }
}
