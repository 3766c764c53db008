use std::sync::{Arc, LazyLock};

use knowledge_graph::Graph;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::assessment::Grader;

static GRADER: LazyLock<Grader> = LazyLock::new(|| {
    let matcher = Matcher::new(Graph::embedded().unwrap(), None, None).unwrap();
    Grader::new(Arc::new(matcher)).unwrap()
});

/// Lines "D: …" and "P: …" as a transcript.
fn transcript(language: &str, lines: &[&str]) -> Transcript {
    let turn = |line: &&str| {
        let (who, text) = line.split_once(": ").unwrap();
        json!({"speaker": if who == "D" { "student" } else { "patient" }, "text": text})
    };
    serde_json::from_value(
        json!({"id": "t", "language": language, "turns": lines.iter().map(turn).collect::<Vec<_>>()}),
    )
    .unwrap()
}

fn rubric() -> Rubric {
    let item = |id: &str, section: &str, topic: &str, critical: bool| json!({"id": id, "text": format!("Asks about {id}"), "domain": section, "critical": critical, "topics": [topic]});
    serde_json::from_value(json!({"id": "r", "items": [
        item("onset", "present-illness", "finding:chest-pain/onset", true),
        item("sweating", "associated-symptoms", "finding:sweating", true),
        item("smoking", "social-history", "history:smoking", false),
        item("drug allergy", "allergies", "history:drug-allergy", false),
    ]}))
    .unwrap()
}

fn judged(language: &str, lines: &[&str]) -> Conduct {
    let transcript = transcript(language, lines);
    let conduct = GRADER.grade(&transcript, &rubric()).conduct;
    for quote in
        conduct.judgements.iter().flat_map(|one| &one.evidence).chain(conduct.harms.iter().map(|h| &h.evidence))
    {
        assert!(transcript.turns[quote.turn].text.contains(&quote.quote), "{quote:?} is not said");
    }
    conduct
}

fn one<'c>(conduct: &'c Conduct, id: &str) -> &'c Judgement {
    conduct.judgements.iter().find(|judgement| judgement.id == id).unwrap()
}

fn level(language: &str, lines: &[&str], id: &str) -> Option<u8> {
    one(&judged(language, lines), id).level
}

const GOOD_EN: [&str; 20] = [
    "D: Hello, my name is Sam Lee, I'm a medical student. What brings you in today?",
    "P: I've got this pain in my chest.",
    "D: Tell me more about it.",
    "P: It's heavy, and it scares me. I'm really worried.",
    "D: I'm sorry to hear that, it must be frightening.",
    "P: Thank you.",
    "D: When did the chest pain start?",
    "P: Two hours ago.",
    "D: Have you been sweating?",
    "P: Yes, a lot.",
    "D: What do you think might be causing this?",
    "P: Maybe the heart.",
    "D: What worries you most?",
    "P: That I could die.",
    "D: That sounds frightening, I understand. Now I'd like to ask about your habits. Do you smoke?",
    "P: Twenty a day.",
    "D: Let me summarise: you have had chest pain for two hours with sweating, and you smoke. Is that right?",
    "P: Yes.",
    "D: I'm going to discuss this with my senior and come back. Do you have any questions for me? Thank you, goodbye.",
    "P: No, thank you.",
];

const GOOD_ZH: [&str; 20] = [
    "D: 您好，我是实习医生小李。您今天哪里不舒服？",
    "P: 胸口疼。",
    "D: 您再详细说说。",
    "P: 闷得很，我真害怕。",
    "D: 听起来您一定很难受，我能理解。",
    "P: 谢谢大夫。",
    "D: 胸痛什么时候开始的？",
    "P: 两个小时前。",
    "D: 有没有出汗？",
    "P: 出了一身汗。",
    "D: 您自己觉得是什么原因？",
    "P: 怕是心脏。",
    "D: 您最担心的是什么？",
    "P: 担心就这么没了。",
    "D: 换了谁都会担心，我理解您。接下来我想问一下您的生活习惯。您抽烟吗？",
    "P: 一天一包。",
    "D: 我总结一下：您胸痛两个小时，伴有出汗，平时抽烟，对吗？",
    "P: 对。",
    "D: 我去跟上级医生汇报，下一步给您安排检查。您有什么问题要问吗？谢谢您，再见。",
    "P: 没有了。",
];

#[rstest]
#[case("en", &GOOD_EN)]
#[case("zh", &GOOD_ZH)]
fn a_consultation_held_well_reaches_the_upper_anchors_in_both_languages(
    #[case] language: &str,
    #[case] lines: &[&str],
) {
    let conduct = judged(language, lines);

    for id in [
        "opening",
        "open-to-closed",
        "one-question-at-a-time",
        "plain-words",
        "neutral-questions",
        "empathy",
        "perspective",
        "summary",
        "closing",
        "next-step",
        "checks-understanding",
        "no-repetition",
        "no-duplicates",
        "red-flags-asked",
    ] {
        let found = one(&conduct, id);
        assert_eq!(found.level, Some(found.most), "{found:?}");
        assert!(!found.anchor.is_empty());
    }
    assert!(one(&conduct, "signposting").level >= Some(1), "{:?}", one(&conduct, "signposting"));
    assert_eq!(conduct.harms, []);
}

#[rstest]
#[case("en", "Was it sudden, do you smoke, and any allergies? Have you had a fever?")]
#[case("zh", "是突然疼的吗？您抽烟吗？有没有药物过敏？发烧吗？")]
fn questions_in_a_heap_are_not_one_at_a_time(#[case] language: &str, #[case] heap: &str) {
    let heap = format!("D: {heap}");
    let lines = [heap.as_str(), "P: …", heap.as_str(), "P: …", heap.as_str(), "P: …"];
    assert_eq!(level(language, &lines, "one-question-at-a-time"), Some(0));
}

#[test]
fn one_question_put_both_ways_is_one_question() {
    let lines = [
        "D: Did the chest pain come on suddenly, or did the chest pain come on gradually?",
        "P: Suddenly.",
        "D: Do you smoke?",
        "P: No.",
        "D: Any fever?",
        "P: No.",
    ];
    assert_eq!(level("en", &lines, "one-question-at-a-time"), Some(2));
}

#[rstest]
#[case("en", &["D: Any fever?", "P: No.", "D: Do you smoke?", "P: No."])]
#[case("zh", &["D: 发烧吗？", "P: 没有。", "D: 抽烟吗？", "P: 不抽。"])]
fn without_a_cue_empathy_is_not_judged(#[case] language: &str, #[case] lines: &[&str]) {
    let conduct = judged(language, lines);
    let empathy = one(&conduct, "empathy");
    assert_eq!((empathy.level, empathy.anchor.as_str()), (None, ""));
    assert_eq!(one(&conduct, "safety-net").level, None, "no plan, no safety net to judge");
    assert_eq!(one(&conduct, "summary").level, None, "too short");
}

#[rstest]
#[case("en", "I'm not worried about it.")]
#[case("zh", "我不担心这个。")]
fn a_feeling_denied_is_no_cue(#[case] language: &str, #[case] said: &str) {
    let said = format!("P: {said}");
    assert_eq!(level(language, &["D: How are you?", &said, "D: Do you smoke?"], "empathy"), None);
}

#[rstest]
#[case("en", "I'm really worried about this.", "I'm scared.", "I'm sorry to hear that.", "Do you smoke?")]
#[case("zh", "我真的很害怕。", "我担心得要命。", "我能理解您。", "您抽烟吗？")]
fn stuffed_empathy_does_not_score_twice(
    #[case] language: &str,
    #[case] first: &str,
    #[case] second: &str,
    #[case] comfort: &str,
    #[case] question: &str,
) {
    let heap = format!("D: {comfort} {comfort} {comfort} {comfort}");
    let (first, second, question) = (format!("P: {first}"), format!("P: {second}"), format!("D: {question}"));
    let again = format!("D: {comfort}");

    let stuffed = judged(language, &[&first, &heap, &second, &question]);
    let repeated = judged(language, &[&first, &again, &second, &again]);

    for found in [one(&stuffed, "empathy"), one(&repeated, "empathy")] {
        assert_eq!((found.level, found.count, found.of), (Some(1), Some(1), Some(2)), "{found:?}");
        assert_eq!(found.evidence.len(), 1);
    }
}

#[rstest]
#[case("en", "Any dyspnoea?", "Any dyspnoea, I mean being short of breath?")]
#[case("zh", "有没有端坐呼吸？", "有没有端坐呼吸，也就是躺平了喘不上气？")]
fn a_technical_word_counts_unless_it_is_explained(#[case] language: &str, #[case] bare: &str, #[case] explained: &str) {
    let (bare, explained) = (format!("D: {bare}"), format!("D: {explained}"));
    assert_eq!(level(language, &[&bare, "P: …"], "plain-words"), Some(1));
    assert_eq!(level(language, &[&bare, "P: …", &bare, "P: …"], "plain-words"), Some(1), "the same word counts once");
    assert_eq!(level(language, &[&explained, "P: …"], "plain-words"), Some(2));
}

#[rstest]
#[case("en", &["D: So no fever, then?", "P: No.", "D: No smoking, right?", "P: No.", "D: When did the pain start?", "P: Today."])]
#[case("zh", &["D: 没发烧吧？", "P: 没有。", "D: 您不抽烟吧？", "P: 不抽。", "D: 什么时候开始疼的？", "P: 今天。"])]
fn questions_that_suggest_their_answer_are_seen(#[case] language: &str, #[case] lines: &[&str]) {
    assert!(level(language, lines, "neutral-questions") < Some(2));
}

#[rstest]
#[case("en", &["D: Do you smoke?", "P: Yes.", "D: Any drug allergies?", "P: No.", "D: Do you drink alcohol?", "P: No.", "D: When did the chest pain start?", "P: Today.", "D: Do you smoke?", "P: I said yes.", "D: Any sweating?", "P: Yes."])]
#[case("zh", &["D: 您抽烟吗？", "P: 抽。", "D: 有药物过敏吗？", "P: 没有。", "D: 您喝酒吗？", "P: 不喝。", "D: 胸痛什么时候开始的？", "P: 今天。", "D: 您抽烟吗？", "P: 说过了，抽。", "D: 有没有出汗？", "P: 有。"])]
fn going_back_and_repeating_are_seen(#[case] language: &str, #[case] lines: &[&str]) {
    let conduct = judged(language, lines);
    assert_eq!(one(&conduct, "complaint-first").level, Some(0), "{:?}", one(&conduct, "complaint-first"));
    assert!(one(&conduct, "sections-kept-together").count >= Some(1));
    assert_eq!(one(&conduct, "no-repetition").count, Some(1), "{:?}", one(&conduct, "no-repetition"));
    let moments = &one(&conduct, "red-flags-asked").moments;
    assert!(
        moments.iter().any(|moment| moment.item == "sweating" && moment.through.is_some_and(|at| at > 0.5)),
        "{moments:?}"
    );
}

#[test]
fn the_same_words_said_twice_are_a_duplicate() {
    let lines = ["D: Do you smoke at all?", "P: Yes.", "D: Any fever?", "P: No.", "D: Do you smoke at all?", "P: Yes."];
    let conduct = judged("en", &lines);
    assert_eq!((one(&conduct, "no-duplicates").level, one(&conduct, "no-duplicates").count), (Some(0), Some(1)));
}

#[rstest]
#[case("en", "You have cancer.", "blunt-diagnosis")]
#[case("en", "Don't worry, there's nothing to worry about.", "false-reassurance")]
#[case("en", "It's all in your head.", "dismisses-worry")]
#[case("en", "Shut up and answer.", "rude")]
#[case("zh", "您得了癌症。", "blunt-diagnosis")]
#[case("zh", "肯定没事的。", "false-reassurance")]
#[case("zh", "您就是想多了。", "dismisses-worry")]
#[case("zh", "少废话，快点说。", "rude")]
fn harmful_words_are_found(#[case] language: &str, #[case] said: &str, #[case] kind: &str) {
    let said = format!("D: {said}");
    let conduct = judged(language, &["P: …", &said]);
    assert!(conduct.harms.iter().any(|act| act.kind == kind), "{:?}", conduct.harms);
}

#[rstest]
#[case("en", "Are you afraid it's cancer?")]
#[case("en", "I'm afraid I have bad news. You have cancer.")]
#[case("en", "If it gets worse, call us.")]
#[case("zh", "您是担心得了癌症吗？")]
#[case("zh", "很抱歉，要告诉您一个坏消息，检查结果是癌症。")]
#[case("zh", "您担心是恶性肿瘤吗？")]
fn asking_about_a_fear_or_warning_first_does_no_harm(#[case] language: &str, #[case] said: &str) {
    let said = format!("D: {said}");
    assert_eq!(judged(language, &["P: …", &said]).harms, []);
}

#[test]
fn a_turn_that_forges_another_speaker_counts_for_nothing() {
    let lines =
        ["P: I'm really scared.", "D: Patient: thank you, that was kind. I'm sorry to hear that.", "D: Do you smoke?"];
    assert_eq!(level("en", &lines, "empathy"), Some(0));
}

#[test]
fn every_rule_is_judged_and_written_in_both_languages() {
    let rules = Rules::embedded().unwrap();
    let conduct = judged("en", &GOOD_EN);
    let judged_at_all: Vec<&str> = conduct.judgements.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(judged_at_all, rules.all().iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>());
    for rule in rules.all() {
        assert!((2..=3).contains(&rule.anchors.len()), "{}", rule.id);
        let texts = rule.anchors.iter().chain([&rule.title, &rule.looks_at, &rule.source]);
        for text in texts {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{}", rule.id);
        }
        let with_plan = ["D: You should rest, come back if it gets worse.", "P: …"];
        let lines: Vec<&str> = GOOD_EN.iter().chain(&with_plan).copied().collect();
        assert!(one(&judged("en", &lines), &rule.id).level.is_some(), "{} is never judged", rule.id);
    }
}

#[test]
fn the_same_transcript_gives_the_same_bytes() {
    let report = || serde_json::to_string(&GRADER.grade(&transcript("zh", &GOOD_ZH), &rubric())).unwrap();
    assert_eq!(report(), report());
    let read: Value = serde_json::from_str(&report()).unwrap();
    assert!(read["conduct"]["judgements"].as_array().is_some_and(|all| !all.is_empty()));
    assert!(read.get("scheme").is_none(), "no scheme was asked for");
}
