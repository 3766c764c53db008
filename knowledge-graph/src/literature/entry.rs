//! From an accepted claim to content: TOML as under `data/`, to be laid over it.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use toml::{Table, Value};

use super::{Claim, End, LinkKind, Values, compare};
use crate::{
    Bilingual, BilingualList, Graph, TopicId, TopicKind,
    format::{Disease, Evidence, FindingKind, Frequency, Provenance, Source},
    normalise::normalise,
};

/// What the teacher adds because the text does not say it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Completion {
    /// The name, in both languages, of what the graph does not know.
    pub name: Option<Bilingual>,
    /// What a new finding is.
    pub finding: Option<NewFinding>,
    /// How a patient with the disease tells of the finding. Without it no patient is made who does.
    pub tells: BilingualList,
    /// What separates the two diseases of a differential, one sentence.
    pub separates: Option<Bilingual>,
    /// What to ask for that.
    pub topics: Vec<TopicId>,
    /// What a test typically shows.
    pub result: Option<Bilingual>,
}

/// A finding that the graph does not have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFinding {
    /// What kind.
    pub kind: FindingKind,
    /// Body system.
    pub system: String,
    /// Lay words, in both languages.
    pub lay: BilingualList,
}

/// Why a claim cannot enter the graph as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryError {
    /// The disease is not in the graph.
    #[error("there is no disease `{0}`; choose one of the graph")]
    UnknownDisease(String),
    /// Both names are needed.
    #[error("the graph does not know \"{0}\"; give its name in English and in Chinese")]
    NameMissing(String),
    /// A new finding's kind, system and lay words are needed.
    #[error("\"{0}\" is new; say what kind of finding it is and its body system")]
    FindingMissing(String),
    /// Something has that name already.
    #[error("`{0}` has that name already; choose it instead of adding another")]
    NameTaken(TopicId),
    /// Only findings and complications may be new.
    #[error("\"{0}\" is not in the graph; only findings and complications can be added here")]
    NotAddable(String),
    /// A differential needs its sentence.
    #[error("say in both languages what separates the two diseases")]
    SeparatesMissing,
    /// A differential needs topics.
    #[error("name at least one thing to ask that separates the two diseases")]
    TopicsMissing,
    /// A test needs its result.
    #[error("say in both languages what the test typically shows")]
    ResultMissing,
    /// No share.
    #[error("a frequency is a share between 0 and 100 %, a range or a count such as 34/120")]
    FrequencyOutOfRange,
    /// No ratio.
    #[error("a ratio is a number above 0 and at most 1000")]
    RatioOutOfRange,
    /// The ratios contradict one another.
    #[error("LR+ and LR− lie on the same side of 1; look both up again")]
    RatiosContradict,
    /// No role.
    #[error("a treatment's role is first-line, acute, long-term or definitive")]
    UnknownRole,
}

impl EntryError {
    /// A stable name, for the words of pages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownDisease(_) => "unknown-disease",
            Self::NameMissing(_) => "name-missing",
            Self::FindingMissing(_) => "finding-missing",
            Self::NameTaken(_) => "name-taken",
            Self::NotAddable(_) => "not-addable",
            Self::SeparatesMissing => "separates-missing",
            Self::TopicsMissing => "topics-missing",
            Self::ResultMissing => "result-missing",
            Self::FrequencyOutOfRange => "frequency",
            Self::RatioOutOfRange => "ratio",
            Self::RatiosContradict => "ratios-contradict",
            Self::UnknownRole => "role",
        }
    }
}

/// What an accepted claim adds to the content: pairs of a path in the content folder and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The files; none when the graph says all of it already, on a source of its own.
    pub files: Vec<(String, String)>,
}

/// The largest ratio believed.
const LARGEST_RATIO: f64 = 1000.0;
const ROLES: [&str; 4] = ["first-line", "acute", "long-term", "definitive"];

impl Entry {
    /// The content of `claim`, resting on the source with the id `source`.
    ///
    /// # Errors
    /// What is missing or out of range. The loader checks the whole graph afterwards.
    pub fn of(graph: &Graph, claim: &Claim, completion: &Completion, source: &str) -> Result<Self, EntryError> {
        let unknown = || EntryError::UnknownDisease(claim.disease.clone());
        let disease = graph.disease(&claim.disease).ok_or_else(unknown)?;
        check_values(&claim.values)?;
        let mut files = Vec::new();
        let writer = Writer { graph, disease, claim, completion, source };
        let edge = match &claim.other {
            End::Known(topic) => writer.edge(topic.name())?,
            End::Unknown(words) => match compare::named_complication(disease, words) {
                Some(known) if claim.link == LinkKind::Complicates && writer.founded(&known.provenance) => None,
                _ => Some(writer.named(words, &mut files)?),
            },
        };
        if let Some((list, edge)) = edge {
            let mut table = Table::new();
            table.insert("id".to_owned(), Value::String(disease.id.clone()));
            table.insert(list.to_owned(), Value::Array(vec![Value::Table(edge)]));
            files.push((format!("diseases/{}/{}.toml", disease.system, disease.id), table.to_string()));
        }
        Ok(Self { files })
    }
}

/// The file of a source.
pub fn source_file(source: &Source) -> String {
    let mut table = Table::new();
    let entry = Table::try_from(source).unwrap_or_default();
    table.insert("source".to_owned(), Value::Array(vec![Value::Table(entry)]));
    table.to_string()
}

fn check_values(values: &Values) -> Result<(), EntryError> {
    let share = |value: f64| (0.0..=1.0).contains(&value);
    let valid = match &values.frequency {
        None => true,
        Some(Frequency::Point(value)) => share(*value),
        Some(Frequency::Range([low, high])) => share(*low) && share(*high) && low <= high,
        Some(count @ Frequency::Count(_)) => count.count().is_some(),
    };
    if !valid || ![values.sensitivity, values.specificity].into_iter().flatten().all(share) {
        return Err(EntryError::FrequencyOutOfRange);
    }
    let ratios = [values.lr_positive, values.lr_negative, values.strength];
    if ratios.into_iter().flatten().any(|ratio| !(ratio > 0.0 && ratio <= LARGEST_RATIO)) {
        return Err(EntryError::RatioOutOfRange);
    }
    if let (Some(positive), Some(negative)) = (values.lr_positive, values.lr_negative)
        && ((positive > 1.0 && negative > 1.0) || (positive < 1.0 && negative < 1.0))
    {
        return Err(EntryError::RatiosContradict);
    }
    if values.role.as_deref().is_some_and(|role| !ROLES.contains(&role)) {
        return Err(EntryError::UnknownRole);
    }
    Ok(())
}

struct Writer<'a> {
    graph: &'a Graph,
    disease: &'a Disease,
    claim: &'a Claim,
    completion: &'a Completion,
    source: &'a str,
}

type Edge = (&'static str, Table);

impl Writer<'_> {
    /// The edge to a known node; none when the graph has it already, well founded.
    fn edge(&self, name: &str) -> Result<Option<Edge>, EntryError> {
        match self.claim.link {
            LinkKind::PresentsWith => Ok(self.presents_with(name)),
            LinkKind::RiskFor => Ok(self.risk(name)),
            LinkKind::TreatedBy => Ok(self.treated(name)),
            LinkKind::Mimics => self.mimics(name),
            LinkKind::Complicates => Ok(self.complication(name)),
            LinkKind::TestedBy => self.tested(name),
        }
    }

    fn start(&self, key: &str, name: &str) -> Table {
        let mut edge = Table::new();
        edge.insert(key.to_owned(), Value::String(name.to_owned()));
        edge.insert("source".to_owned(), Value::String(self.source.to_owned()));
        edge
    }

    /// Whether a claim rests on a source that was read.
    fn founded(&self, provenance: &Provenance) -> bool {
        self.graph.evidence(provenance) != Evidence::Unverified
    }

    fn presents_with(&self, name: &str) -> Option<Edge> {
        let values = &self.claim.values;
        let mut edge = self.start("finding", name);
        let mut changed = false;
        let old = compare::main_edge(self.disease, name);
        if let Some(old) = old {
            changed = !self.founded(&old.provenance);
            let estimate = old.frequency.is_none() || old.frequency_evidence == Some(Evidence::Unverified);
            changed |= values.frequency.is_some() && (estimate || values.frequency != old.frequency);
            changed |= values.lr_positive.is_some() && values.lr_positive != old.lr_positive;
            changed |= values.lr_negative.is_some() && values.lr_negative != old.lr_negative;
            insert(&mut edge, "sex", old.sex.clone());
            insert(&mut edge, "min_age", old.min_age.map(i64::from));
            insert(&mut edge, "max_age", old.max_age.map(i64::from));
        }
        if old.is_some() && !changed {
            return None;
        }
        if let Some(frequency) = &values.frequency {
            edge.insert("frequency".to_owned(), frequency_value(frequency));
        }
        insert(&mut edge, "lr_positive", values.lr_positive);
        insert(&mut edge, "lr_negative", values.lr_negative);
        insert(&mut edge, "lr_derived", values.lr_derived.then_some(true));
        let against = values.lr_positive.is_some_and(|ratio| ratio < 1.0)
            || (values.lr_positive.is_none() && values.lr_negative.is_some_and(|ratio| ratio > 1.0));
        insert(&mut edge, "excluded", against.then_some(true));
        if old.is_none() && !self.completion.tells.is_empty() {
            insert(&mut edge, "tells", Value::try_from(&self.completion.tells).ok());
        }
        Some(("presents_with", edge))
    }

    fn risk(&self, name: &str) -> Option<Edge> {
        let mut edge = self.start("factor", name);
        if let Some(old) = self.disease.risk_factor.iter().find(|edge| edge.factor == name) {
            let strength = self.claim.values.strength;
            if self.founded(&old.provenance) && (strength.is_none() || strength == old.strength) {
                return None;
            }
        }
        insert(&mut edge, "strength", self.claim.values.strength);
        Some(("risk_factor", edge))
    }

    fn treated(&self, name: &str) -> Option<Edge> {
        let mut edge = self.start("treatment", name);
        let old = self.disease.treated_by.iter().find(|edge| edge.treatment == name);
        let role = self.claim.values.role.clone().or_else(|| old.map(|old| old.role.clone()));
        let role = role.unwrap_or_else(|| ROLES[0].to_owned());
        if old.is_some_and(|old| self.founded(&old.provenance) && old.role == role) {
            return None;
        }
        insert(&mut edge, "role", Some(role));
        Some(("treated_by", edge))
    }

    fn mimics(&self, name: &str) -> Result<Option<Edge>, EntryError> {
        let mut edge = self.start("disease", name);
        let old = self.disease.differential.iter().find(|edge| edge.disease == name);
        if old.is_some_and(|old| self.founded(&old.provenance)) {
            return Ok(None);
        }
        let separates = whole(self.completion.separates.as_ref()).or_else(|| old.map(|old| &old.separates));
        let separates = separates.ok_or(EntryError::SeparatesMissing)?;
        let topics = match (self.completion.topics.is_empty(), old) {
            (true, Some(old)) => &old.topics,
            (true, None) => return Err(EntryError::TopicsMissing),
            (false, _) => &self.completion.topics,
        };
        edge.insert("separates".to_owned(), bilingual(separates));
        let topics = topics.iter().map(|topic| Value::String(topic.to_string())).collect();
        edge.insert("topics".to_owned(), Value::Array(topics));
        Ok(Some(("differential", edge)))
    }

    fn complication(&self, name: &str) -> Option<Edge> {
        let same = |edge: &&crate::format::Complication| edge.disease.as_deref() == Some(name);
        let known = self.disease.complication.iter().find(same);
        if known.is_some_and(|old| self.founded(&old.provenance)) {
            return None;
        }
        Some(("complication", self.start("disease", name)))
    }

    fn tested(&self, name: &str) -> Result<Option<Edge>, EntryError> {
        let mut edge = self.start("test", name);
        let old = self.disease.tested_by.iter().find(|edge| edge.test == name);
        if old.is_some_and(|old| self.founded(&old.provenance)) {
            return Ok(None);
        }
        let result = whole(self.completion.result.as_ref()).or_else(|| old.map(|old| &old.result));
        edge.insert("result".to_owned(), bilingual(result.ok_or(EntryError::ResultMissing)?));
        if let Some(old) = old {
            insert(&mut edge, "values", Value::try_from(&old.values).ok());
            insert(&mut edge, "decisive", old.decisive.then_some(true));
        }
        Ok(Some(("tested_by", edge)))
    }

    /// The edge to something new, which the teacher has named.
    fn named(&self, words: &str, files: &mut Vec<(String, String)>) -> Result<Edge, EntryError> {
        let name = whole(self.completion.name.as_ref()).ok_or_else(|| EntryError::NameMissing(words.to_owned()))?;
        match self.claim.link {
            LinkKind::Complicates => {
                self.unused(name, TopicKind::Disease)?;
                let mut edge = self.start("source", self.source);
                edge.insert("name".to_owned(), bilingual(name));
                Ok(("complication", edge))
            }
            LinkKind::PresentsWith => {
                self.unused(name, TopicKind::Finding)?;
                let finding = self.completion.finding.as_ref();
                let finding = finding.ok_or_else(|| EntryError::FindingMissing(words.to_owned()))?;
                let id = slug(&name.en).ok_or_else(|| EntryError::NameMissing(words.to_owned()))?;
                files.push((format!("findings/{}.toml", finding.system), finding_file(&id, name, finding)));
                let edge = self.presents_with(&id);
                edge.ok_or_else(|| EntryError::NameTaken(TopicId::new(TopicKind::Finding, &id)))
            }
            _ => Err(EntryError::NotAddable(words.to_owned())),
        }
    }

    /// Refuses a name that something of that kind has.
    fn unused(&self, name: &Bilingual, kind: TopicKind) -> Result<(), EntryError> {
        let (en, zh) = (normalise(&name.en), normalise(&name.zh));
        let taken = self.graph.topics().find(|topic| {
            topic.id.kind() == kind
                && topic.id.facet().is_none()
                && (normalise(&topic.name.en) == en || normalise(&topic.name.zh) == zh)
        });
        taken.map_or(Ok(()), |topic| Err(EntryError::NameTaken(topic.id)))
    }
}

fn finding_file(id: &str, name: &Bilingual, finding: &NewFinding) -> String {
    let mut entry = Table::new();
    entry.insert("id".to_owned(), Value::String(id.to_owned()));
    insert(&mut entry, "kind", Value::try_from(finding.kind).ok());
    entry.insert("name".to_owned(), bilingual(name));
    insert(&mut entry, "lay", Value::try_from(&finding.lay).ok());
    insert(&mut entry, "system", Some(finding.system.clone()));
    let mut table = Table::new();
    table.insert("finding".to_owned(), Value::Array(vec![Value::Table(entry)]));
    table.to_string()
}

fn insert(table: &mut Table, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        table.insert(key.to_owned(), value.into());
    }
}

fn frequency_value(frequency: &Frequency) -> Value {
    match frequency {
        Frequency::Point(value) => Value::Float(*value),
        Frequency::Range([low, high]) => Value::Array(vec![Value::Float(*low), Value::Float(*high)]),
        Frequency::Count(text) => Value::String(text.clone()),
    }
}

fn bilingual(text: &Bilingual) -> Value {
    let mut table = Table::new();
    table.insert("en".to_owned(), Value::String(text.en.trim().to_owned()));
    table.insert("zh".to_owned(), Value::String(text.zh.trim().to_owned()));
    Value::Table(table)
}

/// A text that is written in both languages.
fn whole(text: Option<&Bilingual>) -> Option<&Bilingual> {
    text.filter(|text| !text.en.trim().is_empty() && !text.zh.trim().is_empty())
}

/// An id from an English name; `None` when nothing of it can stand in one.
fn slug(name: &str) -> Option<String> {
    let plain: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("-"))
}
