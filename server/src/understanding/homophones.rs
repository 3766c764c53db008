//! Chinese characters that sound alike: keyboards and recognisers of speech take one for another.
//!
//! `homophones.txt` holds one line a syllable, tones left aside: the commonest 3,755 characters (the
//! first level of GB 2312) and some of medicine, by the readings of the `pinyin-data` project (MIT).

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::words::{Break, Words, is_ideograph};

const SOURCE: &str = include_str!("homophones.txt");

static BY_CHARACTER: LazyLock<HashMap<char, &'static str>> =
    LazyLock::new(|| SOURCE.lines().flat_map(|line| line.chars().map(move |c| (c, line))).collect());

/// Characters so common that they are what was meant, whatever stands beside them.
const COMMON: &str = "的一是不了在有我他她它这那个中大来上下和国地到你您说时要就出会可也年生自对那能么们以后过吗呢吧啊没多少几哪什谁怎为还都很再又最被把让给跟从向点儿去看想知道里天今明昨早晚前现家人做得着当然因所如果但或与及每次第二三四五六七八九十百千两半请问";

/// The characters that sound like `c`, itself among them; none when it is not known.
pub(crate) fn sounding_like(c: char) -> &'static str {
    BY_CHARACTER.get(&c).copied().unwrap_or_default()
}

/// Words of two characters that the product knows. Pairs within longer phrases would mend too much: of
/// 2,211 items of Chinese without slips they cost seven, these five.
#[derive(Debug, Default)]
pub(crate) struct Pairs(HashSet<(char, char)>);

impl Pairs {
    /// Those of `words`, texts as written, that have two characters.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut pairs = HashSet::new();
        for word in words {
            let characters: Vec<char> = word.chars().collect();
            if let [first, second] = characters[..]
                && is_ideograph(first)
                && is_ideograph(second)
            {
                pairs.insert((first, second));
            }
        }
        Self(pairs)
    }

    /// Replaces the stems of characters that make no known word with a neighbour where exactly one
    /// that sounds the same does.
    pub fn correct(&self, words: &mut Words) {
        let characters: Vec<Option<char>> = words.list.iter().map(|word| single(&word.stem)).collect();
        let beside = |at: usize| {
            let left = at.checked_sub(1).and_then(|left| characters[left]);
            let right = characters.get(at + 1).copied().flatten();
            let joined = |word: Option<&super::words::Word>| word.is_some_and(|word| word.before == Break::None);
            (left.filter(|_| joined(words.list.get(at))), right.filter(|_| joined(words.list.get(at + 1))))
        };
        let mended: Vec<(usize, char)> =
            (0..characters.len()).filter_map(|at| Some((at, self.mend(characters[at]?, beside(at))?))).collect();
        for (at, character) in mended {
            words.list[at].stem = character.to_string();
        }
    }

    fn mend(&self, c: char, (left, right): (Option<char>, Option<char>)) -> Option<char> {
        let fits = |c: char| {
            left.is_some_and(|left| self.0.contains(&(left, c)))
                || right.is_some_and(|right| self.0.contains(&(c, right)))
        };
        if COMMON.contains(c) || fits(c) {
            return None;
        }
        let mut others = sounding_like(c).chars().filter(|other| *other != c && fits(*other));
        others.next().filter(|_| others.next().is_none())
    }
}

fn single(stem: &str) -> Option<char> {
    let mut characters = stem.chars();
    characters.next().filter(|c| is_ideograph(*c) && characters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_sounds_like_the_known_one_is_mended_and_a_right_one_is_not() {
        let pairs = Pairs::new(["咳嗽", "头晕", "胸闷", "出汗", "体重"]);
        for (said, meant) in
            [("咳搜几天了", "咳嗽几天了"), ("头运吗", "头晕吗"), ("出门就胸门", "出门就胸闷"), ("体检", "体检")]
        {
            let mut words = Words::read(said);
            pairs.correct(&mut words);
            assert_eq!(words.stems().concat(), meant);
        }
    }

    #[test]
    fn what_a_mark_parts_makes_no_word() {
        let pairs = Pairs::new(["头晕"]);
        let mut words = Words::read("疼在头，运动以后");
        pairs.correct(&mut words);
        assert_eq!(words.stems().concat(), "疼在头运动以后");
    }
}
