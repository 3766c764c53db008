//! Words that show what an utterance does, in both languages.

use std::collections::BTreeMap;

use knowledge_graph::{BilingualList, Language};

use super::{MatcherError, phrasebook::Phrasebook};

const SOURCE: &str = include_str!("cues.toml");

/// What a cue is a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Cue {
    Starter,
    Marker,
    End,
    Conditional,
    Tag,
    Filler,
    Vague,
    Open,
    Order,
    OrderVerb,
    Advice,
    Empathy,
    Rude,
    Greeting,
    Closing,
    Summary,
    Kin,
    Past,
    Negation,
    Unknown,
    Measured,
}

const NAMES: [(&str, Cue); 21] = [
    ("starters", Cue::Starter),
    ("markers", Cue::Marker),
    ("ends", Cue::End),
    ("conditional", Cue::Conditional),
    ("tags", Cue::Tag),
    ("fillers", Cue::Filler),
    ("vague", Cue::Vague),
    ("open", Cue::Open),
    ("order", Cue::Order),
    ("order_verbs", Cue::OrderVerb),
    ("advice", Cue::Advice),
    ("empathy", Cue::Empathy),
    ("rude", Cue::Rude),
    ("greeting", Cue::Greeting),
    ("closing", Cue::Closing),
    ("summary", Cue::Summary),
    ("kin", Cue::Kin),
    ("past", Cue::Past),
    ("negation", Cue::Negation),
    ("unknown", Cue::Unknown),
    ("measured", Cue::Measured),
];

/// All cues.
#[derive(Debug)]
pub(crate) struct Cues {
    book: Phrasebook<Cue>,
    /// Technical words.
    pub jargon: Phrasebook<()>,
    /// Phrases that try to steer the machine.
    pub steering: Steering,
    /// Words that, before a colon, forge a turn.
    pub roles: Vec<String>,
}

/// What instructs the machine, in lower case.
#[derive(Debug)]
pub(crate) struct Steering {
    /// Telling by themselves.
    pub phrases: Vec<String>,
    /// Verbs and objects of "ignore your instructions", by language.
    pub dismiss: [VerbsAndObjects; 2],
    /// Verbs and objects of "show me the prompt", by language.
    pub reveal: [VerbsAndObjects; 2],
}

/// Telling when a verb and an object stand close together.
#[derive(Debug)]
pub(crate) struct VerbsAndObjects {
    /// What is to be done.
    pub verbs: Vec<String>,
    /// To what.
    pub objects: Vec<String>,
}

/// The verbs and objects of `name`, English first.
fn pairs(file: &BTreeMap<String, BilingualList>, name: &str) -> Result<[VerbsAndObjects; 2], MatcherError> {
    let list = |part: &str, language: Language| {
        let table = format!("{name}_{part}");
        let both = file.get(&table).ok_or_else(|| MatcherError::Content {
            file: "cues.toml",
            problem: format!("the table `{table}` is missing"),
        })?;
        Ok::<Vec<String>, MatcherError>(both.get(language).iter().map(|phrase| phrase.to_lowercase()).collect())
    };
    let both = |language| {
        Ok::<_, MatcherError>(VerbsAndObjects { verbs: list("verbs", language)?, objects: list("objects", language)? })
    };
    Ok([both(Language::En)?, both(Language::Zh)?])
}

/// The cues of one stretch of words, by place.
#[derive(Debug, Default)]
pub(crate) struct CuesFound(Vec<(usize, usize, Cue)>);

impl Cues {
    /// Reads the cues that are part of the program.
    pub fn embedded() -> Result<Self, MatcherError> {
        let wrong = |problem: String| MatcherError::Content { file: "cues.toml", problem };
        let file: BTreeMap<String, BilingualList> = toml::from_str(SOURCE).map_err(|error| wrong(error.to_string()))?;
        let list = |name: &str| {
            let both = file.get(name).ok_or_else(|| wrong(format!("the table `{name}` is missing")))?;
            Ok::<Vec<&str>, MatcherError>(both.en.iter().chain(&both.zh).map(String::as_str).collect())
        };
        let mut phrases = Vec::new();
        for (name, cue) in NAMES {
            phrases.extend(list(name)?.into_iter().map(|phrase| (phrase, cue)));
        }
        let lower = |phrases: Vec<&str>| phrases.into_iter().map(str::to_lowercase).collect();
        Ok(Self {
            book: Phrasebook::new(phrases)?,
            jargon: Phrasebook::new(list("jargon")?.into_iter().map(|phrase| (phrase, ())))?,
            steering: Steering {
                phrases: lower(list("injection")?),
                dismiss: pairs(&file, "dismiss")?,
                reveal: pairs(&file, "reveal")?,
            },
            roles: lower(list("roles")?),
        })
    }

    /// All cues in `stems`, overlapping ones included.
    pub fn find(&self, stems: &[&str]) -> CuesFound {
        let mut found: Vec<(usize, usize, Cue)> = self
            .book
            .find_all(stems)
            .into_iter()
            .flat_map(|f| f.meanings.iter().map(move |cue| (f.words.start, f.words.end, *cue)))
            .collect();
        found.sort_unstable();
        CuesFound(found)
    }
}

impl CuesFound {
    /// Words of the longest `cue`; 0 without one.
    pub fn longest(&self, cue: Cue) -> usize {
        self.0.iter().filter(|(_, _, found)| *found == cue).map(|(start, end, _)| end - start).max().unwrap_or(0)
    }

    /// Whether `cue` occurs.
    pub fn has(&self, cue: Cue) -> bool {
        self.0.iter().any(|(_, _, found)| *found == cue)
    }

    /// Whether every `cue` follows a "not" within a few words.
    pub fn denied(&self, cue: Cue) -> bool {
        const REACH: usize = 3;
        let all = || self.0.iter().filter(|(_, _, found)| *found == cue);
        let before = |start: usize| {
            self.0.iter().any(|(_, end, found)| *found == Cue::Negation && *end <= start && start - end <= REACH)
        };
        all().all(|(start, _, _)| before(*start))
    }

    /// Whether `cue` begins at word `at`.
    pub fn starts(&self, cue: Cue, at: usize) -> bool {
        self.0.iter().any(|(start, _, found)| *start == at && *found == cue)
    }

    /// The end of the longest `cue` that begins at word `at`.
    pub fn end_of(&self, cue: Cue, at: usize) -> Option<usize> {
        self.0.iter().filter(|(start, _, found)| *start == at && *found == cue).map(|(_, end, _)| *end).max()
    }

    /// Whether word `at` lies within a `cue`.
    pub fn covers(&self, cue: Cue, at: usize) -> bool {
        self.0.iter().any(|(start, end, found)| *found == cue && (*start..*end).contains(&at))
    }

    /// How many words of `0..count` are covered by `cue`.
    pub fn covered(&self, cue: Cue, count: usize) -> usize {
        let mut covered = vec![false; count];
        for (start, end, _) in self.0.iter().filter(|(_, _, found)| *found == cue) {
            covered[*start..*end].fill(true);
        }
        covered.into_iter().filter(|covered| *covered).count()
    }

    /// Whether `cue` ends the stretch of `count` words.
    pub fn ends(&self, cue: Cue, count: usize) -> bool {
        self.0.iter().any(|(_, end, found)| *end == count && *found == cue)
    }
}
