//! The rules in words, for reports, pages and whoever wants to know what is judged.

use std::sync::LazyLock;

use knowledge_graph::Bilingual;
use serde::{Deserialize, Serialize};

use crate::assessment::GraderError;

const SOURCE: &str = include_str!("rules.toml");

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// How it was asked and listened.
    Communication,
    /// In what order.
    Organisation,
    /// At what cost.
    Efficiency,
    /// Red flags, and what to do if it gets worse.
    Safety,
    /// The note written afterwards; only where one was.
    Note,
}

impl Area {
    /// Every area, in the order shown.
    pub const ALL: [Self; 5] = [Self::Communication, Self::Organisation, Self::Efficiency, Self::Safety, Self::Note];

    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Communication => "communication",
            Self::Organisation => "organisation",
            Self::Efficiency => "efficiency",
            Self::Safety => "safety",
            Self::Note => "note",
        }
    }
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Id, unique.
    pub id: String,
    /// What it is about.
    pub area: Area,
    /// Name.
    pub title: Bilingual,
    /// What code looks at, thresholds included.
    pub looks_at: Bilingual,
    /// The published principle it stands for.
    pub source: Bilingual,
    /// What each level means, from 0.
    pub anchors: Vec<Bilingual>,
}

impl Rule {
    /// The highest level.
    pub fn most(&self) -> u8 {
        u8::try_from(self.anchors.len().saturating_sub(1)).unwrap_or(u8::MAX)
    }
}

/// A harmful act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Harm {
    /// Id, unique.
    pub id: String,
    /// Name.
    pub title: Bilingual,
    /// What code looks at.
    pub looks_at: Bilingual,
}

/// All rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    rule: Vec<Rule>,
    harm: Vec<Harm>,
}

static RULES: LazyLock<Result<Rules, String>> =
    LazyLock::new(|| toml::from_str(SOURCE).map_err(|error| error.to_string()));

impl Rules {
    /// The rules that are part of the program.
    pub fn embedded() -> Result<&'static Self, GraderError> {
        RULES.as_ref().map_err(|problem| GraderError::Content { file: "rules.toml", problem: problem.clone() })
    }

    /// Every rule, in the order of reports.
    pub fn all(&self) -> &[Rule] {
        &self.rule
    }

    /// Every harmful act.
    pub fn harms(&self) -> &[Harm] {
        &self.harm
    }

    /// The rule of that id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rule.iter().find(|rule| rule.id == id)
    }

    /// The harmful act of that id.
    pub fn harm(&self, id: &str) -> Option<&Harm> {
        self.harm.iter().find(|harm| harm.id == id)
    }
}
