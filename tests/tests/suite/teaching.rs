//! Teachers bring in cases, publish them and see the class.

use anamnesis::store::Role;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};

use crate::support::{Actor, TestApp};

const CASE: &str = "chest-tightness-lin-58";

/// A shipped case and its file.
fn shipped() -> (cases::Case, String) {
    let read = |(name, text): (String, String)| {
        let (case, _) = cases::parse_and_check(&text, &name, crate::support::graph()).ok()?;
        Some((case, text))
    };
    cases::library_files().into_iter().find_map(read).unwrap()
}

/// The shipped case under another id.
fn brought(id: &str) -> String {
    let (case, text) = shipped();
    text.replacen(&format!("id = \"{}\"", case.id), &format!("id = \"{id}\""), 1)
}

fn put(actor: &Actor<'_>, path: &str, body: &Value) -> Request<Body> {
    let request = actor.request(Method::PUT, path).header(header::CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

#[tokio::test]
async fn a_case_is_checked_brought_in_published_and_withdrawn() {
    let app = TestApp::new().await;
    let (teacher, student) = (app.actor("keller", Role::Teacher).await, app.actor("amara", Role::Student).await);
    let file = json!({ "toml": brought("tight-chest-1") });
    let status = "/api/v1/cases/tight-chest-1/versions/1/status";
    let door = "/api/v1/cases/tight-chest-1";

    let checked = teacher.post("/api/v1/cases:check", &file).await.ok();
    assert_eq!(checked["case"]["id"], "tight-chest-1", "{checked}");
    assert_eq!(app.store().case("tight-chest-1", 1).await.unwrap(), None, "checking stores nothing");
    assert_eq!(teacher.post("/api/v1/cases", &file).await.status, 201);
    assert_eq!(student.get(door).await.refusal(), (404, "unknown-case".to_owned()), "a draft is not offered");
    assert_eq!(teacher.send(put(&teacher, status, &json!({"status": "published"}))).await.status, 204);
    assert_eq!(student.get(door).await.status, 200);
    assert_eq!(teacher.send(put(&teacher, status, &json!({"status": "retired"}))).await.status, 204);
    assert_eq!(student.get(door).await.status, 404);
    let deeds: Vec<String> = app.store().audit(3).await.unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(deeds, ["case-retired", "case-published", "case-brought-in"]);
}

#[tokio::test]
async fn a_withdrawn_case_stays_playable_where_it_was_begun() {
    let app = TestApp::new().await;
    let (teacher, student) = (app.actor("keller", Role::Teacher).await, app.actor("amara", Role::Student).await);
    let begun = student.post("/api/v1/encounters", &json!({"case": CASE, "language": "en"})).await.json();
    let status = format!("/api/v1/cases/{CASE}/versions/{}/status", begun["case_version"]);
    teacher.send(put(&teacher, &status, &json!({"status": "retired"}))).await;

    let turns = format!("/api/v1/encounters/{}/turns", begun["id"].as_str().unwrap());
    let answer = student.post(&turns, &json!({"text": "What brings you in?", "key": "k1"})).await;

    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn a_case_with_problems_is_refused_with_each_of_them_and_not_stored() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let wrong = brought("tight-chest-1").replacen("\nlevel = ", "\nlevel = \"easy\" # ", 1);

    let answer = teacher.post("/api/v1/cases", &json!({ "toml": wrong })).await;

    assert_eq!(answer.refusal(), (422, "case-invalid".to_owned()));
    let problem = &answer.json()["error"]["problems"][0];
    assert!(problem["line"].as_u64().is_some() && problem["path"] == "level", "{problem}");
    assert!(problem["mend"]["zh"].as_str().is_some_and(|mend| !mend.is_empty()), "{problem}");
    assert_eq!(app.store().latest_case("tight-chest-1").await.unwrap(), None);
}

#[tokio::test]
async fn a_case_is_made_from_the_graph_and_the_same_seed_makes_it_again() {
    let app = TestApp::new().await;
    let (teacher, student) = (app.actor("keller", Role::Teacher).await, app.actor("amara", Role::Student).await);
    let wanted = json!({"disease": "peptic-ulcer", "comorbidities": ["rheumatoid-arthritis"], "age": 61, "seed": 7});

    let made = teacher.post("/api/v1/cases:generate", &wanted).await;
    let again = teacher.post("/api/v1/cases:generate", &wanted).await.json();

    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!((&made["toml"], &made["seed"]), (&again["toml"], &json!(7)));
    let id = made["case"]["id"].as_str().unwrap();
    assert!(app.store().case(id, 1).await.unwrap().is_some_and(|case| case.toml.contains("rheumatoid")), "{id}");
    assert!(!id.contains("ulcer"), "a student sees the id: {id}");
    assert_eq!(student.post("/api/v1/cases:generate", &wanted).await.refusal(), (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn what_the_graph_cannot_make_is_said() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let cases = [
        (json!({"disease": "common-cold-of-the-elbow"}), "no disease"),
        (json!({"disease": "testicular-torsion", "sex": "female"}), "does not occur"),
        (json!({"disease": "gout", "comorbidities": ["gout"]}), "accompany itself"),
        (json!({"disease": "gout", "age": 3}), "age 3"),
    ];
    for (wanted, reason) in cases {
        let answer = teacher.post("/api/v1/cases:generate", &wanted).await;
        assert_eq!(answer.refusal(), (422, "case-cannot-be-made".to_owned()), "{wanted}");
        assert!(answer.text().contains(reason), "{}", answer.text());
    }
    let shapeless = teacher.post("/api/v1/cases:generate", &json!({"disease": "gout", "sex": "other"})).await;
    assert!(shapeless.status == 400 || shapeless.status == 422, "{}", shapeless.text());
}

#[tokio::test]
async fn a_stored_version_is_not_overwritten() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let changed = shipped().1.replacen("\nauthor = \"", "\nauthor = \"Somebody else and ", 1);

    let answer = teacher.post("/api/v1/cases", &json!({ "toml": changed })).await;

    assert_eq!(answer.refusal(), (409, "case-version-taken".to_owned()));
}

#[tokio::test]
async fn teaching_is_for_teachers() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let file = json!({ "toml": brought("tight-chest-1") });

    for answer in [
        student.post("/api/v1/cases:check", &file).await,
        student.post("/api/v1/cases", &file).await,
        student.get("/api/v1/class/cases").await,
        student.get("/api/v1/class/encounters").await,
        student.get(&format!("/api/v1/cases/{CASE}/versions/1")).await,
        student.get("/api/v1/learners/0198a000-0000-7000-8000-000000000000/progress").await,
        student
            .send(put(&student, &format!("/api/v1/cases/{CASE}/versions/1/status"), &json!({"status": "draft"})))
            .await,
    ] {
        assert_eq!(answer.refusal(), (403, "forbidden".to_owned()));
    }
}

#[tokio::test]
async fn the_class_is_listed_newest_first_page_by_page() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let amara = app.actor("amara", Role::Student).await;
    for minute in 0..3 {
        app.clock.set(crate::support::noon() + jiff::SignedDuration::from_mins(minute));
        amara.post("/api/v1/encounters", &json!({"case": CASE, "language": "en"})).await;
    }

    let all = teacher.get("/api/v1/class/encounters").await.ok();
    let second = teacher.get("/api/v1/class/encounters?offset=1&limit=1").await.ok();

    assert_eq!(all.as_array().unwrap().len(), 3);
    assert_eq!(all[0]["started"], "2026-03-02T12:02:00Z");
    assert_eq!(all[0]["student_name"], "amara name");
    assert_eq!(second, json!([all[1]]));
    assert_eq!(teacher.get("/api/v1/class/encounters?offset=x").await.refusal(), (400, "malformed".to_owned()));
}
