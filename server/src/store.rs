//! SQLite: the only module with SQL.
//!
//! One connection writes and several read, all in WAL mode with `synchronous = FULL`: what a
//! method returned is on the disk. Every method is one transaction. Methods that need the time
//! are handed it; instants are kept to the microsecond.
//!
//! Which error belongs where: [`StoreError`] names what the *caller* met (not found, not open,
//! key reused …); its texts are for logs and the command line, `web` puts them into its own words.

mod accounts;
mod assignments;
mod audit;
mod backup;
mod bulk;
mod cases;
mod column;
mod comments;
mod drafts;
mod drill_answers;
mod drills;
mod dry_runs;
mod encounters;
mod error;
mod export;
mod focuses;
mod groups;
mod hints;
mod learning;
mod literature;
mod mastery;
mod mode;
mod moderation;
mod orders;
mod pool;
mod records;
mod results;
mod schema;
mod schemes;
mod secret;
mod sessions;
mod speech;
mod tokens;
mod turns;
mod tutor;

use std::{path::Path, sync::Arc};

use deadpool_sqlite::Pool;
use rusqlite::Transaction;

pub use accounts::NewUser;
pub use assignments::AssignmentRecord;
pub use audit::AuditEntry;
pub use comments::{CommentRecord, NewComment};
pub use drafts::DraftRecord;
pub use drill_answers::{DrillAnswerRecord, DrillReport, DrillTally, NewDrillAnswer};
pub use drills::{DrillRecord, DrillState};
pub use dry_runs::{CaseDeed, DryRunRecord};
pub use encounters::{ClassEncounter, Consultation, Page};
pub use error::{Entity, StoreError};
pub use focuses::FocusRecord;
pub use groups::{Ending, GroupRecord, Membership};
pub use hints::{Help, HintRecord, Paused, Strength};
pub use learning::{Observed, StudyPlan};
pub use literature::{CaseReview, Decision, DocumentRecord, ListedDocument, ProposalRecord};
pub use mode::Mode;
pub use moderation::{NewOverride, OverrideRecord, RegradingRecord};
pub use records::{
    CaseRecord, CaseStatus, Diagnosis, EncounterRecord, EncounterState, MasteryRecord, NewEncounter, OrderKind,
    OrderRecord, Role, TurnRecord, TurnReply, User,
};
pub use results::{ResultRecord, Scope};
pub use schemes::{SchemeChoice, SchemeRecord};
pub use sessions::SessionToken;
pub use speech::{MOST_VARIANTS, SpeechKey};
pub use tokens::{ApiToken, TokenRecord};
pub use turns::BegunTurn;
pub use tutor::TutorTurn;

/// The database. Cheap to clone; all clones share the same connections.
#[derive(Clone)]
pub struct Store {
    path: Arc<Path>,
    writer: Pool,
    readers: Pool,
}

impl Store {
    /// Opens the database at `path`, making the file and its folders when absent and applying
    /// the migrations it lacks.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer release wrote the file; otherwise what SQLite met.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path: Arc<Path> = Arc::from(path.as_ref());
        let prepared = Arc::clone(&path);
        tokio::task::spawn_blocking(move || schema::prepare(&prepared))
            .await
            .map_err(|error| StoreError::Interrupted(error.to_string()))??;
        Ok(Self { writer: pool::writer(&path)?, readers: pool::readers(&path)?, path })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `query` on a reading connection, on one snapshot of the database.
    async fn read<T, F>(&self, query: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        pool::in_transaction(&self.readers, rusqlite::TransactionBehavior::Deferred, query).await
    }

    /// Runs `change` on the writing connection; all of it is committed, or on error nothing.
    async fn write<T, F>(&self, change: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        pool::in_transaction(&self.writer, rusqlite::TransactionBehavior::Immediate, change).await
    }
}
