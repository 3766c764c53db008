//! `anamnesis grade again`: what this version says of the consultations that earlier ones graded.

use std::{process::ExitCode, sync::Arc};

use clap::Args;
use uuid::Uuid;

use super::super::{BadInput, block_on, open_store, say};
use crate::{
    assessment::{Comparison, Grader, Verdict},
    catalogue::Catalogue,
    clock::{Clock as _, SystemClock},
    config::Config,
    encounter::practised,
    moderation::{ModerationError, grade_again},
    store::{EncounterRecord, EncounterState, Page, Store},
};

/// Consultations read at once.
const A_PAGE: u32 = 50;

/// Arguments of `anamnesis grade again`.
#[derive(Debug, Args)]
pub struct AgainArgs {
    /// Only this consultation; give it again for further ones.
    #[arg(long, value_name = "ID")]
    encounter: Vec<Uuid>,
    /// Keep the new reports beside the old ones. The marks that were given and what examiners decided
    /// stay as they are.
    #[arg(long)]
    keep: bool,
    /// Print one JSON object a consultation.
    #[arg(long)]
    json: bool,
}

/// What was found so far.
#[derive(Default)]
struct Tally {
    consultations: usize,
    differing: usize,
    items: usize,
    change: f64,
    failed: bool,
}

/// Runs `anamnesis grade again`.
pub fn run(args: &AgainArgs, config: &Config, grader: &Arc<Grader>) -> anyhow::Result<ExitCode> {
    block_on(async {
        let store = open_store(config).await?;
        let catalogue = Catalogue::new(store.clone());
        let mut tally = Tally::default();
        for id in &args.encounter {
            let missing = || BadInput(format!("there is no consultation {id}; see `GET /api/v1/class/encounters`"));
            let encounter = store.encounter(*id).await?.ok_or_else(missing)?;
            one(args, &store, &catalogue, grader, &encounter, &mut tally).await?;
        }
        if args.encounter.is_empty() {
            every(args, &store, &catalogue, grader, &mut tally).await?;
        }
        if !args.json {
            let mean = tally.change / tally.consultations.max(1) as f64;
            say(format_args!(
                "{} consultations graded again, {} differ in {} items; mean change of the mark {mean:+.2} points",
                tally.consultations, tally.differing, tally.items
            ));
        }
        Ok(if tally.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    })
}

async fn every(
    args: &AgainArgs,
    store: &Store,
    catalogue: &Catalogue,
    grader: &Arc<Grader>,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    for offset in (0..store.count_encounters().await?).step_by(usize::try_from(A_PAGE)?) {
        for listed in store.encounters(Page { offset, limit: A_PAGE }).await? {
            if matches!(listed.encounter.state, EncounterState::Finished { .. }) {
                one(args, store, catalogue, grader, &listed.encounter, tally).await?;
            }
        }
    }
    Ok(())
}

/// One consultation; one that cannot be graded again is reported and the others go on.
async fn one(
    args: &AgainArgs,
    store: &Store,
    catalogue: &Catalogue,
    grader: &Arc<Grader>,
    encounter: &EncounterRecord,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let Some(case) = catalogue.case(&encounter.case_id, encounter.case_version).await? else {
        return Err(BadInput(format!("{}: its case is not in the database any more", encounter.id)).into());
    };
    let case = practised(case, encounter.mode);
    let (report, found) = match grade_again(store, grader, encounter, &case).await {
        Ok(graded) => graded,
        Err(ModerationError::Store(error)) => return Err(error.into()),
        Err(error) => {
            tally.failed = true;
            eprintln!("anamnesis: {}: {error}", encounter.id);
            return Ok(());
        }
    };
    if args.keep {
        store.keep_regrading(encounter.id, serde_json::to_value(&report)?, None, SystemClock.now()).await?;
    }
    tally.consultations += 1;
    tally.differing += usize::from(!found.items.is_empty());
    tally.items += found.items.len();
    tally.change += found.percent[1] - found.percent[0];
    if args.json {
        say(serde_json::to_string(&found)?);
    } else {
        show(encounter, &found);
    }
    Ok(())
}

fn show(encounter: &EncounterRecord, found: &Comparison) {
    say(format_args!(
        "{}  {}@{}  {:.1}% -> {:.1}%  matcher {} -> {}, {} items differ",
        encounter.id,
        encounter.case_id,
        encounter.case_version,
        found.percent[0],
        found.percent[1],
        found.before.matcher,
        found.after.matcher,
        found.items.len()
    ));
    for item in &found.items {
        say(format_args!("    {}: {} -> {}", item.item, in_words(item.was), in_words(item.is)));
    }
}

fn in_words(verdict: Option<Verdict>) -> String {
    verdict.map_or_else(
        || "no such item".to_owned(),
        |verdict| {
            let asked = if verdict.asked { "asked" } else { "not asked" };
            let who = if verdict.needs_review { ", for an examiner" } else { "" };
            format!("{asked}{who} ({:.2})", verdict.confidence)
        },
    )
}
