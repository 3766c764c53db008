//! The answers of `anamnesis graph`, for people or as JSON.

use knowledge_graph::{
    Graph,
    hpo::{self, Join, RareLayer, RareOptions},
    query::{self, Contribution, Presence, Step},
};

use super::{
    super::{BadInput, say},
    arguments::Picture,
    rare,
};
use crate::explore::{AskedError, disease_id, topic};

pub(super) fn stats(graph: &Graph, layer: Option<&RareLayer>, json: bool) -> anyhow::Result<()> {
    let stats = graph.stats();
    let rare = layer.map(RareLayer::stats);
    if json {
        let mut all = serde_json::to_value(&stats)?;
        if let (Some(rare), Some(all)) = (rare, all.as_object_mut()) {
            all.insert("rare".to_owned(), serde_json::to_value(rare)?);
        }
        say(serde_json::to_string_pretty(&all)?);
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
    if let Some(rare) = rare {
        say("rare diseases, imported");
        for (what, count) in [
            ("diseases", rare.diseases),
            ("cross-listed", rare.cross_listed),
            ("annotations", rare.annotations),
            ("with a frequency", rare.with_frequency),
            ("citing PubMed", rare.with_pubmed),
            ("denied (NOT)", rare.excluded),
            ("terms", rare.terms),
            ("terms in Chinese", rare.terms_in_chinese),
        ] {
            say(format_args!("  {what:<20} {count:>6}"));
        }
        say(rare.credit);
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "a mapping of errors")]
fn bad(error: AskedError) -> BadInput {
    BadInput(error.to_string())
}

pub(super) fn differential(graph: &Graph, picture: &Picture, top: usize, json: bool) -> anyhow::Result<()> {
    let evidence = picture.evidence(graph).map_err(bad)?;
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

pub(super) fn rare_differential(
    graph: &Graph,
    layer: &RareLayer,
    picture: &Picture,
    options: &RareOptions,
    json: bool,
) -> anyhow::Result<()> {
    let (topics, terms) = picture.evidence_with_terms(graph, layer).map_err(bad)?;
    let result = hpo::rare_differential(&Join::new(graph, layer), &topics, &terms, picture.patient(), options);
    if json {
        say(serde_json::to_string_pretty(&result)?);
    } else {
        rare::differential(&result);
    }
    Ok(())
}

pub(super) fn explained(contribution: &Contribution) -> String {
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

pub(super) fn next(graph: &Graph, picture: &Picture, top: usize, json: bool) -> anyhow::Result<()> {
    let evidence = picture.evidence(graph).map_err(bad)?;
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

pub(super) fn rare_next(
    graph: &Graph,
    layer: &RareLayer,
    picture: &Picture,
    options: &RareOptions,
    json: bool,
) -> anyhow::Result<()> {
    let (topics, terms) = picture.evidence_with_terms(graph, layer).map_err(bad)?;
    let join = Join::new(graph, layer);
    let mut questions = hpo::rare_next_questions(&join, &topics, &terms, picture.patient(), options);
    questions.truncate(options.top);
    if json {
        let all = serde_json::json!({ "questions": questions, "credit": layer.release().credit() });
        say(serde_json::to_string_pretty(&all)?);
    } else {
        rare::questions(graph, layer, &questions);
    }
    Ok(())
}

pub(super) fn why(graph: &Graph, about: &str, of: &str, json: bool) -> anyhow::Result<()> {
    let (about, of) = (topic(graph, about).map_err(bad)?, disease_id(graph, of).map_err(bad)?);
    let reason = query::why(graph, &about, of).ok_or_else(|| bad(AskedError::NeverAsked(about)))?;
    if json {
        say(serde_json::to_string_pretty(&reason)?);
        return Ok(());
    }
    say(&reason.sentence.en);
    say(&reason.sentence.zh);
    say(drawn(&reason.path));
    for source in reason.sources.iter().filter_map(|id| graph.source(id)) {
        let pmid = source.pmid.map(|pmid| format!(" PMID {pmid}.")).unwrap_or_default();
        say(format_args!("{}.{pmid}", source.citation()));
    }
    Ok(())
}

pub(super) fn path(graph: &Graph, from: &str, to: &str, json: bool) -> anyhow::Result<()> {
    let (from, to) = (topic(graph, from).map_err(bad)?, topic(graph, to).map_err(bad)?);
    let steps = query::path(graph, &from, &to).ok_or_else(|| bad(AskedError::Unjoined(from, to)))?;
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

pub(super) fn search(
    graph: &Graph,
    layer: Option<&RareLayer>,
    text: &str,
    top: usize,
    json: bool,
) -> anyhow::Result<()> {
    if knowledge_graph::normalise(text).is_empty() {
        return Err(BadInput("nothing to search for; give a word in English or Chinese".to_owned()).into());
    }
    let found = graph.search(text);
    let hits = layer.map(|layer| layer.search(text)).unwrap_or_default();
    if json {
        let ids = found.iter().map(ToString::to_string).chain(hits.iter().take(top).map(rare::id));
        say(serde_json::to_string_pretty(&ids.collect::<Vec<_>>())?);
        return Ok(());
    }
    for id in found {
        let name = graph.topic(&id).map(|info| info.name).unwrap_or_default();
        say(format_args!("{id}  {} / {}", name.en, name.zh));
    }
    if let Some(layer) = layer {
        rare::hits(graph, layer, &hits, top);
    }
    Ok(())
}
