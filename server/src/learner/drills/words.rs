//! Which term a patient's own words mean.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual, Graph, Language, Mentions, TopicKind,
    format::{Disease, Evidence, Finding, FindingKind, PresentsWith},
};

use super::{
    dice::Dice,
    item::{Choice, Draft, Key, both},
    kin::{alike, shares, topic},
};

/// Sentences to match.
const PROMPTS: usize = 4;
/// Terms to choose from: one stays over, so that the last pair is no gift.
const TERMS: usize = 5;

struct Said<'g> {
    finding: &'g Finding,
    words: Bilingual,
    source: String,
}

pub(super) fn draft(graph: &Graph, mentions: &Mentions, dice: &mut Dice) -> Option<Draft> {
    let mut edges: Vec<(&Disease, &PresentsWith)> = graph
        .diseases()
        .filter(|disease| disease.epidemiology.months.is_none())
        .flat_map(|disease| disease.presents_with.iter().map(move |edge| (disease, edge)))
        .filter(|(_, edge)| graph.evidence(&edge.provenance) != Evidence::Unverified)
        .collect();
    dice.shuffle(&mut edges);
    let mut chosen: Vec<Said<'_>> = Vec::new();
    for (_, edge) in edges {
        if chosen.len() == TERMS {
            break;
        }
        let Some(said) = said(graph, mentions, edge, dice) else { continue };
        let of_one_system = chosen.first().is_none_or(|first| first.finding.system == said.finding.system);
        let apart = chosen.iter().all(|other| {
            !alike(graph, other.finding, said.finding)
                && !shares(&other.words, &said.finding.name)
                && !shares(&said.words, &other.finding.name)
        });
        if of_one_system && apart {
            chosen.push(said);
        }
    }
    if chosen.len() < TERMS {
        return None;
    }
    let mut shown: Vec<usize> = (0..TERMS).collect();
    dice.shuffle(&mut shown);
    let choices = shown.iter().filter_map(|at| chosen.get(*at)).map(|said| Choice {
        text: said.finding.name.clone(),
        why: both(format!("“{}”", said.words.en), format!("“{}”", said.words.zh)),
    });
    let asked = &chosen[..PROMPTS];
    Some(Draft {
        stem: both("Patients say:", "患者这样说："),
        question: both("Which term does each mean? One term is left over.", "每句话对应哪个术语？有一个术语是多余的。"),
        choices: choices.collect(),
        key: Key::Pairs((0..PROMPTS).filter_map(|at| shown.iter().position(|place| *place == at)).collect()),
        explanation: both(
            "Each sentence names one finding and no other on the list.",
            "每句话只对应列表中的一个术语。",
        ),
        prompts: asked.iter().map(|said| said.words.clone()).collect(),
        sources: asked.iter().map(|said| said.source.clone()).collect(),
        topics: asked.iter().map(|said| topic(said.finding)).collect(),
    })
}

/// What a patient says of the finding, in both languages, when it means the finding and no other,
/// and does not use the term itself.
fn said<'g>(graph: &'g Graph, mentions: &Mentions, edge: &PresentsWith, dice: &mut Dice) -> Option<Said<'g>> {
    let finding = graph.finding(&edge.finding).filter(|finding| finding.kind == FindingKind::Symptom)?;
    let (en, zh) = (&edge.tells.en, &edge.tells.zh);
    // Lists of one length are pairs.
    let at = (en.len() == zh.len()).then(|| dice.index(en.len()))?;
    let words = both(en.get(at)?, zh.get(at)?);
    let clear = !shares(&words, &finding.name)
        && Language::ALL.iter().all(|language| means(graph, mentions, &words, *language, finding));
    clear.then(|| Some(Said { finding, words, source: edge.provenance.source.clone()? }))?
}

/// Whether the words name the finding, and besides it only broader ones.
fn means(graph: &Graph, mentions: &Mentions, words: &Bilingual, language: Language, finding: &Finding) -> bool {
    let found = mentions.in_text(words.get(language), language);
    if found.iter().any(|mention| mention.negated) {
        return false;
    }
    let named: BTreeSet<_> = found
        .into_iter()
        .map(|mention| mention.topic.node())
        .filter(|topic| topic.kind() == TopicKind::Finding)
        .collect();
    named.contains(&topic(finding)) && named.iter().all(|other| graph.is_a(&topic(finding), other))
}
