//! `anamnesis bench`: how fast this machine is.

use std::{process::ExitCode, sync::Arc};

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use knowledge_graph::{Graph, Language};

use super::{BadInput, block_on, say};
use crate::{
    bench::{Bench, Figures, Load},
    clock::SystemClock,
    config::{Config, ConfigArgs},
    engine::Engines,
    store::Store,
};

/// Arguments of `anamnesis bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Patients: simulated students play shipped cases at once, with no time to think.
    Engine(EngineArgs),
}

#[derive(Debug, Args)]
struct EngineArgs {
    /// Students at once, one measurement each.
    #[arg(long, value_delimiter = ',', default_value = "1,4,16", value_name = "N,…")]
    learners: Vec<usize>,
    /// Cases they are spread over.
    #[arg(long, default_value_t = 1, value_name = "N")]
    cases: usize,
    /// Turns of each student.
    #[arg(long, default_value_t = 8, value_name = "N")]
    turns: usize,
    /// Language spoken, `en` or `zh`.
    #[arg(long, default_value = "en")]
    language: Language,
    /// Keep one core busy with something else meanwhile.
    #[arg(long)]
    neighbour: bool,
    /// Print one JSON object a measurement.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs `anamnesis bench`.
pub fn run(args: &BenchArgs) -> anyhow::Result<ExitCode> {
    let What::Engine(args) = &args.what;
    let shipped = cases::library().map_err(|_| anyhow!("the shipped cases do not load; see `anamnesis case list`"))?;
    if args.learners.contains(&0) || args.turns == 0 || !(1..=shipped.len()).contains(&args.cases) {
        let most = shipped.len();
        return Err(BadInput(format!("--learners and --turns must be 1 or more, --cases 1 to {most}")).into());
    }
    let most = args.learners.iter().copied().max().and_then(|most| u32::try_from(most).ok()).unwrap_or(u32::MAX);
    let config = args.config.resolve()?;
    let config = Config { max_queue: config.max_queue.max(most), ..config };
    block_on(engine(args, &config, shipped))
}

async fn engine(args: &EngineArgs, config: &Config, shipped: &'static [cases::Case]) -> anyhow::Result<ExitCode> {
    let graph =
        Graph::embedded().map_err(|_| anyhow!("the shipped graph does not load; see `anamnesis graph check`"))?;
    let folder = tempfile::tempdir().context("making a folder for a passing database")?;
    let started = config.clone();
    let engines = tokio::task::spawn_blocking(move || Engines::start(&started, graph)).await??;
    eprintln!("{}", models::start_up_line(&engines.speech.identity(), &engines.speech.status()));
    let bench = Bench {
        graph,
        cases: shipped,
        store: Store::open(&folder.path().join("bench.db")).await?,
        matcher: engines.matcher,
        engine: engines.speech,
        clock: Arc::new(SystemClock),
    };
    if !args.json {
        say(
            "learners  cases  turns/min  first p50  first p95  reply p50  reply p95  phrased  evaluated/turn  spoken/turn  peak MiB",
        );
    }
    for &learners in &args.learners {
        let load = Load {
            learners,
            cases: args.cases.min(learners),
            turns: args.turns,
            language: args.language,
            neighbour: args.neighbour,
        };
        let progress = progress(learners * args.turns);
        let bar = progress.clone();
        let figures = bench.run(load, move || bar.inc(1)).await?;
        progress.finish_and_clear();
        if args.json { say(serde_json::to_string(&figures)?) } else { say(row(&figures)) }
    }
    Ok(ExitCode::SUCCESS)
}

fn progress(turns: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(turns).unwrap_or_default());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} turns  {elapsed}");
    style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
}

fn row(figures: &Figures) -> String {
    format!(
        "{:>8}  {:>5}  {:>9.0}  {:>7.2} s  {:>7.2} s  {:>7.2} s  {:>7.2} s  {:>5.0} %  {:>14.1}  {:>11.1}  {:>8}",
        figures.learners,
        figures.cases,
        figures.turns_per_minute,
        figures.first_p50,
        figures.first_p95,
        figures.reply_p50,
        figures.reply_p95,
        figures.spoken_share * 100.0,
        figures.evaluated_per_turn,
        figures.spoken_per_turn,
        figures.peak_mib.map_or_else(|| "-".to_owned(), |mib| mib.to_string()),
    )
}
