//! Vital signs that go with the findings.

use super::{dice::Dice, person::Person, picture::Picture};
use crate::format::Vitals;

/// Values before rounding, in the units of [`Vitals`].
struct Draft {
    temperature: f64,
    pulse: f64,
    systolic: f64,
    diastolic: f64,
    breaths: f64,
    saturation: f64,
}

pub(super) fn draw(picture: &Picture<'_>, person: &Person, dice: &mut Dice) -> Vitals {
    let mut draft = healthy(person, dice);
    temperature(&mut draft, picture, dice);
    breathing(&mut draft, picture, dice);
    circulation(&mut draft, picture, dice);
    draft.rounded()
}

/// A healthy person of that age at rest. Adults: pulse 60–90, breaths 12–18; pressure rises with
/// age; children breathe and beat faster, small ones much faster.
fn healthy(person: &Person, dice: &mut Dice) -> Draft {
    if let Some(carer) = &person.carer {
        return healthy_child(carer.months, dice);
    }
    let age = f64::from(person.age);
    let child = (13.0 - age).max(0.0);
    Draft {
        temperature: dice.normal(36.6, 0.15),
        pulse: dice.normal(74.0 + 3.0 * child, 5.0),
        systolic: dice.normal((100.0 + 0.5 * age).min(138.0), 5.0),
        diastolic: dice.normal((62.0 + 0.2 * age).min(80.0), 4.0),
        breaths: dice.normal(15.0 + 0.8 * child, 1.0),
        saturation: dice.normal(97.8 - (age - 60.0).max(0.0) * 0.03, 0.5),
    }
}

/// Pulse, breaths and systolic pressure of healthy children at rest, up to this age in months: the
/// middle of the ranges of Advanced Paediatric Life Support.
const CHILDREN: [(u16, f64, f64, f64); 4] =
    [(12, 130.0, 34.0, 84.0), (24, 122.0, 30.0, 89.0), (60, 112.0, 26.0, 94.0), (u16::MAX, 100.0, 22.0, 100.0)];

fn usual(months: u16) -> (f64, f64, f64) {
    let (_, pulse, breaths, systolic) = CHILDREN.into_iter().find(|(until, ..)| months < *until).unwrap_or(CHILDREN[3]);
    (pulse, breaths, systolic)
}

fn healthy_child(months: u16, dice: &mut Dice) -> Draft {
    let (pulse, breaths, systolic) = usual(months);
    Draft {
        temperature: dice.normal(36.8, 0.15),
        pulse: dice.normal(pulse, 5.0),
        systolic: dice.normal(systolic, 3.0),
        diastolic: dice.normal(systolic * 0.6, 3.0),
        breaths: dice.normal(breaths, 1.5),
        saturation: dice.normal(98.0, 0.5),
    }
}

/// Breaths a minute from which breathing strikes the eye as fast.
pub(super) fn fast_breathing(person: &Person) -> u16 {
    person.carer.as_ref().map_or(22, |carer| whole(usual(carer.months).1 * 1.3))
}

fn temperature(draft: &mut Draft, picture: &Picture<'_>, dice: &mut Dice) {
    if picture.has(&["fever", "high-temperature", "rigors"]) {
        draft.temperature = dice.normal(38.6, 0.3);
        draft.pulse += 16.0;
        draft.breaths += 2.0;
    } else if picture.has(&["hypothermia"]) {
        draft.temperature = dice.normal(34.6, 0.3);
    }
}

fn breathing(draft: &mut Draft, picture: &Picture<'_>, dice: &mut Dice) {
    if picture.has(&["tachypnoea", "accessory-muscle-use", "hyperventilation"]) {
        // Half as fast again as at rest; in an adult about 26.
        draft.breaths = (draft.breaths * 1.5).max(dice.normal(26.0, 2.0));
        draft.pulse += 10.0;
    } else if picture.has(&["dyspnoea", "orthopnoea"]) {
        draft.breaths += 5.0;
    }
    if picture.has(&["low-oxygen-saturation", "hypoxaemia", "cyanosis"]) {
        draft.saturation = dice.normal(91.0, 1.0);
    }
}

fn circulation(draft: &mut Draft, picture: &Picture<'_>, dice: &mut Dice) {
    if picture.has(&[
        "tachycardia",
        "sinus-tachycardia-on-ecg",
        "tachycardia-and-hypotension",
        "atrial-fibrillation-on-ecg",
    ]) {
        draft.pulse = draft.pulse.max(dice.normal(112.0, 5.0));
    }
    if picture.has(&["bradycardia"]) {
        draft.pulse = dice.normal(50.0, 3.0);
    }
    if picture.has(&["hypotension", "tachycardia-and-hypotension", "postural-hypotension"]) {
        draft.systolic = dice.normal(94.0, 3.0);
        draft.diastolic = dice.normal(58.0, 3.0);
    }
    if picture.has(&["raised-blood-pressure", "hypertension", "hypertension-in-pregnancy"]) {
        draft.systolic = dice.normal(166.0, 6.0);
        draft.diastolic = dice.normal(96.0, 4.0);
    }
}

impl Draft {
    fn rounded(self) -> Vitals {
        Vitals {
            temperature_c: (self.temperature * 10.0).round() / 10.0,
            pulse_per_min: whole(self.pulse),
            systolic_mmhg: whole(self.systolic),
            diastolic_mmhg: whole(self.diastolic),
            respiratory_rate_per_min: whole(self.breaths),
            spo2_percent: u8::try_from(whole(self.saturation.clamp(50.0, 100.0))).unwrap_or(97),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of the type before")]
fn whole(value: f64) -> u16 {
    value.round().clamp(0.0, 300.0) as u16
}
