//! Appeal: an examiner's decision beside the machine's mark, grading again, and agreement.

use anamnesis::store::Role;
use axum::{
    body::Body,
    http::{Method, header},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestApp};

const CASE: &str = "chest-tightness-lin-58";

/// A finished consultation of `student`.
async fn finished(student: &Actor<'_>) -> String {
    let begun = student.post("/api/v1/encounters", &json!({"case": CASE, "language": "en"})).await;
    let id = begun.ok()["id"].as_str().unwrap().to_owned();
    let turn = json!({"text": "Do you smoke?", "key": "k"});
    student.post(&format!("/api/v1/encounters/{id}/turns"), &turn).await.ok();
    student.post(&format!("/api/v1/encounters/{id}/finish"), &json!({"diagnoses": []})).await.ok();
    id
}

async fn put(actor: &Actor<'_>, path: &str, body: &Value) -> Answer {
    let request = actor.request(Method::PUT, path).header(header::CONTENT_TYPE, "application/json");
    actor.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn post_form(actor: &Actor<'_>, path: &str, form: &'static str) -> Answer {
    let request = actor.request(Method::POST, path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    actor.send(request.body(Body::from(form)).unwrap()).await
}

fn item<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap()
}

/// The first item that the machine finds not asked.
fn missed(report: &Value) -> String {
    let items = report["items"].as_array().unwrap();
    items.iter().find(|item| item["asked"] == false).unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_decision_counts_is_kept_beside_the_mark_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    let id = finished(&student).await;
    let given = student.get(&format!("/api/v1/encounters/{id}/report")).await.ok();
    let wanted = missed(&given);
    let at = format!("/api/v1/encounters/{id}/items/{wanted}/decision");

    let marks = put(&teacher, &at, &json!({"asked": true, "reason": "asked in other words in turn 0"})).await.ok();

    assert_eq!(marks["given"], given, "the machine's mark stays");
    let decided = item(&marks["counts"], &wanted);
    assert_eq!((&decided["asked"], &decided["method"]), (&json!(true), &json!("examiner")));
    assert!(marks["counts"]["score"]["percent"].as_f64() > given["score"]["percent"].as_f64());
    let [decision] = marks["decisions"].as_array().unwrap().as_slice() else { panic!("{marks}") };
    assert_eq!((&decision["examiner_name"], &decision["undone"]), (&json!("keller name"), &Value::Null));
    let debrief = student.get(&format!("/api/v1/encounters/{id}/debrief")).await.ok();
    assert_eq!(debrief["percent"], marks["counts"]["score"]["percent"], "the student sees what counts");
    let mut report = student.get(&format!("/api/v1/encounters/{id}/report")).await.ok();
    let decided = report.as_object_mut().unwrap().remove("decided").unwrap();
    assert_eq!(report, given, "the report is the machine's; what counts stands beside it");
    assert_eq!(decided["items"], json!([wanted]));
    assert_eq!(decided["score"], marks["counts"]["score"]);

    let marks = teacher.delete(&at).await.ok();

    assert_eq!(item(&marks["counts"], &wanted)["asked"], false);
    assert!(marks["decisions"][0]["undone"].as_str().is_some(), "what was decided is not forgotten: {marks}");
    assert_eq!(teacher.delete(&at).await.refusal(), (404, "no-decision".to_owned()));
}

/// Decides every item that the machine finds missed.
async fn decide_all(teacher: &Actor<'_>, id: &str, given: &Value) -> Value {
    let mut marks = Value::Null;
    for item in given["items"].as_array().unwrap().iter().filter(|item| item["asked"] == false) {
        let at = format!("/api/v1/encounters/{id}/items/{}/decision", item["id"].as_str().unwrap());
        marks = put(teacher, &at, &json!({"asked": true, "reason": "heard it"})).await.ok();
    }
    marks
}

#[rstest]
#[case("cn-nmle-history-15")]
#[case("uk-domains-12")]
#[case("us-data-gathering")]
#[case("example-teachers-own")]
#[tokio::test]
async fn the_points_of_a_scheme_follow_decisions_wherever_they_are_shown(#[case] scheme: &str) {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    if scheme == "example-teachers-own" {
        let example = teacher.get("/manage/schemes/example.toml").await.text();
        let line = example.lines().find(|line| line.starts_with("id = ")).unwrap();
        let own = example.replacen(line, &format!("id = \"{scheme}\""), 1);
        assert_eq!(teacher.post("/api/v1/schemes", &json!({"toml": own})).await.status, 201);
    }
    put(&teacher, &format!("/api/v1/scheme-choices/case:{CASE}"), &json!({"scheme": scheme})).await;
    let id = finished(&student).await;
    let stored = app.store().encounter(id.parse().unwrap()).await.unwrap().unwrap();
    let report_at = format!("/api/v1/encounters/{id}/report");
    let given = student.get(&report_at).await.ok();
    assert_eq!(given["scheme"]["id"], scheme, "{given}");

    let marks = decide_all(&teacher, &id, &given).await;
    teacher.post(&format!("/api/v1/encounters/{id}/grade-again"), &json!({"keep": true})).await.ok();

    let (machine, counts) = (&given["scheme"], &marks["counts"]["scheme"]);
    assert!(counts["earned"].as_f64() > machine["earned"].as_f64(), "{machine} {counts}");
    assert_eq!((&counts["sha256"], &counts["possible"]), (&machine["sha256"], &machine["possible"]));
    let sum = |of: &str| counts[of].as_array().unwrap().iter().filter_map(|one| one["earned"].as_f64()).sum::<f64>();
    assert!((sum("domains") - sum("parts")).abs() < 1e-9);
    assert_eq!(student.get(&report_at).await.ok()["decided"]["scheme"], *counts, "after grading again too");
    let debrief = student.get(&format!("/api/v1/encounters/{id}/debrief")).await.ok();
    assert_eq!(debrief["marks"]["earned"], counts["earned"]);
    let listed = student.get("/api/v1/encounters").await.ok();
    assert_eq!(listed[0]["percent"], 100.0);
    let exported = student.get("/api/v1/learners/me/data").await.ok();
    assert_eq!(exported["encounters"][0]["decided"]["scheme"], *counts);
    let page = student.get(&format!("/consultations/{id}/debrief")).await.text();
    assert!(page.contains("The points follow the examiners’ decisions"), "{page}");
    assert!(student.get("/progress").await.text().contains("100"), "the list of consultations");
    assert!(teacher.get("/class/marks").await.text().contains("with decisions 100%"));
    let after = app.store().encounter(id.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(after.state, stored.state, "byte for byte as stored");
}

#[rstest]
#[case::no_reason(json!({"asked": true, "reason": "  "}), 422, "reason-missing")]
#[case::endless_reason(json!({"asked": true, "reason": "x".repeat(1_001)}), 422, "reason-too-long")]
#[tokio::test]
async fn a_changed_mark_needs_a_reason(#[case] body: Value, #[case] status: u16, #[case] code: &str) {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    let id = finished(&student).await;
    let wanted = missed(&student.get(&format!("/api/v1/encounters/{id}/report")).await.ok());

    let answer = put(&teacher, &format!("/api/v1/encounters/{id}/items/{wanted}/decision"), &body).await;

    assert_eq!(answer.refusal(), (status, code.to_owned()));
    let marks = teacher.get(&format!("/api/v1/encounters/{id}/marks")).await.ok();
    assert_eq!(marks["decisions"], json!([]));
}

#[tokio::test]
async fn only_teachers_decide_and_only_items_that_there_are() {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    let id = finished(&student).await;
    let body = json!({"asked": true, "reason": "I did ask"});

    let own = put(&student, &format!("/api/v1/encounters/{id}/items/smoking/decision"), &body).await;
    assert_eq!(own.refusal().0, 403);
    let unknown = put(&teacher, &format!("/api/v1/encounters/{id}/items/no-such-item/decision"), &body).await;
    assert_eq!(unknown.refusal(), (404, "unknown-item".to_owned()));
    for path in [format!("/api/v1/encounters/{id}/marks"), "/api/v1/class/agreement".to_owned()] {
        assert_eq!(student.get(&path).await.refusal().0, 403, "{path}");
    }
}

#[tokio::test]
async fn grading_again_changes_neither_the_mark_nor_a_decision() {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    let id = finished(&student).await;
    let mut given = student.get(&format!("/api/v1/encounters/{id}/report")).await.ok();
    let wanted = missed(&given);
    let decision = json!({"asked": true, "reason": "heard it"});
    // Grading again marks the items, not a scheme.
    given.as_object_mut().unwrap().remove("scheme");
    let at = format!("/api/v1/encounters/{id}/items/{wanted}/decision");
    let before = put(&teacher, &at, &decision).await.ok();

    let again = teacher.post(&format!("/api/v1/encounters/{id}/grade-again"), &json!({"keep": true})).await.ok();

    assert_eq!(again["differs"]["items"], json!([]), "the same version says the same");
    assert_eq!(again["report"], given, "byte for byte");
    assert!(again["report"]["engine"]["thresholds"]["review_below"].as_f64().is_some());
    assert_eq!(again["report"]["engine"]["classifier"].as_str().unwrap().len(), 64);
    assert_eq!(teacher.get(&format!("/api/v1/encounters/{id}/marks")).await.ok(), before);
    let stored = app.store().latest_regrading(id.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(stored.report, given);
}

#[tokio::test]
async fn decisions_feed_the_agreement_of_each_item() {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    for _ in 0..2 {
        let id = finished(&student).await;
        let given = student.get(&format!("/api/v1/encounters/{id}/report")).await.ok();
        let wanted = missed(&given);
        let agreed = given["items"].as_array().unwrap().iter().find(|item| item["asked"] == true).unwrap();
        let path = |item: &str| format!("/api/v1/encounters/{id}/items/{item}/decision");
        put(&teacher, &path(&wanted), &json!({"asked": true, "reason": "heard it"})).await.ok();
        put(&teacher, &path(agreed["id"].as_str().unwrap()), &json!({"asked": true})).await.ok();
    }

    let found = teacher.get("/api/v1/class/agreement").await.ok();

    assert_eq!((&found["pairs"][0]["items"], &found["pairs"][0]["observed"]), (&json!(4), &json!(0.5)));
    assert_eq!((&found["items"][0]["observed"], &found["items"][0]["transcripts"]), (&json!(0.0), &json!(2)));
    assert_eq!(found["items"][1]["observed"], 1.0);
    let page = teacher.get("/class/marks").await.text();
    assert!(page.contains("keller name") && page.contains("50%"), "{page}");
}

#[tokio::test]
async fn the_page_decides_refuses_without_a_reason_and_takes_back() {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    let id = finished(&student).await;
    let wanted = missed(&student.get(&format!("/api/v1/encounters/{id}/report")).await.ok());
    let at = format!("/consultations/{id}/items/{wanted}/decision");
    let debrief = format!("/consultations/{id}/debrief");
    assert!(teacher.get(&debrief).await.text().contains(&at));
    assert!(!student.get(&debrief).await.text().contains(&at), "a student has no form");

    let refused = post_form(&teacher, &at, "decision=asked&reason=").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Say why the mark changes"));

    let done = post_form(&teacher, &at, "decision=asked&reason=clearly+asked").await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, format!("{debrief}#item-{wanted}").as_str()));
    assert!(student.get(&debrief).await.text().contains("clearly asked"), "the student reads the reason");

    post_form(&teacher, &at, "decision=undo").await;
    assert!(!student.get(&debrief).await.text().contains("clearly asked"));
    assert!(teacher.get(&debrief).await.text().contains("(taken back)"));
}

#[tokio::test]
async fn the_page_grades_again_and_shows_what_differs() {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    finished(&student).await;
    assert!(teacher.get("/class/marks").await.text().contains("Not yet"));

    let done = post_form(&teacher, "/class/marks", "").await;

    assert_eq!(done.header("location"), "/class/marks?again=1#again");
    let page = teacher.get("/class/marks?again=1").await.text();
    assert!(page.contains("1 consultation was graded again.") && page.contains("Nothing"), "{page}");
}
