//! Examinations and tests, and what they show.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use cases::Case;
use knowledge_graph::{Graph, Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiJson, ApiPath, encounters::own_with_case};
use crate::{
    app::AppState,
    store::{OrderKind, OrderRecord},
    web::{
        auth::Student,
        error::{ErrorBody, WebError},
    },
};

/// Something to examine or test.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    /// `examination` or `test`.
    #[schema(value_type = String, example = "test")]
    kind: OrderKind,
    /// Name part of a `test:` node of the graph.
    #[schema(example = "ecg")]
    test: String,
}

/// What an order showed.
#[derive(Serialize, ToSchema)]
pub(super) struct OrderResult {
    /// `examination` or `test`.
    #[schema(value_type = String)]
    kind: OrderKind,
    /// Name part of the `test:` node.
    test: String,
    /// Its name, in the language of the consultation.
    name: String,
    /// What was found; normal when the case says nothing of it.
    text: String,
    /// Measured values by quantity, in SI units.
    values: BTreeMap<String, f64>,
    /// Made after this many turns.
    after_turn: u32,
}

impl OrderResult {
    /// What `order` shows in `case`.
    pub(super) fn new(graph: &Graph, case: &Case, order: &OrderRecord, language: Language) -> Self {
        let known = graph.test(&order.test);
        let measured = case.results.iter().find(|result| result.test == order.test);
        let text = cases::shown(case, graph, &order.test).map(|shown| shown.get(language).to_owned());
        Self {
            kind: order.kind,
            test: order.test.clone(),
            name: known.map_or_else(|| order.test.clone(), |test| test.name.get(language).to_owned()),
            text: text.unwrap_or_default(),
            values: measured.map(|result| result.values.clone()).unwrap_or_default(),
            after_turn: order.after_turn,
        }
    }
}

/// Examine or test. The same order again gives the same result.
#[utoipa::path(post, path = "/encounters/{id}/orders", tag = "consultations", params(("id" = Uuid, Path)),
    request_body = Order, responses(
    (status = 200, body = OrderResult),
    (status = 409, body = ErrorBody, description = "`encounter-ended`"),
    (status = 422, body = ErrorBody, description = "`unknown-test`"),
))]
pub(super) async fn order(
    State(app): State<AppState>,
    Student(user): Student,
    ApiPath(id): ApiPath<Uuid>,
    ApiJson(order): ApiJson<Order>,
) -> Result<Json<OrderResult>, WebError> {
    let (encounter, case) = own_with_case(&app, &user, id).await?;
    let made = app.encounters.order(&encounter, &case, order.kind, &order.test).await?;
    Ok(Json(OrderResult::new(app.graph, &case, &made, encounter.language)))
}
