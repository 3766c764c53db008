//! What understanding an utterance yields.

use std::ops::Range;

use knowledge_graph::TopicId;
use serde::{Deserialize, Serialize};

/// What kind of thing was said; decides the patient's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DialogueAct {
    /// Greeting, introduction, thanks.
    Greeting,
    /// An open invitation to tell ("What brings you in?").
    OpenQuestion,
    /// A vague prompt ("Anything else?", "Tell me more", "Go on").
    Vague,
    /// A question with one or more topics, lists and leading questions included.
    Specific,
    /// A restatement or summary offered for confirmation.
    Summary,
    /// Empathy, reassurance, acknowledgement of feeling.
    Empathy,
    /// Advice, explanation or a plan given to the patient.
    Advice,
    /// An order to examine or test.
    Order,
    /// Nothing to do with the consultation.
    OffTopic,
    /// Insulting or dismissive.
    Rude,
    /// An attempt to steer the machine behind the patient.
    Injection,
    /// Taking leave.
    Closing,
    /// A bare acknowledgement ("OK", "Right", "嗯").
    Backchannel,
}

impl DialogueAct {
    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::OpenQuestion => "open-question",
            Self::Vague => "vague",
            Self::Specific => "specific",
            Self::Summary => "summary",
            Self::Empathy => "empathy",
            Self::Advice => "advice",
            Self::Order => "order",
            Self::OffTopic => "off-topic",
            Self::Rude => "rude",
            Self::Injection => "injection",
            Self::Closing => "closing",
            Self::Backchannel => "backchannel",
        }
    }
}

/// How a topic was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchMethod {
    /// A word or phrase of the graph's lexicon.
    Lexicon,
    /// Nearest in meaning.
    Embedding,
    /// Carried over from the conversation ("and how long?").
    Context,
}

/// A topic that an utterance touches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicHit {
    /// The topic, with a facet when one was asked.
    pub topic: TopicId,
    /// Calibrated probability 0–1 that it was asked.
    pub score: f64,
    /// Byte range in the utterance that shows it.
    pub quote: Range<usize>,
    /// How it was recognised.
    pub method: MatchMethod,
}

/// A stretch of the utterance that does one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// Byte range in the utterance.
    pub span: Range<usize>,
    /// What it does.
    pub act: DialogueAct,
    /// What it is about, best first.
    pub topics: Vec<TopicHit>,
}

/// What an utterance means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Understood {
    /// Its clauses in order.
    pub clauses: Vec<Clause>,
    /// The act that decides the patient's policy for the whole utterance.
    pub act: DialogueAct,
    /// Whether the question suggests its answer ("no fever then?").
    pub leading: bool,
    /// Technical words a lay person may not know, as they stand in the utterance.
    pub jargon: Vec<String>,
}

impl Understood {
    /// Nothing was made of it.
    pub fn not_understood() -> Self {
        Self { clauses: Vec::new(), act: DialogueAct::Specific, leading: false, jargon: Vec::new() }
    }

    /// All topics, best score first, each topic once.
    pub fn topics(&self) -> Vec<&TopicHit> {
        let mut hits: Vec<&TopicHit> = Vec::new();
        for hit in self.clauses.iter().flat_map(|clause| &clause.topics) {
            match hits.iter_mut().find(|seen| seen.topic == hit.topic) {
                Some(seen) if seen.score >= hit.score => {}
                Some(seen) => *seen = hit,
                None => hits.push(hit),
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits
    }
}

/// What came before, for ellipsis and pronouns ("and how long?", "那疼的时候呢?").
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// Topics under discussion, most recent first: asked by the student or told by the patient.
    pub focus: Vec<TopicId>,
    /// What the student said last.
    pub previous_question: Option<String>,
    /// What the patient said last.
    pub previous_reply: Option<String>,
}
