//! How values are written into columns and read back.
//!
//! Ids are text, instants are microseconds since 1970, structures are JSON.

use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::{
    Row, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Type, ValueRef},
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{CaseStatus, OrderKind, Role};

/// Writes an enum as one word and reads it back.
macro_rules! word_column {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(match self { $(Self::$variant => $word),+ }.into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Self::$variant),)+
                    other => Err(FromSqlError::Other(format!("`{other}` is no {}", stringify!($name)).into())),
                }
            }
        }
    };
}

word_column!(Role { Student = "student", Teacher = "teacher", Admin = "admin" });
word_column!(CaseStatus { Draft = "draft", Reviewed = "reviewed", Published = "published", Retired = "retired" });
word_column!(OrderKind { Examination = "examination", Test = "test" });

/// The instant as stored.
pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The instant as it will be read back: to the microsecond.
pub(super) fn to_the_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(micros(at)).unwrap_or(at)
}

/// Reads an instant.
pub(super) fn instant(row: &Row<'_>, name: &str) -> rusqlite::Result<Timestamp> {
    let micros: i64 = row.get(name)?;
    Timestamp::from_microsecond(micros).map_err(|error| unreadable(Type::Integer, error))
}

/// Reads an instant that may be absent.
pub(super) fn optional_instant(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<Timestamp>> {
    let micros: Option<i64> = row.get(name)?;
    micros.map(Timestamp::from_microsecond).transpose().map_err(|error| unreadable(Type::Integer, error))
}

/// Reads a value from its written form.
pub(super) fn parsed<T>(row: &Row<'_>, name: &str) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: ToString,
{
    let text: String = row.get(name)?;
    text.parse().map_err(|error: T::Err| unreadable(Type::Text, error.to_string()))
}

/// Reads a value that may be absent from its written form.
pub(super) fn optional<T>(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<T>>
where
    T: FromStr,
    T::Err: ToString,
{
    let text: Option<String> = row.get(name)?;
    text.map(|text| text.parse()).transpose().map_err(|error: T::Err| unreadable(Type::Text, error.to_string()))
}

/// Reads JSON that may be absent.
pub(super) fn optional_json<T: DeserializeOwned>(row: &Row<'_>, name: &str) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(name)?;
    text.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| unreadable(Type::Text, error))
}

/// A value of the right SQL type that means nothing to us.
pub(super) fn unreadable(kind: Type, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, error.into())
}

/// A fresh id that sorts by the time it was made.
pub(super) fn new_id(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
}
