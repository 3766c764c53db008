//! From the generator's case to that of a rare disease: its sources, what the core has no finding
//! for, and what somebody with a rare disease has been through.

use knowledge_graph::{
    Bilingual, BilingualList, TopicId, TopicKind,
    format::TestKind,
    hpo::{Aspect, Chance, Join, RareDisease, RareFinding, RareId, Term, TermId},
    lower_first,
};

use super::{
    super::{
        dice::{Dice, capital},
        person::Person,
        symptoms::MOST_FACTS,
    },
    bridge::Bridge,
    note,
    rivals::Rivals,
};
use crate::{
    check::only_sex,
    format::{Case, Diagnosis, Differential, Disclosure, Examination, Fact, Sex, TestResult},
    problem::both,
};

/// Findings told in lay words of HPO at most.
const MOST_TOLD: usize = 4;
/// Share of patients assumed where the annotation gives none, as in the core.
const UNKNOWN: f64 = 0.3;
/// Share from which a finding that the patient lacks is worth a word to the teacher.
const FREQUENT: f64 = 0.5;
/// HPO's autosomal dominant inheritance, and the share of patients assumed to have an ill parent:
/// new mutations are common and no annotation counts them.
const DOMINANT: (&str, f64) = ("HP:0000006", 0.6);

/// What a case is finished with.
pub(super) struct Parts<'p, 'a> {
    pub(super) join: &'p Join<'a>,
    pub(super) rare: RareDisease<'a>,
    pub(super) bridge: &'p Bridge<'a>,
    pub(super) rivals: Rivals,
    pub(super) person: &'p Person,
}

pub(super) fn finish(parts: Parts<'_, '_>, mut case: Case, dice: &mut Dice) -> Case {
    "anamnesis case new, from the Human Phenotype Ontology".clone_into(&mut case.author);
    credit(&parts, &mut case);
    let only_english = extra(&parts, &mut case, dice);
    lived_with(&parts, &mut case, dice);
    let frequent: Vec<&str> = missing(&parts, &case);
    if let Some(text) = note::untold(parts.join.graph(), &frequent) {
        case.teaching_note.en.push_str(&text.en);
        case.teaching_note.zh.push_str(&text.zh);
    }
    case.diagnosis = diagnosis(parts, case.diagnosis);
    if only_english { in_english(case) } else { case }
}

fn source(rare: RareId, term: TermId) -> String {
    format!("hpo:{rare}/{term}")
}

/// The annotation in place of the edge that the generator went by.
fn credit(parts: &Parts<'_, '_>, case: &mut Case) {
    let (rare, bridge) = (parts.rare.id(), parts.bridge);
    let from = format!("graph:{}->finding:", TopicId::new(TopicKind::Disease, &bridge.disease.id));
    let rested = |written: &str| {
        let finding = written.strip_prefix(&from)?;
        bridge.terms.get(finding).map(|term| source(rare, term.id()))
    };
    for fact in &mut case.facts {
        let onset = bridge.onset.filter(|_| fact.topic.facet() == Some(knowledge_graph::Facet::Onset));
        if let Some(found) = rested(&fact.source) {
            fact.source = onset.map_or(found, |(term, ..)| source(rare, term.id()));
        }
    }
    let examined = case.examinations.iter_mut().map(|one| &mut one.source);
    for written in examined.chain(case.results.iter_mut().map(|one| &mut one.source)) {
        if let Some(found) = rested(written) {
            *written = found;
        }
    }
}

/// Findings that the core does not have, drawn by their frequency; whether one has no Chinese name.
fn extra(parts: &Parts<'_, '_>, case: &mut Case, dice: &mut Dice) -> bool {
    let mut only_english = false;
    let mut told = 0;
    for (finding, name) in &parts.bridge.told {
        let room = told < MOST_TOLD && case.facts.len() < MOST_FACTS;
        if drawn(finding, parts.person.sex, dice) && room {
            told += 1;
            only_english |= finding.term.chinese().is_none();
            case.facts.push(also_noticed(parts.rare.id(), finding.term, name));
        }
    }
    for (finding, test) in &parts.bridge.shown {
        let only = only_sex(&TopicId::new(TopicKind::Test, *test), parts.join.graph());
        if drawn(finding, parts.person.sex, dice) && only.is_none_or(|only| only == parts.person.sex) {
            only_english |= finding.term.chinese().is_none();
            show(parts, case, finding.term, test);
        }
    }
    only_english
}

fn drawn(finding: &RareFinding<'_>, sex: Sex, dice: &mut Dice) -> bool {
    let share = match finding.chance {
        Chance::Known(share) => share,
        Chance::Unknown => UNKNOWN,
        Chance::Excluded => 0.0,
    };
    dice.chance(share) && finding.sex.is_none_or(|only| only == sex.into())
}

fn also_noticed(rare: RareId, term: Term<'_>, name: &str) -> Fact {
    let zh = term.chinese().unwrap_or(name);
    Fact {
        id: format!("also-{}", term.id().to_string().to_lowercase().replace(':', "-")),
        topic: TopicId::new(TopicKind::History, "other-symptoms"),
        also: Vec::new(),
        present: true,
        disclosure: Disclosure::Asked,
        bother: 2,
        tells: both(format!("There's something else: {}.", lower_first(name)), format!("还有个情况：{zh}。")),
        brief: None,
        variants: BilingualList::default(),
        source: source(rare, term.id()),
    }
}

fn show(parts: &Parts<'_, '_>, case: &mut Case, term: Term<'_>, test: &str) {
    let Some(node) = parts.join.graph().test(test) else { return };
    let name =
        both(format!("{}.", capital(term.name())), format!("{}。", term.chinese().unwrap_or_else(|| term.name())));
    let source = source(parts.rare.id(), term.id());
    if node.kind == TestKind::Examination {
        match case.examinations.iter_mut().find(|one| one.test == test) {
            Some(shown) => said(&mut shown.finding, &mut shown.source, name, source),
            None => case.examinations.push(Examination { test: test.to_owned(), finding: name, source }),
        }
        return;
    }
    if let Some(shown) = case.results.iter_mut().find(|one| one.test == test) {
        // Normal numbers beside an abnormal finding would contradict it.
        shown.values.clear();
        shown.series.clear();
        said(&mut shown.report, &mut shown.source, name, source);
    } else {
        let values = std::collections::BTreeMap::new();
        case.results.push(TestResult { test: test.to_owned(), report: name, values, series: Vec::new(), source });
    }
}

/// Adds to what is shown already, or takes the place of what was normal.
fn said(text: &mut Bilingual, shown_source: &mut String, name: Bilingual, source: String) {
    if shown_source.starts_with("hpo:") {
        text.en = format!("{} {}", text.en, name.en);
        text.zh.push_str(&name.zh);
    } else {
        *text = name;
        *shown_source = source;
    }
}

/// Nobody with a rare disease sees a doctor for the first time, and some have an ill parent.
fn lived_with(parts: &Parts<'_, '_>, case: &mut Case, dice: &mut Dice) {
    if let Some(fact) = case.facts.iter_mut().find(|fact| fact.id == "not-seen") {
        fact.present = true;
        fact.tells = both(
            "I've seen doctors about it and had tests, but nobody found out what it is.",
            "看过医生，也查过，没查出是什么病。",
        );
        fact.brief = Some(both("Yes, without an answer.", "看过，没查出来。"));
    }
    let inherited = |id: &str| {
        let rows = parts.rare.annotations().filter(|row| row.aspect == Aspect::Inheritance && !row.excluded);
        rows.map(|row| row.term.id()).find(|term| id.parse() == Ok(*term))
    };
    let ill_parent = dice.chance(DOMINANT.1);
    let mother = dice.chance(0.5);
    let Some(term) = inherited(DOMINANT.0).filter(|_| ill_parent) else { return };
    let Some(fact) = case.facts.iter_mut().find(|fact| fact.id == "family") else { return };
    let (en, zh) = if mother { ("mother", "我妈") } else { ("father", "我爸") };
    fact.present = true;
    fact.tells = both(format!("My {en} has something like it."), format!("{zh}也有类似的毛病。"));
    fact.brief = Some(both(format!("My {en}."), format!("{zh}有。")));
    fact.source = source(parts.rare.id(), term);
}

/// Findings of the disease that most patients have and the case does not mention.
fn missing<'g>(parts: &Parts<'_, 'g>, case: &Case) -> Vec<&'g str> {
    let shown = |term: TermId| {
        let source = source(parts.rare.id(), term);
        case.facts.iter().any(|fact| fact.source == source)
            || case.examinations.iter().any(|one| one.source == source)
            || case.results.iter().any(|one| one.source == source)
    };
    let told = |id: &str| case.facts.iter().any(|fact| fact.topic.name() == id);
    let often = parts.bridge.disease.presents_with.iter().filter(|edge| super::super::picture::share(edge) >= FREQUENT);
    let ids = often.filter_map(|edge| parts.bridge.terms.get_key_value(edge.finding.as_str()));
    ids.filter(|(id, term)| !told(id) && !shown(term.id())).map(|(id, _)| *id).collect()
}

/// The graph has no such disease, so only its name stands for it.
fn diagnosis(parts: Parts<'_, '_>, made: Diagnosis) -> Diagnosis {
    let others = made.differential.into_iter().filter(|other| other.disease.as_ref() != Some(&parts.bridge.disease.id));
    let name = made.name;
    let itself = Differential {
        disease: None,
        name: name.clone(),
        reason: both(
            format!("The annotated picture of {}.", parts.rare.id()),
            format!("符合{}的注释表现。", parts.rare.id()),
        ),
        dangerous: false,
    };
    let differential = std::iter::once(itself).chain(others).chain(parts.rivals.rare).collect();
    Diagnosis { disease: None, name, comorbidities: made.comorbidities, differential }
}

/// A case in English only: every Chinese text repeats the English one.
fn in_english(case: Case) -> Case {
    let Ok(mut value) = serde_json::to_value(&case) else { return case };
    repeat_english(&mut value);
    let english = serde_json::from_value::<Case>(value);
    Case { only: Some(knowledge_graph::Language::En), ..english.unwrap_or(case) }
}

fn repeat_english(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            if let Some(en) = fields.get("en").cloned()
                && let Some(zh) = fields.get_mut("zh")
            {
                *zh = en;
                return;
            }
            fields.values_mut().for_each(repeat_english);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(repeat_english),
        _ => {}
    }
}
