//! `anamnesis graph`: check the disease graph and ask it questions.

mod answers;
mod arguments;
mod import;
mod propose;
mod rare;

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use knowledge_graph::{Graph, Problem, Severity, hpo::RareLayer};

use self::arguments::Question;
use super::{BadInput, block_on, open_store, say};
use crate::{
    config::ConfigArgs,
    literature::{self, Literature},
};

/// Arguments of `anamnesis graph`.
#[derive(Debug, Args)]
pub struct GraphArgs {
    /// Read the content from this folder instead of the graph built into the program.
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    question: Question,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs `anamnesis graph`. Content with errors exits with 2, as does an unknown topic or disease.
pub fn run(args: &GraphArgs) -> anyhow::Result<ExitCode> {
    let loaded = match &args.data {
        Some(folder) => Graph::load_dir(folder).map(std::borrow::Cow::Owned),
        None => with_literature(&args.config)?,
    };
    if matches!(args.question, Question::Check) {
        return Ok(match loaded {
            Ok(graph) => report(graph.warnings(), args.json)?,
            Err(problems) => report(&problems, args.json)?,
        });
    }
    let graph = loaded.map_err(|problems| BadInput(unusable(&problems)))?;
    answer(&graph, &args.question, &args.config, args.json)?;
    Ok(ExitCode::SUCCESS)
}

/// The graph built in, with what teachers accepted from the literature when `--database` (or its
/// variable) names a database.
fn with_literature(config: &ConfigArgs) -> anyhow::Result<Result<std::borrow::Cow<'static, Graph>, Vec<Problem>>> {
    let named = config.settings.database.is_some() && config.resolve()?.database.exists();
    if !named {
        return Ok(Graph::embedded().map(std::borrow::Cow::Borrowed).map_err(<[Problem]>::to_vec));
    }
    let config = config.resolve()?;
    let overlay = block_on(async {
        let store = open_store(&config).await?;
        let sources = Literature::new(store.clone()).sources().await?;
        Ok(literature::overlay_of(&store.accepted_proposals().await?, &sources))
    })?;
    if !overlay.is_empty() {
        eprintln!("with {} files accepted from the literature", overlay.len());
    }
    Ok(Graph::embedded_with_overlay(&overlay).map(std::borrow::Cow::Owned))
}

fn unusable(problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let first = errors.clone().next().map(ToString::to_string).unwrap_or_default();
    format!("the graph has {} errors, the first: {first}; see `anamnesis graph check`", errors.count())
}

fn report(problems: &[Problem], json: bool) -> anyhow::Result<ExitCode> {
    if json {
        say(serde_json::to_string_pretty(problems)?);
    } else {
        problems.iter().for_each(say);
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let warnings = problems.len() - errors;
    eprintln!("{errors} errors, {warnings} warnings");
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn answer(graph: &Graph, question: &Question, config: &ConfigArgs, json: bool) -> anyhow::Result<()> {
    let layer = || imported(config);
    match question {
        // Answered before, since it wants a graph that may be unusable.
        Question::Check => Ok(()),
        Question::Stats => answers::stats(graph, layer()?.as_ref(), json),
        Question::Differential { picture, rare, top } if rare.rare => answers::rare_differential(
            graph,
            &layer()?.ok_or_else(rare::missing)?,
            picture,
            &rare.options(picture, *top),
            json,
        ),
        Question::Differential { picture, top, .. } => answers::differential(graph, picture, *top, json),
        Question::Next { picture, rare, top } if rare.rare => {
            answers::rare_next(graph, &layer()?.ok_or_else(rare::missing)?, picture, &rare.options(picture, *top), json)
        }
        Question::Next { picture, top, .. } => answers::next(graph, picture, *top, json),
        Question::Why { topic, disease } => answers::why(graph, topic, disease, json),
        Question::Path { from, to } => answers::path(graph, from, to, json),
        Question::Search { text, top } => answers::search(graph, layer()?.as_ref(), text, *top, json),
        Question::Show { id } => rare::show(graph, &layer()?.ok_or_else(rare::missing)?, id, json),
        Question::Propose { file, title } => propose::run(graph, file, title, json),
        Question::Import { what } => import::run(graph, what, &config.resolve()?, json),
    }
}

/// The imported rare diseases, if there are any.
fn imported(config: &ConfigArgs) -> anyhow::Result<Option<RareLayer>> {
    Ok(crate::rare::load(&crate::rare::file(&config.resolve()?)).map_err(|error| BadInput(error.to_string()))?)
}
