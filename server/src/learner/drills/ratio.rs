//! What a likelihood ratio does to a probability.

use knowledge_graph::{
    Bilingual, Graph,
    format::{Disease, Evidence, PresentsWith},
    lower_first,
};

use super::{
    dice::Dice,
    item::{Choice, Draft, Key, both},
    kin::{hints, topic},
};

/// Pre-test probabilities.
const BEFORE: [f64; 6] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5];
/// Ends of the bands, as probabilities.
const ENDS: [f64; 6] = [0.0, 0.05, 0.2, 0.5, 0.8, 1.0];
/// The post-test probability is at least this far from the end of its band.
const CLEAR: f64 = 0.03;
/// A ratio nearer to 1 than this teaches nothing.
const TELLING: f64 = 1.5;

pub(super) fn draft(graph: &Graph, dice: &mut Dice) -> Option<Draft> {
    let edges: Vec<(&Disease, &PresentsWith)> = graph
        .diseases()
        .flat_map(|disease| disease.presents_with.iter().map(move |edge| (disease, edge)))
        .filter(|(_, edge)| {
            graph.evidence(&edge.provenance) != Evidence::Unverified && edge.provenance.source.is_some()
        })
        .filter(|(_, edge)| edge.lr_positive.is_some() || edge.lr_negative.is_some())
        .collect();
    let (disease, edge) = *dice.pick(&edges)?;
    let finding = graph.finding(&edge.finding)?;
    if hints(&finding.name, disease) {
        return None;
    }
    let ratios: Vec<(bool, f64)> = [(true, edge.lr_positive), (false, edge.lr_negative)]
        .into_iter()
        .filter_map(|(is, lr)| Some((is, lr?)))
        .collect();
    let (present, lr) = *dice.pick(&ratios)?;
    if lr <= 0.0 || (1.0 / TELLING < lr && lr < TELLING) {
        return None;
    }
    let before = *dice.pick(&BEFORE)?;
    let after = updated(before, lr);
    let band = ENDS.windows(2).position(|ends| {
        let low = if ends[0] == 0.0 { 0.0 } else { ends[0] + CLEAR };
        let high = if (ends[1] - 1.0).abs() < f64::EPSILON { 1.0 } else { ends[1] - CLEAR };
        (low..=high).contains(&after)
    })?;
    // Below 5 % the clear part of the band would be too small to be asked often; half of it will do.
    Some(written(disease, &finding.name, edge, Case { present, lr, before, after, band }, topic(finding)))
}

/// Bayes' rule in odds: post-test odds = pre-test odds × likelihood ratio.
fn updated(before: f64, lr: f64) -> f64 {
    let odds = before / (1.0 - before) * lr;
    odds / (1.0 + odds)
}

struct Case {
    present: bool,
    lr: f64,
    before: f64,
    after: f64,
    band: usize,
}

fn written(
    disease: &Disease,
    finding: &Bilingual,
    edge: &PresentsWith,
    case: Case,
    topic: knowledge_graph::TopicId,
) -> Draft {
    let Case { present, lr, before, after, band } = case;
    let (disease_en, finding_en) = (lower_first(&disease.name.en), lower_first(&finding.en));
    let (sign, is_en, is_zh) =
        if present { ("LR+", "present", "阳性（有）") } else { ("LR−", "absent", "阴性（无）") };
    let stem = both(
        format!(
            "Before you look for it, you put the probability of {disease_en} at {:.0} %. This finding is {is_en}: \
             {finding_en} ({sign} {lr}).",
            100.0 * before
        ),
        format!(
            "检查前你估计「{}」的概率为 {:.0}%。随后得知「{}」{is_zh}（{sign} {lr}）。",
            disease.name.zh,
            100.0 * before,
            finding.zh
        ),
    );
    let choices = ENDS.windows(2).enumerate().map(|(at, ends)| {
        let (low, high) = (100.0 * ends[0], 100.0 * ends[1]);
        let text = match at {
            0 => both(format!("Below {high:.0} %"), format!("低于 {high:.0}%")),
            4 => both(format!("Above {low:.0} %"), format!("高于 {low:.0}%")),
            _ => both(format!("{low:.0} to {high:.0} %"), format!("{low:.0}%～{high:.0}%")),
        };
        let why = if at == band {
            both("the computed probability lies here", "计算结果落在此区间")
        } else {
            both("the computed probability lies elsewhere", "计算结果不在此区间")
        };
        Choice { text, why }
    });
    let (odds, then) = (before / (1.0 - before), after / (1.0 - after));
    Draft {
        stem,
        question: both("How probable is it now?", "现在的概率约为多少？"),
        choices: choices.collect(),
        key: Key::One(band),
        explanation: both(
            format!(
                "Odds before: {before:.2} ÷ {:.2} = {odds:.2}. Times {lr} is {then:.2}. As a probability: {then:.2} ÷ \
                 {:.2} = {:.0} %. The ratio holds for patients such as those of the study.",
                1.0 - before,
                1.0 + then,
                100.0 * after
            ),
            format!(
                "验前比：{before:.2}÷{:.2}＝{odds:.2}；乘以 {lr} 得 {then:.2}；换算为概率：{then:.2}÷{:.2}＝{:.0}%。该似然比适用于与研究人群相似的患者。",
                1.0 - before,
                1.0 + then,
                100.0 * after
            ),
        ),
        prompts: Vec::new(),
        sources: edge.provenance.source.clone().into_iter().collect(),
        topics: vec![topic],
    }
}
