//! What was typed into the form, laid over the case it was shown for.
//!
//! A field is named by its place in the case file, `fact[3].tells.zh`: the same names that
//! [`cases::Problem::path`] uses, so that a finding stands beside its field. Only named fields are
//! touched; everything else of the case stays as it is.

use cases::{
    Case,
    format::{Dialect, Disclosure, Level, Literacy, Mood, Setting, Sex, Style},
};
use knowledge_graph::{Bilingual, Graph, Language, Section, TopicId, TopicKind};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::explore::{Meant, meant};

/// How many names are offered for a word that may mean several.
const OFFERED: usize = 4;

/// Something typed that its field cannot hold. The case keeps what it had there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The field.
    pub path: String,
    /// What was typed.
    pub text: String,
    /// Why not, and what can be written.
    pub why: Bilingual,
}

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    /// Any text.
    Text,
    /// One language of a text that is absent when both are empty.
    MaybePair,
    /// A whole number from 0 to this.
    Whole(u64),
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// One of the words of a type.
    Word(fn(&str) -> bool),
    /// One of the words of a type, or absent.
    MaybeWord(fn(&str) -> bool),
    /// A topic by id or name.
    Topic,
    /// Topics, one a line.
    Topics,
    /// A node of this kind (name part) by id or name; with `true` it may be absent.
    Node(TopicKind, bool),
    /// Nodes of this kind, one a line.
    Nodes(TopicKind),
    /// Texts, one a line.
    Lines,
}

fn word<T: DeserializeOwned>(text: &str) -> bool {
    serde_json::from_value::<T>(Value::from(text)).is_ok()
}

/// Every field of the form, list positions left out.
const FIELDS: [(&str, Kind); 66] = [
    ("title.en", Kind::Text),
    ("title.zh", Kind::Text),
    ("only", Kind::MaybeWord(word::<Language>)),
    ("author", Kind::Text),
    ("licence", Kind::Text),
    ("system", Kind::Text),
    ("complaint", Kind::Topic),
    ("level", Kind::Word(word::<Level>)),
    ("setting", Kind::Word(word::<Setting>)),
    ("minutes", Kind::Whole(u16::MAX as u64)),
    ("patient.name.en", Kind::Text),
    ("patient.name.zh", Kind::Text),
    ("patient.age", Kind::Whole(u8::MAX as u64)),
    ("patient.sex", Kind::Word(word::<Sex>)),
    ("patient.occupation.en", Kind::Text),
    ("patient.occupation.zh", Kind::Text),
    ("patient.spokesperson.en", Kind::MaybePair),
    ("patient.spokesperson.zh", Kind::MaybePair),
    ("persona.style", Kind::Word(word::<Style>)),
    ("persona.mood", Kind::Word(word::<Mood>)),
    ("persona.literacy", Kind::Word(word::<Literacy>)),
    ("persona.dialect", Kind::MaybeWord(word::<Dialect>)),
    ("persona.voice.en", Kind::Text),
    ("persona.voice.zh", Kind::Text),
    ("persona.understands", Kind::Lines),
    ("door_note.en", Kind::Text),
    ("door_note.zh", Kind::Text),
    ("appearance.en", Kind::Text),
    ("appearance.zh", Kind::Text),
    ("opening.en", Kind::Text),
    ("opening.zh", Kind::Text),
    ("vitals.temperature_c", Kind::Number),
    ("vitals.pulse_per_min", Kind::Whole(u16::MAX as u64)),
    ("vitals.systolic_mmhg", Kind::Whole(u16::MAX as u64)),
    ("vitals.diastolic_mmhg", Kind::Whole(u16::MAX as u64)),
    ("vitals.respiratory_rate_per_min", Kind::Whole(u16::MAX as u64)),
    ("vitals.spo2_percent", Kind::Whole(u8::MAX as u64)),
    ("fact[].topic", Kind::Topic),
    ("fact[].also", Kind::Topics),
    ("fact[].present", Kind::Flag),
    ("fact[].disclosure", Kind::Word(word::<Disclosure>)),
    ("fact[].bother", Kind::Whole(u8::MAX as u64)),
    ("fact[].tells.*", Kind::Text),
    ("fact[].brief.*", Kind::MaybePair),
    ("fact[].variants.*", Kind::Lines),
    ("fact[].source", Kind::Text),
    ("examination[].test", Kind::Node(TopicKind::Test, false)),
    ("examination[].finding.*", Kind::Text),
    ("examination[].source", Kind::Text),
    ("result[].test", Kind::Node(TopicKind::Test, false)),
    ("result[].report.*", Kind::Text),
    ("result[].source", Kind::Text),
    ("diagnosis.disease", Kind::Node(TopicKind::Disease, true)),
    ("diagnosis.name.*", Kind::Text),
    ("diagnosis.comorbidities", Kind::Nodes(TopicKind::Disease)),
    ("diagnosis.differential[].disease", Kind::Node(TopicKind::Disease, true)),
    ("diagnosis.differential[].name.*", Kind::Text),
    ("diagnosis.differential[].reason.*", Kind::Text),
    ("diagnosis.differential[].dangerous", Kind::Flag),
    ("rubric[].text.*", Kind::Text),
    ("rubric[].section", Kind::Word(word::<Section>)),
    ("rubric[].topics", Kind::Topics),
    ("rubric[].critical", Kind::Flag),
    ("rubric[].weight", Kind::Number),
    ("rubric[].why.*", Kind::MaybePair),
    ("teaching_note.*", Kind::Text),
];

/// The kind of the field at `path`; none when the form has no such field.
fn kind(path: &str) -> Option<Kind> {
    let mut general = String::with_capacity(path.len());
    let mut inside = false;
    for letter in path.chars() {
        inside = inside && letter != ']';
        if !inside {
            general.push(letter);
        }
        inside = inside || letter == '[';
    }
    let either = general.strip_suffix(".en").or_else(|| general.strip_suffix(".zh")).map(|pair| format!("{pair}.*"));
    let named = |name: &str| *name == general || either.as_deref() == Some(name);
    FIELDS.iter().find(|(name, _)| named(name)).map(|(_, kind)| *kind)
}

/// The case with the fields as typed, later ones over earlier ones of the same name, and what could
/// not be taken. Names that are no field of the form are left alone.
///
/// # Errors
/// When the case cannot be written and read as JSON, which would be a fault of this program.
pub fn apply(
    case: &Case,
    fields: &[(String, String)],
    graph: &Graph,
) -> Result<(Case, Vec<Refused>), serde_json::Error> {
    let mut whole = serde_json::to_value(case)?;
    let mut refused = Vec::new();
    for (path, typed) in fields {
        let Some(kind) = kind(path) else { continue };
        // Browsers send line ends as CR LF.
        let text = typed.replace("\r\n", "\n");
        match read(kind, &text, graph) {
            Ok(value) => put(&mut whole, path, value),
            Err(why) => refused.push(Refused { path: path.clone(), text, why }),
        }
    }
    prune(&mut whole);
    Ok((serde_json::from_value(whole)?, refused))
}

/// The value a text stands for; `Null` for an absent one.
fn read(kind: Kind, text: &str, graph: &Graph) -> Result<Value, Bilingual> {
    let trimmed = text.trim();
    match kind {
        Kind::Text | Kind::MaybePair => Ok(text.into()),
        Kind::MaybeWord(_) | Kind::Node(_, true) if trimmed.is_empty() => Ok(Value::Null),
        Kind::Whole(most) => match trimmed.parse::<u64>() {
            Ok(number) if number <= most => Ok(number.into()),
            _ => Err(both(&format!("write a whole number from 0 to {most}"), &format!("请写 0 到 {most} 的整数"))),
        },
        Kind::Number => match trimmed.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number.into()),
            _ => Err(both("write a number, such as 1.5", "请写一个数，例如 1.5")),
        },
        Kind::Flag => Ok((trimmed == "true").into()),
        Kind::Word(is) | Kind::MaybeWord(is) if is(trimmed) => Ok(trimmed.into()),
        Kind::Word(_) | Kind::MaybeWord(_) => Err(both("choose one from the list", "请从列表中选择")),
        Kind::Topic => topic(trimmed, graph).map(|topic| topic.to_string().into()),
        Kind::Topics => entries(text)
            .map(|line| Ok(topic(line, graph)?.to_string()))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::from),
        Kind::Node(kind, _) => node(trimmed, kind, graph).map(Value::from),
        Kind::Nodes(kind) => {
            entries(text).map(|line| node(line, kind, graph)).collect::<Result<Vec<_>, _>>().map(Value::from)
        }
        Kind::Lines => Ok(entries(text).collect::<Vec<_>>().into()),
    }
}

/// The lines of a list; empty ones are none.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// A topic by id, or by a name that means one thing only. A well-formed id that the graph lacks is
/// taken: the checks say so, and nothing typed is lost.
pub fn topic(text: &str, graph: &Graph) -> Result<TopicId, Bilingual> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    // A name that was picked from the offered ones carries its id at the end.
    if let Some(id) = text.rsplit_once('[').and_then(|(_, id)| id.strip_suffix(']')?.parse().ok()) {
        return Ok(id);
    }
    match meant(graph, text, |_| true) {
        Meant::One(topic) => Ok(topic),
        Meant::Perhaps(topics) => Err(offer(text, &topics, graph)),
    }
}

fn node(text: &str, kind: TopicKind, graph: &Graph) -> Result<String, Bilingual> {
    let id = TopicId::new(kind, text);
    if text.parse::<TopicId>().is_err() && id.to_string().parse::<TopicId>().is_ok() {
        return Ok(text.to_owned());
    }
    let found = match topic(text, graph) {
        Ok(topic) if topic.kind() == kind => return Ok(topic.name().to_owned()),
        _ => graph.near(text, kind, OFFERED),
    };
    let named = |id: &TopicId| {
        graph.topic(id).is_some_and(|info| info.name.en.eq_ignore_ascii_case(text) || info.name.zh == text)
    };
    match found.iter().find(|id| named(id)) {
        Some(id) => Ok(id.name().to_owned()),
        None => Err(offer(text, &found, graph)),
    }
}

fn offer(text: &str, topics: &[TopicId], graph: &Graph) -> Bilingual {
    let listed = |language: Language| {
        let names = topics.iter().take(OFFERED).filter_map(|id| Some(graph.topic(id)?.name.get(language).to_owned()));
        names.collect::<Vec<_>>().join(if language == Language::En { ", " } else { "、" })
    };
    if topics.is_empty() {
        return both(
            &format!("the shared vocabulary has nothing called “{text}”; try another word for it"),
            &format!("共用词汇中没有“{text}”，请换一种说法"),
        );
    }
    both(
        &format!("“{text}” may mean several things; write one of: {}", listed(Language::En)),
        &format!("“{text}”可能指多种，请写明：{}", listed(Language::Zh)),
    )
}

fn both(en: &str, zh: &str) -> Bilingual {
    Bilingual { en: en.to_owned(), zh: zh.to_owned() }
}

/// Puts `value` at `path`; `Null` takes away what is there. A list position that does not exist is
/// left alone: the item was removed meanwhile.
fn put(whole: &mut Value, path: &str, value: Value) {
    let mut at = whole;
    let mut steps = path.split('.').peekable();
    while let Some(step) = steps.next() {
        let (key, index) = match step.split_once('[') {
            Some((key, rest)) => (key, rest.strip_suffix(']').and_then(|number| number.parse::<usize>().ok())),
            None => (step, None),
        };
        let Some(table) = at.as_object_mut() else { return };
        if steps.peek().is_none() {
            if value.is_null() {
                table.remove(key);
            } else {
                table.insert(key.to_owned(), value);
            }
            return;
        }
        let inner = table.entry(key).or_insert_with(|| Value::Object(Map::new()));
        at = match index {
            None => inner,
            Some(index) => match inner.get_mut(index) {
                Some(item) => item,
                None => return,
            },
        };
    }
}

/// Takes away the pairs that may be absent and are empty, and completes those with one language.
fn prune(whole: &mut Value) {
    let of = |whole: &mut Value, list: &str, key: &str| {
        for item in whole.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            prune_pair(item, key);
        }
    };
    of(whole, "fact", "brief");
    of(whole, "rubric", "why");
    if let Some(patient) = whole.get_mut("patient") {
        prune_pair(patient, "spokesperson");
    }
}

fn prune_pair(item: &mut Value, key: &str) {
    let Some(table) = item.as_object_mut() else { return };
    let Some(pair) = table.get_mut(key).filter(|pair| pair.is_object()) else { return };
    let text = |pair: &Value, language: &str| pair.get(language).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (en, zh) = (text(pair, "en"), text(pair, "zh"));
    if en.is_empty() && zh.is_empty() {
        table.remove(key);
    } else {
        *pair = json!({ "en": en, "zh": zh });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authoring::blank;

    fn graph() -> &'static Graph {
        Graph::embedded().unwrap_or_else(|problems| panic!("{}", problems[0]))
    }

    fn typed(fields: &[(&str, &str)]) -> (Case, Vec<Refused>) {
        let mut case = blank("a-case", "Somebody").unwrap();
        case.facts = cases::library().unwrap()[0].facts[..2].to_vec();
        let fields: Vec<(String, String)> =
            fields.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
        apply(&case, &fields, graph()).unwrap()
    }

    #[test]
    fn what_is_typed_stands_in_its_place_and_line_ends_are_plain() {
        let (case, refused) = typed(&[
            ("fact[1].tells.zh", "疼。\r\n很疼。"),
            ("fact[1].variants.en", " It hurts. \r\n\r\nIt aches."),
            ("patient.age", " 61 "),
            ("complaint", "Headache"),
            ("diagnosis.disease", "Migraine"),
            ("fact[0].present", "false"),
        ]);
        assert_eq!(refused, []);
        assert_eq!(case.facts[1].tells.zh, "疼。\n很疼。");
        assert_eq!(case.facts[1].variants.en, ["It hurts.", "It aches."]);
        assert_eq!((case.patient.age, case.facts[0].present), (61, false));
        assert_eq!(case.complaint.to_string(), "finding:headache");
        assert_eq!(case.diagnosis.disease.as_deref(), Some("migraine"));
    }

    #[test]
    fn what_a_field_cannot_hold_is_refused_and_the_case_keeps_what_it_had() {
        let (case, refused) =
            typed(&[("patient.age", "old"), ("patient.sex", "x"), ("complaint", "pain"), ("title.en", "A title")]);
        let paths: Vec<&str> = refused.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(paths, ["patient.age", "patient.sex", "complaint"]);
        assert_eq!((case.patient.age, case.title.en.as_str()), (40, "A title"));
    }

    #[test]
    fn places_that_do_not_exist_are_left_alone() {
        let before = typed(&[]).0;
        let (after, refused) = typed(&[("fact[9].tells.en", "x"), ("generated.seed", "5"), ("id", "other"), ("", "x")]);
        assert_eq!((after, refused), (before, Vec::new()));
    }

    #[test]
    fn a_pair_that_may_be_absent_goes_when_both_its_texts_go() {
        assert_eq!(typed(&[("patient.spokesperson.en", "mother")]).0.patient.spokesperson.unwrap().zh, "");
        assert_eq!(
            typed(&[("patient.spokesperson.en", ""), ("patient.spokesperson.zh", "")]).0.patient.spokesperson,
            None
        );
    }
}
