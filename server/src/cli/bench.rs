//! `anamnesis bench`: how fast this machine is.

mod class;

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use knowledge_graph::{Graph, Language};
use models::{SpeechEngine as _, weights::WeightsStore};

use super::{BadInput, block_on, say};
use crate::{
    bench::{Bench, Figures, LONGEST_WAIT, Load, Opponent},
    clock::SystemClock,
    config::{Config, ConfigArgs},
    encounter::PhrasingMode,
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
    Engine(Box<EngineArgs>),
    /// Pages: a made-up class with its consultations, every teacher page and student home timed in this
    /// process.
    Class(class::ClassArgs),
}

#[derive(Debug, Args)]
struct EngineArgs {
    /// Students at once, one measurement each.
    #[arg(long, value_delimiter = ',', default_value = "1,4,16,32", value_name = "N,…")]
    learners: Vec<usize>,
    /// Cases they are spread over, one measurement each.
    #[arg(long, value_delimiter = ',', default_value = "1,8", value_name = "N,…")]
    cases: Vec<usize>,
    /// Turns of each student.
    #[arg(long, default_value_t = 8, value_name = "N")]
    turns: usize,
    /// Language spoken, `en` or `zh`.
    #[arg(long, default_value = "en")]
    language: Language,
    /// What is measured: `cold` as served with nothing said before, `warm` the same class again,
    /// `model` every reply that tells anything phrased anew by the model, `opponent` the same through
    /// another engine.
    #[arg(long, value_delimiter = ',', default_value = "cold,warm,model,opponent", value_name = "ROW,…")]
    rows: Vec<Row>,
    /// Keep one core busy with something else meanwhile.
    #[arg(long)]
    neighbour: bool,
    /// Kill the worker so often at random while students talk; they go on until it is done.
    #[arg(long, default_value_t = 0, value_name = "N")]
    kills: u32,
    /// Compare with this llama-server, started with the same weights and a slot for every student.
    #[arg(long, value_name = "PROGRAM")]
    llama_server: Option<PathBuf>,
    /// Compare with a running server that knows the `OpenAI` API.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "llama_server")]
    compare: Option<String>,
    /// Print one JSON object a measurement.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Row {
    Cold,
    Warm,
    Model,
    Opponent,
}

/// How long a new worker may take to load its weights.
const LOADING: Duration = Duration::from_mins(3);

/// Runs `anamnesis bench`.
pub fn run(args: &BenchArgs) -> anyhow::Result<ExitCode> {
    let args = match &args.what {
        What::Engine(args) => args,
        What::Class(args) => return block_on(class::run(args)),
    };
    let shipped = cases::library().map_err(|_| anyhow!("the shipped cases do not load; see `anamnesis case list`"))?;
    let fits = |cases: &usize| (1..=shipped.len()).contains(cases);
    if args.learners.contains(&0) || args.turns == 0 || !args.cases.iter().all(fits) {
        let most = shipped.len();
        return Err(BadInput(format!("--learners and --turns must be 1 or more, --cases 1 to {most}")).into());
    }
    let most = args.learners.iter().copied().max().and_then(|most| u32::try_from(most).ok()).unwrap_or(u32::MAX);
    let config = args.config.resolve()?;
    let config = Config { max_queue: config.max_queue.max(most), ..config };
    block_on(engine(args, &config, shipped))
}

/// What stays the same over all measurements.
struct Range<'a> {
    args: &'a EngineArgs,
    engines: Engines,
    graph: &'static Graph,
    shipped: &'static [cases::Case],
    opponent: Option<Opponent>,
    folder: tempfile::TempDir,
}

async fn engine(args: &EngineArgs, config: &Config, shipped: &'static [cases::Case]) -> anyhow::Result<ExitCode> {
    let graph =
        Graph::embedded().map_err(|_| anyhow!("the shipped graph does not load; see `anamnesis graph check`"))?;
    let folder = tempfile::tempdir().context("making a folder for passing databases")?;
    let started = config.clone();
    let engines = tokio::task::spawn_blocking(move || Engines::start(&started, graph)).await??;
    eprintln!("{}", models::start_up_line(&engines.speech.identity(), &engines.speech.status()));
    let range = Range { args, engines, graph, shipped, opponent: opponent(args, config)?, folder };
    if !args.json {
        say(HEADINGS);
    }
    for &cases in &args.cases {
        for &learners in args.learners.iter().filter(|&&learners| learners >= cases || args.learners.len() == 1) {
            range.measure(learners, cases.min(learners)).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn opponent(args: &EngineArgs, config: &Config) -> anyhow::Result<Option<Opponent>> {
    let Some(program) = &args.llama_server else { return Ok(args.compare.clone().map(Opponent::At)) };
    let weights = WeightsStore::new(&config.models)?.open(&config.speech)?.path;
    Ok(Some(Opponent::Program { program: program.clone(), weights, threads: config.threads }))
}

/// Another server is let speak to its end: a reply cut short would make it look quicker than it is.
const OPPONENT_WAIT: Duration = Duration::from_mins(5);

impl Range<'_> {
    /// All rows of one size of class.
    async fn measure(&self, learners: usize, cases: usize) -> anyhow::Result<()> {
        let name = format!("class-{learners}-{cases}");
        let wanted = |row: Row| self.args.rows.contains(&row);
        if wanted(Row::Cold) || wanted(Row::Warm) {
            let store = self.store(&name).await?;
            self.forget().await?;
            self.row("cold", self.bench(store.clone()), (learners, cases), PhrasingMode::AsNeeded).await?;
            if wanted(Row::Warm) {
                self.row("warm", self.bench(store), (learners, cases), PhrasingMode::AsNeeded).await?;
            }
        }
        if wanted(Row::Model) {
            let store = self.store(&format!("{name}-model")).await?;
            self.forget().await?;
            self.row("model", self.bench(store), (learners, cases), PhrasingMode::Everything).await?;
        }
        if let Some(opponent) = self.opponent.as_ref().filter(|_| wanted(Row::Opponent)) {
            let store = self.store(&format!("{name}-opponent")).await?;
            let running = opponent.start(learners).await?;
            let mut bench = Bench { engine: Arc::clone(&running.engine), worker: None, ..self.bench(store) };
            bench.processes = [std::process::id()].into_iter().chain(running.process()).collect();
            self.row("opponent", bench, (learners, cases), PhrasingMode::Everything).await?;
        }
        Ok(())
    }

    async fn row(
        &self,
        name: &str,
        bench: Bench,
        (learners, cases): (usize, usize),
        phrasing: PhrasingMode,
    ) -> anyhow::Result<()> {
        let &EngineArgs { turns, language, neighbour, kills, .. } = self.args;
        let deadline = if name == "opponent" { OPPONENT_WAIT } else { LONGEST_WAIT };
        let load = Load { learners, cases, turns, language, neighbour, phrasing, kills, deadline };
        let progress = progress(learners * turns);
        let bar = progress.clone();
        let figures = Figures { row: name.to_owned(), ..bench.run(load, move || bar.inc(1)).await? };
        progress.finish_and_clear();
        if self.args.json {
            say(serde_json::to_string(&figures)?);
        } else {
            say(line(&figures));
        }
        Ok(())
    }

    fn bench(&self, store: Store) -> Bench {
        let worker = self.engines.worker.clone();
        Bench {
            graph: self.graph,
            cases: self.shipped,
            store,
            matcher: Arc::clone(&self.engines.matcher),
            engine: Arc::clone(&self.engines.speech),
            clock: Arc::new(SystemClock),
            processes: [std::process::id()]
                .into_iter()
                .chain(worker.as_ref().and_then(|worker| worker.worker_process()))
                .collect(),
            worker,
        }
    }

    /// A new worker, which has evaluated nothing.
    async fn forget(&self) -> anyhow::Result<()> {
        let Some(worker) = self.engines.worker.clone() else { return Ok(()) };
        let before = worker.status().restarts;
        worker.kill();
        tokio::task::spawn_blocking(move || {
            while worker.status().restarts == before {
                std::thread::sleep(Duration::from_millis(20));
            }
            worker.wait_until_recovered(LOADING)
        })
        .await??;
        Ok(())
    }

    async fn store(&self, name: &str) -> anyhow::Result<Store> {
        Ok(Store::open(&self.folder.path().join(format!("{name}.db"))).await?)
    }
}

fn progress(turns: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(turns).unwrap_or_default());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} turns  {elapsed}");
    style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
}

const HEADINGS: &str = "row       learners  cases  turns/min  first p50  first p95  reply p50  reply p95  to model  \
                        said before  evaluated/turn  spoken/turn  drafts right  lost  peak MiB";

fn line(figures: &Figures) -> String {
    let share = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", share * 100.0));
    format!(
        "{:<8}  {:>8}  {:>5}  {:>9.0}  {:>7.2} s  {:>7.2} s  {:>7.2} s  {:>7.2} s  {:>8}  {:>11}  {:>14.1}  {:>11.1}  {:>12}  {:>4}  {:>8}",
        figures.row,
        figures.learners,
        figures.cases,
        figures.turns_per_minute,
        figures.first_p50,
        figures.first_p95,
        figures.reply_p50,
        figures.reply_p95,
        share(Some(figures.spoken_share)),
        share(figures.hit_share),
        figures.evaluated_per_turn,
        figures.spoken_per_turn,
        share(figures.accepted_share),
        figures.lost_or_doubled,
        figures.peak_mib.map_or_else(|| "-".to_owned(), |mib| mib.to_string()),
    )
}
