//! The identity of a case.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The id of a case: lower-case words joined by hyphens, at most 80 characters, such as
/// `chest-tightness-lin-58`. It never names the diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseId(String);

/// A text is not a case id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not a case id; use lower-case letters and digits joined by single hyphens, at most {MAX_LENGTH} characters"
)]
pub struct CaseIdError(String);

const MAX_LENGTH: usize = 80;

impl CaseId {
    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `text` is lower-case words joined by single hyphens.
pub(crate) fn is_hyphenated(text: &str) -> bool {
    text.len() <= MAX_LENGTH
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

impl FromStr for CaseId {
    type Err = CaseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_hyphenated(text) { Ok(Self(text.to_owned())) } else { Err(CaseIdError(text.to_owned())) }
    }
}

impl TryFrom<String> for CaseId {
    type Error = CaseIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CaseId> for String {
    fn from(id: CaseId) -> Self {
        id.0
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphenated_lower_case_words_are_an_id() {
        assert_eq!("chest-tightness-lin-58".parse::<CaseId>().unwrap().as_str(), "chest-tightness-lin-58");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "-a", "a-", "a--b", "Chest", "胸痛", "a b", "../etc", &"a".repeat(81)] {
            assert!(text.parse::<CaseId>().is_err(), "{text:?} was accepted");
        }
    }
}
