//! A whole server in memory, and the people who use it.

mod answer;
pub mod engines;

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anamnesis::{
    app::{AppState, Parts},
    chance::CountedSeeds,
    clock::FixedClock,
    config::{Config, SCRIPTED, Settings},
    store::{NewUser, Role, Store, User},
    understanding::Matcher,
    web::{self, metrics::Metrics},
};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, header, request::Builder},
};
use knowledge_graph::Graph;
use models::{Embedder, ScriptedEngine, SpeechEngine, WorkerEngine, WorkerOptions, weights::WeightsStore};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub use answer::Answer;

/// When tests happen.
pub fn noon() -> jiff::Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

/// The lexicon alone, built once: reading the graph's words takes a while.
pub fn matcher() -> Arc<Matcher> {
    static MATCHER: OnceLock<Arc<Matcher>> = OnceLock::new();
    Arc::clone(MATCHER.get_or_init(|| Arc::new(Matcher::new(graph(), None, None).unwrap())))
}

/// The embedder that ships, in a worker of its own; its vectors of the graph's words are kept.
pub fn with_embedder() -> Arc<Matcher> {
    static MATCHER: OnceLock<Arc<Matcher>> = OnceLock::new();
    Arc::clone(MATCHER.get_or_init(|| {
        let folder = WeightsStore::default_folder();
        let weights = WeightsStore::new(&folder).unwrap().open("multilingual-e5-small").unwrap_or_else(|error| {
            panic!("{error}\nThis test needs these weights: `make weights` fetches them, `make test` does it first.")
        });
        let worker = PathBuf::from(env!("CARGO_BIN_EXE_test-model-worker"));
        let options = WorkerOptions { embedding: Some(weights), ..WorkerOptions::new(worker, Vec::new()) };
        let engine = WorkerEngine::start(options);
        engine.wait_until_ready(Duration::from_mins(2)).unwrap();
        let embedder = Arc::new(engine) as Arc<dyn Embedder>;
        Arc::new(Matcher::new(graph(), Some(embedder), Some(&folder.join("topic-vectors.bin"))).unwrap())
    }))
}

pub fn graph() -> &'static Graph {
    Graph::embedded().unwrap_or_else(|problems| panic!("{}", problems[0]))
}

/// A server with a database of its own, a clock that stands still and an engine without a model.
pub struct TestApp {
    pub state: AppState,
    pub clock: FixedClock,
    router: Router,
    _folder: TempDir,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(Settings::default(), Arc::new(ScriptedEngine)).await
    }

    /// With other settings or another engine.
    pub async fn with(settings: Settings, speech: Arc<dyn SpeechEngine>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("anamnesis.db");
        let here = Settings {
            database: Some(database.clone()),
            models: Some(folder.path().join("models")),
            speech: Some(SCRIPTED.to_owned()),
            ..Settings::default()
        };
        let clock = FixedClock::new(noon());
        let state = AppState::assemble(Parts {
            config: Config::from_settings(settings.or(here)).unwrap(),
            graph: graph(),
            store: Store::open(&database).await.unwrap(),
            clock: Arc::new(clock.clone()),
            seeds: Arc::new(CountedSeeds::default()),
            speech,
            matcher: matcher(),
            metrics: Metrics::detached(),
            demo: false,
        })
        .unwrap();
        state.catalogue.stock(cases::library().unwrap(), noon()).await.unwrap();
        Self { router: web::router(state.clone()), state, clock, _folder: folder }
    }

    pub fn store(&self) -> &Store {
        &self.state.store
    }

    /// An account without a usable password.
    pub async fn user(&self, login: &str, role: Role) -> User {
        let new = NewUser {
            login: login.to_owned(),
            name: format!("{login} name"),
            role,
            password_hash: "!".to_owned(),
            language: None,
        };
        self.store().create_user(new, noon()).await.unwrap()
    }

    /// An account that can sign in with `password`.
    pub async fn user_with_password(&self, login: &str, role: Role, password: &str) -> User {
        let user = self.user(login, role).await;
        let hash = self.state.passwords.hash(password.to_owned()).await.unwrap();
        self.store().set_password(user.id, hash).await.unwrap();
        user
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Actor<'_> {
        Actor { app: self, credentials: Credentials::None }
    }

    /// `user` in a browser.
    pub async fn browser(&self, user: &User) -> Actor<'_> {
        let lifetime = self.state.config.session_lifetime;
        let token = self.store().create_session(user.id, noon(), lifetime).await.unwrap();
        Actor { app: self, credentials: Credentials::Session(token.as_str().to_owned()) }
    }

    /// `user`'s program.
    pub async fn program(&self, user: &User) -> Actor<'_> {
        let (_, token) = self.store().create_token(user.id, "test", noon()).await.unwrap();
        Actor { app: self, credentials: Credentials::Token(token.as_str().to_owned()) }
    }

    /// A student, a teacher or an administrator in a browser.
    pub async fn actor(&self, login: &str, role: Role) -> Actor<'_> {
        let user = self.user(login, role).await;
        self.browser(&user).await
    }
}

enum Credentials {
    None,
    Session(String),
    Token(String),
}

/// Someone who sends requests.
pub struct Actor<'a> {
    app: &'a TestApp,
    credentials: Credentials,
}

impl Actor<'_> {
    /// A request of this person, to be completed. A browser says that it comes from our own pages.
    pub fn request(&self, method: Method, path: &str) -> Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "anamnesis.test");
        match &self.credentials {
            Credentials::None => request,
            Credentials::Session(session) => {
                request.header(header::COOKIE, format!("anamnesis={session}")).header("sec-fetch-site", "same-origin")
            }
            Credentials::Token(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.app.router.clone().oneshot(request).await.unwrap()).await
    }

    /// Sends a request and leaves its answer unread.
    pub async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.app.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).body(Body::empty()).unwrap()).await
    }

    /// Posts JSON and asks for JSON.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.post_bytes(path, "application/json", body.to_string().into_bytes()).await
    }

    /// Posts anything.
    pub async fn post_bytes(&self, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, content_type)
            .header(header::ACCEPT, "application/json");
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}
