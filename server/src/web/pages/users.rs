//! Accounts: add, give a new password.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    frame::{Frame, Place},
    my_data::role_name,
};
use crate::{
    app::{App, AppState},
    store::{NewUser, Role, StoreError},
    web::{auth::Admin, error::WebError},
};

/// Letters of a made password: none that look alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Length of a made password: 32^14, 70 bits.
const PASSWORD_LENGTH: usize = 14;
const LONGEST_LOGIN: usize = 64;
const LONGEST_NAME: usize = 120;

#[derive(Template, WebTemplate)]
#[template(path = "pages/users.html")]
pub(super) struct UsersPage {
    page: Frame,
    users: Vec<UserView>,
    roles: Vec<RoleChoice>,
    form: NewAccount,
    error: Option<String>,
    made: Option<MadePassword>,
}

struct UserView {
    id: Uuid,
    login: String,
    name: String,
    role: String,
}

struct RoleChoice {
    value: &'static str,
    label: String,
    chosen: bool,
}

/// A password shown once.
struct MadePassword {
    login: String,
    password: String,
}

#[derive(Clone, Deserialize)]
pub(super) struct NewAccount {
    login: String,
    name: String,
    role: Role,
}

impl Default for NewAccount {
    fn default() -> Self {
        Self { login: String::new(), name: String::new(), role: Role::Student }
    }
}

pub(super) async fn get(State(app): State<AppState>, Admin(_): Admin, page: Frame) -> Result<UsersPage, WebError> {
    show(&app, page, NewAccount::default(), None, None).await
}

async fn show(
    app: &App,
    page: Frame,
    form: NewAccount,
    error: Option<String>,
    made: Option<MadePassword>,
) -> Result<UsersPage, WebError> {
    let page = page.at(Place::Users);
    let users = app.store.users().await?;
    let users = users
        .into_iter()
        .map(|user| UserView { id: user.id, login: user.login, name: user.name, role: role_name(&page, user.role) })
        .collect();
    let roles = [(Role::Student, "student"), (Role::Teacher, "teacher"), (Role::Admin, "admin")]
        .map(|(role, value)| RoleChoice { value, label: role_name(&page, role), chosen: role == form.role })
        .into();
    Ok(UsersPage { page, users, roles, form, error, made })
}

/// Adds an account with a made password, shown once.
pub(super) async fn add(
    State(app): State<AppState>,
    Admin(admin): Admin,
    page: Frame,
    Form(form): Form<NewAccount>,
) -> Result<Response, WebError> {
    if !is_login(&form.login) || form.name.trim().is_empty() || form.name.chars().count() > LONGEST_NAME {
        let error = page.t("users-invalid");
        let body = show(&app, page, form, Some(error), None).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    let password = made_password()?;
    let hash = app.passwords.hash(password.clone()).await.map_err(|error| WebError::internal(&error))?;
    let new = NewUser {
        login: form.login.clone(),
        name: form.name.trim().to_owned(),
        role: form.role,
        password_hash: hash,
        language: None,
    };
    match app.store.create_user(new, app.clock.now()).await {
        Ok(user) => {
            let subject = format!("user:{}", user.id);
            app.store.record(Some(admin.id), "user-added", &subject, app.clock.now()).await?;
            let made = MadePassword { login: user.login, password };
            Ok(show(&app, page, NewAccount::default(), None, Some(made)).await?.into_response())
        }
        Err(StoreError::LoginTaken(login)) => {
            let error = page.say("users-taken").with("login", login).to_string();
            let body = show(&app, page, form, Some(error), None).await?;
            Ok((StatusCode::CONFLICT, body).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives the account a new password, shown once, and ends its sessions.
pub(super) async fn new_password(
    State(app): State<AppState>,
    Admin(admin): Admin,
    page: Frame,
    Path(id): Path<Uuid>,
) -> Result<UsersPage, WebError> {
    let user = app.store.user(id).await?.ok_or_else(WebError::not_found)?;
    let password = made_password()?;
    let hash = app.passwords.hash(password.clone()).await.map_err(|error| WebError::internal(&error))?;
    app.store.set_password(id, hash).await?;
    app.store.record(Some(admin.id), "password-changed", &format!("user:{id}"), app.clock.now()).await?;
    let made = MadePassword { login: user.login, password };
    show(&app, page, NewAccount::default(), None, Some(made)).await
}

fn is_login(login: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-@".contains(letter);
    login.starts_with(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        && login.len() <= LONGEST_LOGIN
        && login.chars().all(allowed)
}

fn made_password() -> Result<String, WebError> {
    let mut bytes = [0_u8; PASSWORD_LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| WebError::internal(&error))?;
    // 256 is a multiple of 32: every letter is as likely as any other.
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_short_and_plain() {
        for good in ["lin", "m.keller", "s2026-17", "a@b"] {
            assert!(is_login(good), "{good}");
        }
        for bad in ["", "-lin", "Lin", "林", "a b", "<b>", &"a".repeat(65)] {
            assert!(!is_login(bad), "{bad}");
        }
    }

    #[test]
    fn made_passwords_differ_and_are_long() {
        let (one, other) = (made_password().unwrap(), made_password().unwrap());
        assert_eq!(one.len(), PASSWORD_LENGTH);
        assert_ne!(one, other);
    }
}
