//! The form of a question: can it be answered with yes or no, or does it ask to be told?

mod announcing;
mod parts;
mod qualities;

use knowledge_graph::Language;

pub use announcing::announces;
pub use parts::parts;
pub use qualities::offers_qualities;

/// How a stretch of the student's words is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Yes or no will do ("Any fever?", 发烧吗).
    Closed,
    /// Asks what, when, where, how, or for one of several ("Is it sharp or dull?").
    Open,
    /// Not a question.
    Statement,
}

const ASKING_EN: [&str; 12] =
    ["what", "what's", "when", "where", "which", "who", "why", "how", "how's", "describe", "tell", "explain"];
const ASKING_ZH: [&str; 21] = [
    "什么",
    "怎么",
    "怎样",
    "如何",
    "哪",
    "多少",
    "多久",
    "多长",
    "多大",
    "多高",
    "几",
    "谁",
    "为啥",
    "啥",
    "何时",
    "还是",
    "说说",
    "讲讲",
    "描述",
    "形容",
    "告诉我",
];
const YES_NO_EN: [&str; 26] = [
    "do", "does", "did", "are", "is", "was", "were", "have", "has", "had", "can", "could", "will", "would", "any",
    "ever", "don't", "doesn't", "didn't", "aren't", "isn't", "haven't", "hasn't", "am", "should", "no",
];
const YES_NO_ZH: [&str; 14] = [
    "吗",
    "没有",
    "有没",
    "是不是",
    "会不会",
    "能不能",
    "要不要",
    "疼不疼",
    "痛不痛",
    "吧",
    "过没",
    "咳不咳",
    "喝不喝",
    "抽不抽",
];

/// The form of `text`.
pub fn form(text: &str, language: Language) -> Form {
    match language {
        Language::En => form_en(text),
        Language::Zh => form_zh(text),
    }
}

fn form_en(text: &str) -> Form {
    let lower = text.to_lowercase().replace('’', "'");
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty()).collect();
    let marked = lower.contains('?');
    // "Does it hurt when you breathe in?" asks yes or no; "When does it hurt?" does not.
    let asking = words.iter().position(|word| ASKING_EN.contains(word));
    let yes_no = words.iter().position(|word| YES_NO_EN.contains(word));
    let begins =
        words.iter().position(|word| !matches!(*word, "and" | "so" | "but" | "or" | "well" | "okay" | "ok" | "right"));
    // "Is it sharp or dull?" asks which; "Any nausea or vomiting?" asks whether.
    let of_one_thing = words.iter().take(4).any(|word| matches!(*word, "it" | "this" | "that" | "they" | "pain"));
    match (asking, yes_no) {
        (_, Some(_)) if of_one_thing && words.contains(&"or") => Form::Open,
        (Some(asking), Some(yes_no)) if yes_no < asking && starts_subordinate(words[asking]) => Form::Closed,
        (Some(_), _) => Form::Open,
        (None, Some(at)) if marked || Some(at) == begins => Form::Closed,
        (None, None) if marked => Form::Closed,
        _ => Form::Statement,
    }
}

/// Whether an English clause begins as a question to the patient, not as one about what was understood ("Have I got
/// that right?").
pub fn begins_asking(clause: &str) -> bool {
    let lower = clause.to_lowercase();
    let mut words = lower.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty());
    let first = words.find(|word| !matches!(*word, "and" | "so" | "but" | "or" | "well" | "okay" | "ok"));
    first.is_some_and(|word| YES_NO_EN.contains(&word) && word != "no")
        && !matches!(words.next(), Some("i" | "that" | "this"))
}

/// Words that after an auxiliary begin a subordinate clause rather than the question itself.
fn starts_subordinate(word: &str) -> bool {
    matches!(word, "when" | "where" | "who" | "which")
}

fn form_zh(text: &str) -> Form {
    let marked = text.contains(['？', '?']);
    // 谁都会害怕 asks nothing.
    let text = ["谁都", "什么都", "哪都", "哪儿都", "怎么都", "好几", "几乎"]
        .iter()
        .fold(text.to_owned(), |t, all| t.replace(all, ""));
    if ASKING_ZH.iter().any(|word| text.contains(word)) {
        // 对什么药过敏吗 asks yes or no, however it is put.
        let indefinite = text.contains('吗') && !text.contains("还是") && text.contains("什么");
        return if indefinite { Form::Closed } else { Form::Open };
    }
    if marked || is_verb_not_verb(&text) || YES_NO_ZH.iter().any(|word| text.contains(word)) {
        Form::Closed
    } else {
        Form::Statement
    }
}

/// 红不红, 肿没肿: the verb-not-verb question.
fn is_verb_not_verb(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    characters.windows(3).any(|three| three[0] == three[2] && matches!(three[1], '不' | '没'))
}

/// Whether `text` is told rather than asked, and too long to be a question cut short ("fever",
/// "and the phlegm").
pub fn is_told(text: &str, language: Language) -> bool {
    let length = match language {
        Language::En => text.split_whitespace().count(),
        Language::Zh => text.chars().count() / 2,
    };
    form(text, language) == Form::Statement && length > 4
}

/// Whether somebody takes leave who says `text` without asking anything.
pub fn takes_leave(text: &str, language: Language) -> bool {
    let lower = text.to_lowercase();
    let leaves: &[&str] = match language {
        Language::En => &[
            "goodbye",
            "bye",
            "that's all",
            "that is all",
            "my supervisor",
            "my senior",
            "my consultant",
            "my tutor",
            "see you",
            "take care",
        ],
        Language::Zh => {
            &["再见", "先到这", "就到这", "汇报", "先这样", "今天就这样", "跟老师", "马上回来", "一会儿回来"]
        }
    };
    leaves.iter().any(|leave| lower.contains(leave))
}

/// Whether a yes or no would say that all is well ("Is your appetite normal?", 能平躺吗): "no" then
/// means the opposite of what it means after "any fever?".
pub fn is_about_normality(text: &str, language: Language) -> bool {
    const EN: [&str; 18] = [
        "normal",
        "normally",
        "ok",
        "okay",
        "fine",
        "alright",
        "well",
        "good",
        "steady",
        "stable",
        "regular",
        "able",
        "can",
        "could",
        "comfortable",
        "comfortably",
        "properly",
        "healthy",
    ];
    const ZH: [&str; 8] = ["正常", "好吗", "还好", "好不好", "能", "可以", "规律", "稳定"];
    match language {
        Language::En => {
            let lower = text.to_lowercase();
            // "Do you sleep flat?" asks whether they can; "is it worse when you lie flat?" does not.
            let flat = ["sleep flat", "lie flat"].iter().any(|words| lower.contains(words));
            let when = ["when", "if ", "worse", "worst", "breath"].iter().any(|word| lower.contains(word));
            flat && !when || lower.split(|c: char| !c.is_alphanumeric()).any(|word| EN.contains(&word))
        }
        Language::Zh => {
            let text = text.replace("可能", "");
            ZH.iter().any(|word| text.contains(word))
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Do you sleep flat?", true)]
    #[case("Is it worse when you lie flat?", false)]
    #[case("Is your appetite normal?", true)]
    #[case("Any fever?", false)]
    fn yes_may_mean_that_all_is_well(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_about_normality(text, Language::En), expected);
    }

    #[rstest]
    #[case("Any fever?", Form::Closed)]
    #[case("Do you smoke?", Form::Closed)]
    #[case("Does it hurt when you breathe in?", Form::Closed)]
    #[case("So no allergies then?", Form::Closed)]
    #[case("When did it start?", Form::Open)]
    #[case("Can you describe the pain?", Form::Open)]
    #[case("Could you tell me how it feels?", Form::Open)]
    #[case("Is it sharp or dull?", Form::Open)]
    #[case("Was it sudden or did it creep up on you?", Form::Open)]
    #[case("Any nausea or vomiting?", Form::Closed)]
    #[case("I can see this has been hard on you.", Form::Statement)]
    #[case("I'd like to listen to your chest.", Form::Statement)]
    #[case("发烧吗？", Form::Closed)]
    #[case("有没有恶心", Form::Closed)]
    #[case("那红不红", Form::Closed)]
    #[case("对什么药过敏吗？", Form::Closed)]
    #[case("什么时候开始的？", Form::Open)]
    #[case("是突然来的还是慢慢来的？", Form::Open)]
    #[case("您真是受罪了。", Form::Statement)]
    #[case("换了谁都会害怕的。", Form::Statement)]
    fn the_form_decides_how_short_the_answer_may_be(#[case] text: &str, #[case] expected: Form) {
        let language = if text.is_ascii() { Language::En } else { Language::Zh };

        assert_eq!(form(text, language), expected);
    }
}
