//! Examinations and tests: what can be ordered and what came of it.

use ::cases::{
    Case,
    format::{Sex, TestResult},
};
use knowledge_graph::{
    Graph,
    format::{Placed, ReferenceRange, Test, TestKind},
};

use super::{
    super::frame::Frame,
    trend::{TrendView, trends},
};
use crate::store::{OrderKind, OrderRecord};

/// Something that can be ordered.
pub(in super::super) struct OrderChoice {
    pub(in super::super) test: String,
    pub(in super::super) name: String,
    /// Other names, for the search box.
    pub(in super::super) also: String,
}

/// Tests of one kind.
pub(in super::super) struct OrderGroup {
    pub(in super::super) name: String,
    pub(in super::super) choices: Vec<OrderChoice>,
}

/// An order and its result.
pub(in super::super) struct OrderView {
    pub(in super::super) icon: &'static str,
    pub(in super::super) name: String,
    pub(in super::super) text: String,
    pub(in super::super) values: Vec<ValueView>,
    /// What was measured more than once, over time.
    pub(in super::super) trends: Vec<TrendView>,
}

/// One measured value.
pub(in super::super) struct ValueView {
    pub(in super::super) name: String,
    pub(in super::super) value: String,
    pub(in super::super) unit: String,
    pub(in super::super) reference: String,
    /// "high" or "low"; empty when inside the reference range or when there is none.
    pub(in super::super) flag: String,
    /// The flag's shape: an arrow up or down.
    pub(in super::super) arrow: &'static str,
}

/// Every test that has not been ordered, by kind.
pub(in super::super) fn tests(page: &Frame, graph: &Graph, made: &[OrderRecord]) -> Vec<OrderGroup> {
    [
        (TestKind::Bedside, page.t("test-group-bedside")),
        (TestKind::Laboratory, page.t("test-group-laboratory")),
        (TestKind::Imaging, page.t("test-group-imaging")),
        (TestKind::Procedure, page.t("test-group-procedure")),
    ]
    .into_iter()
    .map(|(kind, name)| OrderGroup { name, choices: choices(page, graph, made, kind) })
    .filter(|group| !group.choices.is_empty())
    .collect()
}

fn choices(page: &Frame, graph: &Graph, made: &[OrderRecord], kind: TestKind) -> Vec<OrderChoice> {
    let mut choices: Vec<OrderChoice> = graph
        .tests()
        .filter(|test| test.kind == kind && !made.iter().any(|order| order.test == test.id))
        .map(|test| OrderChoice {
            test: test.id.clone(),
            name: test.name.get(page.language).to_owned(),
            also: [test.lay.en.join(" "), test.lay.zh.join(" "), test.name.en.clone()].join(" "),
        })
        .collect();
    choices.sort_by_cached_key(|choice| choice.name.to_lowercase());
    choices
}

impl OrderView {
    /// What `order` showed in `case`; what the case does not mention is normal.
    pub(in super::super) fn new(page: &Frame, graph: &Graph, case: &Case, order: &OrderRecord) -> Self {
        let language = page.language;
        let test = graph.test(&order.test);
        let icon = match order.kind {
            OrderKind::Examination => "stethoscope",
            OrderKind::Test => "flask-conical",
        };
        let name = test.map_or_else(|| order.test.clone(), |test| test.name.get(language).to_owned());
        let result = case.results.iter().find(|result| result.test == order.test);
        let text = ::cases::shown(case, graph, &order.test).map(|shown| shown.get(language).to_owned());
        let (values, trends) = match (test, result) {
            (Some(test), Some(result)) => {
                (values(page, test, result, case.patient.sex), trends(page, test, result, case.patient.sex))
            }
            _ => (Vec::new(), Vec::new()),
        };
        Self { icon, name, text: text.unwrap_or_default(), values, trends }
    }
}

fn values(page: &Frame, test: &Test, result: &TestResult, sex: Sex) -> Vec<ValueView> {
    test.quantities
        .iter()
        .filter_map(|quantity| {
            let value = *result.values.get(&quantity.id)?;
            let decimals = usize::from(quantity.decimals);
            let range = quantity.range(sex.into());
            Some(ValueView {
                name: quantity.name.get(page.language).to_owned(),
                value: format!("{value:.decimals$}"),
                unit: quantity.unit.clone(),
                reference: reference(range, decimals),
                flag: flag(page, range, value),
                arrow: arrow(range, value),
            })
        })
        .collect()
}

pub(in super::super) fn reference(range: ReferenceRange, decimals: usize) -> String {
    match (range.low, range.high) {
        (Some(low), Some(high)) => format!("{low:.decimals$}–{high:.decimals$}"),
        (None, Some(high)) => format!("≤ {high:.decimals$}"),
        (Some(low), None) => format!("≥ {low:.decimals$}"),
        (None, None) => String::new(),
    }
}

/// The icon that shows which way a value is off; empty inside the range.
pub(super) fn arrow(range: ReferenceRange, value: f64) -> &'static str {
    match range.place(value) {
        Placed::High => "chevron-up",
        Placed::Low => "chevron-down",
        Placed::Within => "",
    }
}

pub(super) fn flag(page: &Frame, range: ReferenceRange, value: f64) -> String {
    match range.place(value) {
        Placed::High => page.t("result-high"),
        Placed::Low => page.t("result-low"),
        Placed::Within => String::new(),
    }
}
