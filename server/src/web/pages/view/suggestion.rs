//! The next patient and the reason for it, in words.

use std::collections::HashMap;

use ::cases::{Case, format::Level};
use knowledge_graph::Graph;

use super::{super::frame::Frame, case_tags};
use crate::{
    app::App,
    learner::{Recommendation, recommend},
    learning::Known,
    store::{EncounterRecord, EncounterState},
    web::error::WebError,
};

/// A suggested case.
pub(in super::super) struct Suggestion {
    pub(in super::super) id: String,
    pub(in super::super) title: String,
    pub(in super::super) tags: Vec<String>,
    pub(in super::super) reason: String,
}

/// How often each case was finished.
pub(in super::super) fn finished_by_case(encounters: &[EncounterRecord]) -> HashMap<&str, u32> {
    let mut finished = HashMap::new();
    for encounter in encounters.iter().filter(|one| matches!(one.state, EncounterState::Finished { .. })) {
        *finished.entry(encounter.case_id.as_str()).or_default() += 1;
    }
    finished
}

/// What to play next: the easiest to begin with, then what the learner leaves out most.
pub(in super::super) async fn suggest(
    app: &App,
    page: &Frame,
    encounters: &[EncounterRecord],
    known: &Known,
) -> Result<Option<Suggestion>, WebError> {
    let published = app.catalogue.published().await?;
    if finished_by_case(encounters).is_empty() {
        let first = published.iter().min_by_key(|case| (case.level, &case.id));
        return Ok(first.map(|case| suggestion(page, app.graph, case, first_reason(page, case.level))));
    }
    let candidates = app.catalogue.candidates(encounters).await?;
    let Some(next) = recommend(&mut known.standing(), &candidates, 1).pop() else { return Ok(None) };
    let case = published.iter().find(|case| case.id == next.case_id);
    Ok(case.map(|case| suggestion(page, app.graph, case, reason(page, app.graph, &next))))
}

fn first_reason(page: &Frame, level: Level) -> String {
    match level {
        Level::Introductory => page.t("suggest-first"),
        Level::Intermediate | Level::Advanced => page.t("suggest-new"),
    }
}

fn reason(page: &Frame, graph: &Graph, next: &Recommendation) -> String {
    let topics: Vec<String> = next
        .practises
        .iter()
        .filter_map(|topic| graph.topic(topic))
        .map(|topic| topic.name.get(page.language).to_owned())
        .collect();
    match (topics.is_empty(), next.new) {
        (false, _) => page.say("suggest-weak").with("topics", topics.join(" · ")).to_string(),
        (true, true) => page.t("suggest-new"),
        (true, false) => page.t("suggest-again"),
    }
}

fn suggestion(page: &Frame, graph: &Graph, case: &Case, reason: String) -> Suggestion {
    Suggestion {
        id: case.id.clone(),
        title: case.title.get(page.language).to_owned(),
        tags: case_tags(page, graph, case),
        reason,
    }
}
