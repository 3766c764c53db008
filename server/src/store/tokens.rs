//! Access tokens for programs.

use std::fmt;

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;
use uuid::Uuid;

use super::{
    Entity, Store, StoreError, User, accounts, column,
    secret::{Secret, fingerprint},
};

/// What a program sends as `Authorization: Bearer …`. Shown once, when made; its `Debug` form
/// hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken(Secret);

impl ApiToken {
    /// What every token begins with, so that one left in a file is recognised.
    pub const PREFIX: &'static str = "anamnesis_";

    /// The token as sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl From<&str> for ApiToken {
    fn from(header: &str) -> Self {
        Self(Secret::from(header))
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A token as listed: everything but the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenRecord {
    /// Id, for revoking.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
}

impl Store {
    /// Makes a token that may do all that `user` may, until it is revoked.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without such an account.
    pub async fn create_token(
        &self,
        user: Uuid,
        name: &str,
        now: Timestamp,
    ) -> Result<(TokenRecord, ApiToken), StoreError> {
        let token = ApiToken(Secret::random(ApiToken::PREFIX)?);
        let hash = fingerprint(token.as_str());
        let created = column::to_the_microsecond(now);
        let record = TokenRecord { id: column::new_id(now), name: name.to_owned(), created };
        self.write(move |db| {
            let added = db.execute(
                "INSERT INTO tokens (id, token_sha256, user_id, name, created)
                 SELECT ?1, ?2, id, ?4, ?5 FROM users WHERE id = ?3",
                params![record.id.to_string(), hash, user.to_string(), record.name, column::micros(created)],
            )?;
            if added == 0 { Err(StoreError::NotFound(Entity::User)) } else { Ok((record, token)) }
        })
        .await
    }

    /// Whose token this is.
    pub async fn token_user(&self, token: &ApiToken) -> Result<Option<User>, StoreError> {
        let hash = fingerprint(token.as_str());
        self.read(move |db| {
            let joined = "JOIN tokens ON tokens.user_id = users.id WHERE tokens.token_sha256 = ?1";
            accounts::by_secret(db, joined, [hash.as_slice()])
        })
        .await
    }

    /// The tokens of `user`, oldest first.
    pub async fn tokens(&self, user: Uuid) -> Result<Vec<TokenRecord>, StoreError> {
        self.read(move |db| {
            let mut query =
                db.prepare_cached("SELECT id, name, created FROM tokens WHERE user_id = ?1 ORDER BY created, id")?;
            let rows = query.query_map([user.to_string()], |row| {
                Ok(TokenRecord {
                    id: column::parsed(row, "id")?,
                    name: row.get("name")?,
                    created: column::instant(row, "created")?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Makes a token useless at once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn revoke_token(&self, id: Uuid) -> Result<(), StoreError> {
        self.write(move |db| match db.execute("DELETE FROM tokens WHERE id = ?1", [id.to_string()])? {
            0 => Err(StoreError::NotFound(Entity::Token)),
            _ => Ok(()),
        })
        .await
    }
}
