//! Modes and their rules, and how a patient talks, in words.

use ::cases::{
    Case,
    format::{Disclosure, Literacy, Style},
};

use super::super::frame::Frame;
use crate::store::Mode;

/// A mode in words: "Practice", "One section: Past history".
pub(in super::super) fn mode(page: &Frame, mode: Mode) -> String {
    match mode.section() {
        Some(section) => {
            let section = page.named("section", section.as_str());
            page.say("mode-skill-of").with("section", section).to_string()
        }
        None => page.t(&format!("mode-{}", mode.name())),
    }
}

/// The rules of the mode with this first word, in sentences.
pub(in super::super) fn rules(page: &Frame, name: &str, minutes: u16) -> Vec<String> {
    let count = if matches!(name, "practice" | "skill") { 3 } else { 2 };
    let rule = |n: u8| page.say(&format!("rules-{name}-{n}")).with("minutes", minutes).to_string();
    (1..=count).map(rule).collect()
}

/// The rules by which the patient of `case` tells: nothing here is a fact of the case.
pub(in super::super) fn how_talks(page: &Frame, case: &Case, mode: Option<Mode>) -> Vec<String> {
    let persona = &case.persona;
    let style = match persona.style {
        Style::Plain => "plain",
        Style::Talkative => "talkative",
        Style::Terse => "terse",
        Style::Anxious => "anxious",
        Style::Distrustful => "distrustful",
        Style::HardOfHearing => "hard-of-hearing",
        Style::Proxy => "proxy",
    };
    let mut rules = vec![page.t(&format!("talks-style-{style}")), page.t("talks-asked"), page.t("talks-volunteers")];
    if mode.and_then(Mode::section).is_some() {
        rules.push(page.t("talks-all"));
    } else if case.facts.iter().any(|fact| fact.disclosure == Disclosure::NeedsTrust) {
        rules.push(page.t("talks-trust"));
    }
    rules.push(page.t(if persona.literacy == Literacy::Limited { "talks-plain-words" } else { "talks-words" }));
    rules.push(page.t("talks-unsure"));
    rules
}
