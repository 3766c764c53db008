//! The cases shipped in the binary.

use std::sync::OnceLock;

use rust_embed::RustEmbed;

use crate::{
    format::Case,
    parse::parse,
    problem::{Problem, both},
};

#[derive(RustEmbed)]
#[folder = "library/"]
#[include = "*.toml"]
struct Shipped;

static LIBRARY: OnceLock<Result<Vec<Case>, Vec<Problem>>> = OnceLock::new();

/// The shipped cases, by id, read once.
///
/// # Errors
/// Every problem of shape in a shipped file. A build whose tests pass has none.
pub fn library() -> Result<&'static [Case], &'static [Problem]> {
    LIBRARY.get_or_init(read).as_ref().map(Vec::as_slice).map_err(Vec::as_slice)
}

/// The shipped files as (name, text), by name.
pub fn library_files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Shipped::iter()
        .filter_map(|name| {
            let file = Shipped::get(&name)?;
            Some((name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect();
    files.sort();
    files
}

fn read() -> Result<Vec<Case>, Vec<Problem>> {
    let mut cases = Vec::new();
    let mut problems = Vec::new();
    for (name, text) in library_files() {
        match parse(&text, &name) {
            Ok(case) if name == format!("{}.toml", case.id) => cases.push(case),
            Ok(case) => problems.push(Problem {
                file: Some(name),
                ..Problem::error(
                    "id",
                    both(
                        format!("the case `{}` is in a file of another name", case.id),
                        format!("病例 `{}` 的文件名不符", case.id),
                    ),
                    both(format!("Rename the file to `{}.toml`", case.id), format!("请改名为 `{}.toml`", case.id)),
                )
            }),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use knowledge_graph::Graph;

    use super::*;
    use crate::{parse_and_check, to_toml};

    #[test]
    fn every_shipped_case_is_true_to_the_graph_without_a_warning() {
        let graph = Graph::embedded().unwrap_or_else(|problems| panic!("the graph does not load: {}", problems[0]));
        let files = library_files();
        assert!(files.len() >= 6, "six cases are shipped, found {}", files.len());
        let problems: Vec<String> = files
            .iter()
            .flat_map(|(name, text)| match parse_and_check(text, name, graph) {
                Ok((_, warnings)) => warnings,
                Err(problems) => problems,
            })
            .map(|problem| problem.to_string())
            .collect();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn shipped_files_are_in_the_fixed_layout() {
        let cases = library().unwrap_or_else(|problems| panic!("{}", problems[0]));
        for ((name, text), case) in library_files().iter().zip(cases) {
            assert!(*text == to_toml(case), "{name} is not as `anamnesis case format` would write it");
        }
    }
}
