use knowledge_graph::{Graph, Language};

use rstest::rstest;

use super::*;

fn check(sentence: &str, facts: &[&str], language: Language) -> Result<(), Fault> {
    let graph = Graph::embedded().unwrap();
    let facts: Vec<String> = facts.iter().map(ToString::to_string).collect();
    let allowed = Allowed {
        facts: &facts,
        known: &[],
        echoed: "",
        examples: &["I nap on the tram.", "坐电车老打盹。"],
        language,
    };
    Checker::new(graph).check(graph, sentence, &allowed)
}

#[test]
fn sentences_that_say_the_fact_in_other_words_pass() {
    let cases = [
        ("Well, it began suddenly, about 2 hours ago.", &["It started suddenly two hours ago."][..], Language::En),
        ("I smoke about twenty cigarettes a day.", &["I smoke 20 cigarettes a day."], Language::En),
        ("I haven't had a fever.", &["I haven't had any fever."], Language::En),
        ("大概两个小时前突然疼起来的。", &["2小时前突然开始疼的。"], Language::Zh),
        ("我没有发烧啊。", &["没有发烧。"], Language::Zh),
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

#[rstest]
#[case::an_example("I wake up with a dull ache, and I nap on the tram.", &["I wake up with a dull ache."])]
#[case::an_example_in_chinese("两个钟头了，坐电车老打盹。", &["两个钟头了。"])]
#[case::the_notes_own_name("Note: Any movement makes it worse.", &["Any movement makes it worse."])]
#[case::a_knowing_patient("I know not: any movement makes it worse.", &["Any movement makes it worse."])]
#[case::an_exclamation("哎呀，快点！", &["喘，走十来步就得歇。"])]
#[case::a_label("担心：怕睡过去醒不来。", &["怕睡过去醒不来。"])]
#[case::advice("坐起来试试看，坐下歇了也不管用。", &["坐下歇了也不管用。"])]
#[case::a_doctors_part("哎呀，这得仔细检查一下，以前也有过。", &["以前也有过。"])]
#[case::tense("I have asthma as a child.", &["I had asthma as a child; it went when I was twelve."])]
#[case::a_bent_statement("I've been sitting quite still, which has helped a little.", &["Sitting quite still helps a little."])]
#[case::a_guess_of_the_question("I live alone with my husband.", &["I live with my husband and our little boy."])]
#[case::a_cause("因为利尿药吃完了。", &["利尿药一个月前吃完了。"])]
#[case::a_degree("It's very sore.", &["It's sore."])]
#[case::done_to_oneself("我先给我止疼，再相信我。", &["先止疼，再相信我。"])]
fn every_kind_of_fault_that_was_seen_is_caught(#[case] sentence: &str, #[case] facts: &[&str]) {
    let language = if sentence.is_ascii() { Language::En } else { Language::Zh };

    assert!(check(sentence, facts, language).is_err());
}

const PAIN: [&str; 2] = ["It started two hours ago.", "It goes into my left arm."];

#[rstest]
#[case::both("It began two hours ago, and it goes into my left arm.", &PAIN, Some(0))]
#[case::one_left_out("It began two hours ago.", &PAIN, Some(1))]
#[case::one_in_part("It began two hours ago and goes into my left.", &PAIN, None)]
#[case::out_of_order("Hours ago two it started.", &PAIN[..1], None)]
#[case::a_denial_lost("It's less pain.", &["It's no less pain."], None)]
#[case::a_word_put_twice("我常吃氨氯地平，一天五毫克，常忘。", &["吃氨氯地平，一天五毫克，常忘。"], None)]
#[case::softer_than_the_fact("没有痰，也没粉红泡沫痰。", &["没什么痰，也没粉红泡沫痰。"], None)]
#[case::joined("以前一天一包，六十岁戒了，每晚喝点威士忌。", &["以前一天一包，六十岁戒了。", "每晚喝点威士忌。"], Some(0))]
fn a_reply_carries_each_fact_whole_or_not_at_all(
    #[case] reply: &str,
    #[case] facts: &[&str],
    #[case] left_out: Option<usize>,
) {
    let language = if reply.is_ascii() { Language::En } else { Language::Zh };
    let facts: Vec<String> = facts.iter().map(ToString::to_string).collect();

    let coverage = Checker::new(Graph::embedded().unwrap()).coverage(reply, &facts, language);

    match (coverage, left_out) {
        (Coverage::Carries { missing }, Some(count)) => assert_eq!(missing.len(), count),
        (coverage, left_out) => assert_eq!((coverage, left_out), (Coverage::Muddled, None)),
    }
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
        assert_eq!(quantities(words, language), quantities(digits, language), "{words}");
    }
    assert!(quantities("a good one, all in one go", Language::En).is_empty());
    assert!(quantities("有一点疼", Language::Zh).is_empty());
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
