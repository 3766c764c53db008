//! `anamnesis case play`: a consultation in the terminal, or many from a file.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use cases::{Case, shown};
use clap::Args;
use knowledge_graph::{Graph, Language, TopicId};
use serde::Serialize;
use tokio::sync::mpsc;

use super::{graph, shipped};
use crate::{
    cli::{BadInput, block_on, grade::find_case, say},
    clock::SystemClock,
    config::{Config, ConfigArgs, SCRIPTED},
    encounter::{Answered, Exchange, LONGEST_TURN, Parts, PhrasingMode, Service},
    engine::Engines,
    store::{Store, TurnRecord},
    understanding::{DialogueAct, MatchMethod},
};

/// Before a case id, on a line of its own, begins a consultation with that case.
const ANOTHER_CASE: &str = "==";
/// After this long the facts' own sentences answer; as when serving.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

#[derive(Debug, Args)]
pub(super) struct PlayArgs {
    /// Case file (TOML) or id of a shipped case. Without it the first line of standard input names
    /// one: `== ID`.
    #[arg(value_name = "FILE|ID")]
    case: Option<String>,
    /// Language spoken, `en` or `zh`; English unless the case has only the other.
    #[arg(long)]
    language: Option<Language>,
    /// Print one JSON object a question: what was understood, decided and told.
    #[arg(long)]
    json: bool,
    /// Have the model phrase what it phrases when serving; otherwise the facts' own sentences stand.
    #[arg(long)]
    model: bool,
    /// Print with each question the features behind it, for training; see `server/training`.
    #[arg(long, hide = true, requires = "json")]
    features: bool,
    /// Seed of each consultation: decides among ways to say the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    config: ConfigArgs,
}

/// What a line of input does.
#[derive(Debug, PartialEq, Eq)]
enum Input<'a> {
    /// Begins a consultation with this shipped case.
    Another(&'a str),
    /// Begins the consultation anew.
    Anew,
    /// Is said to the patient.
    Said(&'a str),
}

impl Input<'_> {
    fn read(line: &str) -> Input<'_> {
        let line = line.trim();
        match line.strip_prefix(ANOTHER_CASE) {
            Some(id) => Input::Another(id.trim()),
            None if line.is_empty() => Input::Anew,
            None => Input::Said(line),
        }
    }
}

/// A consultation so far.
struct Consultation {
    case: Arc<Case>,
    language: Language,
    turns: Vec<TurnRecord>,
}

/// A topic as it was understood.
#[derive(Serialize)]
struct Heard<'a> {
    topic: &'a TopicId,
    score: f64,
    method: MatchMethod,
}

/// A fact, how likely it is asked for, its features, the reader's log-odds and what the reader read.
type AimLine<'a> = (&'a str, f64, &'a [f64], Option<f64>, &'a str);

/// One question and its answer, as printed with `--json`.
#[derive(Serialize)]
struct Line<'a> {
    case: &'a str,
    language: Language,
    question: &'a str,
    reply: &'a str,
    cue: Option<&'a str>,
    facts: &'a [String],
    policy: &'a str,
    act: DialogueAct,
    topics: Vec<Heard<'a>>,
    orders: &'a [String],
    mood: &'a str,
    trust: u8,
    check: &'a str,
    milliseconds: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aims: Vec<AimLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signs: Option<(&'a [DialogueAct], &'a [f32])>,
}

/// Runs `anamnesis case play`.
pub(super) fn run(args: &PlayArgs) -> anyhow::Result<ExitCode> {
    let case = args.case.as_deref().map(find_case).transpose()?;
    let consultation = case.map(|case| begin(case, args.language)).transpose()?;
    let config = args.config.resolve()?;
    let config = if args.model { config } else { Config { speech: SCRIPTED.to_owned(), ..config } };
    block_on(play(args, config, graph()?, consultation))
}

fn begin(case: Case, language: Option<Language>) -> Result<Consultation, BadInput> {
    let spoken = language.or(case.only).unwrap_or_default();
    if let Some(only) = case.only.filter(|only| *only != spoken) {
        return Err(BadInput(format!("`{}` is written in `{only}` only; leave out --language", case.id)));
    }
    Ok(Consultation { case: Arc::new(case), language: spoken, turns: Vec::new() })
}

async fn play(
    args: &PlayArgs,
    config: Config,
    graph: &'static Graph,
    consultation: Option<Consultation>,
) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("making a folder for a passing database")?;
    let service = service(config, graph, folder.path()).await?;
    let mut room = Room { args, graph, service, at_a_terminal: io::stdin().is_terminal(), consultation };
    room.introduce();
    for (number, line) in (1..).zip(io::stdin().lock().lines()) {
        let line = line.with_context(|| format!("reading line {number} of standard input"))?;
        room.take(number, &line).await?;
    }
    if room.at_a_terminal {
        say("");
    }
    Ok(ExitCode::SUCCESS)
}

/// Where consultations take place.
struct Room<'a> {
    args: &'a PlayArgs,
    graph: &'static Graph,
    service: Service,
    at_a_terminal: bool,
    consultation: Option<Consultation>,
}

impl Room<'_> {
    /// Does what line `number` of the input says.
    async fn take(&mut self, number: usize, line: &str) -> anyhow::Result<()> {
        let wrong = |what: String| BadInput(format!("line {number}: {what}"));
        match Input::read(line) {
            Input::Another(id) => {
                let case = shipped()?.iter().find(|case| case.id == id).cloned();
                let unknown = || wrong(format!("there is no shipped case `{id}`; see `anamnesis case list`"));
                self.consultation = Some(begin(case.ok_or_else(unknown)?, self.args.language)?);
                self.introduce();
                return Ok(());
            }
            Input::Anew if self.at_a_terminal => {}
            Input::Anew => self.consultation.iter_mut().for_each(|consultation| consultation.turns.clear()),
            Input::Said(said) => {
                let length = said.chars().count();
                if length > LONGEST_TURN {
                    return Err(wrong(format!("{length} characters; the most is {LONGEST_TURN}")).into());
                }
                let nobody = || wrong("nobody is there; begin with a line `== ID`, or name a case".to_owned());
                let consultation = self.consultation.as_mut().ok_or_else(nobody)?;
                let answered = ask(&self.service, consultation, said, self.args.seed).await;
                if self.args.json {
                    say(serde_json::to_string(&line_of(consultation, said, &answered, self.args.features))?);
                } else {
                    tell(self.graph, consultation, &answered);
                }
            }
        }
        self.prompt();
        Ok(())
    }

    /// The door, the patient, and how to go on.
    fn introduce(&self) {
        let Some(Consultation { case, language, .. }) = self.consultation.as_ref().filter(|_| !self.args.json) else {
            return;
        };
        say(case.door_note.get(*language));
        say(case.appearance.get(*language));
        say(match language {
            Language::En => "— Ask one question a line. Ctrl-D ends. —",
            Language::Zh => "——一行问一句，按 Ctrl-D 结束。——",
        });
        self.prompt();
    }

    fn prompt(&self) {
        if self.at_a_terminal && !self.args.json {
            let mut out = io::stdout();
            let _closed = write!(out, "> ").and_then(|()| out.flush());
        }
    }
}

async fn service(config: Config, graph: &'static Graph, folder: &std::path::Path) -> anyhow::Result<Service> {
    let store = Store::open(folder.join("play.db")).await?;
    let started = tokio::task::spawn_blocking(move || Engines::start(&config, graph)).await??;
    Ok(Service::new(Parts {
        graph,
        store,
        matcher: started.matcher,
        engine: started.speech,
        clock: Arc::new(SystemClock),
        places: 1,
        phrasing: PhrasingMode::AsNeeded,
        deadline: LONGEST_WAIT,
    }))
}

/// Says `said` to the patient, and remembers it.
async fn ask(service: &Service, consultation: &mut Consultation, said: &str, seed: u64) -> Answered {
    let (nobody, unheard) = mpsc::channel(1);
    drop(unheard);
    let Consultation { case, language, turns } = consultation;
    let answered = service.reply(&Exchange { case, language: *language, seed, earlier: turns, said }, &nobody).await;
    let index = u32::try_from(turns.len()).unwrap_or(u32::MAX);
    turns.push(TurnRecord {
        index,
        key: index.to_string(),
        said: said.to_owned(),
        said_at: answered.reply.at,
        reply: Some(answered.reply.clone()),
    });
    answered
}

fn line_of<'a>(consultation: &'a Consultation, said: &'a str, answered: &'a Answered, features: bool) -> Line<'a> {
    let Answered { understood, aims, signs, orders, reply } = answered;
    let aims = aims.iter().filter(|_| features);
    let heard = understood.topics().into_iter();
    Line {
        case: &consultation.case.id,
        language: consultation.language,
        question: said,
        reply: &reply.text,
        cue: reply.cue.as_deref(),
        facts: &reply.facts,
        policy: &reply.policy,
        act: understood.act,
        topics: heard.map(|hit| Heard { topic: &hit.topic, score: hit.score, method: hit.method }).collect(),
        orders,
        mood: &reply.mood,
        trust: reply.trust,
        check: &reply.check,
        milliseconds: reply.total_ms,
        signs: features.then_some((signs.acts.as_slice(), signs.vector.as_slice())),
        aims: aims
            .map(|aim| (aim.fact.as_str(), aim.probability, aim.features.as_slice(), aim.read, &*aim.item))
            .collect(),
    }
}

/// The reply, and what was ordered shows.
fn tell(graph: &Graph, consultation: &Consultation, Answered { orders, reply, .. }: &Answered) {
    let Consultation { case, language, .. } = consultation;
    let cue = reply.cue.as_ref().map(|cue| match language {
        Language::En => format!("({cue}) "),
        Language::Zh => format!("（{cue}）"),
    });
    say(format_args!("{}{}", cue.unwrap_or_default(), reply.text));
    for order in orders {
        let name = graph.test(order).map_or(order.as_str(), |test| test.name.get(*language));
        if let Some(result) = shown(case, graph, order) {
            say(format_args!("[{name}] {}", result.get(*language)));
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::config::{NONE, Settings};

    #[rstest]
    #[case::a_question(" Any fever? ", &Input::Said("Any fever?"))]
    #[case::another_case("== cough-guo-78", &Input::Another("cough-guo-78"))]
    #[case::anew("  ", &Input::Anew)]
    fn a_line_is_said_or_begins_a_consultation(#[case] line: &str, #[case] expected: &Input<'_>) {
        assert_eq!(&Input::read(line), expected);
    }

    #[tokio::test]
    async fn a_consultation_goes_on_from_question_to_question() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            speech: Some(SCRIPTED.to_owned()),
            embedding: Some(NONE.to_owned()),
            models: Some(folder.path().to_owned()),
            ..Settings::default()
        };
        let config = ConfigArgs { settings, ..ConfigArgs::default() }.resolve().unwrap();
        let service = service(config, graph().unwrap(), folder.path()).await.unwrap();
        let case = shipped().unwrap().iter().find(|case| case.id == "headache-halvorsen-73").unwrap();
        let mut consultation = begin(case.clone(), None).unwrap();

        let mut told = Vec::new();
        for said in ["What brings you in today?", "Where exactly is it?"] {
            told.push(ask(&service, &mut consultation, said, 1).await.reply.facts);
        }

        assert_eq!(told, [["headache"], ["site"]]);
    }
}
