use serde::Deserialize;

use super::*;

/// Made by `server/training/agreement_oracle.py`.
#[derive(Deserialize)]
struct Oracle {
    units: Table,
    scores: Table,
    alpha_nominal: f64,
    alpha_ordinal: f64,
    alpha_interval: f64,
    kappa: f64,
    icc_agreement: f64,
    icc_consistency: f64,
}

fn oracle() -> Oracle {
    serde_json::from_str(include_str!("oracle.json")).unwrap()
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn the_statistics_are_those_of_krippendorff_pingouin_and_scikit_learn() {
    let oracle = oracle();

    close(krippendorff_alpha(&oracle.units, Level::Nominal), oracle.alpha_nominal);
    close(krippendorff_alpha(&oracle.units, Level::Ordinal), oracle.alpha_ordinal);
    close(krippendorff_alpha(&oracle.units, Level::Interval), oracle.alpha_interval);
    close(cohen_kappa(&pairs(&oracle.units, 0, 1)), oracle.kappa);
    let icc = icc(&oracle.scores).unwrap();
    close(Some(icc.agreement), oracle.icc_agreement);
    close(Some(icc.consistency), oracle.icc_consistency);
}

/// Gwet 2008, table 1's kind of data: both say yes in 118 of 125, no in 0; kappa collapses, AC1 does not.
#[test]
fn ac1_stays_high_where_nearly_everything_is_one_category() {
    let mut both = vec![(1.0, 1.0); 118];
    both.extend([(1.0, 0.0); 5]);
    both.extend([(0.0, 1.0); 2]);

    assert!(cohen_kappa(&both).unwrap() < 0.0);
    close(observed_agreement(&both), 118.0 / 125.0);
    // π = (123 + 120) / 250; AC1 = (pa − 2π(1 − π)) / (1 − 2π(1 − π)).
    let share = 243.0 / 250.0;
    let expected = 2.0 * share * (1.0 - share);
    close(gwet_ac1(&both), (118.0 / 125.0 - expected) / (1.0 - expected));
}

#[test]
fn the_interval_holds_kappa_and_narrows_with_more_units() {
    let few = [(1.0, 1.0), (0.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let many: Vec<_> = few.iter().copied().cycle().take(600).collect();
    let kappa = cohen_kappa(&few).unwrap();

    let (wide, narrow) = (cohen_kappa_interval(&few).unwrap(), cohen_kappa_interval(&many).unwrap());

    assert!(wide.low < kappa && kappa < wide.high);
    assert!(narrow.high - narrow.low < (wide.high - wide.low) / 5.0);
}

#[test]
fn nothing_is_said_of_raters_who_never_met_or_never_differ() {
    assert_eq!(cohen_kappa(&[]), None);
    assert_eq!(cohen_kappa(&[(1.0, 1.0); 5]), None);
    assert_eq!(gwet_ac1(&[(1.0, 1.0); 5]), None);
    assert_eq!(krippendorff_alpha(&vec![vec![Some(1.0), None]], Level::Nominal), None);
    assert_eq!(icc(&vec![vec![Some(1.0), Some(2.0)]]), None);
}

#[test]
fn a_machine_as_right_as_it_says_has_no_calibration_error() {
    let verdicts: Vec<(f64, bool)> =
        (0..100).map(|at| (0.85, at < 85)).chain((0..20).map(|at| (0.55, at < 11))).collect();

    let found = calibration(&verdicts);

    assert!(found.error < 1e-9);
    assert_eq!(found.bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), vec![20, 100]);
}
