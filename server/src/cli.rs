//! The command line: one file per command.
//!
//! Exit status: 0 done, 1 failed, 2 bad input (what, where and how to mend it on stderr).

pub mod backup;
pub mod bench;
pub mod case;
pub mod grade;
pub mod graph;
pub mod learner;
pub mod model;
pub mod serve;
pub mod token;
pub mod user;

use std::{ffi::OsString, future::Future, process::ExitCode};

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::{
    config::ConfigError,
    store::{Store, StoreError},
    web::auth::PasswordError,
};

/// An offline tutor for clinical history-taking.
#[derive(Debug, Parser)]
#[command(name = "anamnesis", version, about, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages and the API until interrupted.
    Serve(serve::ServeArgs),
    /// Mark transcripts against a rubric: one, or many as JSON lines.
    Grade(grade::GradeArgs),
    /// Weights: list, fetch, verify, allow.
    Model(model::ModelArgs),
    /// Cases: make, check, play, describe, list, show.
    Case(case::CaseArgs),
    /// Accounts: add, list, change a password, delete.
    User(user::UserArgs),
    /// Access tokens for programs: create, list, revoke.
    Token(token::TokenArgs),
    /// A learner: progress, export or erase their data; simulated learners.
    Learner(learner::LearnerArgs),
    /// The process in which native code runs; started by the server, not by people.
    #[command(hide = true)]
    ModelWorker,
    /// The disease graph: check it, count it, ask it.
    Graph(graph::GraphArgs),
    /// How fast this machine is.
    Bench(bench::BenchArgs),
    /// Write a copy of the database; the server may go on meanwhile.
    Backup(backup::BackupArgs),
    /// Put a copy back in place of the database; the server must be stopped.
    Restore(backup::RestoreArgs),
}

/// Input that cannot be used: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadInput(pub String);

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Runs the program with `arguments`, of which the first is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Cli::try_parse_from(arguments) {
        Ok(cli) => obey(cli.command),
        Err(refusal) => {
            let _closed = refusal.print();
            if refusal.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
        }
    }
}

fn obey(command: Command) -> ExitCode {
    let outcome = match command {
        Command::Serve(args) => serve::run(&args),
        Command::Grade(args) => grade::run(&args),
        Command::Model(args) => model::run(&args),
        Command::ModelWorker => Ok(models::worker::run()),
        Command::Case(args) => case::run(&args),
        Command::User(args) => user::run(&args),
        Command::Token(args) => token::run(&args),
        Command::Learner(args) => learner::run(&args),
        Command::Graph(args) => graph::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Backup(args) => backup::run(&args),
        Command::Restore(args) => backup::restore(&args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("anamnesis: {error:#}");
        if is_bad_input(&error) { ExitCode::from(2) } else { ExitCode::FAILURE }
    })
}

fn is_bad_input(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<BadInput>() || cause.is::<ConfigError>() || cause.is::<PasswordError>() || blames_input(cause)
    })
}

fn blames_input(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.downcast_ref::<StoreError>().is_some_and(|error| {
        matches!(
            error,
            StoreError::NotFound(_)
                | StoreError::LoginTaken(_)
                | StoreError::CaseVersionTaken { .. }
                | StoreError::NotABackup { .. }
                | StoreError::Newer(_)
                | StoreError::FileExists(_)
        )
    })
}

/// Runs `work` on a fresh runtime.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?.block_on(work)
}

/// Opens the database that the settings name.
async fn open_store(config: &crate::config::Config) -> anyhow::Result<Store> {
    Ok(Store::open(&config.database).await?)
}

/// The account of that login.
async fn account(store: &Store, login: &str) -> anyhow::Result<crate::store::User> {
    let found = store.user_by_login(login).await?;
    let missing = || BadInput(format!("there is no account `{login}`; see `anamnesis user list`"));
    Ok(found.ok_or_else(missing)?.0)
}

/// Prints a line for a person or a pipe; a closed pipe is no error.
fn say(line: impl std::fmt::Display) {
    use std::io::Write as _;
    let _closed = writeln!(std::io::stdout(), "{line}");
}
