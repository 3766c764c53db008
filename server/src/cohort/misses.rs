//! What is missed: by section, by student and section, by topic. Items with an examiner count nowhere.

use std::collections::BTreeMap;

use knowledge_graph::Section;

use super::{Cohort, Marked, Share, Verdict};

/// Misses of judged occasions, by how many students.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Missed of judged.
    pub missed: Share,
    /// Students with a judged occasion.
    pub students: u32,
}

impl Share {
    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::WithExaminer => {}
            Verdict::Asked => self.of += 1,
            Verdict::Missed => {
                self.of += 1;
                self.count += 1;
            }
        }
    }
}

/// Misses of the whole class by section, in the order a history is taken.
pub fn by_section(cohort: &Cohort) -> BTreeMap<Section, Share> {
    let mut found: BTreeMap<Section, Share> = BTreeMap::new();
    for cells in by_student_and_section(cohort) {
        for (section, share) in cells {
            let sum = found.entry(section).or_default();
            sum.count += share.count;
            sum.of += share.of;
        }
    }
    found
}

/// Misses by section for each student, in the order of [`Cohort::students`].
pub fn by_student_and_section(cohort: &Cohort) -> Vec<BTreeMap<Section, Share>> {
    let mut found = vec![vec![Share::default(); Section::ALL.len()]; cohort.students.len()];
    for marked in &cohort.marked {
        let Some(row) = found.get_mut(marked.student) else { continue };
        for (item, verdict) in cohort.items(marked) {
            row[item.section as usize].count(verdict);
        }
    }
    let sections = |row: Vec<Share>| {
        let cells = Section::ALL.iter().map(|section| (*section, row[*section as usize]));
        cells.filter(|(_, share)| share.of > 0).collect()
    };
    found.into_iter().map(sections).collect()
}

/// Misses by topic, in the order of [`Cohort::topics`], over the consultations that `counts`.
pub fn by_topic(cohort: &Cohort, counts: impl Fn(&Marked) -> bool) -> Vec<Tally> {
    let mut found = vec![Tally::default(); cohort.topics.len()];
    let mut met = vec![false; cohort.topics.len() * cohort.students.len()];
    for marked in cohort.marked.iter().filter(|marked| counts(marked)) {
        for (item, verdict) in cohort.items(marked) {
            let tally = &mut found[item.topic];
            tally.missed.count(verdict);
            let met = &mut met[item.topic * cohort.students.len() + marked.student];
            if verdict != Verdict::WithExaminer && !*met {
                *met = true;
                tally.students += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::sheet::tests::cohort;

    const DAY: &str = "2026-03-02T12:00:00Z";

    #[test]
    fn misses_are_counted_by_section_and_student() {
        let class = cohort(&[(0, DAY, "+-?"), (0, DAY, "--+"), (1, DAY, "++?")]);

        let rows = by_student_and_section(&class);

        assert_eq!(rows[0][&Section::SocialHistory], Share { count: 3, of: 4 });
        assert_eq!(rows[0][&Section::Allergies], Share { count: 0, of: 1 });
        assert_eq!(rows[1].get(&Section::Allergies), None, "an examiner has still to decide");
        assert_eq!(by_section(&class)[&Section::SocialHistory], Share { count: 3, of: 6 });
    }

    #[test]
    fn misses_are_counted_by_topic_with_their_students() {
        let class = cohort(&[(0, DAY, "+-?"), (0, DAY, "--+"), (1, DAY, "++?")]);

        let found = by_topic(&class, |_| true);

        assert_eq!(found[1], Tally { missed: Share { count: 2, of: 3 }, students: 2 });
        assert_eq!(found[2], Tally { missed: Share { count: 0, of: 1 }, students: 1 });
        assert_eq!(by_topic(&class, |marked| marked.student == 1)[1].missed, Share { count: 0, of: 1 });
    }
}
