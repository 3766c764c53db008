//! How numbers, edges and sources of the graph are put into words.

use knowledge_graph::{
    TopicId, TopicKind,
    format::{Evidence, FindingKind},
};

use crate::{
    explore::{Edge, Share, SourceView},
    web::pages::frame::Frame,
};

/// The page of a node; none for history topics, which have none.
pub(super) fn href(topic: &TopicId) -> Option<String> {
    let folder = folder(topic.kind())?;
    Some(format!("/graph/{folder}/{}", topic.name()))
}

/// The address below `/graph` of a kind of node.
pub(super) const fn folder(kind: TopicKind) -> Option<&'static str> {
    match kind {
        TopicKind::Disease => Some("diseases"),
        TopicKind::Finding => Some("findings"),
        TopicKind::RiskFactor => Some("risk-factors"),
        TopicKind::Test => Some("tests"),
        TopicKind::Treatment => Some("treatments"),
        _ => None,
    }
}

/// The kind that an address below `/graph` means.
pub(super) fn kind_of(folder_name: &str) -> Option<TopicKind> {
    let kinds = [TopicKind::Finding, TopicKind::RiskFactor, TopicKind::Test, TopicKind::Treatment];
    kinds.into_iter().find(|kind| folder(*kind) == Some(folder_name))
}

/// The kind of a finding, as texts are named by it.
pub(super) const fn finding_kind(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Symptom => "symptom",
        FindingKind::Sign => "sign",
        FindingKind::Laboratory => "laboratory",
        FindingKind::Imaging => "imaging",
    }
}

/// A share in percent: "67%", "0.4%", "<0.1%".
pub(in super::super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent <= 0.0 => "0%".to_owned(),
        _ if percent < 0.1 => "<0.1%".to_owned(),
        _ if percent < 9.95 && (percent - percent.round()).abs() > 0.05 => format!("{percent:.1}%"),
        _ if percent > 99.0 && percent < 100.0 => ">99%".to_owned(),
        _ => format!("{percent:.0}%"),
    }
}

/// A ratio: "24", "2.4", "0.24".
pub(in super::super) fn ratio(ratio: f64) -> String {
    match ratio {
        _ if ratio >= 9.95 => format!("{ratio:.0}"),
        _ if ratio >= 0.995 => trimmed(format!("{ratio:.1}")),
        _ if ratio >= 0.01 => trimmed(format!("{ratio:.2}")),
        _ => trimmed(format!("{ratio:.3}")),
    }
}

/// "1.0" → "1", "0.20" → "0.2".
fn trimmed(number: String) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number }
}

/// A frequency as its source has it: "67%", "40–60%", "31 of 100".
pub(super) fn share(page: &Frame, share: &Share) -> String {
    match share.count {
        Some((cases, patients)) => page.say("graph-count").with("cases", cases).with("patients", patients).to_string(),
        None if (share.high - share.low).abs() > f64::EPSILON => {
            let (low, high) = (percent(share.low), percent(share.high));
            format!("{}–{high}", low.trim_end_matches('%'))
        }
        None => percent(share.proportion),
    }
}

/// An edge as a row of a table.
pub(super) struct EdgeRow {
    pub(super) name: String,
    /// The name part of the id, when it has a page.
    pub(super) id: Option<String>,
    pub(super) href: Option<String>,
    /// What else is to be said of it: brings patients, argues against, decides, …
    pub(super) marks: Vec<String>,
    pub(super) frequency: String,
    /// 0–100, for the bar.
    pub(super) percent: Option<f64>,
    pub(super) estimate: bool,
    pub(super) lr_positive: String,
    pub(super) lr_negative: String,
    pub(super) strength: String,
    pub(super) note: String,
    pub(super) alters: Vec<String>,
    pub(super) grade: Grade,
}

/// What a claim rests on.
pub(super) struct Grade {
    /// The grade in words.
    pub(super) word: String,
    pub(super) unverified: bool,
    /// Number of its source in the list of the page, from 1.
    pub(super) source: Option<usize>,
}

impl Grade {
    pub(super) fn new(page: &Frame, evidence: Evidence, source: Option<&str>, sources: &[SourceView]) -> Self {
        Self {
            word: page.named("evidence", evidence.as_str()),
            unverified: evidence == Evidence::Unverified,
            source: source.and_then(|id| sources.iter().position(|one| one.id == id)).map(|at| at + 1),
        }
    }
}

pub(super) fn edge_row(page: &Frame, edge: &Edge, sources: &[SourceView]) -> EdgeRow {
    let optional = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), ratio);
    let factor = |factor: f64| page.say("graph-factor").with("factor", ratio(factor)).to_string();
    EdgeRow {
        name: edge.name.get(page.language).to_owned(),
        id: edge.topic.as_ref().map(|topic| topic.name().to_owned()),
        href: edge.topic.as_ref().and_then(href),
        marks: marks(page, edge),
        frequency: edge.frequency.as_ref().map_or_else(|| page.t("graph-unknown-frequency"), |one| share(page, one)),
        percent: edge.frequency.as_ref().map(|one| one.proportion * 100.0),
        estimate: edge.frequency.as_ref().is_some_and(|one| one.estimate),
        lr_positive: optional(edge.lr_positive),
        lr_negative: optional(edge.lr_negative),
        strength: edge.strength.map_or_else(|| "–".to_owned(), factor),
        note: edge.note.as_ref().map(|note| note.get(page.language).to_owned()).unwrap_or_default(),
        alters: edge
            .alters
            .iter()
            .map(|one| {
                let key = if one.factor < 1.0 { "graph-rarer" } else { "graph-commoner" };
                let name = one.name.get(page.language);
                page.say(key).with("name", name).with("factor", ratio(one.factor)).to_string()
            })
            .collect(),
        grade: Grade::new(page, edge.evidence, edge.source.as_deref(), sources),
    }
}

fn marks(page: &Frame, edge: &Edge) -> Vec<String> {
    let age = match (edge.min_age, edge.max_age) {
        (None, None) => None,
        (Some(low), None) => Some(page.say("graph-from-age").with("age", u32::from(low)).to_string()),
        (None, Some(high)) => Some(page.say("graph-to-age").with("age", u32::from(high)).to_string()),
        (Some(low), Some(high)) => {
            Some(page.say("graph-ages").with("low", u32::from(low)).with("high", u32::from(high)).to_string())
        }
    };
    let marks = [
        edge.presenting.then(|| page.t("graph-presenting")),
        edge.excluded.then(|| page.t("graph-excluded")),
        edge.decisive.then(|| page.t("graph-decisive")),
        edge.role.as_deref().map(|role| page.named("graph-role", role)),
        edge.sex.as_deref().map(|sex| page.named("graph-only", sex)),
        age,
    ];
    marks.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0.0, "0%")]
    #[case(0.0004, "<0.1%")]
    #[case(0.004, "0.4%")]
    #[case(0.05, "5%")]
    #[case(0.067, "6.7%")]
    #[case(0.666, "67%")]
    #[case(0.9999, ">99%")]
    #[case(1.0, "100%")]
    fn a_share_never_reads_surer_than_it_is(#[case] share: f64, #[case] shown: &str) {
        assert_eq!(percent(share), shown);
    }

    #[rstest]
    #[case(24.3, "24")]
    #[case(5.7, "5.7")]
    #[case(2.0, "2")]
    #[case(0.4, "0.4")]
    #[case(0.28, "0.28")]
    #[case(0.0012, "0.001")]
    fn a_ratio_keeps_two_figures(#[case] value: f64, #[case] shown: &str) {
        assert_eq!(ratio(value), shown);
    }

    #[test]
    fn an_address_and_a_kind_of_node_belong_together() {
        for kind in [TopicKind::Finding, TopicKind::RiskFactor, TopicKind::Test, TopicKind::Treatment] {
            assert_eq!(folder(kind).and_then(kind_of), Some(kind));
        }
        assert_eq!(kind_of("diseases"), None);
        assert_eq!(href(&"history:smoking".parse().unwrap()), None);
    }
}
