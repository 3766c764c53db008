//! Starting a dry run from a page or through the API; it goes on when nobody waits for it.

use std::sync::Arc;

use cases::Case;
use knowledge_graph::Language;

use crate::{
    app::AppState,
    dry_run::{DryRun, Progress, Rehearsal, SEEDS},
    store::DryRunRecord,
    web::error::WebError,
};

/// Starts the dry run of `case`, unless it is going on.
pub fn start(app: &AppState, case: Arc<Case>) {
    if !app.dry_runs.begin(&case.id, case.version) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        let played = tokio::spawn(play(app.clone(), Arc::clone(&case))).await;
        match played {
            Ok(Ok(())) => app.dry_runs.end(&case.id, case.version),
            Ok(Err(_)) | Err(_) => app.dry_runs.tell(&case.id, case.version, Progress::Stopped),
        }
    });
}

async fn play(app: AppState, case: Arc<Case>) -> Result<(), WebError> {
    let rehearsal = Rehearsal::new(
        app.graph,
        app.store.clone(),
        Arc::clone(&app.matcher),
        Arc::clone(&app.grader),
        Arc::clone(&app.clock),
    );
    let languages = case.only.map_or_else(|| vec![Language::En, Language::Zh], |only| vec![only]);
    let tell = |done, total| app.dry_runs.tell(&case.id, case.version, Progress::Playing { done, total });
    let found = rehearsal.run(&case, &languages, &SEEDS, &tell).await;
    let json = serde_json::to_string(&found).map_err(|error| WebError::internal(&error))?;
    let record = DryRunRecord { hash: found.hash, found: json, at: app.clock.now() };
    Ok(app.store.keep_dry_run(&case.id, case.version, record).await?)
}

/// What the newest dry run of a version found; none when there is none.
///
/// # Errors
/// When the database refuses, or what it holds cannot be read.
pub async fn found(app: &AppState, id: &str, version: u32) -> Result<Option<DryRun>, WebError> {
    let record = app.store.dry_run(id, version).await?;
    record.map(|record| serde_json::from_str(&record.found).map_err(|error| WebError::internal(&error))).transpose()
}
