//! Cases as a student may see them: never the diagnosis, the facts or the rubric.

use axum::{Json, extract::State};
use cases::{
    Case,
    format::{Level, Setting, Sex, Vitals},
};
use knowledge_graph::{Bilingual, TopicId};
use serde::Serialize;
use utoipa::ToSchema;

use super::ApiPath;
use crate::{
    app::AppState,
    i18n::Text,
    web::{
        auth::Student,
        error::{ErrorBody, WebError},
    },
};

/// A case in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseSummary {
    /// Id, for `POST /encounters`.
    #[schema(example = "chest-pain-at-the-market")]
    pub id: String,
    /// Version.
    pub version: u32,
    /// Title.
    #[schema(value_type = Text)]
    pub title: Bilingual,
    /// Body system.
    pub system: String,
    /// The presenting complaint, a topic.
    #[schema(value_type = String, example = "finding:chest-pain")]
    pub complaint: TopicId,
    /// `introductory`, `intermediate` or `advanced`.
    #[schema(value_type = String)]
    pub level: Level,
    /// `emergency`, `clinic`, `ward` or `home`.
    #[schema(value_type = String)]
    pub setting: Setting,
    /// Minutes allowed in an exam.
    pub minutes: u16,
}

/// A case as its door shows it.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseDetail {
    /// As in the list.
    #[serde(flatten)]
    pub summary: CaseSummary,
    /// Who the patient is.
    pub patient: PatientDetail,
    /// What is read before entering.
    #[schema(value_type = Text)]
    pub door_note: Bilingual,
    /// What is seen on entering.
    #[schema(value_type = Text)]
    pub appearance: Bilingual,
    /// Vital signs; the units are part of the names.
    #[schema(value_type = Object)]
    pub vitals: Vitals,
}

/// Who the patient is.
#[derive(Serialize, ToSchema)]
pub(super) struct PatientDetail {
    /// Name.
    #[schema(value_type = Text)]
    name: Bilingual,
    /// Age in years.
    age: u8,
    /// `female` or `male`.
    #[schema(value_type = String)]
    sex: Sex,
    /// Occupation.
    #[schema(value_type = Text)]
    occupation: Bilingual,
    /// Who speaks, when it is not the patient.
    #[schema(value_type = Option<Text>)]
    spokesperson: Option<Bilingual>,
}

impl From<&Case> for CaseSummary {
    fn from(case: &Case) -> Self {
        Self {
            id: case.id.clone(),
            version: case.version,
            title: case.title.clone(),
            system: case.system.clone(),
            complaint: case.complaint.clone(),
            level: case.level,
            setting: case.setting,
            minutes: case.minutes,
        }
    }
}

impl From<&Case> for CaseDetail {
    fn from(case: &Case) -> Self {
        let patient = &case.patient;
        Self {
            summary: case.into(),
            patient: PatientDetail {
                name: patient.name.clone(),
                age: patient.age,
                sex: patient.sex,
                occupation: patient.occupation.clone(),
                spokesperson: patient.spokesperson.clone(),
            },
            door_note: case.door_note.clone(),
            appearance: case.appearance.clone(),
            vitals: case.vitals.clone(),
        }
    }
}

/// The published cases.
#[utoipa::path(get, path = "/cases", tag = "cases", responses((status = 200, body = [CaseSummary])))]
pub(super) async fn list(State(app): State<AppState>, _: Student) -> Result<Json<Vec<CaseSummary>>, WebError> {
    let published = app.catalogue.published().await?;
    Ok(Json(published.iter().map(|case| CaseSummary::from(&**case)).collect()))
}

/// One case, published or made for me, as its door shows it.
#[utoipa::path(get, path = "/cases/{id}", tag = "cases", params(("id" = String, Path, description = "Case id")),
    responses((status = 200, body = CaseDetail), (status = 404, body = ErrorBody, description = "`unknown-case`")))]
pub(super) async fn detail(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<CaseDetail>, WebError> {
    let case = app.catalogue.playable_case(&id, user.id).await?.ok_or_else(WebError::unknown_case)?;
    Ok(Json(CaseDetail::from(&*case)))
}
