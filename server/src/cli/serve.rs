//! `anamnesis serve`.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{block_on, open_store};
use crate::{
    app::{App, AppState},
    chance::SystemSeeds,
    clock::SystemClock,
    config::{Config, ConfigArgs},
    web,
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
