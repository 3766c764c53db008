//! The cases that can be played, read once per version.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use cases::{Case, GenerateError, Problem, Request};
use jiff::Timestamp;
use knowledge_graph::{
    Graph,
    hpo::{Join, RareId},
};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    learner::Candidate,
    rare::{self, RareError},
    store::{CaseRecord, CaseStatus, EncounterRecord, EncounterState, Role, Store, StoreError, User},
};

/// Why a case cannot be given.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// A stored case can no longer be read.
    #[error("case `{id}` version {version}: {problem}")]
    Unreadable {
        /// Case id.
        id: String,
        /// Version.
        version: u32,
        /// The first problem.
        problem: String,
    },
    /// The graph cannot make the case asked for.
    #[error(transparent)]
    CannotBeMade(#[from] GenerateError),
    /// A rare disease was asked for and none is imported.
    #[error("no rare diseases are imported on this server; an administrator imports them: anamnesis graph import hpo")]
    NoRareDiseases,
    /// The imported rare diseases cannot be read.
    #[error(transparent)]
    RareDiseases(#[from] RareError),
    /// A case file with problems, each with its place and mend.
    #[error("the case has {} problems; the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Invalid(Vec<Problem>),
    /// A draft is reviewed by somebody else than its author, where there is somebody else.
    #[error("your own draft is reviewed by another teacher; you can publish it without a review")]
    OwnDraft,
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads cases from the store and keeps what it has read. A version never changes, so neither
/// does what is kept.
pub struct Catalogue {
    store: Store,
    read: Mutex<HashMap<(String, u32), Arc<Case>>>,
}

impl Catalogue {
    /// The cases of `store`.
    pub fn new(store: Store) -> Self {
        Self { store, read: Mutex::default() }
    }

    /// One version of a case, whatever its status; none when it is not stored.
    pub async fn case(&self, id: &str, version: u32) -> Result<Option<Arc<Case>>, CatalogueError> {
        if let Some(case) = self.kept(id, version) {
            return Ok(Some(case));
        }
        self.store.case(id, version).await?.map(|record| self.parsed(&record)).transpose()
    }

    /// The published case of that id; none when students may not choose it.
    pub async fn published_case(&self, id: &str) -> Result<Option<Arc<Case>>, CatalogueError> {
        Ok(self.published().await?.into_iter().find(|case| case.id == id))
    }

    /// What students may choose, by id.
    pub async fn published(&self) -> Result<Vec<Arc<Case>>, CatalogueError> {
        self.store.published_cases().await?.iter().map(|record| self.parsed(record)).collect()
    }

    /// The case of a stored version.
    pub fn parsed(&self, record: &CaseRecord) -> Result<Arc<Case>, CatalogueError> {
        if let Some(case) = self.kept(&record.id, record.version) {
            return Ok(case);
        }
        let case = cases::parse(&record.toml, &record.id).map_err(|problems| CatalogueError::Unreadable {
            id: record.id.clone(),
            version: record.version,
            problem: problems.first().map(ToString::to_string).unwrap_or_default(),
        })?;
        let case = Arc::new(case);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.insert((record.id.clone(), record.version), Arc::clone(&case));
        Ok(case)
    }

    /// Stores the shipped cases that are absent or newer than what is stored, and gives how many
    /// there were. They are published, unless a teacher withdrew the version before.
    pub async fn stock(&self, shipped: &[Case], now: Timestamp) -> Result<usize, CatalogueError> {
        let mut added = 0;
        for case in shipped {
            let latest = self.store.latest_case(&case.id).await?;
            if latest.as_ref().is_some_and(|stored| stored.version >= case.version) {
                continue;
            }
            let withdrawn = latest.is_some_and(|stored| stored.status == CaseStatus::Retired);
            let status = if withdrawn { CaseStatus::Retired } else { CaseStatus::Published };
            self.store.save_case(record_of(case, status, None, now)).await?;
            added += 1;
        }
        Ok(added)
    }

    /// Checks the case file `text` against `graph` and stores it as a draft of `teacher`. Gives
    /// the case and what a teacher should still look at.
    ///
    /// # Errors
    /// [`CatalogueError::Invalid`] with every problem; nothing is stored then.
    pub async fn bring_in(
        &self,
        text: &str,
        graph: &Graph,
        teacher: Uuid,
        now: Timestamp,
    ) -> Result<(Arc<Case>, Vec<Problem>), CatalogueError> {
        let (case, warnings) = cases::parse_and_check(text, "case.toml", graph).map_err(CatalogueError::Invalid)?;
        self.store.save_case(record_of(&case, CaseStatus::Draft, Some(teacher), now)).await?;
        self.store.record(Some(teacher), "case-brought-in", &subject(&case.id, case.version), now).await?;
        Ok((Arc::new(case), warnings))
    }

    /// Makes a case from `graph`, or of a rare disease (`ORPHA:558`) kept in the file `rare`, and stores it as a draft of `teacher`. The same request gives the
    /// same draft; another patient of the same complaint, name and age gets the seed in the id.
    ///
    /// # Errors
    /// [`CatalogueError::CannotBeMade`], [`CatalogueError::NoRareDiseases`]; nothing is stored then.
    pub async fn make(
        &self,
        request: &Request,
        (graph, rare): (&'static Graph, &Path),
        teacher: Uuid,
        now: Timestamp,
    ) -> Result<Arc<Case>, CatalogueError> {
        let mut case = made(request, graph, rare).await?;
        let mut saved = self.store.save_case(record_of(&case, CaseStatus::Draft, Some(teacher), now)).await;
        if matches!(saved, Err(StoreError::CaseVersionTaken { .. })) {
            case.id = format!("{}-{}", case.id, request.seed);
            saved = self.store.save_case(record_of(&case, CaseStatus::Draft, Some(teacher), now)).await;
        }
        saved?;
        self.store.record(Some(teacher), "case-made", &subject(&case.id, case.version), now).await?;
        Ok(Arc::new(case))
    }

    /// Keeps a case made from the graph for this student's own practice. Its id ends in its seed, so
    /// that it takes no id from a teacher's case.
    ///
    /// # Errors
    /// [`CatalogueError::Store`]; nothing is kept then.
    pub async fn keep_own(&self, mut case: Case, student: Uuid, now: Timestamp) -> Result<Arc<Case>, CatalogueError> {
        if let Some(made) = &case.generated {
            case.id = format!("{}-own-{}", case.id, made.seed);
        }
        self.store.save_own_patient(record_of(&case, CaseStatus::Draft, Some(student), now), student).await?;
        Ok(Arc::new(case))
    }

    /// Publishes a version, withdraws it, or makes it a draft again. A version is published only
    /// while it is true to the graph.
    ///
    /// # Errors
    /// [`CatalogueError::Invalid`]; [`StoreError::NotFound`].
    pub async fn set_status(
        &self,
        (id, version): (&str, u32),
        status: CaseStatus,
        graph: &Graph,
        teacher: Uuid,
        now: Timestamp,
    ) -> Result<(), CatalogueError> {
        if status == CaseStatus::Published
            && let Some(record) = self.store.case(id, version).await?
        {
            cases::parse_and_check(&record.toml, id, graph).map_err(CatalogueError::Invalid)?;
        }
        if status == CaseStatus::Reviewed && self.is_own(id, version, teacher).await? {
            return Err(CatalogueError::OwnDraft);
        }
        self.store.set_case_status(id, version, status).await?;
        let deed = match status {
            CaseStatus::Draft => "case-redrafted",
            CaseStatus::Reviewed => "case-reviewed",
            CaseStatus::Published => "case-published",
            CaseStatus::Retired => "case-retired",
        };
        Ok(self.store.record(Some(teacher), deed, &subject(id, version), now).await?)
    }

    /// The published cases as candidates for a learner with these consultations.
    pub async fn candidates(&self, encounters: &[EncounterRecord]) -> Result<Vec<Candidate>, CatalogueError> {
        let finished = |case: &Case| {
            let of_case = encounters.iter().filter(|encounter| encounter.case_id == case.id);
            of_case.filter(|encounter| matches!(encounter.state, EncounterState::Finished { .. })).count()
        };
        let candidate = |case: Arc<Case>| Candidate::of(&case, u32::try_from(finished(&case)).unwrap_or(u32::MAX));
        Ok(self.published().await?.into_iter().map(candidate).collect())
    }

    /// Whether `teacher` brought the version in and another teacher could review it.
    async fn is_own(&self, id: &str, version: u32, teacher: Uuid) -> Result<bool, CatalogueError> {
        let owner = self.store.case(id, version).await?.and_then(|record| record.owner);
        let another = |user: &User| user.id != teacher && user.role >= Role::Teacher;
        Ok(owner == Some(teacher) && self.store.users().await?.iter().any(another))
    }

    /// What this student may play: patients made for them, newest first, then what is published.
    pub async fn playable(&self, student: Uuid) -> Result<Vec<Arc<Case>>, CatalogueError> {
        let own = self.store.own_patients(student).await?;
        let mut all: Vec<Arc<Case>> = own.iter().map(|record| self.parsed(record)).collect::<Result<_, _>>()?;
        all.extend(self.published().await?);
        Ok(all)
    }

    /// The case of that id that this student may play: a published one, or a patient made for them.
    pub async fn playable_case(&self, id: &str, student: Uuid) -> Result<Option<Arc<Case>>, CatalogueError> {
        if let Some(case) = self.published_case(id).await? {
            return Ok(Some(case));
        }
        let own = self.store.own_patients(student).await?;
        own.iter().find(|record| record.id == id).map(|record| self.parsed(record)).transpose()
    }

    fn kept(&self, id: &str, version: u32) -> Option<Arc<Case>> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get(&(id.to_owned(), version)).cloned()
    }
}

/// The case asked for. Rare diseases are weighed against each other, which takes a moment, so another
/// thread does it.
async fn made(request: &Request, graph: &'static Graph, rare: &Path) -> Result<Case, CatalogueError> {
    if request.disease.parse::<RareId>().is_err() {
        return Ok(cases::generate(graph, request)?);
    }
    let (request, rare) = (request.clone(), rare.to_owned());
    let made = tokio::task::spawn_blocking(move || {
        let layer = rare::load(&rare)?.ok_or(CatalogueError::NoRareDiseases)?;
        Ok(cases::generate_rare(&Join::new(graph, &layer), &request)?.case)
    });
    made.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// How a case is stored.
fn record_of(case: &Case, status: CaseStatus, owner: Option<Uuid>, now: Timestamp) -> CaseRecord {
    CaseRecord {
        id: case.id.clone(),
        version: case.version,
        status,
        toml: cases::to_toml(case),
        hash: cases::content_hash(case),
        owner,
        created: now,
    }
}

/// How the audit log names a version.
fn subject(id: &str, version: u32) -> String {
    format!("case:{id}@{version}")
}
