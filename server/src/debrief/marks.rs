//! The points under the marking scheme, as a student reads them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Materials, Quote, items::quotes_of};
use crate::assessment::{
    conduct::Rules,
    scheme::{CriticalRule, Form, PartResult, PassMark, SchemeResult},
};

/// The points under a marking scheme.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Marks {
    /// The scheme's name.
    pub title: String,
    /// Its id.
    pub scheme: String,
    /// Its version.
    pub version: u32,
    /// First digits of the SHA-256 of its file.
    pub hash: String,
    /// `dialogue` or `written`.
    #[schema(value_type = String)]
    pub form: Form,
    /// Points.
    pub earned: f64,
    /// Points that could be judged.
    pub possible: f64,
    /// 100 × earned ÷ possible.
    pub percent: f64,
    /// What passes, in points; nothing where standard setting decides.
    pub pass_at: Option<f64>,
    /// Whether it passes.
    pub passed: Option<bool>,
    /// Whether a person must confirm.
    pub needs_person: bool,
    /// Points that depend on what an examiner decides.
    pub for_examiner: f64,
    /// Parts, in the scheme's order, domain by domain.
    pub parts: Vec<MarkedPart>,
    /// Taken off.
    pub penalties: Vec<Taken>,
    /// Critical items missed.
    pub critical_missed: Vec<String>,
    /// Points lost because of them.
    pub critical_taken: f64,
    /// Whether missing one fails the station.
    pub critical_fails: bool,
    /// Judgements a part asks for that the text offers no occasion for.
    pub not_judged: Vec<String>,
}

/// A part.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkedPart {
    /// The domain's name.
    pub domain: String,
    /// Name.
    pub title: String,
    /// Points.
    pub earned: f64,
    /// Points possible.
    pub possible: f64,
    /// What earns them in this case.
    pub sub_items: Vec<MarkedSubItem>,
}

/// What earns some points.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MarkedSubItem {
    /// What is asked for.
    pub texts: Vec<String>,
    /// Points.
    pub earned: f64,
    /// Points possible.
    pub possible: f64,
    /// Whether an examiner must decide.
    pub needs_review: bool,
    /// The student's words.
    pub quotes: Vec<Quote>,
}

/// A harmful act, or points taken off for one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Taken {
    /// What for.
    pub title: String,
    /// Points taken off, when a scheme takes some.
    pub points: Option<f64>,
    /// The student's words.
    pub quotes: Vec<Quote>,
}

pub(super) fn marks(materials: &Materials<'_>) -> Option<Marks> {
    let result = materials.report.scheme.as_ref()?;
    let language = materials.language;
    let penalties = result.penalties.iter().map(|penalty| Taken {
        title: title_of_harm(materials, &penalty.harm),
        points: Some(penalty.points.value()),
        quotes: quotes_of(materials, &penalty.evidence),
    });
    Some(Marks {
        title: result.title.get(language).to_owned(),
        scheme: result.id.clone(),
        version: result.version,
        hash: result.sha256.chars().take(12).collect(),
        form: result.form,
        earned: result.earned.value(),
        possible: result.possible.value(),
        percent: result.percent,
        pass_at: result.pass.map(|pass| match pass {
            PassMark::Points(points) => points.value(),
            PassMark::Percent(percent) => (percent * result.possible.value()).round() / 100.0,
        }),
        passed: result.passed,
        needs_person: result.needs_person,
        for_examiner: result.for_examiner.value(),
        parts: parts(materials, result),
        penalties: penalties.collect(),
        critical_missed: result.critical.missed.iter().map(|id| title_of_item(materials, id)).collect(),
        critical_taken: result.critical.taken.value(),
        critical_fails: result.critical.rule == CriticalRule::Fail,
        not_judged: result.not_judged.iter().map(|id| title_of_judgement(materials, id)).collect(),
    })
}

fn parts(materials: &Materials<'_>, result: &SchemeResult) -> Vec<MarkedPart> {
    let of = |domain: &str| result.parts.iter().filter(move |part| part.domain == domain).collect::<Vec<_>>();
    let domains = result.domains.iter();
    domains
        .flat_map(|domain| of(&domain.id).into_iter().map(move |part| (domain, part)))
        .filter(|(_, part)| !part.sub_items.is_empty())
        .map(|(domain, part)| marked(materials, domain.title.get(materials.language), part))
        .collect()
}

fn marked(materials: &Materials<'_>, domain: &str, part: &PartResult) -> MarkedPart {
    let sub_items = part.sub_items.iter().map(|sub| MarkedSubItem {
        texts: sub
            .items
            .iter()
            .map(|id| title_of_item(materials, id))
            .chain(sub.conduct.iter().map(|id| title_of_judgement(materials, id)))
            .collect(),
        earned: sub.earned.value(),
        possible: sub.possible.value(),
        needs_review: sub.needs_review,
        quotes: quotes_of(materials, &sub.evidence),
    });
    MarkedPart {
        domain: domain.to_owned(),
        title: part.title.get(materials.language).to_owned(),
        earned: part.earned.value(),
        possible: part.possible.value(),
        sub_items: sub_items.collect(),
    }
}

/// The text of a rubric item.
pub(super) fn title_of_item(materials: &Materials<'_>, id: &str) -> String {
    let item = materials.case.rubric.iter().find(|item| item.id == id);
    item.map_or_else(|| id.to_owned(), |item| item.text.get(materials.language).to_owned())
}

/// The name of a judgement.
fn title_of_judgement(materials: &Materials<'_>, id: &str) -> String {
    let rule = Rules::embedded().ok().and_then(|rules| rules.rule(id));
    let named = || crate::i18n::optional(materials.language, &format!("judgement-{id}"));
    rule.map(|rule| rule.title.get(materials.language).to_owned()).or_else(named).unwrap_or_else(|| id.to_owned())
}

fn title_of_harm(materials: &Materials<'_>, id: &str) -> String {
    let harm = Rules::embedded().ok().and_then(|rules| rules.harm(id));
    harm.map_or_else(|| id.to_owned(), |harm| harm.title.get(materials.language).to_owned())
}
