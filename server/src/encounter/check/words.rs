//! Word-level checks: role, language, times and body parts, and how much of a text another covers.

use knowledge_graph::Language;

const ROLE_BREAKS_EN: &[&str] = &[
    "language model",
    "can't help with that",
    "as an ai",
    "an ai ",
    "i'm an ai",
    "artificial intelligence",
    "assistant",
    "chatbot",
    "role-play",
    "roleplay",
    "vignette",
    "scenario",
    "prompt",
    "instruction",
    "note:",
    "the note",
    "doctor:",
    "patient:",
    "<|",
    "<think",
];
const ROLE_BREAKS_ZH: &[&str] = &[
    "语言模型",
    "人工智能",
    "ai",
    "助手",
    "扮演",
    "提示词",
    "指令",
    "设定",
    "你知道：",
    "你知道:",
    "医生：",
    "医生:",
    "患者：",
    "病人：",
    "你说：",
    "<|",
    "<think",
];

const DETAILS_EN: &[&str] = &[
    "yesterday",
    "today",
    "tonight",
    "this morning",
    "this afternoon",
    "this evening",
    "last night",
    "last week",
    "last month",
    "last year",
    "midnight",
    "weekend",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "left",
    "right",
    "head",
    "forehead",
    "temple",
    "eye",
    "ear",
    "nose",
    "throat",
    "neck",
    "jaw",
    "shoulder",
    "arm",
    "elbow",
    "wrist",
    "hand",
    "finger",
    "chest",
    "breastbone",
    "rib",
    "back",
    "spine",
    "stomach",
    "belly",
    "tummy",
    "groin",
    "hip",
    "thigh",
    "knee",
    "calf",
    "ankle",
    "foot",
    "toe",
    "leg",
    "skin",
    "kidney",
    "liver",
    "lung",
    "bladder",
];
const DETAILS_ZH: &[&str] = &[
    "昨天",
    "昨晚",
    "前天",
    "今天",
    "今早",
    "今晚",
    "早上",
    "上午",
    "中午",
    "下午",
    "晚上",
    "半夜",
    "凌晨",
    "夜里",
    "上周",
    "上个月",
    "去年",
    "前年",
    "周末",
    "左",
    "右",
    "额头",
    "太阳穴",
    "眼",
    "耳",
    "鼻",
    "嗓子",
    "喉咙",
    "脖子",
    "下巴",
    "肩",
    "胳膊",
    "手臂",
    "肘",
    "手腕",
    "手指",
    "胸口",
    "胸",
    "肋",
    "后背",
    "腰",
    "肚子",
    "胃",
    "小腹",
    "肚脐",
    "腹股沟",
    "大腿",
    "膝",
    "小腿",
    "脚踝",
    "脚",
    "腿",
    "皮肤",
    "肾",
    "肝",
    "肺",
    "膀胱",
    "心脏",
    "头",
    "牙",
    "舌",
    "背",
];

/// The first word that breaks the role.
pub fn role_break(sentence: &str, language: Language) -> Option<&'static str> {
    let lower = sentence.to_lowercase();
    let words: &[&str] = match language {
        Language::En => ROLE_BREAKS_EN,
        Language::Zh => ROLE_BREAKS_ZH,
    };
    words.iter().find(|word| lower.contains(**word)).copied()
}

/// "You feel sick" where the fact says "I feel sick": small models slip into the doctor's part.
pub fn speaks_to_the_patient(sentence: &str, facts: &[String], language: Language) -> Option<&'static str> {
    let has = |text: &str, word: &str| match language {
        Language::En => text.to_lowercase().split(|c: char| !c.is_alphabetic()).any(|part| part == word),
        Language::Zh => text.contains(word),
    };
    let words: &[&str] = match language {
        Language::En => &["you", "your", "yours"],
        Language::Zh => &["你", "您"],
    };
    words.iter().find(|word| has(sentence, word) && !facts.iter().any(|fact| has(fact, word))).copied()
}

/// 我先给我止疼: who does it and to whom are both "I", where no fact says so.
pub fn does_to_itself(sentence: &str, facts: &[String], language: Language) -> bool {
    const TO_ME: [&str; 4] = ["给我", "让我", "帮我", "替我"];
    /// Characters that may stand between.
    const BETWEEN: usize = 4;
    let garbled = |text: &str| {
        text.match_indices('我').any(|(at, me)| {
            let rest: String = text[at + me.len()..].chars().take(BETWEEN + 2).collect();
            let clause = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            TO_ME.iter().any(|words| clause.contains(words))
        })
    };
    language == Language::Zh && garbled(sentence) && !facts.iter().any(|fact| garbled(fact))
}

/// Whether `sentence` is in `language`; Latin words of a Chinese patient must stand in the facts.
pub fn is_in_language(sentence: &str, language: Language, facts: &[String]) -> bool {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    match language {
        Language::En => !sentence.chars().any(is_han),
        Language::Zh => {
            let latin = sentence.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
            let new = latin.filter(|word| !facts.iter().any(|fact| fact.contains(word))).count();
            new == 0 && (sentence.chars().any(is_han) || !sentence.chars().any(char::is_alphabetic))
        }
    }
}

/// A time, side or body part in `sentence` that `supported` does not have.
pub fn new_detail(sentence: &str, supported: &str, language: Language) -> Option<&'static str> {
    let sentence = sentence.to_lowercase();
    let supported = supported.to_lowercase();
    match language {
        Language::En => {
            let has = |text: &str, word: &str| {
                text.match_indices(word).any(|(at, _)| {
                    let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphabetic());
                    let rest = text[at + word.len()..].trim_start_matches('s');
                    before && rest.chars().next().is_none_or(|c| !c.is_alphabetic())
                })
            };
            // "right" and "back" are mostly not anatomy in speech.
            let idioms =
                ["all right", "right now", "right away", "that's right", "come back", "comes back", "came back"];
            let spoken = idioms.iter().fold(sentence, |text, idiom| text.replace(idiom, " "));
            DETAILS_EN.iter().find(|word| has(&spoken, word) && !has(&supported, word)).copied()
        }
        Language::Zh => {
            DETAILS_ZH.iter().find(|word| sentence.contains(**word) && !supported.contains(**word)).copied()
        }
    }
}
