//! How often something is found, as texts write it.

use std::sync::LazyLock;

use regex::Regex;

use crate::format::Frequency;

/// What a number in a text amounts to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Amount {
    /// A frequency.
    Exactly(Frequency),
    /// "Up to 30 %", "more than half": a limit, which the graph cannot hold.
    Limit,
}

/// A percent sign or word.
pub(super) const PERCENT: &str = r"\s?(?:%|per ?cent\b)";
/// A number.
pub(super) const NUMBER: &str = r"\d+(?:\.\d+)?";

/// The pattern of an amount, in both languages.
pub(super) static PATTERN: LazyLock<String> = LazyLock::new(|| {
    let (number, percent) = (NUMBER, PERCENT);
    let range = format!(r"{number}(?:{percent})?(?:\s?(?:-|to|至|到)\s?{number})?{percent}");
    let between = format!(r"between {number}(?:{percent})? and {number}{percent}");
    let qualifier = r"(?:about |approximately |around |nearly |almost |roughly |some |up to |more than |over |at least |less than |fewer than |under |below |only |约|大约|近|高达|超过|至少|不足|不到|少于|多于|[<>≤≥]\s?)?";
    let people = r"(?: (?:patients|cases|people|adults|children|women|men|subjects|individuals|participants))?例?";
    let count = r"\d+\s?(?:/|out of(?: the)?|of(?: the)?)\s?\d+";
    format!(
        r"{qualifier}(?:{between}|{count}{people}(?:,?\s?[(\[]?{range}[)\]]?)?|\d+{people}\s?[(\[]{range}[)\]](?:\s?(?:out )?of (?:the )?\d+)?|{range}(?:,?\s?[(\[]\s?{count}{people}\s?[)\]])?|\d+例?[(,]占?{range}\)?)"
    )
});

static COUNT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d+)\s?(?:/|out of(?: the)?|of(?: the)?)\s?(\d+)").ok());
static COUNT_AROUND: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\D*(\d+)[^()\d]*[(\[][^()\[\]]*[)\]]\s?(?:out )?of (?:the )?(\d+)").ok());
static RANGE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"({NUMBER})(?:{PERCENT})?\s?(?:-|to|and|至|到)\s?({NUMBER}){PERCENT}")).ok());
static POINT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"({NUMBER}){PERCENT}")).ok());
static CASES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\D*(\d+)\D").ok());

const LIMITS: [&str; 19] = [
    "up to ",
    "more than ",
    "over ",
    "at least ",
    "less than ",
    "fewer than ",
    "under ",
    "below ",
    "高达",
    "超过",
    "至少",
    "不足",
    "不到",
    "少于",
    "多于",
    "<",
    ">",
    "≤",
    "≥",
];

/// Reads what [`PATTERN`] matched; `among` is the number of patients when the sentence said it
/// before. `None` when the numbers cannot be a share.
pub(super) fn read(text: &str, among: Option<u32>) -> Option<Amount> {
    if LIMITS.iter().any(|limit| text.starts_with(limit)) {
        return Some(Amount::Limit);
    }
    let counted = two(&COUNT_AROUND, text).or_else(|| two(&COUNT, text));
    if let Some((cases, patients)) = counted {
        return count(cases, patients);
    }
    if let Some((low, high)) = two(&RANGE, text) {
        let valid = low < high && high <= 100.0;
        return valid.then_some(Amount::Exactly(Frequency::Range([share(low), share(high)])));
    }
    let percent = one(&POINT, text).filter(|percent| *percent <= 100.0)?;
    if let (Some(cases), Some(patients)) = (one(&CASES, text), among)
        && text.contains(['(', '['])
        && (cases / f64::from(patients) - percent / 100.0).abs() < 0.01
    {
        return count(cases, f64::from(patients));
    }
    Some(Amount::Exactly(Frequency::Point(share(percent))))
}

fn count(cases: f64, patients: f64) -> Option<Amount> {
    let valid = patients > 0.0 && cases <= patients;
    valid.then(|| Amount::Exactly(Frequency::Count(format!("{cases:.0}/{patients:.0}"))))
}

fn two(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<(f64, f64)> {
    let found = pattern.as_ref()?.captures(text)?;
    Some((found[1].parse().ok()?, found[2].parse().ok()?))
}

fn one(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<f64> {
    pattern.as_ref()?.captures(text)?[1].parse().ok()
}

/// A percentage as a proportion, without the noise of division.
pub(super) fn share(percent: f64) -> f64 {
    (percent * 100.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use regex::Regex;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::count("34/120 (28 %)", Frequency::Count("34/120".to_owned()))]
    #[case::count_in_words("34 of 120 patients (28.3%)", Frequency::Count("34/120".to_owned()))]
    #[case::count_around("34 (28%) of 120", Frequency::Count("34/120".to_owned()))]
    #[case::share("73%", Frequency::Point(0.73))]
    #[case::decimal("about 7.5 per cent", Frequency::Point(0.075))]
    #[case::range("30-50 %", Frequency::Range([0.3, 0.5]))]
    #[case::range_with_both_signs("30% to 50%", Frequency::Range([0.3, 0.5]))]
    #[case::between("between 30 and 50%", Frequency::Range([0.3, 0.5]))]
    #[case::share_with_count("28% (34/120)", Frequency::Count("34/120".to_owned()))]
    #[case::chinese("30%至50%", Frequency::Range([0.3, 0.5]))]
    fn an_amount_is_read(#[case] text: &str, #[case] expected: Frequency) {
        let pattern = Regex::new(&format!("^(?:{})$", *PATTERN)).unwrap();
        assert!(pattern.is_match(text), "{text}");
        assert_eq!(read(text, None), Some(Amount::Exactly(expected)));
    }

    #[rstest]
    #[case::more_than_all("140/120")]
    #[case::above_a_hundred("130%")]
    fn what_is_no_share_is_not_read(#[case] text: &str) {
        assert_eq!(read(text, None), None);
    }

    #[test]
    fn a_limit_is_no_frequency() {
        assert_eq!(read("up to 30%", None), Some(Amount::Limit));
    }

    #[test]
    fn the_number_of_patients_may_stand_before() {
        assert_eq!(read("34 (28%)", Some(120)), Some(Amount::Exactly(Frequency::Count("34/120".to_owned()))));
        assert_eq!(read("34 (28%)", Some(500)), Some(Amount::Exactly(Frequency::Point(0.28))));
    }
}
