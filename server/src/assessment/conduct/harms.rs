//! Acts that a scheme may take points off for: only what the words themselves show.

use super::{
    HarmfulAct,
    interview::{Interview, Said},
    words::Sign,
};
use crate::understanding::{ClauseReading, DialogueAct};

/// Harmful acts by turn. Of one kind each turn counts once.
pub(super) fn harms(interview: &Interview<'_>) -> Vec<HarmfulAct> {
    let mut found = Vec::new();
    for (at, said) in interview.student.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| interview.student.get(at));
        let clauses = [
            ("rude", said.clause_doing(DialogueAct::Rude)),
            ("false-reassurance", stated(said, Sign::FalseReassurance)),
            ("blunt-diagnosis", stated(said, Sign::Grave).filter(|_| !warned(said) && !before.is_some_and(warned))),
            ("dismisses-worry", stated(said, Sign::Dismisses)),
        ];
        found.extend(clauses.into_iter().filter_map(|(kind, clause)| {
            Some(HarmfulAct { kind: kind.to_owned(), evidence: said.quote(&clause?.span) })
        }));
    }
    found
}

/// The clause that states it: not one that asks ("Are you afraid it's cancer?") or supposes a case.
fn stated<'s>(said: &'s Said<'_>, sign: Sign) -> Option<&'s ClauseReading> {
    said.clause_with(sign).filter(|clause| {
        let asks = clause.mood.question || clause.mood.questioned || clause.mood.check;
        !asks && !clause.conditional && clause.act != DialogueAct::Summary
    })
}

/// Whether a turn prepares the patient, or meets how it feels.
fn warned(said: &Said<'_>) -> bool {
    said.signs.has(Sign::Warning) || said.clause_doing(DialogueAct::Empathy).is_some()
}
