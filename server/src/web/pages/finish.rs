//! Finishing: the ranked differential, then the debrief.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{frame::Frame, view};
use crate::{
    app::AppState,
    debrief,
    store::Diagnosis,
    web::{
        auth::{Student, own_encounter},
        error::WebError,
    },
};

/// Diagnoses that can be ranked.
const SLOTS: usize = 5;
/// Characters kept of a name and of a reason.
const LONGEST_NAME: usize = 200;
const LONGEST_REASON: usize = 600;

#[derive(Template, WebTemplate)]
#[template(path = "pages/finish.html")]
pub(super) struct Finish {
    page: Frame,
    id: Uuid,
    prefix: &'static str,
    differential: Vec<DifferentialSlot>,
}

/// One line of the ranked list.
#[derive(Clone, Debug, Default)]
pub(super) struct DifferentialSlot {
    pub(super) name: String,
    pub(super) reason: String,
}

/// A list to fill in.
pub(super) fn empty_slots() -> Vec<DifferentialSlot> {
    vec![DifferentialSlot::default(); SLOTS]
}

pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Path(id): Path<Uuid>,
) -> Result<Response, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    if let Some(elsewhere) = view::when_ended(&encounter) {
        return Ok(elsewhere.into_response());
    }
    Ok(Finish { page, id, prefix: "finish", differential: empty_slots() }.into_response())
}

/// Grades and closes the consultation.
pub(super) async fn post(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirect, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    let case = view::case_of(&app, &encounter).await?;
    debrief::finish(&app.desk(), &encounter, &case, diagnoses(&fields)).await?;
    Ok(Redirect::to(&format!("/consultations/{id}/debrief")))
}

/// Leaves the consultation for good, without marks and without a debrief.
pub(super) async fn leave(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<Uuid>,
) -> Result<Redirect, WebError> {
    let encounter = own_encounter(&app, &user, id).await?;
    app.store.abandon_encounter(encounter.id, app.clock.now()).await?;
    Ok(Redirect::to("/home?done=left"))
}

/// The filled lines of the form in order: `name` and `reason` come in pairs.
fn diagnoses(fields: &[(String, String)]) -> Vec<Diagnosis> {
    let values = |wanted: &'static str| fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value);
    let short = |text: &str, longest: usize| text.trim().chars().take(longest).collect::<String>();
    values("name")
        .zip(values("reason").map(Some).chain(std::iter::repeat(None)))
        .map(|(name, reason)| Diagnosis {
            name: short(name, LONGEST_NAME),
            reason: short(reason.map_or("", String::as_str), LONGEST_REASON),
        })
        .filter(|diagnosis| !diagnosis.name.is_empty())
        .take(SLOTS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn empty_lines_are_left_out_and_reasons_stay_with_their_diagnosis() {
        let form = [
            ("name", "pneumonia"),
            ("reason", "fever"),
            ("name", " "),
            ("reason", "lost"),
            ("name", "PE"),
            ("reason", ""),
        ];

        let found = diagnoses(&fields(&form));

        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name.as_str(), found[0].reason.as_str()), ("pneumonia", "fever"));
        assert_eq!((found[1].name.as_str(), found[1].reason.as_str()), ("PE", ""));
    }

    #[test]
    fn a_flood_of_lines_and_letters_is_cut() {
        let long = "长".repeat(10_000);
        let form: Vec<(String, String)> = (0..100).map(|_| ("name".to_owned(), long.clone())).collect();

        let found = diagnoses(&form);

        assert_eq!(found.len(), SLOTS);
        assert!(found.iter().all(|diagnosis| diagnosis.name.chars().count() == LONGEST_NAME));
    }
}
