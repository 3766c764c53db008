//! Terms of the ontology, from `hp.obo` (OBO format 1.2).

use super::{TermId, build::SourceFile, layer::Synonym};
use crate::{Problem, Severity};

/// A `[Term]` stanza.
#[derive(Debug, Default)]
pub(super) struct Stanza {
    pub(super) line: usize,
    pub(super) id: Option<TermId>,
    pub(super) name: String,
    pub(super) synonyms: Vec<(Synonym, String)>,
    /// Broader terms, with the line that says so.
    pub(super) parents: Vec<(TermId, usize)>,
    /// Older ids of the same term.
    pub(super) alternatives: Vec<TermId>,
    pub(super) obsolete: bool,
    pub(super) replaced_by: Option<TermId>,
}

/// What the file says.
#[derive(Debug)]
pub(super) struct Ontology {
    pub(super) release: String,
    pub(super) stanzas: Vec<Stanza>,
}

/// Reads the file; all that is wrong with it at once.
pub(super) fn read(file: SourceFile<'_>) -> Result<Ontology, Vec<Problem>> {
    let mut reader = Reader { file, release: None, stanzas: Vec::new(), in_term: false, problems: Vec::new() };
    for (index, line) in file.text.lines().enumerate() {
        reader.line(index + 1, line.trim_end());
    }
    reader.finish()
}

struct Reader<'a> {
    file: SourceFile<'a>,
    release: Option<String>,
    stanzas: Vec<Stanza>,
    in_term: bool,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn line(&mut self, number: usize, line: &str) {
        if line.starts_with('[') {
            self.in_term = line == "[Term]";
            if self.in_term {
                self.stanzas.push(Stanza { line: number, ..Stanza::default() });
            }
            return;
        }
        let Some((tag, value)) = line.split_once(": ") else { return };
        if self.in_term {
            if let Err(message) = self.tag(number, tag, value) {
                self.problem(number, message);
            }
        } else if tag == "data-version" && self.stanzas.is_empty() {
            self.release = value.rsplit('/').next().map(str::to_owned);
        }
    }

    fn tag(&mut self, number: usize, tag: &str, value: &str) -> Result<(), String> {
        let Some(stanza) = self.stanzas.last_mut() else { return Ok(()) };
        match tag {
            "id" => stanza.id = Some(value.parse()?),
            "name" => value.clone_into(&mut stanza.name),
            "alt_id" => stanza.alternatives.push(value.parse()?),
            "is_a" => stanza.parents.push((first_word(value).parse()?, number)),
            "is_obsolete" => stanza.obsolete = value == "true",
            "replaced_by" => stanza.replaced_by = Some(first_word(value).parse()?),
            "synonym" => stanza.synonyms.extend(synonym(value)?),
            _ => {}
        }
        Ok(())
    }

    fn problem(&mut self, line: usize, message: String) {
        self.problems.push(Problem { severity: Severity::Error, file: self.file.name.to_owned(), line, message });
    }

    fn finish(mut self) -> Result<Ontology, Vec<Problem>> {
        let nameless: Vec<usize> = self
            .stanzas
            .iter()
            .filter(|stanza| stanza.id.is_none() || stanza.name.is_empty())
            .map(|stanza| stanza.line)
            .collect();
        for line in nameless {
            self.problem(line, "a term needs a line `id: HP:…` and a line `name: …`; give both".to_owned());
        }
        if self.stanzas.is_empty() {
            self.problem(1, "there is no [Term]; give the file hp.obo of an HPO release".to_owned());
        }
        let Some(release) = self.release.take().filter(|release| !release.is_empty()) else {
            self.problem(
                1,
                "there is no `data-version:`, so the release is unknown; give an unaltered hp.obo".to_owned(),
            );
            return Err(self.problems);
        };
        if self.problems.is_empty() { Ok(Ontology { release, stanzas: self.stanzas }) } else { Err(self.problems) }
    }
}

/// `HP:0000107 ! Renal cyst` → `HP:0000107`.
fn first_word(value: &str) -> &str {
    value.split_whitespace().next().unwrap_or_default()
}

/// `"Kidney cyst" EXACT layperson []`; `None` for a synonym that HPO has discarded.
fn synonym(value: &str) -> Result<Option<(Synonym, String)>, String> {
    let wrong = || format!("`{value}` is not a synonym; write it as \"text\" EXACT []");
    let (text, rest) = quoted(value).ok_or_else(wrong)?;
    let mut words = rest.split_whitespace();
    let scope = words.next().ok_or_else(wrong)?;
    let kind = words.next().unwrap_or_default();
    if kind == "obsolete_synonym" {
        return Ok(None);
    }
    let synonym = match (scope, kind) {
        ("EXACT", "layperson") => Synonym::Lay,
        ("EXACT", _) => Synonym::Exact,
        ("BROAD" | "NARROW" | "RELATED", _) => Synonym::Near,
        _ => return Err(wrong()),
    };
    Ok(Some((synonym, text)))
}

/// The quoted text, unescaped, and what follows it.
fn quoted(value: &str) -> Option<(String, &str)> {
    let inner = value.strip_prefix('"')?;
    let mut text = String::new();
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match (escaped, c) {
            (true, _) => {
                text.push(c);
                escaped = false;
            }
            (false, '\\') => escaped = true,
            (false, '"') => return Some((text, &inner[at + 1..])),
            (false, _) => text.push(c),
        }
    }
    None
}
