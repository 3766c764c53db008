//! The matcher: an utterance in its context, understood.

mod carrying;

use std::{ops::Range, path::Path, sync::Arc};

use carrying::{called_first, near_facets};
use knowledge_graph::{Facet, Graph, Language, Section, TopicId, TopicKind};
use models::{Embedder, ModelIdentity, Pair};

use super::{
    Clause, Context, DialogueAct, MatchMethod, MatcherError, TopicHit, Understood,
    cues::Cues,
    kept::KeptVectors,
    lexicon::{Lexicon, Named, TELLING},
    meaning::{TopicMeanings, embed_all},
    reading::{ClauseReading, Reader, Reading},
    spelling::Spelling,
    thesaurus::{Concept, Thesaurus},
    words::Words,
};

/// Version of matcher and grader; changes whenever a report may change.
pub const MATCHER_VERSION: &str = "4";

/// Scores of what is recognised, read as probabilities.
const SCORE_PHRASE: f64 = 0.95;
const SCORE_CONCEPTS: f64 = 0.8;
const SCORE_CONTEXT: f64 = 0.8;
/// A topic mentioned without being asked about.
const SCORE_MENTIONED: f64 = 0.2;
/// The history topic "had anything like this before?".
const SIMILAR_EPISODE: &str = "similar-episode";
/// Most clauses of one utterance that are embedded: work stays bounded however long it is.
const MOST_EMBEDDED: usize = 4;
/// Most topics taken from meaning for one clause.
const MOST_NEAR: usize = 3;

/// Understands utterances. Made once, shared.
pub struct Matcher {
    reader: Reader,
    meanings: Option<(TopicMeanings, KeptVectors)>,
}

impl Matcher {
    /// Reads the words of `graph`; with an embedder also embeds how its topics are asked (several
    /// thousand short texts: seconds), keeping vectors that are wanted again in the file `cache`.
    pub fn new(graph: &Graph, embedder: Option<Arc<dyn Embedder>>, cache: Option<&Path>) -> Result<Self, MatcherError> {
        let thesaurus = Thesaurus::embedded()?;
        let lexicon = Lexicon::new(graph, &thesaurus)?;
        let known: Vec<String> = graph
            .lexicon()
            .flat_map(|phrase| Words::read(phrase.text).list.into_iter().map(|word| word.folded))
            .chain(thesaurus.words())
            .collect();
        let words: Vec<String> = thesaurus.words().collect();
        let phrases = graph.lexicon().map(|phrase| phrase.text).chain(words.iter().map(String::as_str));
        let spelling = Spelling::new(known.iter().map(String::as_str)).with_phrases(phrases);
        let meanings = match embedder {
            Some(embedder) => {
                let kept = KeptVectors::new(embedder, cache);
                Some((TopicMeanings::new(graph, &lexicon, &kept)?, kept))
            }
            None => None,
        };
        Ok(Self { reader: Reader { thesaurus, cues: Cues::embedded()?, lexicon, spelling }, meanings })
    }

    /// Which weights are used, if any.
    pub fn embedder(&self) -> Option<ModelIdentity> {
        self.meanings.as_ref().map(|(_, kept)| kept.embedder().identity())
    }

    /// Understands `utterance`. Never fails: without an embedder, or when it does not answer, the
    /// words alone decide. Blocking when there is an embedder.
    pub fn understand(&self, utterance: &str, language: Language, context: &Context) -> Understood {
        self.understand_as(utterance, language, context, None)
    }

    /// As [`Self::understand`], where it is known what the utterance does as a whole: clauses that by
    /// their own words would ask, advise or mean nothing then do that.
    pub(crate) fn understand_as(
        &self,
        utterance: &str,
        language: Language,
        context: &Context,
        meant: Option<DialogueAct>,
    ) -> Understood {
        let mut reading = self.reader.read(utterance);
        if let Some(meant) = meant {
            reading.mean(meant);
        }
        let jargon = self.jargon(utterance, &reading.words);
        if reading.tampering.any() {
            let clause = Clause { span: 0..utterance.len(), act: DialogueAct::Injection, topics: Vec::new() };
            return Understood { clauses: vec![clause], act: DialogueAct::Injection, leading: false, jargon };
        }
        let mut focus = self.focus(context);
        let mut clauses = Vec::with_capacity(reading.clauses.len());
        for (at, clause) in reading.clauses.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| &reading.clauses[before]);
            let topics = self.topics(&reading.words, clause, before, &focus);
            refocus(&mut focus, &topics);
            clauses.push(Clause { span: clause.span.clone(), act: clause.act, topics });
        }
        self.add_meanings(utterance, language, &reading, &mut clauses);
        settle(&reading, &mut clauses);
        let leading = reading.clauses.iter().any(|clause| clause.asks() && clause.mood.leading);
        Understood { act: overall(&reading, &clauses), clauses, leading, jargon }
    }

    /// Reads `text` without any model.
    pub(crate) fn read(&self, text: &str) -> Reading {
        self.reader.read(text)
    }

    /// The nodes broader than a topic's, nearest first.
    pub(crate) fn broader(&self, topic: &TopicId) -> &[TopicId] {
        self.reader.lexicon.facts(topic).map_or(&[], |facts| &facts.broader)
    }

    /// Whether the graph marks a topic's node as a red flag.
    pub(crate) fn is_red_flag(&self, topic: &TopicId) -> bool {
        self.reader.lexicon.facts(topic).is_some_and(|facts| facts.red_flag)
    }

    /// The section of the history in which a topic is asked.
    pub(crate) fn section_of(&self, topic: &TopicId) -> Option<Section> {
        self.reader.lexicon.facts(topic)?.section
    }

    /// Embeds texts; `None` without an embedder or when it fails.
    pub(crate) fn embed(&self, texts: &[&str]) -> Option<Vec<Vec<f32>>> {
        let (_, kept) = self.meanings.as_ref()?;
        embed_all(kept.embedder(), texts).inspect_err(without_embeddings).ok()
    }

    /// As [`Self::embed`], for texts that come again: each is embedded once, and kept for later starts.
    pub(crate) fn embed_kept(&self, texts: &[&str]) -> Option<Vec<Arc<[f32]>>> {
        let (_, kept) = self.meanings.as_ref()?;
        kept.of(texts).inspect_err(without_embeddings).ok()
    }

    /// Log-odds, for each pair, that what is said asks what the item says, both read together; `None`
    /// without an embedder that can, or when it fails.
    pub(crate) fn read_together(&self, pairs: &[Pair]) -> Option<Vec<f64>> {
        let (_, kept) = self.meanings.as_ref()?;
        let odds = kept.embedder().read(pairs).ok().filter(|odds| odds.len() == pairs.len())?;
        Some(odds.into_iter().map(f64::from).collect())
    }

    /// Technical words a lay person may not know, as they stand in `utterance`.
    pub(crate) fn jargon(&self, utterance: &str, words: &Words) -> Vec<String> {
        let found = self.reader.cues.jargon.find(&words.stems());
        found.into_iter().map(|f| utterance[bytes(words, &f.words)].to_owned()).collect()
    }

    /// What is being talked about; taken from the last exchange when the caller keeps no focus.
    fn focus(&self, context: &Context) -> Vec<TopicId> {
        // Nobody calls "had this before?" or "anything else?" it.
        let is_about_others = |topic: &TopicId| {
            topic.kind() == TopicKind::History && matches!(topic.name(), SIMILAR_EPISODE | "other-symptoms")
        };
        if !context.focus.is_empty() {
            return context.focus.iter().filter(|topic| !is_about_others(topic)).cloned().collect();
        }
        let mut focus = Vec::new();
        for text in [&context.previous_question, &context.previous_reply].into_iter().flatten() {
            let reading = self.reader.read(text);
            for clause in &reading.clauses {
                refocus(&mut focus, &self.topics(&reading.words, clause, None, &[]));
            }
        }
        focus
    }

    /// The topics a clause names or, failing that, carries over from `focus`.
    fn topics(
        &self,
        words: &Words,
        clause: &ClauseReading,
        before: Option<&ClauseReading>,
        focus: &[TopicId],
    ) -> Vec<TopicHit> {
        let order = clause.act == DialogueAct::Order;
        let mut hits: Vec<TopicHit> = Vec::new();
        let named_topics = clause.named.topics.iter().filter(|named| {
            !is_named_as_cause(named, words, clause)
                && !self.is_circumstance(named, words, clause, focus)
                && !self.is_where_it_goes(named, clause, focus)
        });
        for named in named_topics {
            let is_test = named.topic.kind() == TopicKind::Test;
            let askable = self.reader.lexicon.facts(&named.topic).is_some_and(|facts| facts.askable);
            if is_test != order || !(askable || is_test) || self.overshadowed(&named.topic, &named.words, clause) {
                continue;
            }
            let base = if named.exact { SCORE_PHRASE } else { SCORE_CONCEPTS };
            let score = if clause.asks() || order { base } else { base * SCORE_MENTIONED };
            let node = if clause.kin { self.of_relatives(&named.topic) } else { named.topic.clone() };
            let quote = bytes(words, &named.words);
            for topic in self.with_facets(&node, named, clause) {
                hits.push(TopicHit { topic, score, quote: quote.clone(), method: MatchMethod::Lexicon });
            }
        }
        if !order && clause.asks() && clause.mood.question {
            hits.extend(self.tests_had(words, clause, &hits));
        }
        let about = hits.iter().any(|hit| hit.topic.kind() != TopicKind::Consultation);
        if about {
            hits.retain(|hit| hit.topic.kind() != TopicKind::Consultation);
            drop_family_in_general(&mut hits);
            if clause.asks() {
                hits.extend(self.earlier_episodes(&hits, focus));
            }
        } else if clause.asks() {
            let focus = called_first(&self.reader.lexicon, clause, self.what_it_is(words, clause, focus));
            let carried = || self.carried_over(clause, before, &focus);
            hits.extend(Self::of_the_family(clause).map_or_else(carried, |hit| vec![hit]));
        }
        dedupe(hits)
    }

    /// "Have you had an ECG?" asks which tests were done, when it asks nothing else.
    fn tests_had(&self, words: &Words, clause: &ClauseReading, hits: &[TopicHit]) -> Option<TopicHit> {
        let names_other = hits.iter().any(|hit| hit.topic.kind() != TopicKind::Consultation);
        let was_done =
            |named: &&Named| self.reader.lexicon.facts(&named.topic).is_some_and(|facts| facts.investigation);
        let test = clause.named.topics.iter().filter(|_| !names_other).find(was_done)?;
        Some(TopicHit {
            topic: TopicId::new(TopicKind::Course, "previous-tests"),
            score: SCORE_CONCEPTS,
            quote: bytes(words, &test.words),
            method: MatchMethod::Lexicon,
        })
    }

    /// Whether a narrower topic is named by the same words.
    fn overshadowed(&self, topic: &TopicId, words: &Range<usize>, clause: &ClauseReading) -> bool {
        clause.named.topics.iter().any(|other| {
            let narrower = self
                .reader
                .lexicon
                .facts(&other.topic)
                .is_some_and(|facts| facts.askable && facts.broader.contains(topic));
            narrower && other.words.start < words.end && words.start < other.words.end
        })
    }

    /// The family-history topic that asks for this in relatives.
    fn of_relatives(&self, topic: &TopicId) -> TopicId {
        let facts = self.reader.lexicon.facts(topic);
        if topic.kind() == TopicKind::History && topic.name() == SIMILAR_EPISODE {
            return TopicId::new(TopicKind::History, "family-similar-illness");
        }
        let of_illness = match topic.kind() {
            TopicKind::Disease | TopicKind::Finding | TopicKind::RiskFactor => true,
            TopicKind::History => facts
                .is_some_and(|facts| matches!(facts.section, Some(Section::PastHistory | Section::GeneralCondition))),
            _ => false,
        };
        if !of_illness {
            return topic.clone();
        }
        let own = TopicId::new(TopicKind::History, format!("family-{}", topic.name()));
        if self.reader.lexicon.facts(&own).is_some() { own } else { TopicId::new(TopicKind::History, "family-history") }
    }

    /// A topic near in meaning, with the facets asked of it; not the particulars, which any question
    /// with "which" or "who" seems to ask.
    fn near_with_facets(&self, node: &TopicId, clause: &ClauseReading) -> Vec<TopicId> {
        let whole = Named { topic: node.clone(), words: 0..0, exact: true };
        let topics = self.with_facets(node, &whole, clause);
        let asked: Vec<TopicId> =
            topics.into_iter().filter(|topic| topic.facet().is_some_and(|facet| facet != Facet::Detail)).collect();
        if asked.is_empty() { vec![node.clone()] } else { asked }
    }

    /// The node with each facet asked of it in this clause, or the bare node.
    fn with_facets(&self, node: &TopicId, named: &Named, clause: &ClauseReading) -> Vec<TopicId> {
        let Some(facts) = self.reader.lexicon.facts(node) else { return vec![node.clone()] };
        // "一天拉几次" names loose stools by two words, one of which asks how often.
        let counts = |facet: Facet| {
            matches!(
                facet,
                Facet::Frequency | Facet::Duration | Facet::Onset | Facet::Amount | Facet::Severity | Facet::Site
            )
        };
        let beside = |facet: Facet, words: &Range<usize>| {
            words.end <= named.words.start
                || named.words.end <= words.start
                || facet == Facet::Frequency
                || (!named.exact && counts(facet))
        };
        let asked = clause.facets.iter().filter(|(facet, words)| beside(*facet, words)).map(|(facet, _)| *facet);
        let held = |facet: &Facet| facts.facets.contains(facet);
        let mut facets: Vec<Facet> = asked
            .filter_map(|facet| std::iter::once(facet).chain(near_facets(facet).iter().copied()).find(held))
            .collect();
        facets.sort_unstable();
        facets.dedup();
        if facets.is_empty() {
            vec![node.clone()]
        } else {
            facets.into_iter().map(|facet| node.with_facet(facet)).collect()
        }
    }

    /// Looks up by meaning the clauses that ask but name nothing for sure.
    fn add_meanings(&self, utterance: &str, language: Language, reading: &Reading, clauses: &mut [Clause]) {
        let Some((meanings, _)) = &self.meanings else { return };
        // What the words or the context say for sure needs no second opinion.
        let open = |at: &usize| {
            let unsure = !clauses[*at].topics.iter().any(|hit| hit.score >= SCORE_CONCEPTS);
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
                    None if score >= NEAR_ENOUGH => {
                        let quote = clause.span.clone();
                        clause.topics.extend(self.near_with_facets(&near.topic, &reading.clauses[at]).into_iter().map(
                            |topic| TopicHit { topic, score, quote: quote.clone(), method: MatchMethod::Embedding },
                        ));
                    }
                    None => {}
                }
            }
        }
    }
}

/// "Does coughing make it worse?" asks about "it"; coughing is not what is asked for.
fn is_named_as_cause(named: &Named, words: &Words, clause: &ClauseReading) -> bool {
    const OF_IT: [&str; 4] = ["it", "this", "that", "pain"];
    let changes = |facet: &Facet| matches!(facet, Facet::Aggravating | Facet::Relieving | Facet::Trigger);
    let makes = |at: usize| {
        let stem = |at: usize| words.list.get(at).map(|word| word.stem.as_str());
        matches!(stem(at), Some("make" | "mak" | "bring" | "ease" | "eas" | "affect" | "help"))
            && (at + 1..at + 3).any(|next| stem(next).is_some_and(|stem| OF_IT.contains(&stem)))
    };
    matches!(named.topic.kind(), TopicKind::Finding | TopicKind::History)
        && clause.facets.iter().any(|(facet, asking)| changes(facet) && named.words.end <= asking.end)
        && (named.words.end..clause.words.end).any(makes)
}

/// Below this a topic near in meaning is not worth a mention.
const NEAR_ENOUGH: f64 = 0.4;

/// Probability that a topic this far ahead of the others is the one asked for.
fn near_score(margin: f32) -> f64 {
    1.0 / (1.0 + (-(f64::from(margin) - 0.045) * 90.0).exp())
}

/// "Family" in a question about one illness of relatives asks no more than that.
fn drop_family_in_general(hits: &mut Vec<TopicHit>) {
    let general = |hit: &TopicHit| hit.topic.kind() == TopicKind::History && hit.topic.name() == "family-history";
    let particular = |hit: &TopicHit| {
        hit.topic.kind() == TopicKind::History && hit.topic.name().starts_with("family-") && !general(hit)
    };
    if hits.iter().any(particular) {
        hits.retain(|hit| !general(hit));
    }
}

/// Question clauses that name nothing and resemble nothing have nothing to do with medicine.
fn settle(reading: &Reading, clauses: &mut [Clause]) {
    for (clause, read) in clauses.iter_mut().zip(&reading.clauses) {
        let medical = read.concepts.iter().any(is_medical);
        if clause.act == DialogueAct::Specific && clause.topics.is_empty() && !medical && !read.concepts.is_empty() {
            clause.act = DialogueAct::OffTopic;
        }
        clause.topics.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.topic.cmp(&b.topic)));
    }
}

/// Whether a word belongs to a consultation; the time of day, and what asks a facet, belong to any talk.
fn is_medical(concept: &Concept) -> bool {
    let time = || concept.names.iter().all(|name| matches!(&**name, "night" | "morning"));
    concept.known && concept.weight >= TELLING && !time()
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

fn without_embeddings(error: &MatcherError) {
    tracing::warn!(%error, "going on without embeddings");
}

/// The act that decides the policy for the whole utterance: what asks most counts most.
fn overall(reading: &Reading, clauses: &[Clause]) -> DialogueAct {
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
    // "您好，我是李医生，今天哪儿不舒服？": a clause that only looks like a question, because its sentence
    // ends with a question mark, must not hide the one that asks.
    let names_nothing = |clause: &Clause| {
        clause.act == DialogueAct::Specific
            && clause.topics.iter().all(|hit| hit.topic.kind() == TopicKind::Consultation)
    };
    let invites = |act: DialogueAct| matches!(act, DialogueAct::OpenQuestion | DialogueAct::Vague | DialogueAct::Order);
    let invited = clauses.iter().any(|clause| invites(clause.act));
    // "You said it spins: how long does it last?" asks; a check that ends a summary names nothing.
    let asks = |(clause, read): (&Clause, &ClauseReading)| {
        clause.act == DialogueAct::Specific && !clause.topics.is_empty() && !read.mood.check
    };
    let ends_asking = clauses.len() > 1 && clauses.last().zip(reading.clauses.last()).is_some_and(asks);
    let counts =
        |clause: &&Clause| !(invited && names_nothing(clause) || ends_asking && clause.act == DialogueAct::Summary);
    ORDER
        .into_iter()
        .find(|act| clauses.iter().filter(counts).any(|clause| clause.act == *act))
        .unwrap_or(DialogueAct::Backchannel)
}
