//! `anamnesis grade fairness`: does the mark stay when the same is said otherwise?

use std::{fs, path::PathBuf, process::ExitCode, thread};

use anyhow::Context as _;
use clap::Args;

use super::{super::say, BadInput, read_line};
use crate::assessment::{
    Grader, Report, Rubric, Transcript,
    fairness::{Fairness, GroupOutcome, built_in, fairness},
    text_of,
};

/// Arguments of `anamnesis grade fairness`.
#[derive(Debug, Args)]
pub struct FairnessArgs {
    /// Transcripts to vary, lines as for `anamnesis grade --jsonl` [default: a built-in set of
    /// consultations told in both languages].
    #[arg(long, value_name = "FILE")]
    lines: Option<PathBuf>,
    /// Seed of the variations.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Name every item whose mark moved.
    #[arg(long)]
    places: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

type Stations = Vec<(Transcript, Rubric)>;

/// Runs `anamnesis grade fairness`.
pub fn run(args: &FairnessArgs, grader: &Grader, threads: usize) -> anyhow::Result<ExitCode> {
    let (stations, translated) = stations(args)?;
    let found = fairness(&stations, &translated, args.seed, &|all| on_threads(grader, all, threads));
    if args.json {
        say(serde_json::to_string_pretty(&found).context("writing what was found")?);
    } else {
        show(&found, args.places);
    }
    Ok(ExitCode::SUCCESS)
}

fn stations(args: &FairnessArgs) -> anyhow::Result<(Stations, Vec<(usize, usize)>)> {
    let Some(path) = &args.lines else {
        let told = built_in();
        let translated = (0..told.len()).map(|at| (2 * at, 2 * at + 1)).collect();
        return Ok((told.into_iter().flat_map(|one| [one.en, one.zh]).collect(), translated));
    };
    let bytes = fs::read(path)
        .map_err(|error| BadInput(format!("{}: {error}; give a file that can be read", path.display())))?;
    let text = text_of(&bytes).map_err(|error| BadInput(format!("{}: {error}", path.display())))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(at, line): (usize, &str)| {
        let read = read_line(line).map(|(transcript, asked)| (transcript, asked.rubric));
        read.map_err(|problem| BadInput(format!("{}: line {}: {problem}", path.display(), at + 1)))
    };
    let stations: Stations = lines.map(read).collect::<Result<_, _>>()?;
    if stations.is_empty() {
        return Err(BadInput(format!("{}: holds no transcripts; write one JSON object a line", path.display())).into());
    }
    Ok((stations, Vec::new()))
}

/// Grades on several threads, keeping the order.
fn on_threads(grader: &Grader, stations: &[(Transcript, Rubric)], threads: usize) -> Vec<Report> {
    let share = stations.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = stations
            .chunks(share)
            .map(|part| {
                scope.spawn(move || part.iter().map(|(said, rubric)| grader.grade(said, rubric)).collect::<Vec<_>>())
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

fn show(found: &Fairness, places: bool) {
    say(format_args!(
        "{:<16} {:<4} {:>5} {:>6} {:>6} {:>7} {:>7} {:>6} {:>16} {:>6} {:>6}",
        "group", "lang", "pairs", "items", "moved", "share", "unseen", "mean", "95 % interval", "most", "kappa"
    ));
    for one in &found.groups {
        row(one);
        for place in one.places.iter().filter(|_| places) {
            let (was, is) = (asked(place.was), asked(place.is));
            let seen = if place.seen { "; an examiner sees it" } else { "" };
            say(format_args!("    {} {}: {was} -> {is}{seen}: {}", place.transcript, place.item, place.text));
        }
    }
    say(format_args!("{} transcripts, seed {}; mean and most in points of 100", found.transcripts, found.seed));
}

fn row(one: &GroupOutcome) {
    let [low, high] = one.interval;
    say(format_args!(
        "{:<16} {:<4} {:>5} {:>6} {:>6} {:>6.1}% {:>7} {:>6.2} {:>16} {:>6.1} {:>6}",
        one.group.as_str(),
        one.language.tag(),
        one.pairs,
        one.items,
        one.moved,
        100.0 * one.moved as f64 / one.items.max(1) as f64,
        one.moved_unseen,
        one.mean,
        format!("{low:.2} to {high:.2}"),
        one.most,
        one.kappa.map_or_else(|| "–".to_owned(), |kappa| format!("{kappa:.3}")),
    ));
}

fn asked(asked: bool) -> &'static str {
    if asked { "asked" } else { "not asked" }
}
