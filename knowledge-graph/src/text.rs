//! Text that exists in both languages.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A language of the product. English and Chinese are equals everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// Both languages, in the order they are listed everywhere.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The BCP 47 primary tag, `en` or `zh`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = String;

    /// Reads `en`, `zh` and their regional forms (`en-GB`, `zh-CN`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Ok(Self::En),
            "zh" => Ok(Self::Zh),
            _ => Err(format!("`{text}` is not a language of this product; use `en` or `zh`")),
        }
    }
}

/// One text, written in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// The English text.
    pub en: String,
    /// The Chinese text.
    pub zh: String,
}

impl Bilingual {
    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// Several texts in both languages; the two lists need not pair up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BilingualList {
    /// English texts.
    pub en: Vec<String>,
    /// Chinese texts.
    pub zh: Vec<String>,
}

impl BilingualList {
    /// The texts in `language`.
    pub fn get(&self, language: Language) -> &[String] {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }

    /// Whether both lists are empty.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }
}
