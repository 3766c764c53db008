//! One form of a pasted text, each byte knowing where it came from.
//!
//! PDF text has broken lines, hyphenation, ligatures, page numbers and superscripts; web text has
//! dashes and spaces of many kinds. Patterns see the clean form, people see what they pasted.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use crate::normalise::is_han;

/// The clean form of a text. Paragraphs, headings and list items are separated by `\n`; every
/// other white space is one space.
pub(super) struct Clean {
    pub(super) text: String,
    /// For each byte of `text` the pasted range of its character.
    origins: Vec<(usize, usize)>,
}

impl Clean {
    pub(super) fn new(pasted: &str) -> Self {
        let mut clean = Self { text: String::with_capacity(pasted.len()), origins: Vec::with_capacity(pasted.len()) };
        let lines: Vec<(usize, &str)> = lines(pasted).into_iter().filter(|(_, line)| !is_page_number(line)).collect();
        for (index, (start, line)) in lines.iter().enumerate() {
            clean.line(*start, line);
            let next = lines.get(index + 1).map(|(_, line)| *line);
            clean.line_end(start + line.len(), line, next);
        }
        clean
    }

    /// The pasted bytes of a stretch of the clean text.
    pub(super) fn pasted(&self, range: Range<usize>) -> Range<usize> {
        match (self.origins.get(range.start), self.origins.get(range.end.saturating_sub(1))) {
            (Some((start, _)), Some((_, end))) if !range.is_empty() => *start..*end,
            _ => 0..0,
        }
    }

    fn line(&mut self, start: usize, line: &str) {
        let mut characters = line.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            let range = (start + at, start + at + c.len_utf8());
            let before = self.text.chars().next_back();
            match plain(c, before, next) {
                Plain::Nothing => {}
                Plain::As(plain) => self.push(plain, range),
                Plain::Itself => c.nfkc().for_each(|c| self.push(c, range)),
            }
        }
    }

    fn push(&mut self, c: char, origin: (usize, usize)) {
        let c = if c.is_whitespace() && c != '\n' { ' ' } else { c };
        if c == ' ' && self.text.chars().next_back().is_none_or(char::is_whitespace) {
            return;
        }
        self.text.push(c);
        self.origins.extend(std::iter::repeat_n(origin, c.len_utf8()));
    }

    fn pop(&mut self) {
        if let Some(c) = self.text.pop() {
            self.origins.truncate(self.origins.len() - c.len_utf8());
        }
    }

    /// Joins a broken line with the next, or ends the paragraph.
    fn line_end(&mut self, at: usize, line: &str, next: Option<&str>) {
        let Some(next) = next else { return };
        let next_is_new = next.trim().is_empty() || is_item(next) || is_heading(next) || is_heading(line);
        if line.trim().is_empty() || next_is_new {
            while self.text.ends_with(' ') {
                self.pop();
            }
            if !self.text.is_empty() && !self.text.ends_with('\n') {
                self.push('\n', (at, at + 1));
            }
            return;
        }
        let first = next.trim_start().chars().next();
        let mut last = self.text.chars().rev();
        let (last, one_before) = (last.next(), last.next());
        if last == Some('-') && one_before.is_some_and(char::is_alphabetic) && first.is_some_and(char::is_lowercase) {
            self.pop();
        } else if !(last.is_some_and(is_wide) && first.is_some_and(is_wide)) {
            self.push(' ', (at, at + 1));
        }
    }
}

enum Plain {
    Nothing,
    Itself,
    As(char),
}

/// What stands for a character, given its neighbours.
fn plain(c: char, before: Option<char>, next: Option<char>) -> Plain {
    let between_digits =
        before.is_some_and(|c| c.is_ascii_digit()) && next.is_some_and(|c| c.is_ascii_digit() || c == ' ');
    match c {
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}' | '*' | '`' | '\r' => Plain::Nothing,
        _ if is_superscript(c) => Plain::Nothing,
        '‐' | '‑' | '‒' | '–' | '—' | '−' | '﹣' | '－' | '~' | '～' | '〜' | '∼' => Plain::As('-'),
        '‘' | '’' | '＇' => Plain::As('\''),
        '“' | '”' => Plain::As('"'),
        '‹' | '›' | '|' | '\u{c}' => Plain::As(' '),
        '·' | '∙' if between_digits => Plain::As('.'),
        _ => Plain::Itself,
    }
}

/// Superscript numbers are references; NFKC would make them part of the number before.
const fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰'..='⁹')
}

/// Characters between which Chinese text needs no space.
fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '。' | '、' | '，' | '；' | '：' | ',' | ';' | ':' | '(' | ')' | '（' | '）')
}

fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    text.split('\n')
        .map(|line| {
            let at = start;
            start += line.len() + 1;
            (at, line)
        })
        .collect()
}

/// "12", "- 12 -", "Page 3 of 10", "第3页".
fn is_page_number(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    let bare: String = line
        .replace("page", "")
        .replace(" of ", "")
        .chars()
        .filter(|c| !matches!(c, '-' | '–' | '—' | ' ' | '第' | '页' | '共' | '/'))
        .collect();
    !bare.is_empty() && bare.chars().count() <= 8 && bare.chars().all(|c| c.is_ascii_digit()) && line.len() < 24
}

/// A line that begins an item of a list.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    if ["- ", "* ", "• ", "·", "– "].iter().any(|mark| line.starts_with(mark)) {
        return true;
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let rest = &line[digits..];
    (1..=2).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") ") || rest.starts_with('、'))
}

/// A line of Markdown that is a heading.
pub(super) fn is_heading(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Clean;

    #[rstest]
    #[case::broken_lines("fever was\npresent", "fever was present")]
    #[case::hyphenation("haemop-\ntysis", "haemoptysis")]
    #[case::ligature("bre\u{fb01}ng", "brefing")]
    #[case::superscript_reference("in 34%¹² of", "in 34% of")]
    #[case::middle_dot("LR 4·2", "LR 4.2")]
    #[case::full_width("占３４％，", "占34%,")]
    #[case::dashes("30–50 %", "30-50 %")]
    #[case::page_number("was present\n\n12\n\nPage 3 of 10\nin 34%", "was present\nin 34%")]
    #[case::page_number_inside_a_sentence("was present\n12\nin 34%", "was present in 34%")]
    #[case::chinese_lines("肺栓塞患者\n中", "肺栓塞患者中")]
    #[case::list("Signs:\n- fever\n- cough", "Signs:\n- fever\n- cough")]
    fn a_text_is_brought_into_one_form(#[case] pasted: &str, #[case] expected: &str) {
        assert_eq!(Clean::new(pasted).text, expected);
    }

    #[test]
    fn every_stretch_knows_where_it_was_pasted() {
        let pasted = "Haemop-\ntysis was ﬁrst seen in 34 %.";
        let clean = Clean::new(pasted);
        let at = clean.text.find("Haemoptysis").unwrap();

        assert_eq!(&pasted[clean.pasted(at..at + "Haemoptysis".len())], "Haemop-\ntysis");
        let at = clean.text.find("first").unwrap();
        assert_eq!(&pasted[clean.pasted(at..at + "first".len())], "ﬁrst");
    }
}
