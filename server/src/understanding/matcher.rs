//! The matcher: an utterance in its context, understood.

use std::{ops::Range, path::Path, sync::Arc};

use knowledge_graph::{Facet, Graph, Language, Section, TopicId, TopicKind};
use models::{Embedder, ModelIdentity};

use super::{
    Clause, Context, DialogueAct, MatchMethod, MatcherError, TopicHit, Understood,
    cues::Cues,
    lexicon::Lexicon,
    meaning::{TopicMeanings, embed_all},
    reading::{ClauseReading, Reader, Reading},
    spelling::Spelling,
    thesaurus::Thesaurus,
    words::Words,
};

/// Version of matcher and grader; changes whenever a report may change.
pub const MATCHER_VERSION: &str = "1";

/// Scores of what is recognised, read as probabilities.
const SCORE_PHRASE: f64 = 0.95;
const SCORE_CONCEPTS: f64 = 0.8;
const SCORE_CONTEXT: f64 = 0.8;
/// A topic mentioned without being asked about.
const SCORE_MENTIONED: f64 = 0.2;
/// Most clauses of one utterance that are embedded: work stays bounded however long it is.
const MOST_EMBEDDED: usize = 4;
/// Most topics taken from meaning for one clause.
const MOST_NEAR: usize = 3;

/// Understands utterances. Made once, shared.
pub struct Matcher {
    reader: Reader,
    meanings: Option<(TopicMeanings, Arc<dyn Embedder>)>,
}

impl Matcher {
    /// Reads the words of `graph`; with an embedder also embeds how its topics are asked (several
    /// thousand short texts: seconds), keeping the vectors in the file `cache` by weights and text.
    pub fn new(graph: &Graph, embedder: Option<Arc<dyn Embedder>>, cache: Option<&Path>) -> Result<Self, MatcherError> {
        let thesaurus = Thesaurus::embedded()?;
        let lexicon = Lexicon::new(graph, &thesaurus)?;
        let known: Vec<String> = graph
            .lexicon()
            .flat_map(|phrase| Words::read(phrase.text).list.into_iter().map(|word| word.folded))
            .chain(thesaurus.words())
            .collect();
        let spelling = Spelling::new(known.iter().map(String::as_str));
        let meanings = match embedder {
            Some(embedder) => Some((TopicMeanings::new(graph, &lexicon, embedder.as_ref(), cache)?, embedder)),
            None => None,
        };
        Ok(Self { reader: Reader { thesaurus, cues: Cues::embedded()?, lexicon, spelling }, meanings })
    }

    /// Which weights are used, if any.
    pub fn embedder(&self) -> Option<ModelIdentity> {
        self.meanings.as_ref().map(|(_, embedder)| embedder.identity())
    }

    /// Understands `utterance`. Never fails: without an embedder, or when it does not answer, the
    /// words alone decide. Blocking when there is an embedder.
    pub fn understand(&self, utterance: &str, language: Language, context: &Context) -> Understood {
        let reading = self.reader.read(utterance);
        let jargon = self.jargon(utterance, &reading.words);
        if reading.tampering.any() {
            let clause = Clause { span: 0..utterance.len(), act: DialogueAct::Injection, topics: Vec::new() };
            return Understood { clauses: vec![clause], act: DialogueAct::Injection, leading: false, jargon };
        }
        let mut focus = self.focus(context);
        let mut clauses = Vec::with_capacity(reading.clauses.len());
        for clause in &reading.clauses {
            let topics = self.topics(&reading.words, clause, &focus);
            refocus(&mut focus, &topics);
            clauses.push(Clause { span: clause.span.clone(), act: clause.act, topics });
        }
        self.add_meanings(utterance, language, &reading, &mut clauses);
        settle(&reading, &mut clauses);
        let leading = reading.clauses.iter().any(|clause| clause.asks() && clause.mood.leading);
        Understood { act: overall(&clauses), clauses, leading, jargon }
    }

    /// Reads `text` without any model.
    pub(crate) fn read(&self, text: &str) -> Reading {
        self.reader.read(text)
    }

    /// The nodes broader than a topic's, nearest first.
    pub(crate) fn broader(&self, topic: &TopicId) -> &[TopicId] {
        self.reader.lexicon.facts(topic).map_or(&[], |facts| &facts.broader)
    }

    /// Embeds texts; `None` without an embedder or when it fails.
    pub(crate) fn embed(&self, texts: &[&str]) -> Option<Vec<Vec<f32>>> {
        let (_, embedder) = self.meanings.as_ref()?;
        embed_all(embedder.as_ref(), texts)
            .inspect_err(|error| tracing::warn!(%error, "going on without embeddings"))
            .ok()
    }

    fn jargon(&self, utterance: &str, words: &Words) -> Vec<String> {
        let found = self.reader.cues.jargon.find(&words.stems());
        found.into_iter().map(|f| utterance[bytes(words, &f.words)].to_owned()).collect()
    }

    /// What is being talked about; taken from the last exchange when the caller keeps no focus.
    fn focus(&self, context: &Context) -> Vec<TopicId> {
        if !context.focus.is_empty() {
            return context.focus.clone();
        }
        let mut focus = Vec::new();
        for text in [&context.previous_question, &context.previous_reply].into_iter().flatten() {
            let reading = self.reader.read(text);
            for clause in &reading.clauses {
                refocus(&mut focus, &self.topics(&reading.words, clause, &[]));
            }
        }
        focus
    }

    /// The topics a clause names or, failing that, carries over from `focus`.
    fn topics(&self, words: &Words, clause: &ClauseReading, focus: &[TopicId]) -> Vec<TopicHit> {
        let order = clause.act == DialogueAct::Order;
        let mut hits: Vec<TopicHit> = Vec::new();
        for named in &clause.named.topics {
            let is_test = named.topic.kind() == TopicKind::Test;
            let askable = self.reader.lexicon.facts(&named.topic).is_some_and(|facts| facts.askable);
            if is_test != order || !(askable || is_test) || self.overshadowed(&named.topic, &named.words, clause) {
                continue;
            }
            let base = if named.exact { SCORE_PHRASE } else { SCORE_CONCEPTS };
            let score = if clause.asks() || order { base } else { base * SCORE_MENTIONED };
            let node = if clause.kin { self.of_relatives(&named.topic) } else { named.topic.clone() };
            let quote = bytes(words, &named.words);
            for topic in self.with_facets(&node, &named.words, clause) {
                hits.push(TopicHit { topic, score, quote: quote.clone(), method: MatchMethod::Lexicon });
            }
        }
        let about = hits.iter().any(|hit| hit.topic.kind() != TopicKind::Consultation);
        if about {
            hits.retain(|hit| hit.topic.kind() != TopicKind::Consultation);
        } else if clause.asks() {
            hits.extend(self.carried_over(clause, focus));
        }
        dedupe(hits)
    }

    /// Whether a narrower topic is named by the same words.
    fn overshadowed(&self, topic: &TopicId, words: &Range<usize>, clause: &ClauseReading) -> bool {
        clause.named.topics.iter().any(|other| {
            let narrower = self.reader.lexicon.facts(&other.topic).is_some_and(|facts| facts.broader.contains(topic));
            narrower && other.words.start < words.end && words.start < other.words.end
        })
    }

    /// The family-history topic that asks for this in relatives.
    fn of_relatives(&self, topic: &TopicId) -> TopicId {
        let facts = self.reader.lexicon.facts(topic);
        let of_illness = match topic.kind() {
            TopicKind::Disease | TopicKind::Finding | TopicKind::RiskFactor => true,
            TopicKind::History => facts.is_some_and(|facts| facts.section == Some(Section::PastHistory)),
            _ => false,
        };
        if !of_illness {
            return topic.clone();
        }
        let own = TopicId::new(TopicKind::History, format!("family-{}", topic.name()));
        if self.reader.lexicon.facts(&own).is_some() { own } else { TopicId::new(TopicKind::History, "family-history") }
    }

    /// The node with each facet asked of it in this clause, or the bare node.
    fn with_facets(&self, node: &TopicId, named_by: &Range<usize>, clause: &ClauseReading) -> Vec<TopicId> {
        let Some(facts) = self.reader.lexicon.facts(node) else { return vec![node.clone()] };
        let fits = |facet: &&(Facet, Range<usize>)| {
            facts.facets.contains(&facet.0) && (facet.1.end <= named_by.start || named_by.end <= facet.1.start)
        };
        let mut facets: Vec<Facet> = clause.facets.iter().filter(fits).map(|(facet, _)| *facet).collect();
        facets.sort_unstable();
        facets.dedup();
        if facets.is_empty() {
            vec![node.clone()]
        } else {
            facets.into_iter().map(|facet| node.with_facet(facet)).collect()
        }
    }

    /// A facet asked without saying of what belongs to what is being talked about.
    fn carried_over(&self, clause: &ClauseReading, focus: &[TopicId]) -> Vec<TopicHit> {
        let mut hits: Vec<TopicHit> = Vec::new();
        for (facet, _) in &clause.facets {
            let holds =
                |topic: &&TopicId| self.reader.lexicon.facts(topic).is_some_and(|facts| facts.facets.contains(facet));
            let of = focus.iter().find(holds).or_else(|| focus.iter().find(|topic| topic.kind() == TopicKind::Finding));
            if let Some(topic) = of {
                let topic = topic.node().with_facet(*facet);
                hits.push(TopicHit {
                    topic,
                    score: SCORE_CONTEXT,
                    quote: clause.span.clone(),
                    method: MatchMethod::Context,
                });
            }
        }
        hits
    }

    /// Looks up by meaning the clauses that ask but name nothing for sure.
    fn add_meanings(&self, utterance: &str, language: Language, reading: &Reading, clauses: &mut [Clause]) {
        let Some((meanings, _)) = &self.meanings else { return };
        let open = |at: &usize| {
            let unsure = !clauses[*at].topics.iter().any(|hit| hit.score >= SCORE_PHRASE);
            clauses[*at].act == DialogueAct::Specific && unsure && reading.clauses[*at].words.len() > 1
        };
        let wanted: Vec<usize> = (0..clauses.len()).filter(open).take(MOST_EMBEDDED).collect();
        let texts: Vec<&str> = wanted.iter().map(|at| &utterance[clauses[*at].span.clone()]).collect();
        let Some(vectors) = (!texts.is_empty()).then(|| self.embed(&texts)).flatten() else { return };
        for (at, vector) in wanted.into_iter().zip(vectors) {
            let clause = &mut clauses[at];
            for near in meanings.nearest(&vector, language, MOST_NEAR) {
                let score = near_score(near.margin);
                let agrees = clause.topics.iter_mut().find(|hit| hit.topic.node() == near.topic);
                match agrees {
                    Some(hit) => hit.score = hit.score.max(1.0 - (1.0 - hit.score) * (1.0 - score)),
                    None if score >= NEAR_ENOUGH => clause.topics.push(TopicHit {
                        topic: near.topic,
                        score,
                        quote: clause.span.clone(),
                        method: MatchMethod::Embedding,
                    }),
                    None => {}
                }
            }
        }
    }
}

/// Below this a topic near in meaning is not worth a mention.
const NEAR_ENOUGH: f64 = 0.4;

/// Probability that a topic this far ahead of the others is the one asked for.
fn near_score(margin: f32) -> f64 {
    1.0 / (1.0 + (-(f64::from(margin) - 0.045) * 90.0).exp())
}

/// Question clauses that name nothing and resemble nothing have nothing to do with medicine.
fn settle(reading: &Reading, clauses: &mut [Clause]) {
    for (clause, read) in clauses.iter_mut().zip(&reading.clauses) {
        let medical = read.concepts.iter().any(|concept| concept.known) || !read.facets.is_empty();
        if clause.act == DialogueAct::Specific && clause.topics.is_empty() && !medical && !read.concepts.is_empty() {
            clause.act = DialogueAct::OffTopic;
        }
        clause.topics.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.topic.cmp(&b.topic)));
    }
}

fn bytes(words: &Words, range: &Range<usize>) -> Range<usize> {
    words.list[range.start].span.start..words.list[range.end - 1].span.end
}

fn dedupe(hits: Vec<TopicHit>) -> Vec<TopicHit> {
    let mut kept: Vec<TopicHit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.iter_mut().find(|seen| seen.topic == hit.topic) {
            Some(seen) if seen.score >= hit.score => {}
            Some(seen) => *seen = hit,
            None => kept.push(hit),
        }
    }
    kept
}

/// Puts what was just talked about in front.
fn refocus(focus: &mut Vec<TopicId>, hits: &[TopicHit]) {
    const DEPTH: usize = 12;
    for hit in hits.iter().filter(|hit| !matches!(hit.topic.kind(), TopicKind::Consultation | TopicKind::Test)) {
        let node = hit.topic.node();
        focus.retain(|topic| *topic != node);
        focus.insert(0, node);
    }
    focus.truncate(DEPTH);
}

/// The act that decides the policy for the whole utterance: what asks most counts most.
fn overall(clauses: &[Clause]) -> DialogueAct {
    const ORDER: [DialogueAct; 13] = [
        DialogueAct::Injection,
        DialogueAct::Rude,
        DialogueAct::Summary,
        DialogueAct::Specific,
        DialogueAct::Order,
        DialogueAct::OpenQuestion,
        DialogueAct::Vague,
        DialogueAct::Advice,
        DialogueAct::Empathy,
        DialogueAct::Closing,
        DialogueAct::Greeting,
        DialogueAct::OffTopic,
        DialogueAct::Backchannel,
    ];
    ORDER.into_iter().find(|act| clauses.iter().any(|clause| clause.act == *act)).unwrap_or(DialogueAct::Backchannel)
}
