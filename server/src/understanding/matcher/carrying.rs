//! What a clause that names nothing asks of what is being talked about.

use std::ops::Range;

use knowledge_graph::{Facet, Section, TopicId, TopicKind};

use super::{Matcher, SCORE_CONTEXT, SIMILAR_EPISODE};
use crate::understanding::{
    MatchMethod, TopicHit, lexicon::TELLING, reading::ClauseReading, thesaurus::Concept, words::Words,
};

impl Matcher {
    /// "Had this before?" asks for earlier episodes, and for those of what is being talked about.
    pub(super) fn earlier_episodes(&self, hits: &[TopicHit], focus: &[TopicId]) -> Option<TopicHit> {
        let is_episode = |hit: &TopicHit| hit.topic.kind() == TopicKind::History && hit.topic.name() == SIMILAR_EPISODE;
        let episode = hits.first().filter(|_| hits.iter().all(is_episode))?;
        let topic = self.holding(Facet::Previous, focus)?.node().with_facet(Facet::Previous);
        Some(TopicHit { topic, score: SCORE_CONTEXT, quote: episode.quote.clone(), method: MatchMethod::Context })
    }

    /// The topic under discussion of which `facet` can be asked.
    fn holding<'f>(&self, facet: Facet, focus: &'f [TopicId]) -> Option<&'f TopicId> {
        let holds =
            |topic: &&TopicId| self.reader.lexicon.facts(topic).is_some_and(|facts| facts.facets.contains(&facet));
        focus.iter().find(holds)
    }

    /// What a clause that names nothing asks of what is being talked about: "with any blood?" names a
    /// finding together with it, "what makes it worse?" a facet of it, "and at night?" its course,
    /// "那疼的时候呢?" the thing itself.
    pub(super) fn carried_over(&self, clause: &ClauseReading, focus: &[TopicId]) -> Vec<TopicHit> {
        let of_focus = |topic: TopicId| TopicHit {
            topic,
            score: SCORE_CONTEXT,
            quote: clause.span.clone(),
            method: MatchMethod::Context,
        };
        let completed = self.completed(clause, focus);
        if !completed.is_empty() {
            return completed.into_iter().map(of_focus).collect();
        }
        let mut topics: Vec<TopicId> = Vec::new();
        for (facet, asking) in &clause.facets {
            if self.asks_of_something_else(*facet, asking, clause, focus) {
                continue;
            }
            if let Some(topic) = self.of_the_last(*facet, clause, focus) {
                topics.push(topic);
                continue;
            }
            let of =
                self.holding(*facet, focus).or_else(|| focus.iter().find(|topic| topic.kind() == TopicKind::Finding));
            topics.extend(of.map(|topic| topic.node().with_facet(*facet)));
            if *facet == Facet::Previous && of.is_some() {
                topics.push(TopicId::new(TopicKind::History, SIMILAR_EPISODE));
            }
        }
        if topics.is_empty() {
            topics.extend(self.course_or_self(clause, focus));
        }
        topics.into_iter().map(of_focus).collect()
    }

    /// Whether a clause that only holds "before" or "which" speaks of something that is not under
    /// discussion ("以前怀过孕吗"): then it asks nothing of the focus.
    fn asks_of_something_else(
        &self,
        facet: Facet,
        asking: &Range<usize>,
        clause: &ClauseReading,
        focus: &[TopicId],
    ) -> bool {
        let outside = |concept: &&Concept| {
            let facets = self.reader.thesaurus.facets(std::slice::from_ref(*concept));
            concept.known
                && concept.weight >= TELLING
                && facets.is_empty()
                && (concept.words.end <= asking.start || asking.end <= concept.words.start)
        };
        let about_focus = |concept: &Concept| {
            let known = focus.iter().filter_map(|topic| self.reader.lexicon.facts(topic));
            known.flat_map(|facts| facts.concepts.iter().chain(&facts.lay)).any(|other| concept.meets(other))
        };
        matches!(facet, Facet::Previous | Facet::Detail)
            && clause.concepts.iter().filter(outside).any(|concept| !about_focus(concept))
    }

    /// "How many a day?" after a word on smoking asks of smoking, even where the vocabulary calls it
    /// amount rather than frequency; "where exactly?" after a word on travel asks of the travel.
    fn of_the_last(&self, facet: Facet, clause: &ClauseReading, focus: &[TopicId]) -> Option<TopicId> {
        let last = focus.first()?;
        let held = &self.reader.lexicon.facts(last)?.facets;
        if held.contains(&facet) {
            return None;
        }
        let near = near_facets(facet).iter().find(|near| held.contains(near));
        if last.kind() == TopicKind::Finding {
            return near.map(|near| last.node().with_facet(*near));
        }
        // "It" is what brought the patient here, whatever was asked in between.
        let of_it = clause.concepts.iter().any(|concept| concept.known && concept.names.iter().any(|n| &**n == "pain"));
        let of_anything =
            matches!(facet, Facet::Site | Facet::Frequency | Facet::Amount | Facet::Dose | Facet::Duration);
        let answerable = matches!(last.kind(), TopicKind::History | TopicKind::Course) && of_anything && !of_it;
        answerable.then(|| near.map_or_else(|| last.node(), |near| last.node().with_facet(*near)))
    }

    /// Findings that the clause names together with one of the last things talked about.
    fn completed(&self, clause: &ClauseReading, focus: &[TopicId]) -> Vec<TopicId> {
        const REACH: usize = 3;
        // "What dose?" asks a facet; it names nothing.
        let naming: Vec<Concept> = clause
            .concepts
            .iter()
            .filter(|concept| self.reader.thesaurus.facets(std::slice::from_ref(*concept)).is_empty())
            .cloned()
            .collect();
        let recent = || focus.iter().take(REACH).filter_map(|topic| self.reader.lexicon.facts(topic));
        let by_name = recent().map(|facts| &facts.concepts);
        let by_lay_words = recent().map(|facts| &facts.lay);
        by_name
            .chain(by_lay_words)
            .map(|about| self.reader.lexicon.completed(&naming, about))
            .find(|found| !found.is_empty())
            .map(|found| found.into_iter().take(2).collect())
            .unwrap_or_default()
    }

    /// For a clause that only gives a time of day, the course of the focus over time; for one that
    /// calls the focus by a general word ("the pain"), the focus.
    fn course_or_self(&self, clause: &ClauseReading, focus: &[TopicId]) -> Option<TopicId> {
        let telling = || clause.concepts.iter().filter(|concept| concept.known);
        let time = |concept: &Concept| concept.names.iter().any(|name| matches!(&**name, "night" | "morning"));
        if telling().count() > 0 && telling().all(time) {
            return self.holding(Facet::TimeCourse, focus).map(|topic| topic.node().with_facet(Facet::TimeCourse));
        }
        let called = |topic: &&TopicId| {
            self.reader
                .lexicon
                .facts(topic)
                .is_some_and(|facts| facts.concepts.iter().any(|concept| telling().any(|said| said.meets(concept))))
        };
        focus.iter().find(called).map(TopicId::node)
    }

    /// "How long does it last?" after a word on appetite or work asks of the illness: nobody calls
    /// how they eat or live "it".
    pub(super) fn what_it_is<'f>(&self, words: &Words, clause: &ClauseReading, focus: &'f [TopicId]) -> &'f [TopicId] {
        let says_it = words.list[clause.words.clone()].iter().any(|word| word.stem == "it");
        let is_way_of_life = |topic: &TopicId| {
            let section = self.reader.lexicon.facts(topic).and_then(|facts| facts.section);
            let of_life =
                matches!(section, Some(Section::GeneralCondition | Section::SocialHistory | Section::Opening));
            of_life && topic.kind() != TopicKind::Finding
        };
        let skipped = focus.iter().take_while(|topic| says_it && is_way_of_life(topic)).count();
        if skipped < focus.len() { &focus[skipped..] } else { focus }
    }

    /// "In your family, does somebody have this?" names no illness and asks of the family's.
    pub(super) fn of_the_family(clause: &ClauseReading) -> Option<TopicHit> {
        let family = |concept: &&Concept| concept.names.iter().any(|name| &**name == "family");
        let named = clause.concepts.iter().find(family).filter(|_| clause.kin)?;
        let others = clause.concepts.iter().filter(|concept| concept.known && concept.weight >= TELLING);
        let alone = others.into_iter().all(|concept| concept.words == named.words);
        let topic = TopicId::new(TopicKind::History, "family-history");
        let quote = clause.span.clone();
        alone.then_some(TopicHit { topic, score: SCORE_CONTEXT, quote, method: MatchMethod::Context })
    }
}

/// What is asked instead of a facet that a topic does not have.
pub(super) const fn near_facets(facet: Facet) -> &'static [Facet] {
    match facet {
        Facet::Amount => &[Facet::Frequency, Facet::Severity, Facet::Dose],
        Facet::Frequency => &[Facet::Amount, Facet::Dose, Facet::TimeCourse],
        Facet::Severity => &[Facet::Amount],
        Facet::Appearance => &[Facet::Character],
        Facet::Character => &[Facet::Appearance],
        Facet::Duration => &[Facet::Onset],
        Facet::Onset => &[Facet::Duration],
        Facet::TimeCourse => &[Facet::Frequency],
        _ => &[],
    }
}
