//! Where a case comes from, kept with it so that credit can be given when it is copied.
//!
//! Provenance stands beside the content: [`crate::content_hash`] leaves it out, so that a case keeps
//! its hash whatever is noted about where it came from.

use knowledge_graph::Bilingual;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    format::Case,
    schema::{BilingualShape, HashShape, IdShape},
    write::{content_hash, to_toml},
};

/// A case that another one was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// How this case came of it.
    pub how: How,
    /// Its id.
    #[schemars(with = "IdShape")]
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its title.
    #[schemars(with = "BilingualShape")]
    pub title: Bilingual,
    /// Who wrote it.
    pub author: String,
    /// Its licence, an SPDX expression.
    pub licence: String,
    /// SHA-256 of its content; left out when it came in a file that stated none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<HashShape>")]
    pub hash: Option<String>,
}

/// How a case came of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Started as a copy of it on the same server.
    Copied,
    /// Read from a file of it.
    Imported,
}

/// What is noted in a file when it is exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// SHA-256 of the case's content when the file was made.
    #[schemars(with = "HashShape")]
    pub hash: String,
}

impl Origin {
    fn of(case: &Case, how: How, hash: Option<String>) -> Self {
        Self {
            how,
            id: case.id.clone(),
            version: case.version,
            title: case.title.clone(),
            author: case.author.clone(),
            licence: case.licence.clone(),
            hash,
        }
    }

    /// Whether `case`, the same version of the same case, is no longer what its file was when it was
    /// exported. False when the file stated no hash, or `case` is another version by now.
    pub fn is_changed(&self, case: &Case) -> bool {
        let same = self.how == How::Imported && self.id == case.id && self.version == case.version;
        same && self.hash.as_ref().is_some_and(|hash| *hash != content_hash(case))
    }
}

/// A new case `id` that begins as a copy of `original`, and says so. What the original was made from
/// is named after it.
pub fn copy_of(original: &Case, id: String) -> Case {
    let origin = Origin::of(original, How::Copied, Some(content_hash(original)));
    let based_on = std::iter::once(origin).chain(original.based_on.iter().cloned()).collect();
    Case { id, version: 1, based_on, exported: None, ..original.clone() }
}

/// The case as it is kept when it was read from a file: the file becomes the first thing it is based on,
/// with the hash that the file stated. Read twice, it is named once.
pub fn imported(mut case: Case) -> Case {
    let stated = case.exported.take().map(|exported| exported.hash);
    let origin = Origin::of(&case, How::Imported, stated);
    case.based_on.retain(|one| *one != origin);
    case.based_on.insert(0, origin);
    case
}

/// The case as a file to hand on: with what it is based on, and with the hash of its content, by which
/// whoever reads it sees whether it was changed since.
pub fn export(case: &Case) -> String {
    to_toml(&Case { exported: Some(Exported { hash: content_hash(case) }), ..case.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture, parse};

    #[test]
    fn a_copy_names_what_it_was_made_from_and_what_that_was_made_from() {
        let first = fixture::case();
        let second = copy_of(&first, "second".to_owned());
        let third = copy_of(&second, "third".to_owned());

        let named: Vec<&str> = third.based_on.iter().map(|origin| origin.id.as_str()).collect();
        assert_eq!(named, ["second", first.id.as_str()]);
        assert_eq!(third.based_on[1].hash, Some(content_hash(&first)));
        assert_eq!((third.based_on[1].author.as_str(), third.version), (first.author.as_str(), 1));
    }

    #[test]
    fn where_a_case_comes_from_changes_no_hash() {
        let case = fixture::case();
        let mut same = copy_of(&case, case.id.clone());
        same.version = case.version;
        same.exported = Some(Exported { hash: "0".repeat(64) });
        assert_eq!(content_hash(&same), content_hash(&case));
        assert_ne!(to_toml(&same), to_toml(&case));
    }

    #[test]
    fn an_exported_case_is_read_back_with_everything_it_is_based_on() {
        let copy = copy_of(&fixture::case(), "second".to_owned());
        let read = parse(&export(&copy), "a.toml").unwrap();
        assert_eq!(read.exported.as_ref().map(|exported| exported.hash.as_str()), Some(content_hash(&copy).as_str()));
        assert_eq!(read.based_on, copy.based_on);

        let kept = imported(read);
        assert_eq!((kept.based_on[0].how, kept.based_on.len()), (How::Imported, 2));
        assert!(!kept.based_on[0].is_changed(&kept));
        assert_eq!(imported(parse(&export(&kept), "a.toml").unwrap()).based_on, kept.based_on, "named once");
    }

    #[test]
    fn a_file_changed_since_it_was_exported_is_known() {
        let mut read = parse(&export(&fixture::case()), "a.toml").unwrap();
        read.patient.age += 1;
        let kept = imported(read);
        assert!(kept.based_on[0].is_changed(&kept));
        let later = Case { version: kept.version + 1, ..kept.clone() };
        assert!(!kept.based_on[0].is_changed(&later), "a later version is meant to differ");
    }

    #[test]
    fn damaged_provenance_is_named_with_its_line_and_its_mend() {
        let text = export(&copy_of(&fixture::case(), "second".to_owned()));
        let hash = content_hash(&fixture::case());
        let line = |wanted: &str| text.lines().position(|line| line == wanted).unwrap() + 1;
        let at = line(&format!("hash = \"{hash}\""));
        let cases = [
            (
                hash.clone(),
                hash[..40].to_owned(),
                format!(
                    "a.toml:{at}: based_on[0].hash: this is not a content hash. Take the 64 hexadecimal digits from the file as it was exported, or remove the line"
                ),
            ),
            (
                "how = \"copied\"".to_owned(),
                "how = \"borrowed\"".to_owned(),
                format!(
                    "a.toml:{}: based_on[0].how: `borrowed` is not a choice here. Write one of `copied`, `imported`",
                    line("how = \"copied\"")
                ),
            ),
        ];
        for (sound, damaged, expected) in cases {
            let problems = parse(&text.replacen(&sound, &damaged, 1), "a.toml").unwrap_err();
            assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        }
    }

    #[test]
    fn a_file_without_provenance_is_imported_without_a_hash() {
        let kept = imported(fixture::case());
        assert_eq!(kept.based_on[0].hash, None);
        assert!(!kept.based_on[0].is_changed(&kept));
    }
}
