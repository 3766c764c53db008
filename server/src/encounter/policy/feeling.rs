//! How the student's words move the patient.

use cases::format::Mood;
use serde::{Deserialize, Serialize};

use super::{Decision, Heard, Policy};
use crate::{
    encounter::state::{State, TRUST_TO_CONFIDE},
    understanding::DialogueAct,
};

/// Trust gained by every turn in which the patient is heard, by a greeting, by empathy, and by asking
/// on kindly after the patient held back; lost by rudeness.
const HEARD: i16 = 1;
const GREETED: i16 = 3;
const COMFORTED: i16 = 12;
const ASKED_ON: i16 = 4;
const OFFENDED: i16 = -20;

/// Why trust or mood moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The student greeted or introduced themselves at the start.
    Greeting,
    /// The student showed empathy.
    Empathy,
    /// The student was rude.
    Rudeness,
    /// The student touched on what the patient does not yet like to speak of.
    HeldBack,
}

/// Something in the student's words that moved the patient, as stored with the turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Felt {
    /// Why.
    pub cause: Cause,
    /// The words.
    pub quote: String,
    /// How far trust moved by it, in points of 100.
    pub trust: i16,
}

/// How the turn changes mood and trust.
pub(super) fn feel(decision: &mut Decision, state: &State, heard: &Heard<'_>) {
    decision.felt = felt(decision, heard);
    let moved: i16 = decision.felt.iter().map(|felt| felt.trust).sum();
    let trust = i16::from(state.trust) + HEARD + moved;
    let has = |cause: Cause| decision.felt.iter().any(|felt| felt.cause == cause);
    if has(Cause::Rudeness) {
        decision.mood = Mood::Irritated;
    } else if has(Cause::Empathy) && trust >= TRUST_TO_CONFIDE.into() {
        decision.mood = match state.mood {
            Mood::Worried | Mood::Irritated | Mood::Sad => Mood::Calm,
            mood => mood,
        };
    }
    decision.trust = u8::try_from(trust.clamp(0, 100)).unwrap_or(0);
}

fn felt(decision: &Decision, heard: &Heard<'_>) -> Vec<Felt> {
    let because = |cause: Cause, quote: &str, trust: i16| Felt { cause, quote: quote.trim().to_owned(), trust };
    let mut felt = Vec::new();
    if decision.greeted {
        felt.push(because(Cause::Greeting, heard.words_of(DialogueAct::Greeting), GREETED));
    }
    if heard.heard(DialogueAct::Empathy) {
        felt.push(because(Cause::Empathy, heard.words_of(DialogueAct::Empathy), COMFORTED));
    }
    if heard.said.act == DialogueAct::Rude {
        felt.push(because(Cause::Rudeness, heard.words_of(DialogueAct::Rude), OFFENDED));
    }
    if decision.policy == Policy::Guarded {
        // Asked again, kindly, most people tell.
        felt.push(because(Cause::HeldBack, heard.text, ASKED_ON));
    }
    felt
}
