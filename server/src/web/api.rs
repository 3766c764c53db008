//! The JSON API, `/api/v1`.

mod body;
mod cases;
mod drills;
mod dry_runs;
mod encounters;
mod finish;
mod generating;
mod grading;
mod graph;
mod help;
mod learners;
mod literature;
mod moderation;
mod orders;
mod schemes;
mod session;
mod teaching;
mod turns;
mod tutor;

use axum::{Json, Router, routing::get};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use body::{ApiJson, ApiPath, ApiQuery};

use super::error::WebError;
use crate::app::AppState;

/// The description of the API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Anamnesis",
        description = "Virtual patients, automated assessment, learners' progress. Browsers authenticate with a \
                       session cookie, programs with `Authorization: Bearer` and a token of `anamnesis token create`.",
        license(name = "MIT OR Apache-2.0")
    ),
    servers((url = "/api/v1")),
    modifiers(&BearerAuth),
    security(("bearer" = []), ("session" = []))
)]
struct ApiDoc;

struct BearerAuth;

impl utoipa::Modify for BearerAuth {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
        let components = api.components.get_or_insert_default();
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        );
        let cookie = ApiKey::Cookie(ApiKeyValue::new("anamnesis"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

fn described() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(session::who, session::sign_in, session::sign_out))
        .routes(routes!(cases::list))
        .routes(routes!(cases::detail))
        .routes(routes!(encounters::list, encounters::begin))
        .routes(routes!(encounters::detail))
        .routes(routes!(encounters::abandon))
        .routes(routes!(encounters::notes, encounters::keep_notes))
        .routes(routes!(orders::order))
        .routes(routes!(turns::say))
        .routes(routes!(help::given, help::ask))
        .routes(routes!(help::pause))
        .routes(routes!(help::resume))
        .routes(routes!(finish::finish))
        .routes(routes!(finish::read_debrief))
        .routes(routes!(finish::report))
        .routes(routes!(tutor::conversation, tutor::ask))
        .routes(routes!(grading::grade))
        .routes(routes!(schemes::list, schemes::bring_in))
        .routes(routes!(schemes::check))
        .routes(routes!(schemes::rules))
        .routes(routes!(schemes::choices))
        .routes(routes!(schemes::choose))
        .routes(routes!(schemes::detail))
        .routes(routes!(learners::mine))
        .routes(routes!(learners::of_learner))
        .routes(routes!(learners::my_data))
        .routes(routes!(learners::fresh_patient))
        .routes(routes!(drills::next))
        .routes(routes!(drills::answer))
        .routes(routes!(drills::list))
        .routes(routes!(drills::retire))
        .routes(routes!(generating::generate))
        .routes(routes!(teaching::check))
        .routes(routes!(teaching::bring_in))
        .routes(routes!(teaching::stored))
        .routes(routes!(teaching::version))
        .routes(routes!(teaching::file))
        .routes(routes!(teaching::set_status))
        .routes(routes!(dry_runs::start, dry_runs::state))
        .routes(routes!(teaching::class))
        .merge(graph::routes())
        .routes(routes!(literature::list, literature::add))
        .routes(routes!(literature::detail))
        .routes(routes!(literature::decide))
        .routes(routes!(literature::changes))
        .routes(routes!(literature::cases_to_review))
        .routes(routes!(literature::reviewed))
        .routes(routes!(moderation::marks))
        .routes(routes!(moderation::decide, moderation::take_back))
        .routes(routes!(moderation::grade_again))
        .routes(routes!(moderation::agreement))
        .split_for_parts()
}

/// The description served at `/api/v1/openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().1
}

/// All routes of the API, to be nested under `/api/v1`.
pub fn router() -> Router<AppState> {
    let (routes, description) = described();
    routes
        .route("/openapi.json", get(move || async move { Json(description) }))
        .fallback(|| async { WebError::not_found() })
        .method_not_allowed_fallback(|| async {
            WebError::new(
                axum::http::StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "this address takes other methods; see /api/v1/openapi.json",
            )
        })
}
