//! Who may read the disease graph.
//!
//! Anybody signed in: practice is for looking things up. But the graph names diagnoses and says
//! what to ask for each, so a student who has an open consultation under exam conditions must
//! finish or leave it first, in the browser as with a token. Teachers may always read.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};

use super::with_role;
use crate::{
    app::{App, AppState},
    store::{Role, StoreError, User},
    web::error::WebError,
};

/// The code of the refusal.
pub const EXAM_RUNNING: &str = "exam-running";

/// Somebody who may read the disease graph now.
#[derive(Clone, Debug)]
pub struct Explorer(pub User);

impl FromRequestParts<AppState> for Explorer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        let user = with_role(parts, state, Role::Student).await?;
        if sits_exam(state, &user).await? {
            return Err(WebError::new(
                StatusCode::FORBIDDEN,
                EXAM_RUNNING,
                "the disease graph is closed while your exam runs; finish or leave the consultation first",
            ));
        }
        Ok(Self(user))
    }
}

/// Whether `user` is a student with an open consultation under exam conditions.
///
/// # Errors
/// When the database refuses.
pub async fn sits_exam(app: &App, user: &User) -> Result<bool, StoreError> {
    Ok(user.role == Role::Student && app.store.sits_exam(user.id).await?)
}
