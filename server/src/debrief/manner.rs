//! How the consultation was held, as a student reads it.

use knowledge_graph::{Bilingual, Language};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Materials, Quote, items::quotes_of, marks::title_of_item};
use crate::assessment::conduct::{Area, Judgement, Rule, Rules};

/// One area: communication, organisation, efficiency or safety.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MannerArea {
    /// Which.
    #[schema(value_type = String)]
    pub area: Area,
    /// Its items.
    pub items: Vec<MannerItem>,
}

/// One item beyond the checklist.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MannerItem {
    /// The rule's id.
    pub id: String,
    /// Name.
    pub title: String,
    /// Level reached, from 0; nothing when the text offers no occasion.
    pub level: Option<u8>,
    /// The highest level.
    pub most: u8,
    /// What the level reached means.
    pub anchor: String,
    /// What the highest level means, when it was not reached.
    pub aim: Option<String>,
    /// What code looked at.
    pub looks_at: String,
    /// The published principle it stands for.
    pub source: String,
    /// The student's words.
    pub quotes: Vec<Quote>,
    /// Red flags with when they were asked, for the safety items.
    pub moments: Vec<FlagMoment>,
}

/// When a red flag was asked.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FlagMoment {
    /// What it asks for.
    pub text: String,
    /// Percent of the student's turns that were over; nothing when it was not asked.
    pub percent: Option<u32>,
}

pub(super) fn areas(materials: &Materials<'_>) -> Vec<MannerArea> {
    let Ok(rules) = Rules::embedded() else { return Vec::new() };
    let judged = &materials.report.conduct.judgements;
    let items = |area: Area| -> Vec<MannerItem> {
        let of_area = judged.iter().filter(|one| one.area == area);
        of_area.filter_map(|one| Some(item(materials, rules.rule(&one.id)?, one))).collect()
    };
    let areas = Area::ALL.into_iter().map(|area| MannerArea { area, items: items(area) });
    areas.filter(|area| !area.items.is_empty()).collect()
}

fn item(materials: &Materials<'_>, rule: &Rule, judged: &Judgement) -> MannerItem {
    let language = materials.language;
    let say = |text: &Bilingual, language: Language| text.get(language).to_owned();
    let anchor = judged.level.and_then(|level| rule.anchors.get(usize::from(level)));
    let short = judged.level.is_some_and(|level| level < judged.most);
    let moment = |moment: &crate::assessment::conduct::Moment| FlagMoment {
        text: title_of_item(materials, &moment.item),
        percent: moment.through.map(whole_percent),
    };
    MannerItem {
        id: rule.id.clone(),
        title: say(&rule.title, language),
        level: judged.level,
        most: judged.most,
        anchor: anchor.map(|anchor| say(anchor, language)).unwrap_or_default(),
        aim: rule.anchors.last().filter(|_| short).map(|aim| say(aim, language)),
        looks_at: say(&rule.looks_at, language),
        source: say(&rule.source, language),
        quotes: quotes_of(materials, &judged.evidence),
        moments: judged.moments.iter().map(moment).collect(),
    }
}

/// A share as whole percent.
fn whole_percent(share: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 … 100")]
    let percent = (share * 100.0).round().clamp(0.0, 100.0) as u32;
    percent
}

pub(super) fn harms(materials: &Materials<'_>) -> Vec<super::Taken> {
    let Ok(rules) = Rules::embedded() else { return Vec::new() };
    let acts = &materials.report.conduct.harms;
    acts.iter()
        .filter_map(|act| {
            Some(super::Taken {
                title: rules.harm(&act.kind)?.title.get(materials.language).to_owned(),
                points: None,
                quotes: quotes_of(materials, std::slice::from_ref(&act.evidence)),
            })
        })
        .collect()
}
