//! Report × scheme → points.

use std::collections::BTreeMap;

use knowledge_graph::{Section, TopicId};

use super::{
    CriticalResult, CriticalRule, DomainResult, Part, PartResult, PassMark, PenaltyResult, Points, Scheme,
    SchemeResult, SubItem, Weights,
    sub_items::{Criterion, earned, groups, shared},
};
use crate::assessment::{
    Evidence, ItemReport, Report, Rubric, RubricItem,
    conduct::{HarmfulAct, Judgement},
};

/// What else counts beside report and rubric.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extras<'a> {
    /// Weights from the graph by item; see [`super::graph_weights`].
    pub graph_weights: Option<&'a BTreeMap<String, f64>>,
    /// Judgements of the note written after the consultation.
    pub note: &'a [Judgement],
}

/// A part with what it takes.
struct Filled<'s> {
    part: &'s Part,
    takes: Vec<Taken>,
    points: Points,
}

/// Something a part takes.
struct Taken {
    id: String,
    is_item: bool,
    criterion: Criterion,
    needs_review: bool,
    evidence: Vec<Evidence>,
}

/// The points of `report`, which was made with `rubric`, under `scheme` with the hash `sha256`.
pub fn mark(scheme: (&Scheme, &str), rubric: &Rubric, report: &Report, extras: Extras<'_>) -> SchemeResult {
    let (scheme, sha256) = scheme;
    let mut filled: Vec<Filled<'_>> =
        scheme.parts.iter().map(|part| Filled { part, takes: Vec::new(), points: part.points }).collect();
    let weights = if extras.graph_weights.is_none() && scheme.weights == Weights::Graph {
        Weights::Rubric
    } else {
        scheme.weights
    };
    let unmapped = take_items(scheme, (rubric, report), &weigh(weights, extras), &mut filled);
    let not_judged = take_judgements((report, extras.note), &mut filled);
    pass_on(scheme, &mut filled);
    let parts: Vec<PartResult> = filled.iter().map(|one| part_result(scheme, one)).collect();
    let domains = domains(scheme, &parts);
    let sum: Points = parts.iter().map(|part| part.earned).sum();
    let possible: Points = parts.iter().map(|part| part.possible).sum();
    let penalties = penalties(scheme, &report.conduct.harms);
    let after = sum.less(penalties.iter().map(|penalty| penalty.points).sum());
    let (critical, earned) = critical(scheme, (rubric, report), after, possible);
    let passed = passed(scheme, &critical, earned, possible);
    let for_examiner =
        parts.iter().flat_map(|part| &part.sub_items).filter(|sub| sub.needs_review).map(|sub| sub.possible).sum();
    SchemeResult {
        id: scheme.id.clone(),
        version: scheme.version,
        sha256: sha256.to_owned(),
        title: scheme.title.clone(),
        form: scheme.form,
        earned,
        possible,
        percent: earned.percent(possible),
        pass: scheme.pass,
        passed,
        needs_person: passed == Some(false) || for_examiner > Points::ZERO || !critical.unsure.is_empty(),
        for_examiner,
        domains,
        parts,
        penalties,
        critical,
        weights,
        unmapped,
        not_judged,
    }
}

/// How much an item counts, in thousandths.
fn weigh(weights: Weights, extras: Extras<'_>) -> impl Fn(&RubricItem) -> u64 {
    move |item| {
        let weight = match weights {
            Weights::Equal => 1.0,
            Weights::Rubric => item.weight.unwrap_or(1.0),
            Weights::Graph => {
                extras.graph_weights.and_then(|all| all.get(&item.id)).copied().or(item.weight).unwrap_or(1.0)
            }
        };
        // A rubric may say any positive number; a thousandth is the least that counts.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1 … 1,000,000,000")]
        let thousandths = (weight * 1000.0).round().clamp(1.0, 1e9) as u64;
        thousandths
    }
}

/// Gives each item to the first part that takes it, and the ids of those that none takes.
fn take_items(
    scheme: &Scheme,
    (rubric, report): (&Rubric, &Report),
    weigh: &impl Fn(&RubricItem) -> u64,
    filled: &mut [Filled<'_>],
) -> Vec<String> {
    let mut unmapped = Vec::new();
    for item in &rubric.items {
        let Some(graded) = report.items.iter().find(|graded| graded.id == item.id) else { continue };
        let section = section_of(item);
        let ignored = section.is_some_and(|section| scheme.ignore.contains(&section));
        let part = filled.iter_mut().find(|one| takes(one.part, item, section)).filter(|_| !ignored);
        match part {
            Some(one) => one.takes.push(taken(item, graded, weigh(item))),
            None => unmapped.push(item.id.clone()),
        }
    }
    unmapped
}

fn taken(item: &RubricItem, graded: &ItemReport, weight: u64) -> Taken {
    Taken {
        id: item.id.clone(),
        is_item: true,
        criterion: Criterion { weight, halves: if graded.asked { 2 } else { 0 } },
        needs_review: graded.needs_review,
        evidence: graded.evidence.clone(),
    }
}

/// The section an item's domain names.
fn section_of(item: &RubricItem) -> Option<Section> {
    item.domain.trim().to_lowercase().replace(' ', "-").parse().ok()
}

fn takes(part: &Part, item: &RubricItem, section: Option<Section>) -> bool {
    if !part.conduct.is_empty() {
        return false;
    }
    if part.rest {
        return true;
    }
    let named = part.named.iter().any(|name| name.to_lowercase() == item.domain.trim().to_lowercase());
    let of_place = (part.sections.is_empty() && part.named.is_empty())
        || named
        || section.is_some_and(|section| part.sections.contains(&section));
    let of_facet = || item.topics.iter().any(|topic| topic.facet().is_some_and(|facet| part.facets.contains(&facet)));
    let of_topic = || item.topics.iter().any(|topic| part.topics.iter().any(|wanted| is_meant(wanted, topic)));
    of_place
        && (part.facets.is_empty() || of_facet())
        && (part.topics.is_empty() || of_topic())
        && (!part.critical || item.critical)
}

/// Whether `wanted`, a node or a kind (`course:*`), means `topic`.
fn is_meant(wanted: &str, topic: &TopicId) -> bool {
    match wanted.strip_suffix(":*") {
        Some(kind) => topic.to_string().split(':').next() == Some(kind),
        None => topic.node().to_string() == wanted || topic.to_string() == wanted,
    }
}

/// Gives each part its judgements, and the ids of those that were not judged.
fn take_judgements((report, note): (&Report, &[Judgement]), filled: &mut [Filled<'_>]) -> Vec<String> {
    let mut not_judged = Vec::new();
    for one in filled.iter_mut().filter(|one| !one.part.conduct.is_empty()) {
        for id in &one.part.conduct {
            let judged = report.conduct.judgements.iter().chain(note).find(|judgement| judgement.id == *id);
            match judged.and_then(|judgement| Some((judgement, judgement.level?))) {
                Some((judgement, level)) => one.takes.push(Taken {
                    id: id.clone(),
                    is_item: false,
                    criterion: Criterion {
                        weight: 1000,
                        halves: 2 * u64::from(level) / u64::from(judgement.most.max(1)),
                    },
                    needs_review: false,
                    evidence: judgement.evidence.clone(),
                }),
                None => not_judged.push(id.clone()),
            }
        }
    }
    not_judged
}

/// Points of parts that a case has nothing for go to the others of their group, else of their
/// domain, in proportion; when the domain has nothing at all they are not judged.
fn pass_on(scheme: &Scheme, filled: &mut [Filled<'_>]) {
    for at in 0..filled.len() {
        if !filled[at].takes.is_empty() {
            continue;
        }
        let points = std::mem::take(&mut filled[at].points);
        let same = |other: &Filled<'_>, group: bool| {
            !other.takes.is_empty()
                && other.part.domain == filled[at].part.domain
                && (!group || (other.part.group.is_some() && other.part.group == filled[at].part.group))
        };
        let heirs =
            |group: bool| -> Vec<usize> { (0..filled.len()).filter(|other| same(&filled[*other], group)).collect() };
        let heirs = Some(heirs(true)).filter(|found| !found.is_empty()).unwrap_or_else(|| heirs(false));
        let weights: Vec<u64> = heirs.iter().map(|heir| u64::from(filled[*heir].part.points.in_hundredths())).collect();
        let shares = shared(points.steps(scheme.step), &weights);
        for (heir, share) in heirs.into_iter().zip(shares) {
            filled[heir].points = [filled[heir].points, scheme.step.times(share)].into_iter().sum();
        }
    }
}

fn part_result(scheme: &Scheme, one: &Filled<'_>) -> PartResult {
    let criteria: Vec<Criterion> = one.takes.iter().map(|taken| taken.criterion.clone()).collect();
    let shares = if criteria.is_empty() { Vec::new() } else { groups(one.points.steps(scheme.step), &criteria) };
    let sub_items: Vec<SubItem> = shares
        .into_iter()
        .map(|(range, steps)| {
            let taken = &one.takes[range.clone()];
            let ids = |items: bool| taken.iter().filter(|t| t.is_item == items).map(|t| t.id.clone()).collect();
            SubItem {
                items: ids(true),
                conduct: ids(false),
                earned: scheme.step.times(earned(steps, &criteria[range], scheme.rounding)),
                possible: scheme.step.times(steps),
                needs_review: taken.iter().any(|taken| taken.needs_review),
                evidence: taken.iter().flat_map(|taken| taken.evidence.clone()).collect(),
            }
        })
        .collect();
    PartResult {
        id: one.part.id.clone(),
        domain: one.part.domain.clone(),
        title: one.part.title.clone(),
        earned: sub_items.iter().map(|sub| sub.earned).sum(),
        possible: sub_items.iter().map(|sub| sub.possible).sum(),
        sub_items,
    }
}

fn domains(scheme: &Scheme, parts: &[PartResult]) -> Vec<DomainResult> {
    let of = |id: &str| parts.iter().filter(|part| part.domain == id).collect::<Vec<_>>();
    let domain = |domain: &super::Domain| DomainResult {
        id: domain.id.clone(),
        title: domain.title.clone(),
        earned: of(&domain.id).iter().map(|part| part.earned).sum(),
        possible: of(&domain.id).iter().map(|part| part.possible).sum(),
    };
    scheme.domains.iter().map(domain).collect()
}

fn penalties(scheme: &Scheme, harms: &[HarmfulAct]) -> Vec<PenaltyResult> {
    let penalty = |penalty: &super::Penalty| {
        let evidence: Vec<Evidence> =
            harms.iter().filter(|act| act.kind == penalty.harm).map(|act| act.evidence.clone()).collect();
        let all = penalty.points.times(evidence.len() as u64);
        let points = all.min(penalty.most.unwrap_or(penalty.points));
        (!evidence.is_empty()).then(|| PenaltyResult { harm: penalty.harm.clone(), points, evidence })
    };
    scheme.penalties.iter().filter_map(penalty).collect()
}

/// The critical items, and the points after their consequence.
fn critical(
    scheme: &Scheme,
    (rubric, report): (&Rubric, &Report),
    points: Points,
    possible: Points,
) -> (CriticalResult, Points) {
    let listed = |item: &RubricItem| {
        item.topics.iter().any(|topic| scheme.critical.topics.iter().any(|wanted| is_meant(wanted, topic)))
    };
    let (mut missed, mut unsure) = (Vec::new(), Vec::new());
    for item in rubric.items.iter().filter(|item| item.critical || listed(item)) {
        match report.items.iter().find(|graded| graded.id == item.id) {
            Some(graded) if graded.needs_review => unsure.push(item.id.clone()),
            Some(graded) if !graded.asked => missed.push(item.id.clone()),
            _ => {}
        }
    }
    let rule = scheme.critical.rule;
    let most = match (rule, scheme.critical.at_most_percent) {
        (CriticalRule::Cap, Some(percent)) if !missed.is_empty() => {
            scheme.step.times(possible.steps(scheme.step) * u64::from(percent.min(100)) / 100)
        }
        _ => points,
    };
    let left = points.min(most);
    (CriticalResult { rule, missed, unsure, taken: points.less(left) }, left)
}

fn passed(scheme: &Scheme, critical: &CriticalResult, earned: Points, possible: Points) -> Option<bool> {
    if critical.rule == CriticalRule::Fail && !critical.missed.is_empty() {
        return Some(false);
    }
    match scheme.pass? {
        PassMark::Points(least) => Some(earned >= least),
        PassMark::Percent(least) => {
            Some(100.0 * f64::from(earned.in_hundredths()) >= least * f64::from(possible.in_hundredths()))
        }
    }
}
