//! What is kept about a person: to see, to take along, to have erased.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::frame::{Frame, Place};
use crate::{
    app::{App, AppState},
    store::{Role, User},
    web::{
        auth::{self, Student},
        error::WebError,
    },
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/my_data.html")]
pub(super) struct MyData {
    page: Frame,
    login: String,
    name: String,
    role: String,
    consultations: usize,
    since: String,
    error: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Confirmation {
    confirm: String,
}

pub(super) async fn get(State(app): State<AppState>, Student(user): Student, page: Frame) -> Result<MyData, WebError> {
    show(&app, &user, page, None).await
}

async fn show(app: &App, user: &User, page: Frame, error: Option<String>) -> Result<MyData, WebError> {
    let page = page.at(Place::MyData);
    Ok(MyData {
        login: user.login.clone(),
        name: user.name.clone(),
        role: role_name(&page, user.role),
        consultations: app.store.encounters_of(user.id).await?.len(),
        since: page.day(user.created),
        error,
        page,
    })
}

/// A role in words.
pub(super) fn role_name(page: &Frame, role: Role) -> String {
    match role {
        Role::Student => page.t("role-student"),
        Role::Teacher => page.t("role-teacher"),
        Role::Admin => page.t("role-admin"),
    }
}

/// Everything stored of the person, as one JSON file.
pub(super) async fn download(
    State(app): State<AppState>,
    Student(user): Student,
) -> Result<impl IntoResponse, WebError> {
    let name = format!("attachment; filename=\"anamnesis-{}.json\"", app.clock.now().strftime("%Y-%m-%d"));
    let everything = app.counting().export(&app.catalogue, &user).await?;
    let text = serde_json::to_string_pretty(&everything).map_err(|error| WebError::internal(&error))?;
    let headers: [(HeaderName, String); 2] =
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, text))
}

/// Erases the account and everything with it, once its login was typed.
pub(super) async fn erase(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    jar: CookieJar,
    Form(confirmation): Form<Confirmation>,
) -> Result<Response, WebError> {
    let refusal = if confirmation.confirm.trim().to_lowercase() != user.login {
        Some(page.t("my-data-erase-mismatch"))
    } else if is_last_admin(&app, &user).await? {
        Some(page.t("my-data-erase-last-admin"))
    } else {
        None
    };
    if let Some(refusal) = refusal {
        let body = show(&app, &user, page, Some(refusal)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    let jar = auth::sign_out(&app, jar).await?;
    app.store.delete_user(user.id).await?;
    app.store.record(None, "learner-erased", &format!("user:{}", user.id), app.clock.now()).await?;
    Ok((jar, Redirect::to("/sign-in?done=erased")).into_response())
}

async fn is_last_admin(app: &App, user: &User) -> Result<bool, WebError> {
    let admins = app.store.users().await?.into_iter().filter(|one| one.role == Role::Admin).count();
    Ok(user.role == Role::Admin && admins == 1)
}
