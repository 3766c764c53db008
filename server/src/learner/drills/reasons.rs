//! Why a diagnosis is the better one: what in the vignette speaks for it, and against each other.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual,
    format::{Disease, Evidence, Finding},
    query::{Contribution, Differential, Posterior, Presence},
};

use super::{
    item::both,
    stock::{Stock, topic},
    vignette::Vignette,
    wording::{self, list, percent, sentence, significant},
};

/// A ratio nearer to 1 is not named as a reason.
const SPEAKS: f64 = 1.5;
/// A ratio above this is only said to be above.
const STRONG: f64 = 100.0;
/// Reasons named for the key, and against each other option.
const NAMED: usize = 3;
const NAMED_AGAINST: usize = 2;

/// The contributions to a disease that one thing said makes, by itself or as a form of another finding.
fn of<'p>(stock: &Stock<'_>, posterior: &'p Posterior, said: &Finding) -> Vec<&'p Contribution> {
    let said = topic(said);
    let concerns = |one: &Contribution| stock.graph.is_a(&said, &one.topic) || stock.graph.is_a(&one.topic, &said);
    posterior.contributions.iter().filter(|one| concerns(one)).collect()
}

fn log10(contributions: &[&Contribution]) -> f64 {
    contributions.iter().map(|one| one.log10).sum()
}

fn estimated(contributions: &[&Contribution]) -> bool {
    contributions.iter().any(|one| one.evidence == Evidence::Unverified)
}

fn figure(ratio: f64, estimated: bool) -> String {
    if ratio > STRONG {
        return format!(">×{STRONG:.0}");
    }
    format!("×{}{}", if estimated { "≈" } else { "" }, significant(ratio, 2))
}

/// The finding as it was told: "cough", "no cough".
fn told(finding: &Finding, presence: Presence) -> Bilingual {
    let name = wording::finding(finding);
    match presence {
        Presence::Present => name,
        Presence::Absent => both(format!("no {}", name.en), format!("无{}", name.zh)),
    }
}

fn said<'v>(vignette: &'v Vignette<'_>) -> impl Iterator<Item = (&'v Finding, Presence)> {
    let present = vignette.present.iter().map(|one| (*one, Presence::Present));
    present.chain(vignette.absent.iter().map(|one| (*one, Presence::Absent)))
}

/// What in the vignette speaks for the disease, with the ratios the model used and whose they are:
/// "orthopnoea (×2.2; Wang CS et al., 2005) and raised jugular venous pressure (×≈5.1)".
fn speaks_for(stock: &Stock<'_>, vignette: &Vignette<'_>, posterior: &Posterior) -> Bilingual {
    let mut reasons: Vec<(f64, Bilingual)> = said(vignette)
        .filter_map(|(finding, presence)| {
            let counted = of(stock, posterior, finding);
            let ratio = 10_f64.powf(log10(&counted));
            let source = counted.iter().find(|one| one.topic == topic(finding)).and_then(|one| one.source.as_deref());
            let source = source.and_then(|id| stock.graph.source(id));
            let (by_en, by_zh) = source.map_or_else(Default::default, |source| {
                let cited = |language| source.short_citation(language);
                (
                    format!("; {}", cited(knowledge_graph::Language::En)),
                    format!("；{}", cited(knowledge_graph::Language::Zh)),
                )
            });
            let name = told(finding, presence);
            let figure = figure(ratio, estimated(&counted));
            let text = both(format!("{} ({figure}{by_en})", name.en), format!("{}（{figure}{by_zh}）", name.zh));
            (ratio >= SPEAKS).then_some((ratio, text))
        })
        .collect();
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named: Vec<Bilingual> = reasons.into_iter().take(NAMED).map(|(_, text)| text).collect();
    list(&named)
}

/// Why the disease leads: its probability, what speaks for it, and what one remembers of it.
pub(super) fn leads(
    stock: &Stock<'_>,
    disease: &Disease,
    vignette: &Vignette<'_>,
    view: &Differential,
) -> Option<Bilingual> {
    let own = view.of(&disease.id)?;
    let reasons = speaks_for(stock, vignette, own);
    if reasons.en.is_empty() {
        return None;
    }
    let (before, after) = (percent(own.prior), percent(own.probability));
    let text = both(
        format!(
            "{} goes from {before} for any patient of this age and sex to {after}. For it speak, with their \
             likelihood ratios: {}. {}",
            disease.name.en, reasons.en, disease.summary.en
        ),
        format!(
            "{}：同年龄、同性别就诊者中占{before}，结合本例所见升至{after}。支持点（似然比）：{}。{}",
            disease.name.zh, reasons.zh, disease.summary.zh
        ),
    );
    Some(text)
}

/// Why another disease is less likely: its probability, what in the vignette favours the key over it,
/// and what the key's entry says separates them.
pub(super) fn falls_behind(
    stock: &Stock<'_>,
    disease: &Disease,
    other: &Disease,
    vignette: &Vignette<'_>,
    view: &Differential,
    sources: &mut BTreeSet<String>,
) -> Option<Bilingual> {
    let (own, theirs) = (view.of(&disease.id)?, view.of(&other.id)?);
    let mut reasons: Vec<(f64, bool, Bilingual)> = said(vignette)
        .map(|(finding, presence)| {
            let (for_own, for_other) = (of(stock, own, finding), of(stock, theirs, finding));
            let ratio = 10_f64.powf(log10(&for_own) - log10(&for_other));
            (ratio, estimated(&for_own) || estimated(&for_other), told(finding, presence))
        })
        .filter(|(ratio, ..)| *ratio >= SPEAKS)
        .collect();
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut parts: Vec<Bilingual> = reasons
        .into_iter()
        .take(NAMED_AGAINST)
        .map(|(ratio, estimated, name)| {
            let figure = figure(ratio, estimated);
            both(format!("{} ({figure})", name.en), format!("{}（{figure}）", name.zh))
        })
        .collect();
    let rarer = own.prior / theirs.prior.max(f64::MIN_POSITIVE);
    if parts.is_empty() && rarer >= SPEAKS {
        let figure = significant(rarer, 2);
        parts.push(both(
            format!("being ≈{figure} times as common at this age and sex"),
            format!("该年龄、性别人群中更常见（≈{figure}倍）"),
        ));
    }
    if parts.is_empty() {
        return None;
    }
    let (reasons, share) = (list(&parts), percent(theirs.probability));
    let key = wording::disease(disease);
    let mut text = both(
        format!("{share}. In favour of {}: {}.", key.en, reasons.en),
        format!("{share}。更支持{}的是：{}。", key.zh, reasons.zh),
    );
    if let Some(edge) = stock.separates(disease, other) {
        text.en = format!("{} {}", text.en, sentence(&edge.separates.en));
        text.zh += &edge.separates.zh;
        sources.extend(edge.provenance.source.clone());
    }
    Some(text)
}
