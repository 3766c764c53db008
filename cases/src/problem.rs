//! What can be wrong with a case file, in words a teacher can act on.

use std::fmt;

use knowledge_graph::{Bilingual, Language};
use serde::{Deserialize, Serialize};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The case cannot be used until this is mended.
    Error,
    /// The case works, but a teacher should look at this.
    Warning,
}

/// One problem: where it is, what it is, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Name of the file, when the case came from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line in the file, counted from 1, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Key path, such as `fact[3].tells.zh`; list positions are counted from 0. Empty for the
    /// whole file.
    pub path: String,
    /// What is wrong.
    pub message: Bilingual,
    /// What to do about it.
    pub mend: Bilingual,
}

impl Problem {
    /// A problem that makes the case unusable.
    pub fn error(path: impl Into<String>, message: Bilingual, mend: Bilingual) -> Self {
        Self { severity: Severity::Error, file: None, line: None, path: path.into(), message, mend }
    }

    /// A problem a teacher should look at.
    pub fn warning(path: impl Into<String>, message: Bilingual, mend: Bilingual) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, message, mend) }
    }

    /// Whether the case is unusable because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The problem on one line, `file:line: path: message. mend`, in `language`.
    pub fn in_language(&self, language: Language) -> String {
        let mut line = String::new();
        if let Some(file) = &self.file {
            line.push_str(file);
            line.push(':');
        }
        if let Some(number) = self.line {
            line.push_str(&number.to_string());
            line.push(':');
        }
        if !line.is_empty() {
            line.push(' ');
        }
        if !self.path.is_empty() {
            line.push_str(&self.path);
            line.push_str(": ");
        }
        line.push_str(self.message.get(language));
        line.push_str(match language {
            Language::En => ". ",
            Language::Zh => "。",
        });
        line.push_str(self.mend.get(language));
        line
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::En))
    }
}

/// A text in both languages.
pub(crate) fn both(en: impl Into<String>, zh: impl Into<String>) -> Bilingual {
    Bilingual { en: en.into(), zh: zh.into() }
}
