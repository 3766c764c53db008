//! What a case says of where it comes from, against what it is and how it is licensed. All of it is
//! for a person to judge: warnings only.

use knowledge_graph::Bilingual;

use crate::{
    format::Case,
    licence::{Condition, family, terms},
    problem::{Problem, both},
    provenance::Origin,
    write::content_hash,
};

pub(super) fn check(case: &Case, problems: &mut Vec<Problem>) {
    if case.exported.as_ref().is_some_and(|exported| exported.hash != content_hash(case)) {
        problems.push(Problem::warning(
            "exported.hash",
            both("the case was changed since it was exported", "本病例在导出后被改动过"),
            both("Read it through before you use it; it can be imported as it is", "使用前请通读；仍可照此导入"),
        ));
    }
    for origin in &case.based_on {
        if let Some((message, mend)) = conflict(case, origin) {
            problems.push(Problem::warning("licence", message, mend));
        }
    }
}

/// What the licence of an original does not go together with, if anything, and what to do.
fn conflict(case: &Case, origin: &Origin) -> Option<(Bilingual, Bilingual)> {
    let (of, licence, own) = (&origin.id, &origin.licence, &case.licence);
    if licence == own {
        return None;
    }
    let Some(asked) = terms(licence) else {
        return Some((
            both(
                format!("it is based on `{of}` under `{licence}`, whose terms this program does not know"),
                format!("它基于 `{of}`，其许可 `{licence}` 的条款本程序不了解"),
            ),
            both("Read that licence before you hand the case on", "转交前请阅读该许可"),
        ));
    };
    if asked.contains(&Condition::Unchanged) {
        return Some((
            both(
                format!("it is based on `{of}` under `{licence}`, which lets nobody hand on a changed copy"),
                format!("它基于 `{of}`，其许可 `{licence}` 不允许转交改动过的版本"),
            ),
            both("Ask its author, or keep the case to yourself", "请征得原作者同意，或仅供自己使用"),
        ));
    }
    if asked.contains(&Condition::SameLicence) && family(own) != family(licence) {
        return Some((
            both(
                format!("it is based on `{of}`, and changed copies of that stay under `{licence}`, not `{own}`"),
                format!("它基于 `{of}`，改动后的版本须沿用 `{licence}`，而不是 `{own}`"),
            ),
            both(format!("Write `{licence}` as its licence"), format!("请把许可写为 `{licence}`")),
        ));
    }
    let trades = terms(own).is_none_or(|own| !own.contains(&Condition::NotCommercial));
    (asked.contains(&Condition::NotCommercial) && trades).then(|| {
        (
            both(
                format!("it is based on `{of}` under `{licence}`, for nothing commercial; `{own}` does not say so"),
                format!("它基于 `{of}`，其许可 `{licence}` 禁止商业使用，而 `{own}` 未作此限制"),
            ),
            both("Choose a licence that keeps this", "请选用保留这一限制的许可"),
        )
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{fixture, provenance::copy_of};

    #[rstest]
    #[case::the_same("CC-BY-ND-4.0", "CC-BY-ND-4.0", "")]
    #[case::credit_is_kept_by_the_file("CC-BY-4.0", "MIT", "")]
    #[case::a_later_version("CC-BY-SA-3.0", "CC-BY-SA-4.0", "")]
    #[case::freed("CC-BY-SA-4.0", "CC0-1.0", "stay under `CC-BY-SA-4.0`, not `CC0-1.0`")]
    #[case::sold("CC-BY-NC-4.0", "CC-BY-4.0", "nothing commercial")]
    #[case::not_sold("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "")]
    #[case::changed("CC-BY-ND-4.0", "CC-BY-4.0", "nobody hand on a changed copy")]
    #[case::unknown("LicenseRef-hospital", "CC-BY-4.0", "does not know")]
    fn a_licence_that_does_not_go_with_the_originals_is_said(
        #[case] original: &str,
        #[case] own: &str,
        #[case] expected: &str,
    ) {
        let case = copy_of(&Case { licence: original.to_owned(), ..fixture::case() }, "copy".to_owned());
        let mut problems = Vec::new();
        check(&Case { licence: own.to_owned(), ..case }, &mut problems);
        let said: String = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), usize::from(!expected.is_empty()), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}
