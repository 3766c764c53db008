//! What is made of an utterance: a table in each language, read with the words alone and with the
//! real embedder. `understanding/en.txt` and `zh.txt` explain themselves.

use anamnesis::understanding::{Context, DialogueAct, Matcher, Understood};
use knowledge_graph::{Language, TopicKind};

use crate::support::{matcher, with_embedder};

/// From this score on the patient answers a topic; `encounter` uses the same.
const ASKED: f64 = 0.5;

/// An utterance in its context and what must be made of it.
struct Row {
    line: usize,
    context: Context,
    said: String,
    act: String,
    topics: Vec<String>,
}

/// `act: utterance = topics`, after `<` what the student and `>` what the patient said just before.
fn rows(table: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut context = Context::default();
    for (at, line) in table.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        if let Some(question) = line.strip_prefix("< ") {
            context.previous_question = Some(question.to_owned());
        } else if let Some(reply) = line.strip_prefix("> ") {
            context.previous_reply = Some(reply.to_owned());
        } else {
            let (act, rest) = line.split_once(": ").unwrap_or_else(|| panic!("line {}: no act", at + 1));
            let (said, topics) = rest.rsplit_once(" = ").unwrap_or((rest, ""));
            rows.push(Row {
                line: at + 1,
                context: std::mem::take(&mut context),
                said: said.to_owned(),
                act: act.to_owned(),
                topics: topics.split_whitespace().map(str::to_owned).collect(),
            });
        }
    }
    rows
}

fn name(act: DialogueAct) -> String {
    serde_json::to_value(act).unwrap().as_str().unwrap().to_owned()
}

fn asked(understood: &Understood) -> Vec<String> {
    let mut topics: Vec<String> = understood
        .topics()
        .iter()
        .filter(|hit| hit.score >= ASKED && hit.topic.kind() != TopicKind::Consultation)
        .map(|hit| hit.topic.to_string())
        .collect();
    topics.sort();
    topics
}

/// What is wrong with the reading of each row, in words.
fn mistakes(matcher: &Matcher, language: Language, table: &str) -> Vec<String> {
    let mut mistakes = Vec::new();
    for row in rows(table) {
        let understood = matcher.understand(&row.said, language, &row.context);
        let mut expected = row.topics.clone();
        expected.sort();
        let (act, topics) = (name(understood.act), asked(&understood));
        if act != row.act || topics != expected {
            mistakes.push(format!("{}: {} → {act} {topics:?}, not {} {expected:?}", row.line, row.said, row.act));
        }
    }
    mistakes
}

const ENGLISH: &str = include_str!("understanding/en.txt");
const CHINESE: &str = include_str!("understanding/zh.txt");

fn assert_none(mistakes: &[String]) {
    assert!(mistakes.is_empty(), "{} rows are misread:\n{}", mistakes.len(), mistakes.join("\n"));
}

#[test]
fn english_is_understood_by_its_words_alone() {
    assert_none(&mistakes(&matcher(), Language::En, ENGLISH));
}

#[test]
fn chinese_is_understood_by_its_words_alone() {
    assert_none(&mistakes(&matcher(), Language::Zh, CHINESE));
}

#[test]
fn english_is_understood_with_the_embedder() {
    assert_none(&mistakes(&with_embedder(), Language::En, ENGLISH));
}

#[test]
fn chinese_is_understood_with_the_embedder() {
    assert_none(&mistakes(&with_embedder(), Language::Zh, CHINESE));
}

#[test]
fn a_question_that_suggests_its_answer_is_leading_and_technical_words_are_seen() {
    let read = |said: &str, language| matcher().understand(said, language, &Context::default());
    assert!(read("No fever then?", Language::En).leading);
    assert!(read("不发烧吧？", Language::Zh).leading);
    assert!(!read("Do you have a fever?", Language::En).leading);
    assert!(!read("发烧吗？", Language::Zh).leading);
    assert_eq!(read("Any haemoptysis or melaena?", Language::En).jargon, ["haemoptysis", "melaena"]);
    assert_eq!(read("有没有里急后重？", Language::Zh).jargon, ["里急后重"]);
}

#[test]
fn every_question_kind_stands_in_both_tables() {
    for table in [ENGLISH, CHINESE] {
        let kinds: Vec<String> = rows(table).into_iter().map(|row| row.act).collect();
        for act in [
            "greeting",
            "open-question",
            "vague",
            "specific",
            "summary",
            "empathy",
            "advice",
            "order",
            "off-topic",
            "rude",
            "injection",
            "closing",
            "backchannel",
        ] {
            assert!(kinds.iter().any(|kind| kind == act), "no row with the act {act}");
        }
        assert!(kinds.len() >= 40);
    }
}
