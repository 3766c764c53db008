//! What the model said before: a class asks one patient much the same things.
//!
//! Kept is what the model said in full and the check passed without any word of the student's; said
//! again it is checked again. A student hears a variant by the seed of the turn and never the same
//! twice in one consultation. Students who ask the same at once wait for one reply and share it.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use cases::format::Mood;
use knowledge_graph::{Graph, Language};
use models::{ModelIdentity, SpeechRequest};
use sha2::{Digest as _, Sha256};
use tokio::{sync::OwnedMutexGuard, time::timeout_at};

use super::{CheckOutcome, Phrasing, Speaker, Stage, Utterance, allowed};
use crate::{
    clock::Clock,
    encounter::{
        check::Coverage, policy::Policy, prompt::PROMPT_VERSION, question::Form, state::mood_name, wording::join,
    },
    engine::ledger,
    store::{SpeechKey, Store},
};

/// After so many replies in a row that did not pass, the facts' own sentences answer at once.
const HOPELESS_AFTER: u8 = 3;
/// Occasions remembered as hopeless or being spoken; beyond, the memory starts anew.
const MOST_REMEMBERED: usize = 4096;

/// On what occasion something is said; with the facts and the weights all that a reply depends on.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// Case id.
    pub case_id: &'a str,
    /// Version of it.
    pub case_version: u32,
    /// The patient's mood.
    pub mood: Mood,
    /// What the patient does.
    pub policy: Policy,
    /// How the question is put.
    pub form: Form,
}

/// Replies kept in the database.
pub struct SpeechCache {
    store: Store,
    clock: Arc<dyn Clock>,
    remembered: Mutex<HashMap<SpeechKey, Memory>>,
}

/// What this process knows of an occasion.
#[derive(Default)]
struct Memory {
    failures: u8,
    speaking: Arc<tokio::sync::Mutex<()>>,
}

impl SpeechCache {
    /// A cache in `store`.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, remembered: Mutex::default() }
    }

    /// Waits until nobody else is being answered on this occasion.
    async fn turn(&self, key: &SpeechKey) -> OwnedMutexGuard<()> {
        let speaking = Arc::clone(&self.memory().entry(key.clone()).or_default().speaking);
        speaking.lock_owned().await
    }

    fn is_hopeless(&self, key: &SpeechKey) -> bool {
        self.memory().get(key).is_some_and(|memory| memory.failures >= HOPELESS_AFTER)
    }

    fn passed(&self, key: &SpeechKey, passed: bool) {
        let mut remembered = self.memory();
        let memory = remembered.entry(key.clone()).or_default();
        memory.failures = if passed { 0 } else { memory.failures.saturating_add(1) };
    }

    async fn variants(&self, key: &SpeechKey) -> Vec<Vec<String>> {
        self.store.speech(key, self.clock.now()).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what was said before cannot be read");
            Vec::new()
        })
    }

    async fn keep(&self, key: &SpeechKey, sentences: &[String]) {
        if let Err(error) = self.store.keep_speech(key, sentences, self.clock.now()).await {
            tracing::warn!(%error, "what was said cannot be kept");
        }
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<SpeechKey, Memory>> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() > MOST_REMEMBERED {
            remembered.clear();
        }
        remembered
    }
}

/// The key of what is said on `occasion`.
fn key(occasion: &Occasion<'_>, facts: &[String], language: Language, model: &ModelIdentity) -> SpeechKey {
    let mut digest = Sha256::new();
    let form = match occasion.form {
        Form::Closed => "closed",
        Form::Open => "open",
        Form::Statement => "statement",
    };
    let parts = [
        language.tag(),
        mood_name(occasion.mood),
        occasion.policy.as_str(),
        form,
        PROMPT_VERSION,
        &model.name,
        &model.sha256,
    ];
    for part in parts.into_iter().chain(facts.iter().map(String::as_str)) {
        // Lengths keep "ab" + "c" from being "a" + "bc".
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    let digest = digest.finalize().iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    });
    SpeechKey { case_id: occasion.case_id.to_owned(), case_version: occasion.case_version, occasion: digest }
}

impl Speaker {
    /// Says again what was said before on this occasion, or has the model phrase it and keeps that.
    pub(super) async fn recall_or_phrase(
        &self,
        graph: &Graph,
        utterance: &Utterance<'_>,
        request: &SpeechRequest,
        stage: &mut Stage<'_>,
    ) -> Phrasing {
        let (Some(cache), Some(occasion)) = (&self.cache, &utterance.occasion) else {
            return self.phrase(graph, utterance, request, stage).await;
        };
        let facts = &utterance.script.facts;
        let key = key(occasion, facts, utterance.language, &self.engine.identity());
        let mut found = self.recall(graph, cache, &key, (utterance, request.seed)).await;
        let mut turn = None;
        // What is prepared keeps nobody waiting.
        if found.is_none() && !utterance.anew {
            // Whoever waits may find here what the one before was told.
            match timeout_at(stage.begun + self.deadline, cache.turn(&key)).await {
                Ok(mine) => turn = Some(mine),
                Err(_) => return Phrasing::Silent,
            }
            found = self.recall(graph, cache, &key, (utterance, request.seed)).await;
        }
        if let Some(sentences) = found {
            ledger().cache_hit();
            for sentence in &sentences {
                stage.show(sentence).await;
            }
            return Phrasing::Shown(CheckOutcome::Recalled);
        }
        if cache.is_hopeless(&key) {
            ledger().cache_hopeless();
            return Phrasing::Faulty;
        }
        if !utterance.anew {
            ledger().cache_miss();
        }
        let shown = stage.shown.len();
        let phrasing = self.phrase(graph, utterance, request, stage).await;
        if let Phrasing::Shown(CheckOutcome::Passed | CheckOutcome::Retried) = phrasing {
            let sentences = stage.shown[shown..].to_vec();
            // Words that only this student's question allowed are for this student.
            if self.is_sound(graph, utterance, &sentences) {
                cache.keep(&key, &sentences).await;
            }
        }
        match phrasing {
            Phrasing::Shown(outcome) => cache.passed(&key, outcome != CheckOutcome::Completed),
            Phrasing::Faulty => cache.passed(&key, false),
            Phrasing::Silent => {}
        }
        drop(turn);
        phrasing
    }

    /// How many variants are kept for what would be said.
    pub(in crate::encounter) async fn variants_of(&self, utterance: &Utterance<'_>) -> Option<usize> {
        let (cache, occasion) = (self.cache.as_ref()?, utterance.occasion.as_ref()?);
        let key = key(occasion, &utterance.script.facts, utterance.language, &self.engine.identity());
        if cache.is_hopeless(&key) { None } else { Some(cache.variants(&key).await.len()) }
    }

    /// A variant that this consultation has not heard.
    async fn recall(
        &self,
        graph: &Graph,
        cache: &SpeechCache,
        key: &SpeechKey,
        (utterance, seed): (&Utterance<'_>, u64),
    ) -> Option<Vec<String>> {
        if utterance.anew {
            return None;
        }
        let mut variants = cache.variants(key).await;
        variants.retain(|sentences| {
            let whole = join(sentences.iter().map(String::as_str), utterance.language);
            !utterance.spoken.iter().any(|said| said.contains(&whole)) && self.is_sound(graph, utterance, sentences)
        });
        let place = usize::try_from(seed % variants.len().max(1) as u64).unwrap_or(0);
        (!variants.is_empty()).then(|| variants.swap_remove(place))
    }

    /// Whether every sentence passes and every fact is carried whole, whatever the student said.
    fn is_sound(&self, graph: &Graph, utterance: &Utterance<'_>, sentences: &[String]) -> bool {
        let allowed = super::Allowed { echoed: "", ..allowed(utterance) };
        let facts = &utterance.script.facts;
        let whole = join(sentences.iter().map(String::as_str), utterance.language);
        sentences.iter().all(|sentence| self.checker.check(graph, sentence, &allowed).is_ok())
            && self.checker.coverage(&whole, facts, utterance.language) == Coverage::Carries { missing: Vec::new() }
    }
}

#[cfg(test)]
mod tests;
