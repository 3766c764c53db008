//! Where each key of a TOML file stands.

use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::shape::join;

/// Line numbers by key path, for messages about a case whose text is at hand.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    by_path: BTreeMap<String, usize>,
}

impl Lines {
    /// Reads the places of all keys in `text`; what cannot be parsed is left out.
    pub fn of(text: &str) -> Self {
        let (document, _) = DeTable::parse_recoverable(text);
        let starts = LineStarts::of(text);
        let mut lines = Self::default();
        lines.table(&starts, document.get_ref(), "");
        lines
    }

    /// The line of `path`, or of the nearest table around it.
    pub fn line(&self, path: &str) -> Option<usize> {
        let mut path = path;
        loop {
            if let Some(line) = self.by_path.get(path) {
                return Some(*line);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    fn table(&mut self, starts: &LineStarts, table: &DeTable<'_>, path: &str) {
        for (key, value) in table {
            let inner = join(path, key.get_ref());
            self.by_path.insert(inner.clone(), starts.line(key.span().start));
            self.value(starts, value, &inner);
        }
    }

    fn value(&mut self, starts: &LineStarts, value: &Spanned<DeValue<'_>>, path: &str) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(starts, table, path),
            DeValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let inner = format!("{path}[{index}]");
                    self.by_path.insert(inner.clone(), starts.line(item.span().start));
                    self.value(starts, item, &inner);
                }
            }
            _ => {}
        }
    }
}

/// The byte offsets at which lines start.
pub(crate) struct LineStarts(Vec<usize>);

impl LineStarts {
    pub(crate) fn of(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1);
        Self(std::iter::once(0).chain(newlines).collect())
    }

    /// The line, counted from 1, that holds the byte at `offset`.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset)
    }
}
