//! Style sheets, scripts, icons and pictures, embedded in the binary.
//!
//! All files hang below one folder named by the hash of their content, so that scripts can import
//! each other by relative paths and browsers may keep every file for a year.

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use crate::app::AppState;

#[derive(RustEmbed)]
#[folder = "../static/"]
#[exclude = "*.md"]
struct Files;

/// Eight bytes of the hash over all names and contents.
static EDITION: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort_unstable();
    let mut hasher = Sha256::new();
    for name in names {
        hasher.update(name.as_bytes());
        hasher.update([0]);
        if let Some(file) = Files::get(&name) {
            hasher.update(file.metadata.sha256_hash());
        }
    }
    hasher.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
});

/// The address of the file `name`, such as `css/base.css`.
pub(super) fn address(name: &str) -> String {
    debug_assert!(Files::get(name).is_some(), "no static file {name}");
    format!("/static/{}/{name}", *EDITION)
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/static/{edition}/{*name}", get(file)).route("/favicon.ico", get(favicon))
}

async fn file(Path((edition, name)): Path<(String, String)>) -> Response {
    let Some(file) = Files::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(&name)));
    // A page of an earlier edition still finds its files, but may not keep ours under its name.
    let keep = if edition == *EDITION { "public, max-age=31536000, immutable" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    (headers, file.data).into_response()
}

/// The media type, by the ending of the name.
fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

async fn favicon() -> Response {
    file(Path((EDITION.clone(), "mark.svg".to_owned()))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn this_edition_is_kept_and_any_other_is_not() {
        let this = file(Path((EDITION.clone(), "css/base.css".to_owned()))).await;
        let other = file(Path(("0123456789abcdef".to_owned(), "css/base.css".to_owned()))).await;

        assert_eq!(this.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(this.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(other.headers()[header::CACHE_CONTROL], "no-store");
    }

    #[tokio::test]
    async fn a_name_outside_the_folder_is_not_found() {
        for name in ["../Cargo.toml", "css/../../Cargo.toml", "nothing.css", ""] {
            let response = file(Path((EDITION.clone(), name.to_owned()))).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[test]
    fn every_file_that_templates_name_exists() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates");
        let mut named = 0;
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for (at, call) in text.match_indices("page.asset(\"") {
                    let name = text[at + call.len()..].split('"').next().unwrap();
                    assert!(Files::get(name).is_some(), "{}: {name}", path.display());
                    named += 1;
                }
            }
        }
        assert!(named > 10);
    }

    #[test]
    fn every_icon_that_templates_name_is_in_the_sprite() {
        let sprite = String::from_utf8(Files::get("vendor/lucide/icons.svg").unwrap().data.into_owned()).unwrap();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates/pages");
        let mut named = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for (at, call) in text.match_indices("icon(\"") {
                let name = text[at + call.len()..].split('"').next().unwrap();
                assert!(sprite.contains(&format!("id=\"{name}\"")), "no icon {name}");
                named += 1;
            }
        }
        assert!(named > 20);
    }
}
