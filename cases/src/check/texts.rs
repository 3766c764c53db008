//! Both languages are written, each in its own script, and no text talks to the model.

use super::text_list::{self, CaseText, Reader};
use knowledge_graph::{Language, is_han};

use crate::{
    format::Case,
    problem::{Problem, both},
};

/// Longest sentence a patient says at once, in characters: English, Chinese.
const LONGEST_TELLS: (usize, usize) = (220, 80);

/// Marks of chat templates: they have no place in any text.
const TEMPLATE_MARKS: [&str; 12] = [
    "<|",
    "|>",
    "[inst]",
    "[/inst]",
    "<<sys>>",
    "</s>",
    "<s>",
    "<think>",
    "</think>",
    "### instruction",
    "<start_of_turn>",
    "<end_of_turn>",
];

/// Phrases that address a model rather than describe a patient.
const MODEL_PHRASES: [&str; 17] = [
    "ignore previous",
    "ignore all previous",
    "ignore the above",
    "ignore your instructions",
    "disregard previous",
    "disregard the above",
    "system prompt",
    "you are an ai",
    "as an ai",
    "language model",
    "忽略之前",
    "忽略以上",
    "忽略上面",
    "系统提示",
    "你是一个ai",
    "人工智能助手",
    "语言模型",
];

pub(super) fn check(case: &Case, problems: &mut Vec<Problem>) {
    for text in text_list::all(case) {
        if case.only.is_none() {
            languages(&text, problems);
        }
        prompt_like(&text.path, &text.text.en, "en", problems);
        prompt_like(&text.path, &text.text.zh, "zh", problems);
        if matches!(text.reader, Reader::Fact(_)) {
            length(&text, problems);
        }
    }
    if let Some(only) = case.only {
        problems.push(one_language(only));
    }
    for (index, fact) in case.facts.iter().enumerate() {
        let path = format!("fact[{index}].variants");
        for (language, variants) in [("en", &fact.variants.en), ("zh", &fact.variants.zh)] {
            for (i, variant) in variants.iter().enumerate() {
                prompt_like(&path, variant, &format!("{language}[{i}]"), problems);
                if variant.trim().is_empty() {
                    problems.push(empty(format!("{path}.{language}[{i}]")));
                }
            }
        }
    }
    for (index, word) in case.persona.understands.iter().enumerate() {
        prompt_like("persona", word, &format!("understands[{index}]"), problems);
    }
}

fn one_language(only: Language) -> Problem {
    let (en, zh) = if only == Language::En { ("English", "英文") } else { ("Chinese", "中文") };
    Problem::warning(
        "only",
        both(format!("this case is in {en} only"), format!("本病例只有{zh}")),
        both("Translate its texts, then remove `only`", "请补全另一语言的文本，然后删去 `only`"),
    )
}

fn languages(text: &CaseText<'_>, problems: &mut Vec<Problem>) {
    let (en, zh) = (text.text.en.trim(), text.text.zh.trim());
    if en.is_empty() {
        problems.push(empty(format!("{}.en", text.path)));
    }
    if zh.is_empty() {
        problems.push(empty(format!("{}.zh", text.path)));
        return;
    }
    let is_measurement = text.reader == Reader::Workup && zh.chars().any(|c| c.is_ascii_digit());
    if !zh.chars().any(is_han) && !is_measurement {
        problems.push(Problem::error(
            format!("{}.zh", text.path),
            both("the Chinese text has no Chinese characters", "中文文本中没有汉字"),
            both("Write it in Chinese", "请用中文书写"),
        ));
    }
    if en.chars().any(is_han) {
        problems.push(Problem::error(
            format!("{}.en", text.path),
            both("the English text has Chinese characters in it", "英文文本中夹有汉字"),
            both("Write it in English", "请用英文书写"),
        ));
    }
}

fn empty(path: String) -> Problem {
    Problem::error(
        path,
        both("the text is empty", "文本为空"),
        both("Write it in this language too", "请补写该语言的文本"),
    )
}

fn length(text: &CaseText<'_>, problems: &mut Vec<Problem>) {
    let sides = [("en", &text.text.en, LONGEST_TELLS.0), ("zh", &text.text.zh, LONGEST_TELLS.1)];
    for (language, said, longest) in sides {
        let count = said.chars().count();
        if count > longest {
            problems.push(Problem::warning(
                format!("{}.{language}", text.path),
                both(format!("the patient says {count} characters at once"), format!("患者一口气说了 {count} 个字符")),
                both(
                    format!("Keep it below {longest}, or split it into two facts"),
                    format!("请控制在 {longest} 以内，或拆成两条事实"),
                ),
            ));
        }
    }
}

fn prompt_like(path: &str, text: &str, key: &str, problems: &mut Vec<Problem>) {
    let lower = text.to_lowercase();
    let found = TEMPLATE_MARKS.iter().chain(&MODEL_PHRASES).find(|mark| lower.contains(**mark));
    if let Some(mark) = found {
        problems.push(Problem::error(
            format!("{path}.{key}"),
            both(format!("`{mark}` speaks to a language model"), format!("`{mark}` 像是写给语言模型的指令")),
            both("Write only what concerns the patient", "请只写与患者有关的内容"),
        ));
    }
}
