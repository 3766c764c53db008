//! How a claim stands to the graph.

use super::{Claim, End, LinkKind, Standing, Values};
use crate::{
    Bilingual, Graph,
    format::{Complication, Disease, Frequency, PresentsWith},
    normalise::normalise,
};

/// Frequencies this near are the same.
const NEAR_FREQUENCY: f64 = 0.05;
/// Ratios this near, as a share of the old one, are the same.
const NEAR_RATIO: f64 = 0.1;

/// New, confirmed or different.
pub(super) fn standing(graph: &Graph, claim: &Claim) -> Standing {
    let known = graph.disease(&claim.disease).and_then(|disease| existing(disease, claim));
    let Some((values, source)) = known else { return Standing::New };
    if agrees(&values, &claim.values) {
        Standing::Confirms { values, source }
    } else {
        Standing::Differs { values, source }
    }
}

/// What the graph says of the same edge, and its source.
fn existing(disease: &Disease, claim: &Claim) -> Option<(Values, Option<String>)> {
    let topic = match &claim.other {
        End::Known(topic) => topic,
        End::Unknown(words) => {
            let edge = named_complication(disease, words).filter(|_| claim.link == LinkKind::Complicates)?;
            return Some((Values::default(), edge.provenance.source.clone()));
        }
    };
    let name = topic.name();
    match claim.link {
        LinkKind::PresentsWith => {
            let edge = main_edge(disease, name)?;
            let values = Values {
                frequency: edge.frequency.clone(),
                lr_positive: edge.lr_positive,
                lr_negative: edge.lr_negative,
                lr_derived: edge.lr_derived,
                ..Values::default()
            };
            Some((values, edge.provenance.source.clone()))
        }
        LinkKind::RiskFor => {
            let edge = disease.risk_factor.iter().find(|edge| edge.factor == name)?;
            Some((Values { strength: edge.strength, ..Values::default() }, edge.provenance.source.clone()))
        }
        LinkKind::TreatedBy => {
            let edge = disease.treated_by.iter().find(|edge| edge.treatment == name)?;
            Some((Values { role: Some(edge.role.clone()), ..Values::default() }, edge.provenance.source.clone()))
        }
        LinkKind::Mimics => {
            let edge = disease.differential.iter().find(|edge| edge.disease == name)?;
            Some((Values::default(), edge.provenance.source.clone()))
        }
        LinkKind::Complicates => {
            let edge = disease.complication.iter().find(|edge| edge.disease.as_deref() == Some(name))?;
            Some((Values::default(), edge.provenance.source.clone()))
        }
        LinkKind::TestedBy => {
            let edge = disease.tested_by.iter().find(|edge| edge.test == name)?;
            Some((Values::default(), edge.provenance.source.clone()))
        }
    }
}

/// The edge for everybody; where there is none, the first for some.
pub(super) fn main_edge<'d>(disease: &'d Disease, finding: &str) -> Option<&'d PresentsWith> {
    let mut edges = disease.presents_with.iter().filter(|edge| edge.finding == finding);
    let qualified = |edge: &PresentsWith| edge.sex.is_some() || edge.min_age.is_some() || edge.max_age.is_some();
    edges.clone().find(|edge| !qualified(edge)).or_else(|| edges.next())
}

/// The complication of that name that is no node of the graph.
pub(super) fn named_complication<'d>(disease: &'d Disease, words: &str) -> Option<&'d Complication> {
    let words = normalise(words);
    let same = |name: &Bilingual| normalise(&name.en) == words || normalise(&name.zh) == words;
    disease.complication.iter().find(|edge| edge.name.as_ref().is_some_and(same))
}

/// Whether every number given is the graph's own, within what studies differ by.
fn agrees(old: &Values, new: &Values) -> bool {
    let same_frequency = match (&old.frequency, &new.frequency) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => within(old, new),
    };
    let same = |old: Option<f64>, new: Option<f64>| match (old, new) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => (old - new).abs() <= NEAR_RATIO * old,
    };
    let same_role = new.role.is_none() || new.role == old.role || old.role.is_none();
    same_frequency
        && same(old.lr_positive, new.lr_positive)
        && same(old.lr_negative, new.lr_negative)
        && same(old.strength, new.strength)
        && same_role
}

/// Whether the middles are near, or one lies in the range of the other.
fn within(old: &Frequency, new: &Frequency) -> bool {
    let (Some(a), Some(b)) = (middle(old), middle(new)) else { return false };
    let in_range = |range: &Frequency, value: f64| matches!(range, Frequency::Range([low, high]) if (*low..=*high).contains(&value));
    (a - b).abs() <= NEAR_FREQUENCY || in_range(old, b) || in_range(new, a)
}

fn middle(frequency: &Frequency) -> Option<f64> {
    match frequency.count() {
        Some((cases, patients)) => Some(f64::from(cases) / f64::from(patients)),
        None => frequency.proportion(),
    }
}
