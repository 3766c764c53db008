//! What else happens on the machine while students talk: a busy neighbour, a worker that is killed.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use models::{SpeechEngine as _, WorkerEngine};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinHandle;

/// A new worker loads its weights within this time, however busy the machine is.
const RECOVERY: Duration = Duration::from_mins(3);
/// A worker that has something to do lives so much longer, in milliseconds.
const LIFE_MS: std::ops::Range<u64> = 50..3_000;
/// A worker that nobody asks anything is killed after so long.
const IDLE: Duration = Duration::from_secs(2);
/// What a student thinks between two turns while the worker is killed: without a model answers come
/// at once, and nothing is learnt from thousands of them.
pub(super) const THINKING: Duration = Duration::from_millis(200);

/// A program that keeps one core busy until it is dropped.
pub(super) struct Neighbour(Arc<AtomicBool>);

impl Neighbour {
    pub(super) fn move_in() -> Self {
        let gone = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&gone);
        thread::spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
        });
        Self(gone)
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Kills the worker again and again at moments that `seed` decides.
pub(super) struct Killer {
    left: Arc<AtomicU32>,
    task: JoinHandle<()>,
}

impl Killer {
    pub(super) fn new(worker: Arc<WorkerEngine>, kills: u32, seed: u64) -> Self {
        let left = Arc::new(AtomicU32::new(kills));
        let counted = Arc::clone(&left);
        let task = tokio::spawn(async move {
            let mut dice = ChaCha8Rng::seed_from_u64(seed);
            while counted.load(Ordering::Relaxed) > 0 {
                let _idle = tokio::time::timeout(IDLE, asked(&worker)).await;
                tokio::time::sleep(Duration::from_millis(dice.random_range(LIFE_MS))).await;
                if worker.kill() {
                    counted.fetch_sub(1, Ordering::Relaxed);
                }
                let recovering = Arc::clone(&worker);
                let recovered = tokio::task::spawn_blocking(move || recovering.wait_until_recovered(RECOVERY)).await;
                if !matches!(recovered, Ok(Ok(()))) {
                    tracing::error!("the worker does not come back");
                    return;
                }
            }
        });
        Self { left, task }
    }

    /// Whether the worker is to be killed again.
    pub(super) fn is_at_work(&self) -> bool {
        self.left.load(Ordering::Relaxed) > 0 && !self.task.is_finished()
    }
}

impl Drop for Killer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns once the worker has something to do.
async fn asked(worker: &WorkerEngine) {
    while worker.status().in_flight == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Most memory that these processes ever held, in MiB; none where the system does not say.
pub(super) fn peak_memory(processes: &[u32]) -> Option<u64> {
    let peaks: Option<Vec<u64>> = processes.iter().map(|&process| resident_peak(process)).collect();
    peaks.map(|peaks| peaks.iter().sum::<u64>() / 1024)
}

/// Peak resident memory of a process, in KiB.
fn resident_peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
