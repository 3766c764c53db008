//! Shapes that several answers share.

use utoipa::ToSchema;

/// A text in both languages.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes `Bilingual`, which is what is sent")]
pub(super) struct Text {
    /// English.
    en: String,
    /// Simplified Chinese.
    zh: String,
}
