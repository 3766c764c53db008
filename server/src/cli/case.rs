//! `anamnesis case`: make, check, play, describe, list and show cases.

mod dry_run;
mod import;
mod play;
mod rank;
mod sample;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use cases::{
    Case, Problem, Request, content_hash,
    format::{Level, Sex, Style},
    generate, generate_rare, library, parse, parse_and_check, review, schema, to_toml,
};
use clap::{Args, Subcommand};
use knowledge_graph::{
    Graph,
    hpo::{Join, RareId, RareLayer},
};
use serde::de::DeserializeOwned;

use super::{BadInput, say};
use crate::config::ConfigArgs;

/// Arguments of `anamnesis case`.
#[derive(Debug, Args)]
pub struct CaseArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a case from the graph; the same arguments make the same case.
    New(NewArgs),
    /// Check case files: every problem with file, line and mend on stderr; exit 2 on an error.
    Check {
        /// Case files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Read cases of other collections (JSON: OSCE examination objects, flat profiles; one, a list, or
    /// one a line), and say what found no place and what was assumed. Exit 1 when a record is no
    /// case or its case still has errors to mend.
    Import(ImportArgs),
    /// Make many cases over all diseases: whether all are sound and their findings point to their
    /// disease, and who the patients are.
    Sample(sample::SampleArgs),
    /// How often the graph puts the diagnosis of cases first, given only their findings, and what
    /// outranks it where it does not. A diagnosis the core does not have is tried among the rare
    /// diseases, if they are imported.
    Rank(rank::RankArgs),
    /// Talk to the patient of a case in the terminal, or replay questions from standard input, one a
    /// line; `== ID` on a line begins a consultation with that shipped case, a blank one begins anew.
    Play(play::PlayArgs),
    /// Have simulated students play a case and be graded by its rubric: which items nobody or everybody
    /// gets, why that may be, and the turns that show it.
    DryRun(dry_run::DryRunArgs),
    /// Print the JSON Schema of a case file.
    Schema,
    /// Print a case file in its fixed layout.
    Format {
        /// Case file.
        file: PathBuf,
    },
    /// List the shipped cases: id, level, age, sex, title in both languages.
    List,
    /// Print a shipped case as TOML, its diagnosis included.
    Show {
        /// Id, from the list.
        id: String,
    },
}

#[derive(Debug, Args)]
struct NewArgs {
    /// Disease, such as `peptic-ulcer`; a rare one by its catalogue, such as `ORPHA:558`, when the
    /// rare diseases are imported.
    #[arg(long)]
    disease: String,
    /// Another disease the patient has; may be repeated.
    #[arg(long)]
    comorbidity: Vec<String>,
    /// Age in years, 8 to 110, or that of a disease of small children, for whom a carer speaks; from
    /// the disease's epidemiology unless said.
    #[arg(long)]
    age: Option<u8>,
    /// `female` or `male`; from the disease's epidemiology unless said.
    #[arg(long, value_parser = named::<Sex>)]
    sex: Option<Sex>,
    /// `introductory`, `intermediate` or `advanced`.
    #[arg(long, value_parser = named::<Level>, default_value = "intermediate")]
    difficulty: Level,
    /// Manner: `plain`, `talkative`, `terse`, `anxious`, `distrustful` or `hard-of-hearing`.
    #[arg(long, value_parser = named::<Style>)]
    persona: Option<Style>,
    /// Language of the class, `en` or `zh`: decides where names come from.
    #[arg(long)]
    language: Option<knowledge_graph::Language>,
    /// Seed.
    #[arg(long)]
    seed: u64,
    /// Where to write it; standard output unless said. An existing file is never overwritten.
    #[arg(long, short)]
    output: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// The collection.
    file: PathBuf,
    /// Folder to write one case file each to; made when absent. An existing file is never
    /// overwritten. Without it the cases go to standard output.
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// Who wrote the collection.
    #[arg(long, default_value = "unknown; see the collection")]
    author: String,
    /// Its licence, as an SPDX expression.
    #[arg(long, default_value = "LicenseRef-unknown")]
    licence: String,
    /// Print one JSON object a record instead of cases: id, problems, unplaced, assumed.
    #[arg(long)]
    json: bool,
}

/// A value by the name it has in a case file.
fn named<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

/// Runs `anamnesis case`.
pub fn run(args: &CaseArgs) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::New(request) => new(request),
        Action::Check { files } => check_files(files),
        Action::Import(args) => import::run(args),
        Action::Sample(args) => sample::run(args),
        Action::Rank(args) => rank::run(args),
        Action::Play(args) => play::run(args),
        Action::DryRun(args) => dry_run::run(args),
        Action::Schema => {
            say(serde_json::to_string_pretty(&schema())?);
            Ok(ExitCode::SUCCESS)
        }
        Action::Format { file } => format(file),
        Action::List => list(),
        Action::Show { id } => show(id),
    }
}

pub(super) fn graph() -> anyhow::Result<&'static Graph> {
    Graph::embedded().map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        anyhow::anyhow!("the shipped graph does not load: {first}")
    })
}

fn new(args: &NewArgs) -> anyhow::Result<ExitCode> {
    let request = Request {
        disease: args.disease.clone(),
        comorbidities: args.comorbidity.clone(),
        age: args.age,
        sex: args.sex,
        level: args.difficulty,
        style: args.persona,
        language: args.language,
        seed: args.seed,
    };
    let graph = graph()?;
    let case = if request.disease.parse::<RareId>().is_ok() {
        let layer = imported(&args.config)?
            .ok_or_else(|| BadInput("no rare diseases are imported; fetch and import them: make rare".to_owned()))?;
        let made = generate_rare(&Join::new(graph, &layer), &request).map_err(|error| BadInput(error.to_string()))?;
        for one in &made.unplaced {
            eprintln!("not in the case: {} {}: {}", one.term, one.name, one.why.en);
        }
        made.case
    } else {
        generate(graph, &request).map_err(|error| BadInput(error.to_string()))?
    };
    report(&review(&case, graph));
    let Some(path) = &args.output else {
        say(to_toml(&case).trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    let file = fs::OpenOptions::new().write(true).create_new(true).open(path);
    let mut file =
        file.map_err(|error| BadInput(format!("{} cannot be written: {error}; choose another file", path.display())))?;
    std::io::Write::write_all(&mut file, to_toml(&case).as_bytes())
        .with_context(|| format!("writing {}", path.display()))?;
    say(format_args!("{}\t{}", case.id, path.display()));
    Ok(ExitCode::SUCCESS)
}

/// The imported rare diseases, if there are any.
fn imported(config: &ConfigArgs) -> anyhow::Result<Option<RareLayer>> {
    Ok(crate::rare::load(&crate::rare::file(&config.resolve()?)).map_err(|error| BadInput(error.to_string()))?)
}

fn check_files(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let graph = graph()?;
    let mut sound = true;
    for path in files {
        let name = path.display().to_string();
        match parse_and_check(&read(path)?, &name, graph) {
            Ok((case, warnings)) => {
                report(&warnings);
                say(format_args!("{name}\t{}\t{}", case.id, content_hash(&case)));
            }
            Err(problems) => {
                sound = false;
                report(&problems);
            }
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn report(problems: &[Problem]) {
    for problem in problems {
        eprintln!("{}{problem}", if problem.is_error() { "" } else { "warning: " });
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(path).map_err(|error| BadInput(format!("{} cannot be read: {error}", path.display())))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        BadInput(format!("{} is not UTF-8 text (byte {at}); save it as UTF-8", path.display())).into()
    })
}

fn format(path: &Path) -> anyhow::Result<ExitCode> {
    match parse(&read(path)?, &path.display().to_string()) {
        Ok(case) => {
            say(to_toml(&case).trim_end());
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => {
            report(&problems);
            Ok(ExitCode::from(2))
        }
    }
}

fn shipped() -> anyhow::Result<&'static [Case]> {
    library().map_err(|problems| {
        anyhow::anyhow!(
            "a shipped case does not load: {}",
            problems.first().map(ToString::to_string).unwrap_or_default()
        )
    })
}

fn list() -> anyhow::Result<ExitCode> {
    for case in shipped()? {
        let level = toml::Value::try_from(case.level)?;
        let sex = toml::Value::try_from(case.patient.sex)?;
        say(format_args!(
            "{}\t{}\t{}\t{}\t{}\t{}",
            case.id,
            level.as_str().unwrap_or_default(),
            case.patient.age,
            sex.as_str().unwrap_or_default(),
            case.title.en,
            case.title.zh,
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(id: &str) -> anyhow::Result<ExitCode> {
    let found = shipped()?.iter().find(|case| case.id == id);
    let case = found.ok_or_else(|| BadInput(format!("there is no shipped case `{id}`; see `anamnesis case list`")))?;
    say(to_toml(case).trim_end());
    Ok(ExitCode::SUCCESS)
}
