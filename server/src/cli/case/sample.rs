//! `anamnesis case sample`.

use std::{
    collections::BTreeMap,
    process::ExitCode,
    time::{Duration, Instant},
};

use cases::{RareSample, Sample, sample_rare};
use clap::Args;
use indicatif::ProgressBar;
use knowledge_graph::{Graph, hpo::Join};

use super::{super::BadInput, graph, imported, say};
use crate::config::ConfigArgs;

#[derive(Debug, Args)]
pub(super) struct SampleArgs {
    /// How many.
    #[arg(long, default_value_t = 1000)]
    count: usize,
    /// Seed of the first; each further one counts up.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Of that many rare diseases instead, evenly over those with at least this many findings that
    /// the core has and whose frequency is annotated.
    #[arg(long, value_name = "FINDINGS")]
    rare: Option<usize>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

pub(super) fn run(args: &SampleArgs) -> anyhow::Result<ExitCode> {
    let graph = graph()?;
    if let Some(findings) = args.rare {
        return rare(args, findings, graph);
    }
    let bar = ProgressBar::new(u64::try_from(args.count).unwrap_or_default());
    let begun = Instant::now();
    let sample = cases::sample(graph, args.count, args.seed, || bar.inc(1));
    let each = begun.elapsed() / u32::try_from(args.count.max(1)).unwrap_or(u32::MAX);
    bar.finish_and_clear();
    if args.json {
        say(serde_json::to_string(&sample)?);
    } else {
        describe(&sample, each);
    }
    Ok(if sample.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn describe(sample: &Sample, each: Duration) {
    let percent = |count: usize| 100.0 * count as f64 / sample.made.max(1) as f64;
    let shares = |counts: Vec<(String, usize)>| {
        let shares = counts.iter().map(|(name, count)| format!("{name} {:.0} %", percent(*count)));
        shares.collect::<Vec<_>>().join(", ")
    };
    say(format_args!("made              {} ({:.1} ms each), all checked", sample.made, each.as_secs_f64() * 1e3));
    say(format_args!("failed            {}", sample.failed.len()));
    for reason in &sample.failed {
        say(format_args!("  {reason}"));
    }
    say(format_args!("told by a carer   {}", sample.by_carer));
    say(format_args!("diagnosis first   {:.1} %", percent(sample.first)));
    say(format_args!("in first three    {:.1} %", percent(sample.in_first_three)));
    say(format_args!("not first         {}", listed(most(&sample.not_first, 12))));
    say(format_args!("sex               {}", shares(all(&sample.sex))));
    say(format_args!("age               {}", shares(all(&sample.age))));
    say(format_args!("manner            {}", shares(all(&sample.persona))));
    say(format_args!("occupation        {} kinds; {}", sample.occupation.len(), shares(most(&sample.occupation, 12))));
    say(format_args!("name              {} different; {}", sample.name.len(), listed(most(&sample.name, 5))));
}

fn all<K: ToString>(counts: &BTreeMap<K, usize>) -> Vec<(String, usize)> {
    counts.iter().map(|(name, count)| (name.to_string(), *count)).collect()
}

fn most<K: ToString>(counts: &BTreeMap<K, usize>, how_many: usize) -> Vec<(String, usize)> {
    let mut counts = all(counts);
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(how_many);
    counts
}

fn listed(counts: Vec<(String, usize)>) -> String {
    counts.into_iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}

fn rare(args: &SampleArgs, findings: usize, graph: &Graph) -> anyhow::Result<ExitCode> {
    let missing = || BadInput("no rare diseases are imported; fetch and import them: make rare".to_owned());
    let layer = imported(&args.config)?.ok_or_else(missing)?;
    let sample = sample_rare(&Join::new(graph, &layer), args.count, findings, args.seed);
    if args.json {
        say(serde_json::to_string(&sample)?);
        return Ok(ExitCode::SUCCESS);
    }
    let RareSample { eligible, made, refused, unsound, only_english, placed, unplaced, annotated } = &sample;
    let middle = |counts: &[usize]| counts.get(counts.len() / 2).copied().unwrap_or_default();
    say(format_args!("diseases          {eligible} with at least {findings} such findings"));
    say(format_args!("made              {made}, all checked; {only_english} in English only"));
    let reasons: Vec<String> = refused.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    say(format_args!("refused           {}", reasons.join(", ")));
    say(format_args!("failed            {}", unsound.len()));
    for reason in unsound {
        say(format_args!("  {reason}"));
    }
    say(format_args!("findings placed   {} in the median, {} without a place", middle(placed), middle(unplaced)));
    say(format_args!("in the case       {} in the median rest on an annotation", middle(annotated)));
    say(layer.release().credit());
    Ok(if unsound.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
