//! Beyond the checklist: how the consultation was held. Pure and deterministic.
//!
//! Items of communication, organisation, efficiency and safety, each binary or anchored 0/1/2 with
//! the anchors written out (`conduct/rules.toml`), each with exact quotations, or not judged when
//! the text offers no occasion: no cue, no empathy to judge. What a text cannot show (tone, eye
//! contact, silence) is not judged at all. The readings are those the rest of the grader uses.

mod communication;
mod ending;
mod harms;
mod interview;
mod organisation;
mod rules;
mod safety;
mod words;

use knowledge_graph::Language;
use serde::{Deserialize, Serialize};

pub use rules::{Area, Harm, Rule, Rules};

pub(crate) use words::ConductWords;

use super::{Evidence, Flag, ItemReport, Rubric, Transcript};
use crate::understanding::Matcher;
use interview::Interview;

/// How the consultation was held.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conduct {
    /// One entry per rule, in the order of the rules.
    pub judgements: Vec<Judgement>,
    /// Acts that a scheme may take points off for, by turn.
    pub harms: Vec<HarmfulAct>,
}

/// One item beyond the checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The rule's id.
    pub id: String,
    /// Communication, organisation, efficiency or safety.
    pub area: Area,
    /// Level reached, from 0; nothing when the text offers no occasion.
    pub level: Option<u8>,
    /// The highest level: 1 for binary items, 2 for anchored ones.
    pub most: u8,
    /// The words of the anchor reached, in the transcript's language; empty when not judged.
    pub anchor: String,
    /// What was counted, where the rule counts: as many as this …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// … of so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<usize>,
    /// Where it shows.
    pub evidence: Vec<Evidence>,
    /// When each red flag was asked, for the safety items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
}

/// When a red flag was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The rubric item.
    pub item: String,
    /// The turn, from 0; nothing when it was not asked.
    pub turn: Option<usize>,
    /// How far into the consultation: share of the student's turns that were over, 0–1, to the
    /// hundredth.
    pub through: Option<f64>,
}

/// A harmful act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HarmfulAct {
    /// Which: a harm's id in the rules.
    pub kind: String,
    /// Where.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// Most quotations of one judgement.
const MOST_QUOTES: usize = 3;

/// What a rule found, before its anchor is looked up.
#[derive(Debug, Default)]
pub(crate) struct Found {
    level: Option<u8>,
    count: Option<usize>,
    of: Option<usize>,
    evidence: Vec<Evidence>,
    moments: Vec<Moment>,
}

impl Found {
    /// The text offers no occasion.
    fn not_judged() -> Self {
        Self::default()
    }

    fn level(level: u8) -> Self {
        Self { level: Some(level), ..Self::default() }
    }

    fn yes(found: bool) -> Self {
        Self::level(u8::from(found))
    }

    fn counted(mut self, count: usize, of: usize) -> Self {
        (self.count, self.of) = (Some(count), Some(of));
        self
    }

    /// With at most [`MOST_QUOTES`] quotations, each turn once.
    fn showing(mut self, quotes: impl IntoIterator<Item = Evidence>) -> Self {
        for quote in quotes {
            let known = self.evidence.iter().any(|seen| seen.turn == quote.turn);
            if !known && self.evidence.len() < MOST_QUOTES {
                self.evidence.push(quote);
            }
        }
        self.evidence.sort_by_key(|quote| quote.turn);
        self
    }
}

/// What conduct is judged from.
pub(crate) struct Subject<'a> {
    /// What was said.
    pub transcript: &'a Transcript,
    /// What should be asked.
    pub rubric: &'a Rubric,
    /// What was.
    pub items: &'a [ItemReport],
    /// Turns tampered with; they count for nothing but harm.
    pub flags: &'a [Flag],
}

/// Judges how the consultation was held.
pub(crate) fn conduct(subject: &Subject<'_>, matcher: &Matcher, words: &ConductWords, rules: &Rules) -> Conduct {
    let interview = Interview::read(subject, matcher, words);
    let judgements = rules.all().iter().map(|rule| judgement(rule, &interview, subject.transcript.language)).collect();
    Conduct { judgements, harms: harms::harms(&interview) }
}

fn judgement(rule: &Rule, interview: &Interview<'_>, language: Language) -> Judgement {
    let found = judge(&rule.id, interview);
    let anchor = found.level.and_then(|level| rule.anchors.get(usize::from(level)));
    Judgement {
        id: rule.id.clone(),
        area: rule.area,
        level: found.level,
        most: rule.most(),
        anchor: anchor.map_or_else(String::new, |anchor| anchor.get(language).to_owned()),
        count: found.count,
        of: found.of,
        evidence: found.evidence,
        moments: found.moments,
    }
}

/// What each rule finds. A rule without an entry here fails the test below.
fn judge(rule: &str, interview: &Interview<'_>) -> Found {
    match rule {
        "opening" => communication::opening(interview),
        "open-to-closed" => communication::open_to_closed(interview),
        "one-question-at-a-time" => communication::one_at_a_time(interview),
        "plain-words" => communication::plain_words(interview),
        "neutral-questions" => communication::neutral_questions(interview),
        "empathy" => communication::empathy(interview),
        "perspective" => communication::perspective(interview),
        "summary" => ending::summary(interview),
        "signposting" => ending::signposting(interview),
        "closing" => ending::closing(interview),
        "next-step" => ending::next_step(interview),
        "checks-understanding" => ending::checks_understanding(interview),
        "safety-net" => ending::safety_net(interview),
        "complaint-first" => organisation::complaint_first(interview),
        "sections-kept-together" => organisation::kept_together(interview),
        "no-repetition" => organisation::no_repetition(interview),
        "yield" => organisation::questions_that_pay(interview),
        "no-duplicates" => organisation::no_duplicates(interview),
        "red-flags-asked" => safety::asked(interview),
        "red-flags-in-time" => safety::in_time(interview),
        _ => Found::not_judged(),
    }
}

#[cfg(test)]
mod tests;
