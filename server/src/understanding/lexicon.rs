//! The graph's words: which topics and facets a stretch of an utterance names.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
    sync::Arc,
};

use knowledge_graph::{
    Facet, Graph, Language, Node, Phrase, PhraseTarget, Section, TopicId, TopicKind,
    format::{FindingKind, TestKind},
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
    /// Whether a patient can be asked for it: a laboratory value is not, nor a sign that only others see.
    pub askable: bool,
    /// Whether it is a test that patients know they had: an ECG, not an examination of the joints.
    pub investigation: bool,
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

/// The concept of pain, wherever it is.
pub(crate) const PAIN: &str = "pain";
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
        let bags = commonest(bags, &nodes);
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

    /// Topics that `concepts` name together with what is being talked about, which is `about`, of `topic`: "with any blood?"
    /// after a question about stools. Pain is everywhere: together with it only a kind of what is being
    /// talked about is named.
    pub fn completed(&self, concepts: &[Concept], topic: Option<&TopicId>, about: &[Concept]) -> Vec<TopicId> {
        let mut found: BTreeMap<&TopicId, usize> = BTreeMap::new();
        let names: BTreeSet<&Arc<str>> =
            concepts.iter().filter(|c| c.known && c.weight >= TELLING).flat_map(|concept| &concept.names).collect();
        let candidates: BTreeSet<usize> =
            names.iter().filter_map(|name| self.by_concept.get(*name)).flatten().copied().collect();
        let is_pain = |part: &Vec<Arc<str>>| part.iter().any(|name| &**name == PAIN);
        for (bag, named) in candidates.iter().map(|at| &self.bags[*at]) {
            let meets = |part: &Vec<Arc<str>>, side: &[Concept]| {
                side.iter().any(|concept| concept.names.iter().any(|name| part.contains(name)))
            };
            let whole = bag.iter().all(|part| meets(part, concepts) || meets(part, about));
            let both = bag.iter().any(|part| !meets(part, about)) && bag.iter().any(|part| !meets(part, concepts));
            let a_kind_of_it =
                || topic.is_none_or(|of| self.nodes.get(named).is_some_and(|facts| facts.broader.contains(&of.node())));
            let by_pain = bag.iter().any(|part| is_pain(part) && !meets(part, concepts));
            if whole && both && bag.len() == 2 && named.kind() == TopicKind::Finding && (!by_pain || a_kind_of_it()) {
                *found.entry(named).or_default() += 1;
            }
        }
        // What is said in the most ways is the commonest thing so named.
        let most = found.values().max().copied().unwrap_or(0);
        found.into_iter().filter(|(_, ways)| *ways == most).map(|(topic, _)| topic.clone()).collect()
    }

    /// Adds topics all of whose concepts occur close together, whatever their order.
    fn find_bags(&self, said: &Words, concepts: &[Concept], named: &mut NamedTopics) {
        // "Let me run it back" speaks of nobody's back.
        let of_ceremony = |concept: &Concept| {
            named.topics.iter().any(|named| {
                named.topic.kind() == TopicKind::Consultation
                    && named.words.len() > 1
                    && contains(&named.words, &concept.words)
            })
        };
        let concepts: Vec<Concept> = concepts.iter().filter(|concept| !of_ceremony(concept)).cloned().collect();
        let names: BTreeSet<&Arc<str>> = concepts.iter().flat_map(|concept| &concept.names).collect();
        let candidates: BTreeSet<usize> =
            names.iter().filter_map(|name| self.by_concept.get(*name)).flatten().copied().collect();
        let mut found: Vec<(usize, Range<usize>, &TopicId)> = Vec::new();
        for at in candidates {
            let (bag, topic) = &self.bags[at];
            if let Some(words) = covers(bag, &concepts) {
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
                let kind_of = |a: &Named, b: &Named| {
                    self.nodes.get(&a.topic).is_some_and(|facts| facts.broader.contains(&b.topic))
                };
                let part =
                    named.exact && !other.exact && contains(&other.words, &named.words) && !kind_of(named, other);
                // The room that spins is vertigo, not whatever dizziness the other words go with.
                let said_closer =
                    !named.exact && other.exact && contains(&named.words, &other.words) && kind_of(other, named);
                let narrower = !named.exact
                    && !other.exact
                    && named.words == other.words
                    && self.nodes.get(&named.topic).is_some_and(|facts| facts.broader.contains(&other.topic));
                let whole_is_about_it = all
                    .iter()
                    .any(|third| third.exact && third.topic != named.topic && contains(&other.words, &third.words));
                !(narrower || said_closer || part && !whole_is_about_it)
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

/// The bags, each once for whom it names. The same concepts stand in phrases of many topics ("药吃多了"
/// of tablets taken, 吃什么药 of medicines): those are meant that have most such phrases, and their
/// kinds; of more than two nobody knows which.
fn commonest(
    mut bags: Vec<(Vec<Vec<Arc<str>>>, TopicId)>,
    nodes: &BTreeMap<TopicId, NodeFacts>,
) -> Vec<(Vec<Vec<Arc<str>>>, TopicId)> {
    const MOST: usize = 2;
    bags.sort();
    let related = |a: &TopicId, b: &TopicId| {
        a == b
            || nodes.get(a).is_some_and(|facts| facts.broader.contains(b))
            || nodes.get(b).is_some_and(|facts| facts.broader.contains(a))
    };
    let mut kept = Vec::new();
    for same in bags.chunk_by(|a, b| a.0 == b.0) {
        let ways: Vec<(usize, &TopicId)> = same.chunk_by(|a, b| a.1 == b.1).map(|of| (of.len(), &of[0].1)).collect();
        let most = ways.iter().map(|(count, _)| *count).max().unwrap_or(0);
        let first: Vec<&TopicId> = ways.iter().filter(|(count, _)| *count == most).map(|(_, topic)| *topic).collect();
        let unrelated =
            first.iter().enumerate().filter(|(at, topic)| first[..*at].iter().all(|other| !related(other, topic)));
        if unrelated.count() <= MOST {
            let meant = ways.iter().filter(|(_, topic)| first.iter().any(|other| related(other, topic)));
            kept.extend(meant.map(|(_, topic)| (same[0].0.clone(), (*topic).clone())));
        }
    }
    kept
}

/// The words that cover `bag`, a concept for each part of it, when they lie close together.
fn covers(bag: &[Vec<Arc<str>>], concepts: &[Concept]) -> Option<Range<usize>> {
    let mut span: Option<Range<usize>> = None;
    let mut taken: Vec<usize> = Vec::with_capacity(bag.len());
    for alternatives in bag {
        let meets = |concept: &Concept| concept.names.iter().any(|name| alternatives.contains(name));
        let (at, concept) = concepts.iter().enumerate().find(|(at, concept)| !taken.contains(at) && meets(concept))?;
        taken.push(at);
        let words = concept.words.clone();
        span = Some(span.map_or(words.clone(), |s| s.start.min(words.start)..s.end.max(words.end)));
    }
    span.filter(|span| span.len() <= WINDOW)
}

/// The concepts of a phrase, when there are at least two, one of them saying what it is about.
fn bag_of(phrase: &str, thesaurus: &Thesaurus) -> Option<Vec<Vec<Arc<str>>>> {
    let words = Words::read(phrase);
    let concepts = thesaurus.concepts(&words);
    // Without its "not" a phrase means the opposite: 什么药不能吃 is no 吃什么药.
    let part_of_concept = |at: usize| concepts.iter().any(|concept| concept.known && concept.words.contains(&at));
    if words.list.iter().enumerate().any(|(at, word)| is_negation(&word.stem) && !part_of_concept(at)) {
        return None;
    }
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

fn is_negation(stem: &str) -> bool {
    matches!(
        stem,
        "不" | "没" | "无" | "not" | "no" | "never" | "can't" | "cannot" | "don't" | "won't" | "without" | "doesn't"
    )
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
        // A sign that patients see themselves has questions of its own: lumps on the fingers.
        Some(Node::Finding(finding)) => finding.kind == FindingKind::Symptom || !finding.questions.is_empty(),
        Some(Node::Test(_)) => false,
        _ => topic.kind() != TopicKind::Test,
    };
    let investigation = matches!(graph.node(topic), Some(Node::Test(test)) if test.kind != TestKind::Examination);
    NodeFacts {
        investigation,
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
