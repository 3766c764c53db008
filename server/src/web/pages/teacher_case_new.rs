//! Bringing in a case: a file or pasted text, checked before anything is stored.

use ::cases::Problem;
use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::frame::{Frame, Place};
use crate::{
    app::AppState,
    catalogue::CatalogueError,
    store::StoreError,
    web::{auth::Teacher, error::WebError},
};

/// Lines shown before and after a problem.
const AROUND: usize = 2;

#[derive(Template, WebTemplate)]
#[template(path = "pages/teacher_case_new.html")]
pub(super) struct TeacherCaseNew {
    page: Frame,
    problems: Vec<ProblemView>,
    /// The lines around each problem.
    lines: Vec<LineView>,
    text: String,
}

/// Something to mend in a file.
pub(super) struct ProblemView {
    /// From 1; 0 when the problem is not in one line.
    pub(super) line: usize,
    pub(super) message: String,
}

impl ProblemView {
    /// A problem of the whole file.
    pub(super) fn whole(message: String) -> Self {
        Self { line: 0, message }
    }
}

struct LineView {
    number: usize,
    text: String,
    problem: bool,
}

pub(super) async fn get(Teacher(_): Teacher, page: Frame) -> TeacherCaseNew {
    TeacherCaseNew { page: page.at(Place::Manage), problems: Vec::new(), lines: Vec::new(), text: String::new() }
}

/// Checks the case and stores it as a draft, or says what to mend and gives the text back.
pub(super) async fn post(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    form: Multipart,
) -> Result<Response, WebError> {
    let page = page.at(Place::Manage);
    let text = match read(form).await? {
        Ok(text) => text,
        Err(key) => {
            let said = page.t(key);
            return Ok(refuse(page, vec![ProblemView { line: 0, message: said }], String::new()));
        }
    };
    match app.catalogue.bring_in(&text, app.graph, user.id, app.clock.now()).await {
        Ok((case, _)) => {
            Ok(Redirect::to(&format!("/manage/cases/{}/{}?done=saved", case.id, case.version)).into_response())
        }
        Err(CatalogueError::Invalid(problems)) => {
            let views = problems.iter().map(|problem| problem_view(&page, problem)).collect();
            Ok(refuse(page, views, text))
        }
        Err(CatalogueError::Store(StoreError::CaseVersionTaken { id, version })) => {
            let message = page.say("manage-version-taken").with("id", id).with("version", version).to_string();
            let line = text.lines().position(|line| line.trim_start().starts_with("version")).map_or(0, |at| at + 1);
            Ok(refuse(page, vec![ProblemView { line, message }], text))
        }
        Err(error) => Err(error.into()),
    }
}

/// The chosen file, else the pasted text; or the key of what is wrong with it.
pub(super) async fn read(mut form: Multipart) -> Result<Result<String, &'static str>, WebError> {
    let mut pasted = String::new();
    while let Some(field) = form.next_field().await.map_err(|error| WebError::malformed(error.body_text()))? {
        let named = field.name().unwrap_or_default().to_owned();
        let bytes = match field.bytes().await {
            Ok(bytes) => bytes,
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Ok(Err("manage-too-large")),
            Err(error) => return Err(WebError::malformed(error.body_text())),
        };
        if bytes.is_empty() {
            continue;
        }
        let Ok(text) = String::from_utf8(bytes.to_vec()) else { return Ok(Err("manage-not-text")) };
        match named.as_str() {
            "file" => return Ok(Ok(text)),
            "text" => pasted = text.replace("\r\n", "\n"),
            _ => {}
        }
    }
    if pasted.trim().is_empty() { Ok(Err("manage-nothing")) } else { Ok(Ok(pasted)) }
}

pub(super) fn problem_view(page: &Frame, problem: &Problem) -> ProblemView {
    let place = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
    let stop = if page.is_english() { ". " } else { "。" };
    let message = format!("{place}{}{stop}{}", problem.message.get(page.language), problem.mend.get(page.language));
    ProblemView { line: problem.line.unwrap_or(0), message }
}

fn refuse(page: Frame, problems: Vec<ProblemView>, text: String) -> Response {
    let lines = lines_around(&text, &problems);
    (StatusCode::UNPROCESSABLE_ENTITY, TeacherCaseNew { page, problems, lines, text }).into_response()
}

fn lines_around(text: &str, problems: &[ProblemView]) -> Vec<LineView> {
    let near =
        |number: usize| problems.iter().any(|problem| problem.line > 0 && problem.line.abs_diff(number) <= AROUND);
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(number, _)| near(*number))
        .map(|(number, line)| LineView {
            number,
            text: line.to_owned(),
            problem: problems.iter().any(|problem| problem.line == number),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_with_the_lines_around_it() {
        let text = (1..=20).map(|number| format!("line {number}")).collect::<Vec<_>>().join("\n");
        let problem = ProblemView { line: 10, message: String::new() };

        let shown = lines_around(&text, &[problem]);

        let numbers: Vec<usize> = shown.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [8, 9, 10, 11, 12]);
        assert_eq!(shown.iter().filter(|line| line.problem).map(|line| line.number).collect::<Vec<_>>(), [10]);
    }
}
