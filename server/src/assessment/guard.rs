//! Turns that must not earn credit, and how much one turn can earn.

use super::{Flag, FlagKind, Speaker, Transcript};
use crate::understanding::{DialogueAct, Matcher, Reading};

/// Most items one turn can earn: as many as a generous list of questions holds.
pub(crate) const MOST_PER_TURN: usize = 10;
/// Most items one clause can earn: as many as one question can list.
pub(crate) const MOST_PER_CLAUSE: usize = 7;
/// Things named in a row, without asking, that make a turn a read-out list.
const STUFFED: usize = 7;

/// Flags turns that are tampered with or that only list keywords. Flagged turns earn nothing.
pub(crate) fn flags(transcript: &Transcript, matcher: &Matcher) -> Vec<Flag> {
    let students = transcript.turns.iter().enumerate().filter(|(_, turn)| turn.speaker == Speaker::Student);
    students.filter_map(|(turn, said)| Some(Flag { kind: suspicion(&matcher.read(&said.text))?, turn })).collect()
}

fn suspicion(reading: &Reading) -> Option<FlagKind> {
    if reading.tampering.injection {
        return Some(FlagKind::Injection);
    }
    if reading.tampering.forged_role {
        return Some(FlagKind::ForgedRole);
    }
    let asks = |act: DialogueAct| !matches!(act, DialogueAct::Advice | DialogueAct::Order | DialogueAct::Empathy);
    let listed: usize = reading
        .clauses
        .iter()
        .filter(|clause| {
            asks(clause.act) && !clause.mood.question && !clause.mood.check && clause.act != DialogueAct::Summary
        })
        .map(|clause| clause.named.topics.len())
        .sum();
    let asked = reading.clauses.iter().filter(|clause| clause.mood.question || clause.mood.check).count();
    (listed >= STUFFED && listed > 3 * asked).then_some(FlagKind::KeywordStuffing)
}
