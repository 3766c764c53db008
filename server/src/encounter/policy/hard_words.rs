//! Words that a patient asks the meaning of.

use cases::format::{Case, Literacy};
use knowledge_graph::Language;

use super::Heard;
use crate::encounter::state::State;

/// Words that most people know, and a person with limited health literacy may not.
const HARD_EN: [&str; 41] = [
    "symptom",
    "symptoms",
    "chronic",
    "acute",
    "abdomen",
    "abdominal",
    "nausea",
    "nauseous",
    "fatigue",
    "fatigued",
    "constipation",
    "constipated",
    "stool",
    "stools",
    "bowel movement",
    "bowel movements",
    "bowels",
    "urinate",
    "urination",
    "cardiac",
    "cardiovascular",
    "respiratory",
    "cholesterol",
    "vertigo",
    "intermittent",
    "inflammation",
    "hereditary",
    "genetic",
    "alleviate",
    "alleviates",
    "aggravate",
    "aggravates",
    "relieving factors",
    "onset",
    "duration",
    "discharge",
    "sputum",
    "immunisations",
    "recreational drugs",
    "comorbid",
    "recurrent",
];
const HARD_ZH: [&str; 26] = [
    "症状",
    "慢性病",
    "诱因",
    "放射",
    "腹部",
    "乏力",
    "食欲",
    "排便",
    "排尿",
    "大便性状",
    "呼吸困难",
    "心血管",
    "遗传",
    "剂量",
    "疗程",
    "伴随",
    "间歇",
    "持续性",
    "阵发性",
    "诊断",
    "手术史",
    "过敏史",
    "体重减轻",
    "进食",
    "夜间",
    "基础疾病",
];

/// The technical words in the question that this patient does not know, as they stand there.
pub(super) fn unfamiliar_words(case: &Case, state: &State, heard: &Heard<'_>) -> Vec<String> {
    let persona = &case.persona;
    let known = |word: &String| persona.understands.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mut words: Vec<String> = heard.said.jargon.iter().filter(|word| !known(word)).cloned().collect();
    if persona.literacy == Literacy::Limited {
        let hard: &[&str] = match heard.language {
            Language::En => &HARD_EN,
            Language::Zh => &HARD_ZH,
        };
        words.extend(hard.iter().filter_map(|word| standing(heard, word)).filter(|word| !known(word)));
        // Once is enough: the student has explained it, or will not.
        words.retain(|word| !state.spoken.iter().any(|spoken| spoken.contains(&format!("“{word}”"))));
    }
    words
}

/// The first of them.
pub(super) fn unfamiliar_word(case: &Case, state: &State, heard: &Heard<'_>) -> Option<String> {
    unfamiliar_words(case, state, heard).into_iter().next()
}

/// `word` as it stands in the question, as a whole word.
fn standing(heard: &Heard<'_>, word: &str) -> Option<String> {
    let lower = heard.text.to_lowercase();
    let whole = |at: usize| {
        let is_letter = |c: Option<char>| heard.language == Language::En && c.is_some_and(char::is_alphanumeric);
        !is_letter(lower[..at].chars().next_back()) && !is_letter(lower[at + word.len()..].chars().next())
    };
    let at = lower.match_indices(word).map(|(at, _)| at).find(|at| whole(*at))?;
    // Lower case may take other bytes than what was typed.
    Some(heard.text.get(at..at + word.len()).unwrap_or(word).to_owned())
}
