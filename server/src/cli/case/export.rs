//! `anamnesis case export`.

use std::{path::PathBuf, process::ExitCode};

use cases::export;
use clap::Args;

use super::{
    super::{BadInput, block_on, open_store, say},
    write_new,
};
use crate::{catalogue::Catalogue, config::ConfigArgs};

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Id of the case.
    id: String,
    /// Version; the newest unless said.
    #[arg(long = "case-version")]
    version: Option<u32>,
    /// Where to write it; standard output unless said. An existing file is never overwritten.
    #[arg(long, short)]
    output: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs `anamnesis case export`.
pub(super) fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let config = args.config.resolve()?;
    let text = block_on(async {
        let store = open_store(&config).await?;
        let record = match args.version {
            Some(version) => store.case(&args.id, version).await?,
            None => store.latest_case(&args.id).await?,
        };
        let missing = || BadInput(format!("there is no such case `{}` in {}", args.id, config.database.display()));
        let case = Catalogue::new(store).parsed(&record.ok_or_else(missing)?)?;
        anyhow::Ok(export(&case))
    })?;
    match &args.output {
        None => say(text.trim_end()),
        Some(path) => {
            write_new(path, &text)?;
            say(format_args!("{}\t{}", args.id, path.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
