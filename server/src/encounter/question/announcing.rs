//! What the student is going to do to the patient, with or without asking leave: "I'm going to listen to your
//! chest, is that OK?", 我们抽个血，好吗.

use knowledge_graph::Language;

const BEGINS_EN: [&str; 14] = [
    "i'd like to ",
    "i would like to ",
    "i'm going to ",
    "i am going to ",
    "i need to ",
    "i want to ",
    "i'll need to ",
    "i have to ",
    "we need to ",
    "we're going to ",
    "we have to ",
    "we'd like to ",
    "i'm just going to ",
    "i'd just like to ",
];
/// What is said before it.
const FILLERS_EN: [&str; 8] = ["right", "okay", "ok", "so", "well", "now", "alright", "then"];
const DOES_EN: [&str; 26] = [
    "examine",
    "examination",
    "listen",
    "feel your",
    "press",
    "measure",
    "blood",
    "scan",
    "x-ray",
    "ecg",
    "urine test",
    "pregnancy test",
    "swab",
    "draw round",
    "draw around",
    "needle",
    "drip",
    "cannula",
    "temperature",
    "your pulse",
    "look at your",
    "look in your",
    "have a look",
    "ultrasound",
    "sample",
    "oxygen level",
];
/// With these one asks to be told, whatever is named besides.
const TELLS_EN: [&str; 5] = ["ask", "know", "understand", "talk", "hear about"];

const LEAVE_ZH: [&str; 10] =
    ["可以吗", "好吗", "行吗", "好不好", "行不行", "可以不", "行不", "成吗", "可不可以", "没问题吧"];
const DOER_ZH: [&str; 8] = ["我", "咱", "给您", "给你", "给他", "给她", "让您", "让你"];
const DOES_ZH: [&str; 24] = [
    "查", "抽", "量", "测", "听一", "听听", "看看", "看一", "摸", "按一", "按按", "验", "拍", "留个", "扎", "输液",
    "做个", "做一", "数一", "叩", "化验", "住院", "去趟", "采",
];
/// It was done, or it is the patient who does it.
const DONE_ZH: [&str; 8] = ["查过", "抽过", "量过", "测过", "做过", "拍过", "验过", "看过"];

/// Whether `text` says what will be done to the patient and asks for nothing but leave.
pub fn announces(text: &str, language: Language) -> bool {
    match language {
        Language::En => announces_en(text),
        Language::Zh => announces_zh(text),
    }
}

fn announces_en(text: &str) -> bool {
    let lower = text.trim().to_lowercase().replace('’', "'");
    // A question before it wants its answer.
    if lower.trim_end_matches(['?', '.', '!']).contains('?') {
        return false;
    }
    let mut rest = lower.as_str();
    while let Some(shorter) = FILLERS_EN.iter().find_map(|word| {
        let after = rest.strip_prefix(word)?;
        after.starts_with([' ', ',']).then(|| after.trim_start_matches([' ', ',']))
    }) {
        rest = shorter;
    }
    let Some(does) = BEGINS_EN.iter().find_map(|begins| rest.strip_prefix(begins)) else { return false };
    DOES_EN.iter().any(|word| does.contains(word)) && !TELLS_EN.iter().any(|word| does.starts_with(word))
}

fn announces_zh(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['？', '?', '。', '！', '!']);
    let Some(does) = LEAVE_ZH.iter().find_map(|leave| text.strip_suffix(leave)) else { return false };
    let holds = |words: &[&str]| words.iter().any(|word| does.contains(word));
    !does.contains(['？', '?']) && holds(&DOER_ZH) && holds(&DOES_ZH) && !holds(&DONE_ZH)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("I'm going to draw round the redness with a pen, all right?", true)]
    #[case("We need to get you a scan of the head right away.", true)]
    #[case("Right, I'd like to listen to your chest now if that's okay.", true)]
    #[case("I'd like to ask about your blood pressure, is that OK?", false)]
    #[case("I need to know if you've had a scan before.", false)]
    #[case("Any fever? I'd like to examine you.", false)]
    #[case("Have you had a blood test?", false)]
    #[case("我们先给他查个尿和血，可以吗？", true)]
    #[case("我们留个尿，抽个血，好吗？", true)]
    #[case("伸出双手让我看看，好吗？", true)]
    #[case("我需要查一下尿，看看有没有酮体，行吗？", true)]
    #[case("今天得给您抽血，可能还得去趟医院，您看行不？", true)]
    #[case("平躺着睡可以吗？", false)]
    #[case("我问您几个问题，可以吗？", false)]
    #[case("您查过血糖，好吗？", false)]
    fn what_is_to_be_done_is_told_from_what_is_asked(#[case] said: &str, #[case] expected: bool) {
        let language = if said.is_ascii() { Language::En } else { Language::Zh };

        assert_eq!(announces(said, language), expected);
    }
}
