//! A fresh patient for a student's own practice. Nothing shown before the debrief tells what ails them.

use axum::{Form, extract::State, response::Redirect};
use knowledge_graph::Section;
use serde::Deserialize;

use crate::{
    app::AppState,
    practice::{self, PracticeError},
    web::{auth::Student, error::WebError},
};

/// Where practice is needed.
#[derive(Deserialize)]
pub(in super::super) struct Place {
    system: String,
    #[serde(default)]
    section: String,
}

/// Makes the patient and leads to the door.
pub(super) async fn post(
    State(app): State<AppState>,
    Student(user): Student,
    Form(place): Form<Place>,
) -> Result<Redirect, WebError> {
    let section: Option<Section> = place.section.parse().ok();
    match practice::patient_for(&app, &user, &place.system, section).await {
        Ok(case) => Ok(Redirect::to(&format!("/cases/{}", case.id))),
        Err(PracticeError::TooManyWaiting) => Ok(Redirect::to("/weak?done=waiting")),
        Err(error) => Err(error.into()),
    }
}
