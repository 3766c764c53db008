//! An examiner's decisions laid over the machine's report, and two reports laid side by side.

use serde::{Deserialize, Serialize};

use super::{EngineStamp, ItemReport, Report, Rubric, Score};

/// How an item was recognised when a person decided it.
pub const BY_EXAMINER: &str = "examiner";

/// What an examiner decided of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The rubric item's id.
    pub item: String,
    /// Whether the student asked it.
    pub asked: bool,
    /// Why.
    pub reason: String,
}

/// The report as it counts: the machine's, with the decisions in place of its marks. The rubric says
/// what each item weighs. A scheme's points are left out once something was decided: they were the
/// machine's, and [`super::scheme::mark`] makes them anew.
pub fn moderated(report: &Report, decisions: &[Decision], rubric: &Rubric) -> Report {
    let decided = |item: &ItemReport| {
        let Some(decision) = decisions.iter().find(|decision| decision.item == item.id) else { return item.clone() };
        ItemReport {
            asked: decision.asked,
            credit: if decision.asked { 1.0 } else { 0.0 },
            confidence: 1.0,
            needs_review: false,
            method: BY_EXAMINER.to_owned(),
            ..item.clone()
        }
    };
    let items: Vec<ItemReport> = report.items.iter().map(decided).collect();
    let scheme = report.scheme.clone().filter(|_| decisions.is_empty());
    Report { score: score(rubric, &items), items, scheme, ..report.clone() }
}

/// The weighted score of marked items; one that the rubric does not know weighs 1.
pub(crate) fn score(rubric: &Rubric, items: &[ItemReport]) -> Score {
    let weight = |item: &ItemReport| {
        rubric.items.iter().find(|known| known.id == item.id).and_then(|known| known.weight).unwrap_or(1.0)
    };
    let possible: f64 = items.iter().map(weight).sum();
    let earned: f64 = items.iter().map(|item| weight(item) * item.credit).sum();
    let percent = if possible > 0.0 { 100.0 * earned / possible } else { 0.0 };
    Score { earned, possible, percent: (percent * 100.0).round() / 100.0 }
}

/// Two reports on one transcript.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The transcript's id.
    pub transcript: String,
    /// The rubric's id.
    pub rubric: String,
    /// What graded first.
    pub before: EngineStamp,
    /// What graded again.
    pub after: EngineStamp,
    /// The score first and again, in percent.
    pub percent: [f64; 2],
    /// Items whose verdict differs.
    pub items: Vec<Difference>,
}

/// An item whose verdict differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The item's id.
    pub item: String,
    /// First; none when the first report does not have the item.
    pub was: Option<Verdict>,
    /// Again; none when the second report does not have the item.
    pub is: Option<Verdict>,
}

/// A verdict, shortened.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Whether the student asked it.
    pub asked: bool,
    /// Whether an examiner must decide.
    pub needs_review: bool,
    /// Confidence, 0–1.
    pub confidence: f64,
}

impl From<&ItemReport> for Verdict {
    fn from(item: &ItemReport) -> Self {
        Self { asked: item.asked, needs_review: item.needs_review, confidence: item.confidence }
    }
}

/// Where two reports on one transcript differ: in what was asked, or in what an examiner must decide.
pub fn compared(first: &Report, again: &Report) -> Comparison {
    let in_report = |report: &Report, id: &str| report.items.iter().find(|item| item.id == id).map(Verdict::from);
    let gone = first.items.iter().filter(|item| !again.items.iter().any(|other| other.id == item.id));
    let ids = again.items.iter().chain(gone).map(|item| item.id.as_str());
    let same = |was: Option<Verdict>, is: Option<Verdict>| match (was, is) {
        (Some(was), Some(is)) => was.asked == is.asked && was.needs_review == is.needs_review,
        _ => false,
    };
    let items = ids
        .map(|id| Difference { item: id.to_owned(), was: in_report(first, id), is: in_report(again, id) })
        .filter(|difference| !same(difference.was, difference.is));
    Comparison {
        transcript: again.transcript.clone(),
        rubric: again.rubric.clone(),
        before: first.engine.clone(),
        after: again.engine.clone(),
        percent: [first.score.percent, again.score.percent],
        items: items.collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(items: &[(&str, bool, bool)]) -> Report {
        let items: Vec<_> = items
            .iter()
            .map(|(id, asked, review)| {
                json!({"id": id, "asked": asked, "elicited": false, "credit": u8::from(*asked), "confidence": 0.6,
                    "needs_review": review, "evidence": [], "method": "none"})
            })
            .collect();
        serde_json::from_value(json!({"transcript": "t", "rubric": "r",
            "score": {"earned": 0.0, "possible": 0.0, "percent": 0.0}, "items": items, "flags": [],
            "engine": {"version": "0", "matcher": "1", "models": []}}))
        .unwrap()
    }

    fn rubric() -> Rubric {
        serde_json::from_value(json!({"id": "r", "items": [
            {"id": "a", "text": "Asks about fever", "weight": 3.0}, {"id": "b", "text": "Asks about cough"}]}))
        .unwrap()
    }

    #[test]
    fn a_decision_counts_in_place_of_the_mark_and_leaves_the_rest() {
        let machine = report(&[("a", false, true), ("b", true, false)]);
        let decision = Decision { item: "a".to_owned(), asked: true, reason: "asked in turn 4".to_owned() };

        let counts = moderated(&machine, &[decision], &rubric());

        assert_eq!((counts.items[0].asked, counts.items[0].needs_review), (true, false));
        assert_eq!(counts.items[0].method, BY_EXAMINER);
        assert_eq!(counts.items[1], machine.items[1]);
        assert!((counts.score.percent - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_report_of_an_older_version_reads_and_is_compared() {
        let (first, again) = (
            report(&[("a", false, true), ("b", true, false)]),
            report(&[("a", true, true), ("b", true, false), ("c", false, false)]),
        );
        assert_eq!(first.engine.thresholds, None);

        let found = compared(&first, &again);

        let ids: Vec<&str> = found.items.iter().map(|one| one.item.as_str()).collect();
        assert_eq!(ids, ["a", "c"]);
        assert_eq!(found.items[0].was.map(|was| was.asked), Some(false));
        assert_eq!(found.items[1].was, None);
    }
}
