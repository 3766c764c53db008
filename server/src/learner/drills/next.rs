//! Which question next: the one whose answer is expected to tell most.

use knowledge_graph::{
    Bilingual, Graph, TopicId,
    format::{Disease, Evidence, Finding},
    query::{Differential, NextQuestion, Presence, differential, next_questions},
};

use super::{
    VIEWS,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    kin::{alike, topic},
    vignette::{Extent, Vignette, adult, typical, verified},
};

/// The key must tell this many times as much as any other option, in both views.
const LEAD: f64 = 2.0;
/// And at least this much, in bits, with all that is known.
const TELLING: f64 = 0.08;
/// Options.
const OPTIONS: usize = 4;
/// Of the differential, the diseases that a question is asked to tell apart.
const BELIEVED: usize = 4;

pub(super) fn draft(graph: &Graph, dice: &mut Dice) -> Option<Draft> {
    let diseases: Vec<&Disease> = graph.diseases().filter(|disease| adult(disease)).collect();
    let disease = *dice.pick(&diseases)?;
    let vignette = typical(graph, disease, &Extent { present: 1, examined: false }, dice)?;
    let [solid, full] = VIEWS.map(|view| next_questions(graph, &vignette.evidence, Some(vignette.patient), &view));
    let now = vignette.differential(graph, &VIEWS[1]);
    let best = full.first().filter(|best| best.information_gain_bits >= TELLING)?;
    let key = graph.finding(best.topic.name())?;
    let sources = sources(graph, &now, &vignette, key)?;
    let firm = gain(&solid, &best.topic);
    let mut options: Vec<(&Finding, f64)> = vec![(key, best.information_gain_bits)];
    for question in &full {
        let Some(finding) = graph.finding(question.topic.name()) else { continue };
        let clear = best.information_gain_bits >= LEAD * question.information_gain_bits
            && firm >= LEAD * gain(&solid, &question.topic);
        let apart = options.iter().all(|(other, _)| !alike(graph, other, finding));
        // One may always want to ask for a red flag first.
        if options.len() < OPTIONS && clear && apart && !finding.red_flag {
            options.push((finding, question.information_gain_bits));
        }
    }
    if options.len() < OPTIONS {
        return None;
    }
    dice.shuffle(&mut options);
    written(graph, key, &options, vignette, &now, sources)
}

fn gain(questions: &[NextQuestion], topic: &TopicId) -> f64 {
    questions.iter().find(|question| question.topic == *topic).map_or(0.0, |question| question.information_gain_bits)
}

/// The sources that say which of the likely diseases has the finding; `None` when nobody verified it.
fn sources(
    graph: &Graph,
    now: &Differential,
    vignette: &Vignette,
    key: &Finding,
) -> Option<std::collections::BTreeSet<String>> {
    let believed: Vec<&Disease> =
        now.posteriors.iter().take(BELIEVED).filter_map(|posterior| graph.disease(&posterior.disease)).collect();
    let edges = || believed.iter().flat_map(|disease| &disease.presents_with).filter(|edge| edge.finding == key.id);
    if edges().any(|edge| graph.evidence(&edge.provenance) == Evidence::Unverified) {
        return None;
    }
    let found: std::collections::BTreeSet<String> = edges()
        .filter(|edge| verified(graph, edge, vignette.patient))
        .filter_map(|edge| edge.provenance.source.clone())
        .collect();
    (!found.is_empty()).then_some(found)
}

fn question(finding: &Finding) -> Option<Bilingual> {
    Some(both(finding.questions.en.first()?, finding.questions.zh.first()?))
}

fn written(
    graph: &Graph,
    key: &Finding,
    options: &[(&Finding, f64)],
    vignette: Vignette,
    now: &Differential,
    sources: std::collections::BTreeSet<String>,
) -> Option<Draft> {
    let choices: Option<Vec<Choice>> = options
        .iter()
        .map(|(finding, bits)| {
            Some(Choice {
                text: question(finding)?,
                why: both(
                    format!("{}: expected to tell {bits:.2} bits", finding.name.en),
                    format!("{}：预期信息量 {bits:.2} 比特", finding.name.zh),
                ),
            })
        })
        .collect();
    let with = |presence| {
        let evidence: Vec<_> = vignette.evidence.iter().cloned().chain([(topic(key), presence)]).collect();
        leading(graph, &differential(graph, &evidence, Some(vignette.patient), &VIEWS[1]))
    };
    let (before, yes, no) = (leading(graph, now), with(Presence::Present), with(Presence::Absent));
    Some(Draft {
        question: both(
            "Which question would tell you most about the diagnosis now?",
            "此时问哪个问题对鉴别诊断帮助最大？",
        ),
        explanation: both(
            format!("Now: {}. If yes: {}. If no: {}.", before.en, yes.en, no.en),
            format!("目前：{}。若答“有”：{}。若答“没有”：{}。", before.zh, yes.zh, no.zh),
        ),
        choices: choices?,
        key: Key::One(options.iter().position(|(option, _)| option.id == key.id)?),
        prompts: Vec::new(),
        sources,
        topics: vec![topic(key)],
        stem: vignette.text,
    })
}

/// The three most probable, in words.
fn leading(graph: &Graph, now: &Differential) -> Bilingual {
    let first: Vec<(&Disease, f64)> = now
        .posteriors
        .iter()
        .take(3)
        .filter_map(|one| Some((graph.disease(&one.disease)?, (100.0 * one.probability).round())))
        .collect();
    let en: Vec<String> = first.iter().map(|(one, share)| format!("{} {share:.0} %", one.name.en)).collect();
    let zh: Vec<String> = first.iter().map(|(one, share)| format!("{} {share:.0}%", one.name.zh)).collect();
    both(en.join(", "), zh.join("，"))
}
