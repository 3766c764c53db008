//! Words that give an answer away: what two names share.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use knowledge_graph::{Bilingual, format::Disease, is_han};

/// Words that many names share and that give nothing away.
const COMMON_EN: [&str; 18] = [
    "acute",
    "chronic",
    "disease",
    "disorder",
    "syndrome",
    "pain",
    "primary",
    "secondary",
    "infection",
    "left",
    "right",
    "lower",
    "upper",
    "with",
    "type",
    "other",
    "raised",
    "loss",
];
/// The same in Chinese, taken out before names are compared.
const COMMON_ZH: [&str; 10] = ["急性", "慢性", "疾病", "综合征", "原发性", "继发性", "感染", "障碍", "疼痛", "发作"];

/// The telling words of a text: in English the first five letters of words of four or more without
/// their plural's s, in Chinese each two characters in a row.
#[derive(Default)]
pub(super) struct Words {
    /// Digests of the words, in order: these are compared very often.
    digests: Vec<u64>,
}

impl Words {
    pub(super) fn of(text: &Bilingual) -> Self {
        let mut words = Self::default();
        words.add(&text.en, &text.zh);
        words
    }

    /// Of the name and all synonyms.
    pub(super) fn of_disease(disease: &Disease) -> Self {
        let mut words = Self::of(&disease.name);
        disease.synonyms.en.iter().for_each(|en| words.add(en, ""));
        disease.synonyms.zh.iter().for_each(|zh| words.add("", zh));
        words
    }

    fn add(&mut self, en: &str, zh: &str) {
        let stems = en
            .to_lowercase()
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.len() >= 4 && !COMMON_EN.contains(word))
            .map(|word| word.strip_suffix('s').unwrap_or(word).chars().take(5).collect())
            .collect::<Vec<String>>();
        let bare = COMMON_ZH.iter().fold(zh.to_owned(), |text, common| text.replace(common, "|"));
        let letters: Vec<char> = bare.chars().collect();
        let pairs = letters.windows(2).filter(|pair| pair.iter().all(|letter| is_han(*letter)));
        self.digests.extend(stems.iter().map(digest).chain(pairs.map(digest)));
        self.digests.sort_unstable();
        self.digests.dedup();
    }

    /// Whether they share a telling word in either language.
    pub(super) fn shares(&self, other: &Self) -> bool {
        let mut others = other.digests.iter().peekable();
        self.digests.iter().any(|own| {
            while others.next_if(|one| *one < own).is_some() {}
            others.peek() == Some(&own)
        })
    }
}

fn digest<T: Hash>(word: T) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

/// Whether two texts share a Chinese character.
pub(super) fn shares_a_character(a: &str, b: &str) -> bool {
    a.chars().any(|letter| is_han(letter) && b.contains(letter))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::learner::drills::item::both;

    #[rstest]
    #[case("I had falls", "摔了", "Falls", "跌倒", true)]
    #[case("I keep falling over", "摔了", "Seizure", "抽搐", false)]
    #[case("Acute pain", "急性疼痛", "Acute disease", "急性疾病", false)]
    #[case("My chest", "胸痛得很", "Cough", "胸痛", true)]
    fn names_give_away_what_they_share(
        #[case] en: &str,
        #[case] zh: &str,
        #[case] other_en: &str,
        #[case] other_zh: &str,
        #[case] shares: bool,
    ) {
        assert_eq!(Words::of(&both(en, zh)).shares(&Words::of(&both(other_en, other_zh))), shares);
    }
}
