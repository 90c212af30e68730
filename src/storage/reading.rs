//! Turning rows back into what they mean. A row that cannot be read was written by something else: an error, not a
//! panic.

use sea_orm::DbErr;
use serde::de::DeserializeOwned;

pub(super) fn unreadable(what: &str, error: impl std::fmt::Display) -> DbErr {
    DbErr::Custom(format!("{what}: {error}"))
}

pub(super) fn from_json<T: DeserializeOwned>(what: &str, json: serde_json::Value) -> Result<T, DbErr> {
    serde_json::from_value(json).map_err(|error| unreadable(what, error))
}

pub(super) fn to_json<T: serde::Serialize>(what: &str, value: &T) -> Result<serde_json::Value, DbErr> {
    serde_json::to_value(value).map_err(|error| unreadable(what, error))
}
