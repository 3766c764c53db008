//! Whether what was assigned is done.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::Mode;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Cases to be played.
    pub cases: Vec<String>,
    /// How many of them: all, or any one.
    pub wanted: usize,
    /// Rules; what was played under exam conditions counts as practice, too.
    pub mode: Mode,
    /// What was begun before does not count.
    pub opens: Timestamp,
    /// What was finished later is late.
    pub due: Timestamp,
}

/// A finished consultation of a student: which, of which case, under which rules, begun and ended when.
pub type Finished<'a> = (Uuid, &'a str, Mode, Timestamp, Timestamp);

/// How far a student is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Cases finished.
    pub finished: usize,
    /// When the last that was wanted was finished; none while something is to be done.
    pub done: Option<Timestamp>,
    /// Whether that was after the date, or the date has passed.
    pub late: bool,
    /// The consultations that count, the first of each case.
    pub encounters: Vec<Uuid>,
    /// Cases still to be played; of any one, all.
    pub open: Vec<String>,
}

/// How far the student who finished `consultations` (oldest first) is at `now`.
pub fn progress(task: &Task, consultations: &[Finished<'_>], now: Timestamp) -> Progress {
    let counts = |(_, _, mode, started, _): &&Finished<'_>| {
        *started >= task.opens && (task.mode == Mode::Practice || *mode == Mode::Exam)
    };
    let mut firsts: Vec<&Finished<'_>> =
        task.cases.iter().filter_map(|case| consultations.iter().filter(counts).find(|one| one.1 == case)).collect();
    firsts.sort_by_key(|one| one.4);
    firsts.truncate(task.wanted);
    let done = (firsts.len() >= task.wanted).then(|| firsts.last().map(|one| one.4)).flatten();
    let finished: Vec<&str> = firsts.iter().map(|one| one.1).collect();
    let open = if done.is_some() { Vec::new() } else { task.cases.clone() };
    Progress {
        finished: firsts.len(),
        done,
        late: done.unwrap_or(now) > task.due,
        encounters: firsts.iter().map(|one| one.0).collect(),
        open: open.into_iter().filter(|case| !finished.contains(&case.as_str())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-03-{text}T12:00:00Z").parse().unwrap()
    }

    fn task(cases: &[&str], wanted: usize, mode: Mode) -> Task {
        Task {
            cases: cases.iter().map(|&case| case.to_owned()).collect(),
            wanted,
            mode,
            opens: at("02"),
            due: at("09"),
        }
    }

    fn played(case: &str, mode: Mode, day: &str) -> (Uuid, String, Mode, Timestamp, Timestamp) {
        (Uuid::from_u128(7), case.to_owned(), mode, at(day), at(day))
    }

    #[test]
    fn a_task_is_done_late_or_open() {
        let practice = Mode::Practice;
        for (wanted, mode, days, done, late, left) in [
            (2, practice, vec![("a", practice, "03"), ("b", practice, "04")], Some("04"), false, 0),
            (2, practice, vec![("a", practice, "03"), ("b", practice, "10")], Some("10"), true, 0),
            (2, practice, vec![("a", practice, "03")], None, true, 1),
            (1, practice, vec![("b", practice, "05")], Some("05"), false, 0),
            (1, practice, vec![("a", practice, "01")], None, true, 2),
            (1, Mode::Exam, vec![("a", practice, "03")], None, true, 2),
            (1, practice, vec![("a", Mode::Exam, "03")], Some("03"), false, 0),
            (1, practice, vec![("c", practice, "03")], None, true, 2),
        ] {
            let owned: Vec<_> = days.iter().map(|(case, mode, day)| played(case, *mode, day)).collect();
            let finished: Vec<Finished<'_>> =
                owned.iter().map(|one| (one.0, one.1.as_str(), one.2, one.3, one.4)).collect();

            let found = progress(&task(&["a", "b"], wanted, mode), &finished, at("11"));

            assert_eq!((found.done, found.late, found.open.len()), (done.map(at), late, left), "{days:?}");
        }
    }

    #[test]
    fn before_the_date_nothing_is_late() {
        assert!(!progress(&task(&["a"], 1, Mode::Practice), &[], at("05")).late);
    }
}
