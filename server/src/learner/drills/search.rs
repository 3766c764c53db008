//! Looking for a vignette: many are tried on sums, the one that fits is reckoned in full.

use knowledge_graph::{
    format::{Disease, Evidence, Finding},
    query::{Differential, Presence, differential},
};

use super::{
    VIEWS,
    dice::Dice,
    stock::{FAR, NEAR, Stock, leads_to},
    vignette::{Vignette, typical},
};

/// Findings considered for denial.
const DENIABLE: usize = 10;

/// A patient with one complaint, and the diseases that compete.
pub(super) struct Search<'a, 'g> {
    pub(super) stock: &'a Stock<'g>,
    pub(super) disease: &'g Disease,
    pub(super) rivals: Vec<&'g Disease>,
    base: Vignette<'g>,
    deniable: Vec<&'g Finding>,
    /// By disease, at its place.
    priors: Vec<f64>,
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
            .adults
            .iter()
            .copied()
            .filter(|other| stock.competes(other, disease, base.patient, base.complaint))
            .filter(|other| !stock.hints(base.complaint, other))
            .collect();
        if rivals.len() < least {
            return None;
        }
        let mut deniable = base.deniable(stock, disease, &rivals);
        dice.shuffle(&mut deniable);
        deniable.truncate(DENIABLE);
        let nothing = differential(stock.graph, &[], Some(base.patient), &VIEWS[1]);
        let priors = stock.placed(&nothing, |one| one.prior);
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

    /// Whether a rival to think of may have what is told by a claim that nobody verified: it would count as
    /// if it said nothing of it.
    pub(super) fn is_unsettled(&self, vignette: &Vignette<'g>, shares: &Shares<'_>) -> bool {
        let unverified = |one: &Disease| {
            one.presents_with.iter().any(|edge| {
                self.stock.graph.evidence(&edge.provenance) == Evidence::Unverified
                    && vignette.present.iter().any(|finding| finding.id == edge.finding)
            })
        };
        self.rivals.iter().any(|one| shares.of(one) >= FAR && unverified(one))
    }

    /// About what the full reckoning will say in that one of [`VIEWS`]: as if findings
    /// were independent, and without regard to what holds of one sex or age alone.
    pub(super) fn estimate(&self, vignette: &Vignette<'g>, view: usize) -> Shares<'_> {
        let mut weights = self.priors.clone();
        let absent = vignette.absent.iter().map(|finding| (*finding, Presence::Absent));
        for (finding, presence) in vignette.present.iter().map(|one| (*one, Presence::Present)).chain(absent) {
            let factors = self.stock.weights(finding, presence, view);
            weights.iter_mut().zip(factors).for_each(|(weight, factor)| *weight *= factor);
        }
        let total: f64 = weights.iter().sum();
        self.shares(weights.into_iter().map(|weight| weight / total).collect())
    }

    /// Of a differential reckoned in full.
    pub(super) fn reckoned(&self, view: &Differential) -> Shares<'_> {
        self.shares(self.stock.placed(view, |one| one.probability))
    }

    fn shares(&self, shares: Vec<f64>) -> Shares<'_> {
        Shares { stock: self.stock, priors: &self.priors, shares }
    }
}

/// Probability and prior of each disease, at its place.
pub(super) struct Shares<'a> {
    stock: &'a Stock<'a>,
    priors: &'a [f64],
    shares: Vec<f64>,
}

impl Shares<'_> {
    pub(super) fn of(&self, disease: &Disease) -> f64 {
        self.stock.place(&disease.id).and_then(|at| self.shares.get(at)).copied().unwrap_or(0.0)
    }

    /// The factor by which what is told changed it.
    pub(super) fn gained(&self, disease: &Disease) -> f64 {
        let prior = self.stock.place(&disease.id).and_then(|at| self.priors.get(at)).copied();
        self.of(disease) / prior.unwrap_or(1.0).max(f64::MIN_POSITIVE)
    }

    /// Whether the disease is first by this margin, diseases that are no option included.
    pub(super) fn leads(&self, disease: &Disease, margin: f64) -> bool {
        let own = self.of(disease);
        let place = self.stock.place(&disease.id);
        self.shares.iter().enumerate().all(|(at, share)| Some(at) == place || own >= margin * share)
    }

    /// Whether a disease that this one is a complication of is one to think of: both answers would be right.
    pub(super) fn is_ambiguous(&self, disease: &Disease) -> bool {
        let mut causes = self.stock.graph.diseases().filter(|other| leads_to(other, disease));
        causes.any(|other| self.of(other) >= NEAR)
    }
}
