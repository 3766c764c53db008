//! The graph's own words in a sentence.

use std::{collections::BTreeMap, ops::Range};

use aho_corasick::AhoCorasick;

use crate::{Graph, Language, PhraseKind, PhraseTarget, TopicId, TopicKind, normalise::is_han};

/// A stretch of a sentence that means one or more nodes of different kinds.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) range: Range<usize>,
    pub(super) topics: Vec<TopicId>,
}

impl Hit {
    /// The node of that kind it means.
    pub(super) fn of(&self, kind: TopicKind) -> Option<&TopicId> {
        self.topics.iter().find(|topic| topic.kind() == kind)
    }
}

/// Lay words that mean something else in a scientific text.
const EVERYDAY: [&str; 14] = [
    "heavy",
    "faint",
    "sick",
    "weak",
    "turns",
    "waters",
    "spots",
    "stress",
    "drops",
    "large",
    "collapsed",
    "travel",
    "young",
    "loose",
];

/// Beginnings that say the same of a result.
const ALIKE: [(&str, &[&str]); 4] = [
    ("raised ", &["elevated ", "increased ", "high "]),
    ("high ", &["elevated ", "raised "]),
    ("low ", &["reduced ", "decreased "]),
    ("reduced ", &["decreased ", "diminished "]),
];

/// Finds the graph's words.
pub(super) struct Terms {
    automaton: Option<AhoCorasick>,
    entries: Vec<Entry>,
}

struct Entry {
    topics: Vec<TopicId>,
    /// An abbreviation counts only as it is written.
    exact: Option<String>,
    letters: bool,
}

impl Terms {
    pub(super) fn new(graph: &Graph) -> Self {
        let mut words: BTreeMap<(String, Option<String>), Vec<TopicId>> = BTreeMap::new();
        let mut add = |text: &str, topic: &TopicId| {
            let short = text.len() <= 5 && text.chars().filter(char::is_ascii_uppercase).count() >= 2;
            let exact = short.then(|| text.to_owned());
            for form in forms(&fold(text).text, short, topic.kind() == TopicKind::Disease) {
                let topics = words.entry((form, exact.clone())).or_default();
                if topics.iter().all(|known| known.kind() != topic.kind()) {
                    topics.push(topic.clone());
                }
            }
        };
        for phrase in graph.lexicon() {
            let PhraseTarget::Topic(topic) = phrase.target else { continue };
            if is_end(topic.kind()) && is_scientific(phrase.text, phrase.kind, phrase.language) {
                add(phrase.text, &topic);
            }
        }
        // Ids are the scientific words where the name is a plain one: `dyspnoea`.
        for topic in graph.topics().filter(|topic| topic.id.facet().is_none() && is_end(topic.id.kind())) {
            add(&topic.id.name().replace('-', " "), &topic.id);
        }
        let automaton = AhoCorasick::new(words.keys().map(|(word, _)| word)).ok();
        let entry = |((word, exact), topics): ((String, Option<String>), Vec<TopicId>)| Entry {
            topics,
            exact,
            letters: !word.chars().any(is_han),
        };
        Self { automaton, entries: words.into_iter().map(entry).collect() }
    }

    /// The longest words in `text`, in order, none overlapping.
    pub(super) fn find(&self, text: &str) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let folded = fold(text);
        let mut hits: Vec<Hit> = automaton
            .find_overlapping_iter(&folded.text)
            .filter_map(|found| {
                let entry = &self.entries[found.pattern().as_usize()];
                let end = if entry.letters { whole_word(&folded.text, found.range())? } else { found.end() };
                let range = folded.source(found.start()..end);
                let as_written = entry.exact.as_ref().is_none_or(|exact| text[range.clone()].starts_with(exact));
                as_written.then(|| Hit { range, topics: entry.topics.clone() })
            })
            .collect();
        hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end)));
        let mut kept: Vec<Hit> = Vec::new();
        for hit in hits {
            match kept.last_mut() {
                Some(last) if last.range == hit.range => {
                    for topic in hit.topics {
                        if last.of(topic.kind()).is_none() {
                            last.topics.push(topic);
                        }
                    }
                }
                Some(last) if hit.range.start < last.range.end => {}
                _ => kept.push(hit),
            }
        }
        kept
    }
}

const fn is_end(kind: TopicKind) -> bool {
    matches!(
        kind,
        TopicKind::Disease | TopicKind::Finding | TopicKind::RiskFactor | TopicKind::Test | TopicKind::Treatment
    )
}

fn is_scientific(text: &str, kind: PhraseKind, language: Language) -> bool {
    let letters = text.chars().count();
    match (kind, language) {
        (PhraseKind::Lay, Language::En) => {
            text.contains(' ') || (letters >= 5 && !EVERYDAY.contains(&text)) || text.chars().all(char::is_uppercase)
        }
        _ => letters >= 2,
    }
}

/// A word, its singular, and what says the same.
fn forms(word: &str, abbreviation: bool, disease: bool) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if abbreviation {
        return forms;
    }
    // "Aphasia (word-finding difficulty)" is also called "aphasia".
    let bare = word.split(['(', '（']).next().unwrap_or_default().trim();
    if bare.chars().count() > 1 && bare != word {
        forms.push(bare.to_owned());
    }
    // Texts rarely say "acute" each time.
    if disease && let Some(rest) = bare.strip_prefix("acute ").or_else(|| bare.strip_prefix("急性")) {
        forms.push(rest.to_owned());
    }
    if let Some(singular) = word.strip_suffix('s')
        && word.is_ascii()
        && singular.len() > 4
        && !singular.ends_with(['s', 'u', 'i'])
    {
        forms.push(singular.to_owned());
    }
    if let Some(stem) = word.strip_suffix("angiogram") {
        forms.push(format!("{stem}angiography"));
    }
    for (beginning, others) in ALIKE {
        if let Some(rest) = word.strip_prefix(beginning) {
            forms.extend(others.iter().map(|other| format!("{other}{rest}")));
        }
    }
    forms
}

/// The end of the word, its plural ending included, when the match is no part of a longer word.
fn whole_word(text: &str, range: Range<usize>) -> Option<usize> {
    let part_of_word = |c: char| c.is_alphanumeric() && !is_han(c);
    if text[..range.start].chars().next_back().is_some_and(part_of_word) {
        return None;
    }
    ["", "s", "es"].into_iter().find_map(|ending| {
        let rest = text[range.end..].strip_prefix(ending)?;
        (!rest.chars().next().is_some_and(part_of_word)).then_some(range.end + ending.len())
    })
}

struct Folded {
    text: String,
    /// For each byte the source's byte, and at last the source's length.
    at: Vec<usize>,
    ends: Vec<usize>,
}

impl Folded {
    fn source(&self, range: Range<usize>) -> Range<usize> {
        self.at[range.start]..self.ends[range.end - 1]
    }
}

/// Lower case, without apostrophes, hyphens as spaces, British and American spellings alike.
fn fold(text: &str) -> Folded {
    let mut folded = Folded { text: String::new(), at: Vec::new(), ends: Vec::new() };
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    for (at, c) in lower.char_indices() {
        let next = bytes.get(at + 1).copied();
        let digraph = matches!(c, 'a' | 'o') && next == Some(b'e');
        let british = c == 'u' && lower[..at].ends_with("tumo") && next == Some(b'r');
        if digraph || british || c == '\'' {
            continue;
        }
        let c = if c == '-' { ' ' } else { c };
        folded.text.push(c);
        let end = at + c.len_utf8();
        // A folded digraph begins where its first letter stood.
        let skipped = c == 'e' && at > 0 && matches!(bytes[at - 1], b'a' | b'o');
        let start = if skipped { at - 1 } else { at };
        folded.at.extend(std::iter::repeat_n(start, c.len_utf8()));
        folded.ends.extend(std::iter::repeat_n(end, c.len_utf8()));
    }
    folded
}
