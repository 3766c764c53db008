//! What somebody says who is asked what cannot be: a man whether he is pregnant, a woman long past
//! the menopause when her last period was.

use cases::format::{Case, Sex};
use knowledge_graph::{Language, TopicId, TopicKind};

/// From this age on nobody has periods or can be pregnant.
const PAST_THE_MENOPAUSE: u8 = 60;
/// Below this age nobody does.
const CHILD: u8 = 8;

/// Ways to say that it cannot be; none where it can.
pub(super) fn lines(case: &Case, topic: &TopicId, only: Option<Sex>, language: Language) -> Option<Vec<String>> {
    let (sex, age) = (case.patient.sex, case.patient.age);
    let of_birth = matches!(topic.kind(), TopicKind::History | TopicKind::RiskFactor)
        && matches!(topic.name(), "pregnancy-possible" | "pregnancy" | "lmp" | "menstrual-cycle" | "contraception");
    let wrong_sex = only.is_some_and(|only| only != sex) || of_birth && sex == Sex::Male;
    let wrong_age = sex == Sex::Female && !(CHILD..PAST_THE_MENOPAUSE).contains(&age) && of_birth;
    if !wrong_sex && !wrong_age {
        return None;
    }
    let carer = case.patient.spokesperson.is_some();
    Some(match (language, carer, wrong_sex) {
        (Language::En, false, true) => sexed_en(sex),
        (Language::En, true, true) => carer_sexed_en(sex, age),
        (Language::Zh, false, true) => sexed_zh(sex),
        (Language::Zh, true, true) => carer_sexed_zh(sex),
        (Language::En, false, false) => owned(&[
            &format!("I'm {}, doctor.", in_words(age)),
            &format!("At {}? Those days are over, doctor.", in_words(age)),
            "Oh, I'm long past all that.",
        ]),
        (Language::En, true, false) => {
            owned(&[&format!("She's {}, doctor.", in_words(age)), &format!("No, doctor, she's {}.", in_words(age))])
        }
        (Language::Zh, false, false) => owned(&[
            &format!("我都{}岁了，大夫。", in_numerals(age)),
            "这把年纪，早就没这回事了。",
            &format!("大夫，我{}了，哪还会呢。", in_numerals(age)),
        ]),
        (Language::Zh, true, false) => {
            owned(&[&format!("她{}岁，不会的。", in_numerals(age)), &format!("大夫，她{}岁。", in_numerals(age))])
        }
    })
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn sexed_en(sex: Sex) -> Vec<String> {
    match sex {
        Sex::Male => owned(&["Doctor, I'm a man.", "That would be a miracle, I'm a man.", "I'm a man, doctor, so no."]),
        Sex::Female => owned(&["Doctor, I'm a woman.", "I'm a woman, so no.", "That can't be, I'm a woman."]),
    }
}

fn carer_sexed_en(sex: Sex, age: u8) -> Vec<String> {
    let (boy, he) = match (sex, age) {
        (Sex::Male, 0..18) => ("a boy", "He's"),
        (Sex::Male, _) => ("a man", "He's"),
        (Sex::Female, 0..18) => ("a girl", "She's"),
        (Sex::Female, _) => ("a woman", "She's"),
    };
    owned(&[&format!("{he} {boy}, doctor."), &format!("No, doctor, {} {boy}.", he.to_lowercase())])
}

fn sexed_zh(sex: Sex) -> Vec<String> {
    match sex {
        Sex::Male => owned(&["大夫，我是男的。", "医生，我一个大男人，哪有这事。", "我是男的呀，没有的事。"]),
        Sex::Female => owned(&["大夫，我是女的。", "我是女的呀，没有的事。"]),
    }
}

fn carer_sexed_zh(sex: Sex) -> Vec<String> {
    match sex {
        Sex::Male => owned(&["大夫，他是男的。", "他是男的呀，没有的事。"]),
        Sex::Female => owned(&["大夫，她是女的。", "她是女的呀，没有的事。"]),
    }
}

/// An age as people say it in English.
fn in_words(age: u8) -> String {
    const SMALL: [&str; 20] = [
        "not one yet",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let (tens, ones) = (usize::from(age / 10), usize::from(age % 10));
    match (SMALL.get(usize::from(age)), TENS.get(tens), ones) {
        (Some(small), _, _) => (*small).to_owned(),
        (None, Some(tens), 0) => (*tens).to_owned(),
        (None, Some(tens), ones) => format!("{tens}-{}", SMALL[ones]),
        (None, None, _) => age.to_string(),
    }
}

/// An age as people say it in Chinese.
fn in_numerals(age: u8) -> String {
    const ONES: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (usize::from(age / 10), usize::from(age % 10));
    match tens {
        0 if ones == 0 => "零".to_owned(),
        0 => ONES[ones].to_owned(),
        1 => format!("十{}", ONES[ones]),
        2..10 => format!("{}十{}", ONES[tens], ONES[ones]),
        _ => age.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::a_man("dizzy-on-the-ward-liang-68", "history:pregnancy-possible", true)]
    #[case::past_the_menopause("foot-pain-fang-78", "history:lmp", true)]
    #[case::her_children("foot-pain-fang-78", "history:obstetric-history", false)]
    #[case::a_young_woman("lower-belly-pain-zhou-27", "history:pregnancy-possible", false)]
    fn what_cannot_be_is_known_by_sex_and_age(#[case] id: &str, #[case] topic: &str, #[case] cannot_be: bool) {
        let library = cases::library().unwrap();
        let case = library.iter().find(|case| case.id == id).unwrap();
        let topic = topic.parse().unwrap();

        for language in Language::ALL {
            assert_eq!(lines(case, &topic, None, language).is_some(), cannot_be);
        }
    }

    #[rstest]
    #[case(73, "seventy-three", "七十三")]
    #[case(80, "eighty", "八十")]
    #[case(15, "fifteen", "十五")]
    #[case(6, "six", "六")]
    fn an_age_is_said_in_words(#[case] age: u8, #[case] en: &str, #[case] zh: &str) {
        assert_eq!((in_words(age).as_str(), in_numerals(age).as_str()), (en, zh));
    }
}
