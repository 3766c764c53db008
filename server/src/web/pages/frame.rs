//! What every page has around its content: language, who is signed in, navigation, a notice.

use std::{convert::Infallible, fmt};

use askama::filters::HtmlSafe;
use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{header, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use knowledge_graph::Language;

use super::assets;
use crate::{
    app::AppState,
    i18n::{self, Phrase},
    store::{Role, User},
    web::auth::Viewer,
};

/// The frame of a page. As an extractor it never fails: when nobody can be identified the page is
/// for nobody.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) language: Language,
    pub(super) who: Option<User>,
    /// Path and query of this page, for coming back after the language was switched.
    pub(super) path: String,
    pub(super) notice: Option<Notice>,
    here: Option<Place>,
}

/// A message above the content.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    pub(super) tone: &'static str,
    pub(super) text: String,
}

impl Notice {
    /// Something was done.
    pub(super) fn good(text: impl Into<String>) -> Self {
        Self { tone: "good", text: text.into() }
    }

    /// Something was not done.
    pub(super) fn wrong(text: impl Into<String>) -> Self {
        Self { tone: "wrong", text: text.into() }
    }

    pub(super) fn icon(&self) -> &'static str {
        if self.tone == "good" { "circle-check" } else { "circle-alert" }
    }
}

/// An entry of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Home,
    Cases,
    Progress,
    Graph,
    MyData,
    Class,
    Manage,
    Users,
    Engine,
}

pub(super) struct NavigationEntry {
    pub(super) href: &'static str,
    pub(super) icon: &'static str,
    pub(super) label: String,
    pub(super) current: bool,
}

/// A symbol of the sprite, hidden from screen readers: text stands beside it.
pub(super) struct Icon {
    name: String,
    class: &'static str,
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sprite = assets::address("vendor/lucide/icons.svg");
        write!(f, r#"<svg class="{}" aria-hidden="true"><use href="{sprite}#{}"/></svg>"#, self.class, self.name)
    }
}

// Names come from templates and code, never from a person.
impl HtmlSafe for Icon {}

impl FromRequestParts<AppState> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let who = Viewer::from_request_parts(parts, state).await.map_or(None, |Viewer(user)| user);
        let jar = CookieJar::from_headers(&parts.headers);
        let language = i18n::choose(
            who.as_ref().and_then(|user| user.language),
            jar.get(i18n::LANGUAGE_COOKIE).map(axum_extra::extract::cookie::Cookie::value),
            parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
        );
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        let path = uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str).to_owned();
        Ok(Self { language, who, path, notice: None, here: None })
    }
}

impl Frame {
    /// The frame of a page for nobody, in this language.
    #[cfg(test)]
    pub(super) fn of(language: Language) -> Self {
        Self { language, who: None, path: String::new(), notice: None, here: None }
    }

    /// This frame with `place` marked in the navigation.
    #[must_use]
    pub(super) fn at(mut self, place: Place) -> Self {
        self.here = Some(place);
        self
    }

    /// The text of `key`.
    pub(super) fn t(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    /// The text of `key`, values still to come.
    pub(super) fn say(&self, key: &str) -> Phrase {
        Phrase::new(self.language, key)
    }

    /// The text of the key `prefix-name`, or `name` as it is.
    pub(super) fn named(&self, prefix: &str, name: &str) -> String {
        i18n::optional(self.language, &format!("{prefix}-{name}")).unwrap_or_else(|| name.to_owned())
    }

    pub(super) fn moment(&self, at: Timestamp) -> String {
        i18n::moment(self.language, at)
    }

    pub(super) fn day(&self, at: Timestamp) -> String {
        i18n::day(self.language, at)
    }

    #[expect(clippy::unused_self, reason = "templates reach everything through the page")]
    pub(super) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    #[expect(clippy::unused_self, reason = "templates reach everything through the page")]
    pub(super) fn icon(&self, name: &str) -> Icon {
        Icon { name: name.to_owned(), class: "icon" }
    }

    #[expect(clippy::unused_self, reason = "templates reach everything through the page")]
    pub(super) fn large_icon(&self, name: &str) -> Icon {
        Icon { name: name.to_owned(), class: "icon large" }
    }

    pub(super) fn is_english(&self) -> bool {
        self.language == Language::En
    }

    pub(super) fn lang_tag(&self) -> &'static str {
        lang_tag(self.language)
    }

    pub(super) fn other_language(&self) -> Language {
        match self.language {
            Language::En => Language::Zh,
            Language::Zh => Language::En,
        }
    }

    pub(super) fn other_lang_tag(&self) -> &'static str {
        lang_tag(self.other_language())
    }

    /// Each language is named in itself.
    pub(super) fn other_language_name(&self) -> &'static str {
        match self.other_language() {
            Language::En => "English",
            Language::Zh => "中文",
        }
    }

    pub(super) fn navigation(&self) -> Vec<NavigationEntry> {
        let Some(user) = &self.who else { return Vec::new() };
        let places: &[Place] = match user.role {
            Role::Student => &[Place::Home, Place::Cases, Place::Progress, Place::Graph, Place::MyData],
            Role::Teacher => &[Place::Class, Place::Manage, Place::Cases, Place::Graph, Place::MyData],
            Role::Admin => {
                &[Place::Class, Place::Manage, Place::Cases, Place::Graph, Place::Users, Place::Engine, Place::MyData]
            }
        };
        places.iter().map(|place| self.entry(*place, user.role)).collect()
    }

    fn entry(&self, place: Place, role: Role) -> NavigationEntry {
        let (href, icon, label) = match place {
            Place::Home => ("/home", "house", self.t("nav-home")),
            Place::Cases if role == Role::Student => ("/cases", "stethoscope", self.t("nav-cases")),
            Place::Cases => ("/cases", "stethoscope", self.t("nav-practise")),
            Place::Progress => ("/progress", "chart-column", self.t("nav-progress")),
            Place::Graph => ("/graph", "network", self.t("nav-graph")),
            Place::MyData => ("/my-data", "database", self.t("nav-my-data")),
            Place::Class => ("/class", "users", self.t("nav-class")),
            Place::Manage => ("/manage/cases", "folder-open", self.t("nav-manage")),
            Place::Users => ("/admin/users", "key-round", self.t("nav-users")),
            Place::Engine => ("/admin/engine", "cpu", self.t("nav-engine")),
        };
        NavigationEntry { href, icon, label, current: self.here == Some(place) }
    }
}

/// The tag for `lang` attributes: browsers choose Chinese faces by it.
pub(super) const fn lang_tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh-CN",
    }
}
