//! The learner's path: what is known of a learner, practice made for them, the plan.

use anamnesis::store::Role;
use serde_json::{Value, json};

use crate::support::{Actor, TestApp, noon};

const CASE: &str = "chest-tightness-lin-58";

/// Finishes a consultation in which only the onset was asked; gives its id.
async fn consult(student: &Actor<'_>, case: &str) -> String {
    let begun = student.post("/api/v1/encounters", &json!({"case": case, "language": "en"})).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let id = begun.json()["id"].as_str().unwrap().to_owned();
    let said = json!({"text": "When did it start?", "key": "k1"});
    student.post(&format!("/api/v1/encounters/{id}/turns"), &said).await.ok();
    student.post(&format!("/api/v1/encounters/{id}/finish"), &json!({"diagnoses": [{"name": "Pneumonia"}]})).await.ok();
    id
}

async fn progress(student: &Actor<'_>) -> Value {
    student.get("/api/v1/learners/me/progress").await.ok()
}

#[tokio::test]
async fn every_figure_says_what_it_is_based_on_and_has_its_interval() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    assert_eq!(progress(&student).await["based_on"], 0);
    consult(&student, CASE).await;

    let progress = progress(&student).await;

    let based_on = progress["based_on"].as_u64().unwrap();
    assert!(based_on > 10, "{based_on}");
    for old in ["sections", "weak"] {
        assert!(!progress[old].as_array().unwrap().is_empty(), "{old}");
    }
    let cells = progress["map"]["cells"].as_array().unwrap();
    assert!(cells.iter().any(|cell| cell["based_on"] == 0) && cells.iter().any(|cell| cell["based_on"] != 0));
    for cell in cells.iter().chain(progress["skills"].as_array().unwrap()) {
        let of = |key: &str| cell[key].as_f64().unwrap();
        assert!(0.0 <= of("low") && of("low") <= of("value") && of("value") <= of("high"), "{cell}");
        assert!(cell["based_on"].is_u64(), "{cell}");
    }
    assert!(progress["skills"].as_array().unwrap().iter().any(|skill| skill["area"] == "note"));
    assert!(!progress["reviews"].as_array().unwrap().is_empty());
    assert_eq!(progress["suggestions"][0]["kind"], "case");
}

#[tokio::test]
async fn what_an_examiner_decides_counts_from_then_on() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let id = consult(&student, CASE).await;
    let asked = |progress: &Value| {
        let sections = progress["sections"].as_array().unwrap();
        sections.iter().map(|section| section["asked"].as_u64().unwrap()).sum::<u64>()
    };
    let before = asked(&progress(&student).await);
    let report = teacher.get(&format!("/api/v1/encounters/{id}/report")).await.ok();
    let missed = report["items"].as_array().unwrap().iter().find(|item| item["asked"] == false).unwrap();

    let item = missed["id"].as_str().unwrap();
    let user = app.store().user_by_login("keller").await.unwrap().unwrap().0;
    let decided = anamnesis::store::NewOverride {
        encounter: id.parse().unwrap(),
        item: item.to_owned(),
        asked: true,
        reason: "It was asked.".to_owned(),
        examiner: user.id,
    };
    app.store().override_item(decided, noon()).await.unwrap();

    assert_eq!(asked(&progress(&student).await), before + 1);
}

#[tokio::test]
async fn a_fresh_patient_is_its_students_alone_and_tells_no_diagnosis() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let other = app.actor("lin", Role::Student).await;
    let teacher = app.actor("keller", Role::Teacher).await;

    let made = student
        .post("/api/v1/learners/me/patients", &json!({"system": "respiratory", "section": "social-history"}))
        .await;

    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let door = student.get(&format!("/api/v1/cases/{id}")).await;
    let disease = {
        let user = app.store().user_by_login("amara").await.unwrap().unwrap().0;
        let case = app.state.catalogue.playable_case(&id, user.id).await.unwrap().unwrap();
        case.diagnosis.name.clone()
    };
    for told in [made.text(), door.text()] {
        let told = told.to_lowercase();
        for secret in [disease.en.to_lowercase().as_str(), disease.zh.as_str(), "diagnosis", "rubric"] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
    }
    assert_eq!(other.get(&format!("/api/v1/cases/{id}")).await.status, 404);
    assert_eq!(other.post("/api/v1/encounters", &json!({"case": id})).await.status, 404);
    let listed = teacher.get("/api/v1/cases").await.text() + &teacher.get("/manage/cases").await.text();
    assert!(!listed.contains(&id), "a student's own patient is nobody else's");
    consult(&student, &id).await;
    assert!(progress(&student).await["based_on"].as_u64().unwrap() > 5);
}

#[tokio::test]
async fn an_unknown_body_system_has_no_patients_and_ten_may_wait() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let wanted = |system: &str| json!({"system": system});
    assert_eq!(student.post("/api/v1/learners/me/patients", &wanted("astral")).await.status, 422);
    for _ in 0..10 {
        let made = student.post("/api/v1/learners/me/patients", &wanted("respiratory")).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    assert_eq!(student.post("/api/v1/learners/me/patients", &wanted("respiratory")).await.status, 409);
}

async fn form(student: &Actor<'_>, path: &str, body: &str) -> u16 {
    let sent = student.post_bytes(path, "application/x-www-form-urlencoded", body.as_bytes().to_vec()).await;
    sent.status.as_u16()
}

#[tokio::test]
async fn a_plan_is_made_changed_and_undone() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    assert_eq!(form(&student, "/plan", "exam=2026-04-02&per_week=3").await, 303);
    assert_eq!(form(&student, "/plan", "exam=2026-05-02&per_week=5").await, 303);
    assert!(student.get("/plan").await.text().contains("2026-05-02"));

    form(&student, "/plan/undo", "").await;

    assert!(student.get("/plan").await.text().contains("2026-04-02"));
    assert_eq!(form(&student, "/plan", "exam=2026-01-01&per_week=3").await, 422);
}

#[tokio::test]
async fn what_is_put_off_is_not_suggested_today() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    consult(&student, CASE).await;
    let first = progress(&student).await["suggestions"][0]["case_id"].as_str().unwrap().to_owned();

    assert_eq!(form(&student, "/suggestions/decline", &format!("key=case:{first}")).await, 303);

    assert!(!progress(&student).await["suggestions"].to_string().contains(&first));
    form(&student, "/suggestions/restore", "").await;
    assert_eq!(progress(&student).await["suggestions"][0]["case_id"], json!(first));
}

#[tokio::test]
async fn a_review_sent_twice_counts_once() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    consult(&student, CASE).await;
    let before = progress(&student).await["based_on"].as_u64().unwrap();
    let version = app.store().latest_case(CASE).await.unwrap().unwrap().version;
    let answer = format!(
        "case={CASE}&version={version}&section=social-history&drill=00000000-0000-7000-8000-000000000001&questions=Do+you+smoke%3F"
    );

    assert_eq!(form(&student, "/review", &answer).await, 200);
    let once = progress(&student).await["based_on"].as_u64().unwrap();
    assert_eq!(form(&student, "/review", &answer).await, 200);

    assert!(once > before);
    assert_eq!(progress(&student).await["based_on"].as_u64().unwrap(), once);
    let stranger = app.actor("lin", Role::Student).await;
    assert_eq!(form(&stranger, "/review", &answer).await, 404);
}
