//! An utterance as words with their places in it.
//!
//! A run of Latin letters and digits is a word, each Chinese character is a word of its own; which
//! characters belong together is decided by the phrases that are looked for. Words are folded
//! (NFKC, lower case, English endings removed) so that "Smoking", "smokes" and "ＳＭＯＫＥ" meet.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::injection::is_invisible;

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Break {
    /// Nothing but space.
    None,
    /// An enumeration mark: 、 or a slash.
    List,
    /// A comma, colon or dash.
    Weak,
    /// The end of a sentence.
    Strong,
    /// The end of a question: "?".
    Question,
}

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Byte range in the utterance.
    pub span: Range<usize>,
    /// The folded word as spoken, such as "smoking".
    pub folded: String,
    /// What it is compared by, such as "smok".
    pub stem: String,
    /// What stands before it.
    pub before: Break,
    /// Whether it was said as 怕不怕 (冷): one character asked both ways.
    pub either: bool,
}

/// An utterance as words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    /// The words in order.
    pub list: Vec<Word>,
    /// What stands after the last word.
    pub after: Option<Break>,
}

impl Words {
    /// Reads `text`. Remarks of a transcriber such as "[inaudible]" are left out.
    pub fn read(text: &str) -> Self {
        let mut words = Self::default();
        let mut open: Option<Word> = None;
        let mut pending = Break::None;
        let mut skip_until = 0;
        for (at, c) in text.char_indices() {
            if at < skip_until {
                continue;
            }
            if let Some(end) = remark_end(text, at, c) {
                words.close(&mut open);
                skip_until = end;
                continue;
            }
            if is_invisible(c) {
                continue;
            }
            let end = at + c.len_utf8();
            let folded: String = c.nfkc().flat_map(char::to_lowercase).collect();
            match kind_of(&folded, open.is_some()) {
                Kind::Letter => {
                    if let Some(word) = &mut open {
                        word.folded.push_str(&folded);
                        word.span.end = end;
                    } else {
                        open =
                            Some(Word { span: at..end, folded, stem: String::new(), before: pending, either: false });
                        pending = Break::None;
                    }
                }
                Kind::Ideograph => {
                    words.close(&mut open);
                    let stem = folded.clone();
                    words.list.push(Word { span: at..end, folded, stem, before: pending, either: false });
                    pending = Break::None;
                }
                Kind::Mark(mark) => {
                    words.close(&mut open);
                    pending = pending.max(mark);
                }
            }
        }
        words.close(&mut open);
        words.after = (pending > Break::None).then_some(pending);
        words.join_either();
        words
    }

    /// Makes 怕不怕冷 and 恶心不恶心 one word or two: 怕冷, 恶心. What ends in 疼不疼 stays as it is.
    fn join_either(&mut self) {
        let mut at = 0;
        while at < self.list.len() {
            let length = (1..=2).rev().find(|length| self.asks_both_ways(at, *length));
            if let Some(length) = length {
                let start = self.list[at].span.start;
                let before = self.list[at].before;
                self.list.drain(at..=at + length);
                self.list[at].span.start = start;
                self.list[at].before = before;
                self.list[at].either = true;
            }
            at += 1;
        }
    }

    /// Whether the `length` words from `at` on come again after 不 or 没, as one question.
    fn asks_both_ways(&self, at: usize, length: usize) -> bool {
        const AUXILIARY: [&str; 12] = ["有", "是", "会", "能", "要", "对", "好", "行", "可", "多", "大", "在"];
        const PARTICLES: [&str; 9] = ["吗", "呢", "啊", "呀", "了", "的", "得", "吧", "过"];
        let Some(both) = self.list.get(at..at + 2 * length + 1) else { return false };
        let ideographs = both.iter().all(|word| word.stem.chars().all(is_ideograph));
        let joined = both[1..].iter().all(|word| word.before == Break::None);
        let twice = (0..length).all(|i| both[i].stem == both[length + 1 + i].stem);
        let asks = matches!(both[length].stem.as_str(), "不" | "没");
        let goes_on = length > 1
            || self.list.get(at + 3).is_some_and(|next| {
                next.before == Break::None
                    && next.stem.chars().all(is_ideograph)
                    && !PARTICLES.contains(&next.stem.as_str())
            });
        ideographs && joined && twice && asks && goes_on && !AUXILIARY.contains(&both[0].stem.as_str())
    }

    fn close(&mut self, open: &mut Option<Word>) {
        if let Some(mut word) = open.take() {
            let letters = word.folded.trim_end_matches('\'').len();
            word.folded.truncate(letters);
            word.stem = stem(&word.folded);
            if !word.folded.is_empty() {
                self.list.push(word);
            }
        }
    }

    /// The words' stems.
    pub fn stems(&self) -> Vec<&str> {
        self.list.iter().map(|word| word.stem.as_str()).collect()
    }
}

enum Kind {
    Letter,
    Ideograph,
    Mark(Break),
}

fn kind_of(folded: &str, inside_word: bool) -> Kind {
    match folded.chars().next() {
        Some('\'' | '\u{2019}') if inside_word => Kind::Letter,
        Some(c) if is_ideograph(c) => Kind::Ideograph,
        Some(c) if c.is_alphanumeric() => Kind::Letter,
        Some('?') => Kind::Mark(Break::Question),
        Some('.' | '!' | ';' | '\n' | '\u{3002}') => Kind::Mark(Break::Strong),
        Some(',' | ':' | '-' | '\u{2013}' | '\u{2014}') => Kind::Mark(Break::Weak),
        Some('\u{3001}' | '/') => Kind::Mark(Break::List),
        _ => Kind::Mark(Break::None),
    }
}

/// Whether `c` is a Chinese character.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The end of a transcriber's remark that opens at `at`, such as "[inaudible]" or "(听不清)".
fn remark_end(text: &str, at: usize, c: char) -> Option<usize> {
    const LONGEST: usize = 24;
    const REMARKS: [&str; 9] =
        ["inaudible", "unclear", "crosstalk", "laugh", "pause", "noise", "unsure", "听不清", "停顿"];
    let close = match c {
        '[' => ']',
        '<' => '>',
        '(' => ')',
        '\u{ff08}' => '\u{ff09}',
        _ => return None,
    };
    let rest = &text[at..];
    let (offset, _) = rest.char_indices().take(LONGEST).find(|(_, c)| *c == close)?;
    let inside = rest[..offset].to_lowercase();
    REMARKS.iter().any(|remark| inside.contains(remark)).then(|| at + offset + close.len_utf8())
}

const IRREGULAR: [(&str, &str); 64] = [
    ("felt", "feel"),
    ("began", "begin"),
    ("begun", "begin"),
    ("came", "come"),
    ("took", "take"),
    ("taken", "take"),
    ("has", "have"),
    ("had", "have"),
    ("having", "have"),
    ("was", "be"),
    ("were", "be"),
    ("is", "be"),
    ("are", "be"),
    ("am", "be"),
    ("been", "be"),
    ("being", "be"),
    ("did", "do"),
    ("done", "do"),
    ("does", "do"),
    ("went", "go"),
    ("gone", "go"),
    ("goes", "go"),
    ("lost", "lose"),
    ("woke", "wake"),
    ("woken", "wake"),
    ("ate", "eat"),
    ("eaten", "eat"),
    ("drank", "drink"),
    ("drunk", "drink"),
    ("slept", "sleep"),
    ("children", "child"),
    ("feet", "foot"),
    ("brought", "bring"),
    ("bled", "bleed"),
    ("got", "get"),
    ("gotten", "get"),
    ("gave", "give"),
    ("given", "give"),
    ("saw", "see"),
    ("seen", "see"),
    ("told", "tell"),
    ("swollen", "swell"),
    ("threw", "throw"),
    ("thrown", "throw"),
    ("grew", "grow"),
    ("grown", "grow"),
    ("broke", "break"),
    ("broken", "break"),
    ("fell", "fall"),
    ("fallen", "fall"),
    ("said", "say"),
    ("teeth", "tooth"),
    ("caught", "catch"),
    ("thought", "think"),
    ("kept", "keep"),
    ("found", "find"),
    ("bitten", "bite"),
    ("bit", "bite"),
    ("spotted", "notic"),
    ("monthly", "monthly"),
    ("monthlies", "monthly"),
    ("shaken", "shake"),
    ("swelled", "swell"),
    ("worn", "wear"),
];

/// Removes English endings; other scripts stay as they are.
pub(crate) fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").unwrap_or(word);
    if !word.is_ascii() || word.len() < 3 {
        return word.to_owned();
    }
    // "Blood in the urine", "in her urine", "sets them off": determiners and pronouns are as good as
    // any other of their kind.
    match word {
        "my" | "his" | "her" | "their" | "our" | "the" | "yours" => return "your".to_owned(),
        "them" | "these" | "those" | "this" | "that" | "they" => return "it".to_owned(),
        _ => {}
    }
    if let Some((_, base)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return strip_e(base).to_owned();
    }
    let singular = strip_plural(word);
    for ending in ["ing", "ed"] {
        if let Some(base) = singular.strip_suffix(ending)
            && base.len() >= 3
            && base.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        {
            return undouble(strip_e(base)).to_owned();
        }
    }
    let adverb = singular.strip_suffix("ly").filter(|base| base.len() >= 4).unwrap_or(&singular);
    strip_e(adverb).to_owned()
}

fn strip_plural(word: &str) -> String {
    if word.len() > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    if word.len() > 4 && ["sses", "xes", "ches", "shes", "zes"].iter().any(|ending| word.ends_with(ending)) {
        return word[..word.len() - 2].to_owned();
    }
    let keeps_s = word.len() < 4 || ["ss", "us", "is", "as"].iter().any(|ending| word.ends_with(ending));
    if keeps_s { word.to_owned() } else { word.strip_suffix('s').unwrap_or(word).to_owned() }
}

fn strip_e(word: &str) -> &str {
    word.strip_suffix('e').filter(|base| base.len() >= 3).unwrap_or(word)
}

fn undouble(word: &str) -> &str {
    let bytes = word.as_bytes();
    match bytes {
        [.., a, b] if a == b && !matches!(a, b'l' | b's' | b'e') && word.len() > 3 => &word[..word.len() - 1],
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_forms_share_a_stem() {
        for forms in [
            ["smoke", "smoking", "smokes", "smoked"],
            ["urine", "urine", "urine's", "urines"],
            ["vomit", "vomiting", "vomited", "vomits"],
            ["swell", "swelling", "swollen", "swells"],
            ["allergy", "allergies", "allergy", "allergy"],
        ] {
            let stems: Vec<String> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.iter().all(|s| *s == stems[0]), "{forms:?} → {stems:?}");
        }
    }

    #[test]
    fn spans_point_at_the_original_text() {
        let text = "Ｆever, 发烧吗? it's";
        let words = Words::read(text);
        let shown: Vec<&str> = words.list.iter().map(|word| &text[word.span.clone()]).collect();
        assert_eq!(shown, ["Ｆever", "发", "烧", "吗", "it's"]);
        assert_eq!(words.list[0].stem, "fever");
        assert_eq!(words.list[4].before, Break::Question);
    }

    #[test]
    fn a_verb_asked_both_ways_is_the_verb() {
        let stems = |text: &str| Words::read(text).list.into_iter().map(|word| word.stem).collect::<String>();
        assert_eq!(stems("您怕不怕冷"), "您怕冷");
        assert_eq!(stems("恶心不恶心"), "恶心");
        assert_eq!(stems("有没有发烧，头疼不疼"), "有没有发烧头疼不疼");
        assert_eq!(Words::read("怕不怕冷").list[0].span, 0.."怕不怕".len());
    }

    #[test]
    fn a_transcribers_remark_is_left_out() {
        let words = Words::read("Any [inaudible] pain <UNSURE>there?");
        assert_eq!(words.stems(), ["any", "pain", "ther"]);
    }
}
