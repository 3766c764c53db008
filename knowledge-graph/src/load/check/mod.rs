//! Checks over the whole content. Each finds every problem, not only the first.

mod names;
mod numbers;
mod provenance;
mod references;
mod structure;

use super::content::{Content, Ids};
use crate::problem::Problems;

/// Notes all that is wrong with `content`.
pub(crate) fn check(content: &Content, problems: &mut Problems) {
    let ids = Ids::of(content);
    names::check(content, problems);
    references::check(content, &ids, problems);
    provenance::check(content, &ids, problems);
    numbers::check(content, problems);
    structure::check(content, problems);
}
