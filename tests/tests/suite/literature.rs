//! Texts read for the graph: proposals, decisions, what enters the graph and what it touches.

use anamnesis::{literature, store::Role};
use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestApp};

const TEXT: &str = "Of patients with pulmonary embolism, 20% had dyspnoea. Obesity increases the risk of cellulitis.\n\
                    Patients with Guillain-Barre syndrome presented with an unusual metallic taste.";

fn document(text: &str) -> Value {
    json!({"title": "A cohort study", "authors": "Doe J, Roe R", "year": 2024, "identifier": "12345678",
           "evidence": "study", "text": text})
}

async fn decide(actor: &Actor<'_>, id: &str, position: u32, decision: &Value) -> Answer {
    let path = format!("/api/v1/graph/documents/{id}/proposals/{position}/decision");
    let request = actor.request(Method::PUT, &path).header(header::CONTENT_TYPE, "application/json");
    actor.send(request.body(Body::from(decision.to_string())).unwrap()).await
}

async fn added(teacher: &Actor<'_>, text: &str) -> String {
    let answer = teacher.post("/api/v1/graph/documents", &document(text)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// The graph that the next start would use.
async fn next_graph(app: &TestApp) -> literature::Laid {
    let sources = app.state.literature.sources().await.unwrap();
    literature::lay(&app.store().accepted_proposals().await.unwrap(), &sources).unwrap()
}

#[tokio::test]
async fn an_accepted_change_enters_the_next_graph_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let id = added(&teacher, TEXT).await;

    let whole = teacher.get(&format!("/api/v1/graph/documents/{id}")).await.ok();
    assert_eq!(whole["proposals"].as_array().unwrap().len(), 3, "{whole}");
    for proposal in whole["proposals"].as_array().unwrap() {
        let quotation = &proposal["proposal"]["quotation"];
        let at = |key: &str| usize::try_from(quotation[key].as_u64().unwrap()).unwrap();
        assert_eq!(&TEXT[at("start")..at("end")], quotation["text"].as_str().unwrap());
    }
    assert_eq!(decide(&teacher, &id, 0, &json!({"decision": "accept", "note": "seen"})).await.status, 204);
    let laid = next_graph(&app).await;
    let edge = laid.graph.disease("pulmonary-embolism").unwrap().presents_with.iter().find(|e| e.finding == "dyspnoea");
    assert_eq!(edge.unwrap().frequency_provenance().source.as_deref(), Some("lit-doe-2024"));
    let toml = teacher.get("/api/v1/graph/changes").await.ok()["toml"].as_str().unwrap().to_owned();
    assert!(toml.contains("frequency = 0.2") && toml.contains("keller name") && toml.contains("20% had"), "{toml}");

    assert_eq!(decide(&teacher, &id, 0, &json!({"decision": "open"})).await.status, 204);
    assert_eq!(next_graph(&app).await.used, 0);
    let deeds: Vec<String> = app.store().audit(3).await.unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(deeds, ["literature-undone", "literature-accepted", "literature-added"]);
}

#[tokio::test]
async fn cases_that_used_a_changed_edge_are_listed_until_somebody_looked() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let id = added(&teacher, TEXT).await;
    decide(&teacher, &id, 0, &json!({"decision": "accept"})).await;

    let cases = teacher.get("/api/v1/graph/cases-to-review").await.ok();

    let first = &cases[0];
    assert!(
        !first["facts"].as_array().unwrap().is_empty() || !first["items"].as_array().unwrap().is_empty(),
        "{cases}"
    );
    let (case, version) = (first["case"].as_str().unwrap(), &first["version"]);
    assert!(teacher.get("/manage/cases").await.text().contains(&format!("/manage/graph#case-{case}-{version}")));
    let seen = json!({"document": id, "position": 0});
    let answer = teacher.post(&format!("/api/v1/graph/cases/{case}/{version}/reviewed"), &seen).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let left = teacher.get("/api/v1/graph/cases-to-review").await.ok();
    assert_eq!(left.as_array().unwrap().len(), cases.as_array().unwrap().len() - 1);
}

#[tokio::test]
async fn what_is_missing_or_impossible_is_said_and_changes_nothing() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let id = added(&teacher, TEXT).await;

    let nameless = decide(&teacher, &id, 2, &json!({"decision": "accept"})).await;
    assert_eq!(nameless.refusal(), (422, "literature-name-missing".to_owned()));
    let impossible = json!({"decision": "accept", "values": {"strength": -2.0}});
    assert_eq!(decide(&teacher, &id, 1, &impossible).await.refusal(), (422, "literature-ratio".to_owned()));
    assert_eq!(decide(&teacher, &id, 9, &json!({"decision": "reject"})).await.refusal().0, 404);
    assert_eq!(app.store().accepted_proposals().await.unwrap().len(), 0);
    for (text, code) in [
        (" ", "literature-empty"),
        ("%PDF-1.7 …", "literature-pdf"),
        ("a\0b", "literature-binary"),
        (&"word ".repeat(50_000), "literature-too-long"),
    ] {
        let answer = teacher.post("/api/v1/graph/documents", &document(text)).await;
        assert_eq!(answer.refusal(), (422, code.to_owned()));
    }
}

#[tokio::test]
async fn the_same_text_is_read_once() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;

    let (first, second) = (added(&teacher, TEXT).await, added(&teacher, TEXT).await);

    assert_eq!(first, second);
}

#[tokio::test]
async fn a_change_that_no_longer_loads_is_left_out_and_named_and_the_others_stay() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let id = added(&teacher, TEXT).await;
    decide(&teacher, &id, 0, &json!({"decision": "accept"})).await;
    decide(&teacher, &id, 1, &json!({"decision": "accept"})).await;
    let mut accepted = app.store().accepted_proposals().await.unwrap();
    let broken = accepted[0].decision.as_mut().unwrap();
    broken.files[0].1 = broken.files[0].1.replace("dyspnoea", "no-such-finding");

    let laid = literature::lay(&accepted, &app.state.literature.sources().await.unwrap()).unwrap();

    assert_eq!((laid.used, laid.refused.len()), (1, 1));
    let why = &laid.refused[0].2;
    assert!(why.contains("proposal 1 of text") && why.contains("no-such-finding"), "{why}");
}

#[tokio::test]
async fn only_teachers_read_and_decide() {
    let app = TestApp::new().await;
    let (teacher, student) = (app.actor("keller", Role::Teacher).await, app.actor("amara", Role::Student).await);
    let id = added(&teacher, TEXT).await;

    for path in ["/api/v1/graph/documents", "/api/v1/graph/changes", "/api/v1/graph/cases-to-review"] {
        assert_eq!(student.get(path).await.refusal(), (403, "forbidden".to_owned()), "{path}");
        assert_eq!(app.anonymous().get(path).await.refusal().0, 401, "{path}");
    }
    for path in
        ["/manage/graph", "/manage/graph/new", "/manage/graph/changes.toml", &format!("/manage/graph/documents/{id}")]
    {
        assert_eq!(student.get(path).await.status, 403, "{path}");
        assert_eq!(teacher.get(path).await.status, 200, "{path}");
    }
    let accept = json!({"decision": "accept"});
    assert_eq!(decide(&student, &id, 0, &accept).await.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(student.post("/api/v1/graph/documents", &document(TEXT)).await.refusal(), (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn a_form_of_another_site_decides_nothing() {
    let app = TestApp::new().await;
    let keller = app.user("keller", Role::Teacher).await;
    let teacher = app.browser(&keller).await;
    let id = added(&teacher, TEXT).await;
    let form = |site: &str| {
        let path = format!("/manage/graph/documents/{id}/proposals/1");
        let request = teacher.request(Method::POST, &path).header("content-type", "application/x-www-form-urlencoded");
        let mut request = request.body(Body::from("decision=accept&frequency=20")).unwrap();
        request.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
        request
    };

    assert_eq!(teacher.send(form("cross-site")).await.status, 403);
    assert_eq!(app.store().accepted_proposals().await.unwrap().len(), 0);
    assert_eq!(teacher.send(form("same-origin")).await.status, 303);
    assert_eq!(app.store().accepted_proposals().await.unwrap().len(), 1);
}
