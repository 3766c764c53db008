//! One text beside its proposals: to accept, edit or reject each.

use std::collections::BTreeSet;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use knowledge_graph::{
    Graph, TopicId, TopicKind,
    literature::{End, LinkKind, Proposal, Standing, Values},
};
use uuid::Uuid;

use super::{
    frame::{Frame, Notice, Place},
    literature::{AffectedView, affected_views, explained, progress},
    literature_form::DecisionForm,
};
use crate::{
    app::{App, AppState},
    literature::{Acceptance, LiteratureError, frequency_in_words},
    store::{DocumentRecord, ProposalRecord},
    web::{auth::Teacher, error::WebError},
};

/// Topics suggested for a differential.
const SUGGESTED: usize = 3;

#[derive(Template, WebTemplate)]
#[template(path = "pages/literature_document.html")]
pub(super) struct DocumentPage {
    page: Frame,
    id: Uuid,
    title: String,
    cited: String,
    identifier: String,
    grade: String,
    progress: String,
    decided: u32,
    all: u32,
    waiting: bool,
    segments: Vec<Segment>,
    proposals: Vec<ProposalView>,
    systems: Vec<(String, String)>,
    cases: Vec<AffectedView>,
}

/// A stretch of the text, marked when something rests on it.
struct Segment {
    text: String,
    /// The first proposal that rests on it, from 1.
    marked: Option<u32>,
}

struct ProposalView {
    number: u32,
    statement: String,
    quotation: String,
    standing: &'static str,
    standing_words: String,
    old: String,
    confidence: String,
    assumptions: Vec<String>,
    state: &'static str,
    state_words: String,
    decided_by: String,
    note: String,
    refused: Option<String>,
    /// Which fields the form has.
    link: &'static str,
    new_finding: bool,
    new_name: bool,
    new_edge: bool,
    unknown: String,
    derived: String,
    form: DecisionForm,
    error: Option<String>,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Path(id): Path<Uuid>,
) -> Result<DocumentPage, WebError> {
    document_page(&app, page, id, None).await
}

/// A refused decision: which proposal, what was sent, and why it was refused.
type Refused = (u32, DecisionForm, String);

async fn document_page(app: &App, page: Frame, id: Uuid, refused: Option<Refused>) -> Result<DocumentPage, WebError> {
    let mut page = page.at(Place::Manage);
    let document = app.store.document(id).await?.ok_or_else(WebError::not_found)?;
    let proposals = app.store.proposals(id).await?;
    let decided = u32::try_from(proposals.iter().filter(|one| one.decision.is_some()).count()).unwrap_or_default();
    let all = u32::try_from(proposals.len()).unwrap_or_default();
    let later = |one: &ProposalRecord| {
        one.decision.as_ref().is_some_and(|decision| decision.accepted && decision.at > app.started)
    };
    let mut cases = affected_views(app, &page).await?;
    cases.retain(|case| case.document == id);
    let (waiting, segments) = (proposals.iter().any(later), segments(&document, &proposals));
    if let Some((_, _, error)) = &refused {
        page.notice = Some(Notice::wrong(error.clone()));
    }
    let mut refused = refused;
    let views = proposals
        .iter()
        .map(|one| {
            let mine = refused.take_if(|(position, _, _)| *position == one.position);
            proposal_view(&page, app.graph, one, mine)
        })
        .collect();
    let systems: BTreeSet<&str> = app.graph.findings().map(|finding| finding.system.as_str()).collect();
    Ok(DocumentPage {
        id,
        cited: format!("{}, {}", document.source.authors, document.source.year),
        identifier: document
            .source
            .pmid
            .map_or_else(|| document.source.locator.clone().unwrap_or_default(), |pmid| format!("PMID {pmid}")),
        grade: page.named("literature-grade", document.source.evidence.as_str()),
        title: document.source.title,
        progress: progress(&page, decided, all),
        decided,
        all,
        waiting,
        segments,
        proposals: views,
        systems: systems.into_iter().map(|id| (id.to_owned(), page.named("system", id))).collect(),
        cases,
        page,
    })
}

/// The text cut at the quotations.
fn segments(document: &DocumentRecord, proposals: &[ProposalRecord]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut at = 0;
    for one in proposals {
        let quotation = &one.proposal.quotation;
        if quotation.start < at {
            continue;
        }
        let (Some(before), Some(words)) =
            (document.text.get(at..quotation.start), document.text.get(quotation.start..quotation.end))
        else {
            continue;
        };
        segments.push(Segment { text: before.to_owned(), marked: None });
        segments.push(Segment { text: words.to_owned(), marked: Some(one.position + 1) });
        at = quotation.end;
    }
    segments.push(Segment { text: document.text.get(at..).unwrap_or_default().to_owned(), marked: None });
    segments.retain(|segment| !segment.text.is_empty());
    segments
}

fn proposal_view(page: &Frame, graph: &Graph, record: &ProposalRecord, refused: Option<Refused>) -> ProposalView {
    let Proposal { claim, quotation, standing, assumptions, confidence } = &record.proposal;
    let decided = record.decision.as_ref();
    let shown = decided.and_then(|decision| decision.claim.as_ref()).unwrap_or(claim);
    let (state, icon) = match decided.map(|decision| decision.accepted) {
        None => ("open", "literature-state-open"),
        Some(true) => ("accepted", "literature-state-accepted"),
        Some(false) => ("rejected", "literature-state-rejected"),
    };
    let unknown = match &claim.other {
        End::Unknown(words) => words.clone(),
        End::Known(_) => String::new(),
    };
    let (form, error) = match refused {
        Some((_, form, error)) => (form, Some(error)),
        None => (form_of(graph, record), None),
    };
    ProposalView {
        number: record.position + 1,
        statement: statement(page, graph, shown.link, &shown.disease, &shown.other, &shown.values),
        quotation: quotation.text.clone(),
        standing: standing.as_str(),
        standing_words: page.named("literature-standing", standing.as_str()),
        old: old(page, standing),
        confidence: page.named("literature-confidence", confidence.as_str()),
        assumptions: assumptions.iter().map(|one| page.named("literature-assumption", one.as_str())).collect(),
        state,
        state_words: page.t(icon),
        decided_by: decided.map_or_else(String::new, |decision| {
            let nobody = || page.t("literature-somebody");
            let who = record.reviewer_name.clone().unwrap_or_else(nobody);
            page.say("literature-decided-by").with("who", who).with("when", page.moment(decision.at)).to_string()
        }),
        note: decided.map_or_else(String::new, |decision| decision.note.clone()),
        refused: record.refused.clone(),
        link: claim.link.as_str(),
        new_finding: claim.link == LinkKind::PresentsWith && !unknown.is_empty(),
        new_name: !unknown.is_empty(),
        new_edge: matches!(standing, Standing::New),
        unknown,
        derived: derived(page, &claim.values),
        form,
        error,
    }
}

/// The form as the text fills it.
fn form_of(graph: &Graph, record: &ProposalRecord) -> DecisionForm {
    let claim = &record.proposal.claim;
    let values = &claim.values;
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let topics = match &claim.other {
        End::Known(other) if claim.link == LinkKind::Mimics => suggested(graph, &claim.disease, other.name()),
        _ => Vec::new(),
    };
    DecisionForm {
        frequency: values.frequency.as_ref().map_or_else(String::new, frequency_in_words),
        lr_positive: number(values.lr_positive),
        lr_negative: number(values.lr_negative),
        strength: number(values.strength),
        role: values.role.clone().unwrap_or_default(),
        topics: topics.join(", "),
        ..DecisionForm::default()
    }
}

/// Findings that bring patients with one of the two diseases and that the other does not list.
fn suggested(graph: &Graph, one: &str, other: &str) -> Vec<String> {
    let (Some(one), Some(other)) = (graph.disease(one), graph.disease(other)) else { return Vec::new() };
    let lists = |finding: &str| other.presents_with.iter().any(|edge| edge.finding == finding);
    let own = one.presents_with.iter().filter(|edge| edge.presenting && !lists(&edge.finding));
    let first = own.chain(one.presents_with.iter().filter(|edge| !edge.presenting && !lists(&edge.finding)));
    first.take(SUGGESTED).map(|edge| TopicId::new(TopicKind::Finding, &edge.finding).to_string()).collect()
}

/// "Pulmonary embolism → Shortness of breath, frequency 73 %".
fn statement(page: &Frame, graph: &Graph, link: LinkKind, disease: &str, other: &End, values: &Values) -> String {
    let name = |topic: &TopicId| {
        graph.topic(topic).map_or_else(|| topic.to_string(), |info| info.name.get(page.language).to_owned())
    };
    let other = match other {
        End::Known(topic) => name(topic),
        End::Unknown(words) => format!("“{words}”"),
    };
    let disease = name(&TopicId::new(TopicKind::Disease, disease));
    let said = page.say(&format!("literature-says-{}", link.as_str())).with("disease", disease).with("other", other);
    let numbers = numbers(page, values);
    let stop = if page.is_english() { ": " } else { "：" };
    if numbers.is_empty() { said.to_string() } else { format!("{said}{stop}{numbers}") }
}

fn numbers(page: &Frame, values: &Values) -> String {
    let mut parts = Vec::new();
    if let Some(frequency) = &values.frequency {
        parts.push(page.say("literature-frequency-is").with("value", frequency_in_words(frequency)).to_string());
    }
    let ratios = [("LR+", values.lr_positive), ("LR−", values.lr_negative)];
    parts.extend(ratios.iter().filter_map(|(name, value)| Some(format!("{name} {}", (*value)?))));
    if let Some(strength) = values.strength {
        parts.push(page.say("literature-strength-is").with("value", strength.to_string()).to_string());
    }
    if let Some(role) = &values.role {
        parts.push(page.named("literature-role", role));
    }
    parts.join(if page.is_english() { ", " } else { "，" })
}

/// What the graph says now.
fn old(page: &Frame, standing: &Standing) -> String {
    let (Standing::Confirms { values, source } | Standing::Differs { values, source }) = standing else {
        return String::new();
    };
    let numbers = numbers(page, values);
    let numbers = if numbers.is_empty() { page.t("literature-no-numbers") } else { numbers };
    let source = source.clone().unwrap_or_else(|| page.t("literature-no-source"));
    page.say("literature-graph-says").with("numbers", numbers).with("source", source).to_string()
}

/// "From sensitivity 67 % and specificity 91 %".
fn derived(page: &Frame, values: &Values) -> String {
    match (values.lr_derived, values.sensitivity, values.specificity) {
        (true, Some(sensitivity), Some(specificity)) => {
            let percent = |share: f64| format!("{} %", (share * 1000.0).round() / 10.0);
            let said = page.say("literature-derived").with("sensitivity", percent(sensitivity));
            said.with("specificity", percent(specificity)).to_string()
        }
        _ => String::new(),
    }
}

/// Accepts, rejects or takes back.
pub(super) async fn decide(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Path((id, number)): Path<(Uuid, u32)>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, WebError> {
    let position = number.saturating_sub(1);
    let now = app.clock.now();
    let done = match form.decision.as_str() {
        "accept" => accept(&app, (id, position), &form, user.id).await,
        "reject" => app.literature.reject((id, position), form.note.clone(), user.id, now).await,
        "undo" => app.literature.undo((id, position), user.id, now).await,
        _ => return Err(WebError::malformed("decision is accept, reject or undo")),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/manage/graph/documents/{id}#proposal-{number}")).into_response()),
        Err(LiteratureError::Store(error)) => Err(error.into()),
        Err(error) => {
            let said = explained(&page, &error);
            let refused = document_page(&app, page, id, Some((position, form, said))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, refused).into_response())
        }
    }
}

async fn accept(app: &App, at: (Uuid, u32), form: &DecisionForm, reviewer: Uuid) -> Result<(), LiteratureError> {
    let proposals = app.store.proposals(at.0).await?;
    let unknown = || crate::store::StoreError::NotFound(crate::store::Entity::Proposal);
    let proposal = proposals.into_iter().find(|one| one.position == at.1).ok_or_else(unknown)?;
    let acceptance = Acceptance {
        claim: form.claim(&proposal.proposal.claim)?,
        completion: form.completion()?,
        note: form.note.trim().to_owned(),
    };
    app.literature.accept(at, acceptance, reviewer, app.clock.now()).await
}
