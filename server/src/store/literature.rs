//! Texts read for the graph, what was proposed of each, and what was decided.

use jiff::Timestamp;
use knowledge_graph::{
    format::Source,
    literature::{Claim, Proposal},
};
use rusqlite::{OptionalExtension as _, Row, Transaction, params, types::Type};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Entity, Store, StoreError, column, secret};

/// A text as it was brought in.
#[derive(Clone, Debug)]
pub struct DocumentRecord {
    /// Id.
    pub id: Uuid,
    /// The source that edges accepted from it cite.
    pub source: Source,
    /// The text, exactly as pasted or uploaded.
    pub text: String,
    /// Who brought it in.
    pub added_by: Option<Uuid>,
    /// When.
    pub created: Timestamp,
}

/// A text in a list.
#[derive(Clone, Debug)]
pub struct ListedDocument {
    /// The text's record, without the text.
    pub document: DocumentRecord,
    /// Proposals in all.
    pub proposals: u32,
    /// Those decided.
    pub decided: u32,
    /// Those accepted.
    pub accepted: u32,
}

/// What a person decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Whether it enters the graph.
    pub accepted: bool,
    /// The claim as accepted, values edited.
    pub claim: Option<Claim>,
    /// Path and text of what it lays over the graph's content; empty when the graph says it already.
    pub files: Vec<(String, String)>,
    /// Why, in the reviewer's words.
    pub note: String,
    /// Who.
    pub reviewer: Option<Uuid>,
    /// When.
    pub at: Timestamp,
}

/// A proposal and what was decided on it.
#[derive(Clone, Debug)]
pub struct ProposalRecord {
    /// Of which text.
    pub document: Uuid,
    /// Its place in the text's list, from 0.
    pub position: u32,
    /// As read.
    pub proposal: Proposal,
    /// None until decided.
    pub decision: Option<Decision>,
    /// The name of the account that decided.
    pub reviewer_name: Option<String>,
    /// Why the last start of the server could not use it.
    pub refused: Option<String>,
}

/// A version of a case and the change somebody looked at it for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseReview {
    /// Case id.
    pub case_id: String,
    /// Version.
    pub version: u32,
    /// Text of the change.
    pub document: Uuid,
    /// Place of the change in its list.
    pub position: u32,
}

const PROPOSAL: &str = "SELECT p.document, p.position, p.proposal, p.accepted, p.claim, p.files, p.note, p.reviewer,
    p.decided, p.refused, users.name AS reviewer_name
    FROM literature_proposals AS p LEFT JOIN users ON users.id = p.reviewer";

impl Store {
    /// Stores a text with its proposals; the same text again gives the id it has.
    pub async fn add_document(&self, document: DocumentRecord, proposals: Vec<Proposal>) -> Result<Uuid, StoreError> {
        self.write(move |db| {
            let sha256 = secret::hex(&secret::fingerprint(&document.text));
            let known = "SELECT id FROM literature_documents WHERE sha256 = ?1";
            if let Some(id) = db.query_row(known, [&sha256], |row| column::parsed(row, "id")).optional()? {
                return Ok(id);
            }
            let id = document.id.to_string();
            db.execute(
                "INSERT INTO literature_documents (id, source, text, sha256, added_by, created)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id,
                    serde_json::to_string(&document.source)?,
                    document.text,
                    sha256,
                    document.added_by.map(|user| user.to_string()),
                    column::micros(document.created),
                ],
            )?;
            for (position, proposal) in proposals.iter().enumerate() {
                db.execute(
                    "INSERT INTO literature_proposals (document, position, proposal) VALUES (?1, ?2, ?3)",
                    params![id, u32::try_from(position).unwrap_or(u32::MAX), serde_json::to_string(proposal)?],
                )?;
            }
            Ok(document.id)
        })
        .await
    }

    /// All texts, newest first.
    pub async fn documents(&self) -> Result<Vec<ListedDocument>, StoreError> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT d.id, d.source, '' AS text, d.added_by, d.created, count(p.position) AS proposals,
                     count(p.accepted) AS decided, coalesce(sum(p.accepted), 0) AS accepted
                 FROM literature_documents AS d LEFT JOIN literature_proposals AS p ON p.document = d.id
                 GROUP BY d.id ORDER BY d.created DESC, d.id DESC",
            )?;
            let rows = query.query_map([], |row| {
                Ok(ListedDocument {
                    document: document_from(row)?,
                    proposals: row.get("proposals")?,
                    decided: row.get("decided")?,
                    accepted: row.get("accepted")?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// One text; none when there is no such id.
    pub async fn document(&self, id: Uuid) -> Result<Option<DocumentRecord>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT id, source, text, added_by, created FROM literature_documents WHERE id = ?1";
            Ok(db.query_row(sql, [id.to_string()], document_from).optional()?)
        })
        .await
    }

    /// The proposals of a text, in its order.
    pub async fn proposals(&self, document: Uuid) -> Result<Vec<ProposalRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!("{PROPOSAL} WHERE p.document = ?1 ORDER BY p.position");
            proposals(db, &sql, [document.to_string()])
        })
        .await
    }

    /// Every accepted proposal, in the order of acceptance.
    pub async fn accepted_proposals(&self) -> Result<Vec<ProposalRecord>, StoreError> {
        self.read(|db| proposals(db, &format!("{PROPOSAL} WHERE p.accepted = 1 ORDER BY p.decided, p.position"), []))
            .await
    }

    /// Decides on a proposal, or with none opens it again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn decide(&self, document: Uuid, position: u32, decision: Option<Decision>) -> Result<(), StoreError> {
        self.write(move |db| {
            let claim = decision.as_ref().and_then(|decision| decision.claim.as_ref());
            let files = decision.as_ref().map(|decision| serde_json::to_string(&decision.files)).transpose()?;
            let changed = db.execute(
                "UPDATE literature_proposals SET accepted = ?3, claim = ?4, files = ?5, note = ?6, reviewer = ?7,
                     decided = ?8, refused = NULL
                 WHERE document = ?1 AND position = ?2",
                params![
                    document.to_string(),
                    position,
                    decision.as_ref().map(|decision| decision.accepted),
                    claim.map(serde_json::to_string).transpose()?,
                    files,
                    decision.as_ref().map_or("", |decision| &decision.note),
                    decision.as_ref().and_then(|decision| decision.reviewer).map(|user| user.to_string()),
                    decision.as_ref().map(|decision| column::micros(decision.at)),
                ],
            )?;
            // A new decision asks for a new look at the cases.
            db.execute(
                "DELETE FROM literature_case_reviews WHERE document = ?1 AND position = ?2",
                params![document.to_string(), position],
            )?;
            if changed == 0 { Err(StoreError::NotFound(Entity::Proposal)) } else { Ok(()) }
        })
        .await
    }

    /// Notes which accepted proposals a start could not use, and why; the others are cleared.
    pub async fn note_refusals(&self, refused: Vec<(Uuid, u32, String)>) -> Result<(), StoreError> {
        self.write(move |db| {
            db.execute("UPDATE literature_proposals SET refused = NULL WHERE refused IS NOT NULL", [])?;
            for (document, position, why) in &refused {
                db.execute(
                    "UPDATE literature_proposals SET refused = ?3 WHERE document = ?1 AND position = ?2",
                    params![document.to_string(), position, why],
                )?;
            }
            Ok(())
        })
        .await
    }

    /// Notes that `reviewer` looked at a version of a case after a change.
    pub async fn review_case(
        &self,
        review: CaseReview,
        reviewer: Option<Uuid>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |db| {
            db.execute(
                "INSERT OR REPLACE INTO literature_case_reviews (case_id, version, document, position, reviewer, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    review.case_id,
                    review.version,
                    review.document.to_string(),
                    review.position,
                    reviewer.map(|user| user.to_string()),
                    column::micros(now)
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// Which versions were looked at for which change.
    pub async fn case_reviews(&self) -> Result<Vec<CaseReview>, StoreError> {
        self.read(|db| {
            let mut query =
                db.prepare_cached("SELECT case_id, version, document, position FROM literature_case_reviews")?;
            let rows = query.query_map([], |row| {
                Ok(CaseReview {
                    case_id: row.get("case_id")?,
                    version: row.get("version")?,
                    document: column::parsed(row, "document")?,
                    position: row.get("position")?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

impl DocumentRecord {
    /// A fresh id that sorts by the time it was made.
    pub fn new_id(now: Timestamp) -> Uuid {
        column::new_id(now)
    }
}

fn proposals(
    db: &Transaction<'_>,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<ProposalRecord>, StoreError> {
    Ok(db.prepare_cached(sql)?.query_map(parameters, proposal_from)?.collect::<Result<_, _>>()?)
}

fn document_from(row: &Row<'_>) -> rusqlite::Result<DocumentRecord> {
    Ok(DocumentRecord {
        id: column::parsed(row, "id")?,
        source: json(row, "source")?,
        text: row.get("text")?,
        added_by: column::optional(row, "added_by")?,
        created: column::instant(row, "created")?,
    })
}

fn proposal_from(row: &Row<'_>) -> rusqlite::Result<ProposalRecord> {
    let accepted: Option<bool> = row.get("accepted")?;
    let decision = match (accepted, column::optional_instant(row, "decided")?) {
        (Some(accepted), Some(at)) => Some(Decision {
            accepted,
            claim: column::optional_json(row, "claim")?,
            files: column::optional_json(row, "files")?.unwrap_or_default(),
            note: row.get("note")?,
            reviewer: column::optional(row, "reviewer")?,
            at,
        }),
        _ => None,
    };
    Ok(ProposalRecord {
        document: column::parsed(row, "document")?,
        position: row.get("position")?,
        proposal: json(row, "proposal")?,
        decision,
        reviewer_name: row.get("reviewer_name")?,
        refused: row.get("refused")?,
    })
}

fn json<T: DeserializeOwned>(row: &Row<'_>, name: &str) -> rusqlite::Result<T> {
    let text: String = row.get(name)?;
    serde_json::from_str(&text).map_err(|error| column::unreadable(Type::Text, error))
}
