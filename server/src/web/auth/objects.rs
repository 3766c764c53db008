//! Who may see and change which consultation.
//!
//! A stranger's consultation is answered like one that does not exist, so that ids tell nothing.

use uuid::Uuid;

use crate::{
    app::App,
    classroom,
    store::{EncounterRecord, Mode, Role, User},
    web::error::WebError,
};

/// The consultation, for reading: its student's own, or for a teacher one of a student whom this teacher
/// teaches; a self-test is for the student's eyes only.
///
/// # Errors
/// 404 `unknown-encounter`.
pub async fn encounter_for(app: &App, user: &User, id: Uuid) -> Result<EncounterRecord, WebError> {
    let encounter = app.store.encounter(id).await?.ok_or_else(WebError::unknown_encounter)?;
    let may_read = encounter.student == user.id
        || (user.role >= Role::Teacher
            && encounter.mode != Mode::SelfTest
            && classroom::may_read(&app.store, user, encounter.student).await?);
    if may_read { Ok(encounter) } else { Err(WebError::unknown_encounter()) }
}

/// The consultation, for speaking, ordering and finishing: its student's own only.
///
/// # Errors
/// 404 `unknown-encounter`; 403 `forbidden` for a teacher, who may read it.
pub async fn own_encounter(app: &App, user: &User, id: Uuid) -> Result<EncounterRecord, WebError> {
    let encounter = encounter_for(app, user, id).await?;
    if encounter.student == user.id { Ok(encounter) } else { Err(WebError::forbidden()) }
}
