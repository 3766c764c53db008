//! What the engine has done since this program started, for the administrator's page. One for the
//! process, as is the recorder of `/metrics`, to which everything here goes as well.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use models::Timing;

/// Replies whose times are shown.
const RECENT: usize = 200;

/// Counts and recent times.
#[derive(Default)]
pub struct Ledger {
    spoken: AtomicU64,
    failed: AtomicU64,
    busy: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
    hopeless: AtomicU64,
    warmed: AtomicU64,
    evaluated: AtomicU64,
    shared: AtomicU64,
    drafted: AtomicU64,
    accepted: AtomicU64,
    recent: Mutex<VecDeque<Recent>>,
}

#[derive(Clone, Copy)]
struct Recent {
    queued: Duration,
    first_token: Duration,
    /// Tokens a second, where more than one was spoken.
    rate: Option<f64>,
}

/// The ledger at one moment. Times in seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Replies spoken by the model.
    pub spoken: u64,
    /// Requests it did not answer.
    pub failed: u64,
    /// Requests turned away because the queue was full.
    pub busy: u64,
    /// Replies said again.
    pub hits: u64,
    /// Replies that were not kept.
    pub misses: u64,
    /// Times the model was not asked, as it never gets this one right.
    pub hopeless: u64,
    /// Replies prepared in the background.
    pub warmed: u64,
    /// Prompt tokens evaluated.
    pub evaluated: u64,
    /// Prompt tokens found in the context.
    pub shared: u64,
    /// Tokens proposed from the prompt.
    pub drafted: u64,
    /// Of these, tokens that were right.
    pub accepted: u64,
    /// Of the last replies, median and 95th percentile of the time in the queue.
    pub queued: [f64; 2],
    /// The same of the time to the first token.
    pub first_token: [f64; 2],
    /// Median tokens a second of one reply.
    pub rate: f64,
}

static LEDGER: Ledger = Ledger {
    spoken: AtomicU64::new(0),
    failed: AtomicU64::new(0),
    busy: AtomicU64::new(0),
    hits: AtomicU64::new(0),
    misses: AtomicU64::new(0),
    hopeless: AtomicU64::new(0),
    warmed: AtomicU64::new(0),
    evaluated: AtomicU64::new(0),
    shared: AtomicU64::new(0),
    drafted: AtomicU64::new(0),
    accepted: AtomicU64::new(0),
    recent: Mutex::new(VecDeque::new()),
};

/// The ledger of this process.
pub fn ledger() -> &'static Ledger {
    &LEDGER
}

impl Ledger {
    /// A reply said again.
    pub fn cache_hit(&self) {
        add(&self.hits, 1);
        metrics::counter!("anamnesis_speech_cache_total", "outcome" => "hit").increment(1);
    }

    /// A reply that was not kept.
    pub fn cache_miss(&self) {
        add(&self.misses, 1);
        metrics::counter!("anamnesis_speech_cache_total", "outcome" => "miss").increment(1);
    }

    /// A reply that the model never gets right.
    pub fn cache_hopeless(&self) {
        add(&self.hopeless, 1);
        metrics::counter!("anamnesis_speech_cache_total", "outcome" => "hopeless").increment(1);
    }

    /// A reply prepared in the background.
    pub fn warmed(&self) {
        add(&self.warmed, 1);
        metrics::counter!("anamnesis_speech_cache_total", "outcome" => "warmed").increment(1);
    }

    /// A reply spoken by the model.
    pub fn spoken(&self, timing: &Timing) {
        add(&self.spoken, 1);
        add(&self.evaluated, timing.prompt_tokens.into());
        add(&self.shared, timing.cached_tokens.into());
        add(&self.drafted, timing.drafted_tokens.into());
        add(&self.accepted, timing.accepted_tokens.into());
        let Timing { queued, first_token, .. } = *timing;
        let mut recent = self.recent();
        if recent.len() >= RECENT {
            recent.pop_front();
        }
        recent.push_back(Recent { queued, first_token, rate: rate(timing) });
    }

    /// A request that was not answered.
    pub fn failed(&self) {
        add(&self.failed, 1);
    }

    /// A request that was turned away.
    pub fn busy(&self) {
        add(&self.busy, 1);
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let recent = self.recent();
        let both = |of: fn(&Recent) -> f64| {
            let all: Vec<f64> = recent.iter().map(of).collect();
            [percentile(&all, 0.5), percentile(&all, 0.95)]
        };
        let rates: Vec<f64> = recent.iter().filter_map(|reply| reply.rate).collect();
        Standing {
            spoken: read(&self.spoken),
            failed: read(&self.failed),
            busy: read(&self.busy),
            hits: read(&self.hits),
            misses: read(&self.misses),
            hopeless: read(&self.hopeless),
            warmed: read(&self.warmed),
            evaluated: read(&self.evaluated),
            shared: read(&self.shared),
            drafted: read(&self.drafted),
            accepted: read(&self.accepted),
            queued: both(|reply| reply.queued.as_secs_f64()),
            first_token: both(|reply| reply.first_token.as_secs_f64()),
            rate: percentile(&rates, 0.5),
        }
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<Recent>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add(count: &AtomicU64, more: u64) {
    count.fetch_add(more, Ordering::Relaxed);
}

/// Tokens a second after the first one.
pub(super) fn rate(timing: &Timing) -> Option<f64> {
    let decoding = timing.total.saturating_sub(timing.first_token).as_secs_f64();
    (timing.spoken_tokens > 1 && decoding > 0.0).then(|| f64::from(timing.spoken_tokens - 1) / decoding)
}

/// The nearest-rank percentile; 0 of nothing.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank within a short list")]
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut ranked = values.to_vec();
    ranked.sort_by(f64::total_cmp);
    let rank = (share * ranked.len() as f64).ceil() as usize;
    ranked.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert!((percentile(&values, 0.5) - 10.0).abs() < 1e-9);
        assert!((percentile(&values, 0.95) - 19.0).abs() < 1e-9);
        assert!(percentile(&[], 0.5).abs() < 1e-9);
    }

    #[test]
    fn only_the_last_replies_count_for_the_times() {
        let ledger = Ledger::default();
        let slow = Timing { first_token: Duration::from_secs(9), ..Timing::default() };
        let quick = Timing { first_token: Duration::from_secs(1), prompt_tokens: 7, ..Timing::default() };
        ledger.spoken(&slow);
        for _ in 0..RECENT {
            ledger.spoken(&quick);
        }

        let standing = ledger.standing();

        assert!((standing.first_token[1] - 1.0).abs() < 1e-9, "{standing:?}");
        assert_eq!((standing.spoken, standing.evaluated), (201, 1400));
    }
}
