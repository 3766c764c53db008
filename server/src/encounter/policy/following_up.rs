//! "And in the daytime?", 那上楼呢: a few words that ask of what was just talked about in another circumstance.

use cases::format::Fact;
use knowledge_graph::{Facet, Language};

use super::{Decision, Heard, Length, Policy, Telling};
use crate::encounter::{knowledge::Knowledge, state::State};

/// Words for one circumstance, in a question or in a fact.
type Circumstance = &'static [&'static str];

const CIRCUMSTANCES: [Circumstance; 8] = [
    &["morning", "waking", "wake up", "first thing", "早上", "早晨", "清早", "一早", "起床"],
    &["daytime", "the day", "by day", "白天", "大白天"],
    &["evening", "afternoon", "傍晚", "下午", "晚上"],
    &["night", "夜里", "半夜", "晚上", "夜间"],
    &["rest", "sit still", "sitting", "歇", "休息", "坐着", "静"],
    &["walk", "stairs", "climb", "exert", "moving", "move", "走", "上楼", "爬楼", "活动", "一动"],
    &["lie", "lying", "flat", "躺", "平卧"],
    &["eat", "food", "meal", "吃饭", "饭后", "吃完"],
];
/// The first of these are times of day.
const TIMES: usize = 4;
/// Characters of the longest words that can only follow something up.
const LONGEST_EN: usize = 40;
const LONGEST_ZH: usize = 12;
/// How far back it may reach.
const RECENT: usize = 3;

/// What is told in answer; nothing where the words follow nothing up.
pub(super) fn follow_up(knowledge: &Knowledge<'_>, state: &State, heard: &Heard<'_>) -> Option<Decision> {
    if !state.begun || !follows_up(heard) {
        return None;
    }
    let lower = heard.text.to_lowercase();
    let says = |text: &str, words: Circumstance| words.iter().any(|word| text.contains(word));
    let asked: Vec<usize> = (0..CIRCUMSTANCES.len()).filter(|at| says(&lower, CIRCUMSTANCES[*at])).collect();
    if asked.is_empty() {
        return None;
    }
    let recent: Vec<_> = state.context.focus.iter().take(RECENT).map(knowledge_graph::TopicId::node).collect();
    let varies = |fact: &&Fact| {
        let topics = || std::iter::once(&fact.topic).chain(&fact.also);
        topics().any(|topic| {
            recent.contains(&topic.node())
                && matches!(
                    topic.facet(),
                    Some(Facet::TimeCourse | Facet::Aggravating | Facet::Relieving | Facet::Trigger)
                )
        })
    };
    let facts: Vec<&Fact> = knowledge.facts().iter().filter(varies).collect();
    let tells_of_it = |fact: &&&Fact| {
        let sentence = fact.tells.get(heard.language).to_lowercase();
        asked.iter().any(|at| says(&sentence, CIRCUMSTANCES[*at]))
    };
    let of_time = || asked.iter().any(|at| *at < TIMES);
    let course = || facts.iter().find(|fact| of_time() && fact.topic.facet() == Some(Facet::TimeCourse));
    let Some(fact) = facts.iter().find(tells_of_it).or_else(course) else {
        return Some(Decision::new(Policy::Unsure, state));
    };
    let again = state.told.contains(&fact.id);
    let telling = Telling { fact: (*fact).clone(), length: Length::Full, again, exact: false };
    Some(Decision { tellings: vec![telling], ..Decision::new(Policy::Answer, state) })
}

/// Whether so few words can only follow up what came before.
fn follows_up(heard: &Heard<'_>) -> bool {
    let lower = heard.text.trim().trim_end_matches(['?', '？', '.', '。']).to_lowercase();
    let put = match heard.language {
        Language::En => ["and ", "what about ", "how about ", "but "].iter().any(|start| lower.starts_with(start)),
        Language::Zh => lower.ends_with('呢'),
    };
    put && heard.text.chars().count() <= if heard.language == Language::Zh { LONGEST_ZH } else { LONGEST_EN }
}
