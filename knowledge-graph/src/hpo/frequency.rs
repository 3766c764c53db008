//! How often patients with a disease have a finding, as the annotation says it.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// HPO's classes of frequency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FrequencyClass {
    /// HP:0040280, 100 %.
    Obligate,
    /// HP:0040281, 80–99 %.
    VeryFrequent,
    /// HP:0040282, 30–79 %.
    Frequent,
    /// HP:0040283, 5–29 %.
    Occasional,
    /// HP:0040284, 1–4 %.
    VeryRare,
    /// HP:0040285, 0 %.
    Excluded,
}

impl FrequencyClass {
    pub(super) const ALL: [Self; 6] =
        [Self::Obligate, Self::VeryFrequent, Self::Frequent, Self::Occasional, Self::VeryRare, Self::Excluded];

    /// HPO term of the class.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Obligate => "HP:0040280",
            Self::VeryFrequent => "HP:0040281",
            Self::Frequent => "HP:0040282",
            Self::Occasional => "HP:0040283",
            Self::VeryRare => "HP:0040284",
            Self::Excluded => "HP:0040285",
        }
    }

    /// Lowest and highest share of patients, 0–1, as HPO defines the class.
    pub const fn range(self) -> (f64, f64) {
        match self {
            Self::Obligate => (1.0, 1.0),
            Self::VeryFrequent => (0.80, 0.99),
            Self::Frequent => (0.30, 0.79),
            Self::Occasional => (0.05, 0.29),
            Self::VeryRare => (0.01, 0.04),
            Self::Excluded => (0.0, 0.0),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Obligate => "obligate (100%)",
            Self::VeryFrequent => "very frequent (80-99%)",
            Self::Frequent => "frequent (30-79%)",
            Self::Occasional => "occasional (5-29%)",
            Self::VeryRare => "very rare (1-4%)",
            Self::Excluded => "excluded (0%)",
        }
    }
}

/// A frequency as annotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Frequency {
    /// Patients with it, of all patients looked at.
    Count {
        /// With it.
        cases: u32,
        /// All.
        patients: u32,
    },
    /// Hundredths of a percent: 17.5 % is 1750. No annotation is finer.
    Percent(u32),
    /// A class.
    Class(FrequencyClass),
}

const WRONG: &str = "write n/m with n no more than m, a percentage such as 17%, one of HP:0040280 to HP:0040285, \
                     or nothing";

impl FromStr for Frequency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is not a frequency: {WRONG}");
        if let Some(class) = FrequencyClass::ALL.into_iter().find(|class| class.term() == text) {
            return Ok(Self::Class(class));
        }
        if let Some(percent) = text.strip_suffix('%') {
            return hundredths(percent).map(Self::Percent).ok_or_else(wrong);
        }
        let (cases, patients) = text.split_once('/').ok_or_else(wrong)?;
        let (cases, patients) = cases.parse().ok().zip(patients.parse().ok()).ok_or_else(wrong)?;
        if patients == 0 || cases > patients { Err(wrong()) } else { Ok(Self::Count { cases, patients }) }
    }
}

/// `17.5` → 1750, up to 100.
fn hundredths(percent: &str) -> Option<u32> {
    let (whole, part) = percent.split_once('.').unwrap_or((percent, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u32 = format!("{part:0<2}").get(..2)?.parse().ok()?;
    let all = whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part)?;
    (all <= 10_000).then_some(all)
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { cases, patients } => write!(f, "{cases}/{patients}"),
            Self::Percent(hundredths) => write!(f, "{}%", f64::from(*hundredths) / 100.0),
            Self::Class(class) => f.write_str(class.words()),
        }
    }
}

impl Serialize for Frequency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Frequency;

    #[rstest]
    #[case("3/7", "3/7")]
    #[case("0/5", "0/5")]
    #[case("17%", "17%")]
    #[case("2.75%", "2.75%")]
    #[case("100%", "100%")]
    #[case("HP:0040280", "obligate (100%)")]
    #[case("HP:0040282", "frequent (30-79%)")]
    #[case("HP:0040285", "excluded (0%)")]
    fn every_written_form_is_read(#[case] written: &str, #[case] shown: &str) {
        assert_eq!(written.parse::<Frequency>().unwrap().to_string(), shown);
    }

    #[rstest]
    #[case("8/7")]
    #[case("0/0")]
    #[case("101%")]
    #[case("-1%")]
    #[case(".%")]
    #[case("HP:0040286")]
    #[case("often")]
    fn other_forms_are_refused_with_a_mend(#[case] written: &str) {
        let message = written.parse::<Frequency>().unwrap_err();

        assert!(message.contains(written) && message.contains("write n/m"), "{message}");
    }
}
