//! `anamnesis grade`: mark transcripts.

pub mod agreement;
mod schemes;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use knowledge_graph::Graph;
use serde::Deserialize;

use super::BadInput;
use crate::{
    assessment::{
        Grader, Rubric, Transcript, check_rubric, check_transcript, grading_features, parse_json, rubric_of, text_of,
    },
    config::ConfigArgs,
    engine::Engines,
};

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
}

/// One line of input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    rubric: Option<Rubric>,
    case: Option<CaseReference>,
    transcript: Transcript,
}

/// A case by id, or in full.
#[derive(Deserialize)]
#[serde(untagged)]
enum CaseReference {
    Id(String),
    Full(Box<cases::Case>),
}

/// Runs `anamnesis grade`.
pub fn run(args: &GradeArgs) -> anyhow::Result<ExitCode> {
    match &args.about {
        Some(About::Agreement(args)) => return agreement::run(args),
        Some(About::Schemes(args)) => return schemes::run(args),
        None => {}
    }
    let config = args.config.resolve()?;
    let graph =
        Graph::embedded().map_err(|problems| anyhow::anyhow!("the knowledge graph has {} problems", problems.len()))?;
    // Read first: bad input should not wait for the weights.
    let scheme = args.scheme.as_deref().map(schemes::find).transpose()?;
    let single = if args.jsonl { None } else { Some(read_pair(args)?) };
    let matcher = Engines::matcher(&config, graph)?;
    if matcher.embedder().is_none() {
        eprintln!(
            "anamnesis: no embedding weights: words alone decide; get them with `anamnesis model fetch {}`",
            crate::config::DEFAULT_EMBEDDING
        );
    }
    if args.features {
        return grade_lines(&|transcript, asked| Ok(grading_features(&matcher, transcript, &asked.rubric).to_string()));
    }
    let grader = Grader::new(Arc::clone(&matcher)).context("starting the grader")?;
    let marker = schemes::Marker { grader: &grader, graph, scheme: scheme.as_ref() };
    match single {
        Some((asked, transcript)) => {
            let report = marker.report(&transcript, &asked).map_err(BadInput)?;
            super::say(serde_json::to_string_pretty(&report)?);
            Ok(ExitCode::SUCCESS)
        }
        None => grade_lines(&|transcript, asked| {
            let report = marker.report(transcript, asked)?;
            serde_json::to_string(&report).map_err(|error| error.to_string())
        }),
    }
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

/// What is written for a transcript and a rubric.
type Work<'w> = &'w (dyn Fn(&Transcript, &Asked) -> Result<String, String> + Sync);

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

/// Grades lines on all cores, keeping their order.
fn grade_lines(work: Work) -> anyhow::Result<ExitCode> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (lines, waiting) = mpsc::sync_channel::<(usize, Vec<u8>)>(2 * workers);
    let (reports, done) = mpsc::sync_channel::<(usize, Result<String, String>)>(2 * workers);
    let waiting = Mutex::new(waiting);
    thread::scope(|scope| {
        let reader = scope.spawn(move || send_lines(&lines));
        for _ in 0..workers {
            let (waiting, reports) = (&waiting, reports.clone());
            scope.spawn(move || {
                while let Some((number, line)) = next(waiting) {
                    if reports.send((number, grade_line(work, &line))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(reports);
        let failed = write_in_order(&done);
        drop(done);
        let read = reader.join().unwrap_or_else(|_| Err(anyhow::anyhow!("reading standard input failed")));
        read.and(failed).map(|failed| if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    })
}

fn next(waiting: &Mutex<mpsc::Receiver<(usize, Vec<u8>)>>) -> Option<(usize, Vec<u8>)> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn send_lines(lines: &mpsc::SyncSender<(usize, Vec<u8>)>) -> anyhow::Result<()> {
    let mut input = std::io::stdin().lock();
    for number in 1.. {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line).context("reading standard input")? == 0 {
            break;
        }
        if lines.send((number, line)).is_err() {
            break;
        }
    }
    Ok(())
}

/// One line's report; an empty one for an empty line.
fn grade_line(work: Work, line: &[u8]) -> Result<String, String> {
    let text = text_of(line).map_err(|error| error.to_string())?.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let line: Line = parse_json(text).map_err(|error| error.to_string())?;
    check_transcript(&line.transcript).map_err(|error| error.to_string())?;
    let asked = match (line.rubric, line.case) {
        (Some(rubric), None) => Asked { rubric, case: None },
        (None, Some(CaseReference::Full(case))) => Asked::of(*case, &line.transcript),
        (None, Some(CaseReference::Id(id))) => {
            let case = shipped(&id).ok_or_else(|| format!("there is no shipped case `{id}`; give the case in full"))?;
            Asked::of(case, &line.transcript)
        }
        _ => return Err("a line holds either `rubric` or `case`; give one of them".to_owned()),
    };
    check_rubric(&asked.rubric).map_err(|error| error.to_string())?;
    work(&line.transcript, &asked)
}

/// Writes reports as soon as all before them are written; true when a line failed.
fn write_in_order(done: &mpsc::Receiver<(usize, Result<String, String>)>) -> anyhow::Result<bool> {
    let progress = progress();
    let mut out = std::io::stdout().lock();
    let mut early = BTreeMap::new();
    let mut expected = 1;
    let mut failed = false;
    for (number, report) in done {
        early.insert(number, report);
        while let Some(report) = early.remove(&expected) {
            match report {
                Ok(report) if report.is_empty() => {}
                Ok(report) => {
                    writeln!(out, "{report}").and_then(|()| out.flush()).context("writing a report")?;
                    progress.inc(1);
                }
                Err(problem) => {
                    failed = true;
                    progress.suspend(|| eprintln!("line {expected}: {problem}"));
                }
            }
            expected += 1;
        }
    }
    progress.finish_and_clear();
    Ok(failed)
}

fn progress() -> indicatif::ProgressBar {
    if std::io::stderr().is_terminal() {
        let bar = indicatif::ProgressBar::new_spinner();
        bar.set_style(
            indicatif::ProgressStyle::with_template("{spinner} {pos} graded, {per_sec}")
                .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()),
        );
        bar
    } else {
        indicatif::ProgressBar::hidden()
    }
}
