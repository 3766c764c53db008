//! Protections around every route.

use anamnesis::store::Role;
use axum::{
    body::Body,
    http::{Method, header},
};
use rstest::rstest;

use crate::support::TestApp;

#[rstest]
#[case("/api/v1/session")]
#[case("/api/v1/openapi.json")]
#[case("/healthz")]
#[case("/no/such/page")]
#[tokio::test]
async fn every_answer_has_the_security_headers_and_a_request_id(#[case] path: &str) {
    let app = TestApp::new().await;

    let answer = app.anonymous().get(path).await;

    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    assert!(answer.header("permissions-policy").contains("camera=()"));
    assert!(!answer.header("x-request-id").is_empty());
}

#[rstest]
#[case::our_own_page(Some("same-origin"), None, true)]
#[case::typed_address(Some("none"), None, true)]
#[case::other_site(Some("cross-site"), Some("https://evil.test"), false)]
#[case::sibling_site(Some("same-site"), Some("http://other.anamnesis.test"), false)]
#[case::old_browser_at_home(None, Some("http://anamnesis.test"), true)]
#[case::old_browser_elsewhere(None, Some("http://evil.test"), false)]
#[tokio::test]
async fn another_site_cannot_act_with_a_visitors_cookie(
    #[case] fetch_site: Option<&str>,
    #[case] origin: Option<&str>,
    #[case] allowed: bool,
) {
    let app = TestApp::new().await;
    let user = app.user("amara", Role::Student).await;
    let browser = app.browser(&user).await;
    let mut request = browser.request(Method::DELETE, "/api/v1/session");
    let headers = request.headers_mut().unwrap();
    headers.remove("sec-fetch-site");
    if let Some(site) = fetch_site {
        headers.insert("sec-fetch-site", site.parse().unwrap());
    }
    if let Some(origin) = origin {
        headers.insert(header::ORIGIN, origin.parse().unwrap());
    }

    let answer = browser.send(request.body(Body::empty()).unwrap()).await;

    if allowed {
        assert_eq!(answer.status, 204);
    } else {
        assert_eq!(answer.refusal(), (403, "cross-site".to_owned()));
        assert_eq!(browser.get("/api/v1/session").await.status, 200, "still signed in");
    }
}

#[tokio::test]
async fn a_token_request_may_come_from_anywhere() {
    let app = TestApp::new().await;
    let user = app.user("amara", Role::Student).await;
    let program = app.program(&user).await;
    let request = program
        .request(Method::DELETE, "/api/v1/session")
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://elsewhere.test");

    assert_eq!(program.send(request.body(Body::empty()).unwrap()).await.status, 204);
}

#[rstest]
#[case::not_json("application/json", b"{\"login\":".to_vec(), 400, "malformed")]
#[case::not_utf8("application/json", b"{\"login\":\"\xff\xfe\",\"password\":\"x\"}".to_vec(), 400, "malformed")]
#[case::other_shape("application/json", b"{\"login\":5,\"password\":\"x\"}".to_vec(), 422, "invalid")]
#[case::unknown_key("application/json", b"{\"login\":\"a\",\"password\":\"x\",\"admin\":true}".to_vec(), 422, "invalid")]
#[case::a_form("application/x-www-form-urlencoded", b"login=a&password=x".to_vec(), 415, "not-json")]
#[case::too_large("application/json", vec![b' '; 1_100_000], 413, "too-large")]
#[tokio::test]
async fn a_body_that_cannot_be_used_is_refused_with_its_reason(
    #[case] content_type: &str,
    #[case] body: Vec<u8>,
    #[case] status: u16,
    #[case] code: &str,
) {
    let app = TestApp::new().await;

    let answer = app.anonymous().post_bytes("/api/v1/session", content_type, body).await;

    assert_eq!(answer.refusal(), (status, code.to_owned()));
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_told_in_the_apis_shape() {
    let app = TestApp::new().await;

    assert_eq!(app.anonymous().get("/api/v1/no-such-thing").await.refusal(), (404, "not-found".to_owned()));
    let answer = app.anonymous().post("/api/v1/openapi.json", &serde_json::json!({})).await;
    assert_eq!(answer.refusal(), (405, "method-not-allowed".to_owned()));
}

#[tokio::test]
async fn health_is_told_to_anyone() {
    let app = TestApp::new().await;

    assert_eq!(app.anonymous().get("/healthz").await.text(), "ok\n");
}
