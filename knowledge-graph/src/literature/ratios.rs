//! Claims that rest on measures of accuracy and risk.

use std::collections::BTreeMap;

use super::{
    Assumption, Claim, End, LinkKind, Values,
    accuracy::{Measure, Measured, measures},
    extract::{OfSentence, Reading},
};
use crate::{TopicId, TopicKind};

/// Farthest letters between a number and a word after it that it belongs to.
const FAR: usize = 60;

/// What the measures of a sentence claim.
pub(super) fn read(sentence: &OfSentence<'_, '_>) -> Vec<Reading> {
    let mut values: BTreeMap<(usize, bool), Values> = BTreeMap::new();
    for measured in measures(&sentence.masked.text) {
        let risk = measured.measure == Measure::Strength;
        let Some(subject) = subject(sentence, &measured, risk) else { continue };
        let of_subject = values.entry((subject, risk)).or_default();
        note(of_subject, &measured, sentence);
    }
    values.retain(|_, values| !values.is_silent());
    values.into_iter().filter_map(|((subject, risk), values)| reading(sentence, subject, risk, values)).collect()
}

/// Says of claims without numbers that the sentence has one they cannot hold.
pub(super) fn left_out(sentence: &OfSentence<'_, '_>, readings: &mut Vec<Reading>) {
    let measured = measures(&sentence.masked.text);
    let ratio = measured.iter().any(|one| matches!(one.measure, Measure::Hazard | Measure::Strength));
    merge_risks(readings);
    for reading in readings.iter_mut().filter(|reading| ratio && reading.claim.values.is_silent()) {
        if matches!(reading.claim.link, LinkKind::RiskFor | LinkKind::PresentsWith) {
            reading.assumptions.push(Assumption::RatioLeftOut);
        }
    }
}

/// A risk that the sentence states in words and in numbers is one claim: the number's, with what was
/// taken for granted in reading the words.
fn merge_risks(readings: &mut Vec<Reading>) {
    let is_risk = |one: &Reading| one.claim.link == LinkKind::RiskFor;
    let (mut silent, mut rest): (Vec<Reading>, Vec<Reading>) =
        std::mem::take(readings).into_iter().partition(|one| is_risk(one) && one.claim.values.strength.is_none());
    silent.retain_mut(|words| {
        let same = |one: &&mut Reading| {
            is_risk(one) && (&one.claim.disease, &one.claim.other) == (&words.claim.disease, &words.claim.other)
        };
        let Some(number) = rest.iter_mut().find(same) else { return true };
        number.assumptions.append(&mut words.assumptions);
        false
    });
    rest.append(&mut silent);
    *readings = rest;
}

fn note(values: &mut Values, measured: &Measured, sentence: &OfSentence<'_, '_>) {
    let value = Some(measured.value);
    match measured.measure {
        Measure::Sensitivity => values.sensitivity = values.sensitivity.or(value),
        Measure::Specificity => values.specificity = values.specificity.or(value),
        Measure::LrNegative => values.lr_negative = values.lr_negative.or(value),
        Measure::LrPlain if speaks_of_absence(&sentence.masked.text[..measured.start]) => {
            values.lr_negative = values.lr_negative.or(value);
        }
        Measure::LrPositive | Measure::LrPlain => values.lr_positive = values.lr_positive.or(value),
        // Below 1 it is no risk.
        Measure::Strength if measured.value > 1.0 => values.strength = values.strength.or(value),
        Measure::Strength | Measure::Hazard => {}
    }
}

fn speaks_of_absence(before: &str) -> bool {
    let near = before.char_indices().rev().nth(50).map_or(0, |(at, _)| at);
    let before = before[near..].to_lowercase();
    ["absence of", "absent", "without", "lack of", "缺乏", "无", "不存在"].iter().any(|word| before.contains(word))
}

/// The word a number belongs to: the nearest before its end, else the nearest after it.
fn subject(sentence: &OfSentence<'_, '_>, measured: &Measured, risk: bool) -> Option<usize> {
    let masked = sentence.masked;
    let suits = |index: usize| {
        let hit = &masked.hits[index];
        let has = |kind| hit.of(kind).is_some();
        if risk { has(TopicKind::RiskFactor) } else { has(TopicKind::Finding) || has(TopicKind::Test) }
    };
    let places: Vec<_> = masked.places().into_iter().filter(|(index, _)| suits(*index)).collect();
    let before = places.iter().rev().find(|(_, place)| place.start < measured.end);
    let after = || places.iter().find(|(_, place)| place.start >= measured.end && place.start - measured.end <= FAR);
    let (index, place) = before.or_else(after)?;
    let between = place.start.min(measured.start)..place.end.max(measured.end);
    let denied = risk && sentence.denied(&between);
    (!denied).then_some(*index)
}

fn reading(sentence: &OfSentence<'_, '_>, subject: usize, risk: bool, values: Values) -> Option<Reading> {
    let (disease, from_context) = sentence.disease(&[subject])?;
    let mut assumptions = Vec::new();
    if from_context {
        assumptions.push(Assumption::DiseaseFromContext);
    }
    let hit = &sentence.masked.hits[subject];
    let (link, other) = if risk {
        (LinkKind::RiskFor, hit.of(TopicKind::RiskFactor)?.clone())
    } else if let Some(finding) = hit.of(TopicKind::Finding) {
        (LinkKind::PresentsWith, finding.clone())
    } else {
        assumptions.push(Assumption::TestMeansFinding);
        (LinkKind::PresentsWith, result_of(sentence, &disease, hit.of(TopicKind::Test)?)?)
    };
    Some(Reading { claim: Claim { link, disease, other: End::Known(other), values }, assumptions })
}

/// The one abnormal result of a test, in that disease or in the whole graph.
fn result_of(sentence: &OfSentence<'_, '_>, disease: &str, test: &TopicId) -> Option<TopicId> {
    let graph = sentence.graph;
    let shown_by = |finding: &str| graph.finding(finding).is_some_and(|node| node.test.as_deref() == Some(test.name()));
    let mut of_disease: Vec<&str> = graph
        .disease(disease)?
        .presents_with
        .iter()
        .map(|edge| edge.finding.as_str())
        .filter(|finding| shown_by(finding))
        .collect();
    of_disease.dedup();
    let all: Vec<&str> = graph.findings().map(|node| node.id.as_str()).filter(|finding| shown_by(finding)).collect();
    match (&of_disease[..], &all[..]) {
        ([one], _) | ([], [one]) => Some(TopicId::new(TopicKind::Finding, *one)),
        _ => None,
    }
}
