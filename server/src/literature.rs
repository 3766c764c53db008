//! Keeping the graph current: texts are read into proposals, people decide on each, and what they
//! accept is laid over the graph when the server starts.
//!
//! `knowledge_graph::literature` reads and writes; here decisions are checked against the graph with
//! everything accepted so far, kept, and followed to the cases that rest on what changed.

mod affected;
mod error;
mod overlay;

use std::{collections::BTreeSet, sync::Arc};

use cases::Case;
use jiff::Timestamp;
use knowledge_graph::{
    Graph,
    format::{Evidence, Frequency, Source},
    literature::{self, Claim, Completion, Entry, Extractor, Proposal},
};
use tokio::sync::Mutex;
use uuid::Uuid;

pub use affected::{AffectedCase, affected};
pub use error::LiteratureError;
pub use overlay::{Laid, exported, lay, overlay_of};

use crate::{
    catalogue::{Catalogue, CatalogueError},
    store::{CaseReview, CaseStatus, Decision, DocumentRecord, Entity, ProposalRecord, Store, StoreError},
};

/// Longest text read, in characters: a long guideline. A longer one is better read chapter by chapter.
pub const LONGEST_TEXT: usize = 200_000;

/// A text to be read, and where it was published.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// Title as published.
    pub title: String,
    /// Authors or body.
    pub authors: String,
    /// Year of publication.
    pub year: u16,
    /// A PubMed id (digits only), a DOI or an address.
    pub identifier: String,
    /// The grade of what rests on it.
    pub evidence: Evidence,
    /// The text.
    pub text: String,
}

/// A decision to accept, as the reviewer made it.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The claim, values edited.
    pub claim: Claim,
    /// What the text does not say.
    pub completion: Completion,
    /// Why, in the reviewer's words.
    pub note: String,
}

/// Texts and decisions. Decisions are made one after another, so that each is checked against all
/// before it.
pub struct Literature {
    store: Store,
    deciding: Mutex<()>,
}

impl Literature {
    /// The literature of `store`.
    pub fn new(store: Store) -> Self {
        Self { store, deciding: Mutex::const_new(()) }
    }

    /// Reads a text and keeps it with its proposals. The same text again gives the id it has.
    ///
    /// # Errors
    /// What is wrong with the text or its description; nothing is kept then.
    pub async fn add(&self, new: NewDocument, reader: Uuid, now: Timestamp) -> Result<Uuid, LiteratureError> {
        let new = checked(new)?;
        let _one_at_a_time = self.deciding.lock().await;
        let graph = self.graph().await?;
        let taken: Vec<String> = self.store.documents().await?.into_iter().map(|one| one.document.source.id).collect();
        let source = source_of(&new, &graph, &taken);
        let document = DocumentRecord {
            id: DocumentRecord::new_id(now),
            source,
            text: new.text,
            added_by: Some(reader),
            created: now,
        };
        let (title, text) = (document.source.title.clone(), document.text.clone());
        let proposals = blocking(move || Extractor::new(&graph).extract(&title, &text)).await?;
        let id = self.store.add_document(document, proposals).await?;
        self.store.record(Some(reader), "literature-added", &format!("document:{id}"), now).await?;
        Ok(id)
    }

    /// Accepts a proposal: its quotation stands in the text, its values are possible, and the graph
    /// with it and all accepted before passes every check.
    ///
    /// # Errors
    /// What is missing or wrong; nothing is changed then.
    pub async fn accept(
        &self,
        (document, position): (Uuid, u32),
        acceptance: Acceptance,
        reviewer: Uuid,
        now: Timestamp,
    ) -> Result<(), LiteratureError> {
        let _one_at_a_time = self.deciding.lock().await;
        let record = self.store.document(document).await?.ok_or(StoreError::NotFound(Entity::Document))?;
        let proposal = self.proposal(document, position).await?;
        if !literature::verify(&proposal.proposal.quotation, &record.text) {
            return Err(LiteratureError::QuotationMissing);
        }
        let mut before = self.store.accepted_proposals().await?;
        before.retain(|other| (other.document, other.position) != (document, position));
        let Acceptance { claim, completion, note } = acceptance;
        if before.iter().any(|other| is_duplicate(other, &claim, document)) {
            return Err(LiteratureError::Duplicate);
        }
        let sources = self.sources().await?;
        let base = blocking({
            let (before, sources) = (before.clone(), sources.clone());
            move || lay(&before, &sources)
        })
        .await??
        .graph;
        let entry = Entry::of(&base, &claim, &completion, &record.source.id)?;
        let decision = Decision {
            accepted: true,
            claim: Some(claim),
            files: entry.files,
            note,
            reviewer: Some(reviewer),
            at: now,
        };
        let with = ProposalRecord { decision: Some(decision.clone()), ..proposal };
        let files = overlay_of(before.iter().chain([&with]), &sources);
        blocking(move || Graph::embedded_with_overlay(&files).map(|_| ()))
            .await?
            .map_err(|problems| LiteratureError::refused(&problems))?;
        self.store.decide(document, position, Some(decision)).await?;
        self.audit(reviewer, "literature-accepted", (document, position), now).await
    }

    /// Rejects a proposal.
    pub async fn reject(
        &self,
        (document, position): (Uuid, u32),
        note: String,
        reviewer: Uuid,
        now: Timestamp,
    ) -> Result<(), LiteratureError> {
        let _one_at_a_time = self.deciding.lock().await;
        self.loads_without((document, position)).await?;
        let decision =
            Decision { accepted: false, claim: None, files: Vec::new(), note, reviewer: Some(reviewer), at: now };
        self.store.decide(document, position, Some(decision)).await?;
        self.audit(reviewer, "literature-rejected", (document, position), now).await
    }

    /// Takes a decision back.
    ///
    /// # Errors
    /// [`LiteratureError::Refused`] when something accepted later needs it.
    pub async fn undo(
        &self,
        (document, position): (Uuid, u32),
        reviewer: Uuid,
        now: Timestamp,
    ) -> Result<(), LiteratureError> {
        let _one_at_a_time = self.deciding.lock().await;
        self.loads_without((document, position)).await?;
        self.store.decide(document, position, None).await?;
        self.audit(reviewer, "literature-undone", (document, position), now).await
    }

    /// The core with everything accepted so far, whether the running server uses it yet or not.
    async fn graph(&self) -> Result<Graph, LiteratureError> {
        let (accepted, sources) = (self.store.accepted_proposals().await?, self.sources().await?);
        Ok(blocking(move || lay(&accepted, &sources)).await??.graph)
    }

    async fn loads_without(&self, (document, position): (Uuid, u32)) -> Result<(), LiteratureError> {
        let accepted = self.store.accepted_proposals().await?;
        let is_this = |one: &ProposalRecord| (one.document, one.position) == (document, position);
        if !accepted.iter().any(is_this) {
            return Ok(());
        }
        let files = overlay_of(accepted.iter().filter(|one| !is_this(one)), &self.sources().await?);
        let loaded = blocking(move || Graph::embedded_with_overlay(&files).map(|_| ())).await?;
        loaded.map_err(|problems| LiteratureError::refused(&problems))
    }

    async fn proposal(&self, document: Uuid, position: u32) -> Result<ProposalRecord, LiteratureError> {
        let found = self.store.proposals(document).await?.into_iter().find(|one| one.position == position);
        Ok(found.ok_or(StoreError::NotFound(Entity::Proposal))?)
    }

    /// The sources of all texts, by text.
    pub async fn sources(&self) -> Result<Vec<(Uuid, Source)>, LiteratureError> {
        let documents = self.store.documents().await?;
        Ok(documents.into_iter().map(|one| (one.document.id, one.document.source)).collect())
    }

    /// Every case in use that rests on a changed edge, until somebody looked at it.
    pub async fn affected_cases(
        &self,
        catalogue: &Catalogue,
    ) -> Result<Vec<(Arc<Case>, AffectedCase)>, CatalogueError> {
        let accepted = self.store.accepted_proposals().await?;
        let reviewed: BTreeSet<CaseReview> = self.store.case_reviews().await?.into_iter().collect();
        let mut found = Vec::new();
        if accepted.is_empty() {
            return Ok(found);
        }
        for record in self.store.all_cases().await?.iter().filter(|record| record.status != CaseStatus::Retired) {
            let case = catalogue.parsed(record)?;
            let changes = affected(&case, &accepted, &reviewed);
            found.extend(changes.into_iter().map(|change| (Arc::clone(&case), change)));
        }
        Ok(found)
    }

    /// Notes that somebody looked at a case after a change.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a case or a proposal that is not there.
    pub async fn case_reviewed(
        &self,
        review: CaseReview,
        reviewer: Uuid,
        now: Timestamp,
    ) -> Result<(), LiteratureError> {
        self.proposal(review.document, review.position).await?;
        let case = self.store.case(&review.case_id, review.version).await?;
        case.ok_or(StoreError::NotFound(Entity::Case))?;
        let subject = format!("case:{}@{}", review.case_id, review.version);
        self.store.review_case(review, Some(reviewer), now).await?;
        Ok(self.store.record(Some(reviewer), "literature-case-reviewed", &subject, now).await?)
    }

    async fn audit(
        &self,
        actor: Uuid,
        deed: &str,
        (document, position): (Uuid, u32),
        now: Timestamp,
    ) -> Result<(), LiteratureError> {
        Ok(self.store.record(Some(actor), deed, &format!("proposal:{document}/{position}"), now).await?)
    }
}

/// What a text proposes for the core graph; nothing is kept.
pub fn propose(graph: &Graph, title: &str, text: &str) -> Result<Vec<Proposal>, LiteratureError> {
    check_text(text)?;
    Ok(Extractor::new(graph).extract(title, text))
}

/// A frequency as people write and read it: "28 %", "30–50 %", "34/120".
pub fn frequency_in_words(frequency: &Frequency) -> String {
    let percent = |share: f64| ((share * 1000.0).round() / 10.0).to_string();
    match frequency {
        Frequency::Point(share) => format!("{} %", percent(*share)),
        Frequency::Range([low, high]) => format!("{}–{} %", percent(*low), percent(*high)),
        Frequency::Count(count) => count.clone(),
    }
}

/// Reads what [`frequency_in_words`] writes; a number without a sign is a percentage too.
///
/// # Errors
/// [`LiteratureError::Number`].
pub fn frequency_from_words(text: &str) -> Result<Option<Frequency>, LiteratureError> {
    let plain = text.replace(['%', '％', ' '], "").replace(['–', '—', '～', '~', '至'], "-");
    if plain.is_empty() {
        return Ok(None);
    }
    if plain.contains('/') {
        let count = Frequency::Count(plain);
        return if count.count().is_some() { Ok(Some(count)) } else { Err(LiteratureError::Number(text.to_owned())) };
    }
    let share = |part: &str| {
        let percent: f64 = part.parse().map_err(|_| LiteratureError::Number(text.to_owned()))?;
        Ok::<f64, LiteratureError>((percent * 100.0).round() / 10_000.0)
    };
    Ok(Some(match plain.split_once('-') {
        Some((low, high)) => Frequency::Range([share(low)?, share(high)?]),
        None => Frequency::Point(share(&plain)?),
    }))
}

/// Whether the same edge was accepted from the same text before.
fn is_duplicate(other: &ProposalRecord, claim: &Claim, document: Uuid) -> bool {
    let accepted = other.decision.as_ref().and_then(|decision| decision.claim.as_ref());
    other.document == document && accepted == Some(claim)
}

fn checked(new: NewDocument) -> Result<NewDocument, LiteratureError> {
    check_text(&new.text)?;
    if new.title.trim().is_empty() || new.authors.trim().is_empty() {
        return Err(LiteratureError::Undescribed);
    }
    if !(1900..=2100).contains(&new.year) {
        return Err(LiteratureError::Year);
    }
    Ok(new)
}

fn check_text(text: &str) -> Result<(), LiteratureError> {
    if text.starts_with("%PDF") {
        return Err(LiteratureError::Pdf);
    }
    if text.contains('\0') {
        return Err(LiteratureError::Binary);
    }
    if text.trim().is_empty() {
        return Err(LiteratureError::Empty);
    }
    let length = text.chars().count();
    if length > LONGEST_TEXT { Err(LiteratureError::TooLong { length }) } else { Ok(()) }
}

/// The source with an id of its own: first author and year.
fn source_of(new: &NewDocument, graph: &Graph, taken: &[String]) -> Source {
    let first = new.authors.split([',', ' ', '，', '、']).next().unwrap_or_default();
    let name: String = first.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let name = if name.is_empty() { "text".to_owned() } else { name };
    let stem = format!("lit-{name}-{}", new.year);
    let free = |id: &String| graph.source(id).is_none() && !taken.contains(id);
    // One more than there are texts: one of these is free.
    let numbered = (2..=taken.len() + 2).map(|n| format!("{stem}-{n}"));
    let id = std::iter::once(stem.clone()).chain(numbered).find(free).unwrap_or(stem);
    let identifier = new.identifier.trim();
    let pmid = identifier.trim_start_matches("PMID").trim_start_matches([':', ' ']).parse().ok();
    let locator = (!identifier.is_empty() && pmid.is_none()).then(|| identifier.to_owned());
    Source {
        id,
        title: new.title.trim().to_owned(),
        authors: new.authors.trim().to_owned(),
        year: new.year,
        pmid,
        locator,
        evidence: new.evidence,
    }
}

/// Runs what takes a while off the threads that answer requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LiteratureError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| LiteratureError::Store(StoreError::Interrupted(error.to_string())))
}
