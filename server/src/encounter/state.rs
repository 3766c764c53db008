//! Where a consultation stands: mood, trust, what was told, what is being talked about.

use std::collections::HashSet;

use cases::format::{Case, Fact, Mood, Style};
use knowledge_graph::{Language, TopicId, TopicKind};

use super::{knowledge::Knowledge, policy::Policy, wording::in_own_words};
use crate::{store::TurnRecord, understanding::Context};

/// How many earlier topics a pronoun can reach back to.
const FOCUS_DEPTH: usize = 12;

/// Trust at which a patient tells what needs trust, 0–100.
pub const TRUST_TO_CONFIDE: u8 = 60;

/// Facts told before it is no longer asked why the patient came.
const MOST_BEFORE_OPENING: usize = 2;

/// The state before a turn; rebuilt from the stored turns, so that a restart changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Mood now.
    pub mood: Mood,
    /// Trust now, 0–100.
    pub trust: u8,
    /// Ids of facts told so far.
    pub told: HashSet<String>,
    /// Ids of facts told in a few words only.
    pub told_briefly: HashSet<String>,
    /// What the patient has said so far, oldest first.
    pub spoken: Vec<String>,
    /// Whether the opening has been said.
    pub opened: bool,
    /// What brought the patient.
    pub(super) complaint: TopicId,
    /// What came before, for ellipsis.
    pub context: Context,
    /// Whether anything has been said before.
    pub begun: bool,
    /// How often the patient has asked back because they did not follow.
    pub asked_back: usize,
    /// Whether they did so last.
    pub asked_back_last: bool,
    /// What the student has said so far.
    pub(super) heard: HashSet<String>,
}

impl State {
    /// The state at the start of a consultation.
    pub fn start(case: &Case) -> Self {
        let trust = match case.persona.style {
            Style::Distrustful => 30,
            Style::Anxious => 45,
            Style::Plain | Style::Terse | Style::HardOfHearing => 50,
            Style::Talkative | Style::Proxy => 55,
        };
        Self {
            mood: case.persona.mood,
            trust,
            told: HashSet::new(),
            told_briefly: HashSet::new(),
            spoken: Vec::new(),
            opened: false,
            complaint: case.complaint.clone(),
            context: Context { focus: vec![case.complaint.clone()], ..Context::default() },
            begun: false,
            asked_back: 0,
            asked_back_last: false,
            heard: HashSet::new(),
        }
    }

    /// The state after `turns`; a turn that was never answered changes nothing.
    pub fn after(case: &Case, knowledge: &Knowledge<'_>, turns: &[TurnRecord]) -> Self {
        let mut state = Self::start(case);
        for turn in turns {
            let Some(reply) = &turn.reply else { continue };
            state.mood = mood_named(&reply.mood).unwrap_or(state.mood);
            state.trust = reply.trust;
            state.opened |= reply.policy == "opening";
            let facts: Vec<&Fact> = reply.facts.iter().filter_map(|id| knowledge.fact(id)).collect();
            state.opened |= facts.iter().any(|fact| fact.present && fact.topic == case.complaint);
            for fact in &facts {
                state.told.insert(fact.id.clone());
                if is_brief(case, fact, &reply.text) {
                    state.told_briefly.insert(fact.id.clone());
                } else {
                    state.told_briefly.remove(&fact.id);
                }
            }
            state.refocus(knowledge, &reply.topics, &facts);
            state.asked_back_last = reply.policy == Policy::NotUnderstood.as_str();
            state.asked_back += usize::from(state.asked_back_last);
            state.heard.insert(bare(&turn.said));
            state.spoken.push(reply.text.clone());
            state.context.previous_question = Some(turn.said.clone());
            state.context.previous_reply = Some(reply.text.clone());
            state.begun = true;
        }
        state
    }

    /// Whether `topic` is what brought the patient, which the student has read on the door.
    pub fn is_complaint(&self, topic: &TopicId) -> bool {
        self.complaint.node() == topic.node()
    }

    /// Whether the patient has said why they came, or answered so much that nobody asks for it any more.
    pub fn is_underway(&self) -> bool {
        self.opened || self.told.len() > MOST_BEFORE_OPENING
    }

    /// Whether the student has said the same before.
    pub fn has_heard(&self, said: &str) -> bool {
        self.heard.contains(&bare(said))
    }

    /// What the patient has comes to the front. What was denied or not known stays behind the last
    /// thing that is there: after "any fever?" – "no", "how long?" is not asked of the fever. A habit
    /// stays in front all the same: after "do you smoke?" – "no", "how much?" is asked of nothing else.
    fn refocus(&mut self, knowledge: &Knowledge<'_>, asked: &[TopicId], told: &[&Fact]) {
        let is_told = |topic: &&TopicId| {
            knowledge.exactly(topic).iter().any(|fact| fact.present && told.iter().any(|other| other.id == fact.id))
        };
        let may_be_meant = |topic: &&TopicId| !matches!(topic.kind(), TopicKind::Consultation | TopicKind::Test);
        let (present, absent): (Vec<&TopicId>, Vec<&TopicId>) = asked.iter().filter(may_be_meant).partition(is_told);
        let present = present.into_iter().chain(told.iter().filter(|fact| fact.present).map(|fact| &fact.topic));
        let absent = absent.into_iter().chain(told.iter().filter(|fact| !fact.present).map(|fact| &fact.topic));
        let (symptoms, habits): (Vec<&TopicId>, Vec<&TopicId>) =
            absent.partition(|topic| topic.kind() == TopicKind::Finding);
        let front = present.chain(habits).cloned().collect();
        self.put(symptoms.into_iter().cloned().collect(), 1);
        self.put(front, 0);
        self.context.focus.truncate(FOCUS_DEPTH);
    }

    /// Puts `topics` in their order at place `at`; what is there already is moved, except to the back.
    fn put(&mut self, topics: Vec<TopicId>, at: usize) {
        for topic in topics.into_iter().rev() {
            let known = self.context.focus.iter().position(|known| known.node() == topic.node());
            if known.is_some_and(|known| known < at) {
                continue;
            }
            self.context.focus.retain(|known| known.node() != topic.node());
            self.context.focus.insert(at.min(self.context.focus.len()), topic);
        }
    }
}

/// Words without case, space and punctuation.
fn bare(said: &str) -> String {
    said.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether `reply` told `fact` in its few words only.
fn is_brief(case: &Case, fact: &Fact, reply: &str) -> bool {
    let says = |words: &str| {
        let words = in_own_words(case, words);
        let bare = words.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        !bare.is_empty() && reply.to_lowercase().contains(&bare)
    };
    let tells = [Language::En, Language::Zh].into_iter().any(|language| says(fact.tells.get(language)));
    !tells && fact.brief.as_ref().is_some_and(|brief| says(&brief.en) || says(&brief.zh))
}

/// The written form of a mood, as stored with a turn.
pub const fn mood_name(mood: Mood) -> &'static str {
    match mood {
        Mood::Calm => "calm",
        Mood::Worried => "worried",
        Mood::Sad => "sad",
        Mood::Irritated => "irritated",
        Mood::Distressed => "distressed",
    }
}

/// The mood with this written form.
pub fn mood_named(name: &str) -> Option<Mood> {
    [Mood::Calm, Mood::Worried, Mood::Sad, Mood::Irritated, Mood::Distressed]
        .into_iter()
        .find(|mood| mood_name(*mood) == name)
}

#[cfg(test)]
mod tests {
    use knowledge_graph::Graph;

    use super::*;

    #[test]
    fn what_was_denied_stays_behind_what_is_there() {
        let library = cases::library().unwrap();
        let case = library.iter().find(|case| case.id == "chest-tightness-lin-58").unwrap();
        let knowledge = Knowledge::new(case, Graph::embedded().unwrap());
        let topic = |topic: &str| topic.parse::<TopicId>().unwrap();
        let mut state = State::start(case);
        let mut ask = |about: &str| {
            let about = topic(about);
            state.refocus(&knowledge, std::slice::from_ref(&about), &knowledge.exactly(&about));
            state.context.focus.clone()
        };

        let denied = ask("finding:fever");
        let affirmed = ask("finding:sweating");

        assert_eq!(denied, [case.complaint.clone(), topic("finding:fever")]);
        assert_eq!(affirmed[..2], [topic("finding:sweating"), case.complaint.clone()]);
    }

    #[test]
    fn a_habit_that_was_denied_is_what_how_much_is_asked_of() {
        let library = cases::library().unwrap();
        let smokes = |fact: &Fact| fact.present && fact.topic.to_string() == "history:smoking";
        let case = library.iter().find(|case| !case.facts.iter().any(smokes)).unwrap();
        let knowledge = Knowledge::new(case, Graph::embedded().unwrap());
        let smoking: TopicId = "history:smoking".parse().unwrap();
        let mut state = State::start(case);

        state.refocus(&knowledge, std::slice::from_ref(&smoking), &knowledge.exactly(&smoking));

        assert_eq!(state.context.focus[0], smoking);
    }
}
