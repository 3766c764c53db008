//! What a sentence claims, and what is proposed for the graph because of it.

use serde::{Deserialize, Serialize};

use crate::{TopicId, format::Frequency};

/// Kinds of edges that can be read from a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// Disease → finding.
    PresentsWith,
    /// Risk factor → disease.
    RiskFor,
    /// Disease → treatment.
    TreatedBy,
    /// Disease → disease it is confused with.
    Mimics,
    /// Disease → what it leads to.
    Complicates,
    /// Disease → test.
    TestedBy,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::PresentsWith, Self::RiskFor, Self::TreatedBy, Self::Mimics, Self::Complicates, Self::TestedBy];

    /// The written form, as in statistics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PresentsWith => "presents-with",
            Self::RiskFor => "risk-for",
            Self::TreatedBy => "treated-by",
            Self::Mimics => "mimics",
            Self::Complicates => "complicates",
            Self::TestedBy => "tested-by",
        }
    }
}

/// The other end of an edge whose one end is a disease.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// A node of the graph.
    Known(TopicId),
    /// Words that the graph does not know, as they stand in the text.
    Unknown(String),
}

/// The numbers of an edge.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Values {
    /// Share of patients with the disease who have the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// Likelihood ratio of its presence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lr_positive: Option<f64>,
    /// Likelihood ratio of its absence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lr_negative: Option<f64>,
    /// Whether the ratios were computed from `sensitivity` and `specificity`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub lr_derived: bool,
    /// Sensitivity as published, 0–1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<f64>,
    /// Specificity as published, 0–1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specificity: Option<f64>,
    /// Relative risk or odds ratio of a risk factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<f64>,
    /// `first-line`, `acute`, `long-term` or `definitive`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl Values {
    /// Whether no number is given.
    pub const fn is_silent(&self) -> bool {
        self.frequency.is_none()
            && self.lr_positive.is_none()
            && self.lr_negative.is_none()
            && self.sensitivity.is_none()
            && self.specificity.is_none()
            && self.strength.is_none()
    }

    /// These values with both likelihood ratios computed when sensitivity and specificity are
    /// given and no ratio is: LR+ = sensitivity / (1 − specificity), LR− = (1 − sensitivity) /
    /// specificity, rounded to three significant digits. A ratio that would be infinite or 0 is
    /// left out.
    #[must_use]
    pub fn with_ratios(mut self) -> Self {
        if self.lr_positive.is_none()
            && self.lr_negative.is_none()
            && let (Some(sensitivity), Some(specificity)) = (self.sensitivity, self.specificity)
        {
            let usable = |ratio: f64| (ratio.is_finite() && ratio > 0.0).then(|| three_digits(ratio));
            self.lr_positive = usable(sensitivity / (1.0 - specificity));
            self.lr_negative = usable((1.0 - sensitivity) / specificity);
            self.lr_derived = self.lr_positive.is_some() || self.lr_negative.is_some();
        }
        self
    }
}

fn three_digits(value: f64) -> f64 {
    let scale = 10_f64.powf(2.0 - value.abs().log10().floor());
    (value * scale).round() / scale
}

/// An edge that a sentence states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Which kind of edge.
    pub link: LinkKind,
    /// Name part of the disease's id.
    pub disease: String,
    /// The other end.
    pub other: End,
    /// Its numbers.
    pub values: Values,
}

/// What the reader of the text took for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assumption {
    /// The sentence names no disease; the heading or title does.
    DiseaseFromContext,
    /// The sentence says "may", "possibly" or the like.
    Hedged,
    /// The likelihood ratios were computed from sensitivity and specificity.
    Derived,
    /// A test is named; its only abnormal result in the graph is meant.
    TestMeansFinding,
    /// One number stands for several findings.
    SharedNumber,
    /// A limit ("up to 30 %") is no frequency and was left out.
    LimitLeftOut,
    /// A hazard ratio, or an odds ratio of a finding, is no number this edge can hold.
    RatioLeftOut,
    /// The graph does not know the words: accepting adds a node or a name.
    NewWords,
}

impl Assumption {
    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DiseaseFromContext => "disease-from-context",
            Self::Hedged => "hedged",
            Self::Derived => "derived",
            Self::TestMeansFinding => "test-means-finding",
            Self::SharedNumber => "shared-number",
            Self::LimitLeftOut => "limit-left-out",
            Self::RatioLeftOut => "ratio-left-out",
            Self::NewWords => "new-words",
        }
    }
}

/// How sure the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The sentence says it all.
    High,
    /// One thing was taken for granted.
    Medium,
    /// The source hedges, the words are unknown, or more than one thing was taken for granted.
    Low,
}

impl Confidence {
    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// Of a reading that took these for granted.
    pub fn of(assumptions: &[Assumption]) -> Self {
        let weak = [Assumption::Hedged, Assumption::NewWords];
        match assumptions {
            [] | [Assumption::Derived | Assumption::LimitLeftOut | Assumption::RatioLeftOut] => Self::High,
            [one] if !weak.contains(one) => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// The very words a claim rests on. Offsets are bytes of the text as it was pasted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotation {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The words, exactly as they stand there.
    pub text: String,
}

/// How a claim stands to the graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "standing")]
pub enum Standing {
    /// The graph has no such edge.
    New,
    /// The graph says the same.
    Confirms {
        /// What it says.
        values: Values,
        /// Its source.
        source: Option<String>,
    },
    /// The graph has the edge with other numbers, or without them.
    Differs {
        /// What it says.
        values: Values,
        /// Its source.
        source: Option<String>,
    },
}

impl Standing {
    /// The written form.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Confirms { .. } => "confirms",
            Self::Differs { .. } => "differs",
        }
    }
}

/// A change of the graph that a sentence suggests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// What is claimed.
    pub claim: Claim,
    /// The words it rests on.
    pub quotation: Quotation,
    /// How it stands to the graph.
    pub standing: Standing,
    /// What was taken for granted in reading.
    pub assumptions: Vec<Assumption>,
    /// How sure the reading is.
    pub confidence: Confidence,
}
