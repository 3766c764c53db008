//! What the disease does to this patient: which findings are present, which matter by being absent.

use std::collections::{BTreeMap, BTreeSet};

use knowledge_graph::{
    Bilingual, Graph, Language, TopicId, TopicKind,
    format::{Disease, Finding, FindingKind, Mimics, PresentsWith},
};

use super::{
    GenerateError, carer,
    dice::Dice,
    person::{Person, confined_to},
};
use crate::{
    check::only_sex,
    format::{Level, Sex},
};

/// Share of patients assumed when an edge gives none.
pub(super) const UNKNOWN_FREQUENCY: f64 = 0.3;
/// How often people without the disease have a finding, when its node gives nothing.
pub(super) const BACKGROUND: f64 = 0.05;

/// Findings that do not occur together.
const OPPOSITES: [(&str, &str); 12] = [
    ("diarrhoea", "constipation"),
    ("diarrhoea", "obstipation"),
    ("weight-loss", "weight-gain"),
    ("heat-intolerance", "cold-intolerance"),
    ("increased-appetite", "loss-of-appetite"),
    ("polyuria", "oliguria"),
    ("low-mood", "elevated-mood"),
    ("tachycardia", "bradycardia"),
    ("hypotension", "raised-blood-pressure"),
    ("periumbilical-pain", "migratory-pain"),
    ("fever", "hypothermia"),
    ("high-temperature", "hypothermia"),
];

/// A finding of the disease together with its node.
#[derive(Clone, Copy)]
pub(super) struct Shown<'g> {
    pub(super) edge: &'g PresentsWith,
    pub(super) finding: &'g Finding,
    /// Which of the edge's variants this patient speaks in.
    pub(super) variant: usize,
}

/// The clinical picture.
pub(super) struct Picture<'g> {
    pub(super) graph: &'g Graph,
    pub(super) disease: &'g Disease,
    pub(super) comorbidities: Vec<&'g Disease>,
    pub(super) complaint: Shown<'g>,
    /// Other symptoms that are present, most frequent first.
    pub(super) symptoms: Vec<Shown<'g>>,
    /// Signs, laboratory and imaging findings that are present.
    pub(super) signs: Vec<Shown<'g>>,
    sex: Sex,
    age: u8,
    by_carer: bool,
}

impl<'g> Picture<'g> {
    pub(super) fn draw(
        graph: &'g Graph,
        disease: &'g Disease,
        comorbidities: &[&'g Disease],
        person: &Person,
        level: Level,
        dice: &mut Dice,
    ) -> Result<Self, GenerateError> {
        let known = applicable(graph, disease, person.sex, person.age);
        let alters = alterations(disease, comorbidities);
        let share = |edge: &PresentsWith| {
            (share(edge) * alters.get(edge.finding.as_str()).copied().unwrap_or(1.0)).clamp(0.0, 1.0)
        };
        let complaint =
            complaint(&known, &share, level, dice).ok_or_else(|| GenerateError::NoComplaint(disease.id.clone()))?;
        let mut chosen = vec![complaint];
        let mut clusters: BTreeMap<&str, f64> = BTreeMap::new();
        for (edge, finding) in &known {
            let fresh = dice.unit();
            let variant = dice.index(6);
            let draw = edge.cluster.as_deref().map_or(fresh, |name| *clusters.entry(name).or_insert(fresh));
            let shown = Shown { edge, finding, variant };
            if !edge.excluded && draw < sharpened(share(edge), level) && fits(graph, &chosen, shown) {
                chosen.push(shown);
            }
        }
        let (mut symptoms, signs): (Vec<_>, Vec<_>) =
            chosen.into_iter().skip(1).partition(|shown| shown.finding.kind == FindingKind::Symptom);
        symptoms.retain(|shown| !shown.edge.tells.is_empty());
        symptoms.sort_by(|a, b| share(b.edge).total_cmp(&share(a.edge)));
        let comorbidities = comorbidities.to_vec();
        Ok(Self {
            graph,
            disease,
            comorbidities,
            complaint,
            symptoms,
            signs,
            sex: person.sex,
            age: person.age,
            by_carer: person.carer.is_some(),
        })
    }

    pub(super) fn complaint_topic(&self) -> TopicId {
        topic(self.complaint.finding)
    }

    pub(super) fn sex(&self) -> Sex {
        self.sex
    }

    /// What the door says the patient comes with: the finding's name, or the first lay words for it
    /// that do not name the disease (podagra is gout).
    pub(super) fn complaint_name(&self) -> Bilingual {
        let finding = self.complaint.finding;
        let safe = |name: &&String, language| !names_disease(self.disease, name, language);
        let en = std::iter::once(&finding.name.en).chain(&finding.lay.en).find(|name| safe(name, Language::En));
        let zh = std::iter::once(&finding.name.zh).chain(&finding.lay.zh).find(|name| safe(name, Language::Zh));
        Bilingual { en: en.unwrap_or(&finding.name.en).clone(), zh: zh.unwrap_or(&finding.name.zh).clone() }
    }

    /// All symptoms that are present, the complaint first.
    pub(super) fn present(&self) -> impl Iterator<Item = &Shown<'g>> {
        std::iter::once(&self.complaint).chain(&self.symptoms)
    }

    /// Whether one of `names` is among the findings present, signs included.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.present().chain(&self.signs).any(|shown| names.contains(&shown.finding.id.as_str()))
    }

    /// What it is confused with in a patient of this sex and age, in the graph's order.
    pub(super) fn differential(&self) -> impl Iterator<Item = (&'g Mimics, &'g Disease)> {
        let known =
            self.disease.differential.iter().filter_map(|edge| Some((edge, self.graph.disease(&edge.disease)?)));
        known.filter(|(_, other)| confined_to(other).is_none_or(|only| only == self.sex) && occurs_at(other, self.age))
    }

    /// The diseases of [`Self::differential`].
    pub(super) fn mimics(&self) -> impl Iterator<Item = &'g Disease> {
        self.differential().map(|(_, other)| other)
    }

    /// Whether the patient is in pain or fights for breath with something dangerous.
    pub(super) fn suffers(&self) -> bool {
        let suffering = self.complaint.finding.id.contains("pain") || self.has(&["dyspnoea", "headache"]);
        self.disease.dangerous && suffering
    }

    /// Whether the patient is past work and sport.
    pub(super) fn is_old(&self) -> bool {
        self.age >= 65
    }

    /// Whether a carer speaks for a small child.
    pub(super) fn by_carer(&self) -> bool {
        self.by_carer
    }

    /// How often the disease shows `finding` in such a patient, when the graph says.
    pub(super) fn share_in(&self, disease: &Disease, finding: &str) -> Option<f64> {
        disease
            .presents_with
            .iter()
            .find(|edge| edge.finding == finding && applies(edge, self.sex, self.age))
            .map(share)
    }

    /// Whether `finding` may be denied: it is neither present, nor a broader or opposite name for
    /// something present, nor a place of the pain the patient complains of.
    pub(super) fn deniable(&self, finding: &Finding) -> bool {
        let denied = topic(finding);
        let only = only_sex(&denied, self.graph);
        finding.kind == FindingKind::Symptom
            && !(self.by_carer && carer::is_felt(finding))
            && only.is_none_or(|only| only == self.sex)
            && self.present().all(|shown| {
                let present = topic(shown.finding);
                let place_of_it = finding.id.ends_with("-pain") && self.graph.is_a(&denied, &present);
                !self.graph.is_a(&present, &denied) && !place_of_it
            })
    }
}

/// Whether the disease has patients in the age band of `age`.
fn occurs_at(disease: &Disease, age: u8) -> bool {
    let band = match age {
        0..=17 => "0-17",
        18..=39 => "18-39",
        40..=59 => "40-59",
        60..=79 => "60-79",
        _ => "80+",
    };
    disease.epidemiology.age.get(band).is_none_or(|share| *share > 0.0)
}

fn names_disease(disease: &Disease, text: &str, language: Language) -> bool {
    let text = text.to_lowercase();
    std::iter::once(disease.name.get(language))
        .chain(disease.synonyms.get(language).iter().map(String::as_str))
        .chain(disease.lay.get(language).iter().map(String::as_str))
        .any(|name| text.contains(&name.to_lowercase()))
}

pub(super) fn topic(finding: &Finding) -> TopicId {
    TopicId::new(TopicKind::Finding, &finding.id)
}

/// The share of patients an edge speaks of.
pub(super) fn share(edge: &PresentsWith) -> f64 {
    edge.frequency.as_ref().and_then(knowledge_graph::format::Frequency::proportion).unwrap_or(UNKNOWN_FREQUENCY)
}

fn applies(edge: &PresentsWith, sex: Sex, age: u8) -> bool {
    let sex_fits = match edge.sex.as_deref() {
        Some("male") => sex == Sex::Male,
        Some("female") => sex == Sex::Female,
        _ => true,
    };
    sex_fits && edge.min_age.is_none_or(|least| age >= least) && edge.max_age.is_none_or(|most| age <= most)
}

/// The disease's edges that apply to this patient, one a finding.
fn applicable<'g>(graph: &'g Graph, disease: &'g Disease, sex: Sex, age: u8) -> Vec<(&'g PresentsWith, &'g Finding)> {
    let mut seen = BTreeSet::new();
    disease
        .presents_with
        .iter()
        .filter(|edge| applies(edge, sex, age))
        .filter_map(|edge| Some((edge, graph.finding(&edge.finding)?)))
        .filter(|(_, finding)| only_sex(&topic(finding), graph).is_none_or(|only| only == sex))
        .filter(|(edge, _)| seen.insert(edge.finding.as_str()))
        .collect()
}

/// How the comorbidities change the frequency of findings.
fn alterations<'g>(disease: &'g Disease, comorbidities: &[&Disease]) -> BTreeMap<&'g str, f64> {
    let mut factors = BTreeMap::new();
    for edge in disease.comorbidity.iter().filter(|edge| comorbidities.iter().any(|other| other.id == edge.disease)) {
        for (finding, factor) in &edge.alters {
            *factors.entry(finding.as_str()).or_insert(1.0) *= factor;
        }
    }
    factors
}

fn complaint<'g>(
    known: &[(&'g PresentsWith, &'g Finding)],
    share: &impl Fn(&PresentsWith) -> f64,
    level: Level,
    dice: &mut Dice,
) -> Option<Shown<'g>> {
    let eligible: Vec<_> = known
        .iter()
        .filter(|(edge, finding)| {
            edge.presenting && !edge.excluded && finding.kind == FindingKind::Symptom && !edge.tells.is_empty()
        })
        .collect();
    // An introductory patient comes with the commonest complaint, an advanced one with any.
    let power = match level {
        Level::Introductory => 6,
        Level::Intermediate => 3,
        Level::Advanced => 1,
    };
    let weights: Vec<f64> = eligible.iter().map(|(edge, _)| share(edge).max(0.01).powi(power)).collect();
    let (edge, finding) = eligible.get(dice.weighted(&weights)?)?;
    Some(Shown { edge, finding, variant: dice.index(6) })
}

/// An introductory patient shows what most show; an advanced one a little less.
fn sharpened(share: f64, level: Level) -> f64 {
    match level {
        Level::Introductory if share >= 0.5 => 1.0,
        Level::Introductory => share * 0.8,
        Level::Intermediate => share,
        Level::Advanced => share * 0.85,
    }
}

fn fits(graph: &Graph, chosen: &[Shown<'_>], next: Shown<'_>) -> bool {
    chosen.iter().all(|shown| {
        let (one, other) = (shown.finding.id.as_str(), next.finding.id.as_str());
        let opposite = OPPOSITES.iter().any(|pair| *pair == (one, other) || *pair == (other, one));
        let (present, added) = (topic(shown.finding), topic(next.finding));
        let same = graph.is_a(&present, &added) || graph.is_a(&added, &present);
        let second_place = one.ends_with("-pain")
            && other.ends_with("-pain")
            && other != "migratory-pain"
            && shown.finding.parent.is_some()
            && shown.finding.parent == next.finding.parent;
        !opposite && !same && !second_place
    })
}
