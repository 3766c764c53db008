//! What every request shares.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;
use knowledge_graph::Graph;
use metrics_exporter_prometheus::PrometheusHandle;
use models::SpeechEngine;
use tokio_util::sync::CancellationToken;

use crate::{
    catalogue::Catalogue,
    chance::Seeds,
    clock::Clock,
    config::Config,
    store::Store,
    web::auth::{Passwords, SignInLimits},
};

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
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
    /// Cancelled when the server closes; ends open event streams.
    pub closing: CancellationToken,
}

/// A shared reference to the [`App`], cheap to clone: the state of every handler.
#[derive(Clone)]
pub struct AppState(Arc<App>);

impl AppState {
    /// Shares `app`.
    pub fn new(app: App) -> Self {
        Self(Arc::new(app))
    }
}

impl Deref for AppState {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

impl FromRef<AppState> for Store {
    fn from_ref(state: &AppState) -> Self {
        state.store.clone()
    }
}
