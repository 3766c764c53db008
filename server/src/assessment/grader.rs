//! Rubric × transcript → report.

mod closely;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use knowledge_graph::Language;

use super::{
    EngineStamp, Evidence, Flag, FlagKind, GraderError, ItemReport, ModelStamp, Report, Rubric, Thresholds, Transcript,
    classifier::{Classifier, ITEM_FEATURES, Judge},
    conduct::{ConductWords, Rules, Subject, conduct},
    features::PAIR_FEATURES,
    guard::{MOST_PER_CLAUSE, MOST_PER_TURN, flags},
    item::{ItemReading, read_items},
    moderation::score,
    similarity::ItemVectors,
    study::Study,
    telling::told_features,
};
use crate::understanding::{MATCHER_VERSION, Matcher};

/// Grades consultations. Made once, shared; the same input gives the same report.
pub struct Grader {
    matcher: Arc<Matcher>,
    classifier: Classifier,
    conduct_words: ConductWords,
    conduct_rules: &'static Rules,
    /// Vectors of the rubrics graded by last: many transcripts come with the same one. The same texts in
    /// the same batches give the same vectors, so a report does not depend on what was graded before.
    rubrics: Mutex<HashMap<Vec<String>, Arc<ItemVectors>>>,
}

/// Most rubrics whose vectors are kept.
const RUBRICS_KEPT: usize = 128;

/// A clause's log-odds to ask an item.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    clause: usize,
    odds: f64,
}

/// From this probability on an item counts as asked, or as told.
const DECIDES: f64 = 0.5;

/// How sure it is that a question asks an item whose own topic it names: the same words decide what
/// the patient answers.
const NAMED: f64 = 0.95;

/// Clauses of an item that are kept.
const MOST_CANDIDATES: usize = 6;

/// Log-odds below which it makes no difference how unlikely a clause is.
const LOWEST_ODDS: f64 = -5.0;

/// Everything known of one item before the caps.
struct Verdict {
    best: Option<Candidate>,
    others: Vec<Candidate>,
    asked: f64,
    told: f64,
    /// Whether the question names the item's own topic, which settles it.
    named: bool,
}

impl Grader {
    /// Grades with `matcher`; the classifier's weights are part of the program.
    pub fn new(matcher: Arc<Matcher>) -> Result<Self, GraderError> {
        Ok(Self {
            matcher,
            classifier: Classifier::embedded()?,
            conduct_words: ConductWords::embedded()?,
            conduct_rules: Rules::embedded()?,
            rubrics: Mutex::default(),
        })
    }

    /// Marks every item of `rubric` in `transcript`. Blocking when the matcher embeds.
    pub fn grade(&self, transcript: &Transcript, rubric: &Rubric) -> Report {
        let items = Arc::new(read_items(&rubric.items, &self.matcher));
        let mut flags = flags(transcript, &items, &self.matcher);
        let vectors = self.vectors(&items, transcript.language);
        let embed = |texts: &[&str]| self.matcher.embed(texts);
        let study = Study::new(transcript, items, (vectors.as_deref(), &embed), (&self.matcher, &flags));
        let mut verdicts = self.verdicts(&study);
        let closely = self.look_closer(&study, (transcript, rubric), &mut verdicts);
        let review_below = self.review_below(study.embedded, closely);
        cap(&study, &mut verdicts, &mut flags);
        let items = rubric.items.iter().zip(&verdicts);
        let items: Vec<ItemReport> = items
            .enumerate()
            .map(|(at, (item, verdict))| report(&study, (transcript, review_below), (at, &item.id), verdict))
            .collect();
        flags.sort_by_key(|flag| (flag.turn, flag.kind as u8));
        let subject = Subject { transcript, rubric, items: &items, flags: &flags };
        let conduct = conduct(&subject, &self.matcher, &self.conduct_words, self.conduct_rules);
        Report {
            conduct,
            scheme: None,
            transcript: transcript.id.clone(),
            rubric: rubric.id.clone(),
            score: score(rubric, &items),
            items,
            flags,
            engine: self.stamp_of(study.embedded, review_below),
        }
    }

    /// What grades: versions and weights.
    pub fn stamp(&self) -> EngineStamp {
        let embedded = self.matcher.embedder().is_some();
        self.stamp_of(embedded, self.review_below(embedded, embedded))
    }

    /// The confidence below which an examiner decides.
    fn review_below(&self, embedded: bool, closely: bool) -> f64 {
        if closely { self.classifier.closer.review_below } else { self.classifier.judge(embedded).review_below }
    }

    fn stamp_of(&self, embedded: bool, review_below: f64) -> EngineStamp {
        let embedder = self.matcher.embedder().filter(|_| embedded);
        let model = embedder.map(|model| ModelStamp { name: model.name, sha256: model.sha256 });
        EngineStamp {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            matcher: MATCHER_VERSION.to_owned(),
            models: model.into_iter().collect(),
            classifier: Some(self.classifier.sha256.clone()),
            thresholds: Some(Thresholds {
                asked: DECIDES,
                elicited: DECIDES,
                review_below,
                items_per_turn: MOST_PER_TURN,
                items_per_clause: MOST_PER_CLAUSE,
            }),
        }
    }

    /// The vectors of a rubric's items; none without an embedder.
    fn vectors(&self, items: &[ItemReading], language: Language) -> Option<Arc<ItemVectors>> {
        let subjects = items.iter().map(|item| item.subject.clone()).chain([language.to_string()]).collect();
        let kept = || self.rubrics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vectors) = kept().get(&subjects) {
            return Some(Arc::clone(vectors));
        }
        let texts: Vec<&str> = items.iter().map(|item| item.subject.as_str()).collect();
        let vectors = Arc::new(ItemVectors::new(self.matcher.embed(&texts)?, language));
        let mut kept = kept();
        if kept.len() >= RUBRICS_KEPT {
            kept.clear();
        }
        kept.insert(subjects, Arc::clone(&vectors));
        Some(vectors)
    }

    fn verdicts(&self, study: &Study) -> Vec<Verdict> {
        let judge = self.classifier.judge(study.embedded);
        let clauses = || 0..study.dialogue.student.len();
        let pairs: Vec<Vec<Vec<f32>>> =
            (0..study.items.len()).map(|item| clauses().map(|clause| study.pair(clause, item)).collect()).collect();
        let odds_of = |item: usize, clause: usize| {
            let odds = judge.pair(&pairs[item][clause]);
            // What is asked of relatives asks nothing of the patient.
            if study.asks_of_relatives_only(clause, item) { odds.min(LOWEST_ODDS) } else { odds }
        };
        let odds: Vec<Vec<f64>> =
            (0..pairs.len()).map(|item| clauses().map(|clause| odds_of(item, clause)).collect()).collect();
        (0..pairs.len()).map(|item| verdict(judge, study, (&odds, &pairs[item]), item)).collect()
    }
}

fn report(
    study: &Study,
    (transcript, review_below): (&Transcript, f64),
    (at, id): (usize, &str),
    verdict: &Verdict,
) -> ItemReport {
    let asked = verdict.asked >= DECIDES;
    let confidence = verdict.asked.max(1.0 - verdict.asked);
    let evidence = if asked { evidence(study, transcript, verdict) } else { Vec::new() };
    ItemReport {
        id: id.to_owned(),
        asked,
        elicited: verdict.told >= DECIDES,
        credit: if asked { 1.0 } else { 0.0 },
        confidence: (confidence * 1000.0).round() / 1000.0,
        needs_review: confidence < review_below,
        evidence,
        method: method(study, at, verdict, asked).to_owned(),
    }
}

/// What `judge` makes of an item.
fn verdict(judge: &Judge, study: &Study, (odds, pairs): (&[Vec<f64>], &[Vec<f32>]), item: usize) -> Verdict {
    let mut candidates: Vec<Candidate> =
        odds[item].iter().enumerate().map(|(clause, odds)| Candidate { clause, odds: *odds }).collect();
    candidates.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.clause.cmp(&b.clause)));
    let best = candidates.first().copied();
    let turn = |candidate: &Candidate| study.dialogue.student[candidate.clause].turn;
    let second = candidates.iter().find(|c| best.is_some_and(|best| turn(c) != turn(&best)));
    let asked = best.map_or(0.0, |best| {
        let values = item_features(study, odds, item, best, second.copied());
        judge.item(&values, &pairs[best.clause], &highest(pairs))
    });
    let told = judge.told(&told_features(study.telling(item, best.map(|b| b.clause)), asked, study.chinese));
    candidates.truncate(MOST_CANDIDATES);
    match study.naming(item) {
        Some(clause) if asked < NAMED => {
            let named = Candidate { clause, odds: odds[item][clause] };
            Verdict { best: Some(named), others: vec![named], asked: NAMED, told, named: true }
        }
        _ => Verdict { best, others: candidates, asked, told, named: false },
    }
}

/// The feature values behind a grade, for training: see `server/training`.
pub fn grading_features(matcher: &Matcher, transcript: &Transcript, rubric: &Rubric) -> serde_json::Value {
    let items = Arc::new(read_items(&rubric.items, matcher));
    let flags = flags(transcript, &items, matcher);
    let subjects: Vec<&str> = items.iter().map(|item| item.subject.as_str()).collect();
    let vectors = matcher.embed(&subjects).map(|raw| ItemVectors::new(raw, transcript.language));
    let embed = |texts: &[&str]| matcher.embed(texts);
    let study = Study::new(transcript, Arc::clone(&items), (vectors.as_ref(), &embed), (matcher, &flags));
    let read = closely::readings(matcher, &study, (transcript, rubric));
    let item = |at: usize| {
        let pairs: Vec<_> = (0..study.dialogue.student.len())
            .map(|clause| serde_json::json!({"turn": study.dialogue.student[clause].turn, "x": study.pair(clause, at)}))
            .collect();
        serde_json::json!({"id": rubric.items[at].id, "pairs": pairs, "telling": study.tellings[at].values(),
            "subject": study.items[at].subject, "read": read.get(at), "vector": vectors.as_ref().map(|vectors| &vectors.raw[at])})
    };
    serde_json::json!({"id": transcript.id, "features": PAIR_FEATURES.as_slice(), "chinese": study.chinese,
        "clauses": study.dialogue.student.iter().map(|clause| serde_json::json!({
            "text": &transcript.turns[clause.turn].text[clause.span.clone()], "joined": clause.joined,
            "act": clause.reading.act})).collect::<Vec<_>>(),
        "items": (0..rubric.items.len()).map(item).collect::<Vec<_>>(),
        "answers": study.answers_by_clause()})
}

/// The highest value of every feature among the clauses.
fn highest(pairs: &[Vec<f32>]) -> [f32; PAIR_FEATURES.len()] {
    let of = |feature: usize| pairs.iter().map(|pair| pair[feature]).fold(f32::MIN, f32::max);
    std::array::from_fn(of)
}

/// The features of an item, in the order of `ITEM_FEATURES`.
fn item_features(
    study: &Study,
    odds: &[Vec<f64>],
    item: usize,
    best: Candidate,
    second: Option<Candidate>,
) -> [f64; ITEM_FEATURES.len()] {
    const LOWEST: f64 = LOWEST_ODDS;
    const HIGHEST: f64 = 4.0;
    let top = best.odds.clamp(LOWEST, HIGHEST);
    let others = odds.iter().enumerate().filter(|(other, _)| *other != item);
    let rival = others.map(|(_, odds)| odds[best.clause]).fold(LOWEST, f64::max);
    let rivals = odds.iter().filter(|odds| odds[best.clause] > 0.0).count();
    let asking = study.dialogue.student.iter().filter(|clause| clause.asks_by_form()).count();
    let telling = &study.tellings[item];
    [
        top,
        second.map_or(LOWEST, |second| second.odds).clamp(LOWEST, HIGHEST),
        (rivals as f64).min(6.0) / 3.0,
        (top - rival).clamp(-4.0, 4.0),
        telling.own,
        telling.context,
        if study.chinese { 1.0 } else { 0.0 },
        // The more is asked, the likelier something comes near an item by chance.
        (asking as f64).ln_1p(),
    ]
}

/// Keeps one turn from buying the checklist: beyond the caps the least sure items lose credit.
fn cap(study: &Study, verdicts: &mut [Verdict], flags: &mut Vec<Flag>) {
    for (limit, by_clause) in [(MOST_PER_CLAUSE, true), (MOST_PER_TURN, false)] {
        let place = |clause: usize| if by_clause { clause } else { study.dialogue.student[clause].turn };
        let mut places: Vec<(usize, f64, usize)> = verdicts
            .iter()
            .enumerate()
            .filter(|(_, verdict)| verdict.asked >= 0.5)
            .filter_map(|(at, verdict)| Some((place(verdict.best?.clause), verdict.asked, at)))
            .collect();
        places.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        for chunk in places.chunk_by(|a, b| a.0 == b.0).filter(|chunk| chunk.len() > limit) {
            for (_, _, at) in &chunk[limit..] {
                let Some(best) = verdicts[*at].best else { continue };
                verdicts[*at].asked = 0.49;
                let flag = Flag { kind: FlagKind::TooManyAtOnce, turn: study.dialogue.student[best.clause].turn };
                if !flags.contains(&flag) {
                    flags.push(flag);
                }
            }
        }
    }
}

/// Quotes of the clauses that ask: the best one, and others nearly as good.
fn evidence(study: &Study, transcript: &Transcript, verdict: &Verdict) -> Vec<Evidence> {
    const NEARLY: f64 = 1.0;
    const MOST: usize = 3;
    let best = verdict.best.map_or(0.0, |best| best.odds);
    let mut quotes: Vec<Evidence> = Vec::new();
    for candidate in
        verdict.others.iter().filter(|c| c.odds >= best - 1e-9 || (c.odds > 0.0 && c.odds >= best - NEARLY))
    {
        let clause = &study.dialogue.student[candidate.clause];
        if quotes.len() < MOST && !quotes.iter().any(|quote| quote.turn == clause.turn) {
            let quote = transcript.turns[clause.turn].text[clause.span.clone()].to_owned();
            quotes.push(Evidence { turn: clause.turn, quote });
        }
    }
    quotes.sort_by_key(|quote| quote.turn);
    quotes
}

/// How the item was recognised, in one word.
fn method(study: &Study, item: usize, verdict: &Verdict, asked: bool) -> &'static str {
    let Some(best) = verdict.best.filter(|_| asked) else { return "none" };
    let features = study.pair(best.clause, item);
    let value = |name: &str| PAIR_FEATURES.iter().position(|f| *f == name).map_or(0.0, |at| features[at]);
    if value("topic_same") > 0.0 || value("recall_own") >= 0.99 {
        "lexicon"
    } else if value("recall_own") >= 0.4 || value("alternative_own") >= 0.99 {
        "classifier"
    } else if value("recall_context") > value("recall_own") + 0.3 {
        "context"
    } else {
        "embedding"
    }
}

#[cfg(test)]
mod tests {
    use knowledge_graph::Graph;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_that_names_the_items_own_topics_asks_each_and_a_statement_asks_none() {
        let matcher = Matcher::new(Graph::embedded().unwrap(), None, None).unwrap();
        let grader = Grader::new(Arc::new(matcher)).unwrap();
        let item = |id: &str, text: &str, topic: &str| json!({"id": id, "text": text, "domain": "", "critical": false, "topics": [topic]});
        let rubric: Rubric = serde_json::from_value(json!({"id": "r", "items": [
            item("sweating", "Asks about sweating or clamminess", "finding:sweating"),
            item("nausea", "Asks about feeling sick", "finding:nausea"),
            item("smoking", "Asks about smoking", "history:smoking"),
            item("heart", "Asks about heart disease", "history:heart-disease"),
        ]}))
        .unwrap();
        let transcript: Transcript = serde_json::from_value(json!({"id": "t", "language": "en", "turns": [
            {"speaker": "student", "text": "Any nausea, vomiting or sweating?"},
            {"speaker": "patient", "text": "A bit sweaty."},
            {"speaker": "student", "text": "Has anyone in your family had heart trouble?"},
            {"speaker": "patient", "text": "No."},
            {"speaker": "student", "text": "You should give up smoking, it harms your health."},
        ]}))
        .unwrap();

        let report = grader.grade(&transcript, &rubric);

        let found: Vec<(bool, bool)> = report.items.iter().map(|item| (item.asked, item.needs_review)).collect();
        assert_eq!(found[..2], [(true, false), (true, false)], "{report:?}");
        assert_eq!(report.items[0].evidence[0].quote, "Any nausea, vomiting or sweating");
        assert!(!report.items[2].asked && report.items[3].confidence < NAMED, "{report:?}");
    }
}
