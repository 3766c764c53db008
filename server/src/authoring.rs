//! A case while it is being written: one form over one [`cases::Case`] that is always of the right
//! shape, though it may lack texts or break rules until [`cases::check()`] finds nothing more.
//!
//! [`field`] lays what was typed over the case, so that whatever the form does not show stays as it
//! was; [`growth`] adds and removes; [`missing`] says what the graph would have expected.
//! Pure: no I/O, clock or dice.

pub mod completeness;
pub mod field;
pub mod growth;
pub mod missing;

use cases::{Case, parse};

/// A case with nothing in it but where a patient stands: every text is empty and the vital signs
/// are those of a healthy adult. Its checks say what is to be written.
///
/// # Errors
/// Never, unless the template that this program carries is broken; then the reason.
pub fn blank(id: &str, author: &str) -> Result<Case, String> {
    let mut case = parse(include_str!("authoring/blank.toml"), "blank.toml")
        .map_err(|problems| problems.first().map(ToString::to_string).unwrap_or_default())?;
    id.clone_into(&mut case.id);
    author.clone_into(&mut case.author);
    Ok(case)
}
