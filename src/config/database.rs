//! `[database]`: where everything is kept.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use url::Url;

use super::text;
use super::within::Within;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    url: DatabaseUrl,
    max_connections: Within<2, 1_000>,
    acquire_timeout_seconds: Within<1, 60>,
}

impl Database {
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    pub const fn max_connections(&self) -> u32 {
        self.max_connections.get()
    }

    pub fn acquire_timeout(&self) -> Duration {
        Duration::from_secs(self.acquire_timeout_seconds.get().into())
    }
}

/// A database's address. It may hold a password: what is shown of it leaves that out.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: String,
    backend: DatabaseBackend,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseBackend {
    /// A relative path begins in the working directory.
    Sqlite {
        path: PathBuf,
    },
    Postgres,
}

const WANTED: &str = "sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE";

impl DatabaseUrl {
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let backend = if let Some(rest) = text.strip_prefix("sqlite://") {
            let path = rest.split_once('?').map_or(rest, |(path, _)| path);
            if path.is_empty() || path.ends_with('/') {
                return Err("sqlite:// followed by the path of a file");
            }
            if path.contains(":memory:") {
                return Err(
                    "a file: a database in memory forgets everything, and each connection has its own",
                );
            }
            DatabaseBackend::Sqlite { path: PathBuf::from(path) }
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Url::parse(text).map_err(|_| WANTED)?;
            DatabaseBackend::Postgres
        } else {
            return Err(WANTED);
        };
        Ok(Self { text: text.to_owned(), backend })
    }

    /// With the password, for the driver and nothing else.
    pub fn expose(&self) -> &str {
        &self.text
    }

    pub const fn backend(&self) -> &DatabaseBackend {
        &self.backend
    }

    /// The database's file, if it is one.
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.backend {
            DatabaseBackend::Sqlite { path } => Some(path),
            DatabaseBackend::Postgres => None,
        }
    }
}

/// Without user name, password and options: for people and logs.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.backend {
            DatabaseBackend::Sqlite { path } => write!(f, "sqlite://{}", path.display()),
            DatabaseBackend::Postgres => {
                let url = Url::parse(&self.text).map_err(|_| fmt::Error)?;
                f.write_str("postgres://")?;
                f.write_str(url.host_str().unwrap_or_default())?;
                if let Some(port) = url.port() {
                    write!(f, ":{port}")?;
                }
                f.write_str(url.path())
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::parsed(deserializer, Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_path_is_what_stands_behind_the_slashes() {
        for (text, path) in [
            ("sqlite://data/iok-id.sqlite", "data/iok-id.sqlite"),
            ("sqlite:///var/lib/iok-id/main.sqlite", "/var/lib/iok-id/main.sqlite"),
            ("sqlite://main.sqlite?mode=rwc", "main.sqlite"),
        ] {
            let url = DatabaseUrl::parse(text).expect("a good address");
            assert_eq!((url.sqlite_path(), url.expose()), (Some(Path::new(path)), text));
        }
    }

    #[test]
    fn a_password_shows_nowhere() {
        for text in [
            "postgres://iok:hunter2@db.example.org:5433/iok_id?sslmode=verify-full",
            "postgresql:///iok_id?host=/run/postgresql&password=hunter2",
        ] {
            let url = DatabaseUrl::parse(text).expect("a good address");
            assert!(!format!("{url} {url:?}").contains("hunter2"), "{url}");
            assert_eq!((url.expose(), url.sqlite_path()), (text, None));
        }
        let url =
            DatabaseUrl::parse("postgres://iok:hunter2@db.example.org:5433/iok_id").expect("a good address");
        assert_eq!(url.to_string(), "postgres://db.example.org:5433/iok_id");
    }

    #[test]
    fn other_databases_are_refused() {
        for text in [
            "",
            "mysql://localhost/iok",
            "sqlite://",
            "sqlite://data/",
            "sqlite::memory:",
            "sqlite://:memory:",
            "data.sqlite",
        ] {
            assert!(DatabaseUrl::parse(text).is_err(), "{text}");
        }
    }
}
