//! Text to case, with every problem named.

use toml::de::DeTable;

use crate::{
    format::{Case, FORMAT},
    lines::LineStarts,
    problem::{Problem, both},
    schema::schema,
    shape::ShapeChecker,
};

/// Largest case file that is read, in bytes; a real one is about 40 kB.
pub const MAX_BYTES: usize = 1 << 20;

/// Reads a case. `file_name` is repeated in the problems.
///
/// # Errors
/// All problems of syntax and shape found, in the order of the file: syntax errors, unknown and
/// missing keys, wrong types, values that are not a choice, malformed ids and topics.
pub fn parse(text: &str, file_name: &str) -> Result<Case, Vec<Problem>> {
    read(text).map_err(|found| in_file(found, text, file_name))
}

fn read(text: &str) -> Result<Case, Vec<(usize, Problem)>> {
    if text.len() > MAX_BYTES {
        let message = both("the file is larger than 1 MiB", "文件超过 1 MiB");
        let mend = both("A case is a few dozen kilobytes; is this the right file?", "病例通常只有几十 KB，请确认文件");
        return Err(vec![(0, Problem::error("", message, mend))]);
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors.iter().map(syntax_problem).collect());
    }
    let schema = schema();
    let problems = ShapeChecker::problems(&schema, &document);
    if !problems.is_empty() {
        return Err(problems);
    }
    let case: Case = toml::from_str(text).map_err(|error| vec![syntax_problem(&error)])?;
    if case.format != FORMAT {
        let message = both(
            format!("this file is written in format {}, but this program reads {FORMAT}", case.format),
            format!("文件格式版本为 {}，本程序读取版本 {FORMAT}", case.format),
        );
        let mend = both(format!("Set `format = {FORMAT}` after adapting the file"), format!("请改写后设 `format = {FORMAT}`"));
        return Err(vec![(0, Problem::error("format", message, mend))]);
    }
    Ok(case)
}

fn syntax_problem(error: &toml::de::Error) -> (usize, Problem) {
    let reason = error.message().replace('\n', "; ");
    let message = both(format!("this is not valid TOML: {reason}"), format!("TOML 语法错误：{reason}"));
    let mend = both(
        "Check quotes, brackets and commas on this line and the one before",
        "请检查本行和上一行的引号、括号与逗号",
    );
    (error.span().map_or(0, |span| span.start), Problem::error("", message, mend))
}

fn in_file(mut found: Vec<(usize, Problem)>, text: &str, file_name: &str) -> Vec<Problem> {
    let starts = LineStarts::of(text);
    found.sort_by_key(|(offset, _)| *offset);
    found
        .into_iter()
        .map(|(offset, problem)| Problem {
            file: Some(file_name.to_owned()),
            line: Some(starts.line(offset)),
            ..problem
        })
        .collect()
}
