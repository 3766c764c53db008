use knowledge_graph::{Graph, Language};

use super::*;

fn check(sentence: &str, facts: &[&str], language: Language) -> Result<(), Fault> {
    let graph = Graph::embedded().unwrap();
    let facts: Vec<String> = facts.iter().map(ToString::to_string).collect();
    let allowed = Allowed { facts: &facts, known: &[], said: "", language };
    Checker::new(graph).check(graph, sentence, &allowed)
}

#[test]
fn sentences_that_say_the_fact_in_other_words_pass() {
    let cases = [
        ("It came on two hours ago, out of the blue.", &["It started suddenly 2 hours ago."][..], Language::En),
        ("Yes, I smoke about twenty a day.", &["I smoke 20 cigarettes a day."], Language::En),
        ("No, I haven't had a fever.", &["I haven't had any fever."], Language::En),
        ("大概两个小时前突然疼起来的。", &["2小时前突然开始疼的。"], Language::Zh),
        ("没发烧。", &["我没有发烧。"], Language::Zh),
    ];
    for (sentence, facts, language) in cases {
        assert_eq!(check(sentence, facts, language), Ok(()), "{sentence}");
    }
}

type Expected = fn(&Fault) -> bool;

#[test]
fn sentences_that_add_to_the_facts_or_leave_the_role_fail() {
    let pain = &["The pain started two hours ago."][..];
    let chinese = &["两个小时前开始疼的。"][..];
    let cases: [(&str, &[&str], Language, Expected); 12] = [
        ("You had pain two hours ago.", pain, Language::En, |f| matches!(f, Fault::RoleBreak(_))),
        ("It started three hours ago.", pain, Language::En, |f| matches!(f, Fault::Number(_))),
        ("The pain started two hours ago and I have been vomiting.", pain, Language::En, |f| {
            matches!(f, Fault::Unsupported(_))
        }),
        ("It started two hours ago in my left arm.", pain, Language::En, |f| matches!(f, Fault::Detail(_))),
        ("As an AI language model I cannot say.", pain, Language::En, |f| matches!(f, Fault::RoleBreak(_))),
        ("两个小时前开始疼的。", pain, Language::En, |f| matches!(f, Fault::WrongLanguage)),
        ("Yes, I have a fever.", &["I haven't had any fever."], Language::En, |f| matches!(f, Fault::Contradicts(_))),
        ("三个小时前开始疼的。", chinese, Language::Zh, |f| matches!(f, Fault::Number(_))),
        ("一天抽三十五包。", &["一天一包，抽了三十五年。"], Language::Zh, |f| {
            matches!(f, Fault::Number(_))
        }),
        ("两个小时前开始疼的，还吐了。", chinese, Language::Zh, |f| matches!(f, Fault::Unsupported(_))),
        ("It started two hours ago.", chinese, Language::Zh, |f| matches!(f, Fault::WrongLanguage)),
        ("作为人工智能，我不能回答。", chinese, Language::Zh, |f| matches!(f, Fault::RoleBreak(_))),
    ];
    for (sentence, facts, language, is_expected) in cases {
        let fault = check(sentence, facts, language).expect_err(sentence);
        assert!(is_expected(&fault), "{sentence}: {fault:?}");
    }
}

#[test]
fn a_reply_that_leaves_a_fact_out_is_noticed() {
    let checker = Checker::new(Graph::embedded().unwrap());
    let facts = ["It started two hours ago.".to_owned(), "It goes into my left arm.".to_owned()];

    let missing = checker.missing("It began two hours ago.", &facts, Language::En);

    assert_eq!(missing, [&facts[1]]);
}

#[test]
fn quantities_are_the_same_in_words_and_digits() {
    let cases = [
        ("two hours", "2 hours", Language::En),
        ("twenty-five a day", "25 a day", Language::En),
        ("两天", "2天", Language::Zh),
        ("十二年", "12年", Language::Zh),
    ];
    for (words, digits, language) in cases {
        assert_eq!(numbers::quantities(words, language), numbers::quantities(digits, language), "{words}");
    }
    assert!(numbers::quantities("a good one, all in one go", Language::En).is_empty());
    assert!(numbers::quantities("有一点疼", Language::Zh).is_empty());
}

#[test]
fn sentences_are_taken_only_when_complete() {
    let mut buffer = "It is 38.5 now. And it hur".to_owned();
    assert_eq!(take_sentences(&mut buffer), ["It is 38.5 now."]);
    assert_eq!(buffer, " And it hur");

    let mut chinese = "疼。两天了".to_owned();
    assert_eq!(take_sentences(&mut chinese), ["疼。"]);
    assert_eq!(chinese, "两天了");
}
