//! A version of a case as a file to hand on.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    app::AppState,
    web::{auth::Teacher, error::WebError},
};

/// The file, with what the case is based on and the hash of its content.
pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path((id, version)): Path<(String, u32)>,
) -> Result<Response, WebError> {
    let text = app.catalogue.export((&id, version), user.id, app.clock.now()).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}-{version}.toml\"")),
    ];
    Ok((headers, text.ok_or_else(WebError::unknown_case)?).into_response())
}
