//! The TOML file of one case, as written. Unknown keys are errors.

use std::collections::BTreeMap;

use knowledge_graph::{Bilingual, BilingualList, Language, Section, TopicId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schema::{BilingualListShape, BilingualShape, IdShape, SectionShape, TopicShape};

/// The version of this format.
pub const FORMAT: u32 = 1;

/// A case file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Version of the file format; now 1.
    pub format: u32,
    /// The one language this case is written in, when it is not yet in both. Consultations are
    /// held in it, and the other language's texts repeat it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub only: Option<Language>,
    /// Unique id: lower-case words joined by hyphens. Never names the diagnosis.
    #[schemars(with = "IdShape")]
    pub id: String,
    /// Version of this case, counted up by its author.
    pub version: u32,
    /// Title in lists; never names the diagnosis.
    #[schemars(with = "BilingualShape")]
    pub title: Bilingual,
    /// Who wrote it.
    pub author: String,
    /// SPDX licence expression.
    pub licence: String,
    /// Body system, as in the graph.
    pub system: String,
    /// The presenting complaint.
    #[schemars(with = "TopicShape")]
    pub complaint: TopicId,
    /// How hard.
    pub level: Level,
    /// Where the consultation takes place.
    pub setting: Setting,
    /// Minutes allowed in an exam.
    pub minutes: u16,
    /// Marking scheme it is meant for, by id; the server's choice when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<IdShape>")]
    pub scheme: Option<String>,
    /// Seed and request, when it was generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// What is wrong with the patient. Never in a prompt.
    pub diagnosis: Diagnosis,
    /// Who the patient is.
    pub patient: Patient,
    /// How the patient speaks.
    pub persona: Persona,
    /// What the student reads before entering.
    #[schemars(with = "BilingualShape")]
    pub door_note: Bilingual,
    /// What the student sees on entering.
    #[schemars(with = "BilingualShape")]
    pub appearance: Bilingual,
    /// Vital signs, visible on the door note.
    pub vitals: Vitals,
    /// The patient's first words when asked openly.
    #[schemars(with = "BilingualShape")]
    pub opening: Bilingual,
    /// What the patient knows.
    #[serde(rename = "fact")]
    pub facts: Vec<Fact>,
    /// What examination shows.
    #[serde(default, rename = "examination")]
    pub examinations: Vec<Examination>,
    /// What tests show.
    #[serde(default, rename = "result")]
    pub results: Vec<TestResult>,
    /// What the student should ask.
    #[serde(rename = "rubric")]
    pub rubric: Vec<RubricItem>,
    /// For the teacher.
    #[schemars(with = "BilingualShape")]
    pub teaching_note: Bilingual,
}

/// Difficulty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Textbook picture, forthcoming patient.
    Introductory,
    /// Some atypical features or a harder persona.
    Intermediate,
    /// Atypical, multimorbid or rare.
    Advanced,
}

/// Where the consultation takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// Emergency department.
    Emergency,
    /// Clinic or general practice.
    Clinic,
    /// Hospital ward.
    Ward,
    /// At home or by telephone.
    Home,
}

/// How a generated case was made; the same values make the same case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    /// Seed.
    pub seed: u64,
    /// Version of the graph's content (hash).
    pub graph: String,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// The disease (name part of a graph node), when the graph has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disease: Option<String>,
    /// Its name as shown in the debrief.
    #[schemars(with = "BilingualShape")]
    pub name: Bilingual,
    /// Other conditions the patient has (name parts of graph nodes).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comorbidities: Vec<String>,
    /// Diagnoses worth considering, most important first.
    #[serde(default)]
    pub differential: Vec<Differential>,
}

/// One diagnosis worth considering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Differential {
    /// Name part of a graph node, when the graph has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disease: Option<String>,
    /// Name.
    #[schemars(with = "BilingualShape")]
    pub name: Bilingual,
    /// What in this patient argues for or against it.
    #[schemars(with = "BilingualShape")]
    pub reason: Bilingual,
    /// Whether missing it is dangerous.
    #[serde(default)]
    pub dangerous: bool,
}

/// Sex as recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl From<Sex> for knowledge_graph::query::Sex {
    fn from(sex: Sex) -> Self {
        match sex {
            Sex::Female => Self::Female,
            Sex::Male => Self::Male,
        }
    }
}

/// Who the patient is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// Name in each language.
    #[schemars(with = "BilingualShape")]
    pub name: Bilingual,
    /// Age in years (0 for an infant; say months in the door note).
    pub age: u8,
    /// Sex.
    pub sex: Sex,
    /// Occupation.
    #[schemars(with = "BilingualShape")]
    pub occupation: Bilingual,
    /// Who speaks when it is not the patient, such as "mother".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BilingualShape>")]
    pub spokesperson: Option<Bilingual>,
}

/// How the patient speaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// Manner.
    pub style: Style,
    /// Mood at the start.
    pub mood: Mood,
    /// One or two sentences on how this person talks, for the model; no medical facts.
    #[schemars(with = "BilingualShape")]
    pub voice: Bilingual,
    /// Technical words this patient understands; all others meet "What do you mean?".
    #[serde(default)]
    pub understands: Vec<String>,
    /// How much this person knows of the words of medicine; `ordinary` unless said.
    #[serde(default, skip_serializing_if = "Literacy::is_ordinary")]
    pub literacy: Literacy,
    /// Colour of the Chinese this person speaks; standard unless said. Never changes a fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Dialect>,
}

/// How much a person knows of the words of medicine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Literacy {
    /// As most people.
    #[default]
    Ordinary,
    /// Has plain words for illnesses and medicines ("the sugar", "a water tablet") and asks what a
    /// word means where others would not have to.
    Limited,
}

impl Literacy {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
    fn is_ordinary(&self) -> bool {
        *self == Self::Ordinary
    }
}

/// A light colour of spoken Chinese: a few pronouns, adverbs and particles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// Of the north: 啥, 咋, 昨儿.
    Northern,
    /// Of the south-west: 啥子, 咋个, 晓得, 嘛.
    Southwestern,
    /// Of somebody whose first language is Cantonese: 夜晚, 头先, 啊.
    Cantonese,
}

/// Manner of speaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Straightforward.
    Plain,
    /// Says a little more than asked, of what may be said.
    Talkative,
    /// A few words.
    Terse,
    /// Worried; asks back.
    Anxious,
    /// Guarded until trust is earned.
    Distrustful,
    /// Elderly, hard of hearing.
    HardOfHearing,
    /// Speaks for a child or another person.
    Proxy,
}

/// Mood: state that changes during a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// At ease.
    Calm,
    /// Worried.
    Worried,
    /// Low.
    Sad,
    /// Irritated.
    Irritated,
    /// In pain or short of breath.
    Distressed,
}

/// Vital signs. Units are part of the names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vitals {
    /// Temperature in °C.
    pub temperature_c: f64,
    /// Pulse in beats a minute.
    pub pulse_per_min: u16,
    /// Systolic blood pressure in mmHg.
    pub systolic_mmhg: u16,
    /// Diastolic blood pressure in mmHg.
    pub diastolic_mmhg: u16,
    /// Breaths a minute.
    pub respiratory_rate_per_min: u16,
    /// Oxygen saturation on room air in percent.
    pub spo2_percent: u8,
}

/// When a fact may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Disclosure {
    /// Said without being asked, in the opening or to "anything else?".
    Volunteered,
    /// Said to an open question that touches its topic or section.
    OpenQuestion,
    /// Said only when asked for.
    Asked,
    /// Said only when asked for and trust has been earned.
    NeedsTrust,
}

/// Something the patient knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Unique within the case: lower-case words joined by hyphens.
    #[schemars(with = "IdShape")]
    pub id: String,
    /// What it answers.
    #[schemars(with = "TopicShape")]
    pub topic: TopicId,
    /// Other topics it answers as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<TopicShape>")]
    pub also: Vec<TopicId>,
    /// False when the patient does *not* have it (a pertinent negative).
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub present: bool,
    /// When it may be told.
    pub disclosure: Disclosure,
    /// How much it bothers the patient, 1–5: the order in which things are volunteered.
    #[serde(default = "middling")]
    pub bother: u8,
    /// One self-contained first-person sentence a patient would say. It is the reply when the
    /// model is silent or wrong, and the ground truth its words are checked against.
    #[schemars(with = "BilingualShape")]
    pub tells: Bilingual,
    /// A few words, for closed questions ("Two days.").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BilingualShape>")]
    pub brief: Option<Bilingual>,
    /// Other ways to say the same.
    #[serde(default, skip_serializing_if = "BilingualList::is_empty")]
    #[schemars(with = "BilingualListShape")]
    pub variants: BilingualList,
    /// Where it comes from: `graph:disease:ID->finding:ID`, `hpo:ORPHA:NUMBER/HP:NUMBER` (an
    /// annotation of the Human Phenotype Ontology), or `author`.
    pub source: String,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

fn middling() -> u8 {
    3
}

/// What examining something shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Examination {
    /// Name part of a `test:` node of kind examination.
    pub test: String,
    /// What is found.
    #[schemars(with = "BilingualShape")]
    pub finding: Bilingual,
    /// Where it comes from.
    pub source: String,
}

/// What a test shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestResult {
    /// Name part of a `test:` node.
    pub test: String,
    /// Report in words.
    #[schemars(with = "BilingualShape")]
    pub report: Bilingual,
    /// Values by quantity id, in the quantity's SI unit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, f64>,
    /// The same measured again, in the order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<Reading>,
    /// Where it comes from.
    pub source: String,
}

/// Values of a test that was repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Hours after the values of the result itself; negative when they were measured before.
    pub hours: f64,
    /// Values by quantity id, in the quantity's SI unit.
    pub values: BTreeMap<String, f64>,
}

/// One thing the student should ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RubricItem {
    /// Unique within the case.
    #[schemars(with = "IdShape")]
    pub id: String,
    /// "Asks when the pain started", in the imperative third person.
    #[schemars(with = "BilingualShape")]
    pub text: Bilingual,
    /// Section it counts in.
    #[schemars(with = "SectionShape")]
    pub section: Section,
    /// Topics that earn it: any one of them.
    #[schemars(with = "Vec<TopicShape>")]
    pub topics: Vec<TopicId>,
    /// Whether missing it fails the station.
    #[serde(default)]
    pub critical: bool,
    /// Weight; 1 unless said.
    #[serde(default = "one")]
    pub weight: f64,
    /// Why it matters here, when the graph's own reason is not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<BilingualShape>")]
    pub why: Option<Bilingual>,
}

fn one() -> f64 {
    1.0
}
