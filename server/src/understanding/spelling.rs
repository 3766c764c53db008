//! Mending misspelt words against those that the product knows.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    homophones::Pairs,
    words::{Break, Word, Words},
};

/// Words known, by first letter.
#[derive(Debug, Default)]
pub(crate) struct Spelling {
    known: BTreeSet<String>,
    by_initial: BTreeMap<char, Vec<String>>,
    pairs: Pairs,
}

/// Shorter words have too many neighbours to be mended.
const SHORTEST: usize = 6;
/// From this length on two letters may be wrong.
const LONG: usize = 9;
/// Most words looked up in one utterance.
const MOST: usize = 60;

/// Everyday words that resemble a clinical one and are right as they stand.
const EVERYDAY: &str = "another around because before between bottle bought brought called calling change clothes coming couple course cousin during eighty either enough everything exactly explain family feeling fifteen finally finish flight follow forward friday friend further garden general getting ground happen happening having helping honest hundred husband indeed inside instead january kitchen leaving letter listen little living looking making market matter mentioned middle minute minutes moment monday morning mother moving myself nothing number office ordered outside parking people perhaps person playing please pretty probably problem quarter question quickly quite rather really reason remember saturday school second section seemed seeing several should simple sitting someone something sometimes sorry speaking started station straight strange street sunday taking talking thanks thing things thirty thought thousand through thursday together tomorrow tonight towards trying tuesday turned twelve twenty understand usually waiting walking wanted wanting watching wednesday weekend weather wonder working worried written yesterday yourself doctor nurse student patient hospital previous previously possible different difficult important interesting certainly actually obviously definitely basically appointment information";

impl Spelling {
    /// Knows `words` (folded, not stemmed) and the everyday ones.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut spelling = Self::default();
        for word in words.into_iter().filter(|word| word.len() >= SHORTEST && word.is_ascii()) {
            if spelling.known.insert(super::words::stem(word))
                && let Some(initial) = word.chars().next()
            {
                spelling.by_initial.entry(initial).or_default().push(super::words::stem(word));
            }
        }
        spelling.known.extend(EVERYDAY.split(' ').map(super::words::stem));
        spelling
    }

    /// Knows `phrases` too, as written: Chinese characters that stand for others of the same sound are
    /// mended by them.
    pub fn with_phrases<'w>(self, phrases: impl IntoIterator<Item = &'w str>) -> Self {
        Self { pairs: Pairs::new(phrases), ..self }
    }

    /// Replaces the stems of misspelt words of `text`. A name ("Mr Wright") is right as it stands.
    pub fn correct(&self, words: &mut Words, text: &str) {
        let is_name = |word: &Word| {
            let inside = word.span.start > 0 && word.before < Break::Strong;
            inside && text.get(word.span.clone()).is_some_and(is_capitalised)
        };
        self.pairs.correct(words);
        let unknown = words.list.iter_mut().filter(|word| {
            word.folded.len() >= SHORTEST
                && word.folded.is_ascii()
                && !self.known.contains(&word.stem)
                && !is_name(word)
        });
        for word in unknown.take(MOST) {
            if let Some(mended) = self.mend(&word.stem) {
                word.stem = mended.to_owned();
            }
        }
    }

    fn mend(&self, stem: &str) -> Option<&str> {
        let initial = stem.chars().next()?;
        if stem.chars().any(|c| c.is_ascii_digit()) || stem.len() + 1 < SHORTEST {
            return None;
        }
        let allowed = if stem.len() >= LONG { 2 } else { 1 };
        let near = self.by_initial.get(&initial)?.iter().filter(|known| known.len().abs_diff(stem.len()) <= allowed);
        near.map(|known| (strsim::osa_distance(known, stem), known))
            .filter(|(distance, _)| *distance <= allowed)
            .min()
            .map(|(_, known)| known.as_str())
    }
}

/// Whether only the first letter of `word` is a capital: in "VOMITTING" none is more than the others.
fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_clinical_word_is_mended_and_an_everyday_one_is_not() {
        let spelling = Spelling::new(["diarrhoea", "vomiting", "medication", "mouthful"]);
        let text = "any diarhoea, vomitting or medicaton this month because";
        let mut words = Words::read(text);
        spelling.correct(&mut words, text);
        assert_eq!(words.stems(), ["any", "diarrhoea", "vomit", "or", "medication", "it", "month", "becaus"]);
    }
    #[test]
    fn a_name_is_right_as_it_stands() {
        let spelling = Spelling::new(["weight", "vomiting"]);
        let text = "Good morning Mr Weight, Mr Wheight! Any vomitting?";
        let mut words = Words::read(text);
        spelling.correct(&mut words, text);
        assert!(words.stems().contains(&"wheight") && words.stems().contains(&"vomit"));
    }
}
