//! Reading transcripts and rubrics that come from outside, with errors that say how to mend them.

use serde::de::DeserializeOwned;
use thiserror::Error;

use super::{Rubric, Transcript};

/// Longest turn read, in characters.
pub const LONGEST_TURN: usize = 20_000;
/// Most turns and most items read.
const MOST_TURNS: usize = 5_000;
const MOST_ITEMS: usize = 500;

/// Why an input cannot be graded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InputError {
    /// Not text.
    #[error("line {line}: byte {byte} is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// Line, from 1.
        line: usize,
        /// Byte offset, from 0.
        byte: usize,
    },
    /// Not JSON, or not of the shape of the contract.
    #[error("line {line}, column {column}: {problem}; {mend}")]
    Shape {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
        /// How to mend it.
        mend: &'static str,
    },
    /// Well-formed but not usable.
    #[error("{problem}; {mend}")]
    Content {
        /// What is wrong, and where.
        problem: String,
        /// How to mend it.
        mend: &'static str,
    },
}

/// Text of `bytes`: UTF-8, a byte-order mark removed.
pub fn text_of(bytes: &[u8]) -> Result<&str, InputError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let byte = error.valid_up_to();
        InputError::NotUtf8 { line: bytes[..byte].split(|b| *b == b'\n').count(), byte }
    })
}

/// Reads JSON; errors carry line and column.
pub fn parse_json<T: DeserializeOwned>(text: &str) -> Result<T, InputError> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let problem = message.split(" at line ").next().unwrap_or_default().to_owned();
        InputError::Shape { line: error.line(), column: error.column(), mend: mend_of(&problem), problem }
    })
}

fn mend_of(problem: &str) -> &'static str {
    if problem.contains("unknown variant") && problem.contains("patient") {
        "a speaker is `student` (or `doctor`, `candidate`) or `patient`"
    } else if problem.contains("unknown variant") && problem.contains("`zh`") {
        "the language is `en` or `zh`"
    } else if problem.contains("missing field") {
        "add it: a transcript is {\"id\",\"language\",\"turns\":[{\"speaker\",\"text\"}]}, a rubric {\"id\",\"items\":[{\"id\",\"text\"}]}"
    } else if problem.contains("is not a known kind") || problem.contains("has no kind") {
        "write topics such as `finding:chest-pain/onset`, or leave `topics` out"
    } else {
        "mend the JSON there"
    }
}

/// Whether a transcript can be graded.
pub fn check_transcript(transcript: &Transcript) -> Result<(), InputError> {
    let wrong = |problem: String, mend| Err(InputError::Content { problem, mend });
    if transcript.turns.is_empty() {
        return wrong(format!("transcript `{}` has no turns", transcript.id), "give at least one turn");
    }
    if transcript.turns.len() > MOST_TURNS {
        return wrong(
            format!("transcript `{}` has {} turns", transcript.id, transcript.turns.len()),
            "give at most 5,000",
        );
    }
    let long = transcript.turns.iter().position(|turn| turn.text.chars().count() > LONGEST_TURN);
    match long {
        Some(turn) => wrong(
            format!("transcript `{}`, turn {turn} is too long", transcript.id),
            "give at most 20,000 characters a turn",
        ),
        None => Ok(()),
    }
}

/// Whether a rubric can be graded.
pub fn check_rubric(rubric: &Rubric) -> Result<(), InputError> {
    let wrong = |problem: String, mend| Err(InputError::Content { problem, mend });
    if rubric.items.is_empty() || rubric.items.len() > MOST_ITEMS {
        return wrong(format!("rubric `{}` has {} items", rubric.id, rubric.items.len()), "give 1 to 500 items");
    }
    for (at, item) in rubric.items.iter().enumerate() {
        if rubric.items[..at].iter().any(|other| other.id == item.id) {
            return wrong(format!("rubric `{}` has two items `{}`", rubric.id, item.id), "give each item its own id");
        }
        if item.text.trim().is_empty() && item.topics.is_empty() {
            return wrong(
                format!("rubric `{}`, item `{}` asks for nothing", rubric.id, item.id),
                "give it a text or topics",
            );
        }
        if item.weight.is_some_and(|weight| !(weight.is_finite() && weight > 0.0)) {
            return wrong(
                format!("rubric `{}`, item `{}` has no positive weight", rubric.id, item.id),
                "give a positive number or leave it out",
            );
        }
    }
    Ok(())
}
