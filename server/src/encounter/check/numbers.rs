//! Numbers with their units, normalised: "two hours", "2 hours" and 两个小时 are the same.

use knowledge_graph::Language;

const EN_WORDS: [(&str, u32); 29] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("once", 1),
    ("twice", 2),
];

/// Words after which "one" is a pronoun or an idiom rather than a count.
const ZH_UNITS: [&str; 30] = [
    "天", "日", "小时", "钟头", "分钟", "分", "秒", "年", "月", "周", "星期", "礼拜", "次", "回", "岁", "度", "点",
    "斤", "公斤", "片", "粒", "支", "根", "包", "杯", "瓶", "毫克", "级", "层", "倍",
];

/// Every quantity in `text`, each as a normalised number.
pub fn quantities(text: &str, language: Language) -> Vec<String> {
    match language {
        Language::En => digits(text).into_iter().chain(english(text)).collect(),
        Language::Zh => {
            let written = in_numerals(text);
            digits(&written).into_iter().chain(chinese(&written)).collect()
        }
    }
}

fn digits(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map(|number| number.trim_matches('.'))
        .filter(|number| !number.is_empty())
        .map(|number| number.trim_start_matches('0').to_owned())
        .map(|number| if number.is_empty() { "0".to_owned() } else { number })
        .collect()
}

fn english(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let value = |word: &str| EN_WORDS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some(mut number) = value(words[at]) else {
            at += 1;
            continue;
        };
        let counts = words[at] != "one" || words.get(at + 1).is_some_and(|next| is_english_unit(next));
        if (20..=90).contains(&number)
            && let Some(ones) = words.get(at + 1).and_then(|next| value(next)).filter(|ones| *ones < 10)
        {
            number += ones;
            at += 1;
        }
        if counts {
            found.push(number.to_string());
        }
        at += 1;
    }
    found
}

/// A number word in digits.
pub(super) fn in_digits(word: &str) -> Option<String> {
    EN_WORDS.iter().find(|(name, _)| *name == word).map(|(_, value)| value.to_string())
}

fn is_english_unit(word: &str) -> bool {
    const UNITS: [&str; 13] = [
        "hour", "day", "week", "month", "year", "minute", "second", "time", "pill", "tablet", "pack", "glass", "night",
    ];
    UNITS.contains(&word.trim_end_matches("es").trim_end_matches('s')) || UNITS.contains(&word.trim_end_matches('s'))
}

fn chinese(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let run = characters[at..].iter().take_while(|c| chinese_digit(**c).is_some() || **c == '十').count();
        if run == 0 {
            at += 1;
            continue;
        }
        let rest: String = characters[at + run..].iter().take(3).collect();
        let rest = rest.strip_prefix('个').unwrap_or(&rest);
        let rest = rest.strip_prefix('多').or_else(|| rest.strip_prefix('半')).unwrap_or(rest);
        // 一点 and 一天到晚 are not counts; 一次 is.
        let idiom = run == 1 && characters[at] == '一' && rest.starts_with('点');
        if let Some(unit) = ZH_UNITS.iter().find(|unit| rest.starts_with(**unit)).filter(|_| !idiom) {
            found.extend(chinese_values(&characters[at..at + run]).into_iter().map(|value| value + same_unit(unit)));
        }
        at += run;
    }
    found
}

/// One name for units that mean the same, so that a pack a day for 35 years is not 35 packs.
fn same_unit(unit: &'static str) -> &'static str {
    match unit {
        "日" => "天",
        "钟头" => "小时",
        "分" => "分钟",
        "星期" | "礼拜" => "周",
        "回" => "次",
        other => other,
    }
}

/// Writes the whole numbers below 100 of a Chinese text in numerals; others stay as they are.
pub(super) fn in_numerals(text: &str) -> String {
    const NUMERALS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let mut written = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[start..].find(|c: char| !(c.is_ascii_digit() || c == '.')).map_or(rest.len(), |n| start + n);
        written.push_str(&rest[..start]);
        match rest[start..end].parse::<usize>() {
            Ok(n @ 1..=9) => written.push_str(NUMERALS[n]),
            Ok(n @ 10..=99) => {
                written.push_str(if n < 20 { "" } else { NUMERALS[n / 10] });
                written.push('十');
                written.push_str(NUMERALS[n % 10]);
            }
            _ => written.push_str(&rest[start..end]),
        }
        rest = &rest[end..];
    }
    written + rest
}

/// The value of a run of numerals; 两三天 is two values, 十二 one.
fn chinese_values(run: &[char]) -> Vec<String> {
    if let Some(ten) = run.iter().position(|c| *c == '十') {
        let tens = run[..ten].last().and_then(|c| chinese_digit(*c)).unwrap_or(1);
        let ones = run.get(ten + 1).and_then(|c| chinese_digit(*c)).unwrap_or(0);
        return vec![(tens * 10 + ones).to_string()];
    }
    run.iter().filter_map(|c| chinese_digit(*c)).map(|value| value.to_string()).collect()
}

fn chinese_digit(character: char) -> Option<u32> {
    Some(match character {
        '一' => 1,
        '二' | '两' | '俩' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}
