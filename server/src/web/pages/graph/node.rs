//! A finding, risk factor, test or treatment, with the diseases it speaks for.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use knowledge_graph::{
    TopicId, TopicKind,
    format::{ReferenceRange, TestKind},
};

use super::{
    unknown::{self, Link, links},
    words::{EdgeRow, edge_row, finding_kind, href, kind_of, percent},
};
use crate::{
    app::{App, AppState},
    explore::{self, NodeView, QuantityView, SourceView, TestView},
    web::{
        auth::Explorer,
        error::WebError,
        pages::{
            frame::{Frame, Place},
            view::reference,
        },
    },
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/graph_node.html")]
struct NodePage {
    page: Frame,
    topic: String,
    /// `finding`, `risk-factor`, `test` or `treatment`.
    kind: &'static str,
    kind_name: String,
    name: String,
    other_name: String,
    red_flag: bool,
    section: Option<String>,
    background: Option<String>,
    hpo: Option<String>,
    /// Whether the rare layer is there to lead to.
    rare: bool,
    lay: Vec<String>,
    questions: Vec<String>,
    broader: Vec<Link>,
    narrower: Vec<Link>,
    test: Option<TestRow>,
    diseases: Vec<EdgeRow>,
    sources: Vec<SourceView>,
}

/// A test with its reference ranges.
struct TestRow {
    name: String,
    href: String,
    kind: String,
    normal: String,
    ranges: Vec<RangeRow>,
}

struct RangeRow {
    name: String,
    unit: String,
    female: String,
    male: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    _: Explorer,
    page: Frame,
    Path((folder, id)): Path<(String, String)>,
) -> Response {
    let page = page.at(Place::Graph);
    let Some(kind) = kind_of(&folder) else { return WebError::not_found().into_response() };
    match explore::named(app.graph, kind, &id) {
        Ok(topic) => match explore::node(app.graph, &topic) {
            Some(view) => node_page(&app, page, view).into_response(),
            None => WebError::not_found().into_response(),
        },
        Err(error) => unknown::respond(&app, page, &id, error),
    }
}

fn node_page(app: &App, page: Frame, view: NodeView) -> NodePage {
    let language = page.language;
    let topic = view.id.kind();
    let kind_name = match &view.kind {
        Some(kind) => page.named("graph-kind", finding_kind(*kind)),
        None => page.named("graph-kind", topic.as_str()),
    };
    // Tests and treatments are asked about as care so far, which says nothing of them here.
    let asked = matches!(topic, TopicKind::Finding | TopicKind::RiskFactor);
    let parent: Vec<TopicId> = view.parent.into_iter().collect();
    NodePage {
        topic: view.id.to_string(),
        kind: topic.as_str(),
        kind_name,
        name: view.name.get(language).to_owned(),
        other_name: view.name.get(page.other_language()).to_owned(),
        red_flag: view.red_flag,
        section: view.section.filter(|_| asked).map(|section| page.named("section", section.as_str())),
        background: view.background.map(percent),
        rare: view.hpo.is_some() && matches!(app.rare.layer(), Ok(Some(_))),
        hpo: view.hpo,
        lay: view.lay.get(language).to_vec(),
        questions: view.questions.get(language).to_vec(),
        broader: links(app, &page, &parent),
        narrower: links(app, &page, &view.children),
        test: view.test.as_ref().map(|test| test_row(&page, test)),
        diseases: view.diseases.iter().map(|edge| edge_row(&page, edge, &view.sources)).collect(),
        sources: view.sources,
        page,
    }
}

const fn test_kind(kind: TestKind) -> &'static str {
    match kind {
        TestKind::Examination => "examination",
        TestKind::Bedside => "bedside",
        TestKind::Laboratory => "laboratory",
        TestKind::Imaging => "imaging",
        TestKind::Procedure => "procedure",
    }
}

fn test_row(page: &Frame, test: &TestView) -> TestRow {
    TestRow {
        name: test.name.get(page.language).to_owned(),
        href: href(&test.id).unwrap_or_default(),
        kind: page.named("graph-kind", test_kind(test.kind)),
        normal: test.normal.get(page.language).to_owned(),
        ranges: test.quantities.iter().map(|quantity| range_row(page, quantity)).collect(),
    }
}

fn range_row(page: &Frame, quantity: &QuantityView) -> RangeRow {
    let range = |range: ReferenceRange| {
        let text = reference(range, usize::from(quantity.decimals));
        if text.is_empty() { "–".to_owned() } else { text }
    };
    RangeRow {
        name: quantity.name.get(page.language).to_owned(),
        unit: quantity.unit.clone(),
        female: range(quantity.female),
        male: range(quantity.male),
    }
}

impl NodePage {
    fn is(&self, kind: TopicKind) -> bool {
        self.kind == kind.as_str()
    }

    fn is_finding(&self) -> bool {
        self.is(TopicKind::Finding)
    }

    fn is_risk_factor(&self) -> bool {
        self.is(TopicKind::RiskFactor)
    }

    fn is_test(&self) -> bool {
        self.is(TopicKind::Test)
    }
}
