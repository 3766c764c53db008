//! Drills: from the item to what it says of its learner, and what teachers do about bad ones.

use anamnesis::{
    learner::{
        Observation, Source,
        drills::{Answer, DrillKind, Key},
    },
    store::{Mode, NewDrillAnswer, NewEncounter, Role},
};
use jiff::SignedDuration;
use knowledge_graph::Language;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Actor, TestApp, noon};

/// A server with items of these kinds; gives their ids.
async fn with_items(kinds: &[DrillKind]) -> (TestApp, Vec<String>) {
    let app = TestApp::new().await;
    let mut ids = Vec::new();
    for kind in kinds {
        ids.push(app.state.drilling.make(*kind, noon()).await.unwrap().unwrap().id);
    }
    (app, ids)
}

async fn right_answer(app: &TestApp, id: &str) -> Answer {
    match app.store().drill(id).await.unwrap().unwrap().item().key.clone() {
        Key::One(at) => Answer::One(at),
        Key::Pairs(pairs) => Answer::Pairs(pairs.into_iter().map(Some).collect()),
        Key::Order(order) => Answer::Order(order),
    }
}

async fn send(actor: &Actor<'_>, id: &str, attempt: Uuid, answer: &Answer) -> Value {
    let sent = json!({"attempt": attempt, "answer": answer});
    actor.post(&format!("/api/v1/drills/{id}/answers"), &sent).await.ok()
}

async fn based_on(student: &Actor<'_>) -> u64 {
    student.get("/api/v1/learners/me/progress").await.ok()["based_on"].as_u64().unwrap()
}

#[tokio::test]
async fn an_answer_is_graded_once_and_moves_what_is_known_of_the_learner() {
    let (app, ids) = with_items(&[DrillKind::LayWords]).await;
    let amara = app.user("amara", Role::Student).await;
    let student = app.browser(&amara).await;
    let offered = student.get("/api/v1/drills/next").await.ok();
    assert_eq!(offered["id"], *ids[0]);
    assert!(offered.get("key").is_none() && offered.get("explanation").is_none(), "the key stays here");

    let (attempt, right) = (Uuid::from_u128(7), right_answer(&app, &ids[0]).await);
    let outcome = send(&student, &ids[0], attempt, &right).await;
    let again = send(&student, &ids[0], attempt, &Answer::Unknown).await;

    assert_eq!((&outcome["points"], &outcome["counted"]), (&json!(1.0), &json!(true)));
    assert_eq!(again["points"], 1.0, "what was kept first stays");
    assert!(!outcome["sources"].as_array().unwrap().is_empty());
    assert_eq!(based_on(&student).await, 4, "one occasion a sentence, once");
    let record = app.store().drill(&ids[0]).await.unwrap().unwrap();
    assert_eq!((record.rating.answers, record.share()), (1, Some(1.0)));
    assert!(record.rating.logits < 0.0, "easier than was thought");
    assert_eq!(student.get("/api/v1/drills/next").await.status, 404, "answered today");
    app.clock.set(noon().checked_add(SignedDuration::from_hours(15 * 24)).unwrap());
    // No session lasts so long.
    let student = app.program(&amara).await;
    assert_eq!(student.get("/api/v1/drills/next").await.ok()["id"], *ids[0], "two weeks later it comes again");
}

#[tokio::test]
async fn an_answer_given_again_at_once_is_kept_and_says_nothing() {
    let (app, ids) = with_items(&[DrillKind::LayWords]).await;
    let student = app.actor("amara", Role::Student).await;
    send(&student, &ids[0], Uuid::from_u128(1), &Answer::Unknown).await;
    let before = based_on(&student).await;

    let outcome = send(&student, &ids[0], Uuid::from_u128(2), &right_answer(&app, &ids[0]).await).await;

    assert_eq!((&outcome["points"], &outcome["counted"]), (&json!(1.0), &json!(false)));
    assert_eq!(based_on(&student).await, before);
    assert_eq!(app.store().drill(&ids[0]).await.unwrap().unwrap().rating.answers, 1);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused_and_a_teachers_moves_no_figures() {
    let (app, ids) = with_items(&[DrillKind::Ratio]).await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    let address = format!("/api/v1/drills/{}/answers", ids[0]);
    for unfit in [json!({"one": 9}), json!({"order": [0, 1]}), json!({"pairs": [0]})] {
        let sent = json!({"attempt": Uuid::from_u128(1), "answer": unfit});
        assert_eq!(student.post(&address, &sent).await.status, 422, "{unfit}");
    }
    send(&teacher, &ids[0], Uuid::from_u128(2), &right_answer(&app, &ids[0]).await).await;
    assert_eq!(app.store().drill(&ids[0]).await.unwrap().unwrap().rating.answers, 0);
    let sent = json!({"attempt": Uuid::from_u128(2), "answer": "unknown"});
    assert_eq!(student.post(&address, &sent).await.status, 409, "an attempt is its learner's own");
}

#[tokio::test]
async fn a_retired_item_is_hidden_until_it_is_brought_back() {
    let (app, ids) = with_items(&[DrillKind::Ratio]).await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);
    let retire = |retired: bool| {
        let body = json!({"retired": retired}).to_string();
        let request = teacher.request(axum::http::Method::PUT, &format!("/api/v1/drills/{}/retired", ids[0]));
        request.header("content-type", "application/json").body(axum::body::Body::from(body)).unwrap()
    };

    assert_eq!(teacher.send(retire(true)).await.status, 204);

    assert_eq!(student.get("/api/v1/drills/next").await.status, 404);
    assert_eq!(student.get(&format!("/drills/{}", ids[0])).await.status, 404);
    let sent = json!({"attempt": Uuid::from_u128(1), "answer": "unknown"});
    assert_eq!(student.post(&format!("/api/v1/drills/{}/answers", ids[0]), &sent).await.status, 404);
    assert_eq!(teacher.get("/api/v1/drills").await.ok()[0]["state"], "retired");
    assert_eq!(teacher.send(retire(false)).await.status, 204);
    assert_eq!(student.get("/api/v1/drills/next").await.ok()["id"], *ids[0]);
    for closed in ["/api/v1/drills", "/manage/drills"] {
        assert_eq!(student.get(closed).await.status, 403, "{closed}");
    }
}

#[tokio::test]
async fn an_item_that_does_not_discriminate_surfaces_from_thirty_answers_on() {
    let (app, ids) = with_items(&[DrillKind::Ratio, DrillKind::Ratio, DrillKind::Ratio]).await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let (bad, good) = (&ids[0], &ids[1]);
    // Half of the students are able: they get the good items and, as often as the others, the bad one.
    for n in 0..32_u32 {
        let student = app.user(&format!("student{n}"), Role::Student).await;
        for (at, id) in ids.iter().enumerate() {
            let right = if id == bad { n % 2 == 0 } else { n < 16 };
            let new = NewDrillAnswer {
                id: Uuid::from_u64_pair(u64::from(n), at as u64),
                student: student.id,
                drill: id.clone(),
                answer: Answer::Unknown,
                points: f64::from(u8::from(right)),
                floor: 0.2,
                counts: true,
                since: noon(),
            };
            app.store().keep_drill_answer(new, noon()).await.unwrap();
        }
        let shown = app.store().drill(bad).await.unwrap().unwrap();
        // A student's other answers come after the one that is reckoned with here.
        assert_eq!(shown.discrimination.is_some(), shown.rating.answers > 30, "after {n}");
        if n == 0 {
            app.store().report_drill(good, student.id, "Two are right.".to_owned(), noon()).await.unwrap();
        }
    }

    let listed = teacher.get("/api/v1/drills").await.ok();

    assert_eq!(listed[0]["item"]["id"], **good, "what was reported comes first");
    assert_eq!(listed[1]["item"]["id"], **bad, "then what discriminates nobody");
    assert!(listed[1]["discrimination"].as_f64().unwrap() < 0.2);
    assert!(listed[0]["discrimination"].as_f64().unwrap() > 0.5);
    let page = teacher.get("/manage/drills?bad=1").await.text();
    assert!(page.contains(bad.as_str()) && page.contains(good.as_str()) && !page.contains(ids[2].as_str()));
    // Worded anew it is counted anew, and the report is settled.
    let record = app.store().drill(bad).await.unwrap().unwrap();
    let by = app.store().user_by_login("keller").await.unwrap().unwrap().0.id;
    app.store().word_drill(bad, Some(record.made.clone()), by, noon()).await.unwrap();
    let record = app.store().drill(bad).await.unwrap().unwrap();
    assert_eq!((record.rating.answers, record.discrimination), (0, None));
}

#[tokio::test]
async fn drills_are_closed_while_an_exam_runs() {
    let (app, ids) = with_items(&[DrillKind::Ratio]).await;
    let user = app.user("amara", Role::Student).await;
    let student = app.browser(&user).await;
    let (case, case_version) = ("chest-tightness-lin-58".to_owned(), 1);
    let version = app.state.catalogue.published_case(&case).await.unwrap().map_or(case_version, |case| case.version);
    let new = NewEncounter {
        student: user.id,
        case_id: case,
        case_version: version,
        language: Language::En,
        mode: Mode::Exam,
        seed: 1,
    };
    app.store().create_encounter(new, noon()).await.unwrap();

    for closed in ["/drills", "/drills/next", &format!("/drills/{}", ids[0]), "/api/v1/drills/next"] {
        assert_eq!(student.get(closed).await.status, 403, "{closed}");
    }
    let sent = json!({"attempt": Uuid::from_u128(1), "answer": "unknown"});
    assert_eq!(student.post(&format!("/api/v1/drills/{}/answers", ids[0]), &sent).await.status, 403);
}

#[tokio::test]
async fn what_a_drill_missed_is_offered_as_a_drill_and_is_in_the_learners_data() {
    let (app, ids) = with_items(&[DrillKind::LayWords, DrillKind::LayWords]).await;
    let student = app.actor("amara", Role::Student).await;
    let id = student.get("/api/v1/drills/next").await.ok()["id"].as_str().unwrap().to_owned();
    send(&student, &id, Uuid::from_u128(1), &Answer::Unknown).await;
    assert!(ids.contains(&id));

    let data = student.get("/api/v1/learners/me/data").await.ok();
    assert_eq!(data["drills"][0]["drill"], *id);
    for page in ["/drills", "/weak", "/home", &format!("/drills/answers/{}", Uuid::from_u128(1))] {
        assert_eq!(student.get(page).await.status, 200, "{page}");
    }
    let stranger = app.actor("lin", Role::Student).await;
    assert_eq!(stranger.get(&format!("/drills/answers/{}", Uuid::from_u128(1))).await.status, 404);
}

#[tokio::test]
async fn a_teacher_words_an_item_anew_and_goes_back() {
    let (app, ids) = with_items(&[DrillKind::Ratio]).await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let address = format!("/manage/drills/{}", ids[0]);
    let form = "application/x-www-form-urlencoded";
    assert_eq!(teacher.get(&address).await.status, 200);

    let refused = teacher.post_bytes(&address, form, b"explanation-zh=".to_vec()).await;
    assert_eq!(refused.status, 422);
    assert!(app.store().drill(&ids[0]).await.unwrap().unwrap().edit.is_none());
    let saved = teacher.post_bytes(&address, form, b"explanation-en=Because.".to_vec()).await;
    assert_eq!(saved.status, 303);

    let record = app.store().drill(&ids[0]).await.unwrap().unwrap();
    assert_eq!(record.item().explanation.en, "Because.");
    assert_ne!(record.made.explanation.en, "Because.", "what was made stays beside it");
    teacher.post_bytes(&format!("{address}/state"), form, b"do=original".to_vec()).await;
    assert!(app.store().drill(&ids[0]).await.unwrap().unwrap().edit.is_none());
}

#[tokio::test]
async fn an_item_of_another_graph_waits_until_it_holds_in_this_one() {
    let (app, ids) = with_items(&[DrillKind::Ratio]).await;
    let student = app.actor("amara", Role::Student).await;
    send(&student, &ids[0], Uuid::from_u128(1), &Answer::Unknown).await;
    let mut older = app.store().drill(&ids[0]).await.unwrap().unwrap().made;
    older.graph = "another".to_owned();
    assert!(app.store().keep_drill(older, noon()).await.unwrap());
    let stranger = app.actor("lin", Role::Student).await;
    assert_eq!(stranger.get("/api/v1/drills/next").await.status, 404, "nobody knows whether its key still holds");

    let renewed = app.state.drilling.renew(noon(), &app.state.closing).await.unwrap();

    assert_eq!(renewed, 1);
    assert_eq!(stranger.get("/api/v1/drills/next").await.ok()["id"], *ids[0]);
    assert_eq!(app.store().drill(&ids[0]).await.unwrap().unwrap().rating.answers, 1, "its figures stay");
}

#[tokio::test]
async fn as_many_as_are_wanted_are_made_ahead_and_no_more() {
    let app = TestApp::new().await;
    let made = app.state.drilling.stock(noon(), &app.state.closing).await.unwrap();
    assert!(made >= 6 * 8, "{made}");
    assert_eq!(app.state.drilling.stock(noon(), &app.state.closing).await.unwrap(), 0);
    let student = app.actor("amara", Role::Student).await;
    for page in ["/drills", "/drills/next?kind=order", "/drills/next"] {
        assert!(student.get(page).await.status.as_u16() < 400, "{page}");
    }
}

#[tokio::test]
async fn what_is_known_least_is_suggested_as_a_short_question_with_its_reason() {
    let (app, ids) = with_items(&[DrillKind::LayWords]).await;
    let user = app.user("amara", Role::Student).await;
    let student = app.browser(&user).await;
    let begun = student.post("/api/v1/encounters", &json!({"case": "chest-tightness-lin-58", "language": "en"})).await;
    let encounter = begun.ok()["id"].as_str().unwrap().to_owned();
    student.post(&format!("/api/v1/encounters/{encounter}/finish"), &json!({"diagnoses": []})).await.ok();
    let topic = app.store().drill(&ids[0]).await.unwrap().unwrap().item().topics[0].clone();
    let missed = Observation {
        topic: topic.clone(),
        section: app.state.graph.topic(&topic).unwrap().section.unwrap(),
        correct: false,
        guess: 0.03,
        source: Source::Drill(Uuid::from_u128(9)),
        at: noon(),
    };
    app.state.learning.observe(user.id, vec![missed], noon()).await.unwrap();

    let progress = student.get("/api/v1/learners/me/progress").await.ok();

    let first = &progress["suggestions"][0];
    assert_eq!(first["kind"], "item", "a patient was seen today: a short question first");
    assert!(first["based_on"].as_u64().unwrap() > 0);
    let href = format!("/drills/next?topic={}", first["topic"].as_str().unwrap());
    let home = student.get("/home").await.text();
    assert!(home.contains(&href), "{href}");
    let weak = student.get("/weak").await.text();
    assert!(weak.contains("/drills/next?topic="), "what was missed can be drilled");
    let declined = format!("key=item%3A{}", first["topic"].as_str().unwrap().replace(':', "%3A"));
    student.post_bytes("/suggestions/decline", "application/x-www-form-urlencoded", declined.into_bytes()).await;
    let progress = student.get("/api/v1/learners/me/progress").await.ok();
    assert!(progress["suggestions"].as_array().unwrap().iter().all(|one| one["kind"] != "item"), "not now");
}
