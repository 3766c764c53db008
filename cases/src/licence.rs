//! What common licences ask of somebody who copies a case, changes it and hands it on. A reminder
//! for a teacher, no legal advice: the words of the licence decide.

use std::collections::BTreeSet;

/// Something a licence asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// Name the author and the licence.
    Credit,
    /// Hand a changed copy on under the same licence.
    SameLicence,
    /// Use it for nothing commercial.
    NotCommercial,
    /// Hand on no changed copy.
    Unchanged,
}

/// Licences that ask nothing.
const FREE: [&str; 5] = ["CC0-1.0", "CC-PDDC", "Unlicense", "0BSD", "MIT-0"];
/// Licences that ask for the author's name and their own text.
const CREDIT: [&str; 6] = ["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ODC-By-1.0"];
/// Beginnings of licences under which changed copies stay.
const SAME: [&str; 5] = ["GPL-", "LGPL-", "AGPL-", "MPL-", "ODbL-"];

/// What an SPDX expression asks: of a choice (`OR`) what the first of them does, of several at once
/// (`AND`) what any of them does. None when a licence is not known here.
pub fn terms(expression: &str) -> Option<BTreeSet<Condition>> {
    let first = expression.split(" OR ").next().unwrap_or_default();
    first.split(" AND ").try_fold(BTreeSet::new(), |mut all, one| {
        all.extend(single(one.trim().trim_matches(['(', ')']))?);
        Some(all)
    })
}

fn single(id: &str) -> Option<Vec<Condition>> {
    if FREE.contains(&id) {
        return Some(Vec::new());
    }
    if CREDIT.contains(&id) {
        return Some(vec![Condition::Credit]);
    }
    if SAME.iter().any(|beginning| id.starts_with(beginning)) {
        return Some(vec![Condition::Credit, Condition::SameLicence]);
    }
    let named = id.strip_prefix("CC-BY-")?;
    let (parts, version) = named.rsplit_once('-').unwrap_or(("", named));
    if !version.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let asked = parts.split('-').filter(|part| !part.is_empty()).map(|part| match part {
        "NC" => Some(Condition::NotCommercial),
        "SA" => Some(Condition::SameLicence),
        "ND" => Some(Condition::Unchanged),
        _ => None,
    });
    std::iter::once(Some(Condition::Credit)).chain(asked).collect()
}

/// The licence without its version: `CC-BY-SA` of `CC-BY-SA-4.0`.
pub(crate) fn family(id: &str) -> &str {
    let end = id.find(|letter: char| letter.is_ascii_digit()).unwrap_or(id.len());
    id[..end].trim_end_matches('-')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing("CC0-1.0", Some("----"))]
    #[case::credit("CC-BY-4.0", Some("c---"))]
    #[case::software("MIT", Some("c---"))]
    #[case::same("CC-BY-SA-4.0", Some("cs--"))]
    #[case::trade("CC-BY-NC-SA-3.0", Some("csn-"))]
    #[case::unchanged("CC-BY-NC-ND-4.0", Some("c-nu"))]
    #[case::copyleft("GPL-3.0-or-later", Some("cs--"))]
    #[case::both("MIT AND CC-BY-SA-4.0", Some("cs--"))]
    #[case::choice("CC0-1.0 OR CC-BY-4.0", Some("----"))]
    #[case::unknown("LicenseRef-unknown", None)]
    #[case::one_unknown("MIT AND LicenseRef-school", None)]
    #[case::not_creative_commons("CC-BY-XX-4.0", None)]
    fn a_licence_asks(#[case] expression: &str, #[case] expected: Option<&str>) {
        let all = [
            ('c', Condition::Credit),
            ('s', Condition::SameLicence),
            ('n', Condition::NotCommercial),
            ('u', Condition::Unchanged),
        ];
        let letters = terms(expression).map(|asked| {
            all.map(|(letter, condition)| if asked.contains(&condition) { letter } else { '-' })
                .iter()
                .collect::<String>()
        });
        assert_eq!(letters.as_deref(), expected);
    }

    #[test]
    fn versions_of_a_licence_are_one_family() {
        assert_eq!(family("CC-BY-SA-4.0"), "CC-BY-SA");
        assert_eq!(family("LicenseRef-school"), "LicenseRef-school");
    }
}
