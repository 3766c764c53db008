//! Finishing a consultation: the grade, the debrief, what the learner's progress makes of it.

use anamnesis::store::Role;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Actor, TestApp};

const CASE: &str = "chest-tightness-lin-58";

/// A short consultation in English, not yet finished.
async fn talk(student: &Actor<'_>) -> String {
    let begun = student.post("/api/v1/encounters", &json!({"case": CASE, "language": "en"})).await;
    let id = begun.ok()["id"].as_str().unwrap().to_owned();
    let questions = ["What brings you in today?", "When did the chest pain start?", "Do you smoke?"];
    for (number, question) in questions.into_iter().enumerate() {
        let turn = json!({"text": question, "key": format!("k{number}")});
        student.post(&format!("/api/v1/encounters/{id}/turns"), &turn).await.ok();
    }
    id
}

fn diagnoses() -> Value {
    json!({"diagnoses": [{"name": "Acute coronary syndrome", "reason": "pressing pain, smoker"}, "Pericarditis"]})
}

#[tokio::test]
async fn finishing_gives_a_debrief_and_a_report_whose_quotes_are_the_students_words() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = talk(&student).await;

    let debrief = student.post(&format!("/api/v1/encounters/{id}/finish"), &diagnoses()).await.ok();

    assert!(debrief["percent"].as_f64().is_some_and(|percent| percent > 0.0 && percent < 100.0), "{debrief}");
    assert_eq!(debrief["differential"]["offered"][0]["verdict"], "correct", "{debrief}");
    let report = student.get(&format!("/api/v1/encounters/{id}/report")).await.ok();
    let asked: Vec<&Value> = report["items"].as_array().unwrap().iter().filter(|item| item["asked"] == true).collect();
    assert!(!asked.is_empty(), "{report}");
    let turns = app.store().turns(id.parse().unwrap()).await.unwrap();
    for item in asked {
        let evidence = item["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty(), "{item}");
        for shown in evidence {
            let quote = shown["quote"].as_str().unwrap();
            assert!(turns.iter().any(|turn| turn.said.contains(quote)), "{quote}");
        }
    }
    assert_eq!(student.get(&format!("/api/v1/encounters/{id}")).await.ok()["state"], "finished");
}

#[tokio::test]
async fn what_was_missed_shows_in_the_progress_with_its_evidence_and_a_next_case() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let before = student.get("/api/v1/learners/me/progress").await.ok();
    assert_eq!(before["weak"], json!([]));
    let id = talk(&student).await;

    student.post(&format!("/api/v1/encounters/{id}/finish"), &diagnoses()).await.ok();

    let after = student.get("/api/v1/learners/me/progress").await.ok();
    let weak = after["weak"].as_array().unwrap();
    assert!(!weak.is_empty() && weak.iter().all(|topic| topic["last_missed_in"] == json!(id)), "{after}");
    assert!(after["next"]["case_id"].as_str().is_some(), "{after}");
}

#[tokio::test]
async fn finishing_again_gives_the_same_and_counts_once() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = talk(&student).await;
    let first = student.post(&format!("/api/v1/encounters/{id}/finish"), &diagnoses()).await.ok();
    let progress = student.get("/api/v1/learners/me/progress").await.ok();

    let again = student.post(&format!("/api/v1/encounters/{id}/finish"), &json!({"diagnoses": ["Gout"]})).await.ok();

    assert_eq!(again, first);
    assert_eq!(student.get(&format!("/api/v1/encounters/{id}/debrief")).await.ok(), first);
    assert_eq!(student.get("/api/v1/learners/me/progress").await.ok(), progress);
}

#[tokio::test]
async fn before_the_end_there_is_no_report_and_afterwards_nothing_can_be_said() {
    let app = TestApp::new().await;
    let (student, other) = (app.actor("amara", Role::Student).await, app.actor("lin", Role::Student).await);
    let teacher = app.actor("keller", Role::Teacher).await;
    let id = talk(&student).await;
    let at = |rest: &str| format!("/api/v1/encounters/{id}/{rest}");

    for rest in ["report", "debrief"] {
        assert_eq!(student.get(&at(rest)).await.refusal(), (409, "not-finished".to_owned()));
    }
    assert_eq!(teacher.post(&at("finish"), &diagnoses()).await.refusal(), (403, "forbidden".to_owned()));
    student.post(&at("finish"), &diagnoses()).await.ok();
    let late = student.post(&at("turns"), &json!({"text": "One more thing", "key": "late"})).await;
    assert_eq!(late.refusal(), (409, "encounter-ended".to_owned()));
    for rest in ["report", "debrief"] {
        assert_eq!(other.get(&at(rest)).await.refusal(), (404, "unknown-encounter".to_owned()));
        assert_eq!(teacher.get(&at(rest)).await.status, 200);
    }
}

#[rstest]
#[case::too_many(json!({"diagnoses": vec!["Gout"; 21]}))]
#[case::nameless(json!({"diagnoses": [{"name": "  "}]}))]
#[case::endless(json!({"diagnoses": ["x".repeat(201)]}))]
#[tokio::test]
async fn a_differential_that_cannot_be_used_leaves_the_consultation_open(#[case] body: Value) {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = talk(&student).await;

    let answer = student.post(&format!("/api/v1/encounters/{id}/finish"), &body).await;

    assert_eq!(answer.refusal(), (422, "bad-diagnoses".to_owned()));
    assert_eq!(student.get(&format!("/api/v1/encounters/{id}")).await.ok()["state"], "open");
}

fn transcript() -> Value {
    json!({"id": "t1", "language": "en", "turns": [
        {"speaker": "doctor", "text": "Do you smoke?"},
        {"speaker": "patient", "text": "Twenty a day."},
    ]})
}

fn rubric() -> Value {
    json!({"id": "r1", "items": [
        {"id": "smoking", "text": "Asks about smoking", "domain": "social", "critical": false, "topics": ["history:smoking"]},
        {"id": "travel", "text": "Asks about recent travel", "domain": "social", "critical": false},
    ]})
}

#[tokio::test]
async fn a_transcript_from_elsewhere_is_graded() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let body = json!({"rubric": rubric(), "transcript": transcript()});

    let report = student.post("/api/v1/grade", &body).await.ok();

    assert_eq!((&report["transcript"], &report["rubric"]), (&json!("t1"), &json!("r1")));
    assert_eq!((&report["items"][0]["asked"], &report["items"][1]["asked"]), (&json!(true), &json!(false)));
    let shown = &report["items"][0]["evidence"][0];
    assert_eq!(shown["turn"], 0);
    assert!(
        shown["quote"].as_str().is_some_and(|quote| quote.contains("smoke") && "Do you smoke?".contains(quote)),
        "{shown}"
    );
    assert_eq!(student.post("/api/v1/grade", &body).await.ok(), report, "the same again");
}

#[tokio::test]
async fn a_cases_rubric_grades_for_teachers_only() {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    let body = json!({"case": CASE, "transcript": transcript()});

    assert_eq!(teacher.post("/api/v1/grade", &body).await.ok()["rubric"], CASE);
    assert_eq!(student.post("/api/v1/grade", &body).await.refusal(), (403, "forbidden".to_owned()));
    let unknown = json!({"case": "no-such-case", "transcript": transcript()});
    assert_eq!(teacher.post("/api/v1/grade", &unknown).await.refusal(), (404, "unknown-case".to_owned()));
}

#[rstest]
#[case::neither(json!({"transcript": transcript()}), "rubric-or-case")]
#[case::both(json!({"transcript": transcript(), "rubric": rubric(), "case": CASE}), "rubric-or-case")]
#[case::no_turns(json!({"transcript": {"id": "t", "turns": []}, "rubric": rubric()}), "bad-transcript")]
#[case::no_items(json!({"transcript": transcript(), "rubric": {"id": "r", "items": []}}), "bad-rubric")]
#[case::unknown_speaker(
    json!({"transcript": {"id": "t", "turns": [{"speaker": "nurse", "text": "x"}]}, "rubric": rubric()}),
    "invalid"
)]
#[tokio::test]
async fn what_cannot_be_graded_is_refused_with_its_reason(#[case] body: Value, #[case] code: &str) {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;

    assert_eq!(teacher.post("/api/v1/grade", &body).await.refusal(), (422, code.to_owned()));
}
