//! Comments of teachers on a consultation or one exchange of it.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    debrief,
    frame::{Frame, Notice},
    view::Entry,
};
use crate::{
    app::{App, AppState},
    store::{CommentRecord, NewComment, User},
    web::{
        auth::{Teacher, encounter_for},
        error::WebError,
    },
};

/// Longest comment, in characters.
const LONGEST: usize = 2_000;
/// Letters of an exchange in the list to choose from.
const GLANCE: usize = 60;

/// The comments on one consultation, as its debrief shows them.
pub(super) struct Comments {
    pub(super) views: Vec<CommentView>,
    /// Exchanges to comment on: number and words.
    pub(super) exchanges: Vec<(u32, String)>,
}

/// One comment.
pub(super) struct CommentView {
    pub(super) id: Uuid,
    pub(super) who: String,
    pub(super) when: String,
    pub(super) text: String,
    /// The exchange it is on: number and the student's words.
    pub(super) exchange: Option<(u32, String)>,
    /// For its author: whether the student has seen it.
    pub(super) seen: Option<String>,
    /// Whether the reader may take it back.
    pub(super) own: bool,
    pub(super) withdrawn: bool,
    pub(super) is_new: bool,
}

impl Comments {
    /// The comments that `user` may see: all that stand, and one's own that were taken back.
    pub(super) async fn of(
        app: &App,
        page: &Frame,
        (user, encounter): (&User, Uuid),
        entries: &[Entry],
    ) -> Result<Self, WebError> {
        let records = app.store.comments(encounter).await?;
        let shown = records.iter().filter(|one| one.withdrawn.is_none() || one.author == Some(user.id));
        let said = entries.iter().filter_map(|entry| match entry {
            Entry::Student { index, text, .. } => Some((*index, text.chars().take(GLANCE).collect())),
            _ => None,
        });
        let exchanges: Vec<(u32, String)> = said.collect();
        Ok(Self { views: shown.map(|one| view(page, user, &exchanges, one)).collect(), exchanges })
    }
}

fn view(page: &Frame, user: &User, exchanges: &[(u32, String)], one: &CommentRecord) -> CommentView {
    let own = one.author == Some(user.id);
    let seen = one.seen.map_or_else(
        || page.t("comment-unseen"),
        |at| page.say("comment-seen").with("when", page.moment(at)).to_string(),
    );
    CommentView {
        id: one.id,
        who: one.author_name.clone().unwrap_or_else(|| page.t("decide-somebody")),
        when: page.moment(one.at),
        text: one.text.clone(),
        exchange: one.exchange.and_then(|on| exchanges.iter().find(|(index, _)| *index == on).cloned()),
        seen: own.then_some(seen),
        own,
        withdrawn: one.withdrawn.is_some(),
        is_new: one.seen.is_none() && !own,
    }
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct CommentForm {
    /// An exchange's number; empty for the whole consultation.
    #[serde(default)]
    exchange: String,
    text: String,
}

/// Keeps a comment.
pub(super) async fn post(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    mut page: Frame,
    Path(id): Path<Uuid>,
    Form(form): Form<CommentForm>,
) -> Result<Response, WebError> {
    let encounter = encounter_for(&app, &user, id).await?;
    let text = form.text.trim().replace("\r\n", "\n");
    if text.is_empty() || text.chars().count() > LONGEST {
        page.notice = Some(Notice::wrong(page.say("comment-invalid").with("most", LONGEST).to_string()));
        let shown = debrief::page_of(&app, &user, page, &encounter).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let new = NewComment { encounter: id, exchange: form.exchange.parse().ok(), author: user.id, text };
    let now = app.clock.now();
    app.store.comment(new, now).await?;
    app.store.record(Some(user.id), "comment-made", &format!("encounter:{id}"), now).await?;
    Ok(Redirect::to(&format!("/consultations/{id}/debrief#comments")).into_response())
}

/// What is to become of a comment.
#[derive(Deserialize)]
pub(super) struct Withdrawal {
    #[serde(default)]
    restore: bool,
}

/// Takes one's own comment back, or lets it stand again.
pub(super) async fn withdraw(
    State(app): State<AppState>,
    Teacher(user): Teacher,
    Path(id): Path<Uuid>,
    Form(form): Form<Withdrawal>,
) -> Result<Redirect, WebError> {
    let at = (!form.restore).then(|| app.clock.now());
    let encounter = app.store.withdraw_comment(id, user.id, at).await?;
    Ok(Redirect::to(&format!("/consultations/{encounter}/debrief#comments")))
}
