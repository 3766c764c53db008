//! How trust and mood moved, at which turn, and because of which words.

use cases::format::Mood;
use knowledge_graph::Language;
use serde::Serialize;
use utoipa::ToSchema;

use super::Materials;
use crate::encounter::{
    Cause,
    state::{State, TRUST_TO_CONFIDE, mood_name, mood_named},
};

/// How the patient felt about the student, from beginning to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Feelings {
    /// Trust before the first words, 0–100.
    pub trust_before: u32,
    /// Trust after the last, 0–100.
    pub trust_after: u32,
    /// From here the patient tells what needs trust.
    pub confides_from: u32,
    /// Mood before the first words: `calm`, `worried`, `sad`, `irritated` or `distressed`.
    pub mood_before: String,
    /// Mood after the last.
    pub mood_after: String,
    /// What moved them, in order; the point of trust that each answered turn earns is not listed.
    pub moved: Vec<Moved>,
}

/// Something the student said that moved the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Moved {
    /// The exchange, from 0.
    pub turn: u32,
    /// The student's words.
    pub words: String,
    /// Why: `greeting`, `empathy`, `rudeness` or `held-back`.
    #[schema(value_type = String)]
    pub cause: Cause,
    /// Points of trust won or lost by it.
    pub trust: i16,
    /// Trust after the turn, 0–100.
    pub trust_after: u32,
    /// Mood after the turn, when it changed.
    pub mood: Option<String>,
    /// What happened, in a sentence.
    pub text: String,
}

impl Moved {
    /// The points with their sign, as a page shows them.
    pub fn signed(&self) -> String {
        format!("{:+}", self.trust).replace('-', "−")
    }
}

/// Reads from the stored turns what moved the patient.
pub(super) fn feelings(materials: &Materials<'_>) -> Feelings {
    let start = State::start(materials.case);
    let (mut mood, mut trust) = (start.mood, start.trust);
    let mut moved = Vec::new();
    for (turn, reply) in materials.turns.iter().filter_map(|turn| Some((turn, turn.reply.as_ref()?))) {
        let after = mood_named(&reply.mood).unwrap_or(mood);
        let changed = (after != mood).then_some(after);
        for (place, felt) in reply.felt.iter().enumerate() {
            // A change of mood is told once a turn, with what moved most.
            let mood = changed.filter(|_| place + 1 == reply.felt.len());
            moved.push(Moved {
                turn: turn.index,
                words: felt.quote.clone(),
                cause: felt.cause,
                trust: felt.trust,
                trust_after: reply.trust.into(),
                mood: mood.map(|mood| mood_name(mood).to_owned()),
                text: sentence(
                    felt.cause,
                    mood,
                    trust < TRUST_TO_CONFIDE && reply.trust >= TRUST_TO_CONFIDE,
                    materials.language,
                ),
            });
        }
        (mood, trust) = (after, reply.trust);
    }
    Feelings {
        trust_before: start.trust.into(),
        trust_after: trust.into(),
        confides_from: TRUST_TO_CONFIDE.into(),
        mood_before: mood_name(start.mood).to_owned(),
        mood_after: mood_name(mood).to_owned(),
        moved,
    }
}

fn sentence(cause: Cause, mood: Option<Mood>, confides: bool, language: Language) -> String {
    let what = match (cause, language) {
        (Cause::Greeting, Language::En) => "A greeting made a start.",
        (Cause::Greeting, Language::Zh) => "见面先问好，开了个好头。",
        (Cause::Empathy, Language::En) => "The patient felt understood and trusted you more.",
        (Cause::Empathy, Language::Zh) => "患者感到被理解，更信任您了。",
        (Cause::Rudeness, Language::En) => "The patient was hurt and trusted you less.",
        (Cause::Rudeness, Language::Zh) => "患者觉得受了冒犯，不那么信任您了。",
        (Cause::HeldBack, Language::En) => {
            "The patient did not trust you enough yet to answer this; being asked kindly helps a little."
        }
        (Cause::HeldBack, Language::Zh) => "信任还不够，患者不愿回答；好好地问，会慢慢松口。",
    };
    let mood = mood.map_or("", |mood| mood_sentence(mood, language));
    let opened = match (confides, language) {
        (false, _) => "",
        (true, Language::En) => " From here on the patient would speak of private matters.",
        (true, Language::Zh) => "从这里起，患者愿意谈私密的事了。",
    };
    format!("{what}{mood}{opened}")
}

fn mood_sentence(mood: Mood, language: Language) -> &'static str {
    match (mood, language) {
        (Mood::Calm, Language::En) => " The patient grew calm.",
        (Mood::Calm, Language::Zh) => "患者平静了下来。",
        (Mood::Worried, Language::En) => " The patient grew worried.",
        (Mood::Worried, Language::Zh) => "患者担心起来。",
        (Mood::Sad, Language::En) => " The patient grew sad.",
        (Mood::Sad, Language::Zh) => "患者情绪低落了。",
        (Mood::Irritated, Language::En) => " The patient became irritated.",
        (Mood::Irritated, Language::Zh) => "患者有些恼火。",
        (Mood::Distressed, Language::En) => " The patient was in distress.",
        (Mood::Distressed, Language::Zh) => "患者十分难受。",
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Cause::Empathy, Some(Mood::Calm), true, Language::En, "grew calm. From here on")]
    #[case(Cause::Empathy, Some(Mood::Calm), true, Language::Zh, "平静了下来。从这里起")]
    #[case(
        Cause::Rudeness,
        Some(Mood::Irritated),
        false,
        Language::En,
        "trusted you less. The patient became irritated."
    )]
    fn a_sentence_says_what_moved_and_what_it_opened(
        #[case] cause: Cause,
        #[case] mood: Option<Mood>,
        #[case] confides: bool,
        #[case] language: Language,
        #[case] expected: &str,
    ) {
        let said = sentence(cause, mood, confides, language);

        assert!(said.contains(expected), "{said}");
    }
}
