//! Text to scheme, with every problem named.

use std::fmt::Write as _;

use cases::{Lines, Problem};
use knowledge_graph::Bilingual;
use sha2::{Digest, Sha256};

use super::{Scheme, check::check};

/// Largest scheme file that is read, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// Reads and checks a scheme. `file_name` is repeated in the problems.
///
/// # Errors
/// Every problem with its file, line, place and mend: the first one of syntax or shape, else all of
/// meaning.
pub fn parse(text: &str, file_name: &str) -> Result<Scheme, Vec<Problem>> {
    let placed = |mut problem: Problem, line: Option<usize>| {
        problem.file = Some(file_name.to_owned());
        problem.line = line;
        problem
    };
    if text.len() > MAX_BYTES {
        let message = both("the file is larger than 256 KiB", "文件超过 256 KiB");
        let mend = both("A scheme is a few kilobytes; is this the right file?", "评分方案通常只有几 KB，请确认文件");
        return Err(vec![placed(Problem::error("", message, mend), None)]);
    }
    let scheme: Scheme = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        vec![placed(shape_problem(error.message()), line)]
    })?;
    let problems = check(&scheme);
    if problems.is_empty() {
        return Ok(scheme);
    }
    let lines = Lines::of(text);
    Err(problems
        .into_iter()
        .map(|problem| {
            let line = lines.line(&problem.path).or(Some(1));
            placed(problem, line)
        })
        .collect())
}

/// SHA-256 of the file's text in lower-case hex: what a report names.
pub fn content_hash(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

pub(super) fn both(en: impl Into<String>, zh: impl Into<String>) -> Bilingual {
    Bilingual { en: en.into(), zh: zh.into() }
}

fn shape_problem(reason: &str) -> Problem {
    let reason = reason.trim().replace('\n', "; ");
    let message = both(format!("this is no scheme: {reason}"), format!("不是有效的评分方案：{reason}"));
    let mend = if reason.contains("unknown field") {
        both("Remove the key, or correct its spelling", "请删除该键或更正拼写")
    } else if reason.contains("missing field") {
        both("Add the key that is named; the example scheme has all of them", "请补上所缺的键，可参照示例方案")
    } else if reason.contains("unknown variant") {
        both("Choose one of the values that are listed", "请从所列的值中选择")
    } else {
        both(
            "Check quotes, brackets and numbers on this line and the one before",
            "请检查本行和上一行的引号、括号与数字",
        )
    };
    Problem::error("", message, mend)
}
