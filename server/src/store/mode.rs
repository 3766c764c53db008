//! The rules a consultation is held under.

use std::{fmt, str::FromStr};

use knowledge_graph::Section;
use serde::{Deserialize, Serialize};

/// Rules of a consultation. Written `practice`, `exam`, `self-test` or `skill:SECTION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Mode {
    /// Hints allowed, untimed.
    Practice,
    /// Timed, no hints.
    Exam,
    /// Practice of one section: only its items count, and the patient holds nothing back.
    Skill(Section),
    /// The rules of an exam for the learner's own eyes: never shown as an exam's mark.
    SelfTest,
}

impl Mode {
    /// Whether it runs against the clock, without help and without pauses.
    pub const fn is_timed(self) -> bool {
        matches!(self, Self::Exam | Self::SelfTest)
    }

    /// Whether hints may be asked for and the clock may be stopped.
    pub const fn allows_help(self) -> bool {
        !self.is_timed()
    }

    /// The only section that counts, when it is practised on its own.
    pub const fn section(self) -> Option<Section> {
        match self {
            Self::Skill(section) => Some(section),
            Self::Practice | Self::Exam | Self::SelfTest => None,
        }
    }

    /// The mode whose rules it shares, `practice` or `exam`: the place of a marking scheme, and
    /// what stands in `encounters.mode`.
    pub const fn base(self) -> &'static str {
        if self.is_timed() { "exam" } else { "practice" }
    }

    /// Its first word, such as `skill`: the key of its texts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Exam => "exam",
            Self::Skill(_) => "skill",
            Self::SelfTest => "self-test",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.section().map_or(Ok(()), |section| write!(f, ":{section}"))
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("skill:")) {
            ("practice", _) => Ok(Self::Practice),
            ("exam", _) => Ok(Self::Exam),
            ("self-test", _) => Ok(Self::SelfTest),
            (_, Some(section)) => section.parse().map(Self::Skill).map_err(|_| no_section(section)),
            _ => Err(format!("`{text}` is no mode; use `practice`, `exam`, `self-test` or `skill:SECTION`")),
        }
    }
}

fn no_section(section: &str) -> String {
    let known: Vec<&str> = Section::ALL.iter().map(|section| section.as_str()).collect();
    format!("`{section}` is no section of a history; use one of {}", known.join(", "))
}

impl TryFrom<String> for Mode {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Mode> for String {
    fn from(mode: Mode) -> Self {
        mode.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_is_read_as_it_is_written() {
        for mode in [Mode::Practice, Mode::Exam, Mode::SelfTest, Mode::Skill(Section::PastHistory)] {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert!("skill:gossip".parse::<Mode>().unwrap_err().contains("past-history"));
        assert!("viva".parse::<Mode>().is_err());
    }

    #[test]
    fn only_what_runs_against_the_clock_is_without_help() {
        for (mode, base) in [(Mode::Practice, "practice"), (Mode::SelfTest, "exam"), (Mode::Exam, "exam")] {
            assert_eq!((mode.base(), mode.allows_help()), (base, base == "practice"));
        }
    }
}
