//! Where a consultation stands: mood, trust, what was told, what is being talked about.

use std::collections::HashSet;

use cases::format::{Case, Fact, Mood, Style};
use knowledge_graph::{Language, TopicId};

use super::knowledge::Knowledge;
use crate::{store::TurnRecord, understanding::Context};

/// How many earlier topics a pronoun can reach back to.
const FOCUS_DEPTH: usize = 12;

/// Trust at which a patient tells what needs trust, 0–100.
pub const TRUST_TO_CONFIDE: u8 = 60;

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
    /// What came before, for ellipsis.
    pub context: Context,
    /// Whether anything has been said before.
    pub begun: bool,
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
            context: Context { focus: vec![case.complaint.clone()], ..Context::default() },
            begun: false,
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
            for fact in &facts {
                state.told.insert(fact.id.clone());
                if is_brief(fact, &reply.text) {
                    state.told_briefly.insert(fact.id.clone());
                } else {
                    state.told_briefly.remove(&fact.id);
                }
            }
            state.refocus(reply.topics.iter().cloned().chain(facts.iter().map(|fact| fact.topic.clone())));
            state.spoken.push(reply.text.clone());
            state.context.previous_question = Some(turn.said.clone());
            state.context.previous_reply = Some(reply.text.clone());
            state.begun = true;
        }
        state
    }

    fn refocus(&mut self, topics: impl Iterator<Item = TopicId>) {
        let newest: Vec<TopicId> = topics.collect();
        for topic in newest.into_iter().rev() {
            self.context.focus.retain(|known| known.node() != topic.node());
            self.context.focus.insert(0, topic);
        }
        self.context.focus.truncate(FOCUS_DEPTH);
    }
}

/// Whether `reply` told `fact` in its few words only.
fn is_brief(fact: &Fact, reply: &str) -> bool {
    let says = |words: &str| {
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
