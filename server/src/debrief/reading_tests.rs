//! What students write as a diagnosis, and what it has to be read as. Written by hand before it was
//! run: names, abbreviations, slips, lay words, degrees of doubt, several in a line, and diseases
//! that the graph does not have, which must not be guessed.

use std::fmt::Write as _;

use cases::format::Case;
use knowledge_graph::{Graph, Language};
use rstest::rstest;

use super::{Materials, Reasoning, Understood};
use crate::{
    assessment::{EngineStamp, Report, Score, conduct::Conduct},
    store::Diagnosis,
};

/// A line, and the diseases it names, `?` for a part that names none, `!` for a symptom.
type Label = (&'static str, &'static [&'static str]);

const ENGLISH: [Label; 76] = [
    ("ACS", &["acute-coronary-syndrome"]),
    ("r/o ACS", &["acute-coronary-syndrome"]),
    ("R/O MI", &["acute-coronary-syndrome"]),
    ("rule out aortic dissection", &["aortic-dissection"]),
    ("?PE", &["pulmonary-embolism"]),
    ("PE?", &["pulmonary-embolism"]),
    ("query DVT", &["deep-vein-thrombosis"]),
    ("probable pneumonia", &["pneumonia"]),
    ("1. CAP", &["pneumonia"]),
    ("2) COPD exacerbation", &["copd-exacerbation"]),
    ("exclude SAH", &["subarachnoid-haemorrhage"]),
    ("DKA", &["diabetic-ketoacidosis"]),
    ("T1DM", &["type-1-diabetes"]),
    ("AFib", &["atrial-fibrillation"]),
    ("CHF", &["heart-failure"]),
    ("GORD", &["gerd"]),
    ("IBD", &["inflammatory-bowel-disease"]),
    ("UGIB", &["upper-gi-bleeding"]),
    ("BPPV", &["benign-paroxysmal-positional-vertigo"]),
    ("GCA", &["giant-cell-arteritis"]),
    ("SLE", &["systemic-lupus-erythematosus"]),
    ("TB", &["tuberculosis"]),
    ("UTI", &["urinary-tract-infection"]),
    ("AAA", &["ruptured-abdominal-aortic-aneurysm"]),
    ("heart attack", &["acute-coronary-syndrome"]),
    ("stomach flu", &["gastroenteritis"]),
    ("a collapsed lung", &["pneumothorax"]),
    ("kidney stones", &["renal-colic"]),
    ("underactive thyroid", &["hypothyroidism"]),
    ("bowel cancer", &["colorectal-cancer"]),
    ("glandular fever", &["infectious-mononucleosis"]),
    ("blood poisoning", &["sepsis"]),
    ("mini-stroke", &["stroke"]),
    ("aortic disection", &["aortic-dissection"]),
    ("apendicitis", &["appendicitis"]),
    ("pnuemonia", &["pneumonia"]),
    ("pyelonephritus", &["pyelonephritis"]),
    ("pulmonary embolus", &["pulmonary-embolism"]),
    ("diverticulitus", &["diverticulitis"]),
    ("myasthenia gravus", &["myasthenia-gravis"]),
    ("hyperthyroidsm", &["hyperthyroidism"]),
    ("rheumatoid arthritus", &["rheumatoid-arthritis"]),
    ("subarachnoid hemorrage", &["subarachnoid-haemorrhage"]),
    ("ectopic pregnacy", &["ectopic-pregnancy"]),
    ("inferior STEMI", &["acute-coronary-syndrome"]),
    ("left lower lobe pneumonia", &["pneumonia"]),
    ("acute exacerbation of COPD", &["copd-exacerbation"]),
    ("anterior myocardial infarction", &["acute-coronary-syndrome"]),
    ("MI or PE", &["acute-coronary-syndrome", "pulmonary-embolism"]),
    ("ACS, PE, pneumothorax", &["acute-coronary-syndrome", "pulmonary-embolism", "pneumothorax"]),
    ("PE/DVT", &["pulmonary-embolism", "deep-vein-thrombosis"]),
    ("migraine vs tension headache", &["migraine", "tension-headache"]),
    ("pericarditis; r/o ACS", &["pericarditis", "acute-coronary-syndrome"]),
    ("gout and septic arthritis", &["gout", "septic-arthritis"]),
    ("appendicitis + ovarian torsion", &["appendicitis", "ovarian-torsion"]),
    ("ACS, flux capacitor failure", &["acute-coronary-syndrome", "?"]),
    ("STEMI/NSTEMI", &["acute-coronary-syndrome"]),
    ("chest pain", &["!"]),
    ("headache", &["!"]),
    ("shortness of breath", &["!"]),
    ("flux capacitor failure", &["?"]),
    ("viral meningitis", &["?"]),
    ("chronic pancreatitis", &["?"]),
    ("diabetes insipidus", &["?"]),
    ("diverticulosis", &["?"]),
    ("nephritic syndrome", &["?"]),
    ("myocarditis", &["?"]),
    ("thyroid cancer", &["?"]),
    ("pancreatic cancer", &["?"]),
    ("sarcoidosis", &["?"]),
    ("aortic stenosis", &["?"]),
    ("cholangitis", &["?"]),
    ("bacterial endocarditis", &["?"]),
    ("not sure", &["?"]),
    ("tetanus", &["?"]),
    ("ovarian cancer", &["?"]),
];

const CHINESE: [Label; 72] = [
    ("急性冠脉综合征", &["acute-coronary-syndrome"]),
    ("ACS", &["acute-coronary-syndrome"]),
    ("ACS待排", &["acute-coronary-syndrome"]),
    ("考虑心梗", &["acute-coronary-syndrome"]),
    ("排除主动脉夹层", &["aortic-dissection"]),
    ("主动脉夹层待排除", &["aortic-dissection"]),
    ("肺栓塞？", &["pulmonary-embolism"]),
    ("疑似肺炎", &["pneumonia"]),
    ("首先考虑急性阑尾炎", &["appendicitis"]),
    ("1、脑梗", &["stroke"]),
    ("可能是房颤", &["atrial-fibrillation"]),
    ("甲亢", &["hyperthyroidism"]),
    ("甲减", &["hypothyroidism"]),
    ("慢阻肺急性加重", &["copd-exacerbation"]),
    ("AECOPD", &["copd-exacerbation"]),
    ("DKA", &["diabetic-ketoacidosis"]),
    ("UTI", &["urinary-tract-infection"]),
    ("SLE", &["systemic-lupus-erythematosus"]),
    ("宫外孕", &["ectopic-pregnancy"]),
    ("耳石症", &["benign-paroxysmal-positional-vertigo"]),
    ("心衰", &["heart-failure"]),
    ("类风关", &["rheumatoid-arthritis"]),
    ("新冠", &["covid-19"]),
    ("吃坏肚子", &["gastroenteritis"]),
    ("胆结石犯了", &["cholecystitis"]),
    ("中风", &["stroke"]),
    ("老慢支犯了", &["copd-exacerbation"]),
    ("羊癫疯", &["epilepsy"]),
    ("打摆子", &["malaria"]),
    ("牛皮癣", &["psoriasis"]),
    ("更年期", &["menopause"]),
    ("老年痴呆", &["dementia"]),
    ("盲肠炎", &["appendicitis"]),
    ("肺拴塞", &["pulmonary-embolism"]),
    ("急性心肌埂死", &["acute-coronary-syndrome"]),
    ("颠痫", &["epilepsy"]),
    ("急性澜尾炎", &["appendicitis"]),
    ("支气管哮湍", &["asthma"]),
    ("珠网膜下腔出血", &["subarachnoid-haemorrhage"]),
    ("右下肺炎", &["pneumonia"]),
    ("急性下壁心肌梗死", &["acute-coronary-syndrome"]),
    ("左侧自发性气胸", &["pneumothorax"]),
    ("2型糖尿病", &["type-2-diabetes"]),
    ("心梗或肺栓塞", &["acute-coronary-syndrome", "pulmonary-embolism"]),
    ("心梗、肺栓塞、气胸", &["acute-coronary-syndrome", "pulmonary-embolism", "pneumothorax"]),
    ("偏头痛 vs 紧张性头痛", &["migraine", "tension-headache"]),
    ("肺栓塞/深静脉血栓", &["pulmonary-embolism", "deep-vein-thrombosis"]),
    ("心包炎；ACS待排", &["pericarditis", "acute-coronary-syndrome"]),
    ("痛风，化脓性关节炎", &["gout", "septic-arthritis"]),
    ("阑尾炎，卵巢扭转", &["appendicitis", "ovarian-torsion"]),
    ("心梗，时空错乱症", &["acute-coronary-syndrome", "?"]),
    ("考虑肺炎，肺结核待排", &["pneumonia", "tuberculosis"]),
    ("胸痛", &["!"]),
    ("头痛待查", &["!"]),
    ("呼吸困难", &["!"]),
    ("时空错乱症", &["?"]),
    ("病毒性脑膜炎", &["?"]),
    ("慢性胰腺炎", &["?"]),
    ("慢性胆囊炎", &["?"]),
    ("尿崩症", &["?"]),
    ("心肌炎", &["?"]),
    ("甲状腺癌", &["?"]),
    ("胰腺癌", &["?"]),
    ("结节病", &["?"]),
    ("主动脉瓣狭窄", &["?"]),
    ("急性胆管炎", &["?"]),
    ("感染性心内膜炎", &["?"]),
    ("不清楚", &["?"]),
    ("破伤风", &["?"]),
    ("卵巢癌", &["?"]),
    ("胃癌", &["?"]),
    ("上呼吸道感染", &["?"]),
];

/// Of women too, whose diseases are more.
fn case() -> &'static Case {
    cases::library().unwrap().iter().find(|case| case.id == "lower-belly-pain-zhou-27").unwrap()
}

fn read(line: &str, language: Language) -> Vec<String> {
    let score = Score { earned: 0.0, possible: 0.0, percent: 0.0 };
    let engine = EngineStamp {
        version: String::new(),
        matcher: String::new(),
        models: Vec::new(),
        classifier: None,
        thresholds: None,
    };
    let report = Report {
        transcript: String::new(),
        rubric: String::new(),
        score,
        items: Vec::new(),
        flags: Vec::new(),
        conduct: Conduct::default(),
        scheme: None,
        engine,
    };
    let diagnoses = [Diagnosis { name: line.to_owned(), reason: String::new() }];
    let reasoning = Reasoning::new(&Materials {
        case: case(),
        graph: Graph::embedded().unwrap(),
        report: &report,
        decisions: &[],
        turns: &[],
        orders: &[],
        diagnoses: &diagnoses,
        language,
    });
    let read = reasoning.entries.into_iter().map(|entry| match (entry.disease, entry.understood) {
        (Some(disease), _) => disease,
        (None, Understood::Symptom) => "!".to_owned(),
        (None, Understood::Unknown) => "?".to_owned(),
        (None, _) => "ambiguous".to_owned(),
    });
    read.collect()
}

/// The share read right is printed; what is wrong is named, and a guess is worse than a miss.
#[rstest]
#[case(Language::En, &ENGLISH)]
#[case(Language::Zh, &CHINESE)]
fn free_text_differentials_are_read_as_labelled(#[case] language: Language, #[case] labels: &[Label]) {
    let mut wrong = String::new();
    let (mut right, mut guessed) = (0, 0);
    for (line, expected) in labels {
        let read = read(line, language);
        if read == *expected {
            right += 1;
            continue;
        }
        let guess = read
            .iter()
            .any(|one| !["!", "?", "ambiguous"].contains(&one.as_str()) && !expected.contains(&one.as_str()));
        guessed += usize::from(guess);
        writeln!(wrong, "{line}: {read:?}, not {expected:?}").unwrap();
    }

    println!("{language}: {right} of {} read right, {guessed} guessed wrongly\n{wrong}", labels.len());
    assert!(right * 100 >= labels.len() * 95, "{wrong}");
    assert_eq!(guessed, 0, "{wrong}");
}
