//! The form of one decision.

use knowledge_graph::{
    Bilingual, BilingualList, TopicId,
    format::FindingKind,
    literature::{Claim, Completion, NewFinding, Values},
};
use serde::Deserialize;

use crate::literature::{LiteratureError, frequency_from_words};

/// What a reviewer sends: a decision, edited values, and what the text does not say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DecisionForm {
    pub(super) decision: String,
    pub(super) frequency: String,
    pub(super) lr_positive: String,
    pub(super) lr_negative: String,
    pub(super) strength: String,
    pub(super) role: String,
    pub(super) note: String,
    pub(super) name_en: String,
    pub(super) name_zh: String,
    pub(super) kind: String,
    pub(super) system: String,
    pub(super) tells_en: String,
    pub(super) tells_zh: String,
    pub(super) separates_en: String,
    pub(super) separates_zh: String,
    pub(super) topics: String,
    pub(super) result_en: String,
    pub(super) result_zh: String,
}

impl DecisionForm {
    /// The claim with the values as edited.
    pub(super) fn claim(&self, read: &Claim) -> Result<Claim, LiteratureError> {
        let edited = Values {
            frequency: frequency_from_words(&self.frequency)?,
            lr_positive: ratio(&self.lr_positive)?,
            lr_negative: ratio(&self.lr_negative)?,
            strength: ratio(&self.strength)?,
            role: Some(self.role.clone()).filter(|role| !role.is_empty()),
            ..read.values.clone()
        };
        // Ratios that somebody wrote over are no longer those computed.
        let same = (edited.lr_positive, edited.lr_negative) == (read.values.lr_positive, read.values.lr_negative);
        let values = Values { lr_derived: edited.lr_derived && same, ..edited };
        Ok(Claim { values, ..read.clone() })
    }

    /// What the text does not say.
    pub(super) fn completion(&self) -> Result<Completion, LiteratureError> {
        let name = both(&self.name_en, &self.name_zh);
        let finding = match (kind(&self.kind), &name) {
            (Some(kind), Some(name)) if !self.system.is_empty() => {
                let lay = BilingualList { en: vec![name.en.to_lowercase()], zh: vec![name.zh.clone()] };
                Some(NewFinding { kind, system: self.system.clone(), lay })
            }
            _ => None,
        };
        let topics = self.topics.split([',', '，', ' ', '\n']).map(str::trim).filter(|topic| !topic.is_empty());
        let topics =
            topics.map(|topic| topic.parse::<TopicId>().map_err(|_| LiteratureError::Number(topic.to_owned())));
        let tells = BilingualList { en: lines(&self.tells_en), zh: lines(&self.tells_zh) };
        Ok(Completion {
            name,
            finding,
            tells,
            separates: both(&self.separates_en, &self.separates_zh),
            topics: topics.collect::<Result<_, _>>()?,
            result: both(&self.result_en, &self.result_zh),
        })
    }
}

fn ratio(text: &str) -> Result<Option<f64>, LiteratureError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| LiteratureError::Number(text.to_owned()))
}

/// A text in both languages, or none.
fn both(en: &str, zh: &str) -> Option<Bilingual> {
    let (en, zh) = (en.trim().to_owned(), zh.trim().to_owned());
    (!en.is_empty() && !zh.is_empty()).then_some(Bilingual { en, zh })
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn kind(text: &str) -> Option<FindingKind> {
    match text {
        "symptom" => Some(FindingKind::Symptom),
        "sign" => Some(FindingKind::Sign),
        "laboratory" => Some(FindingKind::Laboratory),
        "imaging" => Some(FindingKind::Imaging),
        _ => None,
    }
}
