//! The layer in memory, and how to look things up in it.

use std::sync::OnceLock;

use serde::Serialize;

use super::{Frequency, RareId, TermId, profile::Profiles};
use crate::query::Sex;

/// Which release the layer was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Release {
    /// Release of the ontology, such as `2025-01-16`.
    pub ontology: String,
    /// Release of the annotations.
    pub annotations: String,
}

impl Release {
    /// What is to stand wherever something of the layer is shown.
    pub fn credit(&self) -> String {
        let Self { ontology, annotations } = self;
        if ontology == annotations {
            format!("Human Phenotype Ontology, release {ontology} (hpo.jax.org)")
        } else {
            format!("Human Phenotype Ontology, release {ontology}, annotations of {annotations} (hpo.jax.org)")
        }
    }
}

/// How a synonym relates to its term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Synonym {
    /// Means the same.
    Exact,
    /// Means the same, in lay words.
    Lay,
    /// Broader, narrower or related: finds the term, does not name it.
    Near,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// A finding.
    Phenotype,
    /// How it is inherited.
    Inheritance,
    /// Onset and course.
    Course,
    /// A modifier.
    Modifier,
    /// Past medical history.
    History,
}

impl Aspect {
    pub(super) const ALL: [Self; 5] = [Self::Phenotype, Self::Inheritance, Self::Course, Self::Modifier, Self::History];

    pub(super) fn from_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().zip(["P", "I", "C", "M", "H"]).find(|(_, one)| *one == letter).map(|(aspect, _)| aspect)
    }
}

/// Evidence codes of rows, by their number in [`RowRecord::flags`].
pub(super) const EVIDENCE: [&str; 3] = ["IEA", "PCS", "TAS"];

/// Texts, each once, one after another; text 0 is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts {
    pub(super) all: String,
    pub(super) ends: Vec<u32>,
}

impl Texts {
    pub(super) fn get(&self, text: u32) -> &str {
        let end = |index: u32| self.ends.get(index as usize).map_or(0, |end| *end as usize);
        let start = text.checked_sub(1).map_or(0, end);
        self.all.get(start..end(text)).unwrap_or_default()
    }
}

/// Several values for each of many owners, without a vector for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Groups<T> {
    pub(super) ends: Vec<u32>,
    pub(super) values: Vec<T>,
}

impl<T> Groups<T> {
    pub(super) fn new(groups: impl IntoIterator<Item = Vec<T>>) -> Self {
        let (mut ends, mut values) = (Vec::new(), Vec::new());
        for group in groups {
            values.extend(group);
            ends.push(u32::try_from(values.len()).unwrap_or(u32::MAX));
        }
        Self { ends, values }
    }

    pub(super) fn of(&self, owner: usize) -> &[T] {
        let start = owner.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[start as usize..self.ends[owner] as usize]
    }
}

/// A row, in 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowRecord {
    pub(super) term: u16,
    /// Place in the frequencies + 1; 0 for none.
    pub(super) frequency: u16,
    /// Place in the terms + 1; 0 for none.
    pub(super) onset: u16,
    /// Bit 0 `NOT`; bits 1–2 sex (0 any, 1 female, 2 male); bits 3–5 aspect; bits 6–7 evidence.
    pub(super) flags: u8,
    pub(super) reference: u32,
    pub(super) modifiers: u32,
}

impl RowRecord {
    pub(super) fn excluded(self) -> bool {
        self.flags & 1 == 1
    }

    pub(super) fn sex(self) -> Option<Sex> {
        match (self.flags >> 1) & 3 {
            1 => Some(Sex::Female),
            2 => Some(Sex::Male),
            _ => None,
        }
    }

    pub(super) fn aspect(self) -> Aspect {
        Aspect::ALL.get(usize::from((self.flags >> 3) & 7)).copied().unwrap_or(Aspect::Phenotype)
    }

    pub(super) fn evidence(self) -> &'static str {
        EVIDENCE.get(usize::from(self.flags >> 6)).copied().unwrap_or_default()
    }
}

/// The rare diseases and the terms they are described with. See the [module](super).
#[derive(Debug)]
pub struct RareLayer {
    pub(super) release: Release,
    pub(super) texts: Texts,
    /// Live terms by id; all that follows about terms is in this order.
    pub(super) terms: Vec<u32>,
    pub(super) names: Vec<u32>,
    /// Chinese names; text 0 where there is none.
    pub(super) chinese: Vec<u32>,
    pub(super) synonyms: Groups<(u8, u32)>,
    pub(super) parents: Groups<u16>,
    pub(super) children: Groups<u16>,
    /// Former id → place of the term that stands for it, by id.
    pub(super) former: Vec<(u32, u16)>,
    /// Diseases by id; all that follows about diseases is in this order.
    pub(super) diseases: Vec<RareId>,
    /// Names of each disease, its first as the file has it, then others of the same id.
    pub(super) disease_names: Groups<u32>,
    pub(super) rows: Groups<RowRecord>,
    pub(super) frequencies: Vec<Frequency>,
    /// Computed on first use, like the next.
    pub(super) profiles: OnceLock<Profiles>,
    /// Place of the first disease with the same name.
    pub(super) namesakes: OnceLock<Vec<u32>>,
}

/// A term of the ontology.
#[derive(Clone, Copy, Debug)]
pub struct Term<'a> {
    pub(super) layer: &'a RareLayer,
    pub(super) at: u16,
}

impl<'a> Term<'a> {
    /// Its id.
    pub fn id(self) -> TermId {
        TermId(self.layer.terms[usize::from(self.at)])
    }

    /// English name.
    pub fn name(self) -> &'a str {
        self.layer.texts.get(self.layer.names[usize::from(self.at)])
    }

    /// Chinese name, when names were given on import.
    pub fn chinese(self) -> Option<&'a str> {
        Some(self.layer.texts.get(self.layer.chinese[usize::from(self.at)])).filter(|name| !name.is_empty())
    }

    /// English synonyms, in the order of the file.
    pub fn synonyms(self) -> impl Iterator<Item = (Synonym, &'a str)> {
        self.layer.synonyms.of(usize::from(self.at)).iter().map(move |(kind, text)| {
            let kind = match kind {
                0 => Synonym::Exact,
                1 => Synonym::Lay,
                _ => Synonym::Near,
            };
            (kind, self.layer.texts.get(*text))
        })
    }

    /// Lay words, English.
    pub fn lay(self) -> impl Iterator<Item = &'a str> {
        self.synonyms().filter(|(kind, _)| *kind == Synonym::Lay).map(|(_, text)| text)
    }

    /// The next broader terms.
    pub fn parents(self) -> impl Iterator<Item = Term<'a>> {
        self.layer.parents.of(usize::from(self.at)).iter().map(move |at| Term { at: *at, ..self })
    }

    /// The next narrower terms.
    pub fn children(self) -> impl Iterator<Item = Term<'a>> {
        self.layer.children.of(usize::from(self.at)).iter().map(move |at| Term { at: *at, ..self })
    }

    /// Whether it is `broader` or narrower than it, however far.
    pub fn is_a(self, broader: Term<'_>) -> bool {
        self.layer.closure(self.at, &self.layer.parents).contains(&broader.at)
    }
}

/// A disease of the layer.
#[derive(Clone, Copy, Debug)]
pub struct RareDisease<'a> {
    pub(super) layer: &'a RareLayer,
    pub(super) at: usize,
}

impl<'a> RareDisease<'a> {
    /// Its id.
    pub fn id(self) -> RareId {
        self.layer.diseases[self.at]
    }

    /// English name; HPO has no other.
    pub fn name(self) -> &'a str {
        self.names().next().unwrap_or_default()
    }

    /// Its name, then other names of the same id.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        self.layer.disease_names.of(self.at).iter().map(move |text| self.layer.texts.get(*text))
    }

    /// All its rows, by term.
    pub fn annotations(self) -> impl Iterator<Item = Annotation<'a>> {
        self.layer.rows.of(self.at).iter().map(move |row| self.layer.annotation(*row))
    }
}

/// A row of the annotation table.
#[derive(Clone, Copy, Debug)]
pub struct Annotation<'a> {
    /// What the disease has, or how it is inherited or runs.
    pub term: Term<'a>,
    /// Finding, inheritance, course, …
    pub aspect: Aspect,
    /// `NOT`: patients were looked at and do not have it.
    pub excluded: bool,
    /// How often; `None` when the row does not say.
    pub frequency: Option<Frequency>,
    /// When it begins.
    pub onset: Option<Term<'a>>,
    /// Only in this sex.
    pub sex: Option<Sex>,
    /// `PMID:…`, or the catalogue's own entry.
    pub reference: &'a str,
    /// `PCS` published clinical study, `TAS` the catalogue says so, `IEA` taken over by a program.
    pub evidence: &'static str,
    /// Modifier terms, separated by semicolons.
    pub modifiers: &'a str,
}

impl Annotation<'_> {
    /// Frequency, onset, sex and reference in one line, such as `3/7, PMID:31675180`.
    pub fn summary(self) -> String {
        let parts = [
            self.excluded.then(|| "NOT".to_owned()),
            self.frequency.map(|frequency| frequency.to_string()),
            self.onset.map(|onset| onset.name().to_owned()),
            self.sex.map(|sex| sex.as_str().to_owned()),
            Some(format!("{} ({})", self.reference, self.evidence)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl RareLayer {
    /// The release the layer was read from.
    pub fn release(&self) -> &Release {
        &self.release
    }

    /// The term with this id or former id.
    pub fn term(&self, id: TermId) -> Option<Term<'_>> {
        self.place(id).map(|at| Term { layer: self, at })
    }

    /// All live terms, by id.
    pub fn terms(&self) -> impl Iterator<Item = Term<'_>> {
        (0_u16..).take(self.terms.len()).map(|at| Term { layer: self, at })
    }

    /// The disease with this id.
    pub fn disease(&self, id: RareId) -> Option<RareDisease<'_>> {
        self.diseases.binary_search(&id).ok().map(|at| RareDisease { layer: self, at })
    }

    /// All diseases, by id.
    pub fn diseases(&self) -> impl Iterator<Item = RareDisease<'_>> {
        (0..self.diseases.len()).map(|at| RareDisease { layer: self, at })
    }

    pub(super) fn place(&self, id: TermId) -> Option<u16> {
        if let Ok(at) = self.terms.binary_search(&id.0) {
            return u16::try_from(at).ok();
        }
        let at = self.former.binary_search_by_key(&id.0, |(former, _)| *former).ok()?;
        Some(self.former[at].1)
    }

    fn annotation(&self, row: RowRecord) -> Annotation<'_> {
        Annotation {
            term: Term { layer: self, at: row.term },
            aspect: row.aspect(),
            excluded: row.excluded(),
            frequency: row.frequency.checked_sub(1).map(|at| self.frequencies[usize::from(at)]),
            onset: row.onset.checked_sub(1).map(|at| Term { layer: self, at }),
            sex: row.sex(),
            reference: self.texts.get(row.reference),
            evidence: row.evidence(),
            modifiers: self.texts.get(row.modifiers),
        }
    }

    /// `start` and everything reached from it by `steps`, each once.
    pub(super) fn closure(&self, start: u16, steps: &Groups<u16>) -> Vec<u16> {
        let mut seen = vec![false; self.terms.len()];
        seen[usize::from(start)] = true;
        let mut found = vec![start];
        let mut next = 0;
        while let Some(at) = found.get(next).copied() {
            for step in steps.of(usize::from(at)) {
                if !std::mem::replace(&mut seen[usize::from(*step)], true) {
                    found.push(*step);
                }
            }
            next += 1;
        }
        found
    }
}
