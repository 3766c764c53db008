//! The patients to choose from. Never tells a diagnosis.

use std::{collections::BTreeMap, sync::Arc};

use ::cases::Case;
use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::{
    frame::{Frame, Place},
    view,
};
use crate::{
    app::{App, AppState},
    store::{EncounterRecord, EncounterState},
    web::{auth::Student, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/cases.html")]
pub(super) struct CasesPage {
    page: Frame,
    filter: Filter,
    selects: Vec<Select>,
    cases: Vec<CaseView>,
    total: usize,
}

/// What the list is narrowed to; empty means all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    q: String,
    system: String,
    complaint: String,
    level: String,
    done: String,
}

struct Select {
    name: &'static str,
    label: String,
    options: Vec<SelectOption>,
}

struct SelectOption {
    value: String,
    label: String,
    chosen: bool,
}

struct CaseView {
    id: String,
    title: String,
    who: String,
    tags: Vec<String>,
    done: u32,
    open: bool,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Query(filter): Query<Filter>,
) -> Result<CasesPage, WebError> {
    let page = page.at(Place::Cases);
    let published = app.catalogue.playable(user.id).await?;
    let encounters = app.store.encounters_of(user.id).await?;
    let own: Vec<String> = app.store.own_patients(user.id).await?.into_iter().map(|case| case.id).collect();
    let total = published.len();
    let selects = selects(&app, &page, &published, &filter);
    let cases = published
        .iter()
        .map(|case| (case, case_view(&app, &page, case, &encounters)))
        .filter(|(case, view)| filter.admits(case, view))
        .map(|(_, mut view)| {
            if own.contains(&view.id) {
                view.tags.insert(0, page.t("own-tag"));
            }
            view
        })
        .collect();
    Ok(CasesPage { page, filter, selects, cases, total })
}

impl Filter {
    fn admits(&self, case: &Case, view: &CaseView) -> bool {
        let chosen = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        let done = if view.done > 0 { "yes" } else { "no" };
        chosen(&self.system, &case.system)
            && chosen(&self.complaint, &case.complaint.to_string())
            && chosen(&self.level, level_name(case))
            && chosen(&self.done, done)
            && self.finds(case, view)
    }

    /// Every word of the search stands in what the list shows, in either language.
    fn finds(&self, case: &Case, view: &CaseView) -> bool {
        let shown =
            [&case.title.en, &case.title.zh, &case.patient.occupation.en, &case.patient.occupation.zh, &view.who]
                .into_iter()
                .chain(&view.tags)
                .map(|text| text.to_lowercase())
                .collect::<Vec<_>>()
                .join(" ");
        self.q.to_lowercase().split_whitespace().all(|word| shown.contains(word))
    }
}

fn level_name(case: &Case) -> &'static str {
    use ::cases::format::Level;
    match case.level {
        Level::Introductory => "introductory",
        Level::Intermediate => "intermediate",
        Level::Advanced => "advanced",
    }
}

fn case_view(app: &App, page: &Frame, case: &Case, encounters: &[EncounterRecord]) -> CaseView {
    let of_this = || encounters.iter().filter(|one| one.case_id == case.id);
    let finished = of_this().filter(|one| matches!(one.state, EncounterState::Finished { .. })).count();
    CaseView {
        id: case.id.clone(),
        title: case.title.get(page.language).to_owned(),
        who: view::who(page, case),
        tags: view::case_tags(page, app.graph, case),
        done: u32::try_from(finished).unwrap_or(u32::MAX),
        open: of_this().any(|one| matches!(one.state, EncounterState::Open)),
    }
}

fn selects(app: &App, page: &Frame, published: &[Arc<Case>], filter: &Filter) -> Vec<Select> {
    let systems = published.iter().map(|case| (case.system.clone(), page.named("system", &case.system)));
    let complaints = published.iter().map(|case| {
        let name = app.graph.topic(&case.complaint).map(|topic| topic.name.get(page.language).to_owned());
        (case.complaint.to_string(), name.unwrap_or_else(|| case.complaint.to_string()))
    });
    let levels =
        ["introductory", "intermediate", "advanced"].map(|level| (level.to_owned(), page.named("level", level)));
    let done = [("yes", page.t("filter-done-yes")), ("no", page.t("filter-done-no"))];
    vec![
        select("system", page.t("filter-system"), by_label(systems), &filter.system),
        select("complaint", page.t("filter-complaint"), by_label(complaints), &filter.complaint),
        select("level", page.t("filter-level"), levels.to_vec(), &filter.level),
        select(
            "done",
            page.t("filter-done"),
            done.map(|(value, label)| (value.to_owned(), label)).to_vec(),
            &filter.done,
        ),
    ]
}

/// Each value once, ordered by what is read.
fn by_label(pairs: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let once: BTreeMap<String, String> = pairs.map(|(value, label)| (label, value)).collect();
    once.into_iter().map(|(label, value)| (value, label)).collect()
}

fn select(name: &'static str, label: String, values: Vec<(String, String)>, chosen: &str) -> Select {
    let options =
        values.into_iter().map(|(value, label)| SelectOption { chosen: value == chosen, value, label }).collect();
    Select { name, label, options }
}
