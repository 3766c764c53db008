//! What every request shares.

use std::{ops::Deref, sync::Arc};

use knowledge_graph::Graph;
use models::SpeechEngine;
use tokio_util::sync::CancellationToken;

use crate::{
    catalogue::Catalogue,
    chance::Seeds,
    clock::Clock,
    config::Config,
    store::Store,
    web::{
        auth::{Passwords, SignInLimits},
        metrics::Metrics,
    },
};

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
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives seeds for new consultations.
    pub seeds: Arc<dyn Seeds>,
    /// Speaks for the patients.
    pub speech: Arc<dyn SpeechEngine>,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Slows down guessing.
    pub sign_in_limits: SignInLimits,
    /// Whether the demo class exists, so that the sign-in page may offer it.
    pub demo: bool,
    /// How the server is doing.
    pub metrics: Metrics,
    /// Cancelled when the server closes; ends open event streams.
    pub closing: CancellationToken,
}

/// A shared reference to the [`App`], cheap to clone: the state of every handler.
#[derive(Clone)]
pub struct AppState(Arc<App>);

impl AppState {
    /// Puts the parts together.
    pub fn assemble(parts: Parts) -> Self {
        let Parts { config, graph, store, clock, seeds, speech, metrics, demo } = parts;
        Self(Arc::new(App {
            catalogue: Catalogue::new(store.clone()),
            passwords: Passwords::default(),
            sign_in_limits: SignInLimits::default(),
            closing: CancellationToken::new(),
            config,
            graph,
            store,
            clock,
            seeds,
            speech,
            demo,
            metrics,
        }))
    }
}

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}
