//! Cutting an utterance into clauses that each do one thing.

use std::ops::Range;

use super::{
    cues::{Cue, Cues, CuesFound},
    words::{Break, Words, is_ideograph},
};

/// A stretch of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Which words.
    pub words: Range<usize>,
    /// Whether its sentence ends with a question mark.
    pub questioned: bool,
    /// Number of the sentence within the utterance.
    pub sentence: usize,
}

/// Longest clause; a longer one is cut so that work stays bounded.
const LONGEST: usize = 36;
/// Speech without punctuation: an English clause this long may end before a new question.
const SHORTEST_BEFORE_QUESTION: usize = 3;

/// Cuts `words` into clauses.
pub(crate) fn segments(words: &Words, cues: &Cues) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut sentence = 0;
    let count = words.list.len();
    for end in 1..=count {
        let mark = if end == count { words.after.unwrap_or(Break::Strong) } else { words.list[end].before };
        if mark >= Break::Strong || end == count {
            cut_sentence(words, cues, start..end, sentence, &mut found, mark == Break::Question);
            start = end;
            sentence += 1;
        }
    }
    found
}

fn cut_sentence(
    words: &Words,
    cues: &Cues,
    range: Range<usize>,
    sentence: usize,
    into: &mut Vec<Segment>,
    questioned: bool,
) {
    let stems: Vec<&str> = words.list[range.clone()].iter().map(|word| word.stem.as_str()).collect();
    let found = cues.find(&stems);
    let mut start = 0;
    for at in 1..=stems.len() {
        let whole = at == stems.len();
        if whole || at - start >= LONGEST || cuts_before(words, &found, &range, start, at) {
            into.push(Segment { words: range.start + start..range.start + at, questioned, sentence });
            start = at;
        }
    }
}

/// Whether a clause that began at `start` ends before word `at` (both relative to the sentence).
fn cuts_before(words: &Words, found: &CuesFound, sentence: &Range<usize>, start: usize, at: usize) -> bool {
    let (offset, words_of_sentence) = (sentence.start, sentence.len());
    let word = &words.list[offset + at];
    let chinese = word.stem.chars().all(is_ideograph);
    let asks = |at: usize| found.starts(Cue::Starter, at);
    let joins = |at: usize| matches!(words.list[offset + at].stem.as_str(), "and" | "or" | "but" | "so" | "um" | "uh");
    if word.before == Break::Weak {
        // "You have no fever, do you?": the tag belongs to what it checks.
        if (at..words_of_sentence).all(|at| found.covers(Cue::Tag, at)) && found.ends(Cue::Tag, words_of_sentence) {
            return false;
        }
        let only_fillers = (start..at).all(|at| found.covers(Cue::Filler, at));
        return chinese || only_fillers || asks(at) || (joins(at) && asks(at + 1));
    }
    if word.before != Break::None {
        return false;
    }
    let previous = words.list[offset + at - 1].stem.as_str();
    if matches!(previous, "吗" | "呢") {
        return true;
    }
    let long_enough = at - start >= SHORTEST_BEFORE_QUESTION;
    long_enough && !chinese && joins(at) && asks(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let cues = Cues::embedded().unwrap();
        let words = Words::read(text);
        let shown =
            |s: &Segment| text[words.list[s.words.start].span.start..words.list[s.words.end - 1].span.end].to_owned();
        segments(&words, &cues).iter().map(shown).collect()
    }

    #[test]
    fn compound_questions_are_cut_and_lists_are_not() {
        assert_eq!(
            cut("When did it start, and is it getting worse? Any nausea, vomiting or diarrhoea?"),
            ["When did it start", "and is it getting worse", "Any nausea, vomiting or diarrhoea"]
        );
        assert_eq!(
            cut("恶心、呕吐、拉肚子有没有？烧了几天了，最高多少度？"),
            ["恶心、呕吐、拉肚子有没有", "烧了几天了", "最高多少度"]
        );
    }

    #[test]
    fn speech_without_punctuation_is_cut_at_new_questions() {
        assert_eq!(
            cut("do you smoke at all and do you drink any alcohol"),
            ["do you smoke at all", "and do you drink any alcohol"]
        );
        assert_eq!(cut("你抽烟吗喝酒吗"), ["你抽烟吗", "喝酒吗"]);
    }

    #[test]
    fn an_endless_utterance_gives_bounded_clauses() {
        let cues = Cues::embedded().unwrap();
        let words = Words::read(&"word ".repeat(4000));
        assert!(segments(&words, &cues).iter().all(|s| s.words.len() <= LONGEST));
    }
}
