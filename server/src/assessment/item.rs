//! Reading a rubric item: what exactly has to be asked.

use std::collections::HashMap;

use knowledge_graph::{Facet, TopicId, TopicKind};

use super::RubricItem;
use crate::understanding::{Concept, Matcher};

/// A rubric item as read.
#[derive(Clone, Debug)]
pub(crate) struct ItemReading {
    /// Its text without "Asks whether" and without examples; what is embedded.
    pub subject: String,
    /// What it is about, each with its weight within this rubric.
    pub concepts: Vec<Concept>,
    /// Parts any one of which may do: "nausea or vomiting", and the examples it gives.
    pub alternatives: Vec<Vec<Concept>>,
    /// Facets it asks for.
    pub facets: Vec<Facet>,
    /// Topics it names or was given.
    pub topics: Vec<TopicId>,
    /// Whether its topics were given with it, not read off its text.
    pub declared: bool,
    /// Whether it is about relatives.
    pub kin: bool,
    /// Whether it is about earlier times.
    pub past: bool,
}

/// Reads all items of a rubric. A word that occurs in many items says little about each.
pub(crate) fn read_items(items: &[RubricItem], matcher: &Matcher) -> Vec<ItemReading> {
    let mut readings: Vec<ItemReading> = items.iter().map(|item| read_item(item, matcher)).collect();
    let mut frequency: HashMap<String, usize> = HashMap::new();
    for reading in &readings {
        let mut names: Vec<&str> = reading.concepts.iter().flat_map(|c| c.names.iter().map(AsRef::as_ref)).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            *frequency.entry(name.to_owned()).or_default() += 1;
        }
    }
    let count = readings.len();
    for reading in &mut readings {
        let all = reading.concepts.iter_mut().chain(reading.alternatives.iter_mut().flatten());
        for concept in all {
            let seen = concept.names.iter().filter_map(|name| frequency.get(&**name)).max().copied().unwrap_or(1);
            concept.weight *= rarity(seen, count);
        }
    }
    readings
}

/// 1 for a word of one item, falling to 0.3 for a word of every item.
fn rarity(seen: usize, count: usize) -> f32 {
    let rarest = (count as f32 + 1.0).ln();
    let rarity = ((count as f32 + 1.0) / (seen.max(1) as f32)).ln();
    if rarest <= 0.0 { 1.0 } else { (rarity / rarest).clamp(0.3, 1.0) }
}

fn read_item(item: &RubricItem, matcher: &Matcher) -> ItemReading {
    let (main, examples) = without_examples(&item.text);
    let subject = subject_of(&main);
    let concepts = concepts_of(&subject, matcher);
    let mut alternatives: Vec<Vec<Concept>> = parts(&subject)
        .chain(examples.iter().flat_map(|e| parts(e)))
        .map(|part| concepts_of(part, matcher))
        .filter(|concepts| concepts.iter().any(|concept| concept.weight > 0.4))
        .collect();
    if alternatives.is_empty() {
        alternatives.push(concepts.clone());
    }
    let reading = matcher.read(&item.text);
    let named = reading.clauses.iter().flat_map(|clause| &clause.named.topics);
    let mut topics: Vec<TopicId> = named
        .map(|named| named.topic.clone())
        .filter(|topic| !matches!(topic.kind(), TopicKind::Consultation | TopicKind::Test))
        .collect();
    let mut facets: Vec<Facet> =
        reading.clauses.iter().flat_map(|c| c.facets.iter().map(|(facet, _)| *facet)).collect();
    if !item.topics.is_empty() {
        topics.clone_from(&item.topics);
        facets.extend(item.topics.iter().filter_map(TopicId::facet));
    }
    topics.sort();
    topics.dedup();
    facets.sort_unstable();
    facets.dedup();
    ItemReading {
        subject,
        concepts,
        alternatives,
        facets,
        topics,
        declared: !item.topics.is_empty(),
        kin: reading.clauses.iter().any(|clause| clause.kin),
        past: reading.clauses.iter().any(|clause| clause.past),
    }
}

fn concepts_of(text: &str, matcher: &Matcher) -> Vec<Concept> {
    let reading = matcher.read(text);
    let mut concepts: Vec<Concept> = Vec::new();
    for concept in reading.clauses.into_iter().flat_map(|clause| clause.concepts) {
        if !concepts.iter().any(|seen| seen.names == concept.names) {
            concepts.push(concept);
        }
    }
    concepts
}

/// Splits off examples: what stands in brackets or after "such as", "例如".
fn without_examples(text: &str) -> (String, Vec<String>) {
    let mut main = String::new();
    let mut examples = Vec::new();
    let mut depth_text: Option<String> = None;
    for c in text.chars() {
        match (c, &mut depth_text) {
            ('(' | '\u{ff08}', None) => depth_text = Some(String::new()),
            (')' | '\u{ff09}', Some(inside)) => {
                examples.push(std::mem::take(inside));
                depth_text = None;
            }
            (c, Some(inside)) => inside.push(c),
            (c, None) => main.push(c),
        }
    }
    examples.extend(depth_text);
    for marker in
        [", such as ", " such as ", " including ", " e.g. ", " for example ", "例如", "比如", "包括", "，如", ",如"]
    {
        if let Some((before, after)) = main.clone().split_once(marker) {
            examples.push(after.to_owned());
            before.clone_into(&mut main);
        }
    }
    (main, examples)
}

/// "Asks whether it burns" → "it burns"; "询问有无发热" → "发热".
fn subject_of(text: &str) -> String {
    const VERBS: [&str; 14] = [
        "asks",
        "ask",
        "enquires",
        "inquires",
        "explores",
        "checks",
        "clarifies",
        "establishes",
        "elicits",
        "finds out",
        "screens",
        "determines",
        "invites",
        "identifies",
    ];
    const LINKS: [&str; 11] = [
        "the patient to",
        "the patient",
        "him",
        "her",
        "them",
        "about",
        "whether",
        "for",
        "if",
        "into",
        "specifically about",
    ];
    const CHINESE: [&str; 16] = [
        "询问",
        "了解",
        "问及",
        "明确",
        "核实",
        "探讨",
        "关注",
        "问清",
        "患者",
        "病人",
        "有无",
        "是否有",
        "是否",
        "有没有",
        "目前",
        "既往有无",
    ];
    let mut rest = text.trim().trim_end_matches(['.', '\u{3002}']).trim();
    for list in [&VERBS[..], &LINKS[..], &LINKS[..]] {
        let lower = rest.to_ascii_lowercase();
        let starts = |word: &&&str| lower.strip_prefix(**word).is_some_and(|r| r.starts_with(' '));
        if let Some(word) = list.iter().find(starts) {
            rest = rest[word.len()..].trim_start();
        }
    }
    while let Some(stripped) = CHINESE.iter().find_map(|word| rest.strip_prefix(word)).filter(|rest| !rest.is_empty()) {
        rest = stripped.trim_start();
    }
    rest.to_owned()
}

/// The parts of an enumeration.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\u{ff0c}', '\u{3001}', '/', ';', '\u{ff1b}', '或', '和', '与', '及'])
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_what_remains_without_the_asking() {
        assert_eq!(subject_of("Asks whether it burns to pass urine."), "it burns to pass urine");
        assert_eq!(subject_of("Asks about fever."), "fever");
        assert_eq!(subject_of("询问有无寒战"), "寒战");
    }

    #[test]
    fn examples_are_split_off() {
        let (main, examples) = without_examples("询问有无诱因（受凉、劳累等）");
        assert_eq!((main.as_str(), examples), ("询问有无诱因", vec!["受凉、劳累等".to_owned()]));
        let (main, examples) = without_examples("Asks about the pain, such as crampy or burning.");
        assert_eq!((main.as_str(), examples), ("Asks about the pain", vec!["crampy or burning.".to_owned()]));
    }
}
