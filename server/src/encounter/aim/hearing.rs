//! How a question fits the rubric items of each fact, by the examiner's measures.

use std::sync::LazyLock;

use cases::{
    asks_for,
    format::{Case, Fact},
};
use knowledge_graph::{Graph, Language, TopicId};

use crate::{
    assessment::{Asking, Embed, Fits, ItemFit, RubricItem, Speaker, Transcript, Turn, feature},
    encounter::{knowledge::Knowledge, state::State},
    understanding::Matcher,
};

/// Names of what is said of each fact: the log-odds that the question asks one of its items, how far it is
/// ahead of the other facts, the same by the learned map alone; then the features of its best item.
pub(super) const HEARD: [&str; 8 + OF_BEST.len()] = {
    let mut names = [""; 8 + OF_BEST.len()];
    let first = ["odds", "odds_own", "odds_rubric", "odds_lead", "odds_rank", "map", "map_lead", "map_rank"];
    let mut at = 0;
    while at < names.len() {
        names[at] = if at < first.len() { first[at] } else { OF_BEST[at - first.len()] };
        at += 1;
    }
    names
};

/// Features of the best item and clause.
const OF_BEST: [&str; 25] = [
    "recall_own",
    "recall_context",
    "precision",
    "facet_same",
    "facet_other",
    "facet_missing",
    "facet_extra",
    "topic_same",
    "topic_other",
    "learned",
    "learned_of_clause",
    "learned_share",
    "learned_joined",
    "share",
    "similarity_of_clause",
    "joined",
    "lead_recall",
    "lead_precision",
    "kin_item_only",
    "kin_clause_only",
    "past_item_only",
    "past_clause_only",
    "uncontested",
    "matched_strong",
    "answer_recall",
];

static PLACES: LazyLock<[usize; OF_BEST.len()]> = LazyLock::new(|| OF_BEST.map(feature));
static MAPPED: LazyLock<usize> = LazyLock::new(|| feature("learned"));

/// Log-odds of what no clause asks.
const NOT_ASKED: f64 = -8.0;
/// Similarity of what has none.
const FAR: f64 = -1.0;
/// Facts ahead that are counted.
const MOST_AHEAD: usize = 9;

/// The items that facts are asked by, ready for many questions.
pub(super) struct Ears {
    asking: Asking,
    /// By fact: which items; the first is its own, the others are the rubric's.
    items: Vec<Vec<usize>>,
}

impl Ears {
    /// The items of each fact of `knowledge`, in its order.
    pub fn new(
        case: &Case,
        knowledge: &Knowledge<'_>,
        graph: &Graph,
        (matcher, language): (&Matcher, Language),
    ) -> Option<Self> {
        let (mut all, mut items) = (Vec::new(), Vec::new());
        for fact in knowledge.facts() {
            let first = all.len();
            all.extend(items_of(case, fact, graph, language));
            items.push((first..all.len()).collect());
        }
        Some(Self { asking: Asking::new(&all, matcher, language)?, items })
    }

    /// The values of [`HEARD`] for each fact.
    pub fn hear(
        &self,
        (said, language): (&str, Language),
        state: &State,
        matcher: &Matcher,
        embed: Embed<'_>,
    ) -> Vec<[f64; HEARD.len()]> {
        let fits = self.asking.fits(&transcript(said, state, language), matcher, embed);
        values(&fits, &self.items)
    }
}

/// One item in the words of the topic the fact is written for, and the case's own that it earns.
fn items_of(case: &Case, fact: &Fact, graph: &Graph, language: Language) -> Vec<RubricItem> {
    let topics: Vec<TopicId> = std::iter::once(&fact.topic).chain(&fact.also).cloned().collect();
    let own = asks_for(&fact.topic, graph).map(|text| text.get(language).to_owned());
    let earned = case.rubric.iter().filter(|item| item.topics.iter().any(|topic| topics.contains(topic)));
    let texts = std::iter::once(own.unwrap_or_default()).chain(earned.map(|item| item.text.get(language).to_owned()));
    let item = |text| RubricItem {
        id: fact.id.clone(),
        text,
        domain: String::new(),
        critical: false,
        weight: None,
        topics: topics.clone(),
    };
    texts.map(item).collect()
}

/// The last exchange and what is said now.
fn transcript(said: &str, state: &State, language: Language) -> Transcript {
    let turn = |speaker, text: &String| Turn { speaker, text: text.clone() };
    let context = &state.context;
    let before = context.previous_question.iter().map(|text| turn(Speaker::Student, text));
    let reply = context.previous_reply.iter().map(|text| turn(Speaker::Patient, text));
    let now = Turn { speaker: Speaker::Student, text: said.to_owned() };
    Transcript { id: String::new(), language, turns: before.chain(reply).chain([now]).collect() }
}

/// What the clauses make of every fact.
fn values(fits: &[Fits], items: &[Vec<usize>]) -> Vec<[f64; HEARD.len()]> {
    let most = |of: &[usize], value: &dyn Fn(&ItemFit) -> f64, least: f64| -> Vec<f64> {
        fits.iter().map(|fits| of.iter().map(|item| value(&fits[*item])).fold(least, f64::max)).collect()
    };
    let odds = |fit: &ItemFit| fit.odds;
    let mapped = |fit: &ItemFit| fit.features.get(*MAPPED).map_or(FAR, |value| f64::from(*value));
    let own: Vec<Vec<f64>> = items.iter().map(|of| most(&of[..1], &odds, NOT_ASKED)).collect();
    let rubric: Vec<Vec<f64>> = items.iter().map(|of| most(&of[1..], &odds, NOT_ASKED)).collect();
    let both: Vec<Vec<f64>> = items.iter().map(|of| most(of, &odds, NOT_ASKED)).collect();
    let map: Vec<Vec<f64>> = items.iter().map(|of| most(of, &mapped, FAR)).collect();
    let of = |at: usize| {
        let mut values = [0.0; HEARD.len()];
        let highest = |rows: &[Vec<f64>], least: f64| rows[at].iter().copied().fold(least, f64::max);
        values[..3].copy_from_slice(&[
            highest(&both, NOT_ASKED),
            highest(&own, NOT_ASKED),
            highest(&rubric, NOT_ASKED),
        ]);
        (values[3], values[4]) = standing(&both, at);
        values[5] = highest(&map, FAR);
        (values[6], values[7]) = standing(&map, at);
        if let Some(best) = best_features(fits, &items[at]) {
            for (value, place) in values[8..].iter_mut().zip(*PLACES) {
                *value = best.get(place).map_or(0.0, |best| f64::from(*best));
            }
        }
        values
    };
    (0..items.len()).map(of).collect()
}

/// How far the fact at `at` is ahead of all others in the clause where it is so most, and how many are ahead
/// of it in the clause where they are fewest.
fn standing(rows: &[Vec<f64>], at: usize) -> (f64, f64) {
    let (mut lead, mut ahead) = (f64::MIN, MOST_AHEAD);
    for (clause, value) in rows[at].iter().enumerate() {
        let others = || rows.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, row)| row[clause]);
        lead = lead.max(value - others().fold(f64::MIN, f64::max));
        ahead = ahead.min(others().filter(|other| other > value).count());
    }
    if rows[at].is_empty() || rows.len() < 2 { (0.0, 0.0) } else { (lead, ahead as f64) }
}

/// The features of the item and the clause that fit best.
fn best_features<'f>(fits: &'f [Fits], items: &[usize]) -> Option<&'f Vec<f32>> {
    let all = items.iter().flat_map(|item| fits.iter().map(move |fits| &fits[*item]));
    all.max_by(|a, b| a.odds.total_cmp(&b.odds)).map(|fit| &fit.features)
}
