//! Reading content: files → entries with places → checks → graph.

mod build;
mod check;
pub(crate) mod content;
mod overlay;
mod read;
#[cfg(test)]
mod tests;

use std::{fmt::Write as _, fs, path::Path, sync::OnceLock};

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::{
    Graph,
    problem::{Problem, Problems, Severity},
};
use content::Content;
pub use overlay::OverlayFile;

#[derive(RustEmbed)]
#[folder = "data/"]
#[include = "*.toml"]
struct Embedded;

static EMBEDDED: OnceLock<Result<Graph, Vec<Problem>>> = OnceLock::new();

impl Graph {
    /// Reads and checks `files`, pairs of a path relative to the content folder (with `/`) and its
    /// text. The order of the files does not matter.
    ///
    /// # Errors
    /// Every problem found, warnings included, when at least one of them is an error. With
    /// warnings only the graph is returned and [`Graph::warnings`] lists them.
    pub fn load<P, T>(files: impl IntoIterator<Item = (P, T)>) -> Result<Self, Vec<Problem>>
    where
        P: Into<String>,
        T: Into<String>,
    {
        Self::load_with_overlay(files, &[])
    }

    /// Reads `files` as [`Graph::load`] does and lays `overlay` over them: changes accepted from the
    /// literature, each in the form of the content itself. An overlay's disease names only its id
    /// and the edges that are new or changed; of a changed edge it names the values that changed.
    ///
    /// # Errors
    /// As [`Graph::load`]; a problem of the overlay has the overlay's own [`OverlayFile::label`] as
    /// its file.
    pub fn load_with_overlay<P, T>(
        files: impl IntoIterator<Item = (P, T)>,
        overlay: &[OverlayFile],
    ) -> Result<Self, Vec<Problem>>
    where
        P: Into<String>,
        T: Into<String>,
    {
        let mut files: Vec<(String, String)> =
            files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        files.sort();
        let mut problems = Problems::default();
        let mut content = Content::default();
        for (path, text) in &files {
            read::read_file(path, text, &mut content, &mut problems);
        }
        for file in overlay {
            overlay::lay(file, &mut content, &mut problems);
        }
        files.extend(overlay.iter().map(|file| (file.label.clone(), file.text.clone())));
        check::check(&content, &mut problems);
        let problems = problems.sorted();
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(problems);
        }
        Ok(build::build(content, content_hash(&files), problems))
    }

    /// The graph shipped in this binary, read and checked once.
    ///
    /// # Errors
    /// As [`Graph::load`].
    pub fn embedded() -> Result<&'static Self, &'static [Problem]> {
        EMBEDDED.get_or_init(|| Self::load(embedded_files())).as_ref().map_err(Vec::as_slice)
    }

    /// The graph shipped in this binary with `overlay` laid over it.
    ///
    /// # Errors
    /// As [`Graph::load_with_overlay`].
    pub fn embedded_with_overlay(overlay: &[OverlayFile]) -> Result<Self, Vec<Problem>> {
        Self::load_with_overlay(embedded_files(), overlay)
    }

    /// Reads every `.toml` file below `folder`, laid out like the crate's `data/`.
    ///
    /// # Errors
    /// As [`Graph::load`]; a folder or file that cannot be read is an error at line 0.
    pub fn load_dir(folder: &Path) -> Result<Self, Vec<Problem>> {
        let mut files = Vec::new();
        read_folder(folder, "", &mut files).map_err(|problem| vec![problem])?;
        Self::load(files)
    }
}

/// The content built into this binary.
fn embedded_files() -> impl Iterator<Item = (String, String)> {
    Embedded::iter().filter_map(|path| {
        let file = Embedded::get(&path)?;
        Some((path.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
    })
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> Result<(), Problem> {
    let unreadable = |file: &str, error: &std::io::Error| Problem {
        severity: Severity::Error,
        file: file.to_owned(),
        line: 0,
        message: format!("cannot be read ({error}); check the path and its permissions"),
    };
    let shown = folder.display().to_string();
    for entry in fs::read_dir(folder).map_err(|error| unreadable(&shown, &error))? {
        let entry = entry.map_err(|error| unreadable(&shown, &error))?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else if entry.path().extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(entry.path()).map_err(|error| unreadable(&path, &error))?;
            files.push((path, text));
        }
    }
    Ok(())
}

/// SHA-256 over paths and texts in order, line ends as `\n`: the version of the content.
fn content_hash(files: &[(String, String)]) -> String {
    let mut hash = Sha256::new();
    for (path, text) in files {
        for part in [path.as_str(), &text.replace("\r\n", "\n")] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
