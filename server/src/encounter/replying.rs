//! A reply from the student's words to the patient's, whatever becomes of it afterwards: the served
//! consultation stores it, `anamnesis case play` prints it.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use cases::format::{Case, Fact};
use knowledge_graph::{Language, TopicId};
use tokio::{sync::mpsc, task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    aim::Aim,
    deed::{Deed, Seen, deed},
    knowledge::Knowledge,
    policy::{self, Decision, Heard},
    prompt,
    refine::refine,
    service::{EVENTS_AHEAD, Service, TurnEvent},
    speaking::{CheckOutcome, Spoken, Utterance},
    state::{State, mood_name},
    wording,
};
use crate::{
    store::{TurnRecord, TurnReply},
    understanding::{DialogueAct, Understood},
};

/// What is said to a patient, and after what.
pub struct Exchange<'a> {
    /// Who is asked.
    pub case: &'a Case,
    /// Language spoken.
    pub language: Language,
    /// Seed of the consultation.
    pub seed: u64,
    /// The turns before this one.
    pub earlier: &'a [TurnRecord],
    /// The student's words.
    pub said: &'a str,
}

/// A reply, and why it is this one.
pub struct Answered {
    /// What the student's words mean.
    pub understood: Understood,
    /// How likely it asks for each of the patient's facts; empty without an embedder.
    pub aims: Vec<Aim>,
    /// What each clause seems to do by its own words, and the vector of the whole: what [`AIM_FEATURES`] are to
    /// aims, these are to what the student does. Empty without an embedder.
    ///
    /// [`AIM_FEATURES`]: super::AIM_FEATURES
    pub signs: Signs,
    /// The tests and examinations that they order (name parts of `test:` nodes).
    pub orders: Vec<String>,
    /// The reply, as it would be stored.
    pub reply: TurnReply,
}

/// What is known of an utterance before it is understood.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// What each clause seems to do.
    pub acts: Vec<DialogueAct>,
    /// The vector of the whole.
    pub vector: Vec<f32>,
}

/// What an utterance means to one patient.
pub(super) struct Meaning {
    /// The words as anybody would understand them.
    pub understood: Understood,
    /// Which of the patient's facts they aim at.
    pub aims: Vec<Aim>,
    /// What they do as a whole, where that is sure.
    pub deed: Option<Deed>,
    signs: Signs,
}

impl Meaning {
    /// As the policy reads it.
    pub fn heard<'a>(&'a self, text: &'a str, language: Language) -> Heard<'a> {
        Heard { text, language, said: &self.understood, aimed: !self.aims.is_empty(), deed: self.deed }
    }
}

impl Service {
    /// Answers what is said: understanding, policy, wording, speech and check. Each piece goes to
    /// `events` as soon as it may be shown. Stores nothing but what the speech cache keeps.
    pub async fn reply(&self, exchange: &Exchange<'_>, events: &mpsc::Sender<TurnEvent>) -> Answered {
        let begun = Instant::now();
        let Exchange { case, language, said, .. } = *exchange;
        let knowledge = Knowledge::new(case, self.graph());
        let state = State::after(case, &knowledge, exchange.earlier);
        let meaning = self.understand(case, said, language, &state).await;
        let heard = meaning.heard(said, language);
        let mut decision = policy::decide(case, &knowledge, &state, &heard);
        // Nobody says "I've lost three kilos. No weight loss."
        let told: Vec<&str> = decision.tellings.iter().map(|telling| telling.fact.tells.get(language)).collect();
        let checker = &self.speaker().checker;
        decision.absent.retain(|topic| !checker.affirms(self.graph(), &told, topic, language));
        decision.absent.retain(|topic| !decision.tellings.iter().any(|telling| speaks_of(&telling.fact, topic)));
        // Who uses a word has no need to ask what it means.
        decision.jargon = decision.jargon.filter(|word| !told.iter().any(|sentence| sentence.contains(word.as_str())));
        let seed = turn_seed(exchange.seed, u32::try_from(exchange.earlier.len()).unwrap_or(u32::MAX));
        let understanding_took = begun.elapsed();
        let spoken = self.speak(exchange, &decision, &state.spoken, seed, events).await;
        let reply = TurnReply {
            text: spoken.text,
            cue: wording::cue(state.mood, decision.mood, language).map(str::to_owned),
            facts: decision.fact_ids().map(str::to_owned).collect(),
            topics: policy::recognised(&meaning.understood).map(|hit| hit.topic.clone()).collect(),
            policy: decision.policy.as_str().to_owned(),
            mood: mood_name(decision.mood).to_owned(),
            trust: decision.trust,
            felt: decision.felt,
            check: spoken.check.as_str().to_owned(),
            model_sha256: match spoken.check {
                CheckOutcome::Scripted | CheckOutcome::Replaced => String::new(),
                _ => self.speaker().engine.identity().sha256,
            },
            prompt_version: prompt::PROMPT_VERSION.to_owned(),
            seed,
            first_token_ms: milliseconds(understanding_took + spoken.first_sentence),
            total_ms: milliseconds(begun.elapsed()),
            at: self.clock().now(),
        };
        let Meaning { understood, aims, signs, .. } = meaning;
        Answered { understood, aims, signs, orders: decision.orders, reply }
    }

    /// What `said` means to this patient.
    pub(super) async fn understand(&self, case: &Case, said: &str, language: Language, state: &State) -> Meaning {
        let service = self.clone();
        let (case, said, state) = (case.clone(), said.to_owned(), state.clone());
        let meaning = tokio::task::spawn_blocking(move || {
            let signs = service.signs(&said);
            let deed = deed(&Seen { said: &said, language, acts: &signs.acts, vector: &signs.vector });
            let meant = deed.and_then(Deed::act);
            let mut understood = service.matcher().understand_as(&said, language, &state.context, meant);
            let knowledge = Knowledge::new(&case, service.graph());
            let told = (&*said, &understood, &signs);
            let aims = service.aims(&case, told, (&knowledge, &state), language);
            refine((&said, language), &mut understood, &aims, (&knowledge, &state));
            Meaning { understood, aims, deed, signs }
        });
        meaning.await.unwrap_or_else(|error| {
            tracing::error!(%error, "understanding panicked");
            let understood = Understood::not_understood();
            Meaning { understood, aims: Vec::new(), deed: None, signs: Signs::default() }
        })
    }

    /// What is known of `said` before it is understood; nothing of words that try to steer the machine.
    fn signs(&self, said: &str) -> Signs {
        let reading = self.matcher().read(said);
        if reading.tampering.any() {
            return Signs::default();
        }
        let vector = self.matcher().embed(&[said]).and_then(|vectors| vectors.into_iter().next());
        Signs { acts: reading.clauses.iter().map(|clause| clause.act).collect(), vector: vector.unwrap_or_default() }
    }

    /// Has the facts of `case` ready to be aimed at, so that the first question need not wait for it.
    /// The work goes on when nobody waits for the handle.
    pub fn make_ready(&self, case: Arc<Case>, language: Language) -> JoinHandle<()> {
        let service = self.clone();
        tokio::task::spawn_blocking(move || {
            service.aims_of_cases().of(&case, service.graph(), language, service.matcher());
        })
    }

    /// Which of the patient's facts are asked for. Nothing is looked for behind words that try to steer
    /// the machine.
    fn aims(
        &self,
        case: &Case,
        (said, understood, signs): (&str, &Understood, &Signs),
        (knowledge, state): (&Knowledge<'_>, &State),
        language: Language,
    ) -> Vec<Aim> {
        let asks = match understood.act {
            DialogueAct::Specific | DialogueAct::OffTopic => true,
            // The story was told already: "what happened?" is now asked of something in it.
            DialogueAct::OpenQuestion => state.is_underway(),
            _ => false,
        };
        if !asks || signs.vector.is_empty() {
            return Vec::new();
        }
        let Some(aims) = self.aims_of_cases().of(case, self.graph(), language, self.matcher()) else {
            return Vec::new();
        };
        let vector = signs.vector.clone();
        aims.aims((said, understood), (knowledge, state), (self.matcher(), language), vector).unwrap_or_default()
    }

    async fn speak(
        &self,
        exchange: &Exchange<'_>,
        decision: &Decision,
        spoken: &[String],
        seed: u64,
        events: &mpsc::Sender<TurnEvent>,
    ) -> Spoken {
        let Exchange { case, language, said, .. } = *exchange;
        let script = self.script(case, decision, spoken, language, seed);
        let known = [case.opening.get(language).to_owned()];
        let utterance = Utterance { spoken, ..self.utterance(case, decision, &script, (said, &known), language, seed) };
        if utterance.request.is_none() && spoken.is_empty() {
            self.prepare(case, language);
        }
        let (listener, mut pieces) = mpsc::channel::<String>(EVENTS_AHEAD);
        let forward = async {
            while let Some(text) = pieces.recv().await {
                let _gone = events.send(TurnEvent::Token { text }).await;
            }
        };
        let speak = async {
            let spoken = self.speaker().speak(self.graph(), &utterance, &listener).await;
            drop(listener);
            spoken
        };
        tokio::join!(speak, forward).0
    }

    /// Has the engine evaluate the persona while the student reads the first, scripted words, so that
    /// the first phrased reply does not wait for it. What it says is thrown away.
    fn prepare(&self, case: &Case, language: Language) {
        let request = prompt::preparation(prompt::shared_prefix(&case.patient, &case.persona, language));
        let engine = Arc::clone(&self.speaker().engine);
        tokio::spawn(async move {
            // A closed channel would cancel the request before anything is evaluated.
            let (pieces, _unheard) = mpsc::channel(EVENTS_AHEAD);
            if let Err(error) = engine.speak(request, pieces, CancellationToken::new()).await {
                tracing::debug!(%error, "the persona was not prepared");
            }
        });
    }
}

/// Whether `fact` answers for `topic`, which goes by another name: weight for weight lost.
fn speaks_of(fact: &Fact, topic: &TopicId) -> bool {
    const SAME: [(&str, &str); 7] = [
        ("finding:weight-loss", "history:weight"),
        ("finding:weight-gain", "history:weight"),
        ("finding:loss-of-appetite", "history:appetite"),
        ("finding:fatigue", "history:energy"),
        ("finding:low-mood", "history:mood"),
        ("finding:constipation", "history:bowel-habit"),
        ("finding:diarrhoea", "history:bowel-habit"),
    ];
    let topic = topic.node().to_string();
    let mut told = std::iter::once(&fact.topic).chain(&fact.also).map(|told| told.node().to_string());
    told.any(|told| SAME.contains(&(topic.as_str(), told.as_str())))
}

/// The seed of one turn of a consultation.
pub(super) fn turn_seed(encounter: u64, turn: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    (encounter, turn).hash(&mut hasher);
    // SQLite integers are signed 64-bit.
    hasher.finish() >> 1
}

fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
