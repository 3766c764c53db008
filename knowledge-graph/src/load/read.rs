//! From files to entries that remember their lines.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue, Error, ValueDeserializer},
};

use super::{
    content::{Content, DiseaseFile, Edges, Located},
    overlay::OverlayFile,
};
use crate::problem::{Place, Problems};

/// Reads one file into `content`, noting what is wrong with it.
pub(crate) fn read_file(path: &str, text: &str, content: &mut Content, problems: &mut Problems) {
    let file = File { path: Arc::from(path), line_starts: line_starts(text) };
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let place = file.place(error.span().unwrap_or_default());
        let message = error.message().trim();
        problems.error(&place, "", format!("not valid TOML: {message}; mend the line"));
    }
    if !errors.is_empty() {
        return;
    }
    let table = document.into_inner();
    file.check_languages(&table, problems);
    if path.starts_with("diseases/") {
        if let Some(disease) = file.disease(table, problems) {
            content.diseases.push(disease);
        }
    } else {
        file.entries(table, content, problems);
    }
}

/// Reads one file of an overlay: entries into `content`; of a disease its id and its edges only.
pub(super) fn read_overlay(
    file: &OverlayFile,
    content: &mut Content,
    problems: &mut Problems,
) -> Option<(String, Edges, Place)> {
    let text = &file.text;
    let reader = File { path: Arc::from(file.label.as_str()), line_starts: line_starts(text) };
    let mut table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let message = format!("not valid TOML: {}; mend the line", error.message().trim());
            problems.error(&reader.place(error.span().unwrap_or_default()), "", message);
            return None;
        }
    };
    reader.check_languages(&table, problems);
    if !file.path.starts_with("diseases/") {
        reader.entries(table, content, problems);
        return None;
    }
    let place = reader.table_place(0..0, &table);
    let id = table.remove("id").and_then(|id| id.get_ref().as_str().map(str::to_owned));
    let edges = reader.edges(&mut table, problems);
    for key in table.keys() {
        let message = format!("unknown key `{}`; an overlay's disease has `id` and edges only", key.get_ref());
        problems.error(&reader.place(key.span()), "", message);
    }
    if id.is_none() {
        problems.error(&place, "", "`id` is missing; add the disease's");
    }
    Some((id?, edges, place))
}

struct File {
    path: Arc<str>,
    line_starts: Vec<usize>,
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

impl File {
    fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place { file: self.path.clone(), line: self.line(span.start), keys: BTreeMap::new() }
    }

    /// The place of a table with the lines of all its keys.
    fn table_place(&self, span: Range<usize>, table: &DeTable<'_>) -> Place {
        let mut place = self.place(span);
        self.collect_keys(table, "", &mut place.keys);
        place
    }

    fn collect_keys(&self, table: &DeTable<'_>, prefix: &str, keys: &mut BTreeMap<String, usize>) {
        for (key, value) in table {
            let path = match prefix {
                "" => key.get_ref().to_string(),
                _ => format!("{prefix}.{}", key.get_ref()),
            };
            keys.insert(path.clone(), self.line(key.span().start));
            match value.get_ref() {
                DeValue::Table(inner) => self.collect_keys(inner, &path, keys),
                DeValue::Array(items) => self.collect_items(items, &path, keys),
                _ => {}
            }
        }
    }

    fn collect_items(&self, items: &DeArray<'_>, path: &str, keys: &mut BTreeMap<String, usize>) {
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}.{index}");
            keys.insert(path.clone(), self.line(item.span().start));
            if let DeValue::Table(inner) = item.get_ref() {
                self.collect_keys(inner, &path, keys);
            }
        }
    }

    /// The entries of a file that is not a disease.
    fn entries(&self, table: DeTable<'_>, content: &mut Content, problems: &mut Problems) {
        for (key, value) in table {
            let values = match value.into_inner() {
                DeValue::Array(items) => items,
                _ => DeArray::default(),
            };
            match key.get_ref().as_ref() {
                "source" => self.read_all(values, &mut content.sources, problems),
                "topic" => self.read_all(values, &mut content.topics, problems),
                "facet" => self.read_all(values, &mut content.facets, problems),
                "finding" => self.read_all(values, &mut content.findings, problems),
                "risk_factor" => self.read_all(values, &mut content.risk_factors, problems),
                "test" => self.read_all(values, &mut content.tests, problems),
                "treatment" => self.read_all(values, &mut content.treatments, problems),
                other => problems.error(
                    &self.place(key.span()),
                    "",
                    format!(
                        "unknown key `{other}`; a content file holds [[source]], [[topic]], \
                         [[facet]], [[finding]], [[risk_factor]], [[test]] or [[treatment]]"
                    ),
                ),
            }
        }
    }

    fn read_all<T: DeserializeOwned>(&self, values: DeArray<'_>, into: &mut Vec<Located<T>>, problems: &mut Problems) {
        into.extend(values.into_iter().filter_map(|value| self.read(value, problems)));
    }

    /// One entry, or a problem with its line.
    fn read<T: DeserializeOwned>(&self, value: Spanned<DeValue<'_>>, problems: &mut Problems) -> Option<Located<T>> {
        let place = match value.get_ref() {
            DeValue::Table(table) => self.table_place(value.span(), table),
            _ => self.place(value.span()),
        };
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(value) => Some(Located { value, place }),
            Err(error) => {
                self.report(&error, &place, problems);
                None
            }
        }
    }

    fn report(&self, error: &Error, place: &Place, problems: &mut Problems) {
        let message = error.message().trim();
        let quoted = message.split('`').nth(1).unwrap_or_default();
        if message.starts_with("unknown field") {
            let known = message.split_once(", expected ").map_or("", |(_, known)| known);
            let mend = if known.is_empty() {
                "remove it or correct its spelling".to_owned()
            } else {
                format!("remove it or use {known}")
            };
            problems.error(place, quoted, format!("unknown key `{quoted}`; {mend}"));
        } else if message.starts_with("missing field") {
            let at = self.error_place(error, place);
            problems.error(&at, "", format!("`{quoted}` is missing; add it"));
        } else {
            let at = self.error_place(error, place);
            problems.error(&at, "", format!("{message}; correct the value"));
        }
    }

    /// Where the error says it is, or the entry when it does not.
    fn error_place(&self, error: &Error, place: &Place) -> Place {
        error.span().map_or_else(|| place.clone(), |span| self.place(span))
    }

    /// A disease: its header and each edge on its own, so that one bad edge hides no other.
    fn disease(&self, mut table: DeTable<'_>, problems: &mut Problems) -> Option<DiseaseFile> {
        let place = self.table_place(0..0, &table);
        let epidemiology = table.get("epidemiology");
        let epidemiology_place = match epidemiology.map(|value| (value.get_ref(), value.span())) {
            Some((DeValue::Table(inner), span)) => self.table_place(span, inner),
            _ => place.clone(),
        };
        let edges = self.edges(&mut table, problems);
        // The one list without a default.
        let none = Spanned::new(0..0, DeValue::Array(DeArray::default()));
        table.insert(Spanned::new(0..0, "presents_with".into()), none);
        let header = self.read(Spanned::new(0..0, DeValue::Table(table)), problems)?;
        Some(DiseaseFile { disease: header.value, place, epidemiology_place, edges })
    }

    fn edges(&self, table: &mut DeTable<'_>, problems: &mut Problems) -> Edges {
        let mut edges = Edges::default();
        self.take(table, "presents_with", &mut edges.presents_with, problems);
        self.take(table, "risk_factor", &mut edges.risk_factor, problems);
        self.take(table, "tested_by", &mut edges.tested_by, problems);
        self.take(table, "differential", &mut edges.differential, problems);
        self.take(table, "complication", &mut edges.complication, problems);
        self.take(table, "comorbidity", &mut edges.comorbidity, problems);
        self.take(table, "treated_by", &mut edges.treated_by, problems);
        edges
    }

    fn take<T: DeserializeOwned>(
        &self,
        table: &mut DeTable<'_>,
        key: &str,
        into: &mut Vec<Located<T>>,
        problems: &mut Problems,
    ) {
        let Some(value) = table.remove(key) else { return };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(items) => self.read_all(items, into, problems),
            _ => problems.error(
                &self.place(span),
                "",
                format!("`{key}` is not a list; write each entry under [[{key}]]"),
            ),
        }
    }

    /// Text in one language only: an empty string is an error, a one-sided list a warning.
    fn check_languages(&self, table: &DeTable<'_>, problems: &mut Problems) {
        let english = table.get("en").map(|value| (texts_in(value.get_ref()), value.span()));
        let chinese = table.get("zh").map(|value| (texts_in(value.get_ref()), value.span()));
        let sides = [(&english, "en", &chinese, "zh"), (&chinese, "zh", &english, "en")];
        for (side, language, other, other_language) in sides {
            match (side, other) {
                (Some((Texts::Blank, span)), _) => problems.error(
                    &self.place(span.clone()),
                    "",
                    format!("the `{language}` text is empty; write it or remove it"),
                ),
                (Some((Texts::Some, span)), Some((Texts::None, _)) | None) => problems.warning(
                    &self.place(span.clone()),
                    "",
                    format!("words in `{language}` only; add the `{other_language}` ones"),
                ),
                _ => {}
            }
        }
        for value in table.values() {
            self.check_languages_in(value.get_ref(), problems);
        }
    }

    fn check_languages_in(&self, value: &DeValue<'_>, problems: &mut Problems) {
        match value {
            DeValue::Table(inner) => self.check_languages(inner, problems),
            DeValue::Array(items) => {
                items.iter().for_each(|item| self.check_languages_in(item.get_ref(), problems));
            }
            _ => {}
        }
    }
}

#[derive(Clone, Copy)]
enum Texts {
    /// An empty list.
    None,
    /// Text, none of it blank.
    Some,
    /// A blank text.
    Blank,
}

fn texts_in(value: &DeValue<'_>) -> Texts {
    let blank = |value: &DeValue<'_>| value.as_str().is_some_and(|text| text.trim().is_empty());
    match value {
        DeValue::Array(items) if items.is_empty() => Texts::None,
        DeValue::Array(items) if items.iter().any(|item| blank(item.get_ref())) => Texts::Blank,
        value if blank(value) => Texts::Blank,
        _ => Texts::Some,
    }
}
