//! Single best answer: which diagnosis explains the patient best.

use std::collections::BTreeSet;

use knowledge_graph::{
    format::Disease,
    query::{Differential, Posterior},
};

use super::{
    VIEWS,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    reasons::{falls_behind, leads},
    stock::{Stock, topic},
    vignette::{Vignette, typical},
};

/// The key must be this many times as probable as any other disease, an option or not, in both views.
pub(super) const LEAD: f64 = 4.0;
/// The findings alone, without how common the diseases are, must favour it this many times over each option.
const FINDINGS_LEAD: f64 = 2.0;
/// And it must be at least this probable: "most likely" is no best guess among many.
pub(super) const BEST: f64 = 0.5;
/// Nobody need think of a disease below this.
pub(super) const THOUGHT_OF: f64 = 0.01;
/// Options, at most and at least.
const OPTIONS: std::ops::RangeInclusive<usize> = 4..=5;
/// Findings told, at least and at most.
const TOLD: std::ops::RangeInclusive<usize> = 3..=6;
/// The rivals whose findings are denied.
const DENYING: usize = 6;

pub(super) fn draft(stock: &Stock<'_>, dice: &mut Dice) -> Option<Draft> {
    let disease = *dice.pick(&stock.adults)?;
    let mut vignette = typical(stock, disease, true, dice)?;
    vignette.tell_more(stock).then_some(())?;
    let early = vignette.differential(stock, &VIEWS[1]);
    let rivals: Vec<&Disease> = vignette.rivals(stock, disease, &early).into_iter().map(|(one, _)| one).collect();
    if rivals.len() < OPTIONS.start() - 1 {
        return None;
    }
    vignette.deny(stock, disease, rivals.get(..DENYING).unwrap_or(&rivals));
    while vignette.present.len() < *TOLD.end() && vignette.tell_more(stock) {
        if vignette.present.len() < *TOLD.start() {
            continue;
        }
        let full = vignette.differential(stock, &VIEWS[1]);
        if !is_best(&full, disease) {
            continue;
        }
        let solid = vignette.differential(stock, &VIEWS[0]);
        if !is_best(&solid, disease) {
            continue;
        }
        let wrong = distractors(stock, disease, &vignette, [&solid, &full]);
        if wrong.len() < OPTIONS.start() - 1 {
            // More findings only make the others less probable.
            return None;
        }
        return written(stock, disease, wrong, &vignette, &full, dice);
    }
    None
}

/// Whether the disease is likely, and first by its margin, diseases that are no option included.
fn is_best(view: &Differential, disease: &Disease) -> bool {
    let Some(own) = view.of(&disease.id) else { return false };
    let next = view.posteriors.iter().find(|other| other.disease != disease.id);
    own.probability >= BEST && next.is_none_or(|next| own.probability >= LEAD * next.probability)
}

/// Odds from the findings alone.
fn from_findings(posterior: &Posterior) -> f64 {
    posterior.probability / posterior.prior.max(f64::MIN_POSITIVE)
}

/// Diseases of the differential that one may think of and that are clearly less probable, by findings
/// alone, too; those it is confused with first, then the most probable.
fn distractors<'g>(
    stock: &Stock<'g>,
    disease: &Disease,
    vignette: &Vignette<'g>,
    views: [&Differential; 2],
) -> Vec<&'g Disease> {
    let clearly_less = |id: &str| {
        views.iter().all(|view| {
            let (Some(own), Some(other)) = (view.of(&disease.id), view.of(id)) else { return false };
            from_findings(own) >= FINDINGS_LEAD * from_findings(other)
        })
    };
    let mut rivals = vignette.rivals(stock, disease, views[1]);
    rivals.retain(|(other, probability)| *probability >= THOUGHT_OF && clearly_less(&other.id));
    rivals.sort_by_key(|(other, _)| !stock.confused(other, disease));
    let mut chosen: Vec<&Disease> = Vec::new();
    for (other, _) in rivals {
        if chosen.len() < OPTIONS.end() - 1 && chosen.iter().all(|one| !stock.related(one, other)) {
            chosen.push(other);
        }
    }
    chosen
}

fn written(
    stock: &Stock<'_>,
    disease: &Disease,
    wrong: Vec<&Disease>,
    vignette: &Vignette<'_>,
    view: &Differential,
    dice: &mut Dice,
) -> Option<Draft> {
    let mut options: Vec<&Disease> = wrong.into_iter().chain([disease]).collect();
    dice.shuffle(&mut options);
    let mut sources: BTreeSet<String> = vignette.sources.clone();
    let explanation = leads(stock, disease, vignette, view)?;
    let choices: Option<Vec<Choice>> = options
        .iter()
        .map(|option| {
            let why = if option.id == disease.id {
                both("Fits the findings best: see below.", "与所见最相符，见下。")
            } else {
                falls_behind(stock, disease, option, vignette, view, &mut sources)?
            };
            Some(Choice { text: option.name.clone(), why })
        })
        .collect();
    Some(Draft {
        stem: vignette.text(),
        question: both("Which diagnosis is most likely?", "该患者最可能的诊断是"),
        key: Key::One(options.iter().position(|option| option.id == disease.id)?),
        choices: choices?,
        explanation,
        prompts: Vec::new(),
        sources,
        topics: vignette.present.iter().map(|finding| topic(finding)).take(2).collect(),
    })
}
