//! A differential to be put in order.

use std::collections::BTreeSet;

use knowledge_graph::{Bilingual, format::Disease, query::Differential};

use super::{
    VIEWS,
    best::THOUGHT_OF,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    reasons::{falls_behind, leads},
    stock::{Stock, topic},
    vignette::{Vignette, typical},
    wording::percent,
};

/// Each disease must be this many times as probable as the next.
const GAP: f64 = 2.0;
/// And by this much more probable.
const POINTS: f64 = 0.02;
/// With verified figures alone it must still be this many times as probable.
const FIRM_GAP: f64 = 1.25;
/// The first must be at least this probable.
const FIRST: f64 = 0.3;
/// Diseases to order.
const COUNT: usize = 4;
/// Symptoms told, the complaint included.
const TOLD: std::ops::RangeInclusive<usize> = 2..=3;

pub(super) fn draft(stock: &Stock<'_>, dice: &mut Dice) -> Option<Draft> {
    let disease = *dice.pick(&stock.adults)?;
    let mut vignette = typical(stock, disease, false, dice)?;
    while vignette.present.len() < *TOLD.end() && vignette.tell_more(stock) {
        let early = vignette.differential(stock, &VIEWS[1]);
        if vignette.absent.is_empty() {
            let rivals = vignette.rivals(stock, disease, &early);
            let likely: Vec<&Disease> = rivals.into_iter().skip(1).map(|(one, _)| one).take(COUNT).collect();
            vignette.deny(stock, disease, &likely);
        }
        let views = VIEWS.map(|view| vignette.differential(stock, &view));
        let ranked = ranked(stock, disease, &vignette, &views);
        if ranked.len() == COUNT {
            return written(stock, &ranked, &vignette, &views[1], dice);
        }
    }
    None
}

/// The disease, when it leads all others, and after it those of its differential that stand clearly
/// apart from each other in both views.
fn ranked<'g>(
    stock: &Stock<'g>,
    disease: &'g Disease,
    vignette: &Vignette<'g>,
    [solid, full]: &[Differential; 2],
) -> Vec<&'g Disease> {
    let share = |view: &Differential, one: &Disease| view.of(&one.id).map_or(0.0, |one| one.probability);
    let first = full.posteriors.first().is_some_and(|first| first.disease == disease.id);
    let mut ranked = vec![disease];
    if !first || share(full, disease) < FIRST {
        return ranked;
    }
    for (other, probability) in vignette.rivals(stock, disease, full) {
        let Some(last) = ranked.last() else { break };
        let before = share(full, last);
        let apart = before >= GAP * probability
            && before - probability >= POINTS
            && share(solid, last) >= FIRM_GAP * share(solid, other);
        let unrelated = ranked.iter().all(|one| !stock.related(one, other));
        if ranked.len() < COUNT && apart && unrelated && probability >= THOUGHT_OF {
            ranked.push(other);
        }
    }
    ranked
}

fn written(
    stock: &Stock<'_>,
    ranked: &[&Disease],
    vignette: &Vignette<'_>,
    view: &Differential,
    dice: &mut Dice,
) -> Option<Draft> {
    let first = ranked.first()?;
    let mut sources: BTreeSet<String> = vignette.sources.clone();
    let share = |one: &Disease| percent(view.of(&one.id).map_or(0.0, |one| one.probability));
    let leading = leads(stock, first, vignette, view)?;
    let order = both(
        ranked.iter().map(|one| format!("{} {}", one.name.en, share(one))).collect::<Vec<_>>().join(" > "),
        ranked.iter().map(|one| format!("{} {}", one.name.zh, share(one))).collect::<Vec<_>>().join(" ＞ "),
    );
    let mut shown: Vec<usize> = (0..ranked.len()).collect();
    dice.shuffle(&mut shown);
    let choices: Option<Vec<Choice>> = shown
        .iter()
        .map(|rank| {
            let one = *ranked.get(*rank)?;
            let why = match rank.checked_sub(1).and_then(|before| ranked.get(before)) {
                None => both(format!("First: {}.", share(one)), format!("第一位：{}。", share(one))),
                Some(before) => placed(*rank, falls_behind(stock, before, one, vignette, view, &mut sources)?),
            };
            Some(Choice { text: one.name.clone(), why })
        })
        .collect();
    Some(Draft {
        stem: vignette.text(),
        question: both(
            "Put these four diagnoses in order, the most likely first.",
            "请将下列四项诊断按可能性由高到低排序。",
        ),
        choices: choices?,
        key: Key::Order((0..ranked.len()).filter_map(|rank| shown.iter().position(|at| *at == rank)).collect()),
        explanation: both(format!("{}. {}", order.en, leading.en), format!("{}。{}", order.zh, leading.zh)),
        prompts: Vec::new(),
        sources,
        topics: vec![topic(vignette.complaint)],
    })
}

fn placed(rank: usize, why: Bilingual) -> Bilingual {
    let at = rank + 1;
    both(format!("No. {at}. {}", why.en), format!("第{at}位。{}", why.zh))
}
