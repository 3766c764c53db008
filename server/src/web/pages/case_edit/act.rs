//! What the buttons of the form do. Whatever is pressed, what was typed is kept first.

use ::cases::{Case, Severity};
use knowledge_graph::{Language, TopicKind};
use tokio::sync::mpsc;

use super::{Frame, draft, is_unready, parsed};
use crate::{
    app::AppState,
    authoring::{
        field::{self, Refused, topic},
        growth,
    },
    encounter::{Exchange, LONGEST_TURN},
    store::{CaseStatus, DraftRecord, TurnRecord, User},
    web::error::WebError,
};

/// Seed of the tried conversation: the same questions have the same answers.
const SEED: u64 = 1;

/// What came of a request.
pub(super) struct Acted {
    pub(super) refused: Vec<Refused>,
    pub(super) deed: Deed,
}

/// Where to go on.
pub(super) enum Deed {
    /// In the form, at this anchor.
    Shown(String),
    /// On another page.
    Elsewhere(String),
}

fn named<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text.trim())
}

/// Lays the fields over the step they were shown for, then does what the button `do` says.
pub(super) async fn act(
    app: &AppState,
    user: &User,
    page: &Frame,
    id: &str,
    fields: &[(String, String)],
) -> Result<Acted, WebError> {
    let draft = draft(app, user, id).await?;
    // Somebody may have gone on in another window. What is typed here belongs to the step it was
    // typed on; the other window's step can be had back by undoing.
    let shown = named(fields, "step").parse().unwrap_or(draft.step);
    let base = app.store.draft_step(user.id, id, shown).await?.unwrap_or_else(|| draft.toml.clone());
    let case = parsed(&base)?;
    let (mut case, mut refused) = field::apply(&case, fields, app.graph).map_err(|error| WebError::internal(&error))?;
    growth::name_diagnosis(&mut case, app.graph);
    app.store.add_draft_step(user.id, id, ::cases::to_toml(&case), app.clock.now()).await?;
    let (verb, what) = named(fields, "do").split_once(' ').unwrap_or((named(fields, "do"), ""));
    let deed = match verb {
        "undo" | "redo" => {
            app.store.move_draft(user.id, id, if verb == "undo" { -1 } else { 1 }).await?;
            Deed::Shown("top".to_owned())
        }
        "ask" | "forget" => {
            talk(app, user, page, &draft, (&case, fields), verb == "ask").await?;
            Deed::Shown("try".to_owned())
        }
        "discard" => {
            app.store.discard_draft(user.id, id).await?;
            let stored = app.store.latest_case(id).await?.is_some();
            Deed::Elsewhere(if stored {
                format!("/manage/cases/{id}/edit?done=discarded")
            } else {
                "/manage/cases/write".to_owned()
            })
        }
        "keep" | "publish" => save(app, user, id, case, verb == "publish").await?,
        _ => {
            let anchor = grow(app, &mut case, (verb, what), fields, &mut refused);
            app.store.add_draft_step(user.id, id, ::cases::to_toml(&case), app.clock.now()).await?;
            Deed::Shown(anchor)
        }
    };
    Ok(Acted { refused, deed })
}

/// Adds or removes; the anchor to go on at. An unknown verb only kept what was typed.
fn grow(
    app: &AppState,
    case: &mut Case,
    (verb, what): (&str, &str),
    fields: &[(String, String)],
    refused: &mut Vec<Refused>,
) -> String {
    let graph = app.graph;
    let field = format!("new.{}", verb.strip_prefix("add-").unwrap_or_default());
    let text = if what.is_empty() { named(fields, &field) } else { what };
    let meant = |refused: &mut Vec<Refused>| match topic(text, graph) {
        Ok(topic) => Some(topic),
        Err(why) => {
            refused.push(Refused { path: field.clone(), text: text.to_owned(), why });
            None
        }
    };
    let anchor = match verb {
        "remove" => growth::remove(case, what).then(|| what.split('[').next().unwrap_or_default().to_owned()),
        "suggest-rubric" => (growth::add_suggested_items(case, graph) > 0).then(|| "rubric".to_owned()),
        "add-fact" => meant(refused).map(|topic| format!("fact[{}]", growth::add_fact(case, &topic, graph))),
        "add-rubric" => meant(refused).map(|topic| format!("rubric[{}]", growth::add_item(case, &topic, graph))),
        "add-test" => meant(refused).and_then(|topic| growth::add_test(case, &topic, graph)),
        "add-differential" => meant(refused)
            .filter(|topic| topic.kind() == TopicKind::Disease)
            .map(|topic| format!("diagnosis.differential[{}]", growth::add_differential(case, topic.name(), graph))),
        _ => None,
    };
    anchor.unwrap_or_else(|| "top".to_owned())
}

/// Stores the draft as the next version of its case; unready ones stay drafts.
async fn save(app: &AppState, user: &User, id: &str, case: Case, publish: bool) -> Result<Deed, WebError> {
    let unready = || Deed::Elsewhere(format!("/manage/cases/{id}/edit?done=unready"));
    if ::cases::check(&case, app.graph).iter().any(|problem| problem.severity == Severity::Error) {
        return Ok(unready());
    }
    let newest = app.store.latest_case(id).await?;
    let version = newest.as_ref().map_or(1, |stored| stored.version.saturating_add(1));
    let same = newest.as_ref().filter(|stored| {
        let kept = Case { version: stored.version, ..case.clone() };
        stored.hash == ::cases::content_hash(&kept)
    });
    let version = same.map_or(version, |stored| stored.version);
    let case = Case { version, ..case };
    let now = app.clock.now();
    if same.is_none() {
        match app.catalogue.bring_in(&::cases::to_toml(&case), app.graph, user.id, now).await {
            Ok(_) => {}
            Err(error) if is_unready(&error) => return Ok(unready()),
            Err(error) => return Err(error.into()),
        }
    }
    if publish {
        app.catalogue.set_status((id, version), CaseStatus::Published, app.graph, user.id, now).await?;
    }
    app.store.discard_draft(user.id, id).await?;
    let to = if publish {
        format!("/manage/cases?done=published&case={id}")
    } else {
        format!("/manage/cases/{id}/{version}?done=saved")
    };
    Ok(Deed::Elsewhere(to))
}

/// Asks the patient as written, or begins the conversation anew.
async fn talk(
    app: &AppState,
    user: &User,
    page: &Frame,
    draft: &DraftRecord,
    (case, fields): (&Case, &[(String, String)]),
    asks: bool,
) -> Result<(), WebError> {
    let said: String = named(fields, "ask.said").chars().take(LONGEST_TURN).collect();
    let mut talk = if asks { draft.talk.clone() } else { Vec::new() };
    if asks && said.is_empty() {
        return Ok(());
    }
    if asks {
        let language: Language = named(fields, "ask.language").parse().unwrap_or(page.language);
        let language = case.only.unwrap_or(language);
        let (nobody, unheard) = mpsc::channel(1);
        drop(unheard);
        let exchange = Exchange { case, language, seed: SEED, earlier: &talk, said: &said };
        let answered = app.encounters.reply(&exchange, &nobody).await;
        let index = u32::try_from(talk.len()).unwrap_or(u32::MAX);
        let said_at = answered.reply.at;
        talk.push(TurnRecord { index, key: index.to_string(), said, said_at, reply: Some(answered.reply) });
    }
    app.store.keep_draft_talk(user.id, &draft.id, &talk).await?;
    Ok(())
}
