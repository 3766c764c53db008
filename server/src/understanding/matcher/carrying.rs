//! What a clause that names nothing asks of what is being talked about.

use std::ops::Range;

use knowledge_graph::{Facet, Section, TopicId, TopicKind};

use super::{Matcher, SCORE_CONTEXT, SIMILAR_EPISODE};
use crate::understanding::{
    MatchMethod, TopicHit,
    lexicon::{Lexicon, Named, PAIN, TELLING},
    reading::ClauseReading,
    thesaurus::Concept,
    words::Words,
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
    pub(super) fn carried_over(
        &self,
        clause: &ClauseReading,
        before: Option<&ClauseReading>,
        focus: &[TopicId],
    ) -> Vec<TopicHit> {
        let of_focus = |topic: TopicId| TopicHit {
            topic,
            score: SCORE_CONTEXT,
            quote: clause.span.clone(),
            method: MatchMethod::Context,
        };
        let completed = self.completed(clause, before, focus);
        let mut topics: Vec<TopicId> = Vec::new();
        for topic in completed {
            // "Is it worse when you breathe in?" asks of a kind of the pain, and what makes it worse.
            let is_kind = focus.iter().any(|of| self.broader(&topic).contains(&of.node()));
            if !is_kind {
                topics.extend(self.with_facets_beside_naming(&topic, clause));
                continue;
            }
            topics.push(topic);
            let changes = |(facet, _): &&(Facet, Range<usize>)| matches!(facet, Facet::Aggravating | Facet::Relieving);
            let of =
                clause.facets.iter().find(changes).and_then(|(facet, _)| Some((*facet, self.holding(*facet, focus)?)));
            topics.extend(of.map(|(facet, topic)| topic.node().with_facet(facet)));
        }
        if !topics.is_empty() {
            return topics.into_iter().map(of_focus).collect();
        }
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
                && !self.reader.thesaurus.is_circumstance(concept)
                && (concept.words.end <= asking.start || asking.end <= concept.words.start)
        };
        let about_focus = |concept: &Concept| {
            let known = focus.iter().filter_map(|topic| self.reader.lexicon.facts(topic));
            known.flat_map(|facts| facts.concepts.iter().chain(&facts.lay)).any(|other| concept.meets(other))
        };
        let mut others = clause.concepts.iter().filter(outside).filter(|concept| !about_focus(concept));
        match facet {
            Facet::Previous | Facet::Detail => others.next().is_some(),
            // 皮肤有什么变化 after a word on the appetite.
            Facet::TimeCourse | Facet::Appearance | Facet::Amount => {
                others.any(|concept| self.reader.thesaurus.is_body_part(concept))
            }
            _ => false,
        }
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
        let of_it = clause.concepts.iter().any(is_pain);
        let of_anything =
            matches!(facet, Facet::Site | Facet::Frequency | Facet::Amount | Facet::Dose | Facet::Duration);
        let answerable = matches!(last.kind(), TopicKind::History | TopicKind::Course) && of_anything && !of_it;
        answerable.then(|| near.map_or_else(|| last.node(), |near| last.node().with_facet(*near)))
    }

    /// Findings that the clause names together with the clause before it ("What about your nose? Is it
    /// blocked?") or with one of the last things talked about.
    fn completed(&self, clause: &ClauseReading, before: Option<&ClauseReading>, focus: &[TopicId]) -> Vec<TopicId> {
        const REACH: usize = 3;
        let thesaurus = &self.reader.thesaurus;
        // "What dose?" asks a facet; it names nothing. Nor does "does it go to your leg?" name the leg.
        let moves = clause.facets.iter().any(|(facet, _)| matches!(facet, Facet::Radiation | Facet::Site));
        let naming: Vec<Concept> = clause
            .concepts
            .iter()
            .filter(|concept| thesaurus.facets(std::slice::from_ref(*concept)).is_empty())
            .filter(|concept| !(moves && thesaurus.is_body_part(concept)))
            .cloned()
            .collect();
        // 碰一下疼吗 is asked of what hurts already.
        let only_pain = naming.iter().filter(|concept| concept.known && concept.weight >= TELLING).all(is_pain);
        let hurts = |topic: &TopicId| {
            self.reader.lexicon.facts(topic).is_some_and(|facts| facts.concepts.iter().chain(&facts.lay).any(is_pain))
        };
        if only_pain && focus.iter().take(REACH).any(hurts) {
            return Vec::new();
        }
        if let Some(found) = before.and_then(|before| self.completed_by(before, &naming)) {
            return found;
        }
        // "When you walk?" names no walking trouble; it may name a kind of what is being talked about.
        let known = || naming.iter().filter(|concept| concept.known);
        let only_when = known().any(|concept| thesaurus.is_circumstance(concept))
            && known().all(|concept| thesaurus.is_circumstance(concept) || is_pain(concept));
        let may_be_meant = |found: &[TopicId], topic: &TopicId| {
            !found.is_empty() && (!only_when || found.iter().all(|found| self.broader(found).contains(&topic.node())))
        };
        let recent = || focus.iter().take(REACH).filter_map(|topic| Some((topic, self.reader.lexicon.facts(topic)?)));
        let by_name = recent().map(|(topic, facts)| (topic, &facts.concepts));
        let by_lay_words = recent().map(|(topic, facts)| (topic, &facts.lay));
        by_name
            .chain(by_lay_words)
            .map(|(topic, about)| (topic, self.reader.lexicon.completed(&naming, Some(topic), about)))
            .find(|(topic, found)| may_be_meant(found, topic))
            .map(|(_, found)| found.into_iter().take(2).collect())
            .unwrap_or_default()
    }

    /// Findings that `naming` names together with the clause just before: "What about your nose? Is it
    /// blocked?", "any pain in your back, or your sides?".
    fn completed_by(&self, before: &ClauseReading, naming: &[Concept]) -> Option<Vec<TopicId>> {
        let thesaurus = &self.reader.thesaurus;
        let mut telling = naming.iter().filter(|concept| concept.known && concept.weight >= TELLING).peekable();
        let only_parts = telling.peek().is_some() && telling.all(|concept| thesaurus.is_body_part(concept));
        let radiates = before.facets.iter().any(|(facet, _)| *facet == Facet::Radiation);
        let about: Vec<Concept> = if before.named.topics.is_empty() {
            before.concepts.iter().filter(|concept| thesaurus.is_body_part(concept)).cloned().collect()
        } else if only_parts && before.asks() && !radiates {
            before
                .concepts
                .iter()
                .filter(|concept| concept.known && !thesaurus.is_body_part(concept))
                .cloned()
                .collect()
        } else {
            return None;
        };
        let found = self.reader.lexicon.completed(naming, None, &about);
        (!found.is_empty()).then(|| found.into_iter().take(2).collect())
    }

    /// `topic` with the facets asked by words that do not name it themselves: 带血 in 大便带血多久了.
    fn with_facets_beside_naming(&self, topic: &TopicId, clause: &ClauseReading) -> Vec<TopicId> {
        let names = |asking: &Range<usize>| {
            let concepts = || clause.concepts.iter().filter(|concept| concept.known && concept.weight >= TELLING);
            concepts().any(|concept| concept.words.start < asking.end && asking.start < concept.words.end)
        };
        let held = self.reader.lexicon.facts(topic).map(|facts| facts.facets.as_slice()).unwrap_or_default();
        let asked = clause
            .facets
            .iter()
            .filter(|(facet, asking)| *facet != Facet::Detail && held.contains(facet) && !names(asking));
        let topics: Vec<TopicId> = asked.map(|(facet, _)| topic.with_facet(*facet)).collect();
        if topics.is_empty() { vec![topic.clone()] } else { topics }
    }

    /// For a clause that only gives a time of day, the course of the focus over time; for one that only
    /// gives a circumstance ("when you lie down?", 走路的时候呢), whether it makes the focus worse; for one
    /// that calls the focus by a general word ("the pain"), the focus.
    fn course_or_self(&self, clause: &ClauseReading, focus: &[TopicId]) -> Option<TopicId> {
        let telling = || clause.concepts.iter().filter(|concept| concept.known);
        let of_focus = |facet| self.holding(facet, focus).map(|topic| topic.node().with_facet(facet));
        let time = |concept: &Concept| concept.names.iter().any(|name| matches!(&**name, "night" | "morning"));
        if telling().count() > 0 && telling().all(time) {
            return of_focus(Facet::TimeCourse);
        }
        let circumstance = |concept: &Concept| self.reader.thesaurus.is_circumstance(concept);
        if telling().any(circumstance) && telling().all(|concept| circumstance(concept) || is_pain(concept)) {
            let eases = telling().any(|concept| concept.names.iter().any(|name| &**name == "rest"));
            return of_focus(if eases { Facet::Relieving } else { Facet::Aggravating });
        }
        let called = |topic: &&TopicId| {
            self.reader
                .lexicon
                .facts(topic)
                .is_some_and(|facts| facts.concepts.iter().any(|concept| telling().any(|said| said.meets(concept))))
        };
        focus.iter().find(called).map(TopicId::node)
    }

    /// Whether `named` only says when something else comes or changes: 运动的时候疼吗 asks nothing about
    /// exercise, "is it worse after eating?" nothing about the appetite.
    pub(super) fn is_circumstance(
        &self,
        named: &Named,
        words: &Words,
        clause: &ClauseReading,
        focus: &[TopicId],
    ) -> bool {
        const LEADING: [&str; 6] = ["when", "whil", "after", "dur", "with", "befor"];
        const FOLLOWING: [&str; 3] = ["时", "后", "前"];
        let inside =
            |concept: &&Concept| named.words.start < concept.words.end && concept.words.start < named.words.end;
        let mut within = clause.concepts.iter().filter(inside).filter(|concept| concept.known).peekable();
        if named.topic.kind() == TopicKind::Finding
            || within.peek().is_none()
            || !within.all(|concept| self.reader.thesaurus.is_circumstance(concept))
        {
            return false;
        }
        let stems = |range: Range<usize>| words.list[range].iter().map(|word| word.stem.as_str());
        let before = stems(named.words.start.saturating_sub(3).max(clause.words.start)..named.words.start);
        let behind = stems(named.words.end..(named.words.end + 3).min(clause.words.end));
        let is_when = before.into_iter().any(|stem| LEADING.contains(&stem))
            || behind.into_iter().any(|stem| FOLLOWING.contains(&stem));
        let asks_of_another = clause.named.topics.iter().any(|other| other.topic.kind() == TopicKind::Finding)
            || focus.first().is_some_and(|topic| topic.kind() == TopicKind::Finding);
        is_when && asks_of_another
    }

    /// Whether the words of `named` ask where what is being talked about goes: 会不会串到后背或者大腿.
    pub(super) fn is_where_it_goes(&self, named: &Named, clause: &ClauseReading, focus: &[TopicId]) -> bool {
        let radiates = clause.facets.iter().any(|(facet, _)| *facet == Facet::Radiation);
        let of = || self.holding(Facet::Radiation, focus).map(TopicId::node);
        !named.exact
            && radiates
            && named.topic.kind() == TopicKind::Finding
            && of().is_some_and(|of| of != named.topic && !self.broader(&named.topic).contains(&of))
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

/// What is being talked about, the things that a clause calls by a word of theirs first: "how long has
/// the nose been like that?".
pub(super) fn called_first(lexicon: &Lexicon, clause: &ClauseReading, focus: &[TopicId]) -> Vec<TopicId> {
    let telling = || clause.concepts.iter().filter(|concept| concept.known && concept.weight >= TELLING);
    let called = |topic: &&TopicId| {
        let facts = lexicon.facts(topic);
        facts.is_some_and(|facts| facts.concepts.iter().any(|concept| telling().any(|said| said.meets(concept))))
    };
    let (mut first, rest): (Vec<&TopicId>, Vec<&TopicId>) = focus.iter().partition(called);
    first.extend(rest);
    first.into_iter().cloned().collect()
}

/// Whether somebody speaks of pain, wherever it is.
fn is_pain(concept: &Concept) -> bool {
    concept.known && concept.names.iter().any(|name| &**name == PAIN)
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
