//! Numbers that say how well a student's clause fits a rubric item. The classifier in
//! [`super::classifier`] turns them into a probability.

use knowledge_graph::{TopicId, TopicKind};

use super::{dialogue::StudentClause, item::ItemReading};
use crate::understanding::{Concept, DialogueAct, Matcher};

/// Names of the features of a clause and an item, in order. The training script reads them.
pub(crate) const PAIR_FEATURES: [&str; 57] = [
    "recall_own",
    "recall_turn",
    "recall_context",
    "missing_own",
    "missing_context",
    "precision",
    "alternative_own",
    "alternative_context",
    "matched_strong",
    "matched_weak_only",
    "topic_same",
    "topic_broader",
    "topic_other",
    "facet_same",
    "facet_other",
    "facet_missing",
    "facet_extra",
    "kin_both",
    "kin_item_only",
    "kin_clause_only",
    "past_both",
    "past_item_only",
    "past_clause_only",
    "asks_by_form",
    "checks",
    "summary",
    "advice",
    "other_act",
    "similarity",
    "similarity_of_clause",
    "similarity_to_best_clause",
    "share",
    "joined",
    "answer_recall",
    "clause_length",
    "item_size",
    "chinese",
    "embedded",
    "starts",
    "questioned",
    "conditional",
    "advice_near",
    "lead_recall",
    "lead_precision",
    "uncontested",
    "named_whole",
    "learned",
    "learned_of_clause",
    "learned_to_best",
    "learned_share",
    "learned_joined",
    "learned_of_item",
    "turn_asks",
    "turn_clauses",
    "last_of_turn",
    "reply_words",
    "reply_acknowledges",
];

/// Similarities of one clause to one item, by embedding; zero without an embedder.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Similarity {
    /// Whether there are vectors at all.
    pub embedded: bool,
    /// Cosine, centred and scaled.
    pub raw: f32,
    /// In standard deviations above the clause's mean over all items.
    pub of_clause: f32,
    /// Distance to the item's best clause (0 or below).
    pub to_best: f32,
    /// Softmax share of this item among all items for the clause.
    pub share: f32,
    /// As `of_clause`, for the clause joined to the patient's last words.
    pub joined: f32,
    /// The same through the learned map.
    pub learned: Learned,
}

/// Similarities through the learned map; zero without an embedder.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Learned {
    /// Cosine.
    pub raw: f32,
    /// In standard deviations above the clause's mean over all items.
    pub of_clause: f32,
    /// Distance to the item's best clause (0 or below).
    pub to_best: f32,
    /// Softmax share of this item among all items for the clause.
    pub share: f32,
    /// As `of_clause`, for the clause joined to the patient's last words.
    pub joined: f32,
    /// In standard deviations above the item's mean over all clauses.
    pub of_item: f32,
}

/// How well `item` is covered by concepts.
struct Coverage {
    recall: f32,
    missing: f32,
}

fn coverage(item: &[Concept], said: &[&[Concept]]) -> Coverage {
    let total: f32 = item.iter().map(|concept| concept.weight).sum();
    let mut found = 0.0;
    let mut missing: f32 = 0.0;
    for concept in item {
        if said.iter().any(|said| said.iter().any(|other| concept.meets(other))) {
            found += concept.weight;
        } else {
            missing = missing.max(concept.weight);
        }
    }
    Coverage { recall: if total > 0.0 { found / total } else { 0.0 }, missing }
}

fn best_alternative(item: &ItemReading, said: &[&[Concept]]) -> f32 {
    item.alternatives.iter().map(|part| coverage(part, said).recall).fold(0.0, f32::max)
}

/// The features of `clause` for `item`, in the order of [`PAIR_FEATURES`].
pub(crate) fn pair_features(
    clause: &StudentClause,
    item: &ItemReading,
    similarity: Similarity,
    answers: &[Concept],
    rival: Fit,
    (matcher, chinese): (&Matcher, bool),
) -> Vec<f32> {
    let own: &[Concept] = &clause.reading.concepts;
    let context = [own, &clause.same_turn, &clause.heard, &clause.asked_before];
    let by_own = coverage(&item.concepts, &context[..1]);
    let by_turn = coverage(&item.concepts, &context[..2]);
    let by_context = coverage(&item.concepts, &context);
    let mut features = vec![by_own.recall, by_turn.recall, by_context.recall, by_own.missing, by_context.missing];
    features.push(precision(item, own));
    features.push(best_alternative(item, &context[..1]));
    features.push(best_alternative(item, &context));
    let matched = |strong: bool| {
        let met = item.concepts.iter().filter(|concept| own.iter().any(|other| concept.meets(other)));
        met.filter(|concept| (concept.weight >= 0.5) == strong).map(|concept| concept.weight).sum::<f32>()
    };
    let (strong, weak) = (matched(true), matched(false));
    features.push(strong.min(3.0));
    features.push(if strong == 0.0 { weak.min(2.0) } else { 0.0 });
    features.extend(topic_features(clause, item, matcher));
    features.extend(facet_features(clause, item));
    features.extend(both(item.kin, clause.reading.kin));
    features.extend(both(item.past, clause.reading.past));
    features.extend(act_features(clause));
    features.extend([similarity.raw, similarity.of_clause, similarity.to_best, similarity.share, similarity.joined]);
    features.push(coverage(&item.concepts, &[answers]).recall);
    features.push((clause.reading.words.len() as f32).min(30.0) / 10.0);
    features.push((item.concepts.len() as f32).min(8.0) / 4.0);
    features.push(flag(chinese));
    features.push(flag(similarity.embedded));
    let mood = clause.reading.mood;
    features.extend([flag(mood.starts), flag(mood.questioned), flag(clause.reading.conditional), clause.advice_near]);
    let fit = Fit::of(clause, item);
    features.extend([fit.recall - rival.recall, fit.precision - rival.precision]);
    features.push(fit.recall - rival.contesting);
    features.push(flag(clause.asks_by_form() && fit.recall >= NAMED_WHOLE && fit.recall >= rival.contesting));
    let learned = similarity.learned;
    features.extend([learned.raw, learned.of_clause, learned.to_best, learned.share, learned.joined, learned.of_item]);
    let turn = &clause.around;
    features.extend([flag(turn.asks), turn.clauses, flag(turn.is_last), turn.reply_words]);
    features.push(flag(turn.reply_acknowledges));
    features
}

/// From this share on an item counts as named by a clause.
const NAMED_WHOLE: f32 = 0.95;

/// How well a clause and an item cover each other, by the clause's own words.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Fit {
    /// Best share of the item, or of one of its alternatives, that the clause covers.
    pub recall: f32,
    /// Share of the clause that the item covers.
    pub precision: f32,
    /// Of a rival: its recall when it lays claim to the same words of the clause. The items of a
    /// list ("fever, nausea or vomiting?") are no rivals in this sense.
    pub contesting: f32,
}

impl Fit {
    /// Compares `clause` with `item`.
    pub fn of(clause: &StudentClause, item: &ItemReading) -> Self {
        let own: &[Concept] = &clause.reading.concepts;
        let recall = coverage(&item.concepts, &[own]).recall;
        Self { recall, precision: precision(item, own), contesting: 0.0 }
    }
}

/// The best fit of each clause among all items other than each item.
pub(crate) fn rivals(clauses: &[StudentClause], items: &[ItemReading]) -> Vec<Vec<Fit>> {
    let rival = |fits: &[Fit], claims: &[Vec<usize>], item: usize| {
        let others = fits.iter().zip(claims).enumerate().filter(|(other, _)| *other != item);
        others.fold(Fit::default(), |best, (_, (fit, claim))| {
            let same = claim.iter().any(|word| claims[item].contains(word));
            Fit {
                recall: best.recall.max(fit.recall),
                precision: best.precision.max(fit.precision),
                contesting: if same { best.contesting.max(fit.recall) } else { best.contesting },
            }
        })
    };
    clauses
        .iter()
        .map(|clause| {
            let fits: Vec<Fit> = items.iter().map(|item| Fit::of(clause, item)).collect();
            let claims: Vec<Vec<usize>> = items.iter().map(|item| claimed(clause, item)).collect();
            (0..items.len()).map(|item| rival(&fits, &claims, item)).collect()
        })
        .collect()
}

/// Which telling concepts of the clause the item is about.
fn claimed(clause: &StudentClause, item: &ItemReading) -> Vec<usize> {
    let own = clause.reading.concepts.iter().enumerate().filter(|(_, concept)| concept.weight >= 0.5);
    own.filter(|(_, concept)| item.concepts.iter().any(|other| concept.meets(other))).map(|(at, _)| at).collect()
}

fn flag(on: bool) -> f32 {
    if on { 1.0 } else { 0.0 }
}

/// The share of what the clause says that the item is about.
fn precision(item: &ItemReading, own: &[Concept]) -> f32 {
    let total: f32 = own.iter().map(|concept| concept.weight).sum();
    let parts = || item.concepts.iter().chain(item.alternatives.iter().flatten());
    let met: f32 = own.iter().filter(|c| parts().any(|other| c.meets(other))).map(|c| c.weight).sum();
    if total > 0.0 { met / total } else { 0.0 }
}

/// Same topic, a broader or narrower one, another one.
fn topic_features(clause: &StudentClause, item: &ItemReading, matcher: &Matcher) -> [f32; 3] {
    let about = |topic: &&TopicId| !matches!(topic.kind(), TopicKind::Consultation | TopicKind::Test);
    let of_clause: Vec<&TopicId> = clause.reading.named.topics.iter().map(|named| &named.topic).filter(about).collect();
    let same = of_clause.iter().any(|topic| item.topics.iter().any(|other| other.node() == **topic));
    let related = |a: &TopicId, b: &TopicId| matcher.broader(a).contains(&b.node());
    let broader =
        of_clause.iter().any(|topic| item.topics.iter().any(|other| related(topic, other) || related(other, topic)));
    let other = !same && !broader && !of_clause.is_empty() && !item.topics.is_empty();
    [flag(same), flag(broader && !same), flag(other)]
}

/// Facets: the same, another one, asked by the item only, asked by the clause only.
fn facet_features(clause: &StudentClause, item: &ItemReading) -> [f32; 4] {
    let of_clause = &clause.reading.facets;
    let same = of_clause.iter().any(|(facet, _)| item.facets.contains(facet));
    let both = !item.facets.is_empty() && !of_clause.is_empty();
    [
        flag(same),
        flag(both && !same),
        flag(!item.facets.is_empty() && of_clause.is_empty()),
        flag(item.facets.is_empty() && !of_clause.is_empty()),
    ]
}

fn both(item: bool, clause: bool) -> [f32; 3] {
    [flag(item && clause), flag(item && !clause), flag(clause && !item)]
}

fn act_features(clause: &StudentClause) -> [f32; 5] {
    let act = clause.reading.act;
    [
        flag(clause.asks_by_form()),
        flag(clause.reading.mood.check),
        flag(act == DialogueAct::Summary),
        flag(matches!(act, DialogueAct::Advice | DialogueAct::Order)),
        flag(!matches!(act, DialogueAct::Specific | DialogueAct::Summary | DialogueAct::Advice | DialogueAct::Order)),
    ]
}
