//! What a person or a program is told when something is refused.
//!
//! A handler returns [`WebError`]. For programs it becomes `{"error":{"code","message"}}`; it also
//! travels with the response as an extension, so that pages can say the same in the reader's
//! language (the code is the key). Internal detail goes to the log and nowhere else.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use cases::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    catalogue::CatalogueError,
    classroom::ClassroomError,
    debrief::FinishError,
    drilling::DrillError,
    encounter::EncounterError,
    explore::AskedError,
    learning::LearningError,
    literature::LiteratureError,
    moderation::ModerationError,
    practice::PracticeError,
    rare::RareError,
    schemes::SchemeError,
    store::{Entity, StoreError},
};

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebError {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable name for programs, such as `unknown-case`.
    pub code: &'static str,
    /// What happened and how to mend it, in English.
    pub message: Cow<'static, str>,
    /// When trying again makes sense.
    pub retry_after: Option<Duration>,
    /// What is wrong with a case file, one by one.
    pub problems: Vec<Problem>,
}

/// The error shape of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// Stable name for programs.
    #[schema(example = "unknown-case")]
    pub code: &'static str,
    /// What happened and how to mend it.
    #[schema(example = "there is no case of that id; see GET /api/v1/cases")]
    pub message: String,
    /// What is wrong with a case file, one by one; absent otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub problems: Vec<Problem>,
}

impl WebError {
    /// A refusal with its status, code and message.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), retry_after: None, problems: Vec::new() }
    }

    /// 400: the request cannot be read.
    pub fn malformed(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", message)
    }

    /// 401.
    pub fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "signed-out", "sign in, or send `Authorization: Bearer` with a valid token")
    }

    /// 403.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "this account may not do that")
    }

    /// 404 for a thing that is not there, or not for this account to see.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "there is nothing here")
    }

    /// 404 for a case.
    pub fn unknown_case() -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown-case", "there is no case of that id; see GET /api/v1/cases")
    }

    /// 404 for a consultation that does not exist or belongs to someone else.
    pub fn unknown_encounter() -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown-encounter", "there is no consultation of that id for this account")
    }

    /// 422: the request can be read, but not done.
    pub fn unprocessable(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    /// 409.
    pub fn conflict(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 429: come back after `wait`.
    pub fn busy(code: &'static str, message: impl Into<Cow<'static, str>>, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..Self::new(StatusCode::TOO_MANY_REQUESTS, code, message) }
    }

    /// 500; `error` goes to the log only.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something failed here; nothing was changed. Try again, and tell your administrator if it stays",
        )
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(Entity::Encounter) => Self::unknown_encounter(),
            StoreError::NotFound(Entity::Case) => Self::unknown_case(),
            StoreError::NotFound(Entity::Override) => Self::new(
                StatusCode::NOT_FOUND,
                "no-decision",
                "no decision stands on this item; there is nothing to take back",
            ),
            StoreError::NotFound(_) => Self::not_found(),
            StoreError::NotOpen => Self::conflict("encounter-ended", "this consultation has ended"),
            StoreError::KeyReused => {
                Self::conflict("key-reused", "this key came with other words before; send a fresh key")
            }
            StoreError::AlreadyAnswered => Self::conflict("already-answered", "this turn has its reply already"),
            StoreError::CodeTaken => Self::conflict("code-taken", error.to_string()),
            StoreError::LoginTaken(_) => Self::conflict("login-taken", "this login is taken; choose another"),
            StoreError::SchemeVersionTaken { .. } => Self::conflict("scheme-version-taken", error.to_string()),
            StoreError::CaseVersionTaken { .. } => Self::conflict("case-version-taken", error.to_string()),
            _ => Self::internal(&error),
        }
    }
}

impl From<DrillError> for WebError {
    fn from(error: DrillError) -> Self {
        let message = error.to_string();
        match error {
            DrillError::Unknown | DrillError::Store(StoreError::NotFound(Entity::Drill)) => {
                Self::new(StatusCode::NOT_FOUND, "unknown-drill", message)
            }
            DrillError::Unfit(_) => Self::unprocessable("answer-unfit", message),
            DrillError::Learning(error) => error.into(),
            DrillError::Store(error) => error.into(),
        }
    }
}

impl From<LiteratureError> for WebError {
    fn from(error: LiteratureError) -> Self {
        match error {
            LiteratureError::Store(error) => error.into(),
            error => Self::unprocessable(error.code(), error.to_string()),
        }
    }
}

impl From<ClassroomError> for WebError {
    fn from(error: ClassroomError) -> Self {
        match error {
            ClassroomError::UnknownGroup => Self::not_found(),
            ClassroomError::Case(error) => error.into(),
            ClassroomError::Store(error) => error.into(),
        }
    }
}

impl From<LearningError> for WebError {
    fn from(error: LearningError) -> Self {
        match error {
            LearningError::Case(error) => error.into(),
            LearningError::Report(error) => error.into(),
            LearningError::Store(error) => error.into(),
        }
    }
}

impl From<PracticeError> for WebError {
    fn from(error: PracticeError) -> Self {
        let message = error.to_string();
        match error {
            PracticeError::NoneOfSystem(_) => Self::unprocessable("no-patient", message),
            PracticeError::TooManyWaiting => Self::conflict("patients-waiting", message),
            PracticeError::Case(error) => error.into(),
            PracticeError::Learning(error) => error.into(),
            PracticeError::Store(error) => error.into(),
        }
    }
}

impl From<SchemeError> for WebError {
    fn from(error: SchemeError) -> Self {
        match error {
            SchemeError::Store(error) => error.into(),
            SchemeError::Invalid(problems) => Self {
                problems,
                ..Self::unprocessable("scheme-invalid", "the scheme has problems; mend each and send it again")
            },
            SchemeError::Unknown(_) => Self::new(StatusCode::NOT_FOUND, "unknown-scheme", error.to_string()),
            SchemeError::Shipped(_) => Self::conflict("scheme-shipped", error.to_string()),
            SchemeError::Place(_) => Self::unprocessable("scheme-place", error.to_string()),
            SchemeError::Unreadable { .. } => Self::internal(&error),
        }
    }
}

impl From<CatalogueError> for WebError {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Store(error) => error.into(),
            CatalogueError::CannotBeMade(error) => Self::unprocessable("case-cannot-be-made", error.to_string()),
            CatalogueError::Invalid(problems) => Self {
                problems,
                ..Self::unprocessable("case-invalid", "the case has problems; mend each and send it again")
            },
            CatalogueError::OwnDraft => Self::conflict("own-draft", error.to_string()),
            CatalogueError::NoRareDiseases => Self::unprocessable("no-rare-diseases", error.to_string()),
            CatalogueError::RareDiseases(_) | CatalogueError::Unreadable { .. } => Self::internal(&error),
        }
    }
}

impl From<EncounterError> for WebError {
    fn from(error: EncounterError) -> Self {
        let message = error.to_string();
        match error {
            EncounterError::Empty => Self::unprocessable("turn-empty", message),
            EncounterError::TooLong { .. } => Self::unprocessable("turn-too-long", message),
            EncounterError::NotOpen => Self::conflict("encounter-ended", message),
            EncounterError::TurnInProgress => Self::conflict("turn-in-progress", message),
            EncounterError::Busy { retry_after } => Self::busy("busy", message, retry_after),
            EncounterError::UnknownOrder(_) => Self::unprocessable("unknown-test", message),
            EncounterError::Store(error) => error.into(),
        }
    }
}

impl From<FinishError> for WebError {
    fn from(error: FinishError) -> Self {
        match error {
            FinishError::Abandoned => Self::conflict("encounter-ended", error.to_string()),
            FinishError::Store(error) => error.into(),
            FinishError::Scheme(error) => error.into(),
            FinishError::Moderation(error) => error.into(),
            FinishError::Report(_) | FinishError::Grading => Self::internal(&error),
        }
    }
}

impl From<ModerationError> for WebError {
    fn from(error: ModerationError) -> Self {
        let message = error.to_string();
        match error {
            ModerationError::NotFinished => Self::conflict("not-finished", message),
            ModerationError::UnknownItem(_) => Self::new(StatusCode::NOT_FOUND, "unknown-item", message),
            ModerationError::NoReason => Self::unprocessable("reason-missing", message),
            ModerationError::ReasonTooLong => Self::unprocessable("reason-too-long", message),
            ModerationError::Store(error) => error.into(),
            ModerationError::Case(error) => error.into(),
            ModerationError::Report(_) | ModerationError::Grading => Self::internal(&error),
        }
    }
}

impl From<AskedError> for WebError {
    fn from(error: AskedError) -> Self {
        let message = error.to_string();
        match error {
            AskedError::Unknown { what: "disease", .. } => Self::new(StatusCode::NOT_FOUND, "unknown-disease", message),
            AskedError::Unknown { .. } => Self::new(StatusCode::NOT_FOUND, "unknown-topic", message),
            AskedError::NotInRelease { .. } => Self::new(StatusCode::NOT_FOUND, "unknown-rare", message),
            AskedError::NoLayer => Self::new(StatusCode::NOT_FOUND, "no-rare-diseases", message),
            AskedError::Unjoined(..) => Self::new(StatusCode::NOT_FOUND, "no-path", message),
            AskedError::NeverAsked(_) => Self::unprocessable("never-asked", message),
            AskedError::Malformed(_) | AskedError::Term(_) | AskedError::HalfAPatient | AskedError::Nothing(_) => {
                Self::malformed(message)
            }
        }
    }
}

impl From<RareError> for WebError {
    fn from(error: RareError) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let (message, problems) = (self.message.clone().into_owned(), self.problems.clone());
        let body = ErrorBody { error: ErrorDetail { code: self.code, message, problems } };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(wait) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}
