//! How sure one could be: the graph's differential given what was told.

use knowledge_graph::{
    TopicId, TopicKind,
    format::Disease,
    query::{Contribution, Differential, Options, Presence, differential},
};

use super::{
    Answer, Kind,
    answering::{Desk, answer_of, times_of},
    rules::Refusal,
};
use crate::hints;

/// Diseases and pieces of evidence named.
const NAMED: usize = 3;

/// How probable the disease is after what was elicited, and after all this patient can tell.
pub(super) fn how_sure(desk: &Desk<'_>) -> Result<Answer, Refusal> {
    let disease = desk.subject()?;
    let (case, graph) = (desk.about.case, desk.graph);
    let elicited = hints::evidence(case, graph, desk.about.turns);
    let all: Vec<(TopicId, Presence)> = case
        .facts
        .iter()
        .filter(|fact| matches!(fact.topic.kind(), TopicKind::Finding | TopicKind::RiskFactor))
        .map(|fact| (fact.topic.node(), if fact.present { Presence::Present } else { Presence::Absent }))
        .collect();
    let weigh = |evidence: &[_]| differential(graph, evidence, Some(desk.patient()), &Options::default());
    let (now, then) = (weigh(&elicited), weigh(&all));
    let posterior = now.of(&disease.id).ok_or(Refusal::Unknown)?;
    let mut answer = answer_of(Kind::HowSure);
    let phrase = desk.say("tutor-sure").with("disease", desk.name(disease));
    answer.text.push(phrase.with("percent", percent(posterior.probability)).to_string());
    let counted = posterior.contributions.iter().filter(|one| !one.silent && one.log10.abs() > f64::log10(1.5));
    for one in counted.take(NAMED) {
        answer.text.extend(counts(desk, disease, one));
        answer.sources.extend(one.source.clone());
    }
    answer.text.push(others(desk, &now, disease));
    let after = percent(then.of(&disease.id).map_or(0.0, |posterior| posterior.probability));
    answer.text.push(desk.say("tutor-sure-all").with("percent", after).to_string());
    answer.text.push(desk.t("tutor-sure-limit"));
    answer.topics = vec![TopicId::new(TopicKind::Disease, &disease.id)];
    Ok(answer)
}

/// What one piece of evidence did.
fn counts(desk: &Desk<'_>, disease: &Disease, one: &Contribution) -> Option<String> {
    let name = desk.graph.topic(&one.topic)?.name;
    let key = match (one.presence, one.log10 > 0.0) {
        (Presence::Present, true) => "tutor-counts-present-for",
        (Presence::Present, false) => "tutor-counts-present-against",
        (Presence::Absent, true) => "tutor-counts-absent-for",
        (Presence::Absent, false) => "tutor-counts-absent-against",
    };
    let times = times_of(10_f64.powf(one.log10.abs()));
    let phrase = desk.say(key).with("finding", name.get(desk.language)).with("times", times);
    Some(phrase.with("disease", desk.name(disease)).to_string())
}

/// What stands beside it.
fn others(desk: &Desk<'_>, now: &Differential, disease: &Disease) -> String {
    let join = if desk.language == knowledge_graph::Language::En { ", " } else { "、" };
    let named = now.posteriors.iter().filter(|other| other.disease != disease.id).take(NAMED);
    let names: Vec<String> = named
        .filter_map(|other| {
            let name = desk.name(desk.graph.disease(&other.disease)?);
            Some(
                desk.say("tutor-sure-other")
                    .with("disease", name)
                    .with("percent", percent(other.probability))
                    .to_string(),
            )
        })
        .collect();
    desk.say("tutor-sure-others").with("others", names.join(join)).to_string()
}

/// A probability as it is said; never quite nothing and never certain.
fn percent(probability: f64) -> String {
    let percent = 100.0 * probability;
    if percent < 1.0 {
        "< 1".to_owned()
    } else if percent > 99.0 {
        "> 99".to_owned()
    } else {
        format!("{percent:.0}")
    }
}
