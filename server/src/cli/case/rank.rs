//! `anamnesis case rank`.

use std::{ffi::OsStr, path::Path, path::PathBuf, process::ExitCode};

use cases::{Case, Credit, Place, Ranked, Tally, parse, rank};
use clap::Args;
use knowledge_graph::{Graph, Mentions, hpo::Join};
use serde::Serialize;

use super::{super::BadInput, graph, imported, read, report, say, shipped};
use crate::config::ConfigArgs;

#[derive(Debug, Args)]
pub(super) struct RankArgs {
    /// Case files (`.toml`), or collections as `case import` reads them.
    #[arg(required_unless_present = "library")]
    files: Vec<PathBuf>,
    /// The shipped cases too.
    #[arg(long)]
    library: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// All of it, for programs.
#[derive(Serialize)]
struct Everything<'a> {
    core: &'a Tally,
    rare: &'a Tally,
    unknown: usize,
    cases: &'a [Ranked],
}

pub(super) fn run(args: &RankArgs) -> anyhow::Result<ExitCode> {
    let graph = graph()?;
    let mentions = Mentions::new(graph);
    let layer = imported(&args.config)?;
    let join = layer.as_ref().map(|layer| Join::new(graph, layer));
    let mut cases: Vec<Case> = if args.library { shipped()?.to_vec() } else { Vec::new() };
    for file in &args.files {
        cases.extend(cases_of(file, graph)?);
    }
    let ranked: Vec<Ranked> = cases.iter().map(|case| rank(case, graph, &mentions, join.as_ref())).collect();
    let of = |core: bool| {
        let kind = ranked.iter().filter(move |one| matches!(one.place, Place::Core(_)) == core);
        Tally::of(kind.filter_map(|one| one.place.rank()))
    };
    let (core, rare) = (of(true), of(false));
    let unknown = ranked.iter().filter(|one| one.place == Place::Unknown).count();
    if args.json {
        let all = Everything { core: &core, rare: &rare, unknown, cases: &ranked };
        say(serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::SUCCESS);
    }
    say("                    n  first  top 3  median rank");
    line("the core has it", &core);
    if let Some(join) = &join {
        line("core + rare", &rare);
        say(join.layer().release().credit());
    }
    say(format_args!("not in the graph {unknown:>4}"));
    for one in &ranked {
        failure(one, graph);
    }
    Ok(ExitCode::SUCCESS)
}

/// The cases of one file; a record that cannot be read is named and left out.
fn cases_of(file: &Path, graph: &Graph) -> anyhow::Result<Vec<Case>> {
    let (name, text) = (file.display().to_string(), read(file)?);
    if file.extension() == Some(OsStr::new("toml")) {
        return Ok(vec![parse(&text, &name).map_err(|problems| {
            report(&problems);
            BadInput(format!("{name} is no case; mend what is listed"))
        })?]);
    }
    let credit = Credit { author: String::new(), licence: String::new() };
    let records = cases::import(&text, graph, &credit).map_err(|error| BadInput(format!("{name}: {error}")))?;
    let kept = records
        .into_iter()
        .filter_map(|record| record.map_err(|error| eprintln!("{name}: {error}")).ok().map(|imported| imported.case));
    Ok(kept.collect())
}

fn line(title: &str, tally: &Tally) {
    let Tally { ranked, first, in_first_three, median } = tally;
    let median = median.map_or_else(|| "-".to_owned(), |median| median.to_string());
    say(format_args!("{title:<17}{ranked:>4}{first:>7}{in_first_three:>7}{median:>13}"));
}

/// A case whose diagnosis is not first, what comes first instead and what weighed most for that.
fn failure(one: &Ranked, graph: &Graph) {
    let Ranked { case, diagnosis, findings, place } = one;
    match place {
        Place::Core(standing) => {
            let Some(rival) = &standing.rival else { return };
            let named = |topic: &knowledge_graph::TopicId| {
                graph.topic(topic).map_or_else(|| topic.to_string(), |topic| topic.name.en.clone())
            };
            let because: Vec<String> = rival.because.iter().map(named).collect();
            say(format_args!(
                "{:>3}  {case}: {diagnosis} ({}, {:.0} %, {findings} findings); first {} ({:.0} %), for {}",
                standing.rank,
                standing.disease,
                standing.probability * 100.0,
                rival.disease,
                rival.probability * 100.0,
                because.join(", "),
            ));
        }
        Place::Rare { disease, rank, probability, rival: Some(rival) } => say(format_args!(
            "{rank:>3}  {case}: {diagnosis} ({disease}, {:.2} %, {findings} findings); first {rival}",
            probability * 100.0
        )),
        Place::Rare { .. } => {}
        Place::Unknown => say(format_args!("  -  {case}: {diagnosis}: no such disease")),
    }
}
