//! What must not be missed, and what the order of the questions shows.
//!
//! Anchoring is locking onto what is salient at first and not adjusting to what comes later;
//! premature closure is accepting a diagnosis before it has been verified (Croskerry P. The
//! importance of cognitive errors in diagnosis and strategies to minimize them. Acad Med
//! 2003;78:775–780). Of both only what the questions show is claimed:
//!
//! - **Anchoring** on the first-named disease D: the last [`RUN`] or more questions about findings
//!   or risk factors all ask about something that D has, while a dangerous disease C, with at
//!   least [`OPEN`] of belief when that run began, has a discriminating question that was never
//!   asked in the consultation, and none of C's discriminating questions was asked in the run.
//! - **Premature closure**: at the end a dangerous disease C has at least [`OPEN`] of belief, is not
//!   among the student's diagnoses, and its most discriminating question was never asked.
//!
//! A question discriminates for C when its ratio is at least [`DISCRIMINATES`].

use knowledge_graph::{
    TopicId, TopicKind,
    format::{Disease, Evidence, FindingKind, Frequency, PresentsWith},
    query,
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

/// Questions in a row that serve one disease before it is called anchoring.
const RUN: usize = 4;
/// Share of belief above which a dangerous disease is still open.
const OPEN: f64 = 0.05;
/// Least ratio of a finding that discriminates. 2 raises the probability by about 15 points.
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
    /// Whether the student asked any question that discriminates for it.
    pub asked: bool,
    /// The strongest question for it that was not asked.
    pub question: Option<String>,
    /// Why that question: its ratio and where it comes from.
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
    let mut all: Vec<Dangerous> =
        graph.diseases().filter(expected).map(|disease| one(scene, course, entries, disease)).collect();
    all.sort_by(|a, b| b.before.total_cmp(&a.before).then_with(|| a.disease.cmp(&b.disease)));
    all.truncate(MOST);
    all
}

fn one(scene: &Scene<'_>, course: &Followed, entries: &[Entry], disease: &Disease) -> Dangerous {
    let telling = telling(scene, disease);
    let missed = telling.iter().find(|one| !scene.asked(&one.topic));
    Dangerous {
        disease: disease.id.clone(),
        name: disease.name.get(scene.language()).to_owned(),
        named: entries.iter().any(|entry| entry.disease.as_ref() == Some(&disease.id)),
        before: course.at(0, &disease.id),
        now: course.now(&disease.id).unwrap_or(0.0),
        asked: telling.iter().any(|one| scene.asked(&one.topic)),
        question: missed.and_then(|one| scene.question(&one.topic)),
        reason: missed.map(|one| Reason { text: one.text.clone(), sources: one.source.iter().cloned().collect() }),
    }
}

/// A symptom that discriminates for a disease.
struct Telling {
    topic: TopicId,
    ratio: f64,
    text: String,
    source: Option<SourceNote>,
}

/// The symptoms that discriminate for `disease`, strongest first. The complaint itself is known.
fn telling(scene: &Scene<'_>, disease: &Disease) -> Vec<Telling> {
    let complaint = scene.case().complaint.node();
    let mut all: Vec<Telling> = disease
        .presents_with
        .iter()
        .filter(|edge| !edge.excluded && scene.graph().evidence(&edge.provenance) != Evidence::Unverified)
        .filter(|edge| scene.graph().finding(&edge.finding).is_some_and(|node| node.kind == FindingKind::Symptom))
        .filter_map(|edge| {
            let topic = TopicId::new(TopicKind::Finding, &edge.finding);
            let ratio = ratio(scene, edge).filter(|ratio| *ratio >= DISCRIMINATES)?;
            let source = edge.provenance.source.as_deref().and_then(|id| source_note(scene.graph(), id));
            let why = query::why(scene.graph(), &topic, &disease.id)?;
            let text = why.sentence.get(scene.language()).to_owned();
            (topic != complaint).then_some(Telling { topic, ratio, text, source })
        })
        .collect();
    all.sort_by(|a, b| b.ratio.total_cmp(&a.ratio).then_with(|| a.topic.cmp(&b.topic)));
    all
}

/// The ratio as published, else the share of patients ÷ that of the reference.
fn ratio(scene: &Scene<'_>, edge: &PresentsWith) -> Option<f64> {
    let estimated = edge.frequency_evidence == Some(Evidence::Unverified);
    let derived = || {
        let share = edge.frequency.as_ref().filter(|_| !estimated).and_then(Frequency::proportion)?;
        Some(share / query::reference(scene.graph(), &edge.finding).rate)
    };
    edge.lr_positive.or_else(derived)
}

pub(super) fn seen(scene: &Scene<'_>, course: &Followed, entries: &[Entry], dangerous: &[Dangerous]) -> Vec<Pattern> {
    let anchored = anchoring(scene, course, entries, dangerous);
    let other = |pattern: &Pattern| anchored.as_ref().is_none_or(|anchored| anchored.open != pattern.open);
    let closed = closure(scene, course, entries, dangerous).filter(other);
    anchored.clone().into_iter().chain(closed).collect()
}

fn anchoring(scene: &Scene<'_>, course: &Followed, entries: &[Entry], dangerous: &[Dangerous]) -> Option<Pattern> {
    let first = entries.iter().find_map(|entry| scene.graph().disease(entry.disease.as_deref()?))?;
    let directed: Vec<(usize, &Exchange)> =
        scene.exchanges.iter().enumerate().filter(|(_, exchange)| exchange.is_directed()).collect();
    let run = directed.iter().rev().take_while(|(_, exchange)| serves(scene, exchange, first)).count();
    if run < RUN {
        return None;
    }
    let run = &directed[directed.len() - run..];
    let before = run.first()?.0.saturating_sub(1);
    let left_open = |one: &&Dangerous| {
        let disease = scene.graph().disease(&one.disease);
        let told = disease.map(|disease| telling(scene, disease)).unwrap_or_default();
        let in_run = told.iter().any(|one| run.iter().any(|(_, said)| said.touches(scene.graph(), &one.topic)));
        one.disease != first.id && one.question.is_some() && !in_run && course.at(before, &one.disease) >= OPEN
    };
    let open = dangerous.iter().find(left_open)?;
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
    let findings = disease.presents_with.iter().map(|edge| TopicId::new(TopicKind::Finding, &edge.finding));
    let factors = disease.risk_factor.iter().map(|edge| TopicId::new(TopicKind::RiskFactor, &edge.factor));
    findings.chain(factors).any(|topic| exchange.touches(scene.graph(), &topic))
}

fn closure(scene: &Scene<'_>, course: &Followed, entries: &[Entry], dangerous: &[Dangerous]) -> Option<Pattern> {
    let never_asked = |one: &&Dangerous| {
        let strongest =
            scene.graph().disease(&one.disease).and_then(|disease| telling(scene, disease).into_iter().next());
        strongest.is_some_and(|strongest| !scene.asked(&strongest.topic))
    };
    let mut left: Vec<&Dangerous> =
        dangerous.iter().filter(|one| !one.named && one.now >= OPEN).filter(never_asked).collect();
    left.sort_by(|a, b| b.now.total_cmp(&a.now));
    let open = left.first()?;
    let last = scene.exchanges.iter().rev().find(|exchange| exchange.is_directed())?;
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
