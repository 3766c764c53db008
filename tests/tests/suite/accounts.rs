//! Signing in and out, and who may do what.

use anamnesis::store::Role;
use axum::http::{Method, header};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{TestApp, noon};

const PASSWORD: &str = "correct horse";

fn credentials(password: &str) -> serde_json::Value {
    json!({ "login": "Amara", "password": password })
}

#[tokio::test]
async fn signing_in_sets_a_cookie_that_scripts_cannot_read_and_opens_the_account() {
    let app = TestApp::new().await;
    app.user_with_password("amara", Role::Student, PASSWORD).await;
    let anonymous = app.anonymous();

    let answer = anonymous.post("/api/v1/session", &credentials(PASSWORD)).await;

    assert_eq!(answer.ok()["login"], "amara");
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["anamnesis=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let session = cookie.split(';').next().unwrap();
    let request = anonymous.request(Method::GET, "/api/v1/session").header(header::COOKIE, session);
    let who = anonymous.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(who.ok()["role"], "student");
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let settings = anamnesis::config::Settings { secure_cookies: Some(true), ..Default::default() };
    let app = TestApp::with(settings, std::sync::Arc::new(models::ScriptedEngine)).await;
    app.user_with_password("amara", Role::Student, PASSWORD).await;

    let answer = app.anonymous().post("/api/v1/session", &credentials(PASSWORD)).await;

    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-anamnesis=") && cookie.contains("Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").contains("max-age"));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_are_told_alike() {
    let app = TestApp::new().await;
    app.user_with_password("amara", Role::Student, PASSWORD).await;
    app.user("locked", Role::Student).await;

    let wrong = app.anonymous().post("/api/v1/session", &credentials("incorrect horse")).await;
    let unknown = app.anonymous().post("/api/v1/session", &json!({"login": "nobody", "password": PASSWORD})).await;
    let locked = app.anonymous().post("/api/v1/session", &json!({"login": "locked", "password": "!"})).await;

    assert_eq!(wrong.refusal(), (401, "wrong-password".to_owned()));
    assert_eq!((unknown.status, &unknown.body), (wrong.status, &wrong.body));
    assert_eq!((locked.status, &locked.body), (wrong.status, &wrong.body));
    assert_eq!(wrong.header("set-cookie"), "");
}

#[tokio::test]
async fn guessing_is_slowed_down_even_for_the_right_password() {
    let app = TestApp::new().await;
    app.user_with_password("amara", Role::Student, PASSWORD).await;
    for _ in 0..8 {
        app.anonymous().post("/api/v1/session", &credentials("guess guess")).await;
    }

    let answer = app.anonymous().post("/api/v1/session", &credentials(PASSWORD)).await;

    assert_eq!(answer.refusal(), (429, "too-many-attempts".to_owned()));
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_session_ends_by_signing_out_and_by_time() {
    let app = TestApp::new().await;
    let user = app.user("amara", Role::Student).await;
    let (first, second) = (app.browser(&user).await, app.browser(&user).await);

    let answer = first.delete("/api/v1/session").await;

    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "{}", answer.header("set-cookie"));
    assert_eq!(first.get("/api/v1/session").await.refusal(), (401, "signed-out".to_owned()));
    assert_eq!(second.get("/api/v1/session").await.status, 200);
    app.clock.set(noon() + SignedDuration::from_hours(24 * 7));
    assert_eq!(second.get("/api/v1/session").await.status, 401);
}

#[tokio::test]
async fn a_program_uses_its_token_and_a_wrong_one_hides_behind_no_cookie() {
    let app = TestApp::new().await;
    let user = app.user("amara", Role::Student).await;
    let (program, browser) = (app.program(&user).await, app.browser(&user).await);

    assert_eq!(program.get("/api/v1/session").await.ok()["login"], "amara");
    let both = browser.request(Method::GET, "/api/v1/session").header(header::AUTHORIZATION, "Bearer wrong");
    let answer = browser.send(both.body(axum::body::Body::empty()).unwrap()).await;

    assert_eq!(answer.refusal(), (401, "signed-out".to_owned()));
    assert_eq!(answer.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn metrics_are_for_administrators_and_for_this_machine() {
    let app = TestApp::new().await;
    let (student, admin) = (app.actor("amara", Role::Student).await, app.actor("root", Role::Admin).await);
    let through_a_proxy = |actor: &crate::support::Actor<'_>| {
        let request = actor.request(Method::GET, "/metrics").header("x-forwarded-for", "203.0.113.9");
        request.body(axum::body::Body::empty()).unwrap()
    };

    assert_eq!(app.anonymous().get("/metrics").await.status, 200);
    assert_eq!(app.anonymous().send(through_a_proxy(&app.anonymous())).await.status, 401);
    assert_eq!(student.send(through_a_proxy(&student)).await.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(admin.send(through_a_proxy(&admin)).await.status, 200);
}
