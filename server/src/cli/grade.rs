//! `anamnesis grade`: mark transcripts.

pub mod again;
pub mod agreement;
mod bulk;
pub mod fairness;
mod schemes;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use knowledge_graph::Graph;

use super::BadInput;
use crate::{
    assessment::{
        Grader, Rubric, Transcript, check_rubric, check_transcript, grading_features, parse_json, rubric_of, text_of,
    },
    config::{Config, ConfigArgs},
    engine::Engines,
    understanding::Matcher,
};
use bulk::{grade_lines, read_line};

/// Arguments of `anamnesis grade`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct GradeArgs {
    #[command(subcommand)]
    about: Option<About>,
    /// Rubric file (JSON).
    #[arg(long, value_name = "FILE", conflicts_with = "jsonl")]
    rubric: Option<PathBuf>,
    /// Case whose rubric is used: a case file (TOML) or the id of a shipped case.
    #[arg(long, value_name = "FILE|ID", conflicts_with_all = ["jsonl", "rubric"])]
    case: Option<String>,
    /// Marking scheme: the id of one that comes with the program (see `anamnesis grade schemes`) or a
    /// scheme file (TOML). Without it a case's own is used, when it names one.
    #[arg(long, value_name = "ID|FILE")]
    scheme: Option<String>,
    /// Transcript file (JSON).
    #[arg(long, value_name = "FILE", conflicts_with = "jsonl", required_unless_present = "jsonl")]
    transcript: Option<PathBuf>,
    /// Read lines {"rubric"|"case","transcript"} from standard input, write one report a line in
    /// the same order. A bad line is reported on standard error and skipped; exit status 1 then.
    #[arg(long)]
    jsonl: bool,
    /// Print the classifier's features instead of reports, for training.
    #[arg(long, hide = true, requires = "jsonl")]
    features: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// What can be asked of grades.
#[derive(Debug, Subcommand)]
enum About {
    /// How far machine and examiners agree: kappa, AC1, alpha, ICC, and a reliability diagram.
    Agreement(agreement::AgreementArgs),
    /// The marking schemes that come with the program, and what they can judge beyond the checklist.
    Schemes(schemes::SchemesArgs),
    /// Whether a mark stays when the same is said otherwise: politer, in dialect, with slips of the
    /// pen, in the other language.
    Fairness(fairness::FairnessArgs),
    /// Grade the stored consultations again and show what differs from their reports.
    Again(again::AgainArgs),
}

/// Runs `anamnesis grade`.
pub fn run(args: &GradeArgs) -> anyhow::Result<ExitCode> {
    let config = args.config.resolve()?;
    let threads = usize::try_from(config.threads).unwrap_or(1);
    match &args.about {
        Some(About::Agreement(args)) => return agreement::run(args),
        Some(About::Fairness(args)) => return fairness::run(args, &Grader::new(matcher(&config)?)?, threads),
        Some(About::Again(args)) => return again::run(args, &config, &Arc::new(Grader::new(matcher(&config)?)?)),
        Some(About::Schemes(args)) => return schemes::run(args),
        None => {}
    }
    // Read first: bad input should not wait for the weights.
    let scheme = args.scheme.as_deref().map(schemes::find).transpose()?;
    let single = if args.jsonl { None } else { Some(read_pair(args)?) };
    let matcher = matcher(&config)?;
    if args.features {
        let features =
            |said: &Transcript, asked: &Asked| Ok(grading_features(&matcher, said, &asked.rubric).to_string());
        return grade_lines(&features, threads);
    }
    let grader = Grader::new(Arc::clone(&matcher)).context("starting the grader")?;
    let marker = schemes::Marker { grader: &grader, graph: graph()?, scheme: scheme.as_ref() };
    match single {
        Some((asked, transcript)) => {
            let report = marker.report(&transcript, &asked).map_err(BadInput)?;
            super::say(serde_json::to_string_pretty(&report)?);
            Ok(ExitCode::SUCCESS)
        }
        None => grade_lines(&|transcript, asked| whole_report(&marker, transcript, asked), threads),
    }
}

/// The report as one line. A report without the embedder would differ from one with it, so when that
/// does not answer the line is refused rather than graded otherwise.
fn whole_report(marker: &schemes::Marker<'_>, transcript: &Transcript, asked: &Asked) -> Result<String, String> {
    let report = marker.report(transcript, asked)?;
    if report.engine.models.len() < marker.grader.stamp().models.len() {
        return Err("the embedding model did not answer; grade this line again".to_owned());
    }
    serde_json::to_string(&report).map_err(|error| error.to_string())
}

/// A rubric, and the case it belongs to, if it belongs to one.
struct Asked {
    rubric: Rubric,
    case: Option<cases::Case>,
}

impl Asked {
    fn of(case: cases::Case, transcript: &Transcript) -> Self {
        Self { rubric: rubric_of(&case, transcript.language), case: Some(case) }
    }
}

fn graph() -> anyhow::Result<&'static Graph> {
    Graph::embedded().map_err(|problems| anyhow::anyhow!("the knowledge graph has {} problems", problems.len()))
}

/// What understands, with the embedder if its weights are there.
fn matcher(config: &Config) -> anyhow::Result<Arc<Matcher>> {
    // Every thread may have a transcript to embed.
    let config = Config { max_queue: config.max_queue.max(2 * config.threads), ..config.clone() };
    let matcher = Engines::matcher(&config, graph()?)?;
    if matcher.embedder().is_none() {
        eprintln!(
            "anamnesis: no embedding weights: words alone decide; get them with `anamnesis model fetch {}`",
            crate::config::DEFAULT_EMBEDDING
        );
    }
    Ok(matcher)
}

fn read_pair(args: &GradeArgs) -> anyhow::Result<(Asked, Transcript)> {
    let path = args.transcript.as_deref().ok_or_else(|| BadInput("give --transcript FILE".to_owned()))?;
    let transcript: Transcript = read_file(path)?;
    check_transcript(&transcript).map_err(|error| blame(path, &error))?;
    let asked = match (&args.rubric, &args.case) {
        (Some(path), _) => {
            let rubric: Rubric = read_file(path)?;
            check_rubric(&rubric).map_err(|error| blame(path, &error))?;
            Asked { rubric, case: None }
        }
        (None, Some(case)) => Asked::of(find_case(case)?, &transcript),
        (None, None) => return Err(BadInput("give --rubric FILE or --case FILE|ID".to_owned()).into()),
    };
    Ok((asked, transcript))
}

fn read_file<T: serde::de::DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let bytes = fs::read(path)
        .map_err(|error| BadInput(format!("{}: {error}; give a file that can be read", path.display())))?;
    let text = text_of(&bytes).map_err(|error| blame(path, &error))?;
    Ok(parse_json(text).map_err(|error| blame(path, &error))?)
}

fn blame(path: &Path, error: &crate::assessment::InputError) -> BadInput {
    BadInput(format!("{}: {error}", path.display()))
}

/// A shipped case by id, or a case file.
pub(super) fn find_case(name: &str) -> Result<cases::Case, BadInput> {
    let path = Path::new(name);
    if path.is_file() {
        let text = fs::read_to_string(path).map_err(|error| BadInput(format!("{name}: {error}")))?;
        return cases::parse(&text, name).map_err(|problems| {
            let first = problems.first().map(|problem| problem.in_language(knowledge_graph::Language::En));
            BadInput(format!("{name}: {}", first.unwrap_or_default()))
        });
    }
    shipped(name)
        .ok_or_else(|| BadInput(format!("there is no case `{name}`; see `anamnesis case list`, or give a file")))
}

fn shipped(id: &str) -> Option<cases::Case> {
    cases::library().ok()?.iter().find(|case| case.id == id).cloned()
}
