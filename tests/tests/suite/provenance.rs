//! A case keeps where it comes from: through export, import and copying.

use anamnesis::store::Role;
use axum::http::Method;
use serde_json::json;

use crate::support::{Actor, TestApp};

const CASE: &str = "chest-tightness-lin-58";

async fn exported(teacher: &Actor<'_>, id: &str, version: u32) -> String {
    let answer = teacher.get(&format!("/manage/cases/{id}/{version}/file")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

async fn posted(teacher: &Actor<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let body = fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let request = teacher.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
    let answer = teacher.open(request.body(body.into()).unwrap()).await;
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_case_names_what_it_is_based_on_after_export_import_and_copying() {
    let (here, there) = (TestApp::new().await, TestApp::new().await);
    let (keller, mori) = (here.actor("keller", Role::Teacher).await, there.actor("mori", Role::Teacher).await);
    let original = here.store().latest_case(CASE).await.unwrap().unwrap();

    // Started from a shipped case, given a title of its own, stored.
    let form = posted(&keller, "/manage/cases/write", &[("way", "case"), ("case", CASE)]).await;
    let id = form.split('/').nth(3).unwrap().to_owned();
    posted(&keller, &form, &[("step", "1"), ("title.en", "Tightness+again"), ("do", "keep")]).await;
    let file = exported(&keller, &id, 1).await;
    let read = cases::parse(&file, "a.toml").unwrap();
    assert_eq!(read.based_on[0].hash.as_ref(), Some(&original.hash));

    // Imported elsewhere, where the original is not stored; copied once more and exported.
    let handed_on = keller.get(&format!("/api/v1/cases/{id}/versions/1/file")).await.ok();
    assert_eq!(handed_on["toml"], file);
    assert_eq!(mori.post("/api/v1/cases", &handed_on).await.status, 201);
    let page = mori.get(&format!("/manage/cases/{id}/1")).await;
    assert!(page.text().contains("As it was exported"), "{}", page.text());
    let form = posted(&mori, "/manage/cases/write", &[("way", "case"), ("case", &id)]).await;
    let copy = form.split('/').nth(3).unwrap().to_owned();
    posted(&mori, &form, &[("step", "1"), ("title.en", "Tightness+once+more"), ("do", "keep")]).await;

    let last = cases::parse(&exported(&mori, &copy, 1).await, "b.toml").unwrap();
    let named: Vec<(&str, u32, &str)> =
        last.based_on.iter().map(|one| (one.id.as_str(), one.version, one.licence.as_str())).collect();
    assert_eq!(
        named,
        [(id.as_str(), 1, "CC-BY-4.0"), (id.as_str(), 1, "CC-BY-4.0"), (CASE, original.version, "CC-BY-4.0")]
    );
    assert_eq!(last.exported.as_ref().map(|one| one.hash.clone()), Some(cases::content_hash(&last)));
    let page = mori.get(&format!("/manage/cases/{copy}/1")).await;
    assert!(page.text().contains("Started from") && page.text().contains(CASE), "{}", page.text());
}

#[tokio::test]
async fn a_file_changed_since_it_was_exported_is_taken_and_said_to_be_changed() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let version = app.store().latest_case(CASE).await.unwrap().unwrap().version;
    let file = exported(&teacher, CASE, version).await;
    let changed = file.replacen(&format!("id = \"{CASE}\""), "id = \"tight-chest-1\"", 1);

    let checked = teacher.post("/api/v1/cases", &json!({ "toml": changed })).await;

    assert_eq!(checked.status, 201, "{}", checked.text());
    let problem = checked.json()["problems"][0].clone();
    assert_eq!(problem["path"], "exported.hash");
    assert_eq!(problem["severity"], "warning");
    let page = teacher.get(&format!("/manage/cases/tight-chest-1/{version}")).await;
    assert!(page.text().contains("Changed since it was exported"), "{}", page.text());
}

#[tokio::test]
async fn a_file_without_provenance_is_imported_and_one_with_damaged_provenance_says_where() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let record = app.store().latest_case(CASE).await.unwrap().unwrap();
    let bare = record.toml.replacen(&format!("id = \"{CASE}\""), "id = \"tight-chest-1\"", 1);
    assert_eq!(teacher.post("/api/v1/cases", &json!({ "toml": bare })).await.status, 201);

    let file = exported(&teacher, CASE, record.version).await;
    let damaged = file.replacen(&format!("hash = \"{}\"", record.hash), "hash = \"lost\"", 1);
    let answer = teacher.post("/api/v1/cases", &json!({ "toml": damaged })).await;

    assert_eq!(answer.refusal(), (422, "case-invalid".to_owned()));
    let problem = &answer.json()["error"]["problems"][0];
    assert_eq!((&problem["file"], &problem["path"]), (&json!("case.toml"), &json!("exported.hash")));
    assert!(problem["line"].as_u64().is_some_and(|line| line > 1), "{problem}");
    assert!(problem["mend"]["zh"].as_str().is_some_and(|mend| !mend.is_empty()), "{problem}");
}

#[tokio::test]
async fn a_case_made_from_the_graph_says_of_which_disease_seed_and_graph() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    let made = teacher.post("/api/v1/cases:generate", &json!({"disease": "gout", "seed": 7})).await.json();
    let id = made["case"]["id"].as_str().unwrap();

    let case = cases::parse(&exported(&teacher, id, 1).await, "a.toml").unwrap();

    let noted = case.generated.unwrap();
    assert_eq!((noted.disease.as_deref(), noted.seed), (Some("gout"), 7));
    assert_eq!(noted.graph, crate::support::graph().content_hash());
    let page = teacher.get(&format!("/manage/cases/{id}/1")).await;
    assert!(page.text().contains("Made from the graph for") && page.text().contains("seed 7"), "{}", page.text());
}
