//! The diagnosis must not be read off anything the student meets before the debrief.

use std::collections::BTreeSet;

use knowledge_graph::{Bilingual, BilingualList, Graph, Section, TopicId, TopicKind, format::Disease, is_han};

use super::text_list::{self, CaseText, Reader};
use crate::{
    format::{Case, Fact},
    problem::{Problem, both},
};

pub(super) fn check(case: &Case, graph: &Graph, problems: &mut Vec<Problem>) {
    let names = diagnosis_names(case, graph);
    for text in text_list::all(case) {
        if may_name_diagnosis(&text, case, graph) {
            continue;
        }
        report(&text.path, "en", &text.text.en, &names, problems);
        report(&text.path, "zh", &text.text.zh, &names, problems);
    }
    for (index, fact) in case.facts.iter().enumerate().filter(|(_, fact)| !is_known_history(fact, graph)) {
        for (language, variants) in [("en", &fact.variants.en), ("zh", &fact.variants.zh)] {
            for (i, variant) in variants.iter().enumerate() {
                report(&format!("fact[{index}].variants"), &format!("{language}[{i}]"), variant, &names, problems);
            }
        }
    }
    let words: BTreeSet<String> = names.iter().map(|name| name.replace(' ', "-")).collect();
    if let Some(name) = words.iter().find(|name| name.len() > 3 && mentions(&case.id, name)) {
        problems.push(Problem::error(
            "id",
            both(format!("the id says the diagnosis (`{name}`)"), format!("编号透露了诊断（`{name}`）")),
            both("Name it after the complaint and the patient", "请用主诉和患者命名"),
        ));
    }
}

fn report(path: &str, key: &str, text: &str, names: &BTreeSet<String>, problems: &mut Vec<Problem>) {
    if let Some(name) = names.iter().find(|name| mentions(text, name)) {
        problems.push(Problem::error(
            format!("{path}.{key}"),
            both(format!("this says the diagnosis (`{name}`)"), format!("这里透露了诊断（`{name}`）")),
            both("Say what is felt or seen, not what it is", "请描述感受或所见，不要说出病名"),
        ));
    }
}

fn may_name_diagnosis(text: &CaseText<'_>, case: &Case, graph: &Graph) -> bool {
    match text.reader {
        Reader::Workup | Reader::Teacher => true,
        Reader::Student => false,
        Reader::Fact(index) => case.facts.get(index).is_some_and(|fact| is_known_history(fact, graph)),
    }
}

/// A patient may name an illness they or a relative are known to have.
fn is_known_history(fact: &Fact, graph: &Graph) -> bool {
    let section = |topic: &TopicId| graph.topic(topic).and_then(|info| info.section);
    matches!(
        section(&fact.topic),
        Some(Section::PastHistory | Section::FamilyHistory | Section::MenstrualObstetric | Section::Drugs)
    ) || matches!(fact.topic.kind(), TopicKind::Disease | TopicKind::RiskFactor)
}

/// All names of the diagnosis, less those that are also a comorbidity's or a symptom's.
fn diagnosis_names(case: &Case, graph: &Graph) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    add_written(&case.diagnosis.name, &mut names);
    let main = case.diagnosis.disease.as_ref().and_then(|id| graph.disease(id));
    if let Some(disease) = main {
        add_disease(disease, &mut names);
    }
    let mut known = BTreeSet::new();
    for disease in case.diagnosis.comorbidities.iter().filter_map(|id| graph.disease(id)) {
        add_disease(disease, &mut known);
    }
    for finding in graph.findings() {
        add_list(&finding.lay, &mut known);
        add_text(&finding.name, &mut known);
    }
    // A lay name that is part of how a symptom is told ("having fits") gives nothing away.
    let lay: BTreeSet<String> = main.map(lay_names).unwrap_or_default();
    let is_symptom = |name: &str| {
        let told = |words: &String| mentions(words, name);
        known.contains(name)
            || known.contains(name.trim_end_matches('s'))
            || lay.contains(name) && known.iter().any(told)
    };
    names.retain(|name| !is_symptom(name) && long_enough(name));
    names
}

fn lay_names(disease: &Disease) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    add_list(&disease.lay, &mut names);
    names
}

fn add_disease(disease: &Disease, names: &mut BTreeSet<String>) {
    add_text(&disease.name, names);
    add_list(&disease.synonyms, names);
    add_list(&disease.lay, names);
}

fn add_text(text: &Bilingual, names: &mut BTreeSet<String>) {
    names.insert(folded(&text.en));
    names.insert(folded(&text.zh));
}

fn add_list(list: &BilingualList, names: &mut BTreeSet<String>) {
    names.extend(list.en.iter().chain(&list.zh).map(String::as_str).map(folded));
}

/// A name as an author writes it: "Pneumonia (left lower lobe)" is also "Pneumonia".
fn add_written(text: &Bilingual, names: &mut BTreeSet<String>) {
    for name in [text.en.as_str(), text.zh.as_str()] {
        names.insert(folded(name));
        names.extend(name.split(['(', ')', '（', '）']).map(folded));
    }
}

/// Abbreviations keep their capitals ("PE", not "pe").
fn folded(name: &str) -> String {
    let name = name.trim();
    let abbreviation = name.len() <= 5 && !name.chars().any(char::is_lowercase);
    if abbreviation { name.to_owned() } else { name.to_lowercase() }
}

fn long_enough(name: &str) -> bool {
    name.chars().count() >= 2
}

/// Whether `text` holds `name`: Latin names as whole words, Chinese names anywhere.
fn mentions(text: &str, name: &str) -> bool {
    let folded;
    let text = if name.chars().any(char::is_lowercase) {
        folded = text.to_lowercase();
        &folded
    } else {
        text
    };
    text.match_indices(name).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_han(c));
        name.chars().any(is_han) || !(part_of_word(before) || part_of_word(after))
    })
}
