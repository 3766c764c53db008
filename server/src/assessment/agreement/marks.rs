//! Marks of several raters, laid side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Calibration, Icc, Interval, Level, Table, calibration, cohen_kappa, cohen_kappa_interval, gwet_ac1, icc,
    krippendorff_alpha, observed_agreement, pairs,
};

/// What one rater says of one transcript. A machine's report has this form too.
#[derive(Clone, Debug, Deserialize)]
pub struct Marks {
    /// Who judged; the file's name when absent.
    #[serde(default)]
    pub rater: Option<String>,
    /// The transcript's id.
    pub transcript: String,
    /// One entry per judged item.
    pub items: Vec<Mark>,
}

/// One judgement.
#[derive(Clone, Debug, Deserialize)]
pub struct Mark {
    /// The rubric item's id.
    pub id: String,
    /// Whether the student asked it.
    pub asked: bool,
    /// The machine's confidence, 0–1.
    #[serde(default)]
    pub confidence: Option<f64>,
    /// Whether the machine left it to an examiner.
    #[serde(default)]
    pub needs_review: bool,
}

/// Agreement of two raters on items.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairAgreement {
    /// Who.
    pub raters: [String; 2],
    /// Items both judged.
    pub items: usize,
    /// Share judged alike.
    pub observed: Option<f64>,
    /// Cohen's κ.
    pub kappa: Option<f64>,
    /// Its 95 % interval: low, high.
    pub kappa_interval: Option<[f64; 2]>,
    /// Gwet's AC1.
    pub ac1: Option<f64>,
}

/// How one rubric item fares.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ItemAgreement {
    /// The item's id.
    pub item: String,
    /// Transcripts at least two raters judged.
    pub transcripts: usize,
    /// Share of pairs of raters that judge alike.
    pub observed: f64,
}

/// Everything said of a set of raters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// The raters, the machine first.
    pub raters: Vec<String>,
    /// Every pair of raters.
    pub pairs: Vec<PairAgreement>,
    /// The machine with every human, on the items it did not leave to an examiner.
    pub without_review: Vec<PairAgreement>,
    /// Share of the machine's items it did not leave to an examiner.
    pub coverage: f64,
    /// Krippendorff's α of all raters over all items, nominal.
    pub alpha: Option<f64>,
    /// Intraclass correlation of the share of items asked, by transcript: absolute agreement.
    pub icc_agreement: Option<f64>,
    /// The same, consistency.
    pub icc_consistency: Option<f64>,
    /// Whether the machine is right as often as it says, measured by the first human.
    pub calibration: Calibration,
    /// Items judged least alike first.
    pub items: Vec<ItemAgreement>,
}

/// Compares the marks of a machine and of humans, each with a name.
pub fn compare(machine: &[Marks], humans: &BTreeMap<String, Vec<Marks>>) -> Agreement {
    let sheets: Vec<Sheet> =
        std::iter::once(machine).chain(humans.values().map(Vec::as_slice)).map(Sheet::of).collect();
    let raters: Vec<String> = std::iter::once("machine".to_owned()).chain(humans.keys().cloned()).collect();
    let keys: Vec<Key> =
        sheets.iter().flat_map(|sheet| sheet.0.keys().copied()).collect::<BTreeSet<_>>().into_iter().collect();
    let table = |wanted: &dyn Fn(&Key) -> bool| -> Table {
        keys.iter().filter(|key| wanted(key)).map(|key| sheets.iter().map(|sheet| sheet.value(key)).collect()).collect()
    };
    let all = table(&|_| true);
    let sure = table(&|key| sheets[0].0.get(key).is_some_and(|mark| !mark.needs_review));
    let of_pair = |table: &Table, first: usize, second: usize| pair_agreement(&raters, table, first, second);
    let every_pair = (0..raters.len()).flat_map(|first| (first + 1..raters.len()).map(move |second| (first, second)));
    let scores: Option<Icc> = icc(&scores(&keys, &all));
    Agreement {
        pairs: every_pair.map(|(first, second)| of_pair(&all, first, second)).collect(),
        without_review: (1..raters.len()).map(|human| of_pair(&sure, 0, human)).collect(),
        coverage: sure.len() as f64 / sheets[0].0.len().max(1) as f64,
        alpha: krippendorff_alpha(&all, Level::Nominal),
        icc_agreement: scores.map(|icc| icc.agreement),
        icc_consistency: scores.map(|icc| icc.consistency),
        calibration: calibration(&verdicts(&sheets)),
        items: items(&keys, &all),
        raters,
    }
}

/// Transcript and item.
type Key<'m> = (&'m str, &'m str);

/// One rater's marks; of a transcript judged twice the last judgement counts.
struct Sheet<'m>(BTreeMap<Key<'m>, &'m Mark>);

impl<'m> Sheet<'m> {
    fn of(marks: &'m [Marks]) -> Self {
        let all = marks
            .iter()
            .flat_map(|one| one.items.iter().map(|mark| ((one.transcript.as_str(), mark.id.as_str()), mark)));
        Self(all.collect())
    }

    fn value(&self, key: &Key) -> Option<f64> {
        self.0.get(key).map(|mark| f64::from(u8::from(mark.asked)))
    }
}

fn pair_agreement(raters: &[String], table: &Table, first: usize, second: usize) -> PairAgreement {
    let both = pairs(table, first, second);
    PairAgreement {
        raters: [raters[first].clone(), raters[second].clone()],
        items: both.len(),
        observed: observed_agreement(&both),
        kappa: cohen_kappa(&both),
        kappa_interval: cohen_kappa_interval(&both).map(|Interval { low, high }| [low, high]),
        ac1: gwet_ac1(&both),
    }
}

/// Percent asked of each transcript (rows) by each rater, over the items all of them judged.
fn scores(keys: &[Key], table: &Table) -> Table {
    let complete = keys.iter().zip(table).filter(|(_, row)| row.iter().all(Option::is_some));
    let mut sums: BTreeMap<&str, (f64, Vec<f64>)> = BTreeMap::new();
    for ((transcript, _), row) in complete {
        let (count, sum) = sums.entry(transcript).or_insert_with(|| (0.0, vec![0.0; row.len()]));
        *count += 1.0;
        for (sum, value) in sum.iter_mut().zip(row.iter().flatten()) {
            *sum += value;
        }
    }
    sums.into_values().map(|(count, sum)| sum.into_iter().map(|sum| Some(100.0 * sum / count)).collect()).collect()
}

fn verdicts(sheets: &[Sheet]) -> Vec<(f64, bool)> {
    let Some((machine, human)) = sheets.first().zip(sheets.get(1)) else { return Vec::new() };
    let judged =
        machine.0.iter().filter_map(|(key, mark)| Some((mark.confidence?, mark.asked == human.0.get(key)?.asked)));
    judged.collect()
}

fn items(keys: &[Key], table: &Table) -> Vec<ItemAgreement> {
    let mut found: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for ((_, item), row) in keys.iter().zip(table) {
        let judged: Vec<f64> = row.iter().flatten().copied().collect();
        let all = judged.len() * judged.len().saturating_sub(1) / 2;
        let alike = (0..judged.len())
            .flat_map(|a| (a + 1..judged.len()).map(move |b| (a, b)))
            .filter(|(a, b)| judged[*a].total_cmp(&judged[*b]).is_eq())
            .count();
        let entry = found.entry(item).or_default();
        *entry = (entry.0 + usize::from(all > 0), entry.1 + alike, entry.2 + all);
    }
    let mut items: Vec<ItemAgreement> = found
        .into_iter()
        .filter(|(_, (_, _, all))| *all > 0)
        .map(|(item, (transcripts, alike, all))| ItemAgreement {
            item: item.to_owned(),
            transcripts,
            observed: alike as f64 / all as f64,
        })
        .collect();
    items.sort_by(|a, b| a.observed.total_cmp(&b.observed).then_with(|| a.item.cmp(&b.item)));
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(transcript: &str, asked: &[(&str, bool)]) -> Marks {
        let items = asked.iter().map(|(id, asked)| Mark {
            id: (*id).to_owned(),
            asked: *asked,
            confidence: Some(0.9),
            needs_review: *id == "c",
        });
        Marks { rater: None, transcript: transcript.to_owned(), items: items.collect() }
    }

    #[test]
    fn machine_and_humans_are_compared_item_by_item_and_transcript_by_transcript() {
        let machine =
            [marks("t1", &[("a", true), ("b", false), ("c", true)]), marks("t2", &[("a", true), ("b", true)])];
        let human =
            vec![marks("t1", &[("a", true), ("b", false), ("c", false)]), marks("t2", &[("a", true), ("b", true)])];

        let found = compare(&machine, &BTreeMap::from([("Dr Li".to_owned(), human)]));

        assert_eq!(found.raters, ["machine", "Dr Li"]);
        assert_eq!((found.pairs[0].items, found.pairs[0].observed), (5, Some(0.8)));
        assert_eq!((found.without_review[0].items, found.without_review[0].observed), (4, Some(1.0)));
        assert!((found.coverage - 0.8).abs() < 1e-9);
        assert_eq!(found.items[0].item, "c");
        assert!((found.calibration.bins[0].right - 0.8).abs() < 1e-9);
    }
}
