//! The reader's time zone: what the browser says it is, else the machine's.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use axum_extra::extract::cookie::CookieJar;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::frame::Frame;
use crate::app::AppState;
use knowledge_graph::Language;

/// Name of the cookie in which the script of every page keeps the browser's time zone.
const COOKIE: &str = "zone";
/// How a form gives a moment, and wants it.
const IN_FORMS: &str = "%Y-%m-%dT%H:%M";

/// A time zone.
#[derive(Clone, Debug)]
pub(super) struct Zone(TimeZone);

impl FromRequestParts<AppState> for Zone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let named = jar.get(COOKIE).and_then(|cookie| TimeZone::get(cookie.value()).ok());
        Ok(Self(named.unwrap_or_else(TimeZone::system)))
    }
}

impl Zone {
    /// What the clock on the wall shows.
    pub(super) fn civil(&self, at: Timestamp) -> DateTime {
        at.to_zoned(self.0.clone()).datetime()
    }

    /// The moment as a field of a form wants it.
    pub(super) fn in_form(&self, at: Timestamp) -> String {
        self.civil(at).strftime(IN_FORMS).to_string()
    }

    /// The moment that a field of a form gives; none when it is none, or one that the clocks skip is moved
    /// on.
    pub(super) fn of_form(&self, text: &str) -> Option<Timestamp> {
        let at: DateTime = text.parse().ok()?;
        at.to_zoned(self.0.clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// A day and a time of day: "Mon 2 Mar 2026, 13:05", "2026年3月2日 13:05".
    pub(super) fn moment(&self, page: &Frame, at: Timestamp) -> String {
        let format = match page.language {
            Language::En => "%a %-d %b %Y, %H:%M",
            Language::Zh => "%Y年%-m月%-d日 %H:%M",
        };
        self.civil(at).strftime(format).to_string()
    }

    /// What the zone is called: "Europe/Berlin", else its distance from UTC.
    pub(super) fn name(&self, now: Timestamp) -> String {
        match self.0.iana_name() {
            Some(name) => name.to_owned(),
            None => format!("UTC{}", self.0.to_offset(now)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_survives_the_way_through_a_form() {
        let zone = Zone(TimeZone::get("Asia/Shanghai").unwrap());
        let at: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();

        assert_eq!(zone.in_form(at), "2026-03-02T20:00");
        assert_eq!(zone.of_form("2026-03-02T20:00"), Some(at));
        assert_eq!(zone.of_form("soon"), None);
    }
}
