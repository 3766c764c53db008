//! Answers, composed from the graph, the case and the report.

use cases::format::RubricItem;
use knowledge_graph::{
    Graph, Language, TopicId, TopicKind,
    format::Disease,
    query::{self, Options, Patient, Reason},
};

use super::{
    Answer, Consultation, Kind,
    figures::how_sure,
    reading::Reading,
    rules::{Intent, Refusal},
};
use crate::{
    assessment::ItemReport,
    i18n::{self, Phrase},
};

/// Entries of a list in one answer.
const MOST_LISTED: usize = 4;

/// The answer to a question as it was read.
pub(super) fn answer(graph: &Graph, about: &Consultation<'_>, reading: &Reading) -> Answer {
    let desk = Desk { graph, about, reading, language: reading.language };
    let answered = match reading.intent {
        Err(refusal) => Err(refusal),
        Ok(Intent::Missed) => Ok(desk.missed()),
        Ok(Intent::HowToAsk) => desk.how_to_ask(),
        Ok(Intent::WhyNot) => desk.why_not(),
        Ok(Intent::Separates) => desk.separates(),
        Ok(Intent::HowSure) => desk.how_sure(),
        Ok(Intent::Why) => desk.why(),
        Ok(Intent::Meaning) => desk.meaning(),
        Ok(Intent::Tests) => desk.tests(),
        Ok(Intent::Treatments) => desk.treatments(),
        Ok(Intent::Risks) => desk.risks(),
        Ok(Intent::WhatIs) => desk.what_is(),
    };
    answered.unwrap_or_else(|refusal| desk.declined(refusal))
}

/// Everything an answer is made of.
pub(super) struct Desk<'a> {
    pub(super) graph: &'a Graph,
    pub(super) about: &'a Consultation<'a>,
    pub(super) reading: &'a Reading,
    pub(super) language: Language,
}

type Answered = Result<Answer, Refusal>;

impl<'a> Desk<'a> {
    pub(super) fn t(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    pub(super) fn say(&self, key: &str) -> Phrase {
        Phrase::new(self.language, key)
    }

    /// What this patient has, when the graph knows it.
    pub(super) fn diagnosis(&self) -> Option<&'a Disease> {
        self.graph.disease(self.about.case.diagnosis.disease.as_deref()?)
    }

    pub(super) fn patient(&self) -> Patient {
        Patient { age: self.about.case.patient.age, sex: self.about.case.patient.sex.into() }
    }

    /// The disease that is asked about: the one named, else the diagnosis, unless something was
    /// named that nobody here knows.
    pub(super) fn subject(&self) -> Result<&'a Disease, Refusal> {
        let named = self.reading.diseases.first().and_then(|id| self.graph.disease(id));
        if !self.reading.names_disease && self.reading.names_unknown {
            return Err(Refusal::Unknown);
        }
        named.or_else(|| self.diagnosis()).ok_or(Refusal::Unknown)
    }

    pub(super) fn name(&self, disease: &Disease) -> String {
        disease.name.get(self.language).to_owned()
    }

    fn declined(&self, refusal: Refusal) -> Answer {
        let text = vec![self.t(refusal.key()), self.t("tutor-can")];
        // What was talked about stays what "it" means.
        Answer { text, topics: self.reading.topics.clone(), ..answer_of(Kind::Declined) }
    }

    fn why(&self) -> Answered {
        if self.reading.item.is_none() && self.reading.topics.is_empty() {
            return match self.reading.diseases.first() {
                Some(id) if Some(id.as_str()) == self.about.case.diagnosis.disease.as_deref() => self.how_sure(),
                Some(_) => self.separates(),
                None => Err(Refusal::Unknown),
            };
        }
        let disease = self.reading.diseases.first().map_or_else(|| self.diagnosis(), |id| self.graph.disease(id));
        let mut answer = Answer { topics: self.reading.topics.clone(), ..answer_of(Kind::Why) };
        let topics = || self.reading.topics.iter().chain(self.reading.item.iter().flat_map(|item| &item.topics));
        if let Some(item) = &self.reading.item {
            answer.item = Some(item.id.clone());
            answer.text.extend(item.why.as_ref().map(|why| why.get(self.language).to_owned()));
        }
        let reason = disease.and_then(|disease| topics().find_map(|topic| query::why(self.graph, topic, &disease.id)));
        self.add_reason(&mut answer, reason);
        if answer.text.is_empty() {
            return Err(Refusal::Unjoined);
        }
        if let Some(item) = &self.reading.item {
            answer.text.extend(self.how_it_went(item));
            if answer.topics.is_empty() {
                answer.topics.clone_from(&item.topics);
            }
        }
        Ok(answer)
    }

    fn add_reason(&self, answer: &mut Answer, reason: Option<Reason>) {
        if let Some(reason) = reason {
            answer.text.push(reason.sentence.get(self.language).to_owned());
            answer.sources.extend(reason.sources);
        }
    }

    /// What the report says of an item, and what this patient would have said.
    fn how_it_went(&self, item: &RubricItem) -> Vec<String> {
        let is_it = |graded: &&ItemReport| graded.id == item.id;
        let Some(graded) = self.about.report.items.iter().find(is_it) else { return Vec::new() };
        let key = match (graded.needs_review, graded.asked, graded.elicited) {
            (true, ..) => "tutor-went-review",
            (_, true, _) => "tutor-went-asked",
            (_, false, true) => "tutor-went-told",
            (_, false, false) => "tutor-went-missed",
        };
        let mut text = vec![match graded.evidence.first().filter(|_| graded.asked) {
            Some(quote) => self.say("tutor-went-quoted").with("words", quote.quote.as_str()).to_string(),
            None => self.t(key),
        }];
        let facts = &self.about.case.facts;
        let told = item.topics.iter().find_map(|topic| cases::answering(facts, topic, self.graph).into_iter().next());
        if let Some(fact) = told.filter(|_| !graded.asked) {
            text.push(self.say("tutor-would-say").with("words", fact.tells.get(self.language)).to_string());
        }
        text
    }

    fn meaning(&self) -> Answered {
        let mut answer = answer_of(Kind::Meaning);
        if self.reading.topics.is_empty() && self.reading.diseases.len() < 2 {
            let Some(id) = self.reading.diseases.first() else { return Err(Refusal::Unknown) };
            let is_it = Some(id.as_str()) == self.about.case.diagnosis.disease.as_deref();
            return if is_it || self.reading.names_unknown { self.what_is() } else { self.separates() };
        }
        // "What does diabetes mean for …": the first disease is asked of the second.
        let (topics, disease) = if self.reading.topics.is_empty() {
            let other = self.graph.disease(&self.reading.diseases[1]).ok_or(Refusal::Unknown)?;
            (vec![TopicId::new(TopicKind::Disease, &self.reading.diseases[0])], other)
        } else {
            (self.reading.topics.clone(), self.subject()?)
        };
        let reason = topics.iter().find_map(|topic| query::why(self.graph, topic, &disease.id));
        let joined = reason.filter(|reason| !reason.sources.is_empty() || reason.evidence.is_some());
        if joined.is_none() {
            self.who_has_it(&mut answer, &topics)?;
        }
        self.add_reason(&mut answer, joined);
        answer.topics = topics;
        answer.topics.push(TopicId::new(TopicKind::Disease, &disease.id));
        Ok(answer)
    }

    /// Of a finding that has nothing to do with the disease: who has it.
    fn who_has_it(&self, answer: &mut Answer, topics: &[TopicId]) -> Result<(), Refusal> {
        let topic = topics.first().ok_or(Refusal::Unknown)?;
        let mut edges: Vec<_> =
            self.graph.diseases_with(topic.name()).filter(|_| topic.kind() == TopicKind::Finding).collect();
        let rate = |edge: &knowledge_graph::format::PresentsWith| {
            edge.frequency.as_ref().and_then(knowledge_graph::format::Frequency::proportion).unwrap_or(0.0)
        };
        edges.sort_by(|a, b| rate(b.1).total_cmp(&rate(a.1)));
        if edges.is_empty() {
            return Err(Refusal::Unjoined);
        }
        let names: Vec<String> = edges.iter().take(MOST_LISTED).map(|(disease, _)| self.name(disease)).collect();
        let topic_name =
            self.graph.topic(topic).map_or_else(String::new, |info| info.name.get(self.language).to_owned());
        let list = names.join(if self.language == Language::En { ", " } else { "、" });
        answer.text.push(self.say("tutor-elsewhere").with("finding", topic_name).with("diseases", list).to_string());
        answer.sources.extend(edges.iter().take(MOST_LISTED).filter_map(|(_, edge)| edge.provenance.source.clone()));
        Ok(())
    }

    /// The two that are compared: both named, or the one named and the diagnosis.
    fn pair(&self) -> Result<(&'a Disease, &'a Disease), Refusal> {
        let named: Vec<&Disease> = self.reading.diseases.iter().filter_map(|id| self.graph.disease(id)).collect();
        match (named.as_slice(), self.diagnosis()) {
            ([a, b, ..], _) => Ok((a, b)),
            ([_], _) if self.reading.names_unknown => Err(Refusal::Unknown),
            ([a], Some(diagnosis)) if a.id != diagnosis.id => Ok((diagnosis, a)),
            _ if self.reading.names_unknown => Err(Refusal::Unknown),
            _ => Err(Refusal::WhichTwo),
        }
    }

    fn why_not(&self) -> Answered {
        if self.reading.diseases.is_empty() {
            return if self.reading.topics.is_empty() { Err(Refusal::Unknown) } else { self.why() };
        }
        let mut answer = self.separates()?;
        let (_, other) = self.pair()?;
        let listed = self.about.case.diagnosis.differential.iter();
        let reason = listed.into_iter().find(|one| one.disease.as_deref() == Some(other.id.as_str()));
        if let Some(reason) = reason {
            answer.text.insert(0, reason.reason.get(self.language).to_owned());
        }
        Ok(answer)
    }

    fn separates(&self) -> Answered {
        let (a, b) = self.pair()?;
        let found = query::compare(self.graph, &a.id, &b.id, Some(self.patient()), &Options::default())
            .ok_or(Refusal::Unknown)?;
        let mut answer = answer_of(Kind::Separates);
        for told in found.told.iter().take(2) {
            answer.text.push(told.separates.get(self.language).to_owned());
            answer.sources.extend(told.source.clone());
        }
        let mut listed = 0;
        for one in found.findings.iter().filter(|one| one.strength() > f64::log10(2.0)) {
            if listed == MOST_LISTED {
                break;
            }
            let Some(finding) = self.graph.finding(&one.finding) else { continue };
            // The stronger of the two answers is the one worth knowing.
            let by_presence = one.present.log10().abs() >= one.absent.log10().abs();
            let ratio = if by_presence { one.present } else { one.absent };
            let (towards, times) = if ratio >= 1.0 { (a, ratio) } else { (b, 1.0 / ratio) };
            let key = if by_presence { "tutor-present-towards" } else { "tutor-absent-towards" };
            let phrase = self.say(key).with("finding", finding.name.get(self.language));
            answer.text.push(phrase.with("disease", self.name(towards)).with("times", times_of(times)).to_string());
            let sides = [&one.a, &one.b].into_iter().flatten();
            answer.sources.extend(sides.filter_map(|side| side.source.clone()));
            listed += 1;
        }
        if answer.text.is_empty() {
            return Err(Refusal::Unjoined);
        }
        answer
            .text
            .insert(0, self.say("tutor-separates-lead").with("a", self.name(a)).with("b", self.name(b)).to_string());
        answer.topics = vec![TopicId::new(TopicKind::Disease, &b.id), TopicId::new(TopicKind::Disease, &a.id)];
        Ok(answer)
    }

    fn how_sure(&self) -> Answered {
        how_sure(self)
    }

    fn missed(&self) -> Answer {
        let mut missed: Vec<&RubricItem> = self
            .about
            .report
            .items
            .iter()
            .filter(|graded| !graded.asked && !graded.needs_review)
            .filter_map(|graded| self.about.case.rubric.iter().find(|item| item.id == graded.id))
            .collect();
        missed.sort_by(|a, b| b.critical.cmp(&a.critical).then(b.weight.total_cmp(&a.weight)));
        let mut answer = answer_of(Kind::Missed);
        if missed.is_empty() {
            answer.text.push(self.t("tutor-missed-none"));
            return answer;
        }
        answer.text.push(self.say("tutor-missed-lead").with("n", missed.len()).to_string());
        for item in missed.iter().take(MOST_LISTED) {
            let text = item.text.get(self.language);
            let example = item.topics.iter().find_map(|topic| self.question(topic));
            answer.text.push(match example {
                Some(question) => {
                    self.say("tutor-missed-item").with("item", text).with("question", question).to_string()
                }
                None => text.to_owned(),
            });
        }
        answer.item = Some(missed[0].id.clone());
        answer.topics.clone_from(&missed[0].topics);
        answer
    }

    fn question(&self, topic: &TopicId) -> Option<String> {
        self.graph.topic(topic)?.questions.get(self.language).first().cloned()
    }

    fn how_to_ask(&self) -> Answered {
        let asked_of = self.reading.diseases.iter().map(|id| TopicId::new(TopicKind::Disease, id));
        let of_item = self.reading.item.iter().flat_map(|item| item.topics.iter().cloned());
        let topics: Vec<TopicId> = self.reading.topics.iter().cloned().chain(of_item).chain(asked_of).collect();
        let questions = topics.iter().find_map(|topic| {
            let questions = self.graph.topic(topic)?.questions.get(self.language).to_vec();
            (!questions.is_empty()).then_some(questions)
        });
        let mut answer = answer_of(Kind::HowToAsk);
        let questions = questions.ok_or(if topics.is_empty() { Refusal::Unknown } else { Refusal::Unjoined })?;
        answer.text.push(self.t("tutor-ask-lead"));
        answer
            .text
            .extend(questions.into_iter().take(3).map(|q| self.say("tutor-quoted").with("words", q).to_string()));
        answer.item = self.reading.item.as_ref().map(|item| item.id.clone());
        answer.topics = topics;
        Ok(answer)
    }

    fn what_is(&self) -> Answered {
        if self.reading.diseases.is_empty() && !self.reading.topics.is_empty() {
            let mut answer = self.meaning()?;
            answer.kind = Kind::Meaning;
            return Ok(answer);
        }
        if self.reading.diseases.is_empty() {
            return Err(Refusal::Unknown);
        }
        let disease = self.subject()?;
        let mut answer = answer_of(Kind::WhatIs);
        answer.text.push(
            self.say("tutor-is")
                .with("disease", self.name(disease))
                .with("text", disease.summary.get(self.language))
                .to_string(),
        );
        answer.sources.extend(disease.epidemiology.provenance.source.clone());
        answer.topics = vec![TopicId::new(TopicKind::Disease, &disease.id)];
        Ok(answer)
    }

    /// Reasons for `topics` in `disease`, each from its own edge.
    fn edges(&self, kind: Kind, disease: &Disease, topics: Vec<TopicId>) -> Answered {
        let mut answer = answer_of(kind);
        for topic in topics.into_iter().take(MOST_LISTED) {
            self.add_reason(&mut answer, query::why(self.graph, &topic, &disease.id));
        }
        if answer.text.is_empty() {
            return Err(Refusal::Unjoined);
        }
        answer.topics = vec![TopicId::new(TopicKind::Disease, &disease.id)];
        Ok(answer)
    }

    fn tests(&self) -> Answered {
        let disease = self.subject()?;
        let named: Vec<TopicId> = self.of_kind(TopicKind::Test);
        let mut edges: Vec<_> = disease.tested_by.iter().collect();
        edges.sort_by_key(|edge| !edge.decisive);
        let all = || edges.iter().map(|edge| TopicId::new(TopicKind::Test, &edge.test)).collect();
        self.edges(Kind::Tests, disease, if named.is_empty() { all() } else { named })
    }

    fn treatments(&self) -> Answered {
        let disease = self.subject()?;
        let named: Vec<TopicId> = self.of_kind(TopicKind::Treatment);
        let known = |topic: &TopicId| disease.treated_by.iter().any(|edge| edge.treatment == topic.name());
        if !named.is_empty() && !named.iter().any(known) {
            return Err(Refusal::Unjoined);
        }
        // "Treat it with …": what it names is no treatment that the graph knows.
        if named.is_empty()
            && (self.reading.names_unknown || (!self.reading.names_disease && !self.reading.topics.is_empty()))
        {
            return Err(Refusal::Unknown);
        }
        let all =
            || disease.treated_by.iter().map(|edge| TopicId::new(TopicKind::Treatment, &edge.treatment)).collect();
        let mut answer = self.edges(Kind::Treatments, disease, if named.is_empty() { all() } else { named })?;
        answer.text.push(self.t("tutor-treatment-limit"));
        Ok(answer)
    }

    fn risks(&self) -> Answered {
        let disease = self.subject()?;
        let mut edges: Vec<_> = disease.risk_factor.iter().collect();
        edges.sort_by(|a, b| b.strength.unwrap_or(1.0).total_cmp(&a.strength.unwrap_or(1.0)));
        let factors = edges.iter().map(|edge| TopicId::new(TopicKind::RiskFactor, &edge.factor)).collect();
        self.edges(Kind::Risks, disease, factors)
    }

    fn of_kind(&self, kind: TopicKind) -> Vec<TopicId> {
        self.reading.topics.iter().filter(|topic| topic.kind() == kind).cloned().collect()
    }
}

/// An answer of that kind with nothing in it yet.
pub(super) const fn answer_of(kind: Kind) -> Answer {
    Answer { kind, text: Vec::new(), sources: Vec::new(), topics: Vec::new(), item: None }
}

/// A ratio as it is said: "12", "2.5".
pub(super) fn times_of(ratio: f64) -> String {
    if ratio >= 10.0 { format!("{ratio:.0}") } else { format!("{ratio:.1}") }
}
