//! What a file as a whole must have.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Facet, TopicKind,
    format::FacetPhrases,
    load::content::{Content, DiseaseFile, Located},
    problem::{Place, Problems},
};

const ROLES: [&str; 4] = ["first-line", "acute", "long-term", "definitive"];

/// Kinds a `[[topic]]` may be of; all others are nodes of their own.
const TOPIC_KINDS: [TopicKind; 5] =
    [TopicKind::History, TopicKind::Perspective, TopicKind::Course, TopicKind::Identity, TopicKind::Consultation];

pub(super) fn check(content: &Content, problems: &mut Problems) {
    check_facets(&content.facets, problems);
    check_topics(content, problems);
    check_cycles(content, problems);
    for file in &content.diseases {
        check_place(file, problems);
        check_edges(file, problems);
        check_repeats(file, problems);
    }
    check_reciprocal(&content.diseases, problems);
}

fn check_facets(facets: &[Located<FacetPhrases>], problems: &mut Problems) {
    let known: BTreeSet<Facet> = facets.iter().map(|facet| facet.value.id).collect();
    let nowhere = Place { file: "facets.toml".into(), line: 1, keys: BTreeMap::new() };
    for facet in Facet::ALL.iter().filter(|facet| !known.contains(facet)) {
        let message = format!("no phrases for the facet `{facet}`; add a [[facet]] with id = \"{facet}\"");
        problems.error(&nowhere, "", message);
    }
    for Located { value, place } in facets {
        for (language, templates) in [("en", &value.templates.en), ("zh", &value.templates.zh)] {
            if templates.is_empty() {
                let message = format!("`{}` has no `{language}` templates; add one", value.id);
                problems.error(place, "templates", message);
            }
            if !templates.is_empty() && !templates.iter().any(|text| text.contains("{finding}")) {
                let message = "no template says `{finding}`; put it where the finding is named";
                problems.warning(place, &format!("templates.{language}"), message);
            }
        }
    }
}

fn check_topics(content: &Content, problems: &mut Problems) {
    for Located { value, place } in &content.topics {
        let id = &value.id;
        if id.facet().is_some() {
            problems.error(place, "id", format!("`{id}` has a facet; leave it out and list it in `facets`"));
        }
        if !TOPIC_KINDS.contains(&id.kind()) {
            let kinds: Vec<&str> = TOPIC_KINDS.iter().map(|kind| kind.as_str()).collect();
            let message = format!("a [[topic]] cannot be `{id}`; its kind is one of {}", kinds.join(", "));
            problems.error(place, "id", message);
        }
    }
}

/// A node that is, through its parents, its own parent.
fn check_cycles(content: &Content, problems: &mut Problems) {
    let finding = |node: &str| format!("finding:{node}");
    let mut parents: BTreeMap<String, (String, &Place)> = BTreeMap::new();
    for Located { value, place } in &content.findings {
        if let Some(parent) = &value.parent {
            parents.insert(finding(&value.id), (finding(parent), place));
        }
    }
    for Located { value, place } in &content.topics {
        if let Some(parent) = &value.parent {
            parents.insert(value.id.to_string(), (parent.node().to_string(), place));
        }
    }
    for (start, (_, place)) in &parents {
        let mut trail = vec![start.as_str()];
        while let Some((parent, _)) = trail.last().and_then(|node| parents.get(*node)) {
            trail.push(parent);
            if parent == start {
                let message = format!("parents run in a circle ({}); remove one of these parents", trail.join(" → "));
                problems.error(place, "parent", message);
                break;
            }
            if trail.len() > parents.len() {
                break;
            }
        }
    }
}

fn check_place(file: &DiseaseFile, problems: &mut Problems) {
    let (disease, place) = (&file.disease, &file.place);
    let parts: Vec<&str> = place.file.split('/').collect();
    let [_, folder, name] = parts[..] else {
        let message = format!("a disease stands in diseases/{}/{}.toml; move it", disease.system, disease.id);
        problems.error(place, "", message);
        return;
    };
    let name = name.trim_end_matches(".toml");
    if disease.id != name {
        let message = format!("the id `{}` is not the file's name; make both `{name}`", disease.id);
        problems.error(place, "id", message);
    }
    if disease.system != folder {
        let message = format!("the system `{}` is not the folder's name; make both `{folder}`", disease.system);
        problems.error(place, "system", message);
    }
}

fn check_edges(file: &DiseaseFile, problems: &mut Problems) {
    if !file.edges.presents_with.iter().any(|edge| edge.value.presenting) {
        let message = "no finding brings the patient; set `presenting = true` on at least one [[presents_with]]";
        problems.error(&file.place, "", message);
    }
    for Located { value, place } in &file.edges.complication {
        if value.disease.is_some() == value.name.is_some() {
            problems.error(place, "", "give either `disease` (in the graph) or `name` (not in it)");
        }
    }
    for Located { value, place } in &file.edges.treated_by {
        if !ROLES.contains(&value.role.as_str()) {
            let message = format!("role `{}` is not known; use {}", value.role, ROLES.join(", "));
            problems.error(place, "role", message);
        }
    }
    for Located { value, place } in &file.edges.differential {
        if value.disease == file.disease.id {
            problems.error(place, "disease", "a disease is not its own differential; remove it");
        }
        if value.topics.is_empty() {
            problems.error(place, "topics", "nothing to ask separates the two; list at least one topic");
        }
    }
}

/// The same edge written twice. A finding may return for another sex or age.
fn check_repeats(file: &DiseaseFile, problems: &mut Problems) {
    let mut seen = BTreeSet::new();
    for Located { value, place } in &file.edges.presents_with {
        if !seen.insert((&value.finding, &value.sex, value.min_age, value.max_age)) {
            let message = format!("`{}` is listed twice; merge the two", value.finding);
            problems.error(place, "finding", message);
        }
    }
    macro_rules! once {
        ($list:ident, $key:ident, $name:literal) => {
            let mut seen = BTreeSet::new();
            for Located { value, place } in &file.edges.$list {
                if !seen.insert(&value.$key) {
                    let message = format!("`{}` is listed twice; merge the two", value.$key);
                    problems.error(place, $name, message);
                }
            }
        };
    }
    once!(risk_factor, factor, "factor");
    once!(differential, disease, "disease");
    once!(comorbidity, disease, "disease");
}

fn check_reciprocal(diseases: &[DiseaseFile], problems: &mut Problems) {
    let pairs: BTreeSet<(&str, &str)> = diseases
        .iter()
        .flat_map(|file| {
            let edges = file.edges.differential.iter();
            edges.map(|edge| (file.disease.id.as_str(), edge.value.disease.as_str()))
        })
        .collect();
    let known: BTreeSet<&str> = diseases.iter().map(|file| file.disease.id.as_str()).collect();
    for file in diseases {
        for Located { value, place } in &file.edges.differential {
            let other = value.disease.as_str();
            if known.contains(other) && !pairs.contains(&(other, file.disease.id.as_str())) {
                let message =
                    format!("`{other}` does not list `{}` in return; add the differential there too", file.disease.id);
                problems.warning(place, "disease", message);
            }
        }
    }
}
