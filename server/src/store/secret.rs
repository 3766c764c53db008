//! Random secrets that open a session or the programming interface, and their stored hashes.

use std::fmt;

use sha2::{Digest, Sha256};

use super::StoreError;

/// 32 random bytes in lower-case hex, after a prefix that tells what it opens. Shown once;
/// only its SHA-256 is stored.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(String);

impl Secret {
    /// A fresh secret from the operating system's generator.
    pub(super) fn random(prefix: &str) -> Result<Self, StoreError> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(StoreError::NoRandomness)?;
        Ok(Self(format!("{prefix}{}", hex(&bytes))))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is stored of a secret. It has 256 random bits: no salt and no slow hash are needed.
pub(super) fn fingerprint(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
