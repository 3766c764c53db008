//! What is wrong with the content, where, and how to mend it.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The graph cannot be used.
    Error,
    /// The graph works, but someone should look.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One problem in the content; its message ends with the mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// File, relative to the content folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, file, line, message } = self;
        write!(f, "{file}:{line}: {severity}: {message}")
    }
}

/// Where an entry stands: its file, its first line and the line of each of its keys.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) file: Arc<str>,
    pub(crate) line: usize,
    /// Dotted key path → line.
    pub(crate) keys: BTreeMap<String, usize>,
}

impl Place {
    /// The line of `key` (dotted), or of the nearest key above it, or of the entry.
    fn line_of(&self, key: &str) -> usize {
        let mut key = key;
        loop {
            if let Some(line) = self.keys.get(key) {
                return *line;
            }
            match key.rfind('.') {
                Some(dot) => key = &key[..dot],
                None => return self.line,
            }
        }
    }
}

/// Everything found wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    pub(crate) fn error(&mut self, place: &Place, key: &str, message: impl Into<String>) {
        self.push(Severity::Error, place, key, message.into());
    }

    pub(crate) fn warning(&mut self, place: &Place, key: &str, message: impl Into<String>) {
        self.push(Severity::Warning, place, key, message.into());
    }

    fn push(&mut self, severity: Severity, place: &Place, key: &str, message: String) {
        let file = place.file.to_string();
        self.0.push(Problem { severity, file, line: place.line_of(key), message });
    }

    /// All problems by file and line.
    pub(crate) fn sorted(mut self) -> Vec<Problem> {
        self.0.sort_by(|a, b| (&a.file, a.line, &a.message).cmp(&(&b.file, b.line, &b.message)));
        self.0.dedup();
        self.0
    }
}
