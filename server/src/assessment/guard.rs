//! Turns that must not earn credit, and how much one turn can earn.

use std::collections::BTreeSet;

use super::{
    Flag, FlagKind, Speaker, Transcript,
    item::ItemReading,
    marking_talk::{is_code, talks_of_marking, undisguised},
};
use crate::understanding::{ClauseReading, DialogueAct, Matcher, Reading};

/// Most items one turn can earn: as many as a generous list of questions holds.
pub(crate) const MOST_PER_TURN: usize = 10;
/// Most items one clause can earn: as many as one question can list.
pub(crate) const MOST_PER_CLAUSE: usize = 7;
/// Things named in a row, without asking, that make a turn a read-out list.
const STUFFED: usize = 7;
/// Items recited without asking, of which nobody has spoken before, that make a turn a read-out list.
const RECITED: usize = 4;
/// New words of medicine in a sentence of single words with commas between them.
const KEYWORDS: usize = 2;

/// Flags turns that are tampered with or that only list keywords or items. Flagged turns earn nothing.
pub(crate) fn flags(transcript: &Transcript, items: &[ItemReading], matcher: &Matcher) -> Vec<Flag> {
    let mut known = Known::default();
    let mut before: Option<usize> = None;
    let mut flags: Vec<Flag> = Vec::new();
    for (turn, said) in transcript.turns.iter().enumerate() {
        let reading = matcher.read(&said.text);
        if said.speaker == Speaker::Student {
            let suspected =
                suspicion(&said.text, &reading, matcher).or_else(|| recital(&said.text, &reading, items, &known));
            if let Some(kind) = suspected {
                flags.push(Flag { kind, turn });
            } else if let Some(earlier) = before.filter(|earlier| is_split(transcript, *earlier, turn, matcher)) {
                // One instruction, said in two turns.
                flags.extend([earlier, turn].map(|turn| Flag { kind: FlagKind::Injection, turn }));
            }
            before = suspected.is_none().then_some(turn);
        }
        known.hear(&reading);
    }
    flags.dedup();
    flags
}

fn suspicion(text: &str, reading: &Reading, matcher: &Matcher) -> Option<FlagKind> {
    let disguised = || undisguised(text).is_some_and(|text| matcher.read(&text).tampering.injection);
    if reading.tampering.injection || is_code(text) || talks_of_marking(text) || disguised() {
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
        self.0.extend(concepts.flat_map(|concept| concept.names.iter().map(ToString::to_string)));
    }
}

/// A list of items read out to nobody: a summary says what was told, a recital what nobody has spoken of.
fn recital(text: &str, reading: &Reading, items: &[ItemReading], known: &Known) -> Option<FlagKind> {
    let sentences = reading.clauses.chunk_by(|a, b| a.sentence == b.sentence);
    let said: BTreeSet<&str> = sentences
        .filter(|sentence| !is_spoken_to(text, sentence))
        .flatten()
        .flat_map(|clause| &clause.concepts)
        .flat_map(|concept| concept.names.iter().map(AsRef::as_ref))
        .collect();
    let recited = items.iter().filter(|item| {
        let telling = || item.concepts.iter().filter(|concept| concept.known);
        let new = telling().any(|concept| !concept.names.iter().any(|name| known.0.contains(&**name)));
        new && telling().all(|concept| concept.names.iter().any(|name| said.contains(&**name)))
    });
    (recited.count() >= RECITED || lists_keywords(text, reading, known)).then_some(FlagKind::KeywordStuffing)
}

/// Whether a sentence said to nobody is single words with commas between them, some of them words of
/// medicine that nobody has said before.
fn lists_keywords(text: &str, reading: &Reading, known: &Known) -> bool {
    reading.clauses.chunk_by(|a, b| a.sentence == b.sentence).any(|sentence| {
        let concepts = sentence.iter().flat_map(|clause| &clause.concepts);
        let new: BTreeSet<&str> = concepts
            .filter(|concept| concept.known && concept.weight >= 1.0)
            .filter_map(|concept| concept.names.first().map(AsRef::as_ref))
            .filter(|name| !known.0.contains(*name))
            .collect();
        new.len() >= KEYWORDS && is_enumeration(said_in(text, sentence)) && !is_spoken_to(text, sentence)
    })
}

/// The parts of a list; in Chinese only its own mark makes one, since commas part clauses.
fn pieces(said: &str) -> Vec<&str> {
    let marks = if said.contains('、') { ['、', '；'] } else { [',', ';'] };
    said.split(marks).map(str::trim).collect()
}

/// Fewest parts of what is taken for a list.
const PIECES: usize = 5;

/// Whether what is said is a list of short parts.
fn is_list(said: &str) -> bool {
    let pieces = pieces(said);
    let words: usize = if said.contains('、') { said.chars().count() / 2 } else { said.split_whitespace().count() };
    pieces.len() >= PIECES && words <= 5 * pieces.len()
}

/// Whether what is said is a list of single words, whatever it begins with.
fn is_enumeration(said: &str) -> bool {
    const LETTERS: usize = 16;
    let pieces = pieces(said);
    let is_short = |piece: &&str| piece.split_whitespace().count() <= 2 && piece.chars().count() <= LETTERS;
    pieces.len() >= PIECES && pieces.iter().skip(1).all(is_short)
}

fn said_in<'t>(text: &'t str, sentence: &[ClauseReading]) -> &'t str {
    let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else { return "" };
    text.get(first.span.start..last.span.end).unwrap_or_default()
}

/// Whether a sentence is said to somebody: it ends with a question mark, advises, says "you" or "any",
/// or puts the verb first as questions do.
fn is_spoken_to(text: &str, sentence: &[ClauseReading]) -> bool {
    const ADDRESSING: [&str; 5] = ["you", "your", "any", "anyone", "anybody"];
    const CHINESE: [&str; 5] = ["您", "你", "吗", "呢", "有没有"];
    const ASKING: [&str; 8] = ["how", "what", "when", "where", "which", "who", "why", "whose"];
    const VERBS: [&str; 14] =
        ["do", "does", "did", "have", "has", "had", "are", "is", "was", "were", "can", "could", "would", "will"];
    let said = said_in(text, sentence).to_lowercase();
    // Lists without a verb are easily taken for advice.
    let list = is_list(&said);
    let advises = |clause: &ClauseReading| {
        let advice = matches!(clause.act, DialogueAct::Advice | DialogueAct::Order | DialogueAct::Empathy);
        clause.conditional || advice && !list
    };
    let words: Vec<&str> = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    sentence.iter().any(|clause| clause.mood.questioned || advises(clause))
        || words.iter().any(|word| ADDRESSING.contains(word))
        || words.first().is_some_and(|word| VERBS.contains(word))
        || words.first().is_some_and(|word| ASKING.contains(word))
            && words.iter().take(3).any(|word| VERBS.contains(word))
        || CHINESE.iter().any(|word| said.contains(word))
}

/// Whether two turns of the student's that follow each other make one instruction together.
fn is_split(transcript: &Transcript, earlier: usize, turn: usize, matcher: &Matcher) -> bool {
    let text = |turn: usize| transcript.turns[turn].text.trim_end_matches(['.', '。', '…', ' ']);
    let both = format!("{} {}", text(earlier), text(turn));
    let joined = format!("{}{}", text(earlier), text(turn));
    [both, joined].iter().any(|text| matcher.read(text).tampering.injection || talks_of_marking(text))
}
