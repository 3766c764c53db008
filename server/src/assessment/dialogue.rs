//! A transcript as clauses in their context.

use std::ops::Range;

use super::{Speaker, Transcript};
use crate::understanding::{ClauseReading, Concept, DialogueAct, Matcher, Reading};

/// What a student's clause says, and what it is said into.
#[derive(Clone, Debug)]
pub(crate) struct StudentClause {
    /// Which turn.
    pub turn: usize,
    /// Which bytes of the turn.
    pub span: Range<usize>,
    /// The clause.
    pub reading: ClauseReading,
    /// Concepts of the clauses around it in the same turn.
    pub same_turn: Vec<Concept>,
    /// Concepts of what the patient said just before.
    pub heard: Vec<Concept>,
    /// Concepts of what the student asked just before, in the last turns.
    pub asked_before: Vec<Concept>,
    /// Share of the clauses around it, in this turn and the student's turns beside it, that advise.
    pub advice_near: f32,
    /// The turn it stands in, and the reply.
    pub around: TurnAround,
    /// The patient's turns that answer.
    pub answers: Vec<usize>,
    /// The clause with the patient's last words before it, when it says little itself.
    pub joined: Option<String>,
}

impl StudentClause {
    /// Whether it is put as a question.
    pub fn asks_by_form(&self) -> bool {
        self.reading.mood.question && self.reading.asks()
    }
}

/// What a turn is like as a whole. Somebody who explains speaks in long turns that end without a question
/// and are answered with "okay".
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TurnAround {
    /// Whether any of its clauses asks by its form.
    pub asks: bool,
    /// Clauses that say anything, in tens; at most 1.
    pub clauses: f32,
    /// Whether nothing but acknowledgements follows the clause in its turn.
    pub is_last: bool,
    /// Words of the patient's next turn, in twenties; at most 1.
    pub reply_words: f32,
    /// Whether that turn only acknowledges.
    pub reply_acknowledges: bool,
}

/// A transcript as read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dialogue {
    /// What the student said, clause by clause; turns tampered with are left out.
    pub student: Vec<StudentClause>,
    /// What the patient said: turn and reading.
    pub patient: Vec<(usize, Reading)>,
}

/// How many student clauses back "asked before" reaches.
const ASKED_BEFORE: usize = 3;
/// How many patient turns count as just heard, and as an answer.
const HEARD: usize = 3;
/// Below this many telling concepts a clause leans on its context.
const SAYS_LITTLE: f32 = 1.5;
/// Characters of the patient's last words joined to such a clause.
const JOINED: usize = 80;

impl Dialogue {
    /// Reads `transcript`; `skip` says which turns are not to be believed.
    pub fn read(transcript: &Transcript, matcher: &Matcher, skip: impl Fn(usize) -> bool) -> Self {
        let readings: Vec<Reading> = transcript.turns.iter().map(|turn| matcher.read(&turn.text)).collect();
        let mut dialogue = Self::default();
        for (at, (turn, reading)) in transcript.turns.iter().zip(&readings).enumerate() {
            match turn.speaker {
                Speaker::Patient => dialogue.patient.push((at, reading.clone())),
                Speaker::Student if skip(at) => {}
                Speaker::Student => dialogue.add_turn(transcript, &readings, at, reading),
            }
        }
        dialogue
    }

    /// Concepts of these patient turns.
    pub fn said_in(&self, turns: &[usize]) -> Vec<Concept> {
        self.patient
            .iter()
            .filter(|(turn, _)| turns.contains(turn))
            .flat_map(|(_, reading)| concepts(reading))
            .collect()
    }

    fn add_turn(&mut self, transcript: &Transcript, readings: &[Reading], at: usize, reading: &Reading) {
        let heard_turns = patient_turns_before(transcript, at);
        let heard: Vec<Concept> = heard_turns.iter().flat_map(|turn| concepts(&readings[*turn])).collect();
        let answers = patient_turns_after(transcript, at);
        let asked_before: Vec<Concept> = self
            .student
            .iter()
            .rev()
            .filter(|clause| clause.reading.act != DialogueAct::Backchannel && at - clause.turn <= 2 * HEARD)
            .take(ASKED_BEFORE)
            .flat_map(|clause| clause.reading.concepts.clone())
            .collect();
        let advice_near = advice_near(transcript, readings, at);
        let around = turn_around(reading, answers.first().map(|turn| &readings[*turn]));
        let last = reading.clauses.iter().rposition(says_anything);
        for (index, clause) in reading.clauses.iter().enumerate() {
            let others =
                reading.clauses.iter().enumerate().filter(|(other, _)| *other != index && index.abs_diff(*other) <= 3);
            let same_turn = others.flat_map(|(_, other)| other.concepts.clone()).collect();
            let says: f32 = clause.concepts.iter().filter(|c| c.known).map(|c| c.weight).sum();
            let joined = (clause.asks() && says < SAYS_LITTLE)
                .then(|| joined(transcript, &heard_turns, &transcript.turns[at].text[clause.span.clone()]))
                .flatten();
            self.student.push(StudentClause {
                turn: at,
                span: clause.span.clone(),
                reading: clause.clone(),
                same_turn,
                heard: heard.clone(),
                asked_before: asked_before.clone(),
                advice_near,
                around: TurnAround { is_last: last.is_none_or(|last| last <= index), ..around },
                answers: answers.clone(),
                joined,
            });
        }
    }
}

fn says_anything(clause: &ClauseReading) -> bool {
    clause.act != DialogueAct::Backchannel
}

fn turn_around(reading: &Reading, reply: Option<&Reading>) -> TurnAround {
    // Sentences about the talk itself ("let me rephrase that") make a turn no longer in what it asks.
    let tells = |clause: &&ClauseReading| clause.concepts.iter().any(|concept| concept.known);
    let said = reading.clauses.iter().filter(|clause| says_anything(clause)).filter(tells);
    TurnAround {
        asks: reading.clauses.iter().any(|clause| clause.mood.question && clause.asks()),
        clauses: (said.count() as f32 / 10.0).min(1.0),
        is_last: false,
        reply_words: reply.map_or(0.0, |reply| (reply.words.list.len() as f32 / 20.0).min(1.0)),
        reply_acknowledges: reply.is_some_and(|reply| !reply.clauses.iter().any(says_anything)),
    }
}

/// The share of the student's clauses in turns `at - 2 ..= at + 2` that advise or order.
fn advice_near(transcript: &Transcript, readings: &[Reading], at: usize) -> f32 {
    let beside = at.saturating_sub(2)..(at + 3).min(readings.len());
    let student = beside.filter(|turn| transcript.turns[*turn].speaker == Speaker::Student);
    let clauses =
        || student.clone().flat_map(|turn| &readings[turn].clauses).filter(|c| c.act != DialogueAct::Backchannel);
    let advising = clauses().filter(|c| matches!(c.act, DialogueAct::Advice | DialogueAct::Order)).count();
    advising as f32 / clauses().count().max(1) as f32
}

fn concepts(reading: &Reading) -> Vec<Concept> {
    reading.clauses.iter().flat_map(|clause| clause.concepts.clone()).collect()
}

/// The patient's last turns before turn `at`, oldest first.
fn patient_turns_before(transcript: &Transcript, at: usize) -> Vec<usize> {
    let mut turns: Vec<usize> = (at.saturating_sub(2 * HEARD)..at)
        .rev()
        .filter(|turn| transcript.turns[*turn].speaker == Speaker::Patient)
        .take(HEARD)
        .collect();
    turns.reverse();
    turns
}

/// The patient's next turns after turn `at`, up to the student's second next turn.
fn patient_turns_after(transcript: &Transcript, at: usize) -> Vec<usize> {
    let mut answers = Vec::new();
    for (turn, said) in transcript.turns.iter().enumerate().skip(at + 1).take(2 * HEARD) {
        match said.speaker {
            Speaker::Patient if answers.len() < HEARD => answers.push(turn),
            Speaker::Student if !answers.is_empty() => break,
            _ => {}
        }
    }
    answers
}

fn joined(transcript: &Transcript, heard: &[usize], clause: &str) -> Option<String> {
    let last = &transcript.turns[*heard.last()?].text;
    let from = last.char_indices().rev().take(JOINED).last().map_or(0, |(at, _)| at);
    Some(format!("{} {clause}", &last[from..]))
}
