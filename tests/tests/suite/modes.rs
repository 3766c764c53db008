//! Modes, help, pauses and the tutor over the API.

use anamnesis::store::Role;
use serde_json::{Value, json};

use crate::support::{Actor, TestApp};

const CASE: &str = "chest-tightness-lin-58";

async fn begin(student: &Actor<'_>, mode: &str) -> String {
    let begun = student.post("/api/v1/encounters", &json!({"case": CASE, "language": "en", "mode": mode})).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    assert_eq!(begun.json()["mode"], mode);
    begun.json()["id"].as_str().unwrap().to_owned()
}

async fn say(student: &Actor<'_>, encounter: &str, text: &str) {
    let said = student.post(&format!("/api/v1/encounters/{encounter}/turns"), &json!({"text": text})).await;
    assert_eq!(said.status, 200, "{}", said.text());
}

async fn hint(student: &Actor<'_>, encounter: &str, kind: &str) -> Value {
    student.post(&format!("/api/v1/encounters/{encounter}/hints"), &json!({"kind": kind})).await.ok()["hint"].clone()
}

async fn finish(student: &Actor<'_>, encounter: &str) -> Value {
    student.post(&format!("/api/v1/encounters/{encounter}/finish"), &json!({"diagnoses": []})).await.ok()
}

#[tokio::test]
async fn hints_grow_stronger_are_kept_with_their_turn_and_never_name_the_diagnosis() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "practice").await;
    say(&student, &id, "What brings you in today?").await;

    let mut given = Vec::new();
    for kind in ["nudge", "nudge", "nudge", "expert"] {
        given.push(hint(&student, &id, kind).await);
    }

    let strengths: Vec<&str> = given.iter().map(|hint| hint["strength"].as_str().unwrap()).collect();
    assert_eq!(strengths, ["area", "direction", "full", "expert"]);
    assert!(given[2]["question"].is_string());
    assert_eq!(given[3]["expert"].as_array().unwrap().len(), 3);
    let kept = student.get(&format!("/api/v1/encounters/{id}/hints")).await.ok();
    assert_eq!(kept, json!(given));
    assert!(given.iter().all(|hint| hint["after_turn"] == 1));
    let told = kept.to_string().to_lowercase();
    for secret in ["coronary", "infarction", "heart attack"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

#[tokio::test]
async fn what_is_asked_after_a_full_hint_is_marked_but_teaches_nothing_of_recall() {
    let app = TestApp::new().await;
    let helped = app.user("amara", Role::Student).await;
    let student = app.browser(&helped).await;
    let id = begin(&student, "practice").await;
    for _ in 0..3 {
        hint(&student, &id, "nudge").await;
    }
    let full = student.get(&format!("/api/v1/encounters/{id}/hints")).await.ok()[2].clone();
    say(&student, &id, full["question"].as_str().unwrap()).await;
    say(&student, &id, "Do you smoke?").await;

    finish(&student, &id).await;

    let report = student.get(&format!("/api/v1/encounters/{id}/report")).await.ok();
    let hinted = app.store().hints(id.parse().unwrap()).await.unwrap();
    let anamnesis::store::Help::Nudge { item, .. } = &hinted[2].help else { panic!("{hinted:?}") };
    let marked = report["items"].as_array().unwrap().iter().find(|one| one["id"] == **item).unwrap();
    assert_eq!(marked["asked"], true, "{full}");
    let case = cases::library().unwrap().iter().find(|case| case.id == CASE).unwrap();
    let topic = &case.rubric.iter().find(|one| one.id == *item).unwrap().topics[0];
    let mastery = app.store().mastery(helped.id).await.unwrap();
    assert!(mastery.iter().all(|record| record.topic != *topic || record.asked == 0), "{topic}");
    assert!(mastery.iter().any(|record| record.topic.to_string() == "history:smoking" && record.asked == 1));
}

#[tokio::test]
async fn under_exam_conditions_there_is_no_help_and_no_pause_and_the_graph_is_closed() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    for mode in ["exam", "self-test"] {
        let id = begin(&student, mode).await;
        for (path, body) in [("hints", json!({"kind": "nudge"})), ("pause", json!({}))] {
            let refused = student.post(&format!("/api/v1/encounters/{id}/{path}"), &body).await;
            assert_eq!((refused.status.as_u16(), refused.json()["error"]["code"].as_str()), (409, Some("no-help")));
        }
        assert_eq!(student.get("/graph").await.status, 403, "{mode}");
        finish(&student, &id).await;
    }
}

#[tokio::test]
async fn a_self_test_is_seen_by_its_student_alone() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let others = [app.actor("keller", Role::Teacher).await, app.actor("root", Role::Admin).await];
    let [own, shared] = [begin(&student, "self-test").await, begin(&student, "practice").await];
    for id in [&own, &shared] {
        finish(&student, id).await;
    }

    for other in &others {
        let listed = other.get("/api/v1/class/encounters").await.ok();
        let ids: Vec<&Value> = listed.as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(ids, [&json!(shared)]);
        assert_eq!(other.get(&format!("/api/v1/encounters/{own}/report")).await.status, 404);
        assert_eq!(other.get(&format!("/api/v1/encounters/{shared}/report")).await.status, 200);
    }
    assert_eq!(student.get(&format!("/api/v1/encounters/{own}/report")).await.status, 200);
}

#[tokio::test]
async fn a_section_on_its_own_is_marked_alone_and_an_unknown_one_is_refused() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "skill:past-history").await;
    say(&student, &id, "Do you have high blood pressure?").await;

    let debrief = finish(&student, &id).await;

    let sections: Vec<&Value> = debrief["sections"].as_array().unwrap().iter().map(|one| &one["section"]).collect();
    assert_eq!(sections, [&json!("past-history")]);
    assert_eq!(debrief["marks"], Value::Null);
    for mode in ["skill:gossip", "viva"] {
        let refused = student.post("/api/v1/encounters", &json!({"case": CASE, "mode": mode})).await;
        assert_eq!(refused.status, 422, "{mode}");
    }
    let empty = student.post("/api/v1/encounters", &json!({"case": CASE, "mode": "skill:menstrual-obstetric"})).await;
    assert_eq!((empty.status.as_u16(), empty.json()["error"]["code"].as_str()), (422, Some("section-empty")));
}

#[tokio::test]
async fn the_clock_stands_still_in_a_pause_and_speaking_lets_it_go_on() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "practice").await;

    let paused = student.post(&format!("/api/v1/encounters/{id}/pause"), &json!({})).await;
    app.clock.set(crate::support::noon() + jiff::SignedDuration::from_mins(30));
    let page = student.get(&format!("/consultations/{id}")).await;
    say(&student, &id, "What brings you in today?").await;

    assert_eq!(paused.status, 204);
    assert!(page.text().contains("0:00"), "{}", page.text());
    let record = app.store().paused(id.parse().unwrap()).await.unwrap();
    assert_eq!((record.since, record.total), (None, jiff::SignedDuration::from_mins(30)));
}

#[tokio::test]
async fn the_tutor_answers_about_a_finished_consultation_and_keeps_what_was_said() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let id = begin(&student, "practice").await;
    let address = format!("/api/v1/encounters/{id}/tutor");
    let ask = |question: &str| json!({"question": question, "language": "en"});
    let early = student.post(&address, &ask("Why ask about smoking?")).await;
    finish(&student, &id).await;

    let why = student.post(&address, &ask("Why should I have asked about smoking?")).await.ok();
    let how = student.post(&address, &ask("How should I ask it?")).await.ok();
    let dose = student.post(&address, &ask("What dose of aspirin?")).await.ok();
    let nothing = student.post(&address, &ask(" ")).await;

    assert_eq!((early.status.as_u16(), early.json()["error"]["code"].as_str()), (409, Some("not-finished")));
    assert_eq!(why["kind"], "why");
    assert!(!why["sources"].as_array().unwrap().is_empty());
    assert_eq!((&how["kind"], &how["item"]), (&json!("how-to-ask"), &why["item"]));
    assert_eq!((&dose["kind"], &dose["sources"]), (&json!("declined"), &json!([])));
    assert_eq!(nothing.status, 422);
    let kept = student.get(&address).await.ok();
    assert_eq!(kept, json!([why, how, dose]));
    let other = app.actor("ben", Role::Student).await;
    assert_eq!(other.post(&address, &ask("Why?")).await.status, 404);
}
