//! Which finding speaks for one disease rather than the one or two it is confused with.

use std::collections::BTreeSet;

use knowledge_graph::{
    Bilingual, Graph,
    format::{Disease, Evidence, Finding, Mimics},
    lower_first,
    query::compare,
};

use super::{
    VIEWS,
    best::differentials,
    dice::Dice,
    item::{Choice, Draft, Key, both},
    kin::{alike, hints, related, topic},
};

/// The key's presence changes the odds against each rival by at least this, in both views.
const SEPARATES: f64 = 4.0;
/// A distractor's by at most this, against at least one rival.
const SHARED: f64 = 1.5;
/// Options.
const OPTIONS: usize = 4;

pub(super) fn draft(graph: &Graph, dice: &mut Dice) -> Option<Draft> {
    let diseases: Vec<&Disease> = graph.diseases().filter(|disease| disease.epidemiology.months.is_none()).collect();
    let disease = *dice.pick(&diseases)?;
    let mut rivals: Vec<&Disease> =
        differentials(graph, disease).into_iter().filter(|other| !related(disease, other)).collect();
    dice.shuffle(&mut rivals);
    rivals.truncate(1 + dice.index(2));
    let told: Vec<&Mimics> =
        rivals.iter().filter_map(|rival| disease.differential.iter().find(|edge| edge.disease == rival.id)).collect();
    let listed: BTreeSet<&str> = std::iter::once(&disease)
        .chain(&rivals)
        .flat_map(|one| &one.presents_with)
        .map(|edge| edge.finding.as_str())
        .collect();
    let mut findings: Vec<(&Finding, f64)> = listed
        .into_iter()
        .filter_map(|id| graph.finding(id))
        // What is named only to say that a disease does not bring it speaks for none of them.
        .filter(|finding| std::iter::once(&disease).chain(&rivals).any(|one| has(one, finding)))
        .filter(|finding| settled(graph, disease, &rivals, finding))
        .filter_map(|finding| Some((finding, separation(graph, disease, &rivals, finding)?)))
        .filter(|(finding, _)| !hints(&finding.name, disease) && rivals.iter().all(|one| !hints(&finding.name, one)))
        .collect();
    dice.shuffle(&mut findings);
    let named = |finding: &Finding| {
        !told.is_empty() && told.iter().all(|edge| edge.topics.iter().any(|asked| asked.node() == topic(finding)))
    };
    let (key, _) = *findings.iter().find(|(one, ratio)| *ratio >= SEPARATES && named(one) && has(disease, one))?;
    let mut options: Vec<(&Finding, f64)> = Vec::new();
    // What the disease has, too, is the better distractor; what only a rival has comes after.
    findings.sort_by_key(|(finding, _)| !has(disease, finding));
    for (finding, ratio) in findings.iter().filter(|(_, ratio)| *ratio <= SHARED) {
        let apart =
            std::iter::once(&key).chain(options.iter().map(|(one, _)| one)).all(|one| !alike(graph, one, finding));
        if apart && options.len() < OPTIONS - 1 && finding.kind == key.kind {
            options.push((finding, *ratio));
        }
    }
    if options.len() < OPTIONS - 1 {
        return None;
    }
    options.push((key, SEPARATES));
    dice.shuffle(&mut options);
    written(graph, disease, &rivals, &told, key, &options)
}

fn has(disease: &Disease, finding: &Finding) -> bool {
    disease.presents_with.iter().any(|edge| edge.finding == finding.id && !edge.excluded)
}

/// Whether all that is said of the finding, or of one like it, in any of the diseases is verified.
/// What a rival has by an unverified claim would otherwise count as if it had it not.
fn settled(graph: &Graph, disease: &Disease, rivals: &[&Disease], finding: &Finding) -> bool {
    std::iter::once(&disease).chain(rivals).all(|one| {
        one.presents_with.iter().all(|edge| {
            let like = edge.finding == finding.id
                || graph.finding(&edge.finding).is_some_and(|other| alike(graph, other, finding));
            let narrower_elsewhere = like && edge.finding != finding.id && one.id != disease.id;
            !like || (graph.evidence(&edge.provenance) != Evidence::Unverified && !narrower_elsewhere)
        })
    })
}

/// The smallest ratio, over rivals and views, with which the finding's presence favours `disease`;
/// where it is shared, the largest over views of the smallest.
fn separation(graph: &Graph, disease: &Disease, rivals: &[&Disease], finding: &Finding) -> Option<f64> {
    let mut least: Option<f64> = None;
    let mut most: Option<f64> = None;
    for view in &VIEWS {
        let mut of_view: Option<f64> = None;
        for rival in rivals {
            let comparison = compare(graph, &disease.id, &rival.id, None, view)?;
            let present =
                comparison.findings.iter().find(|one| one.finding == finding.id).map_or(1.0, |one| one.present);
            of_view = Some(of_view.map_or(present, |known| known.min(present)));
        }
        least = Some(least.map_or(of_view?, |known| known.min(of_view.unwrap_or(known))));
        most = Some(most.map_or(of_view?, |known| known.max(of_view.unwrap_or(known))));
    }
    let (least, most) = (least?, most?);
    if least >= SEPARATES {
        Some(least)
    } else {
        // Neither clearly separating nor clearly shared: no option at all.
        Some(most)
    }
    .filter(|ratio| *ratio >= SEPARATES && least >= SEPARATES || *ratio <= SHARED)
}

fn written(
    graph: &Graph,
    disease: &Disease,
    rivals: &[&Disease],
    told: &[&Mimics],
    key: &Finding,
    options: &[(&Finding, f64)],
) -> Option<Draft> {
    let names = |language: fn(&Disease) -> String, by: &str| {
        rivals.iter().map(|one| language(one)).collect::<Vec<_>>().join(by)
    };
    let others = both(names(|one| lower_first(&one.name.en), " or "), names(|one| one.name.zh.clone(), "或"));
    let choices = options
        .iter()
        .map(|(finding, _)| Choice { text: finding.name.clone(), why: why(disease, rivals, finding, key) });
    let mut sources: BTreeSet<String> = told.iter().filter_map(|edge| edge.provenance.source.clone()).collect();
    let edge = disease.presents_with.iter().find(|edge| edge.finding == key.id);
    sources.extend(edge.and_then(|edge| edge.provenance.source.clone()));
    let told_en: Vec<&str> = told.iter().map(|edge| edge.separates.en.as_str()).collect();
    let told_zh: Vec<&str> = told.iter().map(|edge| edge.separates.zh.as_str()).collect();
    debug_assert!(graph.finding(&key.id).is_some());
    Some(Draft {
        stem: both(
            format!("You weigh {} against {}.", lower_first(&disease.name.en), others.en),
            format!("需将{}与{}相鉴别。", disease.name.zh, others.zh),
        ),
        question: both(
            format!(
                "Which finding, if present, speaks most for {} rather than {}?",
                lower_first(&disease.name.en),
                others.en
            ),
            format!("以下哪项若存在，最支持{}而非{}？", disease.name.zh, others.zh),
        ),
        choices: choices.collect(),
        key: Key::One(options.iter().position(|(option, _)| option.id == key.id)?),
        explanation: both(told_en.join(" "), told_zh.concat()),
        prompts: Vec::new(),
        sources,
        topics: vec![topic(key)],
    })
}

/// Who has it.
fn why(disease: &Disease, rivals: &[&Disease], finding: &Finding, key: &Finding) -> Bilingual {
    let having: Vec<&&Disease> = rivals.iter().filter(|one| has(one, finding)).collect();
    let en: Vec<String> = having.iter().map(|one| lower_first(&one.name.en)).collect();
    let zh: Vec<&str> = having.iter().map(|one| one.name.zh.as_str()).collect();
    let (own_en, own_zh) = (lower_first(&disease.name.en), &disease.name.zh);
    match (finding.id == key.id, has(disease, finding), having.is_empty()) {
        (true, ..) => both(format!("Speaks for {own_en}"), format!("支持{own_zh}")),
        (false, true, false) => both(
            format!("Occurs in {own_en} and in {}", en.join(" and ")),
            format!("{own_zh}与{}都可出现", zh.join("、")),
        ),
        (false, true, true) => both("Separates them too little", "鉴别价值不足"),
        (false, false, _) => {
            both(format!("Speaks rather for {}", en.join(" and ")), format!("更支持{}", zh.join("、")))
        }
    }
}
