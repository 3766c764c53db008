//! The command line: exit status and what it leaves behind.

use std::{ffi::OsString, path::Path, process::ExitCode};

use anamnesis::{
    cli,
    store::{NewUser, Role, Store},
};
use rstest::rstest;
use tempfile::TempDir;

use crate::support::noon;

fn anamnesis(database: &Path, arguments: &[&str]) -> ExitCode {
    let settings = ["--database", database.to_str().unwrap(), "--models", "/nowhere", "--speech", "scripted"];
    let all = ["anamnesis"].iter().chain(arguments).chain(&settings);
    cli::run(all.map(OsString::from))
}

fn with_amara(folder: &TempDir) -> std::path::PathBuf {
    let path = folder.path().join("anamnesis.db");
    in_runtime(async {
        let store = Store::open(&path).await.unwrap();
        let new = NewUser {
            login: "amara".to_owned(),
            name: "Amara".to_owned(),
            role: Role::Student,
            password_hash: "!".to_owned(),
            language: None,
        };
        store.create_user(new, noon()).await.unwrap();
    });
    path
}

fn in_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

#[rstest]
#[case::unknown_command(&["diagnose"])]
#[case::unknown_flag(&["user", "list", "--colour"])]
#[case::unknown_login(&["user", "passwd", "nobody"])]
#[case::erasing_without_saying_yes(&["learner", "erase", "amara"])]
#[case::deleting_without_saying_yes(&["user", "delete", "amara"])]
#[case::no_such_token(&["token", "revoke", "0198a000-0000-7000-8000-000000000000"])]
#[case::no_such_backup(&["restore", "/nowhere/copy.db"])]
#[case::no_such_settings(&["user", "list", "--config", "/nowhere/anamnesis.toml"])]
#[case::known_passwords_for_the_network(&["serve", "--demo", "--address", "0.0.0.0:0"])]
#[case::unknown_weights(&["model", "verify", "no-such-weights"])]
fn bad_input_ends_with_2_and_changes_nothing(#[case] arguments: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let database = with_amara(&folder);

    assert_eq!(anamnesis(&database, arguments), ExitCode::from(2));

    let users = in_runtime(async { Store::open(&database).await.unwrap().users().await.unwrap() });
    assert_eq!(users.len(), 1);
}

#[test]
fn a_backup_is_written_and_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let database = with_amara(&folder);
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().unwrap();

    assert_eq!(anamnesis(&database, &["backup", copy]), ExitCode::SUCCESS);
    assert_eq!(anamnesis(&database, &["backup", copy]), ExitCode::from(2), "nothing is overwritten");
    assert_eq!(anamnesis(&database, &["user", "delete", "amara", "--yes"]), ExitCode::SUCCESS);
    assert_eq!(anamnesis(&database, &["restore", copy]), ExitCode::SUCCESS);

    let users = in_runtime(async { Store::open(&database).await.unwrap().users().await.unwrap() });
    assert_eq!(users[0].login, "amara");
}

#[test]
fn an_erased_learner_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let database = with_amara(&folder);

    assert_eq!(anamnesis(&database, &["learner", "export", "amara"]), ExitCode::SUCCESS);
    assert_eq!(anamnesis(&database, &["learner", "erase", "amara", "--yes"]), ExitCode::SUCCESS);
    assert_eq!(anamnesis(&database, &["learner", "export", "amara"]), ExitCode::from(2));
}

#[test]
fn help_is_no_failure() {
    assert_eq!(cli::run(["anamnesis", "serve", "--help"].map(OsString::from)), ExitCode::SUCCESS);
}
