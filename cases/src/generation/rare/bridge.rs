//! A rare disease in the form of a disease of the core, so that one generator makes the cases of
//! both: its findings are those of the core that its annotations join, with their frequencies.

use std::collections::BTreeMap;

use knowledge_graph::{
    Bilingual, BilingualList, Facet,
    format::{Disease, Epidemiology, Evidence, FindingKind, Frequency, PresentsWith, Provenance},
    hpo::{Aspect, Chance, Join, RareDisease, RareFinding, RareId, Term, TermId},
    query::Sex,
};

use super::{
    super::{dice::Dice, person::Person},
    placing::{Place, place, sentence},
};
use crate::problem::both;

/// Share of patients from which on a symptom may be why the patient comes.
const WORTH_COMING: f64 = 0.1;
/// HPO's X-linked recessive inheritance.
const X_RECESSIVE: &str = "HP:0001419";
/// Share of women among patients with an X-linked recessive disease: carriers may show it.
const CARRIERS: f64 = 0.02;
/// Years after the onset within which most patients are met.
const FIRST_YEARS: u8 = 15;
/// Ages in years between which patients are met when no onset is annotated.
const UNSAID: (u8, u8) = (12, 55);
/// Age bands as in the core's epidemiology, with first and last year.
const BANDS: [(&str, u8, u8); 5] =
    [("0-17", 8, 17), ("18-39", 18, 39), ("40-59", 40, 59), ("60-79", 60, 79), ("80+", 80, 90)];

/// A rare disease, taken apart.
pub(super) struct Bridge<'a> {
    /// Its id in the catalogue.
    pub(super) rare: RareId,
    /// In the form of the core; its id is of no node.
    pub(super) disease: Disease,
    /// The term each of its findings rests on: the most frequent one.
    pub(super) terms: BTreeMap<&'a str, Term<'a>>,
    /// Findings for the patient's words, with their lay names.
    pub(super) told: Vec<(RareFinding<'a>, String)>,
    /// Findings for an examination or a test.
    pub(super) shown: Vec<(RareFinding<'a>, &'static str)>,
    /// Findings without a place, with the reason.
    pub(super) nowhere: Vec<(RareFinding<'a>, Bilingual)>,
    /// Ages in years, least and greatest, between which it begins, with the term that says so.
    pub(super) onset: Option<(Term<'a>, u8, u8)>,
}

impl<'a> Bridge<'a> {
    pub(super) fn new(join: &Join<'a>, rare: RareDisease<'a>) -> Self {
        let mut best: BTreeMap<&'a str, RareFinding<'a>> = BTreeMap::new();
        let (mut told, mut shown, mut nowhere) = (Vec::new(), Vec::new(), Vec::new());
        for finding in rare.findings().filter(|finding| finding.chance != Chance::Excluded) {
            match place(join, &finding) {
                Place::Core(core) => {
                    let known = best.entry(core.id.as_str()).or_insert(finding);
                    if rank(finding.chance) > rank(known.chance) {
                        *known = finding;
                    }
                }
                Place::Told(name) => told.push((finding, name)),
                Place::Shown(test) => shown.push((finding, test)),
                Place::Nowhere(why) => nowhere.push((finding, why)),
            }
        }
        told.sort_by(|(a, _): &(RareFinding<'_>, _), (b, _)| rank(b.chance).total_cmp(&rank(a.chance)));
        let onset = onset(rare);
        let disease = disease(join, rare, &best, onset);
        let terms = best.into_iter().map(|(id, finding)| (id, finding.term)).collect();
        Self { rare: rare.id(), disease, terms, told, shown, nowhere, onset }
    }

    /// Years ago that it began in this patient, within what is annotated; `None` when nothing is.
    pub(super) fn began(&self, person: &Person, dice: &mut Dice) -> Option<u8> {
        let (_, low, high) = self.onset?;
        let last = high.min(person.age).max(low);
        let age = u8::try_from(dice.between(u16::from(low), u16::from(last))).unwrap_or(low);
        Some(person.age.saturating_sub(age))
    }

    /// Lets the patient say when each symptom began.
    pub(super) fn tell_onset(&mut self, person: &Person, years_ago: Option<u8>) {
        let Some(years) = years_ago else { return };
        let said = since(person.age, years);
        for edge in self.disease.presents_with.iter_mut().filter(|edge| !edge.tells.is_empty()) {
            edge.facets.insert(Facet::Onset, said.clone());
        }
    }
}

/// Known chances by size, before unknown ones.
fn rank(chance: Chance) -> f64 {
    match chance {
        Chance::Known(share) => share,
        Chance::Unknown | Chance::Excluded => -1.0,
    }
}

/// When the disease begins: the widest range its course names.
fn onset(rare: RareDisease<'_>) -> Option<(Term<'_>, u8, u8)> {
    let course = rare.annotations().filter(|row| row.aspect == Aspect::Course && !row.excluded);
    let named: Vec<(Term<'_>, u8, u8)> =
        course.filter_map(|row| row.term.onset_years().map(|(low, high)| (row.term, low, high))).collect();
    let first = named.iter().min_by_key(|(_, low, _)| *low)?;
    let high = named.iter().map(|(.., high)| *high).max()?;
    Some((first.0, first.1, high))
}

fn since(age: u8, years: u8) -> BilingualList {
    let began = age.saturating_sub(years);
    let (en, zh) = match (began, years) {
        (0 | 1, _) => ("I've had it since I was a baby.".to_owned(), "从小就有。".to_owned()),
        (_, 0) => ("It began within the last year.".to_owned(), "这一年里开始的。".to_owned()),
        (2..=15, _) => {
            (format!("It began in childhood, when I was about {began}."), format!("小时候就有，大概{began}岁开始的。"))
        }
        (_, 1) => ("It began about a year ago.".to_owned(), "大概一年前开始的。".to_owned()),
        _ => (format!("It began about {years} years ago."), format!("大概{years}年前开始的。")),
    };
    BilingualList { en: vec![en], zh: vec![zh] }
}

fn disease<'a>(
    join: &Join<'a>,
    rare: RareDisease<'a>,
    best: &BTreeMap<&'a str, RareFinding<'a>>,
    onset: Option<(Term<'_>, u8, u8)>,
) -> Disease {
    let mut presents_with: Vec<PresentsWith> = best.iter().map(|(id, finding)| edge(join, id, finding)).collect();
    let share = |edge: &PresentsWith| edge.frequency.as_ref().and_then(Frequency::proportion).unwrap_or(0.0);
    presents_with.sort_by(|a, b| share(b).total_cmp(&share(a)));
    let system = presents_with.iter().find_map(|edge| Some(join.graph().finding(&edge.finding)?.system.clone()));
    Disease {
        id: rare.id().to_string().to_lowercase().replace(':', "-"),
        name: both(rare.name(), format!("{}（HPO只有英文名）", rare.name())),
        synonyms: BilingualList { en: rare.names().skip(1).map(str::to_owned).collect(), zh: Vec::new() },
        lay: BilingualList::default(),
        icd10: None,
        system: system.unwrap_or_else(|| "general".to_owned()),
        summary: Bilingual::default(),
        dangerous: false,
        epidemiology: Epidemiology {
            incidence: 1.0,
            age: ages(onset),
            female: female(rare),
            months: None,
            provenance: unverified(),
        },
        presents_with,
        risk_factor: Vec::new(),
        tested_by: Vec::new(),
        differential: Vec::new(),
        complication: Vec::new(),
        comorbidity: Vec::new(),
        treated_by: Vec::new(),
    }
}

fn edge(join: &Join<'_>, id: &str, finding: &RareFinding<'_>) -> PresentsWith {
    let is_symptom = join.graph().finding(id).is_some_and(|core| core.kind == FindingKind::Symptom);
    let frequency = match finding.chance {
        Chance::Known(share) => Some(share),
        Chance::Unknown | Chance::Excluded => None,
    };
    PresentsWith {
        finding: id.to_owned(),
        frequency: frequency.map(Frequency::Point),
        frequency_evidence: None,
        frequency_source: None,
        lr_positive: None,
        lr_negative: None,
        lr_derived: false,
        lr_of: None,
        presenting: is_symptom && frequency.is_none_or(|share| share >= WORTH_COMING),
        excluded: false,
        sex: finding.sex.map(|sex| sex.as_str().to_owned()),
        min_age: None,
        max_age: None,
        facets: BTreeMap::new(),
        tells: sentence(id).unwrap_or_default(),
        cluster: None,
        provenance: unverified(),
    }
}

/// The layer never decides a grade, so nothing of it weighs in a rubric.
fn unverified() -> Provenance {
    Provenance { source: None, evidence: Some(Evidence::Unverified) }
}

/// Patients are met in the years after the onset; between [`UNSAID`] when none is annotated.
fn ages(onset: Option<(Term<'_>, u8, u8)>) -> BTreeMap<String, f64> {
    let (from, to) = onset.map_or(UNSAID, |(_, low, high)| (low.max(8), high.max(8).saturating_add(FIRST_YEARS)));
    let years = |first: u8, last: u8| f64::from((last.min(to) + 1).saturating_sub(first.max(from)));
    BANDS.iter().map(|(band, first, last)| ((*band).to_owned(), years(*first, *last))).collect()
}

/// Share of women: nobody's count, but what the annotated inheritance and sexes imply.
fn female(rare: RareDisease<'_>) -> f64 {
    let rows: Vec<_> = rare.annotations().collect();
    let recessive = X_RECESSIVE.parse::<TermId>().ok();
    let inherited = |row: &&_| matches!(row, knowledge_graph::hpo::Annotation { aspect: Aspect::Inheritance, .. });
    let only = |sex: Sex| {
        let findings = rows.iter().filter(|row| row.aspect == Aspect::Phenotype && !row.excluded);
        findings.clone().count() > 0 && findings.clone().all(|row| row.sex == Some(sex))
    };
    if only(Sex::Male) {
        0.0
    } else if only(Sex::Female) {
        1.0
    } else if rows.iter().filter(inherited).any(|row| Some(row.term.id()) == recessive) {
        CARRIERS
    } else {
        0.5
    }
}
