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
        let mend =
            both(format!("Set `format = {FORMAT}` after adapting the file"), format!("请改写后设 `format = {FORMAT}`"));
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::{fixture, to_toml};

    fn problems_after(old: &str, new: &str) -> Vec<String> {
        let text = fixture::text();
        assert!(text.contains(old), "the fixture does not hold {old:?}");
        let problems = parse(&text.replacen(old, new, 1), "a.toml").unwrap_err();
        problems.iter().map(ToString::to_string).collect()
    }

    #[rstest]
    #[case::unknown_key(
        "minutes = ",
        "minuts = ",
        "a.toml:11: minuts: the key `minuts` is not known. Did you mean `minutes`?"
    )]
    #[case::missing_key(
        "minutes = 10\n",
        "",
        "a.toml:1: minutes: the key `minutes` is missing. Add `minutes` (Minutes allowed in an exam)"
    )]
    #[case::wrong_type(
        "minutes = 10",
        "minutes = \"ten\"",
        "a.toml:11: minutes: this is a text, but a whole number is wanted. Write a whole number"
    )]
    #[case::out_of_range(
        "minutes = 10",
        "minutes = -1",
        "a.toml:11: minutes: the number is out of range. Write a whole number from 0 to 65535"
    )]
    #[case::not_a_choice(
        "level = \"introductory\"",
        "level = \"easy\"",
        "a.toml:9: level: `easy` is not a choice here. Write one of `introductory`, `intermediate`, `advanced`"
    )]
    #[case::bad_topic(
        "complaint = \"finding:chest-pain\"",
        "complaint = \"chest pain\"",
        "a.toml:8: complaint: this is not a topic: `chest pain` has no kind; write `finding:chest-pain` or `history:smoking`. Write `kind:name` or `kind:name/facet`, such as `finding:chest-pain/onset`"
    )]
    #[case::bad_id(
        "id = \"chest-pain-li-50\"",
        "id = \"Chest Pain\"",
        "a.toml:2: id: `Chest Pain` is not an id. Use lower-case letters and digits joined by single hyphens, at most 80 characters"
    )]
    #[case::other_format(
        "format = 1",
        "format = 2",
        "a.toml:1: format: this file is written in format 2, but this program reads 1. Set `format = 1` after adapting the file"
    )]
    #[case::not_a_number(
        "weight = 2.0",
        "weight = nan",
        "a.toml:81: rubric[0].weight: this is not a finite number. Write a plain number"
    )]
    fn a_slip_is_named_with_its_line_and_its_mend(#[case] old: &str, #[case] new: &str, #[case] message: &str) {
        let problems = problems_after(old, new);
        assert!(problems.iter().any(|problem| problem == message), "{problems:#?}");
    }

    #[test]
    fn all_slips_are_reported_at_once() {
        let text = fixture::text().replacen("minutes = 10", "minuts = 10", 1).replacen("age = 50", "age = 500", 1);
        let problems = parse(&text, "a.toml").unwrap_err();
        let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["minutes", "minuts", "patient.age"]);
    }

    #[test]
    fn broken_toml_is_named_with_its_line() {
        let problems = problems_after("minutes = 10", "minutes = ");
        assert!(problems[0].starts_with("a.toml:11: this is not valid TOML"), "{problems:#?}");
    }

    #[test]
    fn a_file_too_large_is_refused() {
        assert!(parse(&" ".repeat(MAX_BYTES + 1), "a.toml").is_err());
    }

    proptest! {
        #[test]
        fn mangled_files_never_panic(at in 0usize..4000, cut in 0usize..200, junk in "\\PC{0,12}") {
            let mut chars: Vec<char> = fixture::text().chars().collect();
            let start = at.min(chars.len());
            let end = (start + cut).min(chars.len());
            chars.splice(start..end, junk.chars());
            let text: String = chars.into_iter().collect();
            match parse(&text, "a.toml") {
                Ok(case) => prop_assert_eq!(parse(&to_toml(&case), "b.toml").unwrap(), case),
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
        }

        #[test]
        fn any_text_never_panics(text in "\\PC{0,300}") {
            prop_assert!(parse(&text, "a.toml").is_err());
        }
    }
}
