//! How the simulated students ask.
//!
//! A student knows the complaint, the patient's age and sex and what was said; the rest comes from
//! the graph: which facets a finding has, which symptom would tell most now, which topics belong to
//! a section, which risk factors a likely disease has. The words are the graph's own questions.

use std::collections::{BTreeSet, VecDeque};

use cases::{Case, only_sex};
use knowledge_graph::{
    Graph, Language, Relation, Section, TopicId, TopicKind,
    query::{Options, Patient, Presence, differential, next_questions},
};

use super::Kind;
use crate::assessment::Dice;

/// How a consultation begins, as topics of `consultation:`; those in one row are said in one breath.
const OPENING: [&[&str]; 4] =
    [&["greeting", "introduction"], &["confirm-identity", "consent"], &["open-invitation"], &["tell-me-more"]];
/// How it ends.
const CLOSING: [&str; 4] = ["anything-else", "ask-questions", "explain-plan", "thanks"];
/// Sections gone through for every patient, in order.
const SECTIONS: [Section; 8] = [
    Section::GeneralCondition,
    Section::PastHistory,
    Section::Drugs,
    Section::Allergies,
    Section::FamilyHistory,
    Section::SocialHistory,
    Section::MenstrualObstetric,
    Section::Perspective,
];
/// Bits below which a question is not worth its time.
const WORTH_ASKING: f64 = 0.002;
/// Diseases whose risk factors are asked for.
const CONSIDERED: usize = 5;
/// Facets asked of what came up on the way.
const FOLLOWED_UP: usize = 2;
/// Findings that a summary names.
const SUMMED_UP: usize = 4;

/// What a student does next.
enum Step {
    /// Says these topics' words in one breath.
    Say(Vec<TopicId>),
    /// Asks what the complaint is like.
    Complaint,
    /// Asks the symptoms that tell most, so many times.
    Explore(usize),
    /// Goes through a section.
    Section(Section),
    /// Asks for risk factors of what is likely by now.
    Risks,
    /// Says back what was heard.
    Summary,
}

/// A simulated student in a consultation.
pub(super) struct Student<'a> {
    graph: &'a Graph,
    case: &'a Case,
    language: Language,
    kind: Kind,
    dice: Dice,
    steps: VecDeque<Step>,
    evidence: Vec<(TopicId, Presence)>,
    asked: BTreeSet<TopicId>,
    followed: BTreeSet<TopicId>,
    /// What the last words asked for.
    awaiting: Vec<TopicId>,
    said: usize,
}

impl<'a> Student<'a> {
    /// A student before the first word.
    pub fn new(graph: &'a Graph, case: &'a Case, language: Language, kind: Kind, seed: u64) -> Self {
        let complaint = case.complaint.node();
        Self {
            graph,
            case,
            language,
            kind,
            dice: Dice::new(seed, &case.id, kind.as_str()),
            steps: plan(kind),
            evidence: vec![(complaint.clone(), Presence::Present)],
            asked: BTreeSet::new(),
            followed: BTreeSet::from([complaint]),
            awaiting: Vec::new(),
            said: 0,
        }
    }

    /// What the student says next; none when the consultation is over.
    pub fn next_words(&mut self) -> Option<String> {
        loop {
            let step = self.steps.pop_front()?;
            if self.said >= self.most() && !matches!(step, Step::Summary) && !closes(&step) {
                continue;
            }
            if let Some(words) = self.take(step) {
                self.said += 1;
                return Some(words);
            }
        }
    }

    /// Takes in which facts of the case were told.
    pub fn hear(&mut self, told: &[String]) {
        let heard: Vec<(TopicId, bool)> = self
            .case
            .facts
            .iter()
            .filter(|fact| told.contains(&fact.id))
            .flat_map(|fact| std::iter::once(&fact.topic).chain(&fact.also).map(|topic| (topic.clone(), fact.present)))
            .collect();
        let asked = std::mem::take(&mut self.awaiting);
        for (topic, present) in &heard {
            self.learn(
                &topic.node(),
                if *present || topic.facet().is_some() { Presence::Present } else { Presence::Absent },
            );
        }
        for topic in asked.iter().filter(|topic| topic.facet().is_none() && heard.is_empty()) {
            self.learn(topic, Presence::Absent);
        }
        for (topic, present) in heard {
            let node = topic.node();
            if present && node.kind() == TopicKind::Finding && self.followed.insert(node.clone()) {
                self.follow_up(&node);
            }
        }
    }

    fn learn(&mut self, topic: &TopicId, presence: Presence) {
        let counts = matches!(topic.kind(), TopicKind::Finding | TopicKind::RiskFactor);
        if counts && !self.evidence.iter().any(|(known, _)| known == topic) {
            self.evidence.push((topic.clone(), presence));
        }
    }

    /// Most turns before the closing: what fits into the case's minutes at this student's pace.
    fn most(&self) -> usize {
        let minutes = usize::from(self.case.minutes);
        match self.kind {
            Kind::Strong => minutes * 5,
            Kind::Average => minutes * 5 / 2,
            Kind::Hasty => minutes.min(10),
        }
    }

    fn follow_up(&mut self, node: &TopicId) {
        let wanted = match self.kind {
            Kind::Strong => FOLLOWED_UP,
            Kind::Average => usize::from(self.dice.one_in(2)),
            Kind::Hasty => 0,
        };
        let facets: Vec<TopicId> = self.facets(node).into_iter().take(wanted).collect();
        if !facets.is_empty() {
            self.steps.push_front(Step::Say(facets));
        }
    }

    fn facets(&self, node: &TopicId) -> Vec<TopicId> {
        let info = self.graph.topic(node);
        info.map(|info| info.facets.iter().map(|facet| node.with_facet(*facet)).collect()).unwrap_or_default()
    }

    /// Does a step: gives words, or puts smaller steps in its place.
    fn take(&mut self, step: Step) -> Option<String> {
        match step {
            Step::Say(topics) => self.words(topics),
            Step::Summary => Some(self.summary()),
            Step::Complaint => {
                let facets = self.facets(&self.case.complaint.node());
                self.put_in_front(facets);
                None
            }
            Step::Explore(0) => None,
            Step::Explore(times) => {
                self.steps.push_front(Step::Explore(times - 1));
                let topics = self.telling();
                self.words(topics)
            }
            Step::Section(section) => {
                let topics = self.of_section(section);
                self.put_in_front(topics);
                None
            }
            Step::Risks => {
                let topics = self.risks();
                self.put_in_front(topics);
                None
            }
        }
    }

    /// Puts `topics` before all else, as many in one breath and with as many gaps as this student has.
    fn put_in_front(&mut self, topics: Vec<TopicId>) {
        let (together, kept): (usize, Vec<TopicId>) = match self.kind {
            Kind::Strong => (2, topics),
            Kind::Average => (1, topics.into_iter().filter(|_| !self.dice.one_in(3)).collect()),
            Kind::Hasty => (1, topics.into_iter().take(2).collect()),
        };
        for breath in kept.chunks(together).rev() {
            self.steps.push_front(Step::Say(breath.to_vec()));
        }
    }

    /// The symptoms to ask now: the most telling two, one of the better ones, one of the best.
    fn telling(&mut self) -> Vec<TopicId> {
        let ranked = next_questions(self.graph, &self.evidence, Some(self.patient()), &options());
        let worth: Vec<TopicId> = ranked
            .into_iter()
            .filter(|question| question.information_gain_bits >= WORTH_ASKING)
            .map(|question| question.topic)
            .filter(|topic| !self.asked.contains(topic) && self.fits(topic))
            .take(6)
            .collect();
        match self.kind {
            Kind::Strong => worth.into_iter().take(2).collect(),
            Kind::Average => worth.get(self.dice.index(worth.len())).cloned().into_iter().collect(),
            Kind::Hasty => worth.get(self.dice.index(worth.len().min(3))).cloned().into_iter().collect(),
        }
    }

    /// Topics asked of everybody; what specialises another topic is left to the answer.
    fn of_section(&self, section: Section) -> Vec<TopicId> {
        let topics = self.graph.history_topics().filter(|topic| topic.section == section && topic.parent.is_none());
        topics.map(|topic| topic.id.clone()).filter(|topic| self.fits(topic)).collect()
    }

    /// Risk factors of the likeliest diseases, under the topic by which they are asked.
    fn risks(&self) -> Vec<TopicId> {
        let found = differential(self.graph, &self.evidence, Some(self.patient()), &options());
        let likely: Vec<TopicId> = found
            .posteriors
            .iter()
            .take(CONSIDERED)
            .map(|posterior| TopicId::new(TopicKind::Disease, &posterior.disease))
            .collect();
        let raises = |factor: &TopicId| {
            let mut edges = likely.iter().flat_map(|disease| self.graph.relations(factor, disease));
            edges.any(|edge| matches!(edge, Relation::RiskFor(_)))
        };
        let factors = self.graph.risk_factors().map(|factor| (TopicId::new(TopicKind::RiskFactor, &factor.id), factor));
        let raising = factors.filter(|(topic, _)| raises(topic));
        let mut topics: Vec<TopicId> =
            raising.map(|(topic, factor)| factor.asked_as.clone().unwrap_or(topic)).collect();
        topics.dedup();
        topics.retain(|topic| self.fits(topic));
        topics
    }

    fn fits(&self, topic: &TopicId) -> bool {
        only_sex(topic, self.graph).is_none_or(|sex| sex == self.case.patient.sex)
    }

    fn patient(&self) -> Patient {
        Patient { age: self.case.patient.age, sex: self.case.patient.sex.into() }
    }

    /// The words for what of `topics` was not asked before and can be put into words.
    fn words(&mut self, topics: Vec<TopicId>) -> Option<String> {
        let mut words = Vec::new();
        for topic in topics {
            if self.asked.contains(&topic) {
                continue;
            }
            if let Some(question) = self.question(&topic) {
                words.push(question);
                self.asked.insert(topic.clone());
                self.awaiting.push(topic);
            }
        }
        (!words.is_empty()).then(|| words.join(space(self.language)))
    }

    fn question(&mut self, topic: &TopicId) -> Option<String> {
        let leads = self.kind == Kind::Hasty && topic.kind() == TopicKind::Finding && topic.facet().is_none();
        if leads && !self.dice.one_in(3) {
            return leading(self.graph, topic, self.language);
        }
        let asked = phrasings(self.graph, topic, self.language);
        let at = self.dice.index(asked.len());
        asked.into_iter().nth(at)
    }

    fn summary(&mut self) -> String {
        let present = self
            .evidence
            .iter()
            .filter(|(topic, presence)| *presence == Presence::Present && topic.kind() == TopicKind::Finding);
        let named = present.filter_map(|(topic, _)| called(self.graph, topic, self.language)).take(SUMMED_UP);
        match self.language {
            Language::En => {
                let named: Vec<String> = named.collect();
                format!("Let me summarise what you have told me: you have {}. Have I got that right?", named.join(", "))
            }
            Language::Zh => {
                let named: Vec<String> = named.collect();
                format!("我把您说的情况总结一下：您有{}。我说得对吗？", named.join("、"))
            }
        }
    }
}

/// A teacher's check may rest on estimates; nobody is graded by it.
fn options() -> Options {
    Options { unverified: true, ..Options::default() }
}

fn plan(kind: Kind) -> VecDeque<Step> {
    let moves = |ids: &[&str]| Step::Say(ids.iter().map(|id| TopicId::new(TopicKind::Consultation, *id)).collect());
    let opening = OPENING.iter().map(|ids| moves(ids));
    let closing = CLOSING.iter().map(|id| moves(&[id]));
    let sections = SECTIONS.into_iter().map(Step::Section);
    match kind {
        Kind::Strong => opening
            .chain([Step::Complaint, Step::Explore(10), Step::Risks])
            .chain(sections)
            .chain([Step::Summary])
            .chain(closing)
            .collect(),
        Kind::Average => opening
            .enumerate()
            .filter_map(|(at, step)| (at != 1).then_some(step))
            .chain([Step::Complaint, Step::Explore(5)])
            .chain(sections)
            .chain(closing.take(2))
            .collect(),
        Kind::Hasty => [moves(&["open-invitation"]), Step::Complaint, Step::Explore(4)]
            .into_iter()
            .chain([Step::Section(Section::Drugs)])
            .chain([moves(&["explain-plan"])])
            .collect(),
    }
}

/// Whether a step belongs to the closing, for which there is always time.
fn closes(step: &Step) -> bool {
    let is_closing = |topic: &TopicId| CLOSING.contains(&topic.name());
    matches!(step, Step::Say(topics) if topics.iter().all(|topic| topic.kind() == TopicKind::Consultation && is_closing(topic)))
}

/// How the graph says `topic` is asked. A disease or a drug has no questions of its own: it is asked
/// for by its name.
pub(super) fn phrasings(graph: &Graph, topic: &TopicId, language: Language) -> Vec<String> {
    let Some(info) = graph.topic(topic) else { return Vec::new() };
    let own = info.questions.get(language);
    if !own.is_empty() {
        return own.to_vec();
    }
    let Some(name) = called(graph, topic, language) else { return Vec::new() };
    match (topic.kind(), language) {
        (TopicKind::Disease, Language::En) => vec![format!("Have you ever had {name}?")],
        (TopicKind::Disease, Language::Zh) => vec![format!("您得过{name}吗？")],
        (TopicKind::Treatment, Language::En) => vec![format!("Have you been taking {name}?")],
        (TopicKind::Treatment, Language::Zh) => vec![format!("您用过{name}吗？")],
        (TopicKind::Test, Language::En) => vec![format!("Have you had {name} done?")],
        (TopicKind::Test, Language::Zh) => vec![format!("您做过{name}吗？")],
        _ => Vec::new(),
    }
}

/// What people call it.
fn called(graph: &Graph, topic: &TopicId, language: Language) -> Option<String> {
    let info = graph.topic(&topic.node())?;
    let lay = info.lay.get(language).first().cloned();
    Some(lay.unwrap_or_else(|| match language {
        Language::En => knowledge_graph::lower_first(info.name.get(language)),
        Language::Zh => info.name.get(language).to_owned(),
    }))
}

/// A question that suggests its answer.
fn leading(graph: &Graph, topic: &TopicId, language: Language) -> Option<String> {
    let name = called(graph, topic, language)?;
    Some(match language {
        Language::En => format!("No {name}, then?"),
        Language::Zh => format!("没有{name}吧？"),
    })
}

const fn space(language: Language) -> &'static str {
    match language {
        Language::En => " ",
        Language::Zh => "",
    }
}
