//! The disease graph: over the API and on its pages; who may read it, and what is said of what it
//! does not have.

use anamnesis::store::Role;
use axum::http::{Method, header};
use knowledge_graph::hpo::{Files, RareLayer, SourceFile};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestApp};

const CASE: &str = "chest-tightness-lin-58";

const ADDRESSES: [&str; 10] = [
    "/search?q=pain",
    "/diseases/pulmonary-embolism",
    "/nodes/finding:chest-pain",
    "/differential?present=chest-pain",
    "/next?present=chest-pain",
    "/movers?present=chest-pain&top=2",
    "/why?topic=finding:chest-pain/onset&disease=pulmonary-embolism",
    "/path?from=finding:chest-pain&to=disease:pulmonary-embolism",
    "/compare?a=acute-coronary-syndrome&b=pulmonary-embolism",
    "/comorbid?disease=acute-coronary-syndrome&with=type-2-diabetes",
];

const PAGES: [&str; 6] = [
    "/graph",
    "/graph?q=chest+pain",
    "/graph/diseases/pulmonary-embolism",
    "/graph/findings/chest-pain",
    "/graph/compare?a=acute-coronary-syndrome&b=pulmonary-embolism",
    "/graph/mind?present=finding:chest-pain&absent=finding:fever&age=60&sex=male",
];

async fn ask(actor: &Actor<'_>, address: &str) -> Answer {
    actor.get(&format!("/api/v1/graph{address}")).await
}

/// The page, read in `language`.
async fn page(actor: &Actor<'_>, path: &str, language: &str) -> Answer {
    let request = actor.request(Method::GET, path).header(header::ACCEPT_LANGUAGE, language);
    actor.send(request.body(axum::body::Body::empty()).unwrap()).await
}

async fn begin(student: &Actor<'_>, mode: &str) -> String {
    let begun = student.post("/api/v1/encounters", &json!({"case": CASE, "language": "en", "mode": mode})).await.ok();
    begun["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn anybody_signed_in_may_read_the_graph_and_nobody_else() {
    let app = TestApp::new().await;
    let (student, teacher) = (app.actor("amara", Role::Student).await, app.actor("keller", Role::Teacher).await);

    for address in ADDRESSES {
        for reader in [&student, &teacher] {
            let answer = ask(reader, address).await;
            assert_eq!(answer.status, 200, "{address}: {}", answer.text());
        }
        assert_eq!(ask(&app.anonymous(), address).await.refusal(), (401, "signed-out".to_owned()), "{address}");
    }
    for path in PAGES {
        assert_eq!(page(&student, path, "en").await.status, 200, "{path}");
        assert_eq!(app.anonymous().get(path).await.status, 303, "{path}");
    }
}

#[tokio::test]
async fn the_graph_is_closed_while_a_students_exam_runs_and_opens_when_it_ends() {
    let app = TestApp::new().await;
    let user = app.user("amara", Role::Student).await;
    let (browser, program) = (app.browser(&user).await, app.program(&user).await);
    let practising = begin(&browser, "practice").await;

    assert_eq!(ask(&browser, ADDRESSES[1]).await.status, 200, "practice {practising}");
    let exam = begin(&browser, "exam").await;

    for reader in [&browser, &program] {
        for address in ADDRESSES {
            assert_eq!(ask(reader, address).await.refusal(), (403, "exam-running".to_owned()), "{address}");
        }
    }
    for path in PAGES {
        let closed = page(&browser, path, "zh").await;
        assert_eq!(closed.status, 403, "{path}");
        assert!(closed.text().contains("考试期间不开放疾病图谱"), "{path}: {}", closed.text());
        assert!(!closed.text().contains("肺栓塞"), "{path}");
    }
    browser.post(&format!("/api/v1/encounters/{exam}/abandon"), &json!({})).await;
    assert_eq!(ask(&browser, ADDRESSES[1]).await.status, 200);
}

#[tokio::test]
async fn a_teacher_who_tries_a_case_as_an_exam_may_still_read() {
    let app = TestApp::new().await;
    let teacher = app.actor("keller", Role::Teacher).await;
    begin(&teacher, "exam").await;

    assert_eq!(ask(&teacher, ADDRESSES[1]).await.status, 200);
}

#[rstest]
#[case("/diseases/pulmonary-embolsm", 404, "unknown-disease", "`disease:pulmonary-embolism`")]
#[case("/nodes/chestpain", 404, "unknown-topic", "`finding:chest-pain`")]
#[case("/nodes/disease:pulmonary-embolism", 404, "unknown-topic", "/graph/diseases/")]
#[case("/nodes/not%20an%20id", 400, "malformed", "lower-case")]
#[case("/differential?present=chestpain", 404, "unknown-topic", "`finding:chest-pain`")]
#[case("/differential?present=chest-pain&age=60", 400, "malformed", "together")]
#[case("/differential?present=chest-pain&rare=true", 404, "no-rare-diseases", "make rare")]
#[case("/differential?presents=chest-pain", 400, "malformed", "presents")]
#[case("/next?present=HP:0000873", 400, "malformed", "rare=true")]
#[case("/rare/ORPHA:905", 404, "no-rare-diseases", "make rare")]
#[case("/why?topic=finding:chest-pain&disease=nothing-like-it", 404, "unknown-disease", "search")]
#[case("/compare?a=pulmonary-embolism&b=gut", 404, "unknown-disease", "`disease:gout`")]
#[case("/search?q=%20", 400, "malformed", "English or Chinese")]
#[case("/search", 400, "malformed", "q")]
#[tokio::test]
async fn what_the_graph_does_not_have_is_refused_with_what_may_have_been_meant(
    #[case] address: &str,
    #[case] status: u16,
    #[case] code: &str,
    #[case] mend: &str,
) {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    let answer = ask(&student, address).await;

    assert_eq!(answer.refusal(), (status, code.to_owned()), "{}", answer.text());
    let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains(mend), "{message}");
}

#[rstest]
#[case("heart attack", "disease:acute-coronary-syndrome")]
#[case("心梗", "disease:acute-coronary-syndrome")]
#[case("胸口痛", "finding:chest-pain")]
#[case("finding:chest-pain", "finding:chest-pain")]
#[tokio::test]
async fn a_search_understands_lay_words_of_both_languages_and_ids(#[case] text: &str, #[case] wanted: &str) {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let encoded = text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02X}"));

    let found = ask(&student, &format!("/search?q={encoded}&top=5")).await.ok();

    let ids: Vec<&str> = found["topics"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&wanted), "{ids:?}");
    assert!(ids.len() <= 5 && found["credit"].is_null(), "{found}");
}

#[tokio::test]
async fn every_edge_of_a_disease_has_a_grade_and_every_source_it_names_is_cited() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    let disease = ask(&student, "/diseases/acute-coronary-syndrome").await.ok();

    let cited: Vec<&Value> = disease["sources"].as_array().unwrap().iter().map(|source| &source["id"]).collect();
    let mut edges = 0;
    for kind in ["findings", "risk_factors", "tests", "treatments", "differentials", "comorbidities", "complications"] {
        for edge in disease[kind].as_array().unwrap() {
            assert!(edge["evidence"].is_string(), "{edge}");
            assert!(edge["source"].is_null() || cited.contains(&&edge["source"]), "{edge}");
            assert!(edge["source"].is_string() || edge["evidence"] == "unverified", "{edge}");
            edges += 1;
        }
    }
    assert!(edges > 40, "{edges}");
}

#[tokio::test]
async fn a_differential_names_what_counted_with_its_source_and_sums_to_one() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    let picture = "present=finding:chest-pain,finding:sweating&absent=fever&age=60&sex=male";

    let all = ask(&student, &format!("/differential?{picture}&top=200")).await.ok();
    let few = ask(&student, &format!("/differential?{picture}&top=3")).await.ok();

    let posteriors = all["posteriors"].as_array().unwrap();
    let sum: f64 = posteriors.iter().map(|one| one["probability"].as_f64().unwrap()).sum();
    assert!((sum + all["something_else"].as_f64().unwrap() - 1.0).abs() < 1e-6, "{sum}");
    assert_eq!(few["posteriors"].as_array().unwrap().len(), 3);
    let first = &few["posteriors"][0];
    let name = &few["names"][format!("disease:{}", first["disease"].as_str().unwrap())];
    assert!(name["zh"].is_string(), "{few}");
    let sourced = first["contributions"].as_array().unwrap().iter().filter(|one| one["source"].is_string());
    for contribution in sourced {
        let cited = few["cited"].as_array().unwrap();
        assert!(cited.iter().any(|source| source["id"] == contribution["source"]), "{contribution}");
    }
}

#[tokio::test]
async fn movers_say_what_the_differential_says_with_the_answer() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    let movers = ask(&student, "/movers?present=chest-pain&top=1").await.ok();
    let mover = &movers["movers"][0];
    let topic = mover["topic"].as_str().unwrap();
    let then = ask(&student, &format!("/differential?present=chest-pain,{topic}&top=200")).await.ok();

    for belief in mover["present"]["beliefs"].as_array().unwrap() {
        let same =
            then["posteriors"].as_array().unwrap().iter().find(|one| one["disease"] == belief["disease"]).unwrap();
        let (after, posterior) = (belief["after"].as_f64().unwrap(), same["probability"].as_f64().unwrap());
        assert!((after - posterior).abs() < 1e-9, "{belief} {same}");
    }
}

#[tokio::test]
async fn the_other_questions_answer_what_the_command_line_answers() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    let why = ask(&student, ADDRESSES[6]).await.ok();
    let path = ask(&student, ADDRESSES[7]).await.ok();
    let compared = ask(&student, ADDRESSES[8]).await.ok();
    let together = ask(&student, ADDRESSES[9]).await;
    let next = ask(&student, "/next?present=chest-pain&top=4").await.ok();

    assert!(why["sentence"]["zh"].as_str().is_some_and(|text| !text.is_empty()), "{why}");
    assert_eq!(path[0]["topic"], "finding:chest-pain");
    assert!(compared["findings"].as_array().unwrap().len() > 10 && compared["cited"].as_array().unwrap().len() > 1);
    assert_eq!(next["questions"].as_array().unwrap().len(), 4);
    let together = together.ok();
    assert!(!together["changes"].as_array().unwrap().is_empty(), "{together}");
}

#[tokio::test]
async fn pages_are_in_the_readers_language_and_lead_to_each_other() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    let english = page(&student, PAGES[2], "en").await.text();
    let chinese = page(&student, PAGES[2], "zh").await.text();

    assert!(english.contains("<h1>Pulmonary embolism</h1>") && english.contains("systematic review"), "{english}");
    assert!(chinese.contains("<h1>肺栓塞</h1>") && chinese.contains("系统评价"), "{chinese}");
    assert!(english.contains(r#"href="/graph/findings/dyspnoea""#));
    assert!(english.contains("https://pubmed.ncbi.nlm.nih.gov/"));
    assert!(!english.contains("style="), "no inline style passes the content security policy");
    for path in PAGES {
        assert!(page(&student, path, "zh").await.text().contains(r#"<a href="/graph" aria-current="page">"#), "{path}");
    }
}

#[tokio::test]
async fn a_page_of_an_unknown_id_offers_the_nearest_and_a_rare_one_says_how_to_install_it() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    let misspelt = page(&student, "/graph/diseases/pulmonary-embolsm", "en").await;
    let rare = page(&student, "/graph/rare/ORPHA:905", "zh").await;
    let nothing = page(&student, "/graph/nonsense/chest-pain", "en").await;

    assert_eq!((misspelt.status.as_u16(), rare.status.as_u16(), nothing.status.as_u16()), (404, 404, 404));
    assert!(misspelt.text().contains(r#"href="/graph/diseases/pulmonary-embolism""#), "{}", misspelt.text());
    assert!(rare.text().contains("make rare"), "{}", rare.text());
}

/// A release with one disease and one term, imported as the command line does it.
fn install_rare_diseases(app: &TestApp) {
    let ontology = "data-version: hp/releases/2030-01-01\n\n\
                    [Term]\nid: HP:0000118\nname: Finding\n\n\
                    [Term]\nid: HP:0000873\nname: Diabetes insipidus\nis_a: HP:0000118\n";
    let annotations = "#version: 2030-01-01\n\
        database_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\tmodifier\taspect\tbiocuration\n\
        ORPHA:1\tZebra syndrome\t\tHP:0000873\tPMID:123\tPCS\t\tHP:0040281\t\t\tP\tHPO:me\n";
    let files = Files {
        ontology: SourceFile { name: "hp.obo", text: ontology },
        annotations: SourceFile { name: "phenotype.hpoa", text: annotations },
        chinese: None,
    };
    let (layer, _) = RareLayer::import(files).unwrap();
    anamnesis::rare::keep(&layer, &anamnesis::rare::file(&app.state.config)).unwrap();
}

#[tokio::test]
async fn rare_diseases_imported_while_the_server_runs_take_part_with_their_credit() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;
    assert!(page(&student, "/graph", "en").await.text().contains("make rare"));

    install_rare_diseases(&app);

    let credit = "Human Phenotype Ontology, release 2030-01-01";
    let found = ask(&student, "/search?q=zebra").await.ok();
    let disease = ask(&student, "/rare/ORPHA:1").await.ok();
    let differential = ask(&student, "/differential?present=HP:0000873&rare=true&top=200").await.ok();
    let next = ask(&student, "/next?present=HP:0000873&rare=true").await.ok();
    assert_eq!(found["rare"][0]["id"], "ORPHA:1");
    assert_eq!(disease["annotations"][0]["term"], "HP:0000873");
    let candidates = differential["candidates"].as_array().unwrap();
    assert!(candidates.iter().any(|one| one["origin"] == "hpo" && one["disease"] == "ORPHA:1"), "{differential}");
    for answer in [&found, &disease, &differential, &next] {
        assert!(answer["credit"].as_str().is_some_and(|text| text.contains(credit)), "{answer}");
    }
    let address = "/graph/mind?present=HP:0000873&rare=on";
    for path in ["/graph", "/graph?q=zebra", "/graph/rare/ORPHA:1", "/graph/rare/HP:0000873", address] {
        let shown = page(&student, path, "zh").await;
        assert!(shown.status == 200 && shown.text().contains(credit), "{path}: {}", shown.text());
    }
    let shown = page(&student, "/graph/rare/ORPHA:1", "zh").await.text();
    assert!(shown.contains("很常见") && shown.contains("https://pubmed.ncbi.nlm.nih.gov/123/"), "{shown}");
    assert_eq!(ask(&student, "/rare/ORPHA:2").await.refusal(), (404, "unknown-rare".to_owned()));
}

#[tokio::test]
async fn words_typed_without_scripts_are_understood_or_offered_for_choice() {
    let app = TestApp::new().await;
    let student = app.actor("amara", Role::Student).await;

    let clear = student.get("/graph/mind?present=finding:fever&add=Chest+pain&as=absent").await;
    let vague = student.get("/graph/mind?add=pain&as=present").await;
    let odd = student.get("/graph/mind?present=finding:zebra,finding:fever&age=old&sex=male").await;

    assert_eq!(clear.header("location"), "/graph/mind?present=finding:fever&absent=finding:chest-pain");
    assert!(vague.text().contains("Which do you mean by"), "{}", vague.text());
    assert!(odd.text().contains("finding:zebra") && odd.status == 200, "{}", odd.text());
}
