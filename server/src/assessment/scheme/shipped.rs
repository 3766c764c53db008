//! The schemes that are part of the program.

use std::sync::LazyLock;

use cases::Problem;

use super::{Scheme, content_hash, parse};

/// The scheme used where nobody chose one.
pub const DEFAULT: &str = "checklist";

/// A scheme to begin one's own from, with every key explained.
pub const EXAMPLE: &str = include_str!("shipped/example.toml");

const FILES: [(&str, &str); 5] = [
    ("checklist", include_str!("shipped/checklist.toml")),
    ("cn-nmle-history-15", include_str!("shipped/cn-nmle-history-15.toml")),
    ("cn-nmle-history-15-written", include_str!("shipped/cn-nmle-history-15-written.toml")),
    ("uk-domains-12", include_str!("shipped/uk-domains-12.toml")),
    ("us-data-gathering", include_str!("shipped/us-data-gathering.toml")),
];

/// A scheme that is part of the program.
#[derive(Debug)]
pub struct Shipped {
    /// The scheme.
    pub scheme: Scheme,
    /// Its file.
    pub text: &'static str,
    /// SHA-256 of the file.
    pub sha256: String,
}

static SHIPPED: LazyLock<Result<Vec<Shipped>, Vec<Problem>>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(id, text)| {
            let scheme = parse(text, &format!("{id}.toml"))?;
            Ok(Shipped { scheme, text, sha256: content_hash(text) })
        })
        .collect()
});

/// Every shipped scheme. None of them is missing: a test reads them all.
pub fn shipped() -> &'static [Shipped] {
    SHIPPED.as_deref().unwrap_or_default()
}

/// The shipped scheme of that id.
pub fn shipped_scheme(id: &str) -> Option<&'static Shipped> {
    shipped().iter().find(|shipped| shipped.scheme.id == id)
}
