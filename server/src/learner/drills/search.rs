//! Looking for a vignette: many are tried on sums, the one that fits is reckoned in full.

use std::collections::BTreeMap;

use knowledge_graph::{
    format::{Disease, Finding},
    query::{Differential, Presence, differential},
};

use super::{
    VIEWS,
    dice::Dice,
    stock::Stock,
    vignette::{Vignette, typical},
};

/// A patient with one complaint, and the diseases that compete.
pub(super) struct Search<'a, 'g> {
    pub(super) stock: &'a Stock<'g>,
    pub(super) disease: &'g Disease,
    pub(super) rivals: Vec<&'g Disease>,
    base: Vignette<'g>,
    deniable: Vec<&'g Finding>,
    /// Decimal logarithms, by disease.
    priors: BTreeMap<String, f64>,
}

impl<'a, 'g> Search<'a, 'g> {
    /// `None` when fewer than `least` diseases compete with `disease` in such a patient.
    pub(super) fn new(
        stock: &'a Stock<'g>,
        disease: &'g Disease,
        (examined, least): (bool, usize),
        dice: &mut Dice,
    ) -> Option<Self> {
        let base = typical(stock, disease, examined, dice)?;
        let rivals: Vec<&Disease> = stock
            .graph
            .diseases()
            .filter(|other| stock.competes(other, disease, base.patient, base.complaint))
            .filter(|other| !stock.hints(base.complaint, other))
            .collect();
        if rivals.len() < least {
            return None;
        }
        let deniable = base.deniable(stock, disease, &rivals);
        let nothing = differential(stock.graph, &[], Some(base.patient), &VIEWS[1]);
        let priors = nothing.posteriors.into_iter().map(|one| (one.disease, one.prior.log10())).collect();
        Some(Self { stock, disease, rivals, base, deniable, priors })
    }

    /// A vignette with so many findings present, the complaint included, and up to two denied.
    pub(super) fn sample(&self, told: usize, dice: &mut Dice) -> Option<Vignette<'g>> {
        let mut vignette = self.base.clone();
        vignette.shuffle(dice);
        while vignette.present.len() < told {
            vignette.tell_more(self.stock).then_some(())?;
        }
        let mut deniable = self.deniable.clone();
        dice.shuffle(&mut deniable);
        vignette.deny(self.stock, &deniable);
        Some(vignette)
    }

    /// The rivals that no finding told gives away.
    pub(super) fn rivals_of(&self, vignette: &Vignette<'g>) -> Vec<&'g Disease> {
        let silent = |one: &&&Disease| vignette.known().all(|finding| !self.stock.hints(finding, one));
        self.rivals.iter().filter(silent).copied().collect()
    }

    /// About what the full reckoning will say, with verified figures alone and with all: as if findings
    /// were independent, and without regard to what holds of one sex or age alone.
    pub(super) fn estimate(&self, vignette: &Vignette<'g>) -> [Shares<'_>; 2] {
        [0, 1].map(|view| {
            let mut logs: BTreeMap<&str, f64> = self.priors.iter().map(|(id, prior)| (id.as_str(), *prior)).collect();
            let absent = vignette.absent.iter().map(|finding| (*finding, Presence::Absent));
            for (finding, presence) in vignette.present.iter().map(|one| (*one, Presence::Present)).chain(absent) {
                for (id, log10) in self.stock.weights(finding, presence, view) {
                    if let Some(log) = logs.get_mut(id.as_str()) {
                        *log += log10;
                    }
                }
            }
            let total: f64 = logs.values().map(|log| 10_f64.powf(*log)).sum();
            let share = |(id, log): (&str, f64)| {
                self.priors
                    .get_key_value(id)
                    .map(|(id, prior)| (id.as_str(), (10_f64.powf(log) / total, 10_f64.powf(*prior))))
            };
            Shares(logs.into_iter().filter_map(share).collect())
        })
    }
}

/// Probability and prior by disease.
pub(super) struct Shares<'a>(BTreeMap<&'a str, (f64, f64)>);

impl<'a> Shares<'a> {
    /// Of a differential reckoned in full.
    pub(super) fn of_all(view: &'a Differential) -> Self {
        Self(view.posteriors.iter().map(|one| (one.disease.as_str(), (one.probability, one.prior))).collect())
    }

    pub(super) fn of(&self, disease: &Disease) -> f64 {
        self.0.get(disease.id.as_str()).map_or(0.0, |(probability, _)| *probability)
    }

    /// The factor by which what is told changed it.
    pub(super) fn from_findings(&self, disease: &Disease) -> f64 {
        let (probability, prior) = self.0.get(disease.id.as_str()).copied().unwrap_or((0.0, 1.0));
        probability / prior.max(f64::MIN_POSITIVE)
    }

    /// Whether the disease is first by this margin, diseases that are no option included.
    pub(super) fn leads(&self, disease: &Disease, margin: f64) -> bool {
        let own = self.of(disease);
        self.0.iter().all(|(id, (probability, _))| *id == disease.id || own >= margin * probability)
    }
}
