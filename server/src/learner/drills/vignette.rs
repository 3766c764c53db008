//! A patient in a few lines: age, sex, complaint, what is found and what is not.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual, Graph, TopicId,
    format::{Disease, Evidence, Finding, FindingKind, PresentsWith},
    lower_first,
    query::{Differential, Options, Patient, Presence, Sex, differential},
};

use super::{
    dice::Dice,
    item::both,
    kin::{alike, hints, topic},
};

/// Least share of a disease's patients in an age band for the band to be plausible.
const PLAUSIBLE_AGE: f64 = 0.15;
/// Least share of a sex for a patient, or an option, of that sex.
const PLAUSIBLE_SEX: f64 = 0.1;
/// The least share of patients with a finding that is said of a typical one.
const TYPICAL: f64 = 0.2;
/// Adults only: children's findings are told by others.
const BANDS: [(&str, u8, u8); 4] = [("18-39", 20, 39), ("40-59", 40, 59), ("60-79", 60, 79), ("80+", 80, 88)];
/// Names that already deny, or that nobody would say are absent.
const DENYING: [&str; 10] =
    ["no ", "normal", "absent", "reduced", "loss", "lack", "decreased", "poor", "unable", "low "];

pub(super) struct Vignette {
    pub(super) patient: Patient,
    pub(super) evidence: Vec<(TopicId, Presence)>,
    /// The sources of what is said of the disease.
    pub(super) sources: BTreeSet<String>,
    pub(super) text: Bilingual,
}

/// How much of a patient is told.
pub(super) struct Extent {
    pub(super) present: usize,
    /// Whether signs and results are told, too.
    pub(super) examined: bool,
}

/// A disease that adults have.
pub(super) fn adult(disease: &Disease) -> bool {
    disease.epidemiology.months.is_none() && BANDS.iter().any(|(band, ..)| share(disease, band) >= PLAUSIBLE_AGE)
}

fn share(disease: &Disease, band: &str) -> f64 {
    disease.epidemiology.age.get(band).copied().unwrap_or(0.0)
}

/// Whether a person of that age and sex may well have it.
pub(super) fn plausible(disease: &Disease, patient: Patient) -> bool {
    let of_sex = match patient.sex {
        Sex::Female => disease.epidemiology.female,
        Sex::Male => 1.0 - disease.epidemiology.female,
    };
    let band = BANDS.iter().find(|(_, low, high)| (*low..=*high).contains(&patient.age));
    of_sex >= PLAUSIBLE_SEX && band.is_some_and(|(band, ..)| share(disease, band) >= PLAUSIBLE_AGE / 3.0)
}

/// A patient such as have the disease.
fn patient(disease: &Disease, dice: &mut Dice) -> Option<Patient> {
    let bands: Vec<_> = BANDS.iter().filter(|(band, ..)| share(disease, band) >= PLAUSIBLE_AGE).collect();
    let (_, low, high) = dice.pick(&bands)?;
    let age = *low + u8::try_from(dice.index(usize::from(high - low) + 1)).ok()?;
    let sexes: Vec<Sex> = [(Sex::Female, disease.epidemiology.female), (Sex::Male, 1.0 - disease.epidemiology.female)]
        .into_iter()
        .filter(|(_, share)| *share >= PLAUSIBLE_SEX)
        .map(|(sex, _)| sex)
        .collect();
    Some(Patient { age, sex: *dice.pick(&sexes)? })
}

/// Whether a verified claim says that such patients have the finding.
pub(super) fn verified(graph: &Graph, edge: &PresentsWith, patient: Patient) -> bool {
    graph.evidence(&edge.provenance) != Evidence::Unverified
        && edge.sex.as_deref().is_none_or(|sex| sex == patient.sex.as_str())
        && edge.min_age.is_none_or(|age| patient.age >= age)
        && edge.max_age.is_none_or(|age| patient.age <= age)
}

/// A typical patient with the disease, whose complaint and findings do not name it.
pub(super) fn typical(graph: &Graph, disease: &Disease, extent: &Extent, dice: &mut Dice) -> Option<Vignette> {
    let patient = patient(disease, dice)?;
    let mut edges: Vec<(&PresentsWith, &Finding)> = disease
        .presents_with
        .iter()
        .filter(|edge| verified(graph, edge, patient) && !edge.excluded)
        .filter(|edge| {
            edge.frequency
                .as_ref()
                .and_then(knowledge_graph::format::Frequency::proportion)
                .is_none_or(|rate| rate >= TYPICAL)
        })
        .filter_map(|edge| Some((edge, graph.finding(&edge.finding)?)))
        .filter(|(_, finding)| !hints(&finding.name, disease))
        .collect();
    dice.shuffle(&mut edges);
    let complaint = edges.iter().position(|(edge, finding)| edge.presenting && finding.kind == FindingKind::Symptom)?;
    let mut told = vec![edges.remove(complaint)];
    for (edge, finding) in edges {
        let admitted = extent.examined || finding.kind == FindingKind::Symptom;
        if admitted && told.len() <= extent.present && told.iter().all(|(_, other)| !alike(graph, other, finding)) {
            told.push((edge, finding));
        }
    }
    if told.len() <= extent.present {
        return None;
    }
    let sources = told.iter().filter_map(|(edge, _)| edge.provenance.source.clone()).collect();
    let found: Vec<&Finding> = told.into_iter().map(|(_, finding)| finding).collect();
    let evidence = found.iter().map(|finding| (topic(finding), Presence::Present)).collect();
    let text = describe(patient, &found, &[]);
    Some(Vignette { patient, evidence, sources, text })
}

impl Vignette {
    /// Adds symptoms that other diseases would bring and this one does not mention.
    pub(super) fn without(mut self, graph: &Graph, disease: &Disease, others: &[&Disease], dice: &mut Dice) -> Self {
        let known: Vec<&Finding> = self.evidence.iter().filter_map(|(topic, _)| graph.finding(topic.name())).collect();
        let mut candidates: Vec<&Finding> = others
            .iter()
            .flat_map(|other| &other.presents_with)
            .filter(|edge| verified(graph, edge, self.patient) && !edge.excluded)
            .filter(|edge| disease.presents_with.iter().all(|own| own.finding != edge.finding))
            .filter_map(|edge| graph.finding(&edge.finding))
            .filter(|finding| finding.kind == FindingKind::Symptom && can_be_denied(finding))
            .filter(|finding| known.iter().all(|other| !alike(graph, other, finding)))
            .collect();
        candidates.sort_by(|a, b| a.id.cmp(&b.id));
        candidates.dedup_by(|a, b| a.id == b.id);
        dice.shuffle(&mut candidates);
        let mut absent: Vec<&Finding> = Vec::new();
        for finding in candidates {
            if absent.len() < 2 && absent.iter().all(|other| !alike(graph, other, finding)) {
                absent.push(finding);
            }
        }
        self.text = describe(self.patient, &known, &absent);
        self.evidence.extend(absent.into_iter().map(|finding| (topic(finding), Presence::Absent)));
        self
    }

    /// The differential as far as `view` lets claims count.
    pub(super) fn differential(&self, graph: &Graph, view: &Options) -> Differential {
        differential(graph, &self.evidence, Some(self.patient), view)
    }
}

fn can_be_denied(finding: &Finding) -> bool {
    let name = finding.name.en.to_lowercase();
    !DENYING.iter().any(|word| name.starts_with(word))
}

/// The patient in both languages. The first finding is the complaint.
fn describe(patient: Patient, present: &[&Finding], absent: &[&Finding]) -> Bilingual {
    let complaint = present.first().map(|finding| finding.name.clone()).unwrap_or_default();
    let rest = present.get(1..).unwrap_or_default();
    let of = |kinds: &[FindingKind]| -> Vec<&Finding> {
        rest.iter().copied().filter(|finding| kinds.contains(&finding.kind)).collect()
    };
    let symptoms = of(&[FindingKind::Symptom]);
    let signs = of(&[FindingKind::Sign]);
    let results = of(&[FindingKind::Laboratory, FindingKind::Imaging]);
    let (noun, mann) = match patient.sex {
        Sex::Female => ("woman", "女"),
        Sex::Male => ("man", "男"),
    };
    let article = if matches!(patient.age, 8 | 11 | 18 | 80..=89) { "An" } else { "A" };
    let mut en = format!("{article} {}-year-old {noun} comes with {}.", patient.age, lower_first(&complaint.en));
    let mut zh = format!("患者，{mann}，{}岁，主诉：{}。", patient.age, complaint.zh);
    for (title_en, title_zh, findings) in [
        ("Also present", "伴有", &symptoms),
        ("Not present", "无", &absent.to_vec()),
        ("On examination", "查体", &signs),
        ("Investigations", "检查", &results),
    ] {
        if !findings.is_empty() {
            let names = |text: fn(&Finding) -> String, by: &str| {
                findings.iter().map(|one| text(one)).collect::<Vec<_>>().join(by)
            };
            en += &format!(" {title_en}: {}.", names(|one| lower_first(&one.name.en), "; "));
            zh += &format!("{title_zh}：{}。", names(|one| one.name.zh.clone(), "、"));
        }
    }
    both(en, zh)
}
