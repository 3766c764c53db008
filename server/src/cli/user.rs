//! `anamnesis user`: accounts.

use std::{
    io::{BufRead as _, IsTerminal as _},
    process::ExitCode,
};

use clap::{Args, Subcommand, ValueEnum};
use knowledge_graph::Language;

use super::{BadInput, account, block_on, open_store, say};
use crate::{
    clock::{Clock as _, SystemClock},
    config::ConfigArgs,
    store::{NewUser, Role, Store},
    web::auth::Passwords,
};

/// Arguments of `anamnesis user`.
#[derive(Debug, Args)]
pub struct UserArgs {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an account. The password is read from standard input: one line.
    Add {
        /// Name typed at sign-in.
        login: String,
        /// Name shown; the login unless given.
        #[arg(long)]
        name: Option<String>,
        /// What the account may do.
        #[arg(long, value_enum, default_value_t = RoleName::Student)]
        role: RoleName,
        /// Language of the interface; the browser's unless given.
        #[arg(long)]
        language: Option<Language>,
    },
    /// List the accounts: login, role, name.
    List,
    /// Change a password, read from standard input: one line. Ends the account's sessions.
    Passwd {
        /// Login.
        login: String,
    },
    /// Erase an account with its consultations, reports and mastery. Cannot be undone.
    Delete {
        /// Login.
        login: String,
        /// Really do it.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleName {
    /// Practises.
    Student,
    /// Authors cases and sees the class.
    Teacher,
    /// Manages accounts and the engine.
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Student => Self::Student,
            RoleName::Teacher => Self::Teacher,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// Runs `anamnesis user`.
pub fn run(args: &UserArgs) -> anyhow::Result<ExitCode> {
    let config = args.config.resolve()?;
    block_on(async {
        let store = open_store(&config).await?;
        match &args.action {
            Action::Add { login, name, role, language } => {
                let name = name.as_ref().unwrap_or(login);
                add(&store, login, name, (*role).into(), *language).await?;
            }
            Action::List => list(&store).await?,
            Action::Passwd { login } => change_password(&store, login).await?,
            Action::Delete { login, yes } => delete(&store, login, *yes).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn add(store: &Store, login: &str, name: &str, role: Role, language: Option<Language>) -> anyhow::Result<()> {
    if login.trim().is_empty() || login.chars().any(char::is_control) {
        return Err(BadInput("login: empty or with control characters; choose another".to_owned()).into());
    }
    let password_hash = Passwords::default().hash(read_password()?).await?;
    let new = NewUser { login: login.to_owned(), name: name.to_owned(), role, password_hash, language };
    let now = SystemClock.now();
    let user = store.create_user(new, now).await?;
    store.record(None, "user-added", &format!("user:{}", user.id), now).await?;
    say(format_args!("{} added", user.login));
    Ok(())
}

async fn list(store: &Store) -> anyhow::Result<()> {
    for user in store.users().await? {
        say(format_args!("{}\t{}\t{}", user.login, serde_json::to_value(user.role)?.as_str().unwrap_or(""), user.name));
    }
    Ok(())
}

async fn change_password(store: &Store, login: &str) -> anyhow::Result<()> {
    let user = account(store, login).await?;
    let hash = Passwords::default().hash(read_password()?).await?;
    store.set_password(user.id, hash).await?;
    store.record(None, "password-changed", &format!("user:{}", user.id), SystemClock.now()).await?;
    say(format_args!("{}: password changed, sessions ended", user.login));
    Ok(())
}

async fn delete(store: &Store, login: &str, yes: bool) -> anyhow::Result<()> {
    let user = account(store, login).await?;
    if !yes {
        let count = store.encounters_of(user.id).await?.len();
        let what = format!("{login}: would erase the account and {count} consultations for good; add --yes");
        return Err(BadInput(what).into());
    }
    store.delete_user(user.id).await?;
    store.record(None, "user-deleted", &format!("user:{}", user.id), SystemClock.now()).await?;
    say(format_args!("{login} erased"));
    Ok(())
}

fn read_password() -> anyhow::Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("Password (shown as you type): ");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
