//! Checks every sentence the model speaks before it is shown.
//!
//! What it mentions (findings, diseases, drugs, numbers, times, body parts) must be supported by
//! the facts open now, with the same polarity; role breaks, scaffolding and the wrong language are
//! caught. A sentence that fails is never shown.

mod numbers;
mod origin;
mod words;

use knowledge_graph::{Graph, Language, Mentions, TopicId};

pub use numbers::quantities;

/// Why a sentence may not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Speaks of being a machine, of instructions or of the prompt's own words.
    RoleBreak(String),
    /// Not in the language of the consultation.
    WrongLanguage,
    /// A finding, disease or drug that the facts do not have.
    Unsupported(String),
    /// A finding affirmed that the facts deny, or the reverse.
    Contradicts(String),
    /// A number that the facts do not have.
    Number(String),
    /// A time, body part or side that the facts do not have.
    Detail(String),
    /// A word that claims something and that neither the facts nor the question have.
    Foreign(String),
    /// Words of the prompt's own examples.
    Borrowed(String),
    /// A fact told in part or out of its order.
    Muddled,
}

/// What may be mentioned now.
pub struct Allowed<'a> {
    /// The facts' own sentences.
    pub facts: &'a [String],
    /// Everything else the patient has said or may say freely: the opening, identity.
    pub known: &'a [String],
    /// The student's words that may be echoed: those of an open question. What a yes-or-no
    /// question says is a guess, not a fact.
    pub echoed: &'a str,
    /// What the model was shown as examples and must not repeat.
    pub examples: &'a [&'a str],
    /// Language spoken.
    pub language: Language,
}

/// Checks sentences against facts.
pub struct Checker {
    mentions: Mentions,
}

impl Checker {
    /// A checker with the graph's vocabulary of findings, diseases, risk factors and treatments.
    pub fn new(graph: &Graph) -> Self {
        Self { mentions: Mentions::new(graph) }
    }

    /// Whether one of `sentences` says that there is what `topic` names, or a kind of it.
    pub fn affirms(&self, graph: &Graph, sentences: &[&str], topic: &TopicId, language: Language) -> bool {
        let mut mentions = sentences.iter().flat_map(|sentence| self.mentions.in_text(sentence, language));
        mentions.any(|mention| !mention.negated && (mention.topic == *topic || graph.is_a(&mention.topic, topic)))
    }

    /// Whether `sentence` may be shown.
    pub fn check(&self, graph: &Graph, sentence: &str, allowed: &Allowed<'_>) -> Result<(), Fault> {
        if let Some(word) = words::role_break(sentence, allowed.language) {
            return Err(Fault::RoleBreak(word.to_owned()));
        }
        if let Some(word) = words::speaks_to_the_patient(sentence, allowed.facts, allowed.language) {
            return Err(Fault::RoleBreak(word.to_owned()));
        }
        if words::does_to_itself(sentence, allowed.facts, allowed.language) {
            return Err(Fault::Muddled);
        }
        if !words::is_in_language(sentence, allowed.language, allowed.facts) {
            return Err(Fault::WrongLanguage);
        }
        self.mentions_are_supported(graph, sentence, allowed)?;
        let sources = || allowed.facts.iter().chain(allowed.known);
        let numbers: Vec<_> = sources().flat_map(|fact| quantities(fact, allowed.language)).collect();
        if let Some(new) = quantities(sentence, allowed.language).into_iter().find(|n| !numbers.contains(n)) {
            return Err(Fault::Number(new));
        }
        let supported: String = sources().map(String::as_str).collect::<Vec<_>>().join("\n");
        if let Some(detail) = words::new_detail(sentence, &supported, allowed.language) {
            return Err(Fault::Detail(detail.to_owned()));
        }
        let sources = format!("{supported}\n{}", allowed.echoed);
        if let Some(run) = origin::borrowed(sentence, allowed.examples, &sources, allowed.language) {
            return Err(Fault::Borrowed(run));
        }
        if let Some(word) = origin::foreign(sentence, allowed.facts, allowed.echoed, allowed.language) {
            return Err(Fault::Foreign(word));
        }
        Ok(())
    }

    fn mentions_are_supported(&self, graph: &Graph, sentence: &str, allowed: &Allowed<'_>) -> Result<(), Fault> {
        let supported: Vec<_> = allowed
            .facts
            .iter()
            .chain(allowed.known)
            .flat_map(|fact| self.mentions.in_text(fact, allowed.language))
            .collect();
        for mention in self.mentions.in_text(sentence, allowed.language) {
            let same: Vec<_> = supported
                .iter()
                .filter(|known| graph.is_a(&known.topic, &mention.topic) || graph.is_a(&mention.topic, &known.topic))
                .collect();
            if same.is_empty() {
                return Err(Fault::Unsupported(mention.phrase));
            }
            if same.iter().all(|known| known.negated != mention.negated) {
                return Err(Fault::Contradicts(mention.phrase));
            }
        }
        Ok(())
    }

    /// How `reply` carries `facts`.
    pub fn coverage<'f>(&self, reply: &str, facts: &'f [String], language: Language) -> Coverage<'f> {
        /// Nearly all of a fact's words, in its order, carry it.
        const CARRIED: f64 = 0.85;
        /// This little of it is chance.
        const ABSENT: f64 = 0.34;
        let said = quantities(reply, language);
        let (mut missing, mut carried) = (Vec::new(), Vec::new());
        for fact in facts {
            let share = origin::carried(fact, reply, language);
            let whole = quantities(fact, language).iter().all(|number| said.contains(number));
            match share {
                _ if share < ABSENT => missing.push(fact),
                _ if share < CARRIED || !whole => return Coverage::Muddled,
                _ => carried.push(fact),
            }
        }
        if carried.is_empty()
            || !origin::keeps_denials(reply, &carried, language)
            || origin::repeats(reply, &carried, language)
        {
            return Coverage::Muddled;
        }
        Coverage::Carries { missing }
    }
}

/// What of the facts stands in a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage<'f> {
    /// Each fact stands in it whole or not at all.
    Carries {
        /// Those that are not in it.
        missing: Vec<&'f String>,
    },
    /// Some fact stands in it in part or out of order: worse than the fact's own sentence.
    Muddled,
}

/// Splits off the sentences that are complete in `buffer`; the rest stays.
pub fn take_sentences(buffer: &mut String) -> Vec<String> {
    let mut sentences = Vec::new();
    while let Some(end) = sentence_end(buffer) {
        let sentence: String = buffer.drain(..end).collect();
        let sentence = sentence.trim();
        if !sentence.is_empty() {
            sentences.push(sentence.to_owned());
        }
    }
    sentences
}

fn sentence_end(text: &str) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = at + character.len_utf8();
        let next = characters.peek().map(|(_, next)| *next);
        match character {
            '。' | '！' | '？' | '\n' => return Some(after),
            // "38.5" and "3 p.m" go on; the end of the buffer may yet go on.
            '.' | '!' | '?' if next.is_some_and(char::is_whitespace) => return Some(after),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
