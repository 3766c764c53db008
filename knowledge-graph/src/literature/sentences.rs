//! Sentences and headings of a clean text.

use std::ops::Range;

use crate::{Language, normalise::is_han};

/// One sentence, or a heading.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// Where it stands in the clean text, without white space at its ends.
    pub(super) range: Range<usize>,
    pub(super) language: Language,
    pub(super) heading: bool,
}

/// Longer ones are tables or texts without full stops: no pattern is safe in them.
const LONGEST: usize = 900;
/// A line alone is a heading when it has no full stop and is not longer than this.
const LONGEST_HEADING: usize = 100;

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: [&str; 14] =
    ["vs", "e.g", "i.e", "al", "fig", "dr", "no", "approx", "cf", "ca", "st", "resp", "incl", "p"];

/// The sentences of `text`, in order.
pub(super) fn sentences(text: &str) -> Vec<Sentence> {
    let mut found: Vec<Sentence> = Vec::new();
    let mut start = 0;
    // Whether the last sentence announced a list whose items follow.
    let mut listing = false;
    for paragraph in text.split('\n') {
        let item = paragraph.trim_start().starts_with(['-', '•', '·'])
            || paragraph.trim_start().starts_with(|c: char| c.is_ascii_digit());
        if let Some(last) = found.last_mut().filter(|_| listing && item) {
            let end = start + paragraph.trim_end().len();
            if end - last.range.start <= LONGEST {
                last.range.end = end;
                start += paragraph.len() + 1;
                continue;
            }
        }
        let heading = is_heading(paragraph);
        for range in split(paragraph) {
            let part = &paragraph[range.clone()];
            let trimmed = part.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '-' | '•' | '·'));
            let from = range.end - trimmed.len();
            let range = start + from..start + from + trimmed.trim_end().len();
            if !range.is_empty() && range.len() <= LONGEST {
                let language = language_of(&text[range.clone()]);
                found.push(Sentence { range, language, heading });
            }
        }
        listing = paragraph.trim_end().ends_with([':', '：']);
        start += paragraph.len() + 1;
    }
    found
}

fn is_heading(paragraph: &str) -> bool {
    let line = paragraph.trim();
    line.starts_with('#')
        || (line.len() <= LONGEST_HEADING
            && !line.ends_with(['.', '。', '!', '?', ';', ':', ','])
            && !line.starts_with(['-', '•', '·'])
            && !line.contains(['%', '=']))
}

fn split(paragraph: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in paragraph.char_indices() {
        let end = at + c.len_utf8();
        if end > start && ends_sentence(paragraph, at, c) {
            parts.push(start..end);
            start = end;
        }
    }
    parts.push(start..paragraph.len());
    parts
}

fn ends_sentence(text: &str, at: usize, c: char) -> bool {
    let mut after = text[at + c.len_utf8()..].chars();
    let next = after.next();
    match c {
        '。' => true,
        '!' | '?' => next.is_none_or(|next| next == ' ' || is_han(next)),
        '.' => {
            let begins = |c: char| c.is_uppercase() || c.is_ascii_digit() || is_han(c) || matches!(c, '"' | '(' | '[');
            let word = text[..at].rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
            next == Some(' ')
                && after.next().is_none_or(begins)
                && !ABBREVIATIONS.contains(&word.as_str())
                && !(word.chars().count() == 1 && word.chars().all(char::is_alphabetic))
        }
        _ => false,
    }
}

/// Chinese when a fifth of its letters are.
fn language_of(text: &str) -> Language {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let han = text.chars().filter(|c| is_han(*c)).count();
    if han * 5 >= letters && han > 0 { Language::Zh } else { Language::En }
}

#[cfg(test)]
mod tests {
    use super::sentences;

    fn texts(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|sentence| &text[sentence.range]).collect()
    }

    #[test]
    fn numbers_and_abbreviations_end_no_sentence() {
        assert_eq!(
            texts("The ratio was 4.2 (Smith et al. 2019). Fever vs. none. 34% had it."),
            ["The ratio was 4.2 (Smith et al. 2019).", "Fever vs. none.", "34% had it."]
        );
    }

    #[test]
    fn chinese_sentences_end_with_their_own_stop() {
        assert_eq!(texts("发热占34%。咳嗽占12.5%。"), ["发热占34%。", "咳嗽占12.5%。"]);
    }

    #[test]
    fn a_line_alone_is_a_heading() {
        let found = sentences("# Pulmonary embolism\nDyspnoea is common.");
        assert_eq!(found.iter().map(|one| one.heading).collect::<Vec<_>>(), [true, false]);
    }
}
