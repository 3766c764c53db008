//! Browser sessions.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;
use uuid::Uuid;

use super::{
    Store, StoreError, User, accounts, column,
    secret::{Secret, fingerprint},
};

/// What the cookie of a session holds. Its `Debug` form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(Secret);

impl SessionToken {
    /// The token as it stands in the cookie.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<&str> for SessionToken {
    fn from(cookie: &str) -> Self {
        Self(Secret::from(cookie))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Store {
    /// Signs `user` in until `lifetime` after `now`. Sessions that have expired are swept out.
    pub async fn create_session(
        &self,
        user: Uuid,
        now: Timestamp,
        lifetime: SignedDuration,
    ) -> Result<SessionToken, StoreError> {
        let token = SessionToken(Secret::random("")?);
        let hash = fingerprint(token.as_str());
        let now = column::micros(now);
        let expires = now.saturating_add(i64::try_from(lifetime.as_micros()).unwrap_or(i64::MAX));
        self.write(move |db| {
            db.execute("DELETE FROM sessions WHERE expires <= ?1", [now])?;
            db.execute(
                "INSERT INTO sessions (token_sha256, user_id, created, expires) VALUES (?1, ?2, ?3, ?4)",
                params![hash, user.to_string(), now, expires],
            )?;
            Ok(())
        })
        .await?;
        Ok(token)
    }

    /// Whose session this is; none when it is unknown or has expired.
    pub async fn session_user(&self, token: &SessionToken, now: Timestamp) -> Result<Option<User>, StoreError> {
        let hash = fingerprint(token.as_str());
        self.read(move |db| {
            let joined = "JOIN sessions ON sessions.user_id = users.id
                          WHERE sessions.token_sha256 = ?1 AND sessions.expires > ?2";
            accounts::by_secret(db, joined, params![hash, column::micros(now)])
        })
        .await
    }

    /// Signs out. An unknown token is no error.
    pub async fn delete_session(&self, token: &SessionToken) -> Result<(), StoreError> {
        let hash = fingerprint(token.as_str());
        self.write(move |db| {
            db.execute("DELETE FROM sessions WHERE token_sha256 = ?1", [hash.as_slice()])?;
            Ok(())
        })
        .await
    }
}
