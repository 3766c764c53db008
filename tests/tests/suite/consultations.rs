//! Consultations over the API: the contract, the refusals, who may see what.

use std::sync::Arc;

use anamnesis::{config::Settings, store::Role};
use axum::{
    body::Body,
    http::{Method, header},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestApp, engines::Gate, engines::Silent};

const CASE: &str = "chest-tightness-lin-58";
/// A question about what the patient feels, whose answer the model phrases.
const FELT: &str = "What do you think is causing this?";

async fn begin(student: &Actor<'_>, language: &str) -> String {
    let begun = student.post("/api/v1/encounters", &json!({"case": CASE, "language": language})).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    begun.json()["id"].as_str().unwrap().to_owned()
}

async fn say(student: &Actor<'_>, encounter: &str, text: &str, key: &str) -> Answer {
    student.post(&format!("/api/v1/encounters/{encounter}/turns"), &json!({"text": text, "key": key})).await
}

#[tokio::test]
async fn the_list_and_the_door_never_tell_the_diagnosis() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    let list = student.get("/api/v1/cases").await;
    let door = student.get(&format!("/api/v1/cases/{CASE}")).await;

    assert!(list.ok().as_array().unwrap().iter().any(|case| case["id"] == CASE), "{}", list.text());
    assert_eq!(door.ok()["patient"]["age"], 58);
    for told in [list.text(), door.text()] {
        let told = told.to_lowercase();
        for secret in ["coronary", "infarction", "冠脉", "心肌梗死", "diagnosis", "rubric", "\"fact"] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
    }
}

#[tokio::test]
async fn a_consultation_is_begun_talked_through_and_read_again() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "en").await;

    let opening = say(&student, &id, "What brings you in today?", "k1").await.ok();
    let onset = say(&student, &id, "When did the chest pain start?", "k2").await.ok();

    assert_eq!((&opening["turn"], &onset["turn"]), (&json!(0), &json!(1)));
    assert!(opening["reply"].as_str().is_some_and(|reply| !reply.is_empty()));
    assert!(!onset["facts"].as_array().unwrap().is_empty(), "{onset}");
    let topics = onset["topics"].as_array().unwrap();
    assert!(topics.contains(&json!("finding:chest-pain/onset")), "{onset}");
    let detail = student.get(&format!("/api/v1/encounters/{id}")).await.ok();
    assert_eq!(detail["turns"][1]["text"], "When did the chest pain start?");
    assert_eq!(detail["turns"][1]["reply"], onset["reply"]);
    assert_eq!((&detail["state"], &detail["mode"]), (&json!("open"), &json!("practice")));
    assert_eq!(student.get("/api/v1/encounters").await.ok()[0]["id"], json!(id));
}

#[tokio::test]
async fn the_patient_answers_in_chinese() {
    let app = TestApp::new().await;
    let student = app.actor("lin", Role::Student).await;
    let id = begin(&student, "zh").await;

    let answer = say(&student, &id, "您的胸痛是什么时候开始的？", "k1").await.ok();

    assert!(answer["reply"].as_str().unwrap().chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{answer}");
    assert!(!answer["facts"].as_array().unwrap().is_empty(), "{answer}");
}

#[tokio::test]
async fn a_reply_is_streamed_as_tokens_and_then_done() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "en").await;
    let request = student
        .request(Method::POST, &format!("/api/v1/encounters/{id}/turns"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "text/event-stream")
        .header(header::ACCEPT_ENCODING, "gzip");
    let body = json!({"text": "When did the chest pain start?", "key": "k1"});

    let answer = student.send(request.body(Body::from(body.to_string())).unwrap()).await;

    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.header("content-encoding"), "", "a stream is not held back to be compressed");
    let events = events(&answer.text());
    let (last, tokens) = events.split_last().unwrap();
    assert!(!tokens.is_empty() && tokens.iter().all(|(name, _)| name == "token"), "{events:?}");
    assert_eq!(last.0, "done");
    let spoken: Vec<&str> = tokens.iter().map(|(_, data)| data["text"].as_str().unwrap().trim()).collect();
    assert_eq!(spoken.join(" "), last.1["reply"].as_str().unwrap());
}

fn events(stream: &str) -> Vec<(String, Value)> {
    let event = |block: &str| {
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim).unwrap();
        (field("event:").to_owned(), serde_json::from_str(field("data:")).unwrap())
    };
    stream.split("\n\n").filter(|block| block.contains("event:")).map(event).collect()
}

#[tokio::test]
async fn the_same_key_gives_the_same_turn_and_other_words_are_refused() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "en").await;
    let first = say(&student, &id, "When did the chest pain start?", "k1").await.ok();

    let again = say(&student, &id, "When did the chest pain start?", "k1").await.ok();
    let other = say(&student, &id, "Do you smoke?", "k1").await;

    assert_eq!((&again["turn"], &again["reply"]), (&first["turn"], &first["reply"]));
    assert_eq!(other.refusal(), (409, "key-reused".to_owned()));
    let detail = student.get(&format!("/api/v1/encounters/{id}")).await.ok();
    assert_eq!(detail["turns"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_turn_that_a_crash_left_unanswered_is_answered_when_it_is_sent_again() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "en").await;
    let question = "When did the chest pain start?";
    let encounter = id.parse().unwrap();
    app.store().begin_turn(encounter, "k1", question, crate::support::noon()).await.unwrap();
    let before = student.get(&format!("/api/v1/encounters/{id}")).await.ok();
    assert_eq!((&before["turns"][0]["text"], &before["turns"][0]["reply"]), (&json!(question), &Value::Null));

    let answer = say(&student, &id, question, "k1").await.ok();

    assert_eq!(answer["turn"], 0);
    assert_eq!(app.store().turns(encounter).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_engine_that_fails_costs_the_student_nothing() {
    let app = TestApp::with(Settings::default(), Arc::new(Silent)).await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "en").await;

    let answer = say(&student, &id, "When did the chest pain start?", "k1").await.ok();

    assert!(!answer["reply"].as_str().unwrap().is_empty() && !answer["facts"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_second_turn_waits_for_the_first_and_a_full_server_says_when_to_return() {
    let gate = Arc::new(Gate::default());
    let settings = Settings { max_queue: Some(1), ..Settings::default() };
    let app = TestApp::with(settings, Arc::clone(&gate) as Arc<_>).await;
    let (amara, lin) = (app.actor("amara", Role::Student).await, app.actor("lin", Role::Student).await);
    let (hers, his) = (begin(&amara, "en").await, begin(&lin, "en").await);
    let body = json!({"text": FELT, "key": "k1"}).to_string();
    let request = amara
        .request(Method::POST, &format!("/api/v1/encounters/{hers}/turns"))
        .header(header::CONTENT_TYPE, "application/json");
    let open = amara.open(request.body(Body::from(body)).unwrap()).await;
    gate.reached().await;

    let busy = say(&lin, &his, FELT, "k1").await;

    assert_eq!(busy.refusal(), (429, "busy".to_owned()));
    assert!(busy.header("retry-after").parse::<u64>().unwrap() >= 1);
    let untouched = lin.get(&format!("/api/v1/encounters/{his}")).await.ok();
    assert_eq!(untouched["turns"], json!([]), "a refused turn is not stored");
    gate.open();
    assert!(Answer::of(open).await.text().contains("event: done"));
    assert_eq!(say(&lin, &his, FELT, "k1").await.status, 200);
}

#[tokio::test]
async fn finishing_while_the_patient_speaks_is_no_error_and_changes_no_report() {
    let gate = Arc::new(Gate::default());
    let app = TestApp::with(Settings::default(), Arc::clone(&gate) as Arc<_>).await;
    let amara = app.actor("amara", Role::Student).await;
    let id = begin(&amara, "en").await;
    let request = amara
        .request(Method::POST, &format!("/api/v1/encounters/{id}/turns"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "text/event-stream");
    let turn = json!({"text": FELT, "key": "k1"}).to_string();
    let open = amara.open(request.body(Body::from(turn)).unwrap()).await;
    gate.reached().await;
    let at_the_end = amara.post(&format!("/api/v1/encounters/{id}/finish"), &json!({"diagnoses": []})).await;

    gate.open();

    let stream = Answer::of(open).await.text();
    assert_eq!(at_the_end.status, 200, "{}", at_the_end.text());
    assert!(stream.contains("event: done") && !stream.contains("event: error"), "{stream}");
    let stored = app.store().turns(id.parse().unwrap()).await.unwrap();
    assert_eq!((stored.len(), stored[0].reply.is_none()), (1, true), "nothing is added to a finished consultation");
}

#[rstest]
#[case::empty(json!({"text": "", "key": "k"}), 422, "turn-empty")]
#[case::blank(json!({"text": " \n\t　", "key": "k"}), 422, "turn-empty")]
#[case::far_too_long(json!({"text": "a".repeat(20_000), "key": "k"}), 422, "turn-too-long")]
#[case::one_too_long(json!({"text": "痛".repeat(4_001), "key": "k"}), 422, "turn-too-long")]
#[case::no_text(json!({"key": "k"}), 422, "invalid")]
#[case::empty_key(json!({"text": "Hello", "key": ""}), 422, "bad-key")]
#[case::endless_key(json!({"text": "Hello", "key": "k".repeat(129)}), 422, "bad-key")]
#[case::number(json!({"text": 5, "key": "k"}), 422, "invalid")]
#[tokio::test]
async fn a_turn_that_cannot_be_taken_is_refused_and_not_stored(
    #[case] body: Value,
    #[case] status: u16,
    #[case] code: &str,
) {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "en").await;

    let answer = student.post(&format!("/api/v1/encounters/{id}/turns"), &body).await;

    assert_eq!(answer.refusal(), (status, code.to_owned()));
    assert!(app.store().turns(id.parse().unwrap()).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_longest_turn_allowed_is_taken() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "en").await;

    assert_eq!(say(&student, &id, &"痛".repeat(4_000), "k1").await.status, 200);
}

#[rstest]
#[case(json!({"case": "no-such-case", "language": "en"}), 404, "unknown-case")]
#[case(json!({"case": CASE, "language": "fr"}), 422, "invalid")]
#[case(json!({"case": CASE, "mode": "cheat"}), 422, "invalid")]
#[tokio::test]
async fn a_consultation_that_cannot_be_begun_is_refused(#[case] body: Value, #[case] status: u16, #[case] code: &str) {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    assert_eq!(student.post("/api/v1/encounters", &body).await.refusal(), (status, code.to_owned()));
    assert_eq!(app.store().count_encounters().await.unwrap(), 0);
}

#[tokio::test]
async fn strangers_find_nothing_teachers_may_read_and_only_its_student_may_act() {
    let app = TestApp::new().await;
    let (amara, lin) = (app.actor("amara", Role::Student).await, app.actor("lin", Role::Student).await);
    let teacher = app.actor("keller", Role::Teacher).await;
    let id = begin(&amara, "en").await;
    let at = |rest: &str| format!("/api/v1/encounters/{id}{rest}");
    let turn = json!({"text": "Hello", "key": "k"});
    let order = json!({"kind": "test", "test": "ecg"});

    assert_eq!(app.anonymous().get(&at("")).await.refusal().0, 401);
    let unknown = lin.get("/api/v1/encounters/0198a000-0000-7000-8000-000000000000").await;
    for answer in [
        lin.get(&at("")).await,
        lin.get(&at("/notes")).await,
        lin.post(&at("/turns"), &turn).await,
        lin.post(&at("/orders"), &order).await,
        lin.post(&at("/abandon"), &json!({})).await,
    ] {
        assert_eq!((answer.refusal(), &answer.body), ((404, "unknown-encounter".to_owned()), &unknown.body));
    }
    assert_eq!(teacher.get(&at("")).await.status, 200);
    for answer in [teacher.post(&at("/turns"), &turn).await, teacher.get(&at("/notes")).await] {
        assert_eq!(answer.refusal(), (403, "forbidden".to_owned()));
    }
    assert_eq!(lin.get("/api/v1/encounters").await.ok(), json!([]));
}

#[tokio::test]
async fn an_order_shows_its_result_and_what_the_case_does_not_mention_is_normal() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let published = app.state.catalogue.published().await.unwrap();
    let case = published.into_iter().find(|case| !case.results.is_empty()).unwrap();
    let begun = student.post("/api/v1/encounters", &json!({"case": case.id, "language": "en"})).await.ok();
    let id = begun["id"].as_str().unwrap();
    let orders = format!("/api/v1/encounters/{id}/orders");
    let told = &case.results[0];
    let silent = crate::support::graph()
        .tests()
        .find(|test| {
            !case.results.iter().any(|result| result.test == test.id)
                && !case.examinations.iter().any(|found| found.test == test.id)
        })
        .unwrap();

    let result = student.post(&orders, &json!({"kind": "test", "test": told.test})).await.ok();
    let normal = student.post(&orders, &json!({"kind": "test", "test": silent.id})).await.ok();
    let again = student.post(&orders, &json!({"kind": "test", "test": told.test})).await.ok();

    assert_eq!(result["text"], told.report.en);
    assert_eq!(normal["text"], silent.normal.en);
    assert_eq!(again, result);
    let detail = student.get(&format!("/api/v1/encounters/{id}")).await.ok();
    assert_eq!(detail["orders"].as_array().unwrap().len(), 2);
    let unknown = student.post(&orders, &json!({"kind": "test", "test": "tea-leaves"})).await;
    assert_eq!(unknown.refusal(), (422, "unknown-test".to_owned()));
}

#[tokio::test]
async fn notes_are_kept_and_a_left_consultation_takes_nothing_more() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "en").await;
    let at = |rest: &str| format!("/api/v1/encounters/{id}{rest}");
    let put = |text: String| {
        let request = student.request(Method::PUT, &at("/notes")).header(header::CONTENT_TYPE, "application/json");
        request.body(Body::from(json!({ "text": text }).to_string())).unwrap()
    };

    assert_eq!(student.send(put("two days, 胸闷".to_owned())).await.status, 204);
    assert_eq!(student.get(&at("/notes")).await.ok()["text"], "two days, 胸闷");
    assert_eq!(student.send(put("a".repeat(20_001))).await.refusal(), (422, "notes-too-long".to_owned()));
    assert_eq!(student.post(&at("/abandon"), &json!({})).await.status, 204);
    assert_eq!(say(&student, &id, "Hello", "k9").await.refusal(), (409, "encounter-ended".to_owned()));
    assert_eq!(student.post(&at("/abandon"), &json!({})).await.refusal(), (409, "encounter-ended".to_owned()));
}
