//! How items behave: how many ask them, whether those who do well ask them more, how often they go to an
//! examiner.

use std::collections::BTreeMap;

use super::{Cohort, Share, Verdict};

/// Fewer judged consultations than this say nothing about an item that all or nobody asks.
const FEWEST: u32 = 10;
/// Fewer judged consultations than this say nothing about discrimination.
const FEWEST_TO_DISCRIMINATE: u32 = 30;
/// Below this an item hardly tells those who do well from those who do not. 0.1 is what exam offices
/// commonly look at again; with n = 30 even 0.3 may be chance.
const LOW: f64 = 0.1;
/// A larger share than this sent to an examiner is much.
const MUCH: f64 = 0.2;

/// What is odd about an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// Nobody asks it.
    NobodyAsks,
    /// Everybody asks it.
    EverybodyAsks,
    /// It hardly tells those who do well from those who do not, or the wrong way round.
    DoesNotDiscriminate,
    /// It is often sent to an examiner.
    OftenWithExaminer,
}

/// How an item behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemStatistics {
    /// Case id.
    pub case: String,
    /// The item's id.
    pub item: String,
    /// Asked of judged.
    pub asked: Share,
    /// Sent to an examiner of all.
    pub with_examiner: Share,
    /// Point-biserial correlation of asking it with the share asked of the other judged items; none where
    /// either never varies.
    pub discrimination: Option<f64>,
    /// What is odd about it; empty where nothing is.
    pub oddities: Vec<Oddity>,
}

/// Sums for a correlation.
#[derive(Clone, Copy, Default)]
struct Sums {
    n: u32,
    asked: u32,
    with_examiner: u32,
    rest: f64,
    rest_squared: f64,
    rest_when_asked: f64,
}

/// Every item that came up, by case and id.
pub fn item_statistics(cohort: &Cohort) -> Vec<ItemStatistics> {
    let mut by_sheet: Vec<Vec<Sums>> =
        cohort.sheets.iter().map(|sheet| vec![Sums::default(); sheet.items.len()]).collect();
    for marked in &cohort.marked {
        let Some(sums) = by_sheet.get_mut(marked.sheet) else { continue };
        let letters = marked.outcomes.bytes().map(Verdict::of);
        let (mut judged, mut asked) = (0_u32, 0_u32);
        for verdict in letters.clone().flatten() {
            judged += u32::from(verdict != Verdict::WithExaminer);
            asked += u32::from(verdict == Verdict::Asked);
        }
        for (sums, verdict) in sums.iter_mut().zip(letters) {
            if let Some(verdict) = verdict {
                sums.take(verdict, (judged, asked));
            }
        }
    }
    // Versions of a case share their items.
    let mut by_item: BTreeMap<(&str, &str), Sums> = BTreeMap::new();
    for (sheet, sums) in cohort.sheets.iter().zip(&by_sheet) {
        for (item, sums) in sheet.items.iter().zip(sums) {
            by_item.entry((&sheet.case, &item.id)).or_default().add(sums);
        }
    }
    let came_up = by_item.into_iter().filter(|(_, sums)| sums.n + sums.with_examiner > 0);
    came_up.map(|((case, item), sums)| sums.statistics(case, item)).collect()
}

impl Sums {
    fn take(&mut self, verdict: Verdict, (judged, asked): (u32, u32)) {
        if verdict == Verdict::WithExaminer {
            self.with_examiner += 1;
            return;
        }
        let this = u32::from(verdict == Verdict::Asked);
        self.n += 1;
        self.asked += this;
        let rest = Share { count: asked - this, of: judged - 1 }.value();
        self.rest += rest;
        self.rest_squared += rest * rest;
        self.rest_when_asked += f64::from(this) * rest;
    }

    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.asked += other.asked;
        self.with_examiner += other.with_examiner;
        self.rest += other.rest;
        self.rest_squared += other.rest_squared;
        self.rest_when_asked += other.rest_when_asked;
    }

    fn discrimination(&self) -> Option<f64> {
        let (n, asked) = (f64::from(self.n), f64::from(self.asked));
        let covariance = n * self.rest_when_asked - asked * self.rest;
        let spread = (n * asked - asked * asked) * (n * self.rest_squared - self.rest * self.rest);
        (spread > 1e-9).then(|| (covariance / spread.sqrt()).clamp(-1.0, 1.0))
    }

    fn statistics(&self, case: &str, item: &str) -> ItemStatistics {
        let asked = Share { count: self.asked, of: self.n };
        let with_examiner = Share { count: self.with_examiner, of: self.n + self.with_examiner };
        let discrimination = self.discrimination();
        let low = discrimination.is_some_and(|value| value < LOW);
        let odd = [
            (Oddity::NobodyAsks, asked.of >= FEWEST && asked.count == 0),
            (Oddity::EverybodyAsks, asked.of >= FEWEST && asked.count == asked.of),
            (Oddity::DoesNotDiscriminate, asked.of >= FEWEST_TO_DISCRIMINATE && low),
            (Oddity::OftenWithExaminer, with_examiner.of >= FEWEST && with_examiner.value() > MUCH),
        ];
        ItemStatistics {
            case: case.to_owned(),
            item: item.to_owned(),
            asked,
            with_examiner,
            discrimination,
            oddities: odd.into_iter().filter(|(_, is)| *is).map(|(oddity, _)| oddity).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::sheet::tests::cohort;

    const DAY: &str = "2026-03-02T12:00:00Z";

    #[test]
    fn discrimination_is_the_correlation_with_the_rest() {
        // First item: 1, 1, 0, 0; the rest: 1, 1/2, 1/2, 0. r = 0.7071.
        let class = cohort(&[(0, DAY, "+++"), (1, DAY, "++-"), (0, DAY, "-+-"), (1, DAY, "---")]);

        let found = item_statistics(&class);

        let smoking = found.iter().find(|one| one.item == "history:smoking").unwrap();
        assert!((smoking.discrimination.unwrap() - 0.5_f64.sqrt()).abs() < 1e-9, "{smoking:?}");
        assert_eq!(smoking.asked, Share { count: 2, of: 4 });
        assert_eq!(smoking.oddities, [], "four consultations are too few to call anything odd");
    }

    #[test]
    fn what_everybody_or_nobody_asks_and_what_goes_to_examiners_is_odd() {
        let rows: Vec<(usize, &str, &str)> = (0..12).map(|n| (n % 2, DAY, if n < 4 { "+-?" } else { "+--" })).collect();

        let found = item_statistics(&cohort(&rows));

        let of = |id: &str| found.iter().find(|one| one.item == id).unwrap().oddities.clone();
        assert_eq!(of("history:smoking"), [Oddity::EverybodyAsks]);
        assert_eq!(of("history:alcohol"), [Oddity::NobodyAsks]);
        assert_eq!(of("history:drug-allergy"), [Oddity::OftenWithExaminer]);
    }

    #[test]
    fn an_item_that_the_weak_ask_more_does_not_discriminate() {
        let rows: Vec<(usize, &str, &str)> =
            (0..40).map(|n| (n % 2, DAY, if n < 20 { "-++" } else { "+--" })).collect();

        let found = item_statistics(&cohort(&rows));

        let smoking = found.iter().find(|one| one.item == "history:smoking").unwrap();
        assert!(smoking.discrimination.unwrap() < -0.9);
        assert_eq!(smoking.oddities, [Oddity::DoesNotDiscriminate]);
    }
}
