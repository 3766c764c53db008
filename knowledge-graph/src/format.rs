//! The TOML files under `data/`, as written. One struct per kind of file; unknown keys are errors.
//!
//! | file | holds |
//! |---|---|
//! | `sources/*.toml` | `[[source]]` |
//! | `topics/*.toml` | `[[topic]]`: universal history topics |
//! | `facets.toml` | `[[facet]]`: how each facet is asked |
//! | `findings/*.toml` | `[[finding]]`, grouped by body system |
//! | `risk-factors/*.toml`, `tests/*.toml`, `treatments/*.toml` | `[[risk_factor]]`, `[[test]]`, `[[treatment]]` |
//! | `diseases/SYSTEM/ID.toml` | one disease a file |

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Bilingual, BilingualList, Facet, Section, TopicId, query::Sex};

/// How strong the evidence behind an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// A systematic review or meta-analysis.
    SystematicReview,
    /// A primary study.
    Study,
    /// A guideline.
    Guideline,
    /// A textbook.
    Textbook,
    /// An ontology release.
    Ontology,
    /// No source that could be named for sure: may shape a practice patient, never a grade.
    Unverified,
}

impl Evidence {
    /// The written form, such as `systematic-review`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SystematicReview => "systematic-review",
            Self::Study => "study",
            Self::Guideline => "guideline",
            Self::Textbook => "textbook",
            Self::Ontology => "ontology",
            Self::Unverified => "unverified",
        }
    }
}

/// Where a fact comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short id, such as `fanaroff-2015`.
    pub id: String,
    /// Title as published.
    pub title: String,
    /// Authors or body, short form.
    pub authors: String,
    /// Year of publication.
    pub year: u16,
    /// PubMed id, when there is one.
    pub pmid: Option<u32>,
    /// DOI or a stable address, when there is one.
    pub locator: Option<String>,
    /// The grade an edge resting on it has unless the edge says otherwise.
    pub evidence: Evidence,
}

/// A universal history topic, such as `history:smoking`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryTopic {
    /// Full topic id without facet, such as `history:drug-allergy`.
    pub id: TopicId,
    /// The section it belongs to.
    pub section: Section,
    /// Its name.
    pub name: Bilingual,
    /// Words and phrases that mean it, colloquial ones included.
    #[serde(default)]
    pub lay: BilingualList,
    /// Ways a doctor asks it (for embeddings), at least three per language.
    #[serde(default)]
    pub questions: BilingualList,
    /// Facets commonly asked of it.
    #[serde(default)]
    pub facets: Vec<Facet>,
    /// A broader topic this one specialises (asking the broad one may open it).
    pub parent: Option<TopicId>,
    /// Why a doctor asks it of every patient, one sentence; without it the section's own reason
    /// is given.
    pub why: Option<Bilingual>,
}

/// How a facet is asked, whatever the finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacetPhrases {
    /// Which facet.
    pub id: Facet,
    /// Its name.
    pub name: Bilingual,
    /// Cue words and phrases, such as "how long", "多久".
    pub cues: BilingualList,
    /// Question templates with `{finding}` for the finding's lay name, such as
    /// "When did the {finding} start?".
    pub templates: BilingualList,
}

/// What kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// Told by the patient.
    Symptom,
    /// Found on examination.
    Sign,
    /// Found in the laboratory.
    Laboratory,
    /// Seen on imaging or a tracing (ECG included).
    Imaging,
}

/// A finding node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Name part of the id: `chest-pain` for `finding:chest-pain`.
    pub id: String,
    /// What kind.
    pub kind: FindingKind,
    /// Medical name.
    pub name: Bilingual,
    /// Lay words and synonyms, colloquial ones included, as they occur in speech.
    pub lay: BilingualList,
    /// Ways a doctor asks about it, at least two per language for symptoms.
    #[serde(default)]
    pub questions: BilingualList,
    /// Body system: cardiovascular, respiratory, gastrointestinal, neurological, general, …
    pub system: String,
    /// Section in which it is asked unless it is the presenting complaint.
    pub section: Option<Section>,
    /// Facets worth asking when it is present.
    #[serde(default)]
    pub facets: Vec<Facet>,
    /// A broader finding (`finding:` name part) this one specialises, such as `abdominal-pain` for
    /// `epigastric-pain`.
    pub parent: Option<String>,
    /// Whether its presence must never be missed.
    #[serde(default)]
    pub red_flag: bool,
    /// HPO term, such as `HP:0100749`, when there is an exact one.
    pub hpo: Option<String>,
    /// Which test or examination shows it (name part of a `test:` node), for signs and results.
    pub test: Option<String>,
    /// What a patient without it says, when "no" is not enough.
    pub absent: Option<Bilingual>,
    /// How often people without any of the modelled diseases have it, 0–1; default 0.05.
    pub background: Option<f64>,
}

/// A risk factor node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskFactor {
    /// Name part of the id.
    pub id: String,
    /// Name.
    pub name: Bilingual,
    /// Lay words.
    #[serde(default)]
    pub lay: BilingualList,
    /// Ways a doctor asks about it.
    #[serde(default)]
    pub questions: BilingualList,
    /// The universal topic under which it is asked, such as `history:smoking`.
    pub asked_as: Option<TopicId>,
    /// What a patient who has it says.
    pub tells: Bilingual,
    /// Share of adults who have it, 0–1, for sampling when nothing is known.
    pub background: Option<f64>,
}

/// A test or examination node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Name part of the id.
    pub id: String,
    /// `examination`, `bedside`, `laboratory`, `imaging`, `procedure`.
    pub kind: TestKind,
    /// Name.
    pub name: Bilingual,
    /// Other names a student orders it by ("FBC", "血常规").
    #[serde(default)]
    pub lay: BilingualList,
    /// Measured quantities, empty when the result is a description.
    #[serde(default)]
    pub quantities: Vec<Quantity>,
    /// What a normal result says.
    pub normal: Bilingual,
}

/// What kind of test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestKind {
    /// Physical examination of a region or system.
    Examination,
    /// At the bedside: ECG, urine dip, blood glucose strip, peak flow.
    Bedside,
    /// Laboratory.
    Laboratory,
    /// Imaging.
    Imaging,
    /// Procedure: endoscopy, lumbar puncture.
    Procedure,
}

/// One number a test reports.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Id within the test, such as `haemoglobin`.
    pub id: String,
    /// Name.
    pub name: Bilingual,
    /// SI unit as printed, such as `g/L`.
    pub unit: String,
    /// Lower end of the adult reference range, in `unit`.
    pub low: Option<f64>,
    /// Upper end of the adult reference range, in `unit`.
    pub high: Option<f64>,
    /// Women's reference range, where it is not that of all adults.
    pub female: Option<ReferenceRange>,
    /// Men's reference range, where it is not that of all adults.
    pub male: Option<ReferenceRange>,
    /// Conventional unit as printed, such as `g/dL`.
    pub conventional_unit: Option<String>,
    /// Conventional = SI × factor.
    pub conventional_factor: Option<f64>,
    /// Decimals shown.
    #[serde(default)]
    pub decimals: u8,
}

impl Quantity {
    /// The reference range of all adults.
    pub const fn adult_range(&self) -> ReferenceRange {
        ReferenceRange { low: self.low, high: self.high }
    }

    /// The reference range of an adult of that sex.
    pub fn range(&self, sex: Sex) -> ReferenceRange {
        let own = match sex {
            Sex::Female => self.female,
            Sex::Male => self.male,
        };
        own.unwrap_or_else(|| self.adult_range())
    }
}

/// What a laboratory prints beside a result as normal, in the quantity's SI unit. A missing end is open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceRange {
    /// Lower end, itself normal.
    pub low: Option<f64>,
    /// Upper end, itself normal.
    pub high: Option<f64>,
}

impl ReferenceRange {
    /// Whether `value` lies below, in or above the range.
    pub fn place(self, value: f64) -> Placed {
        if self.high.is_some_and(|high| value > high) {
            Placed::High
        } else if self.low.is_some_and(|low| value < low) {
            Placed::Low
        } else {
            Placed::Within
        }
    }

    /// The middle of the range, counting an open lower end as 0; `None` without an upper end.
    pub fn middle(self) -> Option<f64> {
        self.high.map(|high| f64::midpoint(self.low.unwrap_or(0.0), high))
    }
}

/// Where a value lies in its reference range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// Below the lower end.
    Low,
    /// In the range, its ends included.
    Within,
    /// Above the upper end.
    High,
}

/// A treatment node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// Name part of the id.
    pub id: String,
    /// Name.
    pub name: Bilingual,
    /// What patients call it, brand names included.
    #[serde(default)]
    pub lay: BilingualList,
    /// Whether it is a drug (as opposed to a procedure or advice).
    #[serde(default)]
    pub drug: bool,
}

/// How often, as the source gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a frequency is a proportion (0.4), a range ([0.3, 0.5]) or a count (\"73/100\")")]
pub enum Frequency {
    /// A proportion 0–1.
    Point(f64),
    /// A range of proportions, low then high.
    Range([f64; 2]),
    /// A count such as `"73/100"`.
    Count(String),
}

impl Frequency {
    /// Cases and patients of a well-formed count: `"73/100"` → (73, 100).
    pub fn count(&self) -> Option<(u32, u32)> {
        let Self::Count(text) = self else { return None };
        let (cases, patients) = text.split_once('/')?;
        let (cases, patients) = (cases.trim().parse().ok()?, patients.trim().parse().ok()?);
        (patients > 0 && cases <= patients).then_some((cases, patients))
    }

    /// One proportion: the point itself, the middle of a range, or a count's share by Laplace's
    /// rule of succession, (n + 1) / (m + 2), so that 0/10 does not mean "never". `None` for a
    /// malformed count.
    pub fn proportion(&self) -> Option<f64> {
        match self {
            Self::Point(value) => Some(*value),
            Self::Range([low, high]) => Some(f64::midpoint(*low, *high)),
            Self::Count(_) => {
                let (cases, patients) = self.count()?;
                Some((f64::from(cases) + 1.0) / (f64::from(patients) + 2.0))
            }
        }
    }
}

/// Where an edge's claim comes from; flattened into each edge.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// Id in `sources.toml`; may be missing only when `evidence = "unverified"`.
    pub source: Option<String>,
    /// Overrides the source's grade.
    pub evidence: Option<Evidence>,
}

/// A disease file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disease {
    /// Name part of the id; equals the file's name.
    pub id: String,
    /// Name.
    pub name: Bilingual,
    /// Other names and abbreviations a student may write in a differential.
    #[serde(default)]
    pub synonyms: BilingualList,
    /// What patients call it.
    #[serde(default)]
    pub lay: BilingualList,
    /// ICD-10 code.
    pub icd10: Option<String>,
    /// Body system; equals the folder's name.
    pub system: String,
    /// One or two sentences a student should remember.
    pub summary: Bilingual,
    /// Whether missing it endangers life or function.
    #[serde(default)]
    pub dangerous: bool,
    /// How common, in whom.
    pub epidemiology: Epidemiology,
    /// Findings.
    pub presents_with: Vec<PresentsWith>,
    /// Risk factors.
    #[serde(default)]
    pub risk_factor: Vec<RiskFor>,
    /// Test results.
    #[serde(default)]
    pub tested_by: Vec<TestedBy>,
    /// What it is confused with.
    #[serde(default)]
    pub differential: Vec<Mimics>,
    /// What it leads to.
    #[serde(default)]
    pub complication: Vec<Complication>,
    /// What it occurs together with.
    #[serde(default)]
    pub comorbidity: Vec<Comorbidity>,
    /// First-line management at student level.
    #[serde(default)]
    pub treated_by: Vec<TreatedBy>,
}

/// How common a disease is and in whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Epidemiology {
    /// Relative frequency among acute and primary-care presentations, in cases per 100,000 adults
    /// a year; only ratios between diseases matter.
    pub incidence: f64,
    /// Share of patients in each age band: `"0-17"`, `"18-39"`, `"40-59"`, `"60-79"`, `"80+"`.
    pub age: BTreeMap<String, f64>,
    /// Share of patients who are female, 0–1.
    pub female: f64,
    /// For a disease of small children, whose findings are told in a carer's words: the months of
    /// age between which most patients are, both included.
    pub months: Option<[u16; 2]>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Edge disease → finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresentsWith {
    /// Name part of the finding's id.
    pub finding: String,
    /// Share of patients with the disease who have it.
    pub frequency: Option<Frequency>,
    /// The grade of `frequency` alone, when it is weaker than the edge's: `unverified` where
    /// `source` vouches for the link and its ratios and the number is the author's estimate.
    pub frequency_evidence: Option<Evidence>,
    /// Where `frequency` alone comes from, when that is not `source`.
    pub frequency_source: Option<String>,
    /// Likelihood ratio of its presence, as published; see `lr_derived`.
    pub lr_positive: Option<f64>,
    /// Likelihood ratio of its absence, as published; see `lr_derived`.
    pub lr_negative: Option<f64>,
    /// Whether `source` publishes sensitivity and specificity and the ratios were computed from
    /// them: LR+ = sensitivity / (1 − specificity), LR− = (1 − sensitivity) / specificity.
    #[serde(default)]
    pub lr_derived: bool,
    /// What the published ratios are of, where that is not quite the disease: in English a noun, in Chinese
    /// what follows 患者.
    #[serde(default)]
    pub lr_of: Option<Bilingual>,
    /// Whether it can be why the patient comes.
    #[serde(default)]
    pub presenting: bool,
    /// Whether its presence argues the disease away.
    #[serde(default)]
    pub excluded: bool,
    /// `male` or `female` only.
    pub sex: Option<String>,
    /// Youngest age in years it applies to.
    pub min_age: Option<u8>,
    /// Oldest age in years it applies to.
    pub max_age: Option<u8>,
    /// Typical values by facet: first-person phrases a patient would say.
    #[serde(default)]
    pub facets: BTreeMap<Facet, BilingualList>,
    /// First-person lay sentences with which a patient reports it.
    #[serde(default)]
    pub tells: BilingualList,
    /// Findings that go together with this one in the disease (not independent evidence).
    #[serde(default)]
    pub cluster: Option<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

impl PresentsWith {
    /// Where `frequency` comes from.
    pub fn frequency_provenance(&self) -> Provenance {
        match &self.frequency_source {
            Some(source) => Provenance { source: Some(source.clone()), evidence: None },
            None => self.provenance.clone(),
        }
    }
}

/// Edge risk factor → disease.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskFor {
    /// Name part of the risk factor's id.
    pub factor: String,
    /// Relative risk or odds ratio.
    pub strength: Option<f64>,
    /// Share of patients with the disease who have it, 0–1.
    pub prevalence: Option<f64>,
    /// The grade of `prevalence` alone, when it is weaker than the edge's: `unverified` where
    /// `source` vouches for the link and the number is the author's estimate.
    pub prevalence_evidence: Option<Evidence>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Edge disease → test.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestedBy {
    /// Name part of the test's id.
    pub test: String,
    /// What it typically shows, as reported.
    pub result: Bilingual,
    /// Typical values by quantity id: mean and standard deviation in the quantity's SI unit.
    #[serde(default)]
    pub values: BTreeMap<String, [f64; 2]>,
    /// Whether it confirms or excludes the disease.
    #[serde(default)]
    pub decisive: bool,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Edge disease ↔ disease: a differential.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mimics {
    /// Name part of the other disease's id.
    pub disease: String,
    /// What separates this disease from the other, one sentence.
    pub separates: Bilingual,
    /// The topics to ask for that, such as `finding:chest-pain/onset`.
    pub topics: Vec<TopicId>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Edge disease → disease: a complication.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complication {
    /// Name part of the other disease's id, when it is in the graph.
    pub disease: Option<String>,
    /// Its name, when it is not.
    pub name: Option<Bilingual>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Edge disease ↔ disease: occurring together.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comorbidity {
    /// Name part of the other disease's id.
    pub disease: String,
    /// Odds ratio or relative risk.
    pub strength: Option<f64>,
    /// How the other disease changes this one's presentation: finding (name part) → factor on its
    /// frequency, such as `chest-pain = 0.6` for diabetes.
    #[serde(default)]
    pub alters: BTreeMap<String, f64>,
    /// That change in a sentence.
    pub note: Option<Bilingual>,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Edge disease → treatment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreatedBy {
    /// Name part of the treatment's id.
    pub treatment: String,
    /// `first-line`, `acute`, `long-term` or `definitive`.
    pub role: String,
    /// Where it comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}
