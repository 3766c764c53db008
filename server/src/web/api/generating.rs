//! For teachers: cases made from the graph.

use axum::{Json, extract::State, http::StatusCode};
use cases::{
    Problem,
    format::{Level, Sex, Style},
};
use knowledge_graph::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApiJson, cases::CaseSummary};
use crate::{
    app::AppState,
    rare,
    web::{
        auth::Teacher,
        error::{ErrorBody, WebError},
    },
};

/// What case is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// A disease of the graph, name part of its id; or an imported rare one, such as `ORPHA:558`.
    #[schema(example = "peptic-ulcer")]
    disease: String,
    /// Other diseases the patient has.
    #[serde(default)]
    comorbidities: Vec<String>,
    /// Age in years, 8 to 110, less only for a disease of small children; from the disease's epidemiology when absent.
    age: Option<u8>,
    /// `female` or `male`; from the disease's epidemiology when absent.
    #[schema(value_type = Option<String>)]
    sex: Option<Sex>,
    /// `introductory`, `intermediate` (when absent) or `advanced`.
    #[schema(value_type = Option<String>)]
    difficulty: Option<Level>,
    /// `plain`, `talkative`, `terse`, `anxious`, `distrustful` or `hard-of-hearing`; fitting the
    /// difficulty when absent.
    #[schema(value_type = Option<String>)]
    persona: Option<Style>,
    /// Language of the class, `en` or `zh`, which decides where names come from; a mixture when
    /// absent. The case is in both languages in any event.
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
    /// The same seed makes the same case; thrown when absent. At most 2^63 - 1.
    seed: Option<u64>,
}

/// A case made from the graph.
#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    /// The case, stored as a draft.
    case: CaseSummary,
    /// The seed that makes it again.
    seed: u64,
    /// Its file.
    toml: String,
    /// What is worth a look, each with place and mend in both languages.
    #[schema(value_type = Vec<Object>)]
    problems: Vec<Problem>,
}

/// Make a case from the graph and store it as a draft.
#[utoipa::path(post, path = "/cases:generate", tag = "teaching", request_body = Wanted, responses(
    (status = 201, body = Made),
    (status = 422, body = ErrorBody, description = "`case-cannot-be-made`: an unknown disease, a sex it does not occur in, an age that cannot be played, a rare disease of which too little is annotated; `no-rare-diseases`: none are imported"),
))]
pub(super) async fn generate(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    ApiJson(wanted): ApiJson<Wanted>,
) -> Result<(StatusCode, Json<Made>), WebError> {
    let seed = wanted.seed.unwrap_or_else(|| app.seeds.next() % cases::MAX_SEED);
    let request = cases::Request {
        disease: wanted.disease,
        comorbidities: wanted.comorbidities,
        age: wanted.age,
        sex: wanted.sex,
        level: wanted.difficulty.unwrap_or(Level::Intermediate),
        style: wanted.persona,
        language: wanted.language,
        seed,
    };
    let case = app.catalogue.make(&request, (app.graph, &rare::file(&app.config)), user.id, app.clock.now()).await?;
    let made = Made {
        case: CaseSummary::from(&*case),
        seed,
        toml: cases::to_toml(&case),
        problems: cases::review(&case, app.graph),
    };
    Ok((StatusCode::CREATED, Json(made)))
}
