//! What something is like, offered as a choice: "a squeeze, a stab or a burn?", 绞着疼还是刺着疼?

use knowledge_graph::Language;

/// Words for how something hurts or feels; the beginnings of words in English.
const EN: [&str; 34] = [
    "squeez", "stab", "burn", "sharp", "dull", "ach", "throb", "thump", "pound", "puls", "cramp", "colic", "crush",
    "press", "tight", "heav", "tear", "rip", "gnaw", "nagg", "shoot", "electric", "prick", "needle", "gripp", "twist",
    "spasm", "stiff", "sting", "bor", "knif", "itch", "tingl", "pull",
];
const ZH: [&str; 26] = [
    "针扎",
    "刺",
    "绞",
    "胀",
    "坠",
    "钝",
    "隐隐",
    "跳着",
    "一跳一跳",
    "火烧",
    "火辣",
    "烧灼",
    "压着",
    "压榨",
    "石头",
    "撕",
    "刀割",
    "闷着",
    "闷闷",
    "闷痛",
    "酸",
    "电",
    "揪",
    "拧",
    "抽着",
    "木",
];

/// Whether `text` offers two or more qualities to choose from.
pub fn offers_qualities(text: &str, language: Language) -> bool {
    match language {
        Language::En => {
            let lower = text.to_lowercase();
            let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
            let named = words.iter().filter(|word| EN.iter().any(|quality| word.starts_with(quality)));
            let of_it = words.iter().take(3).any(|word| matches!(*word, "it" | "that" | "pain" | "ache" | "feel"));
            of_it && words.contains(&"or") | lower.contains(',') && named.count() > 1
        }
        Language::Zh => text.contains("还是") && ZH.iter().filter(|quality| text.contains(*quality)).count() > 1,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Is it more of a squeeze, a stab, a burn?", true)]
    #[case("Is it thumping or is it more like a tight band?", true)]
    #[case("Any stiffness or tingling in your hands?", false)]
    #[case("Is it worse when you press on it?", false)]
    #[case("像针扎、像火烧还是一跳一跳的？", true)]
    #[case("胀疼还是火辣辣地疼？", true)]
    #[case("手麻还是脚麻？", false)]
    fn a_choice_of_qualities_is_told_from_a_list_of_symptoms(#[case] text: &str, #[case] expected: bool) {
        let language = if text.is_ascii() { Language::En } else { Language::Zh };

        assert_eq!(offers_qualities(text, language), expected);
    }
}
