//! Marking schemes: the program's own and those that teachers bring in.

use axum::{Json, extract::State, http::StatusCode};
use knowledge_graph::Bilingual;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiJson, ApiPath};
use crate::{
    app::AppState,
    assessment::{
        conduct::{Harm, Rule, Rules},
        scheme::Scheme,
    },
    i18n::Text,
    schemes::NamedScheme,
    web::{
        auth::{Student, Teacher},
        error::{ErrorBody, WebError},
    },
};

/// A scheme in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct SchemeSummary {
    /// Id, for `POST /grade`.
    #[schema(example = "uk-domains-12")]
    id: String,
    /// Version.
    version: u32,
    /// Name.
    #[schema(value_type = Text)]
    title: Bilingual,
    /// What it is for.
    #[schema(value_type = Text)]
    about: Bilingual,
    /// Points in all.
    points: f64,
    /// SHA-256 of its file in lower-case hex.
    sha256: String,
    /// Whether it comes with the program.
    shipped: bool,
}

impl From<&NamedScheme> for SchemeSummary {
    fn from(named: &NamedScheme) -> Self {
        let points: crate::assessment::scheme::Points = named.scheme.parts.iter().map(|part| part.points).sum();
        Self {
            id: named.scheme.id.clone(),
            version: named.scheme.version,
            title: named.scheme.title.clone(),
            about: named.scheme.about.clone(),
            points: points.value(),
            sha256: named.sha256.clone(),
            shipped: named.shipped,
        }
    }
}

/// A scheme in full.
#[derive(Serialize, ToSchema)]
pub(super) struct SchemeDetail {
    /// As in the list.
    #[serde(flatten)]
    summary: SchemeSummary,
    /// The file.
    toml: String,
    /// The file as read.
    #[schema(value_type = Object)]
    scheme: Scheme,
}

/// A scheme file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeFile {
    /// The file, as text.
    toml: String,
}

/// Every scheme in its newest version.
#[utoipa::path(get, path = "/schemes", tag = "grading", responses((status = 200, body = [SchemeSummary])))]
pub(super) async fn list(State(app): State<AppState>, _: Student) -> Result<Json<Vec<SchemeSummary>>, WebError> {
    Ok(Json(app.schemes.all().await?.iter().map(SchemeSummary::from).collect()))
}

/// One scheme, with its file.
#[utoipa::path(get, path = "/schemes/{id}", tag = "grading", params(("id" = String, Path)), responses(
    (status = 200, body = SchemeDetail),
    (status = 404, body = ErrorBody, description = "`unknown-scheme`"),
))]
pub(super) async fn detail(
    State(app): State<AppState>,
    _: Student,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<SchemeDetail>, WebError> {
    let named = app.schemes.named(&id).await?;
    Ok(Json(SchemeDetail { summary: (&named).into(), toml: named.text, scheme: named.scheme }))
}

/// Check a scheme without storing it.
#[utoipa::path(post, path = "/schemes:check", tag = "grading", request_body = SchemeFile, responses(
    (status = 200, body = Object, description = "The scheme as read"),
    (status = 409, body = ErrorBody, description = "`scheme-shipped`: the id of one of the program's own"),
    (status = 422, body = ErrorBody, description = "`scheme-invalid`, with every problem, its line and mend"),
))]
pub(super) async fn check(
    State(app): State<AppState>,
    _: Teacher,
    ApiJson(file): ApiJson<SchemeFile>,
) -> Result<Json<Scheme>, WebError> {
    Ok(Json(app.schemes.check(&file.toml)?))
}

/// Bring in a scheme; the same file again changes nothing.
#[utoipa::path(post, path = "/schemes", tag = "grading", request_body = SchemeFile, responses(
    (status = 201, body = Object, description = "The scheme as read"),
    (status = 409, body = ErrorBody, description = "`scheme-shipped`, `scheme-version-taken`"),
    (status = 422, body = ErrorBody, description = "`scheme-invalid`, with every problem, its line and mend"),
))]
pub(super) async fn bring_in(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiJson(file): ApiJson<SchemeFile>,
) -> Result<(StatusCode, Json<Scheme>), WebError> {
    Ok((StatusCode::CREATED, Json(app.schemes.bring_in(&file.toml, user.id, app.clock.now()).await?)))
}

/// What is judged beyond the checklist.
#[derive(Serialize, ToSchema)]
pub(super) struct ConductRules {
    /// Items with their anchors.
    #[schema(value_type = Vec<Object>)]
    rules: &'static [Rule],
    /// Harmful acts that a scheme may take points off for.
    #[schema(value_type = Vec<Object>)]
    harms: &'static [Harm],
}

/// What is judged beyond the checklist: every rule in words, with its anchors and its source.
#[utoipa::path(get, path = "/conduct-rules", tag = "grading", responses((status = 200, body = ConductRules)))]
pub(super) async fn rules(_: Student) -> Result<Json<ConductRules>, WebError> {
    let rules = Rules::embedded().map_err(|error| WebError::internal(&error))?;
    Ok(Json(ConductRules { rules: rules.all(), harms: rules.harms() }))
}

/// Which scheme marks what.
#[derive(Serialize, ToSchema)]
pub(super) struct Choice {
    /// `practice`, `exam` or `case:ID`.
    place: String,
    /// The scheme's id.
    scheme: String,
    /// SHA-256 of its file; null for one of the program's own.
    sha256: Option<String>,
}

/// What was chosen; what is not listed is marked with what the case names, else with the checklist.
#[utoipa::path(get, path = "/scheme-choices", tag = "grading", responses((status = 200, body = [Choice])))]
pub(super) async fn choices(State(app): State<AppState>, _: Teacher) -> Result<Json<Vec<Choice>>, WebError> {
    let choices = app.schemes.choices().await?.into_iter();
    Ok(Json(choices.map(|one| Choice { place: one.place, scheme: one.scheme, sha256: one.hash }).collect()))
}

/// A choice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChoice {
    /// The scheme's id; null takes the choice back.
    scheme: Option<String>,
}

/// Choose the scheme for practice, for exams or for a case. Consultations finished before keep
/// their marks.
#[utoipa::path(put, path = "/scheme-choices/{place}", tag = "grading",
    params(("place" = String, Path, description = "`practice`, `exam` or `case:ID`")), request_body = NewChoice,
    responses(
    (status = 204, description = "Done"),
    (status = 404, body = ErrorBody, description = "`unknown-scheme`"),
    (status = 422, body = ErrorBody, description = "`scheme-place`"),
))]
pub(super) async fn choose(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiPath(place): ApiPath<String>,
    ApiJson(new): ApiJson<NewChoice>,
) -> Result<StatusCode, WebError> {
    app.schemes.choose(&place, new.scheme.as_deref(), user.id, app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
