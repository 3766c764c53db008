//! Items that behave oddly: everyone or no one asks them, they tell nobody apart, they go to examiners.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use cases::Case;
use serde::Deserialize;

use super::{
    super::{
        frame::{Frame, Place},
        view,
    },
    NONE,
    bar::Bar,
};
use crate::{
    app::{App, AppState},
    classroom,
    cohort::{ItemStatistics, Oddity, item_statistics},
    web::{auth::Teacher, error::WebError},
};

/// Items listed at once.
const MOST: usize = 60;

#[derive(Template, WebTemplate)]
#[template(path = "pages/class_items.html")]
pub(in super::super) struct ItemsPage {
    page: Frame,
    bar: Bar,
    kinds: Vec<(&'static str, String, bool)>,
    items: Vec<ItemView>,
    odd: usize,
    looked_at: usize,
}

/// An item as pages and exports show it.
pub(in super::super) struct ItemView {
    pub(in super::super) case: String,
    pub(in super::super) text: String,
    pub(in super::super) topic: String,
    pub(in super::super) oddities: Vec<String>,
    pub(in super::super) asked: String,
    pub(in super::super) n: u32,
    pub(in super::super) discrimination: String,
    pub(in super::super) with_examiner: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Which {
    group: String,
    kind: String,
}

const KINDS: [Oddity; 4] =
    [Oddity::NobodyAsks, Oddity::EverybodyAsks, Oddity::DoesNotDiscriminate, Oddity::OftenWithExaminer];

/// The word of an oddity in addresses and texts.
pub(in super::super) const fn word(oddity: Oddity) -> &'static str {
    match oddity {
        Oddity::NobodyAsks => "nobody",
        Oddity::EverybodyAsks => "everybody",
        Oddity::DoesNotDiscriminate => "flat",
        Oddity::OftenWithExaminer => "examiner",
    }
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    Query(which): Query<Which>,
) -> Result<ItemsPage, WebError> {
    let page = page.at(Place::Class);
    let (bar, scope) = Bar::of(&app, &page, &user, &which.group).await?;
    let cohort = classroom::cohort(&app.store, &app.catalogue, scope, None).await?;
    let all = item_statistics(&cohort);
    let looked_at = all.len();
    let wanted = |one: &ItemStatistics| {
        let is_kind = |oddity: &Oddity| which.kind.is_empty() || word(*oddity) == which.kind;
        one.oddities.iter().any(is_kind)
    };
    let odd: Vec<ItemStatistics> = all.into_iter().filter(wanted).collect();
    let items = item_views(&app, &page, &odd[..odd.len().min(MOST)]).await?;
    let kind = |oddity: Oddity| {
        let word = word(oddity);
        (word, page.named("item-odd", word), which.kind == word)
    };
    Ok(ItemsPage { kinds: KINDS.map(kind).into(), items, odd: odd.len(), looked_at, bar, page })
}

/// How items are shown: in the words of the newest version of their case.
pub(in super::super) async fn item_views(
    app: &App,
    page: &Frame,
    items: &[ItemStatistics],
) -> Result<Vec<ItemView>, WebError> {
    let mut newest: HashMap<&str, Option<Arc<Case>>> = HashMap::new();
    for one in items {
        if !newest.contains_key(one.case.as_str()) {
            let record = app.store.latest_case(&one.case).await?;
            newest.insert(&one.case, record.map(|record| app.catalogue.parsed(&record)).transpose()?);
        }
    }
    let case = |one: &ItemStatistics| newest.get(one.case.as_str()).and_then(Option::as_deref);
    Ok(items.iter().map(|one| item_view(page, one, case(one))).collect())
}

fn item_view(page: &Frame, one: &ItemStatistics, case: Option<&Case>) -> ItemView {
    let item = case.and_then(|case| case.rubric.iter().find(|item| item.id == one.item));
    let percent = |share: f64| format!("{}%", view::whole_percent(100.0 * share));
    ItemView {
        case: case.map_or_else(|| one.case.clone(), |case| case.title.get(page.language).to_owned()),
        text: item.map_or_else(|| one.item.clone(), |item| item.text.get(page.language).to_owned()),
        topic: item.and_then(|item| item.topics.first()).map(ToString::to_string).unwrap_or_default(),
        oddities: one.oddities.iter().map(|oddity| page.named("item-odd", word(*oddity))).collect(),
        asked: percent(one.asked.value()),
        n: one.asked.of,
        discrimination: one.discrimination.map_or_else(|| NONE.to_owned(), |value| format!("{value:.2}")),
        with_examiner: percent(one.with_examiner.value()),
    }
}
