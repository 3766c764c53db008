//! Cases of other collections: their JSON is read into one neutral [`External`] record, its prose is
//! cut into sentences, each sentence becomes a fact with a topic of the graph, and what finds no
//! place is said.
//!
//! Two documented formats are known: the OSCE examination object (`{"OSCE_Examination": …}`, prose in
//! English or Chinese) and the flat profile (`{"caseTitle", "patientProfile": {…}}`). Nothing is
//! invented: a sentence keeps its words but for grammar, the case is marked as written in one
//! language, and what a record does not say (a pulse, a name) is a stated assumption.

mod compose;
mod cues;
mod external;
mod flat;
mod osce;
mod placing;
mod voice;

#[cfg(test)]
mod tests;

use knowledge_graph::{Graph, Mentions};
use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

use crate::format::Case;
use external::External;

/// A case made of a record, with what a teacher must know of how.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The case; `crate::review` says what is still to mend.
    pub case: Case,
    /// Passages of the record that became facts, findings or results.
    pub placed: usize,
    /// Passages that did not.
    pub unplaced: Vec<Unplaced>,
    /// What the record does not say and was assumed.
    pub assumed: Vec<String>,
}

/// A passage without a place in the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unplaced {
    /// Where it stands in the record, such as `Patient_Actor/History`.
    pub path: String,
    /// Its words.
    pub text: String,
    /// Why it has no place.
    pub why: String,
}

/// Who the cases are credited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Who wrote them.
    pub author: String,
    /// SPDX licence expression.
    pub licence: String,
}

/// Why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportError {
    /// Not JSON.
    #[error("line {line}, column {column}: this is not JSON: {what}; export the collection as JSON or JSON lines")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader met.
        what: String,
    },
    /// JSON, but no case.
    #[error(
        "record {record}: neither an OSCE object (`OSCE_Examination`) nor a flat profile (`patientProfile`); see `anamnesis case import --help`"
    )]
    UnknownFormat {
        /// Which record, from 1.
        record: usize,
    },
    /// A case without something that nothing can stand in for.
    #[error("record {record}: {what}")]
    Incomplete {
        /// Which record, from 1.
        record: usize,
        /// What is missing and how to mend it.
        what: String,
    },
}

/// Reads one record, an array of them, or one a line.
///
/// # Errors
/// [`ImportError::NotJson`] for the whole file. A record that is no case is an error in its place;
/// the others are read.
pub fn import(text: &str, graph: &Graph, credit: &Credit) -> Result<Vec<Result<Imported, ImportError>>, ImportError> {
    let mentions = Mentions::new(graph);
    let records = records(text)?;
    let each = records.iter().enumerate().map(|(index, record)| {
        let external = external(record, index + 1)?;
        compose::compose(&external, graph, &mentions, credit, index + 1)
    });
    Ok(each.collect())
}

fn records(text: &str) -> Result<Vec<Value>, ImportError> {
    let not_json = |error: &serde_json::Error, before: usize| ImportError::NotJson {
        line: error.line() + before,
        column: error.column(),
        what: error.to_string(),
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(records)) => Ok(records),
        Ok(record) => Ok(vec![record]),
        // Lines are told from one broken object by whether the first line stands alone.
        Err(whole) => {
            let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            if lines().next().is_none_or(|(_, first)| serde_json::from_str::<Value>(first).is_err()) {
                return Err(not_json(&whole, 0));
            }
            lines().map(|(at, line)| serde_json::from_str(line).map_err(|error| not_json(&error, at))).collect()
        }
    }
}

fn external(record: &Value, number: usize) -> Result<External, ImportError> {
    if let Some(examination) = record.get("OSCE_Examination").or_else(|| record.get("Patient_Actor").map(|_| record)) {
        return Ok(osce::read(examination, number));
    }
    if record.get("patientProfile").is_some() || record.get("chief_complaint").is_some() {
        return Ok(flat::read(record, number));
    }
    Err(ImportError::UnknownFormat { record: number })
}
