//! `anamnesis model`: the weights.

use std::{collections::HashSet, path::PathBuf, process::ExitCode};

use anyhow::anyhow;
use clap::{Args, Subcommand};
use models::{
    manifest::{Manifest, Purpose},
    weights::{Presence, TerminalProgress, Weights, WeightsError, WeightsStore},
};

use super::{BadInput, say};
use crate::config::ConfigArgs;

/// The small speaker that tests use.
const TEST_SPEAKER: &str = "qwen2.5-coder-0.5b-instruct-q4_k_m";

/// Arguments of `anamnesis model`.
#[derive(Debug, Args)]
pub struct ModelArgs {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the known weights: name, whether they are here, size, licence, languages.
    List,
    /// Get weights and verify their SHA-256. Goes on where an interrupted fetch stopped; a file
    /// whose hash differs is not kept.
    #[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
    Fetch {
        /// Names, from the list.
        #[arg(group = "what")]
        names: Vec<String>,
        /// The weights that `anamnesis serve` uses unless told otherwise (1.2 GB).
        #[arg(long, group = "what")]
        default: bool,
        /// The small weights that the tests use.
        #[arg(long, group = "what")]
        tests: bool,
    },
    /// Hash weights and check their headers.
    Verify {
        /// Names from the list, or GGUF files.
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Let a GGUF file that is not in the list be loaded. Native code reads it: allow only a file
    /// whose origin you trust.
    Allow {
        /// The file.
        file: PathBuf,
    },
}

/// Runs `anamnesis model`.
pub fn run(args: &ModelArgs) -> anyhow::Result<ExitCode> {
    let store = WeightsStore::new(args.config.resolve()?.models)?;
    let progress = TerminalProgress::default();
    match &args.action {
        Action::List => list(&store),
        Action::Fetch { names, default, tests } => {
            for name in wanted(store.manifest(), names, *default, *tests) {
                verified(&store.fetch(&name, &progress).map_err(blame)?);
            }
        }
        Action::Verify { names } => {
            for name in names {
                verified(&store.verify(name, &progress).map_err(blame)?);
            }
        }
        Action::Allow { file } => {
            let weights = store.allow(file, &progress).map_err(blame)?;
            say(format_args!("{}: allowed, SHA-256 {}", weights.path.display(), weights.identity.sha256));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(store: &WeightsStore) {
    for listing in store.list() {
        let entry = &listing.entry;
        let here = match listing.presence {
            Presence::Missing => "not here",
            Presence::Present => "here",
            Presence::WrongSize => "wrong size: fetch again",
        };
        let size = entry.size.map_or_else(|| "?".to_owned(), |bytes| format!("{} MB", bytes / 1_000_000));
        let default = if entry.default { " (default)" } else { "" };
        let languages = entry.languages.join(",");
        say(format_args!("{}{default}\t{here}\t{size}\t{}\t{languages}\t{}", entry.name, entry.licence, entry.title));
    }
}

fn wanted(manifest: &Manifest, names: &[String], default: bool, tests: bool) -> Vec<String> {
    let is_default = |purpose| manifest.default_for(purpose).map(|entry| entry.name.clone());
    let mut wanted = names.to_vec();
    if default {
        wanted.extend([Purpose::Speech, Purpose::Embedding].into_iter().filter_map(is_default));
    }
    if tests {
        wanted.extend([TEST_SPEAKER.to_owned()].into_iter().chain(is_default(Purpose::Embedding)));
        let headers = manifest.weights.iter().filter(|entry| entry.purpose == Purpose::Vocabulary);
        wanted.extend(headers.map(|entry| entry.name.clone()));
    }
    let mut seen = HashSet::new();
    wanted.retain(|name| seen.insert(name.clone()));
    wanted
}

fn verified(weights: &Weights) {
    say(format_args!("{}: verified, SHA-256 {}", weights.path.display(), weights.identity.sha256));
}

/// A file or name that cannot be used is bad input; a network that fails is not.
pub(super) fn blame(error: WeightsError) -> anyhow::Error {
    match error {
        WeightsError::Unknown { .. }
        | WeightsError::Missing { .. }
        | WeightsError::Mismatch { .. }
        | WeightsError::Damaged { .. }
        | WeightsError::NotAllowed { .. }
        | WeightsError::Gguf { .. } => BadInput(error.to_string()).into(),
        other => anyhow!(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_the_tests_are_in_the_manifest() {
        let manifest = Manifest::embedded().unwrap();

        let names = wanted(manifest, &[], true, true);

        assert!(names.len() >= 4, "{names:?}");
        assert!(names.iter().all(|name| manifest.find(name).is_some()), "{names:?}");
    }
}
