//! How much one piece of evidence changes the odds of one disease.

use serde::Serialize;

use super::{Options, Patient, Presence};
use crate::{
    Graph, TopicId, TopicKind,
    format::{Disease, Evidence, PresentsWith, Provenance, RiskFor},
};

/// Frequency of a finding that a disease is said to present with, when nobody says how often.
/// Low enough that such an edge argues only weakly; its absence then argues nothing.
pub(crate) const UNKNOWN_FREQUENCY: f64 = 0.25;
/// Likelihood ratio of a finding that argues a disease away, when nobody says how strongly.
pub(crate) const UNKNOWN_EXCLUSION: f64 = 0.3;
/// How common a finding is among people without a modelled disease, unless its entry says so.
const BACKGROUND: f64 = 0.05;
/// Share of adults with a risk factor, unless its entry says so.
const RISK_BACKGROUND: f64 = 0.1;
/// Probabilities stay within these: nothing is impossible or certain.
const LEAST: f64 = 0.001;
const MOST: f64 = 0.98;
/// No single ratio above this (or below its inverse).
pub(crate) const STRONGEST: f64 = 1000.0;

/// What one piece of evidence did to one disease.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contribution {
    /// The evidence; may be a broader (narrower) finding implied by a present (absent) one.
    pub topic: TopicId,
    /// Whether it was present.
    pub presence: Presence,
    /// Likelihood ratio used, limited to 1/1000–1000.
    pub lr: f64,
    /// What is added to the disease's log-odds: the ratio's decimal logarithm × `weight`.
    pub log10: f64,
    /// 1, or less when a stronger finding of its cluster counts already.
    pub weight: f64,
    /// Source of the claim, when it has one.
    pub source: Option<String>,
    /// Grade of the claim; `unverified` when the ratio rests on an estimated frequency.
    pub evidence: Evidence,
    /// Whether the ratio was computed from frequencies or risks instead of published.
    pub derived: bool,
    /// Whether the disease does not mention the finding; the ratio is then the model's assumption.
    pub silent: bool,
    /// Findings of one cluster are not independent in the disease.
    pub cluster: Option<String>,
}

/// The patients against whom a finding's ratios are taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// How common the finding is among them, 0–1.
    pub rate: f64,
    /// Whether they are the patients of studies that published a ratio, who already had the
    /// broader complaint; else they are everybody.
    pub studied: bool,
    /// How common it is taken to be in a disease that does not mention it: as among everybody; or,
    /// where studied patients without a broader finding in common are the reference, half-way
    /// (geometric mean) between them and everybody, as such a disease may be like either.
    pub silent: f64,
}

/// Whom the finding's ratios compare with. A finding that brings patients (some disease lists it as
/// presenting) is compared with its background, so that diseases without it fall behind. Any other
/// is compared with the patients of the studies that published a ratio for it, if there are any:
/// sensitivity ÷ LR+, geometric mean over diseases.
pub fn reference(graph: &Graph, finding: &str) -> Reference {
    let all = || graph.findings().map(|node| (node.id.clone(), reckoned(graph, &node.id))).collect();
    let known = graph.references.get_or_init(all).get(finding).copied();
    known.unwrap_or_else(|| reckoned(graph, finding))
}

/// [`reference`], from the edges.
fn reckoned(graph: &Graph, finding: &str) -> Reference {
    let node = graph.finding(finding);
    let everybody = within(node.and_then(|node| node.background).unwrap_or(BACKGROUND));
    let complaint = graph.diseases_with(finding).any(|(_, edge)| edge.presenting);
    let Some(rate) = studied_rate(graph, finding).filter(|_| !complaint) else {
        return Reference { rate: everybody, studied: false, silent: everybody };
    };
    let narrower = node.is_some_and(|node| node.parent.is_some());
    let silent = if narrower { rate } else { (rate * everybody).sqrt() };
    Reference { rate, studied: true, silent }
}

fn studied_rate(graph: &Graph, finding: &str) -> Option<f64> {
    let implied: Vec<f64> = graph
        .diseases_with(finding)
        .filter(|(_, edge)| graph.evidence(&edge.provenance) != Evidence::Unverified)
        .filter_map(|(_, edge)| implied_baseline(edge))
        .map(within)
        .collect();
    let logs: f64 = implied.iter().map(|rate| rate.ln()).sum();
    (!implied.is_empty()).then(|| (logs / implied.len() as f64).exp())
}

/// The rate without the disease that a published ratio and a frequency imply.
fn implied_baseline(edge: &PresentsWith) -> Option<f64> {
    let sensitivity = published_sensitivity(edge).or_else(|| edge.frequency.as_ref()?.proportion())?;
    match (edge.lr_positive, edge.lr_negative) {
        (Some(positive), _) => Some(sensitivity / positive),
        (None, Some(negative)) => Some(1.0 - (1.0 - sensitivity) / negative),
        (None, None) => None,
    }
}

/// Sensitivity from both published ratios: LR+ = s / f and LR− = (1 − s) / (1 − f) give
/// s = (1 − LR−) / (1 − LR− / LR+).
fn published_sensitivity(edge: &PresentsWith) -> Option<f64> {
    let (positive, negative) = (edge.lr_positive?, edge.lr_negative?);
    let opposite = (positive > 1.0 && negative < 1.0) || (positive < 1.0 && negative > 1.0);
    opposite.then(|| (1.0 - negative) / (1.0 - negative / positive))
}

fn is_estimate(edge: &PresentsWith) -> bool {
    edge.frequency_evidence == Some(Evidence::Unverified)
}

pub(crate) fn within(probability: f64) -> f64 {
    probability.clamp(LEAST, MOST)
}

/// One consultation's view of the graph: who is asked about and what may count.
#[derive(Clone, Copy)]
pub(crate) struct Lens<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) patient: Option<Patient>,
    pub(crate) options: &'a Options,
}

impl Lens<'_> {
    /// What `topic` does to `disease`, or `None` when the disease does not mention it. Facets are
    /// not evidence in themselves.
    pub(super) fn contribution(&self, disease: &Disease, topic: &TopicId, presence: Presence) -> Option<Contribution> {
        match (topic.kind(), topic.facet()) {
            (TopicKind::Finding, None) => self.of_finding(disease, topic, presence),
            (TopicKind::RiskFactor, None) => self.of_risk(disease, topic, presence),
            (TopicKind::Disease, None) => self.of_comorbidity(disease, topic, presence),
            _ => None,
        }
    }

    /// Probability of the finding in the disease, for weighing a question not yet asked; the
    /// reference's when the disease does not mention it.
    pub(super) fn probability(&self, disease: &Disease, finding: &str) -> f64 {
        let reference = reference(self.graph, finding);
        self.edge(disease, finding).map_or(reference.silent, |edge| self.rate(edge, reference.rate))
    }

    /// The edge from `disease` to `finding` that applies to this patient; one that names sex or
    /// age before one that does not.
    pub(super) fn edge<'d>(&self, disease: &'d Disease, finding: &str) -> Option<&'d PresentsWith> {
        let edges = disease.presents_with.iter().filter(|edge| edge.finding == finding);
        edges
            .filter(|edge| self.applies(edge) && self.counts(&edge.provenance))
            .max_by_key(|edge| (edge.sex.is_some(), edge.min_age.is_some() || edge.max_age.is_some()))
    }

    fn counts(&self, provenance: &Provenance) -> bool {
        self.options.unverified || self.graph.evidence(provenance) != Evidence::Unverified
    }

    fn applies(&self, edge: &PresentsWith) -> bool {
        self.patient.is_none_or(|patient| {
            edge.sex.as_deref().is_none_or(|sex| sex == patient.sex.as_str())
                && edge.min_age.is_none_or(|age| patient.age >= age)
                && edge.max_age.is_none_or(|age| patient.age <= age)
        })
    }

    /// The frequency, unless it is an estimate that may not count.
    fn frequency(&self, edge: &PresentsWith) -> Option<f64> {
        let usable = self.options.estimates || !is_estimate(edge);
        edge.frequency.as_ref().filter(|_| usable)?.proportion()
    }

    /// P(finding | disease) from whatever the edge says.
    fn rate(&self, edge: &PresentsWith, others: f64) -> f64 {
        let said = published_sensitivity(edge).or_else(|| self.frequency(edge));
        let from_ratio = || edge.lr_positive.map(|ratio| ratio * others);
        let unknown = if edge.excluded { UNKNOWN_EXCLUSION * others } else { UNKNOWN_FREQUENCY.max(others) };
        within(said.or_else(from_ratio).unwrap_or(unknown))
    }
}

impl Lens<'_> {
    fn of_finding(&self, disease: &Disease, topic: &TopicId, presence: Presence) -> Option<Contribution> {
        let Some(edge) = self.edge(disease, topic.name()) else {
            let mut listed = disease.presents_with.iter();
            let narrower =
                |edge: &PresentsWith| self.graph.is_a(&TopicId::new(TopicKind::Finding, &edge.finding), topic);
            return if self.graph.has_narrower(topic) && listed.any(narrower) {
                None
            } else {
                self.silence(topic, presence)
            };
        };
        let ratio = self.ratio(edge, presence)?;
        let from_frequency = ratio.1 && published_sensitivity(edge).is_none();
        let provenance = if from_frequency { edge.frequency_provenance() } else { edge.provenance.clone() };
        let contribution = self.contribute(topic, presence, ratio, &provenance);
        let estimated = from_frequency && is_estimate(edge);
        let evidence = if estimated { Evidence::Unverified } else { contribution.evidence };
        Some(Contribution { evidence, cluster: edge.cluster.clone(), ..contribution })
    }

    /// What evidence does to a disease that does not mention it, *something else* included.
    pub(super) fn silence(&self, topic: &TopicId, presence: Presence) -> Option<Contribution> {
        if topic.kind() != TopicKind::Finding || topic.facet().is_some() {
            return None;
        }
        let Reference { rate, silent, .. } = reference(self.graph, topic.name());
        let lr = match presence {
            Presence::Present => silent / rate,
            Presence::Absent => (1.0 - silent) / (1.0 - rate),
        };
        let assumed = Provenance { source: None, evidence: Some(Evidence::Unverified) };
        let contribution = self.contribute(topic, presence, (lr, true), &assumed);
        (contribution.log10 != 0.0).then_some(Contribution { silent: true, ..contribution })
    }

    /// The ratio and whether it is derived; `None` when absence of it says nothing.
    fn ratio(&self, edge: &PresentsWith, presence: Presence) -> Option<(f64, bool)> {
        let published = match presence {
            Presence::Present => edge.lr_positive,
            Presence::Absent => edge.lr_negative,
        };
        let reference = reference(self.graph, &edge.finding);
        let known = published_sensitivity(edge).or_else(|| self.frequency(edge)).is_some();
        if let Some(ratio) = published
            && (reference.studied || !known)
        {
            return Some((ratio, edge.lr_derived));
        }
        let (rate, others) = (self.rate(edge, reference.rate), reference.rate);
        let ratio = match presence {
            Presence::Present => rate / others,
            Presence::Absent => {
                let known = known || edge.lr_positive.is_some();
                known.then_some((1.0 - rate) / (1.0 - others))?
            }
        };
        let ratio = match (edge.excluded, presence) {
            (true, Presence::Present) => ratio.min(1.0),
            (true, Presence::Absent) => ratio.max(1.0),
            (false, _) => ratio,
        };
        Some((ratio, true))
    }

    fn contribute(
        &self,
        topic: &TopicId,
        presence: Presence,
        (lr, derived): (f64, bool),
        provenance: &Provenance,
    ) -> Contribution {
        let lr = lr.clamp(1.0 / STRONGEST, STRONGEST);
        Contribution {
            topic: topic.clone(),
            presence,
            lr,
            log10: lr.log10(),
            weight: 1.0,
            source: provenance.source.clone(),
            evidence: self.graph.evidence(provenance),
            derived,
            silent: false,
            cluster: None,
        }
    }

    fn of_risk(&self, disease: &Disease, topic: &TopicId, presence: Presence) -> Option<Contribution> {
        let edge = disease.risk_factor.iter().find(|edge| edge.factor == topic.name())?;
        if !self.counts(&edge.provenance) {
            return None;
        }
        let background = self.graph.risk_factor(topic.name()).and_then(|node| node.background);
        let background = within(background.unwrap_or(RISK_BACKGROUND));
        let estimate = edge.strength.is_none() && edge.prevalence_evidence == Some(Evidence::Unverified);
        if estimate && !self.options.estimates {
            return None;
        }
        let rate = risk_rate(edge, background)?;
        let lr = match presence {
            Presence::Present => rate / background,
            Presence::Absent => (1.0 - rate) / (1.0 - background),
        };
        let contribution = self.contribute(topic, presence, (lr, true), &edge.provenance);
        let evidence = if estimate { Evidence::Unverified } else { contribution.evidence };
        Some(Contribution { evidence, ..contribution })
    }

    /// A disease the patient is known to have raises the odds of what occurs together with it.
    fn of_comorbidity(&self, disease: &Disease, topic: &TopicId, presence: Presence) -> Option<Contribution> {
        let edge = disease.comorbidity.iter().find(|edge| edge.disease == topic.name())?;
        let strength = edge.strength.filter(|_| self.counts(&edge.provenance))?;
        let rate = exposed(strength, RISK_BACKGROUND);
        let lr = match presence {
            Presence::Present => rate / RISK_BACKGROUND,
            Presence::Absent => (1.0 - rate) / (1.0 - RISK_BACKGROUND),
        };
        Some(self.contribute(topic, presence, (lr, true), &edge.provenance))
    }
}

/// Share of the disease's patients with the risk factor: from the relative risk, which also holds
/// the comparison, else as counted.
fn risk_rate(edge: &RiskFor, background: f64) -> Option<f64> {
    let rate = edge.strength.map(|strength| exposed(strength, background)).or(edge.prevalence)?;
    Some(within(rate))
}

/// Share exposed among patients when `background` of everyone is, at relative risk `strength`:
/// p·RR / (1 + p·(RR − 1)).
fn exposed(strength: f64, background: f64) -> f64 {
    background * strength / background.mul_add(strength - 1.0, 1.0)
}
