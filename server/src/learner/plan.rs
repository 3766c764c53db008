//! A plan towards an exam: what to do in each week that is left.

use jiff::{ToSpan as _, civil::Date};
use knowledge_graph::Section;
use serde::Serialize;

/// Most weeks planned ahead.
const MOST_WEEKS: usize = 26;
/// Areas a week is given to.
const AREAS_A_WEEK: usize = 2;
/// An area comes back after this many weeks at the earliest, so that it is remembered.
const BACK_AFTER: usize = 2;
/// Days before the exam that are for rehearsing.
const REHEARSAL_DAYS: i32 = 7;

/// A place on the map of weak areas and how much is to be gained there.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Body system.
    pub system: String,
    /// Section of the history.
    pub section: Section,
    /// Questions expected to be missed in one patient's worth of it; the plan follows this.
    pub lacking: f64,
}

/// What a week is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Learning: weak areas first.
    Learn,
    /// The last days: patients of every kind, under exam conditions.
    Rehearse,
}

/// One week of the plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Week {
    /// First day.
    pub start: Date,
    /// Last day; the day before the exam at the latest.
    pub end: Date,
    /// What it is for.
    pub purpose: Purpose,
    /// Patients to see.
    pub consultations: u32,
    /// Reviews that fall due in it.
    pub reviews: u32,
    /// Weak areas to choose patients from, as (system, section); none when rehearsing.
    pub areas: Vec<(String, Section)>,
}

/// Weeks from `today` to the day before `exam`, at `per_week` patients a full week. The last
/// `REHEARSAL_DAYS` are a week of their own. Nothing when the exam is today or over.
pub fn plan(today: Date, exam: Date, per_week: u32, needs: &[Need], due: &[Date]) -> Vec<Week> {
    let mut lacking: Vec<(f64, usize)> = needs.iter().map(|need| need.lacking).zip(0..).collect();
    let mut last_used = vec![None; needs.len()];
    let mut weeks = Vec::new();
    for (start, end, purpose) in spans(today, exam).into_iter().take(MOST_WEEKS) {
        let now = weeks.len();
        lacking.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let rested = |area: usize| last_used[area].is_none_or(|used| now >= used + BACK_AFTER);
        let chosen: Vec<usize> = match purpose {
            Purpose::Rehearse => Vec::new(),
            Purpose::Learn => {
                lacking.iter().map(|(_, area)| *area).filter(|area| rested(*area)).take(AREAS_A_WEEK).collect()
            }
        };
        for area in &chosen {
            last_used[*area] = Some(now);
            // Half of what is lacking is expected to be mended by a week's work, so others get their turn.
            lacking.iter_mut().filter(|(_, of)| of == area).for_each(|(lacking, _)| *lacking /= 2.0);
        }
        weeks.push(Week {
            start,
            end,
            purpose,
            consultations: share_of_week(per_week, start, end),
            reviews: falling(due, (weeks.is_empty(), start, end)),
            areas: chosen.iter().map(|area| (needs[*area].system.clone(), needs[*area].section)).collect(),
        });
    }
    weeks
}

/// The weeks, counted back from the exam so that the rehearsal is whole; the first may be short.
fn spans(today: Date, exam: Date) -> Vec<(Date, Date, Purpose)> {
    let mut spans = Vec::new();
    let Ok(mut end) = exam.checked_sub(1.day()) else { return spans };
    while end >= today {
        let purpose = if spans.is_empty() { Purpose::Rehearse } else { Purpose::Learn };
        let start = end.checked_sub((REHEARSAL_DAYS - 1).days()).unwrap_or(today).max(today);
        spans.push((start, end, purpose));
        let Ok(before) = start.checked_sub(1.day()) else { break };
        end = before;
    }
    spans.reverse();
    spans
}

/// A short week has its share, rounded up: one free day is enough for one patient.
fn share_of_week(per_week: u32, start: Date, end: Date) -> u32 {
    let days = u32::try_from((end - start).get_days() + 1).unwrap_or(7);
    (per_week * days).div_ceil(7)
}

/// Reviews due in the span; what is overdue falls into the first.
fn falling(due: &[Date], (first, start, end): (bool, Date, Date)) -> u32 {
    let falls = due.iter().filter(|day| **day <= end && (first || **day >= start)).count();
    u32::try_from(falls).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn need(system: &str, lacking: f64) -> Need {
        Need { system: system.into(), section: Section::SocialHistory, lacking }
    }

    #[test]
    fn the_weakest_area_comes_first_comes_back_and_the_last_week_rehearses() {
        let needs = [need("skin", 1.0), need("respiratory", 9.0), need("neurological", 2.0)];

        let weeks = plan(date(2026, 11, 1), date(2026, 12, 6), 3, &needs, &[date(2026, 10, 1), date(2026, 11, 9)]);

        assert_eq!(weeks.len(), 5);
        assert_eq!(weeks[0].areas[0].0, "respiratory");
        assert_eq!(weeks[2].areas[0].0, "respiratory");
        assert_eq!((weeks[0].reviews, weeks[1].reviews), (1, 1));
        assert_eq!((weeks[4].purpose, weeks[4].end, weeks[4].consultations), (Purpose::Rehearse, date(2026, 12, 5), 3));
    }

    #[test]
    fn a_day_before_the_exam_there_is_one_day_and_on_the_day_nothing() {
        let tomorrow = plan(date(2026, 11, 1), date(2026, 11, 2), 7, &[], &[]);
        assert_eq!((tomorrow.len(), tomorrow[0].consultations), (1, 1));
        assert!(plan(date(2026, 11, 1), date(2026, 11, 1), 7, &[], &[]).is_empty());
        assert!(plan(date(2026, 11, 1), date(2026, 10, 1), 7, &[], &[]).is_empty());
    }

    proptest! {
        #[test]
        fn every_day_that_is_left_belongs_to_one_week(days in 1..180_i32, per_week in 1..15_u32) {
            let today = date(2026, 3, 3);
            let weeks = plan(today, today + days.days(), per_week, &[need("skin", 1.0)], &[]);
            prop_assert_eq!(weeks[0].start, today);
            for pair in weeks.windows(2) {
                prop_assert_eq!(pair[0].end + 1.day(), pair[1].start);
            }
            prop_assert_eq!(weeks[weeks.len() - 1].end + 1.day(), today + days.days());
            for week in &weeks {
                prop_assert!(week.consultations >= 1 && week.consultations <= per_week);
            }
        }
    }
}
