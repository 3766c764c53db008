//! For an exam office: how far machine and examiners agree, and old marks graded again.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Query, State},
    response::Redirect,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    frame::{Frame, Notice, Place},
    view,
};
use crate::{
    app::{App, AppState},
    assessment::{Comparison, Report, Verdict, agreement::Agreement, compared},
    classroom,
    moderation::{agreement, case_and_item, grade_again},
    store::{ClassEncounter, EncounterState, Mode, Page, User},
    web::{auth::Teacher, error::WebError},
};

/// Latest consultations that the page looks at: grading them again takes seconds each at most.
const LATEST: u32 = 50;
/// Items listed.
const MOST_ITEMS: usize = 30;

#[derive(Template, WebTemplate)]
#[template(path = "pages/marks.html")]
pub(super) struct Marks {
    page: Frame,
    examiners: Vec<ExaminerView>,
    items: Vec<ItemView>,
    matcher: String,
    consultations: Vec<GradedView>,
}

struct ExaminerView {
    name: String,
    items: usize,
    alike: String,
    kappa: String,
    ac1: String,
}

struct ItemView {
    case: String,
    item: String,
    times: usize,
    alike: String,
}

struct GradedView {
    id: Uuid,
    student: String,
    title: String,
    when: String,
    given: String,
    by: String,
    /// The mark graded again, once it was.
    again: Option<String>,
    differs: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    again: Option<u32>,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Query(done): Query<Done>,
) -> Result<Marks, WebError> {
    let mut page = page.at(Place::Class);
    if let Some(n) = done.again {
        page.notice = Some(Notice::good(page.say("marks-done").with("n", n).to_string()));
    }
    let found = agreement(&app.store).await?;
    let mut consultations = Vec::new();
    for one in finished(&app, &user).await? {
        consultations.push(graded_view(&app, &page, &one).await?);
    }
    Ok(Marks {
        examiners: examiners(&found),
        items: items(&app, &page, &found).await?,
        matcher: app.grader.stamp().matcher,
        consultations,
        page,
    })
}

/// Grades the latest consultations again and keeps the new reports beside the old ones.
pub(super) async fn post(State(app): State<AppState>, Teacher(user): Teacher) -> Result<Redirect, WebError> {
    let consultations = finished(&app, &user).await?;
    for ClassEncounter { encounter, .. } in &consultations {
        let case = view::case_of(&app, encounter).await?;
        let (report, _) = grade_again(&app.store, &app.grader, encounter, &case).await?;
        let report = serde_json::to_value(&report).map_err(|error| WebError::internal(&error))?;
        app.store.keep_regrading(encounter.id, report, Some(user.id), app.clock.now()).await?;
    }
    Ok(Redirect::to(&format!("/class/marks?again={}#again", consultations.len())))
}

async fn finished(app: &App, user: &User) -> Result<Vec<ClassEncounter>, WebError> {
    let scope = classroom::widest_scope(&app.store, user).await?;
    let latest = app.store.encounters_in(scope, Page { offset: 0, limit: LATEST }).await?;
    let counts = |one: &ClassEncounter| {
        let finished = matches!(one.encounter.state, EncounterState::Finished { .. });
        // A self-test is the learner's own affair: no mark of an exam office.
        finished && one.encounter.mode != Mode::SelfTest
    };
    Ok(latest.into_iter().filter(counts).collect())
}

fn examiners(found: &Agreement) -> Vec<ExaminerView> {
    let machine_with = found.pairs.iter().filter(|pair| pair.raters[0] == found.raters[0] && pair.items > 0);
    machine_with
        .map(|pair| ExaminerView {
            name: pair.raters[1].clone(),
            items: pair.items,
            alike: percent(pair.observed),
            kappa: match (pair.kappa, pair.kappa_interval) {
                (Some(kappa), Some([low, high])) => format!("{kappa:.2} ({low:.2}–{high:.2})"),
                _ => "–".to_owned(),
            },
            ac1: pair.ac1.map_or_else(|| "–".to_owned(), |ac1| format!("{ac1:.2}")),
        })
        .collect()
}

async fn items(app: &App, page: &Frame, found: &Agreement) -> Result<Vec<ItemView>, WebError> {
    let mut views = Vec::new();
    for one in found.items.iter().take(MOST_ITEMS) {
        let Some((case, id)) = case_and_item(&one.item) else { continue };
        let record = app.store.latest_case(case).await?;
        let parsed = match &record {
            Some(record) => Some(app.catalogue.parsed(record)?),
            None => None,
        };
        let text = parsed.as_ref().and_then(|case| case.rubric.iter().find(|item| item.id == id));
        views.push(ItemView {
            case: parsed.as_ref().map_or_else(|| case.to_owned(), |case| case.title.get(page.language).to_owned()),
            item: text.map_or_else(|| id.to_owned(), |item| item.text.get(page.language).to_owned()),
            times: one.transcripts,
            alike: percent(Some(one.observed)),
        });
    }
    Ok(views)
}

async fn graded_view(app: &App, page: &Frame, one: &ClassEncounter) -> Result<GradedView, WebError> {
    let ClassEncounter { encounter, student_name, .. } = one;
    let case = view::case_of(app, encounter).await?;
    let given = view::report_of(encounter);
    let again: Option<Report> = match app.store.latest_regrading(encounter.id).await? {
        Some(record) => serde_json::from_value(record.report).ok(),
        None => None,
    };
    let found = given.as_ref().zip(again.as_ref()).map(|(given, again)| compared(given, again));
    let text = |id: &str| {
        let item = case.rubric.iter().find(|item| item.id == id);
        item.map_or_else(|| id.to_owned(), |item| item.text.get(page.language).to_owned())
    };
    Ok(GradedView {
        id: encounter.id,
        student: student_name.clone(),
        title: case.title.get(page.language).to_owned(),
        when: page.moment(encounter.started),
        given: given.as_ref().map_or_else(|| "–".to_owned(), shown_percent),
        by: given.map_or_else(String::new, |report| report.engine.matcher),
        again: again.as_ref().map(shown_percent),
        differs: found.map_or_else(Vec::new, |found| changes(page, &found, &text)),
    })
}

fn changes(page: &Frame, found: &Comparison, text: &dyn Fn(&str) -> String) -> Vec<String> {
    let change = |one: &crate::assessment::Difference| {
        let said = page.say("marks-change").with("item", text(&one.item));
        said.with("was", in_words(page, one.was)).with("is", in_words(page, one.is)).to_string()
    };
    found.items.iter().map(change).collect()
}

fn in_words(page: &Frame, verdict: Option<Verdict>) -> String {
    page.t(match verdict {
        None => "marks-mark-none",
        Some(verdict) if verdict.needs_review => "marks-mark-review",
        Some(verdict) if verdict.asked => "marks-mark-asked",
        Some(_) => "marks-mark-missed",
    })
}

fn shown_percent(report: &Report) -> String {
    format!("{}%", view::whole_percent(report.score.percent))
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{}%", view::whole_percent(100.0 * share)))
}
