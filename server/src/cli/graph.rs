//! `anamnesis graph`: check the disease graph and ask it questions.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand, ValueEnum};
use knowledge_graph::{
    Graph, Language, Problem, Severity, TopicId, TopicKind,
    query::{self, Contribution, Options, Patient, Presence, Sex, Step},
};

use super::{BadInput, say};

/// Arguments of `anamnesis graph`.
#[derive(Debug, Args)]
pub struct GraphArgs {
    /// Read the content from this folder instead of the graph built into the program.
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// Name every problem of the content with its file, line and mend.
    Check,
    /// Count what is in the graph and how well founded it is.
    Stats,
    /// What could it be, given what the patient has and has not.
    Differential {
        #[command(flatten)]
        picture: Picture,
        /// How many diseases to show.
        #[arg(long, default_value_t = 10)]
        top: usize,
    },
    /// Which question would tell most now.
    Next {
        #[command(flatten)]
        picture: Picture,
        /// How many questions to show.
        #[arg(long, default_value_t = 10)]
        top: usize,
    },
    /// Why a topic matters for a disease.
    Why {
        /// Topic, such as `finding:chest-pain/radiation` or `history:smoking`.
        topic: String,
        /// Disease, such as `pulmonary-embolism`.
        disease: String,
    },
    /// How two nodes hang together.
    Path {
        /// Topic at the start.
        from: String,
        /// Topic at the end.
        to: String,
    },
    /// Topics whose names or lay words hold a text, and diseases it may name.
    Search {
        /// Text, in English or Chinese.
        text: String,
    },
}

/// What is known of a patient.
#[derive(Debug, Args)]
struct Picture {
    /// What the patient has: topics separated by commas; a bare name is a finding.
    #[arg(long, value_delimiter = ',', value_name = "TOPICS")]
    present: Vec<String>,
    /// What the patient does not have.
    #[arg(long, value_delimiter = ',', value_name = "TOPICS")]
    absent: Vec<String>,
    /// Age in years.
    #[arg(long, requires = "sex")]
    age: Option<u8>,
    /// Sex.
    #[arg(long, requires = "age")]
    sex: Option<SexArg>,
    /// Let claims count that nobody has verified.
    #[arg(long)]
    unverified: bool,
    /// Leave out frequencies that are their author's estimate.
    #[arg(long)]
    no_estimates: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SexArg {
    Female,
    Male,
}

/// Runs `anamnesis graph`. Content with errors exits with 2, as does an unknown topic or disease.
pub fn run(args: &GraphArgs) -> anyhow::Result<ExitCode> {
    let loaded = match &args.data {
        Some(folder) => Graph::load_dir(folder).map(std::borrow::Cow::Owned),
        None => Graph::embedded().map(std::borrow::Cow::Borrowed).map_err(<[Problem]>::to_vec),
    };
    if matches!(args.question, Question::Check) {
        return Ok(match loaded {
            Ok(graph) => report(graph.warnings(), args.json)?,
            Err(problems) => report(&problems, args.json)?,
        });
    }
    let graph = loaded.map_err(|problems| BadInput(unusable(&problems)))?;
    answer(&graph, &args.question, args.json)?;
    Ok(ExitCode::SUCCESS)
}

fn unusable(problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let first = errors.clone().next().map(ToString::to_string).unwrap_or_default();
    format!("the graph has {} errors, the first: {first}; see `anamnesis graph check`", errors.count())
}

fn report(problems: &[Problem], json: bool) -> anyhow::Result<ExitCode> {
    if json {
        say(serde_json::to_string_pretty(problems)?);
    } else {
        problems.iter().for_each(say);
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let warnings = problems.len() - errors;
    eprintln!("{errors} errors, {warnings} warnings");
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn answer(graph: &Graph, question: &Question, json: bool) -> anyhow::Result<()> {
    match question {
        // Answered before, since it wants a graph that may be unusable.
        Question::Check => Ok(()),
        Question::Stats => stats(graph, json),
        Question::Differential { picture, top } => differential(graph, picture, *top, json),
        Question::Next { picture, top } => next(graph, picture, *top, json),
        Question::Why { topic, disease } => why(graph, topic, disease, json),
        Question::Path { from, to } => path(graph, from, to, json),
        Question::Search { text } => search(graph, text, json),
    }
}

fn stats(graph: &Graph, json: bool) -> anyhow::Result<()> {
    let stats = graph.stats();
    if json {
        say(serde_json::to_string_pretty(&stats)?);
        return Ok(());
    }
    for (title, counts) in [("nodes", &stats.nodes), ("edges", &stats.edges), ("evidence", &stats.evidence)] {
        say(title);
        for (kind, count) in counts {
            say(format_args!("  {kind:<20} {count:>6}"));
        }
    }
    say("diseases by system");
    for (system, count) in &stats.systems {
        say(format_args!("  {system:<20} {count:>6}"));
    }
    for (what, share) in [
        ("findings of diseases with a frequency", stats.with_frequency),
        ("findings of diseases with a published likelihood ratio", stats.with_likelihood_ratio),
        ("claims with a named source", stats.with_source),
        ("symptoms with lay words in both languages", stats.symptoms_with_lay_words),
    ] {
        say(format_args!("{:>5.1}% of {what}", share * 100.0));
    }
    for (language, count) in &stats.phrases {
        say(format_args!("{count} phrases in {language}"));
    }
    say(format_args!("{} warnings; content {}", stats.warnings, stats.content_hash));
    Ok(())
}

/// A topic that exists; a bare name is a finding.
fn topic(graph: &Graph, text: &str) -> Result<TopicId, BadInput> {
    let id = if text.contains(':') {
        text.parse().map_err(|error| BadInput(format!("{error}")))?
    } else {
        format!("finding:{text}").parse::<TopicId>().map_err(|error| BadInput(format!("{error}")))?
    };
    if graph.topic_exists(&id) {
        return Ok(id);
    }
    let words = id.name().replace('-', " ");
    Err(BadInput(format!("there is no topic `{id}`; try `anamnesis graph search \"{words}\"`")))
}

fn disease<'a>(graph: &Graph, text: &'a str) -> Result<&'a str, BadInput> {
    let id = text.strip_prefix("disease:").unwrap_or(text);
    match graph.disease(id) {
        Some(_) => Ok(id),
        None => Err(BadInput(format!("there is no disease `{id}`; try `anamnesis graph search \"{id}\"`"))),
    }
}

impl Picture {
    fn evidence(&self, graph: &Graph) -> Result<Vec<(TopicId, Presence)>, BadInput> {
        let present = self.present.iter().map(|text| (text, Presence::Present));
        let absent = self.absent.iter().map(|text| (text, Presence::Absent));
        present.chain(absent).map(|(text, presence)| Ok((topic(graph, text)?, presence))).collect()
    }

    fn patient(&self) -> Option<Patient> {
        let sex = match self.sex? {
            SexArg::Female => Sex::Female,
            SexArg::Male => Sex::Male,
        };
        Some(Patient { age: self.age?, sex })
    }

    fn options(&self) -> Options {
        Options { unverified: self.unverified, estimates: !self.no_estimates, ..Options::default() }
    }
}

fn differential(graph: &Graph, picture: &Picture, top: usize, json: bool) -> anyhow::Result<()> {
    let evidence = picture.evidence(graph)?;
    let mut result = query::differential(graph, &evidence, picture.patient(), &picture.options());
    result.posteriors.truncate(top);
    if json {
        say(serde_json::to_string_pretty(&result)?);
        return Ok(());
    }
    for posterior in &result.posteriors {
        say(format_args!("{:>6.1}%  {}", posterior.probability * 100.0, posterior.disease));
        for contribution in &posterior.contributions {
            say(explained(contribution));
        }
    }
    say(format_args!("{:>6.1}%  something else", result.something_else * 100.0));
    Ok(())
}

fn explained(contribution: &Contribution) -> String {
    let Contribution { topic, presence, lr, weight, source, evidence, derived, silent, .. } = contribution;
    let sign = if *presence == Presence::Present { '+' } else { '-' };
    if *silent {
        return format!("         {sign} {topic}  ×{lr:.2} (not mentioned by this disease)");
    }
    let how = if *derived { "derived" } else { "published" };
    let half = if *weight < 1.0 { ", counts by half: its cluster is known" } else { "" };
    let source = source.as_deref().unwrap_or("no source");
    format!("         {sign} {topic}  ×{lr:.2} {how} ({source}, {}){half}", evidence.as_str())
}

fn next(graph: &Graph, picture: &Picture, top: usize, json: bool) -> anyhow::Result<()> {
    let evidence = picture.evidence(graph)?;
    let mut questions = query::next_questions(graph, &evidence, picture.patient(), &picture.options());
    questions.truncate(top);
    if json {
        say(serde_json::to_string_pretty(&questions)?);
        return Ok(());
    }
    for question in &questions {
        let info = graph.topic(&question.topic);
        let asked = info.and_then(|info| info.questions.en.first().cloned()).unwrap_or_default();
        say(format_args!("{:.3} bits  {}  {asked}", question.information_gain_bits, question.topic));
    }
    Ok(())
}

fn why(graph: &Graph, about: &str, of: &str, json: bool) -> anyhow::Result<()> {
    let (about, of) = (topic(graph, about)?, disease(graph, of)?);
    let reason = query::why(graph, &about, of)
        .ok_or_else(|| BadInput(format!("`{about}` is not asked of a patient, so there is no reason to ask it")))?;
    if json {
        say(serde_json::to_string_pretty(&reason)?);
        return Ok(());
    }
    say(&reason.sentence.en);
    say(&reason.sentence.zh);
    say(drawn(&reason.path));
    for source in reason.sources.iter().filter_map(|id| graph.source(id)) {
        let pmid = source.pmid.map(|pmid| format!(" PMID {pmid}.")).unwrap_or_default();
        say(format_args!("{}. {}. {}.{pmid}", source.authors, source.title, source.year));
    }
    Ok(())
}

fn path(graph: &Graph, from: &str, to: &str, json: bool) -> anyhow::Result<()> {
    let (from, to) = (topic(graph, from)?, topic(graph, to)?);
    let steps = query::path(graph, &from, &to)
        .ok_or_else(|| BadInput(format!("nothing joins `{from}` and `{to}`; add an edge or choose others")))?;
    if json {
        say(serde_json::to_string_pretty(&steps)?);
    } else {
        say(drawn(&steps));
    }
    Ok(())
}

/// `disease:a —presents-with→ finding:b`.
fn drawn(steps: &[Step]) -> String {
    let parts = steps.iter().map(|step| match (step.relation, step.reversed) {
        (None, _) => step.topic.to_string(),
        (Some(relation), false) => format!("{} —{relation}→ ", step.topic),
        (Some(relation), true) => format!("{} ←{relation}— ", step.topic),
    });
    parts.collect()
}

fn search(graph: &Graph, text: &str, json: bool) -> anyhow::Result<()> {
    let wanted = knowledge_graph::normalise(text);
    if wanted.is_empty() {
        return Err(BadInput("nothing to search for; give a word in English or Chinese".to_owned()).into());
    }
    let holds = |text: &str| knowledge_graph::normalise(text).contains(&wanted);
    let mut found: Vec<TopicId> = graph
        .topics()
        .filter(|info| info.id.facet().is_none())
        .filter(|info| {
            let words = Language::ALL.into_iter().flat_map(|language| info.lay.get(language));
            [&info.name.en, &info.name.zh].into_iter().chain(words).any(|word| holds(word))
        })
        .map(|info| info.id)
        .collect();
    let named = Language::ALL.into_iter().flat_map(|language| graph.disease_by_text(text, language));
    found.extend(named.map(|named| TopicId::new(TopicKind::Disease, &named.disease.id)));
    found.sort();
    found.dedup();
    if json {
        say(serde_json::to_string_pretty(&found)?);
        return Ok(());
    }
    for id in found {
        let name = graph.topic(&id).map(|info| info.name).unwrap_or_default();
        say(format_args!("{id}  {} / {}", name.en, name.zh));
    }
    Ok(())
}
