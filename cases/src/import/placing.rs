//! Finding each sentence of a record its topic.

use knowledge_graph::{Bilingual, BilingualList, Graph, Language, Mention, Mentions, PhraseTarget, TopicId, TopicKind};

use super::{
    Unplaced,
    cues::{DENIALS, FACETS, TOPICS},
    external::{Part, Passage},
    voice,
};
use crate::format::{Disclosure, Fact};

/// Turns passages into facts.
pub(super) struct Placer<'a> {
    pub(super) graph: &'a Graph,
    pub(super) mentions: &'a Mentions,
    pub(super) language: Language,
    pub(super) complaint: TopicId,
    pub(super) for_a_child: bool,
    pub(super) facts: Vec<Fact>,
    pub(super) unplaced: Vec<Unplaced>,
    pub(super) placed: usize,
}

impl Placer<'_> {
    /// Places every sentence of `passage`.
    pub(super) fn place(&mut self, passage: &Passage) {
        if let Some(topic) = whole(passage.part) {
            let present = !is_denial(&passage.text);
            self.told(topic, Vec::new(), present, &passage.text, passage.part);
            return;
        }
        for sentence in sentences(&passage.text, self.language) {
            if self.sentence(passage.part, &sentence) {
                continue;
            }
            let mut why = "no finding or topic of the graph has these words".to_owned();
            if matches!(passage.part, Part::Illness | Part::Symptom) {
                why.push_str("; told when asked for anything else");
                let topic = TopicId::new(TopicKind::History, "other-symptoms");
                let tells = voice::spoken(&sentence, self.language, self.for_a_child);
                self.facts_of_the_rest(Fact { bother: 2, ..fact(topic, both(tells)) });
            }
            self.unplaced.push(Unplaced { path: passage.path.clone(), text: sentence, why });
        }
    }

    /// Whether a place was found.
    fn sentence(&mut self, part: Part, sentence: &str) -> bool {
        let found = mentioned(self.graph, self.mentions, sentence, self.language);
        let mixed = found.iter().any(|one| one.negated) && found.iter().any(|one| !one.negated);
        if mixed {
            let clauses = clauses(sentence);
            if clauses.len() > 1 {
                return self.each(part, &clauses);
            }
        }
        if part == Part::Past {
            let also = found.iter().map(|one| one.topic.clone()).filter(|topic| topic.kind() == TopicKind::Disease);
            let topic = TopicId::new(TopicKind::History, "past-conditions");
            self.told(topic, also.collect(), !is_denial(sentence), sentence, part);
            return true;
        }
        if !found.is_empty() && found.iter().all(|one| one.negated) {
            for one in &found {
                self.denied(one);
            }
            return true;
        }
        let mut topics: Vec<TopicId> =
            found.iter().filter(|one| !one.negated).map(|one| self.asked(&one.topic)).collect();
        let about_complaint = topics.first().is_none_or(|topic| *topic == self.complaint);
        if part == Part::Illness
            && about_complaint
            && let Some(topic) = self.facet(sentence)
        {
            topics.retain(|other| *other != self.complaint);
            topics.insert(0, topic);
        }
        if topics.is_empty() {
            topics.extend(universal(sentence));
            let clauses = clauses(sentence);
            if topics.len() > 1 && is_denial(sentence) && sentence.contains(" and ") && clauses.len() > 1 {
                return self.each(part, &clauses);
            }
        }
        if topics.is_empty() {
            return false;
        }
        let topic = topics.remove(0);
        self.told(topic, topics, !is_denial(sentence), sentence, part);
        true
    }

    /// Places every clause; whether one found its place.
    fn each(&mut self, part: Part, clauses: &[String]) -> bool {
        let placed = clauses.iter().filter(|clause| self.sentence(part, clause)).count();
        placed > 0
    }

    /// The attribute of the complaint that a sentence tells.
    fn facet(&self, sentence: &str) -> Option<TopicId> {
        let lower = sentence.to_lowercase();
        let known = FACETS.iter().filter(|(word, _)| lower.contains(word));
        known.map(|(_, facet)| self.complaint.with_facet(*facet)).find(|topic| self.graph.topic_exists(topic))
    }

    /// The topic under which a doctor asks for what was mentioned.
    fn asked(&self, topic: &TopicId) -> TopicId {
        match topic.kind() {
            TopicKind::Disease => TopicId::new(TopicKind::History, "past-conditions"),
            TopicKind::Treatment => TopicId::new(TopicKind::History, "current-drugs"),
            TopicKind::RiskFactor => {
                let risk = self.graph.risk_factor(topic.name());
                risk.and_then(|risk| risk.asked_as.clone()).unwrap_or_else(|| topic.clone())
            }
            _ => topic.clone(),
        }
    }

    /// Adds a fact, unless the same is told already; what contradicts an earlier fact is unplaced.
    fn told(&mut self, topic: TopicId, also: Vec<TopicId>, present: bool, text: &str, part: Part) {
        let plain = topic.kind() == TopicKind::Finding && topic.facet().is_none();
        let contradicted = self.facts.iter().any(|fact| fact.topic == topic && fact.present != present);
        if (plain || contradicted) && self.says(&topic, text, present) {
            return;
        }
        let also: Vec<TopicId> = also
            .into_iter()
            .filter(|other| {
                *other != topic && !self.facts.iter().any(|fact| fact.present != present && fact.topic == *other)
            })
            .collect();
        let tells = voice::spoken(text, self.language, self.for_a_child);
        let disclosure = match part {
            Part::Symptom => Disclosure::OpenQuestion,
            _ => Disclosure::Asked,
        };
        self.add(Fact { also, present, disclosure, ..fact(topic, both(tells)) });
    }

    fn denied(&mut self, mention: &Mention) {
        let topic = self.asked(&mention.topic);
        if self.says(&topic, &mention.phrase, false) {
            return;
        }
        let tells = match self.language {
            Language::En => format!("No {}.", mention.phrase),
            Language::Zh => format!("没有{}。", mention.phrase),
        };
        self.add(Fact { present: false, bother: 1, ..fact(topic, both(tells)) });
    }

    /// Whether a fact on `topic` stands already; a contradiction is put aside.
    fn says(&mut self, topic: &TopicId, text: &str, present: bool) -> bool {
        let touches = |fact: &&Fact| {
            let mut topics = std::iter::once(&fact.topic).chain(&fact.also);
            topics.any(|one| one == topic || !present && self.graph.is_a(one, topic) && one.facet().is_none())
        };
        let Some(known) = self.facts.iter().find(touches) else { return false };
        if known.present == present {
            self.placed += 1;
        } else {
            let why = format!("contradicts the fact `{}`", known.id);
            self.unplaced.push(Unplaced { path: String::new(), text: text.to_owned(), why });
        }
        true
    }

    /// Keeps what has no topic of its own; it does not count as placed.
    fn facts_of_the_rest(&mut self, fact: Fact) {
        self.add(fact);
        self.placed -= 1;
    }

    pub(super) fn add(&mut self, mut fact: Fact) {
        let base = fact.id.clone();
        let mut number = 2;
        while self.facts.iter().any(|other| other.id == fact.id) {
            fact.id = format!("{base}-{number}");
            number += 1;
        }
        self.placed += 1;
        self.facts.push(fact);
    }
}

/// A fact named after its topic.
pub(super) fn fact(topic: TopicId, tells: Bilingual) -> Fact {
    let facet = topic.facet().map(|facet| format!("-{facet}")).unwrap_or_default();
    Fact {
        id: format!("{}{facet}", topic.name()),
        topic,
        also: Vec::new(),
        present: true,
        disclosure: Disclosure::Asked,
        bother: 3,
        tells,
        brief: None,
        variants: BilingualList::default(),
        source: "author".to_owned(),
    }
}

/// A text of a case that has one language.
pub(super) fn both(text: String) -> Bilingual {
    Bilingual { en: text.clone(), zh: text }
}

/// Parts of which a passage is one fact.
fn whole(part: Part) -> Option<TopicId> {
    let (kind, name) = match part {
        Part::Surgery => (TopicKind::History, "surgery"),
        Part::Drugs => (TopicKind::History, "current-drugs"),
        Part::Allergy => (TopicKind::History, "drug-allergy"),
        Part::Family => (TopicKind::History, "family-history"),
        Part::Menstrual => (TopicKind::History, "menstrual-cycle"),
        Part::Obstetric => (TopicKind::History, "obstetric-history"),
        Part::Transfusion => (TopicKind::History, "transfusion"),
        Part::Infection => (TopicKind::History, "infectious-disease"),
        Part::Idea => (TopicKind::Perspective, "idea"),
        Part::Concern => (TopicKind::Perspective, "concern"),
        Part::Expectation => (TopicKind::Perspective, "expectation"),
        Part::Illness | Part::Symptom | Part::Past | Part::Social | Part::Review | Part::Workup => return None,
    };
    Some(TopicId::new(kind, name))
}

/// What is mentioned, with denials of records ("denies fever or cough") as well.
pub(super) fn mentioned(graph: &Graph, mentions: &Mentions, sentence: &str, language: Language) -> Vec<Mention> {
    let lower = sentence.to_lowercase();
    let denied_from = DENIALS.iter().filter_map(|word| lower.find(word)).min();
    let mut found = mentions.in_text(sentence, language);
    for mention in &mut found {
        let at = lower.find(&mention.phrase);
        mention.negated |= denied_from.zip(at).is_some_and(|(from, at)| at > from);
    }
    if found.is_empty() {
        found.extend(scattered(graph, sentence, language));
    }
    found
}

/// The symptom whose name stands in an English sentence with other words between: "yellow
/// discoloration of the eyes". The longest such name.
fn scattered(graph: &Graph, sentence: &str, language: Language) -> Option<Mention> {
    let said = words(sentence);
    let names = graph.lexicon().filter(|phrase| phrase.language == Language::En && language == Language::En);
    let named = names.filter_map(|phrase| {
        let PhraseTarget::Topic(topic) = phrase.target else { return None };
        let name = words(phrase.text);
        let whole = topic.kind() == TopicKind::Finding && name.len() > 1 && name.iter().all(|word| said.contains(word));
        whole.then(|| (name.len(), topic, phrase.text.to_lowercase()))
    });
    let (_, topic, phrase) = named.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)))?;
    Some(Mention { topic, phrase, negated: is_denial(sentence) })
}

fn is_denial(text: &str) -> bool {
    const STARTS: [&str; 12] =
        ["no ", "none", "denies", "denied", "never", "not ", "does not", "non-", "无", "没", "否认", "不"];
    let lower = text.trim().to_lowercase();
    STARTS.iter().any(|start| lower.starts_with(start))
}

/// The words of an English text that carry meaning, singular.
fn words(text: &str) -> Vec<String> {
    const EMPTY: [&str; 22] = [
        "a", "an", "the", "of", "in", "on", "at", "to", "and", "or", "my", "your", "is", "with", "it", "i", "when",
        "for", "up", "out", "no", "not",
    ];
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !EMPTY.contains(word)).map(|word| word.trim_end_matches('s').to_owned()).collect()
}

/// The topics every patient has that a sentence names, each once.
fn universal(sentence: &str) -> Vec<TopicId> {
    let lower = format!(" {}", sentence.to_lowercase());
    let mut topics: Vec<TopicId> = Vec::new();
    for (_, topic) in TOPICS.iter().filter(|(word, _)| lower.contains(word)) {
        topics.extend(topic.parse::<TopicId>().ok().filter(|topic| !topics.contains(topic)));
    }
    topics
}

/// The sentences of a record; of a Chinese one also its clauses, which are as long.
fn sentences(text: &str, language: Language) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let letters: Vec<char> = text.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at + 1);
        let ends = match letter {
            '。' | '；' | ';' | '！' | '\n' => true,
            '.' | '!' | '?' => next.is_none_or(|next| next.is_whitespace()),
            '，' | ',' => language == Language::Zh && next.is_none_or(|next| !next.is_ascii_digit()),
            _ => false,
        };
        if ends {
            sentences.push(String::new());
        } else if let Some(last) = sentences.last_mut() {
            last.push(*letter);
        }
    }
    sentences.iter().map(|sentence| sentence.trim().to_owned()).filter(|sentence| !sentence.is_empty()).collect()
}

/// The parts of a sentence that both affirms and denies.
fn clauses(sentence: &str) -> Vec<String> {
    let mut parts = vec![sentence.to_owned()];
    for separator in [" but ", ", ", "，", "、", " and "] {
        parts = parts.iter().flat_map(|part| part.split(separator)).map(str::to_owned).collect();
        if parts.len() > 1 {
            break;
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}
