//! The graph's words: which topics and facets a stretch of an utterance names.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
    sync::Arc,
};

use knowledge_graph::{
    Facet, Graph, Language, Node, Phrase, PhraseTarget, Section, TopicId, TopicKind, format::FindingKind,
};

use super::{
    MatcherError,
    phrasebook::Phrasebook,
    thesaurus::{Concept, Thesaurus},
    words::{Break, Words},
};

/// What a phrase of the graph means.
#[derive(Clone, Debug, PartialEq)]
enum Meaning {
    Topic(TopicId),
    Facet(Facet),
}

/// What matching needs to know of a topic's node.
#[derive(Clone, Debug)]
pub(crate) struct NodeFacts {
    /// Facets worth asking.
    pub facets: Vec<Facet>,
    /// Section in which it is asked.
    pub section: Option<Section>,
    /// Whether it must not be missed.
    pub red_flag: bool,
    /// Whether a patient can be asked for it: a sign or a laboratory value is not.
    pub askable: bool,
    /// Broader nodes, nearest first.
    pub broader: Vec<TopicId>,
    /// What its names are about.
    pub concepts: Vec<Concept>,
    /// What its lay words are about: "loose stools" of diarrhoea.
    pub lay: Vec<Concept>,
}

/// A topic named somewhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    /// The node.
    pub topic: TopicId,
    /// Which words name it.
    pub words: Range<usize>,
    /// Whether by one of its phrases, not only by the phrase's concepts in another order.
    pub exact: bool,
}

/// The topics and facets named in a stretch of words.
#[derive(Clone, Debug, Default)]
pub(crate) struct NamedTopics {
    /// Nodes, in order of place.
    pub topics: Vec<Named>,
    /// Facets with the words that ask for them.
    pub facets: Vec<(Facet, Range<usize>)>,
}

/// The graph's words.
#[derive(Debug)]
pub(crate) struct Lexicon {
    book: Phrasebook<Meaning>,
    by_concept: HashMap<Arc<str>, Vec<usize>>,
    bags: Vec<(Vec<Vec<Arc<str>>>, TopicId)>,
    nodes: BTreeMap<TopicId, NodeFacts>,
}

/// From this weight on a concept says what a phrase is about.
pub(crate) const TELLING: f32 = 0.8;
/// A phrase whose concepts stand in another order must lie within this many words.
const WINDOW: usize = 9;

impl Lexicon {
    /// Reads the words of `graph`.
    pub fn new(graph: &Graph, thesaurus: &Thesaurus) -> Result<Self, MatcherError> {
        let questions: Vec<(String, TopicId)> = graph.lexicon().filter_map(verb_not_verb).collect();
        let mut phrases: Vec<(&str, Meaning)> =
            questions.iter().map(|(text, topic)| (text.as_str(), Meaning::Topic(topic.clone()))).collect();
        let mut bags: Vec<(Vec<Vec<Arc<str>>>, TopicId)> = Vec::new();
        let mut nodes = BTreeMap::new();
        let cues: BTreeSet<&str> = graph
            .lexicon()
            .filter(|phrase| matches!(phrase.target, PhraseTarget::Facet(_)))
            .map(|phrase| phrase.text)
            .collect();
        for phrase in graph.lexicon() {
            match phrase.target {
                // "How many days" asks a facet of anything; no topic may claim it.
                PhraseTarget::Topic(_) if cues.contains(phrase.text) => {}
                PhraseTarget::Facet(facet) => phrases.push((phrase.text, Meaning::Facet(facet))),
                PhraseTarget::Topic(topic) => {
                    let facts = nodes.entry(topic.clone()).or_insert_with(|| facts_of(graph, &topic, thesaurus));
                    if facts.askable
                        && !matches!(topic.kind(), TopicKind::Treatment | TopicKind::Disease)
                        && let Some(bag) = bag_of(phrase.text, thesaurus)
                    {
                        bags.push((bag, topic.clone()));
                    }
                    phrases.push((phrase.text, Meaning::Topic(topic)));
                }
            }
        }
        bags.sort();
        bags.dedup();
        let mut by_concept: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (at, (bag, _)) in bags.iter().enumerate() {
            for name in bag.iter().flatten() {
                by_concept.entry(name.clone()).or_default().push(at);
            }
        }
        Ok(Self { book: Phrasebook::new(phrases)?, by_concept, bags, nodes })
    }

    /// What is known about a node.
    pub fn facts(&self, topic: &TopicId) -> Option<&NodeFacts> {
        self.nodes.get(&topic.node())
    }

    /// The topics and facets named by `words` within `range`, whose concepts are `concepts`.
    pub fn find(&self, words: &Words, range: Range<usize>, concepts: &[Concept]) -> NamedTopics {
        let stems: Vec<&str> = words.list[range.clone()].iter().map(|word| word.stem.as_str()).collect();
        let mut named = NamedTopics::default();
        for found in self.book.find(&stems).into_iter().filter(|found| !is_half_of_a_question(&stems, &found.words)) {
            let words = range.start + found.words.start..range.start + found.words.end;
            for meaning in found.meanings {
                match meaning {
                    Meaning::Facet(facet) => named.facets.push((*facet, words.clone())),
                    Meaning::Topic(topic) => {
                        named.topics.push(Named { topic: topic.clone(), words: words.clone(), exact: true });
                    }
                }
            }
        }
        self.find_bags(words, concepts, &mut named);
        drop_weaker_facets(&mut named.facets);
        named.topics.sort_by(|a, b| (a.words.start, &a.topic).cmp(&(b.words.start, &b.topic)));
        named
    }

    /// Topics that `concepts` name together with what is being talked about (`about`): "with any
    /// blood?" after a question about stools.
    pub fn completed(&self, concepts: &[Concept], about: &[Concept]) -> Vec<TopicId> {
        let mut found: BTreeMap<&TopicId, usize> = BTreeMap::new();
        let names: BTreeSet<&Arc<str>> =
            concepts.iter().filter(|c| c.known && c.weight >= TELLING).flat_map(|concept| &concept.names).collect();
        let candidates: BTreeSet<usize> =
            names.iter().filter_map(|name| self.by_concept.get(*name)).flatten().copied().collect();
        for (bag, topic) in candidates.iter().map(|at| &self.bags[*at]) {
            let meets = |part: &Vec<Arc<str>>, side: &[Concept]| {
                side.iter().any(|concept| concept.names.iter().any(|name| part.contains(name)))
            };
            let whole = bag.iter().all(|part| meets(part, concepts) || meets(part, about));
            let both = bag.iter().any(|part| !meets(part, about)) && bag.iter().any(|part| !meets(part, concepts));
            if whole && both && bag.len() == 2 && topic.kind() == TopicKind::Finding {
                *found.entry(topic).or_default() += 1;
            }
        }
        // What is said in the most ways is the commonest thing so named.
        let most = found.values().max().copied().unwrap_or(0);
        found.into_iter().filter(|(_, ways)| *ways == most).map(|(topic, _)| topic.clone()).collect()
    }

    /// Adds topics all of whose concepts occur close together, whatever their order.
    fn find_bags(&self, said: &Words, concepts: &[Concept], named: &mut NamedTopics) {
        let names: BTreeSet<&Arc<str>> = concepts.iter().flat_map(|concept| &concept.names).collect();
        let candidates: BTreeSet<usize> =
            names.iter().filter_map(|name| self.by_concept.get(*name)).flatten().copied().collect();
        let mut found: Vec<(usize, Range<usize>, &TopicId)> = Vec::new();
        for at in candidates {
            let (bag, topic) = &self.bags[at];
            if let Some(words) = covers(bag, concepts) {
                found.push((bag.len(), words, topic));
            }
        }
        found.sort_by(|a, b| (b.0, a.1.start, a.2).cmp(&(a.0, b.1.start, b.2)));
        for (size, words, topic) in found {
            let known = named.topics.iter().any(|other| other.topic == *topic);
            // A larger phrase over the same words says more than the smaller one within it.
            let inside_larger = named.topics.iter().any(|other| {
                other.words != words && contains(&other.words, &words) && (other.exact || size < other.words.len())
            });
            let said_outright = named.topics.iter().any(|other| other.exact && contains(&other.words, &words));
            if !known && !inside_larger && !said_outright && !joins_two_things(said, &words, &named.topics) {
                named.topics.push(Named { topic: topic.clone(), words, exact: false });
            }
        }
        self.prefer_composites(named);
    }

    /// "Stool" within "blood … stool" is part of the finding, not a question about stools; and of
    /// two findings over the same words the broader one is meant.
    fn prefer_composites(&self, named: &mut NamedTopics) {
        let all = named.topics.clone();
        named.topics.retain(|named| {
            all.iter().all(|other| {
                let part = named.exact && !other.exact && contains(&other.words, &named.words);
                let narrower = !named.exact
                    && !other.exact
                    && named.words == other.words
                    && self.nodes.get(&named.topic).is_some_and(|facts| facts.broader.contains(&other.topic));
                let whole_is_about_it = all
                    .iter()
                    .any(|third| third.exact && third.topic != named.topic && contains(&other.words, &third.words));
                !(narrower || part && !whole_is_about_it)
            })
        });
    }
}

/// 头疼 is asked as 头疼不疼, which is one phrase.
fn verb_not_verb(phrase: Phrase<'_>) -> Option<(String, TopicId)> {
    let verb = phrase.text.chars().next_back().filter(|last| matches!(last, '疼' | '痛' | '痒' | '肿' | '麻'))?;
    match phrase.target {
        PhraseTarget::Topic(topic) => Some((format!("{}不{verb}", phrase.text), topic)),
        PhraseTarget::Facet(_) => None,
    }
}

/// 出不出汗 asks whether somebody sweats; it does not name 不出汗.
fn is_half_of_a_question(stems: &[&str], words: &Range<usize>) -> bool {
    matches!(stems[words.start], "不" | "没")
        && words.start > 0
        && stems.get(words.start + 1) == Some(&stems[words.start - 1])
}

/// "Chest pain or shortness of breath" names two findings, not the one whose words are all there.
fn joins_two_things(said: &Words, words: &Range<usize>, topics: &[Named]) -> bool {
    let named = || topics.iter().filter(|named| named.exact);
    let before = |at: usize| named().any(|named| words.start < named.words.end && named.words.end <= at);
    let behind = |at: usize| named().any(|named| at <= named.words.start && named.words.start < words.end);
    (words.start + 1..words.end).any(|at| {
        let joint =
            matches!(said.list[at].stem.as_str(), "or" | "and" | "或" | "和") || said.list[at].before >= Break::List;
        joint && before(at) && behind(at)
    })
}

/// Of facets asked by overlapping words the longest phrase is meant: "什么情况下会" holds "什么情况".
fn drop_weaker_facets(facets: &mut Vec<(Facet, Range<usize>)>) {
    let all = facets.clone();
    facets.retain(|(_, words)| !all.iter().any(|(_, other)| contains(other, words) && other.len() > words.len()));
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The words that cover `bag`, when they lie close together.
fn covers(bag: &[Vec<Arc<str>>], concepts: &[Concept]) -> Option<Range<usize>> {
    let mut span: Option<Range<usize>> = None;
    for alternatives in bag {
        let concept = concepts.iter().find(|concept| concept.names.iter().any(|name| alternatives.contains(name)))?;
        let words = concept.words.clone();
        span = Some(span.map_or(words.clone(), |s| s.start.min(words.start)..s.end.max(words.end)));
    }
    span.filter(|span| span.len() <= WINDOW)
}

/// The concepts of a phrase, when there are at least two, one of them saying what it is about.
fn bag_of(phrase: &str, thesaurus: &Thesaurus) -> Option<Vec<Vec<Arc<str>>>> {
    let words = Words::read(phrase);
    let concepts = thesaurus.concepts(&words);
    let telling = concepts.iter().filter(|concept| concept.weight >= TELLING).count();
    let mut bag: Vec<Vec<Arc<str>>> = Vec::new();
    for concept in concepts.iter().filter(|concept| concept.weight > 0.4) {
        if !bag.contains(&concept.names) {
            bag.push(concept.names.clone());
        }
    }
    // "Noticed" and "worse" ask a facet of anything: with one other word they name nothing.
    let named = bag.iter().filter(|names| thesaurus.names_something(names)).count();
    (telling >= 1 && named >= 2 && bag.len() <= 4).then_some(bag)
}

fn facts_of(graph: &Graph, topic: &TopicId, thesaurus: &Thesaurus) -> NodeFacts {
    let info = graph.topic(topic);
    let concepts = info.as_ref().map_or_else(Vec::new, |info| {
        concepts_of(Language::ALL.into_iter().map(|language| info.name.get(language)), thesaurus)
    });
    let lay = info.as_ref().map_or_else(Vec::new, |info| {
        let words = Language::ALL.into_iter().flat_map(|language| info.lay.get(language));
        concepts_of(words.map(String::as_str), thesaurus)
    });
    let askable = match graph.node(topic) {
        Some(Node::Finding(finding)) => finding.kind == FindingKind::Symptom,
        Some(Node::Test(_)) => false,
        _ => topic.kind() != TopicKind::Test,
    };
    NodeFacts {
        facets: info.as_ref().map(|info| info.facets.clone()).unwrap_or_default(),
        red_flag: info.as_ref().is_some_and(|info| info.red_flag),
        section: info.and_then(|info| info.section),
        askable,
        broader: graph.ancestors(topic),
        concepts,
        lay,
    }
}

/// The telling concepts of `texts`, each once.
fn concepts_of<'t>(texts: impl Iterator<Item = &'t str>, thesaurus: &Thesaurus) -> Vec<Concept> {
    let mut concepts: Vec<Concept> = Vec::new();
    for concept in texts.flat_map(|text| thesaurus.concepts(&Words::read(text))) {
        if concept.known && concept.weight >= TELLING && !concepts.iter().any(|seen| seen.names == concept.names) {
            concepts.push(concept);
        }
    }
    concepts
}
