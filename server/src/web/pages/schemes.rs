//! Marking schemes: those there are, which marks what, and bringing in one's own.

use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;
use axum::{
    Form,
    extract::{Multipart, Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    frame::{Frame, Notice, Place},
    teacher_case_new::{ProblemView, problem_view, read},
};
use crate::{
    app::{App, AppState},
    assessment::{
        conduct::Rules,
        scheme::{CriticalRule, EXAMPLE, PassMark, Points, Scheme},
    },
    schemes::{NamedScheme, SchemeError},
    store::StoreError,
    web::{auth::Teacher, error::WebError},
};

#[derive(Template, WebTemplate)]
#[template(path = "pages/schemes.html")]
pub(super) struct SchemesPage {
    page: Frame,
    schemes: Vec<SchemeView>,
    places: Vec<PlaceView>,
    case_choices: Vec<PlaceView>,
    cases: Vec<OptionView>,
    problems: Vec<ProblemView>,
    text: String,
}

struct SchemeView {
    id: String,
    version: u32,
    title: String,
    about: String,
    points: String,
    shipped: bool,
}

/// Something that a scheme is chosen for.
struct PlaceView {
    place: String,
    label: String,
    options: Vec<OptionView>,
}

struct OptionView {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

pub(super) async fn get(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Query(done): Query<Done>,
) -> Result<SchemesPage, WebError> {
    let mut page = page.at(Place::Manage);
    page.notice = match done.done.as_str() {
        "saved" => Some(Notice::good(page.t("scheme-saved"))),
        "chosen" => Some(Notice::good(page.t("scheme-chosen"))),
        _ => None,
    };
    listing(&app, page, Vec::new(), String::new()).await
}

async fn listing(app: &App, page: Frame, problems: Vec<ProblemView>, text: String) -> Result<SchemesPage, WebError> {
    let all = app.schemes.all().await?;
    let chosen: BTreeMap<String, String> =
        app.schemes.choices().await?.into_iter().map(|choice| (choice.place, choice.scheme)).collect();
    let options = |place: &str| options(&page, &all, chosen.get(place).map(String::as_str));
    let place = |place: &str, label: String| PlaceView { place: place.to_owned(), label, options: options(place) };
    let places = vec![place("practice", page.t("mode-practice")), place("exam", page.t("mode-exam"))];
    let published = app.catalogue.published().await?;
    let title = |id: &str| {
        let case = published.iter().find(|case| case.id == id);
        case.map_or_else(|| id.to_owned(), |case| case.title.get(page.language).to_owned())
    };
    let of_cases = chosen.keys().filter_map(|at| Some((at, at.strip_prefix("case:")?)));
    let case_choices = of_cases.map(|(at, id)| place(at, title(id))).collect();
    let cases = published.iter().map(|case| OptionView {
        value: format!("case:{}", case.id),
        label: case.title.get(page.language).to_owned(),
        chosen: false,
    });
    let cases = cases.collect();
    let schemes = all.iter().map(|named| view(&page, named)).collect();
    Ok(SchemesPage { page, schemes, places, case_choices, cases, problems, text })
}

fn view(page: &Frame, named: &NamedScheme) -> SchemeView {
    let scheme = &named.scheme;
    SchemeView {
        id: scheme.id.clone(),
        version: scheme.version,
        title: scheme.title.get(page.language).to_owned(),
        about: scheme.about.get(page.language).to_owned(),
        points: scheme.parts.iter().map(|part| part.points).sum::<Points>().to_string(),
        shipped: named.shipped,
    }
}

/// Every scheme, and first the way to leave it to the case.
fn options(page: &Frame, all: &[NamedScheme], chosen: Option<&str>) -> Vec<OptionView> {
    let none = OptionView { value: String::new(), label: page.t("scheme-not-chosen"), chosen: chosen.is_none() };
    let each = all.iter().map(|named| OptionView {
        value: named.scheme.id.clone(),
        label: named.scheme.title.get(page.language).to_owned(),
        chosen: chosen == Some(named.scheme.id.as_str()),
    });
    std::iter::once(none).chain(each).collect()
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    place: String,
    #[serde(default)]
    scheme: String,
}

/// Chooses a scheme for practice, exams or a case.
pub(super) async fn choose(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Form(form): Form<Chosen>,
) -> Result<Redirect, WebError> {
    let scheme = Some(form.scheme.as_str()).filter(|scheme| !scheme.is_empty());
    app.schemes.choose(&form.place, scheme, user.id, app.clock.now()).await?;
    Ok(Redirect::to("/manage/schemes?done=chosen"))
}

/// Checks a scheme and stores it, or says what to mend and gives the text back.
pub(super) async fn add(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    page: Frame,
    form: Multipart,
) -> Result<Response, WebError> {
    let page = page.at(Place::Manage);
    let text = match read(form).await? {
        Ok(text) => text,
        Err(key) => {
            let problem = ProblemView::whole(page.t(key));
            return refused(&app, page, vec![problem], String::new()).await;
        }
    };
    let said = match app.schemes.bring_in(&text, user.id, app.clock.now()).await {
        Ok(_) => return Ok(Redirect::to("/manage/schemes?done=saved").into_response()),
        Err(SchemeError::Invalid(problems)) => problems.iter().map(|problem| problem_view(&page, problem)).collect(),
        Err(SchemeError::Shipped(id)) => {
            vec![ProblemView::whole(page.say("scheme-is-shipped").with("id", id).to_string())]
        }
        Err(SchemeError::Store(StoreError::SchemeVersionTaken { id, version })) => {
            let said = page.say("scheme-version-taken").with("id", id).with("version", version);
            vec![ProblemView::whole(said.to_string())]
        }
        Err(error) => return Err(error.into()),
    };
    refused(&app, page, said, text).await
}

async fn refused(app: &App, page: Frame, problems: Vec<ProblemView>, text: String) -> Result<Response, WebError> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, listing(app, page, problems, text).await?).into_response())
}

/// An example to begin one's own from.
pub(super) async fn example(_: Teacher) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"scheme.toml\""),
    ];
    (headers, EXAMPLE).into_response()
}

#[derive(Template, WebTemplate)]
#[template(path = "pages/scheme.html")]
pub(super) struct SchemePage {
    page: Frame,
    scheme: SchemeView,
    hash: String,
    facts: Vec<(String, String)>,
    parts: Vec<PartView>,
    penalties: Vec<(String, String)>,
    toml: String,
}

struct PartView {
    domain: String,
    title: String,
    points: String,
    takes: String,
}

/// One scheme, in words and as its file.
pub(super) async fn one(
    State(app): State<AppState>,
    Teacher(_): Teacher,
    page: Frame,
    Path(id): Path<String>,
) -> Result<SchemePage, WebError> {
    let page = page.at(Place::Manage);
    let named = app.schemes.named(&id).await?;
    let scheme = &named.scheme;
    let rules = Rules::embedded().map_err(|error| WebError::internal(&error))?;
    let domain = |id: &str| {
        let found = scheme.domains.iter().find(|domain| domain.id == id);
        found.map_or_else(String::new, |domain| domain.title.get(page.language).to_owned())
    };
    let parts = scheme.parts.iter().map(|part| PartView {
        domain: domain(&part.domain),
        title: part.title.get(page.language).to_owned(),
        points: part.points.to_string(),
        takes: takes(&page, rules, part),
    });
    let penalties = scheme.penalties.iter().map(|penalty| {
        let title = rules.harm(&penalty.harm).map_or(penalty.harm.as_str(), |harm| harm.title.get(page.language));
        (title.to_owned(), penalty.points.to_string())
    });
    Ok(SchemePage {
        scheme: view(&page, &named),
        facts: facts(&page, scheme),
        parts: parts.collect(),
        penalties: penalties.collect(),
        hash: named.sha256.chars().take(12).collect(),
        toml: named.text,
        page,
    })
}

fn facts(page: &Frame, scheme: &Scheme) -> Vec<(String, String)> {
    let pass = match scheme.pass {
        None => page.t("scheme-pass-none"),
        Some(PassMark::Percent(percent)) => format!("{percent} %"),
        Some(PassMark::Points(points)) => points.to_string(),
    };
    let critical = match scheme.critical.rule {
        CriticalRule::None => page.t("scheme-critical-none"),
        CriticalRule::Fail => page.t("scheme-critical-fail"),
        CriticalRule::Cap => {
            page.say("scheme-critical-cap").with("percent", scheme.critical.at_most_percent.unwrap_or(100)).to_string()
        }
    };
    vec![
        (page.t("scheme-step"), scheme.step.to_string()),
        (page.t("scheme-pass"), pass),
        (page.t("scheme-critical"), critical),
    ]
}

/// What a part takes, in words.
fn takes(page: &Frame, rules: &Rules, part: &crate::assessment::scheme::Part) -> String {
    let mut said: Vec<String> = part.sections.iter().map(|section| page.named("section", section.as_str())).collect();
    said.extend(part.named.iter().cloned());
    said.extend(part.facets.iter().map(|facet| page.named("facet", facet.as_str())));
    said.extend(part.topics.iter().cloned());
    said.extend(part.critical.then(|| page.t("item-critical")));
    said.extend(part.rest.then(|| page.t("scheme-rest")));
    said.extend(part.conduct.iter().map(|id| match rules.rule(id) {
        Some(rule) => rule.title.get(page.language).to_owned(),
        None => page.named("judgement", id),
    }));
    said.join(if page.is_english() { ", " } else { "、" })
}
