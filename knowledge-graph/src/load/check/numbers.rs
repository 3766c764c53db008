//! Frequencies, ratios, shares and ranges.

use crate::{
    format::{Comorbidity, Epidemiology, Frequency, PresentsWith, Quantity, ReferenceRange, RiskFor, TestedBy},
    load::content::{Content, Located},
    problem::{Place, Problems},
};

/// The age bands of [`Epidemiology::age`].
pub(crate) const AGE_BANDS: [&str; 5] = ["0-17", "18-39", "40-59", "60-79", "80+"];

/// How far from 1 the age shares may sum (they are rounded).
const AGE_SUM_TOLERANCE: f64 = 0.021;

pub(super) fn check(content: &Content, problems: &mut Problems) {
    for node in &content.findings {
        share(node.value.background, "background", &node.place, problems);
    }
    for node in &content.risk_factors {
        share(node.value.background, "background", &node.place, problems);
    }
    for node in &content.tests {
        for (index, quantity) in node.value.quantities.iter().enumerate() {
            check_quantity(quantity, &format!("quantities.{index}"), &node.place, problems);
        }
    }
    for file in &content.diseases {
        check_epidemiology(&file.disease.epidemiology, &file.epidemiology_place, problems);
        file.edges.presents_with.iter().for_each(|edge| check_presents_with(edge, problems));
        file.edges.risk_factor.iter().for_each(|edge| check_risk(edge, problems));
        file.edges.tested_by.iter().for_each(|edge| check_values(edge, problems));
        file.edges.comorbidity.iter().for_each(|edge| check_comorbidity(edge, problems));
    }
}

fn is_share(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

fn share(value: Option<f64>, key: &str, place: &Place, problems: &mut Problems) {
    if let Some(value) = value.filter(|value| !is_share(*value)) {
        let message = format!("{key} {value} is outside 0–1; write a proportion, such as 0.05 for 5 %");
        problems.error(place, key, message);
    }
}

fn positive(value: Option<f64>, key: &str, place: &Place, problems: &mut Problems) {
    if let Some(value) = value.filter(|value| !(value.is_finite() && *value > 0.0)) {
        let message = format!("{key} {value} is not above 0; write the ratio as published or remove it");
        problems.error(place, key, message);
    }
}

fn check_quantity(quantity: &Quantity, key: &str, place: &Place, problems: &mut Problems) {
    check_range(quantity.adult_range(), key, place, problems);
    let of_a_sex = [("female", quantity.female), ("male", quantity.male)];
    for (sex, range) in of_a_sex.into_iter().filter_map(|(sex, range)| Some((sex, range?))) {
        check_range(range, &format!("{key}.{sex}"), place, problems);
    }
    if quantity.female.is_some() != quantity.male.is_some() {
        let message =
            format!("`{}` has a reference range for one sex only; give `female` and `male` or neither", quantity.id);
        problems.error(place, key, message);
    }
    if quantity.conventional_unit.is_some() != quantity.conventional_factor.is_some() {
        let message =
            format!("`{}` has only one of conventional_unit and conventional_factor; give both or none", quantity.id);
        problems.error(place, key, message);
    }
    positive(quantity.conventional_factor, "conventional_factor", place, problems);
}

fn check_range(range: ReferenceRange, key: &str, place: &Place, problems: &mut Problems) {
    if let (Some(low), Some(high)) = (range.low, range.high)
        && low >= high
    {
        let message = format!("reference range {low}–{high} is reversed; put the lower end in `low`");
        problems.error(place, &format!("{key}.low"), message);
    }
}

/// Months of age from which nobody is a small child.
const CHILDHOOD: u16 = 144;

fn check_epidemiology(epidemiology: &Epidemiology, place: &Place, problems: &mut Problems) {
    let Epidemiology { incidence, age, female, months, .. } = epidemiology;
    positive(Some(*incidence), "incidence", place, problems);
    share(Some(*female), "female", place, problems);
    for (band, value) in age {
        if !AGE_BANDS.contains(&band.as_str()) {
            let message = format!("`{band}` is not an age band; use {}", AGE_BANDS.join(", "));
            problems.error(place, &format!("age.{band}"), message);
        }
        if !is_share(*value) {
            let message = format!("the share {value} of age {band} is outside 0–1; write a proportion");
            problems.error(place, &format!("age.{band}"), message);
        }
    }
    if let Some([first, last]) = months
        && (first > last || *last >= CHILDHOOD)
    {
        let message =
            format!("{first} to {last} months is no range of childhood; write the lesser first, below {CHILDHOOD}");
        problems.error(place, "months", message);
    }
    let sum: f64 = age.values().sum();
    if (sum - 1.0).abs() > AGE_SUM_TOLERANCE {
        let message = format!("the age shares sum to {sum:.2}; make them sum to 1");
        problems.error(place, "age", message);
    }
}

fn check_presents_with(edge: &Located<PresentsWith>, problems: &mut Problems) {
    let Located { value, place } = edge;
    if let Some(frequency) = &value.frequency {
        check_frequency(frequency, place, problems);
    }
    positive(value.lr_positive, "lr_positive", place, problems);
    positive(value.lr_negative, "lr_negative", place, problems);
    check_ratios(value, place, problems);
    if let Some(sex) = value.sex.as_deref().filter(|sex| !["male", "female"].contains(sex)) {
        let message = format!("sex `{sex}` is not known; write `male`, `female` or nothing");
        problems.error(place, "sex", message);
    }
    if let (Some(min), Some(max)) = (value.min_age, value.max_age)
        && min > max
    {
        let message = format!("ages {min}–{max} are reversed; put the younger in `min_age`");
        problems.error(place, "min_age", message);
    }
}

fn check_frequency(frequency: &Frequency, place: &Place, problems: &mut Problems) {
    let wrong = match frequency {
        Frequency::Point(value) if !is_share(*value) => {
            format!("frequency {value} is outside 0–1; write a proportion, such as 0.4 for 40 %")
        }
        Frequency::Range([low, high]) if !is_share(*low) || !is_share(*high) => {
            format!("frequency [{low}, {high}] is outside 0–1; write proportions, such as [0.3, 0.5]")
        }
        Frequency::Range([low, high]) if low > high => {
            format!("frequency [{low}, {high}] is reversed; write the lower end first")
        }
        Frequency::Count(text) if frequency.count().is_none() => {
            format!("frequency \"{text}\" is not a count; write cases over patients, such as \"73/100\"")
        }
        _ => return,
    };
    problems.error(place, "frequency", wrong);
}

/// A finding cannot argue for (or against) a disease both when present and when absent.
fn check_ratios(edge: &PresentsWith, place: &Place, problems: &mut Problems) {
    if let (Some(positive), Some(negative)) = (edge.lr_positive, edge.lr_negative)
        && ((positive > 1.0 && negative > 1.0) || (positive < 1.0 && negative < 1.0))
    {
        let message = format!("LR+ {positive} and LR− {negative} lie on the same side of 1; look both up again");
        problems.warning(place, "lr_negative", message);
    } else if !edge.excluded && edge.lr_positive.is_some_and(|ratio| ratio < 1.0) {
        let message = "LR+ below 1 means its presence argues the disease away; add `excluded = true` \
                       or look the ratio up again";
        problems.warning(place, "lr_positive", message);
    } else if !edge.excluded && edge.lr_negative.is_some_and(|ratio| ratio > 1.0) {
        let message = "LR− above 1 means its absence argues for the disease; add `excluded = true` \
                       or look the ratio up again";
        problems.warning(place, "lr_negative", message);
    } else if edge.excluded && edge.lr_positive.is_some_and(|ratio| ratio > 1.0) {
        let message = "`excluded = true` but LR+ is above 1; remove one of them";
        problems.warning(place, "lr_positive", message);
    }
}

fn check_risk(edge: &Located<RiskFor>, problems: &mut Problems) {
    positive(edge.value.strength, "strength", &edge.place, problems);
    share(edge.value.prevalence, "prevalence", &edge.place, problems);
}

fn check_values(edge: &Located<TestedBy>, problems: &mut Problems) {
    for (quantity, [mean, deviation]) in &edge.value.values {
        if !(mean.is_finite() && deviation.is_finite() && *deviation >= 0.0) {
            let message = format!(
                "`{quantity}` [{mean}, {deviation}] is not a mean and a standard deviation; \
                 write two numbers, the second not below 0"
            );
            problems.error(&edge.place, &format!("values.{quantity}"), message);
        }
    }
}

fn check_comorbidity(edge: &Located<Comorbidity>, problems: &mut Problems) {
    positive(edge.value.strength, "strength", &edge.place, problems);
    for (finding, factor) in &edge.value.alters {
        if !(factor.is_finite() && *factor >= 0.0) {
            let message = format!("the factor {factor} on `{finding}` is below 0; write 0.6 for 40 % less");
            problems.error(&edge.place, &format!("alters.{finding}"), message);
        }
    }
}
