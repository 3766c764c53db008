//! A class that does not exist: learners with consultations as real ones are stored, the same for the same
//! seed.
//!
//! Every learner has an ability and every topic a difficulty; an item is asked with the probability that both
//! make. The student's words are the graph's own questions, and the report is the one the grader makes of
//! them all for that case, with what was not asked taken out.

use std::{collections::BTreeMap, sync::Arc};

use cases::Case;
use jiff::{SignedDuration, Timestamp};
use knowledge_graph::{Graph, Language, TopicId};
use uuid::Uuid;

use crate::{
    assessment::{
        Evidence, Grader, ItemReport, Report, Speaker, Transcript, Turn, rubric_of,
        scheme::{Extras, graph_weights, mark},
    },
    learner::simulation::Dice,
    schemes::{SchemeError, Schemes},
    store::{Diagnosis, EncounterRecord, EncounterState, Mode, TurnRecord, TurnReply},
};

/// Over how long the consultations are spread.
const SPAN: SignedDuration = SignedDuration::from_hours(70 * 24);
/// How long a consultation lasts.
const LASTS: SignedDuration = SignedDuration::from_mins(14);
/// Share of items that go to an examiner.
const WITH_EXAMINER: f64 = 0.03;
/// Gain of ability from one consultation to the next, in logits.
const GAIN: f64 = 0.02;
/// Ease of everything, in logits: a class asks a good half.
const EASE: f64 = 0.4;

/// A case with the report of a student who asked all of it.
pub struct Model {
    case: Arc<Case>,
    questions: Vec<String>,
    whole: Report,
}

/// The models of `cases`; grades each once.
///
/// # Errors
/// When the scheme for practice cannot be had.
pub async fn models(
    cases: &[Arc<Case>],
    graph: &'static Graph,
    (grader, schemes): (&Grader, &Schemes),
) -> Result<Vec<Model>, SchemeError> {
    let mut models = Vec::new();
    for case in cases {
        let questions: Vec<String> = case.rubric.iter().map(|item| question(graph, item)).collect();
        let spoken = questions.iter().flat_map(|question| {
            [(Speaker::Student, question.as_str()), (Speaker::Patient, case.opening.get(Language::En))]
        });
        let turns = spoken.map(|(speaker, text)| Turn { speaker, text: text.to_owned() }).collect();
        let rubric = rubric_of(case, Language::En);
        let mut whole = grader.grade(&Transcript { id: case.id.clone(), language: Language::En, turns }, &rubric);
        let scheme = schemes.of_consultation(case, Mode::Practice).await?;
        let weights = graph_weights(case, graph);
        let extras = Extras { graph_weights: weights.as_ref(), note: &[] };
        whole.scheme = Some(mark((&scheme.scheme, &scheme.sha256), &rubric, &whole, extras));
        models.push(Model { case: Arc::clone(case), questions, whole });
    }
    Ok(models)
}

fn question(graph: &Graph, item: &cases::format::RubricItem) -> String {
    let topic = item.topics.first().and_then(|topic| graph.topic(topic));
    let known = topic.and_then(|topic| topic.questions.get(Language::En).first().cloned());
    known.unwrap_or_else(|| item.text.get(Language::En).to_owned())
}

/// The consultations of one learner, oldest first: `count` of them, the last just before `now`.
pub fn consultations(
    models: &[Model],
    student: Uuid,
    (learner, count): (usize, usize),
    now: Timestamp,
) -> Vec<(EncounterRecord, Vec<TurnRecord>)> {
    let mut dice = Dice::new(learner as u64, "a class for measuring");
    let ability = dice.normal(0.0, 0.8);
    let mut made = Vec::with_capacity(count);
    for number in 0..count {
        let model = &models[dice.index(models.len())];
        let share = (number + 1) as f64 / count as f64 - dice.unit() / count as f64;
        let ended = now.checked_sub(part(SPAN, 1.0 - share)).unwrap_or(now);
        made.push(consultation(model, (student, ability + GAIN * number as f64), ended, &mut dice));
    }
    made
}

/// A part of a span; `share` 0–1.
fn part(span: SignedDuration, share: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(span.as_secs_f64() * share).unwrap_or(SignedDuration::ZERO)
}

fn consultation(
    model: &Model,
    (student, ability): (Uuid, f64),
    ended: Timestamp,
    dice: &mut Dice,
) -> (EncounterRecord, Vec<TurnRecord>) {
    let started = ended.checked_sub(LASTS).unwrap_or(ended);
    let id = Uuid::from_u64_pair(dice.bits(), dice.bits());
    let mut report = Report { transcript: id.to_string(), ..model.whole.clone() };
    let mut turns = Vec::new();
    for (place, item) in report.items.iter_mut().enumerate() {
        let wanted = &model.case.rubric[place];
        let asked = dice.chance(chance(ability, wanted.topics.first()));
        let exchange = asked.then_some(turns.len());
        settle(item, exchange.zip(model.questions.get(place)));
        item.needs_review = dice.chance(WITH_EXAMINER);
        if asked {
            turns.push(turn(turns.len(), &model.questions[place], (&model.case, started)));
        }
    }
    score(&mut report, &model.case);
    let diagnosis = Diagnosis { name: model.case.diagnosis.name.get(Language::En).to_owned(), reason: String::new() };
    let report = serde_json::to_value(&report).unwrap_or_default();
    let encounter = EncounterRecord {
        id,
        student,
        case_id: model.case.id.clone(),
        case_version: model.case.version,
        language: Language::En,
        mode: if dice.chance(0.2) { Mode::Exam } else { Mode::Practice },
        seed: 0,
        started,
        state: EncounterState::Finished { at: ended, diagnoses: vec![diagnosis], report },
    };
    (encounter, turns)
}

/// Probability of asking: Rasch's, with a difficulty that the topic's name gives.
fn chance(ability: f64, topic: Option<&TopicId>) -> f64 {
    let difficulty = topic.map_or(0.0, |topic| Dice::new(0, &topic.to_string()).normal(0.0, 1.1));
    1.0 / (1.0 + (difficulty - ability - EASE).exp())
}

fn settle(item: &mut ItemReport, asked: Option<(usize, &String)>) {
    item.asked = asked.is_some();
    item.elicited = item.asked;
    item.credit = f64::from(u8::from(item.asked));
    item.evidence =
        asked.map(|(exchange, words)| Evidence { turn: 2 * exchange, quote: words.clone() }).into_iter().collect();
}

fn score(report: &mut Report, case: &Case) {
    let weights: BTreeMap<&str, f64> = case.rubric.iter().map(|item| (item.id.as_str(), item.weight)).collect();
    let weight = |item: &ItemReport| weights.get(item.id.as_str()).copied().unwrap_or_default();
    report.score.earned = report.items.iter().map(|item| item.credit * weight(item)).sum();
    report.score.possible = report.items.iter().map(weight).sum();
    report.score.percent = 100.0 * report.score.earned / report.score.possible.max(f64::MIN_POSITIVE);
}

fn turn(index: usize, said: &str, (case, at): (&Case, Timestamp)) -> TurnRecord {
    let reply = TurnReply {
        text: case.opening.get(Language::En).to_owned(),
        cue: None,
        facts: vec!["opening".to_owned()],
        topics: vec![case.complaint.clone()],
        policy: "answer".to_owned(),
        mood: "calm".to_owned(),
        trust: 50,
        felt: Vec::new(),
        check: "scripted".to_owned(),
        model_sha256: String::new(),
        prompt_version: "1".to_owned(),
        seed: 0,
        first_token_ms: 0,
        total_ms: 0,
        at,
    };
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    TurnRecord { index, key: format!("k{index}"), said: said.to_owned(), said_at: at, reply: Some(reply) }
}
