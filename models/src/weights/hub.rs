//! Model hubs: what they publish about a file, and the download itself, by `curl`, which resumes
//! and honours the user's proxy settings.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use serde::Deserialize;

use super::{Progress, WeightsError};
use crate::manifest::{HubSource, is_sha256};

const CURL_MEND: &str = "Check the network (and that curl is installed) and try again; \
                         what is already there is kept.";

/// Where the hubs are.
#[derive(Clone, Debug)]
pub struct HubAddresses {
    /// Of Hugging Face or a mirror of it.
    pub huggingface: String,
    /// Of `ModelScope`.
    pub modelscope: String,
}

impl Default for HubAddresses {
    /// The public hubs; `$HF_ENDPOINT` names a mirror of Hugging Face, as its own tools read it.
    fn default() -> Self {
        Self {
            huggingface: std::env::var("HF_ENDPOINT").unwrap_or_else(|_| "https://huggingface.co".to_owned()),
            modelscope: "https://www.modelscope.cn".to_owned(),
        }
    }
}

/// Which hub a source is on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hub {
    HuggingFace,
    ModelScope,
}

impl Hub {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::HuggingFace => "Hugging Face",
            Self::ModelScope => "ModelScope",
        }
    }

    fn file_address(self, hubs: &HubAddresses, source: &HubSource) -> String {
        let HubSource { repository, revision, file } = source;
        match self {
            Self::HuggingFace => format!("{}/{repository}/resolve/{revision}/{file}", hubs.huggingface),
            Self::ModelScope => format!("{}/models/{repository}/resolve/{revision}/{file}", hubs.modelscope),
        }
    }

    fn listing_address(self, hubs: &HubAddresses, source: &HubSource) -> String {
        let HubSource { repository, revision, .. } = source;
        match self {
            Self::HuggingFace => {
                format!("{}/api/models/{repository}/tree/{revision}?recursive=true", hubs.huggingface)
            }
            Self::ModelScope => {
                format!("{}/api/v1/models/{repository}/repo/files?Revision={revision}&Recursive=true", hubs.modelscope)
            }
        }
    }

    /// The SHA-256 the hub publishes for the file.
    pub(super) fn published_hash(self, hubs: &HubAddresses, source: &HubSource) -> Result<String, WeightsError> {
        let output = curl(&self.listing_address(hubs, source)).output();
        let output = output.map_err(|error| curl_failed(&error.to_string()))?;
        if !output.status.success() {
            return Err(curl_failed(&String::from_utf8_lossy(&output.stderr)));
        }
        let unusable = |message: String| WeightsError::Hub { hub: self.name(), file: source.file.clone(), message };
        let hash = self.hash_in_listing(&output.stdout, &source.file).map_err(|error| unusable(error.to_string()))?;
        hash.filter(|hash| is_sha256(hash)).ok_or_else(|| unusable("no SHA-256 is published".to_owned()))
    }

    fn hash_in_listing(self, listing: &[u8], file: &str) -> serde_json::Result<Option<String>> {
        match self {
            Self::HuggingFace => {
                let files: Vec<TreeFile> = serde_json::from_slice(listing)?;
                let found = files.into_iter().find(|entry| entry.path == file);
                Ok(found.and_then(|entry| entry.lfs).map(|lfs| lfs.oid))
            }
            Self::ModelScope => {
                let answer: ScopeAnswer = serde_json::from_slice(listing)?;
                let found = answer.data.files.into_iter().find(|entry| entry.path == file);
                Ok(found.map(|entry| entry.sha256.to_lowercase()))
            }
        }
    }

    /// Downloads into `partial`, going on where an earlier download stopped.
    pub(super) fn download(
        self,
        hubs: &HubAddresses,
        source: &HubSource,
        partial: &Path,
        progress: &dyn Progress,
    ) -> Result<(), WeightsError> {
        let address = self.file_address(hubs, source);
        progress.begin(&format!("downloading {} from {}", source.file, self.name()), None);
        let mut command = curl(&address);
        command.args(["--continue-at", "-", "--retry", "3", "--output"]).arg(partial);
        let output = command.output().map_err(|error| curl_failed(&error.to_string()))?;
        progress.end();
        if !output.status.success() {
            return Err(curl_failed(&String::from_utf8_lossy(&output.stderr)));
        }
        Ok(())
    }
}

fn curl(address: &str) -> Command {
    let mut command = Command::new("curl");
    command.args(["--fail", "--silent", "--show-error", "--location", "--connect-timeout", "20"]);
    command.arg(address).stdin(Stdio::null());
    command
}

fn curl_failed(message: &str) -> WeightsError {
    WeightsError::Program { program: "curl", message: message.trim().to_owned(), mend: CURL_MEND }
}

#[derive(Deserialize)]
struct TreeFile {
    path: String,
    lfs: Option<TreeObject>,
}

#[derive(Deserialize)]
struct TreeObject {
    oid: String,
}

#[derive(Deserialize)]
struct ScopeAnswer {
    #[serde(rename = "Data")]
    data: ScopeData,
}

#[derive(Deserialize)]
struct ScopeData {
    #[serde(rename = "Files")]
    files: Vec<ScopeFile>,
}

#[derive(Deserialize)]
struct ScopeFile {
    #[serde(rename = "Path")]
    path: String,
    #[serde(rename = "Sha256", default)]
    sha256: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e";

    #[test]
    fn the_published_hash_is_read_from_both_hubs_listings() {
        let tree = format!(
            r#"[{{"type":"file","path":"README.md","oid":"1"}},
                {{"type":"file","path":"m.gguf","oid":"2","lfs":{{"oid":"{HASH}","size":3}}}}]"#
        );
        let scope = format!(r#"{{"Code":200,"Data":{{"Files":[{{"Path":"m.gguf","Sha256":"{HASH}"}}]}}}}"#);

        for (hub, listing) in [(Hub::HuggingFace, tree), (Hub::ModelScope, scope)] {
            let found = hub.hash_in_listing(listing.as_bytes(), "m.gguf").unwrap();
            assert_eq!(found.as_deref(), Some(HASH), "{}", hub.name());
            assert_eq!(hub.hash_in_listing(listing.as_bytes(), "other.gguf").unwrap(), None, "{}", hub.name());
        }
    }
}
