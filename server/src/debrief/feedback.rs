//! What to say first: three things done well, three to work on. Chosen and worded by code.
//!
//! Done well is what was hard or told much, not merely what came first on the list; to work on are
//! red flags and key questions first. Both spread over the sections of a history, and nothing is
//! said twice of one thing. Whatever is claimed stands in the report or in [`Reasoning`].

use cases::format::{Disclosure, RubricItem};
use knowledge_graph::{Section, TopicId, TopicKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::{DebriefItem, Materials, Pattern, Quote, Reason, Reasoning, Status, Unasked, items::graph_reason};
use crate::i18n::Phrase;

/// Points named on the first screen, each way.
const FIRST_SCREEN: usize = 3;
/// What a further point of a section already spoken of counts.
const SAME_SECTION: f64 = 0.5;
/// What a key item, and one about a red flag, counts.
const KEY: f64 = 2.0;
const RED_FLAG: f64 = 1.5;
/// Share of belief an answer must move to be said to have moved it.
const MOVED: f64 = 0.05;

/// What to say first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Feedback {
    /// What was done well; at most three.
    pub done_well: Vec<Praise>,
    /// What to work on; at most three.
    pub work_on: Vec<Advice>,
}

/// Something done well.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Praise {
    /// The rubric item.
    pub item: String,
    /// What it asks for.
    pub text: String,
    /// The student's words.
    pub quote: Quote,
    /// What came of it.
    pub effect: String,
    /// The graph's reason, with its source.
    pub reason: Option<Reason>,
}

/// Something to work on.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Advice {
    /// The rubric item; none where it is about the order of questions.
    pub item: Option<String>,
    /// What was missing.
    pub text: String,
    /// The student's words that show it, where there are any.
    pub quotes: Vec<Quote>,
    /// A sentence to say next time.
    pub say: String,
    /// What follows from it in this consultation; empty when there is nothing to add.
    pub effect: String,
    /// The graph's reason, with its source.
    pub reason: Option<Reason>,
}

/// Something that may be said, with what it counts.
struct Candidate<'a> {
    weight: f64,
    section: Section,
    node: Option<TopicId>,
    item: &'a DebriefItem,
    rubric: &'a RubricItem,
}

pub(super) fn choose(
    materials: &Materials<'_>,
    items: &[(f64, Section, DebriefItem)],
    reasoning: &Reasoning,
) -> Feedback {
    let of = |status: Status, weight: &dyn Fn(&RubricItem, &DebriefItem) -> f64| {
        let all = items.iter().filter(|(_, _, item)| item.status == status);
        let all = all.filter_map(|(base, section, item)| {
            let rubric = materials.case.rubric.iter().find(|rubric| rubric.id == item.id)?;
            let weight = base * importance(materials, rubric) * weight(rubric, item);
            let node = rubric.topics.first().map(TopicId::node);
            Some(Candidate { weight, section: *section, node, item, rubric })
        });
        all.collect::<Vec<_>>()
    };
    let told_much =
        |rubric: &RubricItem, item: &DebriefItem| hardness(materials, rubric) * (1.0 + moved(reasoning, item));
    let well = of(Status::Asked, &told_much).into_iter().filter(|one| !one.item.quotes.is_empty()).collect();
    let missing = |_: &RubricItem, item: &DebriefItem| if item.elicited { 0.5 } else { 1.0 };
    let patterns: Vec<Advice> =
        reasoning.patterns.iter().take(1).filter_map(|one| of_pattern(materials, one)).collect();
    let taken = patterns.first().map(|advice| advice.say.clone());
    let mut missed = of(Status::Missed, &missing);
    missed.retain(|one| taken.is_none() || one.item.example != taken);
    let missed = spread(missed, FIRST_SCREEN - patterns.len());
    let advice = missed.iter().map(|one| advice(materials, reasoning, one));
    let well = spread(well, FIRST_SCREEN);
    let mut done_well: Vec<Praise> = well.iter().filter_map(|one| praise(materials, reasoning, one)).collect();
    let mut work_on = red_flags_first(advice.collect(), patterns);
    said_once(done_well.iter_mut().map(|point| &mut point.effect));
    said_once(work_on.iter_mut().map(|point| &mut point.effect));
    Feedback { done_well, work_on }
}

/// Empties what was said before in the same words.
fn said_once<'e>(effects: impl Iterator<Item = &'e mut String>) {
    let mut said: Vec<String> = Vec::new();
    for effect in effects {
        if said.contains(effect) {
            effect.clear();
        } else {
            said.push(effect.clone());
        }
    }
}

/// A pattern follows the key items: a red flag not asked is the first thing to hear.
fn red_flags_first(mut advice: Vec<Advice>, patterns: Vec<Advice>) -> Vec<Advice> {
    let at = advice.len().min(1);
    advice.splice(at..at, patterns);
    advice
}

fn importance(materials: &Materials<'_>, rubric: &RubricItem) -> f64 {
    let key = if rubric.critical { KEY } else { 1.0 };
    if is_red_flag(materials, rubric) { key * RED_FLAG } else { key }
}

fn is_red_flag(materials: &Materials<'_>, rubric: &RubricItem) -> bool {
    rubric.topics.iter().any(|topic| {
        // "When did it start?" is no warning sign, of whatever it is asked.
        let whole = topic.kind() == TopicKind::Finding && topic.facet().is_none();
        whole && materials.graph.topic(&topic.node()).is_some_and(|info| info.red_flag)
    })
}

/// How hard it was to get: by when the patient tells it.
fn hardness(materials: &Materials<'_>, rubric: &RubricItem) -> f64 {
    match disclosure(materials, rubric) {
        Some(Disclosure::NeedsTrust) => 2.0,
        Some(Disclosure::Asked) => 1.3,
        Some(Disclosure::OpenQuestion) => 1.0,
        Some(Disclosure::Volunteered) => 0.4,
        None => 0.8,
    }
}

fn disclosure(materials: &Materials<'_>, rubric: &RubricItem) -> Option<Disclosure> {
    let facts = rubric.topics.iter().flat_map(|topic| cases::answering_exactly(&materials.case.facts, topic));
    facts.map(|fact| fact.disclosure).max()
}

/// The most belief that an exchange quoted for the item moved.
fn moved(reasoning: &Reasoning, item: &DebriefItem) -> f64 {
    let steps =
        reasoning.course.steps.iter().filter(|step| item.quotes.iter().any(|quote| step.turn == Some(quote.turn)));
    steps.map(|step| step.moved).fold(0.0, f64::max)
}

/// The weightiest of `all`, at most `count`; further ones of a section count half, and a node is
/// spoken of once as long as there are others.
fn spread(mut all: Vec<Candidate<'_>>, count: usize) -> Vec<Candidate<'_>> {
    let mut chosen: Vec<Candidate<'_>> = Vec::new();
    while chosen.len() < count && !all.is_empty() {
        let value = |one: &Candidate<'_>| {
            let of_section = chosen.iter().filter(|other| other.section == one.section).count();
            let of_node = chosen.iter().filter(|other| other.node.is_some() && other.node == one.node).count();
            let same_words = chosen.iter().any(|other| other.item.quotes.first() == one.item.quotes.first());
            let again = of_section + of_node + usize::from(same_words && !one.item.quotes.is_empty());
            one.weight * SAME_SECTION.powi(i32::try_from(again).unwrap_or(i32::MAX))
        };
        let best = (0..all.len()).max_by(|a, b| value(&all[*a]).total_cmp(&value(&all[*b])).then_with(|| b.cmp(a)));
        let Some(best) = best else { break };
        chosen.push(all.remove(best));
    }
    chosen
}

fn praise(materials: &Materials<'_>, reasoning: &Reasoning, one: &Candidate<'_>) -> Option<Praise> {
    let quote = one.item.quotes.first()?.clone();
    Some(Praise {
        item: one.item.id.clone(),
        text: one.item.text.clone(),
        effect: effect(materials, reasoning, one, &quote),
        reason: reason(materials, one),
        quote,
    })
}

/// What came of a question: belief that moved, else that it took trust, else why it matters in this
/// case, else what kind of question it is.
fn effect(materials: &Materials<'_>, reasoning: &Reasoning, one: &Candidate<'_>, quote: &Quote) -> String {
    let say = |key: &str| Phrase::new(materials.language, key);
    if let Some(told) = belief_moved(materials, reasoning, quote.turn) {
        return told;
    }
    match disclosure(materials, one.rubric) {
        Some(Disclosure::NeedsTrust) if one.item.elicited => say("feedback-trust").to_string(),
        _ if one.item.reason.is_some() => one.item.reason.iter().map(|reason| first_sentence(&reason.text)).collect(),
        _ if is_red_flag(materials, one.rubric) => say("feedback-red-flag").to_string(),
        Some(Disclosure::Asked) if one.item.elicited => say("feedback-only-asked").to_string(),
        _ if one.item.critical => say("feedback-key").to_string(),
        _ => say("feedback-complete").to_string(),
    }
}

fn belief_moved(materials: &Materials<'_>, reasoning: &Reasoning, turn: u32) -> Option<String> {
    let steps = &reasoning.course.steps;
    let at = steps.iter().position(|step| step.turn == Some(turn))?;
    let (before, now) = (steps.get(at.checked_sub(1)?)?, &steps[at]);
    let change = |index: &usize| (now.beliefs[*index] - before.beliefs[*index]).abs();
    // Of what is worth thinking of in this case; that a rare thing fell for another is no praise.
    let listed = |id: &str| {
        let diagnosis = &materials.case.diagnosis;
        let mut all = diagnosis.differential.iter().filter_map(|one| one.disease.as_deref());
        diagnosis.disease.as_deref() == Some(id) || all.any(|other| other == id)
    };
    let worth = |index: &usize| listed(&reasoning.course.leading[*index].disease);
    let most = (0..now.beliefs.len()).filter(worth).max_by(|a, b| change(a).total_cmp(&change(b)))?;
    if change(&most) < MOVED {
        return None;
    }
    let phrase = Phrase::new(materials.language, "feedback-moved")
        .with("disease", &reasoning.course.leading[most].name)
        .with("before", percent(before.beliefs[most]))
        .with("after", percent(now.beliefs[most]));
    Some(phrase.to_string())
}

/// The first sentence; the full stop of "et al." ends none.
fn first_sentence(text: &str) -> &str {
    let ends = text.find(". It ").map(|at| at + 1).or_else(|| text.find('。').map(|at| at + '。'.len_utf8()));
    ends.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

fn advice(materials: &Materials<'_>, reasoning: &Reasoning, one: &Candidate<'_>) -> Advice {
    let of_topic = |unasked: &&Unasked| one.rubric.topics.contains(&unasked.topic);
    let would = reasoning.unasked.iter().find(of_topic).filter(|unasked| unasked.actual_moved >= MOVED);
    let say = |key: &str| Phrase::new(materials.language, key);
    let effect = match would {
        Some(unasked) => say("feedback-would-move").with("share", percent(unasked.actual_moved)).to_string(),
        None if one.item.elicited => say("feedback-told-unasked").to_string(),
        None if is_red_flag(materials, one.rubric) => say("feedback-red-flag-missed").to_string(),
        None => String::new(),
    };
    Advice {
        item: Some(one.item.id.clone()),
        text: one.item.text.clone(),
        quotes: Vec::new(),
        say: question(materials, one),
        effect,
        reason: reason(materials, one),
    }
}

/// The graph's reason where it has one with a source, else the author's.
fn reason(materials: &Materials<'_>, one: &Candidate<'_>) -> Option<Reason> {
    let mut of_graph = one.rubric.topics.iter().filter_map(|topic| graph_reason(materials, topic));
    of_graph.find(|reason| !reason.sources.is_empty()).or_else(|| one.item.reason.clone())
}

/// A question of the graph for any of the item's topics; else one that names the first.
fn question(materials: &Materials<'_>, one: &Candidate<'_>) -> String {
    let topics = one.rubric.topics.iter().filter_map(|topic| materials.graph.topic(topic));
    let asked = topics.clone().find_map(|info| {
        let questions = info.questions.get(materials.language);
        let node = materials.graph.topic(&info.id.node()).filter(|_| info.id.facet().is_some());
        let name = node.map(|node| knowledge_graph::lower_first(node.name.get(materials.language)));
        // "When did the breathlessness start?" rather than what only patients call it.
        let by_name = name.and_then(|name| questions.iter().find(|question| question.contains(&name)));
        by_name.or_else(|| questions.first()).cloned()
    });
    // The graph calls things as patients do: "the pain in my side".
    let asked = asked.map(|question| question.replace(" my ", " your "));
    asked.unwrap_or_else(|| {
        let name = topics.clone().next().map(|info| info.name.get(materials.language).to_lowercase());
        let name = name.unwrap_or_else(|| one.item.text.clone());
        Phrase::new(materials.language, "feedback-ask-of").with("name", name).to_string()
    })
}

fn of_pattern(materials: &Materials<'_>, pattern: &Pattern) -> Option<Advice> {
    let key = match pattern.kind {
        super::PatternKind::Anchoring => "feedback-anchoring",
        super::PatternKind::PrematureClosure => "feedback-closure",
    };
    let toward = pattern.toward.clone().unwrap_or_default();
    let say = |key: &str| Phrase::new(materials.language, key).with("open", &pattern.open);
    Some(Advice {
        item: None,
        text: say(key).with("toward", toward).to_string(),
        quotes: pattern.quotes.clone(),
        say: pattern.question.clone()?,
        effect: say("feedback-open").with("belief", percent(pattern.belief)).to_string(),
        reason: pattern.reason.clone(),
    })
}
