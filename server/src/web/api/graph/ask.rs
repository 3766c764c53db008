//! Questions to the disease graph.

use axum::{Json, extract::State};
use knowledge_graph::{
    Bilingual, TopicId, TopicKind,
    format::Evidence,
    hpo::{self, Candidate, Join, RareQuestion},
    query::{self, NextQuestion, Step},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Mentioned, disease_topic, schema};
use crate::{
    app::AppState,
    explore::{self, AskedError, Picture, disease_id, listed, topic},
    i18n::Text,
    web::{
        api::ApiQuery,
        auth::Explorer,
        error::{ErrorBody, WebError},
        work::apart,
    },
};

/// A differential, of the core or with rare diseases.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum DifferentialAnswer {
    /// Of the core.
    Core {
        /// The diseases.
        #[serde(flatten)]
        #[schema(value_type = schema::Differential)]
        answer: query::Differential,
        /// Names and sources.
        #[serde(flatten)]
        mentioned: Mentioned,
    },
    /// Of the core and the rare layer together.
    Rare {
        /// The diseases.
        #[serde(flatten)]
        #[schema(value_type = schema::RareDifferential)]
        answer: hpo::RareDifferential,
        /// Names and sources.
        #[serde(flatten)]
        mentioned: Mentioned,
    },
}

/// What could it be, given what the patient has and has not: posterior, and what each finding did
/// to it, with its source. For teaching, not for patients.
#[utoipa::path(get, path = "/graph/differential", tag = "graph", params(Picture), responses(
    (status = 200, body = DifferentialAnswer),
    (status = 400, body = ErrorBody, description = "`malformed`"),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-topic`, with the nearest ids; `no-rare-diseases`"),
))]
pub(super) async fn differential(
    State(app): State<AppState>,
    _: Explorer,
    ApiQuery(picture): ApiQuery<Picture>,
) -> Result<Json<DifferentialAnswer>, WebError> {
    apart(move || {
        let (graph, patient) = (app.graph, picture.patient()?);
        if picture.rare {
            let layer = app.rare.layer()?.ok_or(AskedError::NoLayer)?;
            let (topics, terms) = picture.evidence_with_terms(graph, &layer)?;
            let join = Join::new(graph, &layer);
            let answer = hpo::rare_differential(&join, &topics, &terms, patient, &picture.rare_options());
            let core = answer.candidates.iter().filter_map(|candidate| match candidate {
                Candidate::Core { disease, contributions, .. } => Some((disease, contributions)),
                Candidate::Hpo { .. } => None,
            });
            let mentioned = of_contributions(graph, core);
            return Ok(Json(DifferentialAnswer::Rare { answer, mentioned }));
        }
        let evidence = picture.evidence(graph)?;
        let mut answer = query::differential(graph, &evidence, patient, &picture.options());
        answer.posteriors.truncate(picture.top());
        let mentioned = of_contributions(graph, answer.posteriors.iter().map(|one| (&one.disease, &one.contributions)));
        Ok(Json(DifferentialAnswer::Core { answer, mentioned }))
    })
    .await
}

fn of_contributions<'a>(
    graph: &knowledge_graph::Graph,
    diseases: impl Iterator<Item = (&'a String, &'a Vec<query::Contribution>)> + Clone,
) -> Mentioned {
    let contributions = diseases.clone().flat_map(|(_, contributions)| contributions);
    let topics = contributions.clone().map(|one| one.topic.clone());
    let named = diseases.map(|(disease, _)| disease_topic(disease)).chain(topics);
    Mentioned::new(graph, named, contributions.filter_map(|one| one.source.as_deref()))
}

/// Questions worth asking.
#[derive(Serialize, ToSchema)]
pub(super) struct Questions {
    /// Most telling first.
    #[schema(value_type = Vec<schema::Question>)]
    questions: QuestionList,
    /// Credit of the rare layer, when it took part.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
    /// Names.
    #[serde(flatten)]
    mentioned: Mentioned,
}

#[derive(Serialize)]
#[serde(untagged)]
enum QuestionList {
    Core(Vec<NextQuestion>),
    Rare(Vec<RareQuestion>),
}

/// Which question would tell most now: by expected drop of uncertainty about the diagnosis.
#[utoipa::path(get, path = "/graph/next", tag = "graph", params(Picture), responses(
    (status = 200, body = Questions),
    (status = 400, body = ErrorBody, description = "`malformed`"),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-topic`, with the nearest ids; `no-rare-diseases`"),
))]
pub(super) async fn next(
    State(app): State<AppState>,
    _: Explorer,
    ApiQuery(picture): ApiQuery<Picture>,
) -> Result<Json<Questions>, WebError> {
    apart(move || {
        let (graph, patient, top) = (app.graph, picture.patient()?, picture.top());
        let (questions, topics, credit): (_, Vec<TopicId>, _) = if picture.rare {
            let layer = app.rare.layer()?.ok_or(AskedError::NoLayer)?;
            let (known, terms) = picture.evidence_with_terms(graph, &layer)?;
            let join = Join::new(graph, &layer);
            let mut all = hpo::rare_next_questions(&join, &known, &terms, patient, &picture.rare_options());
            all.truncate(top);
            let topics = all.iter().filter_map(|question| question.topic.clone()).collect();
            (QuestionList::Rare(all), topics, Some(layer.release().credit()))
        } else {
            let mut all = query::next_questions(graph, &picture.evidence(graph)?, patient, &picture.options());
            all.truncate(top);
            let topics = all.iter().map(|question| question.topic.clone()).collect();
            (QuestionList::Core(all), topics, None)
        };
        Ok(Json(Questions { questions, credit, mentioned: Mentioned::new(graph, topics, []) }))
    })
    .await
}

/// Findings that would move belief.
#[derive(Serialize, ToSchema)]
pub(super) struct Movers {
    /// Those that are expected to move it most first.
    #[schema(value_type = Vec<schema::Mover>)]
    movers: Vec<query::Mover>,
    /// Names.
    #[serde(flatten)]
    mentioned: Mentioned,
}

/// Which findings, of any kind, would change one's mind, and how far if present or absent. Over the
/// core only.
#[utoipa::path(get, path = "/graph/movers", tag = "graph", params(Picture), responses(
    (status = 200, body = Movers),
    (status = 400, body = ErrorBody, description = "`malformed`"),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-topic`, with the nearest ids"),
))]
pub(super) async fn movers(
    State(app): State<AppState>,
    _: Explorer,
    ApiQuery(picture): ApiQuery<Picture>,
) -> Result<Json<Movers>, WebError> {
    apart(move || {
        let (evidence, patient) = (picture.evidence(app.graph)?, picture.patient()?);
        let top = picture.top().min(explore::MOST_MOVERS);
        let movers = query::movers(app.graph, &evidence, patient, &picture.options(), top);
        let beliefs = movers.iter().flat_map(|mover| mover.present.beliefs.iter().chain(&mover.absent.beliefs));
        let topics = movers.iter().map(|mover| mover.topic.clone());
        let named: Vec<TopicId> = topics.chain(beliefs.map(|belief| disease_topic(&belief.disease))).collect();
        Ok(Json(Movers { mentioned: Mentioned::new(app.graph, named, []), movers }))
    })
    .await
}

/// A topic and a disease.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WhyAsked {
    /// Topic, such as `finding:chest-pain/radiation` or `history:smoking`.
    topic: String,
    /// Disease, such as `pulmonary-embolism`.
    disease: String,
}

/// Why a topic matters for a disease.
#[derive(Serialize, ToSchema)]
pub(super) struct ReasonAnswer {
    /// The reason.
    #[serde(flatten)]
    #[schema(value_type = schema::GraphReason)]
    reason: query::Reason,
    /// Names and sources.
    #[serde(flatten)]
    mentioned: Mentioned,
}

/// Why a topic matters for a disease, in a sentence with its sources.
#[utoipa::path(get, path = "/graph/why", tag = "graph", params(WhyAsked), responses(
    (status = 200, body = ReasonAnswer),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-topic` or `unknown-disease`, with the nearest ids"),
    (status = 422, body = ErrorBody, description = "`never-asked`: no patient is asked about it"),
))]
pub(super) async fn why(
    State(app): State<AppState>,
    _: Explorer,
    ApiQuery(asked): ApiQuery<WhyAsked>,
) -> Result<Json<ReasonAnswer>, WebError> {
    let (about, of) = (topic(app.graph, &asked.topic)?, disease_id(app.graph, &asked.disease)?);
    let reason = query::why(app.graph, &about, of).ok_or(AskedError::NeverAsked(about))?;
    let topics = reason.path.iter().map(|step| step.topic.clone());
    let mentioned = Mentioned::new(app.graph, topics, reason.sources.iter().map(String::as_str));
    Ok(Json(ReasonAnswer { reason, mentioned }))
}

/// A disease and others that the patient has.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Together {
    /// The disease.
    disease: String,
    /// The others, separated by commas.
    with: String,
}

/// What other diseases of a patient change about one.
#[derive(Serialize, ToSchema)]
pub(super) struct Composed {
    /// Findings of the disease that become more or less common.
    #[schema(value_type = Vec<schema::Change>)]
    changes: Vec<query::Change>,
    /// Findings that the others bring and the disease does not.
    added: Vec<Brought>,
    /// What is said about the changes.
    notes: Vec<GradedNote>,
    /// Names.
    #[serde(flatten)]
    mentioned: Mentioned,
}

/// A finding that another disease brings.
#[derive(Serialize, ToSchema)]
pub(super) struct Brought {
    /// Whose it is.
    disease: String,
    /// The finding.
    finding: String,
    /// Share of that disease's patients who have it.
    frequency: Option<f64>,
}

/// A sentence with its grade.
#[derive(Serialize, ToSchema)]
pub(super) struct GradedNote {
    /// The sentence.
    #[schema(value_type = Text)]
    text: Bilingual,
    /// Its grade.
    #[schema(value_type = String)]
    evidence: Evidence,
}

/// What changes about a disease when the patient also has others.
#[utoipa::path(get, path = "/graph/comorbid", tag = "graph", params(Together), responses(
    (status = 200, body = Composed),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-disease`, with the nearest ids"),
))]
pub(super) async fn comorbid(
    State(app): State<AppState>,
    _: Explorer,
    ApiQuery(asked): ApiQuery<Together>,
) -> Result<Json<Composed>, WebError> {
    let graph = app.graph;
    let disease = disease_id(graph, &asked.disease)?;
    let others = listed(&asked.with);
    let others = others.iter().map(|other| disease_id(graph, other)).collect::<Result<Vec<_>, _>>()?;
    let composition = query::comorbid(graph, disease, &others).ok_or_else(WebError::not_found)?;
    let added: Vec<Brought> = composition
        .added
        .iter()
        .map(|(from, edge)| Brought {
            disease: (*from).to_owned(),
            finding: edge.finding.clone(),
            frequency: edge.frequency.as_ref().and_then(knowledge_graph::format::Frequency::proportion),
        })
        .collect();
    let findings = composition.changes.iter().map(|change| &change.finding).chain(added.iter().map(|one| &one.finding));
    let topics = findings.map(|finding| TopicId::new(TopicKind::Finding, finding));
    let diseases = std::iter::once(disease).chain(others.iter().copied()).map(disease_topic);
    Ok(Json(Composed {
        mentioned: Mentioned::new(graph, topics.chain(diseases), []),
        notes: composition.notes.into_iter().map(|(text, evidence)| GradedNote { text, evidence }).collect(),
        changes: composition.changes,
        added,
    }))
}

/// The ends of a path.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Ends {
    /// Topic at the start.
    from: String,
    /// Topic at the end.
    to: String,
}

/// How two nodes hang together: the shortest way between them.
#[utoipa::path(get, path = "/graph/path", tag = "graph", params(Ends), responses(
    (status = 200, body = [schema::Step]),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-topic`, with the nearest ids; `no-path`"),
))]
pub(super) async fn path(
    State(app): State<AppState>,
    _: Explorer,
    ApiQuery(ends): ApiQuery<Ends>,
) -> Result<Json<Vec<Step>>, WebError> {
    let (from, to) = (topic(app.graph, &ends.from)?, topic(app.graph, &ends.to)?);
    let steps = query::path(app.graph, &from, &to).ok_or(AskedError::Unjoined(from, to))?;
    Ok(Json(steps))
}

/// Two diseases.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Pair {
    /// The one.
    a: String,
    /// The other.
    b: String,
}

/// Two diseases side by side.
#[derive(Serialize, ToSchema)]
pub(super) struct ComparisonAnswer {
    /// The comparison.
    #[serde(flatten)]
    #[schema(value_type = schema::DiseaseComparison)]
    comparison: query::Comparison,
    /// Names and sources.
    #[serde(flatten)]
    mentioned: Mentioned,
}

/// What separates two diseases, the most separating finding first.
#[utoipa::path(get, path = "/graph/compare", tag = "graph", params(Pair), responses(
    (status = 200, body = ComparisonAnswer),
    (status = 403, body = ErrorBody, description = "`exam-running`"),
    (status = 404, body = ErrorBody, description = "`unknown-disease`, with the nearest ids"),
))]
pub(super) async fn compare(
    State(app): State<AppState>,
    _: Explorer,
    ApiQuery(pair): ApiQuery<Pair>,
) -> Result<Json<ComparisonAnswer>, WebError> {
    let (a, b) = (disease_id(app.graph, &pair.a)?, disease_id(app.graph, &pair.b)?);
    let options = query::Options::default();
    let comparison = query::compare(app.graph, a, b, None, &options).ok_or_else(WebError::not_found)?;
    let findings = comparison.findings.iter().map(|one| TopicId::new(TopicKind::Finding, &one.finding));
    let sides = comparison.findings.iter().flat_map(|one| one.a.iter().chain(&one.b));
    let told = comparison.told.iter().filter_map(|told| told.source.as_deref());
    let cited = told.chain(sides.filter_map(|side| side.source.as_deref()));
    let mentioned = Mentioned::new(app.graph, findings.chain([a, b].map(disease_topic)), cited);
    Ok(Json(ComparisonAnswer { comparison, mentioned }))
}
