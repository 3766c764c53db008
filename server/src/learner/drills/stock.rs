//! What items are made from, made ready once: whom a disease is confused with, which names give
//! which away, who can have which finding.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use knowledge_graph::{
    Graph, Mentions, TopicId, TopicKind,
    format::{Disease, Evidence, Finding, FindingKind, Mimics, PresentsWith},
    query::{Differential, Patient, Posterior, Presence, Sex, differential},
};

use super::{
    VIEWS,
    kin::Words,
    people::{adult, plausible},
    words::{Said, sayings},
};

/// From this share of a finding's patients on, weighted by how common their diseases are, it is
/// taken to be of one sex.
const OF_ONE_SEX: f64 = 0.95;

/// From this share of a disease's patients on, an exposure is taken for a condition of having it.
const EXPOSED: f64 = 0.9;
/// What is told, or what nobody knows of before the diagnosis, is no exposure left out.
const NO_EXPOSURE: [&str; 2] = ["older-age", "gallstones"];

/// From so many diseases on a finding is common: vomiting, headache, breathlessness.
const COMMON: usize = 20;

/// Least probability of a disease that an item names, near to the patient's and far from it.
pub(super) const NEAR: f64 = 0.01;
pub(super) const FAR: f64 = 0.03;

pub(super) struct Stock<'g> {
    pub(super) graph: &'g Graph,
    /// Diseases that adults have.
    pub(super) adults: Vec<&'g Disease>,
    /// Those of them that a description without the patient's past can mean.
    pub(super) described: Vec<&'g Disease>,
    /// What patients say that means one finding.
    pub(super) sayings: Vec<Said<'g>>,
    /// Published ratios.
    pub(super) ratios: Vec<(&'g Disease, &'g PresentsWith)>,
    diseases: HashMap<&'g str, Words>,
    findings: HashMap<&'g str, Words>,
    confused: HashSet<(&'g str, &'g str)>,
    of_one_sex: HashMap<&'g str, Sex>,
    /// Complaints with the diseases that bring them, or a narrower form.
    brings: HashSet<(&'g str, &'g str)>,
    /// Of the findings that are forms of broader ones, those.
    broader: HashMap<&'g str, Vec<TopicId>>,
    /// Places of diseases in [`Stock::weights`].
    places: HashMap<&'g str, usize>,
    /// Of each finding present or absent, in each view; reckoned when first asked for.
    weights: HashMap<&'g str, [OnceLock<Weights>; 4]>,
}

/// The factor by which a finding changes the odds of each disease, by the disease's place.
type Weights = Vec<f64>;

impl<'g> Stock<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        let mut confused = HashSet::new();
        for disease in graph.diseases() {
            for edge in &disease.differential {
                confused.insert((disease.id.as_str(), edge.disease.as_str()));
                confused.insert((edge.disease.as_str(), disease.id.as_str()));
            }
        }
        let published = |(_, edge): &(&Disease, &PresentsWith)| {
            (edge.lr_positive.is_some() || edge.lr_negative.is_some())
                && edge.provenance.source.is_some()
                && graph.evidence(&edge.provenance) != Evidence::Unverified
        };
        let edges = graph.diseases().flat_map(|disease| disease.presents_with.iter().map(move |edge| (disease, edge)));
        Self {
            graph,
            adults: graph.diseases().filter(|disease| adult(disease)).collect(),
            described: graph.diseases().filter(|disease| adult(disease) && !needs_exposure(disease)).collect(),
            sayings: sayings(graph, &Mentions::new(graph)),
            ratios: edges.filter(published).collect(),
            diseases: graph.diseases().map(|one| (one.id.as_str(), Words::of_disease(one))).collect(),
            findings: graph.findings().map(|one| (one.id.as_str(), Words::of(&one.name))).collect(),
            confused,
            of_one_sex: graph.findings().filter_map(|one| Some((one.id.as_str(), sex_of(graph, one)?))).collect(),
            brings: brought(graph),
            broader: graph
                .findings()
                .map(|one| (one.id.as_str(), graph.ancestors(&topic(one))))
                .filter(|(_, broader)| !broader.is_empty())
                .collect(),
            places: graph.diseases().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect(),
            weights: graph.findings().map(|one| (one.id.as_str(), std::array::from_fn(|_| OnceLock::new()))).collect(),
        }
    }

    /// What the finding does to each disease by itself, in that one of [`VIEWS`].
    pub(super) fn weights(&self, finding: &Finding, presence: Presence, view: usize) -> &[f64] {
        let Some(cells) = self.weights.get(finding.id.as_str()) else { return &[] };
        let at = 2 * view + usize::from(presence == Presence::Absent);
        let (Some(cell), Some(options)) = (cells.get(at), VIEWS.get(view)) else { return &[] };
        cell.get_or_init(|| {
            let all = differential(self.graph, &[(topic(finding), presence)], None, options);
            self.placed(&all, |one| 10_f64.powf(one.contributions.iter().map(|one| one.log10).sum()))
        })
    }

    /// A figure of each disease, at its place.
    pub(super) fn placed(&self, view: &Differential, figure: impl Fn(&Posterior) -> f64) -> Vec<f64> {
        let mut figures = vec![0.0; self.places.len()];
        for one in &view.posteriors {
            if let Some(slot) = self.place(&one.disease).and_then(|at| figures.get_mut(at)) {
                *slot = figure(one);
            }
        }
        figures
    }

    pub(super) fn place(&self, disease: &str) -> Option<usize> {
        self.places.get(disease).copied()
    }

    /// Whether two diseases cannot both be options: one leads to, comes with or is named like the other.
    pub(super) fn related(&self, a: &Disease, b: &Disease) -> bool {
        let leads = |from: &Disease, to: &Disease| {
            leads_to(from, to) || from.comorbidity.iter().any(|edge| edge.disease == to.id)
        };
        let named = self.diseases.get(a.id.as_str()).zip(self.diseases.get(b.id.as_str()));
        a.id == b.id || leads(a, b) || leads(b, a) || named.is_some_and(|(a, b)| a.shares(b))
    }

    /// Whether the finding's name shares a telling word with a name of the disease.
    pub(super) fn hints(&self, finding: &Finding, disease: &Disease) -> bool {
        let named = self.findings.get(finding.id.as_str()).zip(self.diseases.get(disease.id.as_str()));
        named.is_some_and(|(finding, disease)| finding.shares(disease))
    }

    /// Whether two findings cannot stand side by side: one is the other or narrower, both are forms
    /// of one, or they are named alike.
    pub(super) fn alike(&self, a: &Finding, b: &Finding) -> bool {
        let siblings = a.parent.is_some() && a.parent == b.parent;
        let named = self.findings.get(a.id.as_str()).zip(self.findings.get(b.id.as_str()));
        siblings || self.is_form_of(a, b) || named.is_some_and(|(a, b)| a.shares(b))
    }

    /// Whether one finding is the other or narrower than it.
    pub(super) fn is_form_of(&self, a: &Finding, b: &Finding) -> bool {
        let narrower = |one: &Finding, other: &Finding| {
            self.broader.get(one.id.as_str()).is_some_and(|all| all.iter().any(|broader| broader.name() == other.id))
        };
        a.id == b.id || narrower(a, b) || narrower(b, a)
    }

    /// Whether the entry of either says that it is confused with the other.
    pub(super) fn confused(&self, a: &Disease, b: &Disease) -> bool {
        self.confused.contains(&(a.id.as_str(), b.id.as_str()))
    }

    /// Whether `other` belongs in the differential of such a patient: it brings patients with
    /// the complaint or a narrower form of it, and they may well have it.
    pub(super) fn competes(&self, other: &Disease, disease: &Disease, patient: Patient, complaint: &Finding) -> bool {
        self.brings.contains(&(complaint.id.as_str(), other.id.as_str()))
            && plausible(other, patient)
            && !self.related(other, disease)
    }

    /// The least probability at which one thinks of `other` beside `disease`: less where entries say that
    /// they are confused or both are of one body system.
    pub(super) fn thought_of(&self, other: &Disease, disease: &Disease) -> f64 {
        if self.confused(other, disease) || other.system == disease.system { NEAR } else { FAR }
    }

    /// Whether someone of that age and sex may be asked for the finding.
    pub(super) fn can_have(&self, patient: Patient, finding: &Finding) -> bool {
        self.of_one_sex.get(finding.id.as_str()).is_none_or(|sex| *sex == patient.sex)
            && self.graph.diseases_with(&finding.id).any(|(disease, edge)| {
                plausible(disease, patient)
                    && edge.sex.as_deref().is_none_or(|sex| sex == patient.sex.as_str())
                    && edge.min_age.is_none_or(|age| patient.age >= age)
                    && edge.max_age.is_none_or(|age| patient.age <= age)
            })
    }

    /// What the entry of `disease`, with a source, says separates it from `other`.
    pub(super) fn separates<'d>(&self, disease: &'d Disease, other: &Disease) -> Option<&'d Mimics> {
        let edge = disease.differential.iter().find(|edge| edge.disease == other.id)?;
        (self.graph.evidence(&edge.provenance) != Evidence::Unverified).then_some(edge)
    }

    /// Whether so many diseases bring the finding that an entry's silence says nothing.
    pub(super) fn is_common(&self, finding: &Finding) -> bool {
        self.graph.diseases_with(&finding.id).filter(|(_, edge)| !edge.excluded).count() >= COMMON
    }

    /// The finding's edge that counts, when it has a source.
    pub(super) fn verified<'d>(&self, disease: &'d Disease, finding: &Finding) -> Option<&'d PresentsWith> {
        let edge = disease.presents_with.iter().find(|edge| edge.finding == finding.id)?;
        (self.graph.evidence(&edge.provenance) != Evidence::Unverified).then_some(edge)
    }
}

/// Whether nobody gets it without an exposure that a description of findings leaves out, such as malaria
/// without a journey.
fn needs_exposure(disease: &Disease) -> bool {
    disease.risk_factor.iter().any(|edge| {
        !NO_EXPOSURE.contains(&edge.factor.as_str()) && edge.prevalence.is_some_and(|share| share >= EXPOSED)
    })
}

/// Complaints with the diseases that bring them or a narrower form of them.
fn brought(graph: &Graph) -> HashSet<(&str, &str)> {
    let mut found = HashSet::new();
    for complaint in graph.findings() {
        let forms = |edge: &PresentsWith| {
            let (one, other) = (topic(complaint), TopicId::new(TopicKind::Finding, &edge.finding));
            // Who has the broader form alone does not come with this one: reflux hurts, but not on breathing in.
            edge.finding == complaint.id || graph.is_a(&other, &one)
        };
        let brings = |disease: &&Disease| {
            disease.presents_with.iter().any(|edge| edge.presenting && !edge.excluded && forms(edge))
        };
        if complaint.kind == FindingKind::Symptom {
            found.extend(graph.diseases().filter(brings).map(|disease| (complaint.id.as_str(), disease.id.as_str())));
        }
    }
    found
}

/// Whether the other disease is a complication of this one.
pub(super) fn leads_to(from: &Disease, to: &Disease) -> bool {
    from.complication.iter().any(|edge| edge.disease.as_deref() == Some(&to.id))
}

/// The sex that nearly all with the finding have.
fn sex_of(graph: &Graph, finding: &Finding) -> Option<Sex> {
    if finding.system == "gynaecological" {
        return Some(Sex::Female);
    }
    let (mut women, mut all) = (0.0, 0.0);
    for (disease, edge) in graph.diseases_with(&finding.id).filter(|(_, edge)| !edge.excluded) {
        let incidence = disease.epidemiology.incidence;
        all += incidence;
        women += incidence
            * match edge.sex.as_deref() {
                Some("female") => 1.0,
                Some(_) => 0.0,
                None => disease.epidemiology.female,
            };
    }
    if all <= 0.0 {
        None
    } else if women / all >= OF_ONE_SEX {
        Some(Sex::Female)
    } else {
        (women / all <= 1.0 - OF_ONE_SEX).then_some(Sex::Male)
    }
}

/// Whether the finding is a general sign of being ill, which alone separates nothing.
pub(super) fn constitutional(finding: &Finding) -> bool {
    const GENERAL: [&str; 20] = [
        "fever",
        "chills",
        "rigors",
        "night-sweats",
        "sweating",
        "fatigue",
        "malaise",
        "weight-loss",
        "weight-gain",
        "loss-of-appetite",
        "sleep-disturbance",
        "dizziness",
        "pallor",
        "muscle-ache",
        "high-temperature",
        "feeling-of-dying",
        "raised-crp",
        "raised-esr",
        "leucocytosis",
        "poor-concentration",
    ];
    GENERAL.contains(&finding.id.as_str())
}

/// The finding as a topic.
pub(super) fn topic(finding: &Finding) -> TopicId {
    TopicId::new(TopicKind::Finding, &finding.id)
}
