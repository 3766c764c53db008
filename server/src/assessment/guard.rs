//! Turns that must not earn credit, and how much one turn can earn.

use std::collections::BTreeSet;

use super::{
    Flag, FlagKind, Speaker, Transcript,
    item::ItemReading,
    marking_talk::{is_code, talks_of_marking},
};
use crate::understanding::{ClauseReading, DialogueAct, Matcher, Reading};

/// Most items one turn can earn: as many as a generous list of questions holds.
pub(crate) const MOST_PER_TURN: usize = 10;
/// Most items one clause can earn: as many as one question can list.
pub(crate) const MOST_PER_CLAUSE: usize = 7;
/// Things named in a row, without asking, that make a turn a read-out list.
const STUFFED: usize = 7;
/// Items recited without asking, of which nobody has spoken before, that make a turn a read-out list.
const RECITED: usize = 3;

/// Flags turns that are tampered with or that only list keywords or items. Flagged turns earn nothing.
pub(crate) fn flags(transcript: &Transcript, items: &[ItemReading], matcher: &Matcher) -> Vec<Flag> {
    let mut known = Known::default();
    let mut before: Option<usize> = None;
    let mut flags: Vec<Flag> = Vec::new();
    for (turn, said) in transcript.turns.iter().enumerate() {
        let reading = matcher.read(&said.text);
        if said.speaker == Speaker::Student {
            if let Some(kind) = suspicion(&said.text, &reading).or_else(|| recital(&reading, items, &known)) {
                flags.push(Flag { kind, turn });
            } else if let Some(earlier) = before.filter(|earlier| is_split(transcript, *earlier, turn, matcher)) {
                // One instruction, said in two turns.
                flags.extend([earlier, turn].map(|turn| Flag { kind: FlagKind::Injection, turn }));
            }
            before = Some(turn);
        }
        known.hear(&reading);
    }
    flags.dedup();
    flags
}

fn suspicion(text: &str, reading: &Reading) -> Option<FlagKind> {
    if reading.tampering.injection || is_code(text) || talks_of_marking(text) {
        return Some(FlagKind::Injection);
    }
    if reading.tampering.forged_role {
        return Some(FlagKind::ForgedRole);
    }
    let listed: usize = statements(reading).map(|clause| clause.named.topics.len()).sum();
    (listed >= STUFFED && listed > 3 * questions(reading)).then_some(FlagKind::KeywordStuffing)
}

/// Clauses that neither ask nor advise nor comfort.
fn statements(reading: &Reading) -> impl Iterator<Item = &ClauseReading> {
    let asks = |act: DialogueAct| !matches!(act, DialogueAct::Advice | DialogueAct::Order | DialogueAct::Empathy);
    reading.clauses.iter().filter(move |clause| {
        asks(clause.act) && !clause.mood.question && !clause.mood.check && clause.act != DialogueAct::Summary
    })
}

fn questions(reading: &Reading) -> usize {
    reading.clauses.iter().filter(|clause| clause.mood.question || clause.mood.check).count()
}

/// What has been spoken of so far, as names of concepts.
#[derive(Default)]
struct Known(BTreeSet<String>);

impl Known {
    fn hear(&mut self, reading: &Reading) {
        let concepts = reading.clauses.iter().flat_map(|clause| &clause.concepts);
        self.0.extend(concepts.flat_map(|concept| concept.names.iter().map(|name| name.to_string())));
    }
}

/// A list of items read out: a summary says what was told, a recital what nobody has spoken of.
fn recital(reading: &Reading, items: &[ItemReading], known: &Known) -> Option<FlagKind> {
    let said: BTreeSet<&str> = statements(reading)
        .flat_map(|clause| &clause.concepts)
        .flat_map(|concept| concept.names.iter().map(AsRef::as_ref))
        .collect();
    let recited = items.iter().filter(|item| {
        let telling = || item.concepts.iter().filter(|concept| concept.known);
        let names = |concept: &crate::understanding::Concept| concept.names.iter().any(|name| said.contains(&**name));
        let new = telling().any(|concept| !concept.names.iter().any(|name| known.0.contains(&**name)));
        telling().next().is_some() && new && telling().all(names)
    });
    let recited = recited.count();
    (recited >= RECITED && recited > 3 * questions(reading)).then_some(FlagKind::KeywordStuffing)
}

/// Whether two turns of the student's that follow each other make one instruction together.
fn is_split(transcript: &Transcript, earlier: usize, turn: usize, matcher: &Matcher) -> bool {
    let text = |turn: usize| transcript.turns[turn].text.trim_end_matches(['.', '。', '…', ' ']);
    let both = format!("{} {}", text(earlier), text(turn));
    let joined = format!("{}{}", text(earlier), text(turn));
    [both, joined].iter().any(|text| matcher.read(text).tampering.injection || talks_of_marking(text))
}
