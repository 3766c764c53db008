//! Names, each as it is written in both languages. They are from many places and say nothing about
//! character, means or illness.

use std::sync::LazyLock;

use knowledge_graph::{Bilingual, Language};

use super::dice::Dice;
use crate::{format::Sex, problem::both};

/// A name in Latin letters and in Chinese characters.
type Name = (&'static str, &'static str);

/// A part of the world whose family and given names go together.
struct Region {
    /// Share of the patients from outside China.
    share: f64,
    families: Vec<Name>,
    men: Vec<Name>,
    women: Vec<Name>,
    /// Whether the family name comes first and is joined to the given name in Chinese.
    family_first: bool,
}

/// Names of China, where given names tell a generation.
struct China {
    families: Vec<Name>,
    older_men: Vec<Name>,
    younger_men: Vec<Name>,
    older_women: Vec<Name>,
    younger_women: Vec<Name>,
}

static CHINA: LazyLock<China> = LazyLock::new(|| {
    let text = include_str!("names/china.txt");
    China {
        families: names(text, "families"),
        older_men: names(text, "older men"),
        younger_men: names(text, "younger men"),
        older_women: names(text, "older women"),
        younger_women: names(text, "younger women"),
    }
});

static ELSEWHERE: LazyLock<[Region; 5]> = LazyLock::new(|| {
    let region = |share: f64, text: &'static str, family_first: bool| Region {
        share,
        families: names(text, "families"),
        men: names(text, "men"),
        women: names(text, "women"),
        family_first,
    };
    [
        region(0.4, include_str!("names/europe-americas.txt"), false),
        region(0.17, include_str!("names/africa.txt"), false),
        region(0.17, include_str!("names/middle-east.txt"), false),
        region(0.17, include_str!("names/south-asia.txt"), false),
        region(0.09, include_str!("names/east-asia.txt"), true),
    ]
});

/// The names of one line of a list: `men: Omar 奥马尔, Ali 阿里`.
fn names(text: &'static str, line: &str) -> Vec<Name> {
    let listed = text.lines().find_map(|one| one.split_once(": ").filter(|(title, _)| *title == line));
    let listed = listed.map(|(_, names)| names).unwrap_or_default();
    listed.split(", ").filter_map(|name| name.rsplit_once(' ')).collect()
}

/// Age from which the older given names are drawn: born before about 1975.
const OLDER: u8 = 48;

/// A name and the family name in lower-case Latin letters, as ids have it.
pub(super) fn draw(sex: Sex, age: u8, language: Option<Language>, dice: &mut Dice) -> (Bilingual, String) {
    let chinese = match language {
        Some(Language::Zh) => 0.9,
        Some(Language::En) => 0.25,
        None => 0.5,
    };
    if dice.chance(chinese) {
        let given = match (sex, age >= OLDER) {
            (Sex::Male, true) => &CHINA.older_men,
            (Sex::Male, false) => &CHINA.younger_men,
            (Sex::Female, true) => &CHINA.older_women,
            (Sex::Female, false) => &CHINA.younger_women,
        };
        return joined(one(&CHINA.families, dice), one(given, dice), true);
    }
    let at = dice.weighted(&ELSEWHERE.each_ref().map(|region| region.share)).unwrap_or(0);
    let region = &ELSEWHERE[at];
    let given = if sex == Sex::Male { &region.men } else { &region.women };
    joined(one(&region.families, dice), one(given, dice), region.family_first)
}

fn one(names: &[Name], dice: &mut Dice) -> Name {
    dice.pick(names).copied().unwrap_or(("Doe", "某"))
}

fn joined(family: Name, given: Name, family_first: bool) -> (Bilingual, String) {
    let id: String = family.0.to_lowercase().chars().filter(char::is_ascii_lowercase).collect();
    let name = if family_first {
        both(format!("{} {}", family.0, given.0), format!("{}{}", family.1, given.1))
    } else {
        both(format!("{} {}", given.0, family.0), format!("{}·{}", given.1, family.1))
    };
    (name, id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use knowledge_graph::is_han;

    #[test]
    fn every_region_has_forty_family_and_forty_given_names_written_in_both_languages() {
        let china = &*CHINA;
        let mut lists = vec![&china.families];
        for region in &*ELSEWHERE {
            lists.extend([&region.families, &region.men, &region.women]);
        }
        for list in lists {
            assert!(list.len() >= 40, "{}: {list:?}", list.len());
        }
        for given in [&china.older_men, &china.younger_men, &china.older_women, &china.younger_women] {
            assert!(given.len() >= 25, "{}: {given:?}", given.len());
        }
        let all = ELSEWHERE.iter().flat_map(|region| region.families.iter().chain(&region.men).chain(&region.women));
        for (en, zh) in all.chain(&china.families).chain(&china.older_men).chain(&china.younger_women) {
            assert!(!en.is_empty() && !en.chars().any(is_han) && zh.chars().all(is_han), "{en} {zh}");
        }
    }
}
