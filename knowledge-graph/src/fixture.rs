//! A small graph for tests: two chest-pain diseases and what separates them.

use crate::{Facet, Graph, Problem};

/// Files of a correct graph.
pub(crate) fn files() -> Vec<(String, String)> {
    [
        ("sources/all.toml", SOURCES),
        ("topics/social.toml", TOPICS),
        ("findings/cardiovascular.toml", FINDINGS),
        ("risk-factors/all.toml", RISK_FACTORS),
        ("tests/all.toml", TESTS),
        ("treatments/all.toml", TREATMENTS),
        ("diseases/cardiovascular/dissection.toml", DISSECTION),
        ("diseases/cardiovascular/infarction.toml", INFARCTION),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .chain([("facets.toml".to_owned(), facets())])
    .collect()
}

/// The graph of [`files`].
pub(crate) fn graph() -> Graph {
    Graph::load(files()).unwrap()
}

/// What loading says after `old` became `new` in `file`.
pub(crate) fn problems_after(file: &str, old: &str, new: &str) -> Vec<Problem> {
    let mut files = files();
    let (_, text) = files.iter_mut().find(|(path, _)| path == file).unwrap();
    assert!(text.contains(old), "{file} does not hold {old:?}");
    *text = text.replacen(old, new, 1);
    match Graph::load(files) {
        Ok(graph) => graph.warnings().to_vec(),
        Err(problems) => problems,
    }
}

fn facets() -> String {
    let entries = Facet::ALL.iter().map(|facet| {
        format!(
            "[[facet]]\nid = \"{facet}\"\nname = {{ en = \"{facet} en\", zh = \"{facet} 中\" }}\n\
                 cues = {{ en = [\"cue {facet}\"], zh = [\"问{facet}\"] }}\n\
                 templates = {{ en = [\"{facet} of the {{finding}}?\"], zh = [\"{{finding}}的{facet}？\"] }}\n\n"
        )
    });
    entries.collect::<Vec<_>>().concat()
}

const SOURCES: &str = r#"[[source]]
id = "review"
title = "A review"
authors = "Someone"
year = 2015
evidence = "systematic-review"

[[source]]
id = "book"
title = "A textbook"
authors = "Someone else"
year = 2020
evidence = "textbook"
"#;

const TOPICS: &str = r#"[[topic]]
id = "history:substances"
section = "social-history"
name = { en = "Substances", zh = "物质使用" }

[[topic]]
id = "history:smoking"
section = "social-history"
name = { en = "Smoking", zh = "吸烟" }
lay = { en = ["smoke", "cigarettes"], zh = ["抽烟"] }
facets = ["amount", "duration"]
parent = "history:substances"

[[topic]]
id = "history:drug-allergy"
section = "allergies"
name = { en = "Drug allergy", zh = "药物过敏" }
why = { en = "An allergy decides which drugs are safe.", zh = "过敏史决定哪些药物可以安全使用。" }
"#;

const FINDINGS: &str = r#"[[finding]]
id = "chest-pain"
kind = "symptom"
name = { en = "Chest pain", zh = "胸痛" }
lay = { en = ["pain in the chest"], zh = ["胸口痛"] }
system = "cardiovascular"
section = "presenting-complaint"
facets = ["onset", "radiation"]
red_flag = true

[[finding]]
id = "tearing-pain"
kind = "symptom"
name = { en = "Tearing chest pain", zh = "撕裂样胸痛" }
lay = { en = ["ripping pain"], zh = ["撕开一样痛"] }
system = "cardiovascular"
parent = "chest-pain"
red_flag = true

[[finding]]
id = "sweating"
kind = "symptom"
name = { en = "Sweating", zh = "出汗" }
lay = { en = ["sweaty"], zh = ["冒汗"] }
system = "general"
background = 0.05

[[finding]]
id = "nausea"
kind = "symptom"
name = { en = "Nausea", zh = "恶心" }
lay = { en = ["feeling sick"], zh = ["想吐"] }
system = "gastrointestinal"
background = 0.08

[[finding]]
id = "pulse-difference"
kind = "sign"
name = { en = "Pulse difference between the arms", zh = "双上肢脉搏不对称" }
lay = { en = [], zh = [] }
system = "cardiovascular"
test = "vascular-examination"
background = 0.01
"#;

const RISK_FACTORS: &str = r#"[[risk_factor]]
id = "smoking"
name = { en = "Smoking", zh = "吸烟" }
asked_as = "history:smoking"
tells = { en = "I smoke a pack a day.", zh = "我每天抽一包烟。" }
background = 0.25
"#;

const TESTS: &str = r#"[[test]]
id = "vascular-examination"
kind = "examination"
name = { en = "Vascular examination", zh = "血管检查" }
normal = { en = "Pulses equal.", zh = "脉搏对称。" }

[[test]]
id = "troponin"
kind = "laboratory"
name = { en = "Troponin", zh = "肌钙蛋白" }
normal = { en = "Normal.", zh = "正常。" }
quantities = [
  { id = "troponin-t", name = { en = "Troponin T", zh = "肌钙蛋白T" }, unit = "ng/L", low = 0.0, high = 14.0 },
]
"#;

const TREATMENTS: &str = r#"[[treatment]]
id = "aspirin"
name = { en = "Aspirin", zh = "阿司匹林" }
drug = true
"#;

const DISSECTION: &str = r#"id = "dissection"
name = { en = "Aortic dissection", zh = "主动脉夹层" }
synonyms = { en = ["AAD"], zh = ["夹层动脉瘤"] }
system = "cardiovascular"
summary = { en = "A tear in the aorta.", zh = "主动脉内膜撕裂。" }
dangerous = true

[epidemiology]
incidence = 5
age = { "0-17" = 0.0, "18-39" = 0.1, "40-59" = 0.3, "60-79" = 0.5, "80+" = 0.1 }
female = 0.35
source = "book"

[[presents_with]]
finding = "chest-pain"
frequency = 0.9
presenting = true
source = "review"

[[presents_with]]
finding = "tearing-pain"
frequency = [0.4, 0.6]
lr_positive = 10.8
lr_negative = 0.4
cluster = "pain"
source = "review"

[[presents_with]]
finding = "pulse-difference"
frequency = "31/100"
lr_positive = 5.7
lr_negative = 0.7
source = "review"

[[differential]]
disease = "infarction"
separates = { en = "Sudden tearing pain that moves.", zh = "突发撕裂样、移动的疼痛。" }
topics = ["finding:chest-pain/onset", "finding:tearing-pain"]
source = "book"

[[complication]]
disease = "infarction"
source = "book"
"#;

const INFARCTION: &str = r#"id = "infarction"
name = { en = "Myocardial infarction", zh = "心肌梗死" }
synonyms = { en = ["MI", "STEMI"], zh = ["心梗"] }
lay = { en = ["heart attack"], zh = ["心脏病发作"] }
system = "cardiovascular"
summary = { en = "Blocked coronary artery.", zh = "冠状动脉堵塞。" }
dangerous = true

[epidemiology]
incidence = 200
age = { "0-17" = 0.0, "18-39" = 0.05, "40-59" = 0.35, "60-79" = 0.45, "80+" = 0.15 }
female = 0.35
source = "book"

[[presents_with]]
finding = "chest-pain"
frequency = 0.8
presenting = true
source = "book"

[[presents_with]]
finding = "sweating"
frequency = 0.4
lr_positive = 2.0
lr_negative = 0.7
cluster = "autonomic"
source = "review"

[[presents_with]]
finding = "nausea"
frequency = 0.35
cluster = "autonomic"
source = "review"

[[presents_with]]
finding = "tearing-pain"
frequency = 0.05
evidence = "unverified"

[[risk_factor]]
factor = "smoking"
strength = 2.9
prevalence = 0.5
source = "review"

[[tested_by]]
test = "troponin"
result = { en = "Raised.", zh = "升高。" }
values = { troponin-t = [400, 200] }
decisive = true
source = "book"

[[differential]]
disease = "dissection"
separates = { en = "Heavy pain that builds up.", zh = "逐渐加重的压榨样疼痛。" }
topics = ["finding:chest-pain/onset", "finding:chest-pain/radiation"]
source = "book"

[[comorbidity]]
disease = "dissection"
alters = { sweating = 1.5 }
note = { en = "More sweating.", zh = "出汗更多。" }
source = "book"

[[treated_by]]
treatment = "aspirin"
role = "acute"
source = "review"
"#;
