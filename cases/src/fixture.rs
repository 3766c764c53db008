//! A small graph and a small correct case for tests.

use knowledge_graph::{Facet, Graph};

use crate::format::Case;

/// A case file in the fixed layout, correct against [`graph`].
pub(crate) fn text() -> String {
    include_str!("fixture.toml").to_owned()
}

/// The case of [`text`].
pub(crate) fn case() -> Case {
    toml::from_str(&text()).unwrap()
}

/// A graph with two chest-pain diseases.
pub(crate) fn graph() -> Graph {
    let mut facets = String::new();
    for facet in Facet::ALL {
        facets.push_str(&FACET.replace("ID", facet.as_str()));
    }
    let files = [
        ("facets.toml", facets),
        ("topics/all.toml", topics()),
        ("findings/all.toml", FINDINGS.to_owned()),
        ("tests/all.toml", TESTS.to_owned()),
        ("diseases/cardiovascular/infarction.toml", disease("infarction", "Infarction", "梗死", "tearing-pain", 0.02)),
        ("diseases/cardiovascular/dissection.toml", disease("dissection", "Dissection", "夹层", "tearing-pain", 0.6)),
    ];
    Graph::load(files).unwrap()
}

const FACET: &str = r#"
[[facet]]
id = "ID"
name = { en = "ID", zh = "方面ID" }
cues = { en = ["cue ID"], zh = ["问ID"] }
templates = { en = ["ID of the {finding}?"], zh = ["{finding}的ID？"] }
"#;

fn topics() -> String {
    let topic = |id: &str, section: &str, zh: &str, parent: &str| {
        format!(
            "[[topic]]\nid = \"{id}\"\nsection = \"{section}\"\nname = {{ en = \"{id}\", zh = \"{zh}\" }}\n{parent}\n"
        )
    };
    [
        topic("history:smoking", "social-history", "吸烟", ""),
        topic("history:past-conditions", "past-history", "既往病", ""),
        topic("history:diabetes", "past-history", "糖尿病", "parent = \"history:past-conditions\""),
        topic("history:family-history", "family-history", "家族史", ""),
        topic("history:lmp", "menstrual-obstetric", "末次月经", ""),
    ]
    .concat()
}

fn disease(id: &str, en: &str, zh: &str, finding: &str, frequency: f64) -> String {
    format!(
        r#"id = "{id}"
name = {{ en = "{en}", zh = "{zh}" }}
synonyms = {{ en = ["{en} of the chest", "X{}"], zh = ["胸{zh}"] }}
system = "cardiovascular"
summary = {{ en = "{en} is a disease.", zh = "{zh}是一种病。" }}
dangerous = true

[epidemiology]
incidence = 100.0
age = {{ "40-59" = 0.5, "60-79" = 0.5 }}
female = 0.4
evidence = "unverified"

[[presents_with]]
finding = "chest-pain"
frequency = 0.9
presenting = true
evidence = "unverified"
tells = {{ en = ["My chest hurts."], zh = ["我胸口疼。"] }}

[[presents_with]]
finding = "{finding}"
frequency = {frequency}
evidence = "unverified"
"#,
        id[..1].to_uppercase()
    )
}

const FINDINGS: &str = r#"
[[finding]]
id = "chest-pain"
kind = "symptom"
name = { en = "Chest pain", zh = "胸痛" }
lay = { en = ["chest pain"], zh = ["胸口疼"] }
system = "cardiovascular"
facets = ["onset"]

[[finding]]
id = "tearing-pain"
kind = "symptom"
name = { en = "Tearing pain", zh = "撕裂样痛" }
lay = { en = ["tearing pain"], zh = ["撕着疼"] }
system = "cardiovascular"
parent = "chest-pain"

[[finding]]
id = "vaginal-bleeding"
kind = "symptom"
name = { en = "Vaginal bleeding", zh = "阴道出血" }
lay = { en = ["vaginal bleeding"], zh = ["下面出血"] }
system = "gynaecological"

[[finding]]
id = "testicular-pain"
kind = "symptom"
name = { en = "Testicular pain", zh = "睾丸痛" }
lay = { en = ["testicular pain"], zh = ["睾丸疼"] }
system = "genitourinary"
"#;

const TESTS: &str = r#"
[[test]]
id = "heart-sounds"
kind = "examination"
name = { en = "Heart sounds", zh = "心脏听诊" }
normal = { en = "Normal heart sounds.", zh = "心音正常。" }

[[test]]
id = "troponin"
kind = "laboratory"
name = { en = "Troponin", zh = "肌钙蛋白" }
normal = { en = "Not raised.", zh = "不高。" }
quantities = [{ id = "troponin", name = { en = "Troponin", zh = "肌钙蛋白" }, unit = "ng/L", high = 14.0 }]
"#;
