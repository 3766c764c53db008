//! From tokens' bytes to the text that is shown.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Whether these bytes open or close a thought.
pub(super) fn is_think_mark(bytes: &[u8]) -> bool {
    [OPEN, CLOSE].iter().any(|mark| mark.as_bytes() == bytes)
}

/// Joins bytes to characters: a Chinese character can span tokens.
#[derive(Debug, Default)]
pub(super) struct Utf8Joiner {
    held: Vec<u8>,
}

impl Utf8Joiner {
    /// Takes the bytes of one token and gives the text that is complete. Bytes that can never
    /// become a character turn into U+FFFD.
    pub(super) fn push(&mut self, bytes: &[u8]) -> String {
        self.held.extend_from_slice(bytes);
        let mut text = String::new();
        let mut done = 0;
        for chunk in self.held.utf8_chunks() {
            text.push_str(chunk.valid());
            done += chunk.valid().len();
            let broken = chunk.invalid();
            let unfinished = done + broken.len() == self.held.len() && is_unfinished(broken);
            if !broken.is_empty() && !unfinished {
                text.push(char::REPLACEMENT_CHARACTER);
                done += broken.len();
            }
        }
        self.held.drain(..done);
        text
    }
}

/// Whether these bytes are the beginning of a character.
fn is_unfinished(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// Takes `<think>…</think>` out of a stream, however the marks are split, and the white space
/// before the first word. Holds back less than one mark.
#[derive(Debug, Default)]
pub(crate) struct ThinkFilter {
    held: String,
    thinking: bool,
    spoken: bool,
}

impl ThinkFilter {
    /// Takes a piece and gives what may be shown.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let mut shown = String::new();
        loop {
            let mark = if self.thinking { CLOSE } else { OPEN };
            // A mark that closes what was opened in the prompt, or nothing, is never shown.
            let stray = (!self.thinking).then(|| self.held.find(CLOSE)).flatten();
            match (self.held.find(mark), stray) {
                (found, Some(at)) if found.is_none_or(|found| at < found) => self.take(at, CLOSE, &mut shown),
                (Some(at), _) => {
                    self.take(at, mark, &mut shown);
                    self.thinking = !self.thinking;
                }
                (None, _) => break,
            }
        }
        let keep = held_back(&self.held);
        let ready: String = self.held.drain(..self.held.len() - keep).collect();
        if !self.thinking {
            shown.push_str(&ready);
        }
        self.begin_with_a_word(shown)
    }

    /// What is left when the stream ends.
    pub(crate) fn finish(&mut self) -> String {
        let left = std::mem::take(&mut self.held);
        if self.thinking { String::new() } else { self.begin_with_a_word(left) }
    }

    fn take(&mut self, at: usize, mark: &str, shown: &mut String) {
        if !self.thinking {
            shown.push_str(&self.held[..at]);
        }
        self.held.drain(..at + mark.len());
    }

    fn begin_with_a_word(&mut self, mut shown: String) -> String {
        if !self.spoken {
            shown.drain(..shown.len() - shown.trim_start().len());
            self.spoken = !shown.is_empty();
        }
        shown
    }
}

/// Bytes at the end of `text` that may become a mark.
fn held_back(text: &str) -> usize {
    (1..CLOSE.len())
        .rev()
        .find(|&length| [OPEN, CLOSE].iter().any(|mark| mark.get(..length).is_some_and(|start| text.ends_with(start))))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filtered(pieces: &[&str]) -> String {
        let mut filter = ThinkFilter::default();
        let shown: String = pieces.iter().map(|piece| filter.push(piece)).collect();
        shown + &filter.finish()
    }

    #[test]
    fn thinking_is_never_shown() {
        let cases: [(&str, &[&str], &str); 10] = [
            ("nothing to filter", &["It ", "hurts."], "It hurts."),
            ("a whole thought", &["<think>He asks…</think>\n\nSince Monday."], "Since Monday."),
            ("marks split anywhere", &["<th", "ink>a", "b</", "thi", "nk>", " Since"], "Since"),
            ("a thought in the middle", &["Yes.<think>hm</think> It is."], "Yes. It is."),
            ("a thought that never ends", &["Yes. <think>and", " on and on"], "Yes. "),
            ("a close without an open", &["rest of a thought</think>Yes."], "rest of a thoughtYes."),
            ("text that looks like a mark", &["3 <", " 5 <the"], "3 < 5 <the"),
            ("only the beginning of a mark", &["so <thin"], "so <thin"),
            ("two thoughts", &["<think>a</think>b<think>c</think>d"], "bd"),
            ("chinese", &["<think>想", "</think>", "三天", "了。"], "三天了。"),
        ];
        for (case, pieces, expected) in cases {
            assert_eq!(filtered(pieces), expected, "{case}");
        }
    }

    #[test]
    fn shows_text_at_once_and_holds_back_less_than_a_mark() {
        let mut filter = ThinkFilter::default();

        assert_eq!(filter.push("It hurts <"), "It hurts ");
        assert_eq!(filter.push("b"), "<b");
    }

    #[test]
    fn characters_split_over_tokens_are_joined_and_broken_bytes_are_marked() {
        let mut joiner = Utf8Joiner::default();
        let bytes = "胸痛".as_bytes();

        assert_eq!(joiner.push(&bytes[..2]), "");
        assert_eq!(joiner.push(&bytes[2..5]), "胸");
        assert_eq!(joiner.push(&bytes[5..]), "痛");
        assert_eq!(joiner.push(b"\xFFok"), "\u{FFFD}ok");
    }

    proptest! {
        #[test]
        fn how_the_stream_is_cut_does_not_change_what_is_shown(
            text in "(<think>|</think>|<|think|[a-z痛 ]){0,12}",
            cuts in proptest::collection::vec(0..80_usize, 0..6),
        ) {
            let characters: Vec<char> = text.chars().collect();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(characters.len())).collect();
            cuts.extend([0, characters.len()]);
            cuts.sort_unstable();
            let pieces: Vec<String> = cuts.windows(2).map(|pair| characters[pair[0]..pair[1]].iter().collect()).collect();
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();

            prop_assert_eq!(filtered(&pieces), filtered(&[&text]));
        }
    }
}
