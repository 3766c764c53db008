//! `anamnesis learner drills`: items as they would be asked, for a medical reader.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Args;
use knowledge_graph::{Graph, Language};

use crate::{
    cli::{BadInput, say},
    learner::drills::{DrillKind, Item, Key, Source},
};

/// Seeds tried for each item wanted: not every seed leads to one.
const TRIED: u64 = 40;

/// Arguments of `anamnesis learner drills`.
#[derive(Debug, Args)]
pub(super) struct DrillsArgs {
    /// next-question, discriminate, lay-words, order, ratio or best-answer; all when left out.
    #[arg(long = "type")]
    kind: Option<DrillKind>,
    /// How many of each.
    #[arg(long, default_value_t = 10)]
    count: usize,
    /// The first seed; the others follow it.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// en or zh; both when left out.
    #[arg(long)]
    language: Option<Language>,
    /// One item a line, as JSON.
    #[arg(long)]
    json: bool,
}

/// Prints items with key and explanation.
pub(super) fn run(args: &DrillsArgs) -> anyhow::Result<ExitCode> {
    let graph = Graph::embedded().map_err(|_| BadInput("the graph has errors; see `anamnesis graph check`".into()))?;
    let begun = Instant::now();
    let source = Source::new(graph);
    eprintln!("ready in {} ms", begun.elapsed().as_millis());
    for kind in DrillKind::ALL.into_iter().filter(|kind| args.kind.is_none_or(|wanted| wanted == *kind)) {
        let most = TRIED.saturating_mul(u64::try_from(args.count).unwrap_or(u64::MAX));
        let seeds = args.seed..args.seed.saturating_add(most);
        let begun = Instant::now();
        let mut slowest = Duration::ZERO;
        let made = |seed| {
            let begun = Instant::now();
            let item = source.generate(kind, seed);
            slowest = slowest.max(begun.elapsed());
            item
        };
        let items: Vec<Item> = seeds.filter_map(made).take(args.count).collect();
        let each = begun.elapsed().as_secs_f64() * 1000.0 / items.len().max(1) as f64;
        let last = items.last().map_or(0, |item| item.seed - args.seed + 1);
        eprintln!(
            "{kind}: {each:.1} ms an item, the slowest seed {:.1} ms; {} items from {last} seeds",
            slowest.as_secs_f64() * 1000.0,
            items.len()
        );
        if items.len() < args.count {
            eprintln!("{kind}: only {} of {} could be made from seed {} on", items.len(), args.count, args.seed);
        }
        for item in &items {
            if args.json {
                say(serde_json::to_string(item)?);
            } else {
                let languages =
                    Language::ALL.into_iter().filter(|one| args.language.is_none_or(|wanted| wanted == *one));
                languages.for_each(|language| say(written(graph, item, language)));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn written(graph: &Graph, item: &Item, language: Language) -> String {
    let mut lines = vec![
        format!("── {} {} (seed {})", item.kind, item.id, item.seed),
        item.stem.get(language).to_owned(),
        item.question.get(language).to_owned(),
    ];
    lines.extend(item.prompts.iter().enumerate().map(|(at, prompt)| format!("  {}. {}", at + 1, prompt.get(language))));
    let letter = |at: usize| char::from(b'A' + u8::try_from(at).unwrap_or(25).min(25));
    for (at, choice) in item.choices.iter().enumerate() {
        let mark = if item.key == Key::One(at) { '*' } else { ' ' };
        lines.push(format!("{mark} {}) {} — {}", letter(at), choice.text.get(language), choice.why.get(language)));
    }
    match &item.key {
        Key::One(_) => {}
        Key::Pairs(key) => {
            let pairs = key.iter().enumerate().map(|(at, choice)| format!("{}{}", at + 1, letter(*choice)));
            lines.push(format!("= {}", pairs.collect::<Vec<_>>().join(" ")));
        }
        Key::Order(key) => {
            let order = key.iter().map(|choice| letter(*choice).to_string());
            lines.push(format!("= {}", order.collect::<Vec<_>>().join(" > ")));
        }
    }
    lines.push(item.explanation.get(language).to_owned());
    lines.extend(
        item.sources.iter().filter_map(|id| graph.source(id)).map(|source| format!("  [{}]", source.citation())),
    );
    lines.join("\n")
}
