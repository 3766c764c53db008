//! `anamnesis grade schemes`, and marking with one.

use std::{fs, path::Path, process::ExitCode};

use clap::Args;
use knowledge_graph::{Graph, Language};

use super::{
    super::{BadInput, say},
    Asked,
};
use crate::assessment::{
    Grader, Report, Transcript,
    conduct::Rules,
    scheme::{Extras, Scheme, content_hash, graph_weights, mark, parse, shipped, shipped_scheme},
};

/// Arguments of `anamnesis grade schemes`.
#[derive(Debug, Args)]
pub struct SchemesArgs {
    /// Check this scheme file, or print the file of the scheme of this id.
    #[arg(value_name = "ID|FILE")]
    scheme: Option<String>,
    /// List what can be judged beyond the checklist, with the rules in words.
    #[arg(long, conflicts_with = "scheme")]
    rules: bool,
    /// Print an example to begin your own from.
    #[arg(long, conflicts_with_all = ["scheme", "rules"])]
    example: bool,
    /// Language of the listing.
    #[arg(long, value_name = "en|zh", default_value = "en")]
    language: Language,
}

/// Runs `anamnesis grade schemes`.
pub fn run(args: &SchemesArgs) -> anyhow::Result<ExitCode> {
    match &args.scheme {
        Some(id) if shipped_scheme(id).is_some() && !Path::new(id).is_file() => {
            say(shipped_scheme(id).map_or("", |shipped| shipped.text).trim_end());
        }
        Some(file) => {
            let (scheme, _) = find(file)?;
            say(line(&scheme, args.language));
        }
        None if args.rules => rules(args.language)?,
        None if args.example => say(crate::assessment::scheme::EXAMPLE.trim_end()),
        None => shipped().iter().for_each(|shipped| say(line(&shipped.scheme, args.language))),
    }
    Ok(ExitCode::SUCCESS)
}

fn line(scheme: &Scheme, language: Language) -> String {
    let points: crate::assessment::scheme::Points = scheme.parts.iter().map(|part| part.points).sum();
    let (title, about) = (scheme.title.get(language), scheme.about.get(language));
    format!("{:<28} {:>6} {title}\n{:36}{about}", scheme.id, points.to_string(), "")
}

fn rules(language: Language) -> anyhow::Result<()> {
    let rules = Rules::embedded()?;
    for rule in rules.all() {
        say(format_args!("{} ({}) – {}", rule.id, rule.area.as_str(), rule.title.get(language)));
        say(format_args!("    {}", rule.looks_at.get(language)));
        for (level, anchor) in rule.anchors.iter().enumerate() {
            say(format_args!("    {level}  {}", anchor.get(language)));
        }
        say(format_args!("    [{}]", rule.source.get(language)));
    }
    for harm in rules.harms() {
        say(format_args!("{} (penalty) – {}", harm.id, harm.title.get(language)));
        say(format_args!("    {}", harm.looks_at.get(language)));
    }
    Ok(())
}

/// A scheme with its hash: one of the program's by id, or a file.
pub(super) fn find(name: &str) -> Result<(Scheme, String), BadInput> {
    let path = Path::new(name);
    if path.is_file() {
        let text = fs::read_to_string(path)
            .map_err(|error| BadInput(format!("{name}: {error}; give a text file in UTF-8")))?;
        let scheme = parse(&text, name).map_err(|problems| {
            let all: Vec<String> = problems.iter().map(|problem| problem.in_language(Language::En)).collect();
            BadInput(all.join("\n"))
        })?;
        return Ok((scheme, content_hash(&text)));
    }
    let shipped = shipped_scheme(name).ok_or_else(|| {
        BadInput(format!("there is no marking scheme `{name}`; see `anamnesis grade schemes`, or give a file"))
    })?;
    Ok((shipped.scheme.clone(), shipped.sha256.clone()))
}

/// Grades, and marks with the scheme given or the one that the case names.
pub(super) struct Marker<'a> {
    pub grader: &'a Grader,
    pub graph: &'static Graph,
    pub scheme: Option<&'a (Scheme, String)>,
}

impl Marker<'_> {
    /// The report, with the scheme's points when there is one.
    ///
    /// # Errors
    /// What is wrong with the scheme that the case names, and how to mend it.
    pub fn report(&self, transcript: &Transcript, asked: &Asked) -> Result<Report, String> {
        let of_the_case = match (self.scheme, asked.case.as_ref().and_then(|case| case.scheme.as_deref())) {
            (None, Some(id)) => Some(find(id).map_err(|BadInput(problem)| problem)?),
            _ => None,
        };
        let mut report = self.grader.grade(transcript, &asked.rubric);
        if let Some((scheme, sha256)) = self.scheme.or(of_the_case.as_ref()) {
            let weights = asked.case.as_ref().and_then(|case| graph_weights(case, self.graph));
            let extras = Extras { graph_weights: weights.as_ref(), note: &[] };
            report.scheme = Some(mark((scheme, sha256), &asked.rubric, &report, extras));
        }
        Ok(report)
    }
}
