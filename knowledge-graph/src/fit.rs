//! How well a name fits what is searched for.

use serde::Serialize;

use crate::normalise;

/// How well a text fits; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum Fit {
    Whole,
    Start,
    Within,
}

/// The best fit among names; `wanted` is normalised.
pub(crate) fn best_fit<'a>(names: impl Iterator<Item = &'a str>, wanted: &str) -> Option<Fit> {
    names.filter_map(|name| fit(&normalise(name), wanted)).min()
}

fn fit(name: &str, wanted: &str) -> Option<Fit> {
    if name == wanted {
        Some(Fit::Whole)
    } else if name.starts_with(wanted) {
        Some(Fit::Start)
    } else {
        name.contains(wanted).then_some(Fit::Within)
    }
}
