//! How often each disease has each finding, pooled over its rows. Computed on first use.

use super::{
    Aspect, Frequency, FrequencyClass, RareDisease, RareLayer, Term,
    layer::{Groups, RowRecord},
};
use crate::query::{
    Sex,
    likelihood::{UNKNOWN_FREQUENCY, within},
};

/// How often patients with a disease have a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Chance {
    /// This share of them, 0–1.
    Known(f64),
    /// They may have it; nobody says how often.
    Unknown,
    /// They do not have it.
    Excluded,
}

impl Chance {
    /// The share to reckon with before a ratio is taken; 0 when excluded.
    pub(super) fn assumed(self) -> f64 {
        match self {
            Self::Known(share) => share,
            Self::Unknown => UNKNOWN_FREQUENCY,
            Self::Excluded => 0.0,
        }
    }
}

/// A finding of a disease, all its rows together.
#[derive(Clone, Copy, Debug)]
pub struct RareFinding<'a> {
    /// The finding.
    pub term: Term<'a>,
    /// Only in this sex.
    pub sex: Option<Sex>,
    /// How often.
    pub chance: Chance,
}

impl<'a> RareDisease<'a> {
    /// Its findings, by term; rows of one term and sex are one.
    pub fn findings(self) -> impl Iterator<Item = RareFinding<'a>> {
        let finding = move |entry: &Entry| RareFinding {
            term: Term { layer: self.layer, at: entry.term },
            sex: entry.sex,
            chance: entry.chance,
        };
        self.layer.profiles().entries.of(self.at).iter().map(finding)
    }
}

/// A finding of a disease.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) term: u16,
    pub(super) sex: Option<Sex>,
    pub(super) chance: Chance,
}

/// What queries need of all diseases.
#[derive(Debug)]
pub(super) struct Profiles {
    /// Findings of each disease.
    pub(super) entries: Groups<Entry>,
    /// Mean chance of each term over all diseases.
    shares: Vec<f64>,
}

impl Profiles {
    /// How common a finding is taken to be among everybody when the core does not say: see the
    /// [module](super).
    pub(super) fn background(&self, term: u16) -> f64 {
        within(self.shares[usize::from(term)])
    }
}

impl RareLayer {
    pub(super) fn profiles(&self) -> &Profiles {
        self.profiles.get_or_init(|| {
            let entries = Groups::new((0..self.diseases.len()).map(|disease| self.entries(disease)));
            let shares = self.shares(&entries);
            Profiles { entries, shares }
        })
    }

    /// The findings of a disease. Rows of one term and sex are one entry.
    fn entries(&self, disease: usize) -> Vec<Entry> {
        let finding = |row: &&RowRecord| matches!(row.aspect(), Aspect::Phenotype | Aspect::History);
        let mut rows: Vec<RowRecord> = self.rows.of(disease).iter().filter(finding).copied().collect();
        let key = |row: &RowRecord| (row.term, row.sex().map(Sex::as_str));
        rows.sort_by_key(key);
        rows.chunk_by(|a, b| key(a) == key(b))
            .map(|rows| Entry { term: rows[0].term, sex: rows[0].sex(), chance: self.pooled(rows) })
            .collect()
    }

    /// One chance from the rows of a term: counts pooled, else a percentage, else a class.
    fn pooled(&self, rows: &[RowRecord]) -> Chance {
        let (mut cases, mut patients, mut other, mut denied) = (0_u32, 0_u32, None, 0);
        for row in rows {
            let frequency = row.frequency.checked_sub(1).map(|at| self.frequencies[usize::from(at)]);
            match frequency {
                _ if row.excluded() => denied += 1,
                Some(Frequency::Class(FrequencyClass::Excluded)) => denied += 1,
                Some(Frequency::Count { cases: n, patients: m }) => {
                    cases = cases.saturating_add(n);
                    patients = patients.saturating_add(m);
                }
                Some(Frequency::Percent(hundredths)) => other = Some(f64::from(hundredths) / 10_000.0),
                Some(Frequency::Class(class)) => {
                    let (low, high) = class.range();
                    other = other.or(Some(f64::midpoint(low, high)));
                }
                None => {}
            }
        }
        if denied == rows.len() {
            Chance::Excluded
        } else if patients > 0 {
            // Laplace's rule of succession, so that 0/3 does not mean "never".
            Chance::Known((f64::from(cases) + 1.0) / (f64::from(patients) + 2.0))
        } else {
            other.map_or(Chance::Unknown, Chance::Known)
        }
    }

    /// Mean chance of each term, or of what is narrower, over all diseases.
    fn shares(&self, entries: &Groups<Entry>) -> Vec<f64> {
        let mut broader: Vec<Option<Vec<u16>>> = vec![None; self.terms.len()];
        let mut sums = vec![0.0; self.terms.len()];
        let mut here = vec![0.0_f64; self.terms.len()];
        for disease in 0..self.diseases.len() {
            let mut touched = Vec::new();
            for entry in entries.of(disease) {
                let chance = entry.chance.assumed();
                let above =
                    broader[usize::from(entry.term)].get_or_insert_with(|| self.closure(entry.term, &self.parents));
                for term in above.iter().map(|at| usize::from(*at)) {
                    if here[term] == 0.0 && chance > 0.0 {
                        touched.push(term);
                    }
                    here[term] = here[term].max(chance);
                }
            }
            for term in touched {
                sums[term] += std::mem::take(&mut here[term]);
            }
        }
        let diseases = self.diseases.len().max(1) as f64;
        sums.into_iter().map(|sum| sum / diseases).collect()
    }
}

/// What a disease says about a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    /// It lists the finding or a narrower one, or denies it or a broader one; the entry's term.
    Itself(u16, Chance),
    /// It lists only a broader one, with this ratio of presence.
    Broader(u16, f64),
    /// Nothing.
    Nothing,
}

/// A finding with what is broader and narrower marked, to compare with many diseases.
pub(super) struct Probe<'a> {
    profiles: &'a Profiles,
    /// By term: 0 unrelated, 1 it or narrower, 2 broader.
    kinship: Vec<u8>,
    patient_sex: Option<Sex>,
}

impl<'a> Probe<'a> {
    pub(super) fn new(layer: &'a RareLayer, term: u16, patient_sex: Option<Sex>) -> Self {
        let mut kinship = vec![0; layer.terms.len()];
        for broader in layer.closure(term, &layer.parents) {
            kinship[usize::from(broader)] = 2;
        }
        for narrower in layer.closure(term, &layer.children) {
            kinship[usize::from(narrower)] = 1;
        }
        Self { profiles: layer.profiles(), kinship, patient_sex }
    }

    /// What the disease at this place says. `term` is the probe's own.
    pub(super) fn ask(&self, term: u16, disease: usize) -> Said {
        let mut own: Option<(u16, Chance)> = None;
        let mut denied = None;
        let mut broader: Option<(u16, f64)> = None;
        for entry in self.profiles.entries.of(disease) {
            let kinship = self.kinship[usize::from(entry.term)];
            if kinship == 0 || (entry.sex.is_some() && self.patient_sex.is_some() && entry.sex != self.patient_sex) {
                continue;
            }
            match (kinship, entry.chance) {
                (_, Chance::Excluded) if kinship == 2 || entry.term == term => denied = Some(entry.term),
                (_, Chance::Excluded) => {}
                (1, chance) => {
                    let best = own.is_none_or(|(_, best)| rank(chance) > rank(best));
                    own = if best { Some((entry.term, chance)) } else { own };
                }
                (_, chance) => {
                    let background = self.profiles.background(entry.term);
                    let ratio = chance.assumed().max(background) / background;
                    let best = broader.is_none_or(|(_, best)| ratio > best);
                    broader = if best { Some((entry.term, ratio)) } else { broader };
                }
            }
        }
        match (own, denied, broader) {
            (Some((term, chance)), _, _) => Said::Itself(term, chance),
            (None, Some(term), _) => Said::Itself(term, Chance::Excluded),
            (None, None, Some((term, ratio))) => Said::Broader(term, ratio),
            (None, None, None) => Said::Nothing,
        }
    }
}

/// Known chances by size, before unknown ones.
fn rank(chance: Chance) -> f64 {
    match chance {
        Chance::Known(share) => share,
        Chance::Unknown => -1.0,
        Chance::Excluded => -2.0,
    }
}
