//! `anamnesis token`: access tokens for programs.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{account, block_on, open_store, say};
use crate::{
    clock::{Clock as _, SystemClock},
    config::ConfigArgs,
};

/// Arguments of `anamnesis token`.
#[derive(Debug, Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a token and print it, this once. It may do all the account may, until revoked.
    Create {
        /// Login of the account.
        login: String,
        /// What the token is for.
        #[arg(long, default_value = "command line")]
        name: String,
    },
    /// List an account's tokens: id, when made, name. The tokens themselves are not kept.
    List {
        /// Login of the account.
        login: String,
    },
    /// Make a token useless at once.
    Revoke {
        /// Id, from the list.
        id: Uuid,
    },
}

/// Runs `anamnesis token`.
pub fn run(args: &TokenArgs) -> anyhow::Result<ExitCode> {
    let config = args.config.resolve()?;
    block_on(async {
        let store = open_store(&config).await?;
        let now = SystemClock.now();
        match &args.action {
            Action::Create { login, name } => {
                let user = account(&store, login).await?;
                let (record, token) = store.create_token(user.id, name, now).await?;
                store.record(None, "token-created", &format!("token:{}", record.id), now).await?;
                say(token.as_str());
            }
            Action::List { login } => {
                let user = account(&store, login).await?;
                for token in store.tokens(user.id).await? {
                    say(format_args!("{}\t{}\t{}", token.id, token.created, token.name));
                }
            }
            Action::Revoke { id } => {
                store.revoke_token(*id).await?;
                store.record(None, "token-revoked", &format!("token:{id}"), now).await?;
                say(format_args!("{id} revoked"));
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
