//! `[log]`: what is written down, and for whom.

use serde::{Deserialize, Deserializer};
use tracing_subscriber::EnvFilter;

use super::text;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    format: LogFormat,
    #[serde(deserialize_with = "filter")]
    filter: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl Log {
    pub const fn format(&self) -> LogFormat {
        self.format
    }

    /// Directives that `tracing_subscriber::EnvFilter` accepts.
    pub fn filter(&self) -> &str {
        &self.filter
    }
}

impl<'de> Deserialize<'de> for LogFormat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::parsed(deserializer, |format| match format {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("`text` or `json`"),
        })
    }
}

fn filter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text::parsed(deserializer, |filter| match EnvFilter::try_new(filter) {
        Ok(_) => Ok(filter.to_owned()),
        Err(_) => Err(
            "a level (error, warn, info, debug, trace), or parts with levels: info,iok_id::accounts=debug",
        ),
    })
}
