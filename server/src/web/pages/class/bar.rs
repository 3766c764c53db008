//! What stands above every page of a class: which group is looked at.

use uuid::Uuid;

use super::super::frame::Frame;
use crate::{
    app::App,
    classroom::{self, View},
    store::{Scope, User},
    web::error::WebError,
};

/// The chosen group and the ones to choose from.
pub(in super::super) struct Bar {
    /// Groups to choose from, with whether each is chosen.
    pub(in super::super) groups: Vec<(Uuid, String, bool)>,
    /// The chosen group's id; empty for all students.
    pub(in super::super) group: String,
    /// Its name, or what all students are called here.
    pub(in super::super) name: String,
    /// What choosing no group means.
    pub(in super::super) all: String,
    /// Whether a focus can be marked for those who are looked at.
    pub(in super::super) can_mark: bool,
    /// Finished consultations that are not counted yet.
    pub(in super::super) waiting: u32,
}

impl Bar {
    /// The bar for `teacher` with `group` chosen, and whose consultations that is.
    pub(in super::super) async fn of(
        app: &App,
        page: &Frame,
        teacher: &User,
        group: &str,
    ) -> Result<(Self, Scope), WebError> {
        let View { scope, group: chosen, groups } = classroom::view(&app.store, teacher, group).await?;
        let widest = classroom::widest_scope(&app.store, teacher).await?;
        let all = page.t(if widest == Scope::Everyone { "class-everyone" } else { "class-all-groups" });
        let listed = groups.into_iter().map(|one| {
            let is_chosen = chosen.as_ref().is_some_and(|chosen| chosen.id == one.id);
            (one.id, one.name, is_chosen)
        });
        let bar = Self {
            groups: listed.collect(),
            can_mark: chosen.is_some() || widest == Scope::Everyone,
            group: chosen.as_ref().map(|chosen| chosen.id.to_string()).unwrap_or_default(),
            name: chosen.map_or_else(|| all.clone(), |chosen| chosen.name),
            all,
            waiting: app.store.count_results_due().await?,
        };
        Ok((bar, scope))
    }

    /// `?group=…` or `?`, for links within the class: more may follow.
    pub(in super::super) fn query(&self) -> String {
        if self.group.is_empty() { "?".to_owned() } else { format!("?group={}&", self.group) }
    }
}
