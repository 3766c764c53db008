//! `anamnesis grade agreement`: how far the machine and examiners agree.

use std::{
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;

use super::super::{BadInput, say};
use crate::assessment::{
    agreement::{Agreement, Calibration, Marks, PairAgreement, compare},
    parse_json, text_of,
};

/// Items listed as judged least alike.
const WORST: usize = 10;

/// Arguments of `anamnesis grade agreement`.
#[derive(Debug, Args)]
pub struct AgreementArgs {
    /// Marks of examiners, one JSON object a line: {"transcript","items":[{"id","asked"}]} and
    /// "rater" where a file holds several examiners. Give it again for further files.
    #[arg(long, value_name = "FILE", required = true)]
    human: Vec<PathBuf>,
    /// The machine's reports, one a line, as `anamnesis grade --jsonl` writes them. Without it
    /// they are read from standard input.
    #[arg(long, value_name = "FILE")]
    machine: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs `anamnesis grade agreement`.
pub fn run(args: &AgreementArgs) -> anyhow::Result<ExitCode> {
    let mut humans: BTreeMap<String, Vec<Marks>> = BTreeMap::new();
    for path in &args.human {
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for marks in read(path)? {
            humans.entry(marks.rater.clone().unwrap_or_else(|| file.clone())).or_default().push(marks);
        }
    }
    let machine = if let Some(path) = &args.machine {
        read(path)?
    } else {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("reading standard input")?;
        parse(Path::new("standard input"), &bytes)?
    };
    let found = compare(&machine, &humans);
    if found.pairs.iter().all(|pair| pair.items == 0) {
        return Err(BadInput(
            "no item was judged by two raters; the ids of transcripts and items must be the same in all files"
                .to_owned(),
        )
        .into());
    }
    if args.json {
        say(serde_json::to_string_pretty(&found)?);
    } else {
        show(&found);
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Vec<Marks>, BadInput> {
    let bytes = fs::read(path)
        .map_err(|error| BadInput(format!("{}: {error}; give a file that can be read", path.display())))?;
    parse(path, &bytes)
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Vec<Marks>, BadInput> {
    let text = text_of(bytes).map_err(|error| BadInput(format!("{}: {error}", path.display())))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(at, line): (usize, &str)| {
        parse_json(line).map_err(|error| BadInput(format!("{}: line {}: {error}", path.display(), at + 1)))
    };
    let marks: Vec<Marks> = lines.map(read).collect::<Result<_, _>>()?;
    if marks.is_empty() {
        return Err(BadInput(format!("{}: holds no marks; write one JSON object a line", path.display())));
    }
    Ok(marks)
}

fn show(found: &Agreement) {
    say(format_args!(
        "{:<40} {:>6} {:>9} {:>7} {:>15} {:>7}",
        "raters", "items", "observed", "kappa", "95 % interval", "AC1"
    ));
    found.pairs.iter().for_each(|pair| row(pair, ""));
    found.without_review.iter().for_each(|pair| row(pair, ", without items for review"));
    say("");
    say(format_args!("coverage (items not left to an examiner)  {:.3}", found.coverage));
    say(format_args!("Krippendorff's alpha, nominal             {}", number(found.alpha)));
    say(format_args!("ICC of percent asked, agreement (A,1)     {}", number(found.icc_agreement)));
    say(format_args!("ICC of percent asked, consistency (C,1)   {}", number(found.icc_consistency)));
    reliability(&found.calibration);
    say(format_args!("\nitems judged least alike"));
    for item in found.items.iter().take(WORST) {
        say(format_args!("  {:<30} {:>5} transcripts, {:.3} alike", item.item, item.transcripts, item.observed));
    }
}

fn row(pair: &PairAgreement, note: &str) {
    let interval = pair.kappa_interval.map_or_else(|| "–".to_owned(), |[low, high]| format!("{low:.3} to {high:.3}"));
    say(format_args!(
        "{:<40} {:>6} {:>9} {:>7} {:>15} {:>7}",
        format!("{} – {}{note}", pair.raters[0], pair.raters[1]),
        pair.items,
        number(pair.observed),
        number(pair.kappa),
        interval,
        number(pair.ac1)
    ));
}

/// The reliability diagram: said, right, and a bar of what was right.
fn reliability(calibration: &Calibration) {
    say(format_args!("\nconfidence    items    said   right   expected calibration error {:.3}", calibration.error));
    for bin in &calibration.bins {
        let bar = "█".repeat((1..=20).filter(|step| bin.right * 20.0 >= f64::from(*step) - 0.5).count());
        say(format_args!(
            "{:.1}–{:.1}     {:>6}   {:.3}   {:.3}   {bar}",
            bin.from,
            bin.from + 0.1,
            bin.count,
            bin.confidence,
            bin.right
        ));
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}
