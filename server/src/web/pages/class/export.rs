//! What a class did, as tables for spreadsheets, with columns in the teacher's language.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use knowledge_graph::Section;
use serde::Deserialize;
use uuid::Uuid;

use super::{bar::Bar, critical_missed, items, mean, topic_name};
use crate::{
    app::{App, AppState},
    classroom,
    cohort::{Cohort, ItemStatistics, Share, Verdict, by_section, by_student_and_section, by_topic, item_statistics},
    store::{Mode, ResultRecord, User},
    web::{
        auth::Teacher,
        error::WebError,
        pages::{frame::Frame, view, zone::Zone},
        spreadsheet::{Cell, Table},
    },
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Which {
    group: String,
}

/// `/class/export/students.csv` and so on.
pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    zone: Zone,
    Path(file): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, WebError> {
    let (what, ending) = file.rsplit_once('.').ok_or_else(WebError::not_found)?;
    let (_, scope) = Bar::of(&app, &page, &user, &which.group).await?;
    let cohort = classroom::cohort(&app.store, &app.catalogue, scope, None).await?;
    let accounts = app.store.students(scope).await?;
    let table = match what {
        "students" => students(&page, &cohort, &accounts),
        "consultations" => {
            let modes = app.store.results(scope, None).await?;
            consultations(&app, &page, (&cohort, &accounts, modes), &zone).await?
        }
        "topics" => topics(&app, &page, &cohort),
        "items" => statistics(&app, &page, &cohort).await?,
        _ => return Err(WebError::not_found()),
    };
    app.store.record(Some(user.id), "class-exported", &format!("table:{file}"), app.clock.now()).await?;
    table.download(ending)
}

fn columns(page: &Frame, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| page.t(key)).collect()
}

/// To a tenth of a percent.
fn percent(share: f64) -> Cell {
    Cell::Number((1000.0 * share).round() / 10.0)
}

fn students(page: &Frame, cohort: &Cohort, accounts: &[User]) -> Table {
    let sections: Vec<Section> = by_section(cohort).into_keys().collect();
    let mut names = columns(page, &["export-student", "export-login", "export-finished", "export-mean"]);
    for section in &sections {
        let name = page.named("section", section.as_str());
        names.push(page.say("export-section-missed").with("section", name).to_string());
    }
    let shares = by_student_and_section(cohort);
    let mut finished = vec![0_u32; accounts.len()];
    let mut percents: Vec<Vec<f64>> = vec![Vec::new(); accounts.len()];
    for marked in &cohort.marked {
        finished[marked.student] += 1;
    }
    for marked in cohort.marked.iter().filter(|marked| marked.is_whole) {
        percents[marked.student].push(marked.percent);
    }
    let row = |place: usize, account: &User| {
        let score = mean(&percents[place]).map_or(Cell::Empty, |mean| percent(mean / 100.0));
        let mut row: Vec<Cell> =
            vec![account.name.as_str().into(), account.login.as_str().into(), finished[place].into(), score];
        row.extend(
            sections
                .iter()
                .map(|section| shares[place].get(section).map_or(Cell::Empty, |share| percent(share.value()))),
        );
        row
    };
    let rows = accounts.iter().enumerate().map(|(place, account)| row(place, account)).collect();
    Table { file: "students".to_owned(), columns: names, rows }
}

async fn consultations(
    app: &App,
    page: &Frame,
    (cohort, accounts, results): (&Cohort, &[User], Vec<ResultRecord>),
    zone: &Zone,
) -> Result<Table, WebError> {
    let modes: HashMap<Uuid, Mode> = results.into_iter().map(|result| (result.encounter, result.mode)).collect();
    let mut rows = Vec::with_capacity(cohort.marked.len());
    for marked in &cohort.marked {
        let sheet = &cohort.sheets[marked.sheet];
        let case = app.catalogue.case(&sheet.case, sheet.version).await?;
        let title = case.map_or_else(|| sheet.case.clone(), |case| case.title.get(page.language).to_owned());
        let count = |wanted: Verdict| {
            u32::try_from(cohort.items(marked).filter(|(_, verdict)| *verdict == wanted).count()).unwrap_or(u32::MAX)
        };
        let mode = modes.get(&marked.encounter).copied().unwrap_or(Mode::Practice);
        let mode = view::mode(page, mode);
        rows.push(vec![
            accounts[marked.student].name.as_str().into(),
            accounts[marked.student].login.as_str().into(),
            title.into(),
            mode.into(),
            Cell::Moment(zone.civil(marked.started)),
            Cell::Moment(zone.civil(marked.ended)),
            percent(marked.percent / 100.0),
            count(Verdict::Asked).into(),
            count(Verdict::Missed).into(),
            count(Verdict::WithExaminer).into(),
            u32::try_from(critical_missed(cohort, marked)).unwrap_or(u32::MAX).into(),
        ]);
    }
    let names = columns(
        page,
        &[
            "export-student",
            "export-login",
            "export-case",
            "export-mode",
            "export-began",
            "export-ended",
            "export-score",
            "export-asked",
            "export-missed",
            "export-examiner",
            "export-critical",
        ],
    );
    Ok(Table { file: "consultations".to_owned(), columns: names, rows })
}

fn topics(app: &App, page: &Frame, cohort: &Cohort) -> Table {
    let tallies = by_topic(cohort, |_| true);
    let judged = cohort.topics.iter().zip(tallies).filter(|(_, tally)| tally.missed.of > 0);
    let row = |(topic, tally): (&knowledge_graph::TopicId, crate::cohort::Tally)| {
        let Share { count, of } = tally.missed;
        let (low, high) = tally.missed.interval();
        vec![
            topic_name(app, page, topic).into(),
            topic.to_string().into(),
            of.into(),
            count.into(),
            percent(tally.missed.value()),
            percent(low),
            percent(high),
            tally.students.into(),
        ]
    };
    let names = [
        "export-topic",
        "export-topic-id",
        "export-judged",
        "export-missed",
        "export-share",
        "export-low",
        "export-high",
        "export-students-judged",
    ];
    Table { file: "topics".to_owned(), columns: columns(page, &names), rows: judged.map(row).collect() }
}

async fn statistics(app: &App, page: &Frame, cohort: &Cohort) -> Result<Table, WebError> {
    let found = item_statistics(cohort);
    let shown = items::item_views(app, page, &found).await?;
    let row = |(one, shown): (&ItemStatistics, items::ItemView)| {
        vec![
            shown.case.into(),
            shown.text.into(),
            one.asked.of.into(),
            percent(one.asked.value()),
            one.discrimination.map_or(Cell::Empty, |value| Cell::Number((100.0 * value).round() / 100.0)),
            percent(one.with_examiner.value()),
            shown.oddities.join("; ").into(),
        ]
    };
    let rows = found.iter().zip(shown).map(row).collect();
    let names = [
        "export-case",
        "export-item",
        "export-judged",
        "export-asked-share",
        "export-discrimination",
        "export-examiner-share",
        "export-odd",
    ];
    Ok(Table { file: "items".to_owned(), columns: columns(page, &names), rows })
}
