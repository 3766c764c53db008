//! Single best answer: which diagnosis explains the patient best.

use std::collections::BTreeSet;

use knowledge_graph::{format::Disease, query::Differential};

use super::{
    VIEWS,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    reasons::{self, falls_behind},
    search::{Search, Shares},
    stock::{Stock, topic},
    vignette::Vignette,
};

/// The key must be this many times as probable as any other disease, an option or not.
const LEAD: f64 = 4.0;
/// And still so many times with verified figures alone.
const FIRM_LEAD: f64 = 1.5;
/// The findings alone, without how common the diseases are, must favour it this many times over each option.
const FINDINGS_LEAD: f64 = 2.0;
/// And it must be at least this probable: "most likely" is no best guess among many.
const BEST: f64 = 0.5;
/// Options, at most and at least.
const OPTIONS: std::ops::RangeInclusive<usize> = 4..=5;
/// Findings told, at least and at most.
const TOLD: std::ops::RangeInclusive<usize> = 3..=5;
/// Vignettes tried of one patient.
const SAMPLES: usize = 80;

pub(super) fn draft<'g>(stock: &Stock<'g>, disease: &'g Disease, dice: &mut Dice) -> Option<Draft> {
    let search = Search::new(stock, disease, (true, OPTIONS.start() - 1), dice)?;
    (0..SAMPLES).find_map(|_| {
        let told = TOLD.start() + dice.index(TOLD.end() - TOLD.start() + 1);
        let vignette = search.sample(told, dice)?;
        let full = search.estimate(&vignette, 1);
        (full.of(disease) >= BEST).then_some(())?;
        let solid = search.estimate(&vignette, 0);
        wrong(&search, &vignette, &solid, &full)?;
        let (solid, full) = (vignette.differential(stock, &VIEWS[0]), vignette.differential(stock, &VIEWS[1]));
        let wrong = wrong(&search, &vignette, &search.reckoned(&solid), &search.reckoned(&full))?;
        written(stock, disease, wrong, &vignette, &full, dice)
    })
}

/// The distractors, when the disease is likely and first by its margins: diseases of the differential
/// that one may think of and that are clearly less probable, by findings alone, too; those it is confused
/// with first, then the most probable.
fn wrong<'g>(
    search: &Search<'_, 'g>,
    vignette: &Vignette<'g>,
    solid: &Shares<'_>,
    full: &Shares<'_>,
) -> Option<Vec<&'g Disease>> {
    let (stock, disease) = (search.stock, search.disease);
    if full.of(disease) < BEST
        || !full.leads(disease, LEAD)
        || !solid.leads(disease, FIRM_LEAD)
        || full.is_ambiguous(disease)
        || search.is_unsettled(vignette, full)
    {
        return None;
    }
    let clearly_less =
        |other: &Disease| [solid, full].iter().all(|view| view.gained(disease) >= FINDINGS_LEAD * view.gained(other));
    let mut rivals = search.rivals_of(vignette);
    rivals.retain(|other| full.of(other) >= stock.thought_of(other, disease) && clearly_less(other));
    rivals.sort_by(|a, b| full.of(b).total_cmp(&full.of(a)).then_with(|| a.id.cmp(&b.id)));
    rivals.sort_by_key(|other| !stock.confused(other, disease));
    let mut chosen: Vec<&Disease> = Vec::new();
    for other in rivals {
        if chosen.len() < OPTIONS.end() - 1 && chosen.iter().all(|one| !stock.related(one, other)) {
            chosen.push(other);
        }
    }
    (chosen.len() >= OPTIONS.start() - 1).then_some(chosen)
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
    let explanation = reasons::leads(stock, disease, vignette, view)?;
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
