//! From the files of a release to the layer.

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use super::{
    Frequency, RareId, RareLayer, Release, Synonym, TermId,
    annotation_table::{self, Row, Table},
    layer::{EVIDENCE, Groups, RowRecord, Texts},
    obo::{self, Ontology, Stanza},
    translation,
};
use crate::{Problem, Severity, query::Sex};

/// A file and its name, for messages.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// Name as the user knows it.
    pub name: &'a str,
    /// All of it.
    pub text: &'a str,
}

/// The files of one release.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// `hp.obo`.
    pub ontology: SourceFile<'a>,
    /// `phenotype.hpoa`.
    pub annotations: SourceFile<'a>,
    /// Chinese names (`hp-zh.babelon.tsv`), when they are at hand.
    pub chinese: Option<SourceFile<'a>>,
}

impl RareLayer {
    /// Reads a release. Any error refuses all of it: half an annotation set would mislead. Beside
    /// the layer stand warnings, about Chinese names of unknown terms.
    pub fn import(files: Files<'_>) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        let ontology = obo::read(files.ontology)?;
        let table = annotation_table::read(files.annotations)?;
        let chinese = files.chinese.map(translation::read).transpose()?.unwrap_or_default();
        let mut build = Build { texts: Interned::new(), frequencies: HashMap::new(), problems: Vec::new() };
        let mut layer = build.terms(&ontology, files.ontology.name)?;
        let warnings = build.chinese(&mut layer, &chinese, files.chinese);
        build.diseases(&mut layer, &table, files.annotations.name);
        table.release.clone_into(&mut layer.release.annotations);
        if !build.problems.is_empty() {
            return Err(build.problems);
        }
        layer.texts = build.texts.texts;
        layer.texts.all.shrink_to_fit();
        Ok((layer, warnings))
    }
}

struct Interned<'a> {
    texts: Texts,
    places: HashMap<&'a str, u32>,
}

impl<'a> Interned<'a> {
    fn new() -> Self {
        Self { texts: Texts { all: String::new(), ends: vec![0] }, places: HashMap::from([("", 0)]) }
    }

    fn place(&mut self, text: &'a str) -> u32 {
        let texts = &mut self.texts;
        *self.places.entry(text).or_insert_with(|| {
            texts.all.push_str(text);
            texts.ends.push(u32::try_from(texts.all.len()).unwrap_or(u32::MAX));
            u32::try_from(texts.ends.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

struct Build<'a> {
    texts: Interned<'a>,
    frequencies: HashMap<Frequency, u16>,
    problems: Vec<Problem>,
}

impl<'a> Build<'a> {
    fn problem(&mut self, file: &str, line: usize, message: String) {
        self.problems.push(Problem { severity: Severity::Error, file: file.to_owned(), line, message });
    }

    /// A layer of terms, without diseases.
    fn terms(&mut self, ontology: &'a Ontology, file: &str) -> Result<RareLayer, Vec<Problem>> {
        let mut live: Vec<(TermId, &Stanza)> = ontology
            .stanzas
            .iter()
            .filter(|stanza| !stanza.obsolete)
            .filter_map(|stanza| Some((stanza.id?, stanza)))
            .collect();
        live.sort_by_key(|(id, stanza)| (*id, stanza.line));
        for pair in live.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            self.problem(file, pair[1].1.line, format!("{} is there twice; keep one of the two", pair[1].0));
        }
        if live.len() >= usize::from(u16::MAX) {
            self.problem(file, 1, format!("{} terms are more than this program holds (65,534)", live.len()));
            return Err(std::mem::take(&mut self.problems));
        }
        let terms: Vec<u32> = live.iter().map(|(id, _)| id.0).collect();
        let mut layer = RareLayer {
            release: Release { ontology: ontology.release.clone(), annotations: String::new() },
            texts: Texts::default(),
            names: live.iter().map(|(_, stanza)| self.texts.place(&stanza.name)).collect(),
            chinese: vec![0; terms.len()],
            synonyms: Groups::new(live.iter().map(|(_, stanza)| self.synonyms(stanza))),
            parents: Groups::new([]),
            children: Groups::new([]),
            former: Vec::new(),
            terms,
            diseases: Vec::new(),
            disease_names: Groups::new([]),
            rows: Groups::new([]),
            frequencies: Vec::new(),
            profiles: OnceLock::new(),
            namesakes: OnceLock::new(),
        };
        layer.former = former(&layer, &ontology.stanzas);
        let parents: Vec<Vec<u16>> = live.iter().map(|(_, stanza)| self.parents(&layer, stanza, file)).collect();
        layer.children = inverted(&parents);
        layer.parents = Groups::new(parents);
        if let Some(at) = in_a_circle(&layer) {
            let (id, stanza) = live[at];
            self.problem(file, stanza.line, format!("{id} is broader than itself; break the circle of is_a lines"));
        }
        if self.problems.is_empty() { Ok(layer) } else { Err(std::mem::take(&mut self.problems)) }
    }

    fn synonyms(&mut self, stanza: &'a Stanza) -> Vec<(u8, u32)> {
        let kind = |synonym: &Synonym| match synonym {
            Synonym::Exact => 0,
            Synonym::Lay => 1,
            Synonym::Near => 2,
        };
        stanza.synonyms.iter().map(|(synonym, text)| (kind(synonym), self.texts.place(text))).collect()
    }

    fn parents(&mut self, layer: &RareLayer, stanza: &Stanza, file: &str) -> Vec<u16> {
        let mut found = Vec::with_capacity(stanza.parents.len());
        for (parent, line) in &stanza.parents {
            match layer.place(*parent) {
                Some(at) => found.push(at),
                None => self.problem(file, *line, format!("there is no term {parent}; give an unaltered hp.obo")),
            }
        }
        found
    }

    fn chinese(
        &mut self,
        layer: &mut RareLayer,
        names: &[(TermId, &'a str)],
        file: Option<SourceFile<'_>>,
    ) -> Vec<Problem> {
        let mut unknown = Vec::new();
        for (id, name) in names {
            match layer.terms.binary_search(&id.0) {
                Ok(at) => layer.chinese[at] = self.texts.place(name),
                Err(_) if layer.place(*id).is_none() => unknown.push(*id),
                Err(_) => {}
            }
        }
        let (Some(first), Some(file)) = (unknown.first(), file) else { return Vec::new() };
        let message = format!(
            "{} names are of terms this release does not have, {first} first; they are left out",
            unknown.len()
        );
        vec![Problem { severity: Severity::Warning, file: file.name.to_owned(), line: 1, message }]
    }

    fn diseases(&mut self, layer: &mut RareLayer, table: &Table<'a>, file: &str) {
        let mut of: BTreeMap<RareId, Vec<&Row<'a>>> = BTreeMap::new();
        for row in &table.rows {
            of.entry(row.disease).or_default().push(row);
        }
        let mut names = Vec::with_capacity(of.len());
        let mut rows = Vec::with_capacity(of.len());
        for written in of.values() {
            let mut texts: Vec<u32> = Vec::new();
            let mut records = Vec::with_capacity(written.len());
            for row in written {
                let name = self.texts.place(row.name);
                if !texts.contains(&name) {
                    texts.push(name);
                }
                records.extend(self.record(layer, row, file));
            }
            records.sort_by_key(|record| record.term);
            names.push(texts);
            rows.push(records);
        }
        layer.diseases = of.into_keys().collect();
        layer.disease_names = Groups::new(names);
        layer.rows = Groups::new(rows);
        let mut frequencies: Vec<(u16, Frequency)> = self.frequencies.iter().map(|(one, at)| (*at, *one)).collect();
        frequencies.sort_unstable();
        layer.frequencies = frequencies.into_iter().map(|(_, frequency)| frequency).collect();
    }

    fn record(&mut self, layer: &RareLayer, row: &Row<'a>, file: &str) -> Option<RowRecord> {
        let mut place = |id: TermId| {
            let at = layer.place(id);
            if at.is_none() {
                let mend = "give hp.obo and phenotype.hpoa of one release";
                self.problem(file, row.line, format!("the ontology has no term {id}; {mend}"));
            }
            at
        };
        let term = place(row.term)?;
        let onset = match row.onset {
            Some(onset) => place(onset)? + 1,
            None => 0,
        };
        let frequency = row.frequency.map_or(Some(0), |frequency| self.frequency(frequency));
        let Some(frequency) = frequency else {
            self.problem(file, row.line, "there are more than 65,534 different frequencies in the file".to_owned());
            return None;
        };
        Some(RowRecord {
            term,
            frequency,
            onset,
            flags: flags(row),
            reference: self.texts.place(row.reference),
            modifiers: self.texts.place(row.modifiers),
        })
    }

    /// Its place + 1.
    fn frequency(&mut self, frequency: Frequency) -> Option<u16> {
        let next = u16::try_from(self.frequencies.len()).ok().filter(|next| *next < u16::MAX)?;
        Some(*self.frequencies.entry(frequency).or_insert(next) + 1)
    }
}

fn flags(row: &Row<'_>) -> u8 {
    let sex = match row.sex {
        None => 0,
        Some(Sex::Female) => 1,
        Some(Sex::Male) => 2,
    };
    let evidence = EVIDENCE.iter().zip(0_u8..).find(|(code, _)| **code == row.evidence).map_or(0, |(_, at)| at);
    u8::from(row.excluded) | sex << 1 | (row.aspect as u8) << 3 | evidence << 6
}

/// Former ids: alternatives of live terms, and obsolete terms that say what replaced them.
fn former(layer: &RareLayer, stanzas: &[Stanza]) -> Vec<(u32, u16)> {
    let mut pairs = Vec::new();
    for stanza in stanzas {
        let (heir, ids) = if stanza.obsolete {
            (stanza.replaced_by, stanza.id.as_slice())
        } else {
            (stanza.id, stanza.alternatives.as_slice())
        };
        let Some(at) = heir.and_then(|heir| layer.place(heir)) else { continue };
        pairs.extend(ids.iter().filter(|id| layer.terms.binary_search(&id.0).is_err()).map(|id| (id.0, at)));
    }
    pairs.sort_unstable();
    pairs.dedup_by_key(|(former, _)| *former);
    pairs
}

/// Who has each term as its parent.
pub(super) fn inverted(parents: &[Vec<u16>]) -> Groups<u16> {
    let mut children = vec![Vec::new(); parents.len()];
    for (child, parents) in (0_u16..).zip(parents) {
        for parent in parents {
            children[usize::from(*parent)].push(child);
        }
    }
    Groups::new(children)
}

/// A term that leads back to itself: one that remains when terms without parents are taken away
/// again and again.
fn in_a_circle(layer: &RareLayer) -> Option<usize> {
    let mut waiting: Vec<usize> = (0..layer.terms.len()).map(|at| layer.parents.of(at).len()).collect();
    let mut free: Vec<usize> = (0..waiting.len()).filter(|at| waiting[*at] == 0).collect();
    while let Some(at) = free.pop() {
        for child in layer.children.of(at).iter().map(|child| usize::from(*child)) {
            waiting[child] -= 1;
            if waiting[child] == 0 {
                free.push(child);
            }
        }
    }
    waiting.iter().position(|parents| *parents > 0)
}
