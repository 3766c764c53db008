//! `anamnesis case dry-run`.

use std::{process::ExitCode, sync::Arc, time::Instant};

use anyhow::Context as _;
use cases::Case;
use clap::Args;
use indicatif::ProgressBar;
use knowledge_graph::{Graph, Language};

use super::{graph, shipped};
use crate::{
    assessment::Grader,
    cli::{BadInput, block_on, grade::find_case, say},
    clock::SystemClock,
    config::{Config, ConfigArgs, SCRIPTED},
    dry_run::{DryRun, InLanguage, Item, Mark, Rehearsal, SEEDS},
    engine::Engines,
    i18n,
    store::Store,
};

#[derive(Debug, Args)]
pub(super) struct DryRunArgs {
    /// Id of a shipped case.
    #[arg(long, value_name = "ID", required_unless_present_any = ["file", "library"])]
    case: Option<String>,
    /// Case file (TOML).
    #[arg(long, conflicts_with = "case")]
    file: Option<String>,
    /// Every shipped case, one after the other.
    #[arg(long, conflicts_with_all = ["case", "file"])]
    library: bool,
    /// Language spoken, `en` or `zh`; both unless said.
    #[arg(long)]
    language: Option<Language>,
    /// Seed of the consultations; may be repeated.
    #[arg(long, default_values_t = SEEDS)]
    seed: Vec<u64>,
    /// Print one JSON object a case.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs `anamnesis case dry-run`.
pub(super) fn run(args: &DryRunArgs) -> anyhow::Result<ExitCode> {
    let cases: Vec<Case> = match args.file.as_ref().or(args.case.as_ref()) {
        Some(name) => vec![find_case(name)?],
        None => shipped()?.to_vec(),
    };
    let config = Config { speech: SCRIPTED.to_owned(), ..args.config.resolve()? };
    block_on(play(args, config, graph()?, cases))
}

async fn play(args: &DryRunArgs, config: Config, graph: &'static Graph, cases: Vec<Case>) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("making a folder for a passing database")?;
    let store = Store::open(folder.path().join("dry-run.db")).await?;
    let matcher = tokio::task::spawn_blocking(move || Engines::matcher(&config, graph)).await??;
    let grader = Arc::new(Grader::new(Arc::clone(&matcher))?);
    let rehearsal = Rehearsal::new(graph, store, matcher, grader, Arc::new(SystemClock));
    for case in cases {
        let languages = languages(&case, args.language)?;
        let bar = ProgressBar::new(1);
        let tell = |done: usize, total: usize| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        };
        let begun = Instant::now();
        let found = rehearsal.run(&Arc::new(case), &languages, &args.seed, &tell).await;
        bar.finish_and_clear();
        if args.json {
            say(serde_json::to_string(&found)?);
        } else {
            describe(&found, begun.elapsed().as_secs_f64());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The languages a case is played in.
fn languages(case: &Case, wanted: Option<Language>) -> Result<Vec<Language>, BadInput> {
    match (case.only, wanted) {
        (Some(only), Some(wanted)) if only != wanted => {
            Err(BadInput(format!("`{}` is written in `{only}` only; leave out --language", case.id)))
        }
        (Some(only), _) => Ok(vec![only]),
        (None, Some(wanted)) => Ok(vec![wanted]),
        (None, None) => Ok(vec![Language::En, Language::Zh]),
    }
}

fn describe(found: &DryRun, seconds: f64) {
    let count = |mark| found.marked(mark).count();
    let (nobody, everybody) = (count(Mark::Nobody), count(Mark::Everybody));
    say(format_args!(
        "{}@{}  nobody gets {nobody}, everybody gets {everybody}; {seconds:.1} s",
        found.case, found.version
    ));
    for one in &found.languages {
        table(one);
    }
}

fn table(InLanguage { language, students, items }: &InLanguage) {
    for standing in students {
        let name = i18n::text(*language, &format!("dry-{}", standing.student.as_str()));
        say(format_args!("  {language}  {name}: {:.0} %, {:.0}", standing.percent, standing.questions));
    }
    for item in items {
        let cells: Vec<String> = item.cells.iter().map(|cell| format!("{}/{}", cell.asked, cell.runs)).collect();
        let sign = match item.mark {
            Some(Mark::Nobody) => '-',
            Some(Mark::Everybody) => '+',
            None => ' ',
        };
        say(format_args!("  {sign} {}  {}  {}", cells.join(" "), item.id, item.text));
        explain(item, *language);
    }
}

/// Why an item tells nobody apart, and the turns that show it.
fn explain(item: &Item, language: Language) {
    let Some(reason) = item.reason else { return };
    say(format_args!("      {}", i18n::text(language, &format!("dry-reason-{}", reason.as_str()))));
    for shown in &item.shown {
        let who = shown.student.map_or("-", |student| student.as_str());
        say(format_args!("      {who} {}.{}  “{}” → “{}”", shown.seed, shown.exchange, shown.said, shown.reply));
    }
}
