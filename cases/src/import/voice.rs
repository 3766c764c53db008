//! From the words of a record to the words of a patient: "She reports nausea" becomes "I have
//! nausea". Only grammar changes; a teacher reads the result before it is used.

use knowledge_graph::{Language, lower_first};

use crate::generation::capital;

/// How a record introduces what a patient said.
const SAID: [&str; 16] = [
    "reports that",
    "reports",
    "complains of",
    "mentions that",
    "mentions",
    "states that",
    "notes that",
    "notes",
    "describes",
    "presents with",
    "admits to",
    "is experiencing",
    "has been experiencing",
    "has experienced",
    "experiences",
    "recalls",
];
/// Subjects a record uses for the patient.
const SUBJECTS: [&str; 7] = ["the patient", "this patient", "patient", "she", "he", "the child", "the infant"];

/// Third-person words and what the patient says instead.
const FIRST_PERSON: [(&str, &str); 26] = [
    ("the patient's", "my"),
    ("the patient is", "I am"),
    ("the patient has", "I have"),
    ("the patient was", "I was"),
    ("the patient", "I"),
    ("she is", "I am"),
    ("he is", "I am"),
    ("she has", "I have"),
    ("he has", "I have"),
    ("she does", "I do"),
    ("he does", "I do"),
    ("she", "I"),
    ("he", "I"),
    ("hers", "mine"),
    ("her", "my"),
    ("his", "my"),
    ("him", "me"),
    ("herself", "myself"),
    ("himself", "myself"),
    ("denies any", "I have no"),
    ("denies", "I have no"),
    ("works as", "I work as"),
    ("lives", "I live"),
    ("smokes", "I smoke"),
    ("drinks", "I drink"),
    ("does not", "I do not"),
];

/// `text` as the patient would say it. A child's record stays in the third person: a parent speaks.
pub(super) fn spoken(text: &str, language: Language, for_a_child: bool) -> String {
    let text = text.trim().trim_end_matches(['.', ',', ';', '。', '，', '；', ' ']);
    match language {
        Language::Zh => format!("{}。", chinese(text)),
        Language::En if for_a_child => format!("{}.", capital(text)),
        Language::En => format!("{}.", capital(&english(text))),
    }
}

/// What a patient says of something they have, named by a noun: "Severe groin pain".
pub(super) fn complaint(name: &str, language: Language, for_a_child: bool) -> String {
    let name = name.trim().trim_end_matches(['.', '。', ' ']);
    match language {
        Language::Zh => format!("{}。", chinese(name)),
        Language::En if for_a_child => format!("It's about the {}.", lower_first(name)),
        Language::En => format!("I've got {}.", lower_first(name)),
    }
}

fn chinese(text: &str) -> String {
    let text = text.replace(',', "，").replace("患者", "我").replace("病人", "我");
    match text.strip_prefix("否认") {
        Some(rest) => format!("没有{}", rest.trim_end_matches('史')),
        None => text,
    }
}

fn english(text: &str) -> String {
    let lower = text.to_lowercase();
    for subject in SUBJECTS {
        let Some(rest) = lower.strip_prefix(subject).filter(|rest| rest.starts_with(' ')) else { continue };
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("also ").unwrap_or(rest);
        for said in SAID {
            let Some(what) = rest.strip_prefix(said).filter(|what| what.starts_with(' ')) else { continue };
            let what = pronouns(text.get(text.len() - what.len()..).unwrap_or_default().trim());
            return if said.ends_with("that") || what.starts_with("I ") { what } else { format!("I have {what}") };
        }
    }
    pronouns(text)
}

/// Replaces whole words, whatever their case.
fn pronouns(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    'text: while !rest.is_empty() {
        let at_word = out.chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        if at_word {
            for (third, first) in FIRST_PERSON {
                let Some(head) = rest.get(..third.len()).filter(|head| head.eq_ignore_ascii_case(third)) else {
                    continue;
                };
                let after = &rest[head.len()..];
                if after.chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '\'') {
                    out.push_str(first);
                    rest = after;
                    continue 'text;
                }
            }
        }
        let next = rest.chars().next().map_or(1, char::len_utf8);
        out.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("The patient reports increased frequency of urination", "I have increased frequency of urination.")]
    #[case("She also mentions that her legs swell.", "My legs swell.")]
    #[case("He has a history of asthma", "I have a history of asthma.")]
    #[case("Does not smoke. ", "I do not smoke.")]
    #[case("Denies fever", "I have no fever.")]
    #[case("There is heat", "There is heat.")]
    fn a_record_becomes_speech(#[case] written: &str, #[case] said: &str) {
        assert_eq!(spoken(written, Language::En, false), said);
    }

    #[test]
    fn chinese_denials_are_said_plainly() {
        assert_eq!(spoken("否认手术、外伤史", Language::Zh, false), "没有手术、外伤。");
        assert_eq!(complaint("Severe right groin pain", Language::En, false), "I've got severe right groin pain.");
    }
}
