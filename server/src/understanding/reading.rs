//! Reading an utterance without any model: words, clauses, what each does and names.

use std::ops::Range;

use knowledge_graph::{Facet, TopicId};

use super::{
    DialogueAct,
    acts::{ClauseSigns, Mood},
    clauses::{Segment, segments},
    cues::{Cue, Cues},
    injection::{Tampering, tampering},
    lexicon::{Lexicon, NamedTopics},
    spelling::Spelling,
    thesaurus::{Concept, Thesaurus},
    words::{Words, is_ideograph},
};

/// An utterance as read.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// Its words.
    pub words: Words,
    /// Its clauses in order.
    pub clauses: Vec<ClauseReading>,
    /// What is wrong with it as a whole.
    pub tampering: Tampering,
}

/// A clause as read.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent marks of one clause; an enum would have to list their products"
)]
pub(crate) struct ClauseReading {
    /// Which words.
    pub words: Range<usize>,
    /// Which bytes of the utterance.
    pub span: Range<usize>,
    /// Number of the sentence within the utterance.
    pub sentence: usize,
    /// What it does.
    pub act: DialogueAct,
    /// How it is put.
    pub mood: Mood,
    /// What it is about, at the level of words.
    pub concepts: Vec<Concept>,
    /// What it names, at the level of topics.
    pub named: NamedTopics,
    /// Facets asked for, from the graph's cues and the thesaurus, with the words that ask.
    pub facets: Vec<(Facet, Range<usize>)>,
    /// Whether it speaks of relatives.
    pub kin: bool,
    /// Whether it speaks of earlier times.
    pub past: bool,
    /// Whether it says that something is not known.
    pub unknown: bool,
    /// Whether it supposes a case ("if it gets worse").
    pub conditional: bool,
}

impl Reading {
    /// Has every clause do `act` that is no greeting, comfort or insult of its own.
    pub fn mean(&mut self, act: DialogueAct) {
        let keeps = [DialogueAct::Greeting, DialogueAct::Empathy, DialogueAct::Rude, DialogueAct::Backchannel];
        for clause in self.clauses.iter_mut().filter(|clause| !keeps.contains(&clause.act)) {
            clause.act = act;
        }
    }
}

/// Everything needed to read.
#[derive(Debug)]
pub(crate) struct Reader {
    pub thesaurus: Thesaurus,
    pub cues: Cues,
    pub lexicon: Lexicon,
    pub spelling: Spelling,
}

impl Reader {
    /// Reads `text`.
    pub fn read(&self, text: &str) -> Reading {
        let mut words = Words::read(text);
        self.spelling.correct(&mut words, text);
        spell_out_titles(&mut words, text);
        let mut clauses: Vec<ClauseReading> =
            segments(&words, &self.cues).iter().map(|segment| self.clause(&words, segment)).collect();
        spread_advice(&mut clauses);
        ask_what_others_have(&words, &mut clauses);
        spread_kin(&words, &mut clauses);
        Reading { tampering: tampering(text, &self.cues), words, clauses }
    }

    fn clause(&self, words: &Words, segment: &Segment) -> ClauseReading {
        let range = segment.words.clone();
        let stems: Vec<&str> = words.list[range.clone()].iter().map(|word| word.stem.as_str()).collect();
        let mut concepts = self.thesaurus.concepts_of(&stems);
        for concept in &mut concepts {
            concept.words = concept.words.start + range.start..concept.words.end + range.start;
        }
        let named = self.lexicon.find(words, range.clone(), &concepts);
        let cues = self.cues.find(&stems);
        let topics: Vec<TopicId> = named.topics.iter().map(|named| named.topic.clone()).collect();
        let mut facets = named.facets.clone();
        facets.extend(self.thesaurus.facets(&concepts));
        // "Burning" within "burning when passing urine" names the finding; it asks no facet.
        facets.retain(|(facet, words)| {
            *facet == Facet::Frequency
                || !named
                    .topics
                    .iter()
                    .any(|topic| topic.exact && topic.words.start <= words.start && words.end <= topic.words.end)
        });
        drop_side_facets(&mut facets);
        facets.sort_by_key(|(facet, words)| (*facet, words.start));
        facets.dedup_by_key(|(facet, _)| *facet);
        let chinese = words.list[range.clone()].iter().any(|word| word.stem.chars().all(is_ideograph));
        let asking: Vec<Range<usize>> = facets
            .iter()
            .filter(|(facet, _)| *facet != Facet::Detail)
            .map(|(_, words)| words.start - range.start..words.end - range.start)
            .collect();
        let signs = ClauseSigns {
            stems: &stems,
            cues: &cues,
            questioned: segment.questioned,
            chinese,
            either: words.list[range.clone()].iter().any(|word| word.either),
            topics: &topics,
            facets: &asking,
        };
        let mood = signs.mood();
        ClauseReading {
            span: words.list[range.start].span.start..words.list[range.end - 1].span.end,
            words: range,
            sentence: segment.sentence,
            act: signs.act(mood),
            mood,
            concepts,
            named,
            facets,
            kin: cues.has(Cue::Kin),
            past: cues.has(Cue::Past),
            unknown: cues.has(Cue::Unknown),
            conditional: cues.has(Cue::Conditional),
        }
    }
}

/// "Ms Nair" has no multiple sclerosis.
fn spell_out_titles(words: &mut Words, text: &str) {
    for word in words.list.iter_mut().filter(|word| text.get(word.span.clone()) == Some("Ms")) {
        "mrs".clone_into(&mut word.stem);
    }
}

/// "What were you doing when it came on?" asks what set it off, not when; "did anything bring it
/// on?" asks what set it off, not what makes it worse.
fn drop_side_facets(facets: &mut Vec<(Facet, Range<usize>)>) {
    let Some(trigger) = facets.iter().find(|(facet, _)| *facet == Facet::Trigger).map(|(_, words)| words.clone())
    else {
        return;
    };
    facets.retain(|(facet, words)| match facet {
        Facet::Onset => words.start < trigger.start,
        Facet::Aggravating => words.end <= trigger.start || trigger.end <= words.start || words.len() > trigger.len(),
        _ => true,
    });
}

/// In a sentence that gives advice or supposes a case nothing is asked, unless it ends with a
/// question mark: "fever, a stiff neck or a rash, you must ring us".
fn spread_advice(clauses: &mut [ClauseReading]) {
    for sentence in clauses.chunk_by_mut(|a, b| a.sentence == b.sentence) {
        let advises = sentence.iter().any(|clause| clause.conditional || clause.act == DialogueAct::Advice);
        if advises && !sentence.iter().any(|clause| clause.mood.questioned) {
            for clause in sentence.iter_mut().filter(|clause| clause.act == DialogueAct::Specific) {
                clause.act = DialogueAct::Advice;
            }
        }
    }
}

/// "Some people notice marks on their skin. Have you?": the first sentence names what the second asks.
fn ask_what_others_have(words: &Words, clauses: &mut [ClauseReading]) {
    const LONGEST_ECHO: usize = 5;
    for at in 1..clauses.len() {
        let (before, behind) = clauses.split_at_mut(at);
        let (Some(said), Some(echo)) = (before.last_mut(), behind.first_mut()) else { continue };
        let echoes = echo.mood.questioned && echo.named.topics.is_empty() && echo.words.len() <= LONGEST_ECHO;
        let of_others = words.list[said.words.clone()].iter().take(4).any(|word| {
            matches!(word.stem.as_str(), "some" | "many" | "lot" | "peopl" | "others" | "sometim" | "other")
        }) || words.list[said.words.clone()].windows(2).take(3).any(|two| {
            matches!((two[0].stem.as_str(), two[1].stem.as_str()), ("有", "的" | "些") | ("很", "多") | ("不", "少"))
        });
        if echoes && of_others && !said.named.topics.is_empty() && !said.mood.questioned {
            said.act = DialogueAct::Specific;
            echo.act = DialogueAct::Backchannel;
        }
    }
}

/// "Is your dad still alive? Did he have this?": he is still the father.
fn spread_kin(words: &Words, clauses: &mut [ClauseReading]) {
    const ONE_OF_KIN: [&str; 8] = ["dad", "father", "mum", "mother", "mom", "brother", "sister", "parents"];
    let says = |clause: &ClauseReading, any: &[&str]| {
        words.list[clause.words.clone()].iter().any(|word| any.contains(&word.folded.as_str()))
    };
    for at in 1..clauses.len() {
        let of_one = says(&clauses[at - 1], &ONE_OF_KIN) && says(&clauses[at - 1], &["your"]);
        clauses[at].kin |= of_one && clauses[at - 1].asks() && says(&clauses[at], &["he", "she", "they", "either"]);
    }
}

impl ClauseReading {
    /// Whether it puts a question to the patient, checks included.
    pub fn asks(&self) -> bool {
        matches!(self.act, DialogueAct::Specific | DialogueAct::Summary)
    }
}
