//! Telling people how far a fetch is.

use std::{io::IsTerminal, sync::Mutex};

use indicatif::{ProgressBar, ProgressStyle};

/// Receives what a fetch or a check is doing.
pub trait Progress: Sync {
    /// A step begins; `total` in bytes where it is known.
    fn begin(&self, step: &str, total: Option<u64>);
    /// So many more bytes of the step are done.
    fn advance(&self, bytes: u64);
    /// The step is done.
    fn end(&self);
    /// Something worth a line.
    fn note(&self, line: &str);
}

/// Shows nothing.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
    fn note(&self, _: &str) {}
}

/// Bars on standard error where it is a terminal, plain lines otherwise.
#[derive(Default)]
pub struct TerminalProgress {
    bar: Mutex<Option<ProgressBar>>,
}

impl TerminalProgress {
    fn with_bar(&self, act: impl FnOnce(&mut Option<ProgressBar>)) {
        act(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for TerminalProgress {
    fn begin(&self, step: &str, total: Option<u64>) {
        if !std::io::stderr().is_terminal() {
            eprintln!("{step}");
            return;
        }
        let template = match total {
            Some(_) => "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}",
            None => "{spinner} {msg} {elapsed}",
        };
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(step.to_owned());
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
        self.with_bar(|shown| {
            if let Some(earlier) = shown.replace(bar) {
                earlier.finish_and_clear();
            }
        });
    }

    fn advance(&self, bytes: u64) {
        self.with_bar(|shown| {
            if let Some(bar) = shown {
                bar.inc(bytes);
            }
        });
    }

    fn end(&self) {
        self.with_bar(|shown| {
            if let Some(bar) = shown.take() {
                bar.finish_and_clear();
            }
        });
    }

    fn note(&self, line: &str) {
        self.with_bar(|shown| match shown {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        });
    }
}
