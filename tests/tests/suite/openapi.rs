//! The description of the API is a contract: a change of it is a change of the product.

use crate::support::TestApp;

#[test]
fn the_description_is_as_reviewed() {
    let mut description = serde_json::to_value(anamnesis::web::api::openapi()).unwrap();
    description["info"]["version"] = "…".into();

    insta::assert_json_snapshot!(description);
}

#[tokio::test]
async fn every_operation_says_what_it_does_and_names_what_it_answers() {
    let app = TestApp::new().await;
    let description = app.anonymous().get("/api/v1/openapi.json").await.ok();

    assert_eq!(description, serde_json::to_value(anamnesis::web::api::openapi()).unwrap());
    let mut operations = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}");
            assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{method} {path}");
            operations += 1;
        }
    }
    assert!(operations > 15, "{operations}");
}
