//! A patient in a few lines: age, sex, complaint, what is found and what is not.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual, TopicId,
    format::{Disease, Evidence, Finding, FindingKind, Frequency, PresentsWith},
    query::{Differential, Options, Patient, Presence, Sex, differential},
};

use super::{
    dice::Dice,
    item::both,
    people::patient,
    stock::{Stock, topic},
    wording::{finding, list},
};

/// The least share of patients with a finding that is said of a typical one.
const TYPICAL: f64 = 0.3;
/// Where nobody says how often, for choosing a complaint.
const UNTOLD: f64 = 0.3;
/// The least share of a rival's patients for which the finding is missed when absent.
const MISSED: f64 = 0.4;
/// The least share of patients with a symptom that a description does not leave out.
const CARDINAL: f64 = 0.75;
/// Pertinent negatives.
const DENIED: usize = 2;
/// Symptoms beside the complaint.
const SYMPTOMS: usize = 3;
/// Words with which a name begins that cannot follow "no" in a sentence.
const UNDENIED: [&str; 12] = [
    "unable",
    "no ",
    "normal",
    "absent",
    "reduced",
    "lack",
    "decreased",
    "poor",
    "getting",
    "feeling",
    "taking",
    "repeating",
];
/// The same in Chinese.
const UNDENIED_ZH: [&str; 4] = ["不", "无", "少", "从未"];
/// A longer name cannot be denied in passing.
const DENIED_WORDS: usize = 4;

#[derive(Clone)]
pub(super) struct Vignette<'g> {
    pub(super) patient: Patient,
    pub(super) complaint: &'g Finding,
    /// What is found, the complaint first.
    pub(super) present: Vec<&'g Finding>,
    pub(super) absent: Vec<&'g Finding>,
    /// The sources of what is said of the disease.
    pub(super) sources: BTreeSet<String>,
    clusters: BTreeSet<String>,
    /// What else a typical patient has.
    waiting: Vec<(&'g PresentsWith, &'g Finding)>,
}

/// Whether a verified claim says that such patients have the finding.
fn verified(stock: &Stock<'_>, edge: &PresentsWith, patient: Patient) -> bool {
    stock.graph.evidence(&edge.provenance) != Evidence::Unverified
        && edge.provenance.source.is_some()
        && !edge.excluded
        && edge.sex.as_deref().is_none_or(|sex| sex == patient.sex.as_str())
        && edge.min_age.is_none_or(|age| patient.age >= age)
        && edge.max_age.is_none_or(|age| patient.age <= age)
}

fn rate(edge: &PresentsWith) -> Option<f64> {
    edge.frequency.as_ref().and_then(Frequency::proportion)
}

/// A typical patient with the disease, so far with the complaint alone; no name gives it away.
pub(super) fn typical<'g>(
    stock: &Stock<'g>,
    disease: &'g Disease,
    examined: bool,
    dice: &mut Dice,
) -> Option<Vignette<'g>> {
    let patient = patient(disease, dice)?;
    let mut waiting: Vec<(&PresentsWith, &Finding)> = disease
        .presents_with
        .iter()
        .filter(|edge| verified(stock, edge, patient) && rate(edge).is_none_or(|rate| rate >= TYPICAL))
        .filter_map(|edge| Some((edge, stock.graph.finding(&edge.finding)?)))
        .filter(|(_, finding)| examined || finding.kind == FindingKind::Symptom)
        .filter(|(_, finding)| !stock.hints(finding, disease) && !awkward(finding) && stock.can_have(patient, finding))
        .collect();
    dice.shuffle(&mut waiting);
    let weights: Vec<f64> = waiting
        .iter()
        .map(|(edge, finding)| {
            let brings = edge.presenting && finding.kind == FindingKind::Symptom;
            if brings { rate(edge).unwrap_or(UNTOLD) } else { 0.0 }
        })
        .collect();
    let at = dice.weighted(&weights);
    if weights.get(at).is_none_or(|weight| *weight <= 0.0) {
        return None;
    }
    let (edge, complaint) = waiting.remove(at);
    let mut vignette = Vignette {
        patient,
        complaint,
        present: Vec::new(),
        absent: Vec::new(),
        sources: BTreeSet::new(),
        clusters: BTreeSet::new(),
        waiting,
    };
    vignette.tell(edge, complaint);
    Some(vignette)
}

impl<'g> Vignette<'g> {
    fn tell(&mut self, edge: &PresentsWith, finding: &'g Finding) {
        self.present.push(finding);
        self.sources.extend(edge.provenance.source.clone());
        self.clusters.extend(edge.cluster.clone());
    }

    /// Tells one more finding that says something new; `false` when there is none.
    pub(super) fn tell_more(&mut self, stock: &Stock<'_>) -> bool {
        while let Some((edge, finding)) = self.waiting.pop() {
            let symptoms = self.present.iter().filter(|one| one.kind == FindingKind::Symptom).count();
            let room = finding.kind != FindingKind::Symptom || symptoms <= SYMPTOMS;
            let new = edge.cluster.as_ref().is_none_or(|cluster| !self.clusters.contains(cluster));
            if room && new && self.known().all(|known| !stock.alike(known, finding)) {
                self.tell(edge, finding);
                return true;
            }
        }
        false
    }

    /// In another order; what nearly all patients have is told first, for who leaves it out seems to deny it.
    pub(super) fn shuffle(&mut self, dice: &mut Dice) {
        dice.shuffle(&mut self.waiting);
        self.waiting.sort_by_key(|(edge, finding)| {
            finding.kind == FindingKind::Symptom && rate(edge).is_some_and(|rate| rate >= CARDINAL)
        });
    }

    /// What rivals would bring and this patient, having `disease`, does not have: of the complaint's own
    /// system, or fever.
    pub(super) fn deniable(&self, stock: &Stock<'g>, disease: &Disease, rivals: &[&'g Disease]) -> Vec<&'g Finding> {
        let mut found: Vec<&Finding> = Vec::new();
        for (rival, edge) in rivals.iter().flat_map(|rival| rival.presents_with.iter().map(move |edge| (rival, edge))) {
            let Some(finding) = stock.graph.finding(&edge.finding) else { continue };
            let missed = verified(stock, edge, self.patient) && rate(edge).is_some_and(|rate| rate >= MISSED);
            let missed = missed && (edge.presenting || finding.id == "fever");
            let asked = finding.system == self.complaint.system || finding.id == "fever";
            let own = || disease.presents_with.iter().filter_map(|own| stock.graph.finding(&own.finding));
            if missed
                && asked
                && finding.kind == FindingKind::Symptom
                && can_be_denied(finding)
                && stock.can_have(self.patient, finding)
                && !stock.hints(finding, rival)
                && found.iter().all(|other| other.id != finding.id)
                && own().all(|own| !stock.alike(own, finding))
            {
                found.push(finding);
            }
        }
        found
    }

    /// Denies up to two, so that none repeats what is told.
    pub(super) fn deny(&mut self, stock: &Stock<'_>, candidates: &[&'g Finding]) {
        for finding in candidates {
            if self.absent.len() < DENIED && self.known().all(|known| !stock.alike(known, finding)) {
                self.absent.push(finding);
            }
        }
    }

    /// What is said, present or absent.
    pub(super) fn known(&self) -> impl Iterator<Item = &'g Finding> {
        self.present.iter().chain(&self.absent).copied()
    }

    pub(super) fn evidence(&self) -> Vec<(TopicId, Presence)> {
        let present = self.present.iter().map(|finding| (topic(finding), Presence::Present));
        present.chain(self.absent.iter().map(|finding| (topic(finding), Presence::Absent))).collect()
    }

    /// The differential as far as `view` lets claims count.
    pub(super) fn differential(&self, stock: &Stock<'_>, view: &Options) -> Differential {
        differential(stock.graph, &self.evidence(), Some(self.patient), view)
    }

    /// The diseases that compete with `disease` in this patient, most probable first.
    pub(super) fn rivals(&self, stock: &Stock<'g>, disease: &Disease, view: &Differential) -> Vec<(&'g Disease, f64)> {
        let all = view.posteriors.iter();
        all.filter_map(|one| Some((stock.graph.disease(&one.disease)?, one.probability)))
            .filter(|(other, _)| stock.competes(other, disease, self.patient, self.complaint))
            .filter(|(other, _)| self.known().all(|finding| !stock.hints(finding, other)))
            .collect()
    }

    /// The patient in both languages, as in an examination paper.
    pub(super) fn text(&self) -> Bilingual {
        let of = |kinds: &[FindingKind]| -> Vec<Bilingual> {
            let rest = self.present.iter().skip(1).filter(|one| kinds.contains(&one.kind));
            rest.map(|one| finding(one)).collect()
        };
        let (noun, who, sex) = match self.patient.sex {
            Sex::Female => ("woman", "She", "女"),
            Sex::Male => ("man", "He", "男"),
        };
        let age = self.patient.age;
        let article = if matches!(age, 8 | 11 | 18 | 80..=89) { "An" } else { "A" };
        let complaint = finding(self.complaint);
        let mut en = format!("{article} {age}-year-old {noun} presents with {}.", complaint.en);
        let mut zh = format!("{sex}，{age}岁。{}", complaint.zh);
        let symptoms = list(&of(&[FindingKind::Symptom]));
        if !symptoms.en.is_empty() {
            en = format!("{en} {who} also reports {}.", symptoms.en);
            zh = format!("{zh}，伴{}", symptoms.zh);
        }
        if !self.absent.is_empty() {
            let denied: Vec<Bilingual> = self.absent.iter().map(|one| finding(one)).collect();
            let no: Vec<String> = denied.iter().map(|one| format!("no {}", one.en)).collect();
            en = format!("{en} {who} has {}.", no.join(" and "));
            zh = format!("{zh}，无{}", list(&denied).zh);
        }
        zh += "。";
        for (title_en, title_zh, kinds) in [
            ("Examination", "查体", &[FindingKind::Sign][..]),
            ("Investigations", "辅助检查", &[FindingKind::Laboratory, FindingKind::Imaging]),
        ] {
            let found = list(&of(kinds));
            if !found.en.is_empty() {
                en = format!("{en} {title_en}: {}.", found.en);
                zh = format!("{zh}{title_zh}：{}。", found.zh);
            }
        }
        both(en, zh)
    }
}

/// Whether the name does not go on from "reports" in a sentence.
fn awkward(finding: &Finding) -> bool {
    finding.kind == FindingKind::Symptom && finding.name.en.starts_with("Unable")
}

fn can_be_denied(finding: &Finding) -> bool {
    let name = finding.name.en.to_lowercase();
    !UNDENIED.iter().any(|word| name.starts_with(word))
        && !UNDENIED_ZH.iter().any(|word| finding.name.zh.starts_with(word))
        && name.split_whitespace().count() <= DENIED_WORDS
}
