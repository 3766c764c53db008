//! Does it matter who chooses the patients?

use super::{
    cohort::{Cohort, Patient, Simulated, moment},
    dice::Dice,
    fit::Fitted,
    measures::distinct,
};
use crate::learner::{Standing, Wanted, recommendation::ranked, standing::day_of};

/// Who chooses the next patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The recommender, by what it was told by the grader.
    Recommended,
    /// Dice, patients not yet seen first.
    Random,
    /// The library's order, from the beginning again when it ends.
    Fixed,
}

/// What came of a cohort whose patients were chosen in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Race {
    /// Who chose.
    pub choice: Choice,
    /// Consultations until mastery, one a learner; none for who did not get there.
    pub until_mastery: Vec<Option<usize>>,
    /// Consultations there were at most.
    pub most: usize,
    /// Mean true probability of asking what the library asks for, after each consultation.
    pub mastery: Vec<f64>,
}

impl Race {
    /// Mean consultations until mastery; who did not get there counts with one more than there were.
    pub fn mean(&self) -> f64 {
        let needed = self.until_mastery.iter().map(|one| one.unwrap_or(self.most + 1) as f64);
        needed.sum::<f64>() / self.until_mastery.len().max(1) as f64
    }

    /// How many got there.
    pub fn arrived(&self) -> usize {
        self.until_mastery.iter().flatten().count()
    }

    /// Mean difference, learner by learner, to `other`, with its standard error.
    pub fn saved_over(&self, other: &Self) -> (f64, f64) {
        let needed = |race: &Self, at: usize| race.until_mastery[at].unwrap_or(race.most + 1) as f64;
        let count = self.until_mastery.len().min(other.until_mastery.len());
        let saved: Vec<f64> = (0..count).map(|at| needed(other, at) - needed(self, at)).collect();
        let mean = saved.iter().sum::<f64>() / count.max(1) as f64;
        let variance =
            saved.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / count.saturating_sub(1).max(1) as f64;
        (mean, (variance / count.max(1) as f64).sqrt())
    }
}

/// Lets a cohort see at most `most` patients each. Mastery is a mean true probability of `goal` of
/// asking what the library asks for, by weight.
pub fn race(
    mut cohort: Cohort,
    patients: &[Patient],
    fitted: &Fitted,
    (choice, most, goal): (Choice, usize, f64),
) -> Race {
    let all = distinct(patients);
    let mut race = Race { choice, until_mastery: Vec::new(), most, mastery: vec![0.0; most] };
    let count = cohort.0.len().max(1) as f64;
    for (at, learner) in cohort.0.iter_mut().enumerate() {
        let mut dice = Dice::new(at as u64, "patients of a race");
        let mut candidates = patients.to_vec();
        let mut standing = Standing::new(&[], (&fitted.parameters, &fitted.difficulties), moment(0));
        let mut arrived = None;
        for nth in 0..most {
            standing.at(moment(nth));
            let next = chosen(choice, &mut standing, &candidates, (nth, &mut dice));
            for placed in learner.consult(&candidates[next], nth) {
                standing.observe(&placed);
            }
            candidates[next].finished += 1;
            let mastery = true_mastery(learner, &all, day_of(moment(nth + 1)));
            race.mastery[nth] += mastery / count;
            if mastery >= goal && arrived.is_none() {
                arrived = Some(nth + 1);
            }
        }
        race.until_mastery.push(arrived);
    }
    race
}

fn chosen(
    choice: Choice,
    standing: &mut Standing<'_>,
    candidates: &[Patient],
    (nth, dice): (usize, &mut Dice),
) -> usize {
    match choice {
        Choice::Recommended => {
            let best = ranked(standing, candidates).first().map(|(_, best)| best.case_id.clone());
            candidates.iter().position(|one| Some(&one.case_id) == best.as_ref()).unwrap_or(0)
        }
        Choice::Fixed => nth % candidates.len(),
        Choice::Random => {
            let least = candidates.iter().map(|one| one.finished).min();
            let open: Vec<usize> = (0..candidates.len()).filter(|at| Some(candidates[*at].finished) == least).collect();
            open[dice.index(open.len())]
        }
    }
}

fn true_mastery(learner: &mut Simulated, all: &[Wanted], day: f64) -> f64 {
    let weight: f64 = all.iter().map(|one| one.weight).sum();
    all.iter().map(|one| one.weight * learner.truth(one, day)).sum::<f64>() / weight
}

#[cfg(test)]
mod tests {
    use super::{super::patients, *};
    use crate::learner::{Difficulties, Parameters};

    /// As shipped: nothing is fitted to the cohort that is looked at.
    fn shipped() -> Fitted {
        Fitted {
            parameters: Parameters::default(),
            difficulties: Difficulties::default(),
            log_loss: (0.0, 0.0),
            occasions: 0,
        }
    }

    #[test]
    fn who_follows_the_recommender_gets_there_before_dice_and_the_fixed_order() {
        let patients = patients(cases::library().unwrap());
        let races = [Choice::Recommended, Choice::Random, Choice::Fixed]
            .map(|choice| race(Cohort::new(7, 12), &patients, &shipped(), (choice, 24, GOAL)));
        let [recommended, random, fixed] = races.each_ref().map(Race::mean);
        assert!(recommended < random, "{recommended} recommended, {random} by dice");
        assert!(recommended < fixed, "{recommended} recommended, {fixed} in fixed order");
    }

    const GOAL: f64 = 0.6;

    #[test]
    fn the_same_seed_gives_the_same_race() {
        let patients = patients(cases::library().unwrap());
        let run = || race(Cohort::new(3, 2), &patients, &shipped(), (Choice::Recommended, 4, GOAL));
        assert_eq!(run(), run());
    }
}
