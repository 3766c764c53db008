//! Marking schemes: the program's own and those that teachers brought in, and which marks what.

use cases::{Case, Problem};
use jiff::Timestamp;
use thiserror::Error;
use uuid::Uuid;

use crate::{
    assessment::scheme::{self, DEFAULT, Scheme, shipped, shipped_scheme},
    store::{Mode, SchemeChoice, SchemeRecord, Store, StoreError},
};

/// Why a scheme cannot be had or kept.
#[derive(Debug, Error)]
pub enum SchemeError {
    /// There is none of that id.
    #[error("there is no marking scheme `{0}`; see `anamnesis grade schemes` or GET /api/v1/schemes")]
    Unknown(String),
    /// A scheme file with problems, each with its place and mend.
    #[error("the scheme has {} problems; the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Invalid(Vec<Problem>),
    /// The id of one of the program's own schemes.
    #[error("`{0}` is one of the schemes that come with the program; give yours another id")]
    Shipped(String),
    /// Not something that a scheme can be chosen for.
    #[error("`{0}` is neither `practice` nor `exam` nor `case:ID`")]
    Place(String),
    /// A stored scheme can no longer be read.
    #[error("scheme `{id}`: {problem}")]
    Unreadable {
        /// Its id.
        id: String,
        /// The first problem.
        problem: String,
    },
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A scheme with what names it.
#[derive(Clone, Debug)]
pub struct NamedScheme {
    /// The scheme.
    pub scheme: Scheme,
    /// Its file.
    pub text: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Whether it comes with the program.
    pub shipped: bool,
}

/// The schemes of a server.
pub struct Schemes {
    store: Store,
}

impl Schemes {
    /// The program's schemes and those of `store`.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Every scheme in its newest version: the program's own first, then by id.
    ///
    /// # Errors
    /// What the database refused. A stored scheme that no longer reads is left out and logged.
    pub async fn all(&self) -> Result<Vec<NamedScheme>, SchemeError> {
        let mut all: Vec<NamedScheme> = shipped().iter().map(of_the_program).collect();
        for record in self.store.schemes().await? {
            match read(record) {
                Ok(scheme) => all.push(scheme),
                Err(error) => tracing::warn!(%error, "a stored marking scheme is left out"),
            }
        }
        Ok(all)
    }

    /// The scheme of that id, in its newest version.
    ///
    /// # Errors
    /// [`SchemeError::Unknown`].
    pub async fn named(&self, id: &str) -> Result<NamedScheme, SchemeError> {
        self.version(id, None).await
    }

    async fn version(&self, id: &str, hash: Option<&str>) -> Result<NamedScheme, SchemeError> {
        if let Some(shipped) = shipped_scheme(id) {
            return Ok(of_the_program(shipped));
        }
        let record = self.store.scheme(id, hash).await?;
        read(record.ok_or_else(|| SchemeError::Unknown(id.to_owned()))?)
    }

    /// Checks a scheme file without storing it.
    ///
    /// # Errors
    /// [`SchemeError::Invalid`], [`SchemeError::Shipped`].
    pub fn check(&self, text: &str) -> Result<Scheme, SchemeError> {
        let scheme = scheme::parse(text, "scheme.toml").map_err(SchemeError::Invalid)?;
        if shipped_scheme(&scheme.id).is_some() {
            return Err(SchemeError::Shipped(scheme.id));
        }
        Ok(scheme)
    }

    /// Checks and stores a scheme; the same file again changes nothing.
    ///
    /// # Errors
    /// As [`Schemes::check`]; [`StoreError::SchemeVersionTaken`].
    pub async fn bring_in(&self, text: &str, owner: Uuid, now: Timestamp) -> Result<Scheme, SchemeError> {
        let scheme = self.check(text)?;
        let record = SchemeRecord {
            id: scheme.id.clone(),
            hash: scheme::content_hash(text),
            version: scheme.version,
            toml: text.to_owned(),
            owner: Some(owner),
            created: now,
        };
        self.store.save_scheme(record).await?;
        let subject = format!("scheme:{}@{}", scheme.id, scheme.version);
        self.store.record(Some(owner), "scheme-brought-in", &subject, now).await?;
        Ok(scheme)
    }

    /// What was chosen, by place.
    ///
    /// # Errors
    /// What the database refused.
    pub async fn choices(&self) -> Result<Vec<SchemeChoice>, SchemeError> {
        Ok(self.store.scheme_choices().await?)
    }

    /// Chooses the newest version of `scheme` for `place` (`practice`, `exam`, `case:ID`); without
    /// one the choice is taken back. Consultations finished before keep their marks.
    ///
    /// # Errors
    /// [`SchemeError::Place`], [`SchemeError::Unknown`].
    pub async fn choose(&self, place: &str, scheme: Option<&str>, by: Uuid, now: Timestamp) -> Result<(), SchemeError> {
        let case = match place.strip_prefix("case:") {
            Some(case) => self.store.latest_case(case).await?.is_some(),
            None => matches!(place, "practice" | "exam"),
        };
        if !case {
            return Err(SchemeError::Place(place.to_owned()));
        }
        let subject = format!("{place} {}", scheme.unwrap_or("–"));
        match scheme {
            None => self.store.forget_scheme_choice(place).await?,
            Some(id) => {
                let named = self.named(id).await?;
                let hash = (!named.shipped).then_some(named.sha256);
                let choice = SchemeChoice { place: place.to_owned(), scheme: named.scheme.id, hash };
                self.store.choose_scheme(choice, by, now).await?;
            }
        }
        self.store.record(Some(by), "scheme-chosen", &subject, now).await?;
        Ok(())
    }

    /// The scheme that marks a consultation: what was chosen for the case, else what the case names,
    /// else what was chosen for practice or exams, else the checklist.
    ///
    /// # Errors
    /// What the database refused. A scheme that is gone or no longer reads is logged and passed
    /// over: a consultation can always be finished.
    pub async fn of_consultation(&self, case: &Case, mode: Mode) -> Result<NamedScheme, SchemeError> {
        let choices = self.choices().await?;
        let chosen = |place: &str| choices.iter().find(|choice| choice.place == place);
        let by_mode = mode.base();
        let candidates = [
            chosen(&format!("case:{}", case.id)).map(|choice| (choice.scheme.as_str(), choice.hash.as_deref())),
            case.scheme.as_deref().map(|id| (id, None)),
            chosen(by_mode).map(|choice| (choice.scheme.as_str(), choice.hash.as_deref())),
            Some((DEFAULT, None)),
        ];
        for (id, hash) in candidates.into_iter().flatten() {
            match self.version(id, hash).await {
                Ok(scheme) => return Ok(scheme),
                Err(SchemeError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::warn!(%error, case = case.id, "the scheme chosen cannot be used"),
            }
        }
        Err(SchemeError::Unknown(DEFAULT.to_owned()))
    }
}

fn of_the_program(shipped: &scheme::Shipped) -> NamedScheme {
    NamedScheme {
        scheme: shipped.scheme.clone(),
        text: shipped.text.to_owned(),
        sha256: shipped.sha256.clone(),
        shipped: true,
    }
}

fn read(record: SchemeRecord) -> Result<NamedScheme, SchemeError> {
    let scheme = scheme::parse(&record.toml, &record.id).map_err(|problems| SchemeError::Unreadable {
        id: record.id,
        problem: problems.first().map(ToString::to_string).unwrap_or_default(),
    })?;
    Ok(NamedScheme { scheme, text: record.toml, sha256: record.hash, shipped: false })
}
