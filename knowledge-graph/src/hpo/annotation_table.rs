//! Annotations of diseases, from `phenotype.hpoa` (HPO's annotation format, 12 columns).

use super::{Aspect, Frequency, RareId, TermId, build::SourceFile};
use crate::{Problem, Severity, query::Sex};

const COLUMNS: [&str; 12] = [
    "database_id",
    "disease_name",
    "qualifier",
    "hpo_id",
    "reference",
    "evidence",
    "onset",
    "frequency",
    "sex",
    "modifier",
    "aspect",
    "biocuration",
];

/// One row, its texts still those of the file. Who curated it and when is not kept.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) line: usize,
    pub(super) disease: RareId,
    pub(super) name: &'a str,
    pub(super) excluded: bool,
    pub(super) term: TermId,
    pub(super) reference: &'a str,
    /// `IEA`, `PCS` or `TAS`: how the curators know.
    pub(super) evidence: &'a str,
    pub(super) onset: Option<TermId>,
    pub(super) frequency: Option<Frequency>,
    pub(super) sex: Option<Sex>,
    pub(super) modifiers: &'a str,
    pub(super) aspect: Aspect,
}

/// What the file says.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) release: &'a str,
    pub(super) rows: Vec<Row<'a>>,
}

/// Reads the file; all that is wrong with it at once.
pub(super) fn read(file: SourceFile<'_>) -> Result<Table<'_>, Vec<Problem>> {
    let problem = |line, message| Problem { severity: Severity::Error, file: file.name.to_owned(), line, message };
    let mut release = None;
    let mut headed = false;
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let number = index + 1;
        if let Some(comment) = line.strip_prefix('#') {
            release = release.or_else(|| comment.strip_prefix("version:").map(str::trim));
        } else if !headed {
            headed = true;
            if !line.split('\t').eq(COLUMNS) {
                let message =
                    format!("the columns are not those of an annotation file; they must be {}", COLUMNS.join(", "));
                return Err(vec![problem(number, message)]);
            }
        } else if !line.trim().is_empty() {
            match row(number, line) {
                Ok(row) => rows.push(row),
                Err(message) => problems.push(problem(number, message)),
            }
        }
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(problem(1, "there is no annotation; give the file phenotype.hpoa of an HPO release".to_owned()));
    }
    let Some(release) = release.filter(|release| !release.is_empty()) else {
        let message = "there is no `#version:`, so the release is unknown; give an unaltered phenotype.hpoa";
        problems.insert(0, problem(1, message.to_owned()));
        return Err(problems);
    };
    if problems.is_empty() { Ok(Table { release, rows }) } else { Err(problems) }
}

fn row(line: usize, text: &str) -> Result<Row<'_>, String> {
    let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
    let Ok(cells) = <[&str; 12]>::try_from(cells) else {
        let count = text.split('\t').count();
        return Err(format!("the row has {count} columns; it needs 12, separated by tabs"));
    };
    let [disease, name, qualifier, term, reference, evidence, onset, frequency, sex, modifiers, aspect, _] = cells;
    if name.is_empty() || reference.is_empty() {
        return Err("a row needs the disease's name and a reference; fill both".to_owned());
    }
    Ok(Row {
        line,
        disease: disease.parse()?,
        name,
        excluded: excluded(qualifier)?,
        term: term.parse()?,
        reference,
        evidence: known_evidence(evidence)?,
        onset: filled(onset)?,
        frequency: filled(frequency)?,
        sex: sex_of(sex)?,
        modifiers,
        aspect: Aspect::from_letter(aspect)
            .ok_or_else(|| format!("`{aspect}` is not an aspect; write P, I, C, M or H"))?,
    })
}

fn filled<T: std::str::FromStr<Err = String>>(cell: &str) -> Result<Option<T>, String> {
    if cell.is_empty() { Ok(None) } else { cell.parse().map(Some) }
}

fn excluded(qualifier: &str) -> Result<bool, String> {
    match qualifier {
        "" => Ok(false),
        "NOT" => Ok(true),
        _ => Err(format!("`{qualifier}` is not a qualifier; write NOT or nothing")),
    }
}

fn known_evidence(evidence: &str) -> Result<&str, String> {
    match evidence {
        "IEA" | "PCS" | "TAS" => Ok(evidence),
        _ => Err(format!("`{evidence}` is not an evidence code; write IEA, PCS or TAS")),
    }
}

fn sex_of(cell: &str) -> Result<Option<Sex>, String> {
    match cell.to_ascii_uppercase().as_str() {
        "" => Ok(None),
        "MALE" => Ok(Some(Sex::Male)),
        "FEMALE" => Ok(Some(Sex::Female)),
        _ => Err(format!("`{cell}` is not a sex; write MALE, FEMALE or nothing")),
    }
}
