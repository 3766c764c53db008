//! Turns a script into spoken words: the model phrases the facts, every sentence is checked, and
//! what fails is replaced by the facts' own sentences. Never stalls, never errs.

mod cache;

use std::{sync::Arc, time::Duration};

use knowledge_graph::{Graph, Language};
use models::{SpeechEngine, SpeechRequest};
use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    check::{self, Allowed, Checker, Coverage, Fault},
    prompt,
    wording::{Script, join},
};

pub use cache::{Occasion, SpeechCache};

/// Pieces of text the engine may be ahead of the check.
const PIECES_AHEAD: usize = 64;

/// How the words came about, kept with the turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckOutcome {
    /// The model's words passed.
    Passed,
    /// The first attempt failed, the second passed.
    Retried,
    /// The model's words of an earlier consultation, checked again.
    Recalled,
    /// The model's words left a fact out whole; the fact's own sentence follows them.
    Completed,
    /// The model's words failed or did not come; the facts' own sentences stand.
    Replaced,
    /// Nothing was given to a model.
    Scripted,
}

impl CheckOutcome {
    /// The written form, stored with a turn.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Retried => "retried",
            Self::Recalled => "recalled",
            Self::Completed => "completed",
            Self::Replaced => "replaced",
            Self::Scripted => "scripted",
        }
    }
}

/// A finished reply.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// The words.
    pub text: String,
    /// How they came about.
    pub check: CheckOutcome,
    /// From the call to the first shown sentence.
    pub first_sentence: Duration,
}

/// Speaks with one engine and one checker.
pub struct Speaker {
    /// Phrases the facts.
    pub engine: Arc<dyn SpeechEngine>,
    /// Checks each sentence.
    pub checker: Checker,
    /// After this long the facts' own sentences answer.
    pub deadline: Duration,
    /// What was said before; none where everything is to be phrased anew.
    pub cache: Option<Arc<SpeechCache>>,
}

/// What is to be spoken.
pub struct Utterance<'a> {
    /// Fixed words and facts.
    pub script: &'a Script,
    /// The request to the model; none when the script stands as it is.
    pub request: Option<SpeechRequest>,
    /// Other things the patient may mention freely.
    pub known: &'a [String],
    /// The student's words that may be echoed; none of a yes-or-no question's.
    pub echoed: &'a str,
    /// Language spoken.
    pub language: Language,
    /// When this is said, for saying again what was said before; none for what is said once.
    pub occasion: Option<Occasion<'a>>,
    /// What this consultation has heard.
    pub spoken: &'a [String],
    /// Whether another way to say it is wanted, whatever was said before.
    pub anew: bool,
}

/// What the model's words came to.
enum Phrasing {
    /// They were shown.
    Shown(CheckOutcome),
    /// They did not pass.
    Faulty,
    /// None came.
    Silent,
}

/// What one request to the engine came to.
enum Attempt {
    /// Sentences that all passed, and carry these facts whole.
    Whole(Vec<String>),
    /// A sentence failed, the facts stand in it in part, or no words came (none).
    Broken(Option<Fault>),
}

/// Where shown sentences go; counts them and remembers when the first one went.
struct Stage<'a> {
    listener: &'a mpsc::Sender<String>,
    language: Language,
    shown: Vec<String>,
    begun: Instant,
    first: Option<Duration>,
}

impl Stage<'_> {
    async fn show(&mut self, sentence: &str) {
        if sentence.is_empty() {
            return;
        }
        self.first.get_or_insert_with(|| self.begun.elapsed());
        let separator = if self.shown.is_empty() || self.language == Language::Zh { "" } else { " " };
        // A listener that has gone away does not stop the reply from being stored.
        let _gone = self.listener.send(format!("{separator}{sentence}")).await;
        self.shown.push(sentence.to_owned());
    }
}

impl Speaker {
    /// Speaks `utterance`, sending each sentence to `listener` once it has passed the check.
    pub async fn speak(&self, graph: &Graph, utterance: &Utterance<'_>, listener: &mpsc::Sender<String>) -> Spoken {
        let script = utterance.script;
        let begun = Instant::now();
        let mut stage = Stage { listener, language: utterance.language, shown: Vec::new(), begun, first: None };
        stage.show(&script.before).await;
        let check = match &utterance.request {
            Some(request) => match self.recall_or_phrase(graph, utterance, request, &mut stage).await {
                Phrasing::Shown(outcome) => outcome,
                Phrasing::Faulty | Phrasing::Silent => CheckOutcome::Replaced,
            },
            None => CheckOutcome::Scripted,
        };
        if check == CheckOutcome::Scripted || check == CheckOutcome::Replaced {
            for sentence in &script.facts {
                stage.show(sentence).await;
            }
        }
        stage.show(&script.after).await;
        let text = join(stage.shown.iter().map(String::as_str), utterance.language);
        Spoken { text, check, first_sentence: stage.first.unwrap_or_default() }
    }

    async fn phrase(
        &self,
        graph: &Graph,
        utterance: &Utterance<'_>,
        request: &SpeechRequest,
        stage: &mut Stage<'_>,
    ) -> Phrasing {
        let until = stage.begun + self.deadline;
        for attempt in 0..2_u64 {
            let request = SpeechRequest { seed: request.seed.wrapping_add(attempt), ..request.clone() };
            let sentences = match self.attempt(graph, utterance, request, until).await {
                Attempt::Whole(sentences) => sentences,
                Attempt::Broken(None) => return Phrasing::Silent,
                Attempt::Broken(Some(fault)) => {
                    tracing::debug!(attempt, fault = fault_name(&fault), "sentence not shown");
                    continue;
                }
            };
            let reply = join(sentences.iter().map(String::as_str), utterance.language);
            let coverage = self.checker.coverage(&reply, &utterance.script.facts, utterance.language);
            let Coverage::Carries { missing } = coverage else {
                tracing::debug!(attempt, fault = fault_name(&Fault::Muddled), "reply not shown");
                continue;
            };
            for sentence in sentences.iter().chain(missing.iter().copied()) {
                stage.show(sentence).await;
            }
            return Phrasing::Shown(match (missing.is_empty(), attempt) {
                (false, _) => CheckOutcome::Completed,
                (true, 0) => CheckOutcome::Passed,
                (true, _) => CheckOutcome::Retried,
            });
        }
        Phrasing::Faulty
    }

    async fn attempt(
        &self,
        graph: &Graph,
        utterance: &Utterance<'_>,
        request: SpeechRequest,
        until: Instant,
    ) -> Attempt {
        let (pieces, mut coming) = mpsc::channel(PIECES_AHEAD);
        let cancel = CancellationToken::new();
        let _stop_on_drop = cancel.clone().drop_guard();
        let speech = self.engine.speak(request, pieces, cancel);
        tokio::pin!(speech);
        let most = utterance.script.facts.len() + 1;
        let mut passed = Vec::new();
        let mut buffer = String::new();
        let mut finished = false;
        loop {
            tokio::select! {
                biased;
                piece = coming.recv() => match piece {
                    Some(piece) => buffer.push_str(&piece),
                    None => finished = true,
                },
                result = &mut speech, if !finished => match result {
                    Ok(_) => {
                        while let Ok(piece) = coming.try_recv() { buffer.push_str(&piece); }
                        finished = true;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the engine did not speak");
                        return Attempt::Broken(None);
                    }
                },
                () = tokio::time::sleep_until(until) => return Attempt::Broken(None),
            }
            // A reply is judged as a whole, but a sentence that fails ends it at once.
            let mut sentences = check::take_sentences(&mut buffer);
            if finished && !buffer.trim().is_empty() {
                sentences.push(std::mem::take(&mut buffer).trim().to_owned());
            }
            for sentence in sentences {
                let sentence = tidy(&sentence, utterance.language);
                if let Err(fault) = self.checker.check(graph, &sentence, &allowed(utterance)) {
                    return Attempt::Broken(Some(fault));
                }
                passed.push(sentence);
                if passed.len() >= most {
                    return Attempt::Whole(passed);
                }
            }
            if finished {
                return Attempt::Whole(passed);
            }
        }
    }
}

fn allowed<'a>(utterance: &'a Utterance<'_>) -> Allowed<'a> {
    Allowed {
        facts: &utterance.script.facts,
        known: utterance.known,
        echoed: utterance.echoed,
        examples: prompt::examples(utterance.language),
        language: utterance.language,
    }
}

/// Removes the quotation marks models put around speech, and ends what they leave unended.
fn tidy(sentence: &str, language: Language) -> String {
    let bare = sentence.trim_matches(|c: char| matches!(c, '"' | '“' | '”' | '「' | '」' | '*') || c.is_whitespace());
    let stop = match language {
        Language::En => ".",
        Language::Zh => "。",
    };
    let open = bare.ends_with(|c: char| c.is_alphanumeric());
    format!("{bare}{}", if open { stop } else { "" })
}

fn fault_name(fault: &Fault) -> &'static str {
    match fault {
        Fault::RoleBreak(_) => "role break",
        Fault::WrongLanguage => "wrong language",
        Fault::Unsupported(_) => "unsupported mention",
        Fault::Contradicts(_) => "contradiction",
        Fault::Number(_) => "new number",
        Fault::Detail(_) => "new detail",
        Fault::Foreign(_) => "foreign word",
        Fault::Borrowed(_) => "words of an example",
        Fault::Muddled => "facts in part",
    }
}

#[cfg(test)]
mod tests;
