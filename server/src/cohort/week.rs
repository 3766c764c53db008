//! What to work on this week, and with which patient.

use std::collections::BTreeSet;

use cases::Case;
use jiff::Timestamp;
use knowledge_graph::TopicId;

use super::{Cohort, Tally, by_topic};

/// Fewer judged occasions than this are too few to rank a topic.
const FEWEST_OCCASIONS: u32 = 10;
/// Fewer students than this say more about persons than about a class.
const FEWEST_STUDENTS: u32 = 3;

/// A topic that the class misses.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    /// Which.
    pub topic: TopicId,
    /// How often, by how many students.
    pub tally: Tally,
}

/// The topics that were missed most in consultations that ended at or after `since`: at most `most`, by the
/// lower end of the interval of the share, so that little evidence ranks low. Topics with too few occasions or
/// students, and such as were never missed, are left out.
pub fn most_missed(cohort: &Cohort, since: Timestamp, most: usize) -> Vec<Missed> {
    let tallies = by_topic(cohort, |marked| marked.ended >= since);
    let evident = |tally: &Tally| {
        tally.missed.of >= FEWEST_OCCASIONS && tally.students >= FEWEST_STUDENTS && tally.missed.count > 0
    };
    let all = cohort.topics.iter().zip(tallies).filter(|(_, tally)| evident(tally));
    let mut found: Vec<Missed> = all.map(|(topic, tally)| Missed { topic: topic.clone(), tally }).collect();
    let low = |missed: &Missed| missed.tally.missed.interval().0;
    found.sort_by(|a, b| low(b).total_cmp(&low(a)).then_with(|| a.topic.cmp(&b.topic)));
    found.truncate(most);
    found
}

/// A case to play together.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggested {
    /// Its id.
    pub case: String,
    /// Which of the topics its rubric asks for.
    pub topics: Vec<TopicId>,
    /// How many students of the class have finished it.
    pub played_by: usize,
}

/// The case that asks for most of `topics`; of equals the one that fewest have played. None when no case asks
/// for any.
pub fn suggested<'a>(
    cohort: &Cohort,
    topics: &[TopicId],
    cases: impl IntoIterator<Item = &'a Case>,
) -> Option<Suggested> {
    let suggestion = |case: &Case| Suggested {
        case: case.id.clone(),
        topics: topics
            .iter()
            .filter(|topic| case.rubric.iter().any(|item| item.topics.first() == Some(*topic)))
            .cloned()
            .collect(),
        played_by: played_by(cohort, &case.id),
    };
    cases.into_iter().map(suggestion).filter(|one| !one.topics.is_empty()).min_by(|a, b| {
        b.topics.len().cmp(&a.topics.len()).then(a.played_by.cmp(&b.played_by)).then_with(|| a.case.cmp(&b.case))
    })
}

fn played_by(cohort: &Cohort, case: &str) -> usize {
    let of_case = |sheet: usize| cohort.sheets.get(sheet).is_some_and(|sheet| sheet.case == case);
    let students: BTreeSet<usize> =
        cohort.marked.iter().filter(|marked| of_case(marked.sheet)).map(|marked| marked.student).collect();
    students.len()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::cohort::sheet::tests::cohort;

    fn class(letters: &[&str]) -> Cohort {
        let rows: Vec<(usize, &str, &str)> =
            letters.iter().enumerate().map(|(n, letters)| (n % 3, "2026-03-02T12:00:00Z", *letters)).collect();
        let mut class = cohort(&rows);
        class.students.push(Uuid::from_u128(3));
        class
    }

    fn since(at: &str) -> Timestamp {
        at.parse().unwrap()
    }

    #[test]
    fn the_topics_missed_most_come_first() {
        let class = class(&["+-?", "---", "+--", "---", "+-+", "---", "+-+", "--+", "+-?", "+-?", "+--", "---"]);

        let found = most_missed(&class, since("2026-03-01T00:00:00Z"), 5);

        let topics: Vec<String> = found.iter().map(|missed| missed.topic.to_string()).collect();
        assert_eq!(topics, ["history:alcohol", "history:smoking"], "drug allergy was judged 9 times only");
        assert_eq!(found[0].tally.students, 3);
    }

    #[test]
    fn what_is_too_old_or_too_little_is_not_ranked() {
        assert_eq!(most_missed(&class(&["---"; 9]), since("2026-03-01T00:00:00Z"), 5), []);
        assert_eq!(most_missed(&class(&["---"; 30]), since("2026-03-03T00:00:00Z"), 5), []);
    }

    #[test]
    fn the_case_that_asks_for_most_is_suggested() {
        let library = cases::library().unwrap();
        let wanted: Vec<TopicId> = library[3].rubric.iter().filter_map(|item| item.topics.first().cloned()).collect();

        let found = suggested(&class(&[]), &wanted, library).unwrap();

        assert_eq!(found.case, library[3].id);
        assert_eq!(found.played_by, 0);
        assert_eq!(suggested(&class(&[]), &[], library), None);
    }
}
