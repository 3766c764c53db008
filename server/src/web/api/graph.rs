//! The disease graph: looking things up (`look`) and asking questions of it (`ask`).
//!
//! The shapes are those of `anamnesis graph --json`, with names and sources beside them. Who may
//! call: [`Explorer`](crate::web::auth::Explorer).

mod ask;
mod look;
mod schema;

use std::collections::BTreeMap;

use knowledge_graph::{Bilingual, Graph, TopicId, TopicKind};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::AppState,
    explore::{SourceView, sources},
    i18n::Text,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(look::search))
        .routes(routes!(look::disease))
        .routes(routes!(look::node))
        .routes(routes!(look::rare))
        .routes(routes!(ask::differential))
        .routes(routes!(ask::next))
        .routes(routes!(ask::movers))
        .routes(routes!(ask::why))
        .routes(routes!(ask::comorbid))
        .routes(routes!(ask::path))
        .routes(routes!(ask::compare))
}

/// Names and sources of what an answer mentions by id.
#[derive(Serialize, ToSchema)]
struct Mentioned {
    /// Topic → its name.
    #[schema(value_type = BTreeMap<String, Text>)]
    names: BTreeMap<String, Bilingual>,
    /// The sources.
    cited: Vec<SourceView>,
}

impl Mentioned {
    fn new<'a>(
        graph: &Graph,
        topics: impl IntoIterator<Item = TopicId>,
        cited: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let names = topics.into_iter().filter_map(|topic| Some((topic.to_string(), graph.topic(&topic)?.name)));
        Self { names: names.collect(), cited: sources(graph, cited) }
    }
}

fn disease_topic(id: &str) -> TopicId {
    TopicId::new(TopicKind::Disease, id)
}
