//! `anamnesis backup` and `anamnesis restore`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{block_on, open_store, say};
use crate::{config::ConfigArgs, store::Store};

/// Arguments of `anamnesis backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// File to write; must not exist. Holds everything, transcripts and password hashes included:
    /// keep it as safe as the database.
    file: PathBuf,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Arguments of `anamnesis restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// File that `anamnesis backup` wrote. It is checked first; a damaged or foreign file changes
    /// nothing. What the database held is kept beside it.
    file: PathBuf,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs `anamnesis backup`.
pub fn run(args: &BackupArgs) -> anyhow::Result<ExitCode> {
    let config = args.config.resolve()?;
    block_on(async {
        open_store(&config).await?.backup(&args.file).await?;
        say(format_args!("{} written and checked", args.file.display()));
        Ok(ExitCode::SUCCESS)
    })
}

/// Runs `anamnesis restore`.
pub fn restore(args: &RestoreArgs) -> anyhow::Result<ExitCode> {
    let config = args.config.resolve()?;
    block_on(async {
        let kept = Store::restore(&args.file, &config.database).await?;
        say(format_args!("{} restored from {}", config.database.display(), args.file.display()));
        if let Some(kept) = kept {
            say(format_args!("what it held before is in {}", kept.display()));
        }
        Ok(ExitCode::SUCCESS)
    })
}
