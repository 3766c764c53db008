//! Prepares what a class will ask a patient, before anybody asks.
//!
//! What is asked comes from the graph: one question for each topic that the case has a fact about,
//! and "anything else?" until the patient has nothing more to volunteer. Each goes through the same
//! understanding, policy, prompt and check as a student's, and ends in the speech cache.

use std::{collections::HashSet, sync::Arc, time::Duration};

use cases::format::Case;
use knowledge_graph::Language;
use models::SpeechEngine;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    check::Checker,
    knowledge::Knowledge,
    policy::{self, Decision, Policy},
    replying::turn_seed,
    service::Service,
    speaking::{CheckOutcome, Speaker},
    state::State,
};
use crate::{
    catalogue::Catalogue,
    engine::{Yielding, ledger, quiet},
};

/// Variants prepared of each reply; students fill in the rest.
const PREPARED: usize = 2;
/// Nobody waits, so the engine may be long in use by others.
const PATIENCE: Duration = Duration::from_hours(1);
/// How often newly published cases are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// Things a patient volunteers; a case has far fewer.
const MOST_VOLUNTEERED: usize = 12;

const ANYTHING_ELSE: [(Language, &str); 2] = [(Language::En, "Anything else?"), (Language::Zh, "还有别的吗？")];

/// Something that will be asked, and what the patient does then.
struct Expected {
    said: String,
    language: Language,
    decision: Decision,
    spoken_before: State,
}

/// Prepares the published cases of `catalogue`, and those that are published later, until `closing`:
/// of all the vectors of their facts, and of those that teachers wrote what a class will hear. The
/// shipped ones would take a small machine an hour; students fill them in.
pub async fn keep_warm(service: Service, catalogue: Catalogue, closing: CancellationToken) {
    let mut done = HashSet::new();
    loop {
        let published = catalogue.published().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the published cases cannot be read; nothing is prepared");
            Vec::new()
        });
        let fresh: Vec<Arc<Case>> =
            published.into_iter().filter(|case| done.insert((case.id.clone(), case.version))).collect();
        if closing.run_until_cancelled(service.know(&fresh)).await.is_none() {
            return;
        }
        // First one way to say everything, then another.
        for variants in 1..=PREPARED {
            for case in fresh.iter().filter(|case| !is_shipped(case)) {
                if closing.run_until_cancelled(service.warm(case, variants)).await.is_none() {
                    return;
                }
            }
        }
        if closing.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_none() {
            return;
        }
    }
}

/// The languages the patient speaks.
fn languages(case: &Case) -> impl Iterator<Item = Language> {
    let only = case.only;
    Language::ALL.into_iter().filter(move |language| only.is_none_or(|only| only == *language))
}

fn is_shipped(case: &Case) -> bool {
    cases::library().is_ok_and(|shipped| shipped.iter().any(|one| one.id == case.id && one.version == case.version))
}

impl Service {
    /// Has the facts of `cases` ready to be aimed at, while no student is being answered.
    async fn know(&self, cases: &[Arc<Case>]) {
        for case in cases {
            for language in languages(case) {
                quiet(self.speaker().engine.as_ref()).await;
                if let Err(error) = self.make_ready(Arc::clone(case), language).await {
                    tracing::error!(%error, case = case.id, "the facts of a case could not be prepared");
                }
            }
        }
    }

    /// Prepares replies of `case` until there are `variants` of each; gives way to students. Returns how
    /// many replies passed the check.
    pub async fn warm(&self, case: &Arc<Case>, variants: usize) -> usize {
        let students = self.speaker();
        let Some(cache) = students.cache.clone() else { return 0 };
        let engine: Arc<dyn SpeechEngine> = Arc::new(Yielding(Arc::clone(&students.engine)));
        let background =
            Speaker { engine, checker: Checker::new(self.graph()), deadline: PATIENCE, cache: Some(cache) };
        let mut spoken = 0;
        for language in languages(case) {
            for expected in self.expected(case, language).await {
                spoken += usize::from(self.warm_one(&background, case, &expected, variants).await);
            }
        }
        spoken
    }

    /// Whether a reply passed the check.
    async fn warm_one(&self, background: &Speaker, case: &Case, expected: &Expected, variants: usize) -> bool {
        let Expected { said, language, decision, spoken_before } = expected;
        let seed = turn_seed(0, u32::try_from(variants).unwrap_or_default());
        let script = self.script(case, decision, &spoken_before.spoken, *language, seed);
        let known = [case.opening.get(*language).to_owned()];
        let mut utterance = self.utterance(case, decision, &script, (said, &known), *language, seed);
        utterance.anew = true;
        let kept = background.variants_of(&utterance).await;
        if utterance.request.is_none() || kept.is_none_or(|kept| kept >= variants) {
            return false;
        }
        let (listener, mut unheard) = mpsc::channel(1);
        unheard.close();
        let spoken = background.speak(self.graph(), &utterance, &listener).await;
        let passed = matches!(spoken.check, CheckOutcome::Passed | CheckOutcome::Retried);
        if passed {
            ledger().warmed();
        }
        passed
    }

    /// What a class will ask this patient once it has heard why they came.
    async fn expected(&self, case: &Arc<Case>, language: Language) -> Vec<Expected> {
        let opened = State { opened: true, begun: true, ..State::start(case) };
        let topics: HashSet<_> = case.facts.iter().map(|fact| fact.topic.clone()).collect();
        let mut topics: Vec<_> = topics.into_iter().filter_map(|topic| self.graph().topic(&topic)).collect();
        topics.sort_by(|left, right| left.id.cmp(&right.id));
        let mut expected = Vec::new();
        for topic in topics {
            if let Some(said) = topic.questions.get(language).first() {
                expected.push(self.expect(case, language, said, &opened).await);
            }
        }
        let mut state = opened;
        for (_, said) in ANYTHING_ELSE.into_iter().filter(|(spoken, _)| *spoken == language) {
            for _ in 0..MOST_VOLUNTEERED {
                let next = self.expect(case, language, said, &state).await;
                if next.decision.policy != Policy::Volunteer {
                    break;
                }
                state.told.extend(next.decision.fact_ids().map(str::to_owned));
                expected.push(next);
            }
        }
        expected
    }

    async fn expect(&self, case: &Arc<Case>, language: Language, said: &str, state: &State) -> Expected {
        let meaning = self.understand(case, said, language, state).await;
        let knowledge = Knowledge::new(case, self.graph());
        let heard = meaning.heard(said, language);
        let decision = policy::decide(case, &knowledge, state, &heard);
        Expected { said: said.to_owned(), language, decision, spoken_before: state.clone() }
    }
}
