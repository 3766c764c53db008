//! Findings, diseases, risk factors and treatments named in a text, each affirmed or denied.

use aho_corasick::{AhoCorasick, MatchKind};
use knowledge_graph::{Graph, Language, PhraseTarget, TopicId, TopicKind};

/// Words just before a mention that deny it.
const EN_NEGATORS: [&str; 9] = ["no ", "not ", "n't ", "never ", "without ", "nor ", "neither ", "none ", "no longer "];
const ZH_NEGATORS: [&str; 6] = ["没", "不", "无", "别", "未", "从来没"];

/// One mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What is mentioned.
    pub topic: TopicId,
    /// As it stands in the text.
    pub phrase: String,
    /// Whether it is denied.
    pub negated: bool,
}

/// Finds mentions.
pub struct Mentions {
    english: Vocabulary,
    chinese: Vocabulary,
}

struct Vocabulary {
    automaton: Option<AhoCorasick>,
    topics: Vec<TopicId>,
}

impl Mentions {
    /// The graph's names, lay words and synonyms.
    pub fn new(graph: &Graph) -> Self {
        Self { english: Vocabulary::new(graph, Language::En), chinese: Vocabulary::new(graph, Language::Zh) }
    }

    /// The mentions in `text`, in order.
    pub fn in_text(&self, text: &str, language: Language) -> Vec<Mention> {
        match language {
            Language::En => self.english.find(text, language),
            Language::Zh => self.chinese.find(text, language),
        }
    }
}

impl Vocabulary {
    fn new(graph: &Graph, language: Language) -> Self {
        let entries: Vec<(String, TopicId)> = graph
            .lexicon()
            .filter(|phrase| phrase.language == language)
            .filter_map(|phrase| match phrase.target {
                PhraseTarget::Topic(topic) if is_guarded(topic.kind()) => Some((phrase.text.to_lowercase(), topic)),
                _ => None,
            })
            .collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(entries.iter().map(|(phrase, _)| phrase));
        Self { automaton: automaton.ok(), topics: entries.into_iter().map(|(_, topic)| topic).collect() }
    }

    fn find(&self, text: &str, language: Language) -> Vec<Mention> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let lower = text.to_lowercase();
        automaton
            .find_iter(&lower)
            .filter(|found| language == Language::Zh || is_whole_word(&lower, found.start(), found.end()))
            .map(|found| Mention {
                topic: self.topics[found.pattern().as_usize()].clone(),
                phrase: lower[found.range()].to_owned(),
                negated: is_negated(&lower[..found.start()], language),
            })
            .collect()
    }
}

/// Kinds that may be mentioned only when the facts do.
fn is_guarded(kind: TopicKind) -> bool {
    matches!(kind, TopicKind::Finding | TopicKind::Disease | TopicKind::RiskFactor | TopicKind::Treatment)
}

fn is_whole_word(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let rest = &text[end..];
    let after = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    let plural = rest.starts_with('s') && rest[1..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    before && (after || plural)
}

/// Whether the words just before, within the same clause, deny what follows.
pub fn is_negated(before: &str, language: Language) -> bool {
    let boundary = match language {
        Language::En => [". ", "; ", " but ", "! ", "? "].as_slice(),
        Language::Zh => ["。", "；", "，但", "！", "？", "，就是"].as_slice(),
    };
    let clause = boundary.iter().filter_map(|b| before.rfind(b).map(|at| at + b.len())).max().unwrap_or(0);
    let clause = format!(" {}", &before[clause..]);
    match language {
        Language::En => {
            EN_NEGATORS.iter().any(|negator| clause.contains(&format!(" {negator}"))) || clause.contains("n't ")
        }
        Language::Zh => {
            let near: String = clause.chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
            ZH_NEGATORS.iter().any(|negator| near.contains(negator))
        }
    }
}
