//! `anamnesis graph propose`: what a text proposes for the graph.

use std::{fs, path::Path};

use knowledge_graph::{
    Graph,
    literature::{End, Proposal, Values},
};

use super::super::{BadInput, say};
use crate::literature::{self, LiteratureError};

pub(super) fn run(graph: &Graph, file: &Path, title: &str, json: bool) -> anyhow::Result<()> {
    let blame = |error: &dyn std::fmt::Display| BadInput(format!("{}: {error}", file.display()));
    let bytes = fs::read(file).map_err(|error| blame(&error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let pdf = error.as_bytes().starts_with(b"%PDF");
        blame(if pdf { &LiteratureError::Pdf } else { &LiteratureError::NotUtf8 })
    })?;
    let proposals = literature::propose(graph, title, &text).map_err(|error| blame(&error))?;
    if json {
        say(serde_json::to_string_pretty(&proposals)?);
        return Ok(());
    }
    proposals.iter().for_each(show);
    eprintln!("{} proposals", proposals.len());
    Ok(())
}

fn show(proposal: &Proposal) {
    let Proposal { claim, quotation, standing, assumptions, confidence } = proposal;
    let other = match &claim.other {
        End::Known(topic) => topic.to_string(),
        End::Unknown(words) => format!("\"{words}\" (not in the graph)"),
    };
    let (link, disease) = (claim.link.as_str(), &claim.disease);
    let sure = confidence.as_str();
    say(format_args!("{link}: disease:{disease} - {other}{} [{}, {sure}]", numbers(&claim.values), standing.as_str()));
    if !assumptions.is_empty() {
        let named: Vec<&str> = assumptions.iter().map(|one| one.as_str()).collect();
        say(format_args!("    taken for granted: {}", named.join(", ")));
    }
    say(format_args!("    {}-{}: \"{}\"", quotation.start, quotation.end, quotation.text.replace('\n', " ")));
}

fn numbers(values: &Values) -> String {
    let frequency = values.frequency.as_ref();
    let frequency = frequency.map(|value| format!(", frequency {}", literature::frequency_in_words(value)));
    let ratios =
        [("LR+", values.lr_positive), ("LR-", values.lr_negative), ("relative risk or odds ratio", values.strength)];
    let ratios = ratios.into_iter().filter_map(|(name, ratio)| Some(format!(", {name} {}", ratio?)));
    let role = values.role.as_ref().map(|role| format!(", {role}"));
    frequency.into_iter().chain(ratios).chain(role).collect()
}
