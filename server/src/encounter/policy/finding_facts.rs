//! Which of the facts answer one part of a question.

use cases::format::Fact;
use knowledge_graph::{Facet, Language, TopicId, TopicKind};

use super::Heard;
use crate::{
    encounter::{check::quantities, knowledge::Knowledge, state::State},
    understanding::{MatchMethod, TopicHit},
};

/// Stands for every treatment in [`NEAR_TOPICS`].
const ANY_TREATMENT: &str = "treatment";
/// What answers a question about something on which the case has nothing.
const NEAR_TOPICS: [(&str, &str); 24] = [
    (ANY_TREATMENT, "course:previous-treatment"),
    (ANY_TREATMENT, "history:current-drugs"),
    ("finding:urinary-frequency", "finding:polyuria"),
    ("finding:polyuria", "finding:urinary-frequency"),
    ("finding:dizziness", "finding:vertigo"),
    ("finding:vertigo", "finding:dizziness"),
    ("finding:sweating", "finding:night-sweats"),
    ("finding:night-sweats", "finding:sweating"),
    ("finding:chills", "finding:rigors"),
    ("finding:rigors", "finding:chills"),
    ("finding:neck-stiffness", "finding:neck-pain"),
    ("finding:neck-pain", "finding:neck-stiffness"),
    ("finding:fatigue", "history:energy"),
    ("history:energy", "finding:fatigue"),
    ("history:family-similar-illness", "history:family-history"),
    ("course:self-medication", "course:previous-treatment"),
    ("course:treatment-effect", "course:previous-treatment"),
    ("course:previous-diagnosis", "course:previous-consultation"),
    ("identity:occupation", "history:occupation"),
    ("identity:marital-status", "history:living-situation"),
    ("history:daily-function", "finding:exertional-dyspnoea"),
    ("history:daily-function", "perspective:impact"),
    ("perspective:coping", "perspective:impact"),
    ("perspective:impact-daily-life", "perspective:impact"),
];

/// Words that say in what circumstances something began.
const CIRCUMSTANCES_EN: [&str; 9] =
    ["when ", "while ", "after ", "during ", "lifting", "carrying", "because", "straight from", "middle of"];
const CIRCUMSTANCES_ZH: [&str; 9] = ["时候", "正在", "之后", "以后", "完", "着", "搬", "那天", "因为"];
/// Words that ask for a number of ten, which is asked of what brought the patient here.
const SCALE: [&str; 8] = ["out of ten", "out of 10", "to ten", "to 10", "scale", "几分", "十分", "打分"];
/// In the names of findings that hurt.
const HURTING: [&str; 5] = ["pain", "ache", "colic", "cramp", "tenderness"];

/// The facts for one part of the question.
pub(super) fn found_for<'k>(
    knowledge: &'k Knowledge<'_>,
    state: &State,
    hit: &TopicHit,
    heard: &Heard<'_>,
) -> Vec<&'k Fact> {
    // What was said of the whole does not answer a question about a part of it twice.
    let said_before = |fact: &&Fact| {
        hit.topic.facet().is_some()
            && fact.topic.facet().is_none()
            && fact.topic.kind() == TopicKind::Finding
            && fact.present
            && state.told.contains(&fact.id)
            && !speaks_of(fact, hit.topic.facet())
    };
    let fitting = |fact: &&Fact| !said_before(fact) && fits(fact, hit.topic.facet());
    let direct: Vec<&Fact> = knowledge.answering(&hit.topic).into_iter().filter(fitting).collect();
    if direct.is_empty() && !knowledge.has(&hit.topic) {
        // "Have you tried antacids?" is answered by what was tried.
        let asked = match hit.topic.kind() {
            TopicKind::Treatment => ANY_TREATMENT.to_owned(),
            _ => hit.topic.node().to_string(),
        };
        let near = NEAR_TOPICS.iter().filter(|(of, _)| *of == asked);
        let mut found = near.filter_map(|(_, near)| near.parse().ok()).map(|near: TopicId| knowledge.answering(&near));
        if let Some(near) = found.find(|facts| !facts.is_empty()) {
            return near;
        }
    }
    // "Is it sudden weakness, or did it come slowly?" asks of what brought them, whatever it is called.
    let of_it = hit.method == MatchMethod::Context
        || direct.is_empty() && !knowledge.has(&hit.topic) && heard.offers_a_choice(hit);
    let Some(facet) = hit.topic.facet() else { return direct };
    if hit.topic.kind() != TopicKind::Finding || knowledge.answering_same_facet(&hit.topic).iter().any(fitting) {
        return direct;
    }
    let of_what_hurts = || if direct.is_empty() { what_hurts(knowledge, hit, facet, heard) } else { direct.clone() };
    // How bad one thing is says nothing of another.
    let of_another = !matches!(facet, Facet::Severity | Facet::Amount) || of_ten(heard.text);
    if !of_it || !of_another {
        return of_what_hurts();
    }
    // "What makes it worse?" after a word on the cough is still asked of what brought them here.
    let others = state.context.focus.iter().filter(|topic| topic.kind() == TopicKind::Finding);
    let others = others.map(|topic| {
        let found = knowledge.answering_same_facet(&topic.node().with_facet(facet));
        found.into_iter().filter(|fact| fits(fact, Some(facet))).collect::<Vec<_>>()
    });
    others.into_iter().find(|found| !found.is_empty()).unwrap_or_else(of_what_hurts)
}

/// What set it off is not told by when it began, unless that says in what circumstances.
fn fits(fact: &Fact, asked: Option<Facet>) -> bool {
    let is_trigger = |topic: &TopicId| topic.facet() == Some(Facet::Trigger);
    let told_of = || std::iter::once(&fact.topic).chain(&fact.also);
    let in_circumstances = || {
        let en = fact.tells.en.to_lowercase();
        CIRCUMSTANCES_EN.iter().any(|word| en.contains(word))
            && CIRCUMSTANCES_ZH.iter().any(|word| fact.tells.zh.contains(word))
    };
    let of_whole = fact.topic.kind() != TopicKind::Finding || !fact.present;
    asked != Some(Facet::Trigger) || of_whole || told_of().any(is_trigger) || in_circumstances()
}

/// Whether a number of ten is asked for.
fn of_ten(text: &str) -> bool {
    let lower = text.to_lowercase();
    SCALE.iter().any(|words| lower.contains(words))
}

/// "Where is the pain?" of somebody whose other complaint hurts: that facet of what hurts.
fn what_hurts<'k>(knowledge: &'k Knowledge<'_>, hit: &TopicHit, facet: Facet, heard: &Heard<'_>) -> Vec<&'k Fact> {
    let hurts = |name: &str| HURTING.iter().any(|word| name.contains(word));
    let says_pain = match heard.language {
        Language::En => HURTING.iter().chain(&["hurt", "sore"]).any(|word| heard.text.to_lowercase().contains(word)),
        Language::Zh => heard.text.contains(['疼', '痛']),
    };
    let of_none = !knowledge.has(&hit.topic) && hurts(hit.topic.name()) && hit.method != MatchMethod::Lexicon;
    if !(of_none || says_pain && hit.method == MatchMethod::Context) {
        return Vec::new();
    }
    let asked = |fact: &&Fact| {
        let mut topics = std::iter::once(&fact.topic).chain(&fact.also);
        topics.any(|topic| topic.facet() == Some(facet) && hurts(topic.name()))
    };
    let found = knowledge.facts().iter().filter(asked).max_by_key(|fact| fact.bother);
    found.into_iter().collect()
}

/// Whether the sentence on the whole says when, how long or how much as well: "Yes, since Friday."
fn speaks_of(fact: &Fact, facet: Option<Facet>) -> bool {
    const TIMES_EN: [&str; 14] = [
        "since",
        "ago",
        "yesterday",
        "last",
        "morning",
        "night",
        "today",
        "week",
        "month",
        "year",
        "day",
        "hour",
        "minute",
        "after",
    ];
    const TIMES_ZH: [&str; 12] = ["昨", "今", "前", "起", "天", "周", "月", "年", "点", "小时", "礼拜", "分钟"];
    let (en, zh) = (fact.tells.en.to_lowercase(), &fact.tells.zh);
    match facet {
        Some(Facet::Onset | Facet::Duration) => {
            TIMES_EN.iter().any(|time| en.contains(time)) || TIMES_ZH.iter().any(|time| zh.contains(time))
        }
        Some(Facet::Amount | Facet::Severity | Facet::Frequency) => !quantities(&en, Language::En).is_empty(),
        _ => false,
    }
}
