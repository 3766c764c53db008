//! What kind of thing a clause does.

use std::ops::Range;

use knowledge_graph::{TopicId, TopicKind};

use super::{
    DialogueAct,
    cues::{Cue, CuesFound},
};

/// What is known of a clause when its act is decided.
pub(crate) struct ClauseSigns<'a> {
    /// Its stems.
    pub stems: &'a [&'a str],
    /// Its cues.
    pub cues: &'a CuesFound,
    /// Whether its sentence ends with a question mark.
    pub questioned: bool,
    /// Whether it is written in Chinese.
    pub chinese: bool,
    /// Whether a verb is asked both ways (怕不怕冷).
    pub either: bool,
    /// The topics it names.
    pub topics: &'a [TopicId],
    /// The words that ask for facets other than the particulars.
    pub facets: &'a [Range<usize>],
}

/// How a clause is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent marks of one clause; an enum would have to list their products"
)]
pub(crate) struct Mood {
    /// Whether it asks, by its form.
    pub question: bool,
    /// Whether it begins like a question.
    pub starts: bool,
    /// Whether its sentence ends with a question mark.
    pub questioned: bool,
    /// Whether it states something and asks for confirmation.
    pub check: bool,
    /// Whether it suggests its answer.
    pub leading: bool,
}

/// Words after which a statement is read as an elliptical question ("and the phlegm?", "fever?").
const ELLIPTICAL: usize = 6;

impl ClauseSigns<'_> {
    /// The first word that is not a filler.
    fn opening(&self) -> usize {
        let mut at = 0;
        while at < self.stems.len() && !self.cues.starts(Cue::Starter, at) {
            match self.cues.end_of(Cue::Filler, at) {
                Some(end) => at = end,
                None => break,
            }
        }
        at
    }

    /// How the clause is put.
    pub fn mood(&self) -> Mood {
        let opening = self.opening();
        let starts = !self.chinese && self.cues.starts(Cue::Starter, opening);
        let marked = self.cues.has(Cue::Marker) || self.cues.ends(Cue::End, self.stems.len());
        let tagged = self.cues.ends(Cue::Tag, self.stems.len()) && self.stems.len() > 2;
        let question = starts || marked || self.questioned || self.is_a_not_a();
        let negated = self.cues.has(Cue::Negation);
        let tag_particle = matches!(self.stems.last(), Some(&"吧")) || tagged;
        let check = tag_particle || (self.questioned && !starts && !marked);
        let ends_negated_statement = negated && self.questioned && !marked && self.chinese;
        let negative_opening =
            !self.chinese && matches!(self.stems.get(opening), Some(&("no" | "not" | "never" | "noth")));
        Mood {
            question,
            starts,
            questioned: self.questioned,
            check,
            leading: tag_particle || ends_negated_statement || negative_opening,
        }
    }

    /// 疼不疼, 发不发烧: the Chinese verb-not-verb question.
    fn is_a_not_a(&self) -> bool {
        self.either || self.stems.windows(3).any(|w| w[0] == w[2] && matches!(w[1], "不" | "没"))
    }

    /// Decides the act.
    pub fn act(&self, mood: Mood) -> DialogueAct {
        let has = |cue| self.cues.has(cue);
        let count = self.stems.len();
        // "I don't think you're making it up" is the opposite of an insult.
        let vouches = self.cues.denied(Cue::Rude) && self.stems.iter().any(|stem| matches!(*stem, "i" | "we" | "我"));
        if has(Cue::Rude) && !vouches {
            return DialogueAct::Rude;
        }
        if count == 0 || self.cues.covered(Cue::Filler, count) == count {
            return DialogueAct::Backchannel;
        }
        if self.cues.covered(Cue::Tag, count) == count {
            return DialogueAct::Summary;
        }
        let about = self.topics.iter().any(|topic| topic.kind() != TopicKind::Consultation);
        if let Some(act) = self.ceremony(mood, about) {
            return act;
        }
        if mood.question && !(has(Cue::Advice) && !self.questioned && !self.chinese) {
            return self.question(mood, about);
        }
        self.statement(about)
    }

    /// Acts that are recognised by a set phrase, question or not.
    fn ceremony(&self, mood: Mood, about: bool) -> Option<DialogueAct> {
        let has = |cue| self.cues.has(cue);
        let consultation = |name: &str| self.topics.contains(&TopicId::new(TopicKind::Consultation, name));
        let names_test = self.topics.iter().any(|topic| topic.kind() == TopicKind::Test);
        let measures = has(Cue::OrderVerb) && (names_test || has(Cue::Measured));
        if (has(Cue::Order) || measures) && !self.asks_what_was_done(mood) {
            return Some(DialogueAct::Order);
        }
        if has(Cue::Summary) {
            return Some(DialogueAct::Summary);
        }
        if has(Cue::Closing) || (consultation("ask-questions") && !about) {
            return Some(DialogueAct::Closing);
        }
        if has(Cue::Vague) && !about && !self.asks_facet_beside(Cue::Vague) {
            return Some(DialogueAct::Vague);
        }
        if (has(Cue::Open) || consultation("open-invitation")) && !about && !self.asks_facet_beside(Cue::Open) {
            return Some(DialogueAct::OpenQuestion);
        }
        // "It sounds like you have an infection" begins as "that sounds hard" does.
        let explains = self.cues.longest(Cue::Advice) > self.cues.longest(Cue::Empathy);
        if has(Cue::Empathy) && !(mood.question && about) && !explains {
            return Some(DialogueAct::Empathy);
        }
        None
    }

    /// Whether an examination is asked about, not ordered: "Have you had your blood pressure taken?",
    /// "您在家量血压吗?".
    fn asks_what_was_done(&self, mood: Mood) -> bool {
        if self.cues.has(Cue::Past) || self.stems.iter().any(|stem| matches!(*stem, "过" | "had")) {
            return true;
        }
        if self.chinese {
            let by_the_doctor = self.stems.iter().any(|stem| matches!(*stem, "我" | "咱" | "给" | "让"));
            return (self.cues.has(Cue::Marker) || self.cues.ends(Cue::End, self.stems.len()))
                && !by_the_doctor
                && !self.cues.ends(Cue::Tag, self.stems.len())
                && self.stems.last() != Some(&"吧");
        }
        let opening: Vec<&str> = self.stems.iter().skip(self.opening()).take(3).copied().collect();
        // "Can you feel the paper when you wipe?"
        if matches!(opening.as_slice(), ["can" | "could", "you", ..]) && !self.stems.contains(&"i") {
            return !self.topics.is_empty();
        }
        mood.starts
            && matches!(opening.first(), Some(&("do" | "hav" | "be" | "when" | "how" | "what" | "any")))
            && opening.iter().any(|stem| matches!(*stem, "you" | "anyon" | "anybody" | "someon" | "somebody"))
    }

    /// Whether a facet is asked by words that are not themselves part of a `cue`.
    fn asks_facet_beside(&self, cue: Cue) -> bool {
        self.facets.iter().any(|words| words.clone().any(|at| !self.cues.covers(cue, at)))
    }

    fn question(&self, mood: Mood, about: bool) -> DialogueAct {
        if self.cues.has(Cue::Greeting) && !about {
            return DialogueAct::Greeting;
        }
        let restates = matches!(self.stems.first(), Some(&("so" | "所"))) && mood.check;
        if restates && about { DialogueAct::Summary } else { DialogueAct::Specific }
    }

    fn statement(&self, about: bool) -> DialogueAct {
        if self.cues.has(Cue::Advice) {
            return DialogueAct::Advice;
        }
        if self.cues.has(Cue::Greeting) {
            return DialogueAct::Greeting;
        }
        if about || !self.facets.is_empty() {
            let brief = if self.chinese { ELLIPTICAL * 2 } else { ELLIPTICAL };
            return if self.stems.len() <= brief { DialogueAct::Specific } else { DialogueAct::Advice };
        }
        DialogueAct::OffTopic
    }
}
