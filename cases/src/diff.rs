//! What changed between two versions of a case, part by part.

use serde::Serialize;
use toml::{Table, Value};

use crate::Case;

/// Keys by which the entries of a list are recognised, the first that an entry has.
const KEYS: [&str; 3] = ["id", "test", "disease"];

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// Both have it, otherwise.
    Changed,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Part of the case: `fact`, `rubric`, `persona`, `patient`, …, or `case` for what stands at its top.
    pub part: String,
    /// Which one: a fact's or item's id; empty for a part there is once.
    pub entry: String,
    /// Which field of it, such as `tells.en`; empty when the whole entry came or went.
    pub field: String,
    /// What became of it.
    pub kind: ChangeKind,
    /// The older text.
    pub before: String,
    /// The newer text.
    pub after: String,
}

/// What differs from `before` to `after`, in the order of the file; the version number itself is left out.
///
/// # Errors
/// When a case cannot be written as TOML, which a parsed one always can.
pub fn diff(before: &Case, after: &Case) -> Result<Vec<Change>, toml::ser::Error> {
    let (before, after) = (Table::try_from(before)?, Table::try_from(after)?);
    let mut changes = Vec::new();
    for (part, old, new) in pairs(&before, &after) {
        match (old, new) {
            _ if part == "version" => {}
            (Some(Value::Array(_)), _) | (_, Some(Value::Array(_))) => lists(part, old, new, &mut changes),
            (Some(Value::Table(_)), _) | (_, Some(Value::Table(_))) if !is_text(old.or(new)) => {
                fields((part, ""), "", (old, new), &mut changes);
            }
            _ => fields(("case", ""), part, (old, new), &mut changes),
        }
    }
    Ok(changes)
}

/// The keys of both tables, each once, with what they hold in each.
fn pairs<'t>(before: &'t Table, after: &'t Table) -> Vec<(&'t str, Option<&'t Value>, Option<&'t Value>)> {
    let added = after.keys().filter(|key| !before.contains_key(key.as_str()));
    before.keys().chain(added).map(|key| (key.as_str(), before.get(key), after.get(key))).collect()
}

/// Whether a table is a text in both languages.
fn is_text(value: Option<&Value>) -> bool {
    value.and_then(Value::as_table).is_some_and(|table| table.keys().all(|key| key == "en" || key == "zh"))
}

fn lists(part: &str, before: Option<&Value>, after: Option<&Value>, changes: &mut Vec<Change>) {
    let entries = |value: Option<&Value>| -> Vec<(String, Value)> {
        let list = value.and_then(Value::as_array).into_iter().flatten().enumerate();
        list.map(|(at, entry)| (key(entry, at), entry.clone())).collect()
    };
    let (before, after) = (entries(before), entries(after));
    let find = |list: &[(String, Value)], wanted: &str| {
        list.iter().find(|(key, _)| key == wanted).map(|(_, entry)| entry.clone())
    };
    for (key, old) in &before {
        match find(&after, key) {
            Some(new) => fields((part, key), "", (Some(old), Some(&new)), changes),
            None => changes.push(whole(part, key, ChangeKind::Removed, old)),
        }
    }
    for (key, new) in after.iter().filter(|(key, _)| find(&before, key).is_none()) {
        changes.push(whole(part, key, ChangeKind::Added, new));
    }
}

fn key(entry: &Value, at: usize) -> String {
    let named = KEYS.iter().find_map(|key| entry.get(key)?.as_str());
    named.map_or_else(|| (at + 1).to_string(), str::to_owned)
}

fn whole(part: &str, entry: &str, kind: ChangeKind, value: &Value) -> Change {
    let text = plain(value);
    let (before, after) = if kind == ChangeKind::Added { (String::new(), text) } else { (text, String::new()) };
    Change { part: part.to_owned(), entry: entry.to_owned(), field: String::new(), kind, before, after }
}

/// Every field that differs, tables gone into.
fn fields(
    (part, entry): (&str, &str),
    field: &str,
    (before, after): (Option<&Value>, Option<&Value>),
    changes: &mut Vec<Change>,
) {
    if before == after {
        return;
    }
    let table = |value: Option<&Value>| value.and_then(Value::as_table).cloned();
    let (old, new) = (table(before), table(after));
    if old.is_some() || new.is_some() {
        for (name, old, new) in pairs(&old.unwrap_or_default(), &new.unwrap_or_default()) {
            let inner = if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") };
            fields((part, entry), &inner, (old, new), changes);
        }
        return;
    }
    let kind = match (before, after) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    };
    let text = |value: Option<&Value>| value.map(plain).unwrap_or_default();
    changes.push(Change {
        part: part.to_owned(),
        entry: entry.to_owned(),
        field: field.to_owned(),
        kind,
        before: text(before),
        after: text(after),
    });
}

/// A value as a person reads it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Table(table) => {
            table.iter().map(|(key, value)| format!("{key}: {}", plain(value))).collect::<Vec<_>>().join("\n")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[test]
    fn a_diff_names_each_part_that_came_went_or_changed() {
        let before = library().unwrap()[0].clone();
        let mut after = before.clone();
        after.version += 1;
        after.facts[1].tells.en = "Otherwise.".to_owned();
        let gone = after.facts.remove(2);
        let mut item = after.rubric[0].clone();
        item.id = "another".to_owned();
        after.rubric.push(item);
        after.title.zh = "别的".to_owned();

        let changes = diff(&before, &after).unwrap();

        let named: Vec<(String, String, String, ChangeKind)> =
            changes.iter().map(|c| (c.part.clone(), c.entry.clone(), c.field.clone(), c.kind)).collect();
        let expected = |part: &str, entry: &str, field: &str, kind| {
            assert!(
                named.contains(&(part.into(), entry.into(), field.into(), kind)),
                "{part} {entry} {field}: {named:?}"
            );
        };
        expected("case", "", "title.zh", ChangeKind::Changed);
        expected("fact", &before.facts[1].id, "tells.en", ChangeKind::Changed);
        expected("fact", &gone.id, "", ChangeKind::Removed);
        expected("rubric", "another", "", ChangeKind::Added);
        assert_eq!(changes.len(), 4);
        assert_eq!(changes.iter().find(|c| c.field == "tells.en").unwrap().after, "Otherwise.");
    }

    #[test]
    fn a_case_does_not_differ_from_itself() {
        let case = &library().unwrap()[0];
        assert!(diff(case, case).unwrap().is_empty());
    }
}
