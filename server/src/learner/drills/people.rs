//! Whom a disease strikes: age and sex as its epidemiology gives them.

use knowledge_graph::{
    format::Disease,
    query::{Patient, Sex},
};

use super::dice::Dice;

/// Least share of a disease's patients in an age band for a typical patient to be of it.
const TYPICAL_AGE: f64 = 0.15;
/// Least share in the band for the disease to be thought of at that age.
const PLAUSIBLE_AGE: f64 = 0.05;
/// Least share of a sex for a patient, or an option, of that sex.
const PLAUSIBLE_SEX: f64 = 0.1;
/// Adults only: children's findings are told by others. Ends that are typical of the band.
const BANDS: [(&str, u8, u8); 4] = [("18-39", 20, 39), ("40-59", 40, 59), ("60-79", 60, 79), ("80+", 80, 88)];
/// The band before the first of them.
const CHILDREN: &str = "0-17";

fn share(disease: &Disease, band: &str) -> f64 {
    disease.epidemiology.age.get(band).copied().unwrap_or(0.0)
}

/// The share of its band at an age, less towards a neighbouring band with a smaller one: pregnancies of a
/// band from 40 to 59 are those before 50.
fn around(disease: &Disease, age: u8) -> Option<f64> {
    let at = BANDS.iter().position(|(_, low, high)| (*low..=*high).contains(&age))?;
    let (band, low, high) = BANDS.get(at)?;
    let own = share(disease, band);
    let beside = if age < low.midpoint(*high) + 1 {
        Some(at.checked_sub(1).and_then(|before| BANDS.get(before)).map_or(CHILDREN, |(band, ..)| *band))
    } else {
        BANDS.get(at + 1).map(|(band, ..)| *band)
    };
    Some(beside.map_or(own, |band| own.min(own.midpoint(share(disease, band)))))
}

fn share_of(disease: &Disease, sex: Sex) -> f64 {
    match sex {
        Sex::Female => disease.epidemiology.female,
        Sex::Male => 1.0 - disease.epidemiology.female,
    }
}

/// A disease that adults have.
pub(super) fn adult(disease: &Disease) -> bool {
    disease.epidemiology.months.is_none() && BANDS.iter().any(|(band, ..)| share(disease, band) >= TYPICAL_AGE)
}

/// Whether a person of that age and sex may well have it.
pub(super) fn plausible(disease: &Disease, patient: Patient) -> bool {
    share_of(disease, patient.sex) >= PLAUSIBLE_SEX
        && around(disease, patient.age).is_some_and(|share| share >= PLAUSIBLE_AGE)
}

/// A patient such as have the disease, as often of an age band and a sex as its patients are.
pub(super) fn patient(disease: &Disease, dice: &mut Dice) -> Option<Patient> {
    let bands: Vec<_> = BANDS.iter().filter(|(band, ..)| share(disease, band) >= TYPICAL_AGE).collect();
    let shares: Vec<f64> = bands.iter().map(|(band, ..)| share(disease, band)).collect();
    let (_, low, high) = *bands.get(dice.weighted(&shares))?;
    let ages: Vec<u8> = (*low..=*high).filter(|age| around(disease, *age) >= Some(TYPICAL_AGE)).collect();
    let age = *dice.pick(&ages)?;
    let sexes = [Sex::Female, Sex::Male];
    let shares = sexes.map(|sex| Some(share_of(disease, sex)).filter(|one| *one >= PLAUSIBLE_SEX).unwrap_or(0.0));
    Some(Patient { age, sex: *sexes.get(dice.weighted(&shares))? })
}

#[cfg(test)]
mod tests {
    use knowledge_graph::Graph;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("miscarriage", 30, true)]
    #[case("miscarriage", 44, true)]
    #[case("miscarriage", 52, false)]
    #[case("bladder-cancer", 68, true)]
    fn nobody_is_thought_pregnant_after_the_change(#[case] id: &str, #[case] age: u8, #[case] may: bool) {
        let disease = Graph::embedded().unwrap().disease(id).unwrap();
        let sex = if disease.epidemiology.female > 0.5 { Sex::Female } else { Sex::Male };

        assert_eq!(plausible(disease, Patient { age, sex }), may);
    }
}
