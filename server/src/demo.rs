//! The demo class: accounts with known passwords, for trying out on one machine.

use jiff::Timestamp;
use knowledge_graph::Language;

use crate::{
    store::{NewUser, Role, Store, StoreError},
    web::auth::{PasswordError, Passwords},
};

/// An account of the demo class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// Login.
    pub login: &'static str,
    /// Password; known to everyone.
    pub password: &'static str,
    /// Name shown.
    pub name: &'static str,
    /// What it may do.
    pub role: Role,
    /// Language of its interface; the browser's when none.
    pub language: Option<Language>,
}

const fn account(login: &'static str, name: &'static str, role: Role, language: Option<Language>) -> DemoAccount {
    DemoAccount { login, password: "anamnesis-demo", name, role, language }
}

/// The demo class.
pub const ACCOUNTS: [DemoAccount; 5] = [
    account("student", "Sam Taylor", Role::Student, None),
    account("lin", "林晓", Role::Student, Some(Language::Zh)),
    account("amara", "Amara Okafor", Role::Student, Some(Language::En)),
    account("teacher", "Dr Maria Keller", Role::Teacher, None),
    account("admin", "Administrator", Role::Admin, None),
];

/// Why there is no demo class.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the demo class when the database has no account at all. True when its logins work now,
/// made just now or earlier.
pub async fn offer(store: &Store, passwords: &Passwords, now: Timestamp) -> Result<bool, DemoError> {
    if store.users().await?.is_empty() {
        for account in &ACCOUNTS {
            let password_hash = passwords.hash(account.password.to_owned()).await?;
            let DemoAccount { login, name, role, language, .. } = *account;
            let new = NewUser { login: login.to_owned(), name: name.to_owned(), role, password_hash, language };
            store.create_user(new, now).await?;
        }
        return Ok(true);
    }
    for account in &ACCOUNTS {
        let Some((user, hash)) = store.user_by_login(account.login).await? else { return Ok(false) };
        let works = passwords.verify(account.password.to_owned(), Some(hash)).await?;
        if !works || user.role != account.role {
            return Ok(false);
        }
    }
    Ok(true)
}
