//! A teacher's class: who may be looked at, and the marks that its pages are made from.
//!
//! Pages about a class read one narrow row a consultation (`results`), not its report. A row is made from
//! the report as it counts, when somebody looks at a class after the consultation ended or an examiner
//! decided; `keep_up` makes those of an older database in the background.

mod around;
mod homework;

use std::collections::HashMap;

use cases::Case;
use jiff::Timestamp;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use around::{Around, around};
pub use homework::{Homework, homework};

use crate::{
    assessment::Report,
    catalogue::{Catalogue, CatalogueError},
    cohort::{Cohort, Marked, Sheet, SheetItem, Verdict},
    moderation::{ModerationError, counting_report},
    store::{EncounterRecord, EncounterState, GroupRecord, Mode, ResultRecord, Role, Scope, Store, StoreError, User},
};

/// Rows that a page makes before it is shown; more is left to [`keep_up`].
const AT_ONCE: u32 = 100;
/// What an outcome is kept as when the report does not have the item.
const ABSENT: char = '.';

/// Why a class cannot be looked at.
#[derive(Debug, Error)]
pub enum ClassroomError {
    /// There is no such group for this teacher.
    #[error("there is no group of that id for this account")]
    UnknownGroup,
    /// A case cannot be read.
    #[error(transparent)]
    Case(#[from] CatalogueError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a teacher looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Whose consultations.
    pub scope: Scope,
    /// The group, when one was chosen.
    pub group: Option<GroupRecord>,
    /// Every group the teacher could choose.
    pub groups: Vec<GroupRecord>,
}

/// Whose consultations `teacher` may look at when no group is chosen: an administrator's are everyone's, and
/// so are a teacher's as long as nobody has made a group.
pub async fn widest_scope(store: &Store, teacher: &User) -> Result<Scope, StoreError> {
    let everyone = teacher.role == Role::Admin || !store.has_groups().await?;
    Ok(if everyone { Scope::Everyone } else { Scope::Teacher(teacher.id) })
}

/// What `teacher` looks at with `group` chosen, or none (an empty text).
///
/// # Errors
/// [`ClassroomError::UnknownGroup`] for a group of somebody else.
pub async fn view(store: &Store, teacher: &User, group: &str) -> Result<View, ClassroomError> {
    let own = (teacher.role != Role::Admin).then_some(teacher.id);
    let groups = store.groups(own).await?;
    if group.is_empty() {
        return Ok(View { scope: widest_scope(store, teacher).await?, group: None, groups });
    }
    let chosen = groups.iter().find(|one| one.id.to_string() == group).cloned();
    let chosen = chosen.ok_or(ClassroomError::UnknownGroup)?;
    Ok(View { scope: Scope::Group(chosen.id), group: Some(chosen), groups })
}

/// Whether `teacher` may read the consultations of `student`.
pub async fn may_read(store: &Store, teacher: &User, student: Uuid) -> Result<bool, StoreError> {
    match widest_scope(store, teacher).await? {
        Scope::Everyone => Ok(true),
        scope => store.is_in(scope, student).await,
    }
}

/// The class in `scope` with every consultation that ended at or after `since`.
pub async fn cohort(
    store: &Store,
    catalogue: &Catalogue,
    scope: Scope,
    since: Option<Timestamp>,
) -> Result<Cohort, ClassroomError> {
    catch_up(store, catalogue, AT_ONCE).await?;
    let students = store.students(scope).await?;
    let results = store.results(scope, since).await?;
    laid_out(catalogue, &students, results).await
}

/// `results` of `students`, laid out on the sheets of their cases.
pub async fn laid_out(
    catalogue: &Catalogue,
    students: &[User],
    results: Vec<ResultRecord>,
) -> Result<Cohort, ClassroomError> {
    let mut cohort = Cohort::of(students.iter().map(|student| student.id).collect());
    let places: HashMap<Uuid, usize> =
        students.iter().enumerate().map(|(place, student)| (student.id, place)).collect();
    let mut sheets: HashMap<(String, u32), Option<usize>> = HashMap::new();
    for result in results {
        let Some(&student) = places.get(&result.student) else { continue };
        let key = (result.case_id, result.case_version);
        let sheet = if let Some(known) = sheets.get(&key) {
            *known
        } else {
            let case = catalogue.case(&key.0, key.1).await?;
            let made = case.map(|case| add_sheet(&mut cohort, &case));
            sheets.insert(key, made);
            made
        };
        let Some(sheet) = sheet else { continue };
        let ResultRecord { encounter, started, ended, percent, outcomes, mode, .. } = result;
        let is_whole = mode.section().is_none();
        cohort.marked.push(Marked { encounter, student, sheet, started, ended, percent, is_whole, outcomes });
    }
    Ok(cohort)
}

fn add_sheet(cohort: &mut Cohort, case: &Case) -> usize {
    let mut items = Vec::with_capacity(case.rubric.len());
    for item in &case.rubric {
        let Some(topic) = item.topics.first() else { continue };
        let topic = cohort.place_of(topic);
        items.push(SheetItem { id: item.id.clone(), topic, section: item.section, critical: item.critical });
    }
    cohort.sheets.push(Sheet { case: case.id.clone(), version: case.version, system: case.system.clone(), items });
    cohort.sheets.len() - 1
}

/// Makes the rows that are to be made, at most `limit`, and gives how many there were.
pub async fn catch_up(store: &Store, catalogue: &Catalogue, limit: u32) -> Result<usize, ClassroomError> {
    let due = store.results_due(limit).await?;
    let mut made = Vec::with_capacity(due.len());
    for encounter in &due {
        let case = catalogue.case(&encounter.case_id, encounter.case_version).await?;
        let result = match &case {
            Some(case) => result(store, encounter, case).await?,
            None => None,
        };
        match result {
            Some(result) => made.push(result),
            None => store.give_up_result(encounter.id).await?,
        }
    }
    if !made.is_empty() {
        store.keep_results(made).await?;
    }
    Ok(due.len())
}

/// Makes every row that is to be made, a few at a time, until there is none or the server closes.
pub async fn keep_up(store: Store, catalogue: Catalogue, closing: CancellationToken) {
    while !closing.is_cancelled() {
        match catch_up(&store, &catalogue, AT_ONCE).await {
            Ok(0) => return,
            Ok(_) => tokio::task::yield_now().await,
            Err(error) => {
                tracing::warn!(%error, "results of finished consultations were not made; pages about classes try again");
                return;
            }
        }
    }
}

/// Makes the row of a consultation that has just been finished.
pub async fn take_in(store: &Store, encounter: &EncounterRecord, case: &Case) -> Result<(), ClassroomError> {
    match result(store, encounter, case).await? {
        Some(result) => Ok(store.keep_results(vec![result]).await?),
        None => Ok(()),
    }
}

/// None for a self-test, and when the report cannot be read; the log then says so.
async fn result(
    store: &Store,
    encounter: &EncounterRecord,
    case: &Case,
) -> Result<Option<ResultRecord>, ClassroomError> {
    let EncounterState::Finished { at, .. } = encounter.state else { return Ok(None) };
    // A self-test is the learner's own affair: no class is judged by it.
    if encounter.mode == Mode::SelfTest {
        return Ok(None);
    }
    let report = match counting_report(store, encounter, case).await {
        Ok((report, _)) => report,
        Err(ModerationError::Store(error)) => return Err(error.into()),
        Err(error) => {
            tracing::warn!(encounter = %encounter.id, %error, "a finished consultation counts in no class");
            return Ok(None);
        }
    };
    Ok(Some(ResultRecord {
        encounter: encounter.id,
        student: encounter.student,
        case_id: encounter.case_id.clone(),
        case_version: encounter.case_version,
        mode: encounter.mode,
        started: encounter.started,
        ended: at,
        percent: report.score.percent,
        outcomes: outcomes(case, &report),
    }))
}

/// A letter an item that has a topic, in the order of the rubric.
fn outcomes(case: &Case, report: &Report) -> String {
    let letter = |id: &str| {
        let item = report.items.iter().find(|item| item.id == id);
        item.map_or(ABSENT, |item| match (item.needs_review, item.asked) {
            (true, _) => Verdict::WithExaminer.letter(),
            (false, true) => Verdict::Asked.letter(),
            (false, false) => Verdict::Missed.letter(),
        })
    };
    case.rubric.iter().filter(|item| !item.topics.is_empty()).map(|item| letter(&item.id)).collect()
}
