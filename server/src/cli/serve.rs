//! `anamnesis serve`.

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context as _, anyhow};
use clap::Args;
use hyper_util::rt::TokioTimer;
use knowledge_graph::Graph;
use models::weights::WeightsError;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::{BadInput, block_on, model};
use crate::{
    app::{App, AppState, Parts},
    catalogue::Catalogue,
    chance::SystemSeeds,
    classroom,
    clock::{Clock as _, SystemClock},
    config::{Config, ConfigArgs, SCRIPTED},
    demo, drilling, encounter,
    engine::{EngineStartError, Engines},
    literature::{self, Literature},
    store::Store,
    web::{self, auth::Passwords, metrics::Metrics},
};

/// Arguments of `anamnesis serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Make a demo class when the database is empty, with logins printed here and on the sign-in
    /// page. For trying out on this machine only; refused on any other address.
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// How long open requests may take after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How long a client may take over a request's head; whoever sends it byte by byte holds nothing open.
const SLOWEST_HEADERS: Duration = Duration::from_secs(15);

/// Runs `anamnesis serve`.
pub fn run(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let config = args.config.resolve()?;
    if args.demo && !config.is_local() {
        let what = format!("--demo: its passwords are known to everyone; not on {}, only on 127.0.0.1", config.address);
        return Err(BadInput(what).into());
    }
    log_to_stderr();
    block_on(serve(config, args.demo))
}

async fn serve(config: Config, demo: bool) -> anyhow::Result<ExitCode> {
    let address = config.address;
    let listener = TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?;
    let app = build(config, demo).await?;
    let published = app.catalogue.published().await?.len();
    banner(&app, published, listener.local_addr()?);
    let closing = app.closing.clone();
    tokio::spawn(keep_metrics_small(app.metrics.clone(), closing.clone()));
    let catalogue = Catalogue::new(app.store.clone());
    tokio::spawn(classroom::keep_up(app.store.clone(), catalogue, closing.clone()));
    if app.config.prepare {
        let catalogue = Catalogue::new(app.store.clone());
        tokio::spawn(encounter::keep_warm(app.encounters.clone(), catalogue, closing.clone()));
    }
    tokio::spawn(drilling::keep_stocked(app.clone(), closing.clone()));
    let handle = axum_server::Handle::new();
    tokio::spawn(stop_when_asked(handle.clone(), closing));
    let routes = web::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener.into_std()?)?.handle(handle);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(SLOWEST_HEADERS);
    server.serve(routes).await.context("serving")?;
    Ok(ExitCode::SUCCESS)
}

/// Ends event streams at once and gives other requests [`GRACE`].
async fn stop_when_asked(handle: axum_server::Handle<SocketAddr>, closing: CancellationToken) {
    interrupted().await;
    eprintln!("stopping: waiting for open requests, at most {} s", GRACE.as_secs());
    closing.cancel();
    handle.graceful_shutdown(Some(GRACE));
}

async fn build(config: Config, demo: bool) -> anyhow::Result<AppState> {
    let shipped = cases::library().map_err(|problems| anyhow!("the shipped cases: {}", listed(problems)))?;
    let store = Store::open(&config.database).await?;
    let graph = graph_with_literature(&store).await?;
    let clock = Arc::new(SystemClock);
    let demo = demo && demo::offer(&store, &Passwords::default(), clock.now()).await?;
    let engines = start_engines(config.clone(), graph).await?;
    let app = AppState::assemble(Parts {
        graph,
        store,
        clock,
        seeds: Arc::new(SystemSeeds::default()),
        speech: engines.speech,
        matcher: engines.matcher,
        metrics: Metrics::install().map_err(|error| anyhow!("metrics: {error}"))?,
        demo,
        config,
    })?;
    app.catalogue.stock(shipped, app.clock.now()).await?;
    Ok(app)
}

/// The graph with what teachers accepted from the literature. What does not load any more is left
/// out and said, here and on its page.
async fn graph_with_literature(store: &Store) -> anyhow::Result<&'static Graph> {
    let core = Graph::embedded().map_err(|problems| anyhow!("the graph: {}", listed(problems)))?;
    let accepted = store.accepted_proposals().await?;
    if accepted.is_empty() {
        return Ok(core);
    }
    let sources = Literature::new(store.clone()).sources().await?;
    let laid = tokio::task::spawn_blocking(move || literature::lay(&accepted, &sources)).await??;
    for (_, _, why) in &laid.refused {
        eprintln!("  left out of the graph: {why}");
    }
    eprintln!("  {} changes accepted from the literature are in use", laid.used);
    store.note_refusals(laid.refused).await?;
    // Once per process: everything holds the graph for as long as the server runs.
    Ok(Box::leak(Box::new(laid.graph)))
}

async fn start_engines(config: Config, graph: &'static Graph) -> anyhow::Result<Engines> {
    eprintln!("loading {} …", config.speech);
    let started = tokio::task::spawn_blocking(move || Engines::start(&config, graph)).await.context("starting")?;
    started.map_err(|error| match error {
        EngineStartError::Weights(WeightsError::Missing { .. }) => {
            BadInput(format!("{error}, or serve without a model: --speech {SCRIPTED}")).into()
        }
        EngineStartError::Weights(error) => model::blame(error),
        other => other.into(),
    })
}

fn listed(problems: &[impl std::fmt::Display]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn banner(app: &App, published: usize, address: SocketAddr) {
    let (identity, status) = (app.speech.identity(), app.speech.status());
    eprintln!("Anamnesis {}", env!("CARGO_PKG_VERSION"));
    if let Some((up, all)) = status.endpoints {
        eprintln!("  model {} on {up} of {all} servers", identity.name);
    } else if identity.sha256.is_empty() {
        eprintln!("  no model: patients say their facts' own sentences");
    } else {
        eprintln!("  {}", models::start_up_line(&identity, &status));
    }
    if let Some(warning) = models::slow_cpu_warning(&status) {
        eprintln!("  warning: {warning}");
    }
    match app.matcher.embedder() {
        Some(embedder) => eprintln!("  understanding by words and meaning ({})", embedder.name),
        None => eprintln!("  understanding by known words only; for more: anamnesis model fetch --default"),
    }
    eprintln!("  database {}", app.config.database.display());
    eprintln!("  {published} cases published");
    if app.demo {
        for account in &demo::ACCOUNTS {
            eprintln!("  demo login {} / {}  ({})", account.login, account.password, account.name);
        }
    }
    eprintln!("  serving http://{address}");
}

/// Histograms gather until they are folded; do so regularly, as nobody may ever ask for them.
async fn keep_metrics_small(metrics: Metrics, closing: CancellationToken) {
    let mut every = tokio::time::interval(Duration::from_secs(5));
    while closing.run_until_cancelled(every.tick()).await.is_some() {
        metrics.fold();
    }
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("ANAMNESIS_LOG").unwrap_or_else(|_| EnvFilter::new("warn,anamnesis=info"));
    let _already_set = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _no_handler = tokio::signal::ctrl_c().await;
}
