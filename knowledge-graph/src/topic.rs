//! Topics: the vocabulary shared by facts, rubrics, learners and the graph.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de::Error as _};
use thiserror::Error;

/// What a topic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TopicKind {
    /// A symptom, sign, laboratory or imaging finding: a graph node.
    Finding,
    /// A risk factor: a graph node.
    RiskFactor,
    /// A disease (asked as past or family history, or named in a differential): a graph node.
    Disease,
    /// An examination or test: a graph node.
    Test,
    /// A treatment or drug: a graph node.
    Treatment,
    /// A universal history topic (past, drugs, allergy, family, social, general condition).
    History,
    /// Ideas, concerns, expectations, impact on life.
    Perspective,
    /// Course of care so far: consultations, tests, treatments and their effect.
    Course,
    /// Who the patient is: name, age, occupation.
    Identity,
    /// A move of the consultation that is not a question about the illness (greeting, summary).
    Consultation,
}

impl TopicKind {
    const NAMES: [(Self, &'static str); 10] = [
        (Self::Finding, "finding"),
        (Self::RiskFactor, "risk-factor"),
        (Self::Disease, "disease"),
        (Self::Test, "test"),
        (Self::Treatment, "treatment"),
        (Self::History, "history"),
        (Self::Perspective, "perspective"),
        (Self::Course, "course"),
        (Self::Identity, "identity"),
        (Self::Consultation, "consultation"),
    ];

    /// The prefix written in a topic id, such as `finding`.
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

macro_rules! named_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order it is shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The written form.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl FromStr for $name {
            type Err = TopicIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
                    .ok_or_else(|| TopicIdError::Unknown(text.to_owned()))
            }
        }
    };
}

named_enum! {
    /// An attribute of a finding or history topic that a doctor asks about separately
    /// (SOCRATES; 诱因、部位、性质、程度、持续时间、加重缓解).
    Facet {
        /// Where it is felt. 部位
        Site = "site",
        /// When and how it began. 起病时间与方式
        Onset = "onset",
        /// How long it lasts or has lasted. 持续时间
        Duration = "duration",
        /// What it is like. 性质
        Character = "character",
        /// Where it spreads. 放射
        Radiation = "radiation",
        /// Constant, intermittent, getting worse; time of day. 时间规律与变化
        TimeCourse = "time-course",
        /// How often. 频率次数
        Frequency = "frequency",
        /// What brought it on. 诱因
        Trigger = "trigger",
        /// What makes it worse. 加重因素
        Aggravating = "aggravating",
        /// What makes it better. 缓解因素
        Relieving = "relieving",
        /// How bad it is. 程度
        Severity = "severity",
        /// How much. 量
        Amount = "amount",
        /// Colour, content, consistency. 颜色性状
        Appearance = "appearance",
        /// Whether it happened before. 既往类似发作
        Previous = "previous",
        /// What it stops the patient doing. 影响
        Impact = "impact",
        /// What reaction a drug or food caused. 过敏反应表现
        Reaction = "reaction",
        /// Dose and regularity of a drug. 用法用量与依从性
        Dose = "dose",
        /// Which one, who, where: the particulars. 具体情况
        Detail = "detail",
    }
}

named_enum! {
    /// A section of the history, in the order it is usually taken.
    Section {
        /// Greeting, identity, consent. 开场
        Opening = "opening",
        /// Presenting complaint. 主诉
        PresentingComplaint = "presenting-complaint",
        /// History of presenting complaint, symptom analysis. 现病史
        PresentIllness = "present-illness",
        /// Associated symptoms and red flags. 伴随症状
        AssociatedSymptoms = "associated-symptoms",
        /// General condition: appetite, sleep, bowels, urine, weight. 一般情况
        GeneralCondition = "general-condition",
        /// Course of care. 诊疗经过
        CourseOfCare = "course-of-care",
        /// Past medical and surgical history. 既往史
        PastHistory = "past-history",
        /// Drugs. 用药史
        Drugs = "drugs",
        /// Allergies. 过敏史
        Allergies = "allergies",
        /// Family history. 家族史
        FamilyHistory = "family-history",
        /// Personal and social history. 个人史
        SocialHistory = "social-history",
        /// Menstrual, obstetric and sexual history. 月经婚育史
        MenstrualObstetric = "menstrual-obstetric",
        /// Systems review. 系统回顾
        SystemsReview = "systems-review",
        /// Ideas, concerns, expectations, impact. 患者的想法、担忧与期望
        Perspective = "perspective",
        /// Summary and closing. 总结与结束
        Closing = "closing",
    }
}

/// Why a text is not a topic id.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TopicIdError {
    /// No `kind:` prefix.
    #[error("`{0}` has no kind; write `finding:chest-pain` or `history:smoking`")]
    NoKind(String),
    /// A kind, facet or section that does not exist.
    #[error("`{0}` is not a known kind, facet or section")]
    Unknown(String),
    /// A name that is not lower-case words joined by hyphens.
    #[error("`{0}` is not a name; use lower-case letters, digits and hyphens")]
    BadName(String),
}

/// A topic: `kind:name` or `kind:name/facet`, such as `finding:chest-pain/radiation`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicId {
    kind: TopicKind,
    name: String,
    facet: Option<Facet>,
}

impl TopicId {
    /// A topic without a facet. `name` is lower-case words joined by hyphens.
    pub fn new(kind: TopicKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), facet: None }
    }

    /// The same node asked about one facet.
    #[must_use]
    pub fn with_facet(&self, facet: Facet) -> Self {
        Self { facet: Some(facet), ..self.clone() }
    }

    /// The same node without its facet.
    #[must_use]
    pub fn node(&self) -> Self {
        Self { facet: None, ..self.clone() }
    }

    /// What the topic is about.
    pub fn kind(&self) -> TopicKind {
        self.kind
    }

    /// The name after the colon, without the facet.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The facet, if any.
    pub fn facet(&self) -> Option<Facet> {
        self.facet
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.name)?;
        self.facet.map_or(Ok(()), |facet| write!(f, "/{facet}"))
    }
}

impl FromStr for TopicId {
    type Err = TopicIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, rest) = text.split_once(':').ok_or_else(|| TopicIdError::NoKind(text.to_owned()))?;
        let kind = TopicKind::NAMES
            .iter()
            .find(|(_, name)| *name == kind)
            .map(|(kind, _)| *kind)
            .ok_or_else(|| TopicIdError::Unknown(kind.to_owned()))?;
        let (name, facet) = match rest.split_once('/') {
            Some((name, facet)) => (name, Some(facet.parse()?)),
            None => (rest, None),
        };
        let well_formed = !name.is_empty()
            && !name.starts_with('-')
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !well_formed {
            return Err(TopicIdError::BadName(name.to_owned()));
        }
        Ok(Self { kind, name: name.to_owned(), facet })
    }
}

impl Serialize for TopicId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TopicId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
