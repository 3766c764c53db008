//! The plan towards an exam: what to do in each week that is left.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use knowledge_graph::Language;
use serde::Deserialize;

use super::{
    super::frame::{Frame, Notice, Place},
    Path, path_of,
};
use crate::{
    app::{App, AppState},
    learner::{Need, Purpose, Week, plan},
    store::{StudyPlan, User},
    web::{auth::Student, error::WebError},
};

/// Patients a week, unless said otherwise.
const USUAL: u32 = 4;
const MOST: u32 = 50;

#[derive(Template, WebTemplate)]
#[template(path = "pages/plan.html")]
pub(super) struct Plan {
    page: Frame,
    error: Option<String>,
    /// As typed or as kept.
    exam: String,
    per_week: String,
    today: String,
    /// Whether a plan was ever made, so that there is something to undo.
    made: bool,
    /// Days to the exam, when one is set and not over.
    days: Option<i64>,
    over: bool,
    weeks: Vec<WeekView>,
}

struct WeekView {
    name: String,
    span: String,
    now: bool,
    consultations: String,
    reviews: String,
    areas: Vec<AreaView>,
    rehearsal: bool,
}

struct AreaView {
    name: String,
    href: String,
}

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Wanted {
    exam: String,
    per_week: String,
}

/// What was just done.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Done {
    done: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Query(done): Query<Done>,
) -> Result<Plan, WebError> {
    let mut page = page.at(Place::Progress);
    page.notice = match done.done.as_str() {
        "made" => Some(Notice::good(page.t("plan-made"))),
        "undone" => Some(Notice::good(page.t("plan-undone"))),
        _ => None,
    };
    let kept = app.store.study_plan(user.id).await?;
    let (exam, per_week) = kept.map_or((None, USUAL), |plan| (plan.exam, plan.per_week));
    show(&app, &user, page, (kept.is_some(), exam, per_week)).await
}

async fn show(
    app: &App,
    user: &User,
    page: Frame,
    (made, exam, per_week): (bool, Option<Date>, u32),
) -> Result<Plan, WebError> {
    let path = path_of(app, user).await?;
    let today = day(path.known.now);
    let weeks = exam.map_or_else(Vec::new, |exam| plan(today, exam, per_week, &needs(&path), &due(&path)));
    let days = exam.map(|exam| i64::from((exam - today).get_days())).filter(|days| *days > 0);
    Ok(Plan {
        error: None,
        exam: exam.map(|exam| exam.to_string()).unwrap_or_default(),
        per_week: per_week.to_string(),
        today: today.to_string(),
        made,
        over: exam.is_some() && days.is_none(),
        days,
        weeks: weeks.iter().enumerate().map(|(at, week)| week_view(&page, at, week)).collect(),
        page,
    })
}

/// The day in the time zone of the machine.
fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::system()).date()
}

/// What is lacking anywhere on the map, seen or not.
fn needs(path: &Path) -> Vec<Need> {
    let need = |cell: &crate::learner::Cell| Need {
        system: cell.system.clone(),
        section: cell.section,
        lacking: cell.lacking,
    };
    path.picture.map.cells.iter().map(need).collect()
}

fn due(path: &Path) -> Vec<Date> {
    path.picture.reviews.iter().map(|review| day(review.due)).collect()
}

fn week_view(page: &Frame, at: usize, week: &Week) -> WeekView {
    let area = |(system, section): &(String, knowledge_graph::Section)| AreaView {
        name: format!("{} × {}", page.named("system", system), page.named("section", section.as_str())),
        href: format!("/weak?system={system}&section={section}#practise"),
    };
    WeekView {
        name: page.say("plan-week").with("n", at + 1).to_string(),
        span: format!("{} – {}", short(page.language, week.start), short(page.language, week.end)),
        now: at == 0,
        consultations: page.say("plan-patients").with("n", week.consultations).to_string(),
        reviews: page.say("plan-reviews").with("n", week.reviews).to_string(),
        areas: week.areas.iter().map(area).collect(),
        rehearsal: week.purpose == Purpose::Rehearse,
    }
}

fn short(language: Language, day: Date) -> String {
    match language {
        Language::En => day.strftime("%-d %b").to_string(),
        Language::Zh => day.strftime("%-m月%-d日").to_string(),
    }
}

/// Makes the plan; an empty day gives it up.
pub(super) async fn post(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Form(wanted): Form<Wanted>,
) -> Result<Response, WebError> {
    match read(&wanted, day(app.clock.now())) {
        Ok(plan) => {
            app.store.make_study_plan(user.id, plan, app.clock.now()).await?;
            Ok(Redirect::to("/plan?done=made").into_response())
        }
        Err(key) => {
            let page = page.at(Place::Progress);
            let error = page.t(key);
            let made = app.store.study_plan(user.id).await?.is_some();
            let refused = show(&app, &user, page, (made, None, USUAL)).await?;
            let refused = Plan { error: Some(error), exam: wanted.exam, per_week: wanted.per_week, ..refused };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, refused).into_response())
        }
    }
}

/// The plan, or the key of what is wrong.
fn read(wanted: &Wanted, today: Date) -> Result<StudyPlan, &'static str> {
    let per_week =
        wanted.per_week.trim().parse().ok().filter(|n| (1..=MOST).contains(n)).ok_or("plan-per-week-wrong")?;
    if wanted.exam.trim().is_empty() {
        return Ok(StudyPlan { exam: None, per_week });
    }
    let exam: Date = wanted.exam.trim().parse().map_err(|_| "plan-day-wrong")?;
    if exam <= today { Err("plan-day-past") } else { Ok(StudyPlan { exam: Some(exam), per_week }) }
}

/// The plan before comes back.
pub(super) async fn undo(State(app): State<AppState>, Student(user): Student) -> Result<Redirect, WebError> {
    app.store.undo_study_plan(user.id).await?;
    Ok(Redirect::to("/plan?done=undone"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_plan_needs_a_day_to_come_and_a_number_that_can_be_done() {
        let told = |exam: &str, per_week: &str| {
            read(&Wanted { exam: exam.into(), per_week: per_week.into() }, date(2026, 11, 1))
        };
        assert_eq!(told("2026-12-24", "3"), Ok(StudyPlan { exam: Some(date(2026, 12, 24)), per_week: 3 }));
        assert_eq!(told("", "3"), Ok(StudyPlan { exam: None, per_week: 3 }));
        assert_eq!(told("2026-11-01", "3"), Err("plan-day-past"));
        assert_eq!(told("Christmas", "3"), Err("plan-day-wrong"));
        for wrong in ["0", "51", "", "many"] {
            assert_eq!(told("2026-12-24", wrong), Err("plan-per-week-wrong"), "{wrong}");
        }
    }
}
