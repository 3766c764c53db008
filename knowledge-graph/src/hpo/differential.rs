//! The differential over the core and the rare layer together.

use serde::Serialize;

use super::{Annotation, Chance, Join, RareId, TermId, evidence::Known, profile::Said};
use crate::{
    TopicId,
    query::{
        Contribution, Options, Patient, Presence,
        differential::{LEAST_SHARE, Scored, normalised, scored},
        likelihood::{STRONGEST, UNKNOWN_EXCLUSION, within},
    },
};

/// Cases of every rare disease per 100,000 people: an assumption, as HPO has no prevalences.
pub const FLAT_PRIOR: f64 = 1.0;
/// With a patient, a core disease counts only its share of the age band and sex; HPO has no such
/// shares, so a rare one is spread evenly over five bands and two sexes.
const EVEN_SHARE: f64 = 0.2 * 0.5;

/// What may count, and how much is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RareOptions {
    /// For the core.
    pub core: Options,
    /// Cases of every rare disease per 100,000 people; [`FLAT_PRIOR`] unless said.
    pub cases_per_100_000: f64,
    /// How many candidates to explain.
    pub top: usize,
}

impl Default for RareOptions {
    fn default() -> Self {
        Self { core: Options::default(), cases_per_100_000: FLAT_PRIOR, top: 10 }
    }
}

/// What one piece of evidence did to a rare disease.
#[derive(Clone, Debug, Serialize)]
pub struct RareContribution {
    /// The evidence: core topic or HPO term.
    pub evidence: String,
    /// Whether it was present.
    pub presence: Presence,
    /// Likelihood ratio, 1/1000–1000.
    pub lr: f64,
    /// The annotated term it rests on; `None` when the disease does not mention the finding.
    pub term: Option<TermId>,
    /// The rows: frequency and reference of each.
    pub rows: Vec<String>,
}

/// A disease of the core or of the layer.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "origin", rename_all = "lowercase")]
pub enum Candidate {
    /// Of the core.
    Core {
        /// Name part of the disease's id.
        disease: String,
        /// After the evidence.
        probability: f64,
        /// What counted.
        contributions: Vec<Contribution>,
    },
    /// Of the layer.
    Hpo {
        /// Its id.
        disease: RareId,
        /// English name.
        name: String,
        /// The same name in other catalogues.
        also_listed: Vec<RareId>,
        /// After the evidence.
        probability: f64,
        /// What counted.
        contributions: Vec<RareContribution>,
    },
}

impl Candidate {
    /// Probability after the evidence.
    pub fn probability(&self) -> f64 {
        match self {
            Self::Core { probability, .. } | Self::Hpo { probability, .. } => *probability,
        }
    }
}

/// Core and rare diseases after the evidence.
#[derive(Clone, Debug, Serialize)]
pub struct RareDifferential {
    /// The most probable ones, as many as asked for.
    pub candidates: Vec<Candidate>,
    /// Probability of the core together.
    pub core: f64,
    /// Probability of all rare diseases together.
    pub rare: f64,
    /// Probability of something else.
    pub something_else: f64,
    /// Cases of every rare disease per 100,000 that were assumed.
    pub assumed_cases_per_100_000: f64,
    /// Credit, to be shown.
    pub credit: String,
}

/// The differential for evidence given as core topics and as HPO terms. A topic that is an HPO
/// term, and a term that is a core finding, count for both sides. See the [module](super).
pub fn rare_differential(
    join: &Join<'_>,
    topics: &[(TopicId, Presence)],
    terms: &[(TermId, Presence)],
    patient: Option<Patient>,
    options: &RareOptions,
) -> RareDifferential {
    let known = Known::new(join, topics, terms, patient);
    let joint = joint(join, &known, patient, options);
    let mut order: Vec<usize> = (0..joint.rare.len()).collect();
    order.sort_by(|a, b| joint.rare[*b].1.total_cmp(&joint.rare[*a].1));
    order.truncate(options.top);
    let rare = order.iter().map(|at| {
        let (disease, probability) = joint.rare[*at];
        candidate(join, &known, disease, probability)
    });
    let core = joint.core.differential.posteriors.iter().take(options.top).map(|posterior| Candidate::Core {
        disease: posterior.disease.clone(),
        probability: posterior.probability * joint.core_share,
        contributions: posterior.contributions.clone(),
    });
    let mut candidates: Vec<Candidate> = core.chain(rare).collect();
    candidates.sort_by(|a, b| b.probability().total_cmp(&a.probability()));
    candidates.truncate(options.top);
    let something_else = joint.core.differential.something_else * joint.core_share;
    RareDifferential {
        candidates,
        core: joint.core_share - something_else,
        rare: 1.0 - joint.core_share,
        something_else,
        assumed_cases_per_100_000: options.cases_per_100_000,
        credit: join.layer.release.credit(),
    }
}

/// Core and layer on one scale.
pub(super) struct Joint {
    pub(super) core: Scored,
    /// Share of the core, *something else* included.
    pub(super) core_share: f64,
    /// Place of each rare disease that the core does not model, with its probability.
    pub(super) rare: Vec<(usize, f64)>,
}

pub(super) fn joint(join: &Join<'_>, known: &Known<'_>, patient: Option<Patient>, options: &RareOptions) -> Joint {
    let core = scored(join.graph, &known.topics, patient, &options.core);
    let places: Vec<usize> = (0..join.modelled.len()).filter(|at| join.modelled[*at].is_none()).collect();
    let something_else = options.core.something_else.clamp(1e-6, 1.0 - 1e-6);
    let each = options.cases_per_100_000.max(0.0) * patient.map_or(1.0, |_| EVEN_SHARE);
    let mut logs = vec![core.log10_total];
    for at in &places {
        let begun = patient.is_none_or(|patient| join.layer.may_have_begun(*at, patient.age));
        let cases = each / f64::from(join.listings[*at]) * if begun { 1.0 } else { LEAST_SHARE };
        let prior = cases / core.cases * (1.0 - something_else);
        let gain: f64 = known.items.iter().map(|item| item.ratio(*at).0.log10() - item.silence_log10()).sum();
        logs.push(prior.log10() + core.log10_silence + gain);
    }
    let (probabilities, _) = normalised(&logs);
    let rare = places.into_iter().zip(probabilities[1..].iter().copied()).collect();
    Joint { core, core_share: probabilities[0], rare }
}

impl super::evidence::Item<'_> {
    /// The likelihood ratio for the disease at this place, and what the disease says.
    pub(super) fn ratio(&self, disease: usize) -> (f64, Said) {
        let said = self.probe.ask(self.term, disease);
        let silent = 10_f64.powf(self.silence_log10());
        let rate = within(self.rate);
        let share = |share: f64| match self.presence {
            Presence::Present => within(share) / rate,
            Presence::Absent => (1.0 - within(share)) / (1.0 - rate),
        };
        let ratio = match (said, self.presence) {
            (Said::Nothing, _) | (Said::Broader(..), Presence::Absent) => silent,
            (Said::Broader(_, ratio), Presence::Present) => ratio.max(silent),
            (Said::Itself(_, Chance::Known(known)), _) => share(known),
            (Said::Itself(_, Chance::Unknown), Presence::Present) => share(Chance::Unknown.assumed().max(rate)),
            (Said::Itself(_, Chance::Unknown), Presence::Absent) => 1.0,
            (Said::Itself(_, Chance::Excluded), _) => share(UNKNOWN_EXCLUSION * rate),
        };
        (ratio.clamp(1.0 / STRONGEST, STRONGEST), said)
    }
}

fn candidate(join: &Join<'_>, known: &Known<'_>, at: usize, probability: f64) -> Candidate {
    let layer = join.layer;
    let disease = super::RareDisease { layer, at };
    let mut contributions: Vec<RareContribution> = known
        .items
        .iter()
        .map(|item| {
            let (lr, said) = item.ratio(at);
            let place = match said {
                Said::Itself(term, _) | Said::Broader(term, _) => Some(term),
                Said::Nothing => None,
            };
            let rows = disease.annotations().filter(|row| Some(row.term.at) == place);
            RareContribution {
                evidence: item.label.clone(),
                presence: item.presence,
                lr,
                term: place.map(|at| super::Term { layer, at }.id()),
                rows: rows.map(Annotation::summary).collect(),
            }
        })
        .collect();
    contributions.sort_by(|a, b| b.lr.log10().abs().total_cmp(&a.lr.log10().abs()));
    Candidate::Hpo {
        disease: disease.id(),
        name: disease.name().to_owned(),
        also_listed: layer.also_listed(disease),
        probability,
        contributions,
    }
}
