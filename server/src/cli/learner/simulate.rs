//! `anamnesis learner simulate`: does the model find what is true, and does the recommender help?

use std::process::ExitCode;

use anyhow::anyhow;
use clap::Args;

use super::super::{BadInput, say};
use crate::learner::simulation::{
    Choice, Cohort, Fitted, Patient, Race, Recovery, calibrated, fit, histories, patients, race, recovery,
};

/// Consultations of each learner whose histories the parameters are fitted to.
const FITTED_ON: usize = 24;
/// Consultations seen before estimates are compared with the truth.
const COMPARED_AFTER: [usize; 3] = [5, 15, 40];

/// Arguments of `anamnesis learner simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Simulated learners in each cohort.
    #[arg(long, value_name = "N", default_value_t = 60)]
    learners: usize,
    /// Consultations of each learner at most.
    #[arg(long, value_name = "N", default_value_t = 60)]
    consultations: usize,
    /// Mean true probability of asking what patients ask for that counts as mastery, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 60)]
    goal: u8,
    /// Seed of the cohort that is fitted to; the next ones are evaluated on.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs `anamnesis learner simulate`.
pub fn run(args: &SimulateArgs) -> anyhow::Result<ExitCode> {
    if args.learners < 2 || args.consultations == 0 || !(1..=99).contains(&args.goal) {
        let what = "simulating takes at least 2 learners, 1 consultation and a goal of 1 to 99 percent";
        return Err(BadInput(what.to_owned()).into());
    }
    let library = cases::library().map_err(|problems| anyhow!("the library: {}", problems[0]))?;
    let patients = patients(library);
    say(
        "SIMULATED learners, not people: what follows shows that the program does what it claims, not what students do.",
    );
    say(format_args!("{} learners a cohort, the {} patients of the library\n", args.learners, patients.len()));
    let fitted = fit(&histories(Cohort::new(args.seed, args.learners), &patients, FITTED_ON));
    let fitted = calibrated(&fitted, (args.seed, args.learners), &patients, COMPARED_AFTER[1]);
    print_fit(&fitted, args.seed);
    for consultations in COMPARED_AFTER {
        print_recovery(&recovery(Cohort::new(args.seed + 1, args.learners), &patients, &fitted, consultations));
    }
    print_races(args, &patients, &fitted);
    Ok(ExitCode::SUCCESS)
}

fn print_fit(fitted: &Fitted, seed: u64) {
    let p = &fitted.parameters;
    say(format_args!("FITTED on the cohort of seed {seed}, {} graded occasions", fitted.occasions));
    say(format_args!("  base               {:>6.2} logits", p.base));
    for (name, sd) in ["overall", "section", "system", "facet", "topic"].iter().zip(p.prior_sd) {
        say(format_args!("  spread, {name:<10} {sd:>6.2} logits"));
    }
    say(format_args!("  learned when missed{:>6.2} logits", p.learn_missed));
    say(format_args!("  learned when asked {:>6.2} logits", p.learn_asked));
    say(format_args!("  passed on          {:>6.2} of it", p.transfer));
    say(format_args!("  half-life          {:>6.1} days", p.half_life_days));
    say(format_args!("  intervals          {:>6.2} times as wide as the filter alone", p.interval_scale));
    let (first, last) = fitted.log_loss;
    say(format_args!(
        "  log loss of predicting each occasion from those before it: {first:.4} as shipped, {last:.4} fitted\n"
    ));
}

fn print_recovery(found: &Recovery) {
    let (seen, unseen) = found.compared;
    say(format_args!(
        "RECOVERY on another cohort after {} consultations at random: {seen} learner × topic graded before, {unseen} never",
        found.consultations
    ));
    let line = |name: &str, (a, b): (f64, f64)| say(format_args!("  {name:<44} {a:>6.3} {b:>6.3}"));
    say(format_args!("  {:<44} graded  never", ""));
    line("correlation of estimate and truth", found.correlation);
    line("  knowledge tracing, for comparison", found.tracing.0);
    line("root mean squared error", found.error);
    line("  knowledge tracing, for comparison", found.tracing.1);
    line("truth inside the 90 % interval", found.covered);
    say(format_args!("  correlation of learners' means               {:>6.3}", found.of_learners));
    say("  calibration: estimated → true (how many)");
    for bin in found.calibration.iter().filter(|bin| bin.count > 0) {
        say(format_args!("    {:.2} → {:.2} ({})", bin.predicted, bin.truth, bin.count));
    }
    say("");
}

fn print_races(args: &SimulateArgs, patients: &[Patient], fitted: &Fitted) {
    let goal = f64::from(args.goal) / 100.0;
    let cohort = || Cohort::new(args.seed + 2, args.learners);
    let run = |choice| race(cohort(), patients, fitted, (choice, args.consultations, goal));
    let races = [Choice::Recommended, Choice::Random, Choice::Fixed].map(run);
    say(format_args!(
        "TIME TO MASTERY on a third cohort, the same learners each time: consultations, one every two days, until the \
         true mean probability of asking is {} %",
        args.goal
    ));
    let at = |race: &Race, nth: usize| {
        race.mastery.get(nth - 1).map_or_else(|| "–".to_owned(), |share| format!("{share:.3}"))
    };
    say("  chosen by     mean consultations  arrived   true mastery after 10     20     40");
    for race in &races {
        let name = match race.choice {
            Choice::Recommended => "recommender",
            Choice::Random => "dice",
            Choice::Fixed => "fixed order",
        };
        say(format_args!(
            "  {name:<13} {:>8.1} {:>15}/{:<3} {:>23} {:>6} {:>6}",
            race.mean(),
            race.arrived(),
            race.until_mastery.len(),
            at(race, 10),
            at(race, 20),
            at(race, 40),
        ));
    }
    for (name, other) in [("dice", &races[1]), ("fixed order", &races[2])] {
        let (saved, error) = races[0].saved_over(other);
        say(format_args!("  saved over {name}: {saved:.1} ± {:.1} consultations a learner (95 %)", 1.96 * error));
    }
    say(format_args!("  (who did not arrive counts with {})", args.consultations + 1));
}
