//! A disease: its neighbourhood drawn, and every edge with how sure it is and who says so.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};

use super::{
    drawing::neighbourhood,
    layout::Drawing,
    unknown,
    words::{EdgeRow, Grade, edge_row, percent, ratio},
};
use crate::{
    app::AppState,
    explore::{self, DiseaseView, Edge, SourceView},
    web::{
        auth::Explorer,
        pages::frame::{Frame, Place},
    },
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/graph_disease.html")]
struct DiseasePage {
    page: Frame,
    id: String,
    name: String,
    other_name: String,
    also: Vec<String>,
    summary: String,
    system: String,
    icd10: Option<String>,
    dangerous: bool,
    /// A finding that brings patients with it, to begin thinking from.
    complaint: Option<String>,
    common: Common,
    wide: Drawing,
    narrow: Drawing,
    findings: Vec<EdgeRow>,
    risk_factors: Vec<EdgeRow>,
    tests: Vec<EdgeRow>,
    treatments: Vec<EdgeRow>,
    differentials: Vec<EdgeRow>,
    comorbidities: Vec<EdgeRow>,
    complications: Vec<EdgeRow>,
    sources: Vec<SourceView>,
}

/// How common it is and in whom.
struct Common {
    incidence: String,
    female: String,
    ages: Vec<(String, String)>,
    grade: Grade,
}

pub(super) async fn get(State(app): State<AppState>, _: Explorer, page: Frame, Path(id): Path<String>) -> Response {
    let page = page.at(Place::Graph);
    match explore::disease_id(app.graph, &id) {
        Ok(known) => match explore::disease(app.graph, known) {
            Some(view) => disease_page(page, known, &view).into_response(),
            None => crate::web::error::WebError::not_found().into_response(),
        },
        Err(error) => unknown::respond(&app, page, &id, error),
    }
}

fn disease_page(page: Frame, id: &str, view: &DiseaseView) -> DiseasePage {
    let language = page.language;
    let rows = |edges: &[Edge]| edges.iter().map(|edge| edge_row(&page, edge, &view.sources)).collect();
    let [wide, narrow] = neighbourhood(&page, view);
    let complaint = view.findings.iter().find(|edge| edge.presenting).and_then(|edge| edge.topic.as_ref());
    DiseasePage {
        id: id.to_owned(),
        name: view.name.get(language).to_owned(),
        other_name: view.name.get(page.other_language()).to_owned(),
        also: view.synonyms.get(language).to_vec(),
        summary: view.summary.get(language).to_owned(),
        system: page.named("system", &view.system),
        icd10: view.icd10.clone(),
        dangerous: view.dangerous,
        complaint: complaint.map(ToString::to_string),
        common: common(&page, view),
        wide,
        narrow,
        findings: rows(&view.findings),
        risk_factors: rows(&view.risk_factors),
        tests: rows(&view.tests),
        treatments: rows(&view.treatments),
        differentials: rows(&view.differentials),
        comorbidities: rows(&view.comorbidities),
        complications: rows(&view.complications),
        sources: view.sources.clone(),
        page,
    }
}

fn common(page: &Frame, view: &DiseaseView) -> Common {
    let epidemiology = &view.epidemiology;
    Common {
        incidence: ratio(epidemiology.incidence),
        female: percent(epidemiology.female),
        ages: epidemiology
            .age
            .iter()
            .filter(|(_, share)| **share > 0.0)
            .map(|(band, share)| (band.replace('-', "–"), percent(*share)))
            .collect(),
        grade: Grade::new(page, epidemiology.evidence, epidemiology.source.as_deref(), &view.sources),
    }
}
