//! Both marks of every pair, and what each group makes of them.

use std::{collections::BTreeMap, ops::Range};

use knowledge_graph::Language;
use serde::Serialize;

use super::{Group, consultations::Station, varied};
use crate::assessment::{
    ItemReport, Report,
    agreement::{cohen_kappa, gwet_ac1},
};

/// What ways of speaking do to marks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fairness {
    /// Seed of the variations.
    pub seed: u64,
    /// Transcripts as they stand.
    pub transcripts: usize,
    /// One entry a group and language.
    pub groups: Vec<GroupOutcome>,
}

/// What one group's way of speaking does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupOutcome {
    /// Whose way.
    pub group: Group,
    /// In which language; of [`Group::OtherLanguage`] the one that is told otherwise.
    pub language: Language,
    /// Pairs that differ in their words.
    pub pairs: usize,
    /// Items of these pairs.
    pub items: usize,
    /// Items whose mark moved.
    pub moved: usize,
    /// Those of them that no examiner would see: sure on both sides.
    pub moved_unseen: usize,
    /// Mean over pairs of the difference of marks, varied less original, in points of 100.
    pub mean: f64,
    /// 95 % interval of that mean (normal approximation over pairs).
    pub interval: [f64; 2],
    /// Largest difference of one pair, either way, in points of 100.
    pub most: f64,
    /// Cohen's κ of the varied marks with the original ones.
    pub kappa: Option<f64>,
    /// Gwet's AC1 of the same.
    pub ac1: Option<f64>,
    /// Where marks moved.
    pub places: Vec<Moved>,
}

/// An item whose mark moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The transcript.
    pub transcript: String,
    /// The item's id.
    pub item: String,
    /// What it asks for.
    pub text: String,
    /// Whether it was asked as the transcript stands.
    pub was: bool,
    /// Whether it was asked as said otherwise.
    pub is: bool,
    /// Whether an examiner would look at either.
    pub seen: bool,
}

/// Two reports that should be the same, and the texts of the items.
struct Pair {
    original: Report,
    varied: Report,
    texts: Vec<String>,
}

/// Marks every station as it stands and as each group would say it, with `grade` for many at once: it
/// gives the reports in the order of what it is handed. `translated` says which stations are the same
/// told in two languages.
pub fn fairness(
    stations: &[Station],
    translated: &[(usize, usize)],
    seed: u64,
    grade: &dyn Fn(&[Station]) -> Vec<Report>,
) -> Fairness {
    let (jobs, places) = jobs(stations, seed);
    let all: Vec<Station> = stations.iter().cloned().chain(jobs).collect();
    let reports = grade(&all);
    let mut groups: BTreeMap<(Group, &str), (Language, Vec<Pair>)> = BTreeMap::new();
    let mut add = |group: Group, original: usize, varied: usize| {
        let (transcript, rubric) = &stations[original];
        let language = if group == Group::OtherLanguage { all[varied].0.language } else { transcript.language };
        let texts = rubric.items.iter().map(|item| item.text.clone()).collect();
        let (Some(first), Some(second)) = (reports.get(original), reports.get(varied)) else { return };
        let pair = Pair { original: first.clone(), varied: second.clone(), texts };
        groups.entry((group, language.tag())).or_insert_with(|| (language, Vec::new())).1.push(pair);
    };
    for (group, range, originals) in places {
        range.zip(originals).for_each(|(varied, original)| add(group, original, varied));
    }
    for (original, varied) in translated {
        add(Group::OtherLanguage, *original, *varied);
    }
    let groups = groups.into_iter().map(|((group, _), (language, pairs))| outcome(group, language, &pairs)).collect();
    Fairness { seed, transcripts: stations.len(), groups }
}

/// Where one group's variations lie, and of which stations they are.
type Places = Vec<(Group, Range<usize>, Vec<usize>)>;

fn jobs(stations: &[Station], seed: u64) -> (Vec<Station>, Places) {
    let (mut jobs, mut places) = (Vec::new(), Vec::new());
    for group in Group::ALL {
        let start = stations.len() + jobs.len();
        let mut originals = Vec::new();
        for (at, (transcript, rubric)) in stations.iter().enumerate() {
            if let Some(varied) = varied(transcript, group, seed) {
                originals.push(at);
                jobs.push((varied, rubric.clone()));
            }
        }
        places.push((group, start..stations.len() + jobs.len(), originals));
    }
    (jobs, places)
}

fn outcome(group: Group, language: Language, pairs: &[Pair]) -> GroupOutcome {
    let differences: Vec<f64> =
        pairs.iter().map(|pair| pair.varied.score.percent - pair.original.score.percent).collect();
    let (mean, interval) = mean_with_interval(&differences);
    let marks: Vec<(f64, f64)> = pairs.iter().flat_map(both_marks).collect();
    let places: Vec<Moved> = pairs.iter().flat_map(moved).collect();
    GroupOutcome {
        group,
        language,
        pairs: pairs.len(),
        items: marks.len(),
        moved: places.len(),
        moved_unseen: places.iter().filter(|place| !place.seen).count(),
        mean,
        interval,
        most: differences.iter().fold(0.0, |most: f64, one| most.max(one.abs())),
        kappa: cohen_kappa(&marks),
        ac1: gwet_ac1(&marks),
        places,
    }
}

fn items(pair: &Pair) -> impl Iterator<Item = (&ItemReport, &ItemReport, &String)> {
    pair.original.items.iter().zip(&pair.varied.items).zip(&pair.texts).map(|((a, b), text)| (a, b, text))
}

fn both_marks(pair: &Pair) -> Vec<(f64, f64)> {
    let mark = |item: &ItemReport| f64::from(u8::from(item.asked));
    items(pair).map(|(original, varied, _)| (mark(original), mark(varied))).collect()
}

fn moved(pair: &Pair) -> Vec<Moved> {
    let differing = items(pair).filter(|(original, varied, _)| original.asked != varied.asked);
    let place = |(original, varied, text): (&ItemReport, &ItemReport, &String)| Moved {
        transcript: pair.original.transcript.clone(),
        item: original.id.clone(),
        text: text.clone(),
        was: original.asked,
        is: varied.asked,
        seen: original.needs_review || varied.needs_review,
    };
    differing.map(place).collect()
}

/// The mean and its 95 % interval; both are 0 without values.
fn mean_with_interval(values: &[f64]) -> (f64, [f64; 2]) {
    const Z: f64 = 1.959_964;
    if values.is_empty() {
        return (0.0, [0.0, 0.0]);
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let half = Z * (variance / count).sqrt();
    (mean, [mean - half, mean + half])
}
