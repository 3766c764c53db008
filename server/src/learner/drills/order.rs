//! A differential to be put in order.

use knowledge_graph::{Graph, format::Disease};

use super::{
    VIEWS,
    best::differentials,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    kin::{hints, related},
    vignette::{Extent, adult, plausible, typical},
};

/// Each disease must be this many times as probable as the next, in both views.
const GAP: f64 = 3.0;
/// Below this nobody would list it.
const LISTED: f64 = 0.002;
/// Diseases to order.
const COUNT: usize = 4;

pub(super) fn draft(graph: &Graph, dice: &mut Dice) -> Option<Draft> {
    let diseases: Vec<&Disease> = graph.diseases().filter(|disease| adult(disease)).collect();
    let disease = *dice.pick(&diseases)?;
    let others = differentials(graph, disease);
    let vignette = typical(graph, disease, &Extent { present: 2, examined: false }, dice)?;
    let vignette = vignette.without(graph, disease, &others, dice);
    let [solid, full] = VIEWS.map(|view| vignette.differential(graph, &view));
    let told: Vec<_> = vignette.evidence.iter().filter_map(|(topic, _)| graph.finding(topic.name())).collect();
    let mut ranked: Vec<(&Disease, f64)> = Vec::new();
    for posterior in &full.posteriors {
        let Some(one) = graph.disease(&posterior.disease) else { continue };
        let Some(firm) = solid.of(&one.id).map(|one| one.probability) else { continue };
        let clear = ranked.last().is_none_or(|(last, probability)| {
            let before = solid.of(&last.id).map_or(0.0, |last| last.probability);
            *probability >= GAP * posterior.probability && before >= GAP * firm
        });
        let admitted = posterior.probability >= LISTED && adult(one) && plausible(one, vignette.patient);
        let apart = ranked.iter().all(|(other, _)| !related(other, one));
        let hinted = told.iter().any(|finding| hints(&finding.name, one));
        if ranked.len() < COUNT && admitted && clear && apart && !hinted {
            ranked.push((one, posterior.probability));
        }
    }
    // The patient must be one whose diagnosis leads: an order led by something else teaches it of nobody.
    if ranked.len() < COUNT || ranked.first().is_none_or(|(first, _)| first.id != disease.id) {
        return None;
    }
    let leading = full.posteriors.first().is_some_and(|first| first.disease == disease.id);
    if !leading {
        return None;
    }
    let mut shown: Vec<usize> = (0..COUNT).collect();
    dice.shuffle(&mut shown);
    let choices = shown.iter().filter_map(|rank| ranked.get(*rank)).map(|(one, probability)| Choice {
        text: one.name.clone(),
        why: both(
            format!("about {} in this teaching model", percent(*probability)),
            format!("教学模型中约 {}", percent(*probability)),
        ),
    });
    let key = (0..COUNT).filter_map(|rank| shown.iter().position(|at| *at == rank)).collect();
    Some(Draft {
        question: both(
            "Put these in order, the most likely first. Only these four are to be ranked.",
            "请按可能性从高到低排列（只排这四项）。",
        ),
        choices: choices.collect(),
        key: Key::Order(key),
        explanation: both(
            format!(
                "{} The order joins what was found with how common each disease is at this age and sex; how common \
                 is estimated, so only diseases at least three times apart are compared.",
                disease.summary.en
            ),
            format!(
                "{}排序综合了所见与各病在该年龄、性别中的常见程度；常见程度为估计值，因此只比较可能性相差三倍以上的疾病。",
                disease.summary.zh
            ),
        ),
        prompts: Vec::new(),
        sources: vignette.sources,
        topics: vignette.evidence.iter().map(|(topic, _)| topic.clone()).take(1).collect(),
        stem: vignette.text,
    })
}

fn percent(probability: f64) -> String {
    let percent = 100.0 * probability;
    if percent < 1.0 { "<1%".to_owned() } else { format!("{percent:.0}%") }
}
