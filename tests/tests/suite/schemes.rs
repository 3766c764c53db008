//! Marking schemes: brought in, chosen, and what they make of a consultation.

use std::{ffi::OsString, process::ExitCode};

use anamnesis::{assessment::scheme::EXAMPLE, cli, store::Role};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};

use crate::support::{Actor, TestApp};

const CASE: &str = "chest-tightness-lin-58";

fn put(actor: &Actor<'_>, path: &str, body: &Value) -> Request<Body> {
    let request = actor.request(Method::PUT, path).header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

fn transcript() -> Value {
    json!({"id": "t", "language": "en", "turns": [
        {"speaker": "student", "text": "What brings you in today?"},
        {"speaker": "patient", "text": "My chest hurts. I'm really scared."},
        {"speaker": "student", "text": "I'm sorry to hear that. When did the chest pain start?"},
        {"speaker": "patient", "text": "Two hours ago."},
        {"speaker": "student", "text": "Do you smoke?"},
        {"speaker": "patient", "text": "Yes."},
    ]})
}

/// A finished consultation's debrief.
async fn debrief(student: &Actor<'_>) -> Value {
    let begun = student.post("/api/v1/encounters", &json!({"case": CASE, "language": "en"})).await.ok();
    let id = begun["id"].as_str().unwrap();
    for (number, question) in ["What brings you in today?", "When did the chest pain start?"].into_iter().enumerate() {
        let turn = json!({"text": question, "key": format!("k{number}")});
        student.post(&format!("/api/v1/encounters/{id}/turns"), &turn).await.ok();
    }
    let diagnoses = json!({"diagnoses": [{"name": "Acute coronary syndrome", "reason": "pressing pain"}]});
    student.post(&format!("/api/v1/encounters/{id}/finish"), &diagnoses).await.ok()
}

#[tokio::test]
async fn a_teacher_checks_brings_in_and_chooses_a_scheme_which_then_marks() {
    let app = TestApp::new().await;
    let (teacher, student) = (app.actor("keller", Role::Teacher).await, app.actor("amara", Role::Student).await);
    let file = json!({ "toml": EXAMPLE });
    assert_eq!(debrief(&student).await["marks"]["scheme"], "checklist");

    let checked = teacher.post("/api/v1/schemes:check", &file).await.ok();
    assert_eq!(checked["id"], "our-history-station");
    assert_eq!(student.get("/api/v1/schemes/our-history-station").await.refusal(), (404, "unknown-scheme".to_owned()));
    assert_eq!(student.post("/api/v1/schemes", &file).await.status, 403);
    assert_eq!(teacher.post("/api/v1/schemes", &file).await.status, 201);
    assert_eq!(teacher.post("/api/v1/schemes", &file).await.status, 201, "the same file changes nothing");
    let stored = student.get("/api/v1/schemes/our-history-station").await.ok();
    assert_eq!((&stored["toml"], &stored["points"]), (&json!(EXAMPLE), &json!(20.0)));
    let other = json!({ "toml": EXAMPLE.replace("Our history station", "Another") });
    assert_eq!(teacher.post("/api/v1/schemes", &other).await.refusal(), (409, "scheme-version-taken".to_owned()));

    let choice = json!({"scheme": "our-history-station"});
    assert_eq!(teacher.send(put(&teacher, "/api/v1/scheme-choices/lunch", &choice)).await.status, 422);
    assert_eq!(teacher.send(put(&teacher, "/api/v1/scheme-choices/practice", &choice)).await.status, 204);
    let marks = debrief(&student).await["marks"].clone();
    assert_eq!(
        (&marks["scheme"], &marks["hash"]),
        (&json!("our-history-station"), &json!(&stored["sha256"].as_str().unwrap()[..12]))
    );
    let of_case = format!("/api/v1/scheme-choices/case:{CASE}");
    assert_eq!(teacher.send(put(&teacher, &of_case, &json!({"scheme": "us-data-gathering"}))).await.status, 204);
    let marks = debrief(&student).await["marks"].clone();
    assert_eq!(marks["scheme"], "us-data-gathering", "the choice for the case comes first");
    let note =
        marks["parts"].as_array().unwrap().iter().find(|part| part["title"] == "The diagnosis is named").unwrap();
    assert_eq!(note["earned"], 6.0, "{marks}");
    for place in ["practice".to_owned(), format!("case:{CASE}")] {
        let path = format!("/api/v1/scheme-choices/{place}");
        assert_eq!(teacher.send(put(&teacher, &path, &json!({"scheme": null}))).await.status, 204);
    }
    assert_eq!(teacher.get("/api/v1/scheme-choices").await.ok(), json!([]));
    assert_eq!(debrief(&student).await["marks"]["scheme"], "checklist");
}

#[tokio::test]
async fn a_scheme_with_problems_is_refused_with_each_and_shown_on_the_page() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let wrong = EXAMPLE.replacen("points = 15.0", "points = 14.0", 1);

    let answer = teacher.post("/api/v1/schemes", &json!({ "toml": wrong })).await;

    assert_eq!(answer.refusal(), (422, "scheme-invalid".to_owned()));
    let problem = &answer.json()["error"]["problems"][0];
    assert_eq!(problem["path"], "domain[0].points");
    assert!(problem["line"].as_u64().is_some_and(|line| line > 10), "{problem}");
    let taken = EXAMPLE.replacen("our-history-station", "checklist", 1);
    let answer = teacher.post("/api/v1/schemes", &json!({ "toml": taken })).await;
    assert_eq!(answer.refusal(), (409, "scheme-shipped".to_owned()));

    let boundary = "boundary";
    let form =
        format!("--{boundary}\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n{wrong}\r\n--{boundary}--\r\n");
    let kind = format!("multipart/form-data; boundary={boundary}");
    let browser = app.browser(&app.user("keller2", Role::Teacher).await).await;
    let page = browser.post_bytes("/manage/schemes", &kind, form.into_bytes()).await;
    assert_eq!(page.status, 422, "{}", page.text());
    assert!(page.text().contains("sum to 15"), "{}", page.text());
}

#[tokio::test]
async fn the_pages_show_schemes_and_what_they_make_of_a_consultation() {
    let app = TestApp::new().await;
    let teacher = app.browser(&app.user("keller", Role::Teacher).await).await;
    let student_user = app.user("amara", Role::Student).await;
    let student = app.browser(&student_user).await;

    let list = teacher.get("/manage/schemes").await;
    assert!(list.text().contains("cn-nmle-history-15") && list.text().contains("uk-domains-12"), "{}", list.text());
    let one = teacher.get("/manage/schemes/uk-domains-12").await;
    assert!(
        one.text().contains("Data gathering") && one.text().contains("Empathy when a cue appears"),
        "{}",
        one.text()
    );
    assert_eq!(teacher.get("/manage/schemes/none").await.status, 404);
    assert_eq!(student.get("/manage/schemes").await.status, 403);
    assert!(teacher.get("/manage/schemes/example.toml").await.text().contains("our-history-station"));

    debrief(&app.program(&student_user).await).await;
    let id = app.store().encounters_of(student_user.id).await.unwrap()[0].id;
    let page = student.get(&format!("/consultations/{id}/debrief")).await.text();
    for shown in ["id=\"marks\"", "id=\"manner\"", "Open questions before closed ones", "Not judged", "Red flags asked"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}

#[tokio::test]
async fn a_report_has_the_conduct_always_and_the_points_when_asked_for() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let request = |scheme: Option<&str>| json!({"case": CASE, "scheme": scheme, "transcript": transcript()});

    let plain = teacher.post("/api/v1/grade", &request(None)).await.ok();
    let marked = teacher.post("/api/v1/grade", &request(Some("cn-nmle-history-15"))).await.ok();

    let empathy = plain["conduct"]["judgements"].as_array().unwrap().iter().find(|one| one["id"] == "empathy").unwrap();
    assert_eq!((&empathy["level"], &empathy["evidence"][0]["quote"]), (&json!(2), &json!("I'm sorry to hear that")));
    assert!(plain.get("scheme").is_none());
    assert_eq!(marked["items"], plain["items"]);
    assert!(marked["scheme"]["possible"].as_f64().is_some_and(|points| points <= 15.0), "{}", marked["scheme"]);
    let again = teacher.post("/api/v1/grade", &request(Some("cn-nmle-history-15"))).await.text();
    assert_eq!(again, teacher.post("/api/v1/grade", &request(Some("cn-nmle-history-15"))).await.text());
    assert_eq!(
        teacher.post("/api/v1/grade", &request(Some("none"))).await.refusal(),
        (404, "unknown-scheme".to_owned())
    );
    let rules = teacher.get("/api/v1/conduct-rules").await.ok();
    assert_eq!(rules["rules"].as_array().unwrap().len(), plain["conduct"]["judgements"].as_array().unwrap().len());
}

#[test]
fn the_command_line_marks_with_a_scheme_and_refuses_a_bad_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let talk = path("talk.json", &transcript().to_string());
    let (own, wrong) =
        (path("own.toml", EXAMPLE), path("wrong.toml", &EXAMPLE.replacen("step = 0.5", "step = 0.4", 1)));
    let grade = |scheme: &str| {
        let arguments =
            ["anamnesis", "grade", "--case", CASE, "--transcript", &talk, "--scheme", scheme, "--models", "/nowhere"];
        cli::run(arguments.map(OsString::from))
    };

    assert_eq!(grade("uk-domains-12"), ExitCode::SUCCESS);
    assert_eq!(grade(&own), ExitCode::SUCCESS);
    assert_eq!(grade(&wrong), ExitCode::from(2));
    assert_eq!(grade("none"), ExitCode::from(2));
    let schemes =
        |arguments: &[&str]| cli::run(["anamnesis", "grade", "schemes"].iter().chain(arguments).map(OsString::from));
    for arguments in [&[][..], &["--rules", "--language", "zh"], &["uk-domains-12"], &["--example"], &[own.as_str()]] {
        assert_eq!(schemes(arguments), ExitCode::SUCCESS, "{arguments:?}");
    }
    assert_eq!(schemes(&[wrong.as_str()]), ExitCode::from(2));
}
