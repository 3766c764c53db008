//! Before going in: the door note, mode and language.

use std::sync::Arc;

use ::cases::Case;
use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Redirect,
};
use knowledge_graph::{Language, Section};
use serde::Deserialize;

use super::{
    frame::{Frame, Place, lang_tag},
    view::{self, PatientView},
};
use crate::{
    app::AppState,
    encounter::sections,
    store::{EncounterState, Mode, NewEncounter},
    web::{auth::Student, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/case_start.html")]
pub(super) struct CaseStart {
    page: Frame,
    id: String,
    title: String,
    tags: Vec<String>,
    modes: Vec<ModeChoice>,
    /// Sections that can be practised on their own.
    sections: Vec<SectionChoice>,
    talks: Vec<String>,
    patient: PatientView,
    /// Languages it can be held in.
    languages: Vec<LanguageChoice>,
    /// A consultation with this patient that is still open.
    open: Option<String>,
}

struct ModeChoice {
    name: &'static str,
    label: String,
    rules: Vec<String>,
    chosen: bool,
}

struct SectionChoice {
    id: &'static str,
    name: String,
}

/// The modes as they are offered; the last has the strictest rules.
const OFFERED: [&str; 4] = ["practice", "skill", "self-test", "exam"];

fn modes(page: &Frame, minutes: u16, chosen: &str) -> Vec<ModeChoice> {
    let choice = |name: &'static str| ModeChoice {
        name,
        label: page.t(&format!("mode-{name}")),
        rules: view::rules(page, name, minutes),
        chosen: name == chosen,
    };
    OFFERED.into_iter().map(choice).collect()
}

struct LanguageChoice {
    tag: &'static str,
    script: &'static str,
    name: &'static str,
    chosen: bool,
}

/// Both languages, or the only one the case is written in.
fn languages(case: &Case, proposed: Language) -> Vec<LanguageChoice> {
    let offered = Language::ALL.into_iter().filter(|language| case.only.is_none_or(|only| only == *language));
    let choice = |language: Language| LanguageChoice {
        tag: language.tag(),
        script: lang_tag(language),
        name: if language == Language::En { "English" } else { "中文" },
        chosen: language == case.only.unwrap_or(proposed),
    };
    offered.map(choice).collect()
}

/// What led here.
#[derive(Deserialize)]
pub(super) struct Proposed {
    mode: Option<Mode>,
}

#[derive(Deserialize)]
pub(super) struct Choice {
    mode: String,
    /// The section, where one is practised on its own.
    #[serde(default)]
    section: Option<Section>,
    language: Language,
}

impl Choice {
    /// The mode that was chosen, if this case can be played in it.
    fn mode(&self, case: &Case) -> Result<Mode, WebError> {
        let offered = |section: &Section| sections(case).contains(section);
        let mode = match (self.mode.as_str(), self.section.filter(offered)) {
            ("skill", Some(section)) => Some(Mode::Skill(section)),
            (name, _) => name.parse().ok(),
        };
        let message = "choose one of the modes, and for one section a section of this case";
        mode.ok_or_else(|| WebError::unprocessable("unknown-mode", message))
    }
}

pub(super) async fn get(
    State(app): State<AppState>,
    Student(user): Student,
    page: Frame,
    Path(id): Path<String>,
    Query(proposed): Query<Proposed>,
) -> Result<CaseStart, WebError> {
    let page = page.at(Place::Cases);
    let case = app.catalogue.playable_case(&id, user.id).await?.ok_or_else(WebError::unknown_case)?;
    let encounters = app.store.encounters_of(user.id).await?;
    let open = encounters
        .iter()
        .find(|one| one.case_id == id && matches!(one.state, EncounterState::Open))
        .map(|one| one.id.to_string());
    Ok(CaseStart {
        id,
        title: case.title.get(page.language).to_owned(),
        tags: view::case_tags(&page, app.graph, &case),
        languages: languages(&case, page.language),
        modes: modes(&page, case.minutes, proposed.mode.map_or(OFFERED[0], Mode::name)),
        sections: sections(&case)
            .into_iter()
            .map(|section| SectionChoice { id: section.as_str(), name: page.named("section", section.as_str()) })
            .collect(),
        talks: view::how_talks(&page, &case, None),
        patient: PatientView::new(&page, &case, page.language),
        open,
        page,
    })
}

/// Begins a consultation with a published case.
pub(super) async fn begin(
    State(app): State<AppState>,
    Student(user): Student,
    Path(id): Path<String>,
    Form(choice): Form<Choice>,
) -> Result<Redirect, WebError> {
    let case = app.catalogue.playable_case(&id, user.id).await?.ok_or_else(WebError::unknown_case)?;
    let new = NewEncounter {
        student: user.id,
        case_id: case.id.clone(),
        case_version: case.version,
        language: case.only.unwrap_or(choice.language),
        mode: choice.mode(&case)?,
        seed: app.seeds.next(),
    };
    let encounter = app.store.create_encounter(new, app.clock.now()).await?;
    app.encounters.make_ready(Arc::clone(&case), encounter.language);
    Ok(Redirect::to(&format!("/consultations/{}", encounter.id)))
}
