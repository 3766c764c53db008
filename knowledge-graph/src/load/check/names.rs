//! Ids, names and lay words: well formed and not used twice.

use std::collections::BTreeMap;

use crate::{
    Bilingual, BilingualList, Facet, Language, TopicId, TopicKind,
    format::FindingKind,
    load::content::{Content, Located},
    normalise::normalise,
    problem::{Place, Problems},
};

/// What is called by a name: enough to find two things called alike.
struct Named<'a> {
    kind: TopicKind,
    id: &'a str,
    place: &'a Place,
    name: &'a Bilingual,
    synonyms: Option<&'a BilingualList>,
    lay: &'a BilingualList,
    /// Nodes that one utterance cannot mean at once share a group.
    group: Group,
}

/// Which words may not be shared: a symptom and its sign may have the same words, and one
/// question may open several universal topics.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Universal,
    Symptom,
    Kind(TopicKind),
}

pub(super) fn check(content: &Content, problems: &mut Problems) {
    let named = named(content);
    check_ids(&named, problems);
    check_sources(content, problems);
    check_facets(content, problems);
    for language in Language::ALL {
        check_names(&named, language, problems);
        check_lay_words(&named, language, problems);
    }
}

fn named(content: &Content) -> Vec<Named<'_>> {
    let mut all = Vec::new();
    for Located { value, place } in &content.topics {
        let (kind, id) = (value.id.kind(), value.id.name());
        all.push(Named {
            kind,
            id,
            place,
            name: &value.name,
            synonyms: None,
            lay: &value.lay,
            group: Group::Universal,
        });
    }
    macro_rules! add {
        ($list:ident, $kind:ident) => {
            all.extend(content.$list.iter().map(|Located { value, place }| Named {
                kind: TopicKind::$kind,
                id: &value.id,
                place,
                name: &value.name,
                synonyms: None,
                lay: &value.lay,
                group: Group::Kind(TopicKind::$kind),
            }));
        };
    }
    all.extend(content.findings.iter().map(|Located { value, place }| Named {
        kind: TopicKind::Finding,
        id: &value.id,
        place,
        name: &value.name,
        synonyms: None,
        lay: &value.lay,
        group: match value.kind {
            FindingKind::Symptom => Group::Symptom,
            _ => Group::Kind(TopicKind::Finding),
        },
    }));
    add!(risk_factors, RiskFactor);
    add!(tests, Test);
    add!(treatments, Treatment);
    all.extend(content.diseases.iter().map(|file| Named {
        kind: TopicKind::Disease,
        id: &file.disease.id,
        place: &file.place,
        name: &file.disease.name,
        synonyms: Some(&file.disease.synonyms),
        lay: &file.disease.lay,
        group: Group::Kind(TopicKind::Disease),
    }));
    all
}

fn check_ids(named: &[Named<'_>], problems: &mut Problems) {
    let mut seen: BTreeMap<(TopicKind, &str), &Place> = BTreeMap::new();
    for Named { kind, id, place, .. } in named {
        let full = format!("{}:{id}", kind.as_str());
        if full.parse::<TopicId>().is_err() {
            let message = format!("`{id}` is not an id; use lower-case letters, digits and hyphens");
            problems.error(place, "id", message);
        }
        if let Some(first) = seen.insert((*kind, id), place) {
            problems.error(place, "id", already("id", &full, first));
            seen.insert((*kind, id), first);
        }
    }
}

fn check_sources(content: &Content, problems: &mut Problems) {
    let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
    for Located { value, place } in &content.sources {
        if let Some(first) = seen.get(value.id.as_str()) {
            problems.error(place, "id", already("source id", &value.id, first));
        } else {
            seen.insert(&value.id, place);
        }
    }
}

fn check_facets(content: &Content, problems: &mut Problems) {
    let mut seen: BTreeMap<Facet, &Place> = BTreeMap::new();
    for Located { value, place } in &content.facets {
        if let Some(first) = seen.get(&value.id) {
            problems.error(place, "id", already("facet", value.id.as_str(), first));
        } else {
            seen.insert(value.id, place);
        }
    }
}

fn already(what: &str, text: &str, first: &Place) -> String {
    format!(
        "{what} `{text}` is already used at {}:{}; choose another or merge the two",
        first.file,
        first.keys.get("id").unwrap_or(&first.line)
    )
}

/// Two nodes of one kind with the same name in one language.
fn check_names(named: &[Named<'_>], language: Language, problems: &mut Problems) {
    let mut seen: BTreeMap<(TopicKind, String), &Named<'_>> = BTreeMap::new();
    for node in named {
        let name = node.name.get(language);
        let key = (node.kind, normalise(name));
        match seen.get(&key) {
            Some(first) if first.id != node.id => {
                let message = format!(
                    "the name \"{name}\" is already that of `{}:{}` ({}:{}); rename one or merge them",
                    first.kind.as_str(),
                    first.id,
                    first.place.file,
                    first.place.line
                );
                problems.error(node.place, "name", message);
            }
            Some(_) => {}
            None => {
                seen.insert(key, node);
            }
        }
    }
}

/// A word that means two nodes of one group: the matcher cannot tell them apart.
fn check_lay_words(named: &[Named<'_>], language: Language, problems: &mut Problems) {
    let mut seen: BTreeMap<(Group, String), &Named<'_>> = BTreeMap::new();
    for node in named {
        seen.entry((node.group, normalise(node.name.get(language)))).or_insert(node);
    }
    for node in named.iter().filter(|node| node.group != Group::Universal) {
        let synonyms = node.synonyms.map_or(&[][..], |list| list.get(language));
        let lists = [("synonyms", synonyms), ("lay", node.lay.get(language))];
        for (key, word) in lists.iter().flat_map(|(key, words)| words.iter().map(move |w| (key, w))) {
            let first = *seen.entry((node.group, normalise(word))).or_insert(node);
            if first.id != node.id {
                let message = format!(
                    "\"{word}\" also means `{}:{}` ({}:{}); keep it where it fits best",
                    first.kind.as_str(),
                    first.id,
                    first.place.file,
                    first.place.line
                );
                problems.warning(node.place, &format!("{key}.{language}"), message);
            }
        }
    }
}
