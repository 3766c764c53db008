//! What the page shows of the student's reasoning.

use super::{
    super::{
        frame::Frame,
        graph::{percent, ratio},
    },
    belief::{Drawing, drawings, letter},
};
use crate::debrief::{
    Cited, Dangerous, Entry, Learned, PatternKind, Quote, Reasoning, SourceNote, Unasked, Understood, Weighs,
};

pub(super) struct ReasoningView {
    pub(super) summary: Vec<String>,
    pub(super) entries: Vec<EntryView>,
    pub(super) dangerous: Vec<DangerousView>,
    pub(super) patterns: Vec<PatternView>,
    pub(super) drawings: [Drawing; 2],
    pub(super) legend: Vec<Legend>,
    pub(super) rows: Vec<Row>,
    pub(super) unasked: Vec<UnaskedView>,
}

pub(super) struct EntryView {
    pub(super) words: String,
    pub(super) read_as: String,
    pub(super) clear: bool,
    pub(super) belief: Option<String>,
    pub(super) cited: Vec<CitedView>,
}

pub(super) struct CitedView {
    pub(super) words: String,
    pub(super) weighs: String,
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    pub(super) ratio: Option<String>,
    pub(super) quote: Option<Quote>,
}

pub(super) struct DangerousView {
    pub(super) name: String,
    pub(super) named: bool,
    pub(super) belief: String,
    pub(super) asked: Option<String>,
    pub(super) question: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) sources: Vec<SourceNote>,
}

pub(super) struct PatternView {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) quotes: Vec<Quote>,
    pub(super) question: Option<String>,
}

pub(super) struct Legend {
    pub(super) letter: char,
    pub(super) name: String,
    pub(super) diagnosis: bool,
    pub(super) dangerous: bool,
}

/// One row of the table: a question and belief after it.
pub(super) struct Row {
    pub(super) turn: Option<u32>,
    pub(super) said: String,
    pub(super) learned: Vec<String>,
    pub(super) beliefs: Vec<String>,
    pub(super) others: String,
}

pub(super) struct UnaskedView {
    pub(super) name: String,
    pub(super) question: Option<String>,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) beliefs: Vec<String>,
    pub(super) ratios: Vec<RatioView>,
}

pub(super) struct RatioView {
    pub(super) text: String,
    pub(super) derived: bool,
    pub(super) source: Option<SourceNote>,
}

impl ReasoningView {
    pub(super) fn new(page: &Frame, reasoning: &Reasoning) -> Self {
        let course = &reasoning.course;
        Self {
            summary: summary(page, reasoning),
            entries: reasoning.entries.iter().map(|one| entry(page, one)).collect(),
            dangerous: reasoning.dangerous.iter().map(|one| dangerous(page, one)).collect(),
            patterns: patterns(page, reasoning),
            drawings: drawings(course),
            legend: course
                .leading
                .iter()
                .enumerate()
                .map(|(place, one)| Legend {
                    letter: letter(place),
                    name: one.name.clone(),
                    diagnosis: one.diagnosis,
                    dangerous: one.dangerous,
                })
                .collect(),
            rows: course
                .steps
                .iter()
                .map(|step| Row {
                    turn: step.turn,
                    said: step.said.clone(),
                    learned: step.learned.iter().map(|one| learned(page, one)).collect(),
                    beliefs: step.beliefs.iter().map(|belief| percent(*belief)).collect(),
                    others: percent(step.others),
                })
                .collect(),
            unasked: reasoning.unasked.iter().map(|one| unasked(page, one)).collect(),
        }
    }
}

fn summary(page: &Frame, reasoning: &Reasoning) -> Vec<String> {
    let place = match (reasoning.graph_place, reasoning.diagnosis_place) {
        (None, _) => page.t("reasoning-summary-off-graph"),
        (Some(graph), Some(place)) => {
            page.say("reasoning-summary-place").with("place", place).with("graph", graph).to_string()
        }
        (Some(graph), None) => page.say("reasoning-summary-unnamed").with("graph", graph).to_string(),
    };
    let covered = page.say("reasoning-covered").with("share", percent(reasoning.belief_named)).to_string();
    if reasoning.entries.is_empty() { vec![place] } else { vec![place, covered] }
}

fn entry(page: &Frame, entry: &Entry) -> EntryView {
    let name = entry.name.clone().unwrap_or_default();
    let read_as = match entry.understood {
        Understood::Named => page.say("reasoning-understood-named").with("name", name).to_string(),
        Understood::Likely => page.say("reasoning-understood-likely").with("name", name).to_string(),
        Understood::Ambiguous if entry.perhaps.is_empty() => page.t("reasoning-understood-ambiguous-none"),
        Understood::Ambiguous => {
            page.say("reasoning-understood-ambiguous").with("names", listed(page, &entry.perhaps)).to_string()
        }
        Understood::Symptom => page.t("reasoning-understood-symptom"),
        Understood::Unknown => page.t("reasoning-understood-unknown"),
    };
    let belief = entry.probability.zip(entry.graph_place).map(|(probability, place)| {
        page.say("reasoning-belief-place").with("belief", percent(probability)).with("place", place).to_string()
    });
    EntryView {
        words: entry.words.clone(),
        read_as,
        clear: entry.disease.is_some(),
        belief,
        cited: entry.cited.iter().map(|one| cited(page, one)).collect(),
    }
}

fn listed(page: &Frame, names: &[String]) -> String {
    names.join(if page.is_english() { ", " } else { "、" })
}

fn cited(page: &Frame, cited: &Cited) -> CitedView {
    let (key, class, icon) = match cited.weighs {
        Weighs::Supports => ("weighs-supports", "good", "check"),
        Weighs::Against => ("weighs-against", "wrong", "circle-x"),
        Weighs::Neutral => ("weighs-neutral", "", "circle-help"),
        Weighs::Elicited => ("weighs-elicited", "", "check"),
        Weighs::Contradicted => ("weighs-contradicted", "wrong", "triangle-alert"),
        Weighs::NotElicited => ("weighs-not-elicited", "attention", "circle-help"),
        Weighs::Unrecognised => ("weighs-unrecognised", "", "circle-help"),
    };
    CitedView {
        words: cited.words.clone(),
        weighs: page.t(key),
        class,
        icon,
        ratio: cited.ratio.map(|lr| page.say("reasoning-ratio").with("ratio", ratio(lr)).to_string()),
        quote: cited.elicited.clone(),
    }
}

fn dangerous(page: &Frame, one: &Dangerous) -> DangerousView {
    let belief = page.say("reasoning-dangerous-belief").with("before", percent(one.before));
    DangerousView {
        name: one.name.clone(),
        named: one.named,
        belief: belief.with("now", percent(one.now)).to_string(),
        asked: one
            .asked
            .map(|asked| page.t(if asked { "reasoning-dangerous-asked" } else { "reasoning-dangerous-not-asked" })),
        question: one.question.clone(),
        reason: one.reason.as_ref().map(|reason| reason.text.clone()),
        sources: one.reason.as_ref().map(|reason| reason.sources.clone()).unwrap_or_default(),
    }
}

fn patterns(page: &Frame, reasoning: &Reasoning) -> Vec<PatternView> {
    let told = |kind, toward: String, open: &String| {
        let (title, text) = match kind {
            PatternKind::Anchoring => ("reasoning-pattern-anchoring", page.say("feedback-anchoring")),
            PatternKind::PrematureClosure => ("reasoning-pattern-premature-closure", page.say("feedback-closure")),
        };
        (page.t(title), text.with("toward", toward).with("open", open))
    };
    let all = reasoning.patterns.iter().map(|one| {
        let (title, text) = told(one.kind, one.toward.clone().unwrap_or_default(), &one.open);
        let open = page.say("feedback-open").with("open", &one.open).with("belief", percent(one.belief));
        let between = if page.is_english() { " " } else { "" };
        let text = format!("{text}{between}{open}");
        PatternView { title, text, quotes: one.quotes.clone(), question: one.question.clone() }
    });
    all.collect()
}

fn learned(page: &Frame, one: &Learned) -> String {
    let said = if one.present { page.say("belief-has") } else { page.say("belief-has-not") };
    said.with("name", &one.name).to_string()
}

fn unasked(page: &Frame, one: &Unasked) -> UnaskedView {
    let actual = if one.present { page.say("unasked-actual-present") } else { page.say("unasked-actual-absent") };
    let belief = |name: &str, before, after| {
        let said = page.say("unasked-belief").with("name", name).with("before", percent(before));
        said.with("after", percent(after)).to_string()
    };
    let number = |lr: Option<f64>| lr.map_or_else(|| "–".to_owned(), ratio);
    let ratios = one.ratios.iter().map(|of| {
        let said = page.say("unasked-ratio").with("name", &of.name).with("present", number(of.present));
        let text = said.with("absent", number(of.absent)).to_string();
        RatioView { text, derived: of.derived, source: of.source.clone() }
    });
    UnaskedView {
        name: one.name.clone(),
        question: one.question.clone(),
        expected: page.say("unasked-expected").with("share", percent(one.expected_moved)).to_string(),
        actual: actual.with("share", percent(one.actual_moved)).to_string(),
        beliefs: one.beliefs.iter().map(|one| belief(&one.name, one.before, one.after)).collect(),
        ratios: ratios.collect(),
    }
}
