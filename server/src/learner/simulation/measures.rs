//! How well the model finds what is true of simulated learners.

use super::{
    cohort::{Cohort, Patient, moment},
    dice::Dice,
    fit::Fitted,
    tracing::Traced,
};
use crate::learner::{Parameters, Placed, Standing, Wanted, standing::day_of};

/// Steps to the width of intervals: to a hundredth.
const BISECTIONS: usize = 8;

/// Predictions of like probability against what is true.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Mean prediction.
    pub predicted: f64,
    /// Mean of the true probabilities.
    pub truth: f64,
    /// Predictions.
    pub count: u32,
}

/// How well estimates agree with the truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// Consultations seen before the comparison.
    pub consultations: usize,
    /// Learners × topics compared: graded before, and never.
    pub compared: (usize, usize),
    /// Correlation of estimate and truth over learners and topics: graded before, and never.
    pub correlation: (f64, f64),
    /// Root of the mean squared error: graded before, and never.
    pub error: (f64, f64),
    /// The same of Bayesian knowledge tracing: correlation, then error. It knows nothing of unseen
    /// topics, so the correlation there is 0.
    pub tracing: ((f64, f64), (f64, f64)),
    /// Correlation of a learner's mean over all topics with the truth.
    pub of_learners: f64,
    /// Share of true probabilities inside their 90 % interval: graded before, and never.
    pub covered: (f64, f64),
    /// In tenths of the prediction.
    pub calibration: Vec<Bin>,
}

struct Compared {
    seen: bool,
    truth: f64,
    estimate: f64,
    traced: f64,
    inside: bool,
}

/// Lets a cohort see `consultations` patients at random and compares what the model then believes of
/// every topic of the library with what is true. Parameters and difficulties come from another cohort.
pub fn recovery(mut cohort: Cohort, patients: &[Patient], fitted: &Fitted, consultations: usize) -> Recovery {
    let topics = distinct(patients);
    let mut all = Vec::new();
    let mut means = Vec::new();
    for (at, learner) in cohort.0.iter_mut().enumerate() {
        let mut dice = Dice::new(at as u64, "patients at random");
        let now = moment(consultations);
        let mut standing = Standing::new(&[], (&fitted.parameters, &fitted.difficulties), now);
        let mut traced = Traced::default();
        for nth in 0..consultations {
            for placed in learner.consult(&patients[dice.index(patients.len())], nth) {
                standing.observe(&placed);
                traced.observe(&placed);
            }
        }
        let mut sums = (0.0, 0.0);
        for wanted in &topics {
            let figure = standing.figure(&wanted.topic, wanted.section, &wanted.system);
            let (truth, estimate) = (learner.truth(wanted, day_of(now)), figure.estimate);
            sums = (sums.0 + truth, sums.1 + estimate.value);
            all.push(Compared {
                seen: figure.based_on > 0,
                truth,
                estimate: estimate.value,
                traced: traced.probability(&wanted.topic, day_of(now)),
                inside: estimate.low <= truth && truth <= estimate.high,
            });
        }
        means.push(sums);
    }
    summed_up(&all, &means, consultations)
}

fn summed_up(all: &[Compared], means: &[(f64, f64)], consultations: usize) -> Recovery {
    let (seen, unseen): (Vec<&Compared>, Vec<&Compared>) = all.iter().partition(|one| one.seen);
    let estimates = |of: &[&Compared]| of.iter().map(|one| (one.truth, one.estimate)).collect::<Vec<_>>();
    let traced = |of: &[&Compared]| of.iter().map(|one| (one.truth, one.traced)).collect::<Vec<_>>();
    let inside = |of: &[&Compared]| of.iter().filter(|one| one.inside).count() as f64 / of.len().max(1) as f64;
    Recovery {
        consultations,
        compared: (seen.len(), unseen.len()),
        correlation: (correlation(&estimates(&seen)), correlation(&estimates(&unseen))),
        error: (error(&estimates(&seen)), error(&estimates(&unseen))),
        tracing: (
            (correlation(&traced(&seen)), correlation(&traced(&unseen))),
            (error(&traced(&seen)), error(&traced(&unseen))),
        ),
        of_learners: correlation(means),
        covered: (inside(&seen), inside(&unseen)),
        calibration: bins(all),
    }
}

fn bins(all: &[Compared]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); 10];
    for one in all {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability × 10, cut at 9")]
        let bin = &mut bins[((one.estimate * 10.0) as usize).min(9)];
        bin.predicted += one.estimate;
        bin.truth += one.truth;
        bin.count += 1;
    }
    for bin in &mut bins {
        let count = f64::from(bin.count.max(1));
        (bin.predicted, bin.truth) = (bin.predicted / count, bin.truth / count);
    }
    bins
}

/// Each topic once in each system, with the weight that all patients there give it.
pub(super) fn distinct(patients: &[Patient]) -> Vec<Wanted> {
    let mut all: Vec<Wanted> = patients.iter().flat_map(|patient| patient.wanted.clone()).collect();
    all.sort_by(|a, b| (&a.topic, &a.system, a.section).cmp(&(&b.topic, &b.system, b.section)));
    all.dedup_by(|later, first| {
        let same = later.topic == first.topic && later.system == first.system;
        if same {
            first.weight += later.weight;
        }
        same
    });
    all
}

/// Pearson's correlation; 0 where either side does not vary.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len().max(1) as f64;
    let (x, y) = pairs.iter().fold((0.0, 0.0), |(x, y), one| (x + one.0 / count, y + one.1 / count));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        xx += (a - x).powi(2);
        yy += (b - y).powi(2);
        xy += (a - x) * (b - y);
    }
    if xx * yy < 1e-18 { 0.0 } else { xy / (xx * yy).sqrt() }
}

fn error(pairs: &[(f64, f64)]) -> f64 {
    (pairs.iter().map(|(a, b)| (a - b).powi(2)).sum::<f64>() / pairs.len().max(1) as f64).sqrt()
}

/// The fit with its intervals as wide as they must be to hold nine in ten true probabilities of this
/// cohort, after `consultations` patients at random.
pub fn calibrated(
    fitted: &Fitted,
    (seed, learners): (u64, usize),
    patients: &[Patient],
    consultations: usize,
) -> Fitted {
    let with = |scale: f64| {
        let parameters = Parameters { interval_scale: scale, ..fitted.parameters.clone() };
        Fitted { parameters, ..fitted.clone() }
    };
    let held = |scale: f64| {
        let found = recovery(Cohort::new(seed, learners), patients, &with(scale), consultations);
        let (seen, unseen) = found.compared;
        (found.covered.0 * seen as f64 + found.covered.1 * unseen as f64) / (seen + unseen).max(1) as f64
    };
    let (mut low, mut high) = (0.25, 8.0);
    for _ in 0..BISECTIONS {
        let middle = f64::midpoint(low, high);
        if held(middle) < 0.9 { low = middle } else { high = middle }
    }
    with(f64::midpoint(low, high))
}

/// What a history of a cohort that sees patients at random looks like, for fitting.
pub fn histories(mut cohort: Cohort, patients: &[Patient], consultations: usize) -> Vec<Vec<Placed>> {
    let see = |(at, learner): (usize, &mut super::cohort::Simulated)| {
        let mut dice = Dice::new(at as u64, "patients for fitting");
        (0..consultations).flat_map(|nth| learner.consult(&patients[dice.index(patients.len())], nth)).collect()
    };
    cohort.0.iter_mut().enumerate().map(see).collect()
}
