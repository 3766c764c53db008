//! Skills beyond the checklist: how consultations were held, and reasoning in the note after them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    model::{Estimate, logit, sigmoid},
    observation::SkillObservation,
    standing::day_of,
};

/// Days in which a judgement loses half its weight.
const HALF_LIFE_DAYS: f64 = 60.0;
/// Judgements that the prior, even odds, weighs.
const PRIOR: f64 = 2.0;

/// A skill or one rule of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Skill {
    /// Area, such as `communication`; `note` is reasoning.
    pub area: String,
    /// The rule; none for the area as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Share of the highest level that is to be expected, with its 90 % interval.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// Judgements it is based on.
    pub based_on: u32,
    /// The consultation last judged below the highest level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_below: Option<uuid::Uuid>,
}

/// Every area with its rules after it, in the order of the alphabet: a Beta posterior with even odds
/// as prior, in which old judgements count for less.
pub fn skills(judged: &[SkillObservation], now: Timestamp) -> Vec<Skill> {
    let mut groups: BTreeMap<(&str, Option<&str>), Vec<&SkillObservation>> = BTreeMap::new();
    for one in judged {
        groups.entry((&one.area, None)).or_default().push(one);
        groups.entry((&one.area, Some(&one.rule))).or_default().push(one);
    }
    groups.into_iter().map(|((area, rule), judged)| skill(area, rule, &judged, now)).collect()
}

fn skill(area: &str, rule: Option<&str>, judged: &[&SkillObservation], now: Timestamp) -> Skill {
    let (mut reached, mut total) = (PRIOR / 2.0, PRIOR);
    for one in judged {
        let weight = 0.5_f64.powf((day_of(now) - day_of(one.at)).max(0.0) / HALF_LIFE_DAYS);
        reached += weight * one.share;
        total += weight;
    }
    let value = reached / total;
    // The normal approximation on the logit scale keeps the interval inside 0–1.
    let width = 1.645 / (total * value * (1.0 - value)).max(1e-6).sqrt();
    let (low, high) = (sigmoid(logit(value) - width), sigmoid(logit(value) + width));
    Skill {
        area: area.to_owned(),
        rule: rule.map(str::to_owned),
        estimate: Estimate { value, low, high },
        based_on: u32::try_from(judged.len()).unwrap_or(u32::MAX),
        last_below: judged.iter().rev().find(|one| one.share < 1.0).map(|one| one.encounter),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn judged(rule: &str, share: f64, day: i64) -> SkillObservation {
        SkillObservation {
            rule: rule.into(),
            area: "communication".into(),
            share,
            encounter: Uuid::from_u128(u128::try_from(day).unwrap()),
            at: Timestamp::from_second(day * 86_400).unwrap(),
        }
    }

    #[test]
    fn an_area_sums_up_its_rules_and_late_judgements_count_more() {
        let all = [judged("summary", 0.0, 1), judged("empathy", 1.0, 1), judged("summary", 1.0, 300)];
        let skills = skills(&all, Timestamp::from_second(300 * 86_400).unwrap());
        let names: Vec<(Option<&str>, u32)> = skills.iter().map(|one| (one.rule.as_deref(), one.based_on)).collect();
        assert_eq!(names, [(None, 3), (Some("empathy"), 1), (Some("summary"), 2)]);
        assert!(skills[2].estimate.value > 0.6 && skills[2].estimate.low < skills[2].estimate.value);
        assert_eq!(skills[2].last_below, Some(Uuid::from_u128(1)));
    }
}
