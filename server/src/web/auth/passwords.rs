//! Passwords: Argon2id with its default cost (19 MiB, two passes), off the async threads.

use std::sync::{Arc, LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use thiserror::Error;
use tokio::sync::Semaphore;

/// Shortest password, in characters (NIST SP 800-63B: at least 8).
pub const SHORTEST: usize = 8;
/// Longest password, in bytes; longer ones would only cost time to hash.
pub const LONGEST: usize = 1_024;

/// Why a password could not be hashed or checked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Too short.
    #[error("the password has fewer than {SHORTEST} characters; choose a longer one")]
    TooShort,
    /// Too long.
    #[error("the password has more than {LONGEST} bytes; choose a shorter one")]
    TooLong,
    /// Hashing failed.
    #[error("the password could not be hashed: {0}")]
    Failed(String),
}

/// Hashes and checks passwords, few at a time: each takes 19 MiB and a core.
#[derive(Clone, Debug)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(2)))
    }
}

impl Passwords {
    /// The hash of a password, in PHC form.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        if password.chars().count() < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        if password.len() > LONGEST {
            return Err(PasswordError::TooLong);
        }
        self.off_thread(move || hash(&password)).await?
    }

    /// Whether `password` has `hash`. Without a hash the answer is no, after the same work, so
    /// that the time taken does not tell which logins exist.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, PasswordError> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        self.off_thread(move || {
            let matched = matches(&password, hash.as_deref().unwrap_or(&NOBODYS));
            matched && hash.is_some()
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let failed = |error: &dyn std::fmt::Display| PasswordError::Failed(error.to_string());
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(|error| failed(&error))?;
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(place);
            outcome
        })
        .await
        .map_err(|error| failed(&error))
    }
}

/// A hash that no account has.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hash("the password of nobody").unwrap_or_default());

fn hash(password: &str) -> Result<String, PasswordError> {
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| PasswordError::Failed(error.to_string()))?;
    Ok(hash.to_string())
}

fn matches(password: &str, hash: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}
