//! The closer look while a transcript is graded: which turns are read together with an item, and what that changes.

use models::Pair;

use super::{Candidate, Grader, LOWEST_ODDS, MOST_CANDIDATES, Verdict};
use crate::{
    assessment::{
        Rubric, Transcript,
        classifier::Classifier,
        closer::{self, MOST_TURNS},
        study::Study,
        telling::told_features,
    },
    understanding::Matcher,
};

impl Grader {
    /// Reads the likeliest turns of every open item together with it and weighs what comes of it; false
    /// where that is not possible. A certain verdict is left alone.
    pub(super) fn look_closer(
        &self,
        study: &Study,
        (transcript, rubric): (&Transcript, &Rubric),
        verdicts: &mut [Verdict],
    ) -> bool {
        if !study.embedded {
            return false;
        }
        let open = |verdict: &Verdict| !verdict.named && closer::is_open(log_odds(verdict.asked));
        let wanted: Vec<(usize, Vec<usize>)> = (0..verdicts.len())
            .filter(|at| open(&verdicts[*at]))
            .map(|at| (at, likeliest_turns(study, &verdicts[at].others)))
            .collect();
        let pairs: Vec<Pair> = wanted
            .iter()
            .flat_map(|(item, clauses)| clauses.iter().map(move |clause| (*item, &study.dialogue.student[*clause])))
            .map(|(item, clause)| closer::pair(&rubric.items[item], transcript, clause.turn, &clause.span))
            .collect();
        let Some(read) = closer::read(&self.matcher, &pairs) else { return false };
        let mut read = read.as_slice();
        for (item, clauses) in wanted {
            let (own, rest) = read.split_at(clauses.len());
            read = rest;
            self.weigh(study, item, (&mut verdicts[item], &clauses), own);
        }
        true
    }

    /// Corrects the verdict on an item by what was `read` of its likeliest clauses.
    fn weigh(&self, study: &Study, item: usize, (verdict, clauses): (&mut Verdict, &[usize]), read: &[f64]) {
        verdict.asked = self.classifier.closer.asked(log_odds(verdict.asked), read, study.chinese);
        for (clause, read) in clauses.iter().zip(read) {
            let turn = study.dialogue.student[*clause].turn;
            let of_turn = |candidate: &&mut Candidate| study.dialogue.student[candidate.clause].turn == turn;
            for candidate in verdict.others.iter_mut().filter(of_turn) {
                candidate.odds = f64::midpoint(candidate.odds, *read);
            }
        }
        verdict.others.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.clause.cmp(&b.clause)));
        verdict.best = verdict.others.first().copied();
        let telling = study.telling(item, verdict.best.map(|best| best.clause));
        let judge = self.classifier.judge(study.embedded);
        verdict.told = judge.told(&told_features(telling, verdict.asked, study.chinese));
    }
}

/// A probability as log-odds.
fn log_odds(probability: f64) -> f64 {
    let within = probability.clamp(1e-6, 1.0 - 1e-6);
    (within / (1.0 - within)).ln()
}

/// The best clause of each of the turns that most likely ask an item, the best first.
fn likeliest_turns(study: &Study, candidates: &[Candidate]) -> Vec<usize> {
    let turn = |clause: usize| study.dialogue.student[clause].turn;
    let mut clauses: Vec<usize> = Vec::new();
    for candidate in candidates {
        if clauses.len() < MOST_TURNS && !clauses.iter().any(|other| turn(*other) == turn(candidate.clause)) {
            clauses.push(candidate.clause);
        }
    }
    clauses
}

/// What the closer look reads of every item, open or not: the turn and the reader's log-odds.
pub(super) fn readings(
    matcher: &Matcher,
    study: &Study,
    (transcript, rubric): (&Transcript, &Rubric),
) -> Vec<Vec<(usize, f64)>> {
    let Some(classifier) = Classifier::embedded().ok().filter(|_| study.embedded) else { return Vec::new() };
    let judge = classifier.judge(true);
    let likeliest = |item: usize| {
        let clauses = 0..study.dialogue.student.len();
        let odds = |clause: usize| {
            let odds = judge.pair(&study.pair(clause, item));
            if study.asks_of_relatives_only(clause, item) { odds.min(LOWEST_ODDS) } else { odds }
        };
        let mut others: Vec<Candidate> = clauses.map(|clause| Candidate { clause, odds: odds(clause) }).collect();
        others.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.clause.cmp(&b.clause)));
        others.truncate(MOST_CANDIDATES);
        likeliest_turns(study, &others)
    };
    let read = |item: usize| {
        let clauses = likeliest(item);
        let clause = |at: &usize| &study.dialogue.student[*at];
        let pair = |at: &usize| closer::pair(&rubric.items[item], transcript, clause(at).turn, &clause(at).span);
        let pairs: Vec<Pair> = clauses.iter().map(pair).collect();
        let odds = closer::read(matcher, &pairs)?;
        Some(clauses.iter().map(|at| clause(at).turn).zip(odds).collect())
    };
    (0..study.items.len()).map_while(read).collect()
}
