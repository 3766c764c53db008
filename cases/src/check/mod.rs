//! What a case must be beyond its shape: true to the graph, complete, in both languages, possible
//! in a body, and silent about its diagnosis.

mod coverage;
mod ids;
mod leaks;
pub(crate) mod plausibility;
mod provenance;
mod references;
#[cfg(test)]
mod tests;
mod text_list;
mod texts;

use knowledge_graph::Graph;

use crate::{
    format::Case,
    lines::Lines,
    parse::parse,
    problem::{Problem, Severity},
    standing::review,
};

pub use plausibility::only_sex;
pub(crate) use references::AUTHOR;

/// Everything wrong with what a case says; empty when it may be published. Errors come first, each
/// group in the order of the checks.
pub fn check(case: &Case, graph: &Graph) -> Vec<Problem> {
    let mut problems = Vec::new();
    ids::check(case, &mut problems);
    references::check(case, graph, &mut problems);
    texts::check(case, &mut problems);
    leaks::check(case, graph, &mut problems);
    coverage::check(case, graph, &mut problems);
    plausibility::check(case, graph, &mut problems);
    provenance::check(case, &mut problems);
    problems.sort_by_key(|problem| problem.severity);
    problems
}

/// Reads and checks a file; every problem has the file's name and its line.
///
/// # Errors
/// All problems, when at least one is an error. Otherwise the case comes with its warnings.
pub fn parse_and_check(text: &str, file_name: &str, graph: &Graph) -> Result<(Case, Vec<Problem>), Vec<Problem>> {
    let case = parse(text, file_name)?;
    let lines = Lines::of(text);
    let mut problems = review(&case, graph);
    for problem in &mut problems {
        problem.file = Some(file_name.to_owned());
        problem.line = lines.line(&problem.path).or(Some(1));
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        Err(problems)
    } else {
        Ok((case, problems))
    }
}
