use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

use super::*;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found
}

fn variables_of(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    fn inline(expression: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
        match expression {
            InlineExpression::VariableReference { id } => {
                found.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => any(expression, found),
            _ => {}
        }
    }
    fn any(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
        match expression {
            Expression::Inline(expression) => inline(expression, found),
            Expression::Select { selector, variants } => {
                inline(selector, found);
                for variant in variants {
                    variables_of(&variant.value, found);
                }
            }
        }
    }
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            any(expression, found);
        }
    }
}

/// Key → variables, for all files of a language; a key written twice or a file that does not
/// parse fails the test.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages = BTreeMap::new();
    for file in files_below(&here("locales").join(language.tag()), "ftl") {
        let source = fs::read_to_string(&file).unwrap();
        let resource =
            parser::parse(source.as_str()).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.display()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut variables = BTreeSet::new();
            variables_of(&message.value.unwrap(), &mut variables);
            let key = message.id.name.to_owned();
            assert!(messages.insert(key.clone(), variables).is_none(), "{key} is written twice");
        }
    }
    messages
}

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    let (en, zh) = (messages(Language::En), messages(Language::Zh));
    assert!(en.len() > 200, "only {} messages were read", en.len());

    let only_en: Vec<_> = en.keys().filter(|key| !zh.contains_key(*key)).collect();
    let only_zh: Vec<_> = zh.keys().filter(|key| !en.contains_key(*key)).collect();
    assert!(only_en.is_empty() && only_zh.is_empty(), "only en: {only_en:?}; only zh: {only_zh:?}");
    for (key, variables) in &en {
        assert_eq!(variables, &zh[key], "variables of {key}");
    }
}

#[test]
fn every_key_that_templates_and_pages_name_exists() {
    let known = messages(Language::En);
    let mut sources = files_below(&here("../templates"), "html");
    sources.extend(files_below(&here("src/web"), "rs"));
    let mut named = 0;
    for file in sources {
        let text = fs::read_to_string(&file).unwrap();
        for call in ["t(\"", "say(\""] {
            for (at, _) in text.match_indices(call) {
                let before = text[..at].chars().next_back();
                if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
                    continue;
                }
                let key = text[at + call.len()..].split('"').next().unwrap();
                named += 1;
                assert!(known.contains_key(key), "{}: no text for {key}", file.display());
            }
        }
    }
    assert!(named > 200, "only {named} keys were found");
}

#[test]
fn the_setting_beats_the_cookie_and_the_cookie_beats_the_browser() {
    let zh = Some(Language::Zh);
    assert_eq!(choose(zh, Some("en"), Some("en")), Language::Zh);
    assert_eq!(choose(None, Some("zh"), Some("en")), Language::Zh);
    assert_eq!(choose(None, Some("klingon"), Some("zh-CN,zh;q=0.9,en;q=0.8")), Language::Zh);
    assert_eq!(choose(None, None, Some("fr,de;q=0.9")), Language::En);
    assert_eq!(choose(None, None, None), Language::En);
}

#[test]
fn the_browser_order_is_by_quality_not_by_place() {
    assert_eq!(choose(None, None, Some("en;q=0.3, zh-TW;q=0.8")), Language::Zh);
    assert_eq!(choose(None, None, Some("zh;q=0, en;q=0.1")), Language::En);
    assert_eq!(choose(None, None, Some(";;;q=,,,=")), Language::En);
}

#[test]
fn values_are_put_into_the_text_of_either_language() {
    let phrase =
        |language| Phrase::new(language, "cases-count").with("shown", 1_usize).with("total", 6_usize).to_string();
    assert_eq!(phrase(Language::En), "1 of 6 patients");
    assert_eq!(phrase(Language::Zh), "共 6 位患者，显示 1 位");
}

#[test]
fn every_system_and_section_of_the_graph_has_a_name_in_both_languages() {
    let graph = knowledge_graph::Graph::embedded().unwrap();
    let systems =
        graph.findings().map(|finding| &finding.system).chain(graph.diseases().map(|disease| &disease.system));
    let systems: BTreeSet<String> = systems.map(|system| format!("system-{system}")).collect();
    let sections = knowledge_graph::Section::ALL.iter().map(|section| format!("section-{section}"));
    let keys: Vec<String> = systems.into_iter().chain(sections).collect();
    assert!(keys.len() > 20);
    for key in keys {
        for language in Language::ALL {
            assert!(optional(language, &key).is_some(), "no text for {key} in {language}");
        }
    }
}
