//! What students are to do, and how far they are.

use jiff::Timestamp;

use crate::{
    catalogue::Catalogue,
    classroom::ClassroomError,
    cohort::{Finished, Progress, Task, progress},
    store::{AssignmentRecord, ResultRecord},
};

/// An assignment that can be held against results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Homework {
    /// What is to be done.
    pub task: Task,
}

/// `assignment` with the cases it means: those it names, or every published case of its body system and
/// those of `results`, which may have been withdrawn since.
pub async fn homework(
    catalogue: &Catalogue,
    assignment: &AssignmentRecord,
    results: &[ResultRecord],
) -> Result<Homework, ClassroomError> {
    let AssignmentRecord { mode, opens, due, .. } = *assignment;
    let Some(system) = &assignment.system else {
        let (cases, wanted) = (assignment.cases.clone(), assignment.cases.len());
        return Ok(Homework { task: Task { cases, wanted, mode, opens, due } });
    };
    let published = catalogue.published().await?;
    let mut cases: Vec<String> =
        published.iter().filter(|case| case.system == *system).map(|case| case.id.clone()).collect();
    for result in results.iter().filter(|result| result.started >= opens) {
        if cases.contains(&result.case_id) {
            continue;
        }
        let case = catalogue.case(&result.case_id, result.case_version).await?;
        cases.extend(case.filter(|case| case.system == *system).map(|case| case.id.clone()));
    }
    Ok(Homework { task: Task { cases, wanted: 1, mode, opens, due } })
}

impl Homework {
    /// How far the student of `results` (oldest first) is at `now`.
    pub fn progress<'a>(&self, results: impl IntoIterator<Item = &'a ResultRecord>, now: Timestamp) -> Progress {
        let finished = results
            .into_iter()
            .map(|one| -> Finished<'_> { (one.encounter, one.case_id.as_str(), one.mode, one.started, one.ended) });
        progress(&self.task, &finished.collect::<Vec<_>>(), now)
    }
}
