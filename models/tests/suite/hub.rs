//! Fetching from a model hub, played by a small server in this process.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, Receiver},
    thread,
};

use models::{
    manifest::Manifest,
    weights::{HubAddresses, Silent, WeightsStore},
};
use tempfile::TempDir;

use crate::weights::{sha256, small_gguf};

const MANIFEST: &str = r#"
[[weights]]
name = "toy"
purpose = "speech"
title = "a toy"
licence = "MIT"
languages = ["en"]
template = "chatml-qwen"
[[weights.sources]]
kind = "huggingface"
repository = "a/b"
revision = "main"
file = "m.gguf"
"#;

/// A hub that publishes `published` as the hash of a file and serves `content`, and tells which
/// ranges were asked for.
fn hub(published: String, content: Vec<u8>) -> (HubAddresses, Receiver<Option<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, ranges) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (path, start) = asked(&stream);
            if path.contains("/api/") {
                let listing = format!(r#"[{{"path":"m.gguf","lfs":{{"oid":"{published}"}}}}]"#);
                answer(stream, "200 OK", "", listing.as_bytes());
            } else {
                // Not every test wants to know.
                let _ = sender.send(start);
                let from = start.unwrap_or(0);
                let range = format!("Content-Range: bytes {from}-{}/{}\r\n", content.len() - 1, content.len());
                answer(stream, if from > 0 { "206 Partial Content" } else { "200 OK" }, &range, &content[from..]);
            }
        }
    });
    (HubAddresses { huggingface: address.clone(), modelscope: address }, ranges)
}

/// The path of a request and where its range begins.
fn asked(stream: &TcpStream) -> (String, Option<usize>) {
    let lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let lines: Vec<String> = lines.collect();
    let range = lines.iter().find_map(|line| line.strip_prefix("Range: bytes=")?.strip_suffix('-')?.parse().ok());
    (lines[0].clone(), range)
}

fn answer(mut stream: TcpStream, status: &str, headers: &str, body: &[u8]) {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
}

fn store(hubs: HubAddresses) -> (TempDir, WeightsStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = WeightsStore::with_manifest(folder.path(), Manifest::parse(MANIFEST).unwrap()).with_hubs(hubs);
    (folder, store)
}

#[test]
fn the_published_hash_is_checked_and_recorded() {
    let content = small_gguf();
    let (hubs, _) = hub(sha256(&content), content.clone());
    let (_folder, store) = store(hubs);

    let weights = store.fetch("toy", &Silent).unwrap();

    assert_eq!(fs::read(&weights.path).unwrap(), content);
    assert_eq!(store.open("toy").unwrap().identity.sha256, sha256(&content));
}

#[test]
fn a_download_goes_on_where_it_stopped() {
    let content = small_gguf();
    let (hubs, ranges) = hub(sha256(&content), content.clone());
    let (folder, store) = store(hubs);
    let partial = format!("toy.gguf.{}.partial", &sha256(&content)[..12]);
    fs::write(folder.path().join(partial), &content[..100]).unwrap();

    let weights = store.fetch("toy", &Silent).unwrap();

    assert_eq!(ranges.recv().unwrap(), Some(100));
    assert_eq!(fs::read(&weights.path).unwrap(), content);
}

#[test]
fn another_content_than_published_is_refused_and_not_kept() {
    let (hubs, _) = hub("ab".repeat(32), small_gguf());
    let (folder, store) = store(hubs);

    let error = store.fetch("toy", &Silent).unwrap_err().to_string();

    assert!(error.contains(&"ab".repeat(32)) && error.contains(&sha256(&small_gguf())), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
