//! What was measured, as the page about transparency shows it: one file, `measured.toml`.

use std::sync::LazyLock;

use jiff::civil::Date;
use knowledge_graph::Bilingual;
use serde::Deserialize;

/// A measured figure.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What it is of: `marks`, `patients`, `recommendations` or `speed`.
    pub of: Subject,
    /// What was measured.
    pub what: Bilingual,
    /// The figure, as the command printed it.
    pub value: String,
    /// Of how much, and under which conditions.
    pub basis: Bilingual,
    /// When.
    pub date: Date,
    /// What prints it; none when it was measured outside the program.
    pub command: Option<String>,
}

/// What a figure is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// Marks.
    Marks,
    /// Patients.
    Patients,
    /// Recommendations.
    Recommendations,
    /// How fast it is.
    Speed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    figure: Vec<Figure>,
}

/// Every figure, in the order of the file; none when the file inside this program cannot be read, which a
/// test rules out.
pub fn figures() -> &'static [Figure] {
    static FIGURES: LazyLock<Vec<Figure>> = LazyLock::new(|| read().map(|file| file.figure).unwrap_or_default());
    &FIGURES
}

fn read() -> Result<File, toml::de::Error> {
    toml::from_str(include_str!("measured.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_can_be_read_and_a_command_is_one_of_ours() {
        let figures = read().unwrap_or_else(|error| panic!("{error}")).figure;

        assert!(figures.iter().any(|figure| figure.of == Subject::Marks));
        for figure in &figures {
            let prints = |command: &String| command.starts_with("anamnesis ");
            assert!(figure.command.as_ref().is_none_or(prints), "{figure:?}");
            assert!(figure.value.contains(|c: char| c.is_ascii_digit()), "{figure:?}");
        }
        assert_eq!(super::figures(), figures);
    }
}
