//! Chinese names of terms, from a Babelon table (`hp-zh.babelon.tsv`).

use super::{TermId, build::SourceFile};
use crate::{Problem, Severity};

/// Columns that are needed, wherever they stand; others are ignored.
const NEEDED: [&str; 4] = ["translation_language", "subject_id", "predicate_id", "translation_value"];

/// The name of each term. Rows without a translation or of other properties are passed over.
pub(super) fn read(file: SourceFile<'_>) -> Result<Vec<(TermId, &str)>, Vec<Problem>> {
    let problem = |line, message| Problem { severity: Severity::Error, file: file.name.to_owned(), line, message };
    let mut lines = file.text.lines().enumerate();
    let header: Vec<&str> = lines.next().map(|(_, line)| line.split('\t').collect()).unwrap_or_default();
    let places = NEEDED.map(|name| header.iter().position(|column| *column == name));
    let [Some(language), Some(subject), Some(predicate), Some(value)] = places else {
        let message = format!("the columns {} are needed; give a Babelon table", NEEDED.join(", "));
        return Err(vec![problem(1, message)]);
    };
    let mut names = Vec::new();
    let mut problems = Vec::new();
    for (index, line) in lines {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let number = index + 1;
        if cells.len() != header.len() {
            if !line.trim().is_empty() {
                let message = format!("the row has {} columns; the first line has {}", cells.len(), header.len());
                problems.push(problem(number, format!("{message}: give as many")));
            }
        } else if cells[language].split(['-', '_']).next() != Some("zh") {
            let message = format!("`{}` is not Chinese; give a table with translation_language zh", cells[language]);
            problems.push(problem(number, message));
        } else if cells[predicate] == "rdfs:label" && !cells[value].is_empty() {
            match cells[subject].parse() {
                Ok(term) => names.push((term, cells[value])),
                Err(message) => problems.push(problem(number, message)),
            }
        }
    }
    if problems.is_empty() { Ok(names) } else { Err(problems) }
}
