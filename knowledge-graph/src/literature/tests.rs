//! Sentences with what is to be proposed of each, and what holds of every text.

use std::{fmt::Write as _, sync::LazyLock};

use proptest::prelude::*;

use super::{
    Assumption, Claim, Completion, Confidence, End, Entry, EntryError, Extractor, LinkKind, NewFinding, Proposal,
    Standing, Values, source_file, verify,
};
use crate::{
    Bilingual, BilingualList, Graph, OverlayFile, TopicId,
    format::{Evidence, FindingKind, Frequency, Source},
};

fn graph() -> &'static Graph {
    Graph::embedded().unwrap()
}

fn extractor() -> &'static Extractor<'static> {
    static EXTRACTOR: LazyLock<Extractor<'static>> = LazyLock::new(|| Extractor::new(graph()));
    &EXTRACTOR
}

/// "presents-with gout finding:fever f=0.34", as in the tables.
fn written(claim: &Claim) -> String {
    let mut text = format!("{} {} ", claim.link.as_str(), claim.disease);
    match &claim.other {
        End::Known(topic) => text.push_str(&topic.to_string()),
        End::Unknown(words) => write!(text, "\"{words}\"").unwrap(),
    }
    let values = &claim.values;
    match &values.frequency {
        Some(Frequency::Point(value)) => write!(text, " f={value}").unwrap(),
        Some(Frequency::Range([low, high])) => write!(text, " f={low}..{high}").unwrap(),
        Some(Frequency::Count(count)) => write!(text, " f={count}").unwrap(),
        None => {}
    }
    let numbers = [
        ("se", values.sensitivity),
        ("sp", values.specificity),
        ("lr+", values.lr_positive),
        ("lr-", values.lr_negative),
        ("rr", values.strength),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            write!(text, " {name}={value}").unwrap();
        }
    }
    if let Some(role) = &values.role {
        write!(text, " role={role}").unwrap();
    }
    text
}

/// One line of a table: title, text, what is to be proposed.
fn lines(table: &str) -> Vec<(String, String, Vec<String>)> {
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (text, expected) = line.split_once(" => ").unwrap_or_else(|| panic!("no `=>` in {line}"));
            let (title, text) = match text.strip_prefix(['[', '【']) {
                Some(rest) => rest.split_once([']', '】']).unwrap(),
                None => ("", text),
            };
            let expected = expected.split("; ").filter(|claim| *claim != "-").map(str::to_owned).collect();
            (title.to_owned(), text.trim().replace("\\n", "\n"), expected)
        })
        .collect()
}

fn proposed(title: &str, text: &str) -> Vec<String> {
    let mut claims: Vec<String> = extractor().extract(title, text).iter().map(|one| written(&one.claim)).collect();
    claims.sort();
    claims
}

/// Every line that is read otherwise than the table says.
fn misread(table: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (title, text, mut expected) in lines(table) {
        expected.sort();
        let found = proposed(&title, &text);
        if found != expected {
            wrong.push(format!("{text}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    wrong
}

#[test]
fn english_sentences_are_read_as_the_table_says() {
    let table = include_str!("sentences.en.txt");
    assert!(lines(table).len() >= 60);
    let wrong = misread(table);
    assert!(wrong.is_empty(), "{} misread:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn chinese_sentences_are_read_as_the_table_says() {
    let table = include_str!("sentences.zh.txt");
    assert!(lines(table).len() >= 60);
    let wrong = misread(table);
    assert!(wrong.is_empty(), "{} misread:\n{}", wrong.len(), wrong.join("\n"));
}
