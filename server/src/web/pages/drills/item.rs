//! One item, and taking its answer. It works without scripts: radios, selects, numbers.

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{
    super::frame::{Frame, Place},
    Wanted,
};
use crate::{
    app::{App, AppState},
    drilling::DrillError,
    learner::drills::{Answer, Item, Key},
    web::{auth::Explorer, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/drill.html")]
pub(in super::super) struct DrillPage {
    page: Frame,
    id: String,
    /// For the address that the answer goes to.
    query: String,
    attempt: String,
    kind: String,
    stem: String,
    question: String,
    shape: Shape,
    error: Option<String>,
}

/// How an answer is given.
enum Shape {
    /// One of the choices.
    One(Vec<String>),
    /// For each prompt one of the terms; with each prompt the term chosen so far, counted from 1.
    Pairs { prompts: Vec<(String, usize)>, terms: Vec<String> },
    /// For each choice its place; with each the place chosen so far.
    Order(Vec<(String, usize)>),
}

pub(in super::super) async fn get(
    State(app): State<AppState>,
    Explorer(_): Explorer,
    page: Frame,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<DrillPage, WebError> {
    let record = app.drilling.offered(&id).await?;
    let attempt = Uuid::from_u64_pair(app.seeds.next(), app.seeds.next());
    Ok(shown(page, record.item(), (attempt, &wanted), &[]))
}

fn shown(page: Frame, item: &Item, (attempt, wanted): (Uuid, &Wanted), fields: &[(String, String)]) -> DrillPage {
    let page = page.at(Place::Progress);
    let language = page.language;
    let choices = || item.choices.iter().map(|choice| choice.text.get(language).to_owned());
    let number = |value: Option<&str>| value.and_then(|value| value.parse().ok()).unwrap_or(0);
    let shape = match &item.key {
        Key::One(_) => Shape::One(choices().collect()),
        Key::Pairs(_) => {
            let prompt = |(at, text): (usize, &knowledge_graph::Bilingual)| {
                (text.get(language).to_owned(), number(values(fields, "pair").nth(at)))
            };
            Shape::Pairs { prompts: item.prompts.iter().enumerate().map(prompt).collect(), terms: choices().collect() }
        }
        Key::Order(_) => {
            Shape::Order(choices().enumerate().map(|(at, text)| (text, number(place_field(fields, at)))).collect())
        }
    };
    DrillPage {
        id: item.id.clone(),
        query: wanted.query(),
        attempt: attempt.to_string(),
        kind: page.named("drill-kind", item.kind.as_str()),
        stem: item.stem.get(language).to_owned(),
        question: item.question.get(language).to_owned(),
        shape,
        error: None,
        page,
    }
}

/// Grades the answer and leads to what was right; an answer that is not whole is asked for again.
pub(in super::super) async fn post(
    State(app): State<AppState>,
    Explorer(user): Explorer,
    page: Frame,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let attempt = values(&fields, "attempt").next().and_then(|attempt| attempt.parse().ok());
    let attempt: Uuid = attempt.ok_or_else(|| WebError::malformed("the form came without its `attempt`"))?;
    let leads_to = || Redirect::to(&format!("/drills/answers/{attempt}{}", wanted.query())).into_response();
    let Some(item) = item_of(&app, &id).await? else {
        return Ok(Redirect::to("/drills?done=gone").into_response());
    };
    match read(&item, &fields) {
        Ok(answer) => {
            app.drilling.answer(&app.learning, &user, (attempt, &id, answer), app.clock.now()).await?;
            Ok(leads_to())
        }
        Err(key) => {
            let mut again = shown(page, &item, (attempt, &wanted), &fields);
            again.error = Some(again.page.t(key));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
    }
}

/// The item, unless a teacher has taken it out meanwhile.
async fn item_of(app: &App, id: &str) -> Result<Option<Item>, WebError> {
    match app.drilling.offered(id).await {
        Ok(record) => Ok(Some(record.item().clone())),
        Err(DrillError::Unknown) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The place given to a choice. Lines may have been moved, so each has a name of its own.
fn place_field(fields: &[(String, String)], choice: usize) -> Option<&str> {
    let name = format!("place-{}", choice + 1);
    fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str())
}

fn values<'f>(fields: &'f [(String, String)], wanted: &'static str) -> impl Iterator<Item = &'f str> {
    fields.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

/// The answer, or the key of what to say when it is none yet.
fn read(item: &Item, fields: &[(String, String)]) -> Result<Answer, &'static str> {
    if values(fields, "unknown").next().is_some() {
        return Ok(Answer::Unknown);
    }
    match &item.key {
        Key::One(_) => {
            let chosen = values(fields, "choice").next().and_then(|value| value.parse::<usize>().ok());
            let chosen = chosen.and_then(|number| number.checked_sub(1)).filter(|at| *at < item.choices.len());
            chosen.map(Answer::One).ok_or("drill-choose-first")
        }
        Key::Pairs(_) => {
            let pair = |value: &str| value.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < item.choices.len());
            let mut pairs: Vec<Option<usize>> = values(fields, "pair").map(pair).collect();
            pairs.resize(item.prompts.len(), None);
            if pairs.iter().all(Option::is_none) { Err("drill-match-first") } else { Ok(Answer::Pairs(pairs)) }
        }
        Key::Order(_) => {
            let place = |choice: usize| place_field(fields, choice)?.parse::<usize>().ok();
            let places: Vec<Option<usize>> = (0..item.choices.len()).map(place).collect();
            let at = |place: usize| places.iter().position(|given| *given == Some(place));
            let order: Option<Vec<usize>> = (1..=item.choices.len()).map(at).collect();
            order.map(Answer::Order).ok_or("drill-each-place-once")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::drills::{DrillKind, Source};

    fn item(kind: DrillKind) -> Item {
        let source = Source::new(knowledge_graph::Graph::embedded().unwrap());
        (0..200).find_map(|seed| source.generate(kind, seed)).unwrap()
    }

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_choice_is_counted_from_one_and_must_exist() {
        let item = item(DrillKind::Ratio);
        assert_eq!(read(&item, &fields(&[("choice", "2")])), Ok(Answer::One(1)));
        for wrong in ["0", "9", "x", ""] {
            assert_eq!(read(&item, &fields(&[("choice", wrong)])), Err("drill-choose-first"), "{wrong}");
        }
        assert_eq!(read(&item, &fields(&[("choice", "2"), ("unknown", "1")])), Ok(Answer::Unknown));
    }

    #[test]
    fn every_place_is_given_once() {
        let mut item = item(DrillKind::Order);
        item.choices.truncate(3);
        let given = |[a, b, c]: [&str; 3]| read(&item, &fields(&[("place-2", b), ("place-1", a), ("place-3", c)]));
        assert_eq!(given(["2", "3", "1"]), Ok(Answer::Order(vec![2, 0, 1])));
        for wrong in [["2", "2", "1"], ["2", "1", ""], ["0", "1", "2"], ["1", "2", "4"]] {
            assert_eq!(given(wrong), Err("drill-each-place-once"), "{wrong:?}");
        }
    }

    #[test]
    fn a_pair_may_stay_open_but_not_all() {
        let item = item(DrillKind::LayWords);
        let given = |pairs: [&str; 4]| read(&item, &fields(&pairs.map(|pair| ("pair", pair))));
        assert_eq!(given(["5", "", "1", "2"]), Ok(Answer::Pairs(vec![Some(4), None, Some(0), Some(1)])));
        assert_eq!(given(["", "", "", ""]), Err("drill-match-first"));
    }
}
