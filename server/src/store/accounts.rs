//! Accounts.

use jiff::Timestamp;
use knowledge_graph::Language;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use uuid::Uuid;

use super::{Entity, Role, Store, StoreError, User, column};

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Name typed at sign-in; stored in lower case without surrounding blanks.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// What the account may do.
    pub role: Role,
    /// Argon2 hash in PHC form; `!` for an account without a password.
    pub password_hash: String,
    /// Language of the interface, when chosen.
    pub language: Option<Language>,
}

const COLUMNS: &str = "users.id, users.login, users.name, users.role, users.language, users.created";

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::LoginTaken`].
    pub async fn create_user(&self, new: NewUser, now: Timestamp) -> Result<User, StoreError> {
        let user = User {
            id: column::new_id(now),
            login: normalised(&new.login),
            name: new.name,
            role: new.role,
            language: new.language,
            created: column::to_the_microsecond(now),
        };
        self.write(move |db| {
            if by_login(db, &user.login)?.is_some() {
                return Err(StoreError::LoginTaken(user.login));
            }
            db.execute(
                "INSERT INTO users (id, login, name, role, password_hash, language, created)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    user.id.to_string(),
                    user.login,
                    user.name,
                    user.role,
                    new.password_hash,
                    user.language.map(Language::tag),
                    column::micros(user.created),
                ],
            )?;
            Ok(user)
        })
        .await
    }

    /// The account of that id.
    pub async fn user(&self, id: Uuid) -> Result<Option<User>, StoreError> {
        self.read(move |db| {
            let sql = format!("SELECT {COLUMNS} FROM users WHERE id = ?1");
            Ok(db.query_row(&sql, [id.to_string()], from_row).optional()?)
        })
        .await
    }

    /// The account of that login, in any case of letters, and its password hash.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<(User, String)>, StoreError> {
        let login = normalised(login);
        self.read(move |db| by_login(db, &login)).await
    }

    /// All accounts, by login.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM users ORDER BY login");
            Ok(db.prepare_cached(&sql)?.query_map([], from_row)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Replaces the password and ends every session of the account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_password(&self, id: Uuid, password_hash: String) -> Result<(), StoreError> {
        self.write(move |db| {
            let id = id.to_string();
            let changed =
                db.execute("UPDATE users SET password_hash = ?2 WHERE id = ?1", params![id, password_hash])?;
            db.execute("DELETE FROM sessions WHERE user_id = ?1", [id])?;
            found(changed)
        })
        .await
    }

    /// Chooses the language of the interface.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_language(&self, id: Uuid, language: Language) -> Result<(), StoreError> {
        self.write(move |db| {
            found(db.execute("UPDATE users SET language = ?2 WHERE id = ?1", params![id.to_string(), language.tag()])?)
        })
        .await
    }

    /// Erases the account and all that was stored of it: sessions, tokens, consultations with
    /// their turns and reports, mastery. Cases it brought in stay, without an owner. Freed pages
    /// are overwritten, and so is the write-ahead log.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_user(&self, id: Uuid) -> Result<(), StoreError> {
        self.write(move |db| found(db.execute("DELETE FROM users WHERE id = ?1", [id.to_string()])?)).await?;
        self.empty_log().await
    }
}

/// Logins are compared without regard to case and surrounding blanks.
fn normalised(login: &str) -> String {
    login.trim().to_lowercase()
}

fn found(changed: usize) -> Result<(), StoreError> {
    if changed == 0 { Err(StoreError::NotFound(Entity::User)) } else { Ok(()) }
}

fn by_login(db: &Transaction<'_>, login: &str) -> Result<Option<(User, String)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, users.password_hash FROM users WHERE login = ?1");
    Ok(db.query_row(&sql, [login], |row| Ok((from_row(row)?, row.get("password_hash")?))).optional()?)
}

/// The students for whom `condition` holds, by login.
pub(super) fn students(
    db: &Transaction<'_>,
    condition: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE users.role = 'student' AND {condition} ORDER BY login");
    Ok(db.prepare_cached(&sql)?.query_map(values, from_row)?.collect::<Result<_, _>>()?)
}

/// The account that `sql` joins to, by the fingerprint of a secret and one instant.
pub(super) fn by_secret(
    db: &Transaction<'_>,
    joined: &str,
    params: impl rusqlite::Params,
) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM users {joined}");
    Ok(db.prepare_cached(&sql)?.query_row(params, from_row).optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: column::parsed(row, "id")?,
        login: row.get("login")?,
        name: row.get("name")?,
        role: row.get("role")?,
        language: column::optional(row, "language")?,
        created: column::instant(row, "created")?,
    })
}
