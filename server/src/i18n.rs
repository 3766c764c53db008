//! Words in both languages, from `locales/{en,zh}/*.ftl`.
//!
//! The language of a page is the account's setting, else the cookie `lang`, else what the browser
//! accepts, else English.

use std::{borrow::Cow, collections::HashMap, fmt};

use fluent_templates::{
    LanguageIdentifier, Loader,
    fluent_bundle::{FluentValue, types::FluentNumber},
    langid, static_loader,
};
use jiff::{Timestamp, tz::TimeZone};
use knowledge_graph::Language;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Isolating marks would end up in attributes and in what tests compare.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Name of the cookie that remembers the language of someone who is not signed in.
pub const LANGUAGE_COOKIE: &str = "lang";

static EN: LanguageIdentifier = langid!("en");
static ZH: LanguageIdentifier = langid!("zh");

fn identifier(language: Language) -> &'static LanguageIdentifier {
    match language {
        Language::En => &EN,
        Language::Zh => &ZH,
    }
}

/// The language to answer in: `setting`, else `cookie`, else the header `Accept-Language`.
pub fn choose(setting: Option<Language>, cookie: Option<&str>, accept: Option<&str>) -> Language {
    setting
        .or_else(|| cookie.and_then(|tag| tag.parse().ok()))
        .or_else(|| accept.and_then(accepted))
        .unwrap_or_default()
}

/// The most wanted language of `Accept-Language` that this product has.
fn accepted(header: &str) -> Option<Language> {
    let mut wanted: Vec<(f32, Language)> = header
        .split(',')
        .filter_map(|range| {
            let (tag, quality) = range.split_once(";q=").unwrap_or((range, "1"));
            Some((quality.trim().parse().ok()?, tag.trim().parse().ok()?))
        })
        .collect();
    // Stable: of equals the first named wins.
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    wanted.first().filter(|(quality, _)| *quality > 0.0).map(|(_, language)| *language)
}

/// The text of `key` in `language`.
pub fn text(language: Language, key: &str) -> String {
    LOCALES.lookup(identifier(language), key)
}

/// The text of `key`, or nothing when there is none (keys made from ids in the graph's content).
pub fn optional(language: Language, key: &str) -> Option<String> {
    LOCALES.try_lookup(identifier(language), key)
}

/// A text with values put in.
#[derive(Clone, Debug)]
pub struct Phrase {
    language: Language,
    key: Cow<'static, str>,
    values: HashMap<Cow<'static, str>, FluentValue<'static>>,
}

impl Phrase {
    /// The text of `key`, values still to come.
    pub fn new(language: Language, key: &str) -> Self {
        Self { language, key: Cow::Owned(key.to_owned()), values: HashMap::new() }
    }

    /// Puts `value` where the text says `{$name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Value) -> Self {
        self.values.insert(Cow::Borrowed(name), value.fluent());
        self
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&LOCALES.lookup_with_args(identifier(self.language), &self.key, &self.values))
    }
}

/// A text in both languages, as the API's description shows it.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes `Bilingual`, which is what is sent")]
pub struct Text {
    /// English.
    en: String,
    /// Simplified Chinese.
    zh: String,
}

/// What a text can hold.
pub trait Value {
    /// As Fluent wants it.
    fn fluent(&self) -> FluentValue<'static>;
}

impl<T: Value + ?Sized> Value for &T {
    fn fluent(&self) -> FluentValue<'static> {
        (**self).fluent()
    }
}

impl Value for str {
    fn fluent(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_owned()))
    }
}

impl Value for String {
    fn fluent(&self) -> FluentValue<'static> {
        self.as_str().fluent()
    }
}

macro_rules! number_value {
    ($($kind:ty),+) => {$(
        impl Value for $kind {
            fn fluent(&self) -> FluentValue<'static> {
                FluentValue::Number(FluentNumber::from(*self))
            }
        }
    )+};
}
number_value!(u8, u16, u32, u64, usize, i64, f64);

/// A day and a time of day, in the time zone of the machine: "22 Nov 2026, 13:05",
/// "2026年11月22日 13:05".
pub fn moment(language: Language, at: Timestamp) -> String {
    let format = match language {
        Language::En => "%-d %b %Y, %H:%M",
        Language::Zh => "%Y年%-m月%-d日 %H:%M",
    };
    at.to_zoned(TimeZone::system()).strftime(format).to_string()
}

/// A day, in the time zone of the machine.
pub fn day(language: Language, at: Timestamp) -> String {
    let format = match language {
        Language::En => "%-d %b %Y",
        Language::Zh => "%Y年%-m月%-d日",
    };
    at.to_zoned(TimeZone::system()).strftime(format).to_string()
}

#[cfg(test)]
mod tests;
