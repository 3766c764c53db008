//! A rare disease or a term of the imported layer. Each page ends with its credit.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use knowledge_graph::hpo::{Aspect, Frequency, FrequencyClass, Join, RareId, Synonym, TermId};

use super::unknown::{self, Link, links};
use crate::{
    app::{App, AppState},
    explore::{self, AskedError, RareDiseaseView, RareName, RareRow, RareTermView, named},
    web::{
        auth::Explorer,
        error::WebError,
        pages::frame::{Frame, Place},
        work::apart,
    },
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/graph_rare.html")]
struct RarePage {
    page: Frame,
    id: String,
    name: String,
    /// The name in the other language, or other names.
    also: Vec<String>,
    /// Other ids of the same name.
    listed: Vec<String>,
    /// Where the core has it.
    core: Vec<Link>,
    sections: Vec<Section>,
    broader: Vec<Named>,
    narrower: Vec<Named>,
    /// Of a term: how many diseases have it.
    diseases: Option<usize>,
    credit: String,
}

/// Rows of one aspect.
struct Section {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    term: Named,
    excluded: bool,
    frequency: String,
    onset: String,
    reference: String,
    /// Where the reference can be read.
    link: Option<String>,
    evidence: String,
}

/// A term by its id and the reader's name of it.
struct Named {
    id: String,
    name: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    _: Explorer,
    page: Frame,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let page = page.at(Place::Graph);
    apart(move || {
        let shown = show(&app, &page, &id)?;
        Ok(match shown {
            Ok(found) => found.into_response(),
            Err(AskedError::Malformed(_)) => {
                let error = AskedError::NotInRelease { id: id.clone(), release: String::new() };
                unknown::respond(&app, page, &id, error)
            }
            Err(error) => unknown::respond(&app, page, &id, error),
        })
    })
    .await
}

fn show(app: &App, page: &Frame, id: &str) -> Result<Result<RarePage, AskedError>, WebError> {
    let Some(layer) = app.rare.layer()? else { return Ok(Err(AskedError::NoLayer)) };
    let join = Join::new(app.graph, &layer);
    let unknown = || AskedError::NotInRelease { id: id.to_owned(), release: layer.release().annotations.clone() };
    if let Ok(term) = id.parse::<TermId>() {
        let found = layer.term(term).ok_or_else(unknown);
        return Ok(found.map(|term| term_page(app, page, explore::rare_term(&join, term))));
    }
    let disease = id.parse::<RareId>().map_err(AskedError::Malformed);
    let found = disease.and_then(|disease| layer.disease(disease).ok_or_else(unknown));
    Ok(found.map(|disease| disease_page(app, page, explore::rare_disease(&join, disease))))
}

fn disease_page(app: &App, page: &Frame, view: RareDiseaseView) -> RarePage {
    let aspects = [
        (Aspect::Phenotype, "graph-findings"),
        (Aspect::History, "graph-rare-history"),
        (Aspect::Course, "graph-rare-course"),
        (Aspect::Inheritance, "graph-rare-inheritance"),
        (Aspect::Modifier, "graph-rare-modifiers"),
    ];
    let section = |(aspect, title): (Aspect, &str)| Section {
        title: page.t(title),
        rows: view.annotations.iter().filter(|row| row.aspect == aspect).map(|one| row(page, one)).collect(),
    };
    let core = view.modelled_by.iter().filter_map(|id| named(app.graph, knowledge_graph::TopicKind::Disease, id).ok());
    RarePage {
        id: view.disease.to_string(),
        name: view.names.first().cloned().unwrap_or_default(),
        also: view.names.iter().skip(1).cloned().collect(),
        listed: view.also_listed.clone(),
        core: links(app, page, &core.collect::<Vec<_>>()),
        sections: aspects.into_iter().map(section).filter(|section| !section.rows.is_empty()).collect(),
        broader: Vec::new(),
        narrower: Vec::new(),
        diseases: None,
        credit: view.credit,
        page: page.clone(),
    }
}

fn row(page: &Frame, row: &RareRow) -> Row {
    let pmid = row.reference.strip_prefix("PMID:").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    Row {
        term: Named { id: row.term.to_string(), name: called(page, &row.name) },
        excluded: row.excluded,
        frequency: row.frequency.map_or_else(|| "–".to_owned(), |one| how_often(page, one)),
        onset: row.onset.as_ref().map(|onset| called(page, onset)).unwrap_or_default(),
        link: pmid.map(|pmid| format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/")),
        reference: row.reference.clone(),
        evidence: page.named("graph-rare-evidence", &row.evidence.to_lowercase()),
    }
}

/// "3 of 7", "17%", or the class in words with its range.
fn how_often(page: &Frame, frequency: Frequency) -> String {
    match frequency {
        Frequency::Count { cases, patients } => {
            page.say("graph-count").with("cases", cases).with("patients", patients).to_string()
        }
        Frequency::Percent(_) => frequency.to_string(),
        Frequency::Class(class) => page.t(match class {
            FrequencyClass::Obligate => "graph-obligate",
            FrequencyClass::VeryFrequent => "graph-very-frequent",
            FrequencyClass::Frequent => "graph-frequent",
            FrequencyClass::Occasional => "graph-occasional",
            FrequencyClass::VeryRare => "graph-very-rare",
            FrequencyClass::Excluded => "graph-never",
        }),
    }
}

fn called(page: &Frame, name: &RareName) -> String {
    match &name.zh {
        Some(chinese) if !page.is_english() => chinese.clone(),
        _ => name.en.clone(),
    }
}

fn term_page(app: &App, page: &Frame, view: RareTermView) -> RarePage {
    let all = |names: &[RareName]| -> Vec<Named> {
        names.iter().map(|name| Named { id: name.id.to_string(), name: called(page, name) }).collect()
    };
    let finding = |id: &String| named(app.graph, knowledge_graph::TopicKind::Finding, id).ok();
    let core: Vec<_> = view.findings.iter().filter_map(finding).collect();
    let synonyms = view.synonyms.iter().filter(|(kind, _)| *kind != Synonym::Near).map(|(_, text)| text.clone());
    let other = if page.is_english() { view.name.zh.clone() } else { Some(view.name.en.clone()) };
    RarePage {
        id: view.term.to_string(),
        name: called(page, &view.name),
        also: other.into_iter().chain(synonyms).filter(|one| *one != called(page, &view.name)).collect(),
        listed: Vec::new(),
        core: links(app, page, &core),
        sections: Vec::new(),
        broader: all(&view.broader),
        narrower: all(&view.narrower),
        diseases: Some(view.diseases),
        credit: view.credit,
        page: page.clone(),
    }
}
