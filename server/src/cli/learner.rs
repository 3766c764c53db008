//! `anamnesis learner`: where a learner stands; their right to a copy of their data and to its erasure;
//! simulated learners, to see whether the figures can be trusted.

mod drills;
mod progress;
mod simulate;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use knowledge_graph::Language;

use super::{BadInput, account, block_on, open_store, say};
use crate::{
    catalogue::Catalogue,
    clock::{Clock as _, SystemClock},
    config::ConfigArgs,
    moderation::Counting,
    schemes::Schemes,
    store::Store,
};

/// Arguments of `anamnesis learner`.
#[derive(Debug, Args)]
pub struct LearnerArgs {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print what a learner can do, with what every figure is based on, and what to practise next.
    Progress {
        /// Login.
        login: String,
        /// Language of the names.
        #[arg(long, value_name = "en|zh", default_value = "en")]
        language: Language,
    },
    /// Let simulated learners of known ability practise, and print how well that is found and whether
    /// the recommender helps.
    Simulate(simulate::SimulateArgs),
    /// Print everything stored of a learner, as JSON.
    Export {
        /// Login.
        login: String,
    },
    /// Erase everything stored of a learner, account included. Cannot be undone.
    Erase {
        /// Login.
        login: String,
        /// Really do it.
        #[arg(long)]
        yes: bool,
    },
    /// Print drill items with key and explanation, for review.
    Drills(drills::DrillsArgs),
}

/// Runs `anamnesis learner`.
pub fn run(args: &LearnerArgs) -> anyhow::Result<ExitCode> {
    if let Action::Drills(drills) = &args.action {
        return drills::run(drills);
    }
    if let Action::Simulate(args) = &args.action {
        return simulate::run(args);
    }
    let config = args.config.resolve()?;
    block_on(async {
        let store = open_store(&config).await?;
        match &args.action {
            Action::Progress { login, language } => {
                let graph = super::case::graph()?;
                return progress::run(&store, graph, login, *language).await;
            }
            Action::Simulate(_) | Action::Drills(_) => {}
            Action::Export { login } => {
                let user = account(&store, login).await?;
                let (graph, schemes) = (super::case::graph()?, Schemes::new(store.clone()));
                let counting = Counting { store: &store, schemes: &schemes, graph };
                let everything = counting.export(&Catalogue::new(store.clone()), &user).await?;
                say(serde_json::to_string_pretty(&everything)?);
            }
            Action::Erase { login, yes } => erase(&store, login, *yes).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn erase(store: &Store, login: &str, yes: bool) -> anyhow::Result<()> {
    let user = account(store, login).await?;
    if !yes {
        let what = format!("{login}: would erase all that is stored of this learner for good; add --yes");
        return Err(BadInput(what).into());
    }
    store.delete_user(user.id).await?;
    store.record(None, "learner-erased", &format!("user:{}", user.id), SystemClock.now()).await?;
    say(format_args!("{login} erased; copies in backups go when those do"));
    Ok(())
}
