//! A case from a neutral record.

use std::collections::BTreeMap;

use knowledge_graph::{Bilingual, Graph, Mentions, Section, TopicId, TopicKind, format::TestKind};

use super::{
    Credit, ImportError, Imported, Unplaced,
    external::{External, Part, Passage},
    placing::{Placer, both, fact, mentioned},
    voice,
};
use crate::{
    format::{
        Case, Diagnosis, Differential, Disclosure, Examination, FORMAT, Fact, Level, Literacy, Mood, Patient, Persona,
        RubricItem, Setting, Sex, Style, TestResult, Vitals,
    },
    generation::YOUNGEST,
};

/// Minutes of an imported station.
const MINUTES: u16 = 12;
/// Share of a test's name that a heading must have.
const SAME_NAME: f64 = 0.5;
/// Words that every heading may have.
const HEADING_WORDS: [&str; 12] =
    ["examination", "exam", "findings", "test", "tests", "results", "result", "of", "the", "right", "left", "report"];

pub(super) fn compose(
    record: &External,
    graph: &Graph,
    mentions: &Mentions,
    credit: &Credit,
    number: usize,
) -> Result<Imported, ImportError> {
    let incomplete = |what: &str| ImportError::Incomplete { record: number, what: what.to_owned() };
    let main = record.complaint.clone().or_else(|| record.passages.first().cloned());
    let main = main.ok_or_else(|| incomplete("it has no complaint and no history; nothing can be played"))?;
    if record.diagnosis.is_empty() {
        return Err(incomplete("it has no diagnosis (`Correct_Diagnosis` or `caseTitle`)"));
    }
    let mut assumed = Vec::new();
    let age = record.age.map_or_else(|| assume(&mut assumed, "age 40", 40), |age| age.years);
    let sex = record.sex.unwrap_or_else(|| assume(&mut assumed, "sex female", Sex::Female));
    let complaint = complaint(record, &main, graph, mentions).unwrap_or_else(|| {
        assumed
            .push(format!("complaint `history:other-symptoms`: no finding of the graph is named by “{}”", main.text));
        TopicId::new(TopicKind::History, "other-symptoms")
    });
    let mut placer = Placer {
        graph,
        mentions,
        language: record.language,
        complaint: complaint.clone(),
        for_a_child: age < YOUNGEST,
        facts: Vec::new(),
        unplaced: Vec::new(),
        placed: 0,
    };
    let opening = both(voice::complaint(&main.text, record.language, age < YOUNGEST));
    placer.add(Fact { disclosure: Disclosure::Volunteered, bother: 5, ..fact(complaint.clone(), opening.clone()) });
    record.passages.iter().for_each(|passage| placer.place(passage));
    let (facts, mut unplaced, mut placed) = (placer.facts, placer.unplaced, placer.placed);
    let examinations = workup(&record.examinations, graph, true, &mut unplaced);
    let results = workup(&record.tests, graph, false, &mut unplaced);
    placed += examinations.len() + results.len();
    let vitals = vitals(&record.vitals, age, &mut assumed, &mut unplaced);
    let patient = patient(record, age, sex, &mut assumed);
    let diagnosis = diagnosis(record, graph);
    let disease = diagnosis.disease.as_deref().and_then(|id| graph.disease(id));
    let title = graph.topic(&complaint).map_or_else(|| both(main.text.clone()), |topic| topic.name);
    let case = Case {
        format: FORMAT,
        only: Some(record.language),
        id: id(record, &complaint),
        version: 1,
        title: title.clone(),
        author: credit.author.clone(),
        licence: credit.licence.clone(),
        system: disease.map_or_else(|| "general".to_owned(), |disease| disease.system.clone()),
        complaint,
        level: Level::Intermediate,
        setting: Setting::Clinic,
        minutes: MINUTES,
        scheme: None,
        generated: None,
        diagnosis,
        door_note: door_note(&title, age, sex),
        persona: persona(age),
        patient,
        appearance: Bilingual { en: "Waiting for you in the room.".to_owned(), zh: "在诊室等候。".to_owned() },
        vitals,
        opening,
        rubric: rubric(&facts, graph),
        facts,
        examinations: examinations
            .into_iter()
            .map(|(test, finding)| Examination { test, finding: both(finding), source: "author".to_owned() })
            .collect(),
        results: results
            .into_iter()
            .map(|(test, report)| TestResult {
                test,
                report: both(report),
                values: BTreeMap::new(),
                series: Vec::new(),
                source: "author".to_owned(),
            })
            .collect(),
        teaching_note: teaching_note(&record.id, unplaced.len()),
    };
    Ok(Imported { case, placed, unplaced, assumed })
}

fn assume<T>(assumed: &mut Vec<String>, what: &str, value: T) -> T {
    assumed.push(what.to_owned());
    value
}

/// The first finding that the main symptom names, else the rest of what the patient tells.
fn complaint(record: &External, main: &Passage, graph: &Graph, mentions: &Mentions) -> Option<TopicId> {
    let telling = record.passages.iter().filter(|one| matches!(one.part, Part::Symptom | Part::Illness));
    std::iter::once(main).chain(telling).find_map(|passage| {
        let found = mentioned(graph, mentions, &passage.text, record.language);
        let topics = found.into_iter().filter(|one| !one.negated).map(|one| one.topic);
        topics.into_iter().find(|topic| {
            topic.kind() == TopicKind::Finding && graph.topic(topic).is_some_and(|info| info.section.is_some())
        })
    })
}

fn id(record: &External, complaint: &TopicId) -> String {
    let slug = |text: &str| {
        let letters =
            text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' });
        letters.collect::<String>().split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    };
    format!("{}-{}", complaint.name(), slug(&record.id))
}

fn patient(record: &External, age: u8, sex: Sex, assumed: &mut Vec<String>) -> Patient {
    let name = record.name.clone().map(both);
    let name = name.unwrap_or_else(|| {
        assumed.push("name: none given".to_owned());
        match sex {
            Sex::Female => Bilingual { en: "Ms Doe".to_owned(), zh: "某女士".to_owned() },
            Sex::Male => Bilingual { en: "Mr Doe".to_owned(), zh: "某先生".to_owned() },
        }
    });
    let occupation = record.occupation.clone().map(both);
    let parent = || Bilingual { en: "parent".to_owned(), zh: "家长".to_owned() };
    Patient {
        name,
        age,
        sex,
        occupation: occupation.unwrap_or_else(|| Bilingual { en: "not stated".to_owned(), zh: "未注明".to_owned() }),
        spokesperson: (age < YOUNGEST).then(parent),
    }
}

fn persona(age: u8) -> Persona {
    Persona {
        style: if age < YOUNGEST { Style::Proxy } else { Style::Plain },
        mood: Mood::Worried,
        voice: Bilingual { en: "Answers plainly.".to_owned(), zh: "有问必答，说话平实。".to_owned() },
        understands: Vec::new(),
        literacy: Literacy::Ordinary,
        dialect: None,
    }
}

fn diagnosis(record: &External, graph: &Graph) -> Diagnosis {
    let found = graph.disease_by_text(&record.diagnosis, record.language).into_iter().next();
    let disease = found.map(|found| found.disease);
    let name = disease.map_or_else(|| both(record.diagnosis.clone()), |disease| disease.name.clone());
    let reason = Bilingual {
        en: "The diagnosis that the imported record gives.".to_owned(),
        zh: "导入记录给出的诊断。".to_owned(),
    };
    let disease = disease.map(|disease| disease.id.clone());
    let itself = Differential { disease: disease.clone(), name: name.clone(), reason, dangerous: false };
    Diagnosis { disease, name, comorbidities: Vec::new(), differential: vec![itself] }
}

fn door_note(title: &Bilingual, age: u8, sex: Sex) -> Bilingual {
    let (en, zh) = match (sex, age < 18) {
        (Sex::Female, false) => ("woman", "女性"),
        (Sex::Male, false) => ("man", "男性"),
        (Sex::Female, true) => ("girl", "女童"),
        (Sex::Male, true) => ("boy", "男童"),
    };
    let (age_en, age_zh) = match age {
        0 => ("An infant".to_owned(), "不满 1 岁".to_owned()),
        years => (format!("A {years}-year-old"), format!("{years} 岁")),
    };
    Bilingual {
        en: format!(
            "{age_en} {en} has come because of: {}. Take a focused history; you may then examine and ask for tests.",
            title.en.to_lowercase()
        ),
        zh: format!("{age_zh}{zh}，因“{}”来诊。请重点询问病史，之后可进行体格检查并申请辅助检查。", title.zh),
    }
}

fn teaching_note(id: &str, unplaced: usize) -> Bilingual {
    Bilingual {
        en: format!("Imported from the record {id}; {unplaced} passages found no place. Read it through before use."),
        zh: format!("由记录 {id} 导入，有 {unplaced} 段未能归入。使用前请通读。"),
    }
}

/// One item for each topic that a fact answers.
fn rubric(facts: &[Fact], graph: &Graph) -> Vec<RubricItem> {
    let mut items: Vec<RubricItem> = Vec::new();
    for fact in facts {
        let Some(info) = graph.topic(&fact.topic) else { continue };
        if items.iter().any(|item| item.topics.contains(&fact.topic)) {
            continue;
        }
        items.push(RubricItem {
            id: fact.id.clone(),
            text: Bilingual {
                en: format!("Asks about: {}", info.name.en.to_lowercase()),
                zh: format!("询问{}", info.name.zh),
            },
            section: info.section.unwrap_or(Section::AssociatedSymptoms),
            topics: vec![fact.topic.clone()],
            critical: false,
            weight: 1.0,
            why: None,
        });
    }
    items
}

/// The texts of examinations (or of tests) under the graph's names for them.
fn workup(
    passages: &[Passage],
    graph: &Graph,
    examining: bool,
    unplaced: &mut Vec<Unplaced>,
) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for passage in passages {
        let headings: Vec<String> = passage.path.split('/').skip(1).map(|key| key.replace('_', " ")).collect();
        let Some(test) = headings.iter().rev().find_map(|heading| test_named(graph, heading, examining)) else {
            let why = "no examination or test of the graph has this name".to_owned();
            unplaced.push(Unplaced { path: passage.path.clone(), text: passage.text.clone(), why });
            continue;
        };
        let heading = headings.last().filter(|last| headings.len() > 1 && !last.eq_ignore_ascii_case("findings"));
        let line = heading.map_or_else(|| passage.text.clone(), |heading| format!("{heading}: {}", passage.text));
        let text = found.entry(test).or_default();
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(line.trim_end_matches(['.', '。']));
    }
    found
}

/// The test whose name or other name is most like `heading`.
fn test_named(graph: &Graph, heading: &str, examining: bool) -> Option<String> {
    let wanted = words(heading);
    if wanted.is_empty() {
        return None;
    }
    let alike = |name: &String| {
        let words = words(name);
        let same = wanted.iter().filter(|word| words.contains(word)).count();
        let all = wanted.len() + words.len() - same;
        same as f64 / all.max(1) as f64
    };
    let tests = graph.tests().filter(|test| (test.kind == TestKind::Examination) == examining);
    let score = |test: &knowledge_graph::format::Test| {
        let names = [&test.name.en, &test.name.zh].into_iter().chain(&test.lay.en).chain(&test.lay.zh);
        names.map(alike).fold(0.0, f64::max)
    };
    let best =
        tests.map(|test| (score(test), test)).max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.id.cmp(&a.1.id)));
    best.filter(|(score, _)| *score >= SAME_NAME).map(|(_, test)| test.id.clone())
}

fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase().replace("x-ray", "xray");
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !HEADING_WORDS.contains(word)).map(str::to_owned).collect()
}

/// Vital signs as given; what is not given is normal for the age, and said to be assumed.
fn vitals(given: &[Passage], age: u8, assumed: &mut Vec<String>, unplaced: &mut Vec<Unplaced>) -> Vitals {
    let mut vitals = normal(age);
    let mut seen = Vec::new();
    for passage in given {
        let key = passage.path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let read = read_vital(&key, &passage.text, &mut vitals);
        match read {
            Some(name) => seen.push(name),
            None => unplaced.push(Unplaced {
                path: passage.path.clone(),
                text: passage.text.clone(),
                why: "no vital sign can be read from it".to_owned(),
            }),
        }
    }
    let all = ["temperature", "pulse", "blood pressure", "respiratory rate", "oxygen saturation"];
    let missing: Vec<&str> = all.into_iter().filter(|name| !seen.contains(name)).collect();
    if !missing.is_empty() {
        assumed.push(format!("normal for the age: {}", missing.join(", ")));
    }
    vitals
}

/// Usual values at rest, by age band (Advanced Paediatric Life Support bands for children).
fn normal(age: u8) -> Vitals {
    let (pulse, breaths, systolic, diastolic) = match age {
        0..=1 => (125, 34, 85, 50),
        2..=5 => (110, 26, 95, 58),
        6..=11 => (95, 22, 105, 65),
        _ => (76, 15, 122, 76),
    };
    Vitals {
        temperature_c: 36.8,
        pulse_per_min: pulse,
        systolic_mmhg: systolic,
        diastolic_mmhg: diastolic,
        respiratory_rate_per_min: breaths,
        spo2_percent: 98,
    }
}

fn read_vital(key: &str, text: &str, vitals: &mut Vitals) -> Option<&'static str> {
    let numbers = numbers(text);
    let whole = |number: f64, low: f64, high: f64| (low..=high).contains(&number).then(|| rounded(number));
    let any = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if any(&["temp", "体温"]) {
        let celsius = numbers.iter().copied().find(|number| (30.0..=43.0).contains(number));
        let fahrenheit = || numbers.iter().find(|number| (86.0..=110.0).contains(*number)).map(|f| (f - 32.0) / 1.8);
        vitals.temperature_c = (celsius.or_else(fahrenheit)? * 10.0).round() / 10.0;
        return Some("temperature");
    }
    if any(&["pressure", "血压", "bp"]) {
        let (systolic, diastolic) = (whole(*numbers.first()?, 50.0, 280.0)?, whole(*numbers.get(1)?, 20.0, 170.0)?);
        (vitals.systolic_mmhg, vitals.diastolic_mmhg) = (systolic, diastolic);
        return (diastolic < systolic).then_some("blood pressure");
    }
    if any(&["heart", "pulse", "脉搏", "心率"]) {
        vitals.pulse_per_min = whole(*numbers.first()?, 20.0, 250.0)?;
        return Some("pulse");
    }
    if any(&["resp", "呼吸"]) {
        vitals.respiratory_rate_per_min = whole(*numbers.first()?, 4.0, 80.0)?;
        return Some("respiratory rate");
    }
    if any(&["oxygen", "spo2", "saturation", "sao2", "血氧"]) {
        vitals.spo2_percent = u8::try_from(whole(*numbers.first()?, 50.0, 100.0)?).ok()?;
        return Some("oxygen saturation");
    }
    None
}

/// A vital sign as a whole number; its range was checked before.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0–300")]
fn rounded(number: f64) -> u16 {
    number.round() as u16
}

fn numbers(text: &str) -> Vec<f64> {
    let pieces = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    pieces.filter_map(|piece| piece.trim_matches('.').parse().ok()).collect()
}
