//! `anamnesis case import`.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use cases::{Credit, Imported, Problem, review, to_toml};
use knowledge_graph::Graph;
use serde::Serialize;

use super::{super::BadInput, ImportArgs, graph, read, say};

/// One record, for programs.
#[derive(Serialize)]
struct Line<'a> {
    record: usize,
    id: &'a str,
    facts: usize,
    placed: usize,
    unplaced: &'a [cases::Unplaced],
    assumed: &'a [String],
    problems: &'a [Problem],
}

pub(super) fn run(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let graph = graph()?;
    let credit = Credit { author: args.author.clone(), licence: args.licence.clone() };
    let name = args.file.display();
    let records =
        cases::import(&read(&args.file)?, graph, &credit).map_err(|error| BadInput(format!("{name}: {error}")))?;
    let mut sound = true;
    for (index, record) in records.iter().enumerate() {
        match record {
            Ok(imported) => sound &= show(args, index + 1, imported, graph)?,
            Err(error) => {
                sound = false;
                eprintln!("{name}: {error}");
            }
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes a case and says what is to look at; whether it has no errors.
fn show(args: &ImportArgs, record: usize, imported: &Imported, graph: &Graph) -> anyhow::Result<bool> {
    let Imported { case, placed, unplaced, assumed } = imported;
    let problems = review(case, graph);
    let sound = !problems.iter().any(Problem::is_error);
    if let Some(folder) = &args.output {
        write(folder, &case.id, &to_toml(case))?;
    }
    if args.json {
        let (id, facts, placed) = (&case.id, case.facts.len(), *placed);
        say(serde_json::to_string(&Line { record, id, facts, placed, unplaced, assumed, problems: &problems })?);
        return Ok(sound);
    }
    if args.output.is_none() {
        say(to_toml(case).trim_end());
    }
    eprintln!("{}: {} facts, {} passages placed, {} not", case.id, case.facts.len(), placed, unplaced.len());
    for one in unplaced {
        eprintln!("  no place: {}: {} ({})", one.path, one.text, one.why);
    }
    for what in assumed {
        eprintln!("  assumed: {what}");
    }
    for problem in problems {
        eprintln!("  {}{problem}", if problem.is_error() { "" } else { "warning: " });
    }
    Ok(sound)
}

fn write(folder: &Path, id: &str, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let path: PathBuf = folder.join(format!("{id}.toml"));
    let file = fs::OpenOptions::new().write(true).create_new(true).open(&path);
    let mut file = file
        .map_err(|error| BadInput(format!("{} cannot be written: {error}; choose another folder", path.display())))?;
    file.write_all(text.as_bytes()).with_context(|| format!("writing {}", path.display()))
}
