//! Why a text or a decision is refused.

use knowledge_graph::{Problem, Severity, literature::EntryError};
use thiserror::Error;

use super::LONGEST_TEXT;
use crate::store::StoreError;

/// Why a text or a decision is refused. Nothing was changed.
#[derive(Debug, Error)]
pub enum LiteratureError {
    /// No text.
    #[error("there is no text; paste it or choose a .txt or .md file")]
    Empty,
    /// Too much text.
    #[error("the text has {length} characters, more than {LONGEST_TEXT}; bring it in chapter by chapter")]
    TooLong {
        /// Its length in characters.
        length: usize,
    },
    /// A PDF file, not its text.
    #[error("this is a PDF file; open it, select all, copy, and paste the text")]
    Pdf,
    /// No text at all.
    #[error("this is no text file; save it as plain text (UTF-8)")]
    Binary,
    /// Not UTF-8.
    #[error("the file is no UTF-8 text; save it as UTF-8")]
    NotUtf8,
    /// No title or authors.
    #[error("give the title and the authors: accepted edges cite them")]
    Undescribed,
    /// Not a year.
    #[error("give the year of publication, such as 2024")]
    Year,
    /// A number that cannot be read.
    #[error("`{0}` is no number that can be read here")]
    Number(String),
    /// The quotation does not stand in the text.
    #[error("the quotation does not stand in the text any more; bring the text in again")]
    QuotationMissing,
    /// The same claim was accepted from this text.
    #[error("the same was accepted from this text already")]
    Duplicate,
    /// Something is missing or out of range.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The graph would not pass its checks.
    #[error("the graph would not load: {}", .0.join("; "))]
    Refused(Vec<String>),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LiteratureError {
    /// The loader's errors, warnings left out.
    pub(super) fn refused(problems: &[Problem]) -> Self {
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        Self::Refused(errors.map(ToString::to_string).collect())
    }

    /// A stable name, for programs and for the words of pages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "literature-empty",
            Self::TooLong { .. } => "literature-too-long",
            Self::Pdf => "literature-pdf",
            Self::Binary => "literature-binary",
            Self::NotUtf8 => "literature-not-utf8",
            Self::Undescribed => "literature-undescribed",
            Self::Year => "literature-year",
            Self::Number(_) => "literature-number",
            Self::QuotationMissing => "literature-quotation-missing",
            Self::Duplicate => "literature-duplicate",
            Self::Entry(error) => match error {
                EntryError::UnknownDisease(_) => "literature-unknown-disease",
                EntryError::NameMissing(_) => "literature-name-missing",
                EntryError::FindingMissing(_) => "literature-finding-missing",
                EntryError::NameTaken(_) => "literature-name-taken",
                EntryError::NotAddable(_) => "literature-not-addable",
                EntryError::SeparatesMissing => "literature-separates-missing",
                EntryError::TopicsMissing => "literature-topics-missing",
                EntryError::ResultMissing => "literature-result-missing",
                EntryError::FrequencyOutOfRange => "literature-frequency",
                EntryError::RatioOutOfRange => "literature-ratio",
                EntryError::RatiosContradict => "literature-ratios-contradict",
                EntryError::UnknownRole => "literature-role",
            },
            Self::Refused(_) => "literature-refused",
            Self::Store(_) => "literature-store",
        }
    }
}
