//! What every request shares.

use std::{ops::Deref, sync::Arc, time::Duration};

use jiff::Timestamp;
use knowledge_graph::Graph;
use models::SpeechEngine;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{
    assessment::{Grader, GraderError},
    catalogue::Catalogue,
    chance::Seeds,
    clock::Clock,
    config::{Config, SCRIPTED},
    debrief::Desk,
    drilling::Drilling,
    encounter::{self, PhrasingMode},
    learning::Learning,
    literature::Literature,
    moderation::Counting,
    rare::{self, Shelf},
    schemes::Schemes,
    store::Store,
    tutor::Tutor,
    understanding::Matcher,
    web::{
        auth::{Passwords, SignInLimits},
        metrics::Metrics,
    },
};

/// After this long a patient answers without the model.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// What differs between a server and a test.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// The knowledge graph.
    pub graph: &'static Graph,
    /// The database.
    pub store: Store,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives seeds for new consultations.
    pub seeds: Arc<dyn Seeds>,
    /// Speaks for the patients.
    pub speech: Arc<dyn SpeechEngine>,
    /// Understands what is said.
    pub matcher: Arc<Matcher>,
    /// Records how the server is doing.
    pub metrics: Metrics,
    /// Whether the demo class exists, so that the sign-in page may offer it.
    pub demo: bool,
}

/// The parts of a running server.
pub struct App {
    /// Settings.
    pub config: Config,
    /// The knowledge graph.
    pub graph: &'static Graph,
    /// The database.
    pub store: Store,
    /// The cases that can be played.
    pub catalogue: Catalogue,
    /// Dry runs that are going on.
    pub dry_runs: crate::dry_run::Running,
    /// Texts read for the graph.
    pub literature: Literature,
    /// What is known of each learner.
    pub learning: Learning,
    /// Drills.
    pub drilling: Drilling,
    /// Marking schemes.
    pub schemes: Schemes,
    /// Since when this graph is in use: what is accepted later is used from the next start.
    pub started: Timestamp,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives seeds for new consultations.
    pub seeds: Arc<dyn Seeds>,
    /// Speaks for the patients.
    pub speech: Arc<dyn SpeechEngine>,
    /// Understands what is said.
    pub matcher: Arc<Matcher>,
    /// Runs consultations.
    pub encounters: encounter::Service,
    /// Grades them.
    pub grader: Arc<Grader>,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Slows down guessing.
    pub sign_in_limits: SignInLimits,
    /// The imported rare diseases, if there are any.
    pub rare: Shelf,
    /// Whether the demo class exists, so that the sign-in page may offer it.
    pub demo: bool,
    /// Answers questions about finished consultations.
    pub tutor: Tutor,
    /// How the server is doing.
    pub metrics: Metrics,
    /// Cancelled when the server closes; ends open event streams.
    pub closing: CancellationToken,
}

impl App {
    /// What it takes to say how a report counts.
    pub fn counting(&self) -> Counting<'_> {
        Counting { store: &self.store, schemes: &self.schemes, graph: self.graph }
    }

    /// What finishing a consultation needs.
    pub fn desk(&self) -> Desk<'_> {
        Desk {
            store: &self.store,
            schemes: &self.schemes,
            grader: Arc::clone(&self.grader),
            graph: self.graph,
            learning: &self.learning,
            clock: &*self.clock,
        }
    }
}

/// A shared reference to the [`App`], cheap to clone: the state of every handler.
#[derive(Clone)]
pub struct AppState(Arc<App>);

impl AppState {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When the classifier inside this program cannot be read.
    pub fn assemble(parts: Parts) -> Result<Self, GraderError> {
        let Parts { config, graph, store, clock, seeds, speech, matcher, metrics, demo } = parts;
        let encounters = encounter::Service::new(encounter::Parts {
            graph,
            store: store.clone(),
            matcher: Arc::clone(&matcher),
            engine: Arc::clone(&speech),
            clock: Arc::clone(&clock),
            places: usize::try_from(config.max_queue).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS),
            // Authored sentences are no use to keep.
            phrasing: if config.speech == SCRIPTED { PhrasingMode::Uncached } else { PhrasingMode::AsNeeded },
            deadline: LONGEST_WAIT,
        });
        let grader = Arc::new(Grader::new(Arc::clone(&matcher))?);
        Ok(Self(Arc::new(App {
            catalogue: Catalogue::new(store.clone()),
            dry_runs: crate::dry_run::Running::default(),
            literature: Literature::new(store.clone()),
            learning: Learning::new(store.clone(), graph),
            drilling: Drilling::new(store.clone(), graph),
            schemes: Schemes::new(store.clone()),
            started: clock.now(),
            passwords: Passwords::default(),
            sign_in_limits: SignInLimits::default(),
            closing: CancellationToken::new(),
            rare: Shelf::new(rare::file(&config)),
            config,
            graph,
            store,
            clock,
            seeds,
            speech,
            matcher,
            encounters,
            grader,
            demo,
            metrics,
            tutor: Tutor::new(graph),
        })))
    }
}

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}
