//! What must not be missed, and what the order of the questions shows.
//!
//! Anchoring is locking onto what is salient at first and not adjusting to what comes later;
//! premature closure is accepting a diagnosis before it has been verified (Croskerry P. The
//! importance of cognitive errors in diagnosis and strategies to minimize them. Acad Med
//! 2003;78:775–780). Of both only what the questions show is claimed:
//!
//! - **Anchoring** on the first-named disease D: the last [`RUN`] or more questions about findings
//!   or risk factors, those about the complaint left aside, all ask about something that D has,
//!   while a dangerous disease C had at least [`OPEN`] of belief when that run began and none of
//!   its discriminating questions was asked in the whole consultation.
//! - **Premature closure**: at the end a dangerous disease C has at least [`OPEN`] of belief, is not
//!   among the student's diagnoses, and none of its discriminating questions was asked.
//!
//! A question discriminates for C when a yes would multiply the odds of C, as they stand at the
//! door among all that brings this complaint, by at least [`DISCRIMINATES`].

use knowledge_graph::{
    TopicId, TopicKind,
    format::{Disease, Evidence, FindingKind, Frequency},
    query::Presence,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{Quote, Reason, SourceNote, items::source_note},
    Scene,
    course::Followed,
    elicited::Exchange,
    entries::Entry,
};
use crate::i18n::Phrase;

/// Questions in a row that serve one disease before it is called anchoring.
const RUN: usize = 4;
/// Share of belief above which a dangerous disease is still open.
const OPEN: f64 = 0.05;
/// Least factor on the odds of a symptom that discriminates. 2 raises the probability by about 15 points.
const DISCRIMINATES: f64 = 2.0;
/// Least share of belief at the door for a dangerous disease to be expected in a differential.
const AT_THE_DOOR: f64 = 0.01;
/// Dangerous diseases named.
const MOST: usize = 6;
/// Questions quoted.
const QUOTED: usize = 4;

/// A disease that must not be missed with this complaint.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Dangerous {
    /// Name part of its id.
    pub disease: String,
    /// Its name.
    pub name: String,
    /// Whether the student named it.
    pub named: bool,
    /// Belief at the door, 0–1.
    pub before: f64,
    /// Belief at the end, 0–1.
    pub now: f64,
    /// Whether the student asked any question that discriminates for it; none where the graph knows none.
    pub asked: Option<bool>,
    /// The most telling question for it, where none was asked.
    pub question: Option<String>,
    /// Why that question: what a yes would have done at the door, and where that comes from.
    pub reason: Option<Reason>,
}

/// What the order of questions shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PatternKind {
    /// Questions served one diagnosis while a dangerous one was open.
    Anchoring,
    /// The consultation ended with a dangerous diagnosis open and unnamed.
    PrematureClosure,
}

/// One such observation, with the student's words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Pattern {
    /// Which.
    pub kind: PatternKind,
    /// What the questions served; of premature closure what was believed most.
    pub toward: Option<String>,
    /// The dangerous disease left open.
    pub open: String,
    /// Belief in it, 0–1: when the run began, or at the end.
    pub belief: f64,
    /// The questions that show it.
    pub quotes: Vec<Quote>,
    /// A question that would have told.
    pub question: Option<String>,
    /// Why that question, with its source.
    pub reason: Option<Reason>,
}

/// What must not be missed: dangerous diseases that bring patients with this complaint, and those
/// the case's author lists.
pub(super) fn dangerous(scene: &Scene<'_>, course: &Followed, entries: &[Entry]) -> Vec<Dangerous> {
    let graph = scene.graph();
    let brings = |disease: &&Disease| {
        let complaint = scene.case().complaint.node();
        disease.presents_with.iter().any(|edge| {
            let finding = TopicId::new(TopicKind::Finding, &edge.finding);
            edge.presenting && (graph.is_a(&finding, &complaint) || graph.is_a(&complaint, &finding))
        })
    };
    let listed = scene.case().diagnosis.differential.iter().filter(|one| one.dangerous);
    let listed: Vec<&str> = listed.filter_map(|one| one.disease.as_deref()).collect();
    let expected = |disease: &&Disease| {
        let likely = disease.dangerous && brings(disease) && course.at(0, &disease.id) >= AT_THE_DOOR;
        likely || listed.contains(&disease.id.as_str())
    };
    let mut all: Vec<&Disease> = graph.diseases().filter(expected).collect();
    all.sort_by(|a, b| course.at(0, &b.id).total_cmp(&course.at(0, &a.id)).then_with(|| a.id.cmp(&b.id)));
    all.truncate(MOST);
    all.into_iter().map(|disease| watched(scene, course, entries, disease)).collect()
}

fn watched(scene: &Scene<'_>, course: &Followed, entries: &[Entry], disease: &Disease) -> Dangerous {
    let telling = telling(scene, course, disease);
    let asked = (!telling.is_empty()).then(|| telling.iter().any(|one| scene.asked(&one.topic)));
    let first = telling.first().filter(|_| asked == Some(false));
    Dangerous {
        disease: disease.id.clone(),
        name: disease.name.get(scene.language()).to_owned(),
        named: entries.iter().any(|entry| entry.disease.as_ref() == Some(&disease.id)),
        before: course.at(0, &disease.id),
        now: course.now(&disease.id).unwrap_or(0.0),
        asked,
        question: first.and_then(|one| scene.question(&one.topic)),
        reason: first.filter(|one| one.raised >= AT_THE_DOOR).map(|one| reason(scene, course, disease, one)),
    }
}

/// A symptom that discriminates for a disease.
struct Telling {
    topic: TopicId,
    /// Belief in the disease with the symptom added to the door note, 0–1.
    raised: f64,
    /// Share of its patients who have it, as well as it is known, × ln of the factor on the odds.
    weight: f64,
    source: Option<SourceNote>,
}

/// The symptoms that discriminate for `disease` among all that bring somebody with this complaint,
/// the most telling first: a wheeze is found in pulmonary embolism, too, yet speaks for asthma. The
/// complaint itself is known.
fn telling(scene: &Scene<'_>, course: &Followed, disease: &Disease) -> Vec<Telling> {
    let complaint = scene.case().complaint.node();
    let odds = |belief: f64| belief / (1.0 - belief).max(f64::MIN_POSITIVE);
    let before = odds(course.at(0, &disease.id));
    let mut all: Vec<Telling> = disease
        .presents_with
        .iter()
        .filter(|edge| !edge.excluded && scene.graph().evidence(&edge.provenance) != Evidence::Unverified)
        .filter(|edge| edge.lr_positive.is_some() || edge.frequency_evidence != Some(Evidence::Unverified))
        .filter(|edge| scene.graph().finding(&edge.finding).is_some_and(|node| node.kind == FindingKind::Symptom))
        .filter_map(|edge| {
            let topic = TopicId::new(TopicKind::Finding, &edge.finding);
            let share = edge.frequency.as_ref().and_then(Frequency::proportion)?;
            let known: Vec<_> = scene.door().chain([(topic.clone(), Presence::Present)]).collect();
            let raised = scene.differential(&known).of(&disease.id)?.probability;
            let factor = odds(raised) / before.max(f64::MIN_POSITIVE);
            let source = edge.provenance.source.as_deref().and_then(|id| source_note(scene.graph(), id));
            let tells = topic != complaint && factor >= DISCRIMINATES;
            tells.then(|| Telling { topic, raised, weight: share * factor.ln(), source })
        })
        .collect();
    all.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.topic.cmp(&b.topic)));
    all
}

/// What the symptom would have done to belief at the door.
fn reason(scene: &Scene<'_>, course: &Followed, disease: &Disease, one: &Telling) -> Reason {
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    let text = Phrase::new(scene.language(), "reasoning-would-raise")
        .with("name", scene.name(&one.topic))
        .with("open", disease.name.get(scene.language()))
        .with("before", percent(course.at(0, &disease.id)))
        .with("after", percent(one.raised));
    Reason { text: text.to_string(), sources: one.source.iter().cloned().collect() }
}

pub(super) fn seen(scene: &Scene<'_>, course: &Followed, entries: &[Entry], watched: &[Dangerous]) -> Vec<Pattern> {
    let anchored = anchoring(scene, course, entries, watched);
    let other = |pattern: &Pattern| anchored.as_ref().is_none_or(|anchored| anchored.open != pattern.open);
    let closed = closure(scene, course, entries, watched).filter(other);
    anchored.clone().into_iter().chain(closed).collect()
}

fn anchoring(scene: &Scene<'_>, course: &Followed, entries: &[Entry], watched: &[Dangerous]) -> Option<Pattern> {
    let first = entries.iter().find_map(|entry| scene.graph().disease(entry.disease.as_deref()?))?;
    let complaint = scene.case().complaint.node();
    let directed: Vec<(usize, &Exchange)> =
        scene.exchanges.iter().enumerate().filter(|(_, exchange)| exchange.is_directed(&complaint)).collect();
    let run = directed.iter().rev().take_while(|(_, exchange)| serves(scene, exchange, first)).count();
    if run < RUN {
        return None;
    }
    let run = &directed[directed.len() - run..];
    let before = run.first()?.0.saturating_sub(1);
    let left_open = |one: &&Dangerous| {
        let untested = one.asked == Some(false);
        one.disease != first.id && untested && course.at(before, &one.disease) >= OPEN
    };
    let open = watched.iter().find(left_open)?;
    Some(Pattern {
        kind: PatternKind::Anchoring,
        toward: Some(first.name.get(scene.language()).to_owned()),
        open: open.name.clone(),
        belief: course.at(before, &open.disease),
        quotes: run.iter().filter_map(|(_, exchange)| exchange.question()).take(QUOTED).collect(),
        question: open.question.clone(),
        reason: open.reason.clone(),
    })
}

/// Whether an exchange asks about something the disease has.
fn serves(scene: &Scene<'_>, exchange: &Exchange, disease: &Disease) -> bool {
    let complaint = scene.case().complaint.node();
    let findings = disease.presents_with.iter().map(|edge| TopicId::new(TopicKind::Finding, &edge.finding));
    let findings = findings.filter(|topic| *topic != complaint);
    let factors = disease.risk_factor.iter().map(|edge| TopicId::new(TopicKind::RiskFactor, &edge.factor));
    findings.chain(factors).any(|topic| exchange.touches(scene.graph(), &topic))
}

fn closure(scene: &Scene<'_>, course: &Followed, entries: &[Entry], watched: &[Dangerous]) -> Option<Pattern> {
    let left_open = |one: &&Dangerous| {
        let untested = one.asked == Some(false);
        !one.named && one.now >= OPEN && untested
    };
    let left = watched.iter().filter(left_open);
    let open = left.max_by(|a, b| a.now.total_cmp(&b.now))?;
    let last = scene.exchanges.iter().rev().find(|exchange| exchange.question().is_some())?;
    Some(Pattern {
        kind: PatternKind::PrematureClosure,
        toward: entries.iter().find_map(|entry| entry.name.clone()),
        open: open.name.clone(),
        belief: course.now(&open.disease)?,
        quotes: last.question().into_iter().collect(),
        question: open.question.clone(),
        reason: open.reason.clone(),
    })
}
