//! A differential to be put in order.

use std::collections::BTreeSet;

use knowledge_graph::{Bilingual, format::Disease, query::Differential};

use super::{
    VIEWS,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    reasons::{falls_behind, leads},
    search::{Search, Shares},
    stock::{Stock, topic},
    vignette::Vignette,
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
/// Diseases to order, at least and at most.
const COUNT: std::ops::RangeInclusive<usize> = 3..=4;
/// Vignettes tried of one patient.
const SAMPLES: usize = 30;
/// Symptoms told, the complaint included.
const TOLD: std::ops::RangeInclusive<usize> = 2..=3;

pub(super) fn draft<'g>(stock: &Stock<'g>, disease: &'g Disease, dice: &mut Dice) -> Option<Draft> {
    let search = Search::new(stock, disease, (false, COUNT.start() - 1), dice)?;
    (0..SAMPLES).find_map(|_| {
        let told = TOLD.start() + dice.index(TOLD.end() - TOLD.start() + 1);
        let vignette = search.sample(told, dice)?;
        let full = search.estimate(&vignette, 1);
        (full.of(disease) >= FIRST).then_some(())?;
        let solid = search.estimate(&vignette, 0);
        ranked(&search, &vignette, &solid, &full)?;
        let (solid, full) = (vignette.differential(stock, &VIEWS[0]), vignette.differential(stock, &VIEWS[1]));
        let ranked = ranked(&search, &vignette, &search.reckoned(&solid), &search.reckoned(&full))?;
        written(stock, &ranked, &vignette, &full, dice)
    })
}

/// The disease, when it leads, and after it those of its differential that stand clearly apart from each
/// other in both views.
fn ranked<'g>(
    search: &Search<'_, 'g>,
    vignette: &Vignette<'g>,
    solid: &Shares<'_>,
    full: &Shares<'_>,
) -> Option<Vec<&'g Disease>> {
    let disease = search.disease;
    if full.of(disease) < FIRST
        || !full.leads(disease, GAP)
        || full.is_ambiguous(disease)
        || search.is_unsettled(vignette, full)
    {
        return None;
    }
    let mut rivals = search.rivals_of(vignette);
    rivals.sort_by(|a, b| full.of(b).total_cmp(&full.of(a)).then_with(|| a.id.cmp(&b.id)));
    let mut ranked = vec![disease];
    for other in rivals {
        let Some(last) = ranked.last() else { break };
        let (before, probability) = (full.of(last), full.of(other));
        let apart = before >= GAP * probability
            && before - probability >= POINTS
            && solid.of(last) >= FIRM_GAP * solid.of(other);
        // Where what is told speaks for the one and how common they are for the other, the order is a
        // matter of opinion.
        let agrees = [full, solid].iter().all(|view| view.gained(last) >= view.gained(other));
        let unrelated = ranked.iter().all(|one| !search.stock.related(one, other));
        if ranked.len() < *COUNT.end()
            && apart
            && agrees
            && unrelated
            && probability >= search.stock.thought_of(other, disease)
        {
            ranked.push(other);
        }
    }
    COUNT.contains(&ranked.len()).then_some(ranked)
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
                None => both(format!("First: {}.", share(one)), format!("第1位：{}。", share(one))),
                Some(before) => placed(*rank, &falls_behind(stock, before, one, vignette, view, &mut sources)?),
            };
            Some(Choice { text: one.name.clone(), why })
        })
        .collect();
    Some(Draft {
        stem: vignette.text(),
        question: both("Put these diagnoses in order, the most likely first.", "请将下列诊断按可能性由高到低排序。"),
        choices: choices?,
        key: Key::Order((0..ranked.len()).filter_map(|rank| shown.iter().position(|at| *at == rank)).collect()),
        explanation: both(format!("{}. {}", order.en, leading.en), format!("{}。{}", order.zh, leading.zh)),
        prompts: Vec::new(),
        sources,
        topics: vec![topic(vignette.complaint)],
    })
}

fn placed(rank: usize, why: &Bilingual) -> Bilingual {
    let at = rank + 1;
    both(
        format!("{}: {}", ["First", "Second", "Third", "Fourth"].get(rank).unwrap_or(&"Later"), why.en),
        format!("第{at}位：{}", why.zh),
    )
}
